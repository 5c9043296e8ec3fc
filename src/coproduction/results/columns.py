"""Columns of an answer, in which each distinct value is converted once where there are few.

Of tens of thousands of rows most columns have a handful of values, and a term is hashed faster than
it is read; a column whose values are mostly distinct is converted term by term.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

import pyoxigraph as ox

from .forms import plain

if TYPE_CHECKING:
    from ..store.protocol import Term

To = TypeVar("To")
_CHUNK = 10_000
"""Rows that are written at once."""
_FIRST = 1_000
"""Terms by which it is judged whether a column has few values."""


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Have Python look for no circles of objects meanwhile.

    Rows are many objects without any, and to look through all of them again and again takes a fifth
    of the time of a large answer.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def columns_of(width: int, rows: Sequence[tuple[Term | None, ...]]) -> list[Sequence[Term | None]]:
    """Give rows as so many columns.

    >>> columns_of(2, [(1, 2), (3, 4)]), columns_of(2, [])
    ([(1, 3), (2, 4)], [(), ()])
    """
    return list(zip(*rows, strict=True)) if rows else [()] * width


def converted(column: Sequence[Term | None], convert: Callable[[Term | None], To]) -> list[To]:
    """Convert the terms of a column, by a function that gives the same for the same term."""
    if seems_distinct(column):
        return list(map(convert, column))
    return list(map(_Known(convert).__getitem__, column))


def seems_distinct(column: Sequence[object]) -> bool:
    """Tell by its first cells whether a column has mostly distinct values."""
    first = column[:_FIRST]
    return len(set(first)) * 4 > len(first) * 3


class _Known(dict["Term | None", To]):
    """What distinct terms were converted to; one that comes first is converted then."""

    def __init__(self, convert: Callable[[Term | None], To]) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, term: Term | None) -> To:
        found = self[term] = self._convert(term)
        return found


class ForTheEngine(Exception):
    """A term that the engine alone writes: a triple."""


def csv_parts(
    variables: Sequence[str], columns: Sequence[Sequence[Term | None]]
) -> Iterator[bytes] | None:
    """Give columns as the W3C's CSV, in parts; None where it takes the engine to write them."""
    if not columns:
        return None
    try:
        return csv_lines(variables, [converted(column, _cell) for column in columns])
    except ForTheEngine:
        return None


def csv_lines(variables: Sequence[str], columns: Sequence[Sequence[str]]) -> Iterator[bytes]:
    """Give cells, by the column, as lines of CSV, in parts."""
    yield (",".join(variables) + "\r\n").encode()
    for begin in range(0, len(columns[0]) if columns else 0, _CHUNK):
        rows = zip(*(column[begin : begin + _CHUNK] for column in columns), strict=True)
        yield ("\r\n".join(map(",".join, rows)) + "\r\n").encode()


def _cell(term: Term | None) -> str:
    """Give a term as a cell; as the engine does, a text that holds a sign of CSV in quotes."""
    if isinstance(term, ox.NamedNode):
        return term.value
    if isinstance(term, ox.Literal):
        return quoted(term.value)
    if isinstance(term, ox.Triple):
        raise ForTheEngine
    return "" if term is None else plain(term)


def quoted(text: str) -> str:
    """Give a text as a cell of CSV: in quotes where it holds a sign of CSV."""
    if "," in text or '"' in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text
