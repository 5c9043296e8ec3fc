"""What any home of graphs can do, tried on the embedded one in memory and in a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from coproduction.errors import QueryError
from coproduction.names import COP, RDFS
from coproduction.store.embedded import EmbeddedStore
from coproduction.store.lookup import occurs, rows_of, unknown_graphs
from coproduction.store.protocol import Store

ONE, TWO = ox.NamedNode("urn:g:1"), ox.NamedNode("urn:g:2")
A, B, P = (ox.NamedNode(f"urn:{name}") for name in "abp")
TEXT = ox.Literal("words", language="en")
LABEL = ox.NamedNode(RDFS + "label")


@pytest.fixture(params=["memory", "folder"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EmbeddedStore]:
    """Two graphs that say one thing both, and each one more."""
    if request.param == "memory":
        store = EmbeddedStore()
    else:
        store = EmbeddedStore(ox.Store(str(tmp_path / "db")), tmp_path / "db")
    store.put(ONE.value, [ox.Triple(A, P, B), ox.Triple(A, LABEL, TEXT)])
    store.put(TWO.value, [ox.Triple(A, P, B), ox.Triple(B, P, A)])
    yield store


def test_the_embedded_home_is_a_store(home: EmbeddedStore) -> None:
    """mypy holds the signatures; here that no method is left to the protocol's own empty one."""
    asked = [name for name in vars(Store) if not name.startswith("_")]
    assert len(asked) > 12 and all(name in dir(home) for name in asked)
    assert not any(getattr(type(home), name, None) is getattr(Store, name) for name in asked)


def test_graphs_are_listed_counted_put_and_dropped(home: Store) -> None:
    assert home.graphs() == {ONE.value: 2, TWO.value: 2}
    assert (home.size(), home.size(ONE.value), home.size("urn:g:3")) == (4, 2, 0)
    home.put(ONE.value, [ox.Triple(B, P, B)])
    assert [quad.triple for quad in home.statements(graph=ONE)] == [ox.Triple(B, P, B)]
    home.drop(ONE.value)
    home.drop("urn:g:never")
    assert not home.has_graph(ONE.value) and home.has_graph(TWO.value)
    assert home.graphs() == {TWO.value: 2}


def test_statements_fit_a_pattern(home: Store) -> None:
    assert {quad.graph_name for quad in home.statements(A, P, B)} == {ONE, TWO}
    assert [quad.triple for quad in home.statements(B)] == [ox.Triple(B, P, A)]
    assert home.holds(object=TEXT) and home.holds(A, LABEL) and home.holds(graph=TWO)
    assert not home.holds(A, LABEL, None, TWO) and not home.holds(TWO)
    assert home.values(A, P.value) == [B], "once, though two graphs say it"
    assert home.values(B, RDFS + "label") == []
    assert set(home.values_of([A, B, P], P.value)) == {(A, B), (B, A)}
    assert {str(triple) for triple in home.triples()} == {
        str(ox.Triple(*each)) for each in ((A, P, B), (B, P, A), (A, LABEL, TEXT))
    }


def test_many_nodes_are_more_than_one_query_asks_for(
    home: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coproduction.store.embedded._BATCH", 2)
    nodes = [ox.NamedNode(f"urn:x{n}") for n in range(5)]
    assert set(home.values_of([*nodes, A, *nodes, B], P.value)) == {(A, B), (B, A)}


def test_a_graph_is_left_out_of_a_query(home: Store) -> None:
    text = "SELECT ?s { ?s ?p ?o } ORDER BY ?s"
    whole = [row["s"] for row in rows_of(home, text)]
    assert whole == ["urn:a", "urn:a", "urn:a", "urn:b"], "two graphs say one thing"
    answer = home.query(text, without=TWO.value)
    assert isinstance(answer, ox.QuerySolutions)
    assert [row["s"] for row in answer] == [A, A]
    assert len(list(home.construct("CONSTRUCT WHERE { ?s ?p ?o }", without=ONE.value))) == 2
    answer = home.query(text, without="urn:g:never")
    assert isinstance(answer, ox.QuerySolutions) and len(list(answer)) == 4


def test_an_update_is_carried_out_or_told(home: Store) -> None:
    home.update(f"INSERT DATA {{ GRAPH {ONE} {{ {B} rdfs:label 'it' }} }}")
    assert home.values(B, RDFS + "label") == [ox.Literal("it")]
    with pytest.raises(QueryError, match=r"^update, line 1, column 12: expected DATA$"):
        home.update("INSERT DETA { }")


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda home: home.construct("SELECT ?s { ?s ?p ?o }"), "neither CONSTRUCT nor DESCRIBE"),
        (lambda home: list(rows_of(home, "ASK { ?s ?p ?o }")), "it is no SELECT"),
        (lambda home: home.query("SELECT"), "query, line 1"),
    ],
)
def test_what_is_not_what_was_asked_for_is_refused(
    home: Store, ask: Callable[[Store], object], told: str
) -> None:
    with pytest.raises(QueryError, match=told):
        ask(home)


def test_a_change_for_the_while_leaves_all_as_it_was(home: EmbeddedStore) -> None:
    before = set(home.statements())
    taken = [*home.statements(A, P), ox.Quad(B, LABEL, TEXT, ONE)]
    given = [ox.Quad(A, P, A, TWO), ox.Quad(A, LABEL, TEXT, ONE), taken[0]]
    with pytest.raises(ZeroDivisionError), home.changed(taken, given):
        assert home.values(A, P.value) in ([A, B], [B, A])
        assert len(list(home.statements(A, P))) == 2, "one came back, one is new"
        raise ZeroDivisionError
    assert set(home.statements()) == before, "what was not there is not there now"


def test_a_change_for_the_while_is_quick_in_what_it_holds() -> None:
    store = EmbeddedStore.packaged()
    node = ox.NamedNode(COP + "Childcare")
    taken = list(store.statements(node))
    with store.changed(taken, ()):
        assert not store.holds(node)
    assert set(store.statements(node)) == set(taken)


def test_what_occurs_and_what_does_not(home: Store) -> None:
    assert all(occurs(home, iri) for iri in (A.value, P.value, B.value))
    assert not occurs(home, ONE.value), "the name of a graph is said of nothing"
    with pytest.raises(ValueError, match="IRI"):
        occurs(home, "no iri")
    text = f"SELECT ?s FROM {ONE} FROM NAMED <urn:g:9> {{ ?s ?p ?o }}"
    assert unknown_graphs(home, text) == ["no graph <urn:g:9> in scope"]
