"""Checks of the links to other vocabularies: a set says where it comes from, a row why it is so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ..errors import DataError
from ..knowledge.alignments import NO_TERM, Link, read_links
from ..names import RDFS
from .finding import Finding

_SLOTS: Final = (
    "mapping_set_id",
    "mapping_set_version",
    "mapping_set_description",
    "license",
    "creator_label",
    "subject_source",
    "object_source",
    "mapping_date",
)
"""What the header of a set says, by the names of SSSOM."""


def link_findings(store: ox.Store, folder: Path) -> Iterator[Finding]:
    """Give what is missing in the sets of links of a folder.

    Args:
        store: the graphs, with the labels of our terms.
        folder: the sets, ``*.sssom.tsv``.
    """
    for path in sorted(folder.glob("*.sssom.tsv")):
        try:
            links = read_links(path)
        except DataError:
            continue  # told where the names in files are looked up
        for slot in _SLOTS:
            if not links.metadata.get(slot):
                fix = f"Add the line '#{slot}: ...' in front of the rows."
                yield _half(path, path.name, f"the header has no {slot}", fix)
        seen: set[tuple[str, str]] = set()
        for link in links.links:
            for why, fix in _wrong(store, link):
                yield _half(path, link.subject, f"the link to {link.target} {why}", fix)
            if (link.subject, link.target) in seen:
                why = f"the link to {link.target} is there twice"
                yield _half(path, link.subject, why, "Keep one of the rows.")
            seen.add((link.subject, link.target))


def _wrong(store: ox.Store, link: Link) -> Iterator[tuple[str, str]]:
    """Give what is wrong with a row, and what to do."""
    quads = store.quads_for_pattern(ox.NamedNode(link.subject), ox.NamedNode(RDFS + "label"), None)
    labels = {
        quad.object.value
        for quad in quads
        if isinstance(quad.object, ox.Literal) and quad.object.language == "en"
    }
    if labels and link.label not in labels:
        yield f"calls our term {link.label!r}", f"Write its label, {min(labels)!r}."
    if link.target != NO_TERM and not link.target_label:
        yield "has no object_label", "Write the label that the vocabulary gives its term."
    if not link.justification:
        how = "Say how it was found, such as semapv:ManualMappingCuration."
        yield "has no mapping_justification", how
    if not link.comment:
        yield "has no comment", "Say in a sentence why it holds."
    if not 0 < link.confidence <= 1:
        yield f"has the confidence {link.confidence:g}", "Give one above 0 and up to 1."


def _half(path: Path, term: str, why: str, fix: str) -> Finding:
    return Finding("half-link", "error", term, f"{path.name}: {why}.", fix, str(path))
