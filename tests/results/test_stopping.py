"""A query can be stopped: by Ctrl-C, by a limit of time, by a number of rows."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.errors import QueryError, QueryTimeout, in_shell
from coproduction.knowledge.packaged import changing
from coproduction.results.rows import Rows, solutions_of, tsv_of

from ..conftest import Run
from ..tools import PLACEMENTS

ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
COUNTED = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals of POSIX")


@pytest.fixture(scope="module")
def on_disk(tmp_path_factory: pytest.TempPathFactory) -> coproduction.KnowledgeGraph:
    """The packaged graph in a store on disk."""
    folder = tmp_path_factory.mktemp("stopping") / "store"
    with changing(folder):
        pass
    return coproduction.open(store=folder)


@pytest.fixture(params=["memory", "disk"])
def either(
    request: pytest.FixtureRequest,
    kg: coproduction.KnowledgeGraph,
    on_disk: coproduction.KnowledgeGraph,
) -> coproduction.KnowledgeGraph:
    """A graph in memory, and one on disk."""
    return kg if request.param == "memory" else on_disk


_started: list[subprocess.Popen[bytes]] = []


@pytest.fixture(autouse=True)
def none_goes_on() -> Iterator[None]:
    """A process that a failed test leaves would take a processor from all that come after it."""
    yield
    while _started:
        child = _started.pop()
        if child.poll() is None:
            child.kill()
            child.communicate()


def python(*words: str) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(
        [sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    _started.append(child)
    return child


def children() -> set[str]:
    """The processes that this one is the parent of."""
    return {
        stat.parent.name
        for stat in Path("/proc").glob("[0-9]*/stat")
        if _parent_of(stat) == os.getpid()
    }


def _parent_of(stat: Path) -> int | None:
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except OSError:  # it has ended
        return None


# -- the command line -------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("query", [ENDLESS, COUNTED])
@pytest.mark.parametrize("form", ["csv", "table"])
@pytest.mark.sampled
def test_ctrl_c_ends_a_command_at_once(query: str, form: str) -> None:
    child = python("-m", "coproduction", "query", query, "--format", form, "--max-rows", "9999999")
    time.sleep(0.7)
    begin = time.monotonic()
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=20)
    assert (child.returncode, err.decode()) == (130, "coproduction: stopped\n")
    assert time.monotonic() - begin < 3


@posix
def test_ctrl_c_ends_a_command_whose_reader_does_not_read() -> None:
    child = python("-m", "coproduction", "query", ENDLESS, "--format", "csv")
    assert child.stdout is not None
    child.stdout.read(10)  # the pipe is full by now, and the command waits in a write
    time.sleep(0.3)
    child.send_signal(signal.SIGINT)
    assert child.wait(timeout=10) == 130
    child.communicate()


@pytest.mark.parametrize("form", ["csv", "json", "table", "md"])
@pytest.mark.sampled
def test_a_command_ends_with_the_time(form: str) -> None:
    begin = time.monotonic()
    child = python(
        "-m", "coproduction", "query", COUNTED, "--timeout", "0.5", "--format", form
    )  # fmt: skip
    out, err = child.communicate(timeout=20)
    assert (child.returncode, out) == (3, b"")
    assert err.decode().count("\n") == 1 and "stopped after 0.5 s" in err.decode()
    assert time.monotonic() - begin < 8


@pytest.mark.slow
def test_a_timeout_speaks_of_a_store_where_there_is_one(tmp_path: Path) -> None:
    store = tmp_path / "my store"
    with changing(store):
        pass
    told = f"the store may be damaged, which 'coproduction loads --check --store {in_shell(store)}'"
    for words in (["--store", str(store)], []):
        child = python("-m", "coproduction", "query", COUNTED, "--timeout", "0.5", *words)
        _, err = child.communicate(timeout=20)
        assert child.returncode == 3
        assert (told in err.decode(), "damaged" in err.decode()) == (bool(words), bool(words))
    for kg in (coproduction.open(store=store), coproduction.open()):
        with pytest.raises(QueryTimeout) as raised:
            kg.query(COUNTED, timeout=0.5)
        assert (told in str(raised.value)) == (kg.store.folder is not None)
        assert ("damaged" in str(raised.value)) == (kg.store.folder is not None)


@pytest.mark.slow
@pytest.mark.skipif(
    sys.platform != "linux", reason="the memory of a child is read in /proc, which Linux has"
)
def test_rows_are_written_as_they_come_in_little_memory() -> None:
    child = python("-m", "coproduction", "query", ENDLESS, "--timeout", "1", "--format", "csv")
    assert child.stdout is not None
    got = peak = 0
    # What getrusage says of a child begins with the memory of this process, which forked it.
    status = Path(f"/proc/{child.pid}/status")
    while part := child.stdout.read(1 << 20):
        got += len(part)
        found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text())
        peak = max(peak, int(found[1])) if found else peak
    assert child.wait() == 3
    child.communicate()
    assert got > 1_000_000
    assert 0 < peak < 500_000


@pytest.mark.parametrize("word", ["-1", "soon"])
def test_a_limit_is_a_number(run: Run, word: str) -> None:
    outcome = run("ask", "glass-ceiling", f"--timeout={word}")
    assert outcome.code == 2 and "--timeout" in outcome.err


def test_a_table_is_not_laid_out_without_end(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coproduction.cli.answers._MOST_LAID_OUT", {"table": 20})
    outcome = run("query", ENDLESS, "--format", "table")
    assert outcome.code == 0 and outcome.out.endswith("\n20 rows\n")
    assert "the first 20 rows; there are more" in outcome.err


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "table", "md", "html"])
def test_max_rows_stops_and_tells(run: Run, form: str) -> None:
    query = f"SELECT (1 AS ?one) {ENDLESS[9:]}"
    outcome = run("query", query, "--max-rows", "3", "--format", form)
    sign = {"json": '"value":"1"', "html": "<td>1</td>"}.get(form, "1")
    assert (outcome.code, outcome.out.replace(" | ", "").count(sign)) == (0, 3)
    assert "the first 3 rows; there are more" in outcome.err


def test_max_rows_counts_triples_of_a_graph(run: Run) -> None:
    query = "CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    outcome = run("query", query, "--max-rows", "3", "--format", "nt")
    assert (outcome.code, outcome.out.count("\n")) == (0, 3)
    assert "the first 3 triples; there are more" in outcome.err


def test_as_many_rows_as_there_are_is_not_too_many(run: Run) -> None:
    outcome = run("ask", "glass-ceiling", "--max-rows", "7", "--format", "csv")
    assert (outcome.code, outcome.err, outcome.out.count("\n")) == (0, "", 8)


# -- Python -----------------------------------------------------------------------------------

SESSION = """
import os, signal, threading, time, coproduction
kg = coproduction.open()
def press():
    time.sleep(0.4)
    os.kill(os.getpid(), signal.SIGINT)
for limit in (None, 20):
    threading.Thread(target=press, daemon=True).start()
    begin = time.monotonic()
    try:
        kg.query(QUERY, timeout=limit)
    except KeyboardInterrupt:
        print("heard", time.monotonic() - begin < 3)
    print(len(kg.ask("glass-ceiling")), kg.query("ASK {}").rows)
if "COUNT" not in QUERY:
    time.sleep(0.3)
    assert threading.active_count() == 1, "rows are fetched that nobody waits for"
"""


@posix
@pytest.mark.parametrize("query", [ENDLESS, COUNTED])
@pytest.mark.sampled
def test_ctrl_c_is_heard_and_the_session_lives(query: str) -> None:
    child = python("-c", SESSION.replace("QUERY", repr(query)))
    out, err = child.communicate(timeout=60)
    expected = "heard True\n7 [{'answer': True}]\n"
    assert (child.returncode, out.decode(), err.decode()) == (0, expected * 2, "")


@pytest.mark.parametrize("query", [ENDLESS, COUNTED])
@pytest.mark.sampled
def test_a_limit_of_time_ends_the_worker(either: coproduction.KnowledgeGraph, query: str) -> None:
    before = children() if sys.platform == "linux" else set()
    begin = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"stopped after 0\.4 s") as told:
        either.query(query, timeout=0.4)
    assert time.monotonic() - begin < 3 and told.value.exit_code == 3
    if sys.platform == "linux":
        assert children() <= before
    assert either.query("ASK {}").rows == [{"answer": True}]


def test_within_the_limit_the_answer_is_the_same(either: coproduction.KnowledgeGraph) -> None:
    for text in (
        "SELECT ?s ?l { ?s rdfs:label ?l } ORDER BY ?s ?l",
        "SELECT (1.50 AS ?a) ('x\\ty\\n\"z\\\\' AS ?b) ('' AS ?c) (?no AS ?d) ('t'@en-GB AS ?e) {}",
        "SELECT * {}",
        "SELECT ?x { }",
        "ASK { ?s a cop:Case }",
    ):
        assert either.query(text, timeout=30).terms == either.query(text).terms
    graph = "CONSTRUCT WHERE { ?s a cop:Placement ; rdfs:label ?l }"
    assert set(either.graph(graph, timeout=30)) == set(either.graph(graph)) != set()
    asked, limited = either.ask("CQ18"), either.ask("CQ18", timeout=30)
    assert limited.rows == asked.rows
    assert limited.serialize("json") == asked.serialize("json")


def test_errors_are_the_same_within_a_limit(either: coproduction.KnowledgeGraph) -> None:
    for text in ("SELECT ?s { ?s ?p }", "CONSTRUCT WHERE { ?s ?p ?o }", "ASK { SERVICE <a:b> {} }"):
        with pytest.raises(QueryError) as told:
            either.query(text)
        with pytest.raises(QueryError) as limited:
            either.query(text, timeout=30)
        assert str(limited.value) == str(told.value)
        assert type(limited.value) is QueryError


def test_a_worker_that_dies_is_told(
    kg: coproduction.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coproduction.results.worker.complete", lambda *_: os._exit(7))
    with pytest.raises(QueryError, match="ended without an answer"):
        kg.query("ASK {}", timeout=30)


@posix
@pytest.mark.slow
def test_forks_beside_threads_that_ask(kg: coproduction.KnowledgeGraph) -> None:
    ended = threading.Event()

    def keep_asking() -> None:
        while not ended.is_set():
            kg.query("SELECT ?s { ?s a cop:Placement }")

    threads = [threading.Thread(target=keep_asking) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        counts = [len(kg.query("SELECT ?s { ?s a cop:Placement }", timeout=20)) for _ in range(30)]
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert counts == [PLACEMENTS] * 30


def test_max_rows_from_python(either: coproduction.KnowledgeGraph) -> None:
    for timeout in (None, 20):
        result = either.query(ENDLESS, max_rows=5, timeout=timeout)
        assert (len(result), result.truncated) == (5, True)
        assert result.serialize("csv").count("\r\n") == 6
    assert not either.query("SELECT ?s { ?s a cop:Placement }", max_rows=PLACEMENTS).truncated
    assert either.ask("glass-ceiling", max_rows=3).truncated


def test_a_result_crosses_threads(kg: coproduction.KnowledgeGraph) -> None:
    asked = kg.query("SELECT ?s { ?s a cop:Placement }")
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(len(asked.serialize("csv").split())))
    thread.start()
    thread.join()
    assert found == [19]


def test_rows_come_back_as_they_were_written() -> None:
    a = ox.NamedNode("http://e/a")
    terms = [
        a, ox.BlankNode("b1"), ox.Literal("\0\t\r\n\"\\'é\U0001f600"), ox.Literal("x", language="en"),
        ox.Literal("1", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
        ox.Triple(a, a, ox.Triple(a, a, ox.Literal("x y"))), None,
    ]  # fmt: skip
    rows = Rows(("v", "w"), [(term, None) for term in terms], False)
    back = [(row[0], row[1]) for row in solutions_of(tsv_of(rows.variables, rows.terms))]
    assert back == rows.terms
