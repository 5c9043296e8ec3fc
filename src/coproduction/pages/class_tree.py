"""The classes of the ontology as a tree, with how many individuals each has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ..messages import Sentence
from ..names import COP, FOAF
from ..pictures.views import rows

if TYPE_CHECKING:
    from ..store.protocol import Store

_FIRST: Final = ("ServiceArrangement", "Observation", "Norm", FOAF + "Organization")
_THEN: Final = ("SourceDocument", "SourceSection", "SourceStatement", "Study")
_ORDER: Final = {
    name if ":" in name else COP + name: number
    for number, name in enumerate(
        (*_FIRST, *_THEN, "ReadingStatement", "TheoreticalConcept", "Coding", "Rubric")
    )
}
"""Classes under none in the order in which a reader asks for them; the lists of values are last."""
_LAST: Final = COP + "ControlledValue"
IN_WORDS: Final = Sentence("described in words")
BY_CONDITION: Final = Sentence("defined by a condition")
BY_MEMBERS: Final = Sentence("defined by the list of its members")
FOREIGN: Final = Sentence("of another vocabulary")


class Entry(NamedTuple):
    """A class where it stands in the tree.

    Attributes:
        iri, label: the class.
        depth: 0 for a class under none.
        number: its individuals; those of the classes under it count where they are said to be its.
        told_by: how it is defined, in words.
        is_again: whether it stands in the tree already, under another class.
    """

    iri: str
    label: str
    depth: int
    number: int
    told_by: Sentence
    is_again: bool


def trees_of(store: Store, lang: str = "en") -> list[list[Entry]]:
    """Give each class that stands under none, with all under it, in the order of a reader.

    Those that have no place in it come after, those with others under them first.

    Args:
        store: its classes and their individuals are told.
        lang: language of the labels.
    """
    counts = {row["class"]: int(row["count"]) for row in rows(store, "class-counts")}
    labels: dict[str, str] = {}
    told_by: dict[str, Sentence] = {}
    under: dict[str, list[str]] = {}
    above: dict[str, set[str]] = {}
    for row in rows(store, "class-tree", lang):
        iri = str(row["class"])
        labels[iri] = str(row["classLabel"])
        told_by[iri] = _told_by(iri, row["defined"], row["closed"])
        above.setdefault(iri, set())
        if row["above"]:
            above[iri].add(str(row["above"]))
            under.setdefault(str(row["above"]), []).append(iri)
    seen: set[str] = set()

    def walk(iri: str, depth: int) -> list[Entry]:
        is_again = iri in seen
        seen.add(iri)
        below = [] if is_again else sorted(under.get(iri, []), key=by_label)
        entries = [Entry(iri, labels[iri], depth, counts.get(iri, 0), told_by[iri], is_again)]
        for each in below:
            entries += walk(each, depth + 1)
        return entries

    def by_label(iri: str) -> str:
        return labels[iri].casefold()

    tops = sorted((iri for iri in above if not above[iri]), key=by_label)
    tops.sort(key=lambda iri: (iri == _LAST, _ORDER.get(iri, len(_ORDER)), iri not in under))
    trees = [walk(iri, 0) for iri in tops]
    # Classes that stand under each other in a ring have no top: each begins a tree of its own.
    trees += [walk(iri, 0) for iri in above if iri not in seen]
    return trees


def _told_by(iri: str, defined: object, closed: object) -> Sentence:
    if str(closed).lower() == "true":
        return BY_MEMBERS
    if str(defined).lower() == "true":
        return BY_CONDITION
    return IN_WORDS if iri.startswith(COP) else FOREIGN
