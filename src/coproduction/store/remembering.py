"""A home of graphs on a server whose answers on single nodes are kept, for as long as one reading.

To say what is known of the rows of all claims, the same values of the same cases are looked up time
and again. In memory that costs next to nothing; of a server each is a request.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from threading import RLock
from typing import Any, Final, TypeVar

import pyoxigraph as ox

from .protocol import Node, Store, Term
from .served import ServedStore, value_of

Found = TypeVar("Found")
_BATCH: Final = 990
_MOST: Final = 2_000_000
"""Nodes and patterns of which something is kept; then all is forgotten, and asked again."""


class RememberingStore(ServedStore):
    """A server that is asked once for what is looked up: values of nodes, listings, graphs.

    What others write there meanwhile may not be seen in what was looked up before.

    Args:
        served: the server, opened.
    """

    def __init__(self, served: ServedStore) -> None:
        vars(self).update(vars(served))
        self._kept: dict[Hashable, Any] = {}
        # Two claims that are tested at a time want the same: the second waits for the first.
        self._asking: defaultdict[Hashable, RLock] = defaultdict(RLock)

    @classmethod
    def of(cls, store: Store) -> Store:
        """Give a server as one that remembers; what is none, or does so, as it is."""
        if isinstance(store, ServedStore) and not isinstance(store, cls):
            return cls(store)
        return store

    def graphs(self) -> dict[str, int]:
        """Give the IRI of each named graph with the number of its triples, in order of IRI."""
        return self._once("graphs", super().graphs)

    def holds(
        self,
        subject: Node | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
        graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None = None,
    ) -> bool:
        """Tell whether any statement fits a pattern."""
        asked = (subject, predicate, object, graph)
        return self._once(("holds", *asked), lambda: super(RememberingStore, self).holds(*asked))

    def statements(
        self,
        subject: Node | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
        graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None = None,
    ) -> Iterator[ox.Quad]:
        """Give the statements that fit a pattern, each with its graph; None fits anything.

        What has a property with a value is kept, such as all that is of a class.
        """
        asked = (subject, predicate, object, graph)
        found = super().statements
        if subject is not None or predicate is None or object is None:
            return found(*asked)
        return iter(self._once(asked, lambda: list(found(*asked))))

    def values(self, node: Node, prop: str) -> list[Term]:
        """Give the distinct values of a property (its IRI) of a node."""
        if isinstance(node, ox.NamedNode):
            return [value for _, value in self.values_of([node], prop)]
        return super().values(node, prop)

    def values_of(
        self, nodes: Iterable[ox.NamedNode], prop: str
    ) -> Iterator[tuple[ox.NamedNode, Term]]:
        """Give the distinct values of a property of many nodes, each with its node."""

        def ask(some: list[ox.NamedNode]) -> dict[ox.NamedNode, list[Term]]:
            found: dict[ox.NamedNode, dict[Term, None]] = {}
            for node, value in super(RememberingStore, self).values_of(some, prop):
                found.setdefault(node, {})[value] = None
            return {node: list(values) for node, values in found.items()}

        distinct = list(dict.fromkeys(nodes))
        known = self.by_node(prop, distinct, ask)
        return ((node, value) for node in distinct for value in known[node])

    def by_node(
        self,
        what: str,
        nodes: Iterable[ox.NamedNode],
        ask: Callable[[list[ox.NamedNode]], Mapping[ox.NamedNode, list[Found]]],
    ) -> dict[ox.NamedNode, list[Found]]:
        """Give what is known of each node, none left out.

        Args:
            what: a name for it, such as that of a property or a view.
            nodes: the nodes.
            ask: gives it for nodes of which nobody asked before; one that it leaves out has none.
        """
        with self._asking[what]:
            return self._by_node(what, list(dict.fromkeys(nodes)), ask)

    def _by_node(
        self,
        what: str,
        wanted: list[ox.NamedNode],
        ask: Callable[[list[ox.NamedNode]], Mapping[ox.NamedNode, list[Found]]],
    ) -> dict[ox.NamedNode, list[Found]]:
        kept = self._kept  # another thread may make room meanwhile
        known = {node: kept[what, node] for node in wanted if (what, node) in kept}
        waiting = iter([node for node in wanted if node not in known])
        while batch := list(islice(waiting, _BATCH)):
            found = ask(batch)
            self._make_room()
            for node in batch:
                known[node] = self._kept[what, node] = found.get(node, [])
        return known

    def _with_named(self, union: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
        """Say which graphs GRAPH means; their names are listed far sooner than they are counted."""
        if not any(name == "default-graph-uri" for name, _ in union):
            return union
        return (*union, *(("named-graph-uri", iri) for iri in self._once("names", self._names)))

    def _names(self) -> list[str]:
        found = {value_of(row[0]) for row in self._rows("SELECT DISTINCT ?g { GRAPH ?g { } }")}
        return sorted(found - self.hidden) or list(self.graphs())

    def _once(self, key: Hashable, ask: Callable[[], Found]) -> Found:
        with self._asking[None]:
            kept = self._kept  # another thread may make room meanwhile
            if key in kept:
                known: Found = kept[key]
                return known
            found = ask()
            self._make_room()
            self._kept[key] = found
            return found

    def _make_room(self) -> None:
        if len(self._kept) > _MOST:
            self._kept = {}
