"""Loading cases: the whole command beside what one would pick instead, and its floor.

In one run, on generated cases with 2% faulty rows:

- ours: `coproduction load` of N rows into a store on disk, report included
- judge: rdflib and pySHACL doing the same (csv module, rdflib, pySHACL), on `--judged` rows
- floor: pyoxigraph's bulk load of the same statements, ready as N-Triples, into a named graph

and checks that the report names exactly the planted rows.
Run: `python benchmarks/load_cases.py 10000 --judged 1000`.
"""

from __future__ import annotations

import argparse
import csv
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyoxigraph as ox
from generate import write

from coproduction.store.on_disk import open_folder

JUDGE = """
import sys
from pathlib import Path
from coproduction.names import BASE, PACKAGED_GRAPHS, TERMS
from coproduction.cases.rows import Reader
from coproduction.cases.statements import organisation_statements
from coproduction.resources import data_dir
from coproduction.knowledge.case_record import case_record
from coproduction.store.embedded import EmbeddedStore
from coproduction.cases.from_table import level_of_rights
from coproduction.tables.table import read_table
from coproduction.validation.shacl import read_turtle, validate
import rdflib
table = read_table(Path(sys.argv[1]))
reader = Reader(case_record(), table, BASE, level_of_rights(EmbeddedStore.packaged()))
graph = rdflib.Graph()
for row in table.rows:
    case = reader.read(row)
    if case:
        text = case.statements + "".join(organisation_statements(*o) for o in case.organisations)
        graph.parse(data=text, format="nt")
folder = data_dir("shapes")
terms = [data_dir("ontology") / PACKAGED_GRAPHS[name] for name in (*TERMS, "literature")]
print(len(validate(graph, folder / "case-record.ttl", ontology=read_turtle(terms))))
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", type=int)
    parser.add_argument("--judged", type=int, default=1000, help="rows for rdflib with pySHACL")
    arguments = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        seconds, store = ours(folder, arguments.rows)
        floor = bulk_load(folder, store)
        print(f"floor: bulk load         {floor:8.1f} s")
        print(f"ours / floor             {seconds / floor:8.2f}  (wanted: at most 2.5)")
        if arguments.judged:
            same = arguments.judged == arguments.rows
            few = seconds if same else ours(folder, arguments.judged)[0]
            judged = run([sys.executable, "-c", JUDGE, str(folder / f"{arguments.judged}.csv")])
            print(f"judge, {arguments.judged:,} rows       {judged:8.1f} s")
            print(f"judge / ours             {judged / few:8.1f}  (on {arguments.judged:,} rows)")


def ours(folder: Path, rows: int) -> tuple[float, Path]:
    """Load `rows` generated cases; give the seconds and the store."""
    table, store, report = folder / f"{rows}.csv", folder / f"store-{rows}", folder / "report.csv"
    planted = set(write(rows, table, 0.02))
    command = [str(Path(sys.executable).with_name("coproduction")), "load", str(table)]
    seconds = run([*command, "--store", str(store), "--report", str(report)], expect=1)
    with report.open(encoding="utf-8") as file:
        found = {int(row["row"]) for row in csv.DictReader(file) if row["level"] == "error"}
    if found != planted:
        sys.exit(f"missed {len(planted - found)} rows, invented {len(found - planted)}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"ours, {rows:,} rows        {seconds:8.1f} s, {peak:,.0f} MiB, all faults found")
    return seconds, store


def bulk_load(folder: Path, store: Path) -> float:
    """Bulk-load the statements of a store's load from N-Triples; give the seconds."""
    dump = folder / "all.nt"
    source = open_folder(store).inner
    graph = next(node for node in source.named_graphs() if "/load/" in str(node))
    source.dump(str(dump), format=ox.RdfFormat.N_TRIPLES, from_graph=graph)
    script = (
        "import sys, pyoxigraph as ox; ox.Store(sys.argv[2]).bulk_load(path=sys.argv[1], "
        "format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode('https://example.org/g'))"
    )
    return run([sys.executable, "-c", script, str(dump), str(folder / "floor")])


def run(command: list[str], expect: int = 0) -> float:
    """Run a command; give its seconds."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != expect:
        sys.exit(done.stderr)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
