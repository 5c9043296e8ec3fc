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

All else is beside the point. Of existence a row says the ``?part`` that it shows; without one it
is undetermined. Of a comparison it says in which ``?group`` it is (true, or false for what that is
compared with), its ``?stratum``, within which groups are matched, and its ``?outcome``, a number;
further columns that begin with ``outcome`` are compared as well. A matched pair of groups is for
the claim where every mean is higher in the first group, against it where one is not.

A row whose values fall on two sides is undetermined, and says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from ..knowledge.portable import parts_of
from ..messages import ENGLISH, Sentence, Speaker
from .claims import PARTS, Test

if TYPE_CHECKING:
    from fractions import Fraction

TWO_SIDES: Final = Sentence("its values fall on two sides")
_TRUTHS: Final = {"true": True, "1": True, "false": False, "0": False}
_SIDES: Final[dict[str, dict[tuple[bool | None, bool | None], str]]] = {
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
_SIDES["tendency"] = _SIDES["sufficiency"]


class Found(NamedTuple):
    """A row on a side.

    Attributes:
        row: IRI of the arrangement; in a comparison, of the first of its group.
        part: what it shows of an existence claim.
        other: in a comparison, IRI of the first of the other group.
        note: what there is to be said of it.
        pairs: in a comparison, how many pairs the groups make.
    """

    row: str
    part: str = ""
    other: str = ""
    note: str = ""
    pairs: int = 0


class Sides(NamedTuple):
    """The rows on each side, in order of their IRIs, and those that bear on the claim.

    Attributes:
        on: the rows by side; every one of :data:`~coproduction.evidence.claims.PARTS` is there.
        domain: how many rows could speak: those for and against, and in a comparison each
            matched pair of groups.
        unmatched: in a comparison, IRIs of the undetermined rows that lack a match alone.
    """

    on: dict[str, list[Found]]
    domain: int
    unmatched: frozenset[str] = frozenset()

    def count(self, part: str) -> int:
        """Give how many arrangements, or pairs of groups, stand on a side."""
        # A row shows each part by itself; a case may be the first of its group in two strata.
        return len({(each.row, each.other and each.note) for each in self.on[part]})


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
        return _compared(test, rows, say)
    found = _shown(rows) if test.type == "existence" else _told(test.type, rows, say)
    on: dict[str, list[Found]] = {part: [] for part in PARTS}
    for part, each in found:
        on[part].append(each)
    for each_side in on.values():
        each_side.sort()
    speaking = {each.row for part in ("support", "counterexamples") for each in on[part]}
    return Sides(on, len(speaking))


class Counts(NamedTuple):
    """How many rows stand on each side that was counted, and which parts are shown.

    Of an existence claim those for it alone are counted, and where several parts are shown not even
    these, as a row may show more than one.
    """

    on: dict[str, int]
    shown: frozenset[str]


def counting(test: Test, text: str) -> str | None:
    """Give a query around a claim's that counts its rows by what they say; of comparisons none.

    A store of many cases counts far sooner than it gives the IRI of each.
    """
    parts = parts_of(text)
    # No line is added before the claim's own, so that an error names the line of its file.
    if test.type == "comparison":
        return None
    if test.type == "existence":
        return (
            f"{parts.prologue}SELECT ?part (COUNT(DISTINCT ?row) AS ?n) WHERE {{ {{ {parts.body}\n"
            "} FILTER(BOUND(?part)) }\nGROUP BY ?part"
        )
    said = ', " ", '.join(f'COALESCE(STR(?{name}), "-")' for name in ("condition", "outcome"))
    return (
        f"{parts.prologue}SELECT ?said (COUNT(*) AS ?n) WHERE {{ {{ "
        'SELECT ?row (GROUP_CONCAT(DISTINCT ?each; SEPARATOR=";") AS ?said) '
        f"WHERE {{ {{ {parts.body}\n}} BIND(CONCAT({said}) AS ?each) }}\n"
        "GROUP BY ?row\n} }\nGROUP BY ?said"
    )


def told_apart(text: str) -> str:
    """Give a query around that of a comparison for the rows that can be compared alone."""
    parts = parts_of(text)
    names = " ".join(f"?{name}" for name in parts.variables)
    bound = " && ".join(f"BOUND(?{name})" for name in ("group", "stratum", "outcome"))
    return (
        f"{parts.prologue}SELECT DISTINCT {names} WHERE {{ {{ {parts.body}\n}} FILTER({bound}) }}"
    )


def counts_of(test: Test, answer: Iterable[dict[str, str]]) -> Counts:
    """Read the answer to :func:`counting`."""
    if test.type == "existence":
        shown = {row["part"]: int(row["n"]) for row in answer if row.get("part")}
        return Counts({"support": next(iter(shown.values()), 0)}, frozenset(shown))
    on = dict.fromkeys(PARTS, 0)
    table = _SIDES[test.type]
    for row in answer:
        pairs = (each.split() for each in row["said"].split(";"))
        sides = {table.get((_TRUTHS.get(one), _TRUTHS.get(two))) for one, two in pairs} - {None}
        if sides:
            side = sides.pop() if len(sides) == 1 else "undetermined"
            on[str(side)] += int(row["n"])
    return Counts(on, frozenset())


def _shown(rows: Iterable[dict[str, str]]) -> Iterator[tuple[str, Found]]:
    for row in rows:
        part = row.get("part", "")
        yield "support" if part else "undetermined", Found(row["row"], part)


def _told(kind: str, rows: Iterable[dict[str, str]], say: Speaker) -> Iterator[tuple[str, Found]]:
    table = _SIDES[kind]
    notes: dict[str, str] = {}
    sides: dict[str, str] = {}
    torn = set()
    for row in rows:
        side = table.get((_truth(row, "condition"), _truth(row, "outcome")))
        if side is None:
            continue
        iri = row["row"]
        if sides.setdefault(iri, side) != side:
            torn.add(iri)
        if "note" in row:
            notes[iri] = row["note"]
    for iri, side in sides.items():
        if iri in torn:
            yield "undetermined", Found(iri, note=say.again(TWO_SIDES))
        else:
            yield side, Found(iri, note=notes.get(iri, ""))


def _truth(row: dict[str, str], name: str) -> bool | None:
    return _TRUTHS.get(row.get(name, ""))


_Outcomes: TypeAlias = "dict[str, Fraction]"


class _Group(NamedTuple):
    """The members of one group in one stratum, each with its outcomes."""

    members: list[tuple[str, _Outcomes]]

    def mean(self, name: str) -> Fraction | None:
        from fractions import Fraction

        values = [outcomes[name] for _, outcomes in self.members if name in outcomes]
        return sum(values, Fraction()) / len(values) if values else None


def _compared(test: Test, rows: Iterable[dict[str, str]], say: Speaker) -> Sides:
    """Match groups within strata, and compare the means of each matched pair."""
    from fractions import Fraction

    strata: defaultdict[str, tuple[_Group, _Group]] = defaultdict(lambda: (_Group([]), _Group([])))
    groups: defaultdict[str, set[bool]] = defaultdict(set)
    undetermined: dict[str, str] = {}
    names = [name for name in test.columns if name.startswith("outcome")]
    matched: set[str] = set()
    unmatched: set[str] = set()
    known = list(rows)
    for row in known:
        group = _truth(row, "group")
        if group is not None:
            groups[row["row"]].add(group)
    for row in known:
        iri, group, stratum = row["row"], _truth(row, "group"), row.get("stratum")
        outcomes = {n: Fraction(value) for n, value in row.items() if n.startswith("outcome")}
        if len(groups[iri]) > 1:
            undetermined[iri] = say.again(TWO_SIDES)
        elif group is None or stratum is None or "outcome" not in outcomes:
            undetermined.setdefault(iri, "")
        else:
            strata[stratum][0 if group else 1].members.append((iri, outcomes))
    on: dict[str, list[Found]] = {part: [] for part in PARTS}
    domain = 0
    for stratum, (ours, others) in sorted(strata.items()):
        if not ours.members or not others.members:
            unmatched.update(iri for iri, _ in (*ours.members, *others.members))
            continue
        domain += 1
        matched.update(iri for iri, _ in (*ours.members, *others.members))
        sizes = len(ours.members), len(others.members)
        note = test.note.format(stratum=stratum, ours=sizes[0], others=sizes[1])
        first, other = (min(iri for iri, _ in group.members) for group in (ours, others))
        side = _side_of(ours, others, names)
        if side:
            on[side].append(Found(first, other=other, note=note, pairs=sizes[0] * sizes[1]))
    on["undetermined"] = [
        *(Found(iri, note=note) for iri, note in undetermined.items() if iri not in matched),
        *(Found(iri) for iri in unmatched - matched - undetermined.keys()),
    ]
    for each_side in on.values():
        each_side.sort()
    return Sides(on, domain, frozenset(unmatched - matched - undetermined.keys()))


def _side_of(ours: _Group, others: _Group, names: Collection[str]) -> str:
    """Tell the side of a matched pair, or nothing where an outcome cannot be compared."""
    means = [(ours.mean(name), others.mean(name)) for name in names]
    compared = [(one, two) for one, two in means if one is not None and two is not None]
    if any(one <= two for one, two in compared):
        return "counterexamples"
    return "support" if len(compared) == len(names) else ""
