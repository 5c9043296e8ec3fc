"""The graphs that this version brings: put into a store, and renewed in one of another version."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ..errors import DataError, TooLarge, command
from ..names import ALIGNMENTS, GRAPH, PACKAGED_GRAPHS, TERMS
from ..resources import data_dir
from ..store.bookkeeping import checksum_quads, forget, has_checksum
from ..store.embedded import EmbeddedStore
from ..store.protocol import Store
from ..store.renamed_terms import Renamed, is_in_use, rename, renames_in, told_of
from .levels import has_levels, write_levels

if TYPE_CHECKING:
    from ..store.on_disk import Change

# What a store on disk needs is imported where one is asked for: files in memory are opened sooner.

_LINKS: Final = ALIGNMENTS.removeprefix(GRAPH)


def add_links(store: EmbeddedStore) -> None:
    """Add the links to other vocabularies, in the graph ``.../graph/alignments``.

    Raises:
        DataError: the store is a folder made by a version that had none.
    """
    from .alignments import alignment_quads

    if store.has_graph(ALIGNMENTS):
        return
    try:
        store.add(alignment_quads())
    except OSError:
        raise DataError(
            "the store was made by a version without links; the next load brings them"
        ) from None


def is_behind(store: Store) -> bool:
    """Tell whether the packaged graphs in a store are not those of this version."""
    return any(
        not has_checksum(store, ox.NamedNode(GRAPH + name), digest)
        for name, digest in digests_of().items()
    )


def digests_of() -> dict[str, str]:
    """Give the checksum of each packaged graph, by its name: of its file, or of those of links."""
    import hashlib

    folder = data_dir("ontology")
    digests = {
        name: hashlib.sha256((folder / file).read_bytes()).hexdigest()
        for name, file in PACKAGED_GRAPHS.items()
    }
    links = b"".join(path.read_bytes() for path in sorted(folder.glob("alignments/*.tsv")))
    return digests | {_LINKS: hashlib.sha256(links).hexdigest()}


def packaged_quads() -> Iterator[ox.Quad]:
    """Give all that a home of graphs has to hold before any case.

    These are the packaged graphs with the links, what is noted of them, and the levels that follow.
    """
    store = EmbeddedStore()
    _refresh(store)
    return store.statements()


def _refresh(store: EmbeddedStore) -> tuple[Renamed, bool]:
    """Bring the packaged graphs of this version into a store that lacks them, and the levels.

    What data call by the old name of a term is called by the new one then.

    Returns:
        what was renamed, and whether anything was written.
    """
    old = {
        name: digest
        for name, digest in digests_of().items()
        if not has_checksum(store, ox.NamedNode(GRAPH + name), digest)
    }
    for name in old:
        forget(store, ox.NamedNode(GRAPH + name))
        store.drop(GRAPH + name)
    store.add_packaged([name for name in old if name != _LINKS])
    if _LINKS in old:
        add_links(store)
    for name, digest in old.items():
        store.add(checksum_quads(ox.NamedNode(GRAPH + name), digest))
    renamed = rename(store, renames_in(store) if old else {})
    is_old = bool(old) or not has_levels(store)
    if is_old:
        write_levels(store)
    return renamed, is_old


def with_present_names(store: EmbeddedStore) -> tuple[EmbeddedStore, list[str]]:
    """Give a store of an older version so that it can be asked by the names of this one.

    It is copied, with the graphs of this version, where data in it use a term that was renamed
    since; a store that is too large for that is given as it is.

    Returns:
        the store, and what is to be said of it.
    """
    from ..store.on_disk import copy_in_memory

    names = renames_in(EmbeddedStore.packaged(TERMS))
    if not is_in_use(store, names):
        return store, []
    try:
        copy = copy_in_memory(store)
    except TooLarge:
        advice = command("classify", store=store.folder)
        return store, [f"it uses terms that are deprecated now; {advice} renames them"]
    return copy, list(map(str, told_of(names, _refresh(copy)[0].times)))


def with_levels(store: Store) -> Store:
    """Give a store that has the levels of its arrangements under the rubrics.

    In memory they are written anew. A folder has them from its loads, and so has a copy of one;
    one that an older version wrote is copied, as far as it is not too large.

    Raises:
        DataError: it is; any change of the store writes them.
    """
    is_copy = getattr(store, "copied_from", None) is not None
    if store.folder is None and store.address is None:
        if not is_copy or not has_levels(store):
            write_levels(store)
        return store
    if store.address is not None or has_levels(store):
        return store  # of a server it was told when it was opened
    from ..store.on_disk import copy_in_memory

    try:
        copy = copy_in_memory(store)
    except TooLarge:
        raise DataError(
            f"{store.folder}: an older version wrote this store, without levels under rubrics: ",
            command("classify", store=store.folder),
            " writes them",
        ) from None
    _refresh(copy)
    return copy


def make_store(folder: str | Path) -> None:
    """Make a store with the packaged graphs, where there is none.

    Raises:
        DataError: the folder holds something else, or cannot be written.
    """
    from ..store.disk_layout import live_state

    if live_state(Path(folder)) is None:
        with changing(folder):
            pass  # what a new store holds is written when it is left


@contextlib.contextmanager
def changing(folder: str | Path) -> Iterator[Change]:
    """Give a copy of a store to change, with the packaged graphs as this version has them.

    It takes the store's place if the block ends well. Its cases are counted then, unless the block
    has counted those that it changed (:attr:`~coproduction.store.on_disk.Change.counted`).

    Raises:
        DataError: another process is changing the store, the folder is no store, or the disk
            refuses.
        DamagedStore: the store is not as it was written. Nothing is changed then.
    """
    from ..store.on_disk import changing_with
    from .summary import Summary

    refreshed: list[tuple[Renamed, bool]] = []
    with changing_with(folder, lambda store: refreshed.append(_refresh(store))) as change:
        renamed, is_other = refreshed[0]
        if is_other:
            change.summary_before = None
        graphs = change.renamed = set(renamed.graphs)
        change.kept.loads = [
            replace(load, statements=change.store.size(graph))
            if (graph := f"{GRAPH}load/{load.number}") in graphs
            else load
            for load in change.kept.loads
        ]
        yield change
        if not change.discarded:
            change.write_summary(change.counted or Summary.of(change.store).text())
