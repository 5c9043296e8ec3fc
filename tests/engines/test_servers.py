"""Real servers: the same rows as here, loads that are whole or not seen, and clear refusals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import coproduction
from coproduction.cases.served_loads import load_served
from coproduction.names import GRAPH
from coproduction.store.connection import Connection
from coproduction.store.served import ServedStore

from ..cases.test_served_loads import CASES, sheet
from ..conftest import Run
from .engines import put
from .matrix import KINDS, held_against, unexplained
from .servers import BY_NIGHT, SERVERS, fuseki

pytestmark = pytest.mark.slow


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=pytest.mark.nightly) if name in BY_NIGHT else name
        for name in SERVERS
    ],
)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """Give name and address of a server, which starts empty."""
    name = str(request.param)
    with SERVERS[name](tmp_path_factory.mktemp("server")) as url:
        yield name, url


def emptied(url: str) -> str:
    """Take all of our graphs out of a server."""
    store = ServedStore(Connection(url))
    for iri in store.graphs():
        if iri.startswith((GRAPH, "urn:")):
            store.drop(iri)
    return url


def test_every_query_has_the_rows_of_the_embedded_store(server: tuple[str, str]) -> None:
    name, url = server
    emptied(url)
    cells = held_against(lambda store: put(store, url))
    assert sum(cells[kind].equal for kind in KINDS) > 150
    assert unexplained(name, cells) == []


def test_a_register_has_the_same_verdicts_there_and_leaves_no_trace(
    server: tuple[str, str], run: Run, tmp_path: Path
) -> None:
    _, url = server
    emptied(url)
    generate = Path(__file__).parents[2] / "benchmarks" / "generate.py"
    file, folder = tmp_path / "cases.csv", tmp_path / "store"
    made = [sys.executable, str(generate), "400", str(file), "--faults", "0.02"]
    subprocess.run(made, check=True)
    load_served(sheet(tmp_path, "first", name="first.csv"), url)
    before = coproduction.open(endpoint=url).info().rows
    for home in (("--endpoint", url), ("--store", str(folder))):
        assert run("load", str(tmp_path / "first.csv"), *home).code == 0
        assert run("load", str(file), *home).code == 1
    for words in (("evidence", "--format", "json"), ("ask", "glass-ceiling"), ("gaps",)):
        there = run(*words, "--endpoint", url)
        here = run(*words, "--store", str(folder))
        assert there.code == here.code == 0
        assert there.out == here.out and len(here.out) > 500
    assert run("classify", "--endpoint", url).code == 0
    assert run("unload", "2", "--endpoint", url).code == 0
    kg = coproduction.open(endpoint=url)
    left = f"SELECT ?s ?p WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(CONTAINS(STR(?s), '{GRAPH}load/2')) }}"
    assert kg.query(left).rows == []
    assert kg.query(CASES).rows == [{"n": 1}]
    assert [row["load"] for row in kg.loads().rows] == [1]
    assert [row for row in kg.info().rows if row["name"] == "load/1"] == [
        row for row in before if row["name"] == "load/1"
    ]


def test_fuseki_runs_no_part_of_a_question_for_each_case(tmp_path: Path) -> None:
    """These took 12 seconds of a thousand cases, and four times as much of twice as many."""
    generate = Path(__file__).parents[2] / "benchmarks" / "generate.py"
    file = tmp_path / "cases.csv"
    subprocess.run([sys.executable, str(generate), "1000", str(file)], check=True)
    (tmp_path / "server").mkdir()
    with fuseki(tmp_path / "server") as url:
        load_served(file, url)
        kg = coproduction.open(endpoint=url)
        begun = time.monotonic()
        for name in ("cases-in-other-cells", "matched-pairs", "status-of-values"):
            assert len(kg.ask(name)) > 100
        assert time.monotonic() - begun < 6


@pytest.mark.skipif(sys.platform == "win32", reason="a process is killed there in another way")
def test_a_load_that_is_killed_half_way_is_not_seen_and_goes_on(
    server: tuple[str, str], tmp_path: Path
) -> None:
    _, url = server
    emptied(url)
    path = sheet(tmp_path, *(f"n{number}" for number in range(400)))
    script = (
        "import sys; from coproduction.cases.served_loads import load_served; "
        "load_served(sys.argv[1], sys.argv[2], part=100)"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(path), url])
    store = ServedStore(Connection(url))
    graph = GRAPH + "load/1"
    end = time.monotonic() + 60
    while process.poll() is None and store.size(graph) < 300 and time.monotonic() < end:
        time.sleep(0.02)
    assert process.poll() is None, "the load was over before it could be killed"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert store.size(graph) > 0
    expected = coproduction.open(path).store.size(f"{GRAPH}load/1")
    kg = coproduction.open(endpoint=url)
    assert "load/1 is not finished" in kg.note
    assert kg.query(CASES).rows == [{"n": 0}]
    assert kg.loads().rows == []
    assert (load_served(path, url, part=1000).load, store.size(graph)) == (1, expected)
    kg = coproduction.open(endpoint=url)
    assert (kg.note, kg.query(CASES).rows) == ("", [{"n": 400}])
    kg.unload(1)
    assert kg.query(CASES).rows == [{"n": 0}] and not kg.store.has_graph(graph)


def test_rows_beyond_a_servers_limit_come_too(server: tuple[str, str], tmp_path: Path) -> None:
    _, url = server
    load_served(sheet(tmp_path, "a"), emptied(url))
    kg = coproduction.open(endpoint=url)
    ours = f"FILTER(STRSTARTS(STR(?g), '{GRAPH}'))"
    found = kg.query(f"SELECT ?s ?p ?o ?g {{ GRAPH ?g {{ ?s ?p ?o }} {ours} }}")
    counts = kg.store.graphs()
    assert len(found) > 10_000
    assert len(found) == sum(counts[iri] for iri in counts if iri.startswith(GRAPH))
