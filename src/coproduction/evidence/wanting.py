"""What a verdict lacks: rows, parts; and what it rests on twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from ..messages import Speaker
from ..names import COP
from ..store.protocol import Store
from .claims import Test
from .figures import Share
from .judging import WITHOUT_EXCEPTIONS, Judged
from .tallies import Sides

_RIGHTS: Final = COP + "hasDecisionRights"
_SERVICE: Final = COP + "hasServiceType"
_INTENSITY: Final = COP + "hasRelationIntensity"
_ENOUGH: Final = 1
"""Rows that are enough against a claim without exceptions."""
_OWNED: Final = ox.NamedNode(COP + "OwnershipOrEmployer")


def missing(test: Test, parts: Sequence[Judged], named: Mapping[str, str], say: Speaker) -> str:
    """Tell what a verdict takes that the rows do not give: parts of the claim, or more rows.

    Args:
        test: the claim.
        parts: what is judged of each part.
        named: labels of the parts.
        say: the language.
    """
    kind, told = test.type, []
    for each in parts:
        name = each.label(named)
        if kind == "existence":
            told += [name] if each.wanting else []
            continue
        if each.without:
            lacks = _beside(test, each, say)
        else:
            lacks = _more(kind, each, say) if each.wanting else ""
        if lacks:
            if kind in WITHOUT_EXCEPTIONS and each.verdict == "too-few":
                one = say.plural(
                    "{count:,} more row against it, on stated values alone",
                    "{count:,} more rows against it, each on stated values alone",
                    _ENOUGH,
                )
                lacks = say("{more}, or {fewer}", more=lacks, fewer=one)
            told.append(say("{name}: {told}", name=name, told=lacks) if name else lacks)
    return (", " if kind == "existence" else say("; ")).join(told)


def _beside(test: Test, each: Judged, say: Speaker) -> str:
    """Tell how many more rows with neither, and for it, a part of a claim takes."""
    neither = say.plural(
        '{count:,} more row with neither "{condition}" nor "{outcome}"',
        '{count:,} more rows with neither "{condition}" nor "{outcome}"',
        each.without,
        condition=say(test.sets[0][1]),
        outcome=say(test.sets[1][1]),
    )
    if not each.wanting:
        return neither
    if each.verdict == "not-tested":
        return say("{first} and {last}", first=_more(test.type, each, say), last=neither)
    more = say.plural("{count:,} more row for it", "{count:,} more rows for it", each.wanting)
    told = say("{first} and {last}", first=more, last=neither)
    return say("{told}, and none against", told=told)


def _more(kind: str, each: Judged, say: Speaker) -> str:
    """Tell how many more rows, or pairs, a part of a claim takes."""
    if each.verdict == "not-tested":
        if kind == "comparison":
            return say.plural("{count:,} pair at least", "{count:,} pairs at least", each.wanting)
        return say.plural("{count:,} row at least", "{count:,} rows at least", each.wanting)
    if not each.opposed and kind not in WITHOUT_EXCEPTIONS:
        return say.plural("{count:,} more row for it", "{count:,} more rows for it", each.wanting)
    if kind in WITHOUT_EXCEPTIONS:
        return say.plural(
            "{count:,} more row for it, and none against",
            "{count:,} more rows for it, and none against",
            each.wanting,
        )
    if kind == "comparison":
        more = say.plural(
            "{count:,} more pair won, and none lost",
            "{count:,} more pairs won, and none lost",
            each.wanting,
        )
        fewer = say.plural(
            "{count:,} more pair lost, and none won",
            "{count:,} more pairs lost, and none won",
            each.opposed,
        )
    else:
        more = say.plural(
            "{count:,} more row for it, and none against",
            "{count:,} more rows for it, and none against",
            each.wanting,
        )
        fewer = say.plural(
            "{count:,} more row against it, and none for it",
            "{count:,} more rows against it, and none for it",
            each.opposed,
        )
    return say("{more}, or {fewer}", more=more, fewer=fewer)


def circular(store: Store, test: Test, sides: Sides, read: Collection[str]) -> Share | None:
    """Tell in how many rows for a claim one recorded fact decides sector and level alike.

    Ownership by users makes a provider one of the third sector, and by a rubric that reads
    decision rights it makes the level high. Of claims that rest on no sector there is none.

    Args:
        store: where the rows stand.
        test: the claim.
        sides: its rows.
        read: the properties (IRIs) that the rubric reads.
    """
    rows = {each.row for each in sides.on["support"]}
    both = owned(store, test, rows, read)
    return None if both is None else Share.of(len(both), len(rows))


def owned(store: Store, test: Test, rows: Iterable[str], read: Collection[str]) -> set[str] | None:
    """Give the rows of which ownership by users decides sector and level alike, if it can.

    Args:
        store: where the rows stand.
        test: the claim; one that rests on no sector has none.
        rows: IRIs of rows for it.
        read: the properties (IRIs) that the rubric reads.
    """
    if COP + "hasProviderSector" not in test.rests_on or _RIGHTS not in read:
        return None
    pairs = store.values_of(map(ox.NamedNode, rows), _RIGHTS)
    return {node.value for node, rights in pairs if rights == _OWNED}


def covered(
    store: Store, sides: Sides, placements: Collection[str]
) -> tuple[dict[str, int], int, dict[str, int]]:
    """Tell of which services that the source places there are rows, how many it places, and where.

    Args:
        store: where the rows stand.
        sides: the rows of a claim.
        placements: IRIs of the placements of the source.

    Returns:
        the number of rows of each service; the number of services that it places; and by each
        intensity at which it places any the number of rows of services there.
    """

    def values(iris: Iterable[str], prop: str) -> list[tuple[str, str]]:
        found = store.values_of(map(ox.NamedNode, iris), prop)
        return [(n.value, v.value) for n, v in found if isinstance(v, ox.NamedNode)]

    placed = dict(values(placements, _SERVICE))
    at: dict[str, set[str]] = {}
    for placement, intensity in values(placements, _INTENSITY):
        at.setdefault(intensity, set()).add(placed.get(placement, ""))
    rows = {each.row for side in ("support", "counterexamples") for each in sides.on[side]}
    of_rows = [service for _, service in values(rows, _SERVICE)]
    number = {each: sum(one in services for one in of_rows) for each, services in at.items()}
    by_most = sorted(number.items(), key=lambda each: (-each[1], each[0]))
    services = {*placed.values()}
    each = Counter(service for service in sorted(of_rows) if service in services)
    return dict(each), len(services), dict(by_most)
