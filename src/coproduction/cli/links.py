"""`coproduction links` and `link`: how terms stand to those of other vocabularies."""

from __future__ import annotations

from pathlib import Path

import click

from ..files.endings import forms_of
from ..messages import counted
from ..results.forms import FORMATS
from . import completion
from .answers import Answer, answer_options, write_text
from .options import check_output, lang_option, output_option
from .progress import progress_bar
from .telling import note, tell


@click.command()
@click.argument("term", required=False)
@click.option(
    "--to",
    "vocabulary",
    metavar="NAME",
    help="Only links to this vocabulary.",
    shell_complete=completion.vocabularies,
)
@lang_option
@answer_options(
    *FORMATS,
    "ttl",
    "owl",
    help="Form of the rows; ttl and owl give the links as an ontology of their own.",
)
def links(term: str | None, vocabulary: str | None, lang: str, to: Answer) -> None:
    """List the links of TERM to other vocabularies, or all links.

    TERM is one of ours (as for `show`), or an IRI of another vocabulary. A link with "not" before
    its relation is a false friend.
    """
    from ..knowledge.alignments import all_links, serialize_links
    from ..knowledge.links_of_terms import links_to, table_of_links
    from ..store.embedded import Store

    if to.form in ("ttl", "owl") and vocabulary is None:
        all_links()  # as an ontology links are given whole or not at all
    store = Store.packaged()
    found, broken = links_to(store, term, vocabulary)
    for why in broken:
        note(why)
    if to.form in ("ttl", "owl"):
        to.write(serialize_links(found, to.form))
        return
    table = table_of_links(store, found, lang)
    to.write(table.without("termIri", "targetIri") if to.for_people else table)


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

    FILE is a table or RDF. Known false friends are never proposed.
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
