"""`coproduction convert`: a register to parts of N-Triples, for an engine's own bulk loader."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .load import check_files, list_problems, report_options, tell_counts, write_files
from .options import reading_of, reading_options, spoken_option
from .progress import progress_bar
from .telling import tell

if TYPE_CHECKING:
    from ..cases.converting import Conversion


@click.command()
@click.argument("file", metavar="FILE")
@click.option(
    "-o", "--output", metavar="DIR", required=True, help="New or empty folder for the parts."
)
@click.option(
    "--parts",
    type=click.IntRange(1, 400),
    metavar="N",
    help="Files that the cases are parted into; by default one a worker.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 512),
    metavar="N",
    help="Processes that convert, at most one a part; by default one a core.",
)
@click.option("--quads", is_flag=True, help="Write N-Quads, which name the graph in each line.")
@click.option("--compress", is_flag=True, help="Compress the parts (gzip).")
@click.option(
    "--number",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    metavar="N",
    help="Number of the load, which names its graph: one that the server has not yet.",
)
@reading_options
@spoken_option("of a table without it, that of its headings")
@click.option("--strict", is_flag=True, help="Write nothing unless no row has an error.")
@report_options
def convert(
    file: str,
    output: str,
    parts: int | None,
    workers: int | None,
    quads: bool,
    compress: bool,
    number: int,
    lang: str | None,
    strict: bool,
    report: str | None,
    marked: str | None,
    force: bool,
    form: str | None,
    **reading: Any,
) -> int:
    """Convert the cases of a table to parts of N-Triples, for a server's own bulk loader.

    The statements are those that load would write, and rows with errors are set aside as there.
    The folder holds all that a server needs; manifest.json says which graph each file belongs to,
    and docs/scale.md how each engine takes them. Exits 1 where rows were set aside.
    """
    from ..cases.conversion_worker import Form
    from ..cases.converting import convert as convert_file

    how = reading_of(reading)
    check_files((file,), None, report, marked, force, reading["mapping"], how.mapping)
    with progress_bar(Path(file).name, doing=("converting", "checking")) as progress:
        done = convert_file(
            file,
            output,
            replace(how, progress=progress),
            parts=parts,
            workers=workers,
            form=Form(quads, compress),
            load=number,
            strict=strict,
            lang=lang,
        )
    _tell(done)
    list_problems([done.outcome], form)
    write_files(report, marked, file, force, [done.outcome], how)
    return 1 if done.outcome.set_aside else 0


def _tell(done: Conversion) -> None:
    """Say how many rows were converted, what was written, and where it says how to go on."""
    from ..messages import speaker

    outcome = done.outcome
    say = speaker(outcome.lang)
    count = say.plural("{count:,} converted", "{count:,} converted", outcome.loaded)
    tell_counts(outcome, count)
    if done.folder is None and not outcome.read:
        tell(say("There is no case in {file}, so nothing was written.", file=outcome.file))
    if done.folder is None:
        return
    files = say.plural("{count:,} file", "{count:,} files", len(done.parts))
    written = say.plural(
        "{count:,} statement of the graph {graph}",
        "{count:,} statements of the graph {graph}",
        done.statements,
        graph=done.graph,
    )
    tell(f"{done.folder}: {files}, {written}")
    tell(
        say(
            "manifest.json says which graph each file belongs to, in the order of loading; how "
            "each engine takes them: docs/scale.md"
        )
    )
