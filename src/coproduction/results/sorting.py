"""Rows sorted here, as SPARQL sorts them.

The engine looks the text of an IRI up again for every comparison: to sort tens of thousands of
rows takes it several times as long as to find them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ..names import RDF, XSD
from .rows import Rows

if TYPE_CHECKING:
    from ..store.protocol import Term

_TEXTS: Final = (XSD + "string", RDF + "langString")
_INTEGER: Final = XSD + "integer"
_OF_64_BITS: Final = re.compile("[+-]?[0-9]{1,18}")
_Key = tuple[int, str | int]


def in_order(rows: Rows, names: Sequence[str], down: Collection[str] = ()) -> Rows | None:
    """Sort rows by columns: nothing before IRIs, these before literals, each by its value.

    Args:
        rows: in any order; those that are alike in these columns keep theirs.
        names: the columns, the first decides first.
        down: those of them that count down.

    Returns:
        the rows sorted; None where it takes the engine to compare them: a column lacks, or has
        blank nodes, literals of several types or languages, or others than texts and integers.
    """
    places = [0] * len(rows.terms)
    for name in names:
        if name not in rows.variables:
            return None
        place = rows.variables.index(name)
        column = [row[place] for row in rows.terms]
        ranks = _ranks(dict.fromkeys(column), name in down)
        if ranks is None:
            return None
        size = len(ranks)
        places = [
            before * size + rank
            for before, rank in zip(places, map(ranks.__getitem__, column), strict=True)
        ]
    order = sorted(range(len(rows.terms)), key=places.__getitem__)
    return rows._replace(terms=[rows.terms[place] for place in order])


def _ranks(terms: Collection[Term | None], is_down: bool) -> dict[Term | None, int] | None:
    """Give the place of each distinct term; those that are compared as equal have one."""
    keys = _keys(terms)
    if keys is None:
        return None
    rank_of = {key: rank for rank, key in enumerate(sorted(set(keys), reverse=is_down))}
    return dict(zip(terms, map(rank_of.__getitem__, keys), strict=True))


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
