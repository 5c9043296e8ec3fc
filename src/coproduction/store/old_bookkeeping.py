"""The record of loads as versions before this one wrote it, put into the present terms.

They had terms of their own, which are deprecated: a load's graph carried all that is known of it,
and a packaged graph its checksum. A store is read as it is, and rewritten by its first change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from ..names import COP, RDF
from .bookkeeping import LOADS, Activity, checksum_quads, quads_of
from .embedded import EmbeddedStore
from .protocol import Store

_TYPE: Final = ox.NamedNode(RDF + "type")
_LOAD: Final = ox.NamedNode(COP + "Load")
_CHECKSUM: Final = ox.NamedNode(COP + "fileChecksum")
_OF_ALL: Final = ("loadedAt", "loaderVersion", "loaderName", "fileChecksum", "rowsLoaded")
_OF_LOADS: Final = ("loadNumber", "fileName", "rowsRead", "rowsSetAside")
_OLD: Final = frozenset(COP + name for name in (*_OF_ALL, *_OF_LOADS))


def is_old(store: Store) -> bool:
    """Tell whether a store's record is in the old terms: each packaged graph has a checksum."""
    return store.holds(None, _CHECKSUM, None, LOADS)


def record_of(store: Store) -> Store:
    """Give a store whose record can be read in the present terms: a copy where it is old."""
    if not is_old(store):
        return store
    record = EmbeddedStore()
    record.add(_renewed(store.statements(None, None, None, LOADS)))
    return record


def renew(store: EmbeddedStore) -> None:
    """Put the record of a store into the present terms."""
    if is_old(store):
        quads = list(record_of(store).statements())
        store.drop(LOADS.value)
        store.add(quads)


def checksum_noted(store: Store, graph: ox.NamedNode) -> str | None:
    """Give the checksum that the old record notes of a graph."""
    quads = store.statements(graph, _CHECKSUM, None, LOADS)
    return next((str(getattr(quad.object, "value", "")) for quad in quads), None)


def _renewed(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    old: dict[ox.NamedNode, list[ox.Quad]] = defaultdict(list)
    for quad in quads:
        is_load = quad.predicate == _TYPE and quad.object == _LOAD
        if isinstance(quad.subject, ox.NamedNode) and (is_load or quad.predicate.value in _OLD):
            old[quad.subject].append(quad)
        else:
            yield quad
    for graph, about in old.items():
        values = {
            quad.predicate.value.removeprefix(COP): str(getattr(quad.object, "value", ""))
            for quad in about
        }
        # What is not whole is left as it is: nothing that a reader asks for is lost.
        if values.keys() >= {*_OF_ALL, *_OF_LOADS}:
            yield from quads_of(_load(graph, values))
        elif values.keys() == {*_OF_ALL}:
            yield from quads_of(_inference(graph, values))
        elif values.keys() == {"fileChecksum"}:
            yield from checksum_quads(graph, values["fileChecksum"])
        else:
            yield from about


def _load(graph: ox.NamedNode, values: dict[str, str]) -> Activity:
    return Activity(
        graph=graph,
        time=values["loadedAt"],
        version=values["loaderVersion"],
        loader=values["loaderName"],
        checksum=values["fileChecksum"],
        number=int(values["loadNumber"]),
        file=values["fileName"],
        rows=(int(values["rowsRead"]), int(values["rowsLoaded"]), int(values["rowsSetAside"])),
    )


def _inference(graph: ox.NamedNode, values: dict[str, str]) -> Activity:
    return Activity(
        graph=graph,
        time=values["loadedAt"],
        version=values["loaderVersion"],
        loader=values["loaderName"],
        checksum=values["fileChecksum"],
        triples=int(values["rowsLoaded"]),
    )
