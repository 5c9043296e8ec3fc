"""Rows that were fetched, and rows made of Python values: what a result is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice, repeat
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from ..names import XSD
from ..stopping import while_wanted
from ..store.failures import failure
from .columns import uncollected

if TYPE_CHECKING:
    from decimal import Decimal

    from ..store.protocol import Term


_MANY: Final = 1_000
"""Rows that are taken before it is asked whether anyone still waits for them."""


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
    cut = _Cut(variables, most, by)
    try:
        if most is None:  # all of them: many at a time
            with uncollected():
                for many in while_wanted(repeat(_MANY)):
                    before = len(cut.terms)
                    cut.terms.extend(map(tuple, islice(solutions, many)))
                    if len(cut.terms) - before < many:
                        break
        else:
            for solution in while_wanted(islice(solutions, cut.enough)):
                cut.take(tuple(solution))
    except (OSError, ValueError, RuntimeError) as error:
        raise failure(error, endpoints, len(cut.terms)) from None
    return cut.rows()


def first_of(rows: Rows, most: int | None, by: str) -> Rows:
    """Give the first of rows that are all there, as many as :func:`fetched` would take."""
    cut = _Cut(rows.variables, most, by)
    for row in islice(rows.terms, cut.enough):
        cut.take(row)
    return cut.rows()


class _Cut:
    """Takes so many rows, or rows of so many things; see :func:`fetched`."""

    def __init__(self, variables: tuple[str, ...], most: int | None, by: str) -> None:
        self.terms: list[tuple[Term | None, ...]] = []
        self._variables, self._most = variables, most
        self._key = variables.index(by) if by in variables else None
        self._kept: set[Term | None] = set()
        self._without, self._truncated = 0, False

    @property
    def enough(self) -> int | None:
        """How many rows tell all that is wanted; None where only all of them do."""
        return None if self._most is None or self._key is not None else self._most + 1

    def take(self, row: tuple[Term | None, ...]) -> None:
        """Take a row, or leave it where it is about one thing too many."""
        key, kept = self._key, self._kept
        if key is not None and self._most is not None and row[key] not in kept:
            if len(kept) + self._without == self._most:
                self._truncated = True
                return
            if row[key] is None:
                self._without += 1
            else:
                kept.add(row[key])
        self.terms.append(row)

    def rows(self) -> Rows:
        """Give what was taken."""
        if self._key is not None or self._most is None:
            return Rows(self._variables, self.terms, self._truncated)
        return Rows(self._variables, self.terms[: self._most], len(self.terms) > self._most)


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
