"""The report on a table: what is wrong in which cell, as rows, pages and a marked workbook."""

from __future__ import annotations

import html
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ..errors import DataError, UnknownName, command
from ..files.output import check_outputs, check_writable, write_whole
from ..messages import Sentence, speaker
from ..results.forms import csv_text
from ..tables.csv_writing import safe, write_csv
from ..tables.table import TABLE_ENDINGS, Row, column_letters, read_table
from .columns import Problem
from .reading import PLAIN, Reading

HEADINGS: Final = Problem._fields
_WORDS: Final = (Sentence("problem"), Sentence("table"), Sentence("row"), Sentence("rule"))
"""Those of a page that are told nowhere else in a language."""
FORMATS: Final = ("csv", "json", "html")
_MOST_MARKED: Final = 50_000
_COLOURS: Final = {"error": "FFC7CE", "warning": "FFEB9C", "info": "DDEBF7"}


def write_report(path: str | Path, problems: Sequence[Problem], lang: str = "en") -> None:
    """Write a report; the ending .csv, .json or .html says which kind.

    Raises:
        DataError: the file cannot be written.
        UnknownName: another ending.
    """
    write_whole(path, report_bytes(problems, check_report(path), lang, sheet=lang))


def report_bytes(
    problems: Sequence[Problem], form: str, lang: str = "en", *, sheet: str | None = None
) -> bytes:
    """Give a report as csv, json or html.

    Args:
        problems: what was found.
        form: one of :data:`FORMATS`.
        lang: language that they are told in, which a page says of itself.
        sheet: the language of a spreadsheet that the CSV is for; None for the W3C's form.
    """
    if form == "csv" and sheet is not None:
        return write_csv(HEADINGS, map(_cells, problems), sheet)
    return _report_text(problems, form, lang).encode()


def _report_text(problems: Sequence[Problem], form: str, lang: str) -> str:
    if form == "json":
        rows = [problem._asdict() | {"row": problem.row or None} for problem in problems]
        return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    if form == "html":
        head = "".join(f"<th>{html.escape(speaker(lang)(name))}</th>" for name in HEADINGS)
        body = "\n".join(
            f'<tr class="{p.level}">'
            + "".join(f"<td>{html.escape(value)}</td>" for value in _cells(p))
            + "</tr>"
            for p in problems
        )
        style = "".join(f".{k}{{background:#{v};color:#111}}" for k, v in _COLOURS.items())
        return (
            f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>report</title>'
            "<style>body{font:15px system-ui,sans-serif}td,th{padding:4px 8px;text-align:left;"
            f"vertical-align:top}}{style}</style>\n<table><thead><tr>{head}</tr></thead>\n"
            f"<tbody>\n{body}\n</tbody></table></html>\n"
        )
    return csv_text(HEADINGS, map(_cells, problems))


def _cells(problem: Problem) -> list[str]:
    return ["" if value == 0 else str(value) for value in problem]


def check_report(path: str | Path) -> str:
    """Give the kind of report that a file's ending says.

    Raises:
        UnknownName: it says none.
    """
    form = Path(path).suffix.lower().lstrip(".")
    if form not in FORMATS:
        raise UnknownName("report format", form, FORMATS, f"(formats: {' '.join(FORMATS)})")
    return form


def check_marked(source: str | Path) -> None:
    """Refuse to mark what is no table.

    Raises:
        DataError: the file is none, by its ending.
    """
    if Path(source).suffix.lower() not in TABLE_ENDINGS:
        raise DataError(
            f"{source}: a marked copy is made of tables; of RDF ",
            command("validate", source, output="FILE.html"),
            " tells",
        )


def mark(
    source: str | Path,
    target: str | Path,
    problems: Sequence[Problem],
    reading: Reading = PLAIN,
    *,
    force: bool = False,
) -> None:
    """Write the user's own table as a workbook with the bad cells coloured and commented.

    A workbook keeps all that it has; a CSV file becomes a sheet. Above 50,000 rows the bad rows
    alone are written.

    Args:
        source: the table, which stays as it is.
        target: the workbook to write.
        problems: what was found.
        reading: how the table was read.
        force: whether a file that exists is replaced; else it is refused.

    Raises:
        DataError: the file is RDF, or cannot be read; the target exists or cannot be written.
    """
    from ..tables.workbooks import marked_workbook, workbook_of

    source, target = Path(source), Path(target)
    if target.suffix.lower() != ".xlsx":
        raise DataError(f"{target}: a marked table is a workbook: give a name that ends in .xlsx")
    check_marked(source)
    check_outputs([target], [source])
    check_writable(target, force=force)
    table = read_table(
        source, sheet=reading.sheet, encoding=reading.encoding, largest=reading.largest
    )
    bad = {problem.row for problem in problems}
    kept: list[Row] = [Row(table.heading_row, [""] * table.first_column + table.headings)]
    count = 1
    for row in table.rows:
        count += 1
        if count <= _MOST_MARKED or row.number in bad:
            kept.append(Row(row.number, [""] * table.first_column + row.cells))
    if source.suffix.lower() == ".xlsx" and count <= _MOST_MARKED:
        data = marked_workbook(source, table.sheet, _marks(problems, None), reading.largest)
    else:
        if count > _MOST_MARKED:
            kept = [row for row in kept if row.number in bad or row.number == table.heading_row]
        place = {row.number: position for position, row in enumerate(kept, start=1)}
        rows = [list(map(safe, row.cells)) for row in kept]
        data = workbook_of(source, rows, _marks(problems, place))
    write_whole(target, data, force=force)


def _marks(problems: Sequence[Problem], place: dict[int, int] | None) -> list[tuple[str, str, str]]:
    """Give the address, level and text of each problem, in order of rows.

    Args:
        problems: what was found.
        place: row of the table to the row that is written; None where they are the same.
    """
    by_row: dict[int, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_row[problem.row].append(problem)
    marks = []
    for number, found in by_row.items():
        row = max(number, 1) if place is None else place.get(number, 1)
        for problem in found:
            letters = "".join(filter(str.isalpha, problem.cell)) or column_letters(0)
            marks.append((f"{letters}{row}", problem.level, f"{problem.level}: {problem.fix}"))
    return marks
