"""Rows whose cells stand under other headings: told by the cause, not by each cell made wrong.

A stray separator or quotation mark gives a row of a CSV file more or fewer cells than the headings
have, and from there on each cell is held against the field beside its own. In a workbook cells
that were moved to the right do the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from ..messages import Speaker
from ..tables.table import Row
from .columns import Problem
from .rows import Reader
from .statements import Case

SHIFTED: Final = "row-shifted"
"""The rule that such a row breaks."""
_SEPARATORS: Final = (",", ";", "\t", "|")
_MANY: Final = 3
"""Wrong cells from which a shift explains them better than as many slips."""


class Odd(NamedTuple):
    """A row that has another number of cells than the headings, or might have.

    Attributes:
        cells, headings: numbers of cells.
        is_parted: whether separators make its cells.
        wrong: number of its cells that are wrong.
        has_swallowed: whether one of its cells holds the separators that lack.
        problem: what is told of it where it is shifted; None where nothing is wrong.
    """

    cells: int
    headings: int
    is_parted: bool
    wrong: int
    has_swallowed: bool
    problem: Problem | None


def odd_of(reader: Reader, row: Row, found: Sequence[Problem]) -> Odd | None:
    """Give what is to be known of a row that was read, or None where its cells are as they should.

    Args:
        reader: read it.
        row: the row.
        found: what the reader told of it.
    """
    width = len(reader.table.headings)
    if row.fault or not (row.counted or len(row.cells) > width):
        return None
    count, headings = row.counted or (_last_filled(row, width), width)
    wrong = sum(problem.level == "error" for problem in found)
    is_parted, has_swallowed = row.counted is not None, _has_swallowed(row, headings - count)
    problem = None
    if wrong:
        fix = _cause(reader.say, count, headings, parted=is_parted)
        text = next(filter(None, row.cells), "")
        address, name = reader.table.address(0, row.number), reader.table.name
        problem = Problem(0, name, address, row.number, "", "error", SHIFTED, text, fix)
    return Odd(count, headings, is_parted, wrong, has_swallowed, problem)


class Usual:
    """Knows how many cells rows without error have so far: short rows are usual in some files."""

    def __init__(self) -> None:
        self._counts: set[int] = set()

    def told(self, odd: Odd, found: list[Problem]) -> list[Problem]:
        """Give what is told of a row: what was found, or that it is shifted. Rows come in order."""
        if odd.problem is None:
            self._counts.add(odd.cells)
            return found
        if not self._is_shifted(odd):
            return found
        # A row may leave out cells at its end: then what is wrong in it stays told.
        is_certain = odd.cells > odd.headings or odd.has_swallowed
        return [odd.problem, *([] if is_certain and odd.wrong >= _MANY else found)]

    def _is_shifted(self, odd: Odd) -> bool:
        """Tell whether a row with so many wrong cells is told to be shifted."""
        if odd.cells in self._counts or odd.cells == odd.headings:
            return False
        is_evident = odd.cells > odd.headings or odd.has_swallowed
        return odd.wrong >= _MANY or (odd.is_parted and is_evident)


class Shifts:
    """Reads rows, and tells those that are shifted.

    Args:
        reader: reads each row, and has what is told of it.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._usual = Usual()

    def read(self, row: Row) -> Case | None:
        """Read a row: its statements, or None where it has an error, which is reported."""
        problems = self._reader.problems
        before = len(problems)
        case = self._reader.read(row)
        found = problems[before:]
        odd = odd_of(self._reader, row, found)
        if odd is not None:
            del problems[before:]
            for problem in self._usual.told(odd, found):
                problems.append(problem._replace(problem=len(problems) + 1))
        return case


def _last_filled(row: Row, headings: int) -> int:
    """Count the cells of a workbook's row, up to the last that is filled, and the headings."""
    last = max((i for i, cell in enumerate(row.cells, start=1) if cell), default=0)
    return max(last, headings)


def _has_swallowed(row: Row, lacking: int) -> bool:
    """Tell whether one cell holds as many separators as cells lack, as behind a quotation mark."""
    return lacking > 0 and any(
        cell.count(sign) >= lacking for cell in row.cells for sign in _SEPARATORS
    )


def _cause(say: Speaker, cells: int, headings: int, *, parted: bool) -> str:
    """Tell how a row was shifted; `parted` where separators make its cells."""
    counted = say(
        "This row has {cells} cells, the headings {headings}:", cells=cells, headings=headings
    )
    if not parted:
        cause = say("its cells stand too far to the right.")
    elif cells > headings:
        cause = say("there is a separator too many, or a text with one lacks quotation marks.")
    else:
        cause = say("a separator is missing, or there is a quotation mark too many.")
    return f"{counted} {cause} " + say("Mend that first; the other cells are read anew then.")
