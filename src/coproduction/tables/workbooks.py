"""Workbooks, read and marked in processes of their own that may take so much memory and no more.

A workbook says little of what it takes to hold it: one cell at the far end of a sheet of a few
kilobytes is a grid of 17 thousand million cells. So a child reads it (:mod:`.workbook_reader`) or
marks it (:mod:`.workbook_marker`), and where that is taken down one line is told. It costs little,
for the child parses while this process goes on with the rows that it has.
"""

from __future__ import annotations

import importlib.util
import marshal
import os
import subprocess
import sys
import weakref
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from ..errors import DataError, option
from ..files.doctype import Refused, read_prolog
from ..files.scratch import scratch
from ..messages import Sentence

Mark = tuple[str, str, str]
"""Address of a cell, level and text of what is wrong with it."""

_MB: Final = 1_000_000
_READING: Final = (300 * _MB, 8)
"""What a child may take: so much, and so many bytes for each of the unpacked workbook."""
_MARKING: Final = (250 * _MB, 30)
_RATIO: Final = 200
"""Times that a part may grow by unpacking; spreadsheet programs write some ten, rarely fifty."""
_SMALL: Final = 10 * _MB
_OLE: Final = b"\xd0\xcf\x11\xe0"


class Workbook(NamedTuple):
    """One sheet of a workbook.

    Attributes:
        names: of all its sheets.
        sheet: the one that is read.
        merged: ranges of merged cells: first row and column, last row and column, from 0.
        height: number of rows.
        hidden: whether the sheet is hidden, as every one that holds something is then.
        links: the addresses behind its cells: row to pairs of column, from 0, and address.
        rows: the rows that hold something, each its number and its cells as texts, read once.
    """

    names: list[str]
    sheet: str
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
    height: int
    hidden: bool
    links: dict[int, tuple[tuple[int, str], ...]]
    rows: Iterator[tuple[int, list[str]]]


def read_workbook(
    path: Path, sheet: str | None, largest: int, expected: Iterable[str] = ()
) -> Workbook:
    """Open a workbook.

    Args:
        path: an .xlsx, .ods or .xls file.
        sheet: name of the sheet; by default the first visible one with known headings, else the
            first that holds something.
        largest: bytes above which, unpacked, it is refused.
        expected: folded names of the headings that are known.

    Raises:
        DataError: it cannot be read, or has no such sheet; while rows are read, too.
    """
    limit = _limit(_READING, _unpacked(path, largest))
    child = _Reader(path, sheet, limit, expected)
    found = child.next()
    if not isinstance(found, dict):
        raise child.broken()
    if found["sheet"] is None:
        told = Sentence(
            "{path}: there is no sheet {sheet!r}; it has {names}",
            path=path,
            sheet=sheet,
            names=", ".join(found["names"]),
        )
        raise DataError(told)
    if not found["sheet"]:
        raise DataError(Sentence("{path}: there is no row of headings", path=path))
    return Workbook(
        found["names"],
        found["sheet"],
        tuple(found["merged"]),
        found["height"],
        found["hidden"],
        {row: tuple(cells) for row, cells in found["links"].items()},
        child.rows(),
    )


def marked_workbook(source: Path, sheet: str, marks: Sequence[Mark], largest: int) -> bytes:
    """Give a workbook with cells of a sheet coloured and commented.

    Raises:
        DataError: it cannot be read or marked.
    """
    limit = _limit(_MARKING, _unpacked(source, largest))
    return _marked(source, {"source": str(source), "sheet": sheet, "marks": list(marks)}, limit)


def changed_workbook(
    source: Path, sheet: str, values: Sequence[tuple[str, str]], largest: int
) -> bytes:
    """Give a workbook with other texts in cells of a sheet, by their addresses.

    Raises:
        DataError: it cannot be read or changed.
    """
    limit = _limit(_MARKING, _unpacked(source, largest))
    job: dict[str, object] = {"source": str(source), "sheet": sheet, "marks": []}
    return _marked(source, job | {"values": list(values)}, limit)


def workbook_of(source: Path, rows: list[list[str]], marks: Sequence[Mark]) -> bytes:
    """Give rows as a workbook with cells coloured and commented.

    Raises:
        DataError: a workbook does not hold so much.
    """
    limit = _limit(_MARKING, 2 * sum(len(cell) + 20 for row in rows for cell in row))
    return _marked(source, {"source": "", "rows": rows, "marks": list(marks)}, limit)


# -- before a library sees it -------------------------------------------------------------------


def _unpacked(path: Path, largest: int) -> int:
    """Give the size of a workbook unpacked, and refuse what no spreadsheet program writes."""
    try:
        with path.open("rb") as file:
            if file.read(4) == _OLE:
                if path.suffix.lower() == ".xls":
                    return path.stat().st_size
                told = Sentence(
                    "{path}: this is no workbook that can be read: it has a password, or is an "
                    "old .xls under another name; save it as .xlsx without a password",
                    path=path,
                )
                raise DataError(told)
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            size = sum(part.file_size for part in parts)
            if size > largest:
                told = Sentence(
                    "{path}: unpacked it has {size:,} bytes, more than the limit of {largest:,}; "
                    "raise it with {option}",
                    path=path,
                    size=size,
                    largest=largest,
                    option=option("largest", "BYTES"),
                )
                raise DataError(told)
            for part in parts:
                _check_part(path, archive, part)
    except Refused as error:
        raise DataError(_unreadable(path, error)) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, OSError) as error:
        # RuntimeError is a part with a password or a way of packing that Python does not know.
        told = Sentence("{path}: this is no workbook: {error}", path=path, error=error)
        raise DataError(told) from None
    return size


def _check_part(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if part.file_size > _SMALL and part.file_size > _RATIO * part.compress_size:
        told = Sentence(
            "{path}: its part {name} unpacks to {size:,} bytes, more than {ratio} times its size, "
            "as no spreadsheet program packs; save it anew in one",
            path=path,
            name=part.filename[:80],
            size=part.file_size,
            ratio=_RATIO,
        )
        raise DataError(told)
    if part.filename.lower().endswith((".xml", ".rels")):
        with archive.open(part) as file:
            try:
                read_prolog(file, entities=False, encoding=None)
            except Refused as error:
                raise Refused(error.line, f"{part.filename[:80]}: {error}") from None


def _limit(allowed: tuple[int, int], unpacked: int) -> int:
    """Give the bytes that a child may take; never more than four fifths of the machine's."""
    base, times = allowed
    try:
        machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * 4 // 5
    except (AttributeError, ValueError, OSError):  # Windows does not say
        return base + times * unpacked
    return max(base, min(base + times * unpacked, machine))


# -- the children -------------------------------------------------------------------------------


def _start(script: str, *words: str) -> subprocess.Popen[bytes]:
    """Start a script of this package; what its libraries say on standard error is not a user's."""
    debug = bool(os.environ.get("COPRODUCTION_DEBUG"))
    command = [sys.executable, "-I", "-S", str(Path(__file__).with_name(script)), *words]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None if debug else subprocess.DEVNULL,
    )


def _stop(child: subprocess.Popen[bytes]) -> None:
    """End a child, whatever it is doing, and close what leads to it."""
    child.kill()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()
    child.wait()


def _folder_of(library: str) -> str:
    """Give the folder that a library is installed in, without importing it."""
    spec = importlib.util.find_spec(library)
    if spec is None or spec.origin is None:
        raise DataError(f"workbooks need {library}, which is not installed: pip install {library}")
    return str(Path(spec.origin).parent.parent)


def _too_much(path: Path, limit: int) -> DataError:
    told = Sentence(
        "{path}: it takes more than {limit:,} MB, as where a sheet has a cell or a merged range "
        "far out: delete the empty rows and columns beyond your table (Ctrl+End goes to the last "
        "cell), or save the table as CSV",
        path=path,
        limit=limit // _MB,
    )
    return DataError(told)


def _unreadable(path: Path, error: object) -> Sentence:
    return Sentence("{path}: this is no workbook that can be read: {error}", path=path, error=error)


def _broken_off(code: int) -> Sentence:
    return Sentence("its reader broke off ({code})", code=code)


class _Reader:
    """A child that reads a workbook; it ends with the last reference to this."""

    def __init__(self, path: Path, sheet: str | None, limit: int, expected: Iterable[str]) -> None:
        self._path, self._limit = path, limit
        folder = _folder_of("python_calamine")
        words = (str(path), sheet or "", str(limit), folder, "\n".join(expected))
        self._child = _start("workbook_reader.py", *words)
        self._end = weakref.finalize(self, _stop, self._child)

    def next(self) -> Any:
        """Give the next value that the child wrote, None where it ended before."""
        assert self._child.stdout is not None
        try:
            value = marshal.load(self._child.stdout)
        except (EOFError, ValueError, TypeError):  # it ended, or in the midst of one
            return None
        if isinstance(value, dict) and "error" in value:
            raise DataError(_unreadable(self._path, value["error"]))
        return value

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Give the rows."""
        try:
            while rows := self.next():
                yield from rows
            if rows is None:
                raise self.broken()
        finally:
            self._end()

    def broken(self) -> DataError:
        """Give what is to be told where the child ended too early."""
        code = self._child.wait()
        if code in _OUT_OF_MEMORY:
            return _too_much(self._path, self._limit)
        return DataError(_unreadable(self._path, _broken_off(code)))


_OUT_OF_MEMORY: Final = (3, -6)
"""How a child ends that is refused memory: by its own word, or aborted by a library in Rust."""


def _marked(source: Path, job: dict[str, object], limit: int) -> bytes:
    folders = dict.fromkeys(map(_folder_of, ("openpyxl", "et_xmlfile")))
    with scratch() as folder:
        target = folder / "marked.xlsx"
        child = _start("workbook_marker.py", str(limit), *folders)
        try:
            told = _told(child, {**job, "target": str(target)})
            if told is None:
                code = child.wait()
                if code in _OUT_OF_MEMORY:
                    raise _too_much(source, limit)
                why = Sentence(
                    "{path}: cannot be marked: {error}", path=source, error=_broken_off(code)
                )
                raise DataError(why)
            if told:
                raise DataError(f"{source}: {told}")
            return target.read_bytes()
        finally:
            _stop(child)


def _told(child: subprocess.Popen[bytes], job: dict[str, object]) -> str | None:
    """Give a child its job, and give what it says of it; None where it ended before."""
    given: IO[bytes] | None = child.stdin
    assert given is not None and child.stdout is not None
    try:
        marshal.dump(job, given)
        given.flush()
        told = marshal.load(child.stdout)
    except (EOFError, ValueError, TypeError, BrokenPipeError):
        return None
    return str(told)
