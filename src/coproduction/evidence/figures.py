"""Figures of a verdict: shares with exact intervals, and the parameters of fit of a set relation.

An interval is that of Clopper and Pearson at 95 per cent, which is never too narrow: the share of
which k of n or more would be seen once in forty times, to the share of which k or fewer would
(Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404). Consistency and coverage of a necessary
condition are those of Ragin (2006, doi:10.1093/pan/mpj019), its relevance that of Schneider and
Wagemann (2012), as R's package QCA computes them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from ..messages import ENGLISH, Speaker

TAIL: Final = 0.025
"""The share of each tail that an interval leaves out."""
HALF: Final = 0.5
"""The share over, or under, which the whole interval of a tendency has to lie."""
_CLOSE: Final = 1e-12


class Share(NamedTuple):
    """k of n, with its interval.

    >>> Share.of(9, 11).text
    '9 of 11, .82 [.48-.98]'
    """

    k: int
    n: int
    low: float
    high: float

    @classmethod
    def of(cls, k: int, n: int) -> Share:
        """Give a share with its exact interval; of none of none it is all from 0 to 1.

        Raises:
            ValueError: k is not from 0 to n.
        """
        if not 0 <= k <= n:
            raise ValueError(f"{k} of {n} is no share")
        return cls(k, n, *_bounds(k, n))

    @property
    def value(self) -> float | None:
        """The share itself; nothing of none."""
        return self.k / self.n if self.n else None

    @property
    def text(self) -> str:
        """The share as it is written in the field: ``9 of 11, .82 [.48-.98]``."""
        return self.told(ENGLISH)

    def told(self, say: Speaker) -> str:
        """Give the share in a language, as ``9 av 11, 0,82 [0,48-0,98]`` in Swedish.

        Args:
            say: the language.
        """
        counted = say("{k:,} of {n:,}", k=self.k, n=self.n)
        return f"{counted}, {self.interval(say)}" if self.n else counted

    def interval(self, say: Speaker) -> str:
        """Give the share and its interval alone: ``.82 [.48-.98]``; nothing of none."""
        if self.value is None:
            return ""
        value, low, high = map(say.number, (self.value, self.low, self.high))
        return f"{value} [{low}-{high}]"

    def as_dict(self) -> dict[str, float | int | None]:
        """Give the share as plain values, for JSON; figures have four places."""
        value = None if self.value is None else round(self.value, 4)
        return {
            "k": self.k, "n": self.n, "share": value,
            "low": round(self.low, 4), "high": round(self.high, 4),
        }  # fmt: skip


def least_to_pass(least: float = HALF) -> int:
    """Give the smallest number of rows that, all on one side, have an interval above a share.

    >>> least_to_pass()
    6
    """
    n = 1
    while Share.of(n, n).low <= least:
        n += 1
    return n


def rows_to_decide(k: int, n: int, least: float = HALF) -> tuple[int, int]:
    """Give how many more rows, all for a claim or all against it, take an interval off a share.

    >>> rows_to_decide(1, 4), rows_to_decide(13, 18)
    ((11, 5), (2, 22))
    """
    more = 0
    while Share.of(k + more, n + more).low <= least:
        more += 1
    fewer = 0
    while Share.of(k, n + fewer).high >= 1 - least:
        fewer += 1
    return more, fewer


class Fit(NamedTuple):
    """How far a condition goes with an outcome, as sets of rows of which both are told.

    Attributes:
        consistency: of necessity, the share of rows with the outcome that have the condition; of
            sufficiency and of a tendency, the share of rows with the condition that have the
            outcome.
        coverage: the share the other way round.
        relevance: of necessity alone: rows without the condition among those that do not have
            both; near 0 where nearly all have the condition, so that it says little.
        without, others: these rows, and those that do not have both; 0 but of necessity.
    """

    consistency: Share
    coverage: Share
    relevance: float | None
    without: int = 0
    others: int = 0


def fit_of(kind: str, table: Mapping[tuple[bool | None, bool | None], int]) -> Fit:
    """Give the parameters of fit of a set relation.

    Args:
        kind: ``necessity``, ``sufficiency`` or ``tendency``.
        table: how many rows have condition and outcome, each true, false or None.
    """
    both = table.get((True, True), 0)
    condition = both + table.get((True, False), 0)
    without = table.get((False, True), 0) + table.get((False, False), 0)
    outcome = both + table.get((False, True), 0)
    if kind != "necessity":
        return Fit(Share.of(both, condition), Share.of(both, outcome), None)
    others = condition + without - both
    relevance = without / others if others else None
    shares = Share.of(both, outcome), Share.of(both, condition)
    return Fit(*shares, relevance, without, others)


@lru_cache(maxsize=4096)
def _bounds(k: int, n: int) -> tuple[float, float]:
    low = 0.0 if k == 0 else _where(lambda p: _at_least(k, n, p) < TAIL, k, n)
    high = 1.0 if k == n else 1 - _where(lambda p: _at_least(n - k, n, p) < TAIL, n - k, n)
    return low, high


def _at_least(k: int, n: int, p: float) -> float:
    """Give the probability of k or more of n, where each happens with p, below k / n."""
    from math import exp, lgamma, log

    if not 0 < p < 1:
        return float(p >= 1)
    term = exp(
        lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log(1 - p)
    )
    total, odds = term, p / (1 - p)
    # Above the mean each term is smaller than the one before it.
    for i in range(k, n):
        term *= (n - i) / (i + 1) * odds
        total += term
        if term < total * _CLOSE:
            break
    return total


def _where(is_below: Callable[[float], bool], k: int, n: int) -> float:
    """Give the share from 0 to k / n at which a condition ceases to hold."""
    low, high = 0.0, k / n
    while high - low > _CLOSE:
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return (low + high) / 2
