"""A case as it is, or with other values: what follows of it, in memory; nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from ..errors import UnknownName
from ..evidence.claims import claim_tests
from ..evidence.recorded import levels_of
from ..explanation.counterfactuals import LEVEL, RIGHTS, Outcomes, alone, changed
from ..explanation.explain import explain
from ..explanation.targets import target_of
from ..knowledge.case_record import Field, case_record
from ..knowledge.levels import rubrics_of
from ..knowledge.terms import labels_of
from ..messages import Speaker
from ..names import COP
from .address import Address
from .judged import Option

if TYPE_CHECKING:
    from ..explanation.explain import Explanation
    from ..store.embedded import EmbeddedStore
    from ..store.protocol import Store

NOTHING: Final = "-"
"""Stands in the address for that no value is recorded."""
TURNED: Final = "turned"
"""The parameter that says that values are turned: a list of which none is taken sends nothing."""
INTENSITY: Final = COP + "hasRelationIntensity"
_MOST: Final = 8
"""Cases that are kept in memory."""
_kept: Final[WeakKeyDictionary[Any, dict[tuple[str, str], Held]]] = WeakKeyDictionary()
"""The cases that were asked for last, by the store as it is."""
Given = Mapping[str, tuple[str, ...]]
"""Values by property, as IRIs."""


class Told(NamedTuple):
    """What follows of a case.

    Attributes:
        explanation: whether it breaches the glass ceiling, and why.
        levels: IRIs of its level under each rubric, by the name of the rubric.
        intensity: IRIs of its intensity.
        claims: where it stands on each claim that single cases bear on, by rubric.
    """

    explanation: Explanation
    levels: dict[str, tuple[str, ...]]
    intensity: tuple[str, ...]
    claims: dict[str, Outcomes]

    def on_claim(self, claim: str, rubric: str) -> tuple[str, str]:
        """Give on which side of a claim it stands, and the same in words."""
        found = self.claims[claim]
        outcome = found.get(f"rubric {rubric}") or found[claim]
        return outcome.verdict, outcome.words


class Held(NamedTuple):
    """A case in memory.

    Attributes:
        trial: the case by itself, in which values can be changed.
        fields: the columns whose values can be turned.
        told: what follows of it as it is recorded.
    """

    trial: EmbeddedStore
    fields: list[Field]
    told: Told


class Turnable(NamedTuple):
    """A value that can be turned.

    Attributes:
        key, label: of its column.
        is_list: whether there can be several.
        options: the values that it can have, with a word at those that are recorded.
        property: IRI of what it is a value of.
        recorded, turned: names of its values as they are recorded, and as they are turned; the
            second is empty where they are not.
    """

    key: str
    label: str
    is_list: bool
    options: tuple[Option, ...]
    property: str
    recorded: str
    turned: str


def held(store: Store, iri: str, say: Speaker) -> Held:
    """Give a case in memory; the last few are kept, for whoever turns the values of one."""
    kept = _kept.setdefault(store, {})
    key = (iri, say.lang)
    found = kept.pop(key, None)
    if found is None:
        trial = alone(store, iri)
        found = Held(trial, fields_of(trial, iri, say), told_of(trial, iri, say))
    kept[key] = found
    while len(kept) > _MOST:
        del kept[next(iter(kept))]
    return found


def told_of(trial: EmbeddedStore, iri: str, say: Speaker, given: Given | None = None) -> Told:
    """Tell what follows of a case.

    Args:
        trial: the case in memory, by itself.
        iri: the case.
        say: the language.
        given: values that it has in place of its own.
    """
    with changed(trial, iri, given) if given else nullcontext():
        levels: dict[str, tuple[str, ...]] = {
            name: tuple(row["level"] for row in levels_of(trial, [iri], prop))
            for name, prop in rubrics_of(trial).items()
        }
        return Told(
            explain(trial, iri, lang=say.lang),
            levels,
            recorded(trial, iri, INTENSITY),
            dict(_on_claims(trial, iri, say)),
        )


def _on_claims(trial: EmbeddedStore, iri: str, say: Speaker) -> Iterator[tuple[str, Outcomes]]:
    for claim, test in claim_tests().items():
        if test.type != "comparison" and not test.is_of_services:
            yield claim, target_of(trial, claim, say).outcomes(trial, [iri])[iri]


def recorded(store: EmbeddedStore, iri: str, prop: str) -> tuple[str, ...]:
    """Give the values that are recorded of a case."""
    values = store.values(ox.NamedNode(iri), prop)
    return tuple(sorted({each.value for each in values if isinstance(each, ox.NamedNode)}))


def fields_of(trial: EmbeddedStore, iri: str, say: Speaker) -> list[Field]:
    """Give the columns whose values bear on the glass ceiling or on a claim, in their order."""
    named = set(target_of(trial, None, say).mentions)
    for claim, test in claim_tests().items():
        if test.type != "comparison" and not test.is_of_services:
            named |= target_of(trial, claim, say).mentions
    # The level follows from the rights, where these are told.
    follows = bool(recorded(trial, iri, RIGHTS)) or not recorded(trial, iri, LEVEL)
    left_out = LEVEL if follows else RIGHTS
    return [
        field
        for field in case_record().fields
        if field.choices and not field.parent and field.path in named and field.path != left_out
    ]


def given_by(
    address: Address, trial: EmbeddedStore, iri: str, fields: list[Field]
) -> dict[str, tuple[str, ...]]:
    """Read which values are turned; those that are as recorded are not.

    Raises:
        UnknownName: a column has no such value.
    """
    given = {}
    for field in fields:
        asked = [value for name, value in address.state if name == field.key and value]
        if not asked and not (field.separator and address.get(TURNED)):
            continue
        known = {_short(choice.iri): choice.iri for choice in field.choices}
        known |= {_short(each): each for each in recorded(trial, iri, field.path)}
        for value in asked:
            if value != NOTHING and value not in known:
                raise UnknownName(field.key, value, known, f"(one of {', '.join(known)})")
        values = tuple(sorted(known[value] for value in asked if value != NOTHING))
        if values != recorded(trial, iri, field.path):
            given[field.path] = values
    return given


def turnable(
    trial: EmbeddedStore, iri: str, fields: list[Field], given: Given, say: Speaker
) -> Iterator[Turnable]:
    """Give the controls of the form in which values are turned."""
    for field in fields:
        own = recorded(trial, iri, field.path)
        taken = given.get(field.path, own)
        known = {choice.iri: choice.label(say.lang) for choice in field.choices}
        of_their_own = [each for each in own if each not in known]
        labels = labels_of(trial, of_their_own, say.lang)
        known |= {each: labels.get(each) or _short(each) for each in of_their_own}
        none = say("not recorded")
        named = known | {each: say("{name} (recorded)", name=known[each]) for each in own}
        options = [Option(_short(each), name, each in taken) for each, name in named.items()]
        if not field.separator:
            options.insert(0, Option(NOTHING, none, not taken))
        before, after = (say("; ").join(known[v] for v in each) or none for each in (own, taken))
        turned = after if field.path in given else ""
        is_list, label = bool(field.separator), field.name(say.lang)
        yield Turnable(field.key, label, is_list, tuple(options), field.path, before, turned)


def _short(iri: str) -> str:
    return iri.removeprefix(COP)
