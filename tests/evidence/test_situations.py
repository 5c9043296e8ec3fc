"""Situations with the verdict that a scholar of comparative cases gives, for each type of claim."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import coproduction
from coproduction.evidence.claims import claim_tests
from coproduction.evidence.judging import VERDICTS
from coproduction.evidence.ledger import Evidence
from coproduction.evidence.verdict import Verdict

SITUATIONS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "situations.toml").read_text(encoding="utf-8")
)["situation"]
HEAD = """
@prefix cop: <https://w3id.org/coproduction#> .
@prefix e: <https://example.org/> .
"""
PROPERTIES = {
    "service": "hasServiceType", "sector": "hasProviderSector", "rights": "hasDecisionRights",
    "staff": "hasStaffDecisionRights", "intensity": "hasRelationIntensity",
    "contribution": "hasContribution", "act": "hasActType", "reason": "hasFoundingReason",
    "who": "hasParticipantIdentity", "situation": "hasSpecialSituation",
    "analysis": "hasAnalysisLevel", "formality": "hasFormality", "phase": "hasLifeCyclePhase",
    "facility": "hasFacility", "salience": "hasSalience",
}  # fmt: skip
YEARS = {"start": "startYear", "end": "endYear", "observed": "observedYear"}
USUAL = {"service": "Childcare", "country": "SE", "observed": "2005"}


def turtle(cases: list[str]) -> str:
    """Write the cases of a situation as Turtle."""
    text = HEAD
    for kind, line in enumerate(cases):
        number, *words = line.split()
        values = {**USUAL, **dict(word.split("=") for word in words)}
        for one in range(int(number)):
            text += _case(f"e:c{kind}-{one}", values)
    return text


def _case(name: str, values: dict[str, str]) -> str:
    said = [f'{name} a cop:Case ; cop:countryCode "{values["country"]}"']
    for key, prop in PROPERTIES.items():
        said += [f"cop:{prop} cop:{each}" for each in values.get(key, "").split(",") if each]
    said += [f"cop:{prop} {values[key]}" for key, prop in YEARS.items() if values.get(key)]
    if "form" in values:
        said.append(f"cop:hasProvider [ cop:hasOrganisationForm cop:{values['form']} ]")
    if values.get("status") == "interpreted":
        coding = "a cop:Coding ; cop:codedProperty cop:hasDecisionRights ; "
        said.append(f"cop:hasCoding [ {coding} cop:codingStatus cop:Interpreted ]")
    return " ; ".join(said) + " .\n"


def judge(tmp_path: Path, situation: dict[str, Any], *, rows: bool) -> Verdict:
    path = tmp_path / "situation.ttl"
    path.write_text(turtle(situation["cases"]), encoding="utf-8")
    ledger = Evidence(coproduction.open(path).store)
    if rows:
        return ledger.of(situation["claim"])
    (found,) = [verdict for verdict in ledger.all() if verdict.claim == situation["claim"]]
    return found


NAMED = pytest.mark.parametrize(
    "situation", SITUATIONS, ids=lambda s: f"{s['claim']}-{s['words'][:40]}"
)


@NAMED
def test_a_situation_has_the_verdict_that_was_written_for_it(
    situation: dict[str, Any], tmp_path: Path
) -> None:
    verdict = judge(tmp_path, situation, rows=True)
    assert verdict.verdict == situation["verdict"], (situation["words"], verdict.parts)
    if "share" in situation:
        (part,) = verdict.parts
        assert [part.share.k, part.share.n] == situation["share"]


@pytest.mark.sampled
@NAMED
def test_counts_alone_give_the_same_verdict(situation: dict[str, Any], tmp_path: Path) -> None:
    verdict = judge(tmp_path, situation, rows=False)
    assert verdict.verdict == situation["verdict"], (situation["words"], verdict.parts)


def test_two_readers_judged_alike() -> None:
    """The second saw claim, situation and table alone: 67 of 69 alike, kappa .96."""
    judged = [situation for situation in SITUATIONS if "second" in situation]
    first = [situation.get("first", situation["verdict"]) for situation in judged]
    second = [situation["second"] for situation in judged]
    alike = sum(one == two for one, two in zip(first, second, strict=True))
    by_chance = sum(first.count(word) * second.count(word) for word in VERDICTS) / len(first) ** 2
    kappa = (alike / len(first) - by_chance) / (1 - by_chance)
    assert (alike, len(first), round(kappa, 2)) == (67, 69, 0.96)


def test_each_type_has_eight_situations_or_more_and_each_word_is_used() -> None:
    tests = claim_tests()
    number: dict[str, int] = {}
    for situation in SITUATIONS:
        kind = tests[situation["claim"]].type
        number[kind] = number.get(kind, 0) + 1
    assert set(number) == {"necessity", "sufficiency", "tendency", "comparison", "existence"}
    assert min(number.values()) >= 8
    told = {situation["verdict"] for situation in SITUATIONS}
    assert told == set(VERDICTS) - {"no-data", "not-testable"}


@pytest.mark.slow
def test_no_arrangement_stands_on_both_sides(tmp_path: Path) -> None:
    for situation in SITUATIONS:
        rows = judge(tmp_path, situation, rows=True).rows
        sides = [{row.iri for row in rows.get(side, [])} for side in ("support", "counterexamples")]
        if claim_tests()[situation["claim"]].type != "comparison":
            assert not sides[0] & sides[1], situation["words"]
