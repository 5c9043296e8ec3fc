"""How every command that answers writes: ``--format``, ``-o FILE`` and ``--csv``, in one place.

To a file the whole answer goes in one step, so that a query that fails or is stopped leaves
nothing. What goes to a terminal cannot steer it, in whichever form.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import IO, TYPE_CHECKING, NamedTuple

from ..errors import UnknownName
from ..messages import Sentence, speaker
from ..names import LANGUAGES
from ..results.forms import W3C, Changed, Sink
from ..results.result import Result
from ..results.streaming import Streamed
from ..spelling import visible
from .telling import tell

if TYPE_CHECKING:
    from ..cases.columns import Problem
    from ..pictures.picture import Picture

Part = Result | Streamed | str | bytes
_MOST_LAID_OUT = {"table": 10_000, "md": 100_000, "html": 100_000}


class Answer(NamedTuple):
    """Where an answer goes, and in which form.

    Attributes:
        forms: the forms that were asked for, by ``--format`` or the ending; none where neither
            says.
        output: the file; None or ``-`` is standard output.
        style: of CSV: spreadsheet or w3c; None for what fits the place.
        lang: the language whose separator a spreadsheet takes.
    """

    forms: tuple[str, ...] = ()
    output: str | None = None
    style: str | None = None
    lang: str = "en"

    @property
    def form(self) -> str:
        """The form of rows: as asked, else a table on a terminal and CSV elsewhere."""
        return self.forms[0] if self.forms else ("table" if self.is_terminal else "csv")

    @property
    def for_people(self) -> bool:
        """Whether it is in a form that people read, in which labels stand for IRIs."""
        return self.form in ("table", "md", "html")

    @property
    def to_file(self) -> bool:
        """Whether it goes to a file."""
        return self.output is not None and self.output != "-"

    @property
    def is_terminal(self) -> bool:
        """Whether it goes to a terminal."""
        return not self.to_file and sys.stdout.isatty()

    @property
    def width(self) -> int | None:
        """Characters to a line: of the terminal; of a piped table as COLUMNS says; else None."""
        import os

        columns = os.environ.get("COLUMNS", "")
        is_piped = self.form == "table" and not self.to_file
        is_said = is_piped and columns.isdecimal() and int(columns) > 0
        if not (self.is_terminal or is_said):
            return None
        import shutil  # a piped answer needs no width, and is there sooner without

        return shutil.get_terminal_size().columns

    @property
    def for_spreadsheet(self) -> bool:
        """Whether CSV is written as spreadsheets want it."""
        named = (self.output or "").lower().endswith(".csv")
        return self.style == "spreadsheet" or (self.style is None and named)

    def streaming(self) -> Answer:
        """Give the same for rows that are written as they come: CSV where nothing else is asked.

        Raises:
            UnknownName: it is a form that takes all rows.
        """
        if self.forms and self.form not in W3C:
            told = "(no table can be laid out of rows that are yet to come)"
            raise UnknownName("format for --stream", self.form, W3C, told)
        return self._replace(forms=self.forms or ("csv",))

    def most_rows(self, max_rows: int | None) -> int | None:
        """Give how many rows are taken: as asked; of what is laid out whole not without end."""
        return max_rows or _MOST_LAID_OUT.get(self.form)

    def write(self, *parts: Part) -> None:
        """Write an answer: rows in their form, texts and bytes as they are."""
        if self.to_file:
            from ..files.output import write_whole
            from ..stopping import Stream

            assert self.output is not None

            def content(file: IO[bytes]) -> None:
                self._put(parts, Stream(file))

            write_whole(self.output, content)
        else:
            _to_standard_output(lambda sink: self._put(parts, sink))
        for part in parts:
            if isinstance(part, Result) and part.truncated and not part.cut:
                tell_truncated(len(part))
            elif isinstance(part, Streamed) and part.truncated:
                tell_truncated(part.count)

    def _hand_on(self) -> None:
        if not self.to_file:
            sys.stdout.buffer.flush()

    def _put(self, parts: Sequence[Part], sink: Sink) -> None:
        for part in parts:
            if isinstance(part, bytes):
                sink.write(part)
            elif isinstance(part, str):
                sink.write(part.encode())
            elif self.form == "csv" and self.for_spreadsheet:
                part.write_sheet(sink, self.lang)
            elif isinstance(part, Streamed):
                part.write(self.form, sink, self._hand_on)
            else:
                part.write(self.form, sink, self.width)


def tell_truncated(count: int, what: str = "rows") -> None:
    """Tell that there are more rows than those that were written."""
    tell(
        f"coproduction: the first {count:,} {what}; there are more "
        "(--max-rows N sets how many; csv, tsv, json and xml have no limit of their own)"
    )


def tell_unordered() -> None:
    """Tell that rows are written as they are found."""
    tell("coproduction: the rows come as they are found, in no order; without --stream as asked")


_PROBLEM = (
    Sentence("cell"), Sentence("column"), Sentence("level"), Sentence("value"), Sentence("fix"),
)  # fmt: skip
_LEVELS = (Sentence("error"), Sentence("warning"), Sentence("info"))
"""Headings and levels of a report, which a person is told in a language."""


def write_problems(problems: Sequence[Problem], to: Answer, most: int | None = None) -> None:
    """Write a report; in a table, at most so many lines."""
    form = to.forms[0] if to.forms else None
    if form is None and not to.is_terminal and most is None:
        form = "csv"
    if form in ("csv", "json", "html"):
        from ..cases.report import report_bytes

        to.write(
            report_bytes(problems, form, to.lang, sheet=to.lang if to.for_spreadsheet else None)
        )
    elif problems or to.to_file:
        say = speaker(to.lang if to.lang in LANGUAGES else "en")
        rows = [(p.cell, p.column, say(p.level), p.value, p.fix) for p in problems[:most]]
        count = say.plural("{count:,} finding", "{count:,} findings", len(problems))
        if most is not None and len(problems) > most:
            count = say("{findings}, of which the first {most}", findings=count, most=most)
        table = Result.of_rows(_PROBLEM, rows, "").told(say, count)
        to._replace(forms=("table",)).write(table)
        if most is not None and len(problems) > most:
            tell(say("--report FILE.csv has all of them"))


def write_text(text: str, output: str | None = None) -> None:
    """Write text to a file, or to standard output."""
    write_bytes(text.encode(), output)


def write_bytes(data: bytes, output: str | None = None) -> None:
    """Write bytes to a file, whole or not at all, or to standard output."""
    if data and not data.endswith(b"\n") and output in (None, "-") and sys.stdout.isatty():
        data += b"\n"
    Answer((), output).write(data)


def write_picture(picture: Picture, output: str | None, width: int | None = None) -> None:
    """Write a picture, as the ending of the file says; SVG to standard output.

    Args:
        picture: what is drawn.
        output: the file, or None for standard output.
        width: of a PNG, in pixels.
    """
    from ..pictures.convert import ending_of

    write_bytes(picture.content(ending_of(output), width), output)


def _to_standard_output(put: Callable[[Sink], None]) -> None:
    from ..stopping import Stream

    stream = Stream(sys.stdout.buffer)
    if sys.stdout.isatty():
        shown = Changed(stream, visible)
        put(shown)
        shown.finish()
        if not shown.ended:  # JSON and XML of the engine end without one
            stream.write(b"\n")
    else:
        put(stream)
    sys.stdout.buffer.flush()
