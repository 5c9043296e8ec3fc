"""Rows sorted here, as SPARQL sorts them.

The engine looks the text of an IRI up again for every comparison: to sort tens of thousands of
rows takes it several times as long as to find them.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final, cast, overload

import pyoxigraph as ox

from ..names import RDF, XSD
from .columns import columns_of
from .rows import Rows
from .written import Written, are_iris, first_rows, number_of, terms_of

if TYPE_CHECKING:
    from ..store.protocol import Term

_TEXTS: Final = (XSD + "string", RDF + "langString")
_INTEGER: Final = XSD + "integer"
_OF_64_BITS: Final = re.compile("[+-]?[0-9]{1,18}")
_Key = tuple[int, str | int]


@overload
def in_order(rows: Rows, names: Sequence[str], down: Collection[str] = ()) -> Rows | None: ...


@overload
def in_order(rows: Written, names: Sequence[str], down: Collection[str] = ()) -> Written | None: ...


@overload
def in_order(
    rows: Rows | Written, names: Sequence[str], down: Collection[str] = ()
) -> Rows | Written | None: ...


def in_order(
    rows: Rows | Written, names: Sequence[str], down: Collection[str] = ()
) -> Rows | Written | None:
    """Sort rows by columns: nothing before IRIs, these before literals, each by its value.

    Args:
        rows: in any order; those that are alike in these columns keep theirs.
        names: the columns, the first decides first.
        down: those of them that count down.

    Returns:
        the rows sorted; None where it takes the engine to compare them: a column lacks, or has
        blank nodes, literals of several types or languages, or others than texts and integers.
    """
    if not set(names) <= set(rows.variables):
        return None
    if not names:
        return rows
    columns: Sequence[Sequence[Term | str | None]]
    if isinstance(rows, Written):
        columns = rows.cells
    else:
        columns = columns_of(len(rows.variables), rows.terms)
    places = [0] * number_of(rows)
    for name in names:
        column = columns[rows.variables.index(name)]
        ranks = _ranks(dict.fromkeys(column), name in down)
        if ranks is None:
            return None
        size, here = len(ranks), map(ranks.__getitem__, column)
        places = [before * size + rank for before, rank in zip(places, here, strict=True)]
    order = sorted(range(len(places)), key=places.__getitem__)
    if isinstance(rows, Written):
        cells = [list(map(column.__getitem__, order)) for column in rows.cells]
        return Written(rows.variables, truncated=rows.truncated, cells=cells)
    return rows._replace(terms=list(map(rows.terms.__getitem__, order)))


def first_in_order(
    rows: Rows | Written, names: Sequence[str], most: int, down: Collection[str] = ()
) -> Rows | None:
    """Give the first rows as :func:`in_order` sorts them; None where the engine has to."""
    if isinstance(rows, Written) and list(names) == list(rows.variables) and len(names) == 1:
        (cells,) = rows.cells
        if not down and are_iris(cells):  # of so many, the few are found without the others' order
            first = heapq.nsmallest(most, [cell[1:-1] for cell in cells])
            terms = terms_of([f"<{iri}>" for iri in first])
            return Rows(rows.variables, [(term,) for term in terms], False)
    ordered = in_order(rows, names, down)
    return None if ordered is None else first_rows(ordered, most)


def _ranks(
    distinct: Collection[Term | str | None], is_down: bool
) -> dict[Term | str | None, int] | None:
    """Give the place of each distinct term, or cell; those that are compared as equal have one."""
    if all(isinstance(each, str) for each in distinct):
        cells = cast("Collection[str]", distinct)
        if are_iris(cells):
            texts = sorted([cell[1:-1] for cell in cells], reverse=is_down)
            return {f"<{text}>": rank for rank, text in enumerate(texts)}
        keys = _keys(terms_of(list(cells)))
    else:
        keys = _keys(cast("Collection[Term | None]", distinct))
    if keys is None:
        return None
    rank_of = {key: rank for rank, key in enumerate(sorted(set(keys), reverse=is_down))}
    return dict(zip(distinct, map(rank_of.__getitem__, keys), strict=True))


def _keys(terms: Collection[Term | None]) -> list[_Key] | None:
    keys: list[_Key] = []
    kinds: set[tuple[str, str | None]] = set()
    for term in terms:
        if term is None:
            keys.append((0, ""))
        elif isinstance(term, ox.NamedNode):
            keys.append((1, term.value))
        elif isinstance(term, ox.Literal):
            datatype = term.datatype.value
            kinds.add((datatype, term.language))
            if len(kinds) > 1:
                return None
            if datatype == _INTEGER and _OF_64_BITS.fullmatch(term.value):
                keys.append((2, int(term.value)))
            elif datatype in _TEXTS:
                keys.append((2, term.value))
            else:
                return None
        else:
            return None
    return keys
