"""A store on disk that is asked in memory: all of it is copied, where memory holds it.

The engine in memory finds the text of a term at once, and on disk looks it up for each term of each
row. To copy a store takes longer than most questions, so it is for a process that is asked many.
"""

from __future__ import annotations

import os
import re
import weakref
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ..errors import TooLarge, option
from ..names import GRAPH
from .disk_layout import live_state
from .dumps import dumps_in, read_dump
from .embedded import EmbeddedStore

_OF_ONE: Final = 500
"""Bytes that a statement takes at most while a store of cases is copied; 320 afterwards."""
_RESERVE: Final = 256 << 20
"""Bytes that have to be left at hand, for the answers."""
_SMALL: Final = 32 << 20
"""Bytes on disk up to which a store is small: some 4,000 cases, copied in some half a second."""
_BATCH: Final = 100_000
_CONTROL_GROUP: Final = Path("/sys/fs/cgroup")
_given_back: Final = [0]
"""Bytes of copies that this process let go of: its own to take again, and the system's no more."""


def held_in_memory(store: EmbeddedStore) -> EmbeddedStore:
    """Give a store on disk in memory, to be asked in its place; it has the same statements.

    Args:
        store: as :func:`~coproduction.store.on_disk.open_folder` gives it.

    Raises:
        TooLarge: memory at hand does not hold it.
    """
    size = store.size()
    _refuse_beyond(size, size * _OF_ONE, store.folder)
    copy = EmbeddedStore(_from_dumps(store, size))
    if not len(copy.inner):
        _copy(store.statements(), copy.inner, size, store.folder)
    copy.copied_from, copy.summary, copy.held = store.folder, store.summary, store.held
    weakref.finalize(copy, _give_back, size * _OF_ONE)
    _given_back[0] = max(0, _given_back[0] - size * _OF_ONE)
    return copy


def is_small(folder: str | Path) -> bool:
    """Tell whether a store on disk is so small that to copy it pays for whoever asks it often."""
    state = live_state(Path(folder))
    try:
        files = os.scandir(state.data) if state is not None else ()
        return state is not None and sum(file.stat().st_size for file in files) <= _SMALL
    except FileNotFoundError:  # another process ends a change: the next look sees the new state
        return False


def _from_dumps(store: EmbeddedStore, size: int) -> ox.Store:
    """Give what dumps have of a store, and the rest from the disk; nothing where they differ."""
    inner = ox.Store()
    read: set[object] = set()
    for number, path in dumps_in(store.dumps).items() if store.dumps else ():
        name = f"{GRAPH}load/{number}"
        if store.has_graph(name) and read_dump(inner, number, path):
            read.add(ox.NamedNode(name))
            _refuse_beyond(size, 0, store.folder)
    if read:
        for graph in (ox.DefaultGraph(), *store.inner.named_graphs()):
            if graph not in read:
                _copy(store.statements(None, None, None, graph), inner, size, store.folder)
    return inner if len(inner) == size else ox.Store()


def _copy(statements: Iterator[ox.Quad], to: ox.Store, size: int, folder: Path | None) -> None:
    while batch := list(islice(statements, _BATCH)):
        to.extend(batch)
        _refuse_beyond(size, 0, folder)


def _refuse_beyond(size: int, wanted: int, folder: Path | None) -> None:
    """Refuse to take memory that is not there.

    Raises:
        TooLarge: it is not.
    """
    left = at_hand()
    if left is None or wanted + _RESERVE <= left:
        return
    raise TooLarge(
        f"{folder}: its {size:,} statements take some {size * _OF_ONE >> 20:,} MB in memory, and "
        f"{max(0, left - _RESERVE) >> 20:,} MB are left for them: leave ",
        option("in_memory"),
        " out, and the store is asked on disk",
    )


def _give_back(number: int) -> None:
    _given_back[0] += number


def at_hand() -> int | None:
    """Give the bytes of memory that this process can take; None where the system does not say.

    Within a container it is what the container may take, where that is less.
    """
    found = [each for each in (_of_the_system(), _of_the_container()) if each is not None]
    return min(found) + _given_back[0] if found else None


def _of_the_system() -> int | None:
    try:
        told = Path("/proc/meminfo").read_text(encoding="ascii")
    except OSError:
        told = ""
    available = re.search(r"^MemAvailable:\s+(\d+) kB$", told, re.MULTILINE)
    if available:
        return int(available[1]) << 10
    try:  # a system without /proc tells at most what there is in all
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, ValueError, OSError):
        return None


def _of_the_container() -> int | None:
    try:
        most = (_CONTROL_GROUP / "memory.max").read_text(encoding="ascii")
        used = (_CONTROL_GROUP / "memory.current").read_text(encoding="ascii")
        return int(most) - int(used)
    except (OSError, ValueError):  # there is none, or "max", which is no limit
        return None
