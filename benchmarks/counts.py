"""Counts of cases by the summary of a store, by a scan of it, and by a column store.

Run: `python benchmarks/counts.py DIR... [--load FILE]`, where each DIR is a store made with
`benchmarks/generate.py` and `coproduction load`; `--load` takes a file of cases, which is loaded
with and without a summary in turn. The column store is DuckDB (`pip install duckdb`), with a row a
case and its values as columns, in memory; all ways have to give the same counts. Times are those
of the processor for a query in a process that runs, the median of several; the first by the
summary, which reads the file, is told by itself.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import measured

from coproduction.cases.loading import load
from coproduction.evidence.by_profiles import rows_counted
from coproduction.evidence.claims import CEILINGS, claim_tests
from coproduction.evidence.sides import counting
from coproduction.knowledge.counts import counted
from coproduction.knowledge.questions import find_question
from coproduction.knowledge.summary import Summary
from coproduction.knowledge.views import rows_of_view
from coproduction.names import COP
from coproduction.store.embedded import EmbeddedStore
from coproduction.store.lookup import rows_of
from coproduction.store.on_disk import open_folder

Rows = list[tuple[Any, ...]]
TIMES = 7
LIMIT = 3.0
COLUMNS = {
    "service": "hasServiceType",
    "sector": "hasProviderSector",
    "level": "hasParticipationLevel",
    "intensity": "hasRelationIntensity",
    "r0": "levelUnderR0",
}
SQL = {
    "CQ42, shares by sector": (
        "SELECT service, sector, COUNT(*), COUNT(level), "
        f"COUNT(*) FILTER (level = '{COP}HighParticipation') FROM cases "
        "WHERE service IS NOT NULL AND sector IS NOT NULL GROUP BY ALL"
    ),
    "grid": (
        "SELECT level, intensity, sector, COUNT(*) FROM cases "
        "WHERE level IS NOT NULL AND intensity IS NOT NULL GROUP BY ALL"
    ),
    "coverage": (
        "SELECT sector, cell FROM sectors, cells WHERE (sector, level, intensity) NOT IN "
        "(SELECT DISTINCT sector, level, intensity FROM cases WHERE sector IS NOT NULL "
        "AND level IS NOT NULL AND intensity IS NOT NULL)"
    ),
    "claim C50": (
        f"SELECT sector, r0 <> '{COP}HighParticipation', COUNT(*) FROM "
        "(SELECT sector, r0 FROM cases UNION ALL SELECT sector, r0 FROM placements) "
        f"WHERE sector IN ('{COP}PublicSector', '{COP}ForProfitSector') GROUP BY ALL"
    ),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Counts by the summary, by a scan and by DuckDB.")
    parser.add_argument("stores", nargs="*", metavar="DIR")
    parser.add_argument("--load", metavar="FILE", type=Path)
    arguments = parser.parse_args()
    print(
        f"Python {platform.python_version()}, {platform.machine()}, load {os.getloadavg()[0]:.1f}"
    )
    for store in arguments.stores:
        counts(store)
    if arguments.load:
        loads(arguments.load)


def counts(folder: str) -> None:
    """Measure the counts of a store."""
    import duckdb

    store, scanned = open_folder(folder), open_folder(folder)
    scanned.summary = None
    is_read = counted(store, find_question("CQ42")) is not None
    assert store.summary is not None and is_read, f"{folder} has no summary of this version"
    table = duckdb.connect()
    table.execute("SET threads = 1")
    size = fill(table, scanned)
    print(f"\n{Path(folder).name}: {size:,} cases, summary {store.summary.stat().st_size:,} bytes")
    print(
        f"  {'':24}{'summary':>10}{'first':>10}{'scan':>10}{'DuckDB':>10}{'summary / DuckDB':>18}"
    )
    for name, sql in SQL.items():
        first, ours = timed(lambda name=name: asked(store, name), 1)
        seconds, ours = timed(lambda name=name: asked(store, name))
        by_scan, found = timed(lambda name=name: asked(scanned, name), 3)
        by_columns, rows = timed(lambda sql=sql: table.execute(sql).fetchall())
        assert ours == found, f"{name}: the summary and the scan differ"
        assert comparable(name, ours) == comparable(name, rows), f"{name}: DuckDB differs"
        ratio = seconds / by_columns
        shown = "".join(f"{1000 * each:>7.1f} ms" for each in (seconds, first, by_scan, by_columns))
        print(f"  {name:24}{shown}{ratio:>18.2f}")
        took, theirs = (measured.Took(0.0, each) for each in (seconds, by_columns))
        measured.tell(measured.Line(f"{name}, {size:,} cases", took, theirs, "DuckDB", LIMIT))


def asked(store: EmbeddedStore, name: str) -> Rows:
    """Give the rows of a question, a view or a claim, as plain tuples."""
    if name.startswith("CQ42"):
        question = find_question("CQ42")
        found = rows_of(*(counted(store, question) or (store, question.text)))
        return [
            (row["service"], row["sector"], *(int(row[key]) for key in ("cases", "known", "high")))
            for row in found
        ]
    if name == "grid":
        rows = rows_of_view(store, "cases-in-grid")
        return [(row["level"], row["intensity"], row["sector"], int(row["cases"])) for row in rows]
    if name == "coverage":
        return [(row["sector"], row["cell"]) for row in rows_of_view(store, "empty-cells")]
    test = claim_tests()[name.removeprefix("claim ")]
    above, below = CEILINGS["diagram"]
    text = test.text(rubric=[f"{COP}levelUnderR0"], above=above, below=below)
    query = counting(test, text)
    assert query is not None
    answer = rows_counted(store, test, text, query)
    return sorted((row["said"], int(row["n"])) for row in answer)


def comparable(name: str, rows: Rows) -> Rows:
    """Give rows in a form that those of SPARQL and of SQL share."""
    if name != "claim C50":
        return sorted(rows)
    words = {"true": True, "1": True, "false": False, "0": False, "": None}
    found = []
    for row in rows:
        if len(row) == 2:
            _, outcome, part = row[0].split(",")
            row = part, words[outcome], row[1]
        found.append(row)
    return sorted(found, key=str)


def fill(table: Any, store: EmbeddedStore) -> int:
    """Make tables of a store's cases, with a column a property, and of the grid."""
    optional = {name: f"OPTIONAL {{ ?case cop:{prop} ?{name} }}" for name, prop in COLUMNS.items()}
    tables = {
        "cases": (tuple(COLUMNS), f"?case a cop:Case {' '.join(optional.values())}"),
        "placements": (
            ("sector", "r0"),
            f"?case a cop:Placement {optional['sector']} {optional['r0']}",
        ),
        "sectors": (("sector",), "?sector a cop:ProviderSector"),
        "cells": (
            ("cell", "level", "intensity"),
            "?cell cop:atLevel ?level ; cop:atIntensity ?intensity",
        ),
    }
    for name, (columns, pattern) in tables.items():
        asked_for = " ".join(f"?{column}" for column in columns)
        answer = store.query(f"SELECT {asked_for} WHERE {{ {pattern} }}")
        rows = [[getattr(row[column], "value", None) for column in columns] for row in answer]
        table.execute(f"CREATE TABLE {name} ({', '.join(f'{each} VARCHAR' for each in columns)})")
        with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
            file.flush()
            table.execute(f"COPY {name} FROM '{file.name}' (HEADER false, NULLSTR '')")
    return int(table.execute("SELECT COUNT(*) FROM cases").fetchone()[0])


def timed(work: Callable[[], Rows], times: int = TIMES) -> tuple[float, Rows]:
    """Do work some times; give the median of the processor's seconds, and what came of it."""
    seconds = []
    for _ in range(times):
        start = time.process_time()
        rows = work()
        seconds.append(time.process_time() - start)
    return statistics.median(seconds), rows


def loads(file: Path) -> None:
    """Load a file with and without a summary in turn, and print what each takes."""
    taken: dict[bool, list[float]] = {True: [], False: []}
    for number in range(2 * 3):
        with_summary = number % 2 == 0
        with tempfile.TemporaryDirectory() as folder, without_summary(not with_summary):
            start = time.process_time()
            loaded = load(file, Path(folder) / "store").loaded
            taken[with_summary].append(time.process_time() - start)
    ours, bare = (statistics.median(taken[key]) for key in (True, False))
    print(f"\n{file.name}: {loaded:,} cases loaded, with a summary {ours:.1f} s of processor time,")
    print(f"  without {bare:.1f} s, with / without {ours / bare:.2f}")


@contextmanager
def without_summary(left_out: bool) -> Iterator[None]:
    """Have nothing counted while cases are loaded."""
    kept = Summary.of, Summary.add_lines, Summary.text
    if left_out:
        Summary.of = classmethod(lambda cls, store: cls({}))  # type: ignore[method-assign]
        Summary.add_lines = lambda self, lines, levels, home: True  # type: ignore[method-assign]
        Summary.text = lambda self: "#\n"  # type: ignore[method-assign]
    try:
        yield
    finally:
        Summary.of, Summary.add_lines, Summary.text = kept  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
