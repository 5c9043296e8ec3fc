"""The house rules hold for the ontology and what is added to it, wherever the graphs stand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.names import ALIGNMENTS, GRAPH
from coproduction.store import connection
from coproduction.store.embedded import EmbeddedStore
from coproduction.validation.held_graphs import held_graphs

from ..cases.test_served_loads import sheet
from ..conftest import Run
from ..sparql_server import SparqlServer, serving

FAULT = Path(__file__).parents[1] / "faults" / "untagged-text.ttl"


@pytest.fixture
def store(tmp_path: Path, run: Run) -> Path:
    """A store with a load from a table, whose texts have no language."""
    folder = tmp_path / "store"
    assert run("load", str(sheet(tmp_path, "a", "b")), "--store", str(folder)).code == 0
    return folder


@pytest.fixture
def server(store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SparqlServer]:
    """A server with the graphs of that store."""
    monkeypatch.setenv("NETRC", "/nonexistent")
    monkeypatch.setattr(connection, "_WAIT", 0.01)
    copy = ox.Store()
    copy.extend(coproduction.open(store=store).store.statements())
    with serving(copy) as running:
        yield running


def rules_of(kg: coproduction.KnowledgeGraph) -> list[str]:
    return [finding.check for finding in kg.check()]


@pytest.mark.slow
def test_links_and_loads_are_not_held_to_them(store: Path) -> None:
    kg = coproduction.open(store=store)
    assert kg.store.has_graph(ALIGNMENTS) and kg.store.has_graph(GRAPH + "load/1")
    assert rules_of(kg) == []


@pytest.mark.slow
def test_on_a_server_neither(server: SparqlServer, run: Run) -> None:
    kg = coproduction.open(endpoint=server.url)
    assert kg.store.has_graph(ALIGNMENTS) and kg.store.has_graph(GRAPH + "load/1")
    told = run("check", "--endpoint", server.url)
    assert (told.code, told.err) == (0, "no findings\n")


@pytest.mark.slow
def test_the_links_asked_for_one_run_neither() -> None:
    assert rules_of(coproduction.open(links=True, cases=True)) == []


@pytest.mark.slow
def test_a_fault_that_is_added_is_found_beside_them(store: Path, server: SparqlServer) -> None:
    assert rules_of(coproduction.open(data=FAULT, store=store)) == ["untagged-text"]
    assert rules_of(coproduction.open(data=FAULT, endpoint=server.url)) == ["untagged-text"]


@pytest.mark.slow
def test_a_fault_in_a_graph_of_ones_own_on_a_server_is_found(server: SparqlServer) -> None:
    graph = ox.NamedNode("https://example.org/own")
    server.store.load(path=FAULT, format=ox.RdfFormat.TURTLE, to_graph=graph)
    assert rules_of(coproduction.open(endpoint=server.url)) == ["untagged-text"]


def test_a_store_in_memory_without_them_is_not_copied() -> None:
    packaged = EmbeddedStore.packaged()
    assert held_graphs(packaged) is packaged.inner
