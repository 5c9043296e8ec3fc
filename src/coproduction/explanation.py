"""Why an arrangement breaches the glass ceiling, or what would make it: values, sources, rules.

The chain runs from the recorded values, each with its status and source, through the rubric that
gives the level, to the definition of ``cop:CeilingBreachingArrangement``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

import pyoxigraph as ox

from .errors import DataError
from .evidence import RUBRICS, Evidence, rows_of
from .names import COP, compact
from .store import Store

_VALUES: Final = (
    "hasServiceType", "hasProviderSector", "hasDecisionRights", "hasContribution",
    "hasRelationIntensity", "hasParticipationLevel",
)  # fmt: skip
_HIGH: Final = COP + "HighParticipation"
_MEDIUM: Final = COP + "MediumParticipation"
_WORK: Final = (COP + "CoreWork", COP + "StaffSubstitution")
_ENDURING: Final = COP + "IntensiveOrEnduring"


@dataclass(frozen=True)
class Fact:
    """A recorded value: property and value with labels, its status, and where it is said."""

    property: str
    property_label: str
    value: str
    value_label: str
    status: str
    sources: tuple[str, ...]
    locators: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """The level under one rubric: what gives it, and what would have to change for high.

    Attributes:
        rubric: ``R0`` or ``R1``.
        level: label of the level, or an empty text where it is unknown or there are two.
        breaches: whether the level is above medium.
        because: the rule in a sentence.
        changes: the nearest changes that would make it breach, one sentence each.
    """

    rubric: str
    level: str
    breaches: bool
    because: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """The chain from values to the conclusion."""

    iri: str
    label: str
    facts: tuple[Fact, ...]
    steps: tuple[Step, ...]
    definition: str

    def as_dict(self) -> dict[str, Any]:
        """Give the explanation as plain values, for JSON."""
        return asdict(self)


def explain(store: Store, iri: str) -> Explanation:
    """Explain whether an arrangement breaches the glass ceiling.

    Args:
        store: what is in scope.
        iri: a case or a placement.

    Raises:
        DataError: it is no arrangement: it has neither a level nor decision rights nor a service.
    """
    facts = tuple(_facts(store, iri))
    if not facts:
        raise DataError(f"{compact(iri)} is no service arrangement: name a case or a placement")
    values = {(fact.property, fact.value) for fact in facts}
    steps = tuple(_step(store, iri, rubric, facts, values) for rubric in RUBRICS)
    (definition,) = [row["text"] for row in rows_of(store, _DEFINITION)]
    label = Evidence(store).labels([iri])[iri]
    return Explanation(iri, label, facts, steps, definition)


def _facts(store: Store, iri: str) -> Iterator[Fact]:
    node = str(ox.NamedNode(iri))
    own: dict[str, list[dict[str, str]]] = {}
    for row in rows_of(store, _CODINGS.replace("ROW", node)):
        own.setdefault(row.get("property", ""), []).append(row)
    shared = own.get("", [])
    everything = tuple(row["source"] for row in rows_of(store, _SOURCES.replace("ROW", node)))
    places = tuple(
        f"{row['section']}, line {row['line']}"
        for row in rows_of(store, _PLACE.replace("ROW", node))
    )
    readings = {row["property"] for row in rows_of(store, _READINGS.replace("ROW", node))}
    properties = " ".join(f"cop:{name}" for name in _VALUES)
    text = _FACTS.replace("ROW", node).replace("PROPERTIES", properties)
    found = sorted(rows_of(store, text), key=lambda row: _VALUES.index(row["property"][len(COP) :]))
    for row in found:
        codings = own.get(row["property"], shared)
        statuses = {coding["status"].removeprefix(COP).lower() for coding in codings}
        if row["property"] in readings:
            statuses.add("interpreted")
        said = {coding["source"] for coding in codings if "source" in coding}
        yield Fact(
            property=row["property"],
            property_label=row["propertyLabel"],
            value=row["value"],
            value_label=row["valueLabel"],
            status="interpreted" if "interpreted" in statuses else "stated",
            sources=tuple(sorted(said)) or everything,
            locators=tuple(sorted({c["locator"] for c in codings if "locator" in c})) or places,
        )


def _step(
    store: Store, iri: str, rubric: str, facts: tuple[Fact, ...], values: set[tuple[str, str]]
) -> Step:
    rows = list(Evidence(store, rubric=rubric).levels([iri]))
    levels = {row["level"]: row["label"] for row in rows}
    rights = [f.value_label for f in facts if f.property == COP + "hasDecisionRights"]
    if len(levels) > 1:
        both = " and ".join(sorted(levels.values()))
        return Step(rubric, "", False, f"two levels are recorded ({both})", ())
    if not levels:
        because = "the decision rights of the users are not recorded"
        change = "Record the decision rights: majority, or ownership or employer, would be high."
        return Step(rubric, "", False, because, (change,))
    ((level, label),) = levels.items()
    if rights:
        because = f"the users' decision rights are '{rights[0]}', which gives {label}"
    else:
        because = f"the source states {label} itself"
    if rubric == "R1" and level == _HIGH and rights and not _high_by_rights(store, iri):
        because = (
            f"the users' decision rights are '{rights[0]}', which is medium; with core work or "
            f"substitution for staff in intensive and/or enduring relations it gives {label}"
        )
    if level == _HIGH:
        return Step(rubric, label, True, because, ())
    return Step(rubric, label, False, because, tuple(_changes(rubric, level, bool(rights), values)))


def _changes(
    rubric: str, level: str, has_rights: bool, values: set[tuple[str, str]]
) -> Iterator[str]:
    if not has_rights:
        yield "It would if the source stated a high level: no decision rights are recorded."
        return
    yield "It would if users had a majority, or were owners or employers."
    if rubric != "R1" or level != _MEDIUM:
        return
    lacking = []
    if not any((COP + "hasContribution", work) in values for work in _WORK):
        lacking.append("core work or substitution for staff among the contributions")
    if (COP + "hasRelationIntensity", _ENDURING) not in values:
        lacking.append("intensive and/or enduring relations")
    if lacking:
        yield f"With the decision rights as they are it would by {' and '.join(lacking)}."


def _high_by_rights(store: Store, iri: str) -> bool:
    return any(row["level"] == _HIGH for row in Evidence(store).levels([iri]))


def as_text(explanation: Explanation) -> str:
    """Give an explanation in sentences."""
    lines = [explanation.label, compact(explanation.iri), "", "What is recorded"]
    for fact in explanation.facts:
        where = "; ".join((*fact.sources, *fact.locators))
        lines.append(f"  {fact.property_label}: {fact.value_label} ({fact.status}: {where})")
    lines += ["", "The definition", f"  {explanation.definition}", "", "What follows"]
    for step in explanation.steps:
        verdict = "it breaches" if step.breaches else "it does not breach"
        if not step.level:
            verdict = "nothing follows"
        lines.append(f"  Under rubric {step.rubric}: {step.because}; {verdict}.")
        lines += [f"    {change}" for change in step.changes]
    return "\n".join(lines) + "\n"


_FACTS: Final = """
SELECT DISTINCT ?property ?propertyLabel ?value ?valueLabel
WHERE {
  VALUES ?property { PROPERTIES }
  ROW ?property ?value .
  ?property rdfs:label ?propertyLabel .
  ?value rdfs:label ?valueLabel .
  FILTER(LANG(?propertyLabel) = "en" && LANG(?valueLabel) IN ("en", ""))
}
ORDER BY ?property ?value
"""
_CODINGS: Final = """
SELECT DISTINCT ?coding ?status ?property ?source ?locator
WHERE {
  ROW cop:hasCoding ?coding .
  ?coding cop:codingStatus ?status .
  OPTIONAL { ?coding cop:codedProperty ?property }
  OPTIONAL { ?coding dcterms:source ?source }
  OPTIONAL { ?coding cop:locator ?locator }
}
ORDER BY ?coding ?property ?source ?locator
"""
_SOURCES: Final = "SELECT DISTINCT ?source WHERE { ROW dcterms:source ?source } ORDER BY ?source"
_PLACE: Final = """
SELECT DISTINCT ?section ?line
WHERE { ROW cop:inSection ?section ; cop:atLine ?line }
ORDER BY ?section ?line
"""
_READINGS: Final = """
SELECT DISTINCT ?property
WHERE {
  GRAPH <https://w3id.org/coproduction/graph/interpretation> { ROW ?property ?value }
}
ORDER BY ?property
"""
_DEFINITION: Final = """
SELECT ?text
WHERE {
  cop:CeilingBreachingArrangement skos:definition ?text .
  FILTER(LANG(?text) = "en")
}
ORDER BY ?text
LIMIT 1
"""
