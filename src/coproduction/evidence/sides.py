"""On which side of a claim a row stands, by the claim's type.

Of necessity ("only X can Y"), sufficiency ("X is Y") and tendency ("X is often Y") a row says
``?condition`` (X) and ``?outcome`` (Y), each true, false or, where nothing tells, unbound:

=============  ================  ====================  ==========================================
type           for               against               undetermined
=============  ================  ====================  ==========================================
necessity      X and Y           Y without X           Y, and X not told; no X, and Y not told
sufficiency,   X and Y           X without Y           X, and Y not told
tendency
=============  ================  ====================  ==========================================

All else is beside the point, and counts in the table of two by two. A claim that names parts
("both the public and the for-profit sector") has a ``?part`` beside them. Of existence a row says
the ``?part`` that it shows; without one it is undetermined, or irrelevant where its
``?condition`` is false. How a comparison is made of rows:
:mod:`coproduction.evidence.pairs`.

A row with two conditions or two outcomes that bear on the claim is undetermined, and says so: no
arrangement stands on both sides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final, TypeVar

from ..knowledge.portable import Parts, parts_of
from ..messages import ENGLISH, Sentence, Speaker
from ..names import COP
from .claims import PARTS, Test
from .pairs import compared
from .tallies import TRUTHS, TWO_SIDES, Cell, Counts, Found, Said, Sides, truth

Key = TypeVar("Key")
_SIDES: Final[dict[str, dict[Cell, str]]] = {
    "necessity": {
        (True, True): "support",
        (False, True): "counterexamples",
        (False, None): "undetermined",
        (None, True): "undetermined",
    },
    "sufficiency": {
        (True, True): "support",
        (True, False): "counterexamples",
        (True, None): "undetermined",
    },
}
_NOTES: Final = (Sentence("no social service"),)
"""What queries of claims note of rows, in English; a number in it is not said in a language."""
_SIDES["tendency"] = _SIDES["sufficiency"]


def sides_of(
    test: Test,
    answer: Iterable[dict[str, str]],
    without: Collection[str] = (),
    say: Speaker = ENGLISH,
) -> Sides:
    """Put the rows of a claim's query on their sides.

    Args:
        test: the claim.
        answer: the rows, as texts by column, without what is unbound.
        without: IRIs of arrangements that are left out.
        say: says notes in a language.
    """
    rows = (row for row in answer if row["row"] not in without)
    if test.type == "comparison":
        return compared(test, rows, say)
    if test.type == "existence":
        return _shown(rows)
    return _told(test.type, rows, say)


def side_of(kind: str, said: Said) -> tuple[str, Cell]:
    """Give the side of what a row says ("" beside the point), and its condition and outcome.

    Args:
        kind: ``necessity``, ``sufficiency`` or ``tendency``.
        said: what it says; of two values of which only one bears on the claim, neither is told.
    """
    table = _SIDES[kind]
    conditions = {each[0] for each in said} - {None}
    outcomes = {each[1] for each in said} - {None}
    cell = (
        conditions.pop() if len(conditions) == 1 else None,
        outcomes.pop() if len(outcomes) == 1 else None,
    )
    side = table.get(cell, "")
    is_torn = bool(conditions or outcomes) and any(each[:2] in table for each in said)
    return ("undetermined" if is_torn and not side else side), cell


def beside(kind: str, cells: Mapping[Cell, Iterable[str]]) -> dict[str, str]:
    """Give where the rows stand that are on no side, by their IRIs; what is not there is outside.

    ``irrelevant`` is what can speak for neither side: of necessity what lacks the outcome, else
    what lacks the condition. Of what is ``not told`` a value that decides is not recorded.

    Args:
        kind: the type of the claim.
        cells: IRIs of the rows by condition and outcome; what is on a side for another reason than
            its cell, such as a row of two values, is given here too, and the side goes before.

    >>> beside("tendency", {(False, None): ["a"], (None, True): ["b"], (True, True): ["c"]})
    {'a': 'irrelevant', 'b': 'not told'}
    """
    at = 1 if kind == "necessity" else 0
    on_a_side = _SIDES.get(kind, {})
    return {
        iri: "irrelevant" if cell[at] is False else "not told"
        for cell, rows in cells.items()
        if cell not in on_a_side
        for iri in rows
    }


def counting(test: Test, text: str, *, by_profiles: bool = False) -> str | None:
    """Give a query around a claim's that counts its rows by what they say; of comparisons none.

    A store of many cases counts far sooner than it gives the IRI of each.

    Args:
        test: the claim.
        text: its query.
        by_profiles: whether a row stands for as many cases as ``cop:caseCount`` of it says, where
            it says so.
    """
    parts = parts_of(text)
    # No line is added before the claim's own, so that an error names the line of its file.
    if test.type == "comparison":
        return None
    if test.type == "existence" and by_profiles:
        return (
            f"{parts.prologue}SELECT ?part (SUM(COALESCE(?times, 1)) AS ?n) WHERE {{ "
            "{ SELECT DISTINCT ?row ?part "
            f"WHERE {{ {{ {parts.body}\n}} FILTER(BOUND(?part)) }} }} "
            f"OPTIONAL {{ ?row <{COP}caseCount> ?times }} }}\nGROUP BY ?part"
        )
    if test.type == "existence":
        return (
            f"{parts.prologue}SELECT ?part (COUNT(DISTINCT ?row) AS ?n) WHERE {{ {{ {parts.body}\n"
            "} FILTER(BOUND(?part)) }\nGROUP BY ?part"
        )
    number, times = "COUNT(*)", ""
    if by_profiles:
        number = "SUM(COALESCE(?times, 1))"
        times = f"OPTIONAL {{ ?row <{COP}caseCount> ?times }} "
    return (
        f"{parts.prologue}SELECT ?said ({number} AS ?n) (SAMPLE(?row) AS ?one) "
        f"WHERE {{ {{ {_saying(parts)}\n}} {times}}}\nGROUP BY ?said"
    )


def told_apart(text: str) -> str:
    """Give a query around that of a comparison for the rows that can be compared alone."""
    parts = parts_of(text)
    names = " ".join(f"?{name}" for name in parts.variables)
    bound = " && ".join(f"BOUND(?{name})" for name in ("group", "stratum", "from", "outcome"))
    return (
        f"{parts.prologue}SELECT DISTINCT {names} WHERE {{ {{ {parts.body}\n}} FILTER({bound}) }}"
    )


def on_side(test: Test, text: str, side: str, most: int) -> str:
    """Give a query around a claim's for some of the rows on a side, which say that alone.

    ``?said`` has the parts of each: see :func:`parts_told`.

    Args:
        test: a claim that has conditions and outcomes.
        text: its query.
        side: ``support`` or ``counterexamples``.
        most: how many rows are enough.
    """
    parts = parts_of(text)
    cells = {found: cell for cell, found in _SIDES[test.type].items() if None not in cell}
    said = ",".join("(true|1)" if each else "(false|0)" for each in cells[side])
    # Nothing is left of what a row says once that is taken out: no engine has to look ahead.
    return (
        f"{parts.prologue}SELECT ?row ?said WHERE {{ {{ {_saying(parts)}\n}} "
        f'FILTER(REPLACE(?said, "(^|;){said}[^;]*", "") = "") }}\nLIMIT {most}'
    )


def _saying(parts: Parts) -> str:
    """Give the sub-select that says of each row all that it says."""
    names = [name for name in ("condition", "outcome", "part") if name in parts.variables]
    # What is not told is an empty text: some engines make one of it anyway, whatever stands for it.
    said = ', ",", '.join(f'IF(BOUND(?{name}), STR(?{name}), "")' for name in names)
    return (
        'SELECT ?row (GROUP_CONCAT(DISTINCT ?each; SEPARATOR=";") AS ?said) '
        f"WHERE {{ {{ {parts.body}\n}} BIND(CONCAT({said}) AS ?each) }}\nGROUP BY ?row"
    )


def counts_of(
    test: Test, answer: Iterable[dict[str, str]], less: Iterable[dict[str, str]] = ()
) -> Counts:
    """Read the answer to :func:`counting`.

    Args:
        test: the claim.
        answer: how many rows there are of each that can be said.
        less: the same of rows that are in the answer, and are not to count.
    """
    if test.type == "existence":
        parts = _less(answer, less, "part", str)
        return Counts({"support": next(iter(parts.values()), 0)}, shown=dict(parts))
    return _counted(test.type, _less(answer, less, "said", _read))


def _less(
    answer: Iterable[dict[str, str]],
    less: Iterable[dict[str, str]],
    column: str,
    read: Callable[[str], Key],
) -> Counter[Key]:
    """Give how many rows there are of each value of a column, without others."""
    numbers: Counter[Key] = Counter()
    for sign, rows in ((1, answer), (-1, less)):
        for row in rows:
            if row.get(column):
                numbers[read(row[column])] += sign * int(row["n"])
    return +numbers


def ones_on_side(test: Test, answer: Iterable[dict[str, str]], side: str) -> list[dict[str, str]]:
    """Give those rows of the answer to :func:`counting` whose one row is on a side of a claim."""
    return [
        {"row": row["one"], "said": row["said"]}
        for row in answer
        if "one" in row
        and test.type != "existence"
        and side_of(test.type, _read(row["said"]))[0] == side
    ]


def parts_told(said: str) -> set[str]:
    """Give the parts of a claim that a row of :func:`on_side` is about; "" is the claim itself."""
    return {each[2] for each in _read(said)}


def _read(said: str) -> Said:
    return frozenset(
        (TRUTHS.get(words[0]), TRUTHS.get(words[1]), words[2] if words[2:] else "")
        for words in (each.split(",", 2) for each in said.split(";"))
    )


def _counted(kind: str, numbers: Mapping[Said, int]) -> Counts:
    on = dict.fromkeys(PARTS, 0)
    table: Counter[Cell] = Counter()
    tables: defaultdict[str, Counter[Cell]] = defaultdict(Counter)
    for said, number in numbers.items():
        side, cell = side_of(kind, said)
        if side:
            on[side] += number
        table[cell] += number
        for part in {each[2] for each in said} - {""}:
            tables[part][cell] += number
    shown = {part: of[True, True] for part, of in tables.items()}
    return Counts(on, table, dict(tables), shown)


def _shown(rows: Iterable[dict[str, str]]) -> Sides:
    on: dict[str, list[Found]] = {part: [] for part in PARTS}
    none: list[str] = []
    for row in rows:
        part = row.get("part", "")
        if not part and truth(row, "condition") is False:
            none.append(row["row"])
        else:
            on["support" if part else "undetermined"].append(Found(row["row"], part))
    for each_side in on.values():
        each_side.sort()
    numbers = {side: len({each.row for each in found}) for side, found in on.items()}
    on_any = {each.row for found in on.values() for each in found}
    counts = Counts(numbers, shown=Counter(each.part for each in on["support"]))
    return Sides(on, counts, {(False, None): sorted({*none} - on_any)} if none else {})


def _told(kind: str, rows: Iterable[dict[str, str]], say: Speaker) -> Sides:
    said: dict[str, Said] = {}
    notes: dict[str, str] = {}
    # Many rows say the same: it is read, and put on its side, once.
    read: dict[tuple[str | None, str | None, str], Said] = {}
    for row in rows:
        iri = row["row"]
        told = row.get("condition"), row.get("outcome"), row.get("part", "")
        if told not in read:
            truths = truth(row, "condition"), truth(row, "outcome")
            read[told] = frozenset(((*truths, told[2]),))
        said[iri] = said[iri] | read[told] if iri in said else read[told]
        if "note" in row:
            notes[iri] = say(row["note"])
    on: dict[str, list[Found]] = {part: [] for part in PARTS}
    cells: defaultdict[Cell, list[str]] = defaultdict(list)
    alike: defaultdict[Said, list[str]] = defaultdict(list)
    for iri in sorted(said):
        alike[said[iri]].append(iri)
    for each, iris in alike.items():
        side, cell = side_of(kind, each)
        cells[cell] += iris
        values = [{one[i] for one in each} - {None} for i in (0, 1)]
        is_torn = side == "undetermined" and any(len(of_each) > 1 for of_each in values)
        part = " ".join(sorted({one[2] for one in each} - {""}))
        note = say.again(TWO_SIDES) if is_torn else ""
        if side:
            on[side] += [Found(iri, part, note=note or notes.get(iri, "")) for iri in iris]
    for found in on.values():
        found.sort()
    for members in cells.values():
        members.sort()
    numbers = {each: len(iris) for each, iris in alike.items()}
    return Sides(on, _counted(kind, numbers), dict(cells))


def parts_of_row(test: Test, found: Found) -> set[str]:
    """Give the parts that a row is about, of a pair the one that it has, and the claim itself."""
    return {"", *([found.part] if test.type == "comparison" else found.part.split())}
