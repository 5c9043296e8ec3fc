"""The questions asked of the server by several clients at once, beside other servers.

Run: `python benchmarks/serving.py STORE [--seconds 10] [--clients 8] [--requests 5000]`; STORE is
made by `coproduction load`. Each server holds the same statements, in one graph for the one that
knows no union of graphs, and has each question's text by POST; the answers (JSON) are compared
first, and a question is left that another server gives other rows for or does not end in `--limit`
seconds. Then the clients, which are processes of their own and keep their connections, ask the
questions in turn: requests a second, and the 99th percentile of their times. They ask each question
again and again, as people do, and in another run each text once, with a comment of its own, so that
no server has its answer. Pages are asked in the same way. Memory is that of the server with its
processes, after a tenth of `--requests` (500 at least) and after `--requests` more, each text once.
`--peer` names an rdflib-endpoint, which is not among what the tests install
(`pip install rdflib-endpoint[web]` into an environment of its own).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple
from urllib.parse import urlsplit

import measured
import pyoxigraph as ox
import urllib3

import coproduction
from coproduction.knowledge.questions import all_questions
from coproduction.store.portable_text import with_prefixes

JSON = "application/sparql-results+json"
PAGES = ("/", "/concepts", "/diagram", "/cases", "/claims", "/questions", "/term/Complementary")
FORM = {"Content-Type": "application/sparql-query", "Accept": JSON}


class Asking(NamedTuple):
    """A request: its name, the address, and the query that it has in its body, or none."""

    name: str
    url: str
    text: str = ""


class Rate(NamedTuple):
    """What clients got.

    Attributes:
        second: requests a second.
        slow: the 99th percentile of their seconds.
        count: how many there were.
        processor: seconds of it that the server took for one.
    """

    second: float
    slow: float
    count: int
    processor: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--limit", type=float, default=2.0)
    parser.add_argument("--requests", type=int, default=2_000, help="of the trial of memory")
    parser.add_argument("--peer", metavar="PROGRAM", default=shutil.which("rdflib-endpoint") or "")
    arguments = parser.parse_args()
    print(
        f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}, {arguments.clients} clients"
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "all.nq"
        merged = _written(arguments.store, file)
        with ours(arguments.store) as (url, pid), oxigraph(file, Path(folder)) as started:
            other, other_pid = started
            asked, answers = _same(url, other, arguments.limit)
            there = [each._replace(url=other) for each in asked]
            for work, is_new in (("questions, each text once", True), ("questions again", False)):
                rows = rate(asked, pid, arguments, is_new=is_new)
                theirs = rate(there, other_pid, arguments, is_new=is_new)
                _tell(f"{work}, JSON", rows, "Oxigraph's server", theirs, 1.0)
            _pages(url, pid, rows, arguments)
            _memory(url, pid, asked, arguments)
        if not arguments.peer:
            print("rdflib-endpoint is not at hand")
            return
        with rdflib_endpoint(arguments.peer, merged) as (peer, peer_pid):
            both = _agreeing(asked, answers, peer, 60 * arguments.limit)
            print(f"rdflib-endpoint: {len(both)} of {len(asked)} questions have the same rows")
            slow = rate(
                [each._replace(url=peer) for each in both], peer_pid, arguments, 2 * len(both)
            )
        with ours(arguments.store) as (url, pid):
            again = [each._replace(url=f"{url}sparql") for each in both]
            rate(again, pid, arguments, 2 * len(again))
            quick = rate(again, pid, arguments, is_new=True)
        _tell("the same questions", quick, "rdflib-endpoint", slow, 0.1)


def _written(store: Path, file: Path) -> Path:
    """Write the statements in their graphs, and, in a file beside it, as one graph."""
    quads = list(coproduction.open(store=store).store.statements(None, None, None))
    file.write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
    merged = file.with_suffix(".nt")
    triples = {quad.triple for quad in quads}
    merged.write_bytes(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"")
    return merged


# -- servers ------------------------------------------------------------------------------------


@contextmanager
def ours(store: Path) -> Iterator[tuple[str, int]]:
    """Serve a store; give the address, with a slash, and the number of the process."""
    words = ["serve", "--store", str(store), "--port", "0", "--timeout", "120"]
    command = [sys.executable, "-m", "coproduction", *words]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        said = iter(server.stderr.readline, "")
        found = next(filter(None, (re.search(r"http://\S+?/", line) for line in said)), None)
        assert found, "the server did not start"
        yield found[0], server.pid
    finally:
        server.terminate()
        server.wait(30)


@contextmanager
def oxigraph(file: Path, folder: Path) -> Iterator[tuple[str, int]]:
    """Serve a file by Oxigraph's own server; give its endpoint and the number of the process."""
    beside = Path(sys.executable).with_name("oxigraph")
    program = str(beside) if beside.exists() else shutil.which("oxigraph")
    assert program, "pip install oxigraph"
    place = ["--location", str(folder / "oxigraph")]
    load = [program, "load", *place, "--file", str(file)]
    subprocess.run(load, check=True, capture_output=True)
    port = _port()
    bind = ["--bind", f"127.0.0.1:{port}", "--union-default-graph"]
    url = f"http://127.0.0.1:{port}/query"
    with _running([program, "serve-read-only", *place, *bind], url) as pid:
        yield url, pid


@contextmanager
def rdflib_endpoint(program: str, file: Path) -> Iterator[tuple[str, int]]:
    """Serve a file by rdflib-endpoint; give the address and the number of the process."""
    port = _port()
    words = [program, "serve", "--host", "127.0.0.1", "--port", str(port), str(file)]
    url = f"http://127.0.0.1:{port}/"
    with _running(words, url) as pid:
        yield url, pid


@contextmanager
def _running(words: Sequence[str], url: str) -> Iterator[int]:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(words, **quiet)  # type: ignore[call-overload]
    try:
        end = time.monotonic() + 120
        while not _answers(url) and time.monotonic() < end and server.poll() is None:
            time.sleep(0.2)
        assert server.poll() is None, f"{words[0]} did not start"
        yield server.pid
    finally:
        server.terminate()
        server.wait(30)


def _answers(url: str) -> bool:
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex((urlsplit(url).hostname or "", urlsplit(url).port or 80)) == 0


def _port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


# -- the same answers ---------------------------------------------------------------------------


def _rows(asking: Asking, limit: float) -> list[str] | None:
    """Give the rows in an order of their own, or None where none come in time."""
    try:
        reply = urllib3.request(
            "POST",
            asking.url,
            body=asking.text.encode(),
            headers=FORM,
            timeout=limit,
            retries=False,
        )
        found = json.loads(reply.data)["results"]["bindings"]
    except (urllib3.exceptions.HTTPError, ValueError, KeyError):
        return None
    return sorted(json.dumps(_plain(row), sort_keys=True) for row in found)


def _plain(row: dict[str, dict[str, str]]) -> dict[str, tuple[str, ...]]:
    """Give a row without what each server writes in its way: names of blank nodes, 1.0 or 1."""
    found = {}
    for name, term in row.items():
        value = term["value"]
        if term["type"] == "bnode":
            value = ""
        elif re.fullmatch(r"[+-]?\d+\.\d*(E[+-]?\d+)?", value, re.IGNORECASE):
            value = f"{float(value):.9g}"
        found[name] = (value, term.get("xml:lang", "").lower())
    return found


def _same(url: str, peer: str, limit: float) -> tuple[list[Asking], dict[str, list[str]]]:
    """Give the questions that both agree on, and their rows; end this where one differs."""
    asked, answers = [], {}
    for question in all_questions():
        asking = Asking(question.id, f"{url}sparql", with_prefixes(question.text))
        rows, theirs = (_rows(asking._replace(url=each), limit) for each in (asking.url, peer))
        if rows is None or theirs is None:
            print(f"{question.id} is left: it takes longer than {limit:g} s")
        elif rows != theirs:
            sys.exit(f"{question.id}: {len(theirs)} other rows there for {len(rows)} here")
        else:
            asked.append(asking)
            answers[question.id] = rows
    print(f"{len(asked)} questions have the same rows on both")
    return asked, answers


def _agreeing(
    asked: list[Asking], answers: dict[str, list[str]], peer: str, limit: float
) -> list[Asking]:
    """Give the questions that a server has the same rows for, which has to be most of them."""
    found = []
    for each in asked:
        begun = time.perf_counter()
        rows = _rows(each._replace(url=peer), limit)
        if rows == answers[each.name]:
            found.append(each)
        else:
            seconds = time.perf_counter() - begun
            what = "no answer" if rows is None else f"{len(rows)} rows of its own"
            print(f"{each.name} is left: {what} after {seconds:.1f} s")
    if 2 * len(found) < len(asked):
        sys.exit("it agrees on less than half of the questions")
    return found


# -- rates --------------------------------------------------------------------------------------


def rate(
    asked: Sequence[Asking],
    pid: int,
    arguments: argparse.Namespace,
    count: int = 0,
    *,
    is_new: bool = False,
) -> Rate:
    """Have clients ask a server's process for some seconds, or so many times in all.

    Each text is asked once where `is_new`, by a comment that is another each time.
    """
    share = -(-count // arguments.clients) if count else 0
    with multiprocessing.get_context("spawn").Pool(arguments.clients) as pool:
        begin = time.time() + 1.5  # all of them are there by then
        jobs = [
            (list(asked), number, begin, arguments.seconds, share, is_new)
            for number in range(arguments.clients)
        ]
        before = processor(pid)
        told = pool.starmap(_client, jobs, chunksize=1)
        took = processor(pid) - before
    times = [each for part, _ in told for each in part]
    last = max(end for _, end in told)
    slow = quantiles(times, n=100)[98] if len(times) > 1 else times[0]
    return Rate(len(times) / (last - begin), slow, len(times), took / len(times))


def _client(
    asked: list[Asking], number: int, begin: float, seconds: float, count: int, is_new: bool
) -> tuple[list[float], float]:
    """Ask, each client from another question on; give the seconds of each answer, and the end."""
    pool = urllib3.PoolManager()
    place = number * len(asked) // 8
    times: list[float] = []
    time.sleep(max(begin - time.time(), 0))
    while len(times) < count if count else time.time() < begin + seconds:
        one = asked[(place + len(times)) % len(asked)]
        text = f"{one.text}\n# {time.time_ns()} {number}" if is_new else one.text
        start = time.perf_counter()
        if text:
            reply = pool.request("POST", one.url, body=text.encode(), headers=FORM)
        else:
            reply = pool.request("GET", one.url, headers={"Accept": "text/html"})
        times.append(time.perf_counter() - start)
        assert reply.status == 200, (one.name, reply.status, reply.data[:300])
    return times, time.time()


def _pages(url: str, pid: int, rows: Rate, arguments: argparse.Namespace) -> None:
    """Ask pages: of fixed addresses, and of each question; held against the rate of the rows."""
    paths = [*PAGES, *(f"/question/{each.name}" for each in all_questions()[:20])]
    asked = [Asking(path, url.rstrip("/") + path) for path in paths]
    rate(asked, pid, arguments, 4 * len(asked))  # each process makes them once
    pages = rate(asked, pid, arguments)
    _tell("pages beside the questions' JSON of the same server", pages, "JSON", rows, 2.0)


def _tell(work: str, rate: Rate, other: str, peer: Rate, limit: float) -> None:
    """Tell seconds a request, as the table compares those."""
    for name, each in (("ours", rate), (other, peer)):
        print(
            f"  {work}, {name}: {each.second:,.0f} requests a second, 99% in "
            f"{1000 * each.slow:,.0f} ms; {1000 * each.processor:.1f} ms of processor each, "
            f"{each.count:,} asked"
        )
    took, theirs = (measured.Took(1 / each.second, each.processor) for each in (rate, peer))
    measured.tell(measured.Line(f"a request: {work}", took, theirs, other, limit, of="wall"))


def _memory(url: str, pid: int, asked: list[Asking], arguments: argparse.Namespace) -> None:
    """Tell what the server and its processes have after some requests, and after many more."""
    if sys.platform != "linux":
        return
    few = rate(asked, pid, arguments, max(500, arguments.requests // 10), is_new=True)
    before = _resident(pid)
    many = rate(asked, pid, arguments, arguments.requests, is_new=True)
    after = _resident(pid)
    work = f"memory over {many.count:,} requests"
    print(f"  {work}: {before:.0f} MiB, then {after:.0f} MiB")
    took, theirs = measured.Took(0, 0, after), measured.Took(0, 0, before)
    measured.tell(measured.Line(work, took, theirs, f"after {few.count}", 1.1, of="memory"))


def _resident(pid: int) -> float:
    """Give the mebibytes that a process and its children have."""
    texts = (Path(f"/proc/{each}/status").read_text() for each in _family(pid))
    return sum(int(re.findall(r"VmRSS:\s+(\d+)", text)[0]) for text in texts) / 1024


def processor(pid: int) -> float:
    """Give the seconds of processor of a process and its children; 0 where that is unknown."""
    if sys.platform != "linux":
        return 0.0
    fields = (
        Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split() for each in _family(pid)
    )
    return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")


def _family(pid: int) -> list[int]:
    """Give a process and its children, which any of its threads began."""
    found = [pid]
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError):  # it ended since it was listed
            found += map(int, (thread / "children").read_text().split())
    return found


if __name__ == "__main__":
    main()
