"""What is said of a verdict, read as a person would hear it."""

from __future__ import annotations

from typing import Any

import pytest

from coproduction import KnowledgeGraph
from coproduction.evidence.claims import claim_tests
from coproduction.evidence.comparison import compare_rubrics
from coproduction.evidence.figures import Share
from coproduction.evidence.in_full import add_others
from coproduction.evidence.judging import VERDICTS, Judged
from coproduction.evidence.ledger import Evidence
from coproduction.evidence.turning import Turn
from coproduction.evidence.verdict import Verdict
from coproduction.evidence.wanting import missing
from coproduction.messages import LANGUAGES, speaker
from coproduction.wording.aloud import aloud
from coproduction.wording.moved_aloud import rubrics_told
from coproduction.wording.sentences import sentences_of

from ..evidence.test_situations import SITUATIONS, judge


def test_a_paragraph_names_what_it_rests_on_and_what_would_change_it(
    cases: KnowledgeGraph,
) -> None:
    told = aloud(cases.evidence().of("C51"), speaker("en"))
    assert told == (
        '9 for it, 1 against it. One is enough against a claim without exceptions: "School boards, '
        'Hvidovre". But that row rests on an interpreted value. With one value of it read '
        "otherwise it would be on neither side (decision rights: shared minority, advisory body, "
        "consulted, and 2 others, together with what it follows from: seats in all, powers, seats "
        'of users): the verdict would be "too few rows". If each value that it '
        'rests on were stated, the verdict would be "contradicted". With 1 more row against it, on stated '
        'values alone, the verdict would be "contradicted". Without "School boards, Hvidovre" the verdict '
        'would be "too few rows". No further row can support it while "School boards, Hvidovre" '
        'stands; if that were left out, with 4 more rows with neither "third sector provider" nor '
        '"above the ceiling" it would be "supported (interpreted rows alone)". All this holds '
        "under R0 and by the ceiling "
        "of the diagram. The ceiling is that of the diagram, above medium participation. By the "
        'ceiling of the text (9 for it, 3 against it) it is contradicted: "Chicago Local School '
        'Councils" and "Self-dialysis unit, Ryhov hospital" are against it too. Of those against '
        'it there "Self-dialysis unit, Ryhov hospital" rests on stated values alone. Without '
        '"Self-dialysis unit, Ryhov hospital" it would be "contradicted, by interpreted values '
        'only" there. Under R1 (9 for it, 2 against it) the verdict is the same: "Self-dialysis unit, Ryhov '
        'hospital" is against it too. Under R2 (6 for it, 1 against it) the verdict is the same: there '
        '"Self-dialysis unit, Ryhov hospital" alone is against it; and "CPE La Petite Cité"; '
        '"Saitama Cooperative Hospital" and "Kita Schmuddelkinder" no longer count for it. Without '
        '"Self-dialysis unit, Ryhov hospital" it would be "supported (interpreted rows alone)" '
        "there."
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


@pytest.mark.slow
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
    ryhov = '"Self-dialysis unit, Ryhov hospital"'
    same, moved = "the verdict is the same", f"{ryhov} is against it and no longer for it"
    # Those that change sides come first.
    assert f"Under R1 (9 for it, 3 against it) it is mixed: {moved}. " in told["C46"]
    assert 'Under R2 (6 for it, 8 against it) it is mixed: "Chicago' in told["C46"]
    # Of a claim in parts the total decides nothing, and is not told.
    r1 = "third sector: 9 for it, 0 against it; public sector: 1 for it, 2 against it"
    r2 = "third sector: 6 for it, 3 against it; public sector: 1 for it, 7 against it"
    assert f"Under R1 ({r1}) {same}: {moved}. Under R2 ({r2}) it is mixed" in told["C47"]
    _, public = cases.evidence().of("C47").as_dict()["partsUnder"]["R2"]
    part = "https://w3id.org/coproduction#PublicSector"
    assert public == {"part": [part], "verdict": "mixed", "for": 1, "against": 7}
    assert "and 2 others are against it and no longer for it; and " in told["C47"]
    for claim in ("C49", "C51"):
        assert f"{same}: {ryhov} is against it too. Under R2 (" in told[claim]
    for claim in ("C49", "C50", "C51"):
        assert f"there {ryhov} alone is against it" in told[claim]
    hvidovre = 'and "School boards, Hvidovre" is for it and no longer against it; and "Youth'
    assert hvidovre in told["C50"] and "and 2 others are for it too." in told["C50"]
    for claim in ("C18", "C19", "C40"):
        assert told[claim].endswith("Under R1 and R2 the verdict is the same.")
    unasked = aloud(cases.evidence().of("C46", rows=False), speaker("en"))
    assert "evidence(rubric='R1') tells" in unasked and "Under R" not in unasked


def test_too_few_names_the_part_that_it_means(cases: KnowledgeGraph) -> None:
    told = aloud(cases.evidence().of("C47"), speaker("en"))
    assert "Public sector: so few could not decide it, whatever they said." in told
    assert "Verdict: too few rows." in str(cases.evidence().of("C47"))


@pytest.mark.slow
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
    assert "Such rows count; their table names their interpreted values." in told
    assert told.count("Interpreted in ") == 5 and "And 10 others, which their table names." in told
    # What stands there points to no other place; a picture, without the table, does.
    assert "'evidence C35'" not in told
    drawn = " ".join(sentences_of(cases.evidence().of("C35"), speaker("en"), with_cells=False))
    assert "And 10 others, which 'evidence C35' names." in drawn


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_part_that_no_case_shows_is_not_told_as_untouched(
    lang: str, cases: KnowledgeGraph
) -> None:
    """Cases were looked at, and none of another kind could be against a claim of existence."""
    evidence, say = cases.evidence(), speaker(lang)
    shown = say("No case in scope shows any part of it; that is not against it.")
    silent = say("Nothing in scope could speak for it or against it.")
    for claim, opening, other in (("C38", shown, silent), ("C18", silent, shown)):
        told = aloud(evidence.of(claim), say)
        assert told.startswith(opening) and other not in told


def test_one_more_row_is_no_rows() -> None:
    test, say = claim_tests()["C34"], speaker("en")
    one = Judged("", "mixed", Share.of(12, 18), wanting=1, opposed=1)
    assert missing(test, [one], {}, say) == (
        "1 more row for it, and none against, or 1 more row against it, and none for it"
    )
    # One row is enough against a claim without exceptions.
    few = Judged("", "too-few", Share.of(1, 1), wanting=5)
    both = "5 more rows for it, and none against, or 1 more row against it, on stated values alone"
    assert missing(claim_tests()["C31"], [few], {}, say) == both
    untested = few._replace(verdict="not-tested", wanting=6)
    assert missing(claim_tests()["C31"], [untested], {}, say) == "6 rows at least"
    pair = missing(claim_tests()["C18"], [one], {}, say)
    assert pair == "1 more pair won, and none lost, or 1 more pair lost, and none won"


def test_many_names_are_cut_and_counted(tmp_path: Any) -> None:
    (situation,) = [each for each in SITUATIONS if "Fifty public" in each["words"]]
    many = situation | {"cases": ["9 sector=PublicSector rights=MajorityControl"]}
    told = aloud(judge(tmp_path, many, rows=True), speaker("en"))
    assert told.count("; and 4 others") == 2 and told.count("; and 6 others no longer count") == 1


def test_others_are_counted_of_all_where_few_have_a_name() -> None:
    rows = tuple(f"https://example.org/{n}" for n in range(4_000))
    verdict = Verdict(
        "C50", "", "", "empirical", "supported", type="sufficiency", rubric="R0",
        parts=(Judged("", "supported", Share.of(9, 9)),),
        named={iri: f"row {iri[20:]}" for iri in rows[:30]},
        under_others={"R1": "supported"}, moved={"R1": {"more support": rows}},
        turns=(Turn("mixed", without=rows), Turn("too-few", without=rows[2_000:])),
    )  # fmt: skip
    told = aloud(verdict, speaker("en"))
    assert '"row 0"; "row 1"; "row 2"; and 3,997 others are for it too' in told
    assert '"row 4"; and 3,995 others.' in told
    assert set(verdict.named_beside) == {*rows[:30], *rows[2_000:2_030]}


@pytest.mark.slow
def test_what_another_coding_would_do_is_counted_and_not_said_of_one_row_alone(
    tmp_path: Any,
) -> None:
    given = [each for each in SITUATIONS if each["verdict"] == "contradicted"]
    found = [judge(tmp_path, each, rows=True) for each in given]
    told = [
        aloud(each, speaker("en"))
        for each in found
        if each.type in ("necessity", "sufficiency") and each.turns and not each.rubric
    ]
    assert told and all(" were coded as for it, " in each for each in told)
    assert not any("Another coding" in each for each in told)


def test_so_few_are_said_to_decide_nothing_of_a_tendency_alone(cases: KnowledgeGraph) -> None:
    """One stated row decides against a claim without exceptions, however few there are."""
    say = speaker("en")
    assert "So few could not support it, whatever they said." in aloud(
        cases.evidence().of("C31"), say
    )
    assert "So few could not decide it, whatever they said." in aloud(
        cases.evidence().of("C13"), say
    )
    parts = [Judged("a", "too-few", Share.of(1, 1)), Judged("b", "supported", Share.of(6, 6))]
    of_parts = Verdict(
        "C50", "", "", "empirical", "too-few", type="sufficiency", rubric="R0",
        parts=tuple(parts), named={"a": "public sector", "b": "for-profit sector"},
    )  # fmt: skip
    assert "Public sector: so few could not support it" in aloud(of_parts, say)


def test_what_would_lift_the_reserve_is_told(cases: KnowledgeGraph) -> None:
    told = aloud(cases.evidence().of("C10"), speaker("en"))
    assert (
        "No further case can change the verdict; a stated case in each part would lift this "
        "reserve." in told
    )
    for claim in ("C10", "C46"):
        assert "Verdict: supported (interpreted rows alone)." in str(cases.evidence().of(claim))


def test_a_single_row_is_called_that_row(cases: KnowledgeGraph, against_c42: Evidence) -> None:
    of = {"C35": cases.evidence(), "C42": against_c42}
    told = {claim: aloud(ledger.of(claim), speaker("en")) for claim, ledger in of.items()}
    assert "But each row against it rests" in told["C35"]
    assert "But that row rests" in told["C42"] and "each row" not in told["C42"]


def test_rows_that_another_ceiling_moves_are_named(cases: KnowledgeGraph) -> None:
    told = aloud(cases.evidence().of("C50"), speaker("en"))
    assert (
        "By the ceiling of the text (public sector: 0 for it, 3 against it; for-profit sector: "
        'nothing for it or against it) it is contradicted: "Chicago Local '
        'School Councils" and "Self-dialysis unit, Ryhov hospital" are against it and no longer '
        "for it." in told
    )


def test_a_case_without_a_match_is_told_what_would_have_to_be_alike(tmp_path: Any) -> None:
    one = "1 facility=HighFacility salience=HighSalience rights=MajorityControl"
    verdict = judge(tmp_path, {"claim": "C18", "cases": [one]}, rows=True)
    (row,) = verdict.rows["undetermined"]
    assert row.note == "no case to compare it with: SE Childcare HighSalience"
    verdict = judge(
        tmp_path,
        {"claim": "C40", "cases": ["1 sector=ThirdSector rights=MajorityControl"]},
        rows=True,
    )
    (row,) = verdict.rows["undetermined"]
    assert row.note == "no case to compare it with in SE"


def test_a_query_that_failed_under_another_rubric_takes_no_row_away() -> None:
    found = {"support": frozenset({"https://example.org/a"})}
    verdict = Verdict("C51", "", "", "empirical", "mixed", rubric="R0", found=found)
    failed = Verdict("C51", "", "", "empirical", "failed", missing="too slow")
    empty = Verdict("C51", "", "", "empirical", "too-few", found={})
    told = add_others(verdict, {"R1": empty, "R2": failed}, lambda iris: dict.fromkeys(iris, "a"))
    assert told == {"R1": "too-few"} and verdict.moved.keys() == {"R1"}
    assert verdict.failed_under == {"R2": "too slow"}
    verdict.under_others = told
    said = rubrics_told(verdict, speaker("en"))
    assert said.endswith('"a" no longer counts for it. Under R2 it is not judged: too slow.')
    assert verdict.as_dict()["failedUnder"] == {"R2": "too slow"}


def test_support_under_another_rubric_is_told_with_its_reserve() -> None:
    verdict = Verdict("C51", "", "", "empirical", "supported", rubric="R0", type="necessity")
    there = Verdict("C51", "", "", "empirical", "supported", by_interpreted=("",))
    verdict.under_others = add_others(verdict, {"R1": there}, lambda iris: {})
    assert rubrics_told(verdict, speaker("en")) == (
        "Under R1 it is supported (interpreted rows alone)."
    )
    assert verdict.as_dict()["supportedByInterpretedOnlyUnder"] == ["R1"]
    verdict.by_interpreted = ("",)
    assert rubrics_told(verdict, speaker("en")) == "Under R1 the verdict is the same."


@pytest.mark.slow
def test_which_row_is_stated_by_the_other_ceiling_is_told(cases: KnowledgeGraph) -> None:
    """By it the claim is contradicted, and no longer by interpreted values only."""
    for claim in ("C50", "C51"):
        stated = cases.evidence().of(claim).as_dict()["statedAgainstUnder"]
        there = cases.evidence(ceiling="text").of(claim)
        assert stated.keys() == {"text"} and there.verdict == "contradicted"
        rows = there.rows["counterexamples"]
        assert stated["text"] == [row.iri for row in rows if row.status == "stated"]
        assert not there.stated_under
    assert not cases.evidence().of("C49").stated_under


def test_what_the_one_row_decides_under_another_rubric_is_told_with_its_reserve(
    cases: KnowledgeGraph,
) -> None:
    verdict = cases.evidence().of("C51")
    turn = verdict.without_under["R2"]
    assert (turn.verdict, turn.is_reserved) == ("supported", True)
    assert verdict.without_under.keys() == {"R2", "text"}, "under R1 neither decides alone"
    by_text = verdict.without_under["text"]
    assert by_text.verdict == "contradicted-by-interpreted-only", "of three one is stated"
    told = aloud(verdict, speaker("en"))
    assert 'it would be "contradicted, by interpreted values only" there.' in told
    told = verdict.as_dict()["withoutTheOneUnder"]["R2"]
    assert told["supportedByInterpretedOnly"] and told["verdict"] == "supported"
    assert verdict.as_dict()["countsUnder"] == {"R1": [9, 2], "R2": [6, 1], "text": [9, 3]}
    # Asked under that rubric it is a turn, and said with the same reserve.
    there = cases.evidence(rubric="R2").of("C51")
    assert turn in there.turns
    ryhov = '"Self-dialysis unit, Ryhov hospital"'
    assert f'Without {ryhov} the verdict would be "supported (interpreted rows alone)".' in aloud(
        there, speaker("en")
    )
    # What it gives there is not said again where the same row gives the same here.
    assert "Hvidovre" not in str(verdict.without_under)


@pytest.mark.parametrize("ceiling", ["diagram", "text"])
def test_of_what_would_change_a_verdict_it_is_told_where_it_holds(
    cases: KnowledgeGraph, ceiling: str
) -> None:
    told = aloud(cases.evidence(ceiling=ceiling, rubric="R1").of("C51"), speaker("en"))
    assert f"All this holds under R1 and by the ceiling of the {ceiling}. The ceiling" in told
    assert "All this holds under R0. Under R1" in aloud(cases.evidence().of("C46"), speaker("en"))
    assert "All this holds" not in aloud(cases.evidence().of("C42"), speaker("en"))


def test_what_would_lift_a_reserve_is_told_of_each_type(cases: KnowledgeGraph) -> None:
    told = {c: aloud(cases.evidence().of(c), speaker("en")) for c in ("C10", "C46", "C47", "C51")}
    assert "a stated case in each part would lift this reserve" in told["C10"]
    assert "1 row more for it, on stated values alone, would lift this reserve." in told["C46"]
    assert "1 row more for it (third sector), on stated values alone, would" in told["C47"]
    assert "reserve" not in told["C51"]


@pytest.mark.slow
def test_cells_and_cases_looked_at_are_named(cases: KnowledgeGraph) -> None:
    neither = "with neither: 2 (Chicago Local School Councils; Self-dialysis unit, Ryhov hospital)"
    watch = "Neighbourhood watch in a Dutch municipality"
    beside = f"; and 1 without the second, of which the first is left open ({watch})."
    assert neither + beside in str(cases.evidence().of("C51"))
    # With it the irrelevant ones add up.
    cells = cases.evidence().of("C51").cells
    irrelevant = (len(cells.get((each, False), [])) for each in (True, False, None))
    assert sum(irrelevant) == len(cases.evidence().of("C51").irrelevant)
    assert "with neither: 0." in str(cases.evidence().of("C42"))
    verdict = cases.evidence().of("C38")
    (line,) = (each for each in str(verdict).splitlines() if each.startswith("Looked at, and"))
    assert line.count("; ") + 1 == verdict.account["irrelevant"] == 12
    # What is recorded of each stands beside its name, and what it says against its own coding.
    assert "Förskolan Kultingen (childcare, parent co-op, collective action, interpreted)" in line
    assert "Doubt: Förskolan Kultingen: Parents also stand in one by one" in str(verdict)
    # One of those outside, of disability care, mixes both.
    assert verdict.account["outside"] == 8
    assert "a case of another area counts for no part, whatever it mixes: C35 names" in str(verdict)


def test_of_a_stated_row_that_shows_what_is_interpreted_it_is_told_what_its_status_is_of(
    cases: KnowledgeGraph,
) -> None:
    told = "The status of a row is that of the values by which it is where it is"
    assert told in str(cases.evidence().of("C51")), "Billund, whose rights are not recorded"
    rows = cases.evidence().of("C35").rows.values()
    is_any = any(row.status == "stated" for of in rows for row in of)
    assert (told in str(cases.evidence().of("C35"))) == is_any


def test_relevance_is_told_with_its_number_where_coverage_leaves_it_open(tmp_path: Any) -> None:
    high, low = "rights=MajorityControl", "rights=Consulted"
    given = [f"6 sector=ThirdSector {high}", f"1 sector=ThirdSector {low}",
             f"3 sector=PublicSector {low}"]  # fmt: skip
    verdict = judge(tmp_path, {"claim": "C51", "cases": given}, rows=True)
    told = " ".join(sentences_of(verdict, speaker("en")))
    assert "Relevance of necessity: 3 of 4, .75." in told and "by construction" not in told


@pytest.mark.parametrize("lang", ["sv", "de", "fr"])
def test_by_a_rubric_or_a_ceiling_is_not_below_it(cases: KnowledgeGraph, lang: str) -> None:
    told = str(cases.evidence(lang=lang).of("C51")) + str(cases.evidence(lang=lang).of("C40"))
    for below in ("Under R1", "Unter R1", "Sous R1", "Under textens", "Legt man"):
        assert below not in told, below
    pairs = {"sv": "minst ett av dem", "de": "mindestens eines davon", "fr": "dont une au moins"}
    assert pairs[lang] in told
    assert "\u2019" not in told and ("«" in told) == (lang == "fr")
