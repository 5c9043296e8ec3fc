"""What can be concluded of an arrangement: whether it breaches, answers, counts or belongs.

A target is a question, a claim or a class; it is judged by the queries that are published for it
(``queries/questions/``, ``queries/claims/``, ``queries/rules/``), asked of a store. Without a name
it is the glass ceiling, under either rubric.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from ..errors import DataError, UnknownName, command
from ..evidence.claims import CEILINGS, Test, test_of
from ..evidence.in_scope import read_as, readings_carried
from ..evidence.recorded import levels_of
from ..evidence.sides import beside, sides_of
from ..knowledge.levels import INFERRED, bearing_on_levels, rubrics_of, rule_of
from ..knowledge.portable import parts_of
from ..knowledge.questions import Question, all_questions, find_question, question_text
from ..knowledge.terms import labels_of
from ..knowledge.views import rows_of_view, view_text
from ..messages import ENGLISH, Sentence, Speaker
from ..names import COP, OWL, RDF, SKOS
from ..store.lookup import rows_of
from ..store.protocol import Store
from ..syntax.sparql import iris_named
from .counterfactuals import Judge, Outcome, Outcomes

BREACHING: Final = COP + "CeilingBreachingArrangement"
_TYPE: Final = ox.NamedNode(RDF + "type")
_OF_ARRANGEMENTS: Final = frozenset({"arrangement", "case", "placement"})
"""What a column of arrangements is called in a question."""
_SIDES: Final = {
    "support": Sentence("it counts for the claim"),
    "counterexamples": Sentence("it counts against the claim"),
    "undetermined": Sentence("it is left undetermined"),
}
_BESIDE: Final = {
    "irrelevant": Sentence("it is irrelevant, as it can speak for neither side"),
    "not told": Sentence("too little is told of it to say"),
    "within": Sentence("its service counts, with all cases in it"),
    "unmatched": Sentence("there is no case of its service to set it against"),
    "outside": Sentence("it is outside the claim"),
}


@dataclass(frozen=True)
class Target:
    """What is asked of an arrangement.

    Attributes:
        name: ``CQ18``, ``C51`` or the IRI of a class.
        title: the question, in words.
        rules: what decides it, in words, each with where it stands.
        mentions: IRIs of the terms of this ontology that the queries name.
        outcomes: gives what each test says of arrangements in a store, by their IRIs.
        apart: whether the answer is about the arrangement alone, whatever other cases there are.
        any_does: whether any one of the properties is enough, so that none is missed.
        claim: the id of the claim, where it is one.
        bounds: properties (IRIs) by whose values the claim picks its rows.
    """

    name: str
    title: str
    rules: tuple[tuple[str, str], ...]
    mentions: frozenset[str]
    outcomes: Judge
    apart: bool = True
    any_does: bool = False
    claim: str = ""
    bounds: frozenset[str] = frozenset()


def target_of(store: Store, name: str | None = None, say: Speaker = ENGLISH) -> Target:
    """Give what a name asks for.

    Args:
        store: what is in scope.
        name: a question (``CQ18``, ``glass-ceiling``), a claim (``C51``), or a class by IRI,
            name or label; the glass ceiling by default.
        say: says it in a language.

    Raises:
        UnknownName: nothing is called so.
        DataError: it is of a kind that says nothing of a single arrangement.
    """
    if name is None:
        return _ceiling(store, say)
    if re.fullmatch(r"[Cc]\d+", name):
        return _claim(store, name.upper(), say)
    try:
        return _question(store, find_question(name), say)
    except UnknownName as unknown:
        from ..knowledge.terms import find_term

        try:
            iri = find_term(store, name)
        except UnknownName:
            if re.fullmatch(r"[Cc][Qq]\d+", name):
                raise unknown from None
            raise
    if iri == BREACHING:
        return _ceiling(store, say)
    if not _holds(store, iri, OWL + "Class"):
        raise DataError(f"{name} is no question, claim or class: name one, such as CQ18 or C51")
    return _class(store, iri, say)


# -- the glass ceiling -------------------------------------------------------------------------


def _ceiling(store: Store, say: Speaker) -> Target:
    view = find_question("levels-under-rubric", "queries/views")

    rubrics = rubrics_of(store)

    def outcomes(store: Store, iris: Sequence[str]) -> dict[str, Outcomes]:
        found = {name: _levels(store, iris, prop, say) for name, prop in rubrics.items()}
        return {iri: {f"rubric {name}": of[iri] for name, of in found.items()} for iri in iris}

    rules = [(say("definition"), _definition(store, BREACHING))]
    rules += _rubric_rules(store, say)
    return Target(
        name=BREACHING,
        title=say("Does it break through the glass ceiling?"),
        rules=(*rules, *_readings(store, ("A9",), say)),
        mentions=_mentions(store, view),
        outcomes=outcomes,
    )


def _rubric_rules(store: Store, say: Speaker) -> Iterator[tuple[str, str]]:
    """Give the name of each rubric, and the rule by which it gives a level."""
    for row in rows_of_view(store, "rubrics"):
        yield say("rubric {name}", name=row["name"]), say(_definition(store, row["rubric"]))


def _levels(store: Store, iris: Sequence[str], rubric: str, say: Speaker) -> dict[str, Outcome]:
    levels: dict[str, list[str]] = {iri: [] for iri in iris}
    for row in levels_of(store, iris, rubric):
        levels[row["row"]].append(row["level"])
    above = {row["level"] for row in rows_of_view(store, "levels-above-ceiling")}
    label_of = labels_of(store, {level for found in levels.values() for level in found}, say.lang)

    def outcome(found: list[str]) -> Outcome:
        labels = sorted(label_of[level] for level in found)
        if not labels:
            return Outcome("unknown", say("no level follows, so nothing can be said"))
        if len(labels) > 1:
            both = say(" and ").join(labels)
            words = say("two levels follow ({levels}), so nothing can be said", levels=both)
            return Outcome("unknown", words)
        (level,) = labels
        if found[0] in above:
            return Outcome("yes", say("it breaches, with {level}", level=level), level)
        return Outcome("no", say("it does not breach, with {level}", level=level), level)

    return {iri: outcome(found) for iri, found in levels.items()}


# -- a question --------------------------------------------------------------------------------


def _question(store: Store, question: Question, say: Speaker) -> Target:
    asked_for = sorted({*question.parameters} - {"lang", question.limit})
    if asked_for:
        raise DataError(
            f"{question.id} depends on what it is asked for ({', '.join(asked_for)}): ",
            command("ask", question.id),
            " answers it",
        )
    if not _OF_ARRANGEMENTS.intersection(parts_of(question.text).variables):
        raise DataError(
            f"{question.id} gives no single cases or placements, so there is none to be explained"
        )

    # Of a question that gives the first of many all are asked: a case that comes late is of them.
    text = question_text(store, question, parameters={question.limit: 0} if question.limit else {})

    def outcomes(store: Store, iris: Sequence[str]) -> dict[str, Outcomes]:
        named = {value for row in rows_of(store, text) for value in row.values()}
        yes = Outcome("yes", say("it is among the rows"))
        no = Outcome("no", say("it is not among the rows"))
        return {iri: {question.id: yes if iri in named else no} for iri in iris}

    return Target(
        name=question.id,
        title=say(
            "Is it among the rows of {id}: {summary}", id=question.id, summary=question.summary
        ),
        rules=(
            (f"{question.id}, {question.name}", " ".join(question.description.split())),
            *_readings(store, question.readings, say),
        ),
        mentions=_mentions(store, question),
        outcomes=outcomes,
        apart=False,
    )


# -- a claim -----------------------------------------------------------------------------------


def _claim(store: Store, name: str, say: Speaker) -> Target:
    from ..evidence.ledger import Evidence

    test = test_of(name)
    if test is None:
        verdict = Evidence(store).of(name, rows=False)
        raise DataError(f"{name} is {verdict.verdict}: no case counts for or against it")
    if test.type == "comparison":
        raise DataError(
            f"{name} is tested on groups of cases, not on one: ",
            command("evidence", name, python=f"evidence().of({name!r})"),
            " lists them",
        )
    rubrics = rubrics_of(store) if test.takes_rubric else {"": ""}

    def outcomes(store: Store, iris: Sequence[str]) -> dict[str, Outcomes]:
        found = {
            f"rubric {rubric}" if rubric else name: _sides(store, iris, test, prop, say)
            for rubric, prop in rubrics.items()
        }
        return {iri: {each: of[iri] for each, of in found.items()} for iri in iris}

    label = next(iter(rows_of_view(store, "claim-label", id=[ox.Literal(name)])))["label"]
    rules = [(f"{name}, {say.again(_PART[part])}", say(text)) for part, text in test.sides.items()]
    rules += _rubric_rules(store, say) if test.takes_rubric else []
    rules += [(say("caution"), say(test.caution))] if test.caution else []
    return Target(
        name=name,
        title=say("Where does it stand on {name}: {label}?", name=name, label=label),
        rules=(*rules, *_readings(store, _bearing(store, test), say)),
        mentions=_mentions(store, test.query),
        outcomes=outcomes,
        apart=not test.is_of_services,
        claim=name,
        bounds=test.bounds,
    )


def _bearing(store: Store, test: Test) -> tuple[str, ...]:
    """Give the readings that a verdict rests on; not how a placement is read, which is left out."""
    idle = set() if test.held_against_placements else readings_carried(store)
    return tuple(name for name in test.readings if name not in idle)


_CASE: Final = ox.NamedNode(COP + "Case")
_PLACEMENT: Final = ox.NamedNode(COP + "Placement")
_PART: Final = {
    "support": Sentence("for"),
    "counterexamples": Sentence("against"),
    "undetermined": Sentence("undetermined"),
}


def by_the_text(store: Store, iri: str, test: Test, say: Speaker) -> Outcomes:
    """Give where an arrangement stands on a claim by the ceiling of the text, by rubric.

    Args:
        store: what is in scope, with the levels that follow.
        iri: the arrangement.
        test: the claim, which takes a ceiling; its target asks by that of the diagram.
        say: the language.
    """
    return {
        rubric: _sides(store, [iri], test, prop, say, "text")[iri]
        for rubric, prop in rubrics_of(store).items()
    }


def _torn(store: Store, iris: Sequence[str]) -> set[str]:
    """Give the arrangements that have two levels: of one it is asked alone, of more at once."""
    alone = {"row": ox.NamedNode(iris[0])} if len(iris) == 1 else None
    return {row["row"] for row in rows_of(store, view_text("two-levels"), alone)}


def _sides(
    store: Store,
    iris: Sequence[str],
    test: Test,
    rubric: str,
    say: Speaker,
    ceiling: str = "diagram",
) -> dict[str, Outcome]:
    above, below = CEILINGS[ceiling]
    text = test.text(rubric=[rubric], above=above, below=below)
    is_alone = len(iris) == 1 and not test.is_of_services
    given = {"row": ox.NamedNode(iris[0])} if is_alone else None
    sides = sides_of(test, rows_of(store, text, given), say=say)
    side_of = {each.row: (part, each.note) for part, found in sides.on.items() for each in found}
    places = beside(test.type, sides.cells)
    if test.is_of_services:
        places |= {iri: _among_services(store, iri, test, side_of.keys()) for iri in iris}
    torn = _torn(store, iris) if test.takes_level else set()

    def outcome(iri: str) -> Outcome:
        if iri in torn:
            return Outcome("undetermined", say("it is left undetermined: it has two levels"))
        part, note = side_of.get(iri, ("", ""))
        if not part:
            place = places.get(iri, "outside")
            return Outcome(place, say.again(_BESIDE[place]))
        words = say.again(_SIDES[part])
        if store.holds(ox.NamedNode(iri), _TYPE, _PLACEMENT):
            note = say("left out of the verdict, as the claim is drawn from it")
        return Outcome(part, f"{words}: {note}" if note else words)

    return {iri: outcome(iri) for iri in iris}


def _among_services(store: Store, iri: str, test: Test, counted: Collection[str]) -> str:
    """Tell where a case stands on a claim whose rows are services, each with the cases in it."""
    node = ox.NamedNode(iri)
    if not store.holds(node, _TYPE, _CASE):
        return "outside"
    services = store.values(node, COP + "hasServiceType")
    if any(service.value in counted for service in services if isinstance(service, ox.NamedNode)):
        return "within"
    return "unmatched" if all(store.values(node, prop) for prop in test.rests_on) else "outside"


# -- a class -----------------------------------------------------------------------------------


def _class(store: Store, kind: str, say: Speaker) -> Target:
    rules = [rule for rule in all_questions("queries/rules") if not rule.header.get("stage")]
    label = labels_of(store, [kind], say.lang)[kind]

    def outcomes(store: Store, iris: Sequence[str]) -> dict[str, Outcomes]:
        return {iri: {label: _membership(store, iri, kind, label, rules, say)} for iri in iris}

    said = [(say("definition"), _definition(store, kind))]
    said += [(say("rule {name}", name=rule.name), rule.summary) for rule in rules]
    of_class = rows_of_view(store, "properties-of-class", top=[ox.NamedNode(kind)])
    return Target(
        name=kind,
        title=say("Is it a member of the class {label}?", label=label),
        rules=tuple(pair for pair in said if pair[1]),
        mentions=frozenset(row["property"] for row in of_class),
        outcomes=outcomes,
        apart=False,
        any_does=True,
    )


def _membership(
    store: Store, iri: str, kind: str, label: str, rules: list[Question], say: Speaker
) -> Outcome:
    if _holds(store, iri, kind):
        return Outcome("yes", say("it is stated to be a member of {label}", label=label))
    node = ox.NamedNode(iri)
    for rule in rules:
        if ox.Triple(node, _TYPE, ox.NamedNode(kind)) in set(rule_of(store, rule, of=node)):
            words = say("it is a member of {label} by the rule {rule}", label=label, rule=rule.name)
            return Outcome("yes", words)
    words = say(
        "it is no member of {label}: it is not stated, and no rule concludes it", label=label
    )
    return Outcome("no", words)


def _mentions(store: Store, query: Question) -> frozenset[str]:
    """Give the terms of ours that a query names, and what its levels follow from if it has any."""
    named = {iri for iri in iris_named(query.text) if iri.startswith(COP)}
    has_levels = not named.isdisjoint(rubrics_of(store).values())
    return frozenset(named | bearing_on_levels() if has_levels else named)


def _holds(store: Store, iri: str, kind: str) -> bool:
    quads = store.statements(ox.NamedNode(iri), _TYPE, ox.NamedNode(kind))
    return any(quad.graph_name != INFERRED for quad in quads)


def _readings(
    store: Store, ambiguities: tuple[str, ...], say: Speaker
) -> Iterator[tuple[str, str]]:
    """Give how ambiguities of the source are read, in words."""
    for name, read in read_as(store, ambiguities, say).items():
        yield say("reading of {id} ({about})", id=name, about=read.about), read.words


def _definition(store: Store, iri: str) -> str:
    said = store.values(ox.NamedNode(iri), SKOS + "definition")
    texts = (text for text in said if isinstance(text, ox.Literal))
    return min((text.value for text in texts if text.language in (None, "en")), default="")
