"""The concepts as the claims of the source link them, as a table of links.

What draws them in a browser (``static/network.js``) reads that table by the places of its columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ..messages import Sentence, Speaker, speaker
from ..names import ID, in_words
from ..pictures.views import Row, rows, section_head
from ..results.result import Result
from .address import Address
from .page import Page
from .tables import table, text

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph

_ENDS: Final = ("subject", "object")
_COLUMNS: Final = (
    Sentence("subject"),
    Sentence("predicate"),
    Sentence("object"),
    Sentence("section"),
)
"""How columns are headed."""
_MOST: Final = 12
"""Terms of most claims that are named."""


def page(graph: AskedGraph, address: Address) -> Page:
    """Give the links.

    Args:
        graph: what is in scope.
        address: its state may have ``section``, the key of a part of the source, and ``term``,
            the local name of a term, whose links alone are shown.
    """
    say, lang = speaker(address.lang), address.lang
    everything = rows(graph.store, "claim-links", lang)
    section, term = address.get("section"), address.get("term")
    found = [
        row
        for row in everything
        if section in ("", str(row["section"]))
        and (not term or term in (_local(row[end]) for end in _ENDS))
    ]
    sections = {
        str(row["section"]): section_head(row["section"], row["placeLabel"]) for row in everything
    }
    terms = {str(row[end]): str(row[f"{end}Label"]) for row in everything for end in _ENDS}
    claims: dict[str, set[str]] = {iri: set() for iri in terms}
    for row in everything:
        for end in _ENDS:
            claims[str(row[end])].add(str(row["claimId"]))
    most = sorted(terms, key=lambda iri: (-len(claims[iri]), terms[iri].casefold()))[:_MOST]
    return Page(
        address,
        say("Network"),
        "network.html",
        {
            "sections": sections,
            "section": section,
            "term": term,
            "name": next((name for iri, name in terms.items() if _local(iri) == term), term),
            "most": [(len(claims[iri]), terms[iri], _local(iri)) for iri in most],
        },
        {"links": _table(found, say)},
        tuple(sorted({f"{ID}claim/{row['claimId']}" for row in found})),
        lead=say(
            "The concepts of the source as its claims link them: what each is about, and what it "
            "says of it."
        ),
    )


def _table(found: list[Row], say: Speaker) -> Result:
    return table(
        [
            "claim",
            "claimLabel",
            "subject",
            "subjectLabel",
            "predicate",
            "predicateLabel",
            "object",
            "objectLabel",
            "kind",
            "kindLabel",
            "section",
        ],
        [
            (
                ox.NamedNode(f"{ID}claim/{row['claimId']}"),
                str(row["claimId"]),
                *_end(row, "subject"),
                text(str(row["predicate"])),
                text(say(in_words(str(row["predicate"])))),
                *_end(row, "object"),
                *_end(row, "kind"),
                str(row["section"]),
            )
            for row in found
        ],
    )


def _end(row: Row, name: str) -> tuple[ox.NamedNode, str]:
    return ox.NamedNode(str(row[name])), str(row[f"{name}Label"])


def _local(iri: object) -> str:
    return str(iri).replace("#", "/").rpartition("/")[2]
