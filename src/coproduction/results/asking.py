"""Asking a store from Python: with Ctrl-C heard, with limits of time and of rows."""

from __future__ import annotations

import pyoxigraph as ox

from ..stopping import in_main_thread, interruptible
from ..store.lookup import unknown_graphs
from ..store.protocol import Store
from ..syntax.sparql import clauses
from .fetching import QueryOptions, Triples, complete, refuse_other, triples_of
from .result import Result
from .rows import Rows, truth


def ask(store: Store, text: str, options: QueryOptions, title: str = "") -> Result | Triples:
    """Ask a store.

    In the main thread all rows are fetched, in a thread beside it, so that Ctrl-C is heard; in
    another thread they come as they are wanted. With a limit of time a process of its own is
    asked, which is ended.

    Raises:
        QueryError: the text cannot be read or run, or gives what is not wanted.
        QueryTimeout: the time is over.
    """
    notes = unknown_graphs(store, text)
    if options.hosts is not None:  # a query of the user's own
        from ..store.renamed_terms import renamed_query
        from ..store.unknown_terms import unknown_in_query

        text, told = renamed_query(store, text)
        notes += [*told, *unknown_in_query(store, text)]
    note = "\n".join(notes)
    answer: Rows | Triples
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
