"""Tables as they come: CSV and workbooks, read cell by cell with their addresses.

Nothing is guessed about types: a cell is the text that a person sees, and where a workbook
holds a number or a date it is said so. The reading is lazy, so a table of a million rows needs
no more memory than one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from .errors import DataError
from .workbook_reader import cell_text

TABLE_ENDINGS: Final = (".csv", ".tsv", ".txt", ".xlsx")
LARGEST: Final = 2_000_000_000
"""Bytes of a file, or of a workbook unpacked, that are read without being told to."""
_ENCODINGS: Final = ("utf-8-sig", "utf-8", "cp1252")
_LONGEST_LINE: Final = 10_000_000
"""Characters of a line of a CSV file, above which it is taken for no table."""
_MOST_COLUMNS: Final = 16_384
"""Columns of a table, as many as a workbook has."""
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
        share: tells how much of the file is read, between 0 and 1.
        sheet: name of the sheet, where it is a workbook's.
        keys: key of the case record for each column, ``""`` for none; None where the headings
            say it.
        origins: for each column, the column of the file that it stands for.
        merged: ranges of merged cells: first row and column, last row and column, from 0.
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
    if path.suffix.lower() == ".xlsx":
        return _workbook(path, sheet, largest)
    position = [0]
    rows = _csv_rows(path, encoding, position)
    return _table(path, path.name, rows, lambda: position[0] / size)


def read_geojson(path: Path, *, largest: int = LARGEST) -> Table:
    """Read the features of a GeoJSON file as rows: a column for each property that one has.

    Row 2 is the first feature, as if the names of the properties stood in row 1.

    Raises:
        DataError: the file cannot be read, is too large, or is no GeoJSON with features.
    """
    import json

    try:
        if path.stat().st_size > largest:
            raise DataError(
                f"{path}: {path.stat().st_size:,} bytes are more than the limit of {largest:,}; "
                "raise it with --largest BYTES"
            )
        features = json.loads(path.read_bytes())["features"]
        rows = [feature["properties"] for feature in features]
        headings = list(dict.fromkeys(name for row in rows for name in row))
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise DataError(f"{path}: this is not valid JSON: {error}") from None
    except RecursionError:
        raise DataError(f"{path}: it is nested too deeply to be read") from None
    except (KeyError, TypeError, AttributeError):
        raise DataError(f"{path}: this is no GeoJSON with a list of features") from None

    def body() -> Iterator[Row]:
        for number, row in enumerate(rows, start=2):
            yield Row(number, [_text_of(row.get(name)) for name in headings])

    return Table(path.name, 1, 0, headings, body())


def _text_of(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(map(_text_of, value))
    return cell_text(value) if not isinstance(value, dict) else str(value)


def _table(path: Path, name: str, rows: Iterator[Row], share: Callable[[], float]) -> Table:
    heading = next((row for row in rows if any(row.cells)), None)
    if heading is None:
        raise DataError(f"{path}: there is no row of headings")
    cells = heading.cells
    if len(cells) > _MOST_COLUMNS:
        raise DataError(
            f"{path}: row {heading.number} has {len(cells):,} cells, and a table has at most "
            f"{_MOST_COLUMNS:,} columns; is another sign its delimiter?"
        )
    first = next(position for position, cell in enumerate(cells) if cell)
    last = max(position for position, cell in enumerate(cells) if cell) + 1
    headings = cells[first:last]

    def body() -> Iterator[Row]:
        for row in rows:
            if any(row.cells):
                yield Row(row.number, row.cells[first:])

    return Table(name, heading.number, first, headings, body(), share)


def _csv_rows(path: Path, encoding: str | None, position: list[int]) -> Iterator[Row]:
    """Read a CSV file; its place in the file, in bytes, is kept in `position`."""
    chosen = encoding or _encoding(path)
    try:
        io.TextIOWrapper(io.BytesIO(), encoding=chosen)  # refuses codecs of other things too
    except (LookupError, ValueError):
        raise DataError(f"--encoding: there is no encoding {encoding!r}") from None
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding=chosen, newline="") as file:
        try:
            sample = file.read(65536)
            file.seek(0)
            reader = csv.reader(_lines(file, path), delimiter=_delimiter(sample, path))
            line = 1
            for cells in reader:
                yield Row(line, [unescaped(cell.strip()) for cell in cells])
                line += 1
                if not line % 1000:
                    position[0] = raw.tell()
        except UnicodeError as error:
            # A stream without its mark, or a codec of its own kind, names no byte.
            where = f"byte {error.start}" if isinstance(error, UnicodeDecodeError) else "this"
            raise DataError(
                f"{path}: {where} is not {chosen}; name the encoding with --encoding"
            ) from None
        except csv.Error as error:
            raise DataError(f"{path}, line {reader.line_num}: {error}") from None


def _lines(file: io.TextIOWrapper, path: Path) -> Iterator[str]:
    """Give the lines of a file; one without end would be held in memory whole."""
    for line in iter(partial(file.readline, _LONGEST_LINE), ""):
        if len(line) == _LONGEST_LINE:
            raise DataError(
                f"{path}: a line has more than {_LONGEST_LINE:,} characters, so this is no table"
            )
        yield line


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


def _workbook(path: Path, sheet: str | None, largest: int) -> Table:
    from .workbooks import read_workbook

    book = read_workbook(path, sheet, largest)
    last = [0]

    def rows() -> Iterator[Row]:
        for number, texts in book.rows:
            last[0] = number
            yield Row(number, texts)

    name = path.name if len(book.names) == 1 else f"{path.name}, sheet {book.sheet}"
    table = _table(path, name, rows(), lambda: last[0] / max(book.height, 1))
    return table._replace(sheet=book.sheet, merged=book.merged)


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
