"""All rows of an answer, from a server that gives only so many of them at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from .portable_text import columns_of, prologue_of

_ROUND: Final = 1_000
"""Where a server cuts answers, it is at a multiple of this."""
_LIMIT: Final = re.compile(r"\bLIMIT\s+(\d+)(?:\s+OFFSET\s+\d+)?\s*$", re.IGNORECASE)


def all_rows(text: str, ask: Callable[[str], bytes]) -> bytes:
    """Give all rows of a query, as TSV.

    An answer whose length is a multiple of a thousand may have been cut, so the rows behind it are
    asked for too; where there are none, that was all. Pages are cut out of the ordered answer from
    outside of it: where a server limits how many rows it sorts, OFFSET beside ORDER BY fails.

    Args:
        text: a SELECT, with all that it needs declared.
        ask: gives the rows of a query as TSV, its first line the columns.
    """
    tsv = ask(text)
    count = tsv.count(b"\n") - 1
    if count < _ROUND or count % _ROUND:
        return tsv
    limit = _LIMIT.search(text)
    if limit is not None and int(limit[1]) <= count:
        return tsv
    page = count
    ordered = _ordered(text)
    if ordered != text:  # the rows may come in another order now: from the beginning, then
        tsv = ask(_cut(ordered, page, 0))
    pages = [tsv]
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


def _ordered(text: str) -> str:
    """Give a query that has an order of its own, or one by all its columns.

    One with a LIMIT is left as it is: an order would make other rows the first.
    """
    if re.search(r"\b(?:LIMIT|OFFSET)\s+\d+\s*$", text, re.IGNORECASE):
        return text
    if re.search(r"\bORDER\s+BY\b[^{}]*$", text, re.IGNORECASE):
        return text
    columns = columns_of(text)
    return f"{text}\nORDER BY {' '.join(f'?{name}' for name in columns)}" if columns else text


def _cut(text: str, most: int, offset: int) -> str:
    prologue, body = prologue_of(text)
    columns = " ".join(f"?{name}" for name in columns_of(text))
    return (
        f"{prologue}SELECT {columns or '*'} WHERE {{ {{\n{body}\n}} }} LIMIT {most} OFFSET {offset}"
    )
