"""Every question, and the claims, asked of a server through the package and bare, in turns.

Run: `python benchmarks/servers.py CASES.csv --start Fuseki Oxigraph`, where the servers are those
of `tests/engines/servers.py`, each named by a part of its name, and are started here and loaded
with the cases; or `python benchmarks/servers.py --endpoint URL` for one that runs and holds them.
Bare is the text of the question's file, and the same with its labels, posted by urllib with the
same Accept, the body read and no more. Beside the first stands the text through `query`, which
looks no label up; beside the second the question through `ask`, which does. Numbers of rows are
compared first. The fastest of `--times` runs counts; what takes longer than `--limit` seconds is
named and left, and so is what a server cuts when it is asked bare. A server may go on with a query
that nobody waits for any more: `--leave` names questions that are not asked.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, ExitStack
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlencode

import measured

import coproduction
from coproduction.cases.served_loads import load_served
from coproduction.errors import QueryError
from coproduction.evidence.claims import claim_tests
from coproduction.knowledge.questions import all_questions
from coproduction.knowledge_graph import KnowledgeGraph
from coproduction.store.portable_text import names_graph, with_prefixes
from coproduction.store.served import ServedStore

ROOT = Path(__file__).resolve().parents[1]
ACCEPT = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
PROMISED = 1.2
Way = Callable[[], int | bytes]
Row = tuple[str, float, float, float, float]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="?", type=Path)
    parser.add_argument("--start", nargs="*", default=[], metavar="NAME")
    parser.add_argument("--endpoint", metavar="URL")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--limit", type=float, default=60.0)
    parser.add_argument("--leave", nargs="*", default=[], metavar="CQ45")
    arguments = parser.parse_args()
    limits = arguments.times, arguments.limit, frozenset(arguments.leave)
    print(
        f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    differ = 0
    if arguments.endpoint:
        differ += measure(arguments.endpoint, *limits)
    for name, start in _servers(arguments.start).items():
        print(f"\n{name}")
        with ExitStack() as running, tempfile.TemporaryDirectory() as folder:
            url = running.enter_context(start(Path(folder)))
            load_served(arguments.cases, url)
            differ += measure(url, *limits)
    sys.exit(1 if differ else 0)


def _servers(names: list[str]) -> dict[str, Callable[[Path], AbstractContextManager[str]]]:
    sys.path.insert(0, str(ROOT))
    from tests.engines.servers import SERVERS

    return {name: start for part in names for name, start in SERVERS.items() if part in name}


def measure(url: str, times: int, limit: float, left: Collection[str]) -> int:
    """Ask a server everything both ways, print the ratios; give how many answers differ."""
    differ = 0
    kg = coproduction.open(endpoint=url)
    (row,) = kg.query("SELECT (COUNT(DISTINCT ?case) AS ?n) WHERE { ?case a cop:Case }")
    print(f"{row['n']:,} cases at {url}")
    print("question  query s   bare s    ratio    ask s  labels s   ratio")
    rows: list[Row] = []
    for question in all_questions():
        if question.id in left:
            continue
        labelled = kg.question_text(question)
        ways: dict[str, Way] = {
            "bare": partial(bare, kg, question.text, limit),
            "query": partial(queried, kg, question.text),
            "labelled": partial(bare, kg, labelled, limit),
            "ask": partial(asked, kg, question.id),
        }
        found = in_turns(ways, times, limit)
        if found is None:
            print(f"{question.id:8} above {limit:.0f} s", flush=True)
            continue
        seconds, counts = found
        if is_cut(counts):
            print(f"{question.id:8} the bare rows were cut at {counts['bare']:,}", flush=True)
            continue
        if len(set(counts.values())) > 1:
            print(f"{question.id:8} {counts}: not the same rows", flush=True)
            differ += 1
            continue
        rows.append((question.id, *(seconds[way] for way in ("query", "bare", "ask", "labelled"))))
        print(_line(*rows[-1]) + f" {counts['ask']:>8} rows", flush=True)
    _summary("questions", rows)
    claims(kg, times, limit)
    return differ


def is_cut(counts: dict[str, int]) -> bool:
    """Tell whether a server gave its most rows to the bare texts, and all of them to the others."""
    least, most = counts["bare"], counts["ask"]
    ours, theirs = {counts["query"], most}, {counts["labelled"], least}
    return len(ours) == len(theirs) == 1 and most > least > 0 and least % 1000 == 0


def queried(kg: KnowledgeGraph, text: str) -> int:
    """Send a text through the package; give the number of its rows."""
    return len(kg.query(text))


def asked(kg: KnowledgeGraph, name: str) -> int:
    """Ask a question through the package; give the number of its rows."""
    return len(kg.ask(name))


def claims(kg: KnowledgeGraph, times: int, limit: float) -> None:
    """Measure the verdicts on all claims beside the files of the claims, one after the other."""
    texts = [test.query.text for test in claim_tests().values()]

    def those() -> int:
        return sum(bool(bare(kg, text, limit)) for text in texts)

    ways: dict[str, Way] = {"ours": lambda: len(kg.evidence().all()), "bare": those}
    found = in_turns(ways, times, 10 * limit)
    if found is None:
        print(f"evidence above {10 * limit:.0f} s")
        return
    ours, plain = found[0]["ours"], found[0]["bare"]
    print(
        f"evidence   ours {ours:.2f} s, {len(texts)} claims bare {plain:.2f} s: {ours / plain:.2f}"
    )


def in_turns(
    ways: dict[str, Way], times: int, limit: float
) -> tuple[dict[str, float], dict[str, int]] | None:
    """Run each way in turn; give the shortest time and the rows of each, None if one took long."""
    seconds: dict[str, float] = {}
    counts: dict[str, int] = {}
    for _ in range(times):
        for name, way in ways.items():
            start = time.perf_counter()
            try:
                found = way()
            except (TimeoutError, QueryError):
                return None
            took = time.perf_counter() - start
            if took > limit:
                return None
            seconds[name] = min(seconds.get(name, took), took)
            if name not in counts:
                counts[name] = found if isinstance(found, int) else _rows_in(found)
    return seconds, counts


def bare(kg: KnowledgeGraph, text: str, limit: float) -> bytes:
    """Post a query to the server of a graph; give the body of the answer."""
    store = kg.store
    assert isinstance(store, ServedStore)
    asked = with_prefixes(text)
    data_set = list(store.union)
    if names_graph(asked) and data_set and data_set[0][0] == "default-graph-uri":
        data_set += [("named-graph-uri", iri) for iri in graphs_of(kg)]
    body = urlencode([("query", asked), *data_set]).encode()
    request = urllib.request.Request(store.connection.url, body, {"Accept": ACCEPT})
    try:
        with urllib.request.urlopen(request, timeout=limit) as reply:
            answer: bytes = reply.read()
            return answer
    except urllib.error.URLError as error:
        raise TimeoutError(str(error)) from None


@cache
def graphs_of(kg: KnowledgeGraph) -> list[str]:
    """Give the graphs of a server, asked once."""
    return list(kg.store.graphs())


def _rows_in(body: bytes) -> int:
    return len(json.loads(body)["results"]["bindings"])


def _summary(what: str, rows: list[Row]) -> None:
    queried, plain, asked, labelled = (sum(row[at] for row in rows) for at in (1, 2, 3, 4))
    print(
        f"{what}: {len(rows)}, query {queried:.2f} s / bare {plain:.2f} s = {queried / plain:.2f}, "
        f"ask {asked:.2f} s / bare with labels {labelled:.2f} s = {asked / labelled:.2f} "
        f"({PROMISED}); ask / bare without {asked / plain:.2f}"
    )
    for ours, theirs, peer in (
        (queried, plain, "the text posted"),
        (asked, labelled, "with labels, posted"),
    ):
        mine, others = measured.Took(ours, 0), measured.Took(theirs, 0)
        work = f"{len(rows)} {what} on a server"
        measured.tell(measured.Line(work, mine, others, peer, PROMISED, of="wall"))
    for at, name in ((1, "query"), (3, "ask")):
        worst = sorted(rows, key=lambda row: row[at + 1] - row[at])[:5]
        print(f"  most time beside it, {name}: " + ", ".join(row[0] for row in worst))


def _line(name: str, queried: float, plain: float, asked: float, labelled: float) -> str:
    return (
        f"{name:8} {queried:8.3f} {plain:8.3f} {queried / plain:8.2f} {asked:8.3f} {labelled:8.3f} "
        f"{asked / labelled:8.2f}"
    )


if __name__ == "__main__":
    main()
