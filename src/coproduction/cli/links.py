"""`coproduction links`: how our terms stand to those of other vocabularies."""

from __future__ import annotations

import click

from ..names import compact
from ..result import Result
from .options import format_option, write_rows, write_text


@click.command()
@click.argument("term", required=False)
@click.option("--to", "vocabulary", metavar="NAME", help="Only links to this vocabulary.")
@format_option(
    "table",
    "csv",
    "tsv",
    "json",
    "md",
    "html",
    "ttl",
    "owl",
    help="Form of the rows; ttl and owl give the links as an ontology of their own.",
)
def links(term: str | None, vocabulary: str | None, form: str | None) -> None:
    """List the links of TERM to other vocabularies, or all links.

    TERM is one of ours (as for `show`), or an IRI of another vocabulary. A link with "not" before
    its relation is a false friend.
    """
    from ..links import all_links, canonical_iri, serialize_links

    found = all_links(vocabulary)
    if term is not None:
        from ..store import Store
        from ..terms import find_term

        targets = {link.target for link in found}
        iri = canonical_iri(term)
        if iri not in targets:
            iri = find_term(Store.packaged(), term)
        found = [link for link in found if iri in (link.subject, link.target)]
    if form in ("ttl", "owl"):
        write_text(serialize_links(found, form))
        return
    rows: list[tuple[str, ...]] = [
        (
            link.label,
            ("not " if link.negated else "") + compact(link.predicate).rpartition(":")[2],
            link.target_label or "(no term found)",
            link.vocabulary,
            f"{link.confidence:g}",
            link.comment,
            link.subject,
            link.target,
        )
        for link in found
    ]
    headings = ["term", "relation", "target", "vocabulary", "confidence", "why"]
    if form in (None, "table", "md", "html"):
        rows = [row[: len(headings)] for row in rows]
    else:
        headings = [*headings, "termIri", "targetIri"]
    write_rows(Result.of_rows(headings, rows, "links"), form)
