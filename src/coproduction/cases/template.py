"""The empty case sheet, made from the shapes: a workbook with drop-downs, or a CSV file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from ..errors import DataError
from ..files.output import check_writable, write_whole
from ..knowledge.case_record import CaseRecord, Choice, Field, case_record, in_language
from ..messages import speaker, spoken
from ..tables.csv_writing import write_csv
from .example import example_row

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_YEARS: Final = ("start_year", "observed_year")
"""Fields of which one is enough."""
_ROWS: Final = 1000
"""Rows of the workbook that have drop-downs."""
_POP_UP: Final = 255
"""Characters of a pop-up of a spreadsheet."""


def template(path: str | Path, lang: str = "en", *, force: bool = False) -> None:
    """Write an empty case sheet.

    Args:
        path: where; the ending .xlsx or .csv says which kind.
        lang: language of headings, help and values: en, sv, de or fr.
        force: whether a file that exists is replaced; else it is refused.

    Raises:
        DataError: another ending, or the file exists or cannot be written.
        UnknownName: another language.
    """
    path = Path(path)
    lang = spoken(lang)
    makers = {".xlsx": workbook, ".csv": csv_sheet}
    maker = makers.get(path.suffix.lower())
    if maker is None:
        raise DataError(f"{path}: a case sheet ends in .xlsx or .csv")
    check_writable(path, force=force)
    write_whole(path, maker(case_record(), lang), force=force)


def csv_sheet(record: CaseRecord, lang: str) -> bytes:
    """Give the sheet as CSV: headings and the example row."""
    headings = [field.name(lang) for field in record.fields]
    return write_csv(headings, [example_row(record, lang)], lang)


def workbook(
    record: CaseRecord,
    lang: str,
    headings: Sequence[str] = (),
    rows: Sequence[Sequence[str]] = (),
) -> bytes:
    """Give the sheet as a workbook: drop-downs, input messages, an example, the values explained.

    Args:
        record: the case record.
        lang: language of headings, help and values.
        headings: with further headings behind those of the record; by default those.
        rows: what the sheet holds; by default the example.

    Returns:
        the bytes of the file, the same for the same record and rows.
    """
    import datetime

    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": "case sheet", "created": datetime.datetime(2026, 1, 1)})
    say, looks = speaker(lang), _Looks.of(book)
    cases, values, columns, lists = map(book.add_worksheet, ("cases", "values", "columns", "lists"))
    lists.hide()
    cases.freeze_panes(1, 2)
    for column, field in enumerate(record.fields):
        cases.set_column(column, column, 24, looks.text)
        either = field.key in _YEARS
        look = looks.required if field.required else looks.either if either else looks.bold
        cases.write_string(0, column, field.name(lang), look)
        if either:
            one, other = (record.field(key).name(lang) for key in _YEARS)
            told = say("{one} or {other}: one of both is enough.", one=one, other=other)
            cases.write_comment(0, column, told, {"author": "coproduction"})
        source = _drop_down(book, lists, column, field, _options(record, field, lang))
        cases.data_validation(1, column, _ROWS, column, _validation(field, lang, source))
    for column in range(len(record.fields), len(headings)):
        cases.write_string(0, column, headings[column], looks.bold)
    for number, cells in enumerate(rows or [example_row(record, lang)], start=1):
        for column, cell in enumerate(cells):
            if cell:
                cases.write_string(number, column, cell, looks.text)
    _explain_values(values, record, lang, looks)
    _explain_columns(columns, record, lang, looks)
    cases.activate()
    book.close()
    return buffer.getvalue()


class _Looks(NamedTuple):
    """How cells of the workbook look."""

    bold: Format
    required: Format
    either: Format
    wrap: Format
    text: Format

    @classmethod
    def of(cls, book: Workbook) -> _Looks:
        """Give the looks, known to a workbook."""
        head = {"bold": True, "text_wrap": True, "valign": "top"}
        return cls(
            bold=book.add_format(head),
            required=book.add_format({**head, "bg_color": "#FFE8A3"}),
            either=book.add_format({**head, "bg_color": "#FFF6DC"}),
            wrap=book.add_format({"text_wrap": True, "valign": "top"}),
            text=book.add_format({"num_format": "@"}),
        )


def _drop_down(
    book: Workbook, lists: Worksheet, column: int, field: Field, options: list[str]
) -> str:
    """Write what a column may hold into the hidden sheet; give the name of the list, if any."""
    from xlsxwriter.utility import xl_col_to_name

    if not options:
        return ""
    for row, option in enumerate(options):
        lists.write_string(row, column, option)
    name = f"list_{field.key}"
    letters = xl_col_to_name(column)
    book.define_name(name, f"=lists!${letters}$1:${letters}${len(options)}")
    return name


def _validation(field: Field, lang: str, source: str) -> dict[str, object]:
    """Give the pop-up of a column's cells, and the list that they are chosen from, if any."""
    validation: dict[str, object] = {
        "validate": "any",
        "input_title": field.name(lang)[:32],
        "input_message": _short(_help(field, lang)),
    }
    if source:
        validation |= {
            "validate": "list",
            "source": f"={source}",
            # Several values in a cell are not in the list, so they only warn.
            "error_type": "information" if field.separator else "warning",
            "error_title": field.name(lang)[:32],
            "error_message": _short(field.message(lang)),
        }
    return validation


def _explain_values(values: Worksheet, record: CaseRecord, lang: str, looks: _Looks) -> None:
    """Write each value that may be chosen, with what it means."""
    say = speaker(lang)
    values.write_row(0, 0, [say("column"), say("value"), say("definition")], looks.bold)
    row = 1
    for field in record.fields:
        for choice in (*field.choices, *field.other_choices):
            values.write_string(row, 0, field.name(lang))
            values.write_string(row, 1, choice.label(lang))
            values.write_string(row, 2, choice.definition, looks.wrap)
            row += 1
    values.set_column(0, 1, 30)
    values.set_column(2, 2, 100)
    values.freeze_panes(1, 0)


def _explain_columns(columns: Worksheet, record: CaseRecord, lang: str, looks: _Looks) -> None:
    """Write each column with its key and what to write into it."""
    say = speaker(lang)
    titles = [
        say("column"), say("key"), say("group"), say("several values"), say("what to write")
    ]  # fmt: skip
    columns.write_row(0, 0, titles, looks.bold)
    for row, field in enumerate(record.fields, start=1):
        several = say("separated by {sign}", sign=field.separator) if field.separator else ""
        entry = [field.name(lang), field.key, in_language(field.groups, lang), several]
        entry.append(_help(field, lang))
        for column, cell in enumerate(entry):
            columns.write_string(row, column, cell, looks.wrap)
    columns.set_column(0, 3, 24)
    columns.set_column(4, 4, 100)
    columns.freeze_panes(1, 0)


def _help(field: Field, lang: str) -> str:
    return field.descriptions.get(lang) or field.descriptions.get("en", "")


def _short(text: str) -> str:
    """Cut a text to what a pop-up holds, where it is longer."""
    return text if len(text) <= _POP_UP else f"{text[: _POP_UP - 1]}\u2026"


def _options(record: CaseRecord, field: Field, lang: str) -> list[str]:
    choices: list[Choice] = [*field.choices, *field.other_choices]
    labels = [choice.label(lang) for choice in choices] or sorted(field.codes)
    return [*labels, record.unknown.label(lang)] if labels and field.unknown else labels
