"""Where the rows stand that are on no side of a claim: one answer, whoever asks."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest

import coproduction
from coproduction import KnowledgeGraph
from coproduction.evidence.claims import PARTS, claim_tests
from coproduction.evidence.comparison import compare_rubrics
from coproduction.evidence.gaps import gaps
from coproduction.evidence.sides import beside, side_of

from .test_situations import judge, turtle


@pytest.mark.parametrize(
    ("kind", "irrelevant"),
    [
        ("necessity", {(True, False), (False, False), (None, False)}),
        ("sufficiency", {(False, True), (False, False), (False, None)}),
        ("tendency", {(False, True), (False, False), (False, None)}),
    ],
)
def test_each_cell_on_no_side_is_irrelevant_or_not_told(kind: str, irrelevant: set[Any]) -> None:
    for cell in product((True, False, None), repeat=2):
        side, _ = side_of(kind, frozenset({(*cell, "")}))
        place = beside(kind, {cell: ["urn:a"]}).get("urn:a", side)
        expected = side or ("irrelevant" if cell in irrelevant else "not told")
        assert place == expected, cell


def test_a_case_of_which_too_little_is_told_is_not_outside_when_rubrics_are_compared(
    tmp_path: Path,
) -> None:
    """Decision rights are not recorded: R0 and R1 give no level, and what users do does, in R2."""
    path = tmp_path / "case.ttl"
    case = "1 sector=ThirdSector contribution=CoreWork intensity=IntensiveOrEnduring"
    path.write_text(turtle([case]), encoding="utf-8")
    store = coproduction.open(path).store
    (flip,) = [flip for flip in compare_rubrics(store) if flip.claim == "C51"]
    assert [sides for _, _, sides in flip.rows] == [("not told", "not told", "support")]
    explained = KnowledgeGraph(store).explain("https://example.org/c0-0", "C51")
    told = [conclusion.verdict for conclusion in explained.conclusions]
    assert told == ["not told", "not told", "support"]


@pytest.mark.slow
def test_all_who_ask_where_a_row_stands_are_told_the_same(cases: KnowledgeGraph) -> None:
    """The account of a verdict counts as many as its rows and cells hold."""
    for claim, test in claim_tests().items():
        verdict = cases.evidence().of(claim)
        if test.type == "comparison" or test.is_of_services:
            continue
        on = {row.iri for part in PARTS for row in verdict.rows.get(part, [])}
        places = {
            iri: place
            for iri, place in beside(test.type, verdict.cells).items()
            if iri not in on and "/case/" in iri
        }
        assert {*verdict.untold} <= {*places}, claim
        assert set(verdict.irrelevant) >= {i for i, p in places.items() if p == "irrelevant"}
        assert list(places.values()).count("not told") == len(verdict.untold), claim


def test_no_case_that_lacks_nothing_is_offered_among_many(tmp_path: Path) -> None:
    """Parents who manage and do core work count on neither side, and nothing is missing of them."""
    both = "600 sector=ThirdSector contribution=CoreWork,ManagementOrBoard"
    situation = {"claim": "C13", "cases": [both, "2 sector=ThirdSector"]}
    assert judge(tmp_path, situation, rows=False).verdict in ("not-tested", "too-few")
    found = gaps(coproduction.open(tmp_path / "situation.ttl").store)
    (wanted,) = [gap.wanted for gap in found if gap.name.startswith("C13")]
    offered = "or record it of one of the 2 cases here, such as https://example.org/c1-0"
    assert wanted.endswith(offered)
