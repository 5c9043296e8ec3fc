"""Exact intervals and parameters of fit, against their definitions and published figures."""

from __future__ import annotations

from decimal import Decimal
from math import comb

import pytest

from coproduction.evidence.figures import TAIL, Share, fit_of, least_to_pass
from coproduction.messages import ENGLISH, speaker


def tail(k: int, n: int, p: float) -> float:
    """The probability of k or more of n, term by term."""
    return sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1))


@pytest.mark.parametrize("n", range(1, 26))
def test_the_ends_of_an_interval_leave_out_what_they_say(n: int) -> None:
    for k in range(n + 1):
        share = Share.of(k, n)
        assert share.low <= k / n <= share.high
        assert (share.low == 0) == (k == 0) and (share.high == 1) == (k == n)
        if k:
            assert tail(k, n, share.low) == pytest.approx(TAIL, abs=1e-7)
        if k < n:
            assert 1 - tail(k + 1, n, share.high) == pytest.approx(TAIL, abs=1e-7)


def test_intervals_that_the_audit_of_the_claims_names() -> None:
    for k, n, text in (
        (9, 11, "9 of 11, .82 [.48-.98]"),
        (1, 3, "1 of 3, .33 [.01-.91]"),
        (1, 2, "1 of 2, .50 [.01-.99]"),
        (0, 0, "0 of 0"),
        (6, 6, "6 of 6, 1 [.54-1]"),
    ):
        assert Share.of(k, n).text == text


def test_many_rows_are_no_other_matter() -> None:
    share = Share.of(50_000, 100_000)
    assert (share.low, share.high) == (
        pytest.approx(0.496897, abs=1e-5), pytest.approx(0.503103, abs=1e-5),
    )  # fmt: skip


@pytest.mark.parametrize(("k", "n"), [(-1, 3), (4, 3)])
def test_what_is_no_share_is_refused(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        Share.of(k, n)


def test_six_is_the_least_that_excludes_one_half() -> None:
    assert least_to_pass() == 6
    assert Share.of(5, 5).low < 0.5 < Share.of(6, 6).low
    assert least_to_pass(0.9) == 36


def test_fit_of_a_table_by_hand() -> None:
    table = {
        (True, True): 9,
        (False, True): 2,
        (True, False): 3,
        (False, False): 6,
        (None, True): 4,
    }
    needed = fit_of("necessity", table)
    assert (needed.consistency.k, needed.consistency.n) == (9, 11)
    assert (needed.coverage.k, needed.coverage.n) == (9, 12)
    assert needed.relevance == pytest.approx(8 / 11), "8 without the condition, 11 not both"
    enough = fit_of("sufficiency", table)
    assert (enough.consistency.k, enough.consistency.n) == (9, 12)
    assert (enough.coverage.k, enough.coverage.n) == (9, 11) and enough.relevance is None
    assert fit_of("necessity", {(True, True): 4}).relevance is None, "nothing else was there"


@pytest.mark.parametrize(
    ("k", "n", "told"),
    [
        # .025 and .975 are each other's rest, and so are what is written of them.
        (1, 1, "1 of 1, 1 [.02-1]"),
        (0, 1, "0 of 1, 0 [0-.98]"),
        (9, 10, "9 of 10, .90 [.55-.997]"),
        (1, 10, "1 of 10, .10 [.003-.45]"),
        (1, 16, "1 of 16, .06 [.002-.30]"),
        (9, 11, "9 of 11, .82 [.48-.98]"),
        (19_999, 20_000, "19,999 of 20,000, .99995 [.9997-.999999]"),
    ],
)
def test_a_bound_is_not_written_as_one_that_it_is_not(k: int, n: int, told: str) -> None:
    assert Share.of(k, n).text == told


@pytest.mark.parametrize("n", range(1, 40))
def test_shares_and_their_rests_are_rounded_alike(n: int) -> None:
    for k in range(n + 1):
        share, rest = Share.of(k, n), Share.of(n - k, n)
        assert Decimal(ENGLISH.number(share.low)) == 1 - Decimal(ENGLISH.number(rest.high)), k
        for value in (share.low, share.high):
            assert (ENGLISH.number(value) in ("0", "1")) == (value in (0, 1)), (k, value)
            for lang in ("sv", "de", "fr"):
                same = speaker(lang).number(value).replace(",", ".").removeprefix("0")
                assert same.lstrip("0") == ENGLISH.number(value).lstrip("0")
        assert share.as_dict()["low"] == round(share.low, 4)
