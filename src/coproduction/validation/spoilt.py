"""Cases of a user's files that break the shapes, by the property whose value is at fault.

What is not told spoils nothing: a required value that is missing leaves a case undetermined. A
value that is wrong, or one too many, does; of a rule across values, those that it names and that
the case has; and of one that names none, such as that a case is nothing else, the whole record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple

import pyoxigraph as ox

from ..knowledge.case_record import case_record, in_language
from ..names import COP, GRAPH, PACKAGED_GRAPHS, RDF
from ..store.protocol import Store
from ..syntax.sparql import iris_named
from .constraints import constraints, validate_store

MOST: Final = 5_000
"""Cases above which the shapes are not asked; ``validate`` and ``load`` ask them of any number."""
_TYPE: Final = ox.NamedNode(RDF + "type")
_CASE: Final = ox.NamedNode(COP + "Case")
_CODED: Final = ox.NamedNode(COP + "codedProperty")


class Spoilt(NamedTuple):
    """What breaks the shapes.

    Attributes:
        by_case: IRIs of properties at fault, by the IRI of the case; an empty set where a fault is
            of the record as a whole.
        unasked: how many cases there are, where they are too many to be looked through.
        faults: what is wrong, in the words of the shapes by language, by the IRI of the case.
    """

    by_case: dict[str, frozenset[str]]
    unasked: int = 0
    faults: Mapping[str, tuple[Mapping[str, str], ...]] = MappingProxyType({})

    def told(self, iri: str, lang: str) -> list[str]:
        """Tell what is wrong with a case, in a language.

        Args:
            iri: the case.
            lang: one of the languages that the shapes speak; else English.
        """
        told = (in_language(dict(each), lang) for each in self.faults.get(iri, ()))
        return list(dict.fromkeys(told))


def spoilt_in(store: Store) -> Spoilt:
    """Hold the cases of a user's files against the case record.

    A store on disk or on a server is not looked through: what is in it was held against the shapes
    when it was loaded, and so were the shipped cases.

    Args:
        store: what is in scope.
    """
    is_copy = getattr(store, "copied_from", None) is not None
    if store.folder is not None or store.address is not None or is_copy:
        return Spoilt({})
    shipped = {GRAPH + name for name in PACKAGED_GRAPHS}
    cases = {
        quad.subject.value
        for quad in store.statements(None, _TYPE, _CASE)
        if isinstance(quad.subject, ox.NamedNode)
        and getattr(quad.graph_name, "value", "") not in shipped
    }
    if not cases:
        return Spoilt({})
    if len(cases) > MOST:
        return Spoilt({}, len(cases))
    by_case: dict[str, set[str]] = {}
    faults: dict[str, list[Mapping[str, str]]] = {}
    messages = {each.message("en"): dict(each.messages) for each in constraints()}
    for finding in validate_store(store):
        if finding.severity != "violation" or finding.focus.startswith("_:"):
            continue
        focus = ox.NamedNode(finding.focus)
        named = {finding.path} if finding.path else _named_by(finding.shape)
        there = {prop for prop in named if store.holds(focus, ox.NamedNode(prop))}
        # Nothing is wrong with what is not there; of two values, where one may be, none is named.
        if named and not there and not (finding.path and finding.value):
            continue
        for case, props in _cases_of(store, focus, there or named):
            if case in cases:
                by_case.setdefault(case, set()).update(props)
                faults.setdefault(case, []).append(messages[finding.message])
    return Spoilt(
        {case: frozenset(props) for case, props in sorted(by_case.items())},
        faults={case: tuple(each) for case, each in faults.items()},
    )


@cache
def _named_by(shape: str) -> frozenset[str]:
    """Give the properties of a case that a rule across values names, but for those of codings."""
    of_cases = {field.path for field in case_record().fields if not field.parent}
    texts = (each.select for each in constraints() if each.shape == shape)
    return frozenset(iri for text in texts for iri in iris_named(text) if iri in of_cases)


def _cases_of(
    store: Store, focus: ox.NamedNode, props: Collection[str]
) -> Iterator[tuple[str, Collection[str]]]:
    """Give the cases that a node at fault is, or belongs to, with the properties that it spoils."""
    if store.holds(focus, _TYPE, _CASE):
        yield focus.value, props
        return
    coded = {
        quad.object.value
        for quad in store.statements(focus, _CODED)
        if isinstance(quad.object, ox.NamedNode)
    }
    for quad in store.statements(None, None, focus):
        if isinstance(quad.subject, ox.NamedNode) and store.holds(quad.subject, _TYPE, _CASE):
            yield quad.subject.value, coded or props or {quad.predicate.value}
