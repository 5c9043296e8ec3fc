"""Which values of a row decide on which side of a claim it stands: those another of which moves it.

Nothing here knows a rule. Copies of a row with other values are put on their sides by the query of
the claim itself, among the packaged graphs; rows with the same values are tried once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations, product
from math import prod
from threading import Lock
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import pyoxigraph as ox

from ..knowledge.case_record import Field, case_record
from ..knowledge.levels import inferred, levels_in
from ..knowledge.views import rows_of_view
from ..names import COP, GRAPH, RDF
from ..store.embedded import EmbeddedStore
from ..store.lookup import rows_of
from ..store.protocol import Store
from ..syntax.sparql import iris_named
from .claims import OF_A_LEVEL, Test
from .in_scope import packaged_alone
from .sides import sides_of
from .tallies import Cell

_TRIED: Final = ox.NamedNode(GRAPH + "tried")
_TYPE: Final = RDF + "type"
_RIGHTS: Final = COP + "hasDecisionRights"
_LEVEL: Final = COP + "hasParticipationLevel"
_GIVES_LEVEL: Final = COP + "givesLevelUnderR0"
_TOGETHER: Final = 3
"""Values that are tried at once, at the most, where no one by itself decides."""
_AT_ONCE: Final = 4_000
"""Copies that are put on their sides by one query."""
_PROFILES: Final = 100
"""Profiles whose tries are thought of at once."""
_NEITHER: Final = ("", "undetermined")
_LOCK: Final = Lock()
Values = tuple[ox.NamedNode | ox.Literal, ...]
Given = dict[str, Values]
"""Values by property."""


class _Profile(NamedTuple):
    """What bears on the side of a row, and which of that is interpreted.

    Attributes:
        values: the values by property, in order.
        read: the properties of which a value is recorded that is interpreted.
    """

    values: tuple[tuple[str, Values], ...]
    read: frozenset[str]


class Place(NamedTuple):
    """Where a row stands on a claim.

    Attributes:
        side: such as ``support``; empty where it is on none.
        part: IRIs of the parts of the claim that it is about, of what is on a side.
        cell: its condition and outcome; None where the claim is not about it, or has none.
    """

    side: str
    part: str
    cell: Cell | None


class Reading(NamedTuple):
    """Other readings of one value of a row against a claim, each of which moves it.

    Attributes:
        row: its IRI.
        side: where it would be: ``support``, ``undetermined`` or, on neither side, ``beside``.
        values: labels of the values, each enough by itself, by the name of the property.
        verdict: what the verdict would be; empty where it would be the same.
        is_reserved: whether interpreted rows alone would then support it.
        based_on: names of what the value follows from, which is read otherwise with it, by the
            name of the property.
    """

    row: str
    side: str
    values: Mapping[str, tuple[str, ...]]
    verdict: str = ""
    is_reserved: bool = False
    based_on: Mapping[str, tuple[str, ...]] = MappingProxyType({})

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain values, for JSON."""
        told: dict[str, Any] = {"row": self.row, "to": self.side, "values": dict(self.values)}
        return (
            told
            | ({"together": dict(self.based_on)} if self.based_on else {})
            | ({"verdict": self.verdict} if self.verdict else {})
            | ({"supportedByInterpretedOnly": True} if self.is_reserved else {})
        )


class Deciding:
    """What of the values of rows decides on which side of a claim they stand.

    Args:
        store: where the rows stand.
        test: the claim.
        text: its query, with the rubric and the ceiling.
        read: IRIs of the properties that the rubric reads.
    """

    def __init__(self, store: Store, test: Test, text: str, read: Collection[str]) -> None:
        self._store, self._test, self._text = store, test, text
        named = set(iris_named(text))
        if test.takes_rubric:
            named |= {*read, *OF_A_LEVEL}
        fields = [field for field in case_record().fields if field.path in named]
        # What is said of a provider stands for who it is.
        named -= {field.parent for field in fields if field.parent}
        self._fields: dict[str, Field] = {f.path: f for f in fields if f.path in named}
        self._found: dict[_Profile, frozenset[str]] = {}
        self._in_doubt: frozenset[str] | None = None
        self._said: dict[ox.NamedNode, list[ox.Quad]] = {}
        self._levels: dict[ox.NamedNode, list[ox.NamedNode]] = {}

    @property
    def is_known(self) -> bool:
        """Whether the side of a row of this claim is its own, whatever other rows there are."""
        return self._test.type != "comparison" and not self._test.is_of_services

    def of(self, read: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        """Give those of the interpreted properties of rows that decide, by the IRI of the row.

        A property decides where some other value of it would bring the row to another side or
        part, or to none; where none does alone, those that do so together. One that has no list of
        values is taken to decide, and so is each of a row on neither side: all of them have picked
        it, or would decide.

        Args:
            read: of each row the properties whose value is interpreted.
        """
        in_doubt = sorted(iri for iri, props in read.items() if props)
        if not in_doubt or not self.is_known:
            return dict(read)
        profiles = self._profiles(in_doubt, read)
        new = sorted({each for each in profiles.values() if each not in self._found}, key=str)
        for start in range(0, len(new), _PROFILES):
            self._found |= self._tried(new[start : start + _PROFILES])
        return {**read, **{iri: self._found[each] for iri, each in profiles.items()}}

    def among(self, iris: Sequence[str], props: Collection[str]) -> list[str]:
        """Give those of many rows that may rest on an interpreted value, in their order.

        Args:
            iris: the rows.
            props: the properties, always the same, that they can rest on.
        """
        if self._in_doubt is None:
            given = map(ox.NamedNode, sorted(props))
            found = rows_of_view(self._store, "maybe-interpreted", property=given)
            self._in_doubt = frozenset(row["row"] for row in found)
        return [iri for iri in iris if iri in self._in_doubt]

    def other_readings(
        self, iri: str, read: frozenset[str], lang: str
    ) -> dict[Place, dict[str, tuple[str, ...]]]:
        """Give where a row would stand with another value, each enough by itself.

        Args:
            iri: the row.
            read: those of its properties whose value is interpreted, and that decide.
            lang: language of the labels.

        Returns:
            by the place the labels of values by the name of their property, the nearest in its
            list first.
        """
        if not self.is_known:
            return {}
        (profile,) = self._profiles([iri], {iri: read}).values()
        here = dict(profile.values)
        tries = [
            (prop, values[0])
            for prop in sorted(profile.read)
            for values in self._options(profile, prop)
            if len(values) == 1 and values != here[prop]
        ]
        after = self._sides([{**here, prop: (value,)} for prop, value in tries])
        found: dict[Place, dict[str, list[str]]] = {}
        for (prop, value), there in zip(tries, after, strict=True):
            found.setdefault(there, {}).setdefault(prop, []).append(str(value.value))
        told: dict[Place, dict[str, tuple[str, ...]]] = {}
        for there, of_it in found.items():
            for prop, iris in of_it.items():
                field = self._fields[prop]
                labels = {choice.iri: choice.label(lang) for choice in field.choices}
                iris.sort(key=_distance(list(labels), here[prop]))
                told.setdefault(there, {})[field.name(lang)] = tuple(labels[v] for v in iris)
        return told

    def can_be(self, iri: str, read: frozenset[str], side: str) -> bool:
        """Tell whether other values of a row, some at once, would bring it to a side.

        What would take too many tries to tell is taken for possible.

        Args:
            iri: the row.
            read: those of its properties whose value is interpreted, and that decide.
            side: such as ``support``.
        """
        if not self.is_known:
            return True
        (profile,) = self._profiles([iri], {iri: read}).values()
        options = {prop: self._options(profile, prop) for prop in sorted(profile.read)}
        sets = [combinations(options, size) for size in range(1, min(_TOGETHER, len(options)) + 1)]
        props = [each for of_size in sets for each in of_size]
        number = sum(prod(len(options[prop]) for prop in each) for each in props)
        if number > _AT_ONCE or not all(options.values()):
            return True
        tries = [
            {**dict(profile.values), **dict(zip(each, chosen, strict=True))}
            for each in props
            for chosen in product(*(options[prop] for prop in each))
        ]
        return any(there.side == side for there in self._sides(tries))

    def _profiles(
        self, iris: Sequence[str], read: Mapping[str, frozenset[str]]
    ) -> dict[str, _Profile]:
        values: dict[str, dict[str, set[ox.NamedNode | ox.Literal]]] = {iri: {} for iri in iris}
        nodes = list(map(ox.NamedNode, iris))
        parents = [(prop, field.parent) for prop, field in sorted(self._fields.items())]
        for prop, parent in [*parents, (_TYPE, None)]:
            for iri, value in self._values(nodes, prop, parent):
                values[iri].setdefault(prop, set()).add(value)
        # Of what is not recorded there is no value that could be another.
        return {
            iri: _Profile(
                tuple((prop, tuple(sorted(each, key=str))) for prop, each in of.items()),
                read[iri].intersection(of),
            )
            for iri, of in values.items()
        }

    def _values(
        self, nodes: Sequence[ox.NamedNode], prop: str, parent: str | None
    ) -> Iterator[tuple[str, ox.NamedNode | ox.Literal]]:
        """Give the values of a property of rows, or of what they lead to by another."""
        pairs = self._store.values_of(nodes, parent or prop)
        for node, each in pairs:
            of_it: Iterable[object] = [each]
            if parent:
                of_it = (
                    self._store.values(each, prop)
                    if isinstance(each, ox.NamedNode | ox.BlankNode)
                    else []
                )
            for value in of_it:
                if isinstance(value, ox.NamedNode | ox.Literal):
                    yield node.value, value

    def _tried(self, profiles: Sequence[_Profile]) -> dict[_Profile, frozenset[str]]:
        """Give what decides of each profile."""
        bases = self._sides([dict(each.values) for each in profiles])
        found: dict[_Profile, frozenset[str]] = {}
        left = []
        for profile, base in zip(profiles, bases, strict=True):
            options = {prop: self._options(profile, prop) for prop in profile.read}
            if base.side in _NEITHER:
                found[profile] = profile.read
                continue
            # What cannot be tried decides.
            found[profile] = frozenset(prop for prop, of in options.items() if not of)
            left.append((profile, base, {prop: of for prop, of in options.items() if of}))
        for size in range(1, _TOGETHER + 1):
            tries = [
                (profile, base, props, dict(zip(props, chosen, strict=True)))
                for profile, base, options in left
                if size == 1 or not found[profile]
                for props in combinations(sorted(options), size)
                for chosen in product(*(options[prop] for prop in props))
            ]
            after = self._sides(
                [{**dict(profile.values), **given} for profile, _, _, given in tries]
            )
            for (profile, base, props, _), side in zip(tries, after, strict=True):
                if side[:2] != base[:2]:
                    found[profile] |= {*props}
        return found

    def _options(self, profile: _Profile, prop: str) -> list[Values]:
        """Give the other values that a property of a row could have."""
        field, here = self._fields.get(prop), dict(profile.values).get(prop, ())
        if field is None or not field.choices:
            # What the query does not read moves no row; what has no list cannot be tried.
            return [here] if field is None else []
        others = [ox.NamedNode(choice.iri) for choice in field.choices]
        found: list[Values] = [(each,) for each in others if (each,) != here]
        if field.separator:
            found += [(*here, each) for each in others if here and each not in here]
            found += [tuple(v for v in here if v != each) for each in here if len(here) > 2]
        return found

    def _sides(self, rows: Sequence[Given]) -> list[Place]:
        """Give where rows with some values stand."""
        told: list[Place] = []
        for start in range(0, len(rows), _AT_ONCE):
            told += self._sides_at_once(rows[start : start + _AT_ONCE])
        return told

    def _sides_at_once(self, rows: Sequence[Given]) -> list[Place]:
        nodes = [ox.NamedNode(f"{_TRIED.value}/{number}") for number in range(len(rows))]
        copies = [
            quad
            for node, given in zip(nodes, rows, strict=True)
            for quad in self._quads(node, given)
        ]
        about = self._about({value for given in rows for each in given.values() for value in each})
        with _LOCK:
            scratch = _scratch()
            with scratch.changed((), [*about, *copies]):
                tried = set(nodes)
                levels = (quad for quad in inferred(levels_in(scratch)) if quad.subject in tried)
                with scratch.changed((), list(levels)):
                    sides = sides_of(self._test, list(rows_of(scratch, self._text)))
        found: dict[str, tuple[str, str]] = {}
        for side, on in sides.on.items():
            for each in on:
                _, parts = found.get(each.row, ("", ""))
                found[each.row] = side, " ".join(filter(None, (parts, each.part)))
        cells = {iri: cell for cell, iris in sides.cells.items() for iri in iris}
        return [
            Place(*found.get(iri, ("", "")), cells.get(iri)) for iri in (n.value for n in nodes)
        ]

    def _quads(self, node: ox.NamedNode, given: Given) -> Iterator[ox.Quad]:
        for prop, values in given.items():
            field, of = self._fields.get(prop), node
            if prop == _LEVEL and given.get(_RIGHTS):
                continue
            if field is not None and field.parent:
                of = ox.NamedNode(f"{node.value}/of")
                yield ox.Quad(node, ox.NamedNode(field.parent), of, _TRIED)
            for value in values:
                yield ox.Quad(of, ox.NamedNode(prop), value, _TRIED)
        # The direct level of what has rights is the one that these give.
        for rights in given.get(_RIGHTS, ()):
            for level in self._levels_by(rights):
                yield ox.Quad(node, ox.NamedNode(_LEVEL), level, _TRIED)

    def _about(self, values: Collection[ox.NamedNode | ox.Literal]) -> list[ox.Quad]:
        """Give what the store says of values of its own, such as a service that no list has."""
        packaged = packaged_alone()
        nodes = sorted({each for each in values if isinstance(each, ox.NamedNode)}, key=str)
        for node in nodes:
            if node not in self._said:
                own = () if packaged.holds(node) else self._store.statements(node)
                self._said[node] = list(own)
        return [quad for node in nodes for quad in self._said[node]]

    def _levels_by(self, rights: ox.NamedNode | ox.Literal) -> list[ox.NamedNode]:
        """Give the levels that decision rights give, which a store may describe too."""
        if not isinstance(rights, ox.NamedNode):
            return []
        if rights not in self._levels:
            found = self._store.values(rights, _GIVES_LEVEL)
            self._levels[rights] = [each for each in found if isinstance(each, ox.NamedNode)]
        return self._levels[rights]


def _distance(listed: Sequence[str], here: Values) -> Callable[[str], int]:
    """Give what tells how far a value stands from those of a row in a list, such as a scale."""
    at = {iri: place for place, iri in enumerate(listed)}
    places = [at[each.value] for each in here if each.value in at] or [0]
    return lambda iri: min(abs(at[iri] - place) for place in places)


@cache
def _scratch() -> EmbeddedStore:
    """Give the packaged graphs, in which rows are tried one after the other."""
    return EmbeddedStore.packaged()
