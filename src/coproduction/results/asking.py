"""Asking a store from Python: with Ctrl-C heard, with limits of time and of rows."""

from __future__ import annotations

import pyoxigraph as ox

from ..errors import QueryError
from ..stopping import in_main_thread, interruptible
from ..store.lookup import unknown_graphs
from ..store.protocol import Store
from ..syntax.sparql import clauses
from .fetching import QueryOptions, Triples, complete, refuse_other, triples_of
from .result import Result
from .rows import Rows, truth
from .streaming import Streamed
from .written import Written


def ask(store: Store, text: str, options: QueryOptions, title: str = "") -> Result | Triples:
    """Ask a store.

    In the main thread all rows are fetched, in a thread beside it, so that Ctrl-C is heard; in
    another thread they come as they are wanted. With a limit of time a process of its own is
    asked, which is ended.

    Raises:
        QueryError: the text cannot be read or run, or gives what is not wanted.
        QueryTimeout: the time is over.
    """
    text, note = _as_asked(store, text, options)
    answer: Rows | Written | Triples
    if options.seconds:
        from .worker import ask_apart

        answer = ask_apart(store, text, options)
    elif in_main_thread():
        answer = interruptible(lambda: complete(store, text, options))
    else:
        return _as_they_come(store, text, options, title, note)
    if isinstance(answer, Triples):
        return answer._replace(note=note)
    return Result.of_terms(answer, title, note, options.by or "")


def stream(store: Store, text: str, options: QueryOptions) -> Streamed:
    """Ask a store for rows that are written as they are found, in no order of ours.

    Args:
        store: what is asked.
        text: a SELECT; see :func:`~coproduction.syntax.ordering.without_order`.
        options: how it is asked; ``by`` is passed over: nothing is brought together.

    Raises:
        QueryError: the text cannot be read or run, or gives no rows.
    """
    text, note = _as_asked(store, text, options)
    answer = store.query(text, options.hosts)
    refuse_other(answer, "rows")
    if not isinstance(answer, ox.QuerySolutions):
        raise QueryError("this query gives yes or no: there is nothing to stream")
    return Streamed(answer, options.most, clauses(text).endpoints, note)


def _as_asked(store: Store, text: str, options: QueryOptions) -> tuple[str, str]:
    """Give a query with terms that have another name now, and what is to be said of it."""
    notes = unknown_graphs(store, text)
    if options.hosts is not None:  # a query of the user's own
        from ..store.renamed_terms import renamed_query
        from ..store.unknown_terms import unknown_in_query

        text, told = renamed_query(store, text)
        notes += [*told, *unknown_in_query(store, text)]
    return text, "\n".join(notes)


def _as_they_come(
    store: Store, text: str, options: QueryOptions, title: str, note: str
) -> Result | Triples:
    answer = store.query(text, options.hosts)
    refuse_other(answer, options.wanted)
    endpoints = clauses(text).endpoints
    if isinstance(answer, ox.QueryTriples):
        return triples_of(answer, options.most, endpoints)._replace(note=note)
    if isinstance(answer, ox.QueryBoolean):
        return Result.of_terms(truth(bool(answer)), title, note)
    first = [answer]

    def run() -> ox.QuerySolutions:
        again = first.pop() if first else store.query(text, options.hosts)
        assert isinstance(again, ox.QuerySolutions)
        return again

    return Result(
        run, title, max_rows=options.most, endpoints=endpoints, note=note, by=options.by or ""
    )
