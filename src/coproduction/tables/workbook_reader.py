"""A process of its own that reads a workbook: what takes it down takes no one else down.

It is run as a script and imports nothing of this package, so that it starts at once::

    python workbook_reader.py FILE SHEET MEMORY FOLDER HEADINGS

SHEET is empty for the first visible one that has two of the HEADINGS (folded, a line each) in a
row near its top, else the first visible one that holds something; MEMORY is the bytes that it may
take (0 for no limit), FOLDER where python-calamine is installed. It writes values of the module
`marshal`: what it found, then lists of rows, each its number and its texts, then an empty list.
It ends where its standard input ends, for then the process that started it is gone.
"""

from __future__ import annotations

import datetime
import marshal
import os
import signal
import sys
import zipfile
from itertools import islice
from typing import IO, Any
from xml.parsers import expat

CHUNK = 1_000
_MOST_ABOVE = 30
"""Rows in which the headings are looked for."""
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"


def cell_text(cell: Any) -> str:
    """Give the text of a workbook's cell: whole numbers without decimals, dates as ISO dates."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return (cell.date() if cell.time() == datetime.time() else cell).isoformat()
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return str(cell).strip()


def limit_memory(most: int) -> None:
    """Let this process take so many bytes beside what it has, where the system can say so."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if most and sys.platform == "linux":  # elsewhere the system does not hold to it
        with open("/proc/self/statm") as file:  # noqa: PTH123
            most += int(file.read().split()[0]) * resource.getpagesize()
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def end_with_parent() -> None:
    """End this process where the one that started it is gone: its standard input ends then.

    Linux says so by SIGIO, which ends a process even in a long step of a library.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if sys.platform == "linux":
        import fcntl
        import select

        fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)
        if select.select([0], [], [], 0)[0]:
            os._exit(1)


def main(path: str, wanted: str, most: str, folder: str, headings: str = "") -> None:
    """Read a workbook and write what is in it to standard output."""
    end_with_parent()
    out = sys.stdout.buffer
    try:
        _read(path, wanted, folder, int(most), frozenset(headings.splitlines()), out)
    except MemoryError:
        os._exit(3)
    except BaseException as error:  # a panic of Rust is no Exception
        text = f"{type(error).__name__}: {error}"
        marshal.dump({"error": " ".join(text.split())[:300]}, out)
    out.flush()
    os._exit(0)


def _read(
    path: str, wanted: str, folder: str, most: int, headings: frozenset[str], out: IO[bytes]
) -> None:
    sys.path.append(folder)
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    limit_memory(most)
    book = CalamineWorkbook.from_path(path)
    names = book.sheet_names
    if wanted and wanted not in names:
        marshal.dump({"names": names, "sheet": None}, out)
        return
    visible = [one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
    grid = _choose(book, [wanted] if wanted else visible, headings)
    if grid is None and not wanted:
        grid = _choose(book, [name for name in names if name not in visible], headings)
    if grid is None:
        marshal.dump({"names": names, "sheet": ""}, out)
        return
    is_xlsx = path.lower().endswith(".xlsx")
    position = names.index(grid.name)
    errors = error_cells(path, position) if is_xlsx else {}
    merged = [tuple(map(tuple, each)) for each in grid.merged_cell_ranges or ()]
    found = {
        "names": names,
        "sheet": grid.name,
        "hidden": grid.name not in visible,
        "merged": merged,
        "height": grid.total_height,
        "links": links(path, position) if is_xlsx else {},
    }
    marshal.dump(found, out)
    out.flush()
    rows: list[tuple[int, list[str]]] = []
    # Empty rows above the table are given, and empty columns before it are not.
    left = grid.start[1] if grid.start else 0
    for number, cells in enumerate(grid.iter_rows(), start=1):
        texts = [""] * left + [cell_text(cell) for cell in cells]
        for column, text in errors.get(number, ()):
            if column < len(texts):
                texts[column] = text
        if any(texts):
            rows.append((number, texts))
        if len(rows) >= CHUNK:
            marshal.dump(rows, out)
            rows = []
    if rows:
        marshal.dump(rows, out)
    marshal.dump([], out)


def _choose(book: Any, names: list[str], headings: frozenset[str]) -> Any:
    """Give the first sheet with two known headings in a row, else the first with any cell."""
    first = None
    for name in names:
        grid = book.get_sheet_by_name(name)
        if grid.start is None:
            continue
        first = first or grid
        rows = islice(grid.iter_rows(), _MOST_ABOVE)
        if any(len(headings.intersection(map(_folded, row))) > 1 for row in rows):
            return grid
    return first


def _folded(cell: Any) -> str:
    return " ".join(cell_text(cell).replace("_", " ").split()).casefold()


# -- addresses behind cells ----------------------------------------------------------------------


def links(path: str, sheet: int) -> dict[int, list[tuple[int, str]]]:
    """Give the web addresses behind the cells of the sheet of that position, by row."""
    found: dict[int, list[tuple[int, str]]] = {}
    with zipfile.ZipFile(path) as archive:
        part = _part_of(archive, sheet)
        folder, _, name = (part or "").rpartition("/")
        beside = f"{folder}/_rels/{name}.rels"
        if part is None or beside not in archive.namelist():
            return {}
        targets: dict[str, str] = {}

        def relation(name: str, attributes: dict[str, str]) -> None:
            url = attributes.get("Target", "")
            if attributes.get("TargetMode") == "External" and url.startswith(("http:", "https:")):
                targets[attributes.get("Id", "")] = url

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = relation
        parser.Parse(archive.read(beside), True)
        targets = {
            name: url for name, url in targets.items() if url.startswith(("http:", "https:"))
        }
        if not targets:
            return {}

        def cell(name: str, attributes: dict[str, str]) -> None:
            url = targets.get(attributes.get(_RELATION, ""))
            place = attributes.get("ref", "").partition(":")[0]
            letters = place.rstrip("0123456789")
            if url and name.rpartition(" ")[2] == "hyperlink" and letters != place:
                column = _number_of(letters) - 1
                found.setdefault(int(place[len(letters) :]), []).append((column, url))

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = cell
        with archive.open(part) as page:
            parser.ParseFile(page)
    return found


# -- errors of formulas, which python-calamine reads as empty cells ----------------------------


def error_cells(path: str, sheet: int) -> dict[int, list[tuple[int, str]]]:
    """Give the errors of formulas in the sheet of that position, by row."""
    with zipfile.ZipFile(path) as archive:
        part = _part_of(archive, sheet)
        if part is None or not _has_error(archive, part):
            return {}
        with archive.open(part) as page:
            return _errors_in(page)


def _part_of(archive: zipfile.ZipFile, sheet: int) -> str | None:
    """Give the part that a sheet stands in, None where the workbook does not say it."""
    named: dict[str, str] = {}
    ids: list[str] = []

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(" ")[2] == "Relationship":
            named[attributes.get("Id", "")] = attributes.get("Target", "")

    def listed(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(" ")[2] == "sheet":
            ids.append(attributes.get(_RELATION, ""))

    parts = {name.lower(): name for name in archive.namelist()}
    for name, handler in (("xl/_rels/workbook.xml.rels", relation), ("xl/workbook.xml", listed)):
        if name not in parts:
            return None
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = handler
        parser.Parse(archive.read(parts[name]), True)
    target = named.get(ids[sheet], "") if sheet < len(ids) else ""
    whole = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return parts.get(whole.lower())


def _has_error(archive: zipfile.ZipFile, name: str) -> bool:
    tail = b""
    with archive.open(name) as page:
        while block := page.read(1 << 20):
            if b't="e"' in tail + block or b"t='e'" in tail + block:
                return True
            tail = block[-8:]
    return False


def _errors_in(page: IO[bytes]) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = {}
    row = column = 0
    text: list[str] | None = None
    is_error = False
    parser = expat.ParserCreate(namespace_separator=" ")

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, text, is_error
        tag = name.rpartition(" ")[2]
        if tag == "row":
            row, column = int(attributes.get("r") or row + 1), 0
        elif tag == "c":
            column += 1
            is_error = attributes.get("t") == "e"
            if place := attributes.get("r"):
                letters = place.rstrip("0123456789")
                row, column = int(place[len(letters) :] or row), _number_of(letters) or column
        elif tag == "v" and is_error:
            text = []

    def end(name: str) -> None:
        nonlocal text
        if text is not None and name.rpartition(" ")[2] == "v":
            found.setdefault(row, []).append((column - 1, "".join(text).strip()))
            text = None

    def characters(data: str) -> None:
        if text is not None:
            text.append(data)

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = characters
    parser.ParseFile(page)
    return found


def _number_of(letters: str) -> int:
    number = 0
    for sign in letters.upper():
        number = number * 26 + ord(sign) - 64
    return number


if __name__ == "__main__":
    main(*sys.argv[1:])
