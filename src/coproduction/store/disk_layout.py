"""The folder of a store: which state of it is live, and how one takes another's place.

::

    coproduction-store   the mark: this folder is a store, in which format
    lock                 held by the one process that writes
    state                the pointer: a line that names the live state
    states/7/mark        made before anything else of a state; its readers hold a lock on it
    states/7/loads.json  what the loads in it were made from
    states/7/summary.nt  its cases, counted (not in every state)
    states/7/dumps/      what large loads in it brought, as text (not in every state)
    states/7/answer-*    answers that took long, kept by who reads (not in every state)
    states/7/data/       the database
    files/               the files that were loaded, by their checksums

What a state says is never changed once the pointer names it, and the pointer is set by one rename,
so who reads sees the state before a change or the one after. What was left is swept by the next
writer, unless somebody holds its mark. Nothing is ever deleted that does not carry a mark of ours.

Versions before format 2 had no mark and no pointer; they kept the database in ``current/`` and
renamed it. Such a folder is read where it is, and taken over by the first write.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..errors import DamagedStore, DataError, NoStore, StoreInUse
from ..files.locks import InUse, Lock

FORMAT: Final = 2
MARK: Final = "coproduction-store"
POINTER: Final = "state"
LOADS_FILE: Final = "loads.json"
SUMMARY_FILE: Final = "summary.nt"
ANSWERS: Final = "answer-"
"""How the names of files begin that keep an answer: :mod:`.kept_answers`."""
_POINTER_OF_STATE: Final = "pointer"
_FOLDER: Final = "states"
_TEXT: Final = (
    "This folder is a store of coproduction: change it with its commands alone (load, unload,\n"
    "classify). Files of your own are left alone here, but are better kept elsewhere.\n"
    f"format: {FORMAT}\n"
)
_TEXT_OF_STATE: Final = "A state of a coproduction store.\n"
_NAMED: Final = re.compile(r"states/([1-9]\d*)\n?")
_OF_OLD_VERSIONS: Final = re.compile(r"current|(next|old)-\d+(\.tmp)?")
_OF_THE_ENGINE: Final = re.compile(
    r"CURRENT|IDENTITY|LOCK|LOG(\.old\.\d+)?|(MANIFEST|OPTIONS)-\d+(\.dbtmp)?"
    r"|\d+\.(sst|log|blob|dbtmp)"
)
_OF_THE_SYSTEM: Final = {".DS_Store", "desktop.ini", "Thumbs.db", "lost+found"}
"""What stands in a folder without anybody's doing."""


@dataclass(frozen=True)
class State:
    """A state of a store.

    Attributes:
        number: of a state in ``states/``; 0 of one of an older version.
        data: the folder of the database.
    """

    number: int
    data: Path

    @property
    def folder(self) -> Path:
        """The folder of the state."""
        return self.data.parent

    @property
    def mark(self) -> Path | None:
        """The file that its readers lock; a state of an older version has none."""
        return self.folder / "mark" if self.number else None

    @property
    def loads(self) -> Path | None:
        """The file that says what its loads were made from."""
        return self.folder / LOADS_FILE if self.number else None

    @property
    def dumps(self) -> Path:
        """The folder of its dumps, whether there are any or not."""
        return self.folder / "dumps"

    @property
    def summary(self) -> Path | None:
        """The file that has its cases counted, if there is one."""
        path = self.folder / SUMMARY_FILE
        return path if self.number and path.is_file() else None


def live_state(folder: Path) -> State | None:
    """Give the state that a store is in, or None where there is no store; nothing is changed.

    Raises:
        DamagedStore: the pointer is lost or names no state.
        DataError: the store is of a newer format, or cannot be read.
    """
    _format_of(folder)
    try:
        text = (folder / POINTER).read_bytes().decode("ascii", "replace")
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return _unnamed_state(folder)
    except OSError as error:
        raise DataError(f"{folder}: cannot be read: {error.strerror}") from None
    named = _NAMED.fullmatch(text)
    if not named:
        raise DamagedStore(folder, f"the file '{POINTER}' names no state")
    return _state(folder, int(named[1]))


def _unnamed_state(folder: Path) -> State | None:
    """Give the state of a store without a pointer: one of an older version, or none yet."""
    numbers = state_numbers(folder)
    # The first state is there before the pointer is; but what was live gave its pointer away.
    if max(numbers, default=0) > 1 or any(_was_live(_state(folder, number)) for number in numbers):
        raise DamagedStore(folder, f"the file '{POINTER}' is missing")
    for path in (folder / "current", *sorted(folder.glob("old-*"))):
        if _OF_OLD_VERSIONS.fullmatch(path.name) and _has_engine_files(path):
            return State(0, path)
    return None


def _state(folder: Path, number: int) -> State:
    return State(number, folder / _FOLDER / str(number) / "data")


def state_numbers(folder: Path) -> list[int]:
    """Give the numbers of the states that there are, live or not, in order."""
    try:
        found = [path for path in (folder / _FOLDER).iterdir() if path.name.isdecimal()]
    except OSError:
        return []
    return sorted(int(path.name) for path in found if _is_ours(path))


def state_of(folder: Path, number: int) -> State:
    """Give a state by its number, whether the pointer names it or not."""
    return _state(folder, number)


def _is_ours(path: Path) -> bool:
    """Tell whether a folder in ``states/`` is a state: it has our mark, or nothing in it.

    A process that is killed leaves an empty folder, or a mark without text and nothing else,
    where it had only begun to make or had nearly deleted a state.
    """
    if path.is_symlink() or not path.is_dir():
        return False
    names = _names_in(path)
    if not names:
        return True
    try:
        text = (path / "mark").read_bytes()
    except OSError:
        return False
    return text == _TEXT_OF_STATE.encode() or (text == b"" and names == ["mark"])


# -- the folder ---------------------------------------------------------------------------------


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Make a folder a store, if it is none, and keep other writers out of it meanwhile.

    Raises:
        DataError: another process is writing, the folder is something else, or cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:  # ValueError where the name holds a zero byte
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"{folder}: cannot be made: {reason}") from None
    try:
        refuse_other_folders(folder)
        with Lock(folder / "lock", create=True):
            refuse_other_folders(folder)
            _set_mark(folder)
            yield
    except InUse:
        raise StoreInUse(
            f"{folder}: another process is changing this store; try again when it has ended"
        ) from None
    except OSError as error:
        raise DataError(f"{folder}: cannot be written: {error.strerror or error}") from None


def refuse_other_folders(folder: Path) -> None:
    """Refuse what is neither empty nor a store.

    Raises:
        DataError: it is something else, or a store of a newer format.
    """
    if _format_of(folder) is not None:
        return
    if not all(_is_of_old_version(path) for path in folder.iterdir()):
        raise DataError(
            f"{folder} is not empty and is no store; nothing was touched; "
            "name a new or an empty folder"
        )


def no_store(folder: Path) -> NoStore:
    """Give what is told where a folder has no store, with advice that works there."""
    if _format_of(folder) is not None:
        return NoStore(folder)
    beside = folder.with_name(f"{folder.name}-store")
    try:
        within = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        return NoStore(folder, f"the folder cannot be read ({error.strerror})", beside)
    there = next(filter(_has_mark, within), None)
    if there is not None:
        return NoStore(folder, place=there, is_there=True)
    if folder.is_file():
        return NoStore(folder, "this is a file", beside)
    if not all(_is_of_old_version(path) for path in within):
        names = ("store", *(f"store-{number}" for number in range(2, 1000)))
        place = next(folder / name for name in names if not (folder / name).exists())
        return NoStore(folder, "the folder holds other files", place)
    return NoStore(folder)


def _has_mark(folder: Path) -> bool:
    """Tell whether a folder has the mark of a store; one that may not be looked into has none."""
    try:
        return (folder / MARK).is_file()
    except OSError:
        return False


def _format_of(folder: Path) -> int | None:
    """Give the format that the mark says, or None where there is no mark.

    Raises:
        DataError: the format is newer than this version, or the mark says none.
    """
    path = folder / MARK
    try:
        text = "" if path.is_symlink() else path.read_bytes().decode("utf-8", "replace")
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: no name has a 0
        return None
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from None
    if not text:  # it was made, and the process killed before it could write
        return None
    found = re.search(r"^format: (\d+)$", text, re.MULTILINE)
    if not found:
        raise DamagedStore(folder, f"the file '{MARK}' says no format")
    if int(found[1]) > FORMAT:
        raise DataError(
            f"{folder}: the store is of format {found[1]}, and this version knows formats up to "
            f"{FORMAT}; use the version of coproduction that wrote it, or a newer one"
        )
    return int(found[1])


def _is_of_old_version(path: Path) -> bool:
    """Tell whether a thing in a folder without mark is what an older version left there."""
    if path.name in ("lock", MARK):
        return path.is_file() and not path.is_symlink() and path.stat().st_size == 0
    if _OF_OLD_VERSIONS.fullmatch(path.name):
        return _is_engine_folder(path) or _is_empty_folder(path)
    return path.name in _OF_THE_SYSTEM


def _has_engine_files(path: Path) -> bool:
    """Tell whether a folder holds files of the database."""
    try:
        return any(_OF_THE_ENGINE.fullmatch(name) for name in _names_in(path))
    except OSError:
        return False


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and not _names_in(path)


def _is_engine_folder(path: Path) -> bool:
    """Tell whether a folder holds files of the database, and nothing else."""
    return (
        not path.is_symlink()
        and _has_engine_files(path)
        and all(_OF_THE_ENGINE.fullmatch(name) for name in _names_in(path))
    )


def _set_mark(folder: Path) -> None:
    """Write the mark, with what an older version left, which alone is swept later."""
    if _format_of(folder) is not None:
        return
    found = [path for path in folder.iterdir() if _OF_OLD_VERSIONS.fullmatch(path.name)]
    old = [path for path in found if _is_engine_folder(path)]
    taken_over = [f"taken over: {path.name} {_tables_of(path)}\n" for path in sorted(old)]
    (folder / MARK).unlink(missing_ok=True)
    write_new(folder / MARK, _TEXT + "".join(taken_over))
    sync_folder(folder)


def _names_in(path: Path) -> list[str]:
    return [each.name for each in path.iterdir()]


def _tables_of(path: Path) -> str:
    """Give a checksum of the names of the tables in a database: each change adds one."""
    names = sorted(name for name in _names_in(path) if name.endswith(".sst"))
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def taken_over(folder: Path) -> dict[str, bool]:
    """Give what is left of an older version, each with whether it is as it was taken over.

    A process of the older version may have written since; what it wrote is never swept.
    """
    try:
        text = (folder / MARK).read_text(encoding="utf-8")
    except OSError:
        return {}
    found = re.findall(r"^taken over: (\S+) (\w+)$", text, re.MULTILINE)
    return {
        name: _is_engine_folder(folder / name) and _tables_of(folder / name) == tables
        for name, tables in found
        if _OF_OLD_VERSIONS.fullmatch(name) and (folder / name).is_dir()
    }


# -- the states ---------------------------------------------------------------------------------


_abandoned: Final[dict[Path, int]] = {}
"""The highest number of a state that a change of this process made and gave up, by the store.

The database holds the lock of such a state as long as anything refers to it, and in a notebook the
error that ended the change does: its number is not taken again. (Without a live state it is: the
first state of a store is 1.)
"""


def abandon(folder: Path, state: State) -> None:
    """Delete a state that did not become live."""
    if (folder / POINTER).exists():
        _abandoned[folder.absolute()] = state.number
    delete(state)


def new_state(folder: Path) -> State:
    """Make the folder of a new state, with its mark."""
    made = not (folder / _FOLDER).is_dir()
    (folder / _FOLDER).mkdir(exist_ok=True)
    if made:
        sync_folder(folder)
    taken = [int(path.name) for path in (folder / _FOLDER).iterdir() if path.name.isdecimal()]
    state = _state(folder, max(*taken, _abandoned.get(folder.absolute(), 0), 0) + 1)
    state.folder.mkdir()
    assert state.mark is not None
    write_new(state.mark, _TEXT_OF_STATE)
    return state


def prepare_pointer(state: State) -> None:
    """Write the pointer to a state in its own folder, before the list of its loads."""
    write_new(state.folder / _POINTER_OF_STATE, f"{_FOLDER}/{state.number}\n")


def _was_live(state: State) -> bool:
    """Tell whether the pointer once named a state: it has its list, and gave its pointer away."""
    return (state.folder / LOADS_FILE).exists() and not (state.folder / _POINTER_OF_STATE).exists()


def set_live(folder: Path, state: State) -> None:
    """Let the pointer name a state, which has to be whole on the disk by then."""
    pointer = state.folder / _POINTER_OF_STATE
    for path in (state.data, state.dumps, state.folder, state.folder.parent):
        if path.is_dir():
            sync_folder(path)
    pointer.replace(folder / POINTER)
    sync_folder(folder)


def sweep(folder: Path, live: State | None, new: State) -> None:
    """Delete the states but two, unless somebody reads them, and what killed writers left."""
    for number in state_numbers(folder):
        if number not in (new.number, live.number if live else 0):
            delete(_state(folder, number))
    if live is not None and live.number:
        for name, is_unchanged in taken_over(folder).items():
            if is_unchanged:
                shutil.rmtree(folder / name, ignore_errors=True)


def delete(state: State) -> None:
    """Delete a state, unless somebody reads it.

    Its mark goes last, so that what a killed process leaves of it is known for ours.
    """
    assert state.mark is not None
    if state.mark.exists():
        try:
            lock = Lock(state.mark)
        except (InUse, OSError):
            return
        with lock:
            begun = state.data.with_name("data.tmp")  # what a backup begins with
            for made in (state.data, begun, state.dumps):
                shutil.rmtree(made, ignore_errors=True)
            answers = (path.name for path in state.folder.glob(f"{ANSWERS}*"))
            for name in (LOADS_FILE, SUMMARY_FILE, _POINTER_OF_STATE, "copy", *answers):
                with contextlib.suppress(OSError):
                    (state.folder / name).unlink()
        if state.data.exists():
            return
        state.mark.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        state.folder.rmdir()


# -- the disk -----------------------------------------------------------------------------------


def write_new(path: Path, text: str) -> None:
    """Write a file that must not be there yet, to the disk; no link in its place is followed."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags, 0o666), "wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Have what was made, renamed and deleted in a folder written to the disk."""
    if os.name == "nt":  # cannot be done there, and need not: its file systems keep a journal
        return
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
