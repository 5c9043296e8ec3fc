"""From numbers of rows to a verdict: the rules, with their thresholds, in one place.

What the words mean is published in ``docs/verdicts.md``; the concepts are those of the class
``cop:Verdict``. Parts of a claim are judged each by itself, and the claim is what they make.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from .claims import Test
from .figures import HALF, Share, least_to_pass, rows_to_decide
from .tallies import Cell, Counts

_MANY: Final = 200
"""Rows up to which it is told how many more would decide."""
VERDICTS: Final = (
    "contradicted", "contradicted-by-interpreted-only", "mixed", "too-few", "not-tested",
    "supported", "no-data", "not-testable",
)  # fmt: skip
"""The words. Of the parts of a claim, the first of these decides that any of them has, but that
parts of which some are tested and some are not are too few."""
WITHOUT_EXCEPTIONS: Final = frozenset({"necessity", "sufficiency"})
"""The types of claims that one row is enough against."""
IN_DOUBT: Final = {
    "counterexamples": "contradicted-by-interpreted-only",
    "support": "supported",
}
"""The verdict on a part that bears on whether the rows of a side are stated."""


class Judged(NamedTuple):
    """What the rows say of a claim, or of a part of it.

    Attributes:
        part: IRI or IRIs of the part, or an empty text for the claim as a whole.
        verdict: one of :data:`VERDICTS`.
        share: rows for it among those that speak; pairs won among those not tied.
        ties: pairs of which neither is higher.
        wanting: how many more rows, at least, a verdict takes; of a tendency or a comparison rows
            for it, where as few as possible decide.
        opposed: the same of rows against a tendency or a comparison; 0 where no number is told.
        without: of necessity, how many more rows without the condition it takes.
    """

    part: str
    verdict: str
    share: Share
    ties: int = 0
    wanting: int = 0
    without: int = 0
    opposed: int = 0

    def label(self, named: Mapping[str, str]) -> str:
        """Give the label of the part, or an empty text, by the labels of IRIs."""
        return " / ".join(named.get(iri, iri) for iri in self.part.split())


def judged(test: Test, counts: Counts, stated: Collection[str]) -> list[Judged]:
    """Judge a claim by its parts, in their order; by itself where it has none.

    Args:
        test: the claim.
        counts: how many rows stand where.
        stated: the parts against which a row stands that rests on stated values alone; "" is
            the claim as a whole.
    """
    parts = test.parts
    if test.type == "existence":
        found = {part: counts.shown.get(part, 0) for part in parts}
        return [
            Judged(part, "supported" if n else "not-tested", Share.of(n, n), wanting=int(not n))
            for part, n in found.items()
        ]
    if test.type == "comparison":
        others = {*counts.shown, *counts.ties, *counts.against} - {*parts}
        names = [*(part for part in parts if part or not others), *sorted(others)]
        return [_of_pairs(name, counts, is_stated=name in stated) for name in names]
    return [
        _of_rows(
            test.type,
            part,
            counts.tables.get(part, {}) if part else counts.table,
            is_stated=part in stated,
        )
        for part in parts
    ]


def made_of(parts: Sequence[Judged]) -> str:
    """Give the verdict on a claim that those on its parts make."""
    verdicts = {each.verdict for each in parts}
    if verdicts > {"not-tested"} and not verdicts & set(VERDICTS[:4]):
        return "too-few"
    return next(word for word in VERDICTS if word in verdicts)


def _of_rows(kind: str, part: str, table: Mapping[Cell, int], *, is_stated: bool) -> Judged:
    """Judge necessity, sufficiency or a tendency by conditions and outcomes."""
    for_it = table.get((True, True), 0)
    against = table.get((False, True) if kind == "necessity" else (True, False), 0)
    share = Share.of(for_it, for_it + against)
    if kind == "tendency":
        return _by_interval(part, share, share.n, 0, is_stated=is_stated)
    if against:
        return Judged(part, _contradicted(is_stated), share)
    if not for_it:
        return Judged(part, "not-tested", share, wanting=_least())
    wanting, without = max(0, _least() - for_it), 0
    if kind == "necessity":
        # What nothing without the condition could have refuted was not put to a test.
        without = max(0, _least() - table.get((False, False), 0))
    verdict = "too-few" if wanting or without else "supported"
    return Judged(part, verdict, share, wanting=wanting, without=without)


def _of_pairs(name: str, counts: Counts, *, is_stated: bool) -> Judged:
    """Judge a comparison by a sign test: pairs won among those that are no ties."""
    won, lost = counts.shown.get(name, 0), counts.against.get(name, 0)
    ties = counts.ties.get(name, 0)
    share = Share.of(won, won + lost)
    return _by_interval(name, share, won + lost + ties, ties, is_stated=is_stated)


def _by_interval(part: str, share: Share, rows: int, ties: int, *, is_stated: bool) -> Judged:
    if share.low > HALF:
        return Judged(part, "supported", share, ties)
    if share.high < HALF:
        return Judged(part, _contradicted(is_stated), share, ties)
    if not rows:
        return Judged(part, "not-tested", share, ties, wanting=_least())
    verdict = "too-few" if rows < _least() else "mixed"
    # Of many rows that leave both open nobody counts on how many more would not.
    more, fewer = rows_to_decide(share.k, share.n) if share.n <= _MANY else (0, 0)
    return Judged(part, verdict, share, ties, wanting=more, opposed=fewer)


def _contradicted(is_stated: bool) -> str:
    return "contradicted" if is_stated else "contradicted-by-interpreted-only"


@cache
def _least() -> int:
    return least_to_pass(HALF)
