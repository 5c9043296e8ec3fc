"""`coproduction validate`: cases against the case record, in a table, an RDF file or a store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import DataError
from ..names import compact
from ..tables import TABLE_ENDINGS
from .options import format_option, store_option, write_rows, write_text

if TYPE_CHECKING:
    from ..validation import ShapeFinding


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@store_option()
@format_option(
    "table",
    "csv",
    "json",
    "html",
    "ttl",
    help="Form of the findings; ttl is the SHACL report by pySHACL (RDF files only).",
)
def validate(files: tuple[str, ...], store: str | None, form: str | None) -> int:
    """Check cases against the case record; exits 1 where there are findings.

    FILE is a table in the form of the case sheet, or RDF; without FILE, --store is checked.
    """
    if not files and store is None:
        raise DataError("name a file, or a store with --store DIR")
    if form == "ttl":
        write_text(_shacl_report(files))
        return 0
    tables = [file for file in files if Path(file).suffix.lower() in TABLE_ENDINGS]
    others = [file for file in files if file not in tables]
    code = 0
    for file in tables:
        code |= _table(file, form)
    if others or (store is not None and not files):
        code |= _graph(tuple(others), None if files else store, form)
    return code


def _table(file: str, form: str | None) -> int:
    from ..loading import check_table
    from ..report import report_text
    from ..result import Result

    outcome = check_table(file)
    click.echo(f"{file}: {outcome.read:,} rows read, {outcome.loaded:,} without error", err=True)
    if form in ("json", "html", "csv"):
        write_text(report_text(outcome.problems, form))
    elif outcome.problems:
        keep = ("cell", "column", "level", "value", "fix")
        rows = [[str(getattr(p, name)) for name in keep] for p in outcome.problems]
        write_rows(Result.of_rows(keep, rows, ""), form)
    return 1 if outcome.problems else 0


def _graph(files: tuple[str, ...], store: str | None, form: str | None) -> int:
    from ..constraints import validate_store
    from ..disk import copy_if_small
    from ..graph import open as open_graph
    from ..result import Result
    from ..terms import labels

    kg = open_graph(files, store=store)
    # A small store is asked in memory, several times faster than on disk.
    findings = validate_store(copy_if_small(kg.store) if store else kg.store)
    name = labels(kg.store, {f.focus for f in findings} | {f.path for f in findings}, "en")
    rows = [_row(finding, name) for finding in findings]
    headings = ["case", "caseLabel", "property", "level", "rule", "value", "fix"]
    if findings:
        write_rows(Result.of_rows(headings, rows, ""), form)
    count = len(findings)
    click.echo(f"{count} finding{'' if count == 1 else 's'}", err=True)
    return 1 if findings else 0


def _row(finding: ShapeFinding, label_of: dict[str, str]) -> list[str]:
    from ..shapes import LEVELS

    return [
        finding.focus,
        label_of.get(finding.focus, compact(finding.focus)),
        label_of.get(finding.path, compact(finding.path) if finding.path else ""),
        LEVELS[finding.severity.capitalize()],
        finding.shape.rpartition("#")[2],
        finding.value,
        finding.message,
    ]


def _shacl_report(files: tuple[str, ...]) -> str:
    from ..validation import shacl_report

    if not files:
        raise DataError("--format ttl takes RDF files: pySHACL judges them in memory")
    return shacl_report(files)
