"""One verdict in sentences: what it says, what it rests on, and how the claim is read."""

from __future__ import annotations

from collections.abc import Sequence

from ..messages import Speaker
from .aloud import aloud
from .claims import TYPES
from .figures import in_short
from .judging import Judged
from .verdict import Verdict
from .words import PARTS


def sentences_of(verdict: Verdict, say: Speaker) -> list[str]:
    """Tell the verdict and what it rests on, a paragraph each."""
    told = say("Verdict: {verdict}.", verdict=say(verdict.verdict))
    lines = [
        f"{verdict.claim}: {verdict.label}.",
        " ".join(filter(None, (told, aloud(verdict, say)))),
    ]
    if verdict.type:
        lines += [_base(verdict, say), *_figures(verdict, say), *_read_as(verdict, say)]
        if any(row.status == "interpreted" for p in PARTS for row in verdict.rows.get(p, [])):
            lines.append(say("Some rows rest on interpreted values: they count, and are marked."))
    if verdict.missing and verdict.verdict not in ("not-tested", "too-few"):
        lines.append(say("Missing: {parts}.", parts=verdict.missing))
    return [*lines, *verdict.cautions]


def _base(verdict: Verdict, say: Speaker) -> str:
    """Tell how many rows there are, and where they come from."""
    base = {
        "source": say("It rests on the source's own placements alone."),
        "cases": say("It rests on cases alone."),
        "both": say("It rests on the source's placements and cases."),
        "none": say("It rests on nothing: no row is for or against it."),
    }[verdict.basis]
    counts = verdict.counts
    numbers = {
        "domain": counts["domain"],
        "support": counts["support"],
        "undetermined": len(verdict.rows.get("undetermined", [])),
    }
    if "counterexamples" in counts:
        told = say(
            "Base: {domain} in the domain, {support} for, {against} against, "
            "{undetermined} undetermined.",
            against=counts["counterexamples"],
            **numbers,
        )
    else:
        told = say(
            "Base: {domain} in the domain, {support} for, {undetermined} undetermined.", **numbers
        )
    return f"{told} {base}"


def _read_as(verdict: Verdict, say: Speaker) -> list[str]:
    """Tell how the claim is read: its type, and the rubric, ceiling and readings it rests on."""
    kind = {
        "necessity": say("a claim of necessity"),
        "sufficiency": say("a claim of sufficiency"),
        "tendency": say("a claim of a tendency"),
        "comparison": say("a claim that compares"),
        "existence": say("a claim of existence"),
    }[verdict.type]
    resting = [kind]
    if verdict.rubric:
        resting.append(say("levels under rubric {name}", name=verdict.rubric))
    if verdict.ceiling == "diagram":
        resting.append(say("the ceiling of the diagram"))
    elif verdict.ceiling:
        resting.append(say("the ceiling of the text"))
    if verdict.readings:
        resting.append(say("readings {names}", names=", ".join(verdict.readings)))
    read = say("Read as {parts}.", parts="; ".join(resting))
    return [f"{read} {say.again(TYPES[verdict.type])}"]


def _figures(verdict: Verdict, say: Speaker) -> list[str]:
    """Tell the figures on which the verdict rests, and the cases by name."""
    lines = []
    if verdict.fit is not None:
        lines.append(_fit(verdict, say))
    if verdict.type == "comparison" or len(verdict.parts) > 1:
        lines += [_part(each, verdict, say) for each in verdict.parts]
    if verdict.cells:
        lines += _cells_told(verdict, say)
    if verdict.circular is not None and verdict.circular.k:
        lines.append(
            say(
                "In {share} rows for it one recorded fact, ownership by users, decides both the "
                "sector and the level.",
                share=say("{k} of {n}", k=verdict.circular.k, n=verdict.circular.n),
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
    number = {cell: len(rows) for cell, rows in verdict.cells.items()}
    lines = [
        say(
            "Condition and outcome: both {both}, condition alone {condition}, outcome alone "
            "{outcome}, neither {neither}.",
            both=number.get((True, True), 0),
            condition=number.get((True, False), 0),
            outcome=number.get((False, True), 0),
            neither=number.get((False, False), 0),
        )
    ]
    if verdict.deviant:
        lines.append(say("Deviant cases: {names}.", names=_listed(verdict, verdict.deviant, say)))
    if verdict.irrelevant:
        names = _listed(verdict, verdict.irrelevant, say)
        lines.append(say("Irrelevant cases: {names}.", names=names))
    return lines


def _listed(verdict: Verdict, iris: Sequence[str], say: Speaker) -> str:
    named = [verdict.named[iri] for iri in iris if iri in verdict.named]
    if len(named) < len(iris):
        named.append(say("and {count:,} others", count=len(iris) - len(named)))
    return "; ".join(named)


def _fit(verdict: Verdict, say: Speaker) -> str:
    fit = verdict.fit
    assert fit is not None
    consistency, coverage = fit.consistency.text, fit.coverage.text
    if verdict.type == "tendency":
        return say("Share: {share}.", share=consistency)
    if fit.relevance is None:
        return say(
            "Consistency: {consistency}. Coverage: {coverage}.",
            consistency=consistency,
            coverage=coverage,
        )
    return say(
        "Consistency: {consistency}. Coverage: {coverage}. Relevance of necessity: {relevance}.",
        consistency=consistency,
        coverage=coverage,
        relevance=in_short(fit.relevance),
    )


def _part(each: Judged, verdict: Verdict, say: Speaker) -> str:
    name = each.label(verdict.named)
    told = say("{verdict}: {share} for it", verdict=say(each.verdict), share=each.share.text)
    if verdict.type == "existence":
        told = say.plural("{count:,} row", "{count:,} rows", each.share.n)
    if each.ties:
        told += ", " + say.plural("{count:,} tie", "{count:,} ties", each.ties)
    return f"{name}: {told}." if name else f"{told}."
