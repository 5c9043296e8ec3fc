"""`coproduction links`: how terms stand to those of other vocabularies."""

from __future__ import annotations

import click

from ..results.forms import FORMATS
from . import completion
from .answers import Answer
from .options import answer_options, lang_option
from .telling import note


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
    its relation is a false friend. The files are SSSOM, tables of mappings between vocabularies
    with one in each row.
    """
    from ..knowledge.alignments import all_links, serialize_links
    from ..knowledge.links_of_terms import links_to, table_of_links
    from ..store.embedded import EmbeddedStore

    if to.form in ("ttl", "owl") and vocabulary is None:
        all_links()  # as an ontology links are given whole or not at all
    store = EmbeddedStore.packaged()
    found, broken = links_to(store, term, vocabulary)
    for why in broken:
        note(why)
    if to.form in ("ttl", "owl"):
        to.write(serialize_links(found, to.form))
        return
    table = table_of_links(store, found, lang)
    to.write(table.without("termIri", "targetIri") if to.for_people else table)
