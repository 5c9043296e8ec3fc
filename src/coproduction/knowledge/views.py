"""The queries of ``queries/views/``: what commands, pictures and explanations ask of a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from ..store.lookup import rows_of
from ..store.protocol import Store
from .counts import counted
from .questions import find_question


def view_text(name: str, **given: Iterable[ox.NamedNode | ox.Literal]) -> str:
    """Give the text of a view as it is asked.

    Args:
        name: the name of its file.
        **given: the terms that stand for each of its parameters, one or many; by default those of
            the file.

    Raises:
        UnknownName: there is no such view, or it has no such parameter.
    """
    terms = {parameter: " ".join(map(str, values)) for parameter, values in given.items()}
    return find_question(name, "queries/views").fill(terms)


def rows_of_view(
    store: Store, name: str, **given: Iterable[ox.NamedNode | ox.Literal]
) -> Iterator[dict[str, str]]:
    """Give the rows of a view as texts by column, without what is unbound; see :func:`view_text`.

    A view that only counts is asked of the summary of a store that has one.

    Raises:
        UnknownName: there is no such view, or it has no such parameter.
        QueryError: it cannot be read, or fails.
    """
    if not given:
        instead = counted(store, find_question(name, "queries/views"))
        if instead is not None:
            return rows_of(*instead)
    return rows_of(store, view_text(name, **given))


def rows_about(store: Store, name: str, nodes: Iterable[ox.NamedNode]) -> Iterator[dict[str, str]]:
    """Give the rows of a view about nodes: of a view whose parameter, and column, is ``row``.

    A server that is remembered is asked only about nodes of which it was not asked before.

    Returns:
        the rows of one node after the other there, else in the order of the view; those of one
        node are always in this.

    Raises:
        UnknownName: there is no such view, or it has no such parameter.
        QueryError: it cannot be read, or fails.
    """
    if store.address is None:
        return rows_of_view(store, name, row=nodes)
    from ..store.remembering import RememberingStore

    if not isinstance(store, RememberingStore):
        return rows_of_view(store, name, row=nodes)

    def ask(some: list[ox.NamedNode]) -> dict[ox.NamedNode, list[dict[str, str]]]:
        found: dict[ox.NamedNode, list[dict[str, str]]] = {}
        for row in rows_of_view(store, name, row=some):
            found.setdefault(ox.NamedNode(row["row"]), []).append(row)
        return found

    known = store.by_node(f"view {name}", nodes, ask)
    return (row for rows in known.values() for row in rows)
