"""What is said of a verdict, read as a person would hear it."""

from __future__ import annotations

from typing import Any

import pytest

from coproduction import KnowledgeGraph
from coproduction.evidence.aloud import aloud
from coproduction.evidence.claims import claim_tests
from coproduction.evidence.comparison import compare_rubrics
from coproduction.evidence.figures import Share
from coproduction.evidence.judging import VERDICTS, Judged
from coproduction.evidence.wanting import missing
from coproduction.messages import LANGUAGES, speaker

from .test_situations import SITUATIONS, judge


def test_a_paragraph_names_what_it_rests_on_and_what_would_change_it(
    cases: KnowledgeGraph,
) -> None:
    told = aloud(cases.evidence().of("C51"), speaker("en"))
    assert told == (
        "9 for it, 1 against it. One is enough against a claim without exceptions: School boards, "
        "Hvidovre. But each row against it rests on an interpreted value. If each value that "
        'it rests on were stated, the verdict would be "contradicted"; another coding of it can do '
        "what leaving it out would. With 1 more row against it, on stated values alone, the "
        'verdict would be "contradicted". Without School boards, Hvidovre the verdict would be "too '
        'few rows". No further row can support it while School boards, Hvidovre stands; if that '
        'were left out, with 4 more rows with neither "third sector provider" nor "above the '
        'ceiling" it would be "supported". The ceiling is that of the diagram, above medium '
        "participation. Under the ceiling of the text it is contradicted. Under R1 the verdict is "
        "the same, with Self-dialysis unit, Ryhov hospital against it too. Under R2 the verdict is "
        "the same, but with only Self-dialysis unit, Ryhov hospital against it, without CPE La "
        "Petite Cité; Saitama Cooperative Hospital; Kita Schmuddelkinder for it."
    )
    assert aloud(cases.evidence().of("C07"), speaker("en")).startswith("It defines")
    assert aloud(cases.evidence().of("C52"), speaker("en")).startswith("No field")


@pytest.mark.parametrize(
    "word", [word for word in VERDICTS if word not in ("no-data", "not-testable")]
)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.sampled
def test_every_verdict_is_told_in_every_language(word: str, lang: str, tmp_path: Any) -> None:
    say = speaker(lang)
    told = set()
    kinds = {
        claim_tests()[each["claim"]].type: each for each in SITUATIONS if each["verdict"] == word
    }
    for situation in kinds.values():
        verdict = judge(tmp_path, situation, rows=True)
        words = aloud(verdict, say)
        assert "{" not in words and words.endswith((".", "!")), words
        told.add((verdict.type, words))
        if lang != "en":
            assert words != aloud(verdict, speaker("en")), words
    assert told


def test_other_rubrics_are_told_as_the_ledger_knows_them(cases: KnowledgeGraph) -> None:
    """No verdict is said to change by a rubric under which it does not, and none that does not."""
    flips = {flip.claim: flip.verdicts for flip in compare_rubrics(cases.store)}
    told = {}
    for claim, test in claim_tests().items():
        verdict = cases.evidence().of(claim)
        if not test.takes_rubric:
            assert not verdict.under_others and "Under R" not in aloud(verdict, speaker("en"))
            continue
        told[claim] = aloud(verdict, speaker("en"))
        assert verdict.as_dict()["underOtherRubrics"].keys() == {"R1", "R2"}
        if claim in flips:
            expected = {name: flips[claim][name] for name in ("R1", "R2")}
            assert verdict.under_others == expected, claim
        assert "another rubric" not in told[claim]
    assert told["C46"].endswith("Under R1 and R2 it is mixed.")
    ryhov = "Self-dialysis unit, Ryhov hospital"
    same = "the verdict is the same"
    assert told["C47"].endswith(
        f"Under R1 {same}, with {ryhov} against it too. Under R2 it is mixed."
    )
    for claim in ("C49", "C50", "C51"):
        assert f"Under R1 {same}, with {ryhov} against it too. Under R2 {same}, but " in told[claim]
        assert f"but with only {ryhov} against it" in told[claim]
    assert "Billund; Birney Elementary PTA; and 3 others for it too" in told["C50"]
    for claim in ("C18", "C19", "C40"):
        assert told[claim].endswith("Under R1 and R2 the verdict is the same.")
    unasked = aloud(cases.evidence().of("C46", rows=False), speaker("en"))
    assert "evidence(rubric='R1') tells" in unasked and "Under R" not in unasked


def test_too_few_names_the_part_that_it_means(cases: KnowledgeGraph) -> None:
    told = aloud(cases.evidence().of("C47"), speaker("en"))
    assert "Public sector: so few could not decide it, whatever they said." in told
    assert "Verdict: too few rows." in str(cases.evidence().of("C47"))


def test_what_is_by_construction_is_not_told(cases: KnowledgeGraph) -> None:
    for claim, test in claim_tests().items():
        if test.sets:
            told = str(cases.evidence().of(claim))
            is_told = "Coverage" in told or "with the second alone" in told
            assert is_told == (claim in ("C42", "C51")), claim
            assert test.fixes_condition == (claim not in ("C42", "C51")), claim
            verdict = cases.evidence().of(claim)
            if test.fixes_condition:
                assert not verdict.cells.keys() & {(False, True), (False, False)}, claim


def test_rows_that_are_cut_are_counted(cases: KnowledgeGraph) -> None:
    told = str(cases.evidence().of("C35"))
    assert told.count("Interpreted in ") == 5 and "And 10 others, in the list of rows." in told


def test_one_more_row_is_no_rows() -> None:
    test, say = claim_tests()["C34"], speaker("en")
    one = Judged("", "mixed", Share.of(12, 18), wanting=1, opposed=1)
    assert missing(test, [one], {}, say) == (
        "1 more row for it, and none against, or 1 more row against it, and none for it"
    )
    pair = missing(claim_tests()["C18"], [one], {}, say)
    assert pair == "1 more pair won, and none lost, or 1 more pair lost, and none won"


def test_many_names_are_cut_and_counted(tmp_path: Any) -> None:
    (situation,) = [each for each in SITUATIONS if "Fifty public" in each["words"]]
    many = situation | {"cases": ["9 sector=PublicSector rights=MajorityControl"]}
    told = aloud(judge(tmp_path, many, rows=True), speaker("en"))
    assert told.count(";") == 11 and told.count("and 4 others") == 2
