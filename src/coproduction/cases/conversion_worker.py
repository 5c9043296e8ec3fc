"""Rows made into N-Triples by a process of its own: what it is told, what it does, what it answers.

A worker reads messages from standard input and writes an answer to each to standard output, each a
pickled value behind its length. The first says how rows are read (:class:`Order`), then come rows
(:class:`Rows`), and a None in the end, on which the parts are closed and read again.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import pickle
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, NamedTuple

import pyoxigraph as ox

from ..errors import CoproductionError, DataError
from ..files.output import write_error
from ..files.pipes import message, packed
from ..knowledge.levels import INFERRED, terms_in
from ..knowledge.profiled_levels import ProfiledLevels
from ..names import TERMS
from ..store.embedded import EmbeddedStore
from ..tables.table import Row, Table
from .breaches import Breaches
from .columns import Problem
from .from_table import TableCases
from .reading import Reading
from .shifts import Odd, odd_of
from .statements import Case, organisation_statements

_MOST_KNOWN: Final = 50_000
_BLOCK: Final = 1 << 20


class Form(NamedTuple):
    """How parts are written: N-Quads or N-Triples, and whether compressed."""

    quads: bool = False
    compress: bool = False

    @property
    def ending(self) -> str:
        """The ending of the files."""
        return (".nq" if self.quads else ".nt") + (".gz" if self.compress else "")


TRIPLES: Final = Form()
"""N-Triples as they are."""


@dataclass(frozen=True)
class Order:
    """What a worker has to know.

    Attributes:
        path, reading, lang: of the file, as its reader takes them.
        table: the table without its rows, as the mapping makes it.
        folder: where parts are written.
        graph: IRI of the graph of the load.
        form: of the parts.
    """

    path: Path
    reading: Reading
    lang: str
    table: dict[str, Any]
    folder: Path
    graph: str
    form: Form


class Rows(NamedTuple):
    """Rows to convert: the number of their part, and the first row of each id that came before."""

    part: int
    rows: list[Row]
    first: dict[int, int]


class Converted(NamedTuple):
    """What became of some rows.

    Attributes:
        loaded, examples: numbers of rows: cases, and those of the sheet's own example.
        problems: what is wrong in rows, in order.
        odd: rows that may be shifted, with the place of their problems among all: first, behind.
        ruled: what is wrong by the rules across fields.
        shared: what several rows may say, such as the name of an organisation, by what it is of.
    """

    loaded: int
    examples: int
    problems: list[Problem]
    odd: list[tuple[int, int, Odd]]
    ruled: list[Problem]
    shared: dict[str, str]


class Failure(NamedTuple):
    """An error of a worker: the name of its class, and its parts."""

    name: str
    parts: tuple[Any, ...]


class Part(NamedTuple):
    """A file of statements that was written, and read again.

    Attributes:
        file: its name.
        graph: IRI of the graph that its statements belong to; empty where they say it.
        statements: how many, each in a line.
        size: bytes.
        sha256: its checksum.
    """

    file: str
    graph: str
    statements: int
    size: int
    sha256: str


class PartFile:
    """A file of statements on its way: written in pieces, closed, and read again.

    Args:
        path: the file, without the ending.
        graph: IRI of the graph that the statements belong to; empty where N-Quads say it
            themselves.
        form: of the file.
    """

    def __init__(self, path: Path, graph: str, form: Form) -> None:
        self._path, self.graph, self._form = path.with_name(path.name + form.ending), graph, form
        self._raw: BinaryIO = self._path.open("wb")
        self._out: IO[bytes] = self._raw
        if form.compress:
            self._out = gzip.GzipFile("", "wb", 6, self._raw, mtime=0)  # type: ignore[assignment]
        self._count = 0

    def add(self, lines: str) -> None:
        """Write statements, each a line of N-Triples (N-Quads where no graph was named).

        Raises:
            DataError: the file cannot be written.
        """
        self._count += lines.count("\n")
        if (
            self._form.quads and self.graph
        ):  # no text has a line's end in it: it is written as an escape
            lines = lines.replace(" .\n", f" <{self.graph}> .\n")
        with self._told():
            self._out.write(lines.encode())

    def close(self) -> None:
        """Let the file go, as far as it is written and can be."""
        with contextlib.suppress(OSError):
            self._raw.close()

    def closed(self) -> Part:
        """Close the file, read it again, and give what it holds.

        Raises:
            DataError: the file cannot be written, or does not hold what was written.
        """
        with self._told():
            if self._out is not self._raw:
                self._out.close()
            self._raw.flush()
            os.fsync(self._raw.fileno())
            self._raw.close()
        with self._path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        count = self._read_again()
        if count != self._count:
            raise DataError(
                f"{self._path.name}: {self._count:,} statements were written and {count:,} read"
            )
        size = self._path.stat().st_size
        return Part(self._path.name, self.graph, count, size, digest)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Name the file where it cannot be written: the system does not."""
        try:
            yield
        except OSError as error:
            raise write_error(self._path, error) from None

    def _read_again(self) -> int:
        form = ox.RdfFormat.N_QUADS if self._form.quads else ox.RdfFormat.N_TRIPLES
        opened: Any = gzip.open if self._form.compress else open
        try:
            with opened(self._path, "rb") as file:
                return sum(1 for _ in ox.parse(file, format=form))
        except (SyntaxError, ValueError, EOFError) as error:
            raise DataError(
                f"{self._path.name}: what was written cannot be read: {error}"
            ) from None


class Converter:
    """Converts rows, and writes what they say.

    Args:
        order: how.

    Attributes:
        reader: reads the rows of a batch.
    """

    def __init__(self, order: Order) -> None:
        self._order = order
        table = Table(**order.table, rows=iter(()))
        source = TableCases(order.path, order.reading, table=table, lang=order.lang, is_made=True)
        self.reader = source.reader
        self._breaches = Breaches(source.reader.record)
        self._first: dict[int, int] = {}
        self.reader.first_row = lambda iri, row: self._first.get(row, row)
        self._levels = ProfiledLevels(terms_in(EmbeddedStore.packaged(TERMS)))
        self._known: set[str] = set()
        self._parts: dict[int, tuple[PartFile, PartFile]] = {}

    def convert(self, given: Rows) -> Converted:
        """Convert rows and write them; give what became of them."""
        reader, problems = self.reader, self.reader.problems
        problems.clear()
        reader.examples, self._first = 0, given.first
        cases: list[Case] = []
        odd: list[tuple[int, int, Odd]] = []
        for row in given.rows:
            before = len(problems)
            case = reader.read(row)
            if case is not None:
                cases.append(case)
            found = odd_of(reader, row, problems[before:])
            if found is not None:
                odd.append((before, len(problems), found))
        told = problems.copy()
        problems.clear()
        passed = list(reader.passed(cases, self._breaches.of(cases)))
        shared: dict[str, str] = {}
        self._write(given.part, "".join(self._own(case, shared) for case in passed))
        return Converted(len(passed), reader.examples, told, odd, problems.copy(), shared)

    def close(self) -> list[Part]:
        """Close the parts; give what is in them, by their numbers."""
        pairs = (self._parts[number] for number in sorted(self._parts))
        return [file.closed() for pair in pairs for file in pair]

    def _own(self, case: Case, shared: dict[str, str]) -> str:
        """Give what a case says of itself; what others may say too goes among what is shared."""
        for node, name in case.organisations:
            self._share(node, organisation_statements(node, name), shared)
        own, text = f"<{case.iri}", case.statements
        if f"\n{text}".count(f"\n{own}") == text.count("\n"):
            return text
        lines = text.splitlines(keepends=True)
        for line in lines:
            if not line.startswith(own):
                self._share(line, line, shared)
        return "".join(line for line in lines if line.startswith(own))

    def _share(self, key: str, text: str, shared: dict[str, str]) -> None:
        """Give what is shared to the parent, unless this worker has lately."""
        if key in self._known:
            return
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known.add(key)
        shared.setdefault(key, text)

    def _write(self, number: int, text: str) -> None:
        if number not in self._parts:
            folder, form = self._order.folder, self._order.form
            self._parts[number] = (
                PartFile(folder / f"part-{number:04}", self._order.graph, form),
                PartFile(folder / f"levels-{number:04}", INFERRED.value, form),
            )
        cases, levels = self._parts[number]
        cases.add(text)
        levels.add(self._levels.lines_of(text.encode()).decode())


# -- messages ---------------------------------------------------------------------------------


def serve() -> None:
    """Answer messages until they end; the work of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears Ctrl-C, and ends this
    source, out = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    converter: Converter | None = None
    while (data := message(source)) is not None:
        given = pickle.loads(data)
        answer: Converted | list[Part] | Failure
        try:
            if converter is None:
                converter = Converter(given)
                continue
            answer = converter.close() if given is None else converter.convert(given)
        except CoproductionError as error:
            answer = Failure(type(error).__name__, error.args)
        except OSError as error:
            failure = write_error(error.filename or "a part", error)
            answer = Failure(type(failure).__name__, failure.args)
        out.write(packed(answer))
        out.flush()
        if given is None or isinstance(answer, Failure):
            return
