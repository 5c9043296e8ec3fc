"""Building a store again from what another keeps of its loads and updates.

Each load is made again from its files, with its number and its options. Where that cannot be done
(a load of a version that kept no files, a file that is gone) and the old database can be read,
the statements of the load are copied; what is neither is named. What came by SPARQL Update or by
the Graph Store Protocol is done again in its place among them.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ..errors import CoproductionError, DamagedStore, DataError, UnknownName
from ..knowledge.packaged import changing
from ..messages import counted
from ..names import GRAPH
from ..store.bookkeeping import LOADS, activity_of, quads_of
from ..store.disk_layout import live_state, state_numbers, state_of
from ..store.embedded import EmbeddedStore
from ..store.old_bookkeeping import record_of
from ..store.on_disk import Change, open_folder, reasoner_of, recorded_loads
from ..store.originals import (
    KeptLoad,
    KeptUpdate,
    Loads,
    kept_file,
    kept_files,
    read_loads,
    wrong_files,
)
from .consequences import Graph, own_graphs
from .loading import load
from .loads import graph_of_load, graph_of_original
from .mapping_files import find_mapping
from .mappings import Mapping, RdfMapping
from .reading import Reading
from .updating import GraphChange, Update, change_graphs

_OURS: Final = (GRAPH + "inferred", LOADS.value)


@dataclass(frozen=True)
class Restored:
    """What became of one load, or of something else in the store.

    Attributes:
        what: such as ``load 3 (cases.csv)``.
        told: what was done, or what could not be.
        is_whole: whether it is now as it was.
    """

    what: str
    told: str
    is_whole: bool


@dataclass(frozen=True)
class _Old:
    """What can be read of the store that is built again."""

    folder: Path
    loads: Loads
    store: EmbeddedStore | None


def rebuild(old: str | Path, new: str | Path) -> Iterator[Restored]:
    """Build a store again from its loads and updates, in their order.

    Args:
        old: the store; it is not changed, and its database may be damaged.
        new: a folder that is new or empty.

    Yields:
        what became of each load and update, as soon as it is done; then of the rest.

    Raises:
        DataError: there is nothing to build from, or the new folder is none.
    """
    old, new = Path(old), Path(new)
    if new.exists() and (not new.is_dir() or any(new.iterdir())):
        raise DataError(f"{new}: it exists and is not empty; name a new or an empty folder")
    loads, notes = _find_loads(old)
    source = _Old(old, loads, _readable(old))
    if source.store is not None and (notes or not loads.loads):
        _by_database(loads, source.store)
    if not (loads.loads or loads.updates) and source.store is None:
        raise DataError(f"{old}: there is nothing that a store could be built from")
    yield from notes
    with changing(new) as change:  # the packaged graphs: a store without loads is one too
        change.kept.number(loads.last)
    yield from _again_in_order(source, new)
    yield from _counts(loads, new)
    if loads.reasoner:
        yield _infer(new, loads.reasoner)
    yield from _left_out(source, new)
    if notes:
        yield from _not_listed(source)


def _again_in_order(old: _Old, new: Path) -> Iterator[Restored]:
    """Make loads and updates again; each update comes behind the load that it came behind."""
    updates = list(enumerate(old.loads.updates, start=1))
    for entry in old.loads.loads:
        while updates and updates[0][1].after < entry.number:
            yield _update_again(old, *updates.pop(0), new)
        yield _restore(old, entry, new)
    for number, update in updates:
        yield _update_again(old, number, update, new)


def _update_again(old: _Old, number: int, entry: KeptUpdate, new: Path) -> Restored:
    kinds = {"update": "SPARQL Update", "put": "a graph put", "post": "a graph added to"}
    what = f"update {number} ({kinds.get(entry.kind, 'a graph deleted')})"
    wrong = wrong_files(old.folder, entry)
    if wrong:
        return Restored(what, f"lost: {wrong[0]}", False)
    content = kept_file(old.folder, entry.file).read_bytes() if entry.file else b""
    step: Update | GraphChange
    if entry.kind == "update":
        step = Update(content.decode(), entry.using, entry.named, entry.base)
    else:
        step = GraphChange(entry.kind, entry.graph, content)
    try:
        # It sends nothing anywhere: what SERVICE asked once may answer otherwise now.
        change_graphs(new, step, again=entry)
    except CoproductionError as error:
        return Restored(what, f"not made again: {error}", False)
    return Restored(what, "made again", True)


def _find_loads(folder: Path) -> tuple[Loads, list[Restored]]:
    """Give the list of loads of the live state, or of the newest whose list can be read."""
    numbers = list(reversed(state_numbers(folder)))
    try:
        live = live_state(folder)
    except DamagedStore:
        live = None
    if live is not None and live.number:
        numbers = [live.number, *(number for number in numbers if number != live.number)]
    for number in numbers:
        try:
            loads = read_loads(folder, state_of(folder, number))
        except DataError:
            continue
        if live is not None and number == live.number:
            return loads, []
        told = f"the list of state {number} was used: that of the live state cannot be read"
        return loads, [Restored("the list of loads", told, False)]
    return Loads(), []


def _by_database(loads: Loads, store: EmbeddedStore) -> None:
    """Put a list of loads right by what the database has: one may be older than the other."""
    recorded = recorded_loads(store)
    listed = {(load.number, load.checksum): load for load in loads.loads}
    loads.loads = [listed.get((load.number, load.checksum), load) for load in recorded]
    loads.last = max(loads.last, *(load.number for load in recorded), 0)
    loads.reasoner = reasoner_of(store)


def _not_listed(old: _Old) -> Iterator[Restored]:
    """Name the kept files of which no list says how they were loaded."""
    listed = {original.kept for load in old.loads.loads for original in load.originals()}
    copied = {load.checksum for load in old.loads.loads}
    for path in kept_files(old.folder):
        if path.name not in listed and path.stem not in copied:
            told = "no list says how it was loaded: look into it, and load it into the new store"
            yield Restored(str(path), told, False)


def _readable(folder: Path) -> EmbeddedStore | None:
    try:
        return open_folder(folder)
    except DataError:
        return None


def _restore(old: _Old, entry: KeptLoad, new: Path) -> Restored:
    what = f"load {entry.number} ({entry.file})"
    why = _why_not(old, entry)
    if not why:
        try:
            return _load_again(old, entry, new, what)
        except CoproductionError as error:
            why = str(error)
    if old.store is not None:
        try:
            count = _copy(old.folder, old.store, entry, new)
        except (DataError, OSError, RuntimeError):
            return Restored(what, f"lost: {why}, and the database cannot be read", False)
        told = f"{counted(count, 'statement')} copied as {'it is' if count == 1 else 'they are'}"
        if wrong_files(old.folder, entry):
            return Restored(what, f"{told}, and without the file to load it again: {why}", False)
        return Restored(what, f"{told}: {why}", True)
    return Restored(what, f"lost: {why}, and the database cannot be read", False)


def _why_not(old: _Old, entry: KeptLoad) -> str:
    """Tell why a load cannot be made again from its files, or nothing where it can."""
    if not entry.files:
        return "its file was not kept by the version that loaded it"
    wrong = wrong_files(old.folder, entry)
    if wrong:
        return wrong[0]
    if entry.mapping and not entry.mapping_file:
        try:
            find_mapping(entry.mapping)
        except UnknownName:
            return f"its mapping {entry.mapping} was made in Python and is not kept"
    return ""


def _load_again(old: _Old, entry: KeptLoad, new: Path, what: str) -> Restored:
    with tempfile.TemporaryDirectory(prefix="coproduction-") as scratch:
        for original in entry.originals():
            shutil.copyfile(kept_file(old.folder, original), Path(scratch) / original.name)
        mapping: Mapping | RdfMapping | None = None
        if entry.mapping_file:
            mapping = find_mapping(str(Path(scratch) / entry.mapping_file.name))
        elif entry.mapping:
            mapping = find_mapping(entry.mapping)
        path = Path(scratch) / entry.file
        said = dict(entry.reading)
        options = {name: said.pop(name) for name in ("strict", "replace") if name in said}
        outcome = load(path, new, Reading(mapping=mapping, **said), again=entry, **options)
        here = path.parent.absolute().as_uri()
    if outcome.load is None:
        why = outcome.note or "no row of it is right by the rules of this version"
        return Restored(what, f"nothing went in: {why}", False)
    parts = (("rows", "loaded"), ("rows set aside", "set_aside"))
    differing = [
        f"{getattr(outcome, part):,} {words}, not {getattr(entry, part):,}"
        for words, part in parts
        if getattr(outcome, part) != getattr(entry, part)
    ]
    if _names(new, entry.number, here):
        differing.append("its relative IRIs now begin with another folder")
    if differing:
        return Restored(what, f"loaded again, and differs: {'; '.join(differing)}", False)
    return Restored(what, f"{counted(outcome.loaded, 'row')} loaded again", True)


def _counts(loads: Loads, new: Path) -> Iterator[Restored]:
    """Tell which loads have other numbers of statements, now that all are made again.

    So it is where a later load that had changed an earlier one was taken out since.
    """
    state = live_state(new)
    made = read_loads(new, state) if state else Loads()
    for entry in loads.loads:
        now = made.find(entry.number)
        if now and entry.statements is not None and now.statements != entry.statements:
            has = counted(now.statements or 0, "statement")
            told = f"it has {has} now, and had {entry.statements:,}"
            yield Restored(f"load {entry.number} ({entry.file})", told, False)


def _names(folder: Path, number: int, place: str) -> bool:
    """Tell whether a load names things by the place that its file was read from."""
    if not folder.is_dir():
        return False
    store = open_folder(folder)
    return any(
        getattr(term, "value", "").startswith(place)
        for quad in store.statements(None, None, None, graph_of_load(number))
        for term in (quad.subject, quad.object)
        if isinstance(term, ox.NamedNode)
    )


def _copy(old_folder: Path, old: EmbeddedStore, entry: KeptLoad, new: Path) -> int:
    """Copy a load's graphs and its record from one database to another, with its files."""
    graphs = [graph_of_load(entry.number), graph_of_original(entry.number)]
    with changing(new) as change:
        counts = []
        for graph in graphs:
            quads = list(old.statements(None, None, None, graph))
            change.store.add(quads)
            counts.append(len(quads))
        activity = activity_of(record_of(old), graphs[0])
        change.store.add(quads_of(activity) if activity else ())
        kept = _kept_again(old_folder, entry, change)
        change.kept.number(entry.number)
        change.kept.loads.append(replace(kept, statements=counts[0]))
    return sum(counts)


def _kept_again(folder: Path, entry: KeptLoad, change: Change) -> KeptLoad:
    """Keep the files of a load that is copied, where all of them are whole; else none."""
    if wrong_files(folder, entry):
        return replace(entry, files=(), mapping_file=None)
    with tempfile.TemporaryDirectory(prefix="coproduction-") as scratch:
        paths = []
        for original in entry.originals():
            paths.append(Path(scratch) / original.name)
            shutil.copyfile(kept_file(folder, original), paths[-1])
        change.keep(paths)
    return entry


def _infer(new: Path, reasoner: str) -> Restored:
    from ..reasoning.inference import classify

    try:
        count = classify(new, reasoner)
    except CoproductionError as error:
        return Restored("the inferred graph", f"not made again: {error}", False)
    return Restored("the inferred graph", f"{counted(count, 'statement')}, by {reasoner}", True)


def _left_out(old: _Old, new: Path) -> Iterator[Restored]:
    """Name the graphs of the old database that come from no load, where they are others now."""
    if old.store is None:
        return
    loads = {graph_of_load(load.number).value for load in old.loads.loads}
    loads |= {graph_of_original(load.number).value for load in old.loads.loads}
    made = open_folder(new)
    try:
        graphs = [*own_graphs(old.store), *old.store.inner.named_graphs()]
        for graph in sorted(set(graphs), key=str):
            name = str(getattr(graph, "value", "")) if graph != ox.DefaultGraph() else ""
            is_ours = name.startswith(GRAPH) and "/load/" not in name
            if name in loads or name in _OURS or is_ours:
                continue
            had, has = (_size(store, graph) for store in (old.store, made))
            what = f"the graph <{name}>" if name else "the graph without a name"
            if had and not has:
                yield Restored(what, "left out: it comes from no load and no update", False)
            elif had != has:
                told = f"it has {counted(has, 'statement')} now, and had {had:,}"
                yield Restored(what, told, False)
    except (OSError, RuntimeError):
        return


def _size(store: EmbeddedStore, graph: Graph) -> int:
    return sum(1 for _ in store.statements(None, None, None, graph))
