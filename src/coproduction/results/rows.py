"""Rows that were fetched, and rows made of Python values: what a result is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ..names import XSD
from ..stopping import while_wanted
from ..store.embedded import failure

if TYPE_CHECKING:
    from decimal import Decimal

    from ..store.protocol import Term


class Rows(NamedTuple):
    """Rows that were fetched: an object that any thread may use.

    Attributes:
        variables: names of the columns.
        terms: the rows.
        truncated: whether there are more.
        answer: what an ASK says; None of a SELECT.
    """

    variables: tuple[str, ...]
    terms: list[tuple[Term | None, ...]]
    truncated: bool
    answer: bool | None = None


def truth(answer: bool) -> Rows:
    """Give the answer of an ASK as a row with the column ``answer``."""
    return Rows(("answer",), [(ox.Literal(answer),)], False, answer)


def fetched(
    solutions: ox.QuerySolutions,
    most: int | None = None,
    endpoints: Sequence[str] = (),
    by: str = "",
) -> Rows:
    """Fetch the rows of a query, or so many of them.

    Args:
        solutions: what the engine gives.
        most: rows at most; where they are brought together, so many of what they are about, each
            with all its values.
        endpoints: for the message where one fails.
        by: the column that says what a row is about, or an empty text.

    Raises:
        QueryError: the query fails in the midst of its rows.
    """
    variables = tuple(variable.value for variable in solutions.variables)
    width = range(len(variables))
    key = variables.index(by) if by in variables else None
    cut = None if most is None or key is not None else most + 1
    terms: list[tuple[Term | None, ...]] = []
    kept: set[Term | None] = set()
    without, truncated = 0, False
    try:
        for solution in while_wanted(islice(solutions, cut)):
            row = tuple(solution[i] for i in width)
            if key is not None and most is not None and row[key] not in kept:
                if len(kept) + without == most:
                    truncated = True
                    continue
                if row[key] is None:
                    without += 1
                else:
                    kept.add(row[key])
            terms.append(row)
    except (OSError, ValueError, RuntimeError) as error:
        raise failure(error, endpoints, len(terms)) from None
    if key is not None:
        return Rows(variables, terms, truncated)
    return Rows(variables, terms[:most], most is not None and len(terms) > most)


def tsv_of(variables: Sequence[str], terms: Iterable[Sequence[Term | None]]) -> bytes:
    """Write rows in the TSV form of SPARQL 1.1, which keeps every term whole."""
    lines = ["\t".join(f"?{name}" for name in variables)]
    lines += ["\t".join("" if term is None else _text(term) for term in row) for row in terms]
    return ("\n".join(lines) + "\n").encode()


def solutions_of(tsv: bytes) -> ox.QuerySolutions:
    """Read what :func:`tsv_of` wrote."""
    solutions = ox.parse_query_results(tsv, ox.QueryResultsFormat.TSV)
    assert isinstance(solutions, ox.QuerySolutions)
    return solutions


def _text(term: Term) -> str:
    """Give a term as Turtle writes it."""
    if isinstance(term, ox.Triple):
        parts = (term.subject, term.predicate, term.object)
        return f"<<( {' '.join(map(_text, parts))} )>>"
    return str(term)


def literal(value: str | int | float | bool | Decimal) -> ox.Literal:
    """Give a Python value as a literal of its type."""
    if isinstance(value, (str, bool, int, float)):
        return ox.Literal(value)
    return ox.Literal(str(value), datatype=ox.NamedNode(XSD + "decimal"))
