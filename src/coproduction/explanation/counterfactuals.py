"""What would change a conclusion: values of an arrangement changed in a copy, and asked again.

Nothing here knows a rule. A conclusion is whatever a query says of a store, so the changes that
are found are right by the query itself, whether it is a rubric, a question or a claim.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import combinations, product
from math import prod
from typing import Any, Final, NamedTuple

import pyoxigraph as ox

from ..knowledge.case_record import Field, case_record
from ..names import COP, GRAPH
from ..store.embedded import EmbeddedStore
from ..store.protocol import Store

LEVEL: Final = COP + "hasParticipationLevel"
RIGHTS: Final = COP + "hasDecisionRights"
GIVES_LEVEL: Final = COP + "givesLevelUnderR0"
_RANK: Final = COP + "rank"
_TRIED: Final = ox.NamedNode(GRAPH + "tried")
_INFERRED: Final = ox.NamedNode(GRAPH + "inferred")


class Outcome(NamedTuple):
    """What a test says of an arrangement: the verdict, and the same in words."""

    verdict: str
    words: str


Outcomes = dict[str, Outcome]
"""Outcomes by the name of the test."""
Ask = Callable[[Store], Outcomes]


class Value(NamedTuple):
    """One property of a change: what is recorded, and the values of which any one would do.

    Attributes:
        property: IRI of the property.
        name: what the form calls it, such as ``decision rights``.
        before: labels of the recorded values; none where nothing is recorded.
        after: labels of the values; one is enough.
        adds: whether the value comes beside those that are recorded.
        takes: whether it is taken away from several that are recorded.
    """

    property: str
    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    adds: bool
    takes: bool


class Change(NamedTuple):
    """A nearest change of a verdict: no part of it changes the same verdict by itself."""

    values: tuple[Value, ...]
    outcomes: Outcomes


class _Option(NamedTuple):
    """One value that one property can be given."""

    property: str
    value: str
    takes: bool
    """Whether the value is taken away, one of several, and not given."""
    distance: int
    """Steps on the scale from the recorded value; 0 where the values have no order."""


def alone(store: Store, iri: str) -> EmbeddedStore:
    """Give the packaged graphs in memory with one arrangement and what it names, no other case.

    Args:
        store: what is in scope.
        iri: the arrangement; its codings and organisations come with it.
    """
    copy = EmbeddedStore.packaged()
    seen: set[ox.NamedNode | ox.BlankNode] = set()
    ring: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(iri)]
    for _ in range(3):
        following: list[ox.NamedNode | ox.BlankNode] = []
        for node in ring:
            seen.add(node)
            if node != ox.NamedNode(iri) and copy.holds(node):
                continue
            for quad in store.statements(node):
                if quad.graph_name == _INFERRED:
                    continue
                copy.add([quad])
                if isinstance(quad.object, ox.NamedNode | ox.BlankNode) and quad.object not in seen:
                    following.append(quad.object)
        ring = following
    return copy


@contextmanager
def changed(store: EmbeddedStore, iri: str, values: Mapping[str, Sequence[str]]) -> Iterator[None]:
    """Give an arrangement other values for the while.

    A level that follows from the decision rights follows them here too: the direct property
    holds the value under rubric R0.

    Args:
        store: a store in memory.
        iri: the arrangement.
        values: IRIs by property; an empty sequence takes the values away.
    """
    node = ox.NamedNode(iri)
    given = {prop: [ox.NamedNode(value) for value in iris] for prop, iris in values.items()}
    if RIGHTS in given and LEVEL not in given:
        given[LEVEL] = [
            level
            for rights in given[RIGHTS]
            for level in store.values(rights, GIVES_LEVEL)
            if isinstance(level, ox.NamedNode)
        ]
    before = [quad for prop in given for quad in store.statements(node, ox.NamedNode(prop))]
    after = [
        ox.Quad(node, ox.NamedNode(prop), value, _TRIED)
        for prop, nodes in given.items()
        for value in nodes
    ]
    with store.changed(before, after):
        yield


def nearest(
    store: EmbeddedStore,
    iri: str,
    ask: Ask,
    properties: Iterable[str],
    *,
    together: int = 1,
    lang: str = "en",
) -> tuple[Change, ...]:
    """Find the nearest changes of an arrangement's values that change a verdict.

    Args:
        store: a store in memory; it is changed and changed back.
        iri: the arrangement.
        ask: gives the outcomes in a store.
        properties: IRIs of what may be changed; those without a list of values are passed over.
        together: how many properties are changed at once, at the most.
        lang: language of the names and labels of values.

    Returns:
        the changes of one property first, then those that make a ``yes``, then those of values
        that lie nearer on their scale;
        alternatives with the same outcomes are one change.
    """
    allowed = set(properties)
    fields = {f.path: f for f in case_record().fields if f.choices and not f.parent}
    fields = {prop: field for prop, field in fields.items() if prop in allowed}
    recorded = {prop: _recorded(store, iri, prop) for prop in fields}
    options = {prop: list(_options(store, field, recorded[prop])) for prop, field in fields.items()}
    base = ask(store)
    flips: dict[frozenset[_Option], set[str]] = {frozenset(): set()}
    found: list[tuple[tuple[_Option, ...], Outcomes]] = []
    for size in range(1, together + 1):
        for props in combinations(options, size):
            for chosen in product(*(options[prop] for prop in props)):
                parts = [flips[frozenset(part)] for part in combinations(chosen, size - 1)]
                known = set().union(*parts)
                flips[frozenset(chosen)] = known
                if known == {*base}:
                    continue
                given = {
                    option.property: _given(option, fields, recorded[option.property])
                    for option in chosen
                }
                with changed(store, iri, given):
                    outcomes = ask(store)
                new = {n for n, (verdict, _) in outcomes.items() if verdict != base[n].verdict}
                flips[frozenset(chosen)] = known | new
                if new - known:
                    found.append((chosen, outcomes))

    def order(item: tuple[tuple[_Option, ...], Outcomes]) -> tuple[int, bool, int]:
        chosen, outcomes = item
        gained = any(o.verdict == "yes" != base[name].verdict for name, o in outcomes.items())
        return len(chosen), not gained, sum(option.distance for option in chosen)

    found.sort(key=order)
    return tuple(_merged(found, recorded, fields, lang))


def _options(store: Store, field: Field, recorded: tuple[str, ...]) -> Iterator[_Option]:
    here = [rank for value in recorded if (rank := _rank(store, value)) is not None]
    for choice in field.choices:
        if choice.iri not in recorded:
            rank = _rank(store, choice.iri)
            far = 0 if rank is None else min((abs(rank - other) for other in here), default=0)
            yield _Option(field.path, choice.iri, False, far)
    if field.separator and len(recorded) > 1:
        yield from (_Option(field.path, value, True, 0) for value in recorded)


def _given(option: _Option, fields: Mapping[str, Field], recorded: tuple[str, ...]) -> list[str]:
    """Give the values that a property has after a change."""
    if option.takes:
        return [value for value in recorded if value != option.value]
    return [option.value, *(recorded if fields[option.property].separator else ())]


def _rank(store: Store, iri: str) -> int | None:
    ranks = store.values(ox.NamedNode(iri), _RANK)
    return next((int(rank.value) for rank in ranks if isinstance(rank, ox.Literal)), None)


def _recorded(store: Store, iri: str, prop: str) -> tuple[str, ...]:
    values = store.values(ox.NamedNode(iri), prop)
    return tuple(sorted(value.value for value in values if isinstance(value, ox.NamedNode)))


def _merged(
    found: list[tuple[tuple[_Option, ...], Outcomes]],
    recorded: Mapping[str, tuple[str, ...]],
    fields: Mapping[str, Field],
    lang: str,
) -> Iterator[Change]:
    """Make one change of those that differ in values only, and end in the same outcomes."""
    groups: dict[tuple[Any, ...], list[tuple[_Option, ...]]] = {}
    for chosen, outcomes in found:
        props = tuple((option.property, option.takes) for option in chosen)
        groups.setdefault((props, *outcomes.items()), []).append(chosen)
    for (props, *outcomes_items), members in groups.items():
        by_property = zip(*members, strict=True)
        columns = [list(dict.fromkeys(o.value for o in options)) for options in by_property]
        rows = [[[option.value] for option in chosen] for chosen in members]
        for after in [columns] if prod(map(len, columns)) == len(members) else rows:
            values = (
                _value(fields[prop], recorded[prop], values, takes, lang)
                for (prop, takes), values in zip(props, after, strict=True)
            )
            yield Change(tuple(values), dict(outcomes_items))


def _value(
    field: Field, before: tuple[str, ...], after: list[str], takes: bool, lang: str
) -> Value:
    labels = {choice.iri: choice.label(lang) for choice in field.choices}
    return Value(
        property=field.path,
        name=field.name(lang),
        before=tuple(labels.get(iri, iri) for iri in before),
        after=tuple(labels.get(iri, iri) for iri in after),
        adds=bool(field.separator and before) and not takes,
        takes=takes,
    )
