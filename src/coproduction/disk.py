"""A user's store: a folder on disk that is changed all or nothing.

The folder holds ``current``, a pyoxigraph store. A change is made to a copy of it (hard links,
so a copy costs next to nothing), and the two change places by rename when all is written: who
reads sees the state before or the state after, and a process that is killed leaves a copy that
the next one sweeps away. The packaged graphs stand in the store beside the user's, so one union
answers; they are those of the version that wrote last.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from .errors import DataError
from .names import ALIGNMENTS, COP, GRAPH, PACKAGED_GRAPHS
from .resources import data_dir
from .store import Store

LOADS: Final = ox.NamedNode(GRAPH + "loads")
"""Graph of what is known of each load, and of the packaged graphs in the store."""
_MOST_COPIED: Final = 1_000_000
_LINKS: Final = ALIGNMENTS.removeprefix(GRAPH)
_CHECKSUM: Final = ox.NamedNode(COP + "fileChecksum")


def open_folder(folder: str | Path) -> Store:
    """Open a store to read; other processes may read and write meanwhile.

    Raises:
        DataError: there is no store, or it cannot be read.
    """
    folder = Path(folder)
    _recover(folder)
    current = folder / "current"
    if not current.is_dir():
        raise DataError(f"{folder}: there is no store; make one with 'coproduction load FILE'")
    try:
        return Store(ox.Store.read_only(str(current)), folder)
    except OSError as error:
        raise DataError(f"{folder}: the store cannot be read: {error}") from None


def copy_in_memory(store: Store) -> Store:
    """Give a store's statements in memory, to be added to for one run.

    Raises:
        DataError: there are more than a million.
    """
    size = sum(store.graphs().values())
    if size > _MOST_COPIED:
        raise DataError(
            f"the store has {size:,} statements, too many to be copied for one run "
            f"(at most {_MOST_COPIED:,}): load your data into the store instead"
        )
    copy = ox.Store()
    copy.extend(store.inner)
    return Store(copy)


def copy_if_small(store: Store) -> Store:
    """Give a store's statements in memory where there are few enough, else the store itself."""
    if sum(store.graphs().values()) > _MOST_COPIED:
        return store
    return copy_in_memory(store)


def is_behind(store: Store) -> bool:
    """Tell whether the packaged graphs in a store are not those of this version."""
    return any(
        ox.Quad(ox.NamedNode(GRAPH + name), _CHECKSUM, ox.Literal(digest), LOADS) not in store.inner
        for name, digest in _digests().items()
    )


class Change:
    """A store under change. Nobody else may keep `store`: it has to be closed before the swap."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store
        self.discarded = False

    def discard(self) -> None:
        """Leave the store as it was, whatever was changed in the copy."""
        self.discarded = True


@contextlib.contextmanager
def changing(folder: str | Path) -> Iterator[Change]:
    """Give a copy of a store to change; it takes the store's place if the block ends well.

    Raises:
        DataError: another process is changing the store, or the disk refuses.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{folder}: cannot be made: {error.strerror}") from None
    with _lock(folder):
        _recover(folder)
        _sweep(folder)
        current, copy = folder / "current", folder / f"next-{os.getpid()}"
        try:
            if current.is_dir():
                ox.Store(str(current)).backup(str(copy))
            gc.collect()
            change = Change(ox.Store(str(copy)))
            _refresh(change.store)
            yield change
            if change.discarded:
                return
            change.store.flush()
            del change.store
            gc.collect()
            _swap(folder, current, copy)
        except OSError as error:
            raise DataError(f"{folder}: cannot be written: {error}; nothing was changed") from None
        finally:
            gc.collect()
            shutil.rmtree(copy, ignore_errors=True)


def _swap(folder: Path, current: Path, copy: Path) -> None:
    old = folder / f"old-{os.getpid()}"
    if current.is_dir():
        current.rename(old)
    copy.rename(current)
    shutil.rmtree(old, ignore_errors=True)


def _recover(folder: Path) -> None:
    """Put the old state back where a process was killed between the two renames."""
    if folder.is_dir() and not (folder / "current").is_dir():
        for old in sorted(folder.glob("old-*")):
            old.rename(folder / "current")
            return


def _sweep(folder: Path) -> None:
    for left in [*folder.glob("next-*"), *folder.glob("old-*")]:
        shutil.rmtree(left, ignore_errors=True)


@contextlib.contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Keep a second writer out; the system lets go of the lock when a process ends."""
    with (folder / "lock").open("w") as file:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise DataError(
                f"{folder}: another process is changing this store; try again when it has ended"
            ) from None
        yield


def _digests() -> dict[str, str]:
    folder = data_dir("ontology")
    digests = {
        name: hashlib.sha256((folder / file).read_bytes()).hexdigest()
        for name, file in PACKAGED_GRAPHS.items()
    }
    links = b"".join(path.read_bytes() for path in sorted(folder.glob("alignments/*.tsv")))
    return digests | {_LINKS: hashlib.sha256(links).hexdigest()}


def _refresh(store: ox.Store) -> None:
    """Bring the packaged graphs of this version into a store that lacks them."""
    for name, digest in _digests().items():
        graph = ox.NamedNode(GRAPH + name)
        mark = ox.Quad(graph, _CHECKSUM, ox.Literal(digest), LOADS)
        if mark in store:
            continue
        for quad in list(store.quads_for_pattern(graph, _CHECKSUM, None, LOADS)):
            store.remove(quad)
        store.remove_graph(graph)
        if name == _LINKS:
            Store(store).add_links()
        else:
            path = data_dir("ontology") / PACKAGED_GRAPHS[name]
            store.load(path=path, format=ox.RdfFormat.TURTLE, to_graph=graph)
        store.add(mark)
