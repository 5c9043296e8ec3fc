"""What several commands share: their options."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ..errors import DataError
from ..names import LANGUAGES
from . import completion
from .telling import note

if TYPE_CHECKING:
    from ..cases.reading import Reading
    from ..knowledge_graph import KnowledgeGraph

Command = Callable[..., Any]

TIMEOUT = 600.0
"""Seconds that a question or query may take by default."""


def data_option(command: Command) -> Command:
    """Add ``--data FILE``, repeatable."""
    return click.option(
        "--data",
        "data",
        multiple=True,
        metavar="FILE",
        help="Add a file of yours for this run: RDF, or cases in a sheet (repeatable).",
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
            shell_complete=completion.mappings,
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


def reading_of(options: dict[str, Any]) -> Reading:
    """Give what was said with :func:`reading_options`, as the reader takes it."""
    from ..cases.reading import Reading

    given = {name: value for name, value in options.items() if value not in (None, ())}
    if "defaults" in given:
        pairs = [text.partition("=") for text in given["defaults"]]
        wrong = next(("".join(pair) for pair in pairs if not all(pair)), None)
        if wrong is not None:
            raise DataError(f"--set {wrong}: write KEY=VALUE, such as country=NO")
        given["defaults"] = {key.strip(): value.strip() for key, _, value in pairs}
    if "mapping" in given:
        from ..cases.mapping_files import find_mapping

        given["mapping"] = find_mapping(given["mapping"])
    return Reading(**given)


def lang_option(command: Command) -> Command:
    """Add ``--lang``."""
    return click.option(
        "--lang",
        default="en",
        show_default=True,
        metavar="TAG",
        callback=lambda context, option, tag: language_asked(tag),
        help="Language of the labels: en, sv, de, fr; English stands in for a missing one.",
    )(command)


def language_asked(tag: str) -> str:
    """Take the language of a tag such as sv-SE, and tell of one in which no label is shipped."""
    from ..messages import language_of

    lang = language_of(tag)
    if lang not in LANGUAGES:
        note(
            f"labels are shipped in {', '.join(LANGUAGES)}; in {tag!r} there are those "
            "of your own data, if any, and English stands in"
        )
    return lang


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


class Scope(NamedTuple):
    """Which graphs are asked beside the packaged ones."""

    data: tuple[str, ...] = ()
    store: str | None = None
    cases: bool = False
    links: bool = False


def open_graph(scope: Scope, *, to_check: bool = False) -> KnowledgeGraph:
    """Open the graphs in scope, to be asked or, with what is broken in rules, to be checked."""
    from .. import opening
    from ..stopping import asks_store

    opened = opening.open_to_check if to_check else opening.open
    kg = opened(scope.data, store=scope.store, cases=scope.cases, links=scope.links)
    if kg.store.folder is not None:
        asks_store(kg.store.folder)
    note(kg.note)
    return kg


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
    from ..files.output import check_outputs, check_writable

    check_outputs([output], inputs, store)
    check_writable(output)


force_option = click.option("--force", is_flag=True, help="Replace a file that exists.")
