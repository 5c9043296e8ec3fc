"""Qualitative Comparative Analysis of a claim: truth table, contradictory rows, minimal formulas.

Crisp sets alone, as in Ragin (1987) and in R's package QCA: a combination of conditions is
sufficient where every case that has it has the outcome, contradictory where some have, empty (a
logical remainder) where it has no case. The truth table and the prime implicants are made by
``setqca`` (the extra ``qca``); which of these make a model is decided here as R's QCA does it: as
few as cover all sufficient combinations, and every choice of that many. ``setqca`` drops those
with more conditions, and so models that R tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final, NamedTuple

from ..errors import DataError
from .crisp_sets import CrispRow, CrispSets
from .figures import Share

_LEAST: Final = 1e-9
"""A share below that of one case in any table: from it on a row is contradictory."""
_CODES: Final = {"1": "1", "0": "0", "C": "C", "R": "?"}
"""How a combination is coded by R's QCA, by the code of ``setqca``."""
Literals = tuple[tuple[str, int], ...]
"""Names of conditions, each with 1 where a case is to be a member and 0 where not."""


class Combination(NamedTuple):
    """A row of the truth table.

    Attributes:
        values: 1 or 0 of each condition.
        code: ``1`` sufficient, ``0`` not, ``C`` contradictory, ``?`` empty.
        having, lacking: cases with the outcome, and without.
    """

    values: tuple[int, ...]
    code: str
    having: tuple[CrispRow, ...]
    lacking: tuple[CrispRow, ...]

    @property
    def consistency(self) -> Share:
        """The share of its cases that have the outcome."""
        return Share.of(len(self.having), len(self.having) + len(self.lacking))


class Path(NamedTuple):
    """A term of a formula: conditions that together are sufficient.

    Attributes:
        literals: the conditions.
        cases: that have them.
        consistency: the share of these that have the outcome (``inclS`` of R's QCA).
        coverage: the share of cases with the outcome that have them (``covS``).
        unique: the share that no other path of the formula covers (``covU``).
    """

    literals: Literals
    cases: tuple[CrispRow, ...]
    consistency: Share
    coverage: Share
    unique: Share

    @property
    def text(self) -> str:
        """The term as R's QCA writes it, such as ``THIRD*~CORE``."""
        return "*".join(name if value else f"~{name}" for name, value in self.literals) or "1"


class Formula(NamedTuple):
    """A minimal formula: paths any of which is sufficient.

    Attributes:
        paths: its terms.
        consistency, coverage: of all of them together.
    """

    paths: tuple[Path, ...]
    consistency: Share
    coverage: Share

    @property
    def text(self) -> str:
        """The formula as R's QCA writes it, such as ``THIRD + ~CORE*ENDURING``."""
        return " + ".join(path.text for path in self.paths)


class Analysis(NamedTuple):
    """What a truth table says of the outcome of a claim.

    Attributes:
        data: the cases as crisp sets; those with an empty cell are left out of all below.
        combinations: every row of the truth table.
        conservative: formulas from what was seen, each as short as the others; none where no
            combination is sufficient.
        parsimonious: the same where an empty combination may be taken either way; none where
            every combination that was seen is sufficient.
    """

    data: CrispSets
    combinations: tuple[Combination, ...]
    conservative: tuple[Formula, ...]
    parsimonious: tuple[Formula, ...]

    def coded(self, code: str) -> tuple[Combination, ...]:
        """Give the rows of the truth table with a code."""
        return tuple(row for row in self.combinations if row.code == code)

    @property
    def seen(self) -> tuple[Combination, ...]:
        """The rows of the truth table that have cases."""
        return tuple(row for row in self.combinations if row.code != "?")


def analysis_of(data: CrispSets) -> Analysis:
    """Make the truth table of a claim's cases, and minimize it.

    Raises:
        DataError: ``setqca`` is not installed, or no case has all values.
    """
    try:
        import pandas as pd
        from setqca import build_truth_table
    except ImportError:
        raise DataError(
            "a truth table is minimized by setqca, which is not installed: "
            "pip install 'coproduction[qca]' (--table needs nothing more)"
        ) from None
    rows = data.complete
    if not rows:
        raise DataError(f"{data.claim}: no case has a value in every column of its table")
    names = [each.name for each in data.sets]
    frame = pd.DataFrame([row.values for row in rows], columns=names, index=range(len(rows)))
    table = build_truth_table(
        frame,
        outcome=data.outcome.name,
        conditions=[each.name for each in data.conditions],
        inclusion_cutoff=1.0,
        exclusion_cutoff=_LEAST,
    )
    combinations = []
    for row in table.rows:
        cases = [rows[int(index)] for index in row.cases]
        having = tuple(each for each in cases if each.values[1])
        lacking = tuple(each for each in cases if not each.values[1])
        combinations.append(Combination(row.configuration, _CODES[row.outcome], having, lacking))
    sufficient = table.positive_minterms
    against = table.negative_minterms | table.contradictory_minterms
    return Analysis(
        data,
        tuple(combinations),
        _formulas(data, sufficient, set()),
        # Where nothing speaks against any combination, no condition would be left.
        _formulas(data, sufficient, table.remainder_minterms) if against else (),
    )


def _formulas(data: CrispSets, sufficient: set[int], free: set[int]) -> tuple[Formula, ...]:
    """Give every formula of as few paths as cover the sufficient combinations."""
    from setqca import build_chart

    if not sufficient:
        return ()
    names = [each.name for each in data.conditions]
    chart = build_chart(sufficient, dont_cares=free, width=len(names))
    primes = [prime.implicant for prime in chart.primes]
    covered = [frozenset(m for m in sufficient if prime.covers(m)) for prime in primes]
    literals = [
        tuple((n, bit) for n, bit in zip(names, prime.pattern, strict=True) if bit is not None)
        for prime in primes
    ]
    return tuple(
        _fitted(data, [literals[index] for index in chosen])
        for chosen in least_covers(covered, sufficient)
    )


def least_covers(covered: Sequence[frozenset[int]], wanted: set[int]) -> list[tuple[int, ...]]:
    """Give every choice of as few sets as possible that together hold all that is wanted.

    Args:
        covered: the sets to choose from.
        wanted: what each choice has to hold.

    Returns:
        the places of the chosen sets, in order.

    >>> least_covers([frozenset({1, 2}), frozenset({2, 3}), frozenset({3})], {1, 2, 3})
    [(0, 1), (0, 2)]
    """
    # What a single set holds is in every choice, so that few are left to be tried.
    holders = {each: [i for i, held in enumerate(covered) if each in held] for each in wanted}
    needed = {places[0] for places in holders.values() if len(places) == 1}
    left = wanted.difference(*(covered[i] for i in needed))
    others = [i for i, held in enumerate(covered) if i not in needed and held & left]
    for size in range(len(others) + 1):
        found = [
            tuple(sorted({*needed, *chosen}))
            for chosen in combinations(others, size)
            if left <= frozenset().union(*(covered[i] for i in chosen))
        ]
        if found:
            return found
    return []


def _fitted(data: CrispSets, terms: Sequence[Literals]) -> Formula:
    """Give a formula with its parameters of fit."""
    place = {each.name: index for index, each in enumerate(data.sets)}
    members = [
        {row for row in data.complete if all(row.values[place[n]] == v for n, v in term)}
        for term in terms
    ]
    explained = {row for row in data.complete if row.values[1]}
    paths = []
    for index, (term, rows) in enumerate(zip(terms, members, strict=True)):
        others = set[CrispRow]().union(*members[:index], *members[index + 1 :])
        paths.append(
            Path(
                term,
                tuple(row for row in data.complete if row in rows),
                Share.of(len(rows & explained), len(rows)),
                Share.of(len(rows & explained), len(explained)),
                Share.of(len(rows & explained - others), len(explained)),
            )
        )
    every = set[CrispRow]().union(*members)
    both = len(every & explained)
    return Formula(tuple(paths), Share.of(both, len(every)), Share.of(both, len(explained)))
