"""`coproduction links` and `link`: how terms stand to those of other vocabularies."""

from __future__ import annotations

from pathlib import Path

import click

from ..files.endings import forms_of
from ..messages import counted
from ..names import compact
from ..results.forms import FORMATS
from ..results.result import Result
from . import completion
from .answers import Answer, answer_options, write_text
from .options import check_output, lang_option, output_option
from .progress import progress_bar
from .telling import tell


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
    from ..knowledge.alignments import all_links, canonical_iri, serialize_links, sound_links

    # As an ontology links are given whole or not at all.
    partly = vocabulary is None and to.form not in ("ttl", "owl")
    found, broken = sound_links() if partly else (all_links(vocabulary), [])
    for why in broken:
        tell(f"coproduction: {why}")
    if term is not None:
        from ..knowledge.terms import find_term
        from ..store.embedded import Store

        targets = {link.target for link in found}
        iri = canonical_iri(term)
        if iri not in targets:
            iri = find_term(Store.packaged(), term)
        found = [link for link in found if iri in (link.subject, link.target)]
    if to.form in ("ttl", "owl"):
        to.write(serialize_links(found, to.form))
        return
    names = {link.subject: link.label for link in found}
    if lang != "en":
        from ..evidence.rows import labels_of
        from ..store.embedded import Store

        names |= labels_of(Store.packaged(), names, lang)
    rows: list[tuple[str, ...]] = [
        (
            names[link.subject],
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
    if to.form in ("table", "md", "html"):
        rows = [row[: len(headings)] for row in rows]
    else:
        headings = [*headings, "termIri", "targetIri"]
    to.write(Result.of_rows(headings, rows, "links"))


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
    from ..knowledge.matching import Matcher, read_labels, read_vocabulary, to_sssom

    check_output(output, (file, vocabulary))
    forms_of(output, None, ("tsv",))
    labels = read_labels(file, column)
    matcher = Matcher(read_vocabulary(vocabulary), least)
    found = []
    matched = 0
    with progress_bar(Path(file).name) as progress:
        for number, (label, place) in enumerate(labels, start=1):
            candidates = matcher.candidates(label)
            matched += bool(candidates)
            found += [(place, candidate) for candidate in candidates]
            if number % 100 == 0:
                progress(number, number / len(labels))
    write_text(to_sssom(found, Path(file).name, Path(vocabulary).name), output)
    read = counted(len(labels), "label")
    tell(f"{read}: {matched:,} with candidates, {len(labels) - matched:,} without")
