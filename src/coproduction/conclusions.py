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

from .claims import PARTS, Test, claim_tests
from .counterfactuals import Outcome, Outcomes
from .details import levels_of, rows_of
from .errors import DataError, UnknownName
from .evidence import RUBRICS, TWO_LEVELS
from .names import COP, GRAPH, OWL, RDF, RDFS
from .questions import Question, all_questions, find_question
from .store import Store

BREACHING: Final = COP + "CeilingBreachingArrangement"
_TYPE: Final = ox.NamedNode(RDF + "type")
_INFERRED: Final = ox.NamedNode(GRAPH + "inferred")
_SIDES: Final = {
    "support": "it counts for the claim",
    "counterexamples": "it counts against the claim",
    "undetermined": "it is left undetermined",
    "domain": "it bears on the claim, but speaks neither for nor against it",
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


def target_of(store: Store, name: str | None = None) -> Target:
    """Give what a name asks for.

    Args:
        store: what is in scope.
        name: a question (``CQ18``, ``glass-ceiling``), a claim (``C51``), or a class by IRI,
            name or label; the glass ceiling by default.

    Raises:
        UnknownName: nothing is called so.
        DataError: it is of a kind that says nothing of a single arrangement.
    """
    if name is None:
        return _ceiling(store)
    if re.fullmatch(r"[Cc]\d+", name):
        return _claim(store, name.upper())
    try:
        return _question(store, find_question(name))
    except UnknownName as unknown:
        from .terms import find_term

        try:
            iri = find_term(store, name)
        except UnknownName:
            if re.fullmatch(r"[Cc][Qq]\d+", name):
                raise unknown from None
            raise
    if iri == BREACHING:
        return _ceiling(store)
    if not _holds(store, iri, OWL + "Class"):
        raise DataError(f"{name} is no question, claim or class: name one, such as CQ18 or C51")
    return _class(store, iri)


# -- the glass ceiling -------------------------------------------------------------------------


def _ceiling(store: Store) -> Target:
    view = find_question("levels-under-rubric", "queries/views")

    def outcomes(store: Store, iri: str) -> Outcomes:
        return {f"rubric {name}": _level(store, iri, rubric) for name, rubric in RUBRICS.items()}

    rules = [("definition", _text(store, BREACHING, "definition"))]
    rules += [(f"rubric {name}", _text(store, iri, "definition")) for name, iri in RUBRICS.items()]
    return Target(
        name=BREACHING,
        title="Does it break through the glass ceiling?",
        rules=(*rules, *_readings(store, ("A9",))),
        mentions=_mentions(view),
        outcomes=outcomes,
    )


def _level(store: Store, iri: str, rubric: str) -> Outcome:
    rows = list(levels_of(store, [iri], rubric))
    labels = sorted({row["label"] for row in rows})
    if not labels:
        return Outcome("unknown", "no level follows, so nothing can be said")
    if len(labels) > 1:
        return Outcome(
            "unknown", f"two levels follow ({' and '.join(labels)}), so nothing can be said"
        )
    above = {row["level"] for row in rows_of(store, _ABOVE)}
    if rows[0]["level"] in above:
        return Outcome("yes", f"it breaches, with {labels[0]}")
    return Outcome("no", f"it does not breach, with {labels[0]}")


# -- a question --------------------------------------------------------------------------------


def _question(store: Store, question: Question) -> Target:
    asked_for = sorted({*question.parameters} - {"lang"})
    if asked_for:
        raise DataError(
            f"{question.id} depends on what it is asked for ({', '.join(asked_for)}): "
            f"'coproduction ask {question.id}' answers it"
        )
    if not _columns(question):
        raise DataError(
            f"{question.id} gives no single cases or placements, so there is none to be explained"
        )

    def outcomes(store: Store, iri: str) -> Outcomes:
        found = any(iri in row.values() for row in rows_of(store, question.text))
        words = "it is among the rows" if found else "it is not among the rows"
        return {question.id: Outcome("yes" if found else "no", words)}

    return Target(
        name=question.id,
        title=f"Is it among the rows of {question.id}: {question.summary}",
        rules=(
            (f"{question.id}, {question.name}", " ".join(question.description.split())),
            *_readings(store, question.readings),
        ),
        mentions=_mentions(question),
        outcomes=outcomes,
        apart=False,
    )


def _columns(question: Question) -> set[str]:
    """Give the columns of a question that hold cases or placements, by how its text uses them."""
    head, _, body = question.text.partition("WHERE {")
    shown = set(re.findall(r"\?(\w+)", head.rpartition("SELECT")[2]))
    of_one = r"\?(\w+)\s+(?:a\s+(?:cop:Case|cop:Placement|\?class)|cop:has[A-Z]\w+)\b"
    return shown & set(re.findall(of_one, body))


# -- a claim -----------------------------------------------------------------------------------


def _claim(store: Store, name: str) -> Target:
    from .evidence import Evidence

    test = claim_tests().get(name)
    if test is None:
        verdict = Evidence(store).of(name, rows=False)
        raise DataError(f"{name} is {verdict.verdict}: no case counts for or against it")
    if test.logic == "comparative" or not any(
        re.search(r"\?row (a cop:Case|cop:has)", query.text) for query in test.queries.values()
    ):
        raise DataError(
            f"{name} is tested on groups of cases, not on one: "
            f"'coproduction evidence {name}' lists them"
        )
    rubrics = RUBRICS if test.takes_rubric else {"": ""}

    def outcomes(store: Store, iri: str) -> Outcomes:
        return {
            f"rubric {rubric}" if rubric else name: _side(store, iri, test, rubric)
            for rubric in rubrics
        }

    label = next(iter(rows_of(store, _CLAIM.replace("ID", name))))["label"]
    rules = [
        (f"{name}, {_PART[part]}", test.queries[part].summary)
        for part in PARTS
        if part in test.queries
    ]
    rules += [("caution", test.caution)] if test.caution else []
    return Target(
        name=name,
        title=f"Where does it stand on {name}: {label}?",
        rules=(*rules, *_readings(store, test.readings)),
        mentions=_mentions(*test.queries.values()),
        outcomes=outcomes,
    )


_PART: Final = {
    "domain": "what could refute it",
    "support": "for",
    "counterexamples": "against",
    "undetermined": "undetermined",
}


def _side(store: Store, iri: str, test: Test, rubric: str) -> Outcome:
    if test.takes_level and any(row["row"] == iri for row in rows_of(store, TWO_LEVELS)):
        return Outcome("undetermined", f"{_SIDES['undetermined']}: it has two levels")
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
    words = ", and ".join(_SIDES[part] for part in found) or "it has no part in this claim"
    return Outcome(" and ".join(found) or "outside", words)


# -- a class -----------------------------------------------------------------------------------


def _class(store: Store, kind: str) -> Target:
    rules = all_questions("queries/rules")
    label = _label(store, kind)

    def outcomes(store: Store, iri: str) -> Outcomes:
        return {label: _membership(store, iri, kind, label, rules)}

    said = [("definition", _text(store, kind, "definition"))]
    said += [(f"rule {rule.name}", rule.summary) for rule in rules]
    of_class = rows_of(store, _WITH_DOMAIN.replace("KIND", str(ox.NamedNode(kind))))
    return Target(
        name=kind,
        title=f"Is it a member of the class {label}?",
        rules=tuple(pair for pair in said if pair[1]),
        mentions=frozenset(row["property"] for row in of_class),
        outcomes=outcomes,
        apart=False,
        any_does=True,
    )


def _membership(store: Store, iri: str, kind: str, label: str, rules: list[Question]) -> Outcome:
    if _holds(store, iri, kind):
        return Outcome("yes", f"it is stated to be a member of {label}")
    for rule in rules:
        subject = re.search(r"CONSTRUCT \{ \?(\w+)", rule.text)
        answer = store.query(_about(rule.text, iri, subject[1] if subject else "row"))
        assert isinstance(answer, ox.QueryTriples)
        if ox.Triple(ox.NamedNode(iri), _TYPE, ox.NamedNode(kind)) in set(answer):
            return Outcome("yes", f"it is a member of {label} by the rule {rule.name}")
    return Outcome("no", f"it is no member of {label}: it is not stated, and no rule concludes it")


def _about(text: str, iri: str, name: str = "row") -> str:
    """Bind a variable, so that one arrangement alone is asked for."""
    return text.replace("WHERE {", f"WHERE {{\n  VALUES ?{name} {{ {ox.NamedNode(iri)} }}", 1)


def _mentions(*queries: Question) -> frozenset[str]:
    bodies = (re.sub(r"^\s*#.*$", "", query.text, flags=re.MULTILINE) for query in queries)
    return frozenset(COP + name for body in bodies for name in re.findall(r"\bcop:(\w+)", body))


def _holds(store: Store, iri: str, kind: str) -> bool:
    quads = store.inner.quads_for_pattern(ox.NamedNode(iri), _TYPE, ox.NamedNode(kind))
    return any(quad.graph_name != _INFERRED for quad in quads)


def _readings(store: Store, ambiguities: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Give the preferred readings of ambiguities of the source, in words."""
    values = " ".join(str(ox.Literal(name)) for name in ambiguities)
    for row in rows_of(store, _PREFERRED.replace("IDS", values)) if values else ():
        yield f"reading of {row['id']}", row["text"]


def _label(store: Store, iri: str) -> str:
    return _text(store, iri, "label") or iri


def _text(store: Store, iri: str, kind: str) -> str:
    prop = {"label": f"<{RDFS}label>", "definition": "skos:definition"}[kind]
    text = (
        f"SELECT DISTINCT ?text WHERE {{ {ox.NamedNode(iri)} {prop} ?text . "
        'FILTER(LANG(?text) IN ("en", "")) } ORDER BY ?text'
    )
    return next((row["text"] for row in rows_of(store, text)), "")


_ABOVE: Final = """
SELECT DISTINCT ?level
WHERE { cop:MediumParticipation (cop:isDirectlyBelow|cop:isBelow|^cop:isAbove)+ ?level }
ORDER BY ?level
"""
_PREFERRED: Final = """
SELECT DISTINCT ?id ?text
WHERE {
  VALUES ?id { IDS }
  ?ambiguity cop:ambiguityId ?id ;
      cop:preferredReading ?reading .
  ?reading cop:readingText ?text .
  FILTER(LANG(?text) = "en")
}
ORDER BY ?id ?text
"""
_WITH_DOMAIN: Final = """
SELECT DISTINCT ?property
WHERE {
  ?kind rdfs:subClassOf* KIND .
  ?property rdfs:domain ?kind .
}
ORDER BY ?property
"""
_CLAIM: Final = """
SELECT DISTINCT ?label
WHERE {
  ?claim cop:claimId "ID" ;
      rdfs:label ?label .
  FILTER(LANG(?label) = "en")
}
ORDER BY ?label
"""
