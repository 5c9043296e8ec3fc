"""What would turn a verdict: the fewest rows more, or the row less, that give another one.

Nothing here knows a threshold: other numbers of rows are judged by :mod:`.judging`, and the least
of them with another verdict is told. A row more is one that nothing else is known of.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from .claims import Test
from .deciding import Place
from .judging import Judged, judged, made_of
from .sides import parts_of_row
from .tallies import Cell, Counts, Found, Sides

_MOST: Final = 200
"""Rows more up to which it is told how many would turn a verdict."""
_REMATCHED: Final = 250_000
"""Cases in pairs, times cases that can be matched, up to which a comparison is matched again
without each of the first."""
_ENDS: Final = {"for": ("supported",), "against": ("contradicted",)}
_NEITHER: Final = "neither"
ELSEWHERE: Final = "elsewhere"
"""What the one case that shows a part would be coded as: one that shows another, or none."""
ANY: Final = "any"
"""Stands for a part of a claim where any one of them would do."""
_AGAINST: Final[Mapping[str, Cell]] = {"necessity": (False, True)}
"""Condition and outcome of a row against a claim, where it is not condition without outcome."""
More = tuple[str, str, int]
"""A part of the claim, what is added (``for``, ``against`` or ``neither``), and how much of it."""


class Turn(NamedTuple):
    """A smallest change of rows that gives a claim another verdict.

    Attributes:
        verdict: the one that it gives.
        more: rows, or pairs, that are added, all of them (of ``elsewhere`` each is enough); beside
            what is taken away where no rows more support the claim as long as that stands.
        is_stated: whether what is added has to rest on stated values alone.
        stated_in: the parts in which it has to, of more than one to which rows for it are added.
        unstated: the verdict where none of what is added rests on stated values alone, if it is
            another than now; supported it is then by interpreted rows alone.
        without: IRIs of arrangements that are taken away.
        is_any: whether the loss of any one of them is enough, or it takes that of all.
        recoded: how many rows, or pairs, of a part there are on a side, where as many of them as
            `more` says are coded to be on the other; else 0.
        is_reserved: whether each row that then supports it, or a part of it, rests on an
            interpreted value, as far as is known: of rows that are added for it nobody knows, and
            what is coded anew is not known to be stated.
    """

    verdict: str
    more: tuple[More, ...] = ()
    is_stated: bool = False
    stated_in: tuple[str, ...] = ()
    unstated: str = ""
    without: tuple[str, ...] = ()
    is_any: bool = True
    recoded: int = 0
    is_reserved: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain values, for JSON."""
        told: dict[str, Any] = {"verdict": self.verdict}
        if self.is_reserved:
            told["supportedByInterpretedOnly"] = True
        without = {}
        if self.without:
            without = {"withoutAnyOf" if self.is_any else "withoutAllOf": list(self.without)}
            if not self.more:
                return {**told, **without}
        more = [
            {"part": part if part == ANY else part.split() or None, "rows": kind, "n": n}
            for part, kind, n in self.more
        ]
        if self.recoded:
            return {**told, "recoded": more, "of": self.recoded}
        parts = {"statedIn": [part.split() for part in self.stated_in]} if self.stated_in else {}
        other = {"unstated": self.unstated} if self.unstated else {}
        return {**told, "more": more, "stated": self.is_stated, **parts, **other, **without}


class _Rows(NamedTuple):
    """What a claim's rows are: numbers, and the parts against which one is stated."""

    counts: Counts
    stated: frozenset[str]


def turns_of(
    test: Test,
    sides: Sides,
    stated: Mapping[str, bool],
    without: Callable[[str], Sides],
) -> tuple[Turn, ...]:
    """Find the smallest changes of rows that turn the verdict on a claim.

    Args:
        test: the claim.
        sides: its rows.
        stated: of each row against it, and of its match, whether it rests on stated values alone.
        without: gives the rows without an arrangement; asked of comparisons alone, where others
            may be matched in its place.

    Returns:
        rows for it that are enough, then rows against it, then those that would have to change
        sides, then what can be taken away.
    """
    rows = _Rows(sides.counts, _stated_parts(test, sides, stated))
    return (
        *_added(test, rows, "for"),
        *_added(test, rows, "against"),
        *_recoded(test, rows, "against"),
        *_recoded(test, rows, "for"),
        *_taken_away(test, sides, rows, stated, without),
        *_supporting_without(test, sides, rows, stated),
    )


def without_the_one(test: Test, sides: Sides, stated: Mapping[str, bool]) -> Turn | None:
    """Give what a claim's verdict is without the one row that decides against it, if one does.

    Args:
        test: a claim without exceptions; of another nothing is given.
        sides: its rows.
        stated: of each row against it whether it rests on stated values alone; of more than one
            that one decides which alone does so.
    """
    against = {each.row for each in sides.on.get("counterexamples", ())}
    if test.type not in ("necessity", "sufficiency"):
        return None
    one = against if len(against) == 1 else {iri for iri in against if stated.get(iri)}
    if len(one) != 1:
        return None
    left = _less(test, sides, _Rows(sides.counts, frozenset()), list(one), stated)
    return Turn(_verdict(test, left), without=tuple(one))


def with_one_elsewhere(
    test: Test, sides: Sides, stated: Mapping[str, bool], iri: str, there: Place
) -> str:
    """Give what a claim's verdict is where one of its rows stands elsewhere.

    Args:
        test: the claim.
        sides: its rows.
        stated: of each row against it whether it rests on stated values alone.
        iri: the row.
        there: where it stands in place of where it does; what is read otherwise is not stated.
    """
    rows = _Rows(sides.counts, _stated_parts(test, sides, stated))
    counts, kept = _less(test, sides, rows, [iri], stated)
    if there.cell is None:
        return _verdict(test, _Rows(counts, kept))
    table = Counter(counts.table)
    tables = {part: Counter(each) for part, each in counts.tables.items()}
    for one in (table, *(tables.setdefault(part, Counter()) for part in there.part.split())):
        one[there.cell] += 1
    return _verdict(test, _Rows(counts._replace(table=table, tables=tables), kept))


def _parts(test: Test, rows: _Rows) -> list[Judged]:
    return judged(test, rows.counts, rows.stated)


def _verdict(test: Test, rows: _Rows) -> str:
    return made_of(_parts(test, rows))


# -- rows more ---------------------------------------------------------------------------------


def _added(test: Test, rows: _Rows, kind: str) -> Iterator[Turn]:
    """Give the fewest rows on one side that turn the verdict, and those that turn it for good."""
    now = _verdict(test, rows)
    if (kind == "against" and test.type == "existence") or now in _ENDS[kind]:
        return
    if kind == "for":
        ends = list(_supporting(test, rows))
    else:
        ends = _fewest(_steps(test, rows, kind, to_the_end=True))
    first = [] if test.type == "existence" else _fewest(_steps(test, rows, kind))
    if first and not first[0].verdict.startswith(_ENDS[kind]):
        yield from first
    yield from ends


def _fewest(steps: Iterable[Turn]) -> list[Turn]:
    """Give the step of fewest rows; of any part where each takes as many."""
    found = list(steps)
    least = min((step.more[0][2] for step in found), default=0)
    few = [step for step in found if step.more[0][2] == least]
    is_any = len(few) == len(found) > 1 and len({step._replace(more=()) for step in few}) == 1
    if is_any:
        return [few[0]._replace(more=((ANY, *few[0].more[0][1:]),))]
    return few[:1]


def _steps(test: Test, rows: _Rows, kind: str, *, to_the_end: bool = False) -> Iterator[Turn]:
    """Give the fewest rows of each part alone that turn the verdict."""
    now = _verdict(test, rows)
    # One row of many that are wanted makes "not tested" into "too few": that is no news.
    same = {now, "too-few"} if now == "not-tested" else {now}
    for part in [each.part for each in _parts(test, rows)]:
        for is_stated in (False, True) if kind == "against" else (False,):

            def turned(n: int, part: str = part, is_stated: bool = is_stated) -> bool:
                told = _verdict(test, _with(test, rows, [(part, kind, n)], is_stated))
                return told in _ENDS[kind] if to_the_end else told not in same

            if number := _least(turned):
                more = (part, kind, number)
                told = _verdict(test, _with(test, rows, [more], is_stated))
                other = _verdict(test, _with(test, rows, [more], is_stated=False))
                yield Turn(
                    told, (more,), is_stated, unstated="" if other in same | {told} else other
                )
                break


def _supporting(test: Test, rows: _Rows) -> Iterator[Turn]:
    """Give what each part lacks to be supported, where rows can make it so."""
    lacking = [_lacking(test, rows, each.part) for each in _parts(test, rows)]
    more = [each for part in lacking for each in part]
    told = _verdict(test, _with(test, rows, more, is_stated=False))
    if more and told == "supported":
        yield Turn(told, tuple(more))


def _lacking(test: Test, rows: _Rows, part: str) -> list[More]:
    """Give what a part lacks to be supported; nothing where it is, or no rows can make it so."""

    def is_enough(rows_for: int, neither: int) -> bool:
        added = [(part, "for", rows_for), (part, _NEITHER, neither)]
        after = _parts(test, _with(test, rows, added, is_stated=False))
        return any(one.part == part and one.verdict == "supported" for one in after)

    least = 0 if is_enough(0, _MOST) else _least(lambda n: is_enough(n, _MOST))
    beside = 0 if is_enough(least, 0) else _least(lambda n: is_enough(least, n))
    return [(part, kind, n) for kind, n in (("for", least), (_NEITHER, beside)) if n]


def _least(is_enough: Callable[[int], bool]) -> int:
    """Give the least number from 1 that is enough; 0 where none is.

    More need not be enough where fewer are: of a claim in parts that is mixed by a few rows of one
    part, more make it too few, by the parts that nothing tests. The first eight are tried one by
    one, and beyond them what is enough holds for as many again, as the intervals of many rows are.
    """
    low, high = 0, 1
    while not is_enough(high):
        if high >= _MOST:
            return 0
        low, high = high, high + 1 if high < 8 else min(2 * high, _MOST)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high


def _with(test: Test, rows: _Rows, more: Iterable[More], is_stated: bool) -> _Rows:
    """Give rows with others beside them."""
    counts, stated = rows.counts, set(rows.stated)
    table = Counter(counts.table)
    tables = {part: Counter(each) for part, each in counts.tables.items()}
    shown, against = Counter(counts.shown), Counter(counts.against)
    for part, kind, n in more:
        cell = _cell(test, kind)
        table[cell] += n
        tables.setdefault(part, Counter())[cell] += n
        if kind == "for":
            shown[part] += n
        elif kind == "against":
            against[part] += n
            stated |= {part, ""} if is_stated else set()
    found = counts._replace(table=table, tables=tables, shown=+shown, against=+against)
    return _Rows(found, frozenset(stated))


def _cell(test: Test, kind: str) -> Cell:
    return {
        "for": (True, True),
        "against": _AGAINST.get(test.type, (True, False)),
        _NEITHER: (False, False),
    }[kind]


# -- rows that change sides ---------------------------------------------------------------------


def _recoded(test: Test, rows: _Rows, kind: str) -> list[Turn]:
    """Give the fewest rows of a part that turn the verdict by changing to a side.

    Of what is coded anew nobody knows that it is stated; what is stated against a claim is so as
    long as a row against it is left.
    """
    now, steps = _verdict(test, rows), []
    if test.type == "existence":
        return _shown_elsewhere(test, rows, now) if kind == "against" else []
    for judged_part in _parts(test, rows):
        part, share = judged_part.part, judged_part.share
        number = share.k if kind == "against" else share.n - share.k

        def turned(n: int, part: str = part, number: int = number) -> str:
            return _verdict(test, _moved(test, rows, part, kind, min(n, number)))

        if number and (least := min(_least(lambda n: turned(n) != now), number)):
            steps.append(Turn(turned(least), ((part, kind, least),), recoded=number))
    return sorted(steps, key=lambda turn: turn.more[0][2])[:1]


def _shown_elsewhere(test: Test, rows: _Rows, now: str) -> list[Turn]:
    """Give the parts that one case alone shows, where the loss of it to another turns the verdict.

    Each by itself is enough; those with the same verdict are told together.
    """
    shown, found = rows.counts.shown, defaultdict(list)
    for part in (part for part in test.parts if shown.get(part) == 1):
        left = rows.counts._replace(shown={**shown, part: 0})
        found[_verdict(test, rows._replace(counts=left))].append((part, ELSEWHERE, 1))
    return [Turn(told, tuple(more), recoded=1) for told, more in found.items() if told != now]


def _moved(test: Test, rows: _Rows, part: str, kind: str, n: int) -> _Rows:
    """Give rows of which some have changed to a side."""
    other = "for" if kind == "against" else "against"
    after = _with(test, rows, [(part, kind, n), (part, other, -n)], is_stated=False)
    left = (
        after.counts.against
        if test.type == "comparison"
        else {
            name: table[_cell(test, "against")]
            for name, table in (*after.counts.tables.items(), ("", after.counts.table))
        }
    )
    return after._replace(stated=frozenset(name for name in rows.stated if left.get(name)))


# -- a row less --------------------------------------------------------------------------------


def _taken_away(
    test: Test,
    sides: Sides,
    rows: _Rows,
    stated: Mapping[str, bool],
    without: Callable[[str], Sides],
) -> Iterator[Turn]:
    """Give the arrangements without which the verdict is another, by what it is then."""
    now = _verdict(test, rows)
    found: defaultdict[str, list[str]] = defaultdict(list)
    if test.type == "comparison":
        bearing = [*sides.on["support"], *sides.on["counterexamples"]]
        iris = sorted({iri for each in bearing for iri in (each.row, each.other) if iri})
        ties = sum(sides.counts.ties.values())
        among = len(iris) + len(sides.unmatched) + 2 * ties
        for iri in iris if len(iris) * among <= _REMATCHED else ():
            left = without(iri)
            told = _verdict(test, _Rows(left.counts, _stated_parts(test, left, stated)))
            found[told].append(iri)
    else:
        for alike in _alike(test, sides, stated).values():
            found[_verdict(test, _less(test, sides, rows, alike[:1], stated))] += alike
    for told in sorted(found.keys() - {now}):
        yield Turn(told, without=tuple(sorted(found[told])))
    against = sorted({each.row for each in sides.on["counterexamples"]})
    if test.type in ("necessity", "sufficiency") and len(against) > 1:
        told = _verdict(test, _less(test, sides, rows, against, stated))
        if told != now and told not in found:
            yield Turn(told, without=tuple(against), is_any=False)


def _supporting_without(
    test: Test, sides: Sides, rows: _Rows, stated: Mapping[str, bool]
) -> Iterator[Turn]:
    """Give what a claim without exceptions lacks once what stands against it is gone."""
    against = tuple(sorted({each.row for each in sides.on["counterexamples"]}))
    if against and test.type in ("necessity", "sufficiency"):
        for turn in _supporting(test, _less(test, sides, rows, list(against), stated)):
            yield turn._replace(without=against, is_any=False)


def _alike(test: Test, sides: Sides, stated: Mapping[str, bool]) -> dict[object, list[str]]:
    """Give the rows that can bear on the verdict, those of one kind together."""
    alike: defaultdict[object, list[str]] = defaultdict(list)
    if test.type == "existence":
        parts = _parts_shown(sides)
        for iri, shown in parts.items():
            alike[frozenset(shown)].append(iri)
        return alike
    part_of = {each.row: each.part for found in sides.on.values() for each in found}
    for cell, iris in sides.cells.items():
        if None not in cell:
            for iri in iris:
                alike[cell, part_of.get(iri, ""), stated.get(iri)].append(iri)
    return alike


def _less(
    test: Test, sides: Sides, rows: _Rows, iris: list[str], stated: Mapping[str, bool]
) -> _Rows:
    """Give rows without some of them."""
    gone = set(iris)
    left = {side: [each for each in on if each.row not in gone] for side, on in sides.on.items()}
    kept = sides._replace(on=left)
    counts = rows.counts
    if test.type == "existence":
        shown = Counter(part for parts in _parts_shown(kept).values() for part in parts)
        return rows._replace(counts=counts._replace(shown=shown))
    table = Counter(counts.table)
    tables = {part: Counter(each) for part, each in counts.tables.items()}
    part_of = {each.row: each.part for found in sides.on.values() for each in found}
    for cell, members in sides.cells.items():
        for iri in gone.intersection(members):
            table[cell] -= 1
            for part in part_of.get(iri, "").split():
                tables[part][cell] -= 1
    return _Rows(counts._replace(table=table, tables=tables), _stated_parts(test, kept, stated))


def _parts_shown(sides: Sides) -> dict[str, set[str]]:
    parts: defaultdict[str, set[str]] = defaultdict(set)
    for each in sides.on["support"]:
        parts[each.row].update(each.part.split())
    return parts


def _stated_parts(test: Test, sides: Sides, stated: Mapping[str, bool]) -> frozenset[str]:
    """Give the parts against which a row, or a pair, stands that rests on stated values alone."""

    def is_stated(each: Found) -> bool:
        return all(stated.get(iri, False) for iri in (each.row, each.other) if iri)

    against = filter(is_stated, sides.on.get("counterexamples", ()))
    return frozenset(part for each in against for part in parts_of_row(test, each))
