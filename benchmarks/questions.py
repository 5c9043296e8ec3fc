"""Every competency question on a store of many cases, beside pyoxigraph with its bare text.

Run: `python benchmarks/questions.py DIR [--limit SECONDS] [--ids CQ18 ...] [--memory]`, where DIR
is a store made with `benchmarks/generate.py` and `coproduction load`. Ours has labels, is sorted
and written as CSV; the bare text has no labels, and the engine writes its rows. Each is run in a
process of its own; the fastest run of the processor counts. A question above the limit
is named and left. With --memory both ask a copy in memory. Told too are the slowest answer, and the
slowest first row: until rows with labels begin to be written as they are found, of those questions
that give any (`ask --stream`).
"""

from __future__ import annotations

import argparse
import platform
import subprocess
import sys
from pathlib import Path

import measured

from coproduction.knowledge.questions import all_questions

SCRIPT = """
import io, sys, time
import pyoxigraph as ox
import coproduction
from coproduction.knowledge.answers import answer, streamed
from coproduction.knowledge.questions import find_question, question_text
from coproduction.names import PREFIXES
from coproduction.results.fetching import QueryOptions
from coproduction.store.embedded import EmbeddedStore
from coproduction.store.on_disk import open_folder
_, folder, name, way, place = sys.argv
store = open_folder(folder)
if place == "memory":
    inner = ox.Store()
    inner.bulk_extend(iter(store.statements()))
    store = EmbeddedStore(inner)
question = find_question(name)
text = question_text(store, question)
class Sink:
    took = None
    def write(self, part):
        self.took = self.took or (time.perf_counter() - start, time.process_time() - processor)
        return len(part)
start, processor = time.perf_counter(), time.process_time()
if way == "ours":
    answered = answer(store, question, QueryOptions(wanted="rows", by=""))
    answered.write("csv", io.BytesIO())
    rows = len(answered.terms)
elif way == "first":
    sink = Sink()
    found = streamed(store, question, QueryOptions(wanted="rows", by="", most=1000), "en", {})[0]
    found.write("csv", sink)
    rows = found.count
else:
    answered = store.inner.query(text, prefixes=PREFIXES, use_default_graph_as_union=True)
    found = answered.serialize(format=ox.QueryResultsFormat.JSON)
took = time.perf_counter() - start, time.process_time() - processor
if way == "first":
    took = sink.took
if way == "bare":
    parsed = ox.parse_query_results(found, ox.QueryResultsFormat.JSON)
    rows = sum(1 for _ in parsed)
print(*took, rows)
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("--limit", type=float, default=120.0)
    parser.add_argument("--times", type=int, default=2)
    parser.add_argument("--ids", nargs="*", help="of questions; by default all")
    parser.add_argument("--memory", action="store_true")
    arguments = parser.parse_args()
    place = "memory" if arguments.memory else "disk"
    print(f"Python {platform.python_version()}, {platform.machine()}, seconds of processor")
    print("question    ours     bare  ratio    rows    first row")
    both: dict[str, list[measured.Took]] = {"ours": [], "bare": []}
    first: dict[str, measured.Took] = {}
    ended, left = [], []
    for question in all_questions():
        if arguments.ids and question.id not in arguments.ids:
            continue
        found = {way: asked(arguments.store, question.id, way, place, arguments) for way in both}
        ours, bare = found["ours"], found["bare"]
        if ours is None or bare is None:
            left.append(question.id)
            print(f"{question.id:8}  above {arguments.limit:.0f} s", flush=True)
            continue
        if ours[1] != bare[1] and question.limit is None:
            sys.exit(f"{question.id}: {ours[1]} rows, and {bare[1]} of the bare text")
        ended.append(question.id)
        both["ours"].append(ours[0])
        both["bare"].append(bare[0])
        ratio = ours[0].processor / bare[0].processor
        begun = asked(arguments.store, question.id, "first", place, arguments)
        if begun is not None and begun[1]:
            first[question.id] = begun[0]
        print(
            f"{question.id:8} {ours[0].processor:8.3f} {bare[0].processor:8.3f} {ratio:6.2f} "
            f"{ours[1]:>8} {first.get(question.id, measured.Took(0, 0)).processor:10.3f}",
            flush=True,
        )
    print(f"above {arguments.limit:.0f} s: {', '.join(left) or 'none'}")
    sums = (
        measured.Took(sum(t.wall for t in b), sum(t.processor for t in b)) for b in both.values()
    )
    number = len(both["ours"])
    measured.tell(measured.Line(f"{number} questions from {place}", *sums, "pyoxigraph, bare", 1.1))
    answers = dict(zip(ended, both["ours"], strict=True))
    for what, times, limit in (("answer", answers, 2.0), ("first row", first, 0.3)):
        name, took = max(times.items(), key=lambda item: item[1].processor)
        over = sum(each.processor > limit for each in times.values())
        work = f"slowest {what} from {place}: {name}; {over} of {len(times)} above"
        measured.tell(measured.Line(work, took, measured.Took(0, limit), "promised", 1))


def asked(
    store: Path, name: str, way: str, place: str, arguments: argparse.Namespace
) -> tuple[measured.Took, int] | None:
    """Ask a question one way, each time in a process of its own; None above the limit."""
    runs, rows = [], 0
    for _ in range(arguments.times):
        command = [sys.executable, "-c", SCRIPT, str(store), name, way, place]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, check=False, timeout=arguments.limit
            )
        except subprocess.TimeoutExpired:
            return None
        if done.returncode:
            sys.exit(f"{name}: {done.stderr}")
        wall, processor, count = done.stdout.split()
        runs.append(measured.Took(float(wall), float(processor)))
        rows = int(count)
    return measured.best(runs), rows


if __name__ == "__main__":
    main()
