"""Rows whose cells stand under other headings: told by the cause, not by each cell made wrong.

A stray separator or quotation mark gives a row of a CSV file more or fewer cells than the headings
have, and from there on each cell is held against the field beside its own. In a workbook cells
that were moved to the right do the same.
"""

from __future__ import annotations

from typing import Final

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


class Shifts:
    """Reads rows, and tells those that are shifted.

    Args:
        reader: reads each row, and has what is told of it.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._usual: set[int] = set()
        """Numbers of cells that rows without error have: short rows are usual in some files."""

    def read(self, row: Row) -> Case | None:
        """Read a row: its statements, or None where it has an error, which is reported."""
        problems = self._reader.problems
        before = len(problems)
        case = self._reader.read(row)
        is_beyond = len(row.cells) > len(self._reader.table.headings)
        if row.fault or not (row.counted or is_beyond):
            return case
        count, headings = row.counted or self._filled(row)
        found = problems[before:]
        wrong = sum(problem.level == "error" for problem in found)
        if not wrong:
            self._usual.add(count)
        elif self._is_shifted(row, count, headings, wrong):
            fix = _cause(self._reader.say, count, headings, parted=row.counted is not None)
            # A row may leave out cells at its end: then what is wrong in it stays told.
            is_certain = count > headings or _has_swallowed(row, headings - count)
            kept = [] if is_certain and wrong >= _MANY else found
            del problems[before:]
            for problem in (self._problem(row, fix), *kept):
                problems.append(problem._replace(problem=len(problems) + 1))
        return case

    def _is_shifted(self, row: Row, count: int, headings: int, wrong: int) -> bool:
        """Tell whether a row with so many wrong cells is told to be shifted."""
        if count in self._usual or count == headings:
            return False
        is_evident = count > headings or _has_swallowed(row, headings - count)
        return wrong >= _MANY or (row.counted is not None and is_evident)

    def _filled(self, row: Row) -> tuple[int, int]:
        """Count the cells of a workbook's row, up to the last that is filled, and the headings."""
        last = max((i for i, cell in enumerate(row.cells, start=1) if cell), default=0)
        headings = len(self._reader.table.headings)
        return max(last, headings), headings

    def _problem(self, row: Row, fix: str) -> Problem:
        table = self._reader.table
        text = next(filter(None, row.cells), "")
        address = table.address(0, row.number)
        return Problem(0, table.name, address, row.number, "", "error", SHIFTED, text, fix)


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
