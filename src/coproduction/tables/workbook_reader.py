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
import re
import signal
import sys
import zipfile
from collections.abc import Iterator
from itertools import chain, islice
from typing import IO, Any
from xml.parsers import expat

CHUNK = 1_000
_MOST_ABOVE = 30
"""Rows in which the headings are looked for."""
UNCALCULATED = "#UNCALCULATED!"
"""What stands for a formula that no program ever calculated, beside the errors of formulas."""
_MOST_TOLD = 2_000_000
Places = dict[int, list[tuple[int, str]]]
"""Row to the columns in which something stands, each with what."""
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
    errors: Places = {}
    behind: Places = {}
    if is_xlsx:
        errors, behind = error_cells(path, position), links(path, position)
    elif path.lower().endswith(".ods"):
        errors, behind = of_open_document(path, grid.name)
    merged = [tuple(map(tuple, each)) for each in grid.merged_cell_ranges or ()]
    found = {
        "names": names,
        "sheet": grid.name,
        "hidden": grid.name not in visible,
        "merged": merged,
        "height": grid.total_height,
        "links": behind,
    }
    marshal.dump(found, out)
    out.flush()
    rows: list[tuple[int, list[str]]] = []
    # Empty rows above the table are given, and empty columns before it are not.
    left = grid.start[1] if grid.start else 0
    # Nor are the rows below the last value, though formulas may stand there that have none.
    height = grid.end[0] + 1 if grid.end else 0
    below: list[tuple[int, list[Any]]] = [(number, []) for number in sorted(errors)]
    grown = chain(enumerate(grid.iter_rows(), start=1), (row for row in below if row[0] > height))
    for number, cells in grown:
        texts = [""] * left + [cell_text(cell) for cell in cells]
        for column, text in errors.get(number, ()):
            texts += [""] * (column + 1 - len(texts))
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


def links(path: str, sheet: int) -> Places:
    """Give the web addresses behind the cells of the sheet of that position, by row."""
    found: Places = {}
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


# -- formulas with an error or without a result, which python-calamine reads as empty cells -----


def error_cells(path: str, sheet: int) -> Places:
    """Give the errors of formulas in the sheet of that position, by row.

    A formula that was never calculated, as programs write them that do not calculate, is told by
    :data:`UNCALCULATED`.
    """
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


_ERROR = re.compile(rb"""t=["']e["']""")
_NO_RESULT = re.compile(
    rb"(?:</(?:\w+:)?f\s*>|<(?:\w+:)?f(?:\s[^<>]*)?/>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>\s*|<(?:\w+:)?v\s*>\s*</(?:\w+:)?v\s*>\s*)?</(?:\w+:)?c\s*>"
)


def _has_error(archive: zipfile.ZipFile, name: str) -> bool:
    """Tell whether a sheet may hold what is told; so most sheets are not parsed a second time."""
    return any(
        _ERROR.search(text) or ((b"<f" in text or b":f" in text) and _NO_RESULT.search(text))
        for text in _overlapping(archive, name)
    )


def _overlapping(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Give a part in pieces, each with the end of the one before."""
    tail = b""
    with archive.open(name) as page:
        while block := page.read(1 << 20):
            yield tail + block
            tail = block[-500:]


def _errors_in(page: IO[bytes]) -> Places:
    found: Places = {}
    row = column = 0
    text: list[str] | None = None
    has_formula = has_value = False
    kind = ""
    parser = expat.ParserCreate(namespace_separator=" ")

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, text, kind, has_formula, has_value
        tag = name.rpartition(" ")[2]
        if tag == "row":
            row, column = int(attributes.get("r") or row + 1), 0
        elif tag == "c":
            column += 1
            kind = attributes.get("t", "")
            has_formula = has_value = False
            if place := attributes.get("r"):
                letters = place.rstrip("0123456789")
                row, column = int(place[len(letters) :] or row), _number_of(letters) or column
        elif tag == "f":
            has_formula = True
        elif tag == "is":
            has_value = True
        elif tag == "v":
            text = []

    def end(name: str) -> None:
        nonlocal text, has_value
        tag = name.rpartition(" ")[2]
        if tag == "v" and text is not None:
            value = "".join(text).strip()
            # Of a text the empty one is a result, and is written so.
            has_value = bool(value) or kind == "str"
            if value and kind == "e":
                found.setdefault(row, []).append((column - 1, value))
            text = None
        elif tag == "c" and has_formula and not has_value:
            found.setdefault(row, []).append((column - 1, UNCALCULATED))

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


# -- the same in OpenDocument ---------------------------------------------------------------------


def of_open_document(path: str, sheet: str) -> tuple[Places, Places]:
    """Give the errors of formulas and the web addresses in a sheet of an .ods file, by row."""
    with zipfile.ZipFile(path) as archive:
        if "content.xml" not in archive.namelist() or not _may_tell(archive):
            return {}, {}
        page = _OpenDocument(sheet)
        with archive.open("content.xml") as content:
            while not page.is_over and (block := content.read(1 << 20)):
                page.parser.Parse(block)
    return page.errors, page.links


def _may_tell(archive: zipfile.ZipFile) -> bool:
    signs = (b":formula=", b'="error"', b":href=")
    return any(sign in text for text in _overlapping(archive, "content.xml") for sign in signs)


class _OpenDocument:
    """Follows the cells of one sheet; what is repeated is counted as often."""

    def __init__(self, sheet: str) -> None:
        self.errors: Places = {}
        self.links: Places = {}
        self.is_over = False
        self._sheet = sheet
        self._inside = False
        self._row = self._column = 0
        self._rows = self._columns = 1
        self._kind = self._text = self._url = ""
        self._has_formula = self._has_text = False
        self._aside = 0
        self._in_row: list[tuple[int, int, str, str]] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        named = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if tag == "table":
            self._inside = named.get("name") == self._sheet
        elif not self._inside:
            return
        elif tag == "annotation":
            self._aside += 1
        elif self._aside:
            return
        elif tag == "table-row":
            self._column, self._in_row = 0, []
            self._rows = int(named.get("number-rows-repeated", 1))
        elif tag in ("table-cell", "covered-table-cell"):
            # calcext:value-type, which says "error", comes after office:value-type
            kinds = [value for key, value in attributes.items() if key.endswith(" value-type")]
            self._kind = "error" if "error" in kinds else "".join(kinds[:1])
            self._has_formula = "formula" in named
            self._columns = int(named.get("number-columns-repeated", 1))
            self._has_text, self._text, self._url = False, "", ""
        elif tag == "p":
            self._has_text = True
        elif tag == "a" and not self._url:
            self._url = named.get("href", "")

    def _end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if not self._inside:
            return
        if tag == "table":
            self._inside, self.is_over = False, True
        elif tag == "annotation":
            self._aside -= 1
        elif self._aside:
            return
        elif tag in ("table-cell", "covered-table-cell"):
            error = ""
            if self._kind == "error":
                error = self._text.strip()
            elif self._has_formula and not self._kind and not self._has_text:
                error = UNCALCULATED
            url = self._url if self._url.startswith(("http:", "https:")) else ""
            if error or url:
                self._in_row.append((self._column, self._columns, error, url))
            self._column += self._columns
        elif tag == "table-row":
            self._add()
            self._row += self._rows

    def _add(self) -> None:
        if self._rows * sum(columns for _, columns, _, _ in self._in_row) > _MOST_TOLD:
            raise MemoryError
        for row in range(self._row + 1, self._row + self._rows + 1) if self._in_row else ():
            for first, columns, error, url in self._in_row:
                for column in range(first, first + columns):
                    if error:
                        self.errors.setdefault(row, []).append((column, error))
                    if url:
                        self.links.setdefault(row, []).append((column, url))

    def _characters(self, data: str) -> None:
        if self._kind == "error" and self._has_text and not self._aside:
            self._text += data


if __name__ == "__main__":
    main(*sys.argv[1:])
