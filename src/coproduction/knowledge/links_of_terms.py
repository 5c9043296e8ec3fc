"""The links of our terms to other vocabularies, found by either end, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from ..names import compact
from ..results.result import Result
from ..store.protocol import Store
from .alignments import Link, all_links, canonical_iri, sound_links
from .terms import find_term, labels


def links_to(
    store: Store, term: str | None = None, vocabulary: str | None = None
) -> tuple[list[Link], list[str]]:
    """Give the links of a term, or to a vocabulary, or all.

    Args:
        store: where a term of ours is looked for.
        term: one of ours, by any of its names, or an IRI of another vocabulary.
        vocabulary: the name of one, such as ``stw``.

    Returns:
        the links, and what is wrong with files that cannot be read, where all are looked through.

    Raises:
        UnknownName: there is no such term or vocabulary.
        DataError: the file of the vocabulary cannot be read.
    """
    found, broken = sound_links() if vocabulary is None else (all_links(vocabulary), [])
    if term is not None:
        iri = canonical_iri(term)
        if iri not in {link.target for link in found}:
            iri = find_term(store, term)
        found = [link for link in found if iri in (link.subject, link.target)]
    return found, broken


def table_of_links(store: Store, links: Sequence[Link], lang: str = "en") -> Result:
    """Give links as rows.

    Args:
        store: where the names of our terms are.
        links: as :func:`links_to` gives them.
        lang: language of those names.

    Returns:
        rows ``term``, ``relation`` (with "not" before it for a false friend), ``target``,
        ``vocabulary``, ``confidence``, ``why``, and the two IRIs.
    """
    names = {link.subject: link.label for link in links}
    if lang != "en":
        names |= labels(store, names, lang)
    rows = [
        (
            names[link.subject],
            ("not " if link.negated else "") + compact(link.predicate).rpartition(":")[2],
            link.target_label or "(no term found)",
            link.vocabulary,
            link.confidence,
            link.comment,
            link.subject,
            link.target,
        )
        for link in links
    ]
    headings = ["term", "relation", "target", "vocabulary", "confidence", "why"]
    return Result.of_rows([*headings, "termIri", "targetIri"], rows, "links")
