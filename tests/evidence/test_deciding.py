"""Which interpreted values a row rests on: those another of which would bring it to another side."""

from __future__ import annotations

from pathlib import Path

import pytest

import coproduction
from coproduction.evidence.claims import OF_A_LEVEL, claim_tests
from coproduction.evidence.ledger import Evidence
from coproduction.knowledge.case_record import case_record
from coproduction.knowledge_graph import KnowledgeGraph
from coproduction.syntax.sparql import iris_named

RYHOV = "Self-dialysis unit, Ryhov hospital"
HEAD = "@prefix cop: <https://w3id.org/coproduction#> . @prefix e: <https://example.org/> .\n"


def _read(*properties: str) -> str:
    told = "".join(f" ; cop:codedProperty cop:{name}" for name in properties)
    return f" ; cop:hasCoding [ a cop:Coding ; cop:codingStatus cop:Interpreted{told} ]"


def _evidence(folder: Path, said: str, **settings: str) -> Evidence:
    path = folder / "cases.ttl"
    path.write_text(HEAD + said, encoding="utf-8")
    return Evidence(coproduction.open(path).store, **settings)


@pytest.mark.parametrize("claim", ["C50", "C51"])
@pytest.mark.parametrize("rubric", ["R1", "R2"])
def test_a_value_no_other_of_which_moves_a_row_does_not_make_it_interpreted(
    cases: KnowledgeGraph, claim: str, rubric: str
) -> None:
    # With any other intensity its level is medium, which is still above the ceiling of the text.
    found = cases.evidence(rubric=rubric, ceiling="text").of(claim)
    (row,) = (row for row in found.rows["counterexamples"] if row.label == RYHOV)
    assert (row.status, row.interpreted) == ("stated", ())
    assert found.verdict == "contradicted"
    # Above the ceiling of the diagram it is by that intensity alone.
    found = cases.evidence(rubric=rubric).of(claim)
    (row,) = (row for row in found.rows["counterexamples"] if row.label == RYHOV)
    assert [value.property_label for value in row.interpreted] == ["intensity"]
    assert found.verdict == "contradicted-by-interpreted-only"


def test_values_that_decide_together_count_though_none_does_alone(tmp_path: Path) -> None:
    # High by core work in enduring relations, and by ownership: one of the two is enough.
    said = (
        'e:a a cop:Case ; cop:countryCode "SE" ; cop:hasServiceType cop:Childcare ; '
        "cop:hasProviderSector cop:PublicSector ; cop:hasDecisionRights cop:Consulted ; "
        "cop:hasContribution cop:CoreWork , cop:StaffSubstitution ; "
        "cop:hasRelationIntensity cop:IntensiveOrEnduring"
    )
    rights = "hasDecisionRights", "hasRelationIntensity"
    for read, status in (
        ((), "stated"), (rights, "interpreted"), (rights[:1], "interpreted"),
        (rights[1:], "stated"),
    ):  # fmt: skip
        found = _evidence(tmp_path, f"{said}{_read(*read) if read else ''} .", rubric="R1",
                          ceiling="text").of("C50")  # fmt: skip
        (row,) = found.rows["counterexamples"]
        assert row.status == status, read
    under = _evidence(
        tmp_path, f"{said}{_read('hasContribution', 'hasRelationIntensity')} .",
        rubric="R2", ceiling="text",
    ).of("C50")  # fmt: skip
    (row,) = under.rows["counterexamples"]
    assert {value.property.rpartition("#")[2] for value in row.interpreted} == {"hasContribution"}


def test_a_form_that_is_read_decides_though_the_provider_is_known_by_name(
    cases: KnowledgeGraph,
) -> None:
    rows = cases.evidence().of("C42").rows["support"]
    assert {row.status for row in rows} == {"interpreted"}
    assert {"provider form"} <= {value.property_label for value in rows[0].interpreted}


def test_what_decides_is_tried_once_of_rows_with_the_same_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from coproduction.evidence.deciding import Deciding

    tried: list[int] = []
    inner = Deciding._sides

    def counted(self: Deciding, rows: list[object]) -> object:
        tried.append(len(rows))
        return inner(self, rows)  # type: ignore[arg-type]

    monkeypatch.setattr(Deciding, "_sides", counted)
    numbers = []
    for number in (4, 40):  # of up to three it is asked how else each can be read
        said = "".join(
            f"e:c{n} a cop:Case ; cop:hasProviderSector cop:PublicSector ; "
            f"cop:hasDecisionRights cop:MajorityControl{_read('hasDecisionRights')} .\n"
            for n in range(number)
        )
        found = _evidence(tmp_path, said).of("C51")
        assert len(found.rows["counterexamples"]) == number
        numbers.append(sum(tried))
        tried.clear()
    assert numbers[0] == numbers[1] > 0


def test_rights_that_only_the_data_describe_give_their_level_in_copies_too(tmp_path: Path) -> None:
    """Else a copy with them would have no level, and stand on another side than the row."""
    said = """
    e:Veto a cop:DecisionRights ; cop:givesLevelUnderR0 cop:HighParticipation .
    e:a a cop:Case ; cop:countryCode "SE" ; cop:hasServiceType cop:Childcare ;
        cop:hasProviderSector cop:PublicSector ; cop:hasDecisionRights e:Veto ;
        cop:hasParticipationLevel cop:HighParticipation"""
    for read, status in (("hasServiceType", "stated"), ("hasProviderSector", "interpreted")):
        (row,) = _evidence(tmp_path, f"{said}{_read(read)} .").of("C51").rows["counterexamples"]
        assert row.status == status, read


@pytest.mark.slow
def test_a_service_that_is_read_counts_where_a_claim_picks_its_rows_by_it(
    cases: KnowledgeGraph, tmp_path: Path
) -> None:
    """With another service the row is outside the claim, as with another sector."""
    for claim in ("C13", "C14", "C34", "C42", "C46", "C49"):
        verdict = cases.evidence().of(claim)
        named = {
            value.property_label
            for side in ("support", "counterexamples")
            for row in verdict.rows[side]
            for value in row.interpreted
        }
        assert "service" in named, claim
    for claim in ("C10", "C31", "C35", "C47", "C50", "C51"):
        rows = (row for of in cases.evidence().of(claim).rows.values() for row in of)
        assert "service" not in {v.property_label for row in rows for v in row.interpreted}, claim
    said = (
        'e:a a cop:Case ; cop:countryCode "SE" ; cop:hasServiceType cop:Childcare ; '
        "cop:hasProviderSector cop:PublicSector ; cop:hasDecisionRights cop:MajorityControl ; "
        "cop:hasRelationIntensity cop:IntensiveOrEnduring"
    )
    for read, word in (
        ((), "contradicted"), (("hasServiceType",), "contradicted-by-interpreted-only"),
        (("countryCode",), "contradicted"),
    ):  # fmt: skip
        found = _evidence(tmp_path, f"{said}{_read(*read) if read else ''} .")
        for claim in ("C42", "C49"):
            assert found.of(claim).verdict == word, (claim, read)
        assert found.of("C51").verdict == "contradicted"


def test_a_country_that_is_read_counts_where_a_claim_picks_its_rows_by_it(tmp_path: Path) -> None:
    said = (
        'e:a a cop:Case ; cop:countryCode "SE" ; cop:hasServiceType cop:Childcare ; '
        "cop:hasProviderSector cop:ThirdSector ; cop:hasContribution cop:ManagementOrBoard"
    )
    for read, status in (("countryCode", "interpreted"), ("hasDecisionRights", "stated")):
        (row,) = _evidence(tmp_path, f"{said}{_read(read)} .").of("C13").rows["support"]
        assert row.status == status, read


def test_what_is_not_recorded_is_no_value_to_rest_on(tmp_path: Path) -> None:
    """Nothing is recorded of how long it lasts, though all of it was read out of a source."""
    coding = "cop:hasCoding [ a cop:Coding ; cop:codingStatus cop:Interpreted ]"
    stated = "hasServiceType", "hasActType", "hasRelationIntensity"
    said = (
        "e:a a cop:Case ; cop:hasServiceType cop:Childcare ; cop:hasActType cop:CollectiveAction ; "
        f"cop:hasRelationIntensity cop:IntensiveOrEnduring ; {coding} ; "
        "cop:hasCoding [ a cop:Coding ; cop:codingStatus cop:Stated "
        + "".join(f" ; cop:codedProperty cop:{name}" for name in stated)
        + " ] ."
    )
    (row,) = _evidence(tmp_path, said).of("C34").rows["support"]
    assert (row.status, row.interpreted) == ("stated", ())


@pytest.mark.parametrize("claim", ["C50", "C51", "C42"])
def test_which_reading_of_one_value_would_turn_the_one_row_against_is_told(
    cases: KnowledgeGraph, against_c42: Evidence, claim: str
) -> None:
    from coproduction.messages import speaker
    from coproduction.wording.aloud import aloud

    verdict = (against_c42 if claim == "C42" else cases.evidence()).of(claim)
    told = aloud(verdict, speaker("en"))
    few = 'the verdict would be "too few rows".'
    sentence = (
        "With one value of it read otherwise it would be for it (provider form: parent co-op): "
    )
    others = "shared minority, advisory body, consulted, and 2 others"
    follows = "together with what it follows from: seats in all, powers, seats of users"
    rights = f"decision rights: {others}, {follows}"
    assert "coded as for it" not in told, "the values that would make it so are told in its place"
    if claim == "C42":
        assert verdict.recoded == {"provider form": ("parent co-op",)}
        assert sentence + few in told
        assert verdict.as_dict()["recodedFor"] == verdict.recoded
    elif claim == "C50":
        assert f"it would be for it ({rights}): {few}" in told, "the nearest first"
    else:
        # With other rights it would be irrelevant, and its sector is stated.
        assert not verdict.recoded and not any(
            turn.recoded and turn.more[0][1] == "for" for turn in verdict.turns
        )
        assert f"read otherwise it would be on neither side ({rights}): {few}" in told
        (reading,) = verdict.as_dict()["readOtherwise"]
        assert reading["to"] == "beside" and reading["verdict"] == "too-few"
        assert reading["together"] == {
            "decision rights": ("seats in all", "powers", "seats of users")
        }
        assert {*reading["together"]} == {*reading["values"]}


def test_a_row_that_another_reading_leaves_undetermined_is_told(
    cases: KnowledgeGraph,
) -> None:
    from coproduction.messages import speaker
    from coproduction.wording.aloud import aloud

    verdict = cases.evidence().of("C49")
    told = aloud(verdict, speaker("en"))
    assert (
        'With one value of "School boards, Hvidovre" read otherwise it would be undetermined '
        "(decision rights: shared minority, advisory body, consulted, and 2 others, together with "
        "what it follows from: seats in all, powers, seats of users; intensity: intermittent and/or "
        'short-term, sporadic and distant): the verdict would be "not tested".'
    ) in told
    # Both at once would bring it to the side of the claim: that it could be there is told.
    assert "if the one row against it were coded as for it" in told
    assert [each.side for each in verdict.other_readings] == ["undetermined", "beside"]
    # Of two against it neither turns the verdict alone, and one of them can never be for it.
    two = cases.evidence(rubric="R1").of("C51")
    assert {each.verdict for each in two.other_readings} == {""} and len(two.other_readings) == 2
    told = aloud(two, speaker("en"))
    assert "read otherwise" not in told and "coded as for it" not in told


def test_of_one_row_against_a_claim_with_exceptions_each_reading_that_moves_it_is_told(
    cases: KnowledgeGraph,
) -> None:
    from coproduction.messages import speaker
    from coproduction.wording.aloud import aloud

    verdict = cases.evidence().of("C47")
    assert verdict.counts["counterexamples"] == 1
    (reading,) = verdict.other_readings
    assert reading.side == "support" and not reading.verdict, "the verdict stays as it is"
    told = aloud(verdict, speaker("en"))
    # Its other part was told of before, so that the row is named.
    row = '"School boards, Hvidovre"'
    assert f"With one value of {row} read otherwise it would be for it (decision rights" in told
    assert "powers, seats of users): the verdict would be the same." in told
    # Of two against it only what gives another verdict is told.
    assert not cases.evidence().of("C46").other_readings


def test_what_nothing_is_recorded_of_has_no_status(cases: KnowledgeGraph) -> None:
    rows = cases.evidence().of("C10").rows["undetermined"]
    assert rows and {row.status for row in rows} == {""}
    assert {row.note for row in rows} == {"analysis level not recorded"}
    # What is told of a row makes its status, though what would decide is missing.
    status = {row.label: row.status for row in cases.evidence().of("C51").rows["undetermined"]}
    assert status["Parent boards in municipal daycare, Billund"] == "stated"


@pytest.mark.slow
def test_a_row_on_neither_side_rests_on_what_picks_it_and_on_what_would_decide(
    cases: KnowledgeGraph,
) -> None:
    """Another service would leave it where it is, and so would another intensity without rights."""

    def read(claim: str, name: str) -> set[str]:
        rows = cases.evidence().of(claim).rows["undetermined"]
        (row,) = [row for row in rows if row.iri.endswith(name)]
        assert row.status == "interpreted"
        return {value.property_label for value in row.interpreted}

    assert read("C46", "/families-share-bologna") == {"service", "sector"}
    assert read("C49", "/billund-parent-boards") == {"service", "intensity"}
    assert read("C49", "/birney-pta") == {"service", "intensity", "sector"}


def test_each_property_that_a_query_reads_is_one_that_its_rows_may_rest_on() -> None:
    """Else another value of it could move a row that is said to be stated."""
    # Of an organisation its form decides, and not who it is.
    paths = {field.path for field in case_record().fields if not field.organisation}
    for claim, test in claim_tests().items():
        read = paths.intersection(iris_named(test.query.text))
        assert read <= {*test.rests_on, *test.bounds, *OF_A_LEVEL}, claim
