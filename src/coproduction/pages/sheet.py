"""A sheet of one's own held against the case record: what is wrong in which cell."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from ..cases.columns import Problem
from ..cases.loading import check_cases
from ..cases.reading import Reading
from ..cases.report import mark
from ..cases.suggestions import Suggestion, suggestions, with_suggestions
from ..cases.template import csv_sheet, workbook
from ..errors import (
    Advice,
    CoproductionError,
    DataError,
    on_command_line,
    spoken_by,
)
from ..files.encodings import encoding_of
from ..files.scratch import scratch
from ..knowledge.case_record import case_record
from ..messages import Sentence, speaker
from ..results.result import Result
from ..tables.table import TABLE_ENDINGS, read_table
from .address import Address
from .judged import options
from .near import told_of
from .page import Page

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph
    from ..cases.loads import Outcome
    from ..messages import Speaker

SHOWN: Final = 500
"""Findings that are shown; the files have all of them."""
_LARGEST: Final = 100_000_000
"""Bytes of a workbook unpacked."""
_MOST_LINES: Final = 100_000
"""Lines of a text, each of which may have something wrong that is kept."""
_TEXTS: Final = (".csv", ".tsv", ".txt")
"""Endings of files that are in some encoding."""
_WORKBOOKS: Final = (b"PK", b"\xd0\xcf\x11\xe0")
"""How they begin."""
_SENT_BACK: Final = 2_000_000
"""Bytes of a file up to which the page has it within, so that it need not be chosen again."""
_ROUNDS: Final = 4
"""Times that proposals are taken: of a cell with several values one is told of at a time."""
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS: Final = {".xlsx": _XLSX, ".csv": "text/csv", ".tsv": "text/tab-separated-values"}
"""Media types of what is given back, by its ending; other texts are plain."""
ENCODINGS: Final = {
    "utf-8": "UTF-8",
    "cp1252": "Windows-1252 (cp1252)",
    "cp1250": "Windows-1250 (cp1250)",
    "iso8859-1": "ISO 8859-1 (Latin-1)",
    "iso8859-15": "ISO 8859-15 (Latin-9)",
    "mac_roman": "Mac Roman (mac_roman)",
    "utf-16-le": "UTF-16, little-endian (utf-16-le)",
    "utf-16-be": "UTF-16, big-endian (utf-16-be)",
}
"""The encodings that the form offers, by their names, with what they are called there."""
_CHARSETS: Final = {
    "cp1252": "windows-1252", "cp1250": "windows-1250", "iso8859-1": "iso-8859-1",
    "iso8859-15": "iso-8859-15", "mac_roman": "macintosh", "utf-16-le": "utf-16le",
    "utf-16-be": "utf-16be",
}  # fmt: skip
"""What browsers call them, where it is something else (IANA)."""
_ENCODING: Final = Sentence("Encoding of a CSV file")
_LEVELS: Final = (Sentence("error"), Sentence("warning"), Sentence("info"))


class Sheet(NamedTuple):
    """A file that came.

    Attributes:
        name: as whoever sent it calls it.
        content: all of it.
        encoding: of a text, a key of :data:`ENCODINGS`; an empty text where the file tells it.
    """

    name: str
    content: bytes
    encoding: str = ""

    @property
    def ending(self) -> str:
        """Its ending, in lower case."""
        return Path(self.name.replace("\\", "/")).suffix.lower()


class File(NamedTuple):
    """A file that is given back: its name, its media type and its bytes."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class _Checked:
    outcome: Outcome
    problems: list[Problem]
    meant: list[Suggestion]


def page(graph: AskedGraph, address: Address) -> Page:
    """Give the form with which a sheet is sent.

    Args:
        graph: what is in scope, which does not matter here.
        address: where it stands.
    """
    del graph
    return _page(address, speaker(address.lang))


def checked(address: Address, sheet: Sheet) -> Page:
    """Give the page on what is wrong with a sheet."""
    say = speaker(address.lang)
    with spoken_by(partial(_on_the_page, say)):
        try:
            with _written(sheet) as path:
                found = _check(path, sheet, say)
        except CoproductionError as error:
            if address.form not in ("", "html", "md"):
                raise
            return _page(address, say, sheet=sheet, wrong=told_of(error, say), status=400)
        return _page(address, say, sheet=sheet, found=found)


def corrected(address: Address, sheet: Sheet) -> File:
    """Give the sheet with all that "did you mean" proposes in its place.

    Raises:
        DataError: it cannot be read.
    """
    say = speaker(address.lang)
    taken = sheet
    for _ in range(_ROUNDS):
        with _written(taken) as path:
            meant = _check(path, taken, say).meant
            if not meant:
                break
            with _told_of(path, taken, say):
                ending, content = with_suggestions(path, meant, _reading(taken))
        if content == taken.content:
            break
        taken = Sheet(Path(taken.name).stem + ending, content, taken.encoding)
    ending = taken.ending
    kind = KINDS.get(ending, "text/plain")
    if kind.startswith("text/"):
        with _written(taken) as path:
            name = encoding_of(path, taken.encoding or None).name.removesuffix("-sig")
        kind = f"{kind}; charset={_CHARSETS.get(name, name)}"
    return File(_named(sheet, "corrected", ending), kind, taken.content)


def marked(address: Address, sheet: Sheet) -> File:
    """Give the sheet as a workbook whose cells at fault are coloured, with what to do.

    Raises:
        DataError: it cannot be read.
    """
    say = speaker(address.lang)
    with _written(sheet) as path:
        found = _check(path, sheet, say)
        target = path.with_name("marked.xlsx")
        with _told_of(path, sheet, say):
            mark(path, target, found.problems, _reading(sheet))
        return File(_named(sheet, "marked", ".xlsx"), _XLSX, target.read_bytes())


def template_file(ending: str, lang: str) -> File:
    """Give the empty sheet, as ``coproduction template`` writes it.

    Args:
        ending: ``.xlsx`` or ``.csv``.
        lang: language of headings, help and values.
    """
    make = workbook if ending == ".xlsx" else csv_sheet
    return File(f"cases{ending}", KINDS[ending], make(case_record(), lang))


# -- what is done with a file --------------------------------------------------------------------


def _reading(sheet: Sheet) -> Reading:
    return Reading(largest=_LARGEST, encoding=sheet.encoding or None)


def _on_the_page(say: Speaker, advice: Advice) -> str:
    """Say a piece of advice to who sends a sheet by the form."""
    if advice.name == "encoding":
        return say("“{name}” in the form", name=say.again(_ENCODING))
    if advice.name == "template":
        return say("a link on this page")
    if advice.kind == "command":
        return on_command_line(advice)
    return f"'coproduction validate {on_command_line(advice)}'"


@contextmanager
def _written(sheet: Sheet) -> Iterator[Path]:
    """Write a sheet into a folder of its own, which goes at the end.

    Raises:
        DataError: it is no table, by its ending, or has too many lines, or there is no such
            encoding.
    """
    if sheet.encoding and sheet.encoding not in ENCODINGS:
        told = Sentence(
            "there is no encoding {name!r}; there are {names}",
            name=sheet.encoding,
            names=", ".join(ENCODINGS),
        )
        raise DataError(told)
    if sheet.ending not in TABLE_ENDINGS:
        told = Sentence(
            "{name} is no table: send a file that ends in {endings}",
            name=sheet.name or Sentence("a file without a name"),
            endings=", ".join(TABLE_ENDINGS),
        )
        raise DataError(told)
    lines = max(sheet.content.count(sign) for sign in (b"\n", b"\r"))
    if lines > _MOST_LINES and not sheet.content.startswith(_WORKBOOKS):
        told = Sentence(
            "{name} has {lines:,} lines, and {most:,} are checked here: 'coproduction validate' "
            "checks any number",
            name=sheet.name,
            lines=lines,
            most=_MOST_LINES,
        )
        raise DataError(told)
    with scratch() as own:
        path = own / f"sheet{sheet.ending}"
        path.write_bytes(sheet.content)
        yield path


@contextmanager
def _told_of(path: Path, sheet: Sheet, say: Speaker) -> Iterator[None]:
    """Tell of a file by the name that whoever sent it knows, in the language of the page."""
    try:
        yield
    except DataError as error:
        told = "".join(
            say.again(each) if isinstance(each, str) else str(each) for each in error.args
        )
        raise DataError(told.replace(str(path), sheet.name)) from None


def _check(path: Path, sheet: Sheet, say: Speaker) -> _Checked:
    reading = _reading(sheet)
    with _told_of(path, sheet, say):
        outcome = check_cases(path, reading, lang=say.lang)
        table = read_table(path, largest=reading.largest, encoding=reading.encoding)
        own = case_record().language(table.headings)
    problems = [
        each._replace(table=each.table.replace(path.name, sheet.name)) for each in outcome.problems
    ]
    return _Checked(outcome, problems, suggestions(problems, say.lang, own))


def _named(sheet: Sheet, word: str, ending: str) -> str:
    """Give the name of a file that is given back, of signs that every system takes."""
    stem = Path(sheet.name.replace("\\", "/")).stem
    stem = re.sub(r"[^\w.-]+", "-", stem, flags=re.ASCII).strip("-.") or "cases"
    return f"{stem[:80]}-{word}{ending}"


def _page(
    address: Address,
    say: Speaker,
    *,
    sheet: Sheet | None = None,
    found: _Checked | None = None,
    wrong: str = "",
    status: int = 200,
) -> Page:
    problems = found.problems if found else []
    meant = found.meant if found else []
    encoding = sheet.encoding if sheet else ""
    is_small = sheet is not None and len(sheet.content) <= _SENT_BACK
    return Page(
        address,
        say("Check a sheet"),
        "sheet.html",
        {
            "name": sheet.name if sheet else "",
            "content": base64.b64encode(sheet.content).decode() if sheet and is_small else "",
            "outcome": found.outcome if found else None,
            "note": say.again(found.outcome.note) if found else "",
            "problems": problems[:SHOWN],
            "left": max(len(problems) - SHOWN, 0),
            "count": len(problems),
            "meant": meant,
            "wrong": wrong,
            "endings": ",".join(TABLE_ENDINGS),
            "encoding": encoding,
            "encoding_label": _ENCODING,
            "encodings": options(
                {"": say("what the file tells, else a guess")} | ENCODINGS, encoding
            ),
            "is_text": sheet is not None and sheet.ending in _TEXTS,
            "levels": {str(level): say.again(level) for level in _LEVELS},
        },
        {
            "problems": Result.of_rows(Problem._fields, problems),
            "suggestions": Result.of_rows(Suggestion._fields, meant),
        },
        data={"read": found.outcome.read, "right": found.outcome.loaded} if found else {},
        lead=say(
            "Send a workbook or a CSV file of cases, and see what is wrong in which cell. Nothing "
            "is stored."
        ),
        status=status,
    )
