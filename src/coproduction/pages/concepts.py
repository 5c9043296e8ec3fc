"""All terms as a tree: by the part of the source that has them, or by kind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from ..errors import UnknownName
from ..messages import Speaker, speaker
from ..names import COP, ONTOLOGY_IRI, OWL, RDF, RDFS, SKOS
from ..pictures.views import rows, section_head
from ..results.result import Result
from ..store.labels import labels
from .address import Address
from .class_tree import IN_WORDS, Entry, trees_of
from .matching import matches
from .page import Page, Words
from .tables import table, text
from .term import is_there

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph
    from ..store.protocol import Store

WAYS: Final = ("source", "kind")
OPEN: Final = ("all", "none")
"""What of the tree can be open at once; where nothing is said, what is looked for."""
_NAMES: Final = (RDFS + "label", SKOS + "altLabel", SKOS + "hiddenLabel")
_TYPE: Final = RDF + "type"


class Node(NamedTuple):
    """A term in the tree, or a part of it.

    Attributes:
        name: what it is called, and leads to.
        about: its definition.
        line: of the source, or an empty text.
        below: what stands under it.
        is_open: whether that is seen at once.
        is_here: whether the tree is opened at it.
        anchor: its local name where it stands first in the tree, else an empty text.
        number: its individuals in scope, of a class where it stands first.
        notes: what else is told of a class in few words.
    """

    name: Words
    about: Words = Words("")
    line: str = ""
    below: tuple[Node, ...] = ()
    is_open: bool = False
    is_here: bool = False
    anchor: str = ""
    number: int = 0
    notes: tuple[str, ...] = ()


def page(graph: AskedGraph, address: Address) -> Page:
    """Give the tree of all terms.

    Args:
        graph: what is in scope.
        address: its state may have ``by`` (one of :data:`WAYS`), ``q``, of which each word has to
            stand in a term's name or definition, ``at``, the local name of a term that the tree is
            opened at, and ``open`` (one of :data:`OPEN`). By kind, classes of other vocabularies
            and of a user stand there too.

    Raises:
        UnknownName: there is no such term, or no such way.
    """
    say = speaker(address.lang)
    by, is_open = address.get("by") or WAYS[0], address.get("open")
    for name, value, values in (("by", by, WAYS), ("open", is_open, OPEN)):
        if value and value not in values:
            raise UnknownName(name, value, values, f"(one of {', '.join(values)})")
    terms = _Terms(graph.store, address.lang, address.get("q"), address.get("at"), is_open)
    if terms.at != COP and not is_there(graph.store, terms.at):
        known = [iri.removeprefix(COP) for iri in terms.iris]
        raise UnknownName("term", address.get("at"), known)
    trees = trees_of(graph.store, address.lang) if by == "kind" else []
    tree = tuple(_by_kind(terms, trees, say) if by == "kind" else _by_source(terms, say))
    found = dict(_in_tree(tree))
    own = tuple(iri for iri in found if iri in terms.names)
    return Page(
        address,
        say("Concepts"),
        "concepts.html",
        {
            "by": by,
            "tree": tree,
            "count": len(own),
            "classes": len({entry.iri for tree in trees for entry in tree} & found.keys()),
            "query": address.get("q"),
            "can": _can(address),
        },
        {"terms": _table(found, trees, address.lang)},
        own,
        lead=say("Each term of the source and of later work, with its definition and its place."),
    )


def _can(address: Address) -> dict[str, str | None]:
    """Give how much of the tree can be open beside what is, each with its place in the address."""
    asked = bool(address.get("q")), bool(address.get("at"))
    now = address.get("open") or ("all" if asked[0] else "" if asked[1] else "none")
    by_itself = "all" if asked[0] else "none" if not any(asked) else ""
    return {each: None if each == by_itself else each for each in OPEN if each != now}


def _in_tree(tree: Iterable[Node], part: str = "") -> Iterator[tuple[str, tuple[str, Node]]]:
    """Give the terms of a tree by IRI, each with the name of what it stands under."""
    for node in tree:
        if node.name.href:
            yield node.name.href, (part, node)
        yield from _in_tree(node.below, node.name.text)


def _table(found: dict[str, tuple[str, Node]], trees: Iterable[list[Entry]], lang: str) -> Result:
    """Give a row for each term; by kind, of a class its individuals and how it is defined too."""
    numbers = {entry.iri: entry for tree in trees for entry in tree}
    return table(
        ["part", "term", "termLabel", "definition", "line", "individuals", "defined"],
        [
            (
                part,
                ox.NamedNode(iri),
                text(node.name.text, node.name.lang or lang),
                text(node.about.text, node.about.lang or lang),
                int(node.line) if node.line else None,
                numbers[iri].number if iri in numbers else None,
                str(numbers[iri].told_by) if iri in numbers else None,
            )
            for iri, (part, node) in found.items()
        ],
    )


class _Terms:
    """All terms of ours, with labels and definitions, and which of them fit a search."""

    def __init__(self, store: Store, lang: str, query: str, at: str, is_open: str) -> None:
        self.store, self.lang, self.query, self.at = store, lang, query, COP + at
        self._is_open = is_open
        self._seen: set[str] = set()
        old = self._subjects(OWL + "deprecated", None)
        own = self._subjects(RDFS + "isDefinedBy", ox.NamedNode(ONTOLOGY_IRI)) - old
        nodes = sorted(iri for iri in own if iri.startswith(COP))
        known = labels(store, nodes, lang, in_any=True)
        self.names = {iri: self._words(label, iri) for iri, label in known.items()}
        self.about = dict(self._definitions(nodes))
        self.iris = [iri for iri in nodes if iri in self.names]
        self.others: dict[str, Words] = {}

    def _subjects(self, prop: str, value: ox.NamedNode | None) -> set[str]:
        found = self.store.statements(None, ox.NamedNode(prop), value)
        return {quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)}

    def _words(self, said: ox.Literal, iri: str = "") -> Words:
        return Words(
            said.value, said.language if said.language not in (None, self.lang) else "", iri
        )

    def _definitions(self, nodes: Iterable[str]) -> Iterator[tuple[str, Words]]:
        found: dict[str, list[ox.Literal]] = {}
        for node, said in self.store.values_of(map(ox.NamedNode, nodes), SKOS + "definition"):
            if isinstance(said, ox.Literal):
                found.setdefault(node.value, []).append(said)
        for iri, texts in found.items():
            texts.sort(key=lambda said: (said.language != self.lang, said.language != "en"))
            yield iri, self._words(texts[0])

    @cached_property
    def fitting(self) -> frozenset[str]:
        """The terms that have each word that is looked for in a name or in their definition."""
        return self._fitting(self.iris)

    def _fitting(self, iris: Collection[str]) -> frozenset[str]:
        if not self.query:
            return frozenset(iris)
        searched = {iri: [self.about[iri].text] if iri in self.about else [] for iri in iris}
        for prop in _NAMES:
            for node, said in self.store.values_of(map(ox.NamedNode, iris), prop):
                searched[node.value].append(str(getattr(said, "value", "")))
        return frozenset(iri for iri in iris if matches(self.query, searched[iri]))

    def take(self, others: Mapping[str, str]) -> frozenset[str]:
        """Know classes that are no terms of ours, by IRI with a name; give those that fit."""
        known = labels(self.store, others, self.lang, in_any=True)
        self.others = {
            iri: self._words(known[iri], iri) if iri in known else Words(name, "", iri)
            for iri, name in others.items()
        }
        self.about |= self._definitions(others)
        return self._fitting(others)

    @cached_property
    def classes(self) -> set[str]:
        """The terms that are classes."""
        return self._subjects(_TYPE, ox.NamedNode(OWL + "Class")) & set(self.iris)

    @cached_property
    def properties(self) -> set[str]:
        """The terms that are properties."""
        kinds = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
        found = (self._subjects(_TYPE, ox.NamedNode(OWL + kind)) for kind in kinds)
        return set().union(*found) & set(self.iris)

    def by_name(self, iris: Iterable[str]) -> list[str]:
        """Give terms in the order of their names."""
        return sorted(iris, key=lambda iri: (self.names[iri].text.casefold(), iri))

    def node(self, iri: str, line: str = "", below: Iterable[Node] = ()) -> Node:
        """Give a term as a node."""
        under = tuple(below)
        name = self.names.get(iri) or self.others.get(iri, Words(iri, "", iri))
        about = self.about.get(iri, Words(""))
        is_first = iri not in self._seen
        self._seen.add(iri)
        anchor = iri.removeprefix(COP) if is_first and iri in self.names else ""
        is_here = is_first and iri == self.at
        return Node(name, about, line, under, self._opens(under, is_here), is_here, anchor)

    def part(self, name: Words, below: Iterable[Node]) -> Iterator[Node]:
        """Give a part of the tree; none where it holds nothing that is looked for."""
        under = tuple(below)
        if under:
            yield Node(name, below=under, is_open=self._opens(under))

    def _opens(self, below: tuple[Node, ...], is_here: bool = False) -> bool:
        if not below or self._is_open == "none":
            return False
        is_whole = bool(self.query or self._is_open)
        return is_whole or is_here or any(node.is_here or node.is_open for node in below)


def _by_source(terms: _Terms, say: Speaker) -> Iterator[Node]:
    """Give the parts of the source in its order, each with the terms that it has."""
    found: dict[str, dict[str, str]] = {}
    for row in rows(terms.store, "locators", terms.lang, "queries/questions"):
        if str(row["node"]) in terms.names:
            found.setdefault(str(row["section"]), {}).setdefault(str(row["node"]), str(row["line"]))
    for row in rows(terms.store, "sections", terms.lang):
        name = section_head(row["key"], row["sectionLabel"])
        here = found.get(str(row["key"]), {}).items()
        nodes = (terms.node(iri, line) for iri, line in here if iri in terms.fitting)
        yield from terms.part(Words(name, "" if terms.lang == "en" else "en"), nodes)
    seen = {iri for here in found.values() for iri in here}
    rest = terms.by_name(terms.fitting - seen - terms.properties)
    classes = (terms.node(iri) for iri in rest if iri in terms.classes)
    values = (terms.node(iri) for iri in rest if iri not in terms.classes)
    yield from terms.part(Words(say("Classes that the source does not name")), classes)
    yield from terms.part(Words(say("Values that the source does not name")), values)
    yield from _properties(terms, say)


def _by_kind(terms: _Terms, trees: Iterable[list[Entry]], say: Speaker) -> Iterator[Node]:
    """Give the classes as they stand under each other, each with its values."""
    others = {e.iri: e.label for tree in trees for e in tree if e.iri not in terms.names}
    fitting = terms.fitting | terms.take(others)
    values: dict[str, set[str]] = {}
    leaves = map(ox.NamedNode, terms.fitting - terms.classes - terms.properties)
    for node, kind in terms.store.values_of(leaves, _TYPE):
        if isinstance(kind, ox.NamedNode) and kind.value in terms.classes:
            values.setdefault(kind.value, set()).add(node.value)

    def nested(entries: list[Entry], depth: int) -> Iterator[Node]:
        """Give the nodes of a depth, each with the entries up to the next of its depth."""
        places = [place for place, entry in enumerate(entries) if entry.depth == depth]
        for place, end in zip(places, [*places[1:], len(entries)], strict=False):
            entry = entries[place]
            leaves = (terms.node(each) for each in terms.by_name(values.get(entry.iri, set())))
            below = (*nested(entries[place + 1 : end], depth + 1), *leaves)
            if below or entry.iri in fitting:
                node = terms.node(entry.iri, "", below)
                number = 0 if entry.is_again else entry.number
                yield node._replace(number=number, notes=tuple(_notes(entry, say)))

    for tree in trees:
        yield from nested(tree, 0)
    # Classes of the bookkeeping of stores are in no tree.
    seen = {entry.iri for tree in trees for entry in tree}
    for iri in terms.by_name((terms.fitting & terms.classes) - seen):
        yield from nested([Entry(iri, "", 0, 0, IN_WORDS, False)], 0)
    yield from _properties(terms, say)


def _notes(entry: Entry, say: Speaker) -> Iterator[str]:
    """Say how a class is defined, where it is not in words alone, and that it stands above too."""
    if entry.told_by != IN_WORDS:
        yield say.again(entry.told_by)
    if entry.is_again:
        yield say("it stands further up too")


def _properties(terms: _Terms, say: Speaker) -> Iterator[Node]:
    nodes = (terms.node(iri) for iri in terms.by_name(terms.fitting & terms.properties))
    yield from terms.part(Words(say("Properties")), nodes)
