"""What several commands share: their options, and how they write."""

from __future__ import annotations

import codecs
import functools
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple, cast

import click

from ..errors import DataError
from ..names import LANGUAGES
from ..result import FORMATS, Result
from .telling import tell

if TYPE_CHECKING:
    from ..graph import KnowledgeGraph
    from ..records import Problem

Command = Callable[..., Any]

TIMEOUT = 600.0
"""Seconds that a question or query may take by default."""
_MOST_LAID_OUT = {"table": 10_000, "md": 100_000, "html": 100_000}


def data_option(command: Command) -> Command:
    """Add ``--data FILE``, repeatable."""
    return click.option(
        "--data",
        "data",
        multiple=True,
        metavar="FILE",
        help="Add an RDF file of yours for this run (repeatable).",
    )(command)


def store_option(required: bool = False) -> Callable[[Command], Command]:
    """Add ``--store DIR``."""
    return click.option(
        "--store",
        metavar="DIR",
        required=required,
        envvar="COPRODUCTION_STORE",
        help="Your store (a folder; also from COPRODUCTION_STORE).",
    )


def cases_option(command: Command) -> Command:
    """Add ``--cases``."""
    return click.option("--cases", is_flag=True, help="Ask the shipped cases too.")(command)


def scope_options(command: Command) -> Command:
    """Add what says which graphs are asked: ``--data``, ``--store``, ``--cases``, ``--links``.

    The command takes them as one argument `scope`, for :func:`open_graph`.
    """

    @functools.wraps(command)
    def with_scope(
        *args: Any,
        data: tuple[str, ...],
        store: str | None,
        cases: bool,
        links: bool,
        **options: Any,
    ) -> Any:
        return command(*args, scope=Scope(data, store, cases, links), **options)

    return data_option(store_option()(cases_option(_links_option(with_scope))))


def _links_option(command: Command) -> Command:
    return click.option("--links", is_flag=True, help="Ask the links to other vocabularies too.")(
        command
    )


def reading_options(command: Command) -> Command:
    """Add what says how a file of cases is read."""
    options = (
        click.option(
            "--as",
            "mapping",
            metavar="NAME",
            help="Read the table by a mapping: a name, or a .toml file of yours.",
        ),
        click.option(
            "--set",
            "defaults",
            metavar="KEY=VALUE",
            multiple=True,
            help="Value of a field wherever the file has none, such as country=NO. Repeatable.",
        ),
        click.option(
            "--sheet",
            metavar="NAME",
            help="Sheet of the workbook; by default the visible one that has the headings.",
        ),
        click.option(
            "--encoding", metavar="NAME", help="Encoding of a CSV file, if not UTF-8 or cp1252."
        ),
        click.option(
            "--base", metavar="IRI", help="What the IRIs of your cases begin with, before the id."
        ),
        click.option("--largest", type=int, metavar="BYTES", help="Refuse files above this size."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def reading_of(options: dict[str, Any]) -> dict[str, Any]:
    """Give what was said with :func:`reading_options`, as the reader takes it."""
    given = {name: value for name, value in options.items() if value not in (None, ())}
    if "defaults" in given:
        pairs = [text.partition("=") for text in given["defaults"]]
        wrong = next(("".join(pair) for pair in pairs if not all(pair)), None)
        if wrong is not None:
            raise DataError(f"--set {wrong}: write KEY=VALUE, such as country=NO")
        given["defaults"] = {key.strip(): value.strip() for key, _, value in pairs}
    if "mapping" in given:
        from ..mappings import find_mapping

        given["mapping"] = find_mapping(given["mapping"])
    return given


def lang_option(command: Command) -> Command:
    """Add ``--lang``."""
    return click.option(
        "--lang",
        default="en",
        show_default=True,
        metavar="TAG",
        callback=_language_of_labels,
        help="Language of the labels: en, sv, de, fr; English stands in for a missing one.",
    )(command)


def _language_of_labels(context: click.Context, option: click.Parameter, tag: str) -> str:
    """Take the language of a tag such as sv-SE, and tell of one in which no label is shipped."""
    base = tag.replace("_", "-").partition("-")[0].lower()
    if base in LANGUAGES:
        return base
    if not base.isalpha():
        raise DataError(f"{tag!r} is no language tag; give one such as {', '.join(LANGUAGES)}")
    tell(
        f"coproduction: labels are shipped in {', '.join(LANGUAGES)}; in {tag!r} there are those "
        "of your own data, if any, and English stands in"
    )
    return tag


def spoken_option(default: str = "English by default") -> Callable[[Command], Command]:
    """Add ``--lang``, the language of what is told, where it has no fixed default."""
    return click.option(
        "--lang", metavar="TAG", help=f"Language of what is told: en, sv, de or fr; {default}."
    )


def limit_options(command: Command) -> Command:
    """Add ``--seconds`` and ``--memory``, the limits of HermiT."""
    time = click.option(
        "--seconds", type=float, metavar="N", help="Stop HermiT after N seconds; by default 600."
    )
    memory = click.option(
        "--memory", type=int, metavar="MB", help="Stop HermiT at MB megabytes; by default 2000."
    )
    return time(memory(command))


def stopping_options(command: Command) -> Command:
    """Add ``--timeout`` and ``--max-rows``; the limit of time is set before the command runs."""

    @functools.wraps(command)
    def limited(*args: Any, timeout: float, **options: Any) -> Any:
        from ..stopping import limit

        limit(timeout)
        return command(*args, **options)

    time = click.option(
        "--timeout",
        type=click.FloatRange(min=0),
        default=TIMEOUT,
        show_default=True,
        metavar="SECONDS",
        help="Stop after so many seconds; 0 for no limit.",
    )
    rows = click.option(
        "--max-rows",
        type=click.IntRange(min=1),
        metavar="N",
        help="Stop after N rows (triples of a graph), and tell if there are more.",
    )
    return time(rows(limited))


def format_option(*forms: str, help: str) -> Callable[[Command], Command]:
    """Add ``--format`` with the given choices, and no default."""
    return click.option("--format", "form", type=click.Choice(forms), help=help)


def output_option(command: Command) -> Command:
    """Add ``-o/--output FILE``."""
    return click.option(
        "-o", "--output", metavar="FILE", help="Write to FILE; '-' is standard output."
    )(command)


table_format = format_option(
    *FORMATS, help="Form of the rows; a table on a terminal and CSV in a pipe by default."
)


ROW_ENDINGS: Final = {
    "csv": "csv",
    "tsv": "tsv",
    "json": "json",
    "srj": "json",
    "xml": "xml",
    "srx": "xml",
    "md": "md",
    "html": "html",
    "txt": "table",
}
"""Form of rows by the ending of a file."""


def form_of_output(output: str | None, form: str | None, endings: Mapping[str, str]) -> str | None:
    """Give the form of what is written: as the ending of the file says, or as asked for.

    Args:
        output: the file, None or ``-`` for standard output.
        form: what ``--format`` says.
        endings: form by ending, without the full stop.

    Raises:
        DataError: the ending says another form than `form`, or no form is known by it.
    """
    if output in (None, "-"):
        return form
    path = Path(str(output))
    if (path.exists() and not path.is_file()) or path.parts[:2] == ("/", "dev"):
        return form  # a device or a pipe, whose name says nothing
    said = endings.get(path.suffix.lower().lstrip("."))
    if said is None and form is not None:
        return form
    known = ", ".join(f".{ending}" for ending in endings)
    if said is None:
        raise DataError(
            f"{output}: the ending {path.suffix or '(none)'} says no form that is written here: "
            f"use one of {known}, or say --format"
        )
    if form not in (None, said):
        raise DataError(f"{output}: the ending says {said}, and --format says {form}")
    return said


class Scope(NamedTuple):
    """Which graphs are asked beside the packaged ones."""

    data: tuple[str, ...] = ()
    store: str | None = None
    cases: bool = False
    links: bool = False


def open_graph(scope: Scope) -> KnowledgeGraph:
    """Open the graphs in scope."""
    from ..graph import open as open_knowledge_graph
    from ..stopping import asks_store

    kg = open_knowledge_graph(scope.data, store=scope.store, cases=scope.cases, links=scope.links)
    if kg.store.folder is not None:
        asks_store(kg.store.folder)
    for note in kg.note.splitlines():
        tell(f"coproduction: {note}")
    return kg


def form_of_rows(form: str | None) -> str:
    """Give the form asked for; by default a table on a terminal and CSV in a pipe."""
    return form or ("table" if sys.stdout.isatty() else "csv")


def most_rows(max_rows: int | None, form: str | None) -> int | None:
    """Give how many rows are taken: as asked, and of what is laid out whole not without end."""
    return max_rows or _MOST_LAID_OUT.get(form_of_rows(form))


def tell_truncated(count: int, what: str = "rows") -> None:
    """Tell that there are more rows than those that were written."""
    tell(
        f"coproduction: the first {count:,} {what}; there are more "
        "(--max-rows N sets how many; csv, tsv, json and xml have no limit of their own)"
    )


class _Terminal:
    """Standard output where it is a terminal: what it would obey is spelt out."""

    def __init__(self, inner: IO[bytes]) -> None:
        self._inner = inner
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def write(self, data: bytes) -> int:
        """Write a part of a text in UTF-8."""
        from ..spelling import visible

        text = self._decoder.decode(data).replace("\r\n", "\n")
        self._inner.write(visible(text).encode())
        return len(data)


def write_rows(result: Result, form: str | None, output: str | None = None) -> None:
    """Write rows to a file, whole or not at all, or to standard output.

    Args:
        result: the rows.
        form: of them; by default as :func:`form_of_rows` says.
        output: the file, None or ``-`` for standard output.
    """
    width = None
    if output not in (None, "-"):
        from ..output import write_whole
        from ..stopping import Stream

        chosen = form or "csv"
        write_whole(output, lambda file: result.write(chosen, Stream(file), width))
        if result.truncated:
            tell_truncated(len(result))
        return
    if sys.stdout.isatty():
        import shutil

        width = shutil.get_terminal_size().columns
    from ..stopping import Stream

    out: IO[bytes] = sys.stdout.buffer
    if sys.stdout.isatty():
        out = cast("IO[bytes]", _Terminal(out))
    result.write(form_of_rows(form), Stream(out), width)
    sys.stdout.buffer.flush()
    if result.truncated:
        tell_truncated(len(result))


def write_problems(
    problems: Sequence[Problem], form: str | None, most: int | None = None, lang: str = "en"
) -> None:
    """Write a report to standard output; in a table, at most so many lines."""
    if form is None and not sys.stdout.isatty() and most is None:
        form = "csv"
    if form in ("csv", "json", "html"):
        from ..report import report_text

        write_text(report_text(problems, form, lang))
    elif problems:
        keep = ("cell", "column", "level", "value", "fix")
        rows = [[str(getattr(p, name)) for name in keep] for p in problems[:most]]
        write_rows(Result.of_rows(keep, rows, ""), "table")
        if most is not None and len(problems) > most:
            tell(f"the first {most} of {len(problems):,}; --report FILE.csv has all")


def write_text(text: str, output: str | None = None) -> None:
    """Write text to a file, or to standard output; what a terminal would obey is spelt out."""
    if output in (None, "-") and sys.stdout.isatty():
        from ..spelling import visible

        text = visible(text)
    write_bytes(text.encode(), output)


def write_picture(
    drawn: Callable[[str], str], output: str | None, width: int | None = None
) -> None:
    """Write a picture, as the ending of the file says.

    Args:
        drawn: gives the SVG in a theme.
        output: the file, or None for standard output.
        width: of a PNG, in pixels.
    """
    from ..pictures.convert import WIDEST, WIDTH, convert, ending_of

    form = ending_of(output)
    if width is not None and form != "png":
        raise DataError("--width is the width of a PNG, in pixels: give -o FILE.png with it")
    if width is not None and not 1 <= width <= WIDEST:
        raise DataError(f"--width {width}: a PNG is 1 to {WIDEST:,} pixels wide")
    if form == "svg":
        write_text(drawn("auto"), output)
    else:
        write_bytes(convert(drawn("light"), form, width or WIDTH), output)


def write_bytes(data: bytes, output: str | None = None) -> None:
    """Write bytes to a file, whole or not at all, or to standard output."""
    if output is None or output == "-":
        sys.stdout.buffer.write(data)
        if data and not data.endswith(b"\n") and sys.stdout.isatty():
            sys.stdout.buffer.write(b"\n")
        sys.stdout.buffer.flush()
        return
    from ..output import write_whole

    write_whole(output, data)


def check_output(
    output: str | None, inputs: Sequence[str | Path | None] = (), store: str | None = None
) -> None:
    """Refuse an output that cannot be written, or that the command reads, before it starts.

    Args:
        output: the file, None or ``-``.
        inputs: the files that the command reads.
        store: the store that it reads.
    """
    if output is None or output == "-":
        return
    from ..output import check_outputs, check_writable

    check_outputs([output], inputs, store)
    check_writable(output)


force_option = click.option("--force", is_flag=True, help="Replace a file that exists.")
