"""A process of its own that marks cells of a workbook: openpyxl unfolds whatever a file states.

It is run as a script, like :mod:`workbook_reader`::

    python workbook_marker.py MEMORY FOLDER...

MEMORY is the bytes that it may take, each FOLDER one where libraries are. The job is read from
standard input and what went wrong written to standard output, both by the module `marshal`.
"""

from __future__ import annotations

import datetime
import marshal
import os
import re
import sys
import zipfile
from typing import Any

COLOURS = {"error": "FFC7CE", "warning": "FFEB9C", "info": "DDEBF7"}
_RANGE = re.compile(rb"(?<=[\"'])([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})(?=[\"'])")
_MOST_UNFOLDED = 500_000
_TYPED_AS_SEEN = ("General", "@")
"""Number formats of cells that keep what is typed into them as it is seen."""
_TIMES = (datetime.date, datetime.time, datetime.timedelta)
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
"""Signs that XML has no way to write."""


def main(most: str, *folders: str) -> None:
    """Do the job that standard input holds."""
    sys.path.append(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    from workbook_reader import (  # type: ignore[import-not-found]
        end_with_parent,
        limit_memory,
    )

    job = marshal.load(sys.stdin.buffer)
    end_with_parent()
    sys.path.extend(folders)
    try:
        import openpyxl  # noqa: F401 - before the limit, which is for what the file takes

        limit_memory(int(most))
        _mark(job)
        told = ""
    except MemoryError:
        os._exit(3)
    except OSError as error:
        told = f"cannot be read: {error.strerror or error}"
    except Exception as error:
        text = " ".join(str(error).split())[:300]
        told = f"cannot be marked: {type(error).__name__}: {text}"
    marshal.dump(told, sys.stdout.buffer)
    sys.stdout.flush()
    os._exit(0)


def _check_ranges(path: str) -> None:
    """Refuse ranges that openpyxl would unfold into millions of cells.

    Merged cells and hyperlinks stand behind the cells of a sheet.
    """
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
                continue
            data = archive.read(name)
            cells = 0
            for found in _RANGE.finditer(data, max(data.rfind(b"sheetData"), 0)):
                left, top, right, bottom = found.groups()
                wide = _column(right) - _column(left) + 1
                cells += wide * (int(bottom) - int(top) + 1)
                if cells > _MOST_UNFOLDED:
                    raise ValueError(
                        f"the merged or linked range {found[0].decode()} is too large; "
                        "make it as large as your table"
                    )


def _column(letters: bytes) -> int:
    number = 0
    for sign in letters:
        number = number * 26 + sign - 64
    return number


def _mark(job: dict[str, Any]) -> None:
    """Mark a workbook.

    Args:
        job: ``source`` and ``sheet``, or ``rows`` of texts to make a workbook of; ``target``; and
            ``marks``, each the address of a cell, a level and a text; and ``values``, each the
            address of a cell and the text that it gets.
    """
    import openpyxl
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    if job["source"]:
        _check_ranges(job["source"])
        book = openpyxl.load_workbook(job["source"])
        page = book[job["sheet"]]
    else:
        book = openpyxl.Workbook()
        page = book.worksheets[0]
        for number, cells in enumerate(job["rows"], start=1):
            for column, cell in enumerate(cells, start=1):
                if cell:
                    page.cell(number, column).value = _NO_TEXT.sub("\ufffd", cell)
    for place, text in job.get("values", ()):
        page[place].value = _NO_TEXT.sub("\ufffd", text)
    for place, level, text in job["marks"]:
        cell = page[place]
        cell.fill = PatternFill("solid", fgColor=COLOURS[level])
        if level != "info":
            _make_typable(cell)
        old = f"{cell.comment.text}\n" if cell.comment else ""
        cell.comment = Comment(old + _NO_TEXT.sub("\ufffd", text), "coproduction")
    book.save(job["target"])


def _make_typable(cell: Any) -> None:
    """Let a cell keep what will be typed into it: under a format of dates 1994 is a day in 1905.

    A date that the cell holds stays as it is seen, as a text, and not as the number behind it.
    """
    from workbook_reader import cell_text

    if cell.number_format in _TYPED_AS_SEEN:
        return
    if isinstance(cell.value, _TIMES):
        cell.value = cell_text(cell.value)
    cell.number_format = "General"


if __name__ == "__main__":
    main(*sys.argv[1:])
