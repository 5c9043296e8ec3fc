"""What is told of one verdict beside its counts: what would turn it, and where each case stands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Final, NamedTuple

import pyoxigraph as ox

from ..knowledge.case_record import case_record
from ..messages import Speaker
from ..names import COP, RDF
from ..store.protocol import Store
from .claims import CEILINGS, Test
from .deciding import Reading
from .in_scope import read_as
from .judging import WITHOUT_EXCEPTIONS
from .row_values import bases_of, values_of_rows
from .rows import doubts_of
from .sides import beside, parts_of_row
from .statuses import Statuses
from .tallies import Sides
from .turning import Turn, turns_of, with_one_elsewhere, without_the_one
from .verdict import FEW, NAMED, Verdict
from .wanting import circular, covered

_LOOKED_AT: Final = 500
"""Cases of which too little is told up to which it is looked what they lack."""
_ORDER: Final = {"support": 0, "undetermined": 1, "beside": 2}
"""In which order it is told where a row would stand."""


class Known(NamedTuple):
    """What is known where a claim is judged.

    Attributes:
        store: what is in scope.
        placements: IRIs of the placements of the source.
        statuses: of the rows of the claim.
        read: IRIs of the properties that the rubric reads.
        say: the language.
        without: gives the rows of the claim without an arrangement.
    """

    store: Store
    placements: Collection[str]
    statuses: Statuses
    read: Collection[str]
    say: Speaker
    without: Callable[[str], Sides]


def add_details(verdict: Verdict, test: Test, sides: Sides, known: Known) -> None:
    """Write down what a verdict that stands alone tells: readings, turns, where the cases are.

    Args:
        verdict: with its counts and cells.
        test: the claim.
        sides: its rows.
        known: where it is judged.
    """
    below = CEILINGS[verdict.ceiling][1][-1] if verdict.ceiling else ""
    verdict.read_as = read_as(known.store, verdict.readings, known.say, below)
    if test.takes_rubric:
        verdict.read = tuple(sorted(known.read))
        verdict.circular = circular(known.store, test, sides, known.read)
    if test.held_against_placements:
        found = covered(known.store, sides, known.placements)
        verdict.services, number, verdict.placed_at = found
        verdict.covered = len(verdict.services), number
    against = {iri for each in sides.on["counterexamples"] for iri in (each.row, each.other)}
    status = known.statuses.of(sorted(against - {""}))
    stated = {iri: word == "stated" for iri, word in status.items()}

    @cache
    def for_it() -> set[str]:
        return stated_on(test, sides, "support", known.statuses)

    if len(status) <= FEW:
        verdict.other_readings = tuple(_read_otherwise(verdict.verdict, test, sides, stated, known))
    verdict.turns = tuple(
        with_reserve(turn, test, for_it)
        for turn in turns_of(test, sides, stated, known.without)
        if _is_possible(turn, stated, known.statuses)
    )
    if test.type in WITHOUT_EXCEPTIONS:
        verdict.doubts_beside = doubts_of(known.store, verdict.neither[:NAMED])
    if test.type == "existence":
        verdict.looked_at = _looked_at(verdict.irrelevant[:NAMED], known)
        verdict.doubts_beside = doubts_of(known.store, [*verdict.looked_at])
    verdict.account, verdict.untold, verdict.alone = _account(verdict, test, sides, known)
    verdict.unrecorded = _unrecorded(verdict.untold, known)


def _is_possible(turn: Turn, stated: Mapping[str, bool], statuses: Statuses) -> bool:
    """Tell whether as many rows against a claim as are coded anew could be for it.

    An interpreted one can as far as its stated values allow; of many rows nobody asks.
    """
    if not turn.recoded or turn.more[0][1] != "for" or len(stated) > FEW:
        return True
    read = statuses.interpreted(sorted(stated))
    can_be = (
        is_stated or statuses.deciding.can_be(iri, read[iri], "support")
        for iri, is_stated in stated.items()
    )
    return sum(can_be) >= turn.more[0][2]


def _read_otherwise(
    now: str, test: Test, sides: Sides, stated: Mapping[str, bool], known: Known
) -> Iterator[Reading]:
    """Give the other readings of values of the few rows against a claim, where they move one.

    Of several against a claim that allows exceptions these are told that give it another verdict.
    """
    with_all = test.type in WITHOUT_EXCEPTIONS or len(stated) == 1

    def for_it() -> set[str]:
        return stated_on(test, sides, "support", known.statuses)

    in_doubt = sorted(iri for iri, is_stated in stated.items() if not is_stated)
    reads = known.statuses.interpreted(in_doubt)
    bases = bases_of(known.store, reads, known.say.lang)
    for iri, read in reads.items():
        alike: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
        readings = known.statuses.deciding.other_readings(iri, read, known.say.lang)
        for there, values in readings.items():
            side = there.side or "beside"
            told = with_one_elsewhere(test, sides, stated, iri, there)
            if side != "counterexamples" and (told != now or with_all):
                of_it = alike.setdefault((side, told), {})
                of_it |= {name: of_it.get(name, ()) + labels for name, labels in values.items()}
        for (side, told), values in sorted(alike.items(), key=lambda each: _ORDER[each[0][0]]):
            turn = with_reserve(Turn(told, recoded=1), test, for_it)
            word = "" if told == now else told
            based = {name: bases[iri][name] for name in values if bases[iri].get(name)}
            yield Reading(iri, side, values, word, bool(word) and turn.is_reserved, based)


def stated_on(test: Test, sides: Sides, side: str, statuses: Statuses) -> set[str]:
    """Give the parts of a claim of which a row, or pair, on a side rests on stated values alone.

    Args:
        test: the claim.
        sides: its rows.
        side: one of its sides.
        statuses: of its rows.
    """
    return statuses.stated_parts(
        ([iri for iri in (each.row, each.other) if iri], parts_of_row(test, each))
        for each in sides.on[side]
    )


def add_the_few(verdict: Verdict, test: Test, sides: Sides, statuses: Statuses) -> None:
    """Write down what the few rows that are against a claim without exceptions decide.

    That is what the verdict is without the one that is against it, or of them alone rests on stated
    values, where there is one; and which of them, of the first :data:`NAMED`, rest on these.

    Args:
        verdict: of the claim, under another rubric or ceiling.
        test: the claim.
        sides: its rows.
        statuses: of its rows.
    """
    status: dict[str, str] = {}
    if test.type in WITHOUT_EXCEPTIONS and verdict.verdict == "contradicted":
        against = sorted({each.row for each in sides.on["counterexamples"]})
        status = statuses.of(against[:NAMED])
        verdict.stated_against = tuple(iri for iri, word in status.items() if word == "stated")
        # Which of so many are stated is not known of all.
        status = status if len(against) == len(status) else {}
    known = {iri: word == "stated" for iri, word in status.items()}
    if turn := without_the_one(test, sides, known):
        stated = partial(stated_on, test, sides, "support", statuses)
        verdict.turns = (with_reserve(turn, test, stated),)


def with_reserve(turn: Turn, test: Test, stated: Callable[[], Collection[str]]) -> Turn:
    """Say of a turn whether what then supports a claim is interpreted rows alone.

    Where no row for it is stated now, of those that are added to support it one has to be.

    Args:
        turn: a change of rows.
        test: the claim; of a comparison that is matched anew it is not told.
        stated: gives the parts of which a row for it rests on stated values alone.
    """
    is_matched_anew = test.type == "comparison" and bool(turn.without)
    if turn.verdict != "supported" or is_matched_anew:
        return turn
    # Of rows more for it nobody knows that they are interpreted; of what is coded anew nobody
    # knows that it is not.
    more = () if turn.recoded else turn.more
    added = {part for part, kind, _ in more if kind == "for"}
    left, known = {*test.parts} - added, set(stated())
    is_reserved = bool(left) and not left <= known
    unstated = () if is_reserved else tuple(sorted(added - known))
    return turn._replace(
        is_reserved=is_reserved,
        is_stated=turn.is_stated or bool(unstated),
        stated_in=unstated if len(added) > 1 else (),
        unstated="supported" if unstated and not turn.without else turn.unstated,
    )


def add_others(
    verdict: Verdict,
    under: Mapping[str, Verdict],
    labels: Callable[[Iterable[str]], dict[str, str]],
) -> dict[str, str]:
    """Write down which rows stand elsewhere under other rubrics or another ceiling.

    Args:
        verdict: of a claim.
        under: the same, by the rubric or ceiling, with the IRIs of its rows.
        labels: gives the labels of rows.

    Returns:
        the verdicts there; of those whose query failed, why is written down.
    """
    failed = {name: other.missing for name, other in under.items() if other.verdict == "failed"}
    verdict.failed_under |= failed
    told = {name: other for name, other in under.items() if name not in failed}
    for name, other in told.items():
        verdict.moved[name] = moved = moved_rows(verdict.found, other.found)
        if other.is_reserved:
            verdict.reserved_under |= {name}
        counts = other.counts
        verdict.counts_under[name] = counts.get("support", 0), counts.get("counterexamples", 0)
        if len(other.parts) > 1:
            verdict.parts_under[name] = other.parts
        if verdict.verdict != "contradicted" and other.stated_against:
            verdict.stated_under[name] = other.stated_against
            verdict.named |= labels(other.stated_against)
        for turn in other.turns:
            if turn.verdict != other.verdict and turn not in verdict.turns:
                verdict.without_under[name] = turn
                verdict.named |= labels(turn.without)
        verdict.named |= labels(iri for rows in moved.values() for iri in rows[:NAMED])
    return {name: other.verdict for name, other in told.items()}


def moved_rows(
    here: Mapping[str, frozenset[str]], there: Mapping[str, frozenset[str]]
) -> dict[str, tuple[str, ...]]:
    """Tell which rows for or against a claim stand elsewhere under another rubric or ceiling.

    Args:
        here: IRIs of the rows by side.
        there: the same under another rubric.

    Returns:
        the rows that change sides first (``turned support``: they are for it there, and against it
        here), then those that come to a side (``more support``) and that leave both (``less
        support``). Where on a side none of those before is left, ``only support`` has all that
        are there, and what left that side is not told.

    >>> moved_rows({"counterexamples": frozenset("a")}, {"counterexamples": frozenset("ab")})
    {'more counterexamples': ('b',)}
    >>> moved_rows({"support": frozenset("abc")}, {"counterexamples": frozenset("a")})
    {'only counterexamples': ('a',), 'less support': ('b', 'c')}
    """
    none: frozenset[str] = frozenset()
    pairs = (("counterexamples", "support"), ("support", "counterexamples"))
    moved: dict[str, frozenset[str]] = {}
    alone = set()
    for side, other in pairs:
        before, after = here.get(side, none), there.get(side, none)
        if after and not before & after:
            moved[f"only {side}"] = after
            alone.add(side)
        else:
            moved[f"turned {side}"] = after & here.get(other, none)
    for side, other in pairs:
        before, after = here.get(side, none), there.get(side, none)
        if side not in alone:
            moved[f"more {side}"] = after - before - here.get(other, none)
            moved[f"less {side}"] = before - after - there.get(other, none)
    return {word: tuple(sorted(rows)) for word, rows in moved.items() if rows}


def _looked_at(iris: Sequence[str], known: Known) -> dict[str, str]:
    """Give what is recorded of cases that show no part, and whether that is interpreted."""
    statuses, say = known.statuses, known.say
    read = statuses.interpreted(iris)
    values = values_of_rows(known.store, iris, statuses.resting, say.lang)
    told = {}
    for iri in iris:
        found = [value for value in values[iri].values() if value]
        told[iri] = ", ".join([*found, *([say("interpreted")] if read[iri] else [])])
    return told


def _unrecorded(untold: Sequence[str], known: Known) -> tuple[str, ...]:
    """Give the names of what is recorded of none of the cases of which too little is told."""
    if not 0 < len(untold) <= _LOOKED_AT:
        return ()
    lacking = map(set, known.statuses.lacking(untold).values())
    of_all = set.intersection(*lacking)
    return tuple(f.name(known.say.lang) for f in case_record().fields if f.path in of_all)


def _account(
    verdict: Verdict, test: Test, sides: Sides, known: Known
) -> tuple[dict[str, int], tuple[str, ...], tuple[str, ...]]:
    """Count all cases in scope, each once, by where it stands.

    Beside the numbers stand those of which too little is told, and those unmatched.
    """
    store, kind = known.store, ox.NamedNode(COP + "Case")
    cases = {
        quad.subject.value
        for quad in store.statements(None, ox.NamedNode(RDF + "type"), kind)
        if isinstance(quad.subject, ox.NamedNode)
    }
    of_services = test.is_of_services
    on = {
        side: {iri for each in found for iri in (each.row, each.other)}
        for side, found in sides.on.items()
    }
    elsewhere: dict[str, set[str]] = {"irrelevant": set(), "not told": set()}
    for iri, place in beside(test.type, sides.cells).items():
        elsewhere[place].add(iri)
    # Of a case that tells all, and whose service is no row, there is none to set it against.
    whole = known.statuses.whole(cases) if of_services else set()
    places = (
        ("left out", set(verdict.spoilt)),
        ("against", on["counterexamples"]),
        ("for", on["support"]),
        ("undetermined", on["undetermined"] | set(verdict.conflicts)),
        ("irrelevant", elsewhere["irrelevant"]),
        ("within", _within(on["support"] | on["counterexamples"], store) if of_services else set()),
        ("unmatched", whole),
        ("not told", cases if of_services else elsewhere["not told"]),
        ("outside", cases),
    )
    account = {}
    named: dict[str, tuple[str, ...]] = {}
    for name, members in places:
        account[name] = len(cases & members)
        if name in {"not told", "unmatched"}:
            named[name] = tuple(sorted(cases & members))
        cases = cases - members
    return account, named["not told"], named["unmatched"]


def _within(services: Collection[str], store: Store) -> set[str]:
    """Give the cases in services."""
    prop = ox.NamedNode(COP + "hasServiceType")
    return {
        quad.subject.value
        for service in {*services} - {""}
        for quad in store.statements(None, prop, ox.NamedNode(service))
        if isinstance(quad.subject, ox.NamedNode)
    }
