"""A server whose answers on nodes are kept: the same answers, and each asked for once."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.knowledge.views import rows_about, rows_of_view
from coproduction.names import COP, RDF
from coproduction.store import remembering
from coproduction.store.embedded import EmbeddedStore
from coproduction.store.remembering import RememberingStore
from coproduction.store.served import ServedStore

from ..sparql_server import SparqlServer, serving

TYPE = ox.NamedNode(RDF + "type")
CASE = ox.NamedNode(COP + "Case")
SECTOR = COP + "hasProviderSector"


@pytest.fixture
def server() -> Iterator[SparqlServer]:
    copy = ox.Store()
    copy.extend(coproduction.open(cases=True).store.statements())
    with serving(copy) as running:
        yield running


def opened(server: SparqlServer) -> tuple[ServedStore, RememberingStore]:
    """Give the server as it is asked each time, and as one that remembers."""
    served = coproduction.open(endpoint=server.url).store
    assert isinstance(served, ServedStore)
    return served, RememberingStore(served)


def nodes_of(served: ServedStore) -> list[ox.NamedNode]:
    found = (quad.subject for quad in served.statements(None, TYPE, CASE))
    return sorted({node for node in found if isinstance(node, ox.NamedNode)}, key=str)


@pytest.mark.parametrize("is_union", [True, False])
def test_what_is_looked_up_is_the_same_and_asked_for_once(
    server: SparqlServer, is_union: bool
) -> None:
    server.is_union = is_union
    served, kept = opened(server)
    cases = nodes_of(served)
    placed = ox.NamedNode("https://w3id.org/coproduction/id/placement/high-housing")
    props = (SECTOR, COP + "hasCoding", RDF + "type")
    assert len(cases) > 10
    for _ in range(2):
        for prop in props:
            found = set(kept.values_of([*cases, placed], prop))
            assert found == set(served.values_of([*cases, placed], prop))
            for node in (*cases[:3], placed):
                assert set(kept.values(node, prop)) == set(served.values(node, prop))
        assert nodes_of(kept) == cases
        assert kept.graphs() == served.graphs()
        assert kept.holds(cases[0], TYPE, CASE) and not kept.holds(placed, TYPE, CASE)
    before = len(server.asked)
    for prop in props:
        list(kept.values_of([*cases, placed], prop))
    nodes_of(kept)
    kept.graphs()
    kept.holds(placed, TYPE, CASE)
    assert len(server.asked) == before


def test_a_value_that_stands_in_two_graphs_is_given_once(server: SparqlServer) -> None:
    served, _ = opened(server)
    placed = ox.NamedNode("https://w3id.org/coproduction/id/placement/high-housing")
    [quad] = list(served.statements(placed, ox.NamedNode(COP + "hasServiceType")))
    server.store.add(ox.Quad(*quad.triple, ox.NamedNode("urn:other")))
    _, kept = opened(server)
    assert kept.values(placed, COP + "hasServiceType") == [quad.object]


def test_a_view_about_nodes_asks_for_the_new_ones_alone(server: SparqlServer) -> None:
    served, kept = opened(server)
    cases = nodes_of(served)
    for name in ("statuses", "sources-of-arrangements", "values-shown"):
        list(rows_about(kept, name, cases[:5]))
        before = len(server.asked)
        found = list(rows_about(kept, name, cases))
        [asked] = [form["query"][0] for form, _ in server.asked[before:]]
        assert str(cases[5]) in asked and str(cases[0]) not in asked
        expected = list(rows_of_view(served, name, row=cases))
        for case in cases:
            own = [row for row in found if row["row"] == case.value]
            assert own == [row for row in expected if row["row"] == case.value]
        assert len(found) == len(expected) > 10


def test_what_is_kept_has_a_bound(server: SparqlServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "_MOST", 10)
    monkeypatch.setattr(remembering, "_BATCH", 5)
    served, kept = opened(server)
    cases = nodes_of(served)
    assert len(cases) > 15
    assert set(kept.values_of(cases, SECTOR)) == set(served.values_of(cases, SECTOR))
    assert len(kept._kept) <= 15


def test_graphs_are_named_without_being_counted(server: SparqlServer) -> None:
    served, kept = opened(server)
    union = (("default-graph-uri", "urn:x-arq:UnionGraph"),)
    before = len(server.asked)
    named = kept._with_named(union)
    [asked] = [form["query"][0] for form, _ in server.asked[before:]]
    assert "COUNT" not in asked
    assert named == served._with_named(union) and len(named) > 8
    assert kept._with_named(()) == ()


def test_another_store_stays_as_it_is(server: SparqlServer) -> None:
    here, (served, kept) = EmbeddedStore(), opened(server)
    assert RememberingStore.of(here) is here and RememberingStore.of(kept) is kept
    assert isinstance(RememberingStore.of(served), RememberingStore)


@pytest.mark.slow
def test_to_say_all_of_all_claims_takes_no_request_for_each_row(server: SparqlServer) -> None:
    evidence = coproduction.open(endpoint=server.url).evidence()
    evidence.all(rows=True)
    assert len(server.asked) < 300  # where each row was looked at alone, it was 5,630
