"""Every competency question on a store of many cases, beside pyoxigraph with the same text.

Run: `python benchmarks/questions.py DIR [--limit SECONDS]`, where DIR is a store made with
`benchmarks/generate.py` and `coproduction load`. Each question is run in a process of its own,
twice each way in turn, a quick one up to seven times; the fastest run counts. A question above
the limit is named and left.
"""

from __future__ import annotations

import argparse
import platform
import subprocess
import sys
from pathlib import Path

from coproduction.knowledge.questions import all_questions

OURS = """
import sys, time
import coproduction
kg = coproduction.open(store=sys.argv[1])
text = kg.question_text(next(q for q in kg.questions() if q.id == sys.argv[2]))
times = []
while not times or (times[0] < 0.5 and len(times) < 7):
    start = time.perf_counter()
    n = sum(1 for _ in kg.ask(sys.argv[2]))
    times.append(time.perf_counter() - start)
print(min(times), n)
"""
FLOOR = """
import sys, time
import coproduction
from coproduction.store.on_disk import open_folder
from coproduction.names import PREFIXES
kg = coproduction.open()
text = kg.question_text(next(q for q in kg.questions() if q.id == sys.argv[2]))
store = open_folder(sys.argv[1]).inner
times = []
while not times or (times[0] < 0.5 and len(times) < 7):
    start = time.perf_counter()
    n = sum(1 for _ in store.query(text, prefixes=PREFIXES, use_default_graph_as_union=True))
    times.append(time.perf_counter() - start)
print(min(times), n)
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("--limit", type=float, default=120.0)
    arguments = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}")
    print("question   ours s  floor s  ratio    rows")
    bad = []
    for question in all_questions():
        times: dict[str, float] = {}
        rows: set[str] = set()
        for script in (OURS, FLOOR) * 2:
            command = [sys.executable, "-c", script, str(arguments.store), question.id]
            try:
                done = subprocess.run(
                    command, capture_output=True, text=True, check=False, timeout=arguments.limit
                )
            except subprocess.TimeoutExpired:
                break
            if done.returncode:
                sys.exit(f"{question.id}: {done.stderr}")
            seconds, count = done.stdout.split()
            times[script] = min(times.get(script, 1e9), float(seconds))
            rows.add(count)
        if len(times) < 2:
            print(f"{question.id:8}  above {arguments.limit:.0f} s", flush=True)
            continue
        ratio = times[OURS] / times[FLOOR]
        small = times[FLOOR] < 0.05
        if len(rows) != 1 or ratio > (1.5 if small else 1.1):
            bad.append(question.id)
        print(
            f"{question.id:8} {times[OURS]:8.3f} {times[FLOOR]:8.3f} {ratio:6.2f} {rows.pop():>7}",
            flush=True,
        )
    print(f"above 1.1 (1.5 under 50 ms): {', '.join(bad) or 'none'}")


if __name__ == "__main__":
    main()
