"""On which side of a claim a row stands: each combination of values, for each type of claim."""

from __future__ import annotations

from itertools import product

import pytest

from coproduction.evidence import claims
from coproduction.evidence.claims import PARTS, claim_tests
from coproduction.evidence.sides import counts_of, sides_of

NEEDED, ENOUGH, OFTEN = "C51", "C50", "C35"
TABLE = {
    # condition, outcome: of "only X can Y", of "X is Y" and "X is often Y"
    ("true", "true"): ("support", "support"),
    ("true", "false"): ("", "counterexamples"),
    ("true", ""): ("", "undetermined"),
    ("false", "true"): ("counterexamples", ""),
    ("false", "false"): ("", ""),
    ("false", ""): ("undetermined", ""),
    ("", "true"): ("undetermined", ""),
    ("", "false"): ("", ""),
    ("", ""): ("", ""),
}


def the_test(claim: str) -> claims.Test:
    return claim_tests()[claim]


def told(condition: str, outcome: str, row: str = "urn:a") -> dict[str, str]:
    values = {"row": row, "condition": condition, "outcome": outcome}
    return {name: value for name, value in values.items() if value}


def places(claim: str, *rows: dict[str, str]) -> dict[str, str]:
    sides = sides_of(the_test(claim), rows)
    return {each.row: part for part in PARTS for each in sides.on[part]}


def test_the_table_is_whole() -> None:
    assert set(TABLE) == set(product(("true", "false", ""), repeat=2))


@pytest.mark.parametrize(("claim", "column"), [(NEEDED, 0), (ENOUGH, 1), (OFTEN, 1)])
def test_each_combination_has_its_side(claim: str, column: int) -> None:
    for values, sides in TABLE.items():
        assert places(claim, told(*values)).get("urn:a", "") == sides[column], (claim, values)


def test_true_and_false_may_be_written_as_numbers() -> None:
    assert places(NEEDED, told("0", "1")) == {"urn:a": "counterexamples"}


def test_a_row_on_two_sides_is_undetermined_and_says_so() -> None:
    sides = sides_of(the_test(NEEDED), [told("true", "true"), told("false", "true")])
    (row,) = sides.on["undetermined"]
    assert (row.row, row.note) == ("urn:a", "its values fall on two sides")
    assert sides.cells == {(None, True): ["urn:a"]}, "its condition is not told"
    assert sides.on["support"] == sides.on["counterexamples"] == []
    # What is beside the point takes no side.
    assert places(NEEDED, told("true", "true"), told("true", "")) == {"urn:a": "support"}


def test_what_is_left_out_is_on_no_side() -> None:
    rows = [told("true", "true"), told("true", "true", "urn:b")]
    assert [r.row for r in sides_of(the_test(NEEDED), rows, {"urn:a"}).on["support"]] == ["urn:b"]


def test_what_exists_is_counted_once_for_each_part() -> None:
    rows = [{"row": "urn:a", "part": "urn:p"}, {"row": "urn:a", "part": "urn:q"}, {"row": "urn:b"}]
    sides = sides_of(the_test("C10"), rows)
    assert [each.part for each in sides.on["support"]] == ["urn:p", "urn:q"]
    assert sides.counts.on == {"support": 1, "counterexamples": 0, "undetermined": 1}
    assert sides.counts.shown == {"urn:p": 1, "urn:q": 1}


def member(
    row: str, group: str, outcome: str, staff: str = "", stratum: str = "SE", year: str = "2000"
) -> dict[str, str]:
    values = {
        "row": f"urn:{row}", "group": group, "stratum": stratum, "outcome": outcome,
        "outcomeOfStaff": staff, "from": year, "to": year,
    }  # fmt: skip
    return {name: value for name, value in values.items() if value}


def matched(claim: str, *rows: dict[str, str]) -> dict[str, list[tuple[str, str]]]:
    sides = sides_of(the_test(claim), rows)
    pairs = {part: [(r.row[4:], r.other[4:]) for r in sides.on[part] if r.other] for part in PARTS}
    return {part: found for part, found in pairs.items() if found}


def test_each_case_is_in_one_pair_at_most() -> None:
    rows = [
        member("a", "true", "3"), member("b", "true", "4"), member("c", "false", "3"),
        member("d", "true", "2", stratum="DE"), member("e", "false", "2", stratum="DE"),
        member("f", "true", "5", stratum="FR"),
        member("g", "false", "", stratum="SE"), member("h", "", "1"),
    ]  # fmt: skip
    sides = sides_of(the_test("C40"), rows)
    assert matched("C40", *rows) == {"undetermined": [("a", "c"), ("d", "e")]}, "both are ties"
    assert dict(sides.counts.ties) == {"": 2} and not sides.counts.shown
    assert {each.note for each in sides.on["undetermined"] if each.other} == {
        "SE, 2000 / 2000; neither is higher",
        "DE, 2000 / 2000; neither is higher",
    }
    assert {each.row for each in sides.on["undetermined"] if not each.other} == {
        "urn:b", "urn:f", "urn:g", "urn:h",
    }  # fmt: skip
    assert sides.unmatched == {"urn:b", "urn:f"}


@pytest.mark.parametrize(
    ("year", "other", "pairs"),
    [("2000", "2005", 1), ("2000", "2006", 0), ("2005", "2000", 1), ("", "2000", 0), ("", "", 0)],
)
def test_years_may_be_five_apart_and_have_to_be_known(year: str, other: str, pairs: int) -> None:
    rows = member("a", "true", "4", year=year), member("b", "false", "1", year=other)
    assert len(matched("C40", *rows).get("support", [])) == pairs


def test_spans_of_years_match_where_they_overlap() -> None:
    ours = member("a", "true", "4", year="1990") | {"to": "2010"}
    assert matched("C40", ours, member("b", "false", "1", year="2015"))
    assert not matched("C40", ours, member("b", "false", "1", year="2016"))


def test_pairs_are_made_in_order_of_their_years() -> None:
    ours = [member(f"a{year}", "true", "4", year=year) for year in ("1970", "1990", "2000")]
    others = [member(f"b{year}", "false", "1", year=year) for year in ("1987", "1994", "2003")]
    assert matched("C40", *ours, *others)["support"] == [("a1990", "b1987"), ("a2000", "b2003")]


def test_each_part_is_compared_with_each_kind() -> None:
    rows = [
        member("p", "true", "4", "3") | {"part": "urn:parents"},
        member("w", "true", "1", "4") | {"part": "urn:workers"},
        member("m", "false", "2", "2") | {"opposite": "urn:public"},
        member("f", "false", "1", "1") | {"opposite": "urn:firm"},
    ]
    counts = sides_of(the_test("C43"), rows).counts
    assert counts.shown == {"urn:parents urn:public": 1, "urn:parents urn:firm": 1}
    assert counts.against == {"urn:workers urn:public": 1}
    assert counts.ties == {"urn:workers urn:firm": 1}, "one of two outcomes is as high"


def test_every_outcome_has_to_be_higher_and_to_be_known_of_both() -> None:
    ours, theirs = member("a", "true", "4", "2"), member("b", "false", "3", "1")
    assert matched("C43", ours, theirs) == {"support": [("a", "b")]}
    lower = ours | {"outcomeOfStaff": "0"}
    assert matched("C43", lower, theirs) == {"counterexamples": [("a", "b")]}
    assert matched("C43", ours | {"outcome": "3"}, theirs) == {"undetermined": [("a", "b")]}
    assert matched("C43", ours, member("b", "false", "3")) == {}


def test_a_case_in_both_groups_is_undetermined() -> None:
    rows = [member("a", "true", "4"), member("a", "false", "4"), member("b", "false", "1")]
    assert places("C40", *rows) == {"urn:a": "undetermined", "urn:b": "undetermined"}


@pytest.mark.parametrize("claim", claim_tests())
@pytest.mark.parametrize("scope", ["kg", "cases"])
@pytest.mark.parametrize("own", [False, True], ids=["", "own-source"])
@pytest.mark.sampled
def test_counts_are_those_of_the_rows(
    claim: str, scope: str, own: bool, request: pytest.FixtureRequest
) -> None:
    """A verdict from counts alone says the same as one from the rows, for a torn row too."""
    ledger = request.getfixturevalue(scope).evidence(rubric="R1", with_own_source=own)
    counted, whole = ledger.of(claim, rows=False), ledger.of(claim)
    for name in ("verdict", "basis", "missing", "conflicts", "parts", "fit"):
        assert getattr(counted, name) == getattr(whole, name), name
    for part in ("support", "counterexamples", "domain", "pairs"):
        assert counted.counts.get(part) == whole.counts.get(part), part
    # What is not asked for is left out, and not said to be none.
    assert counted.counts.items() <= whole.counts.items()


def test_a_torn_row_is_counted_as_undetermined() -> None:
    rows = [{"said": "true,true;false,true", "n": "2"}, {"said": "true,true;true,", "n": "3"}]
    counts = counts_of(the_test(NEEDED), [*rows, {"said": ",true", "n": "5"}])
    assert counts.on == {"support": 3, "counterexamples": 0, "undetermined": 7}
    assert counts.table == {(None, True): 7, (True, True): 3}


def test_what_is_not_to_count_is_taken_off_the_counts() -> None:
    rows = [{"said": "true,true,urn:p", "n": "7"}, {"said": "true,false,urn:p", "n": "2"}]
    counts = counts_of(the_test(ENOUGH), rows, [rows[0] | {"n": "6"}])
    assert (counts.on["support"], counts.on["counterexamples"]) == (1, 2)
    assert counts.tables == {"urn:p": {(True, True): 1, (True, False): 2}}
