"""Tables as they come: CSV and workbooks, read cell by cell with their addresses.

Nothing is guessed about types: a cell is the text that a person sees, and where a workbook
holds a number or a date it is said so. The reading is lazy, so a table of a million rows needs
no more memory than one.
"""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from .errors import DataError

TABLE_ENDINGS: Final = (".csv", ".tsv", ".txt", ".xlsx")
LARGEST: Final = 2_000_000_000
"""Bytes of a file, or of a workbook unpacked, that are read without being told to."""
_ENCODINGS: Final = ("utf-8-sig", "utf-8", "cp1252")
_ERRORS: Final = ("#N/A", "#VALUE!", "#REF!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!")


class Row(NamedTuple):
    """One row: its number in the file (the first line is 1) and its cells as text."""

    number: int
    cells: list[str]


class Table(NamedTuple):
    """A table: its name, its headings with their row, and the rows below, read once.

    Attributes:
        name: the file, with the sheet where there are several.
        heading_row: number of the row that holds the headings.
        first_column: number of the first column of the table, 0 where it is A.
        headings: the headings as written.
        rows: the rows below; empty ones are left out.
    """

    name: str
    heading_row: int
    first_column: int
    headings: list[str]
    rows: Iterator[Row]

    def address(self, column: int, row: int) -> str:
        """Give the address of a cell, such as ``B7``."""
        return f"{column_letters(self.first_column + column)}{row}"


def read_table(
    path: Path, *, sheet: str | None = None, encoding: str | None = None, largest: int = LARGEST
) -> Table:
    """Open a table.

    Args:
        path: a CSV or XLSX file.
        sheet: name of the sheet; by default the first that has headings.
        encoding: of a CSV file; by default UTF-8, else Windows-1252.
        largest: bytes above which the file is refused.

    Raises:
        DataError: the file is missing, empty, too large, no workbook, or has no such sheet.
    """
    try:
        size = path.stat().st_size
    except OSError:
        raise DataError(f"{path}: there is no such file") from None
    if size > largest:
        raise DataError(
            f"{path}: {size:,} bytes are more than the limit of {largest:,}; "
            "raise it with --largest BYTES"
        )
    if size == 0:
        raise DataError(f"{path}: the file is empty")
    rows = (
        _workbook_rows(path, sheet, largest)
        if path.suffix.lower() == ".xlsx"
        else (path.name, _csv_rows(path, encoding))
    )
    return _table(path, *rows)


def _table(path: Path, name: str, rows: Iterator[Row]) -> Table:
    heading = next((row for row in rows if any(row.cells)), None)
    if heading is None:
        raise DataError(f"{path}: there is no row of headings")
    cells = heading.cells
    first = next(position for position, cell in enumerate(cells) if cell)
    last = max(position for position, cell in enumerate(cells) if cell) + 1
    headings = cells[first:last]

    def body() -> Iterator[Row]:
        for row in rows:
            if any(row.cells):
                yield Row(row.number, row.cells[first:])

    return Table(name, heading.number, first, headings, body())


def _csv_rows(path: Path, encoding: str | None) -> Iterator[Row]:
    chosen = encoding or _encoding(path)
    try:
        file = path.open(encoding=chosen, newline="")
    except LookupError:
        raise DataError(f"--encoding: there is no encoding {encoding!r}") from None
    with file:
        try:
            sample = file.read(65536)
            file.seek(0)
            reader = csv.reader(file, delimiter=_delimiter(sample, path))
            line = 1
            for cells in reader:
                yield Row(line, [unescaped(cell.strip()) for cell in cells])
                line += 1
        except UnicodeDecodeError as error:
            raise DataError(
                f"{path}: byte {error.start} is not {chosen}; name the encoding with --encoding"
            ) from None
        except csv.Error as error:
            raise DataError(f"{path}, line {reader.line_num}: {error}") from None


def _encoding(path: Path) -> str:
    """Give the first encoding that the whole file can be read in."""
    for encoding in _ENCODINGS:
        try:
            with path.open(encoding=encoding) as file:
                while file.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise DataError(
        f"{path}: the text is neither UTF-8 nor Windows-1252; name its encoding with --encoding"
    )


def _delimiter(sample: str, path: Path) -> str:
    if path.suffix.lower() == ".tsv":
        return "\t"
    first = next((line for line in sample.splitlines() if line.strip()), "")
    try:
        return csv.Sniffer().sniff(first, delimiters=";,\t").delimiter
    except csv.Error:
        return max(";,\t", key=first.count)


def _workbook_rows(path: Path, sheet: str | None, largest: int) -> tuple[str, Iterator[Row]]:
    from python_calamine import CalamineError, CalamineWorkbook

    _refuse_bomb(path, largest)
    try:
        book = CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError) as error:
        raise DataError(f"{path}: this is no workbook that can be read: {error}") from None
    if sheet is not None and sheet not in book.sheet_names:
        raise DataError(
            f"{path}: there is no sheet {sheet!r}; it has {', '.join(book.sheet_names)}"
        )
    chosen = sheet or book.sheet_names[0]
    grid = book.get_sheet_by_name(chosen)
    offset = grid.start[0] if grid.start else 0

    def rows() -> Iterator[Row]:
        data = grid.to_python(skip_empty_area=False)
        for number, cells in enumerate(data, start=1):
            yield Row(number, [cell_text(cell) for cell in cells])

    name = path.name if len(book.sheet_names) == 1 else f"{path.name}, sheet {chosen}"
    return name, rows() if offset >= 0 else iter(())


def _refuse_bomb(path: Path, largest: int) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise DataError(f"{path}: this is no workbook: {error}") from None
    if unpacked > largest:
        raise DataError(
            f"{path}: unpacked it has {unpacked:,} bytes, more than the limit of {largest:,}; "
            "raise it with --largest BYTES"
        )


def cell_text(cell: Any) -> str:
    """Give the text of a workbook's cell: whole numbers without decimals, dates as ISO dates."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return (cell.date() if cell.time() == datetime.time() else cell).isoformat()
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return str(cell).strip()


def is_error(text: str) -> bool:
    """Tell whether a cell holds the error of a formula."""
    return text in _ERRORS


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


def safe(text: str) -> str:
    """Escape a text that a spreadsheet would run as a formula.

    >>> safe("=1+1"), safe("housing")
    ("'=1+1", 'housing')
    """
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


def unescaped(text: str) -> str:
    """Take back what :func:`safe` did.

    >>> unescaped(safe("+5 per cent"))
    '+5 per cent'
    """
    return text[1:] if text[:1] == "'" and text[1:2] in tuple("=+-@") else text


def write_csv(headings: list[str], rows: Iterator[list[str]]) -> bytes:
    """Write a CSV file in UTF-8 with a byte order mark, which spreadsheets need."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(map(safe, headings))
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")
