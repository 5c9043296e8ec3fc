"""Inference by rules: beside the same CONSTRUCTs straight on pyoxigraph, and beside HermiT.

Run: `python benchmarks/rules.py DIR... --hermit DIR`, where each DIR is a store made with
`benchmarks/generate.py` and `coproduction load`, the smallest first; they are only read. What the
rules conclude is compared first: the triples that the CONSTRUCTs give and no graph says.
HermiT is stopped after --seconds; its time a case is then at least that over the cases. With
--write, `coproduction classify` is timed too, on a copy.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import measured
import pyoxigraph as ox

from coproduction.knowledge.levels import rubrics_of
from coproduction.knowledge.questions import all_questions
from coproduction.names import COP, RDF
from coproduction.reasoning.hermit import ReasoningError
from coproduction.reasoning.hermit import classify as hermit
from coproduction.reasoning.inference import INFERRED, classify, infer
from coproduction.store.embedded import EmbeddedStore
from coproduction.store.on_disk import open_folder

T = TypeVar("T")
CASE = (None, ox.NamedNode(RDF + "type"), ox.NamedNode(COP + "Case"))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stores", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--hermit", type=Path, metavar="DIR", help="a store for HermiT")
    parser.add_argument("--seconds", type=float, default=3_600, help="HermiT's limit")
    parser.add_argument("--memory", type=int, default=8_000, help="HermiT's limit, in MB")
    parser.add_argument("--write", action="store_true", help="time the whole command too")
    arguments = parser.parse_args()
    print(
        f"Python {platform.python_version()}, {platform.machine()}, {arguments.runs} runs, medians"
    )
    costs = [measure(path, arguments.runs) for path in arguments.stores]
    for before, after, path in zip(costs, costs[1:], arguments.stores[1:], strict=False):
        print(f"{path}: a case takes {after / before:.2f} times as long as in the store before")
    if arguments.write:
        for path in arguments.stores:
            whole(path)
    if arguments.hermit:
        beside_hermit(arguments.hermit, costs[-1], arguments.seconds, arguments.memory)


def measure(path: Path, runs: int) -> float:
    """Compare the rules with the bare CONSTRUCTs on one store; give the seconds for a case."""
    store = open_folder(path)
    levels = set(rubrics_of(store).values())
    inferred = {quad.predicate.value for quad in store.statements(None, None, None, INFERRED)}
    if inferred - levels:  # those are written by every load
        sys.exit(f"{path}: take a store that was not classified yet")
    cases = count(store)
    by_rules, by_text = set(infer(store)), straight(store)
    if by_rules != unsaid(store, by_text):
        sys.exit(f"{path}: the rules and the CONSTRUCTs conclude different triples")
    concluded = len(by_rules)
    del by_rules, by_text
    # By turns, so that other work on the machine meets both alike.
    pairs = [
        (measured.timed(lambda: set(infer(store)))[0], measured.timed(lambda: straight(store))[0])
        for _ in range(runs)
    ]
    ours, theirs = (
        measured.Took(*map(statistics.median, zip(*each, strict=True)))
        for each in zip(*pairs, strict=True)
    )
    mine, bare = ours.processor, theirs.processor
    print(f"{path}: {cases:,} cases, {concluded:,} triples concluded")
    print(f"  rules       {mine:8.2f} s  {mine / cases * 1e6:7.1f} us a case")
    print(f"  CONSTRUCTs  {bare:8.2f} s  {bare / cases * 1e6:7.1f} us a case")
    what = f"rules over {cases:,} cases"
    measured.tell(measured.Line(what, ours, theirs, "the same CONSTRUCTs", 1.2))
    return mine / cases


def straight(store: EmbeddedStore) -> set[ox.Triple]:
    """Run the rules as anybody would with pyoxigraph alone."""
    found: set[ox.Triple] = set()
    for rule in all_questions("queries/rules"):
        answer = store.inner.query(rule.text, use_default_graph_as_union=True)
        assert isinstance(answer, ox.QueryTriples)
        found.update(answer)
    return found


def unsaid(store: EmbeddedStore, triples: set[ox.Triple]) -> set[ox.Triple]:
    """Give those that no graph says but that of inferences, which the rules pass over."""

    def is_said(triple: ox.Triple) -> bool:
        quads = store.statements(triple.subject, triple.predicate, triple.object)
        return any(quad.graph_name != INFERRED for quad in quads)

    return {triple for triple in triples if not is_said(triple)}


def whole(path: Path) -> None:
    """Time the command on a copy, with the writing and the record."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "store"
        shutil.copytree(path, copy)
        seconds, concluded = timed(lambda: classify(copy))
    print(f"{path}: classify writes {concluded:,} triples in {seconds:.1f} s", flush=True)


def beside_hermit(path: Path, rules: float, seconds: float, memory: int) -> None:
    """Let HermiT classify a store, and compare the time of a case."""
    from coproduction.store.rdflib_graphs import to_rdflib

    store = open_folder(path)
    cases = count(store)
    graph = to_rdflib({quad.triple for quad in store.inner})
    print(f"{path}: HermiT begins on {cases:,} cases", flush=True)
    start, least = time.perf_counter(), ""
    try:
        members = hermit(graph, seconds=seconds, memory=memory)
    except ReasoningError as error:
        print(f"  {error}")
        if "MB of memory" in str(error) or "stopped" not in str(error):
            return
        least = "at least "
    else:
        said = {
            (quad.subject.value, quad.object.value)
            for quad in store.inner.quads_for_pattern(None, CASE[1], None)
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode)
        }
        concluded = {(t.subject.value, t.object.value) for t in infer(store)}
        print(f"  HermiT and the rules agree: {members - said == concluded}")
    # A run that was stopped counts with its limit alone: reading the graph took time too.
    each = (seconds if least else time.perf_counter() - start) / cases
    print(f"  HermiT      {least}{each * 1e6:,.0f} us a case")
    print(f"  rules       {least}{each / rules:,.0f} times as fast (promised: at least 100)")


def count(store: EmbeddedStore) -> int:
    """Count the cases."""
    return sum(1 for _ in store.inner.quads_for_pattern(*CASE))


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Give the seconds that work takes, and what it gives."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


if __name__ == "__main__":
    main()
