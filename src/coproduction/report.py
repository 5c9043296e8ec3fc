"""The report on a table: what is wrong in which cell, as rows, pages and a marked workbook."""

from __future__ import annotations

import csv
import html
import io
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from .errors import DataError, UnknownName
from .records import Problem
from .tables import LARGEST, TABLE_ENDINGS, column_letters, read_table, safe

HEADINGS: Final = Problem._fields
FORMATS: Final = ("csv", "json", "html")
_MOST_MARKED: Final = 50_000
_COLOURS: Final = {"error": "FFC7CE", "warning": "FFEB9C", "info": "DDEBF7"}


def write_report(path: str | Path, problems: Sequence[Problem]) -> None:
    """Write a report; the ending .csv, .json or .html says which kind.

    Raises:
        DataError: the file cannot be written.
        UnknownName: another ending.
    """
    path = Path(path)
    form = path.suffix.lower().lstrip(".")
    if form not in FORMATS:
        raise UnknownName("report format", form, FORMATS, f"(formats: {' '.join(FORMATS)})")
    try:
        path.write_text(report_text(problems, form), encoding="utf-8")
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {error.strerror}") from None


def report_text(problems: Sequence[Problem], form: str) -> str:
    """Give a report as csv, json or html; cells that look like formulas are escaped in csv."""
    if form == "json":
        rows = [problem._asdict() | {"row": problem.row or None} for problem in problems]
        return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    if form == "html":
        head = "".join(f"<th>{name}</th>" for name in HEADINGS)
        body = "\n".join(
            f'<tr class="{p.level}">'
            + "".join(f"<td>{html.escape(value)}</td>" for value in _cells(p))
            + "</tr>"
            for p in problems
        )
        style = "".join(f".{k}{{background:#{v};color:#111}}" for k, v in _COLOURS.items())
        return (
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>report</title>'
            "<style>body{font:15px system-ui,sans-serif}td,th{padding:4px 8px;text-align:left;"
            f"vertical-align:top}}{style}</style>\n<table><thead><tr>{head}</tr></thead>\n"
            f"<tbody>\n{body}\n</tbody></table></html>\n"
        )
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(HEADINGS)
    writer.writerows(map(safe, _cells(problem)) for problem in problems)
    return buffer.getvalue()


def _cells(problem: Problem) -> list[str]:
    return ["" if value == 0 else str(value) for value in problem]


def mark(
    source: str | Path,
    target: str | Path,
    problems: Sequence[Problem],
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    largest: int = LARGEST,
) -> None:
    """Write the user's own table as a workbook with the bad cells coloured and commented.

    A workbook keeps all that it has; a CSV file becomes a sheet. Above 50,000 rows the bad rows
    alone are written.

    Args:
        source: the table, which stays as it is.
        target: the workbook to write.
        problems: what was found.
        sheet, encoding, largest: as the table was read with.

    Raises:
        DataError: the file is RDF, or cannot be read or written.
    """
    import openpyxl
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    source, target = Path(source), Path(target)
    if source.suffix.lower() not in TABLE_ENDINGS:
        raise DataError(f"{source}: --marked is for tables; --report FILE.html tells of RDF")
    by_row: dict[int, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_row[problem.row].append(problem)
    table = read_table(source, sheet=sheet, encoding=encoding, largest=largest)
    rows = [(table.heading_row, [""] * table.first_column + table.headings)]
    rows += [(row.number, [""] * table.first_column + row.cells) for row in table.rows]
    if source.suffix.lower() == ".xlsx" and len(rows) <= _MOST_MARKED:
        book = openpyxl.load_workbook(source)
        page = book[table.sheet]
        place = {number: number for number, _ in rows}
    else:
        book = openpyxl.Workbook()
        page = book.worksheets[0]
        if len(rows) > _MOST_MARKED:
            rows = [pair for pair in rows if pair[0] in by_row or pair[0] == table.heading_row]
        place = {}
        for position, (number, cells) in enumerate(rows, start=1):
            place[number] = position
            for column, cell in enumerate(cells, start=1):
                page.cell(position, column).value = safe(cell) or None
    for number, found in by_row.items():
        for problem in found:
            letters = "".join(filter(str.isalpha, problem.cell)) or column_letters(0)
            cell = page[f"{letters}{place.get(number, 1)}"]
            cell.fill = PatternFill("solid", fgColor=_COLOURS[problem.level])
            old = f"{cell.comment.text}\n" if cell.comment else ""
            cell.comment = Comment(f"{old}{problem.level}: {problem.fix}", "coproduction")
    try:
        book.save(target)
    except OSError as error:
        raise DataError(f"{target}: cannot be written: {error.strerror}") from None
