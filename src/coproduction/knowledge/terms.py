"""Terms: finding one by the name a person gives it, and everything that is known of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyoxigraph as ox

from ..errors import Advice, DataError, UnknownName, command, like_numbered, option
from ..names import COP, DCTERMS, ID, OWL, RDF, RDFS, SKOS, compact, expand
from ..results.forms import display
from ..results.result import Result
from ..spelling import cleaned, fold
from ..store.embedded import EmbeddedStore
from ..store.labels import labels as chosen
from ..store.lookup import occurs
from ..store.protocol import Node, Store, Term
from ..store.renamed_terms import deprecated_in
from .alignments import MATCHES, Link, links_of

if TYPE_CHECKING:
    import pandas
    import polars

_LABELS = (RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel", SKOS + "hiddenLabel")
_DATA_KINDS = (
    "case",
    "claim",
    "ambiguity",
    "placement",
    "cell",
    "study",
    "person",
    "place",
    "source",
)
_HEADED = {RDF + "type", RDFS + "label", SKOS + "definition", COP + "inSection", COP + "atLine"}
_HEADED |= {DCTERMS + "source", RDFS + "isDefinedBy"}

_BESIDE: Final = {
    COP + own: COP + shared
    for own, shared in (
        ("placesService", "hasServiceType"),
        ("placesInSector", "hasProviderSector"),
        ("placesInForm", "hasProvisionForm"),
        ("placesAtLevel", "hasParticipationLevel"),
        ("placesAtIntensity", "hasRelationIntensity"),
    )
}
"""Properties of placements alone, each with the shared one beside which it is stated."""
_PAGE_KIND: Final = COP + "pageKind"


@dataclass(frozen=True)
class Fact:
    """One statement about a term: the property and the other end, each with its label.

    Attributes:
        page_kind: what kind of page the other end was read on ("abstract only"), where it is a
            finding or a term of later literature, else an empty text.
        reading: the label of the reading of the source on which the statement rests, where it
            names one, else an empty text.
    """

    property: str
    property_label: str
    value: str
    value_label: str
    page_kind: str = ""
    reading: str = ""

    def told(self) -> str:
        """Give the other end as a person reads it: with where it was read, or the reading."""
        more = "; ".join(filter(None, (self.page_kind, self.reading)))
        return f"{self.value_label} ({more})" if more else self.value_label


class Uses(NamedTuple):
    """What is said with a term.

    Attributes:
        taken: subjects and properties.
        left_out: how many others there are, by property (its IRI).
    """

    taken: Sequence[tuple[Node, ox.NamedNode]]
    left_out: Mapping[str, int] = {}


@dataclass(frozen=True)
class TermCard:
    """Everything known of a term.

    Attributes:
        iri: the term.
        label: its label in the language asked for, else in English, else its short name.
        types: labels of its classes.
        definition: its definition, or an empty text.
        source: where the source has it ("Diagram 1, line 131"), or an empty text.
        labels: its labels by language.
        facts: what it says of others; literals have equal value and label.
        uses: what others say of it.
        links: how it stands to terms of other vocabularies, or to ours where it is one of those.
        left_out: how many uses by a property (its IRI) are not among `uses`, where not all were
            wanted.
    """

    iri: str
    label: str
    types: tuple[str, ...]
    definition: str
    source: str
    labels: dict[str, str]
    facts: tuple[Fact, ...]
    uses: tuple[Fact, ...] = field(default=())
    links: tuple[Link, ...] = field(default=())
    left_out: dict[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Give the card as plain values, for JSON; `left_out` only where there is something."""
        from dataclasses import asdict

        card = asdict(self) | {"links": [link._asdict() for link in self.links]}
        if not self.left_out:
            del card["left_out"]
        return card

    @property
    def table(self) -> Result:
        """What is said of the term: a row a statement, with which end the term is."""
        rows = [
            (end, one.property_label, one.told(), one.property, one.value)
            for end, facts in (("says", self.facts), ("is said", self.uses))
            for one in facts
        ]
        headings = ["end", "propertyLabel", "valueLabel", "property", "value"]
        return Result.of_rows(headings, rows, self.label)

    def to_pandas(self) -> pandas.DataFrame:
        """Give what is said of the term as a pandas data frame (the extra ``frames``)."""
        return self.table.to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """Give what is said of the term as a polars data frame (the extra ``frames``)."""
        return self.table.to_polars()

    def _repr_html_(self) -> str:
        from html import escape

        head = f"<h3>{escape(self.label)}</h3>\n<p><code>{escape(self.iri)}</code></p>\n"
        told = (", ".join(self.types), self.definition, self.source)
        body = "".join(f"<p>{escape(text)}</p>\n" for text in told if text)
        return head + body + self.table.serialize("html")


def find_term(store: Store, name: str) -> str:
    """Give the IRI of the term that a person calls `name`.

    Args:
        store: where the term has to be.
        name: an IRI, a prefixed name, a local name (``Childcare``, ``C51``, ``high-housing``),
            or a label in any language (``disability care``, ``barnomsorg``); case does not matter.

    Raises:
        UnknownName: nothing is called so; the nearest label is offered.
        DataError: several terms are called so; they are listed.
    """
    name = cleaned(name).strip()
    iri = expand(name)
    if iri is not None:
        if _is_valid(iri) and occurs(store, iri):
            return iri
        advice = _advice(name)
        raise UnknownName("term", name, () if advice else _local_names(store), *advice)
    if re.fullmatch(r"[\w-]+", name):
        for candidate in (COP + name, *(f"{ID}{kind}/{name}" for kind in _DATA_KINDS)):
            if occurs(store, candidate):
                return candidate
    return _find_by_label(store, name)


def _find_by_label(store: Store, name: str) -> str:
    """Search labels and local names, the closest kind of match first."""
    wanted = fold(name)
    named = (quad for prop in _LABELS for quad in store.statements(None, ox.NamedNode(prop)))
    ranked: dict[int, set[str]] = {}
    known: dict[str, None] = {}
    for quad in named:
        term = quad.subject
        if not isinstance(term, ox.NamedNode):
            continue
        local = re.split(r"[/#]", term.value)[-1]
        text = display(quad.object)
        known.update({text: None, local: None})
        if fold(local) == wanted:
            ranked.setdefault(0, set()).add(term.value)
        elif fold(text) == wanted:
            rank = 1 + _LABELS.index(quad.predicate.value)
            ranked.setdefault(rank, set()).add(term.value)
    for _, found in sorted(ranked.items()):
        # A term of the vocabulary comes before a node of data that shares its label, and what
        # replaces a deprecated one before it.
        present = found - deprecated_in(store).keys() if len(found) > 1 else found
        terms = sorted(present or found, key=lambda iri: (not iri.startswith(COP), iri))
        if len(terms) == 1 or (terms[0].startswith(COP) and not terms[1].startswith(COP)):
            return terms[0]
        raise DataError(
            f"{name!r} names several terms: {', '.join(map(compact, terms))}; give one of these"
        )
    advice = _advice(name)
    if advice:
        raise UnknownName("term", name, (), *advice)
    numbered = like_numbered(name, known)
    lister = _LISTERS.get(numbered[0][:1]) if numbered else None
    listed = ("(", lister, " lists them)") if lister else ()
    raise UnknownName("term", name, known, *listed)


_LISTERS: Final = {"C": command("evidence"), "A": command("ask", "claims-by-ambiguity")}
"""What lists the names of a letter and a number, by the letter."""


def _advice(name: str) -> tuple[str | Advice, ...]:
    """Say that a name which is not in scope is that of a shipped case or norm, if it is."""
    shipped = EmbeddedStore()
    shipped.add_cases()
    wanted, label = fold(expand(name) or name), RDFS + "label"
    for kind, told in (("Case", "among the shipped cases"), ("Norm", "a norm of shipped cases")):
        of_kind = ox.NamedNode(RDF + "type"), ox.NamedNode(COP + kind)
        for node in [quad.subject for quad in shipped.statements(None, *of_kind)]:
            iri = str(getattr(node, "value", ""))
            names = (iri, iri.rpartition("/")[2], *map(display, shipped.values(node, label)))
            if wanted in map(fold, names):
                return f"(it is {told}: add ", option("cases"), ")"
    return ()


def _told_uses(
    uses: Mapping[tuple[Node, ox.NamedNode], None],
) -> Iterator[tuple[Node, ox.NamedNode]]:
    """Give what is said with a term as it is told: once where two properties say it."""
    for subject, prop in uses:
        is_link = display_iri(prop) in MATCHES
        if not (isinstance(subject, ox.BlankNode) or is_link or (subject, _shared(prop)) in uses):
            yield subject, prop


def describe(store: Store, iri: str, lang: str = "en", uses: Uses | None = None) -> TermCard:
    """Gather everything that the graphs in scope say of a term.

    Args:
        iri: the term, which has to occur in the store.
        lang: language tag of the labels wanted; English stands in where there is none.
        uses: what is said with it, where not all of that is wanted.
    """
    node = ox.NamedNode(iri)
    facts = {(quad.predicate, quad.object): None for quad in store.statements(node)}
    if uses is None:
        used = {(quad.subject, quad.predicate): None for quad in store.statements(None, None, node)}
        uses = Uses(list(used))
    taken = dict.fromkeys(uses.taken)
    rows = (*facts, *taken)
    nodes = {iri} | {term.value for row in rows for term in row if isinstance(term, ox.NamedNode)}
    label_of = labels(store, nodes, lang)
    kind_of = _page_kinds(store, nodes - {iri}, lang)
    source, target = "annotatedSource", "annotatedTarget"
    readings = _readings(store, node, source, target, lang)
    readings_of_uses = _readings(store, node, target, source, lang)
    own = {prop: [o for p, o in facts if display_iri(p) == prop] for prop in _HEADED}
    texts = [o for o in own[RDFS + "label"] if isinstance(o, ox.Literal)]

    def name(term: Term | None) -> str:
        if isinstance(term, ox.BlankNode):
            return class_expression(store, term, label_of)
        value = display_iri(term)
        return label_of.get(value, compact(value)) if isinstance(term, ox.NamedNode) else value

    def fact(
        prop: Term | None, other: Term | None, reading_of: Mapping[tuple[str, str], str]
    ) -> Fact:
        value = display_iri(other)
        return Fact(
            display_iri(prop),
            name(prop),
            value,
            name(other),
            kind_of.get(value, ""),
            reading_of.get((display_iri(prop), value), ""),
        )

    return TermCard(
        iri=iri,
        label=label_of.get(iri, compact(iri)),
        types=tuple(sorted(name(o) for o in own[RDF + "type"] if not _is_owl_plumbing(o))),
        definition=_best_text(own[SKOS + "definition"], lang),
        source=_locator(own, name),
        labels={text.language or "": text.value for text in texts},
        facts=_in_order(
            fact(p, o, readings) for p, o in facts if _is_told(p) and (_shared(p), o) not in facts
        ),
        uses=_in_order(fact(p, s, readings_of_uses) for s, p in _told_uses(taken)),
        links=tuple(links_of(iri)),
        left_out=dict(uses.left_out),
    )


def _in_order(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple(sorted(facts, key=_reading_order))


def labels(store: Store, iris: Iterable[str], lang: str) -> dict[str, str]:
    """Give the label of each IRI that has one: in `lang`, else in English, else in any language."""
    found = chosen(store, (iri for iri in iris if iri and _is_valid(iri)), lang, in_any=True)
    return {iri: label.value for iri, label in found.items()}


def _page_kinds(store: Store, iris: set[str], lang: str) -> dict[str, str]:
    """Give what kind of page each finding or term of later literature was read on, as a label."""
    # All that have one are fewer than what a term of many cases is used by.
    read = store.statements(None, ox.NamedNode(_PAGE_KIND))
    kinds = {display_iri(quad.subject): display_iri(quad.object) for quad in read}
    label_of = labels_of(store, set(kinds.values()), lang)
    return {iri: label_of[kind] for iri, kind in kinds.items() if iri in iris}


def _readings(
    store: Store, node: ox.NamedNode, end: str, other: str, lang: str
) -> dict[tuple[str, str], str]:
    """Give the labels of the readings that statements of a node rest on.

    Args:
        store, node, lang: as of the card.
        end: of the statements the one that the node is, ``annotatedSource`` or ``annotatedTarget``.
        other: the other one.

    Returns:
        the labels by the IRI of the property and the other end.
    """
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for quad in store.statements(None, ox.NamedNode(OWL + end), node):
        readings = {display_iri(each) for each in store.values(quad.subject, COP + "underReading")}
        for prop in store.values(quad.subject, OWL + "annotatedProperty"):
            for value in store.values(quad.subject, OWL + other):
                found[display_iri(prop), display_iri(value)] |= readings
    label_of = labels_of(store, set().union(*found.values()), lang)
    return {
        statement: "; ".join(sorted(label_of[each] for each in readings))
        for statement, readings in found.items()
    }


def labels_of(store: Store, iris: Iterable[str], lang: str = "en") -> dict[str, str]:
    """Give the label of each IRI, in a language, else in English, or the IRI."""
    wanted = list(iris)
    found = labels(store, wanted, lang)
    return {iri: found.get(iri, iri) for iri in wanted}


def class_expression(store: Store, node: ox.BlankNode, label_of: dict[str, str]) -> str:
    """Write an anonymous class as a person reads it, in the manner of Manchester syntax.

    Works on the embedded store only: blank nodes cannot be named in a query.
    """

    def objects(subject: ox.BlankNode | ox.NamedNode, prop: str) -> list[Any]:
        return store.values(subject, prop)

    def name(term: Any) -> str:
        if isinstance(term, ox.BlankNode):
            return f"({class_expression(store, term, label_of)})"
        if isinstance(term, ox.NamedNode):
            if term.value not in label_of:
                label_of.update(labels(store, [term.value], "en"))
            return label_of.get(term.value, compact(term.value))
        return display(term)

    def members(head: Any) -> list[str]:
        items = []
        while isinstance(head, ox.BlankNode):
            items += [name(item) for item in objects(head, RDF + "first")]
            head = next(iter(objects(head, RDF + "rest")), None)
        return items

    for prop, joiner in (("intersectionOf", " and "), ("unionOf", " or "), ("oneOf", ", ")):
        for head in objects(node, OWL + prop):
            text = joiner.join(members(head))
            return f"one of {text}" if prop == "oneOf" else text
    on = ", ".join(name(p) for p in objects(node, OWL + "onProperty"))
    for prop, word in (("someValuesFrom", "some"), ("allValuesFrom", "only"), ("hasValue", "is")):
        for filler in objects(node, OWL + prop):
            return f"{on} {word} {name(filler)}"
    return f"inverse of {on}" if on else "an anonymous node"


def display_iri(term: Term | None) -> str:
    """Give the full IRI of a named node, else the term's text."""
    return str(getattr(term, "value", "")) if term is not None else ""


def _is_valid(iri: str) -> bool:
    return not re.search(r"[\s<>\"{}|\\^`]", iri)


def _local_names(store: Store) -> list[str]:
    labelled = (quad.subject for quad in store.statements(None, ox.NamedNode(RDFS + "label")))
    return list(map(compact, sorted({n.value for n in labelled if isinstance(n, ox.NamedNode)})))


def _language_rank(text: ox.Literal, lang: str) -> int:
    language = text.language or ""
    return 0 if language == lang else 1 if language == "en" else 2


def _best_text(texts: list[Any], lang: str) -> str:
    literals = [text for text in texts if isinstance(text, ox.Literal)]
    ranked = sorted(literals, key=lambda text: (_language_rank(text, lang), text.value))
    return ranked[0].value if ranked else ""


def _locator(own: dict[str, list[Any]], name: Any) -> str:
    section = ", ".join(sorted(display(o) for o in own[COP + "inSection"]))
    line = ", ".join(sorted((display(o) for o in own[COP + "atLine"]), key=lambda n: (len(n), n)))
    source = "; ".join(sorted(name(o) for o in own[DCTERMS + "source"]))
    place = ", ".join(part for part in (section, f"line {line}" if line else "") if part)
    return ": ".join(part for part in (source, place) if part)


def _is_told(prop: Term | None) -> bool:
    return display_iri(prop) not in _HEADED and display_iri(prop) not in MATCHES


def _shared(prop: Term | None) -> ox.NamedNode | None:
    """Give the property beside which one of a placement is stated: a card tells a value once."""
    shared = _BESIDE.get(display_iri(prop))
    return ox.NamedNode(shared) if shared else None


def _is_owl_plumbing(term: Term | None) -> bool:
    return display_iri(term) == OWL + "NamedIndividual"


def _reading_order(fact: Fact) -> tuple[str, int, str]:
    number = int(fact.value) if fact.value.isdigit() and fact.value.isascii() else 0
    return (fact.property_label.casefold(), number, fact.value_label.casefold())
