"""Shapes read as fields: the one list of columns that everything a user meets is made from.

A property shape with ``copsh:key`` is a column of the case record. Its names in four languages
are headings, its ``sh:class`` or ``sh:in`` gives the drop-down, its bounds and messages are the
checks. The sheet, its documentation, the checks of a table and the messages come from here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

import pyoxigraph as ox

from ..errors import UnknownName
from ..names import COP, COPSH, DCTERMS, FOAF, LANGUAGES, OWL, RDF, RDFS, SH, SKOS
from ..resources import data_dir
from ..spelling import fold
from ..store.embedded import EmbeddedStore
from ..store.protocol import Store

CASE_RECORD: Final = "case-record.ttl"
LEVELS: Final = {"Violation": "error", "Warning": "warning", "Info": "info"}
"""What a report calls the severities of SHACL."""
_ORGANISATION: Final = FOAF + "Organization"
_NAME_OF_ORGANISATION: Final = COPSH + "Organisation-name"


def in_language(texts: dict[str, str], lang: str) -> str:
    """Give the text in a language; English stands in where it is missing."""
    return texts.get(lang) or texts.get("en", "")


class Choice(NamedTuple):
    """A value that a field can take.

    Attributes:
        iri: its term.
        labels: by language.
        names: what else it is called.
        definition: in English.
        former: what terms are called that were renamed to it, by their names and IRIs.
    """

    iri: str
    labels: dict[str, str]
    names: tuple[str, ...]
    definition: str
    former: tuple[str, ...] = ()

    def label(self, lang: str = "en") -> str:
        """Give the label that a form shows."""
        return self.labels.get(lang) or self.labels.get("en") or self.iri


class Field(NamedTuple):
    """One column of the case record.

    Attributes:
        key: the stable heading, such as ``start_year``.
        shape: local name of the shape, such as ``Case-start_year``: the rule of a report.
        path: IRI of the property that holds the value.
        parent: property that leads from the case to the node that holds it, or empty.
        node: end of that node's IRI behind the case's (``coding/level``), or empty.
        names, descriptions: by language.
        groups: label of its group by language; in English required, one of the two
            years required, recommended, optional.
        choices: the values it can take; none where it is open.
        other_path, other_choices: a second property whose values the column takes too.
        organisation: whether its values are organisations, given by name.
        codes: literal values it can take (country codes); none where it is open.
        datatypes: IRIs of the datatypes of its literals.
        minimum, maximum: bounds of a number.
        longest: characters of a text, or of an organisation's name, at most.
        shortest: characters of a text at least.
        pattern: regular expression of its text.
        required: whether there has to be a value.
        separator: sign between several values, or empty where there is one.
        unknown: whether ``unknown`` is an answer.
        level: ``error``, ``warning`` or ``info``.
        messages: what a user is told, by language.
    """

    key: str
    shape: str
    path: str
    parent: str
    node: str
    names: dict[str, str]
    descriptions: dict[str, str]
    groups: dict[str, str]
    choices: tuple[Choice, ...]
    other_path: str
    other_choices: tuple[Choice, ...]
    organisation: bool
    codes: frozenset[str]
    datatypes: frozenset[str]
    minimum: int | None
    maximum: int | None
    longest: int | None
    shortest: int | None
    pattern: str
    required: bool
    separator: str
    unknown: bool
    level: str
    messages: dict[str, str]

    def name(self, lang: str = "en") -> str:
        """Give the heading in a language."""
        return self.names.get(lang) or self.names.get("en") or self.key

    def message(self, lang: str = "en") -> str:
        """Give what a user is told, in a language."""
        return in_language(self.messages, lang)


class Rule(NamedTuple):
    """A rule across several fields: a query for the cases that break it, run once for all.

    Attributes:
        shape: local name of its shape, such as ``Rule-endBeforeStart``.
        select: SPARQL that gives the cases at fault as ``?this``.
        column: key of the column to change, or empty.
        level: ``error``, ``warning`` or ``info``.
        messages: what is wrong, and what to do, by language.
    """

    shape: str
    select: str
    column: str
    level: str
    messages: dict[str, str]

    def message(self, lang: str = "en") -> str:
        """Give what is wrong, and what to do, in a language."""
        return in_language(self.messages, lang)


class CaseRecord(NamedTuple):
    """The case record: its fields in the order of the sheet, and the rules across them."""

    fields: tuple[Field, ...]
    rules: tuple[Rule, ...]
    unknown: Choice

    def language(self, headings: Sequence[str]) -> str:
        """Give the language in which most headings are written; English where none is.

        A name that several languages share counts for each; of equals the first is taken.
        """
        written = {fold(heading) for heading in headings}
        names = {
            lang: {fold(field.names[lang]) for field in self.fields if lang in field.names}
            for lang in LANGUAGES
        }
        names["en"] |= {fold(field.key) for field in self.fields}
        return max(LANGUAGES, key=lambda lang: len(names[lang] & written))

    def field(self, key: str) -> Field:
        """Give the field with a key.

        Raises:
            UnknownName: there is none.
        """
        for field in self.fields:
            if field.key == key:
                return field
        raise UnknownName("field of the case record", key, [field.key for field in self.fields])


class ShapeGraph:
    """A graph of shapes and terms, read node by node."""

    def __init__(self, *stores: Store) -> None:
        self._stores = stores

    def values(self, node: ox.NamedNode | ox.BlankNode, prop: str) -> list[ox.NamedNode]:
        """Give the objects of a property."""
        found = (
            quad.object
            for store in self._stores
            for quad in store.statements(node, ox.NamedNode(prop), None)
        )
        return list(found)  # type: ignore[arg-type]

    def text(self, node: ox.NamedNode | ox.BlankNode, prop: str) -> str:
        """Give the first value's text, or an empty one."""
        return next((value.value for value in self.values(node, prop)), "")

    def texts(self, node: ox.NamedNode | ox.BlankNode, prop: str) -> dict[str, str]:
        """Give the values by language."""
        return {
            getattr(value, "language", None) or "": value.value for value in self.values(node, prop)
        }

    def number(self, node: ox.NamedNode | ox.BlankNode, prop: str) -> int | None:
        """Give the value as a whole number, or None."""
        text = self.text(node, prop)
        return int(text) if text else None

    def members(self, node: ox.NamedNode | ox.BlankNode, prop: str) -> list[ox.NamedNode]:
        """Give the items of a list."""
        items: list[ox.NamedNode] = []
        head = next(iter(self.values(node, prop)), None)
        while head is not None and head.value != RDF + "nil":
            items += self.values(head, RDF + "first")
            head = next(iter(self.values(head, RDF + "rest")), None)
        return items

    def subjects(self, prop: str, value: str | None = None) -> list[ox.NamedNode]:
        """Give the named nodes that have a property, in order of IRI."""
        target = ox.NamedNode(value) if value else None
        found = {
            quad.subject
            for store in self._stores
            for quad in store.statements(None, ox.NamedNode(prop), target)
            if isinstance(quad.subject, ox.NamedNode)
        }
        return sorted(found, key=lambda node: node.value)

    def choices(self, of_class: str) -> tuple[Choice, ...]:
        """Give the individuals of a class: by rank where they are ranked, else by place.

        One that is deprecated is none: what it is called stands beside its replacement.
        """
        gone = self.subjects(OWL + "deprecated")
        nodes = [node for node in self.subjects(RDF + "type", of_class) if node not in gone]
        order = {
            node: (self.number(node, COP + "rank") or 0, self.number(node, COP + "atLine") or 0)
            for node in nodes
        }
        return tuple(map(self.choice, sorted(nodes, key=lambda node: (order[node], node.value))))

    def choice(self, node: ox.NamedNode) -> Choice:
        """Read one individual."""
        other = [
            value.value
            for prop in (SKOS + "altLabel", SKOS + "hiddenLabel", COP + "sourceLabel")
            for value in self.values(node, prop)
        ]
        labels = self.texts(node, RDFS + "label")
        by = DCTERMS + "isReplacedBy"
        replaced = [n for n in self.subjects(by, node.value) if len(self.values(n, by)) == 1]
        former = (name for one in map(self.choice, replaced) for name in (one.iri, *one.names))
        return Choice(
            iri=node.value,
            labels=labels,
            names=(*labels.values(), *other),
            definition=self.texts(node, SKOS + "definition").get("en", ""),
            former=tuple(former),
        )


@cache
def case_record() -> CaseRecord:
    """Read the packaged case record.

    Raises:
        DataError: the shapes are missing or broken.
    """
    path = data_dir("shapes") / CASE_RECORD
    shapes = EmbeddedStore()
    shapes.add_raw(path)
    graph = ShapeGraph(shapes, EmbeddedStore.packaged())
    nodes = graph.subjects(COPSH + "key")
    numbered = [(float(graph.text(node, SH + "order")), _field(graph, node)) for node in nodes]
    fields = tuple(field for _, field in sorted(numbered, key=lambda pair: (pair[0], pair[1].key)))
    rules = tuple(
        _rule(graph, node)
        for node in graph.subjects(SH + "severity")
        if node.value.startswith(COPSH + "Rule-") and _selects(graph, node)
    )
    return CaseRecord(fields, rules, graph.choice(ox.NamedNode(COP + "Unknown")))


def _field(graph: ShapeGraph, node: ox.NamedNode) -> Field:
    owner = _owner(graph, node)
    key = graph.text(node, COPSH + "key")
    nested = owner is not None and owner.value != COPSH + "Case"
    other = next(
        (
            n
            for n in graph.subjects(COPSH + "writtenIn")
            if graph.text(n, COPSH + "writtenIn") == key
        ),
        None,
    )
    group = graph.values(node, SH + "group")
    of_class = graph.text(node, SH + "class")
    return Field(
        key=key,
        shape=node.value.removeprefix(COPSH),
        path=graph.text(node, SH + "path"),
        parent=graph.text(owner, COPSH + "parentPath") if owner and nested else "",
        node=graph.text(owner, COPSH + "parentNode") if owner and nested else "",
        names=graph.texts(node, SH + "name"),
        descriptions=graph.texts(node, SH + "description"),
        groups=graph.texts(group[0], RDFS + "label") if group else {},
        choices=graph.choices(of_class) if of_class not in ("", _ORGANISATION) else (),
        other_path=graph.text(other, SH + "path") if other else "",
        other_choices=graph.choices(graph.text(other, SH + "class")) if other else (),
        organisation=of_class == _ORGANISATION,
        codes=frozenset(
            item.value for item in graph.members(node, SH + "in") if isinstance(item, ox.Literal)
        ),
        datatypes=_datatypes(graph, node),
        minimum=graph.number(node, SH + "minInclusive"),
        maximum=graph.number(node, SH + "maxInclusive"),
        longest=graph.number(
            ox.NamedNode(_NAME_OF_ORGANISATION) if of_class == _ORGANISATION else node,
            SH + "maxLength",
        ),
        shortest=graph.number(node, SH + "minLength"),
        pattern=graph.text(node, SH + "pattern"),
        required=not nested
        and (bool(graph.number(node, SH + "minCount")) or _asks_for_value(graph, node)),
        separator=graph.text(node, COPSH + "separator"),
        unknown=graph.text(node, COPSH + "allowsUnknown") == "true",
        level=_level(graph, node),
        messages=graph.texts(node, SH + "message"),
    )


def _owner(graph: ShapeGraph, node: ox.NamedNode) -> ox.NamedNode | None:
    """Give the node shape that a column stands in; None for the id, which is one itself."""
    return next(iter(graph.subjects(SH + "property", node.value)), None)


def _datatypes(graph: ShapeGraph, node: ox.NamedNode) -> frozenset[str]:
    direct = [value.value for value in graph.values(node, SH + "datatype")]
    either = [graph.text(item, SH + "datatype") for item in graph.members(node, SH + "or")]
    return frozenset(filter(None, [*direct, *either]))


def _selects(graph: ShapeGraph, node: ox.NamedNode) -> list[str]:
    return [graph.text(item, SH + "select") for item in graph.values(node, SH + "sparql")]


def _asks_for_value(graph: ShapeGraph, node: ox.NamedNode) -> bool:
    """Tell whether a shape asks for a value or an unknown: it has a rule of its own then."""
    return bool(_selects(graph, node)) and graph.text(node, COPSH + "key") != ""


def _level(graph: ShapeGraph, node: ox.NamedNode) -> str:
    return LEVELS[graph.text(node, SH + "severity").removeprefix(SH) or "Violation"]


def _rule(graph: ShapeGraph, node: ox.NamedNode) -> Rule:
    return Rule(
        shape=node.value.removeprefix(COPSH),
        select=re.sub(r"\$this\b", "?this", _selects(graph, node)[0]),
        column=graph.text(node, COPSH + "column"),
        level=_level(graph, node),
        messages=graph.texts(node, SH + "message"),
    )
