"""All claims on stores of cases, beside the same queries run straight on pyoxigraph and rdflib.

Run: `python benchmarks/evidence.py DIR... [--rdflib DIR] [--bare N]`, where each DIR is a store
made with `benchmarks/generate.py` and `coproduction load`, the smallest first. Printed are the
time of the whole command, the slowest claims and queries, and the ratios; every way has to come
to the same counts. rdflib gets a store of its own, of a thousand cases or so; `--bare N`
leaves bare pyoxigraph out on stores of more than N cases.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import measured
import pyoxigraph as ox

import coproduction
from coproduction.evidence.claims import claim_tests
from coproduction.evidence.ledger import Evidence
from coproduction.evidence.sides import sides_of
from coproduction.knowledge.questions import Question

Counts = dict[str, tuple[int, ...]]
Rows = Iterator[dict[str, str]]
PARTS = ("support", "counterexamples")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="All claims on stores of cases.")
    parser.add_argument("stores", nargs="+", metavar="DIR")
    parser.add_argument("--rdflib", metavar="DIR")
    parser.add_argument("--bare", type=int, default=1_000_000, metavar="N")
    arguments = parser.parse_args()
    print(
        f"Python {platform.python_version()}, {platform.machine()}, load {os.getloadavg()[0]:.1f}"
    )
    before: tuple[int, float] | None = None
    for store in arguments.stores:
        size, seconds, _ = ours(store, arguments.bare)
        if before:
            # 11 times for 10 times as many: as much a case and a tenth more.
            limit = 1.1 * size / before[0]
            now, then = (measured.Took(0, each) for each in (seconds, before[1]))
            what = f"evidence, {size:,} cases beside {before[0]:,}"
            measured.tell(measured.Line(what, now, then, "fewer cases", round(limit, 2)))
        before = size, seconds
    if arguments.rdflib:
        _, _, counts = ours(arguments.rdflib, 0)
        graph = coproduction.open(store=arguments.rdflib).to_rdflib()

        def rows(question: Question) -> Rows:
            for row in graph.query(question.text).bindings:
                yield {str(name): str(value) for name, value in row.items()}

        compared("rdflib", counts, rows)


def ours(store: str, bare: int) -> tuple[int, float, Counts]:
    """Measure the command and its queries; give the cases, processor seconds and counts."""
    kg = coproduction.open(store=store)
    (row,) = kg.query("SELECT (COUNT(DISTINCT ?case) AS ?n) WHERE { ?case a cop:Case }")
    size = int(str(row["n"]))
    wall, processor, memory, out = command(store)
    print(f"\n{Path(store).name}: {size:,} cases")
    print(
        f"  coproduction evidence  {wall:.1f} s ({processor:.1f} s of processor, {memory:.1f} GB)"
    )
    evidence = Evidence(kg.store, with_own_source=True)
    claims: dict[str, float] = {}
    for claim in claim_tests():
        start = time.perf_counter()
        evidence.of(claim, rows=False)
        claims[claim] = time.perf_counter() - start
    print("  claims one by one     ", listed(claims))
    lines = {line["claim"]: line for line in csv.DictReader(io.StringIO(out))}
    counts = {
        claim: tuple(int(lines[claim][name] or 0) for name in ("for", "against"))
        for claim in claim_tests()
    }
    if size <= bare:
        inner = kg.store.inner

        def rows(question: Question) -> Rows:
            answer = inner.query(question.text, use_default_graph_as_union=True)
            assert isinstance(answer, ox.QuerySolutions)
            names = [variable.value for variable in answer.variables]
            for row in answer:
                yield {name: row[name].value for name in names if row[name] is not None}

        bare_took = compared("bare pyoxigraph", counts, rows)
        took, peer = measured.Took(wall, processor), measured.Took(*bare_took)
        what = f"evidence, {size:,} cases"
        measured.tell(measured.Line(what, took, peer, "pyoxigraph, claims one by one", 1.0))
    return size, processor, counts


def command(store: str) -> tuple[float, float, float, str]:
    """Run the command; give its time, its processor time, its peak in GB and what it printed."""
    words = [sys.executable, "-m", "coproduction", "evidence", "--format", "csv", "--store", store]
    words.append("--with-own-source")  # whose placements the bare queries have too
    start = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    out = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, f"the command ended with {status}"
    wall = time.perf_counter() - start
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e6, out


def compared(name: str, counts: Counts, rows: Callable[[Question], Rows]) -> tuple[float, float]:
    """Run each query file for its rows, compare the counts with ours, and tell the time."""
    start, processor = time.perf_counter(), time.process_time()
    for claim, test in claim_tests().items():
        sides = sides_of(test, rows(test.query))
        found = tuple(sides.counts.on[part] for part in PARTS)
        assert found == counts[claim], f"{claim}: {name} has {found}, we have {counts[claim]}"
    seconds = time.perf_counter() - start
    print(f"  {name:<22} {seconds:.1f} s, the same counts")
    return seconds, time.process_time() - processor


def listed(times: dict[str, float], most: int = 5) -> str:
    """Give the longest times, each with its name."""
    longest = sorted(times.items(), key=lambda item: -item[1])[:most]
    return ", ".join(f"{name.rpartition(' ')[2]} {seconds:.2f} s" for name, seconds in longest)


if __name__ == "__main__":
    main()
