"""Values that follow from others of one record: decision rights, and the relation intensity.

A rule of ``queries/rules/`` with ``stage: record`` in its header is run before cases are checked,
so that the value is there for whatever asks for it. It stands beside what is recorded, in the same
graph. Decision rights follow from seats and powers, the intensity from contact and duration.
A coding of an arrangement says that the value is interpreted and on what it is based; an
observation and a norm have no codings, and their seats and powers stand on the same node.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from ..errors import DataError, QueryError
from ..names import COP, RDF
from ..store.embedded import EmbeddedStore
from ..syntax.sparql import iris_named
from .levels import INFERRED, rule_of, rules_at

if TYPE_CHECKING:
    from ..store.protocol import Store
    from .questions import Question

_TYPE: Final = ox.NamedNode(RDF + "type")
_CODING: Final = ox.NamedNode(COP + "hasCoding")
_UNCODED: Final = frozenset(ox.NamedNode(COP + name) for name in ("Observation", "Norm"))
_ROW: Final = ox.NamedNode("urn:coproduction:row")


class Followed(NamedTuple):
    """A value that follows: property and value, and the properties that it is based on (IRIs)."""

    property: str
    value: str
    based_on: tuple[str, ...]

    def coding_of(self, iri: str) -> str:
        """Give the IRI of the coding that says so, of the arrangement with an IRI."""
        return f"{iri}/coding/{self.property.removeprefix(COP)}"

    def about(self, iri: str) -> str:
        """Give the statements of that coding, and that the arrangement has it, as N-Triples."""
        node = f"<{self.coding_of(iri)}>"
        said = (
            f"{_TYPE} <{COP}Coding>",
            f"<{COP}codedProperty> <{self.property}>",
            f"<{COP}codingStatus> <{COP}Interpreted>",
            *(f"<{COP}basedOn> <{prop}>" for prop in self.based_on),
        )
        return f"<{iri}> {_CODING} {node} .\n" + "".join(f"{node} {each} .\n" for each in said)


@cache
def bearing() -> frozenset[str]:
    """Give the IRIs of the terms that the rules name, and of what they conclude."""
    return frozenset(iri for rule in rules_at("record") for iri in named_by(rule))


def followed_in(store: Store) -> list[ox.Triple]:
    """Give the values that follow from what a store records, with the codings that say so.

    Args:
        store: the graphs; what was inferred before is passed over.

    Raises:
        DataError: a rule fails.
    """
    found = []
    for rule in rules_at("record"):
        for triple in _given_by(store, rule):
            found.append(triple)
            node = triple.subject
            kinds = {quad.object for quad in store.statements(node, _TYPE)}
            if isinstance(node, ox.NamedNode) and not kinds & _UNCODED:
                said = {quad.predicate.value for quad in store.statements(node)}
                about = _followed(rule, triple, said).about(node.value)
                quads = ox.parse(input=about, format=ox.RdfFormat.N_TRIPLES)
                found += (quad.triple for quad in quads)
    return found


def add_followed(store: EmbeddedStore) -> None:
    """Add what follows from what a store records, to the graphs of that."""
    new: list[ox.Quad] = []
    for triple in followed_in(store):
        homes = (q.graph_name for q in store.statements(triple.subject))
        home = next((graph for graph in homes if graph != INFERRED), None)
        home = home or new[-1].graph_name  # a coding, which comes behind its arrangement
        new.append(ox.Quad(triple.subject, triple.predicate, triple.object, home))
    store.add(new)


@lru_cache(maxsize=65_536)
def followed_from(told: tuple[str, ...]) -> tuple[Followed, ...]:
    """Give what follows from the statements of one record.

    Args:
        told: statements without their subject, ``<property> value`` as in N-Triples, in order.

    >>> followed_from((f"<{COP}hasPower> <{COP}PowerToOwn>",))[0].value.removeprefix(COP)
    'OwnershipOrEmployer'
    """
    store = EmbeddedStore()
    text = "".join(f"{_ROW} {statement} .\n" for statement in told)
    store.add(ox.parse(input=text, format=ox.RdfFormat.N_TRIPLES))
    said = {quad.predicate.value for quad in store.statements(_ROW)}
    return tuple(
        _followed(rule, triple, said)
        for rule in rules_at("record")
        for triple in _given_by(store, rule)
    )


def _given_by(store: Store, rule: Question) -> Iterable[ox.Triple]:
    try:
        return sorted(rule_of(store, rule), key=str)
    except QueryError as error:
        raise DataError(f"{rule.path}: {error}") from None


def _followed(rule: Question, triple: ox.Triple, said: set[str]) -> Followed:
    based_on = said & named_by(rule) - {triple.predicate.value, _CODING.value}
    return Followed(
        triple.predicate.value,
        str(getattr(triple.object, "value", "")),
        tuple(sorted(based_on)),
    )


@cache
def named_by(rule: Question) -> frozenset[str]:
    """Give the IRIs that a rule names, those of properties and of values."""
    return frozenset(iris_named(rule.text))
