"""The labels of things, in a reader's language.

A label is chosen by its language: the exact tag that was asked for, the tag's base language,
English, no tag. Where a thing has several labels in one language, the smallest text is taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ..names import RDFS

if TYPE_CHECKING:
    from .protocol import Store

_LABEL: Final = RDFS + "label"


def label_tags(lang: str) -> list[str]:
    """Give the tags in which a label is looked for, the best first; "" is a label without one.

    Args:
        lang: a tag as people write it, such as ``sv-SE``.

    >>> label_tags("sv-SE"), label_tags("en")
    (['sv-se', 'sv', 'en', ''], ['en', ''])
    """
    whole = lang.replace("_", "-").lower()
    return list(dict.fromkeys([whole, whole.partition("-")[0], "en", ""]))


def labels(
    store: Store, iris: Iterable[str], lang: str, *, in_any: bool = False
) -> dict[str, ox.Literal]:
    """Give the label of each IRI that has one.

    Args:
        store: what is in scope.
        iris: those that are asked about.
        lang: a language tag.
        in_any: whether a label in any other language stands in, where there is none of these.
    """
    ranks = {tag: rank for rank, tag in enumerate(label_tags(lang))}
    best: dict[str, tuple[int, str]] = {}
    found: dict[str, ox.Literal] = {}
    for node, label in store.values_of(map(ox.NamedNode, iris), _LABEL):
        if not isinstance(label, ox.Literal):
            continue
        iri = node.value
        rank = ranks.get((label.language or "").lower(), len(ranks) if in_any else None)
        if rank is not None and (iri not in best or (rank, label.value) < best[iri]):
            best[iri], found[iri] = (rank, label.value), label
    return found
