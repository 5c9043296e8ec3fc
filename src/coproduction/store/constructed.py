"""The graph of a CONSTRUCT from the rows that it is made of.

A server that cuts an answer says so of a graph even less than of rows: how many triples there are
tells nothing, as rows give some each, or the same ones again. Rows come whole (:mod:`.paging`), so
they are asked for, and the template is filled with them here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import pyoxigraph as ox

from ..names import PREFIXES
from ..syntax.sparql import tokens
from .portable_text import prologue_of
from .protocol import Term

_PLACE: Final = "urn:x-coproduction:variable:"


class Construct(NamedTuple):
    """A CONSTRUCT, taken apart.

    Attributes:
        rows: the SELECT that gives its rows.
        names: the variables of the template, which are its columns.
        template: its triples, with an IRI in the place of each variable.
    """

    rows: str
    names: tuple[str, ...]
    template: tuple[ox.Triple, ...]


@lru_cache(maxsize=64)
def taken_apart(text: str) -> Construct | None:
    r"""Take a CONSTRUCT apart; None where it cannot be, or no variable stands in its template.

    >>> made = taken_apart("CONSTRUCT { ?s a <urn:b> } FROM <urn:g> WHERE { ?s ?p ?o }")
    >>> made.rows
    'SELECT DISTINCT ?s FROM <urn:g> WHERE { ?s ?p ?o }'
    """
    prologue, body = prologue_of(text)
    braces = _first_braces(body)
    if braces is None:
        return None
    begin, end = braces
    template, rest = body[begin:end], body[end:]
    if not _is_nothing(body[len("construct") : begin]):  # CONSTRUCT WHERE { ... }
        rest = body[len("construct") :]
    found = (match["variable"] for match in tokens(template))
    names = tuple(dict.fromkeys(name[1:] for name in found if name))
    if not names:
        return None
    places = " ".join(f"<{_PLACE}{name}>" for name in names)
    columns = " ".join(f"?{name}" for name in names)
    asked = f"{prologue}CONSTRUCT {template} WHERE {{ VALUES ({columns}) {{ ({places}) }} }}"
    try:
        answer = ox.Store().query(asked, prefixes=PREFIXES)
    except (SyntaxError, ValueError):
        return None
    assert isinstance(answer, ox.QueryTriples)
    triples = tuple(answer)
    # one row more is another blank node, and what stands behind the pattern may count rows
    is_set = rest.rstrip().endswith("}") and not any(map(_has_blank, triples))
    distinct = "DISTINCT " if is_set else ""
    return Construct(f"{prologue}SELECT {distinct}{columns} {rest.strip()}", names, triples)


def filled(construct: Construct, rows: Iterable[Sequence[Term | None]]) -> Iterator[ox.Triple]:
    """Give the triples of a template for each row; those that a row leaves open are none.

    Args:
        construct: the template.
        rows: terms in the order of its names.
    """
    places = [f"{_PLACE}{name}" for name in construct.names]
    for row in rows:
        terms = dict(zip(places, row, strict=True))
        blank: dict[str, ox.BlankNode] = {}
        for triple in construct.template:
            s, p, o = (_put(term, terms, blank) for term in triple)
            if not isinstance(s, ox.NamedNode | ox.BlankNode) or not isinstance(p, ox.NamedNode):
                continue
            if o is not None:
                yield ox.Triple(s, p, o)


def _put(
    term: Term, terms: Mapping[str, Term | None], blank: dict[str, ox.BlankNode]
) -> Term | None:
    if isinstance(term, ox.BlankNode):
        return blank.setdefault(term.value, ox.BlankNode())
    if isinstance(term, ox.NamedNode):
        return terms.get(term.value, term)
    return term


def _has_blank(triple: ox.Triple) -> bool:
    return any(isinstance(term, ox.BlankNode) for term in triple)


def _first_braces(text: str) -> tuple[int, int] | None:
    """Give where the first braces of a text begin and end, with all that stands in them."""
    depth, begin = 0, 0
    for found in tokens(text):
        if found["sign"] == "{":
            begin = begin if depth else found.start()
            depth += 1
        elif found["sign"] == "}":
            depth -= 1
            if depth == 0:
                return begin, found.end()
    return None


def _is_nothing(text: str) -> bool:
    """Tell whether a text has but space and comments."""
    return all(found["space"] is not None for found in tokens(text))
