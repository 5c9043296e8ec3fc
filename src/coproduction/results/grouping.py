"""Rows brought together: one for each arrangement, with lists where it has several values.

A query gives a row for each combination of values, so that an arrangement with two sources stands
in two rows. A question says in its header which column its rows are about (``#+ row: case``); for
a person, and where rows are counted, the rows with the same value there are one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from ..store.protocol import Term

Terms: TypeAlias = "tuple[Term | None, ...]"


class Grouped(NamedTuple):
    """One row: for each column its values, each once, in the order in which they came."""

    columns: tuple[list[Term], ...]


def group(variables: Sequence[str], rows: Sequence[Terms], by: str) -> list[Grouped]:
    """Bring the rows together that have the same value in a column.

    A column and the labels beside it (``source``, ``sourceLabel``) stay in step: the first label
    belongs to the first value. A row without a value in the column stays a row of its own.

    Args:
        variables: names of the columns.
        rows: their terms.
        by: the column that says what a row is about.
    """
    key = variables.index(by)
    beside = {
        position: variables.index(f"{name}Label")
        for position, name in enumerate(variables)
        if f"{name}Label" in variables
    }
    labels = set(beside.values())
    members: dict[object, list[Terms]] = {}
    for number, row in enumerate(rows):
        members.setdefault(number if row[key] is None else row[key], []).append(row)
    found = []
    for same in members.values():
        columns: list[list[Term]] = [[] for _ in variables]
        for position in range(len(variables)):
            if position in labels:
                continue
            label = beside.get(position)
            pairs = dict.fromkeys(
                (row[position], None if label is None else row[label]) for row in same
            )
            columns[position] = [value for value, _ in pairs if value is not None]
            if label is not None:
                columns[label] = [text for _, text in pairs if text is not None]
        found.append(Grouped(tuple(columns)))
    return found
