"""The figures of one verdict in sentences: its shares, its table of two by two, who is deviant."""

from __future__ import annotations

from collections.abc import Sequence

from ..evidence.claims import claim_tests
from ..evidence.judging import Judged
from ..evidence.verdict import Verdict
from ..messages import Speaker
from .aloud import part_told
from .phrases import phrase


def figures_told(verdict: Verdict, say: Speaker, *, with_cells: bool) -> list[str]:
    """Tell the figures on which a verdict rests, and the cases by name, a sentence each.

    Args:
        verdict: of a claim.
        say: the language.
        with_cells: whether to tell the table of two by two, and who is deviant and irrelevant.
    """
    lines = []
    is_tested = bool(verdict.counts.get("domain"))
    if verdict.fit is not None and is_tested:
        lines.append(_fit(verdict, say))
    if len(verdict.parts) > 1 or (verdict.type == "comparison" and is_tested):
        lines += [_part(each, verdict, say) for each in verdict.parts]
    if with_cells:
        lines += _cells_told(verdict, say)
    if verdict.circular is not None and verdict.circular.k:
        lines.append(
            say(
                "In {k:,} of {n:,} rows for it one recorded fact, ownership by users, decides both "
                "the sector and the level.",
                k=verdict.circular.k,
                n=verdict.circular.n,
            )
        )
    if verdict.covered:
        k, n = verdict.covered
        by_most = sorted((-of_it, verdict.named[iri]) for iri, of_it in verdict.services.items())
        names = ", ".join(f"{name} ({say.number(-of_it)})" for of_it, name in by_most)
        told = {"k": k, "n": n, "names": names}
        lines.append(
            say("Its rows are of {k:,} of the {n:,} services that it places: {names}.", **told)
            if k
            else say("Its rows are of none of the {n:,} services that it places.", n=n)
        )
        numbers = (
            say("{name}: {told}", name=verdict.named[iri], told=say.number(n))
            for iri, n in verdict.placed_at.items()
        )
        lines.append(
            say(
                "Rows by the intensity at which it places their service: {numbers}. Of services at "
                "an intensity without rows nothing is said.",
                numbers=say("; ").join(numbers),
            )
        )
    if verdict.spoilt:
        lines.append(
            say.plural(
                "One arrangement is left out: what it records is against the shapes.",
                "{count:,} arrangements are left out: what they record is against the shapes.",
                len(verdict.spoilt),
            )
        )
    return lines


def _cells_told(verdict: Verdict, say: Speaker) -> list[str]:
    """Tell the table of two by two, and who is deviant and irrelevant, by name."""
    lines = []
    if any(None not in cell for cell in verdict.cells):
        lines.append(_two_by_two(verdict, say))
    if verdict.deviant:
        lines.append(
            say("Deviant cases: {names}.", names=listed_names(verdict, verdict.deviant, say))
        )
    if verdict.irrelevant:
        names = listed_names(verdict, verdict.irrelevant, say)
        lines.append(
            say("Looked at, and showing no part: {names}.", names=_seen(verdict, say) or names)
            if verdict.type == "existence"
            else say("Irrelevant cases: {names}.", names=names)
        )
    return lines


def _seen(verdict: Verdict, say: Speaker) -> str:
    """Name the cases that show no part of a claim, each with what is recorded of it."""
    told = [
        say("{told} ({part})", told=verdict.named.get(iri, iri), part=values)
        for iri, values in verdict.looked_at.items()
    ]
    if others := len(verdict.irrelevant) - len(told) if told else 0:
        told.append(say.plural("and {count:,} other", "and {count:,} others", others))
    return say("; ").join(told)


def _two_by_two(verdict: Verdict, say: Speaker) -> str:
    number = {cell: len(rows) for cell, rows in verdict.cells.items()}
    (_, condition), (_, outcome) = claim_tests()[verdict.claim].sets
    words = {"condition": say(condition), "outcome": say(outcome)}
    both, first = number.get((True, True), 0), number.get((True, False), 0)
    if claim_tests()[verdict.claim].fixes_condition:
        return say(
            'Rows, the undetermined aside, with both "{condition}" and "{outcome}": {both:,}; with '
            "the first alone: {first:,}; rows without the first are not asked for.",
            both=both,
            first=first,
            **words,
        )
    told = say(
        'Rows, the undetermined aside, with both "{condition}" and "{outcome}": {both:,}; with '
        "the first alone: {first:,}; with the second alone: {second:,}; with neither: {neither:,}",
        both=both,
        first=first,
        second=number.get((False, True), 0),
        neither=number.get((False, False), 0),
        **words,
    )
    if neither := verdict.cells.get((False, False)):
        told = say("{told} ({part})", told=told, part=listed_names(verdict, neither, say))
    if left_open := verdict.cells.get((None, False)):
        told = say(
            "{told}; and {number:,} without the second, of which the first is left open ({names})",
            told=told,
            number=len(left_open),
            names=listed_names(verdict, left_open, say),
        )
    return f"{told}."


def listed_names(verdict: Verdict, iris: Sequence[str], say: Speaker) -> str:
    """Name arrangements, those whose labels are known, and say how many others there are."""
    named = [verdict.named[iri] for iri in iris if iri in verdict.named]
    if len(named) < len(iris):
        others = len(iris) - len(named)
        named.append(say.plural("and {count:,} other", "and {count:,} others", others))
    return say("; ").join(named)


def _fit(verdict: Verdict, say: Speaker) -> str:
    fit = verdict.fit
    assert fit is not None
    consistency, coverage = fit.consistency.told(say), fit.coverage.told(say)
    if verdict.type == "tendency":
        if len(verdict.parts) > 1:
            return say("All parts together, which decides nothing: {share}.", share=consistency)
        return say("Share: {share}.", share=consistency)
    if claim_tests()[verdict.claim].fixes_condition:
        # Where no row lacks the condition, coverage is full by construction.
        return say("Consistency: {consistency}.", consistency=consistency)
    if fit.relevance is None and fit.coverage.n and not fit.others:
        return say(
            "Consistency: {consistency}. Coverage: {coverage}. Relevance of necessity cannot be "
            "told, as each row has both.",
            consistency=consistency,
            coverage=coverage,
        )
    if fit.relevance is None:
        return say(
            "Consistency: {consistency}. Coverage: {coverage}.",
            consistency=consistency,
            coverage=coverage,
        )
    if fit.coverage.k == fit.coverage.n:
        return say(
            "Consistency: {consistency}. Coverage: {coverage}. Relevance of necessity is 1 by "
            "construction, as coverage is full.",
            consistency=consistency,
            coverage=coverage,
        )
    return say(
        "Consistency: {consistency}. Coverage: {coverage}. Relevance of necessity: {k:,} of {n:,}, "
        "{relevance}.",
        consistency=consistency,
        coverage=coverage,
        k=fit.without,
        n=fit.others,
        relevance=say.number(fit.relevance),
    )


def _part(each: Judged, verdict: Verdict, say: Speaker) -> str:
    if verdict.type == "existence":
        told = say.plural("{count:,} row", "{count:,} rows", each.share.n)
    elif each.share.n:
        share = each.share.told(say)
        told = say("{verdict}, {share} for it", verdict=phrase(each.verdict, say), share=share)
    else:
        told = phrase(each.verdict, say)
    if each.ties:
        told += ", " + say.plural("{count:,} tie", "{count:,} ties", each.ties)
    return part_told(each, told, verdict, say)
