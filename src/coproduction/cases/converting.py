"""A register of any size made into parts of N-Triples, over all cores, for an engine's own loader.

The parent reads rows and deals them out, some thousands at a time; each worker makes them into
statements and writes parts of its own. What has to be known of the whole sheet (which ids came
before, which organisations were named, how many cells rows usually have) the parent knows.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from ..errors import DataError
from ..files.output import write_error
from ..files.scratch import scratch
from ..knowledge.packaged import packaged_quads
from ..store.bookkeeping import LOADS, Activity, now, quads_of
from ..store.originals import checksum
from .columns import Problem
from .conversion_worker import TRIPLES, Converted, Form, Order, Part, PartFile, Rows
from .from_table import TableCases
from .loading import is_taken, read_cases
from .loads import Outcome, graph_of_load, load_activity
from .mappings import Mapping
from .reading import PLAIN, Reading
from .seen import Seen
from .shifts import Usual
from .worker_processes import Crew

MANIFEST: Final = "manifest.json"
"""The file that says what a folder of parts holds; it is written last."""
MOST_PARTS: Final = 400
"""Parts at most: each is two open files."""
_AHEAD: Final = 3
"""Batches that wait for each worker: memory does not grow with the rows."""


@dataclass(frozen=True)
class Conversion:
    """What became of a file that was converted.

    Attributes:
        outcome: how many rows were read, converted and set aside, and what was wrong.
        folder: where the parts are; None where nothing was written.
        graph: IRI of the graph of the load.
        parts: the files, in the order in which they are to be loaded.
    """

    outcome: Outcome
    folder: Path | None
    graph: str
    parts: tuple[Part, ...] = ()

    @property
    def statements(self) -> int:
        """Statements of the cases."""
        return sum(part.statements for part in self.parts if part.graph == self.graph)


def convert(
    path: str | Path,
    folder: str | Path,
    reading: Reading = PLAIN,
    *,
    parts: int | None = None,
    workers: int | None = None,
    form: Form = TRIPLES,
    load: int = 1,
    strict: bool = False,
    lang: str | None = None,
) -> Conversion:
    """Convert the cases of a table to parts of N-Triples, the same statements as loading gives.

    Args:
        path: a table in the form of the case sheet or of a mapping.
        folder: where the parts go; it is made, or is empty.
        reading, lang: see :func:`~.loading.read_cases`.
        parts: how many files the cases are parted into; by default one a worker.
        workers: processes that convert; by default one for each core. A part is written by one
            of them, so that more than there are parts are of no use.
        form: of the files.
        load: number of the load, which names its graph: one that the server has not yet.
        strict: write nothing unless no row has an error.

    Raises:
        DataError: the file cannot be used, it is RDF, a number is out of bounds, or the folder is
            not empty or cannot be written; nothing is written then.
    """
    path, folder = Path(path), Path(folder)
    _check_free(folder)
    mapping = reading.mapping
    files = [path, *(mapping.beside(path) if isinstance(mapping, Mapping) else ())]
    digest = checksum(*files)
    source = read_cases(path, reading, lang=lang)
    if not isinstance(source, TableCases):
        raise DataError(f"{path}: tables are converted; this is RDF, which loaders take as it is")
    workers = workers or _cores()
    parts = parts or min(workers, MOST_PARTS)
    if workers < 1 or not 1 <= parts <= MOST_PARTS or load < 1:
        raise DataError(
            f"a load is numbered from 1, and has 1 to {MOST_PARTS} parts by 1 worker on"
        )
    graph = graph_of_load(load).value
    with scratch(_parent_of(folder)) as own:
        inner = own / "parts"
        inner.mkdir()
        order = Order(path, _plain(reading), source.lang, headings_of(source), inner, graph, form)
        outcome, found = _dealt(source, order, own, parts, workers, strict)
        if not found:
            return Conversion(outcome, None, graph)
        if checksum(*files) != digest:
            raise DataError(f"{path}: it was changed while it was read; nothing was written")
        activity = load_activity(load, path, digest, source.loader, outcome, now())
        found = [_packaged(inner), *found, _record(inner, activity, form)]
        _write_manifest(inner, activity, found)
        _put_in_place(inner, folder)
    return Conversion(outcome, folder, graph, tuple(found))


def _plain(reading: Reading) -> Reading:
    """Give a reading that goes to another process, which tells nobody how far it is."""
    return replace(reading, progress=PLAIN.progress)


def _dealt(
    source: TableCases, order: Order, own: Path, parts: int, workers: int, strict: bool
) -> tuple[Outcome, list[Part]]:
    """Have all rows converted; give what became of them, and the files, none if none is kept."""
    shared = PartFile(order.folder / "part-0000", order.graph, order.form)
    with (
        contextlib.closing(_Dealer(source, own, shared)) as dealer,
        Crew(min(workers, parts), order) as crew,
    ):
        outcome = dealer.run(crew, parts, str(order.path))
        return outcome, dealer.closed(crew) if is_taken(outcome, strict) else []


def headings_of(source: TableCases) -> dict[str, Any]:
    """Give what a table is apart from its rows, in values that go to another process."""
    told = source.table._asdict()
    return {name: value for name, value in told.items() if name not in ("rows", "share")}


class _Dealer:
    """Deals the rows of a table out, and gathers what became of them, in order.

    Args:
        source: the table.
        own: a folder of this run.
        shared: the part for what several rows say.
    """

    def __init__(self, source: TableCases, own: Path, shared: PartFile) -> None:
        self._source, self._shared = source, shared
        self._graph = shared.graph
        self._ids, self._said = Seen(own / "ids"), Seen(own / "said")
        self._problems: list[Problem] = source.reader.problems
        self._ruled: list[Problem] = []
        self._usual = Usual()
        self._loaded = self._number = 0

    def run(self, crew: Crew, parts: int, file: str) -> Outcome:
        """Deal all rows out; give what became of them."""
        waiting: deque[Any] = deque()
        for number, rows in enumerate(self._source.batches()):
            worker = crew.workers[number % parts % len(crew.workers)]
            worker.send(Rows(number % parts + 1, rows, self._first(rows)))
            waiting.append(worker)
            if len(waiting) >= _AHEAD * len(crew.workers):
                self._gather(waiting.popleft().answer())
            self._source.tell_how_far()
        while waiting:
            self._gather(waiting.popleft().answer())
        self._tell(self._ruled)
        return Outcome(
            file,
            read=self._source.read,
            loaded=self._loaded,
            set_aside=self._source.set_aside,
            problems=self._source.problems,
            note=self._source.note,
            lang=self._source.lang,
        )

    def close(self) -> None:
        """Let the files go that are read and written here."""
        for file in (self._ids, self._said, self._shared):
            file.close()

    def closed(self, crew: Crew) -> list[Part]:
        """Have all parts closed and read again; give what is in them, those of a graph together."""
        for worker in crew.workers:
            worker.send(None)
        found = [self._shared.closed()]
        for worker in crew.workers:
            found += worker.answer()
        return sorted(found, key=lambda part: (part.graph != self._graph, part.file))

    def _first(self, rows: list[Any]) -> dict[int, int]:
        """Give the rows whose id came before, with the row that it came in first."""
        reader = self._source.reader
        named = (
            (reader.iri_of(identifier), row.number)
            for row in rows
            if not row.fault
            and (identifier := reader.id_in(row.cells))
            and not reader.has_example(row)
        )
        return self._ids.repeated(named)

    def _gather(self, found: Converted) -> None:
        """Take what became of some rows, in the order in which loading tells it."""
        self._loaded += found.loaded
        self._source.reader.examples += found.examples
        end = 0
        for start, behind, odd in found.odd:
            self._tell(found.problems[end:start])
            self._tell(self._usual.told(odd, found.problems[start:behind]))
            end = behind
        self._tell(found.problems[end:])
        self._tell(self._ruled)  # of the rows before, which loading holds against rules meanwhile
        self._ruled = found.ruled
        numbers = range(self._number, self._number + len(found.shared))
        self._number = numbers.stop
        there = self._said.repeated(zip(found.shared, numbers, strict=True))
        texts = zip(found.shared.values(), numbers, strict=True)
        self._shared.add("".join(text for text, number in texts if number not in there))

    def _tell(self, problems: list[Problem]) -> None:
        for problem in problems:
            self._problems.append(problem._replace(problem=len(self._problems) + 1))


# -- the folder -------------------------------------------------------------------------------


def _cores() -> int:
    """Give the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _check_free(folder: Path) -> None:
    """Refuse a folder that is not empty.

    Raises:
        DataError: it is not, it is a file, or it cannot be looked at.
    """
    try:
        if folder.is_dir() and any(folder.iterdir()):
            raise DataError(f"{folder}: is not empty; name a new folder for the parts")
        if not folder.is_dir() and (folder.exists() or folder.is_symlink()):
            raise DataError(f"{folder}: is no folder; name a new one for the parts")
    except OSError as error:
        raise write_error(folder, error) from None


def _parent_of(folder: Path) -> Path:
    parent = Path(os.path.realpath(folder)).parent
    if not parent.is_dir():
        raise DataError(f"{folder}: cannot be written: there is no folder {parent}")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise DataError(f"{folder}: cannot be written: {parent} may not be written to")
    return parent


def _packaged(inner: Path) -> Part:
    """Write what a server has to hold before any case."""
    file = PartFile(inner / "packaged", "", Form(quads=True))
    file.add("".join(f"{quad} .\n" for quad in packaged_quads()))
    return file.closed()


def _record(inner: Path, activity: Activity, form: Form) -> Part:
    """Write the record of the load."""
    file = PartFile(inner / "record", LOADS.value, form._replace(compress=False))
    file.add("".join(f"{quad.triple} .\n" for quad in quads_of(activity)))
    return file.closed()


def _write_manifest(inner: Path, activity: Activity, parts: list[Part]) -> None:
    read, converted, set_aside = activity.rows
    told = {
        "version": activity.version,
        "file": activity.file,
        "sha256": activity.checksum,
        "loader": activity.loader,
        "load": activity.number,
        "graph": activity.graph.value,
        "rows": {"read": read, "converted": converted, "set aside": set_aside},
        "parts": [part._asdict() for part in parts],
    }
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    try:
        (inner / MANIFEST).write_text(text, encoding="utf-8")
    except OSError as error:
        raise write_error(inner / MANIFEST, error) from None


def _put_in_place(inner: Path, folder: Path) -> None:
    """Move the folder to its place, which is free or empty.

    Raises:
        DataError: it is not any more, or the system refuses.
    """
    place = Path(os.path.realpath(folder))
    try:
        if place.is_dir():
            place.rmdir()
        inner.rename(place)
    except OSError as error:
        raise write_error(folder, error) from None
