"""What "did you mean" proposes for the cells of a table, and the table with all of it taken."""

from __future__ import annotations

import ast
import csv
import io
import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from ..files.encodings import encoding_of
from ..knowledge.case_record import Choice, Field, case_record
from ..messages import speaker
from ..spelling import fold
from ..tables.csv_reading import CsvFile, cells_of_any_length
from ..tables.csv_writing import unescaped
from ..tables.table import Row, read_table
from .columns import Problem
from .reading import PLAIN, Reading

_LABEL: Final = "\ue000"
_CODE: Final = "\ue001"
"""Stand for the parts of a sentence while it is looked for; nobody writes them."""
_QUOTED: Final = r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
"""A text as Python quotes it."""
_ADDRESS: Final = re.compile(r"([A-Z]+)([0-9]+)")
_SEPARATOR: Final = ";"
"""Stands between the values of a cell that has several."""


class Suggestion(NamedTuple):
    """What a cell is likely to mean.

    Attributes:
        cell: its address.
        row: its row, from 1 on.
        column: its column, from 0 on.
        heading: of the column, as written.
        before, after: its text, and the text that it would have.
    """

    cell: str
    row: int
    column: int
    heading: str
    before: str
    after: str


def suggestions(
    problems: Iterable[Problem], lang: str, sheet: str | None = None
) -> list[Suggestion]:
    """Give what is proposed for cells, all proposals for a cell as one.

    Args:
        problems: of a table.
        lang: the language that they are told in.
        sheet: the language of the table, in which values are proposed; by default the same.
    """
    found: dict[str, Suggestion] = {}
    for problem in problems:
        meant, place = _meant(problem.fix, lang), _ADDRESS.fullmatch(problem.cell)
        if meant is None or place is None:
            continue
        old = found.get(problem.cell)
        before = old.after if old else problem.value
        field = _field_of(problem.column)
        choice = _choice_of(field, meant, lang)
        if choice is not None:
            meant = choice.label(sheet or lang)
        found[problem.cell] = Suggestion(
            problem.cell,
            int(place[2]),
            _number(place[1]),
            problem.column,
            old.before if old else problem.value,
            _with(before, meant, field, choice),
        )
    return list(found.values())


def _meant(fix: str, lang: str) -> str | None:
    """Give the value that a sentence proposes."""
    label, country = _sentences(lang)
    if found := label.search(fix):
        return str(ast.literal_eval(found[1]))
    return found[1] if (found := country.search(fix)) else None


@cache
def _sentences(lang: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Give what finds a proposal in the words of a language: of a value, and of a country."""
    say = speaker(lang)
    label = re.escape(say("Did you mean {label!r}?", label=_LABEL))
    country = re.escape(say("Did you mean {name} ({code})?", name=_LABEL, code=_CODE))
    country = country.replace(_LABEL, ".+?").replace(_CODE, "([A-Z]{2})")
    return re.compile(label.replace(re.escape(repr(_LABEL)), _QUOTED)), re.compile(country)


@cache
def _field_of(heading: str) -> Field | None:
    """Give the column of the case record that a heading names."""
    for field in case_record().fields:
        if fold(heading) in {fold(name) for name in (field.key, *field.names.values())}:
            return field
    return None


def _choice_of(field: Field | None, label: str, lang: str) -> Choice | None:
    choices = (*field.choices, *field.other_choices) if field else ()
    return next((each for each in choices if each.label(lang) == label), None)


def _with(text: str, meant: str, field: Field | None, choice: Choice | None) -> str:
    """Put what is meant in the place of a text, or of the one of its values that is none."""
    parts = text.split(_SEPARATOR)
    if len(parts) == 1 or field is None or not field.separator:
        return meant
    known = {fold(name) for each in field.choices for name in _names(each)}
    wanted = _names(choice) if choice else (meant,)

    def likeness(place: int) -> float:
        part = fold(parts[place])
        if not part or part in known:
            return -1.0
        return max(SequenceMatcher(None, part, fold(name)).ratio() for name in wanted)

    place = max(range(len(parts)), key=likeness)
    parts[place] = f"{' ' if parts[place][:1] == ' ' else ''}{meant}"
    return _SEPARATOR.join(parts)


def _names(choice: Choice) -> tuple[str, ...]:
    return (*choice.labels.values(), *choice.names, re.split(r"[/#]", choice.iri)[-1])


def _number(letters: str) -> int:
    number = 0
    for sign in letters:
        number = number * 26 + ord(sign) - 64
    return number - 1


# -- the table with them -------------------------------------------------------------------------


def with_suggestions(
    source: Path, taken: Sequence[Suggestion], reading: Reading = PLAIN
) -> tuple[str, bytes]:
    """Give a table with what is proposed for its cells in their place.

    A workbook of Excel and a text file keep all else that they have; of another workbook its rows
    are written as one of Excel.

    Args:
        source: the table, which stays as it is.
        taken: what is proposed.
        reading: how the table was read.

    Returns:
        the ending of the new file, and its bytes.

    Raises:
        DataError: it cannot be read.
    """
    from ..tables.workbooks import changed_workbook, workbook_of

    ending = source.suffix.lower()
    if ending in (".csv", ".tsv", ".txt"):
        return ending, _text_with(source, taken, reading)
    values = [(each.cell, each.after) for each in taken]
    table = read_table(source, sheet=reading.sheet, largest=reading.largest)
    if ending == ".xlsx":
        return ending, changed_workbook(source, table.sheet, values, reading.largest)
    rows = [Row(table.heading_row, table.headings), *table.rows]
    height = rows[-1].number
    cells: list[list[str]] = [[] for _ in range(height)]
    for row in rows:
        cells[row.number - 1] = [""] * table.first_column + list(row.cells)
    for each in taken:
        cells[each.row - 1][each.column] = each.after
    return ".xlsx", workbook_of(source, cells, [])


def _text_with(source: Path, taken: Sequence[Suggestion], reading: Reading) -> bytes:
    encoding = encoding_of(source, reading.encoding).name
    text = source.read_bytes().decode(encoding)
    first = re.match(r"sep=.\r?\n", text)
    head = first[0] if first else ""
    separator = head[4:5] or CsvFile(source, reading.encoding).separator
    by_row: dict[int, list[Suggestion]] = {}
    for each in taken:
        by_row.setdefault(each.row, []).append(each)
    end = "\r\n" if "\r\n" in text else "\n"
    made = io.StringIO(newline="")
    writer = csv.writer(made, delimiter=separator, lineterminator=end)
    for number, cells in enumerate(_rows(text[len(head) :], separator), start=1):
        for each in by_row.get(number, ()):
            # A cell that is not what was told of it is left as it is.
            if each.column < len(cells) and unescaped(cells[each.column].strip()) == each.before:
                cells[each.column] = each.after
        writer.writerow(cells)
    return (head + made.getvalue()).encode(encoding)


def _rows(text: str, separator: str) -> list[list[str]]:
    with cells_of_any_length():
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
