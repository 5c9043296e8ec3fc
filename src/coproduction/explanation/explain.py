"""Why an arrangement breaches the glass ceiling, answers a question or counts for a claim.

The chain runs from the recorded values, each with its status and source, through what the graphs
say of those values and the rule, to the conclusion; and beside it stand the nearest changes of the
values that would change the conclusion, with what they would mean under each rubric.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import pyoxigraph as ox

from ..errors import DataError
from ..evidence.rows import doubts_of
from ..knowledge.case_record import case_record
from ..knowledge.packaged import with_levels
from ..knowledge.terms import labels_of
from ..knowledge.views import rows_of_view
from ..messages import ENGLISH, Sentence, Speaker, speaker
from ..names import compact
from ..store.embedded import EmbeddedStore
from ..store.lookup import has_over
from ..store.protocol import Store
from .counterfactuals import (
    GIVES_LEVEL,
    LEVEL,
    RIGHTS,
    Change,
    Outcomes,
    Tries,
    alone,
    nearest,
    one_by_one,
    side_by_side,
)
from .recorded_values import Fact, facts_of, in_language, links_of, of_providers
from .targets import Target, target_of
from .without import without_it
from .yardstick import held_against, levels_by_test

_SIDES: Final = ("support", "counterexamples", "yes", "no")
_TOGETHER: Final = 3
_FEW: Final = 4
_MOST_COPIED: Final = 50_000


@dataclass(frozen=True)
class Conclusion:
    """What follows under one test: ``yes`` or ``no``, ``unknown``, or a side of a claim.

    Attributes:
        test, verdict, words: the test, what follows, and the same in words.
        level: the level of the arrangement there, where one decides.
    """

    test: str
    verdict: str
    words: str
    level: str = ""


@dataclass(frozen=True)
class Explanation:
    """The chain from values to the conclusions, and what would change them.

    Attributes:
        iri, label: the arrangement.
        target, title: what was asked.
        conclusions: one for each rubric where the level counts, else one.
        facts: the recorded values that can matter.
        links: what the graphs say of those values, such as the level that a right gives.
        rules: name and text of what decides.
        changes: the nearest changes of values that would change a verdict.
        held_against: what it is held against on a claim, and what decides twice, in sentences.
        note: what the reader has to know, such as that other cases decide too.
        doubts: what the record of the arrangement says against its own coding.
        without: of a claim, what its verdict would be without the case, a sentence for each rubric
            where these differ, and for the other ceiling where that does; none in a large store.
        lang: language of the words.
    """

    iri: str
    label: str
    target: str
    title: str
    conclusions: tuple[Conclusion, ...]
    facts: tuple[Fact, ...]
    links: tuple[Fact, ...]
    rules: tuple[tuple[str, str], ...]
    changes: tuple[Change, ...]
    held_against: tuple[str, ...] = ()
    note: str = ""
    doubts: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    lang: str = "en"

    def __str__(self) -> str:
        return as_text(self)

    def as_dict(self) -> dict[str, Any]:
        """Give the explanation as plain values, for JSON."""
        plain = asdict(self)
        del plain["lang"]
        plain["rules"] = [{"name": name, "text": text} for name, text in self.rules]
        plain["changes"] = [
            {
                "values": [value._asdict() for value in change.values],
                "outcomes": {name: out._asdict() for name, out in change.outcomes.items()},
            }
            for change in self.changes
        ]
        return plain


def explain(
    store: Store,
    iri: str,
    target: str | None = None,
    lang: str = "en",
    spoilt: Callable[[], Mapping[str, Collection[str]]] = dict,
) -> Explanation:
    """Explain what follows of an arrangement, and why.

    Args:
        store: what is in scope.
        iri: a case or a placement.
        target: a question, a claim or a class (see
            :func:`coproduction.explanation.targets.target_of`); the glass ceiling by default.
        lang: language of the words: en, sv, de or fr; texts of the ontology stay English.
        spoilt: gives what breaks the shapes, as of
            :class:`~coproduction.evidence.ledger.Evidence`; asked where a verdict is told.

    Raises:
        UnknownName: there is no such target, or another language.
        DataError: it is no arrangement, or the target says nothing of a single one.
    """
    say = speaker(lang)
    store = with_levels(store)
    asked = target_of(store, target, say)
    if not any(rows_of_view(store, "is-arrangement", row=[ox.NamedNode(iri)])):
        raise DataError(f"{compact(iri)} is no service arrangement: name a case or a placement")
    trial, note = _trial(store, iri, asked, say)  # a small store says the same, far sooner
    outcomes = asked.outcomes(trial if asked.apart else store, [iri])[iri]
    tries = (side_by_side if asked.apart else one_by_one)(trial, iri, asked.outcomes)
    recorded = _properties(store, iri)
    matters = _matters(asked, recorded)
    if asked.any_does:
        matters &= recorded
    properties = sorted(matters & recorded)
    tried = zip(properties, tries([{prop: ()} for prop in properties]), strict=True)
    decisive = {prop: tuple(_decided_by(prop, asked, outcomes, without)) for prop, without in tried}
    told = facts_of(store, iri, matters | asked.mentions & {*of_providers()}, decisive)
    facts = tuple(_levels_by_rights(tuple(told)))
    links = tuple(links_of(store, facts, asked.mentions))
    if say.lang != "en":
        facts = tuple(in_language(store, facts, say))
        links = tuple(in_language(store, links, say))
    return Explanation(
        iri=iri,
        label=labels_of(store, [iri], say.lang)[iri],
        target=asked.name,
        title=asked.title,
        conclusions=tuple(_conclusions(store, iri, asked, outcomes, say)),
        facts=facts,
        links=links,
        rules=asked.rules,
        changes=_changes(trial, iri, asked, tries, _changeable(asked, matters, recorded), say.lang),
        held_against=tuple(held_against(store, iri, asked.claim, outcomes, say)),
        note=note,
        doubts=doubts_of(store, [iri]).get(iri, ()),
        without=_without(store, iri, asked, spoilt, say),
        lang=say.lang,
    )


def _levels_by_rights(facts: tuple[Fact, ...]) -> Iterator[Fact]:
    """Give facts, a level that follows from decision rights as stated as these are."""
    (status, *_) = [fact.status for fact in facts if fact.property == RIGHTS and fact.value] or [""]
    for fact in facts:
        follows = status and fact.property == LEVEL and fact.value
        yield replace(fact, status=status, based_on=(RIGHTS,)) if follows else fact


def _decided_by(prop: str, asked: Target, outcomes: Outcomes, without: Outcomes) -> Iterator[str]:
    """Give the conclusions that a property decides: without it they are others.

    What is outside a claim by the property that picks its rows is so without a value too.
    """
    for name, outcome in outcomes.items():
        is_picked = outcome.verdict == "outside" and prop in asked.bounds
        if is_picked or without[name] != outcome:
            yield name


def _conclusions(
    store: Store, iri: str, asked: Target, outcomes: Outcomes, say: Speaker
) -> Iterator[Conclusion]:
    levels = levels_by_test(store, iri, asked.claim, say)
    for name, outcome in outcomes.items():
        level = outcome.level or levels.get(name, "")
        yield Conclusion(name, outcome.verdict, outcome.words, level)


def _without(
    store: Store,
    iri: str,
    asked: Target,
    spoilt: Callable[[], Mapping[str, Collection[str]]],
    say: Speaker,
) -> tuple[str, ...]:
    """Tell the verdict on a claim without a case, where the store is small enough to be copied."""
    if not asked.claim or has_over(store, _MOST_COPIED):
        return ()
    return tuple(without_it(store, iri, asked.claim, spoilt, say))


def _trial(store: Store, iri: str, asked: Target, say: Speaker) -> tuple[EmbeddedStore, str]:
    """Give a store in memory in which values can be changed, and what to know of it."""
    from ..store.on_disk import copy_in_memory

    if asked.apart:
        return alone(store, iri), ""
    if not has_over(store, _MOST_COPIED):
        return copy_in_memory(store), ""
    return alone(store, iri), say(
        "What would change it was tried apart from the other cases, of which there are many: "
        "where the question compares cases, it does not tell."
    )


def _changes(
    trial: EmbeddedStore,
    iri: str,
    asked: Target,
    tries: Tries,
    properties: frozenset[str],
    lang: str,
) -> tuple[Change, ...]:
    properties |= asked.mentions & of_providers().keys()

    def found(together: int) -> tuple[Change, ...]:
        named = asked.mentions
        return nearest(trial, iri, tries, properties, together=together, named=named, lang=lang)

    if asked.apart:
        return found(1 if asked.any_does or len(properties) > _FEW else _TOGETHER)
    alone = found(1)
    return alone if alone or len(properties) > _FEW else found(2)


def _properties(store: Store, iri: str) -> set[str]:
    return {quad.predicate.value for quad in store.statements(ox.NamedNode(iri))}


def _matters(asked: Target, recorded: set[str]) -> frozenset[str]:
    """Give the properties that can matter: those named, and what the level follows from."""
    matters = asked.mentions & {field.path for field in case_record().fields if not field.parent}
    if LEVEL in matters and (RIGHTS in recorded or LEVEL not in recorded):
        matters |= {RIGHTS}
    return matters


def _changeable(asked: Target, matters: frozenset[str], recorded: set[str]) -> frozenset[str]:
    """Leave out the level where it follows from rights, and the rights where it is stated."""
    follows = RIGHTS in recorded or LEVEL not in recorded
    if GIVES_LEVEL not in asked.mentions and RIGHTS in recorded and LEVEL not in recorded:
        # The question reads the recorded level, and none was derived from the rights.
        follows = False
    listed = {field.path for field in case_record().fields if field.choices}
    return matters & listed - {LEVEL if follows else RIGHTS}


# -- words -------------------------------------------------------------------------------------


def as_text(explanation: Explanation) -> str:
    """Give an explanation in sentences, with its sources numbered below."""
    say = speaker(explanation.lang)
    numbers: dict[str, int] = {}
    names = {field.path: field.name(say.lang) for field in case_record().fields}

    def cited(fact: Fact) -> str:
        marks = [str(numbers.setdefault(iri, len(numbers) + 1)) for iri in fact.sources]
        where = f"[{', '.join(marks)}]" if marks else say("no source is given") * bool(fact.value)
        follows = ", ".join(names.get(prop, compact(prop)) for prop in fact.based_on)
        follows = say("follows from {names}", names=follows) if follows else ""
        said = ", ".join(filter(None, (say(fact.status), follows, *fact.locators, where)))
        return f" ({said})" if said else ""

    lines = [explanation.label, compact(explanation.iri), "", explanation.title]
    lines += [f"  {_concluded(explanation, said, say)}" for said in explanation.conclusions]
    lines += [f"  {told}" for told in explanation.held_against]
    if explanation.note:
        lines.append(f"  {explanation.note}")
    lines += [f"  {say('Doubt: {told}', told=doubt)}" for doubt in explanation.doubts]
    lines += ["", say("What is recorded")]
    # The direct level of what has decision rights is the one by the first rubric.
    by_rights = any(fact.property == RIGHTS and fact.value for fact in explanation.facts)
    for fact in explanation.facts:
        name, value = _short(fact.property_label), fact.value_label
        if by_rights and value and fact.property == LEVEL:
            value = say("{level} (under R0)", level=value)
        told = say("{name}: {told}", name=name, told=value)
        lines.append(f"  {told}{cited(fact)}")
    if explanation.links:
        lines += ["", say("What the graphs say of these values")]
        for link in explanation.links:
            of = f"{link.subject_label}, {link.property_label}"
            told = say("{name}: {told}", name=of, told=link.value_label)
            lines.append(f"  {told}{cited(link)}")
    lines += ["", say("What decides")]
    rules = (say("{name}: {told}", name=name, told=text) for name, text in explanation.rules)
    lines += [f"  {told}" for told in rules]
    lines += ["", say("What would change it")]
    for change in explanation.changes:
        given = say("{name}: {told}", name=in_words(change, say), told="").rstrip()
        lines.append(f"  {given}")
        for name, words in effects(explanation, change):
            told = say("{name}: {told}", name=_under(name, say), told=words)
            lines.append(f"    {told}")
    if not explanation.changes:
        none = say("No change of one value of those that matter, or of a few together.")
        lines.append(f"  {none}")
    lines += [f"  {told}" for told in explanation.without]
    if numbers:
        lines += ["", say("Sources"), *(f"  [{number}] {iri}" for iri, number in numbers.items())]
    return "\n".join(lines) + "\n"


def in_words(change: Change, say: Speaker = ENGLISH) -> str:
    """Give a change in words: ``If decision rights were majority instead of consulted``."""
    parts = []
    for value in change.values:
        *most, last = value.after
        after = last
        if len(most) > 1:
            after = say("{most}, or {last}", most=", ".join(most), last=last)
        elif most:
            after = say("{one} or {other}", one=most[0], other=last)
        if value.takes:
            parts.append(say("{name} had no {value}", name=value.name, value=after))
        elif value.adds:
            parts.append(say("{name} had {value} as well", name=value.name, value=after))
        elif value.before:
            after += "," if most else ""
            before = say(" and ").join(value.before)
            parts.append(
                say(
                    "{name} were {value} instead of {before}",
                    name=value.name,
                    value=after,
                    before=before,
                )
            )
        else:
            parts.append(say("{name}, not recorded, were {value}", name=value.name, value=after))
    return say("If {parts}", parts=say(", and ").join(parts))


def effects(explanation: Explanation, change: Change) -> Iterator[tuple[str, str]]:
    """Give what a change would mean by each test, also where it would mean no other verdict."""
    say = speaker(explanation.lang)
    before = {said.test: said for said in explanation.conclusions}
    for name, out in change.outcomes.items():
        now = before[name]
        told = out.words if out.verdict != now.verdict else _still(out.words, say)
        if out.verdict == now.verdict and out.level != now.level and out.level:
            told = say("{told} (before: {level})", told=told, level=now.level)
        yield name, told


def _still(words: str, say: Speaker) -> str:
    """Give words as what stays so; English ones may begin with "it": "it is still irrelevant"."""
    if say.lang != "en" or not words.startswith("it "):
        return say("still {words}", words=words)
    rest = words.removeprefix("it ")
    return f"it is still {rest[3:]}" if rest.startswith("is ") else f"it still {rest}"


def _concluded(explanation: Explanation, said: Conclusion, say: Speaker) -> str:
    """Tell what follows under one test, by which values, and what leaves it open."""
    reasons = _reasons(explanation, said.test)
    because = say(", by {reasons}", reasons=reasons) if reasons else ""
    because += _left_open(explanation, said, say)
    name = _under(said.test, say)
    if said.level and said.level not in said.words:
        name = say("{told} ({part})", told=name, part=said.level)
    return say("{name}: {told}", name=name, told=said.words) + f"{because}."


def _reasons(explanation: Explanation, test: str) -> str:
    return _with_values(fact for fact in explanation.facts if test in fact.decides)


def _left_open(explanation: Explanation, said: Conclusion, say: Speaker) -> str:
    """Tell what could decide what is left undetermined: what is not recorded, if that could.

    Else it is each recorded value of which another would speak for the claim.
    """
    if said.verdict not in ("undetermined", "unknown"):
        return ""
    to: dict[str, set[str]] = {}
    for change in explanation.changes:
        for value in change.values:
            to.setdefault(value.property, set()).add(change.outcomes[said.test].verdict)
    own = [fact for fact in explanation.facts if to.get(fact.property, set()) & {*_SIDES}]
    if left := [fact for fact in own if not fact.value]:
        return say("; what leaves it open: {names}", names=_with_values(left))
    others = [fact for fact in own if "support" in to[fact.property]]
    if not others:
        return ""
    names = _with_values(others)
    return say("; it would be for the claim with another value of: {names}", names=names)


def _with_values(facts: Iterable[Fact]) -> str:
    """Name properties, each once, with their values in brackets."""
    named: dict[str, list[str]] = {}
    for fact in facts:
        named.setdefault(_short(fact.property_label), []).append(fact.value_label)
    return ", ".join(f"{name} ({', '.join(values)})" for name, values in named.items())


def _short(property_label: str) -> str:
    return property_label.removeprefix("has ")


def called(test: str, say: Speaker) -> str:
    """Give the name of a test in a language, as its rule is called where it is a rubric."""
    if test.startswith("rubric "):
        return say("rubric {name}", name=test.removeprefix("rubric "))
    return test


def _under(test: str, say: Speaker) -> str:
    if test.startswith("rubric "):
        return say("Under rubric {name}", name=test.removeprefix("rubric "))
    return test


_STATUSES: Final = (
    Sentence("stated"), Sentence("interpreted"), Sentence("ontology"), Sentence("source"),
    Sentence("interpretation"), Sentence("literature"),
)  # fmt: skip
"""What a fact's status can be: said of a value, or the graph that says it."""
