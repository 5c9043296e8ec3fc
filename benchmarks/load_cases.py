"""Loading cases: the whole command beside what one would pick instead, and its floor.

In one run, on generated cases with 2% faulty rows:

- ours: `coproduction load` of N rows into a store on disk, report included
- judge: rdflib and pySHACL doing the same (csv module, rdflib, pySHACL), on `--judged` rows
- floor: pyoxigraph's bulk load of the same statements, ready as N-Quads, into the same graphs: the
  load's, that of its record and that of the levels

and checks that the report names exactly the planted rows.
Run: `python benchmarks/load_cases.py 10000 --judged 1000`.
"""

from __future__ import annotations

import argparse
import csv
import platform
import sys
import tempfile
from pathlib import Path

import measured
import pyoxigraph as ox
from generate import write

from coproduction.names import GRAPH
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
        took, store = ours(folder, arguments.rows)
        floor = bulk_load(folder, store)
        what = f"load of {arguments.rows:,} rows, checked"
        for of in ("processor", "wall"):
            measured.tell(measured.Line(what, took, floor, "bulk load, ready", 1.2, of=of))
        most = measured.Took(0, 0, 1024)
        measured.tell(measured.Line(f"memory, {what}", took, most, "promised", 1, of="memory"))
        if arguments.judged:
            same = arguments.judged == arguments.rows
            few = took if same else ours(folder, arguments.judged)[0]
            table = folder / f"{arguments.judged}.csv"
            judged, _ = measured.run([sys.executable, "-c", JUDGE, str(table)])
            what = f"load of {arguments.judged:,} rows, checked"
            measured.tell(measured.Line(what, few, judged, "rdflib with pySHACL", 60, slower=True))


def ours(folder: Path, rows: int) -> tuple[measured.Took, Path]:
    """Load `rows` generated cases; give what it took, and the store."""
    table, store, report = folder / f"{rows}.csv", folder / f"store-{rows}", folder / "report.csv"
    planted = set(write(rows, table, 0.02))
    command = [str(Path(sys.executable).with_name("coproduction")), "load", str(table)]
    codes = (1,) if planted else (0,)
    took, _ = measured.run([*command, "--store", str(store), "--report", str(report)], codes)
    with report.open(encoding="utf-8") as file:
        found = {int(row["row"]) for row in csv.DictReader(file) if row["level"] == "error"}
    if found != planted:
        sys.exit(f"missed {len(planted - found)} rows, invented {len(found - planted)}")
    print(f"ours, {rows:,} rows        {measured.shown(took)}, all faults found")
    return took, store


def bulk_load(folder: Path, store: Path) -> measured.Took:
    """Bulk-load the statements of a store's load from N-Quads; give what it took."""
    dump = folder / "all.nq"
    source = open_folder(store).inner
    graphs = [ox.NamedNode(GRAPH + name) for name in ("load/1", "loads", "inferred")]
    with dump.open("wb") as file:
        for graph in graphs:
            quads = source.quads_for_pattern(None, None, None, graph)
            ox.serialize(quads, file, format=ox.RdfFormat.N_QUADS)
    script = (
        "import sys, pyoxigraph as ox; "
        "ox.Store(sys.argv[2]).bulk_load(path=sys.argv[1], format=ox.RdfFormat.N_QUADS)"
    )
    command = [sys.executable, "-c", script, str(dump), str(folder / "floor")]
    return measured.run(command)[0]


if __name__ == "__main__":
    main()
