"""Asking a store from Python: with Ctrl-C heard, with limits of time and of rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal, NamedTuple

import pyoxigraph as ox

from .errors import QueryError
from .result import Result, Rows, fetched, truth
from .sparql_text import clauses
from .stopping import in_main_thread, interruptible, while_wanted
from .store import Store, failure

Wanted = Literal["rows", "graph", "any"]


class Terms(NamedTuple):
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


def ask(store: Store, text: str, terms: Terms, title: str = "") -> Result | Triples:
    """Ask a store.

    In the main thread all rows are fetched, in a thread beside it, so that Ctrl-C is heard; in
    another thread they come as they are wanted. With a limit of time a process of its own is
    asked, which is ended.

    Raises:
        QueryError: the text cannot be read or run, or gives what is not wanted.
        QueryTimeout: the time is over.
    """
    notes = store.unknown_graphs(text)
    if terms.hosts is not None:  # a query of the user's own
        from .unknown_terms import unknown_in_query

        notes += unknown_in_query(store, text)
    note = "\n".join(notes)
    answer: Rows | Triples
    if terms.seconds:
        from .worker import ask_apart

        answer = ask_apart(store, text, terms)
    elif in_main_thread():
        answer = interruptible(lambda: complete(store, text, terms))
    else:
        return _as_they_come(store, text, terms, title, note)
    if isinstance(answer, Triples):
        return answer._replace(note=note)
    return Result.of_terms(answer, title, note, terms.by or "")


def complete(store: Store, text: str, terms: Terms) -> Rows | Triples:
    """Ask a store here, and fetch all that is wanted."""
    answer = store.query(text, terms.hosts)
    _check(answer, terms.wanted)
    endpoints = clauses(text).endpoints
    if isinstance(answer, ox.QueryBoolean):
        return truth(bool(answer))
    if isinstance(answer, ox.QueryTriples):
        return _triples(answer, terms.most, endpoints)
    return fetched(answer, terms.most, endpoints, terms.by or "")


def _as_they_come(store: Store, text: str, terms: Terms, title: str, note: str) -> Result | Triples:
    answer = store.query(text, terms.hosts)
    _check(answer, terms.wanted)
    endpoints = clauses(text).endpoints
    if isinstance(answer, ox.QueryTriples):
        return _triples(answer, terms.most, endpoints)._replace(note=note)
    if isinstance(answer, ox.QueryBoolean):
        return Result.of_terms(truth(bool(answer)), title, note)
    first = [answer]

    def run() -> ox.QuerySolutions:
        again = first.pop() if first else store.query(text, terms.hosts)
        assert isinstance(again, ox.QuerySolutions)
        return again

    return Result(
        run, title, max_rows=terms.most, endpoints=endpoints, note=note, by=terms.by or ""
    )


def _check(answer: object, wanted: Wanted) -> None:
    graph = isinstance(answer, ox.QueryTriples)
    if graph and wanted == "rows":
        raise QueryError("this query gives a graph, not rows; use graph()")
    if not graph and wanted == "graph":
        raise QueryError("this query gives rows, not a graph; use query()")


def _triples(answer: Iterable[ox.Triple], most: int | None, endpoints: Collection[str]) -> Triples:
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
