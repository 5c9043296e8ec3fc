"""Pairs of a comparison: cases alike in all but the group, and which of the two is higher.

Of a comparison a row says in which ``?group`` it is (true, or false for what that is compared
with), its ``?stratum``, within which cases are matched (a country, and a service where the claim
names none), the years in which it was observed (``?from``, ``?to``) and its ``?outcome``, a
number; further columns that begin with ``outcome`` are compared as well. ``?part`` tells of a case
of the first group of which part of the claim it is, ``?opposite`` of one of the second of which
kind: each of the one is compared with each of the other, apart.

Two cases are matched where they stand in one stratum and the years of both overlap, or are no
further from each other than the claim's header says (``within``); without a year no case is
matched. Each case is in one pair of a comparison at most, so that pairs are independent: both
groups are gone through in order of their years.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from ..messages import ENGLISH, Speaker
from .claims import PARTS, Test
from .tallies import TWO_SIDES, Counts, Found, Sides, truth


class _Member(NamedTuple):
    """A case of a group, in order of its years."""

    first: int
    last: int
    iri: str
    outcomes: tuple[Fraction, ...]


class _Groups(NamedTuple):
    """Cases that can be compared, by stratum and by part or kind."""

    ours: dict[str, dict[str, list[_Member]]]
    others: dict[str, dict[str, list[_Member]]]
    undetermined: dict[str, str]


def compared(test: Test, rows: Iterable[dict[str, str]], say: Speaker) -> Sides:
    """Make pairs of the rows of a comparison, and put each pair on its side.

    Args:
        test: the claim; `within` says how many years may lie between two cases.
        rows: as texts by column, without what is unbound.
        say: says notes in a language.
    """
    groups = _grouped(test, list(rows), say)
    on: dict[str, list[Found]] = {part: [] for part in PARTS}
    wins, losses, ties = Counter[str](), Counter[str](), Counter[str]()
    matched: set[str] = set()
    known: set[str] = set()
    alone: dict[str, str] = {}
    for stratum in sorted(groups.ours.keys() | groups.others.keys()):
        ours, others = groups.ours.get(stratum, {}), groups.others.get(stratum, {})
        for members in (*ours.values(), *others.values()):
            known.update(each.iri for each in members)
            if not (ours and others) and "://" not in stratum:
                # A country alone, or one with what else has to be alike (C18, C19).
                if " " in stratum:
                    told = say("no case to compare it with: {stratum}", stratum=stratum)
                else:
                    told = say("no case to compare it with in {country}", country=stratum)
                alone |= dict.fromkeys((each.iri for each in members), told)
        for part, first in ours.items():
            for kind, second in others.items():
                name = " ".join(filter(None, (part, kind)))
                for one, two in _pairs(sorted(first), sorted(second), test.within):
                    matched.update((one.iri, two.iri))
                    note = _note(stratum, one, two)
                    differences = [a - b for a, b in zip(one.outcomes, two.outcomes, strict=True)]
                    if all(each > 0 for each in differences):
                        wins[name] += 1
                        on["support"].append(Found(one.iri, name, two.iri, note))
                    elif any(each < 0 for each in differences):
                        losses[name] += 1
                        on["counterexamples"].append(Found(one.iri, name, two.iri, note))
                    else:
                        ties[name] += 1
                        told = say("neither is higher")
                        found = Found(one.iri, name, two.iri, f"{note}; {told}")
                        on["undetermined"].append(found)
    unmatched = known - matched
    on["undetermined"] += [
        *(
            Found(iri, note=note)
            for iri, note in groups.undetermined.items()
            if iri not in matched | unmatched
        ),
        *(Found(iri, note=alone.get(iri, "")) for iri in unmatched),
    ]
    for each_side in on.values():
        each_side.sort()
    numbers = {side: len(found) for side, found in on.items()}
    counts = Counts(numbers, shown=wins, ties=ties, against=losses)
    return Sides(on, counts, unmatched=frozenset(unmatched))


def lone_stratum(test: Test, rows: Iterable[dict[str, str]], iri: str) -> str | None:
    """Give in which stratum a case would lack a match if its outcome were recorded.

    Args:
        test: the claim, a comparison.
        rows: as of :func:`compared`.
        iri: the case.

    Returns:
        the stratum, or an empty text where none is recorded; None where it would be in a pair.
    """
    names = [name for name in test.columns if name.startswith("outcome")]
    told = [dict.fromkeys(names, "0") | row if row["row"] == iri else dict(row) for row in rows]
    on = compared(test, told, ENGLISH).on.values()
    if any(each.other and iri in (each.row, each.other) for found in on for each in found):
        return None
    return next((row["stratum"] for row in told if row["row"] == iri and "stratum" in row), "")


def _grouped(test: Test, rows: list[dict[str, str]], say: Speaker) -> _Groups:
    names = [name for name in test.columns if name.startswith("outcome")]
    sides: defaultdict[str, set[bool]] = defaultdict(set)
    years: defaultdict[str, set[int]] = defaultdict(set)
    for row in rows:
        group = truth(row, "group")
        if group is not None:
            sides[row["row"]].add(group)
        years[row["row"]].update(int(row[name]) for name in ("from", "to") if name in row)
    members: tuple[dict[str, dict[str, list[_Member]]], dict[str, dict[str, list[_Member]]]]
    members = {}, {}
    undetermined: dict[str, str] = {}
    seen = set()
    for row in rows:
        iri, group, stratum = row["row"], truth(row, "group"), row.get("stratum")
        outcomes = tuple(Fraction(row[name]) for name in names if name in row)
        if len(sides[iri]) > 1:
            undetermined[iri] = say.again(TWO_SIDES)
        elif group is None or stratum is None or len(outcomes) < len(names) or not years[iri]:
            undetermined.setdefault(iri, "")
        else:
            kind = row.get("part" if group else "opposite", "")
            if (iri, stratum, kind) not in seen:
                seen.add((iri, stratum, kind))
                member = _Member(min(years[iri]), max(years[iri]), iri, outcomes)
                members[not group].setdefault(stratum, {}).setdefault(kind, []).append(member)
    return _Groups(*members, undetermined)


def _pairs(
    ours: list[_Member], others: list[_Member], within: int
) -> Iterator[tuple[_Member, _Member]]:
    """Match two lists in order of their years; whoever is too early for the other is passed."""
    i = j = 0
    while i < len(ours) and j < len(others):
        one, two = ours[i], others[j]
        if two.first - one.last > within:
            i += 1
        elif one.first - two.last > within:
            j += 1
        else:
            yield one, two
            i, j = i + 1, j + 1


def _note(stratum: str, one: _Member, two: _Member) -> str:
    return f"{stratum}, {_span(one)} / {_span(two)}"


def _span(member: _Member) -> str:
    return str(member.first) if member.first == member.last else f"{member.first}-{member.last}"
