"""Columns of an answer, in which each distinct value is converted once.

Of tens of thousands of rows most columns have a handful of values; and terms are hashed faster than
they are read.
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
    """Convert the terms of a column."""
    known = {term: convert(term) for term in dict.fromkeys(column)}
    return list(map(known.__getitem__, column))


def csv_parts(
    variables: Sequence[str], columns: Sequence[Sequence[Term | None]]
) -> Iterator[bytes] | None:
    """Give columns as the W3C's CSV, in parts; None where it takes the engine to write them."""
    distinct = (term for column in columns for term in dict.fromkeys(column))
    if not columns or any(isinstance(term, ox.Triple) for term in distinct):
        return None
    return _parts(variables, [converted(column, _cell) for column in columns])


def _parts(variables: Sequence[str], columns: Sequence[Sequence[str]]) -> Iterator[bytes]:
    yield (",".join(variables) + "\r\n").encode()
    for begin in range(0, len(columns[0]) if columns else 0, _CHUNK):
        rows = zip(*(column[begin : begin + _CHUNK] for column in columns), strict=True)
        yield ("\r\n".join(map(",".join, rows)) + "\r\n").encode()


def _cell(term: Term | None) -> str:
    """Give a term as a cell; as the engine does, a text that holds a sign of CSV in quotes."""
    if isinstance(term, ox.NamedNode):
        return term.value
    if isinstance(term, ox.Literal):
        text = term.value
        if "," in text or '"' in text or "\n" in text or "\r" in text:
            return '"' + text.replace('"', '""') + '"'
        return text
    return "" if term is None else plain(term)
