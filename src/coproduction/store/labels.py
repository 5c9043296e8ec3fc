"""The labels of things, in a reader's language.

A label is chosen by its language: the exact tag that was asked for, the tag's base language,
English, no tag. Where a thing has several labels in one language, the smallest text is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ..names import RDFS

if TYPE_CHECKING:
    from .protocol import Store

_LABEL: Final = RDFS + "label"
_BATCH: Final = 10_000
"""IRIs that one query asks for; more of them make its text slow to read."""


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
    for iri, label in _all_labels(store, iris):
        rank = ranks.get((label.language or "").lower(), len(ranks) if in_any else None)
        if rank is not None and (iri not in best or (rank, label.value) < best[iri]):
            best[iri], found[iri] = (rank, label.value), label
    return found


def _all_labels(store: Store, iris: Iterable[str]) -> Iterator[tuple[str, ox.Literal]]:
    """Give every label: one by one in memory, which is faster there, else many in one query."""
    if store.is_in_memory:
        for iri in iris:
            for label in store.values(ox.NamedNode(iri), _LABEL):
                if isinstance(label, ox.Literal):
                    yield iri, label
        return
    wanted = list(iris)
    for begin in range(0, len(wanted), _BATCH):
        values = " ".join(f"<{iri}>" for iri in wanted[begin : begin + _BATCH])
        answer = store.query(
            f"SELECT ?x ?label WHERE {{ VALUES ?x {{ {values} }} ?x <{_LABEL}> ?label }}"
        )
        assert isinstance(answer, ox.QuerySolutions)
        for row in answer:
            thing, label = row["x"], row["label"]
            if isinstance(thing, ox.NamedNode) and isinstance(label, ox.Literal):
                yield thing.value, label
