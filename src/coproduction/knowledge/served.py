"""Graphs on a server, opened: the union of its graphs, and whether ours are among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import pyoxigraph as ox

from ..errors import EndpointRefused, QueryError, command
from ..names import ALIGNMENTS, COP, GRAPH, PACKAGED_GRAPHS, PROV, RDF, SPDX
from ..store.bookkeeping import LOADS, checksum_quads, has_checksum, noted_of
from ..store.connection import Connection
from ..store.embedded import EmbeddedStore
from ..store.served import ServedStore, value_of
from .levels import INFERRED, has_levels, levels_in
from .packaged import add_links, digests_of

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
    store.union, store.knows_union = tuple(_union(store)), True
    begun = unfinished(store)
    if begun:
        hide(store, begun)
        store.union = tuple(("default-graph-uri", iri) for iri in store.graphs())
    return store, [*_notes(store), *map(_told_of, begun)]


class Begun(NamedTuple):
    """A load onto a server that was begun and is not finished.

    Attributes:
        graph: its IRI.
        file: SHA-256 of the file.
        statements: SHA-256 of the statements that are sent.
        came: how many of them came.
    """

    graph: str
    file: str
    statements: str
    came: int


def unfinished(store: ServedStore) -> list[Begun]:
    """Give the loads of a server that are on their way, or broke off."""
    prov, digest = PROV, f"<{SPDX}checksumValue>"
    answer = store.query(
        f"SELECT ?graph ?file ?statements ?came WHERE {{ GRAPH {LOADS} {{ "
        f"?graph <{prov}wasGeneratedBy> ?node . ?node <{COP}statementsLoaded> ?came ; "
        f"<{prov}startedAtTime> ?time ; <{prov}used> ?used . ?used {digest} ?file . "
        f"OPTIONAL {{ ?node <{prov}generated> ?made . ?made {digest} ?statements }} }} }}"
    )
    assert isinstance(answer, ox.QuerySolutions)
    found = [["" if row[i] is None else value_of(row[i]) for i in range(4)] for row in answer]
    return sorted(Begun(graph, file, made, int(came)) for graph, file, made, came in found)


def hide(store: ServedStore, begun: Iterable[Begun]) -> None:
    """Have the graphs of loads passed over that are not finished."""
    graphs = {each.graph for each in begun}
    store.hidden = frozenset(graphs | {f"{graph}/original" for graph in graphs})


def _told_of(begun: Begun) -> str:
    name = begun.graph.removeprefix(GRAPH)
    return (
        f"{name} is not finished and is not asked: to load the same file again goes on with it, "
        "to unload it takes it out"
    )


def bring_packaged(store: ServedStore) -> None:
    """Put the packaged graphs of this version onto a server, where it has not the same ones.

    Raises:
        EndpointError: the server refuses or fails.
    """
    counts, digests = _counts(store), digests_of()
    packaged = EmbeddedStore.packaged()
    add_links(packaged)
    sizes = packaged.graphs()
    links = ALIGNMENTS.removeprefix(GRAPH)
    is_changed = False
    counts[links] = store.size(ALIGNMENTS)
    for name, digest in digests.items():
        node = ox.NamedNode(GRAPH + name)
        if counts[name] == sizes[node.value] and has_checksum(store, node, digest):
            continue
        is_changed = True
        quads = packaged.statements(None, None, None, node)
        store.put(node.value, (quad.triple for quad in quads))
        note = " ".join(f"{quad.triple} ." for quad in noted_of(store, node))
        if note:
            store.update(f"DELETE DATA {{ GRAPH {LOADS} {{ {note} }} }}")
        made = "".join(f"{quad.triple} .\n" for quad in checksum_quads(node, digest))
        store.writer.add(LOADS.value, made.encode())
    if is_changed:  # the placements of the source have levels too
        levels = ox.serialize(levels_in(packaged), format=ox.RdfFormat.N_TRIPLES)
        store.writer.add(INFERRED.value, levels or b"")


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
    try:
        if not has_levels(store):
            levels = command("classify", endpoint=store.address, python=None)
            yield f"no levels under the rubrics are written there; {levels} writes them"
    except QueryError as error:
        yield str(error)
