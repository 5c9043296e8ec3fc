"""Explanations: every fact has a source, and the changes named do change the conclusion."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import coproduction
from coproduction.errors import DataError
from coproduction.explanation import Explanation, as_text, explain

from .conftest import Run
from .test_evidence import HEAD

ID = "https://w3id.org/coproduction/id/"


@pytest.fixture(scope="module")
def cases() -> coproduction.KnowledgeGraph:
    return coproduction.open(cases=True)


def test_every_fact_of_every_arrangement_has_a_source(cases: coproduction.KnowledgeGraph) -> None:
    rows = cases.query(
        "SELECT DISTINCT ?a WHERE { VALUES ?k { cop:Case cop:Placement } ?a a ?k } ORDER BY ?a"
    ).rows
    assert len(rows) == 38
    for row in rows:
        explanation = explain(cases.store, str(row["a"]))
        assert explanation.facts and all(fact.sources for fact in explanation.facts)
        assert len(explanation.steps) == 2
        text = as_text(explanation)
        assert explanation.label in text and "Under rubric R1" in text


def test_a_case_that_breaches_under_one_rubric_alone(run: Run) -> None:
    text = run("explain", "ryhov-self-dialysis", "--cases").out
    assert "has decision rights: consulted (stated: https://www.aha.org" in text
    assert "gives medium participation; it does not breach" in text
    assert "It would if users had a majority" in text
    assert "with core work or substitution for staff" in text and "it breaches." in text


def test_a_placement_is_explained_by_its_place(run: Run) -> None:
    text = run("explain", "high-housing").out
    assert "Diagram 1, line 131" in text
    assert "the source states high participation itself; it breaches" in text
    assert "has provider sector: third sector (interpreted" in text, "read off the rows (A8)"


def case(tmp_path: Path, rights: str, work: str, intensity: str) -> Explanation:
    path = tmp_path / "data.ttl"
    path.write_text(
        HEAD
        + f"""e:a a cop:Case ; rdfs:label "A"@en ; cop:hasServiceType cop:Housing ;
        cop:hasDecisionRights cop:{rights} ; cop:hasContribution cop:{work} ;
        cop:hasRelationIntensity cop:{intensity} ; dcterms:source e:page .""",
        encoding="utf-8",
    )
    return explain(coproduction.open(path).store, "https://example.org/a")


def test_the_changes_named_change_the_conclusion(tmp_path: Path) -> None:
    before = case(tmp_path, "Consulted", "MoneyContribution", "SporadicAndDistant")
    assert [step.breaches for step in before.steps] == [False, False]
    first, second = before.steps[1].changes
    assert "majority" in first
    assert "core work" in second and "intensive and/or enduring relations" in second
    after = case(tmp_path, "Consulted", "CoreWork", "IntensiveOrEnduring")
    assert [step.breaches for step in after.steps] == [False, True]
    half = case(tmp_path, "Consulted", "CoreWork", "SporadicAndDistant")
    assert "core work" not in half.steps[1].changes[1]
    after = case(tmp_path, "MajorityControl", "MoneyContribution", "SporadicAndDistant")
    assert [step.breaches for step in after.steps] == [True, True]
    low = case(tmp_path, "NoDecisionRights", "CoreWork", "IntensiveOrEnduring")
    assert len(low.steps[1].changes) == 1, "R1 raises medium alone"


def test_what_is_unknown_and_what_is_no_arrangement(run: Run) -> None:
    text = run("explain", "billund-parent-boards", "--cases").out
    assert "decision rights of the users are not recorded; nothing follows" in text
    said = json.loads(run("explain", "billund-parent-boards", "--cases", "--format", "json").out)
    assert said["steps"][0]["level"] == ""
    done = run("explain", "C51")
    assert done.code == 2 and "is no service arrangement" in done.err
    with pytest.raises(DataError):
        explain(coproduction.open().store, f"{ID}claim/C51")
