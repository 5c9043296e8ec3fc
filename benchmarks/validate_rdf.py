"""Validating RDF: `coproduction validate` beside pySHACL on the same shapes and cases.

Cases as N-Triples, two in a hundred broken (a statement gone, doubled, or with an object of
another kind). Both run as whole processes; what they find is compared first.
Run: `python benchmarks/validate_rdf.py 10000`.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import random
import sys
import tempfile
from pathlib import Path

import measured
import pyoxigraph as ox
from generate import write

from coproduction.cases.loading import read_cases

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


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", type=int)
    arguments = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}")
    with tempfile.TemporaryDirectory() as scratch:
        data = broken(arguments.cases, Path(scratch))
        ours = [str(Path(sys.executable).with_name("coproduction")), "validate", str(data)]
        report = Path(scratch) / "report.json"
        mine, _ = measured.run([*ours, "--format", "json", "-o", str(report)], (0, 1))
        found = report.read_text(encoding="utf-8")
        judge, judged = measured.run([sys.executable, "-W", "ignore", "-c", JUDGE, str(data)])
    a = {(row["cell"], row["rule"]) for row in json.loads(found)}
    b = {tuple(row) for row in csv.reader(judged.splitlines())}
    if a != b:
        sys.exit(f"the two differ: {sorted(a ^ b)[:5]}")
    print(f"{arguments.cases:,} cases, {len(a):,} findings, the same for both")
    what = f"validate {arguments.cases:,} cases in RDF"
    measured.tell(measured.Line(what, mine, judge, "rdflib with pySHACL", 25, slower=True))


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
