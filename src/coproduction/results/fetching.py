"""A query run here: what is asked for, and all that comes back of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal, NamedTuple

import pyoxigraph as ox

from ..errors import QueryError
from ..stopping import while_wanted
from ..store.failures import failure
from ..store.protocol import Store
from ..syntax.sparql import clauses
from .rows import Rows, fetched, truth
from .written import Written, written

Wanted = Literal["rows", "graph", "any"]


class QueryOptions(NamedTuple):
    """How a query is asked.

    Attributes:
        seconds: the limit of time; None or 0 for none.
        most: rows, or triples, that are taken at most.
        hosts: what SERVICE may ask; None where the query is not the user's own.
        wanted: whether rows or a graph have to come.
        by: the column that says what a row is about: its rows become one; None for
            what a question says.
    """

    seconds: float | None = None
    most: int | None = None
    hosts: Collection[str] | None = None
    wanted: Wanted = "any"
    by: str | None = None


class Triples(NamedTuple):
    """Distinct triples that a query gave, sorted; and whether there are more."""

    triples: list[ox.Triple]
    truncated: bool
    note: str = ""


def complete(store: Store, text: str, options: QueryOptions) -> Rows | Written | Triples:
    """Ask a store here, and fetch all that is wanted; all rows of it as text."""
    answer = store.query(text, options.hosts)
    refuse_other(answer, options.wanted)
    endpoints = clauses(text).endpoints
    if isinstance(answer, ox.QueryBoolean):
        return truth(bool(answer))
    if isinstance(answer, ox.QueryTriples):
        return triples_of(answer, options.most, endpoints)
    if options.most is None:
        return written(answer, endpoints)
    return fetched(answer, options.most, endpoints, options.by or "")


def refuse_other(answer: object, wanted: Wanted) -> None:
    """Refuse an answer that is not of the kind that is wanted.

    Raises:
        QueryError: rows are wanted and a graph came, or the other way round.
    """
    graph = isinstance(answer, ox.QueryTriples)
    if graph and wanted == "rows":
        raise QueryError("this query gives a graph, not rows; use graph()")
    if not graph and wanted == "graph":
        raise QueryError("this query gives rows, not a graph; use query()")


def triples_of(
    answer: Iterable[ox.Triple], most: int | None, endpoints: Collection[str]
) -> Triples:
    """Fetch triples until there is one more than is wanted."""
    found: set[ox.Triple] = set()
    truncated = False
    try:
        for triple in while_wanted(answer):
            if most is not None and len(found) == most and triple not in found:
                truncated = True
                break
            found.add(triple)
    except (OSError, ValueError, RuntimeError) as error:
        raise failure(error, tuple(endpoints), len(found)) from None
    return Triples(sorted(found, key=str), truncated)
