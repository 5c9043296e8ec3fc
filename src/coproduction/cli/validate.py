"""`coproduction validate`: cases against the case record, in a table, an RDF file or a store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import DataError
from ..tables import TABLE_ENDINGS
from .answers import Answer, answer_options, write_problems
from .options import Scope, open_graph, reading_of, reading_options, store_option
from .progress import progress_bar
from .telling import tell

if TYPE_CHECKING:
    from ..records import Problem
    from ..store import Store


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@store_option()
@reading_options
@answer_options(
    "table",
    "csv",
    "json",
    "html",
    "ttl",
    help="Form of the findings; ttl is the standard SHACL report (RDF files and stores).",
)
def validate(files: tuple[str, ...], store: str | None, to: Answer, **reading: Any) -> int:
    """Check cases against the case record; exits 1 where there are findings.

    FILE is a table in the form of the case sheet (or of a mapping), or RDF; without FILE,
    --store is checked.
    """
    if not files and store is None:
        raise DataError("name a file, or a store with --store DIR")
    if to.forms == ("ttl",):
        return _report(files, store, to)
    problems: list[Problem] = []
    for file in files:
        problems += _file(file, reading_of(reading))
    if not files and store:
        from ..constraints import validate_store
        from ..rdf_cases import problems_of

        problems = problems_of(validate_store(_in_memory(store)), store)
        tell(f"{store}: {len(problems):,} findings")
    write_problems(problems, to)
    return 1 if problems else 0


def _file(file: str, reading: dict[str, Any]) -> list[Problem]:
    from ..loading import check_cases

    with progress_bar(Path(file).name) as progress:
        outcome = check_cases(file, progress=progress, **reading)
    note = f" ({outcome.note})" if outcome.note else ""
    tell(f"{file}: {outcome.read:,} cases read, {outcome.loaded:,} without error{note}")
    return outcome.problems


def _report(files: tuple[str, ...], store: str | None, to: Answer) -> int:
    """Write the standard SHACL report."""
    from ..constraints import report

    tables = [file for file in files if Path(file).suffix.lower() in TABLE_ENDINGS]
    if tables:
        raise DataError(
            f"{tables[0]}: a SHACL report names nodes, and this is a table; "
            "use --format csv, json or html, or load it and validate the store"
        )
    graph = open_graph(Scope(data=files)).store if files else _in_memory(store or "")
    text = report(graph)
    to.write(text)
    return 0 if "sh:conforms true" in text else 1


def _in_memory(store: str) -> Store:
    """Open a store; a small one is asked in memory, several times faster than on disk."""
    from ..disk import copy_if_small

    return copy_if_small(open_graph(Scope(store=store)).store)
