"""A store asked in memory beside the same on disk: questions in turn, and what it takes to open it.

Answers are compared first, as CSV with labels; of `evidence` all verdicts. Then `open` with
`in_memory` is set beside the slowest of what was asked on disk: one that takes longer does not pay
for one command. Run: `python benchmarks/in_memory.py DIR [--ids CQ40 ...] [--times N]`, where DIR
is a store made with `benchmarks/generate.py` and `coproduction load`.
"""

from __future__ import annotations

import argparse
import io
import os
import platform
import resource
import sys
from collections.abc import Callable
from pathlib import Path

import measured

import coproduction
from coproduction import KnowledgeGraph
from coproduction.evidence.ledger import Evidence

ASKED = ("CQ40", "CQ43", "CQ44", "CQ45", "CQ47", "CQ61", "evidence", "CQ54")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("--ids", nargs="*", default=ASKED, help="of questions, or evidence")
    parser.add_argument("--times", type=int, default=2)
    arguments = parser.parse_args()
    print(
        f"Python {platform.python_version()}, {platform.machine()}, load {os.getloadavg()[0]:.1f}"
    )
    before = most_memory()
    opened, memory = measured.timed(
        lambda: coproduction.open(store=arguments.store, in_memory=True)
    )
    size = memory.store.size()
    print(
        f"{size:,} statements: {opened.processor:.2f} s of processor, "
        f"{opened.wall:.2f} by the clock, {most_memory() - before:.0f} MiB"
    )
    disk = coproduction.open(store=arguments.store)
    slowest, name_of_slowest = measured.Took(0, 0), ""
    for name in arguments.ids:
        took = measure(name, disk, memory, arguments.times)
        if took.processor > slowest.processor:
            slowest, name_of_slowest = took, name
    what = f"copying {size:,} statements into memory"
    measured.tell(measured.Line(what, opened, slowest, f"{name_of_slowest} on disk", 1))


def measure(name: str, disk: KnowledgeGraph, memory: KnowledgeGraph, times: int) -> measured.Took:
    """Ask a question of both in turn; give what it took on disk."""
    runs: list[list[measured.Took]] = [[], []]
    for _ in range(times):
        both = [measured.timed(asking(name, graph)) for graph in (memory, disk)]
        if both[0][1] != both[1][1]:
            sys.exit(f"{name}: the answers are not the same")
        for each, (took, _) in zip(runs, both, strict=True):
            each.append(took)
    in_memory, on_disk = map(measured.best, runs)
    measured.tell(measured.Line(f"{name} in memory", in_memory, on_disk, "on disk", 1))
    return on_disk


def asking(name: str, graph: KnowledgeGraph) -> Callable[[], object]:
    """Give what asks a graph, and gives all of the answer."""
    if name == "evidence":
        return lambda: Evidence(graph.store).all()

    def written() -> bytes:
        out = io.BytesIO()
        graph.ask(name).write("csv", out)
        return out.getvalue()

    return written


def most_memory() -> float:
    """Give the mebibytes that this process had at the highest."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
