"""What OWL tools want declared: each class, property and individual of a merged file.

The ontology's own files declare their terms. What they use and leave undeclared, and what a user's
data bring, is declared here, so that every reader counts the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from ..names import OWL, RDF, RDFS, XSD

_TYPE: Final = ox.NamedNode(RDF + "type")
_NAMED_INDIVIDUAL: Final = ox.NamedNode(OWL + "NamedIndividual")
_PROPERTY_KINDS: Final = {
    OWL + kind for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
}
RELATING: Final = (OWL + "ObjectProperty", OWL + "DatatypeProperty")
"""The kinds of properties that say something of an individual."""
_BUILT_IN: Final = (RDF, RDFS, OWL, XSD)


def with_individuals(
    triples: Iterable[ox.Triple], relating: Collection[ox.NamedNode]
) -> Iterator[ox.Triple]:
    """Give triples, and after them a declaration of each individual that has none.

    An individual is what has a class that OWL does not define, and what stands at an end of an
    object property or before a data property; a class may be one too, which OWL 2 calls punning.

    Args:
        triples: of one merged file.
        relating: the object and data properties.
    """
    found: set[ox.NamedNode] = set()
    declared: set[ox.NamedNode] = set()
    for triple in triples:
        yield triple
        subject, prop, value = triple.subject, triple.predicate, triple.object
        if prop == _TYPE:
            if not isinstance(subject, ox.NamedNode):
                continue
            if value == _NAMED_INDIVIDUAL:
                declared.add(subject)
            elif isinstance(value, ox.NamedNode) and not value.value.startswith(_BUILT_IN):
                found.add(subject)
        elif prop in relating:
            found.update(end for end in (subject, value) if isinstance(end, ox.NamedNode))
    for node in sorted(found - declared, key=str):
        yield ox.Triple(node, _TYPE, _NAMED_INDIVIDUAL)


def relating_in(triples: Iterable[ox.Triple]) -> set[ox.NamedNode]:
    """Give the object and data properties that triples declare."""
    return {
        triple.subject
        for triple in triples
        if triple.predicate == _TYPE
        and getattr(triple.object, "value", "") in RELATING
        and isinstance(triple.subject, ox.NamedNode)
    }


def classes_and_properties(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Declare each property and class that is used and not declared.

    A property with IRIs alone is an object property, with literals alone a data property, with
    both an annotation property.
    """
    triples = list(triples)
    declared = {getattr(t.subject, "value", "") for t in triples if _declares(t)}
    uses: dict[str, set[bool]] = {}
    classes: set[str] = set()
    for triple in triples:
        prop = triple.predicate.value
        if prop == RDF + "type":
            if isinstance(triple.object, ox.NamedNode):
                classes.add(triple.object.value)
        elif prop not in declared:
            uses.setdefault(prop, set()).add(isinstance(triple.object, ox.Literal))
    for prop, literal in sorted(uses.items()):
        if not prop.startswith(_BUILT_IN):
            kind = (
                "AnnotationProperty"
                if len(literal) == 2
                else "DatatypeProperty"
                if True in literal
                else "ObjectProperty"
            )
            yield ox.Triple(ox.NamedNode(prop), _TYPE, ox.NamedNode(OWL + kind))
    for name in sorted(classes - declared):
        if not name.startswith(_BUILT_IN):
            yield ox.Triple(ox.NamedNode(name), _TYPE, ox.NamedNode(OWL + "Class"))


def _declares(triple: ox.Triple) -> bool:
    return (
        triple.predicate == _TYPE
        and isinstance(triple.subject, ox.NamedNode)
        and isinstance(triple.object, ox.NamedNode)
        and (triple.object.value in _PROPERTY_KINDS or triple.object.value == OWL + "Class")
    )
