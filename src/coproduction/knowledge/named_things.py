"""Things that names in a table can be matched to: concepts, services, organisations and cases."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Final
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from ..names import COP, FOAF, RDFS, SKOS
from ..spelling import fold
from ..store.labels import label_tags, labels
from ..store.protocol import Store
from .matching import Candidate, Matcher, Target
from .views import rows_of_view

KINDS: Final = {
    SKOS + "Concept": "concept",
    COP + "ServiceType": "service",
    FOAF + "Organization": "organisation",
    COP + "Case": "case",
}
"""The kinds of things, with what they are called."""
LEAST: Final = 75.0
"""Likeness, of 100, below which a name is not proposed: a person looks at what is."""
_SURE: Final = {RDFS + "label": 0.95, SKOS + "altLabel": 0.85, SKOS + "hiddenLabel": 0.8}
_TOLD_BY: Final = (SKOS + "definition", COP + "summary", SKOS + "scopeNote")
_LONGEST: Final = 300

_COLUMNS: Final = ("thing", "kind", "property", "label")


class NamedThings:
    """The things of a store, found by their names.

    Args:
        store: what is in scope.
    """

    def __init__(self, store: Store) -> None:
        self._targets: dict[str, list[Target]] = defaultdict(list)
        self._kinds: dict[str, dict[str, None]] = defaultdict(dict)
        self._matchers: dict[str, Matcher] = {}
        texts: set[tuple[str, str]] = set()
        # Engines sort texts of several languages each in their way.
        found = rows_of_view(store, "named-things")
        for row in sorted(found, key=lambda row: [row[name] for name in _COLUMNS]):
            prop = row["property"]
            target = Target(row["thing"], row["label"], prop, _SURE[prop])
            self._targets[row["kind"]].append(target)
            self._kinds[row["thing"]][row["kind"]] = None
            texts.add((fold(row["label"]), row["thing"]))
        self._texts = sorted(texts)

    def kinds_of(self, iri: str) -> list[str]:
        """Give the kinds (IRIs) of a thing, the narrowest first; none of what is no such thing."""
        found = self._kinds.get(iri, {})
        return sorted(found, key=lambda kind: kind == SKOS + "Concept")

    def candidates(self, name: str, kinds: Collection[str], most: int) -> list[Candidate]:
        """Give the things that a name may mean, the surest first.

        Args:
            name: as somebody wrote it.
            kinds: those that are wanted (IRIs).
            most: how many, at most.
        """
        best: dict[str, Candidate] = {}
        for kind in kinds:
            for one in self._matcher(kind).candidates(name, most):
                if one.iri not in best or best[one.iri].confidence < one.confidence:
                    best[one.iri] = one
        return sorted(best.values(), key=lambda one: (-one.confidence, one.iri))[:most]

    def beginning(self, text: str, kinds: Collection[str]) -> Iterator[str]:
        """Give the things with a label that begins with a text, then those with it in the midst."""
        text = fold(text)
        seen: set[str] = set()
        first = bisect_left(self._texts, (text, ""))
        for position in range(first, len(self._texts)):
            label, iri = self._texts[position]
            if not label.startswith(text):
                break
            yield from self._once(iri, kinds, seen)
        for label, iri in self._texts:
            if text in label:
                yield from self._once(iri, kinds, seen)

    def _once(self, iri: str, kinds: Collection[str], seen: set[str]) -> Iterator[str]:
        if iri not in seen and not self._kinds[iri].keys().isdisjoint(kinds):
            seen.add(iri)
            yield iri

    def _matcher(self, kind: str) -> Matcher:
        if kind not in self._matchers:
            self._matchers[kind] = Matcher(self._targets[kind], LEAST)
        return self._matchers[kind]


_read: Final[WeakKeyDictionary[Store, NamedThings]] = WeakKeyDictionary()


def named_things(store: Store) -> NamedThings:
    """Give the things of a store; they are read once, as long as it is the same."""
    if store not in _read:
        _read[store] = NamedThings(store)
    return _read[store]


def names_of(store: Store, iris: Iterable[str], lang: str) -> dict[str, str]:
    """Give what each thing is called in a language, in another where there is none, or its IRI."""
    iris = list(iris)
    found = labels(store, iris, lang, in_any=True)
    return {iri: found[iri].value if iri in found else iri for iri in iris}


def told_of(store: Store, iri: str, lang: str) -> str:
    """Give in a sentence or two what a thing is, or an empty text."""
    tags = label_tags(lang)
    for prop in _TOLD_BY:
        texts = [
            text for text in store.values(ox.NamedNode(iri), prop) if isinstance(text, ox.Literal)
        ]
        ranked = sorted(
            (tags.index(tag) if (tag := (text.language or "").lower()) in tags else 9, text.value)
            for text in texts
        )
        if ranked:
            words = ranked[0][1]
            return words if len(words) <= _LONGEST else f"{words[:_LONGEST]} ..."
    return ""
