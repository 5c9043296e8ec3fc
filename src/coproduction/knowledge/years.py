"""Cases as they were in a year: what observations of that year say, in place of the record's own.

An observation (``cop:Observation``) tells of a case in a span of years. The values that a case has
itself are those of the year for which it is recorded; of another year they hold as far as no
observation says otherwise, which is assumed and told. Values of which one follows from the others,
such as seats, powers and decision rights, are one thing here: where an observation tells one, those
that it does not tell are not taken from the record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ..messages import counted
from ..names import COP, DCTERMS, RDF
from .followed import bearing, named_by
from .levels import INFERRED, rules_at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ..store.embedded import EmbeddedStore
    from ..store.protocol import Node, Term

_TYPE: Final = ox.NamedNode(RDF + "type")
_CASE: Final = ox.NamedNode(COP + "Case")
_CODING: Final = ox.NamedNode(COP + "hasCoding")
_OBSERVES: Final = ox.NamedNode(COP + "observes")
_FROM: Final = ox.NamedNode(COP + "fromYear")
_TO: Final = ox.NamedNode(COP + "toYear")
_START: Final = ox.NamedNode(COP + "startYear")
_END: Final = ox.NamedNode(COP + "endYear")
_OBSERVED: Final = ox.NamedNode(COP + "observedYear")
_RIGHTS: Final = ox.NamedNode(COP + "hasDecisionRights")
_LEVEL: Final = ox.NamedNode(COP + "hasParticipationLevel")
_GIVES: Final = ox.NamedNode(COP + "givesLevelUnderR0")
_SOURCE: Final = ox.NamedNode(DCTERMS + "source")
_OF_THE_RECORD: Final = frozenset((_OBSERVES, _FROM, _TO))


def as_of(store: EmbeddedStore, year: int) -> str:
    """Put the values of a year in place of those that the cases of a store have.

    What began later, or had ended, is taken out. Decision rights bring the level that they give
    under R0 with them, as in the record, where the observation tells no level. What was inferred
    of the cases (``classify``) goes: it follows from the values of another year. The sources of
    what is observed stand beside the case's own, which are those of its other values.

    Args:
        store: in memory; it is changed.
        year: the year.

    Returns:
        a sentence on how many cases it changed, took as they are, and left out.
    """
    seen = unchanged = out = 0
    doubtful: list[str] = []
    store.drop(INFERRED.value)
    for case in sorted({q.subject for q in store.statements(None, _TYPE, _CASE)}, key=str):
        began, ended = _years(store, case, _START), _years(store, case, _END)
        if (began and min(began) > year) or (ended and max(ended) < year):
            _take_out(store, case)
            out += 1
            continue
        told = [each for each in _observations(store, case) if _covers(store, each, year)]
        values_of = _values(store, told)
        _take_out_related(store, case, values_of.keys())
        for prop, values in values_of.items():
            if len(values) > 1 and _says_one(store, told, prop):
                doubtful.append(f"{case.value}: observations of {year} differ")  # type: ignore[union-attr]
            _replace(store, case, prop, values)
        _add_sources(store, case, told)
        seen += bool(told)
        unchanged += not told and _years(store, case, _OBSERVED) != {year}
    note = (
        f"as of {year}: {counted(seen, 'case')} by what is observed, "
        f"{counted(unchanged, 'case')} as recorded for another year, {counted(out, 'case')} "
        "left out, begun later or ended before"
    )
    return "\n".join([note, *doubtful])


def _years(store: EmbeddedStore, node: Node, prop: ox.NamedNode) -> set[int]:
    """Give the whole numbers that a node has by a property."""
    texts = (
        q.object.value for q in store.statements(node, prop) if isinstance(q.object, ox.Literal)
    )
    return {int(text) for text in texts if text.lstrip("+-").isdecimal()}


def _observations(store: EmbeddedStore, case: Node) -> list[Node]:
    return sorted({q.subject for q in store.statements(None, _OBSERVES, case)}, key=str)


def _covers(store: EmbeddedStore, observation: Node, year: int) -> bool:
    first, last = _years(store, observation, _FROM), _years(store, observation, _TO)
    if not first and not last:
        return False
    return (not first or min(first) <= year) and (not last or year <= max(last))


def _values(store: EmbeddedStore, told: Iterable[Node]) -> dict[ox.NamedNode, set[Term]]:
    """Give what observations say, by property; the level that decision rights give too."""
    found: dict[ox.NamedNode, set[Term]] = {}
    for quad in _said(store, told):
        found.setdefault(quad.predicate, set()).add(quad.object)
    if _RIGHTS in found and _LEVEL not in found:
        rights = (value for value in found[_RIGHTS] if isinstance(value, ox.NamedNode))
        found[_LEVEL] = {quad.object for each in rights for quad in store.statements(each, _GIVES)}
    return found


def _said(store: EmbeddedStore, told: Iterable[Node]) -> Iterator[ox.Quad]:
    for observation in told:
        for quad in store.statements(observation):
            is_ours = quad.predicate.value.startswith(COP) and "levelUnder" not in str(
                quad.predicate
            )
            if (
                is_ours
                and quad.predicate not in _OF_THE_RECORD
                and (isinstance(quad.object, ox.NamedNode) or quad.predicate.value in bearing())
            ):
                yield quad


def _says_one(store: EmbeddedStore, told: list[Node], prop: ox.NamedNode) -> bool:
    """Tell whether each of several observations has one value: then they differ."""
    each = [{q.object for q in _said(store, [one]) if q.predicate == prop} for one in told]
    return len(told) > 1 and all(len(values) <= 1 for values in each)


def _replace(store: EmbeddedStore, case: Node, prop: ox.NamedNode, values: set[Term]) -> None:
    before = list(store.statements(case, prop))
    graph = next(store.statements(case, _TYPE, _CASE)).graph_name
    store.remove(before)
    store.add(ox.Quad(case, prop, value, graph) for value in values)


def _add_sources(store: EmbeddedStore, case: Node, told: Iterable[Node]) -> None:
    """Give a case the sources of what is told of a year, beside its own: they bear the rest."""
    graph = next(store.statements(case, _TYPE, _CASE)).graph_name
    pages = {quad.object for each in told for quad in store.statements(each, _SOURCE)}
    store.add(ox.Quad(case, _SOURCE, page, graph) for page in pages)


def _take_out_related(store: EmbeddedStore, case: Node, told: Collection[ox.NamedNode]) -> None:
    """Take out the values of a case that are one thing with others of which a year is told."""
    own = {quad.predicate for quad in store.statements(case)} - {_CODING, *told}
    for named in map(named_by, rules_at("record")):
        if named.isdisjoint(prop.value for prop in told):
            continue
        out = {prop for prop in own if prop.value in named}
        for prop in out | ({_LEVEL} & own if _RIGHTS in out else set()):
            _replace(store, case, prop, set())


def _take_out(store: EmbeddedStore, case: Node) -> None:
    codings = [quad.object for quad in store.statements(case, _CODING)]
    for node in [case, *codings, *_observations(store, case)]:
        if not isinstance(node, (ox.Literal, ox.Triple)):
            store.remove(list(store.statements(node)))
