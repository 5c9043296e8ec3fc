"""Rows to people: CSV and data frames of a large answer, beside the engine's own CSV.

A list of all cases of a store with level, service and year, in memory and on disk, each way in
turn: CSV beside pyoxigraph's writer, `to_pandas` and `to_polars` beside their own readers of that
CSV. Same rows first. The engine runs in a thread of its own, as ours does: beside a large store in
memory it takes half as long again in the main thread, whose heap the store has cut up.
Run: `python benchmarks/rows.py DIR`, where DIR is a store made with `benchmarks/generate.py` and
`coproduction load`.
"""

from __future__ import annotations

import argparse
import csv
import io
import platform
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import measured
import pandas
import polars
import pyoxigraph as ox

import coproduction
from coproduction import KnowledgeGraph
from coproduction.names import PREFIXES
from coproduction.results.asking import ask
from coproduction.results.fetching import QueryOptions
from coproduction.results.result import Result
from coproduction.stopping import interruptible
from coproduction.store.embedded import EmbeddedStore

QUERY = """
SELECT ?case ?level ?service ?year
WHERE {
  { SELECT ?case ?level WHERE { ?case cop:hasParticipationLevel ?level } }
  { SELECT ?case ?service WHERE { ?case a cop:Case ; cop:hasServiceType ?service } }
  { SELECT ?case ?year WHERE { ?case cop:startYear ?year } }
}
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("--times", type=int, default=3)
    arguments = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}")
    on_disk = coproduction.open(store=arguments.store)
    inner = ox.Store()
    inner.bulk_extend(iter(on_disk.store.statements()))
    for place, kg in (("memory", KnowledgeGraph(EmbeddedStore(inner))), ("disk", on_disk)):
        measure(kg, place, arguments.times)


def measure(kg: KnowledgeGraph, place: str, times: int) -> None:
    """Compare all ways on one store."""
    store = kg.store
    assert isinstance(store, EmbeddedStore)

    def engine() -> bytes:
        return interruptible(in_the_thread)

    def in_the_thread() -> bytes:
        answer = store.inner.query(QUERY, prefixes=PREFIXES, use_default_graph_as_union=True)
        assert isinstance(answer, ox.QuerySolutions)
        data = answer.serialize(format=ox.QueryResultsFormat.CSV)
        assert data is not None
        return data

    def ours() -> Result:  # without the labels, which the engine's CSV has not
        found = ask(store, QUERY, QueryOptions(hosts=(), wanted="rows"))
        assert isinstance(found, Result)
        return found

    theirs = sorted(csv.reader(io.StringIO(engine().decode())))
    if sorted(csv.reader(io.StringIO(ours().serialize("csv")))) != theirs:
        sys.exit("the rows are not the same")
    many = f"{len(theirs) - 1:,} rows from {place}"
    pairs: list[tuple[str, Callable[[], object], str, Callable[[], object], float]] = [
        ("CSV", lambda: kg.query(QUERY).serialize("csv"), "its CSV", engine, 1.1),
        ("CSV by the command", lambda: in_thread(kg), "its CSV", engine, 1.1),
        (
            "to_pandas",
            lambda: ours().to_pandas(),
            "its CSV read by pandas",
            lambda: pandas.read_csv(io.BytesIO(engine())),
            1.2,
        ),
        (
            "to_polars",
            lambda: ours().to_polars(),
            "its CSV read by polars",
            lambda: polars.read_csv(io.BytesIO(engine())),
            1.2,
        ),
    ]
    for name, mine, other, peer, limit in pairs:
        runs = [(measured.timed(mine)[0], measured.timed(peer)[0]) for _ in range(times)]
        fastest, theirs_fastest = (measured.best(each) for each in zip(*runs, strict=True))
        what = f"{name}, {many}"
        line = measured.Line(what, fastest, theirs_fastest, f"pyoxigraph, {other}", limit)
        measured.tell(line)


def in_thread(kg: KnowledgeGraph) -> None:
    """Write CSV as the command does, which runs its work in a thread."""
    thread = threading.Thread(target=lambda: kg.query(QUERY).write("csv", io.BytesIO()))
    thread.start()
    thread.join()


if __name__ == "__main__":
    main()
