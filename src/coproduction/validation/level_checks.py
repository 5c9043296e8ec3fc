"""Checks of what the rules of levels conclude: a level, whatever is recorded of an arrangement.

A rule that takes a wrong column for the level makes no error: claims and questions find no
arrangement at any level then. Here each rule is tried on arrangements made for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ..errors import DataError, QueryError
from ..knowledge.levels import rule_of
from ..messages import Sentence
from ..names import COP, GRAPH, OWL, RDF, RDFS, compact
from ..store.embedded import EmbeddedStore
from .answered import packaged_of
from .finding import Finding
from .rubric_checks import is_run_with_loads, level_properties, queries_in

_TYPE: Final = ox.NamedNode(RDF + "type")
_RANGE: Final = ox.NamedNode(RDFS + "range")
_TRIED: Final = "urn:tried:"


def level_findings(store: ox.Store, folder: Path) -> Iterator[Finding]:
    """Tell which rules give an arrangement, as its level under a rubric, what is no level.

    Args:
        store: the graphs, with the rubrics and the values of properties.
        folder: the rules, ``queries/rules``.
    """
    rubrics = level_properties(store)
    levels = {quad.subject for quad in _of_class(store, COP + "ParticipationLevel")}
    rules = [rule for rule in queries_in(folder) if is_run_with_loads(rule)]
    if not (rubrics and levels and rules):
        return
    tried = _tried(store)
    for rule in rules:
        try:
            concluded = list(rule_of(tried, rule))
        except (DataError, QueryError):
            continue  # told of its text
        wrong = {
            (triple.predicate.value, triple.object)
            for triple in concluded
            if triple.predicate.value in rubrics and triple.object not in levels
        }
        for prop in sorted({prop for prop, _ in wrong}):
            value = min(_words(value) for other, value in wrong if other == prop)
            told = Sentence(
                "{file} concludes {value} for {property}, which is no level.",
                file=rule.path.name,
                value=value,
                property=compact(prop),
            )
            names = ", ".join(sorted(_words(level) for level in levels))
            fix = Sentence("Let it conclude one of {levels}.", levels=names)
            yield Finding("rule-without-level", "error", rule.path.name, told, fix, str(rule.path))


def _tried(store: ox.Store) -> EmbeddedStore:
    """Give the packaged graphs with arrangements: one for each value, and one with all."""
    tried = packaged_of(store)
    graph = ox.NamedNode(GRAPH + "tried")
    together = ox.NamedNode(f"{_TRIED}all")
    case = ox.NamedNode(COP + "Case")
    values: dict[ox.NamedNode, list[ox.NamedNode]] = defaultdict(list)
    for quad in _of_class(store, OWL + "ObjectProperty"):
        for scale in store.quads_for_pattern(quad.subject, _RANGE, None):
            if isinstance(scale.object, ox.NamedNode) and isinstance(quad.subject, ox.NamedNode):
                found = (each.subject for each in _of_class(store, scale.object.value))
                values[quad.subject] += [each for each in found if isinstance(each, ox.NamedNode)]
    made = [ox.Quad(together, _TYPE, case, graph)]
    for prop, each in values.items():
        for value in each:
            node = ox.NamedNode(f"{_TRIED}{len(made)}")
            made.append(ox.Quad(node, _TYPE, case, graph))
            made += [ox.Quad(one, prop, value, graph) for one in (node, together)]
    tried.inner.extend(made)
    return tried


def _of_class(store: ox.Store, iri: str) -> Iterator[ox.Quad]:
    return store.quads_for_pattern(None, _TYPE, ox.NamedNode(iri))


def _words(term: object) -> str:
    return compact(term.value) if isinstance(term, ox.NamedNode) else str(term)
