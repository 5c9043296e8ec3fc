"""What would turn a verdict: tried for real, by rows added and rows taken away."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

import coproduction
from coproduction import KnowledgeGraph
from coproduction.evidence import claims, ledger
from coproduction.evidence.claims import CEILINGS, claim_tests
from coproduction.evidence.in_scope import without_arrangements
from coproduction.evidence.judging import judged, made_of
from coproduction.evidence.ledger import Evidence
from coproduction.evidence.tallies import Counts, Sides
from coproduction.evidence.turning import turns_of
from coproduction.evidence.verdict import Verdict
from coproduction.messages import speaker
from coproduction.names import COP, ID
from coproduction.resources import data_dir
from coproduction.store.lookup import rows_of
from coproduction.store.on_disk import copy_in_memory
from coproduction.store.protocol import Store
from coproduction.wording.aloud import aloud

from .test_situations import SITUATIONS, judge

AGAINST = {"necessity": (False, True)}


def _counts(test: claims.Test, won: int, lost: int, neither: int = 0) -> Counts:
    on = {"support": won, "counterexamples": lost}
    if test.type == "comparison":
        return Counts(on, shown={"": won}, against={"": lost})
    cell = AGAINST.get(test.type, (True, False))
    return Counts(on, {(True, True): won, cell: lost, (False, False): neither})


def _verdict(test: claims.Test, *numbers: int, stated: bool = False) -> str:
    return made_of(judged(test, _counts(test, *numbers), {""} if stated else ()))


@pytest.mark.parametrize("claim", ["C14", "C18"])
def test_no_fewer_rows_turn_an_interval(claim: str) -> None:
    """By going up one by one, which the search does not do."""
    test = claim_tests()[claim]
    for won, lost in product(range(7), range(7)):
        now = _verdict(test, won, lost)
        sides = Sides(
            {"support": [], "counterexamples": [], "undetermined": []}, _counts(test, won, lost)
        )
        turns = turns_of(test, sides, {}, lambda iri, sides=sides: sides)
        told = {
            (turn.more[0][1], turn.verdict): turn.more[0][2]
            for turn in turns
            if turn.more and not turn.recoded
        }
        same = {now, "too-few"} if now == "not-tested" else {now}
        for kind in ("for", "against"):
            end = "supported" if kind == "for" else "contradicted"
            expected: dict[tuple[str, str], int] = {}
            for n in range(1, 201):
                more = (won + n, lost) if kind == "for" else (won, lost + n)
                after = _verdict(test, *more, stated=kind == "against")
                if after not in same and not any(key[0] == kind for key in expected):
                    expected[kind, after] = n
                if after == end and now != end:
                    expected.setdefault((kind, end), n)
                    break
            found = {key: n for key, n in told.items() if key[0] == kind}
            assert found == expected, (claim, won, lost, kind)


@pytest.mark.parametrize("claim", ["C14", "C18", "C31"])
def test_no_fewer_rows_turn_a_verdict_by_changing_sides(claim: str) -> None:
    test = claim_tests()[claim]
    for won, lost in product(range(10), range(10)):
        now = _verdict(test, won, lost)
        sides = Sides(
            {"support": [], "counterexamples": [], "undetermined": []}, _counts(test, won, lost)
        )
        turns = turns_of(test, sides, {}, lambda iri, sides=sides: sides)
        told = {turn.more[0][1]: (turn.more[0][2], turn.recoded, turn.verdict) for turn in turns
                if turn.recoded}  # fmt: skip
        expected = {}
        for kind, number in (("against", won), ("for", lost)):
            for n in range(1, number + 1):
                moved = (won - n, lost + n) if kind == "against" else (won + n, lost - n)
                if (after := _verdict(test, *moved)) != now:
                    expected[kind] = n, number, after
                    break
        assert told == expected, (claim, won, lost)


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("C46", 'If one of the 10 rows for it were coded as against it, it would be "mixed".'),
        ("C35", 'If 3 of the 15 rows against it were coded as for it, it would be "mixed".'),
        (
            "C47",
            'Third sector: if 2 of the 9 rows for it were coded as against it, it would be "mixed".',
        ),
        (
            "C49",
            "Public sector: if the one row against it were coded as for it, it would be "
            '"too few rows".',
        ),
    ],
)
def test_rows_that_would_have_to_change_sides_are_told(
    cases: KnowledgeGraph, claim: str, told: str
) -> None:
    verdict = cases.evidence().of(claim)
    assert told in aloud(verdict, speaker("en"))
    (turn, *_) = [turn for turn in verdict.turns if turn.recoded]
    assert turn.as_dict().keys() == {"verdict", "recoded", "of"}
    # Without rows nothing is said of them.
    assert "coded as" not in aloud(cases.evidence().of(claim, rows=False), speaker("en"))


def test_what_a_few_more_rows_do_is_found_where_more_of_them_undo_it() -> None:
    """C47, a part with one row against it and one that nothing tests: eight more are too few."""
    test = claim_tests()["C47"]
    part, _ = test.parts

    def counts(won: int) -> Counts:
        table = {(True, True): won, (True, False): 1}
        on = {"support": won, "counterexamples": 1}
        return Counts(on, table, {part: table}, {part: won}, against={part: 1})

    words = [made_of(judged(test, counts(n), ())) for n in range(9)]
    assert words == ["too-few"] * 5 + ["mixed"] * 3 + ["too-few"]
    sides = Sides({"support": [], "counterexamples": [], "undetermined": []}, counts(0))
    turns = turns_of(test, sides, {}, lambda iri: sides)
    assert [turn.more for turn in turns if turn.verdict == "mixed"] == [((part, "for", 5),)]


def test_necessity_is_told_both_kinds_of_rows_that_it_lacks() -> None:
    test = claim_tests()["C51"]
    sides = Sides(
        {"support": [], "counterexamples": [], "undetermined": []}, _counts(test, 4, 0, 3)
    )
    turns = turns_of(test, sides, {}, lambda iri: sides)
    first, second = (turn for turn in turns if not turn.recoded)
    assert (first.verdict, first.more) == ("supported", (("", "for", 2), ("", "neither", 3)))
    assert (second.verdict, second.more, second.is_stated) == (
        "contradicted",
        (("", "against", 1),),
        True,
    )


def test_existence_lacks_its_parts_and_rests_on_the_only_one_that_shows_one(
    cases: KnowledgeGraph,
) -> None:
    (lacking,) = cases.evidence().of("C38").turns
    assert [n for _, _, n in lacking.more] == [1, 1, 1, 1] and lacking.verdict == "supported"
    assert "each on stated values alone, the" in aloud(cases.evidence().of("C38"), speaker("en"))
    elsewhere, alone = cases.evidence().of("C10").turns
    # The one case of a part could be coded as showing another.
    assert elsewhere.verdict == "too-few" and elsewhere.recoded == 1
    parts = [each["part"] for each in elsewhere.as_dict()["recoded"]]
    assert [iri.rpartition("#")[2] for (iri,) in parts] == ["MesoLevel", "MacroLevel"]
    told = aloud(cases.evidence().of("C10"), speaker("en"))
    assert (
        "If the one case that shows a part (meso level, macro level) were coded as showing "
        'another, it would be "too few rows".'
    ) in told
    assert "shows a part" not in aloud(cases.evidence().of("C11"), speaker("en"))
    assert [iri.rpartition("/")[2] for iri in alone.without] == [
        "aschaffenburg-youth-welfare-committee",
        "porto-alegre-budgeting",
    ]


@pytest.mark.slow
def test_a_case_that_is_said_to_turn_a_verdict_does_and_no_other(cases: KnowledgeGraph) -> None:
    """Each of the shipped cases is left out for real."""
    told: dict[str, dict[str, str]] = {}
    now = {}
    for claim in claim_tests():
        verdict = cases.evidence().of(claim)
        now[claim] = verdict.verdict
        told[claim] = {
            iri.rpartition("/")[2]: turn.verdict
            for turn in verdict.turns
            if turn.is_any
            for iri in turn.without
        }
    for path in sorted(data_dir("cases").glob("*.ttl")):
        left = without_arrangements(cases.store, {f"{ID}case/{path.stem}"})
        for verdict in Evidence(left).all():
            if verdict.claim in told:
                expected = told[verdict.claim].get(path.stem, now[verdict.claim])
                assert verdict.verdict == expected, (verdict.claim, path.stem)
    assert told["C51"] == {"hvidovre-school-boards": "too-few"} and len(told["C34"]) == 5


def test_all_that_is_against_is_taken_away_where_no_one_row_is_enough(tmp_path: Path) -> None:
    (situation,) = [each for each in SITUATIONS if "Fifty public" in each["words"]]
    many = situation | {
        "cases": [*situation["cases"], "2 sector=PublicSector rights=MajorityControl"]
    }
    verdict = judge(tmp_path, many, rows=True)
    assert verdict.verdict == "contradicted"
    (turn,) = [turn for turn in verdict.turns if turn.without]
    assert not turn.is_any and len(turn.without) == len(verdict.rows["counterexamples"])
    assert turn.as_dict().keys() == {"verdict", "withoutAllOf"}


def test_rows_that_are_said_to_turn_a_verdict_do(tmp_path: Path) -> None:
    """C50: two public ones below the ceiling, one above on an interpreted value."""
    cases = [
        "2 sector=PublicSector rights=Consulted",
        "1 sector=PublicSector rights=MajorityControl status=interpreted",
    ]
    situation: dict[str, Any] = {"claim": "C50", "cases": cases}
    verdict = judge(tmp_path, situation, rows=True)
    assert verdict.verdict == "contradicted-by-interpreted-only"
    told = aloud(verdict, speaker("en"))
    assert "With 1 more row against it in any one part, on stated values alone" in told
    for sector in ("PublicSector", "ForProfitSector"):
        more = {"claim": "C50", "cases": [*cases, f"1 sector={sector} rights=MajorityControl"]}
        assert judge(tmp_path, more, rows=True).verdict == "contradicted"


@pytest.mark.slow
def test_it_is_told_that_no_row_supports_what_one_stands_against(
    cases: KnowledgeGraph, against_c42: Evidence
) -> None:
    for claim in ("C42", "C49", "C50", "C51"):
        verdict = (against_c42 if claim == "C42" else cases.evidence()).of(claim)
        turn = verdict.turns[-1]
        assert turn.without == tuple(row.iri for row in verdict.rows["counterexamples"]), claim
        assert turn.verdict == "supported" and not turn.is_any
        assert verdict.number("counterexamples") == 1
        beside = {"C49": "statedIn", "C50": "statedIn", "C51": "supportedByInterpretedOnly"}
        told = {"verdict", "withoutAllOf", "more", "stated", beside.get(claim, "stated")}
        assert turn.as_dict().keys() == told, claim
        assert "No further row can support it while " in aloud(verdict, speaker("en"))
    left = without_arrangements(cases.store, {*turn.without})
    (part,) = Evidence(left).of("C51").parts
    assert turn.more == (("", "neither", part.without),) and not part.wanting
    assert "No further row" not in aloud(cases.evidence().of("C35"), speaker("en"))


def test_what_no_row_for_it_states_would_be_told_with_its_reserve(
    cases: KnowledgeGraph, against_c42: Evidence
) -> None:
    """Rows with neither, and one coded anew, bring no row that is known to be stated."""
    say, reserved = speaker("en"), "supported (interpreted rows alone)"
    told = {claim: aloud(cases.evidence().of(claim), say) for claim in ("C34", "C51")}
    assert f'"above the ceiling" it would be "{reserved}".' in told["C51"]
    assert f'were coded as for it, it would be "{reserved}".' in told["C34"]
    # Of rows more for it nobody knows that they are stated, so that the sentence asks for it.
    more = "With 2 more rows for it, at least one of them on stated values alone, the verdict"
    assert f'{more} would be "supported", and otherwise "{reserved}".' in told["C34"]
    assert next(t for t in cases.evidence().of("C34").turns if t.verdict == "supported").is_stated
    assert (
        'with 2 more rows for it and 6 more rows with neither "parent co-op" nor "parents have a '
        'majority or own it", at least one of those for it on stated values alone, it would be '
        '"supported".'
    ) in aloud(against_c42.of("C42"), say)
    # Where another part has a stated row already, the part that lacks one is named.
    assert (
        "4 more rows for it (public sector) and 6 more rows for it (for-profit sector), at least one "
        "of those for it (for-profit sector) on stated values alone, it would be"
    ) in aloud(cases.evidence().of("C50"), say)
    last = cases.evidence().of("C50").turns[-1].as_dict()
    assert last["stated"] and last["statedIn"] == [
        ["https://w3id.org/coproduction#ForProfitSector"]
    ]
    pairs = "6 pairs won (public sector) and 6 pairs won (for-profit sector)"
    assert (
        f"With {pairs}, at least one of each on stated values alone, the verdict would be "
        f'"supported", and otherwise "{reserved}".'
    ) in aloud(cases.evidence().of("C40"), say)
    turns = cases.evidence().of("C34").turns
    (coded,) = [turn for turn in turns if turn.recoded and turn.verdict == "supported"]
    assert coded.as_dict()["supportedByInterpretedOnly"]


@pytest.mark.parametrize("service", ["service/youth-welfare", "TenantMaintenance"])
def test_what_the_caution_of_c34_says_of_services_holds(
    cases: KnowledgeGraph, service: str
) -> None:
    """Either is made a social service, for real."""
    assert "supported, by interpreted rows alone (14 of 18)" in claim_tests()["C34"].caution
    iri = f"{ID}{service}" if "/" in service else f"{COP}{service}"
    kind, social = ox.NamedNode(f"{COP}isKindOf"), ox.NamedNode(f"{COP}SocialService")
    store = copy_in_memory(cases.store)
    store.add([ox.Quad(ox.NamedNode(iri), kind, social)])
    verdict = Evidence(store).of("C34")
    (part,) = verdict.parts
    assert (verdict.verdict, part.share.k, part.share.n) == ("supported", 14, 18)
    assert verdict.is_reserved


def test_a_row_against_it_on_stated_values_contradicts_as_it_is_told(tmp_path: Path) -> None:
    for status, word in (("interpreted", "contradicted-by-interpreted-only"), ("", "contradicted")):
        cases = [f"1 sector=PublicSector rights=MajorityControl status={status}"]
        verdict = judge(tmp_path, {"claim": "C50", "cases": cases}, rows=True)
        assert verdict.verdict == word
        told = 'were stated, the verdict would be "contradicted"' in aloud(verdict, speaker("en"))
        assert told == (status == "interpreted")


@pytest.mark.sampled
@pytest.mark.parametrize("claim", ["C49", "C50", "C51"])
def test_the_verdict_under_the_other_ceiling_is_asked(cases: KnowledgeGraph, claim: str) -> None:
    for name in CEILINGS:
        verdict = cases.evidence(ceiling=name).of(claim)
        (other,) = set(CEILINGS) - {name}
        asked = cases.evidence(ceiling=other).of(claim, rows=False).verdict
        assert verdict.under_ceilings == {other: asked}
        assert verdict.as_dict()["underOtherCeilings"] == {other: asked}
        told = aloud(verdict, speaker("en"))
        assert f"The ceiling is that of the {name}, above" in told
        assert f"By the ceiling of the {other} (" in told
    assert not cases.evidence().of("C46").under_ceilings


def test_a_comparison_of_many_pairs_is_matched_again_and_asked_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifteen pairs won in one country, five lost in another: without one that won it is mixed."""
    asked: list[str] = []

    def counted(store: Store, text: str, *given: Any) -> Iterator[dict[str, str]]:
        asked.append(text)
        return rows_of(store, text, *given)

    monkeypatch.setattr(ledger, "rows_of", counted)
    high, low = "rights=MajorityControl", "rights=InformedOnly"
    salient = "salience=HighSalience"
    cases = [
        f"15 facility=HighFacility {salient} {high}",
        f"15 facility=LowFacility {salient} {low}",
        f"5 facility=HighFacility {salient} {low} country=DK",
        f"5 facility=LowFacility {salient} {high} country=DK",
    ]
    verdict = judge(tmp_path, {"claim": "C18", "cases": cases}, rows=True)
    assert verdict.verdict == "supported"
    (turn,) = [turn for turn in verdict.turns if turn.without]
    assert turn.verdict == "mixed" and turn.is_any
    assert {iri.rpartition("/")[2].partition("-")[0] for iri in turn.without} == {"c0", "c1"}
    assert len(turn.without) == 30
    # For its rows, for these without one each, and under the two other rubrics.
    assert sum("hasFacility" in text for text in asked) == 4
    store = coproduction.open(tmp_path / "situation.ttl").store
    for kind, iri in {iri.rpartition("/")[2][:2]: iri for iri in _pairs(verdict)}.items():
        left = Evidence(without_arrangements(store, {iri})).of("C18", rows=False).verdict
        assert left == ("mixed" if kind in ("c0", "c1") else "supported"), iri


def _pairs(verdict: Verdict) -> set[str]:
    """Give the IRIs of the cases in pairs won and lost."""
    sides = ("support", "counterexamples")
    labels = {
        label for side in sides for row in verdict.rows[side] for label in (row.iri, row.other)
    }
    return {each if "://" in each else f"https://example.org/{each}" for each in labels}
