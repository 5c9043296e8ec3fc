"""Loads on a server: what a store has after them, seen by nobody until all of it came."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.cases.served_loads import load_served
from coproduction.errors import DataError, EndpointError
from coproduction.names import COP, GRAPH
from coproduction.store import connection

from ..conftest import Run
from ..sparql_server import SparqlServer, serving

HEAD = (
    "id,title,summary,service,country,start_year,provider,sector,participants,contributions,"
    "decision_rights,intensity,source"
)
ROW = (
    "{id},Nursery {id},Run by its parents.,childcare,SE,1990,Association {id},third sector,"
    "client in person,money,ownership or employer,intensive and/or enduring,"
    "https://example.org/{id}"
)
CASES = "SELECT (COUNT(DISTINCT ?c) AS ?n) WHERE { ?c a cop:Case }"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[SparqlServer]:
    for name in ("HEADER", "USER", "PASSWORD", "UPDATE", "GRAPHS"):
        monkeypatch.delenv(f"COPRODUCTION_ENDPOINT_{name}", raising=False)
    monkeypatch.setenv("NETRC", "/nonexistent")
    monkeypatch.setattr(connection, "_WAIT", 0.01)
    with serving(ox.Store()) as running:
        yield running


def sheet(folder: Path, *ids: str, name: str = "cases.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([HEAD, *(ROW.format(id=each) for each in ids)]), encoding="utf-8")
    return path


def of_cases(store: ox.Store) -> set[str]:
    """Give what stands in graphs of loads and of inferences, as texts."""
    kept = ("load/", "inferred")
    return {
        str(quad)
        for quad in store
        if getattr(quad.graph_name, "value", "").removeprefix(GRAPH).startswith(kept)
    }


@pytest.mark.slow
def test_a_server_has_after_a_load_what_a_store_has(
    server: SparqlServer, run: Run, tmp_path: Path
) -> None:
    path, folder = sheet(tmp_path, "a", "b"), tmp_path / "store"
    assert run("load", str(path), "--store", str(folder)).code == 0
    outcome = run("load", str(path), "--endpoint", server.url)
    assert outcome.code == 0 and "2 loaded as load 1" in outcome.err
    here, there = coproduction.open(store=folder), coproduction.open(endpoint=server.url)
    assert not there.note
    assert {
        str(q) for q in here.store.statements(None, None, None, ox.NamedNode(GRAPH + "load/1"))
    } == {
        str(q)
        for q in server.store.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH + "load/1"))
    }
    assert there.ask("glass-ceiling").rows == here.ask("glass-ceiling").rows
    assert len(there.ask("glass-ceiling")) == 2 + len(coproduction.open().ask("glass-ceiling"))
    told = [{k: v for k, v in row.items() if k != "time"} for row in there.loads().rows]
    assert told == [{k: v for k, v in row.items() if k != "time"} for row in here.loads().rows]
    assert run("classify", "--endpoint", server.url).code == 0
    assert run("classify", "--store", str(folder)).code == 0
    kept = coproduction.open(store=folder).store
    graph = ox.NamedNode(GRAPH + "inferred")
    assert {str(q.triple) for q in kept.statements(None, None, None, graph)} == {
        str(q.triple) for q in server.store.quads_for_pattern(None, None, None, graph)
    }
    outcome = run("validate", "--endpoint", server.url)
    assert outcome.code == 0 and "0 findings" in outcome.err


@pytest.mark.slow
def test_unloading_leaves_nothing(server: SparqlServer, run: Run, tmp_path: Path) -> None:
    run("load", str(sheet(tmp_path, "a")), "--endpoint", server.url)
    before = {str(quad) for quad in server.store}
    run("load", str(sheet(tmp_path, "b", "c", name="more.csv")), "--endpoint", server.url)
    assert len({str(quad) for quad in server.store}) > len(before)
    outcome = run("unload", "2", "--endpoint", server.url)
    assert outcome.code == 0 and "load 2 taken out" in outcome.err
    assert {str(quad) for quad in server.store} == before
    outcome = run("unload", "2", "--endpoint", server.url)
    assert outcome.code == 2 and "there is no load 2" in outcome.err


def test_unloading_takes_out_what_the_server_says_in_other_words(
    server: SparqlServer, run: Run, tmp_path: Path
) -> None:
    """A server may keep 10:00:00+00:00 where another has 10:00:00Z, or tell of a time in words of its own."""
    run("load", str(sheet(tmp_path, "a")), "--endpoint", server.url)
    times = list(server.store.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH + "loads")))
    (ended,) = (quad for quad in times if str(quad.predicate).endswith("endedAtTime>"))
    assert getattr(ended.object, "value", "").endswith("Z")
    kind = ox.NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")
    other = ox.Literal("2026-11-01T11:00:00+01:00", datatype=kind)
    heard = server.refuses

    def in_other_words(form: dict[str, list[str]]) -> tuple[int, str, bytes] | None:
        update = form.get("update", [""])[0]
        if "DELETE" in update and server.store.contains_named_graph(ended.graph_name):
            server.store.remove(ended)
            server.store.add(ox.Quad(ended.subject, ended.predicate, other, ended.graph_name))
            server.refuses = heard
        return None

    server.refuses = in_other_words
    assert run("unload", "1", "--endpoint", server.url).code == 0
    left = server.store.quads_for_pattern(ended.subject, None, None, None)
    assert list(left) == []


@pytest.mark.slow
def test_a_load_that_breaks_off_is_not_seen_and_goes_on(
    server: SparqlServer, run: Run, tmp_path: Path
) -> None:
    path = sheet(tmp_path, *(f"n{number}" for number in range(20)))
    parts: list[str] = []

    def fails_at_the_third(form: dict[str, list[str]]) -> tuple[int, str, bytes] | None:
        if form.get("graph") == [GRAPH + "load/1"]:
            parts.append("part")
            if len(parts) == 3:
                return 500, "text/plain", b"no room"
        return None

    server.refuses = fails_at_the_third
    with pytest.raises(EndpointError, match="no room"):
        load_served(path, server.url, part=50)
    half = ox.NamedNode(GRAPH + "load/1")
    assert sum(1 for _ in server.store.quads_for_pattern(None, None, None, half)) == 100
    there = coproduction.open(endpoint=server.url)
    assert "load/1 is not finished and is not asked" in there.note
    assert there.query(CASES).rows == [{"n": 0}] and not there.has_cases()
    assert there.ask("glass-ceiling").rows == coproduction.open().ask("glass-ceiling").rows
    assert not any(name == half.value for name in there.store.graphs())
    assert there.loads().rows == []

    server.refuses = lambda form: None
    server.written.clear()
    outcome = load_served(path, server.url, part=50)
    assert (outcome.load, outcome.loaded) == (1, 20)
    sent = [lines for _, graph, lines in server.written if graph == half.value]
    assert (
        len(sent)
        == -(-sum(1 for _ in server.store.quads_for_pattern(None, None, None, half)) // 50) - 2
    )
    there = coproduction.open(endpoint=server.url)
    assert there.note == "" and there.query(CASES).rows == [{"n": 20}]
    assert [row["file"] for row in there.loads().rows] == ["cases.csv"]


@pytest.mark.slow
def test_a_load_that_broke_off_is_taken_out(server: SparqlServer, run: Run, tmp_path: Path) -> None:
    run("load", str(sheet(tmp_path, "a")), "--endpoint", server.url)
    before = of_cases(server.store)
    server.refuses = lambda form: (
        (500, "text/plain", b"full") if form.get("graph") == [GRAPH + "inferred"] else None
    )
    outcome = run("load", str(sheet(tmp_path, "b", name="more.csv")), "--endpoint", server.url)
    assert outcome.code == 3 and "full" in outcome.err
    server.refuses = lambda form: None
    assert of_cases(server.store) > before
    assert run("unload", "2", "--endpoint", server.url).code == 0
    assert of_cases(server.store) == before


@pytest.mark.slow
def test_a_case_that_is_there_is_counted_or_told(
    server: SparqlServer, run: Run, tmp_path: Path
) -> None:
    run("load", str(sheet(tmp_path, "a", "b")), "--endpoint", server.url)
    more = sheet(tmp_path, "b", "c", name="more.csv")
    outcome = run("load", str(more), "--endpoint", server.url)
    assert outcome.code == 0 and "1 loaded as load 2, 1 there already" in outcome.err
    other = sheet(tmp_path, "b", name="other.csv")
    other.write_text(other.read_text("utf-8").replace("SE", "NO"), encoding="utf-8")
    outcome = run("load", str(other), "--endpoint", server.url)
    assert outcome.code == 1 and "1 set aside" in outcome.err
    assert "Sweden" in outcome.out + outcome.err or "SE" in outcome.out + outcome.err


@pytest.mark.slow
def test_to_replace_a_case_is_refused_and_the_way_that_is_told_does_it(
    server: SparqlServer, run: Run, tmp_path: Path
) -> None:
    where = ("--endpoint", server.url)
    first, other = sheet(tmp_path, "a", "b"), sheet(tmp_path, "b", name="other.csv")
    other.write_text(other.read_text("utf-8").replace(",SE,", ",NO,"), encoding="utf-8")
    run("load", str(first), *where)
    before = of_cases(server.store)
    told = run("load", str(other), *where)
    assert "The server has this case with other values" in told.out + told.err
    assert "coproduction unload NUMBER" in told.out + told.err
    outcome = run("load", str(other), *where, "--replace")
    assert outcome.code == 2 and outcome.out == "" and of_cases(server.store) == before
    assert outcome.err.count("\n") == 1 and "not done on a server" in outcome.err
    for told in ("loads", "unload NUMBER"):
        assert f"coproduction {told} --endpoint {server.url}" in outcome.err
    with pytest.raises(DataError, match=r"replace=True changes .*\(unload\(NUMBER\)\)"):
        coproduction.open(endpoint=server.url).load(other, replace=True)
    assert run("unload", "1", *where).code == 0
    assert run("load", str(other), *where).code == 0
    again = run("load", str(first), *where)
    assert again.code == 1 and "1 loaded" in again.err and "1 set aside" in again.err
    text = "SELECT ?code { ?c a cop:Case ; cop:countryCode ?code }"
    rows = coproduction.open(endpoint=server.url).query(text).rows
    assert sorted(row["code"] for row in rows) == ["NO", "SE"]


def test_a_file_that_was_loaded_is_not_loaded_again(
    server: SparqlServer, run: Run, tmp_path: Path
) -> None:
    path = sheet(tmp_path, "a")
    run("load", str(path), "--endpoint", server.url)
    outcome = run("load", str(path), "--endpoint", server.url)
    assert outcome.code == 0 and "loaded before, as load 1" in outcome.err


@pytest.mark.slow
def test_graphs_of_another_version_are_renewed_by_a_load(
    server: SparqlServer, run: Run, tmp_path: Path
) -> None:
    run("load", str(sheet(tmp_path, "a")), "--endpoint", server.url)
    node = ox.NamedNode(COP + "Stale")
    server.store.add(ox.Quad(node, node, node, ox.NamedNode(GRAPH + "values")))
    assert run("ask", "glass-ceiling", "--endpoint", server.url).code == 2
    assert run("load", str(sheet(tmp_path, "b", name="b.csv")), "--endpoint", server.url).code == 0
    assert not any(server.store.quads_for_pattern(node, None, None))
    assert run("ask", "glass-ceiling", "--endpoint", server.url).code == 0


def test_a_server_that_takes_no_updates_is_told(
    server: SparqlServer, run: Run, tmp_path: Path
) -> None:
    server.takes_updates = False
    outcome = run("load", str(sheet(tmp_path, "a")), "--endpoint", server.url)
    assert outcome.code == 2 and outcome.err.count("\n") == 1
    assert "does not allow it (403): set COPRODUCTION_ENDPOINT_USER" in outcome.err


def test_a_server_that_has_no_way_to_write_is_told(
    server: SparqlServer, run: Run, tmp_path: Path
) -> None:
    server.has_graphs = False
    outcome = run("load", str(sheet(tmp_path, "a")), "--endpoint", server.url)
    assert outcome.code == 2 and outcome.err.count("\n") == 1
    assert "set COPRODUCTION_ENDPOINT_GRAPHS in the environment" in outcome.err


@pytest.mark.parametrize("command", ["loads", "classify", "load x.csv", "unload 1"])
def test_a_command_that_writes_wants_to_know_where(run: Run, command: str) -> None:
    outcome = run(*command.split())
    assert outcome.code == 2 and "--store DIR, or --endpoint URL" in outcome.err


def test_hermit_is_for_a_store(server: SparqlServer, run: Run, tmp_path: Path) -> None:
    run("load", str(sheet(tmp_path, "a")), "--endpoint", server.url)
    outcome = run("classify", "--endpoint", server.url, "--reasoner", "hermit")
    assert outcome.code == 2 and "the rules conclude" in outcome.err


@pytest.mark.slow
def test_a_graph_that_was_opened_from_a_server_writes_to_it(
    server: SparqlServer, tmp_path: Path
) -> None:
    load_served(sheet(tmp_path, "a"), server.url)
    kg = coproduction.open(endpoint=server.url)
    assert kg.load(sheet(tmp_path, "b", name="b.csv")).load == 2
    assert kg.query(CASES).rows == [{"n": 2}]
    assert kg.unload(2) > 0
    assert kg.query(CASES).rows == [{"n": 1}]
    assert kg.classify() > 0
    with pytest.raises(DataError, match="rules conclude"):
        kg.classify("hermit")
