"""The page on one thing: a term, an ambiguity, a person, and what else has no page of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, islice
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlencode

import pyoxigraph as ox

from ..knowledge.terms import (
    Fact,
    TermCard,
    Uses,
    describe,
    display_iri,
)
from ..knowledge.views import rows_of_view
from ..messages import Sentence, Speaker, speaker
from ..names import COP, DCTERMS, ID, RDFS, SKOS, expand, in_words
from ..store.labels import labels
from ..store.lookup import occurs
from .address import Address
from .entries import things_like
from .links import links_table
from .page import NoPage, Page, Words

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph
    from ..store.protocol import Node, Store

MOST: Final = 12
"""Uses of one kind that are seen at once; the others are unfolded."""
ALL: Final = 200
"""Uses of one kind that are shown at most, of a thing that has more than :data:`FEW` in all."""
FEW: Final = 2_000
_QUOTED: Final = COP + "quotedText"
_AMBIGUITY: Final = COP + "dependsOnAmbiguity"
_READINGS: Final = {COP + "preferredReading": True, COP + "hasReading": False}
_APART: Final = {_QUOTED, _AMBIGUITY, *_READINGS, COP + "unreviewedLabel", COP + "mentions"}
"""What is told in a place of its own, or not at all."""
_HEADS: Final = {
    SKOS + "altLabel": Sentence("other names"),
    SKOS + "hiddenLabel": Sentence("other names"),
    SKOS + "example": Sentence("examples"),
    SKOS + "scopeNote": Sentence("note"),
    SKOS + "editorialNote": Sentence("remark"),
    SKOS + "note": Sentence("note"),
    RDFS + "seeAlso": Sentence("see also"),
    RDFS + "subClassOf": Sentence("kind of"),
    RDFS + "subPropertyOf": Sentence("part of"),
    RDFS + "domain": Sentence("from"),
    RDFS + "range": Sentence("to"),
    DCTERMS + "source": Sentence("source"),
    DCTERMS + "title": Sentence("title"),
}
"""How properties of others are called, which have no name in our languages."""
_ABOVE: Final = (COP + "isKindOf", RDFS + "subClassOf", RDFS + "subPropertyOf")


class Group(NamedTuple):
    """What is said by one property.

    Attributes:
        head: its name.
        seen: what is seen at once.
        folded: the others.
        left_out: how many are not shown.
    """

    head: Words
    seen: tuple[Words, ...]
    folded: tuple[Words, ...]
    left_out: int = 0


class Locator(NamedTuple):
    """Where sources have a thing: which they are, the section and the line."""

    sources: tuple[Words, ...]
    section: str
    line: str


class Quotation(NamedTuple):
    """Words of a source, and where they stand."""

    words: str
    locator: Locator


class Reading(NamedTuple):
    """A way to read the source.

    Attributes:
        text: what it says.
        is_preferred: whether it is the one that is taken where nothing is said.
        argument: what speaks for it, or an empty text.
    """

    text: Words
    is_preferred: bool
    argument: Words


class Doubt(NamedTuple):
    """What the source leaves open, and how it can be read."""

    name: Words
    about: Words
    readings: tuple[Reading, ...]


def page(graph: AskedGraph, address: Address, name: str = "", kind: str = "") -> Page:
    """Give the page on a thing.

    Args:
        graph: what is in scope.
        address: where it stands.
        name: its local name.
        kind: what the address of a thing that is no term begins with.

    Raises:
        NoPage: nothing in scope is called so.
    """
    iri = f"{ID}{kind}/{name}" if kind else COP + name if name else address.get("iri")
    if not iri or expand(iri) is None or not is_there(graph.store, iri):
        told = Sentence("nothing in scope has the name {name}", name=name or iri)
        near = things_like(graph.store, name, address.lang) if name else ()
        search = f"/search?{urlencode({'q': name})}" if name else "/search"
        raise NoPage(told, near, Words(Sentence("Search"), "", search))
    lang = address.lang
    card = describe(graph.store, iri, lang, _uses(graph.store, iri))
    known = _Languages(graph.store, card, lang)
    say = speaker(lang)
    lines = _lines(graph.store, (*card.facts, *card.uses))
    tables = {"statements": card.table}
    if card.links:
        tables["links"] = links_table(graph.store, card.links, lang)
    return Page(
        address,
        card.label,
        "term.html",
        {
            "card": card,
            "label": Words(card.label, known.of_label(iri)),
            "types": [
                Words(text, known.of_label(of), of) for of, text in _types(graph, card, lang)
            ],
            "definition": Words(card.definition, known.of_text(card.definition)),
            "names": [
                Words(text, tag) for tag, text in sorted(card.labels.items()) if text != card.label
            ],
            "locator": _locator(graph.store, ox.NamedNode(iri), lang),
            "quotations": list(_quotations(graph.store, iri, lang)),
            "doubts": [doubt(graph.store, each, lang) for each in _doubts_of(card)],
            "says": _groups(_told(card.facts, lines), known, say),
            "said": _groups(_told(card.uses, lines), known, say, MOST, card.left_out),
            "above": list(_above(graph.store, iri, lang)),
            "tree": name if iri == COP + name else "",
        },
        tables,
        (iri,),
        {"card": card.as_dict()},
        card.definition,
    )


def _uses(store: Store, iri: str) -> Uses:
    """Give what is said with a thing; of more than a page can show, some by each property."""
    node = ox.NamedNode(iri)
    few = list(islice(store.statements(None, None, node), FEW + 1))
    if len(few) <= FEW:
        return Uses(list(dict.fromkeys((quad.subject, quad.predicate) for quad in few)))
    taken: list[tuple[Node, ox.NamedNode]] = []
    left_out = {}
    for row in rows_of_view(store, "uses-by-property", node=[node]):
        prop = ox.NamedNode(row["property"])
        some = islice(store.statements(None, prop, node), ALL)
        subjects = list(dict.fromkeys(quad.subject for quad in some))
        taken += [(subject, prop) for subject in subjects]
        left_out[prop.value] = max(int(row["uses"]) - len(subjects), 0)
    return Uses(taken, left_out)


def is_there(store: Store, iri: str) -> bool:
    """Tell whether anything in scope is said of or with a thing; a text that is no IRI is none."""
    try:
        return occurs(store, iri)
    except ValueError:
        return False


class _Languages:
    """In which language the texts of a card are."""

    def __init__(self, store: Store, card: TermCard, lang: str) -> None:
        self._lang = lang
        nodes = {fact.value for fact in (*card.facts, *card.uses)}
        nodes |= {fact.property for fact in (*card.facts, *card.uses)} | {card.iri}
        valid = [iri for iri in nodes if expand(iri) is not None and " " not in iri]
        found = labels(store, (iri for iri in valid if _is_node(iri)), lang, in_any=True)
        self._labels = {iri: text.language or "" for iri, text in found.items()}
        self._texts = {
            quad.object.value: quad.object.language or ""
            for quad in store.statements(ox.NamedNode(card.iri))
            if isinstance(quad.object, ox.Literal)
        }

    def of_label(self, iri: str) -> str:
        """Give the language of a thing's label where it is another than the page's."""
        tag = self._labels.get(iri, "")
        return "" if tag == self._lang else tag

    def of_text(self, text: str) -> str:
        """Give the language of a text of the thing where it is another than the page's."""
        tag = self._texts.get(text, "")
        return "" if tag == self._lang else tag

    def words(self, fact: Fact, say: Speaker) -> Words:
        """Give the other end of a statement."""
        if fact.property == COP + "claimPredicate":
            return Words(say(in_words(fact.value)))
        if fact.value in self._labels:
            return Words(fact.told(), self.of_label(fact.value), fact.value)
        if fact.value_label != fact.value and _is_node(fact.value):
            return Words(fact.told(), "", fact.value)
        is_address = fact.value.startswith(("http://", "https://"))
        return Words(fact.told(), self.of_text(fact.value), fact.value if is_address else "")


def _is_node(text: str) -> bool:
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def _types(graph: AskedGraph, card: TermCard, lang: str) -> list[tuple[str, str]]:
    """Give the classes of a thing by their IRIs, with their labels."""
    kinds = graph.store.values(
        ox.NamedNode(card.iri), "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    )
    iris = [each.value for each in kinds if isinstance(each, ox.NamedNode)]
    known = {iri: text.value for iri, text in labels(graph.store, iris, lang, in_any=True).items()}
    return sorted(
        ((iri, known[iri]) for iri in iris if known.get(iri) in card.types),
        key=lambda each: each[1],
    )


def _lines(store: Store, facts: Iterable[Fact]) -> dict[str, int]:
    """Give the line of the source at which things stand, or begin, by their IRIs."""
    iris = {fact.value for fact in facts if "://" in fact.value and _is_node(fact.value)}
    nodes = [ox.NamedNode(iri) for iri in sorted(iris)]
    found = (pair for prop in ("fromLine", "atLine") for pair in store.values_of(nodes, COP + prop))
    lines: dict[str, int] = {}
    for node, line in found:
        number, _ = _as_number(display_iri(line))
        lines[node.value] = min(number, lines.get(node.value, number))
    return lines


def _told(facts: Iterable[Fact], lines: Mapping[str, int]) -> list[Fact]:
    """Give what is told beside what has a place of its own.

    What is said by one property stands in the order of the source, where all has a line there.
    """
    told = [fact for fact in facts if fact.property not in _APART]
    apart = {fact.property for fact in told if fact.value not in lines}
    return sorted(told, key=lambda f: 0 if f.property in apart else lines[f.value])


def _groups(
    facts: list[Fact],
    known: _Languages,
    say: Speaker,
    most: int | None = None,
    more: Mapping[str, int] | None = None,
) -> list[Group]:
    """Bring together what is said by one property.

    Args:
        facts: what is said.
        known: in which language.
        say: the language of the page.
        most: how many are seen at once, where not all are.
        more: how many others there are, by property.
    """

    def head(fact: Fact) -> str:
        own = _HEADS.get(fact.property)
        return say.again(own) if own else fact.property_label

    groups = []
    for name, some in groupby(sorted(facts, key=lambda fact: head(fact).casefold()), key=head):
        many = list(some)
        first = many[0].property
        words = tuple(dict.fromkeys(known.words(fact, say) for fact in many))
        title = Words(
            name,
            "" if first in _HEADS else known.of_label(first),
            first if first.startswith(COP) else "",
        )
        cut = len(words) if most is None or len(words) <= most + 1 else most
        left_out = sum((more or {}).get(prop, 0) for prop in {fact.property for fact in many})
        groups.append(Group(title, words[:cut], words[cut:], left_out))
    return groups


def _quotations(store: Store, iri: str, lang: str) -> Iterator[Quotation]:
    """Give what sources say of a thing in their own words, each passage once."""
    found: dict[Quotation, None] = {}
    node = ox.NamedNode(iri)
    mentions = [
        quad.subject for quad in store.statements(None, ox.NamedNode(COP + "mentions"), node)
    ]
    for each in (node, *mentions):
        if texts := [display_iri(text) for text in store.values(each, _QUOTED)]:
            locator = _locator(store, each, lang)
            found |= dict.fromkeys(Quotation(text, locator) for text in texts)
    yield from sorted(found, key=lambda each: (*_as_number(each.locator.line), each.words))


def _locator(store: Store, node: Node, lang: str) -> Locator:
    """Give where sources have a thing; each source leads to its page, which says how to get it."""
    sections = [display_iri(text) for text in store.values(node, COP + "inSection")]
    lines = [display_iri(text) for text in store.values(node, COP + "atLine")]
    said = store.values(node, DCTERMS + "source")
    iris = [each.value for each in said if isinstance(each, ox.NamedNode)]
    known = labels(store, iris, lang, in_any=True)
    sources = [
        Words(known[iri].value if iri in known else iri, _tag(known.get(iri), lang), iri)
        for iri in iris
    ]
    sources += [
        Words(each.value, _tag(each, lang)) for each in said if isinstance(each, ox.Literal)
    ]
    line = ", ".join(sorted(lines, key=_as_number))
    return Locator(tuple(sorted(sources)), ", ".join(sorted(sections)), line)


def _as_number(text: str) -> tuple[int, str]:
    first = text.partition(",")[0]
    return (int(first) if first.isdecimal() and len(first) < 12 else 0, text)


def _doubts_of(card: TermCard) -> list[str]:
    """Give what the source leaves open about a thing; an ambiguity is that itself."""
    if any(fact.property in _READINGS for fact in card.facts):
        return [card.iri]
    return [fact.value for fact in card.facts if fact.property == _AMBIGUITY]


def doubt(store: Store, iri: str, lang: str) -> Doubt:
    """Give what the source leaves open, by its IRI, with the ways to read it."""
    node = ox.NamedNode(iri)
    readings = {
        each: preferred
        for prop, preferred in reversed(_READINGS.items())
        for each in store.values(node, prop)
        if isinstance(each, ox.NamedNode)
    }
    label = labels(store, [iri], lang, in_any=True).get(iri)
    return Doubt(
        Words(label.value if label else iri, _tag(label, lang), iri),
        best_text(store, iri, SKOS + "definition", lang),
        tuple(
            Reading(
                best_text(store, each.value, COP + "readingText", lang)._replace(href=each.value),
                preferred,
                best_text(store, each.value, COP + "argument", lang),
            )
            for each, preferred in sorted(
                readings.items(), key=lambda item: (not item[1], item[0].value)
            )
        ),
    )


def best_text(store: Store, iri: str, prop: str, lang: str) -> Words:
    """Give the text that a thing has by a property, in a language, else in English, else in any."""
    texts = [text for text in store.values(ox.NamedNode(iri), prop) if isinstance(text, ox.Literal)]
    ranked = sorted(
        texts, key=lambda text: (text.language != lang, text.language != "en", text.value)
    )
    return Words(ranked[0].value, _tag(ranked[0], lang)) if ranked else Words("")


def _tag(text: ox.Literal | None, lang: str) -> str:
    return "" if text is None or text.language in (lang, None) else str(text.language)


def _above(store: Store, iri: str, lang: str) -> Iterator[Words]:
    """Give what a thing is a kind of, the widest first; of several the first by name."""
    path: list[str] = []
    while iri not in path:
        path.append(iri)
        above = [
            each.value
            for prop in _ABOVE
            for each in store.values(ox.NamedNode(iri), prop)
            if isinstance(each, ox.NamedNode) and each.value.startswith(COP)
        ]
        if not above:
            break
        iri = min(above)
    known = labels(store, path, lang, in_any=True)
    for each in reversed(path[1:]):
        label = known.get(each)
        yield Words(label.value if label else each, _tag(label, lang), each)
