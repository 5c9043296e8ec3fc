"""`coproduction link`: terms of a vocabulary proposed for labels."""

from __future__ import annotations

from pathlib import Path

import click

from ..files.endings import forms_of
from ..messages import counted
from .answers import write_text
from .options import output_option
from .progress import progress_bar
from .scope import check_output
from .telling import tell


@click.command()
@click.argument("file")
@click.option(
    "--to",
    "vocabulary",
    required=True,
    metavar="FILE",
    help="The vocabulary: SKOS or other RDF, or a table with codes and labels.",
)
@click.option("--column", metavar="NAME", help="Column of FILE that holds the labels.")
@click.option(
    "--least",
    type=click.FloatRange(50, 100),
    default=88.0,
    show_default=True,
    help="Likeness, of 100, from which labels are proposed to be one.",
)
@output_option
def link(file: str, vocabulary: str, column: str | None, least: float, output: str | None) -> None:
    """Propose terms of a vocabulary for the labels in FILE, as SSSOM for a person to accept.

    SSSOM is a table of mappings between vocabularies, one in each row. FILE is a table or RDF.
    Known false friends are never proposed.
    """
    from ..knowledge.matching import propose, to_sssom

    check_output(output, (file, vocabulary))
    forms_of(output, None, ("tsv",))
    labels = 0

    def count(done: int, share: float) -> None:
        nonlocal labels
        labels = done
        progress(done, share)

    with progress_bar(Path(file).name) as progress:
        found = propose(file, vocabulary, column, least, count)
    matched = len({one.place for one in found})
    write_text(to_sssom(found, Path(file).name, Path(vocabulary).name), output)
    read = counted(labels, "label")
    tell(f"{read}: {matched:,} with candidates, {labels - matched:,} without")
