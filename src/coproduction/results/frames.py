"""The columns of a data frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .forms import Cell, Value


def kinds_of(frame: Mapping[str, Sequence[Cell]]) -> dict[str, Any]:
    """Give the columns of numbers and of truth, gaps or not, with pandas' type for each."""
    kinds = {}
    for name, column in frame.items():
        found = {each.__name__ for each in set(map(type, column))} - {"NoneType"}
        if found == {"bool"}:
            kinds[name] = "boolean"
        elif found == {"int"}:
            kinds[name] = "Int64"
        elif found and found <= {"int", "float", "Decimal"}:
            kinds[name] = "float64"
    return kinds


def listed(column: list[Cell]) -> list[Cell]:
    """Give a column in which one row has several values as one of lists, another as it is.

    >>> listed([1, [2, 3], None]), listed([1, None])
    ([[1], [2, 3], []], [1, None])
    """
    if not any(isinstance(cell, list) for cell in column):
        return column
    return [_list(cell) for cell in column]


def _list(cell: Cell) -> list[Value]:
    if isinstance(cell, list):
        return cell
    return [] if cell is None else [cell]
