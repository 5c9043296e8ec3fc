"""Validating RDF: `coproduction validate` beside validators of SHACL on the same shapes and cases.

Cases as N-Triples, two in a hundred broken (a statement gone, doubled, or with an object of
another kind). All run as whole processes; what they find is compared first. pySHACL judges; with
`--others` two in Rust are asked too (`pip install pyshifty pyshacl-turbo`); where one finds
something else, that is told, and no ratio. `--without-judge` leaves pySHACL out, which is slow.
Run: `python benchmarks/validate_rdf.py 1000 --others`.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import random
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import measured
import pyoxigraph as ox
from generate import write

from coproduction.cases.loading import read_cases
from coproduction.names import PACKAGED_GRAPHS, TERMS
from coproduction.resources import data_dir

JUDGE = """
import csv, sys
from coproduction.names import PACKAGED_GRAPHS, TERMS
from coproduction.resources import data_dir
from coproduction.validation.shacl import read_turtle, validate
import rdflib
graph = rdflib.Graph(bind_namespaces="none")
graph.parse(sys.argv[1], format="nt")
terms = [data_dir("ontology") / PACKAGED_GRAPHS[name] for name in (*TERMS, "literature")]
found = validate(graph, data_dir("shapes") / "case-record.ttl", ontology=read_turtle(terms))
csv.writer(sys.stdout).writerows((f.focus, f.shape.rpartition("#")[2]) for f in found)
"""
REPORT = """
from rdflib import SH, Graph
from rdflib.util import guess_format
def merged(*files):
    graph = Graph(bind_namespaces="none")
    for file in files:
        graph.parse(file, format=guess_format(file))
    return graph
def told(report):
    rows = {
        (str(node), str(report.value(one, SH.sourceShape)).rpartition("#")[2])
        for one, node in report.subject_objects(SH.focusNode)
        if (None, SH.result, one) in report
    }
    csv.writer(sys.stdout).writerows(rows)
"""
OTHERS = {
    "pyshacl-turbo": """
import csv, sys
import pyshacl_turbo
data, shapes, *terms = sys.argv[1:]
ontology = merged(*terms)
told(pyshacl_turbo.validate(merged(data), shacl_graph=merged(shapes), ont_graph=ontology)[1])
""",
    "pyshifty": """
import csv, sys
import shifty
data, shapes, *terms = sys.argv[1:]
shape_graph = merged(shapes)
told(shifty.validate([data, *terms], shape_graph, graph_mode="data", infer=False)[1])
""",
}
MODULES = {"pyshacl-turbo": "pyshacl_turbo", "pyshifty": "shifty"}
Findings = set[tuple[str, ...]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", type=int)
    parser.add_argument("--others", action="store_true", help="validators in Rust beside it")
    parser.add_argument("--without-judge", action="store_true", help="leave pySHACL out")
    arguments = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}")
    what = f"validate {arguments.cases:,} cases in RDF"
    with tempfile.TemporaryDirectory() as scratch:
        data = broken(arguments.cases, Path(scratch))
        mine, findings = ours(data, Path(scratch) / "report.json")
        print(f"{arguments.cases:,} cases, {len(findings):,} findings, {measured.shown(mine)}")
        if not arguments.without_judge:
            judge, judged = read([sys.executable, "-W", "ignore", "-c", JUDGE, str(data)])
            if judged != findings:
                sys.exit(f"pySHACL differs: {sorted(judged ^ findings)[:5]}")
            name = "rdflib with pySHACL"
            measured.tell(measured.Line(what, mine, judge, name, 25, slower=True))
        for name, script in OTHERS.items() if arguments.others else ():
            beside(what, data, (mine, findings), name, script)


def ours(data: Path, report: Path) -> tuple[measured.Took, Findings]:
    """Validate by the command; give what it took and what it found."""
    program = str(Path(sys.executable).with_name("coproduction"))
    words = [program, "validate", str(data), "--format", "json", "-o", str(report)]
    took, _ = measured.run(words, (0, 1))
    rows = json.loads(report.read_text(encoding="utf-8"))
    return took, {(row["cell"], row["rule"]) for row in rows}


def beside(
    what: str, data: Path, mine: tuple[measured.Took, Findings], name: str, script: str
) -> None:
    """Validate by another library, and tell it beside ours where both find the same."""
    if find_spec(MODULES[name]) is None:
        print(f"{name} is not at hand: pip install {name}")
        return
    terms = [str(data_dir("ontology") / PACKAGED_GRAPHS[each]) for each in (*TERMS, "literature")]
    shapes = str(data_dir("shapes") / "case-record.ttl")
    head, _, rest = script.strip().partition("\n")
    command = [sys.executable, "-W", "ignore", "-c", f"{head}\n{REPORT}\n{rest}"]
    took, found = read([*command, str(data), shapes, *terms])
    if found != mine[1]:
        more, less = found - mine[1], mine[1] - found
        print(
            f"{name}: {measured.shown(took)}, finds {len(found):,}; {len(less)} are not found "
            f"there ({sorted(less)[:2]}), {len(more)} there alone ({sorted(more)[:2]})"
        )
        return
    measured.tell(measured.Line(what, mine[0], took, name, 1))


def read(command: list[str]) -> tuple[measured.Took, Findings]:
    """Run a script that writes what it finds; give what it took, and that."""
    took, out = measured.run(command)
    return took, {tuple(row) for row in csv.reader(out.splitlines())}


def broken(number: int, folder: Path) -> Path:
    """Write cases as N-Triples, some of them broken."""
    table, target = folder / "cases.csv", folder / "cases.nt"
    write(number, table, 0.0)
    chance = random.Random(number)
    strange = [ox.Literal(""), ox.Literal(1200), ox.NamedNode("https://example.org/nowhere")]
    named: dict[str, str] = {}
    with target.open("w", encoding="utf-8") as file:
        for case in read_cases(table).cases():
            named.update(case.organisations)
            lines = case.statements.splitlines(keepends=True)
            if chance.random() < 0.02:
                at = chance.randrange(1, len(lines))
                subject, prop, _ = lines[at].split(" ", 2)
                other = f"{subject} {prop} {chance.choice(strange)} .\n"
                lines[at] = chance.choice(["", other, lines[at] + other])
            file.writelines(lines)
        from coproduction.cases.statements import organisation_statements

        file.writelines(organisation_statements(*pair) for pair in named.items())
    return target


if __name__ == "__main__":
    main()
