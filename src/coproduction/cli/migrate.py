"""`coproduction migrate`: a file of yours with the terms that replace deprecated ones."""

from __future__ import annotations

from pathlib import Path

import click

from ..errors import DataError
from .answers import write_bytes
from .options import output_option, spoken_option
from .scope import check_output
from .telling import note


@click.command()
@click.argument("file")
@output_option
@spoken_option()
def migrate(file: str, output: str | None, lang: str | None) -> None:
    """Write FILE, RDF or SPARQL, with the new name of each term of ours that was renamed.

    Old names stay valid: data and queries that have them are read by the new ones, and told.
    A term that another vocabulary says now, or two terms of ours, is left as it is, and told.
    Turtle, TriG, N-Triples, N-Quads and SPARQL keep their comments and their layout.
    """
    from ..export.migration import migrated
    from ..messages import speaker

    check_output(output, (file,))
    if output not in (None, "-") and Path(output).suffix.lower() != Path(file).suffix.lower():
        raise DataError(f"{output}: the format stays as it is: give it the ending of {file}")
    say = speaker(lang or "en")
    content, told = migrated(file)
    write_bytes(content, output)
    words = list(map(say.again, told)) or [say("no deprecated term is in it")]
    note("\n".join(f"{file}: {each}" for each in words))
