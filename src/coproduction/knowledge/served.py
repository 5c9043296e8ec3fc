"""Graphs on a server, opened: the union of its graphs, and whether ours are among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import pyoxigraph as ox

from ..errors import EndpointRefused, QueryError, command
from ..names import COP, GRAPH, PACKAGED_GRAPHS, RDF
from ..store.connection import Connection
from ..store.embedded import EmbeddedStore
from ..store.served import ServedStore

_ONTOLOGY: Final = "https://w3id.org/coproduction"
_UNIONS: Final[tuple[Sequence[tuple[str, str]], ...]] = (
    (),  # the default graph is the union: Virtuoso, RDF4J, GraphDB, Neptune, QLever
    (("default-graph-uri", "urn:x-arq:UnionGraph"),),  # Fuseki
    (("union-default-graph", "true"),),  # Oxigraph's server
)
"""How servers are told that the union of all graphs is asked."""


def open_served(address: str) -> tuple[ServedStore, list[str]]:
    """Open the graphs on a server.

    Args:
        address: its SPARQL endpoint.

    Returns:
        the graphs, and what is to be said of them.

    Raises:
        EndpointError: it cannot be reached, or refuses.
        EndpointRefused: it does not hold our graphs, or not those of this version.
    """
    store = ServedStore(Connection(address))
    counts = _counts(store)
    expected = EmbeddedStore.packaged().graphs()
    lacking = [name for name, count in counts.items() if not count]
    bring = command("load", "FILE", endpoint=address, python=None)
    if len(lacking) == len(counts):
        merged = _holds(store, ox.NamedNode(_ONTOLOGY))
        what = (
            "holds our terms in its default graph, where each has to stand in its named graph"
            if merged
            else "holds none of our graphs"
        )
        raise EndpointRefused(f"{address}: the server {what}; put them there: ", bring)
    if lacking:
        raise EndpointRefused(
            f"{address}: the server lacks the graphs {', '.join(lacking)}; put them there: ", bring
        )
    other = [name for name, count in counts.items() if count != expected[GRAPH + name]]
    if other:
        raise EndpointRefused(
            f"{address}: the server holds the graphs of another version "
            f"({', '.join(other)}); this version puts its own there: ",
            bring,
        )
    store.union = tuple(_union(store))
    return store, list(_notes(store))


def _counts(store: ServedStore) -> dict[str, int]:
    """Give the number of statements that the server has of each packaged graph, in one request."""
    parts = [
        f"{{ SELECT (COUNT(*) AS ?{name}) WHERE {{ GRAPH <{GRAPH}{name}> {{ ?s ?p ?o }} }} }}"
        for name in PACKAGED_GRAPHS
    ]
    names = " ".join(f"?{name}" for name in PACKAGED_GRAPHS)
    answer = store.query(f"SELECT {names} WHERE {{ {' '.join(parts)} }}")
    assert isinstance(answer, ox.QuerySolutions)
    row = next(answer)
    return {name: int(str(getattr(row[name], "value", 0))) for name in PACKAGED_GRAPHS}


def _union(store: ServedStore) -> Sequence[tuple[str, str]]:
    """Find how the server is asked for the union of all graphs; by their names, in the end."""
    seen = [ox.NamedNode(_ONTOLOGY), *_a_case(store)]
    for union in _UNIONS:
        store.union = tuple(union)
        try:
            if all(_holds(store, node) for node in seen):
                return union
        except EndpointRefused:  # a parameter that this server does not know
            continue
    named = [("default-graph-uri", iri) for iri in store.graphs()]
    store.union = tuple(named)
    if all(_holds(store, node) for node in seen):
        return named
    raise EndpointRefused(
        f"{store.address}: the server does not answer on the union of its graphs: start it so that "
        "its default graph is their union"
    )


def _a_case(store: ServedStore) -> Iterator[ox.NamedNode]:
    """Give a case that a graph of the server holds, if there is one."""
    answer = store.query(f"SELECT ?c WHERE {{ GRAPH ?g {{ ?c <{RDF}type> <{COP}Case> }} }} LIMIT 1")
    assert isinstance(answer, ox.QuerySolutions)
    for row in answer:
        if isinstance(row[0], ox.NamedNode):
            yield row[0]


def _holds(store: ServedStore, node: ox.NamedNode) -> bool:
    """Tell whether the default graph, as it is asked now, says something of a node."""
    answer = store.query(f"SELECT ?p WHERE {{ {node} ?p ?o }} LIMIT 1")
    assert isinstance(answer, ox.QuerySolutions)
    return next(answer, None) is not None


def _notes(store: ServedStore) -> Iterator[str]:
    from .levels import has_levels

    try:
        if not has_levels(store):
            levels = command("classify", endpoint=store.address, python=None)
            yield f"no levels under the rubrics are written there; {levels} writes them"
    except QueryError as error:
        yield str(error)
