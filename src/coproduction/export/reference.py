"""The reference of all terms: one page of what each means, for people.

Each term has an anchor of its local name, its definition, what is said of it and by it, and its
place in the source. Labels in other languages stand below the label, marked by their language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from ..knowledge.terms import Fact, TermCard, describe
from ..names import COP, DCTERMS, LANGUAGES, ONTOLOGY_IRI, OWL, RDF, RDFS, SKOS
from ..store.protocol import Store

_PROPERTIES: Final = {
    OWL + "ObjectProperty": "relations",
    OWL + "DatatypeProperty": "attributes",
    OWL + "AnnotationProperty": "annotations",
}
SECTIONS: Final = {
    "classes": ("Classes", "Kinds of things."),
    "relations": ("Relations", "Object properties: from one thing to another."),
    "attributes": ("Attributes", "Data properties: from a thing to a text, number or date."),
    "annotations": (
        "Annotations",
        "Annotation properties, of which no reasoner concludes anything.",
    ),
    "values": ("Values", "What stands in lists: scales, kinds, forms, services."),
    "concepts": ("Concepts", "The theoretical concepts of the source."),
    "former": ("Former terms", "Still read, and used no more."),
}
"""The parts of the page by their anchors: heading and what stands there."""
_HAS: Final = {
    RDFS + "subClassOf": "kind of",
    COP + "isKindOf": "kind of",
    OWL + "equivalentClass": "condition",
    COP + "isDirectlyBelow": "directly below",
    RDFS + "domain": "from",
    RDFS + "range": "to",
    RDFS + "subPropertyOf": "part of",
    OWL + "inverseOf": "inverse of",
    COP + "isNotToldApartFrom": "not told apart from",
    SKOS + "scopeNote": "note",
    SKOS + "example": "example",
    COP + "dependsOnAmbiguity": "can be read in several ways",
    COP + "sourceLabel": "in the words of the source",
    COP + "quotedText": "quoted",
    COP + "pageRead": "page read",
    COP + "pageKind": "kind of page",
    DCTERMS + "isReplacedBy": "replaced by",
    SKOS + "editorialNote": "remark",
}
"""What a term says of itself, in the order in which it is told, and in which words."""
_IS: Final = {
    RDFS + "subClassOf": "kinds",
    COP + "isKindOf": "kinds",
    RDFS + "domain": "has",
    RDF + "type": "values",
    RDFS + "subPropertyOf": "parts",
}
"""What other terms say of it."""
_APART: Final = {
    SKOS + "altLabel",
    SKOS + "hiddenLabel",
    OWL + "deprecated",
    COP + "unreviewedLabel",
}


@dataclass(frozen=True)
class Text:
    """A piece of text.

    Attributes:
        text: what is read.
        target: anchor on the page that it leads to, or an empty text.
        lang: its language.
    """

    text: str
    target: str = ""
    lang: str = "en"


@dataclass(frozen=True)
class Entry:
    """A term on the page.

    Attributes:
        anchor: its local name.
        label: its name.
        iri: its whole name.
        types: the lists that it is a value of, or what kind of property it is beside.
        definition: in one sentence.
        rows: what is told of it: a word, and the texts under it.
    """

    anchor: str
    label: Text
    iri: str
    types: tuple[Text, ...]
    definition: str
    rows: tuple[tuple[str, tuple[Text, ...]], ...]


@dataclass
class Section:
    """A part of the page with its terms, in the order of their labels."""

    anchor: str
    title: str
    about: str
    entries: list[Entry] = field(default_factory=list)


def sections(store: Store, lang: str = "en") -> list[Section]:
    """Give the parts of the reference.

    Args:
        store: with the packaged graphs; terms of a user's own are not told of.
        lang: language of the headings of terms; English stands in for a missing label.
    """
    found = {key: Section(key, title, about) for key, (title, about) in SECTIONS.items()}
    defined = store.statements(None, ox.NamedNode(RDFS + "isDefinedBy"), ox.NamedNode(ONTOLOGY_IRI))
    own = {quad.subject.value for quad in defined if isinstance(quad.subject, ox.NamedNode)}
    own = {iri for iri in own if iri.startswith(COP)}
    for iri in own:
        card = describe(store, iri, lang)
        found[_section(store, iri)].entries.append(_entry(store, card, own, lang))
    for section in found.values():
        section.entries.sort(key=lambda entry: (entry.label.text.casefold(), entry.iri))
    return [section for section in found.values() if section.entries]


def _section(store: Store, iri: str) -> str:
    node = ox.NamedNode(iri)
    if store.values(node, OWL + "deprecated"):
        return "former"
    kinds = {getattr(kind, "value", "") for kind in store.values(node, RDF + "type")}
    if OWL + "Class" in kinds:
        return "classes"
    for kind, section in _PROPERTIES.items():
        if kind in kinds:
            return section
    return "concepts" if COP + "TheoreticalConcept" in kinds else "values"


def _entry(store: Store, card: TermCard, own: set[str], lang: str) -> Entry:
    node = ox.NamedNode(card.iri)
    types = (
        Text(kind, _anchor(iri, own), _language(store, iri, lang))
        for kind, iri in sorted(_types(store, node, lang).items())
    )
    rows = [
        ("in other languages", tuple(_other_labels(store, node, card, lang))),
        ("other names", tuple(_other_names(store, node))),
        *_told(store, card, own, lang),
        ("place in the source", (Text(card.source),) if card.source else ()),
    ]
    return Entry(
        anchor=card.iri.removeprefix(COP),
        label=Text(card.label, lang=lang if lang in card.labels else "en"),
        iri=card.iri,
        types=tuple(types),
        definition=card.definition,
        rows=tuple((word, texts) for word, texts in rows if texts),
    )


def _types(store: Store, node: ox.NamedNode, lang: str) -> dict[str, str]:
    """Give the classes of a term that OWL does not define, and what a property is beside."""
    found = {}
    for kind in store.values(node, RDF + "type"):
        iri = getattr(kind, "value", "")
        if iri.startswith(COP):
            found[describe(store, iri, lang).label] = iri
        elif iri.endswith("Property") and iri not in _PROPERTIES:
            found[iri.removeprefix(OWL).removesuffix("Property").lower()] = iri
    return found


def _other_labels(store: Store, node: ox.NamedNode, card: TermCard, lang: str) -> Iterator[Text]:
    unsure = {getattr(tag, "value", "") for tag in store.values(node, COP + "unreviewedLabel")}
    shown = lang if lang in card.labels else "en"
    for tag in LANGUAGES:
        if tag != shown and tag in card.labels:
            yield Text(card.labels[tag] + (" (not reviewed)" if tag in unsure else ""), lang=tag)


def _other_names(store: Store, node: ox.NamedNode) -> list[Text]:
    names = {
        (name.language or "en", name.value)
        for prop in ("altLabel", "hiddenLabel")
        for name in store.values(node, SKOS + prop)
        if isinstance(name, ox.Literal)
    }
    order = {tag: number for number, tag in enumerate(LANGUAGES)}
    return [
        Text(name, lang=tag)
        for tag, name in sorted(names, key=lambda each: (order.get(each[0], 9), each))
    ]


def _told(
    store: Store, card: TermCard, own: set[str], lang: str
) -> Iterator[tuple[str, tuple[Text, ...]]]:
    """Give what is said of a term and by it, a word once."""
    said: dict[str, list[Fact]] = {}
    for fact in card.facts:
        if fact.property not in _APART:
            said.setdefault(_HAS.get(fact.property, fact.property_label), []).append(fact)
    uses: dict[str, list[Fact]] = {}
    for fact in card.uses:
        if fact.property in _IS and fact.value in own:
            uses.setdefault(_IS[fact.property], []).append(fact)
    last = ("note", "example", "remark")
    known = [word for word in dict.fromkeys(_HAS.values()) if word not in last]
    others = sorted(set(said) - set(known) - set(last))
    for word in (*known, *others):
        if word in said:
            yield word, tuple(_texts(store, said[word], own, lang))
    for word in dict.fromkeys(_IS.values()):
        if word in uses:
            yield word, tuple(_texts(store, uses[word], own, lang))
    for word in last:
        if word in said:
            yield word, tuple(_texts(store, said[word], own, lang))


def _texts(store: Store, facts: Iterable[Fact], own: set[str], lang: str) -> Iterator[Text]:
    for fact in facts:
        language = _language(store, fact.value, lang) if fact.value in own else "en"
        yield Text(fact.value_label, _anchor(fact.value, own), language)


def _anchor(iri: str, own: set[str]) -> str:
    return iri.removeprefix(COP) if iri in own else ""


def _language(store: Store, iri: str, lang: str) -> str:
    """Give the language in which a term's label is shown."""
    labels = store.values(ox.NamedNode(iri), RDFS + "label")
    return lang if any(getattr(text, "language", "") == lang for text in labels) else "en"
