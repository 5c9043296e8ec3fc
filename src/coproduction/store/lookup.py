"""Looking things up in a store: rows as texts, and whether a term or a graph is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from ..errors import QueryError
from ..syntax.sparql import clauses
from .protocol import Store, Term


def rows_of(
    store: Store, text: str, given: Mapping[str, Term] | None = None
) -> Iterator[dict[str, str]]:
    """Give the rows of a SELECT as texts by column, without what is unbound.

    Args:
        store: what is asked.
        text: the query.
        given: terms that columns have, by their names; see :meth:`Store.query`.

    Raises:
        QueryError: the query cannot be read, fails, or gives no rows.
    """
    answer = store.query(text, given=given)
    if not isinstance(answer, ox.QuerySolutions):
        raise QueryError("this query gives no rows: it is no SELECT")
    names = [variable.value for variable in answer.variables]
    for solution in answer:
        # By position: to find a column by its name takes as long as to give its value.
        row = {}
        for name, term in zip(names, solution, strict=True):
            if term is not None:
                row[name] = str(getattr(term, "value", term))
        yield row


def occurs(store: Store, iri: str) -> bool:
    """Tell whether an IRI stands in any statement, at whichever place.

    Raises:
        ValueError: it is no IRI.
    """
    node = ox.NamedNode(iri)
    patterns = ((node, None, None), (None, node, None), (None, None, node))
    return any(store.holds(*pattern) for pattern in patterns)


def has_over(store: Store, number: int) -> bool:
    """Tell whether named graphs have more statements than a number; no more of them are counted.

    Args:
        store: what is asked.
        number: of statements.
    """
    some = f"SELECT ?s WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }} LIMIT {number + 1}"
    (row,) = rows_of(store, f"SELECT (COUNT(*) AS ?found) WHERE {{ {{ {some} }} }}")
    return int(row["found"]) > number


def unknown_graphs(store: Store, text: str) -> list[str]:
    """Tell which graphs a query names in FROM and FROM NAMED that are not in scope."""
    named = clauses(text).graphs
    return [f"no graph <{iri}> in scope" for iri in named if not store.has_graph(iri)]
