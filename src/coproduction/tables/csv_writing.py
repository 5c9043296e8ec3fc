"""CSV for spreadsheets: nothing in a cell runs, and Excel opens it with its columns and letters.

The W3C's form of CSV, which :mod:`coproduction.results.result` writes, is for programs: it has no
byte order mark, always a comma, and every value as it is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final, Literal, Protocol

Style = Literal["spreadsheet", "w3c"]
STYLES: Final[tuple[Style, ...]] = ("spreadsheet", "w3c")
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n]")
_ESCAPED: Final = re.compile(r"'+[=+\-@\t\r\n]")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?")
_SEMICOLON: Final = ("sv", "de", "fr")
"""Where a comma stands in numbers, so that Excel takes another sign between cells."""


class Sink(Protocol):
    """What bytes are written to."""

    def write(self, data: bytes, /) -> object:
        """Take bytes."""


def safe(text: str) -> str:
    """Escape a text that a spreadsheet would run as a formula; a number is none.

    >>> safe("=1+1"), safe("-5"), safe("housing")
    ("'=1+1", '-5', 'housing')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unescaped(text: str) -> str:
    """Take back what :func:`safe` did.

    >>> unescaped(safe("+5 per cent")), unescaped(safe("'=1"))
    ('+5 per cent', "'=1")
    """
    return text[1:] if _ESCAPED.match(text) else text


def separator_of(lang: str) -> str:
    """Give the sign that Excel expects between the cells in a language.

    >>> separator_of("en"), separator_of("sv-SE")
    (',', ';')
    """
    return ";" if lang.lower().partition("-")[0] in _SEMICOLON else ","


def write_sheet(
    target: Sink, headings: Sequence[str], rows: Iterable[Sequence[str]], lang: str = "en"
) -> None:
    """Write CSV for a spreadsheet to a binary stream, row by row.

    UTF-8 with a byte order mark, which Excel needs to see that it is, and the separator of the
    language.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator_of(lang), lineterminator="\r\n")
    target.write(b"\xef\xbb\xbf")
    writer.writerow(map(safe, headings))
    for row in rows:
        writer.writerow(map(safe, row))
        if buffer.tell() > 1 << 16:
            _flush(buffer, target)
    _flush(buffer, target)


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[str]], lang: str = "en") -> bytes:
    """Give the bytes that :func:`write_sheet` writes."""
    buffer = io.BytesIO()
    write_sheet(buffer, headings, rows, lang)
    return buffer.getvalue()


def _flush(buffer: io.StringIO, target: Sink) -> None:
    target.write(buffer.getvalue().encode())
    buffer.seek(0)
    buffer.truncate()
