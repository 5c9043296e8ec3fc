"""Records of a CSV file, each with the lines that it stands in; a stray quotation mark is told.

A quotation mark that opens a cell and is not closed takes in what follows, line by line, up to the
next one or the end of the file. Such a record is set aside, and reading goes on in the line below
the one in which it opened, so that no line is swallowed: each belongs to one record, is blank, or
stands above the headings.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections import deque
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from ..errors import DataError
from ..files.encodings import Encoding, encoding_of
from ..messages import Sentence
from ..spelling import cleaned, fold

SEPARATORS: Final = (",", ";", "\t", "|")
_SEPARATOR_LINE: Final = re.compile(r"\ufeff?sep=(.)\r?\n?", re.IGNORECASE)
"""What Excel reads and never shows: the line that says which sign separates the cells."""
LONGEST_LINE: Final = 10_000_000
"""Characters of a line, above which the file is taken for no table."""
_LEAST_WIDTH: Final = 3
"""In a narrower table a text of several lines cannot be told from rows."""
_SAMPLE: Final = 65_536


@contextlib.contextmanager
def cells_of_any_length() -> Iterator[None]:
    """Let cells be of any length until the block is left: the bound is of the whole process."""
    before = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(before)


class Record(NamedTuple):
    """One record of a CSV file.

    Attributes:
        number: as a spreadsheet counts rows: a record of several lines is one.
        line: number of its first line in the file.
        last_line: number of its last.
        cells: its cells.
        fault: what is wrong with its quotation marks, or an empty text.
    """

    number: int
    line: int
    last_line: int
    cells: list[str]
    fault: str = ""


class CsvFile:
    """A CSV file opened for reading.

    Args:
        path: the file.
        encoding: as Python names it; by default what the file itself tells.
        expected: folded names of headings that are known, by which the separator is chosen.

    Attributes:
        encoding: the encoding taken, and whether it was guessed.
        separator: the sign between cells.

    Raises:
        DataError: the encoding is unknown or not that of the file.
    """

    def __init__(
        self, path: Path, encoding: str | None = None, expected: frozenset[str] = frozenset()
    ) -> None:
        self.path = path
        self.encoding: Encoding = encoding_of(path, encoding)
        self._read_bytes = 0
        self._widest = 0
        with path.open("rb") as raw, self._text(raw) as file:
            sample = file.read(_SAMPLE)
        said = _SEPARATOR_LINE.match(sample)
        self._skipped = 1 if said else 0
        self.separator = said[1] if said else _separator(sample, path, expected)

    def share(self) -> float:
        """Tell how much of the file is read, between 0 and 1."""
        return self._read_bytes / max(self.path.stat().st_size, 1)

    def records(self) -> Iterator[Record]:
        """Give the records, in order."""
        with self.path.open("rb") as raw, self._text(raw) as file:
            lines = _Lines(file, self.path)
            for _ in range(self._skipped):
                next(lines, None)
            number = 0
            while not lines.ended:
                for record in self._run(lines, number):
                    number = record.number
                    if not number % 1000:
                        self._read_bytes = raw.tell()
                    yield record

    def _run(self, lines: _Lines, number: int) -> Iterator[Record]:
        """Give records until one has a stray quotation mark, or the file ends."""
        lines.take()
        reader = csv.reader(lines, delimiter=self.separator)
        while True:
            number += 1
            line = lines.number + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Record(number, line, line, *self._unread(lines, line, error))
                return
            taken = lines.take()
            if len(taken) == 1 and not (lines.ended and '"' in taken[0]):
                self._widest = max(self._widest, len(cells))
                yield Record(number, line, line, cells)
                continue
            fault = self._stray_quote(taken, line)
            if fault:
                lines.give_back(taken[1:])
                yield Record(number, line, line, self._plain(taken[0]), fault)
                return
            yield Record(number, line, line + len(taken) - 1, cells)

    def _unread(self, lines: _Lines, line: int, error: csv.Error) -> tuple[list[str], str]:
        """Give the cells of a line that cannot be read, and why; what followed is given back."""
        taken = lines.take()
        lines.give_back(taken[1:])
        if "field larger" not in str(error):
            fault = Sentence("Line {line} cannot be read: {reason}.", line=line, reason=error)
        elif len(taken) > 1:
            fault = Sentence(
                "A quotation mark opens in line {line} and is not closed for long. "
                'Close it, or write two ("") for one inside a cell.',
                line=line,
            )
        else:
            fault = Sentence(
                "A cell in line {line} has more than {most:,} characters.",
                line=line,
                most=csv.field_size_limit(),
            )
        return self._plain(taken[0]), fault

    def _stray_quote(self, taken: Sequence[str], line: int) -> str:
        """Tell whether the lines of a record are rows that a quotation mark took in.

        Rows are taken in where both the first line and one behind it have as many cells as the
        table is wide; the lines of a text in one cell have fewer.
        """
        last = line + len(taken) - 1
        whole = 0
        try:
            whole = len(next(csv.reader(taken, delimiter=self.separator, strict=True)))
        except csv.Error as error:
            if "unexpected end" in str(error):
                return Sentence(
                    "A quotation mark opens in line {line} and is never closed. "
                    'Close it, or write two ("") for one inside a cell.',
                    line=line,
                )
        widths = [text.count(self.separator) + 1 for text in taken]
        width = max(self._widest, _LEAST_WIDTH)
        if whole == self._widest != widths[0]:
            return ""  # a record as it should be, with separators in its texts
        if widths[0] >= width and any(other >= width for other in widths[1:]):
            return Sentence(
                "A quotation mark opens in line {line} and closes only in line {last}, "
                'with rows between. Close it, or write two ("") for one inside a cell.',
                line=line,
                last=last,
            )
        return ""

    def _plain(self, line: str) -> list[str]:
        return line.rstrip("\r\n").split(self.separator)

    def _text(self, raw: io.BufferedReader) -> io.TextIOWrapper:
        return io.TextIOWrapper(raw, encoding=self.encoding.name, newline="")


class _Lines(Iterator[str]):
    """The lines of a file, which can be given back.

    Attributes:
        number: number of the line given last.
        ended: whether the last line was given.
    """

    def __init__(self, file: io.TextIOWrapper, path: Path) -> None:
        self._path = path
        self._file = iter(partial(file.readline, LONGEST_LINE), "")
        self._back: deque[str] = deque()
        self._taken: list[str] = []
        self.number = 0
        self.ended = False
        self._look_ahead()

    def _look_ahead(self) -> None:
        following = next(self._file, None)
        if following is not None and len(following) == LONGEST_LINE:
            told = Sentence(
                "{path}: a line has more than {most:,} characters, so this is no table",
                path=self._path,
                most=LONGEST_LINE,
            )
            raise DataError(told)
        if following is None:
            self.ended = not self._back
        else:
            self._back.append(following)

    def __next__(self) -> str:
        if not self._back:
            raise StopIteration
        line = self._back.popleft()
        if not self._back:
            self._look_ahead()
        self._taken.append(line)
        self.number += 1
        return line

    def take(self) -> list[str]:
        """Give the lines given since the last call."""
        taken, self._taken = self._taken, []
        return taken

    def give_back(self, lines: list[str]) -> None:
        """Take back the lines given last."""
        self._back.extendleft(reversed(lines))
        self.number -= len(lines)
        self.ended = self.ended and not lines


def _separator(sample: str, path: Path, expected: frozenset[str]) -> str:
    """Choose the sign that parts the lines into the most known headings, else the most evenly."""
    lines = [line for line in sample.splitlines() if line.strip()][:20]
    if not lines:
        return ","
    signs = [sign for sign in SEPARATORS if any(sign in line for line in lines)] or [","]
    if path.suffix.lower() == ".tsv" and "\t" in signs:
        return "\t"
    known = {sign: max(_known(line, sign, expected) for line in lines) for sign in signs}
    best = max(signs, key=lambda sign: known[sign])
    if known[best] > 1:
        return best
    return max(signs, key=lambda sign: _evenness(lines, sign))


def _known(line: str, sign: str, expected: frozenset[str]) -> int:
    return sum(fold(cell) in expected for cell in _parted(line, sign))


def _evenness(lines: Sequence[str], sign: str) -> tuple[int, int]:
    """Tell how many lines a sign parts into as many cells as the first, and into how many."""
    widths = [len(_parted(line, sign)) for line in lines]
    return (sum(width == widths[0] for width in widths) if widths[0] > 1 else 0, widths[0])


def _parted(line: str, sign: str) -> list[str]:
    try:
        return next(csv.reader([cleaned(line)], delimiter=sign), [])
    except csv.Error:
        return line.split(sign)
