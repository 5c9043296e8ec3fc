"""One verdict in sentences: what it says, what it rests on, and how the claim is read."""

from __future__ import annotations

from typing import Final

from ..evidence.claims import TYPES, claim_tests
from ..evidence.figures import least_to_pass
from ..evidence.judging import WITHOUT_EXCEPTIONS
from ..evidence.verdict import FEW, Row, Verdict
from ..messages import Speaker
from .aloud import aloud
from .figures_aloud import figures_told
from .phrases import begun, named_rows, phrase, quoted

_NAMED: Final = 5
"""Rows against a claim whose interpreted values are named in a sentence each."""


def sentences_of(verdict: Verdict, say: Speaker, *, with_cells: bool = True) -> list[str]:
    """Tell the verdict and what it rests on, a paragraph each.

    Args:
        verdict: of a claim; cases are named where its rows were asked for.
        say: the language.
        with_cells: whether to tell the table of two by two, and what stands on each side.
    """
    word = phrase(verdict.verdict, say, is_reserved=verdict.is_reserved)
    told = say("Verdict: {verdict}.", verdict=word)
    title = say("{name}: {told}", name=verdict.claim, told=verdict.label)
    lines = [
        f"{title}.",
        " ".join(filter(None, (told, aloud(verdict, say)))),
    ]
    if verdict.type:
        lines.append(" ".join(filter(None, (_base(verdict, say), _account(verdict, say)))))
        lines += _sides(verdict, say) if with_cells else []
        lines += [*figures_told(verdict, say, with_cells=with_cells), *_read_as(verdict, say)]
        listed = say("their table") if with_cells else f"'evidence {verdict.claim}'"
        lines += [*_interpreted(verdict, say, listed), *_statuses(verdict, say)]
        lines += doubts_told(verdict, say)
    if verdict.missing and verdict.verdict not in ("not-tested", "too-few", "mixed"):
        lines.append(say("Missing: {parts}.", parts=verdict.missing))
    # What the paragraph above says already is not said again.
    lines += [each for each in verdict.cautions if each != verdict.doubt]
    if say.lang != "en":
        lines.append(
            say("The words of claims and doubts are English ones: they are those of the record.")
        )
    return lines


def _base(verdict: Verdict, say: Speaker) -> str:
    """Tell how many rows there are, and where they come from."""
    base = {
        "source": say("It rests on the source's own placements alone."),
        "cases": say("It rests on cases alone."),
        "both": say("It rests on the source's placements and cases."),
        "none": say("It rests on nothing: no row is for or against it."),
    }[verdict.basis]
    undetermined = verdict.number("undetermined")
    counted = verdict.counts["domain"]
    if verdict.type == "comparison":
        told = say(
            "Pairs compared: {counted:,}; rows that bear on it and are undetermined: "
            "{undetermined:,}.",
            counted=counted,
            undetermined=undetermined,
        )
    else:
        told = say(
            "Rows that count: {counted:,}; rows that bear on it and are undetermined: "
            "{undetermined:,}.",
            counted=counted,
            undetermined=undetermined,
        )
    return f"{told} {base}"


def _account(verdict: Verdict, say: Speaker) -> str:
    """Tell where each case in scope stands, so that the numbers add up."""

    def at(name: str) -> int:
        return verdict.account.get(name, 0)

    told = {
        "for": say("{n:,} for it", n=at("for")),
        "against": say("{n:,} against it", n=at("against")),
        "undetermined": say("{n:,} undetermined", n=at("undetermined")),
        "irrelevant": say("{n:,} irrelevant", n=at("irrelevant")),
        "within": say("{n:,} within a service", n=at("within")),
        "unmatched": _alone(verdict, say),
        "outside": say("{n:,} outside it", n=at("outside")),
        "left out": say("{n:,} left out", n=at("left out")),
        "not told": _untold(verdict, say),
    }
    places = ", ".join(words for name, words in told.items() if at(name))
    number = sum(verdict.account.values())
    return say("Of {all:,} cases in scope: {told}.", all=number, told=places) if places else ""


def _alone(verdict: Verdict, say: Speaker) -> str:
    """Tell how many cases no other of their service can be set against; which, if they are few."""
    told = say.plural(
        "{count:,} unmatched, as of no other case of its service is all this recorded",
        "{count:,} unmatched, as of no other case of their service is all this recorded",
        len(verdict.alone),
    )
    names = named_rows(verdict, verdict.alone, say) if len(verdict.alone) <= FEW else []
    return say("{told} ({part})", told=told, part=say("; ").join(names)) if names else told


def _untold(verdict: Verdict, say: Speaker) -> str:
    """Tell of how many cases too little is told, which where they are few, and what is wanting."""
    told = say.plural(
        "{count:,} of which too little is told",
        "{count:,} of which too little is told",
        len(verdict.untold),
    )
    if sum(verdict.account.values()) > len(verdict.untold):
        told = say.plural(
            "and {count:,} more, of which too little is told",
            "and {count:,} more, of which too little is told",
            len(verdict.untold),
        )
    names = named_rows(verdict, verdict.untold, say)
    beside = names if 0 < len(names) == len(verdict.untold) <= FEW else []
    if verdict.unrecorded:
        beside.append(say("{names} not recorded", names=", ".join(verdict.unrecorded)))
    return say("{told} ({part})", told=told, part=say("; ").join(beside)) if beside else told


def _sides(verdict: Verdict, say: Speaker) -> list[str]:
    """Tell what makes a row stand on each side, as the claim's file has it, and how many do."""
    number = {**verdict.counts, "undetermined": verdict.number("undetermined")}
    told = []
    for side, words in claim_tests()[verdict.claim].sides.items():
        given = {"number": number.get(side, 0), "words": say(words)}
        told.append(
            {
                "support": say("For it ({number:,}): {words}.", **given),
                "counterexamples": say("Against it ({number:,}): {words}.", **given),
                "undetermined": say("Undetermined ({number:,}): {words}.", **given),
            }[side]
        )
    return told


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
        names = ", ".join(verdict.readings)
        resting.append(
            say.plural("reading {names}", "readings {names}", len(verdict.readings), names=names)
        )
    told = [say("Read as {parts}.", parts=say("; ").join(resting)), say.again(TYPES[verdict.type])]
    if verdict.type == "necessity":
        (_, condition), (_, outcome) = claim_tests()[verdict.claim].sets
        told.append(
            say(
                "To support it takes {least} rows for it, where {least} others with neither "
                '"{condition}" nor "{outcome}" could have refuted it.',
                least=least_to_pass(),
                condition=say(condition),
                outcome=say(outcome),
            )
        )
    if len(verdict.parts) > 1 and verdict.type != "existence":
        told.append(say("Each of its parts is judged by itself."))
    readings = [
        say(
            "{name}: {told}",
            name=begun(say("reading of {id} ({about})", id=name, about=read.about)),
            told=read.words,
        )
        for name, read in verdict.read_as.items()
    ]
    return [" ".join(told), *readings]


def _interpreted(verdict: Verdict, say: Speaker, listed: str) -> list[str]:
    """Tell how many rows rest on interpreted values, of those against on which, where all are."""
    interpreted_for, interpreted_against = (
        verdict.interpreted(side) for side in ("support", "counterexamples")
    )
    if not interpreted_for and not interpreted_against:
        return []
    told = []
    if interpreted_for:
        told.append(
            say(
                "Rows for it that rest on an interpreted value: {k:,} of {n:,}.",
                k=interpreted_for,
                n=verdict.number("support"),
            )
        )
    if interpreted_against:
        told.append(
            say(
                "Rows against it that rest on an interpreted value: {k:,} of {n:,}.",
                k=interpreted_against,
                n=verdict.number("counterexamples"),
            )
        )
    told.append(say("Such rows count; {evidence} names their interpreted values.", evidence=listed))
    against = [row for row in verdict.rows.get("counterexamples", []) if row.interpreted]
    named = [
        say(
            "Interpreted in {row}, against it: {values}.",
            row=quoted(row.label, say),
            values=_values(row, say),
        )
        for row in against[:_NAMED]
    ]
    beyond = verdict.beyond.get("counterexamples")
    others = len(against) - len(named) + (beyond.interpreted if beyond else 0)
    if others:
        named.append(
            say.plural(
                "And {count:,} other, which {evidence} names.",
                "And {count:,} others, which {evidence} names.",
                others,
                evidence=listed,
            )
        )
    return [" ".join(told), *named]


def _statuses(verdict: Verdict, say: Speaker) -> list[str]:
    """Tell of what the status of a row is, where one that is stated may show what is not."""
    rows = (row for of_side in verdict.rows.values() for row in of_side)
    if not any(row.status == "stated" and (row.values or row.resting) for row in rows):
        return []
    return [
        say(
            "The status of a row is that of the values by which it is where it is; what else is "
            "shown of it may be interpreted."
        )
    ]


def doubts_told(verdict: Verdict, say: Speaker) -> list[str]:
    """Tell what the records of the cases for and against it say against their own coding.

    Of a claim without exceptions it is told also of those that could become a row against it.
    """
    sides = ["counterexamples", "support"]
    if verdict.type in WITHOUT_EXCEPTIONS:
        sides.append("undetermined")
    found = {
        row.iri: (row.label, row.doubts)
        for side in sides
        for row in verdict.rows.get(side, [])
        if row.doubts
    }
    beside = verdict.doubts_beside.items()
    found |= {iri: (verdict.named.get(iri, iri), doubts) for iri, doubts in beside}
    told = [
        say("Doubt: {told}", told=say("{name}: {told}", name=name, told=" ".join(doubts)))
        for name, doubts in found.values()
    ]
    return [say("Doubts about these cases, on whatever point:"), *told] if told else []


def _values(row: Row, say: Speaker) -> str:
    return say("; ").join(value.told(say) for value in row.interpreted)
