"""What any home of graphs can do: all that the rooms above the store may ask of one.

The embedded home (:mod:`coproduction.store.embedded`, in memory or in a folder) can do more: it is
copied, loaded in bulk and tried out. What is written here can also be asked of a server by the
SPARQL protocol: a query, an update, a graph put or dropped, and patterns of statements, which are
one-line queries there. Terms are pyoxigraph's, which are values and tied to no store.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Node = ox.NamedNode | ox.BlankNode | ox.Triple
"""What a statement can be about."""
Answer = ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean


class Store(Protocol):
    """Named graphs that are asked as one."""

    @property
    def folder(self) -> Path | None:
        """The folder that the graphs stand in, or None where they are in memory or elsewhere."""

    @property
    def address(self) -> str | None:
        """The address of the server that holds the graphs, or None where they are here."""

    # -- SPARQL -----------------------------------------------------------------------------

    def query(
        self,
        text: str,
        allow_service: Collection[str] | None = None,
        *,
        without: str | None = None,
        within: Collection[str] | None = None,
        named: Collection[str] = (),
        given: Mapping[str, Term] | None = None,
        base: str | None = None,
    ) -> Answer:
        """Evaluate SPARQL on the union of the graphs, or on the data set that the query names.

        Args:
            text: a SELECT, CONSTRUCT, DESCRIBE or ASK query; the prefixes of
                :data:`~coproduction.names.PREFIXES` need no declaration.
            allow_service: hosts that SERVICE may ask, each ``host`` or ``host:port``; None where
                the query is not the user's own.
            without: IRI of a graph that is left out of the union.
            within: IRIs of the graphs that are the union; by default all.
            named: IRIs of the graphs that GRAPH asks, where `within` says what the union is.
            given: terms that columns of the answer have, by their names, so that one thing alone
                is asked for.
            base: IRI that relative ones in the text stand on; by default they are refused.

        Raises:
            QueryError: the text is no SPARQL query (with line and column), names an endpoint
                that it may not ask, or it failed.
        """

    def construct(
        self,
        text: str,
        *,
        without: str | None = None,
        within: Collection[str] | None = None,
        given: Mapping[str, Term] | None = None,
    ) -> Iterator[ox.Triple]:
        """Give the triples of a CONSTRUCT or DESCRIBE query, as :meth:`query` evaluates it.

        Raises:
            QueryError: as :meth:`query`, or the query gives no graph.
        """

    def update(self, text: str) -> None:
        """Carry out SPARQL Update.

        Raises:
            QueryError: the text is no update, or it failed.
        """

    # -- graphs -----------------------------------------------------------------------------

    def graphs(self) -> dict[str, int]:
        """Give the IRI of each named graph with the number of its triples, in order of IRI."""

    def has_graph(self, iri: str) -> bool:
        """Tell whether there is a graph of this name."""

    def put(self, iri: str, triples: Iterable[ox.Triple]) -> None:
        """Make triples the whole content of a graph."""

    def drop(self, iri: str) -> None:
        """Take a graph out, if it is there."""

    # -- statements -------------------------------------------------------------------------

    def size(self, graph: str | None = None) -> int:
        """Give the number of statements in all graphs, or in one."""

    def statements(
        self,
        subject: Node | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
        graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None = None,
    ) -> Iterator[ox.Quad]:
        """Give the statements that fit a pattern, each with its graph; None fits anything."""

    def holds(
        self,
        subject: Node | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
        graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None = None,
    ) -> bool:
        """Tell whether any statement fits a pattern."""

    def values(self, node: Node, prop: str) -> list[Term]:
        """Give the distinct values of a property (its IRI) of a node."""

    def values_of(
        self, nodes: Iterable[ox.NamedNode], prop: str
    ) -> Iterator[tuple[ox.NamedNode, Term]]:
        """Give the values of a property of many nodes, each with its node, in any order."""

    def dataset(self) -> ox.Dataset:
        """Give a copy of all graphs whose blank nodes are named canonically (RDFC-1.0).

        The parser names blank nodes at random; canonical names make two exports the same.
        """

    def triples(self) -> Iterator[ox.Triple]:
        """Give each distinct triple of :meth:`dataset` once, in the order of N-Triples text."""
