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
    assert (row.row, row.note, sides.domain) == ("urn:a", "its values fall on two sides", 0)
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
    assert (sides.count("support"), sides.domain, sides.count("undetermined")) == (1, 1, 1)


def member(row: str, group: str, outcome: str, staff: str = "", stratum: str = "SE") -> dict:
    values = {
        "row": f"urn:{row}", "group": group, "stratum": stratum, "outcome": outcome,
        "outcomeOfStaff": staff,
    }  # fmt: skip
    return {name: value for name, value in values.items() if value}


def test_groups_are_compared_by_their_means_within_strata() -> None:
    rows = [
        member("a", "true", "3"), member("b", "true", "4"), member("c", "false", "3"),
        member("d", "true", "2", stratum="DE"), member("e", "false", "2", stratum="DE"),
        member("f", "true", "5", stratum="FR"),
        member("g", "false", "", stratum="SE"), member("h", "", "1"),
    ]  # fmt: skip
    sides = sides_of(the_test("C42"), rows)
    (won,) = sides.on["support"]
    assert (won.row, won.other, won.pairs) == ("urn:a", "urn:c", 2)
    assert won.note == "SE: 2 co-operatives against 1"
    (tied,) = sides.on["counterexamples"]
    assert (tied.row, tied.pairs) == ("urn:d", 1)
    assert {each.row for each in sides.on["undetermined"]} == {"urn:f", "urn:g", "urn:h"}
    assert sides.domain == 2


def test_every_outcome_has_to_be_higher_and_to_be_known_of_both() -> None:
    ours, theirs = member("a", "true", "4", "2"), member("b", "false", "3", "1")
    assert places("C43", ours, theirs) == {"urn:a": "support"}
    assert places("C43", ours | {"outcomeOfStaff": "1"}, theirs) == {"urn:a": "counterexamples"}
    assert places("C43", ours | {"outcome": "3"}, theirs) == {"urn:a": "counterexamples"}
    unknown = sides_of(the_test("C43"), [ours, member("b", "false", "3")])
    assert (unknown.domain, unknown.on["support"], unknown.on["counterexamples"]) == (1, [], [])


def test_a_case_in_both_groups_is_undetermined() -> None:
    rows = [member("a", "true", "4"), member("a", "false", "4"), member("b", "false", "1")]
    assert places("C42", *rows) == {"urn:a": "undetermined", "urn:b": "undetermined"}


@pytest.mark.parametrize("claim", claim_tests())
@pytest.mark.parametrize("scope", ["kg", "cases"])
def test_counts_are_those_of_the_rows(
    claim: str, scope: str, request: pytest.FixtureRequest
) -> None:
    """A verdict from counts alone says the same as one from the rows, for a torn row too."""
    ledger = request.getfixturevalue(scope).evidence(rubric="R1")
    counted, whole = ledger.of(claim, rows=False), ledger.of(claim)
    for name in ("verdict", "basis", "missing", "conflicts"):
        assert getattr(counted, name) == getattr(whole, name), name
    for part in ("support", "counterexamples", "domain", "pairs"):
        assert counted.counts.get(part) == whole.counts.get(part), part
    # What is not asked for is left out, and not said to be none.
    assert counted.counts.items() <= whole.counts.items()


def test_a_torn_row_is_counted_as_undetermined() -> None:
    rows = [{"said": "true true;false true", "n": "2"}, {"said": "true true;true -", "n": "3"}]
    counts = counts_of(the_test(NEEDED), [*rows, {"said": "- true", "n": "5"}])
    assert counts.on == {"support": 3, "counterexamples": 0, "undetermined": 7}
