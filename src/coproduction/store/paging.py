"""All rows of an answer, from a server that gives only so many of them at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from ..errors import EndpointError
from ..syntax.sparql import tokens
from .portable_text import columns_of, prologue_of

_ROUND: Final = 1_000
"""Where a server cuts answers, it is at a multiple of this."""
_BEHIND: Final = ("order", "limit", "offset", "values")
"""Words behind the pattern of a query: its order, and what stands behind that."""


def all_rows(text: str, ask: Callable[[str], bytes], address: str) -> bytes:
    """Give all rows of a query, as TSV.

    An answer whose length is a multiple of a thousand may have been cut, so the rows behind it are
    asked for too; where there are none, that was all. Pages are cut out of the answer in an order
    that leaves no rows alike, from outside of it: where a server limits how many rows it sorts,
    OFFSET beside ORDER BY fails.

    Args:
        text: a SELECT, with all that it needs declared.
        ask: gives the rows of a query as TSV, its first line the columns.
        address: what the server is called.

    Raises:
        EndpointError: rows may be missing, and the query cannot be asked by pages.
    """
    tsv = ask(text)
    count = tsv.count(b"\n") - 1
    if count < _ROUND or count % _ROUND:
        return tsv
    ending = _ending(text)
    if ending.limit is not None and ending.limit <= count:
        return tsv
    ordered = _ordered(text, ending)
    if ordered is None:
        raise EndpointError(
            f"{address}: the server may have cut its answer at {count:,} rows: give the query an "
            "ORDER BY, and no LIMIT"
        )
    page = count
    pages = [ask(_cut(ordered, page, 0))]  # the rows may come in another order now
    while True:
        more = ask(_cut(ordered, page, count)).partition(b"\n")[2]
        found = more.count(b"\n")
        if not found:
            return b"".join(pages)
        pages.append(more)
        count += found


def may_be_cut(triples: int) -> bool:
    """Tell whether a graph is as long as one that was cut; Virtuoso gives one triple more.

    >>> may_be_cut(0), may_be_cut(1000), may_be_cut(10_001), may_be_cut(10_002)
    (False, True, True, False)
    """
    return triples >= _ROUND and triples % _ROUND <= 1


class _Ending(NamedTuple):
    """What stands behind the pattern of a query.

    Attributes:
        has_order: whether it is ordered.
        has_slice: whether some of the rows alone are asked for.
        limit: the number of the LIMIT; None where there is none.
        place: where the order ends, or would stand.
    """

    has_order: bool
    has_slice: bool
    limit: int | None
    place: int


def _ending(text: str) -> _Ending:
    depth, is_behind, before = 0, False, ""
    places: dict[str, int] = {}
    limit: int | None = None
    for found in tokens(text):
        if found["space"] is not None:
            continue
        sign, word = found[0], (found["word"] or "").lower()
        depth += (sign in "{(") - (sign in "})")
        if depth == 0 and is_behind:
            if before == "limit" and word.isdecimal():
                limit = int(word)
            if word in _BEHIND:
                places.setdefault(word, found.start())
        is_behind = is_behind or (depth == 0 and sign == "}")
        before = word
    place = min([places[each] for each in _BEHIND[1:] if each in places], default=len(text))
    return _Ending("order" in places, "limit" in places or "offset" in places, limit, place)


def _ordered(text: str, ending: _Ending) -> str | None:
    """Give a query with all its columns behind what it is ordered by: no row can change its place.

    None where the columns are not known, or where an order would make other rows the first: beside
    a LIMIT or an OFFSET, and none of its own.
    """
    columns = columns_of(text)
    if not columns or (ending.has_slice and not ending.has_order):
        return None
    order = "" if ending.has_order else "ORDER BY "
    names = " ".join(f"?{name}" for name in columns)
    ordered = f"{text[: ending.place]}\n{order}{names}\n{text[ending.place :]}".rstrip()
    return ordered if columns_of(ordered) == columns else None


def _cut(text: str, most: int, offset: int) -> str:
    prologue, body = prologue_of(text)
    columns = " ".join(f"?{name}" for name in columns_of(text))
    return (
        f"{prologue}SELECT {columns or '*'} WHERE {{ {{\n{body}\n}} }} LIMIT {most} OFFSET {offset}"
    )
