"""What several commands share: their options."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from ..errors import DataError
from ..files.endings import forms_of
from ..results.forms import FORMATS
from . import completion
from .answers import Answer
from .scope import TIMEOUT, Scope, check_output, language_asked

if TYPE_CHECKING:
    from ..cases.reading import Reading

Command = Callable[..., Any]


def command_of(
    work: Command, *options: Callable[[Command], Command], name: str | None = None
) -> click.Command:
    """Give the command of a function, whose options stand in the order of its help.

    A command that is asked in its plain form too is made so, where the line is parsed.
    """
    for option in reversed(options):
        work = option(work)
    return click.command(name)(work)


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
    """Add what says what is asked: ``--data``, ``--store``, ``--cases``, ``--links`` and the like.

    The command takes them as one argument `scope`, for :func:`open_graph`.
    """

    @functools.wraps(command)
    def with_scope(
        *args: Any,
        data: tuple[str, ...],
        store: str | None,
        cases: bool,
        links: bool,
        at: int | None,
        endpoint: str | None,
        in_memory: bool,
        **options: Any,
    ) -> Any:
        store, endpoint = _home(store, endpoint)
        scope = Scope(data, store, cases, links, at, endpoint, in_memory)
        return command(*args, scope=scope, **options)

    graphs = cases_option(_links_option(_at_option(_memory_option(with_scope))))
    return data_option(store_option()(endpoint_option(graphs)))


def homes(command: Command) -> Command:
    """Add ``--store DIR`` and ``--endpoint URL``, of which one has to be given."""

    @functools.wraps(command)
    def with_home(*args: Any, store: str | None, endpoint: str | None, **options: Any) -> Any:
        store, endpoint = _home(store, endpoint)
        if store is None and endpoint is None:
            raise DataError("say where: --store DIR, or --endpoint URL of a SPARQL server")
        return command(*args, store=store, endpoint=endpoint, **options)

    return store_option()(endpoint_option(with_home))


def _home(store: str | None, endpoint: str | None) -> tuple[str | None, str | None]:
    """Give the one home of graphs that is meant: what stands in the line, before the environment.

    Raises:
        DataError: both stand in the line, or both in the environment alone.
    """
    if store is None or endpoint is None:
        return store, endpoint
    line, context = click.core.ParameterSource.COMMANDLINE, click.get_current_context()
    said = {name: context.get_parameter_source(name) == line for name in ("store", "endpoint")}
    if said["store"] and not said["endpoint"]:
        return store, None
    if said["endpoint"] and not said["store"]:
        return None, endpoint
    if said["store"]:
        raise DataError("--store and --endpoint name two homes of graphs: give one of them")
    raise DataError(
        "COPRODUCTION_STORE and COPRODUCTION_ENDPOINT are both set, and name two homes of graphs: "
        "give --store or --endpoint"
    )


def endpoint_option(command: Command) -> Command:
    """Add ``--endpoint URL``."""
    return click.option(
        "--endpoint",
        metavar="URL",
        envvar="COPRODUCTION_ENDPOINT",
        help="A SPARQL server that holds the graphs, in place of a store (a password stands in "
        "the environment or in netrc; also from COPRODUCTION_ENDPOINT).",
    )(command)


def _at_option(command: Command) -> Command:
    return click.option(
        "--at",
        type=click.IntRange(1500, 2100),
        metavar="YEAR",
        help="Ask the cases as they were in a year, by what is observed of it.",
    )(command)


def _memory_option(command: Command) -> Command:
    return click.option(
        "--in-memory",
        is_flag=True,
        help="Copy --store into memory first, and ask it there: for 'serve', and what asks much.",
    )(command)


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


def stream_option(command: Command) -> Command:
    """Add ``--stream``."""
    return click.option(
        "--stream",
        "streaming",
        is_flag=True,
        help="Write rows as they are found, in no order and a row for each combination of values, "
        "as csv, tsv, json or xml; no row is held, and the first comes at once.",
    )(command)


def format_option(*forms: str, help: str) -> Callable[[Command], Command]:
    """Add ``--format`` with the given choices, and no default."""
    return click.option("--format", "form", type=click.Choice(forms), help=help)


def output_option(command: Command) -> Command:
    """Add ``-o/--output FILE``."""
    return click.option(
        "-o", "--output", metavar="FILE", help="Write to FILE; '-' is standard output."
    )(command)


_ROWS_HELP = (
    "Form of the rows; a table on a terminal and CSV in a pipe by default, else what the ending "
    "of FILE says. csv, tsv, json and xml are SPARQL results, objects is a JSON array."
)


def answer_options(
    *forms: str, choices: Sequence[str] = (), help: str = _ROWS_HELP, has_lang: bool = True
) -> Callable[[Command], Command]:
    """Add ``--format``, ``-o FILE`` and ``--csv``; the command takes them as one argument `to`.

    Args:
        forms: that the command writes; those of rows where none is named.
        choices: those that ``--format`` takes, where these are fewer.
        help: of ``--format``.
        has_lang: whether the command has a ``--lang`` of its own; else one is added, which says
            the separator of a spreadsheet alone.
    """
    written = forms or FORMATS

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def with_answer(
            *args: Any, form: str | None, output: str | None, csv: str | None = None, **options: Any
        ) -> Any:
            read = [*options.get("data", ()), *options.get("files", ()), options.get("file")]
            check_output(output, read, options.get("store"))
            meant = forms_of(output, form, written)
            lang = options.get("lang") if has_lang else options.pop("lang")
            to = Answer(meant, output, csv, str(lang or "en"))
            return command(*args, to=to, **options)

        given = [
            click.option("--format", "form", type=click.Choice(choices or written), help=help),
            click.option(
                "-o",
                "--output",
                metavar="FILE",
                help="Write to FILE, whose ending says the form; '-' is standard output.",
            ),
        ]
        if "csv" in written:
            given += [_csv_option] if has_lang else [_csv_option, _csv_lang_option]
        for option in reversed(given):
            with_answer = option(with_answer)
        return with_answer

    return decorate


_csv_option = click.option(
    "--csv",
    type=click.Choice(("spreadsheet", "w3c")),
    help="CSV for spreadsheets (formulas escaped, byte order mark, the separator that Excel "
    "takes in --lang), the default in a FILE, or as the W3C has it, the default elsewhere.",
)
_csv_lang_option = click.option(
    "--lang",
    default="en",
    show_default=True,
    metavar="TAG",
    callback=lambda context, option, tag: language_asked(tag),
    help="Language of what is told, and of the spreadsheet that CSV is for: en, sv, de or fr.",
)


force_option = click.option("--force", is_flag=True, help="Replace a file that exists.")
