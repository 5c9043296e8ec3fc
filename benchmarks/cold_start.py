"""Cold start of `coproduction ask glass-ceiling` beside what one would pick instead.

Four commands, run in turn in the same loop so that the machine's mood is shared:

- ours: `coproduction ask glass-ceiling`
- help: `coproduction --help`
- pyoxigraph: a bare script that loads the same files and runs the same query
- rdflib: the same script with rdflib

Prints the median of each and the ratios that the project promises. Run: `python
benchmarks/cold_start.py`.
"""

from __future__ import annotations

import argparse
import csv
import io
import platform
import statistics
import sys
from pathlib import Path

import measured

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
    command = str(Path(sys.executable).with_name("coproduction"))
    commands = {
        "ours": [command, "ask", "glass-ceiling"],
        "help": [command, "--help"],
        "pyoxigraph": [sys.executable, "-c", PYOXIGRAPH, question, *files],
        "rdflib": [sys.executable, "-c", RDFLIB, question, *files],
    }
    answers = {name: measured.run(words)[1] for name, words in commands.items()}
    rows = {name: rows_of(answers[name]) for name in ("ours", "pyoxigraph", "rdflib")}
    if not rows["ours"] == rows["pyoxigraph"] == rows["rdflib"]:
        sys.exit("the three do not give the same rows")
    times: dict[str, list[measured.Took]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, words in commands.items():
            times[name].append(measured.run(words)[0])
    median = {
        name: measured.Took(*(statistics.median(part) for part in zip(*took, strict=True)))
        for name, took in times.items()
    }
    print(f"Python {platform.python_version()}, {platform.machine()}, {runs} runs each, medians")
    for name, took in median.items():
        print(f"  {name:<11}{took.wall * 1000:7.0f} ms, {took.processor * 1000:.0f} of processor")
    ours = median["ours"]
    for other, limit, slower in (("rdflib", 4, True), ("pyoxigraph", 2, False)):
        measured.tell(
            measured.Line(
                "first answer", ours, median[other], f"bare {other}", limit, slower, of="wall"
            )
        )
    measured.tell(measured.Line("--help", median["help"], ours, "the first answer", 1, of="wall"))


def rows_of(text: str) -> list[list[tuple[str, str]]]:
    """Give the rows of a CSV, without the labels, which ours has beside."""
    rows = csv.DictReader(io.StringIO(text))
    return sorted(
        sorted((name, value) for name, value in row.items() if not name.endswith("Label"))
        for row in rows
    )


if __name__ == "__main__":
    main()
