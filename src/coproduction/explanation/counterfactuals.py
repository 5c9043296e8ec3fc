"""What would change a conclusion: values of an arrangement changed in a copy, and asked again.

Nothing here knows a rule. A conclusion is whatever a query says of a store, so the changes that
are found are right by the query itself, whether it is a rubric, a question or a claim.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import combinations, product
from math import prod
from typing import Any, Final, NamedTuple

import pyoxigraph as ox

from ..knowledge.case_record import Choice, Field, case_record
from ..knowledge.levels import INFERRED, bearing_on_levels, inferred, levels_in, write_levels
from ..knowledge.terms import labels_of
from ..messages import Sentence, speaker
from ..names import COP, GRAPH, LANGUAGES
from ..store.embedded import EmbeddedStore
from ..store.protocol import Store

LEVEL: Final = COP + "hasParticipationLevel"
RIGHTS: Final = COP + "hasDecisionRights"
PROVIDER: Final = COP + "hasProvider"
GIVES_LEVEL: Final = COP + "givesLevelUnderR0"
_RANK: Final = COP + "rank"
ANOTHER: Final = Sentence("another")
"""Stands for each value that a rule does not name."""
_OTHER: Final = GRAPH + "tried/another"
_TRIED: Final = ox.NamedNode(GRAPH + "tried")
_WITH, _LESS, _ALONE = "with", "less", "alone"


class Outcome(NamedTuple):
    """What a test says of an arrangement.

    Attributes:
        verdict, words: what follows, and the same in words.
        level: label of the level by which it follows, where the test is of levels alone.
    """

    verdict: str
    words: str
    level: str = ""


Outcomes = dict[str, Outcome]
"""Outcomes by the name of the test."""
Given = Mapping[str, Sequence[str]]
"""Values that an arrangement is given: IRIs by property; none takes the values away."""
Tries = Callable[[Sequence[Given]], list[Outcomes]]
"""Gives the outcomes that an arrangement has with each of several sets of values."""
Judge = Callable[[Store, Sequence[str]], dict[str, Outcomes]]
"""Gives the outcomes of arrangements in a store, by their IRIs."""


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
    how: str
    """Whether it comes beside those that are recorded (``with``), is taken away from several
    (``less``), or stands in place of all (``alone``)."""
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
                if quad.graph_name == INFERRED:
                    continue
                copy.add([quad])
                if isinstance(quad.object, ox.NamedNode | ox.BlankNode) and quad.object not in seen:
                    following.append(quad.object)
        ring = following
    write_levels(copy)
    return copy


@contextmanager
def changed(store: EmbeddedStore, iri: str, values: Given) -> Iterator[None]:
    """Give an arrangement other values for the while, and the levels that follow from them.

    Args:
        store: a store in memory.
        iri: the arrangement.
        values: what it is given.
    """
    node = ox.NamedNode(iri)
    given = _following(store, values)
    quads = _quads(store, node, node, given)
    written = {*given, *(quad.predicate.value for quad in quads if quad.subject == node)}
    before = [quad for prop in written for quad in store.statements(node, ox.NamedNode(prop))]
    with store.changed(before, quads):
        levels = list(inferred(levels_in(store, of=node)))
        old = [quad for quad in store.statements(node, None, None, INFERRED) if _is_level(quad)]
        with store.changed(old, levels):
            yield


def one_by_one(store: EmbeddedStore, iri: str, judge: Judge) -> Tries:
    """Give what tries values by changing an arrangement, where other arrangements count too."""

    def outcomes(given: Given) -> Outcomes:
        with changed(store, iri, given):
            return judge(store, [iri])[iri]

    return lambda all_given: list(map(outcomes, all_given))


def side_by_side(store: EmbeddedStore, iri: str, judge: Judge) -> Tries:
    """Give what tries values on copies of an arrangement, all judged at once.

    Only for what is said of an arrangement whatever others there are.
    """
    own = [q for q in store.statements(ox.NamedNode(iri)) if q.graph_name != INFERRED]

    def tries(all_given: Sequence[Given]) -> list[Outcomes]:
        if not all_given:
            return []
        nodes = [ox.NamedNode(f"{_TRIED.value}/{number}") for number in range(len(all_given))]
        copies = []
        for node, values in zip(nodes, all_given, strict=True):
            given = _following(store, values)
            quads = _quads(store, ox.NamedNode(iri), node, given)
            written = {*given, *(quad.predicate.value for quad in quads if quad.subject == node)}
            copies += [
                ox.Quad(node, quad.predicate, quad.object, _TRIED)
                for quad in own
                if quad.predicate.value not in written
            ]
            copies += quads
        with store.changed((), copies):
            tried = set(nodes)
            levels = [quad for quad in inferred(levels_in(store)) if quad.subject in tried]
            with store.changed((), levels):
                found = judge(store, [node.value for node in nodes])
        return [found[node.value] for node in nodes]

    return tries


def _following(store: Store, values: Given) -> dict[str, list[ox.NamedNode]]:
    """Give values as nodes, with the direct level where it follows from decision rights.

    The direct property holds the value under rubric R0.
    """
    given = {prop: [ox.NamedNode(value) for value in iris] for prop, iris in values.items()}
    if RIGHTS in given and LEVEL not in given:
        given[LEVEL] = [
            level
            for rights in given[RIGHTS]
            for level in store.values(rights, GIVES_LEVEL)
            if isinstance(level, ox.NamedNode)
        ]
    return given


def _quads(
    store: Store, own: ox.NamedNode, node: ox.NamedNode, given: Mapping[str, list[ox.NamedNode]]
) -> list[ox.Quad]:
    """Give what is said of a node with other values; of its provider by a provider of its own."""
    of_provider = given.keys() & providers_fields().keys()
    provider = ox.NamedNode(f"{_TRIED.value}/provider/{node.value.rpartition('/')[2]}")
    quads = [
        ox.Quad(provider if prop in of_provider else node, ox.NamedNode(prop), value, _TRIED)
        for prop, nodes in given.items()
        for value in nodes
    ]
    if of_provider:
        quads.append(ox.Quad(node, ox.NamedNode(PROVIDER), provider, _TRIED))
        quads += [
            ox.Quad(provider, quad.predicate, quad.object, _TRIED)
            for each in store.values(own, PROVIDER)
            if isinstance(each, ox.NamedNode | ox.BlankNode)
            for quad in store.statements(each)
            if quad.predicate.value not in of_provider
        ]
    return quads


@cache
def providers_fields() -> dict[str, Field]:
    """Give the columns with a list of values that are about the provider, by their property."""
    return {f.path: f for f in case_record().fields if f.parent == PROVIDER and f.choices}


def _is_level(quad: ox.Quad) -> bool:
    return quad.predicate.value in bearing_on_levels()


def nearest(
    store: Store,
    iri: str,
    tries: Tries,
    properties: Iterable[str],
    *,
    together: int = 1,
    named: Collection[str] = (),
    lang: str = "en",
) -> tuple[Change, ...]:
    """Find the nearest changes of an arrangement's values that change a verdict.

    Args:
        store: what is recorded of the arrangement.
        iri: the arrangement.
        tries: gives the outcomes that other values have.
        properties: IRIs of what may be changed; those without a list of values are passed over.
        together: how many properties are changed at once, at the most.
        named: IRIs of the values that the rule tells apart; of what is said of a provider these
            are tried, and one that stands for all others.
        lang: language of the names and labels of values.

    Returns:
        the changes of one property first, then those that make a ``yes``, then those of values
        that lie nearer on their scale;
        alternatives with the same outcomes are one change.
    """
    fields = _fields(set(properties), named)
    recorded = {prop: _recorded(store, iri, prop) for prop in fields}
    options = {prop: list(_options(store, field, recorded[prop])) for prop, field in fields.items()}
    (base,) = tries([{}])
    flips: dict[frozenset[_Option], set[str]] = {frozenset(): set()}
    found: dict[tuple[_Option, ...], Outcomes] = {}
    for size in range(1, together + 1):
        waiting: list[tuple[_Option, ...]] = []
        for props in combinations(options, size):
            for chosen in product(*(options[prop] for prop in props)):
                parts = [flips[frozenset(part)] for part in combinations(chosen, size - 1)]
                known = flips[frozenset(chosen)] = set().union(*parts)
                if known != {*base}:
                    waiting.append(chosen)
        given = [
            {each.property: _given(each, fields, recorded[each.property]) for each in chosen}
            for chosen in waiting
        ]
        for chosen, outcomes in zip(waiting, tries(given), strict=True):
            known = flips[frozenset(chosen)]
            new = {n for n, out in outcomes.items() if out.verdict != base[n].verdict}
            flips[frozenset(chosen)] = known | new
            simpler = _simpler(chosen, options)
            if new - known and not any(found.get(each) == outcomes for each in simpler):
                found[chosen] = outcomes

    def order(item: tuple[tuple[_Option, ...], Outcomes]) -> tuple[int, bool, int]:
        chosen, outcomes = item
        gained = any(o.verdict == "yes" != base[name].verdict for name, o in outcomes.items())
        return len(chosen), not gained, sum(option.distance for option in chosen)

    ordered = sorted(found.items(), key=order)
    return tuple(_merged(store, ordered, recorded, fields, lang))


def _fields(allowed: Collection[str], named: Collection[str]) -> dict[str, Field]:
    """Give the columns with a list of values that may be changed, by their property."""
    fields = {f.path: f for f in case_record().fields if f.choices and not f.parent}
    fields |= {prop: _told_apart(field, named) for prop, field in providers_fields().items()}
    return {prop: field for prop, field in fields.items() if prop in allowed}


def _told_apart(field: Field, named: Collection[str]) -> Field:
    """Give a column with those of its values that a rule names, and one for all others."""
    chosen = [choice for choice in field.choices if choice.iri in named]
    others = [choice for choice in field.choices if choice.iri not in named]
    if chosen and others:
        labels = {lang: speaker(lang)(ANOTHER) for lang in LANGUAGES}
        chosen.append(Choice(_OTHER, labels, (), ""))
    return field._replace(choices=tuple(chosen), separator="")


def _options(store: Store, field: Field, recorded: tuple[str, ...]) -> Iterator[_Option]:
    here = [rank for value in recorded if (rank := _rank(store, value)) is not None]
    listed = {choice.iri for choice in field.choices}
    for choice in field.choices:
        # What is none of those named is such another already.
        is_other = choice.iri == _OTHER and bool(recorded) and not {*recorded} <= listed
        if choice.iri not in recorded and not is_other:
            rank = _rank(store, choice.iri)
            far = 0 if rank is None else min((abs(rank - other) for other in here), default=0)
            yield _Option(field.path, choice.iri, _WITH, far)
    if field.separator and len(recorded) > 1:
        yield from (_Option(field.path, value, _LESS, 0) for value in recorded)
    if field.separator and recorded:
        others = (choice.iri for choice in field.choices if choice.iri not in recorded)
        yield from (_Option(field.path, value, _ALONE, 0) for value in others)


def _given(option: _Option, fields: Mapping[str, Field], recorded: tuple[str, ...]) -> list[str]:
    """Give the values that a property has after a change."""
    if option.how == _LESS:
        return [value for value in recorded if value != option.value]
    beside = recorded if fields[option.property].separator and option.how == _WITH else ()
    return [option.value, *beside]


def _simpler(
    chosen: tuple[_Option, ...], options: Mapping[str, list[_Option]]
) -> Iterator[tuple[_Option, ...]]:
    """Give what changes less: a value beside the recorded ones, or one of them less, for all."""
    for at, option in enumerate(chosen):
        for other in options[option.property] if option.how == _ALONE else ():
            if other.how == _LESS or (other.how, other.value) == (_WITH, option.value):
                yield (*chosen[:at], other, *chosen[at + 1 :])


def _rank(store: Store, iri: str) -> int | None:
    ranks = store.values(ox.NamedNode(iri), _RANK)
    return next((int(rank.value) for rank in ranks if isinstance(rank, ox.Literal)), None)


def _recorded(store: Store, iri: str, prop: str) -> tuple[str, ...]:
    values = store.values(ox.NamedNode(iri), prop)
    if prop in providers_fields():
        providers = store.values(ox.NamedNode(iri), PROVIDER)
        nodes = [each for each in providers if isinstance(each, ox.NamedNode | ox.BlankNode)]
        values = [value for each in nodes for value in store.values(each, prop)]
    return tuple(sorted(value.value for value in values if isinstance(value, ox.NamedNode)))


def _merged(
    store: Store,
    found: list[tuple[tuple[_Option, ...], Outcomes]],
    recorded: Mapping[str, tuple[str, ...]],
    fields: Mapping[str, Field],
    lang: str,
) -> Iterator[Change]:
    """Make one change of those that differ in values only, and end in the same outcomes."""
    groups: dict[tuple[Any, ...], list[tuple[_Option, ...]]] = {}
    for chosen, outcomes in found:
        props = tuple((option.property, option.how) for option in chosen)
        groups.setdefault((props, *outcomes.items()), []).append(chosen)
    for (props, *outcomes_items), members in groups.items():
        by_property = zip(*members, strict=True)
        columns = [list(dict.fromkeys(o.value for o in options)) for options in by_property]
        rows = [[[option.value] for option in chosen] for chosen in members]
        for after in [columns] if prod(map(len, columns)) == len(members) else rows:
            values = (
                _value(store, fields[prop], recorded[prop], values, how, lang)
                for (prop, how), values in zip(props, after, strict=True)
            )
            yield Change(tuple(values), dict(outcomes_items))


def _value(
    store: Store,
    field: Field,
    before: tuple[str, ...],
    after: list[str],
    how: str,
    lang: str,
) -> Value:
    # A value of the data's own, such as a service that no list has, is in no choice of the field.
    labels = labels_of(store, before, lang)
    all_of_it = providers_fields().get(field.path, field).choices
    labels |= {choice.iri: choice.label(lang) for choice in (*all_of_it, *field.choices)}
    return Value(
        property=field.path,
        name=field.name(lang),
        before=tuple(labels.get(iri, iri) for iri in before),
        after=tuple(labels.get(iri, iri) for iri in after),
        adds=bool(field.separator and before) and how == _WITH,
        takes=how == _LESS,
    )
