"""The value lists as SKOS: each class of values a concept scheme, the values its concepts.

In the ontology a value is an individual of its class. Tools for vocabularies read SKOS, where it is
a concept of a scheme. The concepts have the IRIs of the values, so that data that names a value
names the concept; what the schemes say follows from the ontology, and nobody writes it by hand.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from ..knowledge.alignments import MATCHES
from ..names import (
    COP,
    DCTERMS,
    GRAPH,
    ID,
    ONTOLOGY_IRI,
    OWL,
    PACKAGED_GRAPHS,
    RDF,
    RDFS,
    SKOS,
    compact,
)
from ..store.protocol import Store, Term
from ..store.rdflib_graphs import to_rdflib

LIST: Final = ID + "list/"
"""What the IRI of a scheme begins with; the name of its class follows, in small letters."""

_TYPE: Final = ox.NamedNode(RDF + "type")
_ABOVE: Final = ox.NamedNode(RDFS + "subClassOf")
_DEFINED_BY: Final = ox.NamedNode(RDFS + "isDefinedBy")
_ONTOLOGY: Final = ox.NamedNode(ONTOLOGY_IRI)
_COPIED: Final = (
    *(SKOS + name for name in ("definition", "scopeNote", "editorialNote", "example")),
    DCTERMS + "source",
    DCTERMS + "isReplacedBy",
    OWL + "deprecated",
)
_NAMES: Final = ("prefLabel", "altLabel", "hiddenLabel")
_OF_NAMES: Final = {
    "prefLabel": (RDFS + "label", SKOS + "prefLabel"),
    "altLabel": (SKOS + "altLabel",),
    "hiddenLabel": (SKOS + "hiddenLabel", COP + "sourceLabel"),
}
"""Where each kind of name is found; the first kind that has a name keeps it (S13)."""


def value_lists(store: Store) -> bytes:
    """Write the value lists of a store as SKOS concept schemes, in Turtle.

    A class with values is a scheme; a class below it, which sorts its values by one aspect, is a
    collection. The values of a user's data that are of such a class are concepts too.
    """
    return to_rdflib(_triples(store)).serialize(format="turtle", encoding="utf-8")


def _triples(store: Store) -> Iterator[ox.Triple]:
    above = _classes_of_values(store)
    schemes: dict[ox.NamedNode, set[ox.NamedNode]] = defaultdict(set)
    for kind in above:
        if not above[kind]:
            yield from _describe(store, kind, _scheme(kind), "ConceptScheme", "title")
        for quad in store.statements(None, _TYPE, kind):
            if isinstance(quad.subject, ox.NamedNode):
                for top in above[kind]:
                    yield _say(_collection(kind, top), SKOS + "member", quad.subject)
                schemes[quad.subject] |= above[kind] or {kind}
        for top in above[kind]:
            node = _collection(kind, top)
            yield from _describe(store, kind, node, "Collection", "prefLabel")
            yield _say(node, SKOS + "inScheme", _scheme(top))
    wider = _wider(store, schemes)
    for node in schemes:
        yield from _names(store, node)
        yield from _concept(store, node, schemes[node])
        yield from _place(node, schemes, wider)
    yield from _related(store, schemes, wider)


def _classes_of_values(store: Store) -> dict[ox.NamedNode, set[ox.NamedNode]]:
    """Give each class of values with the highest classes of values above it.

    Looked for in the packaged graphs alone: an inference makes each value of a scale a member of
    the class of all scales, which is no list. What the toolkit needs for its own work is none too.
    """
    classes: set[ox.NamedNode] = set()
    for name in PACKAGED_GRAPHS.keys() - {"toolkit"}:
        graph = ox.NamedNode(GRAPH + name)
        for term in store.statements(None, _DEFINED_BY, _ONTOLOGY, graph):
            for quad in store.statements(term.subject, _TYPE, None, graph):
                kind = quad.object
                if isinstance(kind, ox.NamedNode) and kind.value.startswith(COP):
                    classes.add(kind)
    found = {kind: _upwards(store, kind) & classes for kind in classes}
    return {kind: {top for top in tops if not found[top]} for kind, tops in found.items()}


def _upwards(store: Store, kind: ox.NamedNode) -> set[ox.NamedNode]:
    found: set[ox.NamedNode] = set()
    waiting = [kind]
    while waiting:
        for quad in store.statements(waiting.pop(), _ABOVE):
            if isinstance(quad.object, ox.NamedNode) and quad.object not in found:
                found.add(quad.object)
                waiting.append(quad.object)
    return found - {kind}


def _describe(
    store: Store, kind: ox.NamedNode, node: ox.NamedNode, what: str, name: str
) -> Iterator[ox.Triple]:
    """Say of a scheme or collection what the ontology says of its class."""
    yield _say(node, RDF + "type", ox.NamedNode(SKOS + what))
    is_scheme = what == "ConceptScheme"
    for label in _texts(store, kind, RDFS + "label"):
        yield _say(node, (DCTERMS if is_scheme else SKOS) + name, label)
    for text in _texts(store, kind, SKOS + "definition"):
        yield _say(node, DCTERMS + "description" if is_scheme else SKOS + "definition", text)
    yield _say(node, RDFS + "seeAlso", kind)
    if is_scheme:
        for prop in (DCTERMS + "license", DCTERMS + "creator"):
            for value in store.values(_ONTOLOGY, prop):
                yield _say(node, prop, value)


def _names(store: Store, node: ox.NamedNode) -> Iterator[ox.Triple]:
    """Give the names of a concept: one preferred in each language, and each name of one kind."""
    yield _say(node, RDF + "type", ox.NamedNode(SKOS + "Concept"))
    taken: set[tuple[str, str]] = set()
    languages: set[str] = set()
    rest: list[ox.Literal] = []
    for kind in _NAMES:
        texts = [text for prop in _OF_NAMES[kind] for text in _texts(store, node, prop)]
        for text in [*rest, *texts] if kind == "altLabel" else texts:
            key = (text.value, (text.language or "").lower())
            if kind == "prefLabel" and key[1] in languages:
                rest.append(text)
            elif key not in taken:
                taken.add(key)
                languages.add(key[1])
                yield _say(node, SKOS + kind, text)
    if not languages:
        yield _say(node, SKOS + "prefLabel", ox.Literal(compact(node.value)))


def _concept(
    store: Store, node: ox.NamedNode, schemes: Iterable[ox.NamedNode]
) -> Iterator[ox.Triple]:
    """Give what a value says of itself, and its matches in other vocabularies."""
    for scheme in schemes:
        yield _say(node, SKOS + "inScheme", _scheme(scheme))
    for prop in (*_COPIED, *MATCHES):
        for value in store.values(node, prop):
            yield _say(node, prop, value)
    for rank in store.values(node, COP + "rank"):
        yield _say(node, SKOS + "notation", rank)
    yield _say(node, RDFS + "isDefinedBy", _ONTOLOGY)


def _wider(store: Store, concepts: Iterable[ox.NamedNode]) -> dict[ox.NamedNode, set[ox.NamedNode]]:
    """Give the next wider concepts of each; the ontology says them from either end."""
    known = set(concepts)
    found: dict[ox.NamedNode, set[ox.NamedNode]] = {node: set() for node in known}
    for name, narrow_first in (("isKindOf", True), ("hasKind", False)):
        for quad in store.statements(None, ox.NamedNode(COP + name)):
            narrow, wide = quad.subject, quad.object
            if not narrow_first:
                narrow, wide = wide, narrow  # type: ignore[assignment]
            if narrow in known and wide in known:
                found[narrow].add(wide)  # type: ignore[index, arg-type]
    return found


def _place(
    node: ox.NamedNode,
    schemes: dict[ox.NamedNode, set[ox.NamedNode]],
    wider: dict[ox.NamedNode, set[ox.NamedNode]],
) -> Iterator[ox.Triple]:
    """Say where a concept stands: under wider ones of its scheme, else at the top of it."""
    for wide in wider[node]:
        inside = schemes[node] & schemes[wide]
        yield _say(node, SKOS + ("broader" if inside else "broadMatch"), wide)
        yield _say(wide, SKOS + ("narrower" if inside else "narrowMatch"), node)
    for scheme in schemes[node]:
        if not any(scheme in schemes[wide] for wide in wider[node]):
            yield _say(node, SKOS + "topConceptOf", _scheme(scheme))
            yield _say(_scheme(scheme), SKOS + "hasTopConcept", node)


def _related(
    store: Store,
    schemes: dict[ox.NamedNode, set[ox.NamedNode]],
    wider: dict[ox.NamedNode, set[ox.NamedNode]],
) -> Iterator[ox.Triple]:
    """Say which concepts are related or close; none that stands above the other (S27)."""
    for name, match in (("isNotToldApartFrom", "relatedMatch"), ("isLike", "closeMatch")):
        for quad in store.statements(None, ox.NamedNode(COP + name)):
            yield from _both_ways(quad, match, schemes, wider)


def _both_ways(
    quad: ox.Quad,
    match: str,
    schemes: dict[ox.NamedNode, set[ox.NamedNode]],
    wider: dict[ox.NamedNode, set[ox.NamedNode]],
) -> Iterator[ox.Triple]:
    """Say of both ends that they are related, or the match where they are in two schemes."""
    one, other = quad.subject, quad.object
    if one not in schemes or other not in schemes or one == other:
        return
    assert isinstance(one, ox.NamedNode) and isinstance(other, ox.NamedNode)
    if other not in _all_wider(one, wider) and one not in _all_wider(other, wider):
        prop = SKOS + ("related" if schemes[one] & schemes[other] else match)
        yield _say(one, prop, other)
        yield _say(other, prop, one)


def _all_wider(
    node: ox.NamedNode, wider: dict[ox.NamedNode, set[ox.NamedNode]]
) -> set[ox.NamedNode]:
    found: set[ox.NamedNode] = set()
    waiting = [node]
    while waiting:
        for wide in wider[waiting.pop()] - found:
            found.add(wide)
            waiting.append(wide)
    return found


def _texts(store: Store, node: ox.NamedNode, prop: str) -> list[ox.Literal]:
    """Give the texts of a property in a fixed order."""
    return sorted(
        (value for value in store.values(node, prop) if isinstance(value, ox.Literal)), key=str
    )


def _scheme(kind: ox.NamedNode) -> ox.NamedNode:
    return ox.NamedNode(LIST + _kebab(kind))


def _collection(kind: ox.NamedNode, top: ox.NamedNode) -> ox.NamedNode:
    return ox.NamedNode(f"{LIST}{_kebab(top)}/{_kebab(kind)}")


def _kebab(kind: ox.NamedNode) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", kind.value.removeprefix(COP)).lower()


def _say(node: ox.NamedNode, prop: str, value: Term) -> ox.Triple:
    return ox.Triple(node, ox.NamedNode(prop), value)
