"""What can be concluded of an arrangement: whether it breaches, answers, counts or belongs.

A target is a question, a claim or a class; it is judged by the queries that are published for it
(``queries/questions/``, ``queries/claims/``, ``queries/rules/``), asked of a store. Without a name
it is the glass ceiling, under either rubric.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from ..errors import DataError, UnknownName, command
from ..evidence.claims import PARTS, Test, test_of
from ..evidence.ledger import RUBRICS
from ..evidence.rows import levels_of
from ..knowledge.portable import parts_of
from ..knowledge.questions import Question, all_questions, find_question
from ..knowledge.terms import labels_of
from ..knowledge.views import rows_of_view
from ..messages import ENGLISH, Sentence, Speaker
from ..names import COP, GRAPH, OWL, RDF, SKOS
from ..store.lookup import rows_of
from ..store.protocol import Store
from .counterfactuals import Outcome, Outcomes

BREACHING: Final = COP + "CeilingBreachingArrangement"
_TYPE: Final = ox.NamedNode(RDF + "type")
_INFERRED: Final = ox.NamedNode(GRAPH + "inferred")
_OF_ARRANGEMENTS: Final = frozenset({"arrangement", "case", "placement"})
"""What a column of arrangements is called in a question."""
_SIDES: Final = {
    "support": Sentence("it counts for the claim"),
    "counterexamples": Sentence("it counts against the claim"),
    "undetermined": Sentence("it is left undetermined"),
    "domain": Sentence("it bears on the claim, but speaks neither for nor against it"),
}


@dataclass(frozen=True)
class Target:
    """What is asked of an arrangement.

    Attributes:
        name: ``CQ18``, ``C51`` or the IRI of a class.
        title: the question, in words.
        rules: what decides it, in words, each with where it stands.
        mentions: IRIs of the terms of this ontology that the queries name.
        outcomes: gives what each test says of an arrangement in a store.
        apart: whether the answer is about the arrangement alone, whatever other cases there are.
        any_does: whether any one of the properties is enough, so that none is missed.
    """

    name: str
    title: str
    rules: tuple[tuple[str, str], ...]
    mentions: frozenset[str]
    outcomes: Callable[[Store, str], Outcomes]
    apart: bool = True
    any_does: bool = False


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

    def outcomes(store: Store, iri: str) -> Outcomes:
        return {
            f"rubric {name}": _level(store, iri, rubric, say) for name, rubric in RUBRICS.items()
        }

    rules = [(say("definition"), _definition(store, BREACHING))]
    rules += [
        (say("rubric {name}", name=name), _definition(store, iri)) for name, iri in RUBRICS.items()
    ]
    return Target(
        name=BREACHING,
        title=say("Does it break through the glass ceiling?"),
        rules=(*rules, *_readings(store, ("A9",), say)),
        mentions=_mentions(view),
        outcomes=outcomes,
    )


def _level(store: Store, iri: str, rubric: str, say: Speaker) -> Outcome:
    rows = list(levels_of(store, [iri], rubric))
    labels = sorted(labels_of(store, {row["level"] for row in rows}, say.lang).values())
    if not labels:
        return Outcome("unknown", say("no level follows, so nothing can be said"))
    if len(labels) > 1:
        levels = say(" and ").join(labels)
        return Outcome(
            "unknown", say("two levels follow ({levels}), so nothing can be said", levels=levels)
        )
    above = {row["level"] for row in rows_of_view(store, "levels-above-ceiling")}
    if rows[0]["level"] in above:
        return Outcome("yes", say("it breaches, with {level}", level=labels[0]))
    return Outcome("no", say("it does not breach, with {level}", level=labels[0]))


# -- a question --------------------------------------------------------------------------------


def _question(store: Store, question: Question, say: Speaker) -> Target:
    asked_for = sorted({*question.parameters} - {"lang"})
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

    def outcomes(store: Store, iri: str) -> Outcomes:
        found = any(iri in row.values() for row in rows_of(store, question.text))
        words = say("it is among the rows") if found else say("it is not among the rows")
        return {question.id: Outcome("yes" if found else "no", words)}

    return Target(
        name=question.id,
        title=say(
            "Is it among the rows of {id}: {summary}", id=question.id, summary=question.summary
        ),
        rules=(
            (f"{question.id}, {question.name}", " ".join(question.description.split())),
            *_readings(store, question.readings, say),
        ),
        mentions=_mentions(question),
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
    if test.logic == "comparative" or not any(
        re.search(r"\?row (a cop:Case|cop:has)", query.text) for query in test.queries.values()
    ):
        raise DataError(
            f"{name} is tested on groups of cases, not on one: ",
            command("evidence", name, python=f"evidence().of({name!r})"),
            " lists them",
        )
    rubrics = RUBRICS if test.takes_rubric else {"": ""}

    def outcomes(store: Store, iri: str) -> Outcomes:
        return {
            f"rubric {rubric}" if rubric else name: _side(store, iri, test, rubric, say)
            for rubric in rubrics
        }

    label = next(iter(rows_of_view(store, "claim-label", id=[ox.Literal(name)])))["label"]
    rules = [
        (f"{name}, {say.again(_PART[part])}", test.queries[part].summary)
        for part in PARTS
        if part in test.queries
    ]
    rules += [(say("caution"), say(test.caution))] if test.caution else []
    return Target(
        name=name,
        title=say("Where does it stand on {name}: {label}?", name=name, label=label),
        rules=(*rules, *_readings(store, test.readings, say)),
        mentions=_mentions(*test.queries.values()),
        outcomes=outcomes,
    )


_PART: Final = {
    "domain": Sentence("what could refute it"),
    "support": Sentence("for"),
    "counterexamples": Sentence("against"),
    "undetermined": Sentence("undetermined"),
}


def _side(store: Store, iri: str, test: Test, rubric: str, say: Speaker) -> Outcome:
    if test.takes_level and any(row["row"] == iri for row in rows_of_view(store, "two-levels")):
        return Outcome("undetermined", say("it is left undetermined: it has two levels"))
    given = {"rubric": str(ox.NamedNode(RUBRICS[rubric]))} if rubric else {}

    def holds(part: str) -> bool:
        query = test.queries.get(part)
        if query is None:
            return False
        text = query.fill({key: term for key, term in given.items() if key in query.parameters})
        return any(rows_of(store, _about(text, iri)))

    found = [part for part in PARTS[1:] if holds(part)]
    if not found and holds(PARTS[0]):
        found = [PARTS[0]]
    sides = say(", and ").join(say.again(_SIDES[part]) for part in found)
    words = sides or say("it has no part in this claim")
    return Outcome(" and ".join(found) or "outside", words)


# -- a class -----------------------------------------------------------------------------------


def _class(store: Store, kind: str, say: Speaker) -> Target:
    rules = all_questions("queries/rules")
    label = labels_of(store, [kind], say.lang)[kind]

    def outcomes(store: Store, iri: str) -> Outcomes:
        return {label: _membership(store, iri, kind, label, rules, say)}

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
    for rule in rules:
        subject = re.search(r"CONSTRUCT \{ \?(\w+)", rule.text)
        answer = store.query(_about(rule.text, iri, subject[1] if subject else "row"))
        assert isinstance(answer, ox.QueryTriples)
        if ox.Triple(ox.NamedNode(iri), _TYPE, ox.NamedNode(kind)) in set(answer):
            words = say("it is a member of {label} by the rule {rule}", label=label, rule=rule.name)
            return Outcome("yes", words)
    words = say(
        "it is no member of {label}: it is not stated, and no rule concludes it", label=label
    )
    return Outcome("no", words)


def _about(text: str, iri: str, name: str = "row") -> str:
    """Bind a variable, so that one arrangement alone is asked for."""
    return text.replace("WHERE {", f"WHERE {{\n  VALUES ?{name} {{ {ox.NamedNode(iri)} }}", 1)


def _mentions(*queries: Question) -> frozenset[str]:
    bodies = (re.sub(r"^\s*#.*$", "", query.text, flags=re.MULTILINE) for query in queries)
    return frozenset(COP + name for body in bodies for name in re.findall(r"\bcop:(\w+)", body))


def _holds(store: Store, iri: str, kind: str) -> bool:
    quads = store.statements(ox.NamedNode(iri), _TYPE, ox.NamedNode(kind))
    return any(quad.graph_name != _INFERRED for quad in quads)


def _readings(
    store: Store, ambiguities: tuple[str, ...], say: Speaker
) -> Iterator[tuple[str, str]]:
    """Give the preferred readings of ambiguities of the source, in words."""
    names = list(map(ox.Literal, ambiguities))
    for row in rows_of_view(store, "preferred-readings", id=names) if names else ():
        yield say("reading of {id}", id=row["id"]), row["text"]


def _definition(store: Store, iri: str) -> str:
    said = store.values(ox.NamedNode(iri), SKOS + "definition")
    texts = (text for text in said if isinstance(text, ox.Literal))
    return min((text.value for text in texts if text.language in (None, "en")), default="")
