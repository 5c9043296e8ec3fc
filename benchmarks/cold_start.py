"""Cold start of `coproduction ask glass-ceiling` beside what one would pick instead.

Four commands, run in turn in the same loop so that the machine's mood is shared:

- ours: `coproduction ask glass-ceiling`
- help: `coproduction --help`
- pyoxigraph: a bare script that loads the same files and runs the same query
- rdflib: the same script with rdflib

Prints the median of each and the ratios that the project promises. Run: `make benchmark`.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

from coproduction.knowledge.questions import find_question
from coproduction.names import PACKAGED_GRAPHS
from coproduction.resources import data_dir

PYOXIGRAPH = """
import sys, pyoxigraph as ox
store = ox.Store()
for name in sys.argv[2:]:
    store.load(path=name, format=ox.RdfFormat.TURTLE)
result = store.query(open(sys.argv[1]).read())
sys.stdout.buffer.write(result.serialize(format=ox.QueryResultsFormat.CSV))
"""
RDFLIB = """
import sys, rdflib
graph = rdflib.Graph()
for name in sys.argv[2:]:
    graph.parse(name, format="turtle")
sys.stdout.buffer.write(graph.query(open(sys.argv[1]).read()).serialize(format="csv"))
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20)
    runs = parser.parse_args().runs
    files = [str(data_dir("ontology") / name) for name in PACKAGED_GRAPHS.values()]
    question = str(find_question("glass-ceiling").path)
    ours = str(Path(sys.executable).with_name("coproduction"))
    commands = {
        "ours": [ours, "ask", "glass-ceiling"],
        "help": [ours, "--help"],
        "pyoxigraph": [sys.executable, "-c", PYOXIGRAPH, question, *files],
        "rdflib": [sys.executable, "-c", RDFLIB, question, *files],
    }
    answers = {name: run(command)[1] for name, command in commands.items()}
    rows = {name: sorted(answers[name].split()) for name in ("ours", "pyoxigraph", "rdflib")}
    if not rows["ours"] == rows["pyoxigraph"] == rows["rdflib"]:
        sys.exit("the three do not give the same rows")
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            times[name].append(run(command)[0])
    median = {name: statistics.median(values) for name, values in times.items()}
    print(f"Python {platform.python_version()}, {platform.machine()}, {runs} runs each, medians")
    for name, seconds in median.items():
        print(f"  {name:<11}{seconds * 1000:7.0f} ms")
    print(f"rdflib / ours      {median['rdflib'] / median['ours']:.1f}  (promised: at least 4)")
    print(f"ours / pyoxigraph  {median['ours'] / median['pyoxigraph']:.2f}  (promised: at most 2)")
    print(f"help / ours        {median['help'] / median['ours']:.2f}  (promised: at most 1)")


def run(command: list[str]) -> tuple[float, str]:
    """Run a command; give its seconds and its output."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return time.perf_counter() - start, done.stdout


if __name__ == "__main__":
    main()
