"""Tables as they come: CSV and workbooks, read cell by cell with their addresses.

Nothing is guessed about types: a cell is the text that a person sees, and where a workbook
holds a number or a date it is said so. The reading is lazy, so a table of a million rows needs
no more memory than one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Final, NamedTuple
from unicodedata import is_normalized

from ..errors import DataError, option
from ..messages import Sentence, Speaker
from ..spelling import cleaned, control_characters, fold, without_control
from .csv_reading import CsvFile
from .csv_writing import unescaped

WORKBOOK_ENDINGS: Final = (".xlsx", ".ods", ".xls")
TABLE_ENDINGS: Final = (".csv", ".tsv", ".txt", *WORKBOOK_ENDINGS)
LARGEST: Final = 2_000_000_000
"""Bytes of a file, or of a workbook unpacked, that are read without being told to."""
_MOST_COLUMNS: Final = 16_384
"""Columns of a table, as many as a workbook has."""
_MOST_ABOVE: Final = 30
"""Rows in which the headings are looked for: titles and bands may stand above them."""
UNCALCULATED: Final = "#UNCALCULATED!"
"""What the reader of workbooks puts where a formula was never calculated."""
_ERRORS: Final = (UNCALCULATED, "#N/A", "#VALUE!", "#REF!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!")


class Row(NamedTuple):
    """One row.

    Attributes:
        number: its number in the file, as a spreadsheet counts: the first row is 1.
        cells: its cells as text.
        fault: why it cannot be read, or an empty text.
        control: the control characters that were taken out of its cells, by column.
        links: the addresses that stand behind its cells, by column.
        unmatched: columns that another table should have filled and has no row for: the column,
            the code that was looked for, and the other table's name.
        counted: how many cells the row of a CSV file has and its headings, where these differ.
    """

    number: int
    cells: list[str]
    fault: str = ""
    control: tuple[tuple[int, str], ...] = ()
    links: tuple[tuple[int, str], ...] = ()
    unmatched: tuple[tuple[int, str, str], ...] = ()
    counted: tuple[int, int] | None = None


class Table(NamedTuple):
    """A table: its name, its headings with their row, and the rows below, read once.

    Attributes:
        name: the file, with the sheet where there are several.
        heading_row: number of the row that holds the headings.
        first_column: number of the first column of the table, 0 where it is A.
        headings: the headings as written.
        rows: the rows below; empty ones are left out.
        share: tells how much of the file is read, between 0 and 1.
        sheet: name of the sheet, where it is a workbook's.
        keys: key of the case record for each column, ``""`` for none; None where the headings
            say it.
        origins: for each column, the column of the file that it stands for.
        merged: ranges of merged cells: first row and column, last row and column, from 0.
        note: a sentence on how the file was read, where that was a guess.
        how: what was taken for the headings, and how the file was read, for who must choose.
    """

    name: str
    heading_row: int
    first_column: int
    headings: list[str]
    rows: Iterator[Row]
    share: Callable[[], float] = lambda: 0.0
    sheet: str = ""
    keys: tuple[str, ...] | None = None
    origins: tuple[int, ...] | None = None
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    note: str = ""
    how: str = ""

    def address(self, column: int, row: int) -> str:
        """Give the address of a cell, such as ``B7``."""
        return f"{column_letters(self._in_file(column))}{row}"

    def merged_with(self, column: int, row: int) -> str:
        """Give the range of merged cells that a cell is in, or an empty text."""
        for (top, left), (bottom, right) in self.merged:
            if top < row <= bottom + 1 and left <= self._in_file(column) <= right:
                return f"{column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}"
        return ""

    def _in_file(self, column: int) -> int:
        own = self.origins[column] if self.origins else column
        return self.first_column + own


def read_table(
    path: Path,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    largest: int = LARGEST,
    expected: Iterable[str] = (),
) -> Table:
    """Open a table.

    Args:
        path: a file of CSV or JSON, or a workbook.
        sheet: name of the sheet; by default the first that has headings.
        encoding: of a CSV file; by default what its mark says, else UTF-8, else a guess.
        largest: bytes above which the file is refused.
        expected: headings that are known: they tell the separator and the row of headings.

    Raises:
        DataError: the file is missing, empty, too large, no workbook, or has no such sheet.
    """
    check_size(path, largest)
    names = frozenset(map(fold, expected))
    if path.suffix.lower() in WORKBOOK_ENDINGS:
        return _workbook(path, sheet, largest, names)
    file = CsvFile(path, encoding, names)
    rows = (
        as_row(
            record.number,
            # Few cells begin so: a call and a pattern for each would cost a tenth of the reading.
            [unescaped(cell) if cell[:1] == "'" else cell for cell in map(str.strip, record.cells)],
            record.fault,
        )
        for record in file.records()
    )
    guess = Sentence(
        "read as {encoding}: a guess; {option} says otherwise",
        encoding=file.encoding.name,
        option=option("encoding", "NAME"),
    )
    table = _table(path, path.name, rows, file.share, names, counts=True)
    how = Sentence(
        "row {row} was taken for the headings, {sign} for the separator and {encoding} for the "
        "encoding ({option} takes another)",
        option=option("encoding", "NAME"),
        row=table.heading_row,
        sign={"\t": "tab"}.get(file.separator, repr(file.separator)),
        encoding=file.encoding.name,
    )
    return table._replace(note=guess if file.encoding.guessed else "", how=how)


def check_size(path: Path, largest: int) -> None:
    """Refuse a file that is missing, a folder, empty or too large.

    Raises:
        DataError: it is one of these.
    """
    try:
        size = path.stat().st_size
        folder = path.is_dir()
    except (OSError, ValueError):  # ValueError where the name holds a zero byte
        raise DataError(Sentence("{path}: there is no such file", path=path)) from None
    if folder:
        raise DataError(Sentence("{path}: this is a folder; name a file in it", path=path))
    if size > largest:
        told = Sentence(
            "{path}: {size:,} bytes are more than the limit of {largest:,}; raise it with {option}",
            path=path,
            size=size,
            largest=largest,
            option=option("largest", "BYTES"),
        )
        raise DataError(told)
    if size == 0:
        raise DataError(Sentence("{path}: the file is empty", path=path))


def _table(
    path: Path,
    name: str,
    rows: Iterator[Row],
    share: Callable[[], float],
    expected: frozenset[str] = frozenset(),
    counts: bool = False,
) -> Table:
    """Find the headings: the first row with two that are known, else the first with any cell.

    Where the file itself parts its rows into cells, a row with another number of them says so.
    """
    above: list[Row] = []
    heading = None
    for row in islice(rows, _MOST_ABOVE):
        above.append(row)
        if len(expected.intersection(map(fold, row.cells))) > 1:
            heading = row
            break
    if heading is None:
        heading = next((row for row in above if any(row.cells)), None)
        rows = chain(above[above.index(heading) + 1 :] if heading else (), rows)
    if heading is None:
        raise DataError(Sentence("{path}: there is no row of headings", path=path))
    cells = heading.cells
    if len(cells) > _MOST_COLUMNS:
        told = Sentence(
            "{path}: row {row} has {count:,} cells, and a table has at most {most:,} columns; is "
            "another sign its separator?",
            path=path,
            row=heading.number,
            count=len(cells),
            most=_MOST_COLUMNS,
        )
        raise DataError(told)
    first = next(position for position, cell in enumerate(cells) if cell)
    last = max(position for position, cell in enumerate(cells) if cell) + 1
    headings = cells[first:last]
    wide = len(cells)

    def body() -> Iterator[Row]:
        for row in rows:
            if counts and len(row.cells) != wide:
                row = row._replace(counted=(len(row.cells), wide))
            if row.fault or any(row.cells):
                yield row._replace(cells=row.cells[first:]) if first else row

    return Table(name, heading.number, first, headings, body(), share)


def as_row(number: int, cells: list[str], fault: str = "") -> Row:
    """Make a row of cells as they come: in one spelling, and without control characters.

    What is taken out is said in the row, by column.
    """
    text = "".join(cells)
    if text.isprintable() and (text.isascii() or is_normalized("NFC", text)):
        return Row(number, cells, fault)
    odd = tuple(
        (column, ", ".join(signs))
        for column, cell in enumerate(cells)
        if (signs := control_characters(cell))
    )
    cells = [cleaned(without_control(cell) if odd else cell).strip() for cell in cells]
    return Row(number, cells, fault, odd)


def _workbook(path: Path, sheet: str | None, largest: int, expected: frozenset[str]) -> Table:
    from .workbooks import read_workbook

    book = read_workbook(path, sheet, largest, expected)
    last = [0]

    def rows() -> Iterator[Row]:
        for number, texts in book.rows:
            last[0] = number
            row = as_row(number, texts)
            links = book.links.get(number)
            yield row._replace(links=links) if links else row

    name = path.name if len(book.names) == 1 else f"{path.name}, sheet {book.sheet}"
    table = _table(path, name, rows(), lambda: last[0] / max(book.height, 1), expected)
    how = Sentence(
        "row {row} of the sheet {sheet!r} was taken for the headings "
        "({option} takes another sheet)",
        option=option("sheet", "NAME"),
        row=table.heading_row,
        sheet=book.sheet,
    )
    hidden = Sentence("the sheet {sheet!r} is hidden", sheet=book.sheet) if book.hidden else ""
    return table._replace(sheet=book.sheet, merged=book.merged, how=how, note=hidden)


def is_error(text: str) -> bool:
    """Tell whether a cell holds the error of a formula, or one that was never calculated."""
    return text in _ERRORS


def of_formula(text: str, say: Speaker) -> str:
    """Tell what to do with the error of a formula, or with one that was never calculated."""
    if text == UNCALCULATED:
        return say(
            "The cell holds a formula that was never calculated: open the file in a spreadsheet "
            "program and save it, or write the value."
        )
    return say("The cell holds the error {text} of a formula: write the value.", text=text)


def column_letters(column: int) -> str:
    """Give the letters of a column counted from 0.

    >>> column_letters(0), column_letters(25), column_letters(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
