"""Changing the graphs of a store that come from no load: by SPARQL Update, or a graph as a whole.

A change is all or nothing, as a load is, and what follows from it is made right. What came is kept
with the files of the store, so that ``rebuild`` does it again, in its place among the loads. The
toolkit's own graphs, those of loads among them, are not changed so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyoxigraph as ox

from ..errors import CoproductionError, DataError, command
from ..files.scratch import scratch
from ..knowledge.packaged import changing
from ..names import GRAPH
from ..store.bookkeeping import checksum_quads, forget, now
from ..store.disk_layout import no_store
from ..store.embedded import EmbeddedStore
from ..store.on_disk import Change, copy_if_small, is_store, open_folder
from ..store.originals import KeptUpdate, Original
from ..syntax.nesting import check_query
from ..syntax.services import check_endpoints
from ..syntax.sparql import clauses
from ..syntax.updates import operations, written_graphs
from ..version import __version__
from .consequences import Consequences, Graph, is_reserved, own_graphs

if TYPE_CHECKING:
    from ..validation.shacl import ShapeFinding

UPDATES: Final = ox.NamedNode(GRAPH + "updates")
"""What the record of a store notes a checksum of: all updates that came, in their order."""
_MOST_TOLD: Final = 20


class Reserved(CoproductionError):
    """A change of a graph that is the toolkit's."""


class BreaksShapes(CoproductionError):
    """A change after which cases break shapes that they did not break before."""


class Update(NamedTuple):
    """A change by SPARQL Update.

    Attributes:
        text: of the update.
        using, named: IRIs of the graphs that each WHERE asks, as of the SPARQL Protocol.
        base: IRI on which relative ones stand.
    """

    text: str
    using: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    base: str | None = None


class GraphChange(NamedTuple):
    """A change of one graph.

    Attributes:
        kind: ``put`` (the statements are all of it), ``post`` (they come to it) or ``delete``.
        graph: its IRI; None for the graph without a name.
        statements: N-Triples, with blank nodes that no other graph has.
    """

    kind: str
    graph: str | None
    statements: bytes = b""


class Changed(NamedTuple):
    """What came of a change.

    Attributes:
        was_there: whether the graph was there before.
        is_there: whether it is now.
    """

    was_there: bool = True
    is_there: bool = True


def change_graphs(
    folder: str | Path,
    step: Update | GraphChange,
    *,
    allowed: Collection[str] = (),
    shapes: bool = False,
    again: KeptUpdate | None = None,
) -> Changed:
    """Change graphs of a store, all or nothing.

    Args:
        folder: the store.
        step: the change.
        allowed: hosts that SERVICE may ask, each ``host`` or ``host:port``.
        shapes: whether it is refused where cases then break shapes that they did not break before.
        again: a change of another store that this one repeats, with its time.

    Raises:
        QueryError: the update cannot be read, or fails.
        Reserved: it changes a graph of the toolkit.
        BreaksShapes: see `shapes`.
        DataError: the store cannot be used. Nothing is changed then.
    """
    if isinstance(step, GraphChange) and step.graph is not None and is_reserved(step.graph):
        raise _reserved(step.graph)
    if not is_store(folder):
        raise no_store(Path(folder))
    with changing(folder) as change:
        store = change.store
        if isinstance(step, Update):
            done = Changed()
            consequences = Consequences(change)
            _run(store, step, allowed)
        else:
            graph: Graph = ox.NamedNode(step.graph) if step.graph else ox.DefaultGraph()
            consequences = Consequences(change, [graph])
            done = _write(store, step, graph)
            if step.kind == "delete" and not done.was_there:
                change.discard()
                return done
        consequences.follow()
        if shapes:
            _check_shapes(store, open_folder(folder))
        _note(change, step, again)
    return done


def lines_of(path: Path, base: str) -> bytes:
    """Read the statements of a file of RDF, with blank nodes that no other file has.

    Args:
        path: the file.
        base: IRI on which relative ones in it stand.

    Returns:
        N-Triples.

    Raises:
        DataError: it cannot be read, or has named graphs.
    """
    store = EmbeddedStore()
    store.add_raw(path, base)
    if any(store.inner.named_graphs()):
        raise DataError(f"{path}: it has named graphs, and the statements of one are wanted")
    return store.inner.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()) or b""


def _run(store: EmbeddedStore, step: Update, allowed: Collection[str]) -> None:
    text = step.text.removeprefix("\ufeff")
    check_query(text)
    check_endpoints(clauses(text).endpoints, allowed)
    parts = operations(text, step.using, step.named)
    guard = _Guard(store, [written_graphs(each.text, GRAPH) for each in parts])
    for operation in parts:
        if not operation.emptied:
            store.update(operation.text, base=step.base)
            continue
        EmbeddedStore().update(operation.text, base=step.base)  # it may be wrong behind these words
        for graph in own_graphs(store):
            if isinstance(graph, ox.DefaultGraph):
                if operation.emptied == "all":
                    store.inner.clear_graph(graph)
            elif operation.is_dropped:
                store.inner.remove_graph(graph)
            else:
                store.inner.clear_graph(graph)
    guard.check()


def _write(store: EmbeddedStore, step: GraphChange, graph: Graph) -> Changed:
    is_named = isinstance(graph, ox.NamedNode)
    was_there = not is_named or store.inner.contains_named_graph(graph)
    if step.kind == "delete" and not was_there:
        return Changed(False, False)
    if step.kind != "post":
        if is_named:
            store.inner.remove_graph(graph)
        else:
            store.inner.clear_graph(graph)
    if step.kind == "delete":
        return Changed(was_there, not is_named)
    if is_named:
        store.inner.add_graph(graph)
    lines = ox.parse(input=step.statements, format=ox.RdfFormat.N_TRIPLES)
    # In bulk, which is not atomic and need not be: nobody reads a store under change.
    store.inner.bulk_extend(ox.Quad(q.subject, q.predicate, q.object, graph) for q in lines)
    return Changed(was_there, True)


def _note(change: Change, step: Update | GraphChange, again: KeptUpdate | None) -> None:
    """Keep what came, and note that it did."""
    made = again.time if again else now()
    entry = KeptUpdate("update", again.after if again else change.kept.last, made, __version__)
    if isinstance(step, Update):
        file = _kept(change, "update.ru", step.text.encode())
        entry = replace(entry, file=file, using=step.using, named=step.named, base=step.base)
    elif step.kind == "delete":
        entry = replace(entry, kind=step.kind, graph=step.graph)
    else:
        file = _kept(change, "graph.nt", step.statements)
        entry = replace(entry, kind=step.kind, graph=step.graph, file=file)
    change.kept.updates.append(entry)
    told = "\n".join(
        f"{each.kind} {each.after} {each.graph or ''} {each.file.checksum if each.file else ''}"
        for each in change.kept.updates
    )
    forget(change.store, UPDATES)
    change.store.add(checksum_quads(UPDATES, hashlib.sha256(told.encode()).hexdigest()))


def _kept(change: Change, name: str, content: bytes) -> Original:
    with scratch() as own:
        (own / name).write_bytes(content)
        return change.keep([own / name])[0]


# -- what is refused ----------------------------------------------------------------------------


class _Guard:
    """Sees whether graphs of the toolkit were changed.

    That a graph is there and has statements, or is not and has none, is seen of each; what it has
    of those alone that may be written to, for it is read whole.

    Args:
        store: before the change.
        written: of each operation the graphs that it may write to, None for any.
    """

    def __init__(self, store: EmbeddedStore, written: list[frozenset[str] | None]) -> None:
        self._store = store
        self._read = None if None in written else {iri for each in written for iri in each or ()}
        self._before = self._look()

    def check(self) -> None:
        """Refuse a change.

        Raises:
            Reserved: one of the graphs is not as it was.
        """
        now = self._look()
        for iri in sorted({*self._before, *now}):
            if self._before.get(iri) != now.get(iri):
                raise _reserved(iri)

    def _look(self) -> dict[str, str]:
        found = {}
        for graph in self._store.inner.named_graphs():
            if is_reserved(graph.value):
                sums = _Sum()
                if self._read is None or graph.value in self._read:
                    self._store.inner.dump(sums, ox.RdfFormat.N_TRIPLES, from_graph=graph)
                is_filled = self._store.holds(None, None, None, graph)
                found[graph.value] = f"{is_filled} {sums.digest.hexdigest()}"
        return found


class _Sum(BytesIO):
    """Takes what is written, and keeps its checksum alone."""

    def __init__(self) -> None:
        super().__init__()
        self.digest = hashlib.sha256()

    def write(self, data: Any, /) -> int:
        self.digest.update(data)
        return len(data)


def _reserved(iri: str) -> Reserved:
    if iri.startswith(f"{GRAPH}load/"):
        return Reserved(
            f"the graph <{iri}> is of a load, and is what its file gave: say more in a graph of "
            "your own, load the file anew, or take the load out with ",
            command("unload", "N", python=None),
        )
    return Reserved(
        f"the graph <{iri}> is the toolkit's, as are all that begin with <{GRAPH}>: give your data "
        "a graph with a name of your own, or none"
    )


def _check_shapes(store: EmbeddedStore, before: EmbeddedStore) -> None:
    """Refuse what breaks shapes that were kept before.

    Raises:
        BreaksShapes: with what breaks.
    """
    found = _errors(store)
    if found:
        found -= _errors(before)
    if not found:
        return
    told = sorted(f"{each.focus}: {each.message}" for each in found)
    more = len(told) - _MOST_TOLD
    lines = told[:_MOST_TOLD] + ([f"and {more:,} more"] if more > 0 else [])
    raise BreaksShapes("\n".join(("nothing was changed, as cases would break shapes:", *lines)))


def _errors(store: EmbeddedStore) -> set[ShapeFinding]:
    from ..validation.constraints import validate_store

    found = validate_store(copy_if_small(store))  # which is asked sooner in memory
    return {each for each in found if each.severity == "violation"}
