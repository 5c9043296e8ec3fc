"""How our terms stand to those of other vocabularies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ..knowledge.alignments import NO_TERM
from ..knowledge.terms import labels
from ..names import compact
from .tables import table, text

if TYPE_CHECKING:
    from ..knowledge.alignments import Link
    from ..results.result import Result
    from ..store.protocol import Store


def links_table(store: Store, links: Sequence[Link], lang: str) -> Result:
    """Give links as rows whose ends lead to the terms.

    Args:
        store: where the names of our terms are.
        links: of one term, or of many.
        lang: language of those names.
    """
    names = {link.subject: link.label for link in links}
    if lang != "en":
        names |= labels(store, names, lang)
    columns = ["term", "termLabel", "relation", "target", "targetLabel", "vocabulary"]
    return table(
        [*columns, "confidence", "why"],
        [
            (
                ox.NamedNode(link.subject),
                names[link.subject],
                ("not " if link.negated else "") + compact(link.predicate).rpartition(":")[2],
                ox.NamedNode(link.target) if link.target != NO_TERM else None,
                link.target_label or "(no term found)",
                link.vocabulary,
                link.confidence,
                text(link.comment, "en"),
            )
            for link in links
        ],
    )
