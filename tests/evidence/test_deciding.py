"""Which interpreted values a row rests on: those another of which would bring it to another side."""

from __future__ import annotations

from pathlib import Path

import pytest

import coproduction
from coproduction.evidence.ledger import Evidence
from coproduction.knowledge_graph import KnowledgeGraph

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
    for number in (1, 40):
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
