"""What follows from a change of graphs that come from no load, kept right as a load keeps it.

After such a change the values that follow from a record, the levels under the rubrics and the
counts of cases are those of the graphs as they are now. Where few statements changed, only what
these are about is looked at; else all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

import pyoxigraph as ox

from ..knowledge.followed import bearing, followed_in
from ..knowledge.levels import (
    INFERRED,
    bearing_on_levels,
    inferred,
    levels_in,
    rubrics_of,
    terms_in,
    write_levels,
)
from ..knowledge.summary import FEW, Summary, begun, cases_alone, cubes_in, text_of
from ..names import COP, GRAPH, RDF, TERMS
from ..store.embedded import EmbeddedStore
from ..store.on_disk import Change
from ..store.protocol import Node

Graph = ox.NamedNode | ox.BlankNode | ox.DefaultGraph
MOST: Final = 100_000
"""Statements that something may follow from, of graphs that may change: from there on all is made
anew."""
_TYPE: Final = ox.NamedNode(RDF + "type")
_CODING: Final = ox.NamedNode(COP + "hasCoding")
_CODED: Final = ox.NamedNode(COP + "codedProperty")
_BASED_ON: Final = ox.NamedNode(COP + "basedOn")
_STATUS: Final = ox.NamedNode(COP + "codingStatus")
_INTERPRETED: Final = ox.NamedNode(COP + "Interpreted")
_ROWS: Final = ox.NamedNode("urn:coproduction:rows")
_OF_RUBRICS: Final = COP + "givesLevel"


def is_reserved(iri: str) -> bool:
    """Tell whether a graph is the toolkit's: packaged, of a load, of inferences, of records."""
    return iri.startswith(GRAPH)


def own_graphs(store: EmbeddedStore) -> list[Graph]:
    """Give the graphs that are not the toolkit's, that without a name first."""
    named = (graph for graph in store.inner.named_graphs() if not is_reserved(graph.value))
    return [ox.DefaultGraph(), *named]


def bear_on_cases(store: EmbeddedStore) -> bool:
    """Tell whether graphs that are not the toolkit's say something that levels may rest on.

    Then a load that comes or goes may turn levels that do not rest on its graph alone.
    """
    props = [ox.NamedNode(iri) for iri in bearing_on_levels()]
    return any(
        store.holds(None, prop, None, graph) for graph in own_graphs(store) for prop in props
    )


class _Difference(NamedTuple):
    """The statements that came and those that went."""

    come: frozenset[ox.Quad]
    gone: frozenset[ox.Quad]


class Consequences:
    """Looks at graphs before they are changed; :meth:`follow` puts right what follows.

    Args:
        change: of the store.
        graphs: those that may be changed; None for all that are not the toolkit's, be they new.
    """

    def __init__(self, change: Change, graphs: list[Graph] | None = None) -> None:
        self._change, self._graphs = change, graphs
        self._summary = begun(change.store, change.summary_before)
        counted = self._summary or Summary(cubes_in(change.store))
        self._read = {
            *bearing_on_levels(), *bearing(), *counted.properties,
            *(prop.value for prop in (_TYPE, _CODING, _CODED, _BASED_ON, _STATUS)),
        }  # fmt: skip
        self._before = self._look()

    def follow(self) -> None:
        """Write what follows from the graphs as they are now."""
        store, after = self._change.store, self._look()
        self._change.counted = ""  # all are counted where the change ends, unless they are here
        if self._before is None or after is None:
            _write_followed(store, followed_in(store))
            write_levels(store)
            return
        difference = _Difference(after - self._before, self._before - after)
        rows = _rows(store, difference)
        if len(rows) > FEW or _is_of_terms(store, difference):
            _write_followed(store, followed_in(store))
            write_levels(store)
            return
        summary = self._summary
        if summary is not None:
            summary.add(_before_in(store, rows, difference, summary), -1)
        _follow_again(store, rows, difference)
        for prop in map(ox.NamedNode, rubrics_of(store).values()):
            for row in rows:
                store.remove(store.statements(row, prop, None, INFERRED))
        read = bearing_on_levels()
        if any(quad.predicate.value in read for row in rows for quad in store.statements(row)):
            store.add(inferred(levels_in(_alone(store, rows), within=_ROWS.value)))
        if summary is not None:
            summary.add(cases_alone(store, rows, summary.properties))
            if summary.counts.keys() == summary.cubes.keys():
                self._change.counted = text_of(summary, store)

    def _look(self) -> frozenset[ox.Quad] | None:
        """Give the statements of the graphs that something may follow from; None where many."""
        store = self._change.store
        found: set[ox.Quad] = set()
        for graph in own_graphs(store) if self._graphs is None else self._graphs:
            for prop in map(ox.NamedNode, self._read):
                for quad in store.statements(None, prop, None, graph):
                    value = getattr(quad.object, "value", "")
                    if prop == _TYPE and not value.startswith(COP):
                        continue
                    found.add(quad)
                    if len(found) > MOST:
                        return None
        return frozenset(found)


def _rows(store: EmbeddedStore, difference: _Difference) -> set[Node]:
    """Give what changed statements are about, and what has these for a coding."""
    about: set[Node] = {quad.subject for quad in (*difference.come, *difference.gone)}
    return about | {
        quad.subject for node in about for quad in store.statements(None, _CODING, node)
    }


def _is_of_terms(store: EmbeddedStore, difference: _Difference) -> bool:
    """Tell whether a change speaks of what rules read of terms: then it bears on any case."""
    graphs = [ox.NamedNode(GRAPH + name) for name in TERMS]
    about = {quad.subject for quad in (*difference.come, *difference.gone)}
    if any(store.holds(node, None, None, graph) for node in about for graph in graphs):
        return True
    return any(
        quad.predicate.value.startswith(_OF_RUBRICS)
        for quad in (*difference.come, *difference.gone)
    )


def _before_in(
    store: EmbeddedStore, rows: Iterable[Node], difference: _Difference, summary: Summary
) -> EmbeddedStore:
    """Give what decided on the profiles of cases before a change."""
    found = {quad for row in rows for quad in store.statements(row) if quad not in difference.come}
    before = EmbeddedStore()
    before.add(
        ox.Quad(quad.subject, quad.predicate, quad.object)
        for quad in found | difference.gone
        if quad.predicate.value in summary.properties
    )
    return before


@cache
def _terms() -> tuple[ox.Quad, ...]:
    """Give the statements of the packaged graphs of terms, which a store under change has too."""
    return tuple(terms_in(EmbeddedStore.packaged(TERMS)))


def _alone(store: EmbeddedStore, rows: Iterable[Node]) -> EmbeddedStore:
    """Give what graphs say of some nodes, with their codings and the terms, in memory."""
    alone = EmbeddedStore()
    alone.add(_terms())
    said = [quad for row in rows for quad in store.statements(row) if quad.graph_name != INFERRED]
    codings = {
        quad.object
        for quad in said
        if quad.predicate == _CODING and not isinstance(quad.object, ox.Literal)
    }
    said += (quad for node in codings for quad in store.statements(node))
    alone.add(ox.Quad(quad.subject, quad.predicate, quad.object, _ROWS) for quad in said)
    return alone


# -- values that follow from others of their record ---------------------------------------------


def _follow_again(store: EmbeddedStore, rows: Iterable[Node], difference: _Difference) -> None:
    """Write the values that follow anew, of nodes of which the change touches what they rest on."""
    read = bearing()
    touched = {
        quad.subject
        for quad in (*difference.come, *difference.gone)
        if quad.predicate.value in read
    }
    touched &= set(rows)
    for row in touched:
        for quad in list(store.statements(row, _CODING)):
            if not _is_kept(quad):
                _take_out(store, quad)
    if touched:
        _write_followed(store, followed_in(_alone(store, touched)))


def _is_kept(quad: ox.Quad) -> bool:
    """Tell whether a statement stands in a graph of the toolkit."""
    return is_reserved(getattr(quad.graph_name, "value", ""))


def _take_out(store: EmbeddedStore, quad: ox.Quad) -> None:
    """Take a value out that followed, with the coding that says so, where this is such a coding."""
    row, coding, graph = quad.subject, quad.object, quad.graph_name
    if not isinstance(coding, ox.NamedNode) or not isinstance(row, ox.NamedNode):
        return
    said = list(store.statements(coding, None, None, graph))
    props = [each.object for each in said if each.predicate == _CODED]
    if (
        len(props) != 1
        or not isinstance(props[0], ox.NamedNode)
        or coding.value != f"{row.value}/coding/{props[0].value.removeprefix(COP)}"
        or {each.predicate for each in said} != {_TYPE, _CODED, _STATUS, _BASED_ON}
        or not all(each.object == _INTERPRETED for each in said if each.predicate == _STATUS)
        or any(
            getattr(each.object, "value", "") not in bearing()
            for each in said
            if each.predicate == _BASED_ON
        )
    ):
        return
    store.remove([quad, *said, *store.statements(row, props[0], None, graph)])


def _write_followed(store: EmbeddedStore, found: Iterable[ox.Triple]) -> None:
    """Write values that follow beside what they follow from, in a graph that is not the toolkit's.

    What a load brought has them from the load.
    """
    store.add(list(_placed(store, found)))


def _placed(store: EmbeddedStore, found: Iterable[ox.Triple]) -> Iterator[ox.Quad]:
    found = list(found)
    codings = {triple.object for triple in found if triple.predicate == _CODING}
    home: Graph | None = None
    for triple in found:
        if triple.subject not in codings:  # a coding comes behind what it is of
            home = _home(store, triple.subject)
        if home is not None:
            yield ox.Quad(triple.subject, triple.predicate, triple.object, home)


def _home(store: EmbeddedStore, node: Node) -> Graph | None:
    """Give the graph that records what a value follows from, or None where a load does."""
    read = bearing()
    about = [quad for quad in store.statements(node) if not _is_kept(quad)]
    about.sort(key=lambda quad: (quad.predicate.value not in read, str(quad.graph_name)))
    return about[0].graph_name if about else None
