"""A user's store: a folder on disk that is changed all or nothing.

A change is made to a copy of the live state (hard links, so a copy costs next to nothing), which
is made live when all of it is written: who reads sees the state before or the state after, and a
process that is killed leaves a copy that the next one sweeps away. The packaged graphs stand in
the store beside the user's, so one union answers; they are those of the version that wrote last.
"""

from __future__ import annotations

import contextlib
import gc
import re
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ..errors import DamagedStore, DataError, TooLarge, damage_in
from ..files.locks import InUse, Lock
from ..names import GRAPH
from ..stopping import let_go
from .bookkeeping import activity_of, loads
from .disk_layout import (
    SUMMARY_FILE,
    State,
    abandon,
    live_state,
    new_state,
    no_store,
    prepare_pointer,
    set_live,
    sweep,
    write_new,
    writing,
)
from .dumps import link_dumps, write_dump
from .embedded import EmbeddedStore
from .old_bookkeeping import record_of, renew
from .originals import (
    KeptLoad,
    Loads,
    Original,
    checksum,
    keep,
    kept_file,
    read_loads,
    sweep_files,
    write_loads,
)
from .protocol import Store

_OF_LOAD: Final = re.compile(re.escape(GRAPH) + r"load/(\d+)")
_MOST_COPIED: Final = 1_000_000
_TRIES: Final = 4
_PAUSE: Final = 0.02


def is_store(folder: str | Path) -> bool:
    """Tell whether a folder is a store that can be read."""
    return live_state(Path(folder)) is not None


def open_folder(folder: str | Path) -> EmbeddedStore:
    """Open a store to read; other processes may read and write meanwhile, and nothing is changed.

    Raises:
        DataError: there is no store, or it cannot be read.
        DamagedStore: it is not as it was written.
    """
    folder = Path(folder)
    tried: State | None = None
    left = _TRIES
    while True:
        live = live_state(folder)
        if live is None:
            raise no_store(Path(folder))
        left = left - 1 if live == tried else _TRIES
        tried = live
        try:
            return _opened(folder, live)
        except (InUse, OSError, RuntimeError, ValueError) as error:
            # A writer may have made another state live and swept this one: look again. Where the
            # pointer stays as it is, the state is what is wrong. (An older version, which has no
            # pointer, renames the state; there a moment passes until the next is in its place.)
            if left == 0:
                raise _unreadable(folder, error) from None
            time.sleep(_PAUSE if left < _TRIES else 0)


def _opened(folder: Path, state: State) -> EmbeddedStore:
    """Open a state, and hold its mark as long as the store is used.

    RocksDB opens 16 of a state's tables at once, and each other one when a query first comes to
    it. So a reader whose state is swept beneath it opens well and fails later, in a query
    ("No such file", tried with 30 tables); what is held is not swept.
    """
    lock = None
    if state.mark is not None:
        with contextlib.suppress(OSError):  # no locks here: the state just left is kept anyway
            lock = Lock(state.mark, shared=True)
    store = EmbeddedStore(ox.Store.read_only(str(state.data)), folder)
    store.held, store.summary = lock, state.summary
    store.dumps = state.dumps if state.number else None
    store.state_folder = state.folder if lock is not None else None
    return store


def _unreadable(folder: Path, error: Exception) -> DataError:
    if isinstance(error, PermissionError) or "Permission denied" in str(error):
        return DataError(f"{folder}: the store cannot be read: permission denied")
    if isinstance(error, FileNotFoundError):
        return damage_in(error) or DamagedStore(folder, "its live state is missing")
    return damage_in(error) or DamagedStore(folder, str(error).partition("\n")[0][:200])


def copy_in_memory(store: Store) -> EmbeddedStore:
    """Give a store's statements in memory, to be added to for one run.

    Raises:
        TooLarge: there are more than a million.
    """
    size = store.size()
    if size > _MOST_COPIED:
        raise TooLarge(
            f"the store has {size:,} statements, too many to be copied for one run "
            f"(at most {_MOST_COPIED:,}): load your data into the store instead"
        )
    copy = EmbeddedStore()
    copy.add(store.statements())
    return copy


def copy_if_small(store: Store) -> Store:
    """Give a store's statements in memory where there are few enough, else the store itself."""
    if store.size() > _MOST_COPIED:
        return store
    return copy_in_memory(store)


class Change:
    """A store under change. Nobody else may keep `store`: it has to be closed before the swap.

    Attributes:
        store: the copy to be changed.
        kept: what is kept of its loads beside the database.
        summary_before: the file that has the cases of the live state counted, where it has one.
        counted: text of the one that the new state gets, where who changes it has made it.
        renamed: IRIs of the graphs in which a term has another name since the live state.
    """

    def __init__(
        self,
        folder: Path,
        state: State,
        store: EmbeddedStore,
        kept: Loads,
        live: State | None = None,
    ) -> None:
        self.store, self.kept = store, kept
        self.summary_before, self.counted = live.summary if live else None, ""
        self.discarded = False
        self.renamed: set[str] = set()
        self._folder, self._state, self._live = folder, state, live

    def discard(self) -> None:
        """Leave the store as it was, whatever was changed in the copy."""
        self.discarded = True

    def write_summary(self, text: str) -> None:
        """Write the file that has the cases counted; a change that writes none leaves none."""
        write_new(self._state.folder / SUMMARY_FILE, text)

    def keep_dumps(self, but: Collection[int] = ()) -> None:
        """Keep the dumps of loads whose graphs are not changed; without this none is kept.

        Args:
            but: numbers of those loads that are.
        """
        if self._live is not None and self._live.number:
            of_renamed = {int(found[1]) for found in map(_OF_LOAD.fullmatch, self.renamed) if found}
            link_dumps(self._live.dumps, self._state.dumps, {*but, *of_renamed})

    def write_dump(self, number: int, lines: Path) -> None:
        """Write what a load brought, N-Triples without a blank node, as its dump."""
        write_dump(self._state.dumps, number, lines)

    def keep(self, paths: Sequence[Path]) -> tuple[Original, ...]:
        """Copy files into the store that a load is made from."""
        return keep(self._folder, self._state, paths)

    def checksum(self, originals: Sequence[Original]) -> str:
        """Give the SHA-256 of files that were kept, one after the other."""
        if len(originals) == 1:
            return originals[0].checksum
        return checksum(*(kept_file(self._folder, original) for original in originals))


@contextlib.contextmanager
def changing_with(folder: str | Path, prepare: Callable[[EmbeddedStore], None]) -> Iterator[Change]:
    """Give a copy of a store to change; it takes the store's place if the block ends well.

    Args:
        folder: the store; it is made where there is none.
        prepare: what is done to the copy first.

    Raises:
        DataError: another process is changing the store, the folder is no store, or the disk
            refuses.
        DamagedStore: the store is not as it was written. Nothing is changed then.
    """
    folder = Path(folder)
    change = None
    with writing(folder):
        live = live_state(folder)
        state = new_state(folder)
        try:
            kept = Loads()
            if live is not None:
                if live.mark is not None and not live.mark.is_file():
                    raise DamagedStore(folder, "the mark of its live state is missing")
                _back_up(folder, live, state)
                kept = read_loads(folder, live)
            # Not before the live state was seen to be whole: one that was left may be all there is.
            sweep(folder, live, state)
            sweep_files(folder)
            gc.collect()
            change = Change(folder, state, EmbeddedStore(ox.Store(str(state.data))), kept, live)
            renew(change.store)
            if live is not None and live.number == 0:
                kept.loads = recorded_loads(change.store)
            kept.last = max(kept.last, _highest_number(change.store))
            prepare(change.store)
            yield change
            if change.discarded:
                return
            kept.reasoner = reasoner_of(change.store)
            prepare_pointer(state)
            write_loads(state, kept)
            change.store.inner.flush()
            change.store.let_go()
            gc.collect()
            set_live(folder, state)
        except (OSError, RuntimeError) as error:
            damage = damage_in(error)
            if damage:
                raise damage from None
            if isinstance(error, OSError):
                raise DataError(
                    f"{folder}: cannot be written: {error}; nothing was changed"
                ) from None
            raise
        finally:
            if change is not None:
                change.store.let_go()
            let_go(sys.exc_info()[1])
            gc.collect()
            if live_state(folder) != state:
                abandon(folder, state)


def _back_up(folder: Path, live: State, state: State) -> None:
    """Copy the live state; it is opened to read, so that nothing in it is changed."""
    try:
        store = ox.Store.read_only(str(live.data))
    except (OSError, RuntimeError, ValueError) as error:
        raise _unreadable(folder, error) from None
    store.backup(str(state.data))


def recorded_loads(store: Store) -> list[KeptLoad]:
    """Give the loads that the database of a store knows of, without the files they were made of."""
    return [
        KeptLoad(
            number=activity.number or 0,
            file=activity.file,
            checksum=activity.checksum,
            time=activity.time,
            version=activity.version,
            read=activity.rows[0],
            loaded=activity.rows[1],
            set_aside=activity.rows[2],
        )
        for activity in loads(record_of(store))
    ]


def _highest_number(store: EmbeddedStore) -> int:
    """Give the highest number of a load, of which there is a record or statements."""
    numbers = [activity.number or 0 for activity in loads(record_of(store))]
    names = (graph.value for graph in store.inner.named_graphs())
    numbers += [int(found[1]) for name in names if (found := _OF_LOAD.fullmatch(name))]
    return max(numbers, default=0)


def counted_as_there(folder: str | Path) -> list[KeptLoad]:
    """Give the loads of a store some of whose rows were there already, so that others hold them."""
    folder = Path(folder)
    live = live_state(folder)
    if live is None or not live.number:
        return []
    return [load for load in read_loads(folder, live).loads if load.unchanged]


def reasoner_of(store: Store) -> str | None:
    """Tell what wrote the inferred graph, if there is one."""
    activity = activity_of(record_of(store), ox.NamedNode(GRAPH + "inferred"))
    return activity.loader if activity else None
