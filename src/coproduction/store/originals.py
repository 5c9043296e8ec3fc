"""What a store keeps of each load and update beside the database: what it was made from, and how.

The files stand in ``files/`` of the store, named by their SHA-256; ``loads.json`` of a state says
which loads are in it, and which updates came. Both can be read where the database cannot, so a
store can be built again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from ..errors import DamagedStore, DataError
from .disk_layout import LOADS_FILE, State, state_numbers, state_of, sync_folder, write_new

_FILES: Final = "files"
_READING: Final = frozenset(
    ("base", "defaults", "sheet", "encoding", "largest", "strict", "replace", "lang")
)
_KEPT_NAME: Final = re.compile(r"[0-9a-f]{64}(\.[a-z0-9]{1,10})?")
_FORMAT: Final = 1


@dataclass(frozen=True)
class Original:
    """A file that a load was made from.

    Attributes:
        name: as the user called it, without folders.
        checksum: its SHA-256.
        kept: its name in ``files/``.
    """

    name: str
    checksum: str
    kept: str


@dataclass(frozen=True)
class KeptLoad:
    """How a load was made, and what came of it.

    Attributes:
        number: of the load.
        file: name of the file that was loaded.
        checksum: as the record of loads in the database has it.
        time: when, as xsd:dateTime.
        version: of coproduction.
        read, loaded, set_aside: numbers of rows.
        statements: how many stand in the graph of the load, or None where not counted.
        files: the file and those that its mapping joined with it; none where the load is of a
            version that kept no files.
        mapping: name of the mapping, or None.
        mapping_file: the mapping, where it is the user's own.
        reading: base, defaults, sheet, encoding, largest, strict and replace, as they were given.
    """

    number: int
    file: str
    checksum: str
    time: str
    version: str
    read: int
    loaded: int
    set_aside: int
    statements: int | None = None
    files: tuple[Original, ...] = ()
    mapping: str | None = None
    mapping_file: Original | None = None
    reading: dict[str, Any] = field(default_factory=dict)

    @property
    def unchanged(self) -> int:
        """Number of rows that the store had already."""
        return self.read - self.loaded - self.set_aside

    def originals(self) -> tuple[Original, ...]:
        """Give all files that the load needs to be made again."""
        return (*self.files, *((self.mapping_file,) if self.mapping_file else ()))


@dataclass(frozen=True)
class KeptUpdate:
    """How graphs of a store were changed that come from no load.

    Attributes:
        kind: ``update`` by SPARQL, or ``put``, ``post`` or ``delete`` of one graph.
        after: the number of the last load before it, 0 where there was none.
        time: when, as xsd:dateTime.
        version: of coproduction.
        file: the text of the update, or the statements that came; None of what is deleted.
        graph: IRI of the graph that is put, added to or deleted; None for that without a name.
        using, named: IRIs of the graphs that the WHEREs of an update ask.
        base: IRI on which relative ones in an update stand.
    """

    kind: str
    after: int
    time: str
    version: str
    file: Original | None = None
    graph: str | None = None
    using: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    base: str | None = None

    def originals(self) -> tuple[Original, ...]:
        """Give the files that are needed to do it again."""
        return (self.file,) if self.file else ()


KINDS: Final = ("update", "put", "post", "delete")


@dataclass
class Loads:
    """The loads of a state, and the updates.

    Attributes:
        loads: in order of their numbers.
        updates: in the order in which they came.
        reasoner: what wrote the inferred graph, or None where there is none.
        last: the highest number that a load of the store ever had, be it taken out since; a
            number is never given twice, for it stands in the IRIs of what is known of a load.
    """

    loads: list[KeptLoad] = field(default_factory=list)
    reasoner: str | None = None
    last: int = 0
    updates: list[KeptUpdate] = field(default_factory=list)

    def find(self, number: int) -> KeptLoad | None:
        """Give a load by its number."""
        return next((load for load in self.loads if load.number == number), None)

    def number(self, number: int | None = None) -> int:
        """Give the number of the next load, or take one that it had in another store."""
        given = self.last + 1 if number is None else number
        self.last = max(self.last, given)
        return given


def read_loads(folder: Path, state: State) -> Loads:
    """Give the loads of a state of a store.

    Raises:
        DamagedStore: the file that lists them is missing or was changed.
    """
    if state.loads is None:
        return Loads()
    try:
        content = json.loads(state.loads.read_bytes())
        if content["format"] != _FORMAT:
            raise ValueError(content["format"])
        loads = [_load(entry) for entry in content["loads"]]
        reasoner = content["reasoner"]
        if not (reasoner is None or isinstance(reasoner, str)):
            raise ValueError(reasoner)
        last = content.get("last", 0)  # not written by the first versions that kept a list
        if not isinstance(last, int):
            raise TypeError(last)
        updates = [_update(entry) for entry in content.get("updates", ())]
    except FileNotFoundError:
        raise DamagedStore(folder, f"{LOADS_FILE} is missing") from None
    except OSError as error:
        raise DataError(f"{state.loads}: cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise DamagedStore(folder, f"{LOADS_FILE} was cut or changed") from None
    return Loads(loads, reasoner, max(last, *(load.number for load in loads), 0), updates)


def _load(entry: dict[str, Any]) -> KeptLoad:
    files = tuple(_original(each) for each in entry["files"])
    mapping = entry["mapping_file"] and _original(entry["mapping_file"])
    load = KeptLoad(**entry | {"files": files, "mapping_file": mapping})
    for value in (load.number, load.read, load.loaded, load.set_aside, load.statements or 0):
        if not isinstance(value, int):
            raise TypeError(value)
    if not isinstance(load.reading, dict):
        raise TypeError(load.reading)
    # A list that came from elsewhere must not lead out of the store.
    if Path(load.file).name != load.file or set(load.reading) - _READING:
        raise ValueError(load)
    if load.mapping is not None and Path(load.mapping).name != load.mapping:
        raise ValueError(load.mapping)
    return load


def _update(entry: dict[str, Any]) -> KeptUpdate:
    file = entry["file"] and _original(entry["file"])
    using, named = tuple(entry["using"]), tuple(entry["named"])
    update = KeptUpdate(**entry | {"file": file, "using": using, "named": named})
    if update.kind not in KINDS or not isinstance(update.after, int):
        raise ValueError(update)
    if (update.file is None) != (update.kind == "delete"):
        raise ValueError(update)
    for text in (update.time, update.version, update.graph or "", update.base or ""):
        if not isinstance(text, str):
            raise TypeError(text)
    if not all(isinstance(iri, str) for iri in (*using, *named)):
        raise TypeError(entry)
    return update


def _original(entry: dict[str, str]) -> Original:
    original = Original(**entry)
    if not _KEPT_NAME.fullmatch(original.kept) or Path(original.name).name != original.name:
        raise ValueError(original)
    return original


def write_loads(state: State, loads: Loads) -> None:
    """Write down the loads of a new state."""
    assert state.loads is not None
    content = {
        "format": _FORMAT,
        "reasoner": loads.reasoner,
        "last": loads.last,
        "loads": [asdict(load) for load in sorted(loads.loads, key=lambda load: load.number)],
        **({"updates": [asdict(update) for update in loads.updates]} if loads.updates else {}),
    }
    # In ASCII, for a file's name need not be UTF-8, and is kept as it is.
    write_new(state.loads, json.dumps(content, indent=1) + "\n")


# -- the files ----------------------------------------------------------------------------------


def checksum(*paths: Path) -> str:
    """Give the SHA-256 of a file, or of several one after the other.

    Raises:
        DataError: the file cannot be read.
    """
    digest = hashlib.sha256()
    for path in paths:
        try:
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
        except OSError as error:
            raise DataError(f"{path}: cannot be read: {error.strerror}") from None
    return digest.hexdigest()


def keep(folder: Path, state: State, paths: Sequence[Path]) -> tuple[Original, ...]:
    """Copy files into a store.

    Args:
        folder: the store.
        state: the one that is being made; a copy is written there and renamed when it is whole.
        paths: the files.

    Raises:
        DataError: a file cannot be read.
    """
    place = folder / _FILES
    kept = []
    for path in paths:
        part = state.folder / "copy"
        part.unlink(missing_ok=True)
        checksum = _copy(path, part)
        ending = path.suffix.lower()
        name = checksum + (ending if re.fullmatch(r"\.[a-z0-9]{1,10}", ending) else "")
        place.mkdir(exist_ok=True)
        part.replace(place / name)
        kept.append(Original(path.name, checksum, name))
    if kept:
        sync_folder(place)
        sync_folder(folder)
    return tuple(kept)


def _copy(path: Path, target: Path) -> str:
    digest = hashlib.sha256()
    try:
        source = path.open("rb")
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from None
    with source, target.open("xb") as copy:
        while block := source.read(1 << 20):
            digest.update(block)
            copy.write(block)
    return digest.hexdigest()


def kept_file(folder: Path, original: Original) -> Path:
    """Give the copy of a file in a store."""
    return folder / _FILES / original.kept


def kept_files(folder: Path) -> list[Path]:
    """Give the copies of files that a store has, whether a load needs them or not."""
    place = folder / _FILES
    if not place.is_dir():
        return []
    return sorted(path for path in place.iterdir() if _KEPT_NAME.fullmatch(path.name))


def wrong_files(folder: Path, load: KeptLoad | KeptUpdate) -> list[str]:
    """Tell which kept files of a load or an update are wrong, each in a few words."""
    told = []
    for original in load.originals():
        path = kept_file(folder, original)
        try:
            with path.open("rb") as file:
                is_whole = hashlib.file_digest(file, "sha256").hexdigest() == original.checksum
        except OSError as error:
            told.append(f"its kept file {original.name}: {error.strerror}")
            continue
        if not is_whole:
            told.append(f"its kept file {original.name} was cut or changed")
    return told


def sweep_files(folder: Path) -> None:
    """Delete the kept files that no load of any state there still needs."""
    try:
        found = kept_files(folder)
        needed = set(_needed(folder))
    except (OSError, DataError):  # what a damaged list needs is not known: nothing is deleted
        return
    for path in found:
        if path.name not in needed and path.is_file() and not path.is_symlink():
            path.unlink(missing_ok=True)


def _needed(folder: Path) -> Iterable[str]:
    for number in state_numbers(folder):
        state = state_of(folder, number)
        if state.loads is not None and state.loads.exists():
            kept = read_loads(folder, state)
            entries: list[KeptLoad | KeptUpdate] = [*kept.loads, *kept.updates]
            for each in entries:
                yield from (original.kept for original in each.originals())
