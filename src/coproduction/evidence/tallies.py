"""Rows on the sides of a claim, and their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from ..messages import Sentence

TWO_SIDES: Final = Sentence("its values fall on two sides")
TRUTHS: Final = {"true": True, "1": True, "false": False, "0": False}
Cell = tuple[bool | None, bool | None]
"""Condition and outcome of a row, each true, false or, where nothing tells, None."""
Said = frozenset[tuple[bool | None, bool | None, str]]
"""What a row says: each of its conditions and outcomes, with the part of the claim it is about."""


class Found(NamedTuple):
    """A row on a side.

    Attributes:
        row: IRI of the arrangement; in a comparison, of the first of a pair.
        part: IRIs of the parts of the claim that it is about, or shows; of a pair, the one part.
        other: in a comparison, IRI of the second of the pair.
        note: what there is to be said of it.
    """

    row: str
    part: str = ""
    other: str = ""
    note: str = ""


class Beyond(NamedTuple):
    """Rows on a side that are counted, and of which no more is said.

    Attributes:
        number: how many there are.
        interpreted: how many of these rest on an interpreted value, of rows for or against.
        unsourced: how many name no source.
    """

    number: int = 0
    interpreted: int = 0
    unsourced: int = 0


class Sides(NamedTuple):
    """The rows on each side, in order of their IRIs, and what is counted of them.

    Attributes:
        on: the rows by side; every one of :data:`~coproduction.evidence.claims.PARTS` is there.
        counts: how many rows stand where.
        cells: IRIs of the rows by condition and outcome, of claims that have them.
        unmatched: in a comparison, IRIs of the undetermined rows that lack a match alone.
    """

    on: dict[str, list[Found]]
    counts: Counts
    cells: Mapping[Cell, list[str]] = MappingProxyType({})
    unmatched: frozenset[str] = frozenset()


class Counts(NamedTuple):
    """How many rows, or pairs of a comparison, stand on each side.

    Attributes:
        on: the numbers by side; the undetermined are left out where nobody asked for them.
        table: of claims that have conditions and outcomes, rows by both.
        tables: the same by part of the claim.
        shown: rows by the part that they show, or are about.
        ties: by part, pairs of a comparison of which neither is higher.
        against: by part, rows or pairs against the claim.
    """

    on: dict[str, int]
    table: Mapping[Cell, int] = MappingProxyType({})
    tables: Mapping[str, Mapping[Cell, int]] = MappingProxyType({})
    shown: Mapping[str, int] = MappingProxyType({})
    ties: Mapping[str, int] = MappingProxyType({})
    against: Mapping[str, int] = MappingProxyType({})


def truth(row: Mapping[str, str], name: str) -> bool | None:
    """Give what a row says in a column: true, false, or None where it says nothing."""
    return TRUTHS.get(row.get(name, ""))
