"""A verdict in a paragraph that can be read aloud: what it rests on, and what would change it."""

from __future__ import annotations

from typing import Final, NamedTuple

from ..evidence.deciding import Reading
from ..evidence.figures import HALF, least_to_pass
from ..evidence.judging import Judged
from ..evidence.verdict import Verdict
from ..messages import Speaker
from .moved_aloud import ceilings_told, rubrics_told
from .phrases import begun, cut, named_rows, numbers_told, phrase
from .turns_aloud import turns_told

_READ: Final = 3
"""Other values of a property that are named."""


def aloud(verdict: Verdict, say: Speaker) -> str:
    """Tell why a claim has its verdict, and what would give it another.

    Args:
        verdict: of a claim; cases are named where its rows were asked for.
        say: the language.
    """
    return " ".join(filter(None, in_parts(verdict, say)))


class Aloud(NamedTuple):
    """What is told of a verdict, each an empty text where nothing is.

    Attributes:
        why: what it rests on.
        change: what would give it another.
        others: which it is by the other ceiling and under other rubrics.
    """

    why: str
    change: str = ""
    others: str = ""


def in_parts(verdict: Verdict, say: Speaker) -> Aloud:
    """Tell the same as :func:`aloud`, in parts."""
    if verdict.verdict == "not-testable":
        return Aloud(say("It defines or demands something, and no case decides that."))
    if verdict.verdict == "no-data":
        return Aloud(say("No field of the case record tells what it speaks of."))
    if verdict.verdict == "failed" or not verdict.parts:
        return Aloud("")
    why = " ".join(filter(None, _why(verdict, say)))
    others = ceilings_told(verdict, say), rubrics_told(verdict, say)
    return Aloud(why, _change(verdict, say), " ".join(filter(None, others)))


def _why(verdict: Verdict, say: Speaker) -> list[str]:
    if verdict.verdict == "not-tested" and verdict.type == "existence":
        return [say("No case in scope shows any part of it; that is not against it.")]
    if verdict.verdict == "not-tested":
        return [say("Nothing in scope could speak for it or against it.")]
    if verdict.type == "existence":
        return [_existence(verdict, say), verdict.doubt]
    numbers = [
        part_told(each, numbers_told(each, verdict, say), verdict, say) for each in verdict.parts
    ]
    return [*numbers, _reason(verdict, say), verdict.doubt, _readings(verdict, say)]


def _existence(verdict: Verdict, say: Speaker) -> str:
    found = [each for each in verdict.parts if not each.wanting]
    if len(found) == len(verdict.parts):
        return say("Each part that it names is found in some case.")
    return say(
        "{found} of the {all} parts that it names are found.",
        found=len(found),
        all=len(verdict.parts),
    )


def part_told(each: Judged, told: str, verdict: Verdict, say: Speaker) -> str:
    """Give what is told of a part as a sentence, which begins with its name if it has one."""
    name = each.label(verdict.named)
    named = say("{name}: {told}", name=name, told=told) if name else told
    return f"{begun(named)}."


def _reason(verdict: Verdict, say: Speaker) -> str:
    deterministic = verdict.type in ("necessity", "sufficiency")
    if verdict.verdict == "too-few":
        few = ", ".join(
            each.label(verdict.named)
            for each in verdict.parts
            if each.part and each.verdict in ("too-few", "not-tested")
        )
        if deterministic and few:
            told = say("{parts}: so few could not support it, whatever they said.", parts=few)
            return begun(told)
        if deterministic:
            return say("So few could not support it, whatever they said.")
        if few:
            told = say("{parts}: so few could not decide it, whatever they said.", parts=few)
            return begun(told)
        return say("So few could not decide it, whatever they said.")
    if verdict.verdict == "mixed":
        return say("Both more and less than one half are within what chance leaves open.")
    if verdict.verdict == "supported":
        if deterministic:
            return say(
                "None is against it, and {least} for it are enough.", least=least_to_pass(HALF)
            )
        return say(
            "If each row by itself were as likely to be for it as against it, so large a "
            "share would be seen less than once in forty times."
        )
    if not deterministic:
        reason = say(
            "If each row by itself were as likely to be for it as against it, so small a "
            "share would be seen less than once in forty times."
        )
    elif verdict.deviant:
        reason = say(
            "One is enough against a claim without exceptions: {names}.",
            names=cut(named_rows(verdict, verdict.deviant, say), say, count=len(verdict.deviant)),
        )
    else:
        reason = say("One is enough against a claim without exceptions.")
    if verdict.verdict == "contradicted":
        return reason
    doubt = say.plural(
        "But that row rests on an interpreted value.",
        "But each row against it rests on an interpreted value.",
        verdict.counts.get("counterexamples", 0),
    )
    return f"{reason} {doubt}"


def _readings(verdict: Verdict, say: Speaker) -> str:
    """Tell where the few rows against a claim would stand with one value read otherwise."""
    is_one = len(verdict.found.get("counterexamples", ())) == 1
    # Of a claim in parts other rows were told of before it.
    is_it = is_one and len(verdict.parts) == 1
    told = []
    # Of one of several that leaves the verdict as it is nothing is told.
    for each in (each for each in verdict.other_readings if is_one or each.verdict):
        name = cut(named_rows(verdict, [each.row], say), say, count=1)
        given = {"values": _values(each, say), "row": name}
        words = {
            ("support", True): say(
                "With one value of it read otherwise it would be for it ({values})", **given
            ),
            ("undetermined", True): say(
                "With one value of it read otherwise it would be undetermined ({values})", **given
            ),
            ("beside", True): say(
                "With one value of it read otherwise it would be on neither side ({values})",
                **given,
            ),
            ("support", False): say(
                "With one value of {row} read otherwise it would be for it ({values})", **given
            ),
            ("undetermined", False): say(
                "With one value of {row} read otherwise it would be undetermined ({values})",
                **given,
            ),
            ("beside", False): say(
                "With one value of {row} read otherwise it would be on neither side ({values})",
                **given,
            ),
        }[each.side, is_it]
        if each.verdict:
            word = phrase(each.verdict, say, is_reserved=each.is_reserved)
            words = say('{told}: the verdict would be "{verdict}"', told=words, verdict=word)
        elif not is_it:
            words = say("{told}: the verdict would be the same", told=words)
        told.append(f"{words}.")
    return " ".join(told)


def _values(reading: Reading, say: Speaker) -> str:
    told = []
    for name, labels in reading.values.items():
        values = ", ".join(labels[:_READ])
        if others := len(labels[_READ:]):
            values += ", " + say.plural("and {count:,} other", "and {count:,} others", others)
        words = say("{name}: {told}", name=name, told=values)
        if bases := reading.based_on.get(name):
            names = ", ".join(bases)
            words = say(
                "{told}, together with what it follows from: {names}", told=words, names=names
            )
        told.append(words)
    return say("; ").join(told)


def _change(verdict: Verdict, say: Speaker) -> str:
    """Tell what would give the claim another verdict, and which."""
    told = [_beside_rows(verdict, say), _lifted(verdict, say), *turns_told(verdict, say)]
    return " ".join(filter(None, (*told, _holds(verdict, say) if verdict.turns else "")))


def _lifted(verdict: Verdict, say: Speaker) -> str:
    """Tell what would lift the reserve that each row for it rests on an interpreted value."""
    if verdict.type in ("existence", "comparison") or not verdict.by_interpreted:
        return ""
    if len(verdict.parts) == 1:
        return say("1 row more for it, on stated values alone, would lift this reserve.")
    labels = {each.part: each.label(verdict.named) for each in verdict.parts}
    return say.plural(
        "1 row more for it ({parts}), on stated values alone, would lift this reserve.",
        "1 row more for it in each of these parts ({parts}), on stated values alone, would lift "
        "this reserve.",
        len(verdict.by_interpreted),
        parts=", ".join(labels[part] for part in verdict.by_interpreted),
    )


def _holds(verdict: Verdict, say: Speaker) -> str:
    """Tell under which rubric and ceiling what would change a verdict does so."""
    if not verdict.rubric:
        return ""
    return {
        "": say("All this holds under {rubric}.", rubric=verdict.rubric),
        "diagram": say(
            "All this holds under {rubric} and by the ceiling of the diagram.",
            rubric=verdict.rubric,
        ),
        "text": say(
            "All this holds under {rubric} and by the ceiling of the text.", rubric=verdict.rubric
        ),
    }[verdict.ceiling]


def _beside_rows(verdict: Verdict, say: Speaker) -> str:
    """Tell what but rows would change it; without their numbers, what would change it at all."""
    deterministic = verdict.type in ("necessity", "sufficiency")
    if verdict.verdict == "contradicted-by-interpreted-only":
        stated = phrase("contradicted", say)
        return say.plural(
            'If each value that it rests on were stated, the verdict would be "{verdict}".',
            "If each value that one of these rests on were stated, the verdict would be "
            '"{verdict}".',
            verdict.counts.get("counterexamples", 0),
            verdict=stated,
        )
    if verdict.verdict == "contradicted" and deterministic and not verdict.turns:
        return say("Another coding of what is against it would change it.")
    if verdict.verdict == "supported" and verdict.type == "existence":
        if not verdict.by_interpreted:
            return say("No further case can change the verdict.")
        if len(verdict.by_interpreted) == len(verdict.parts):
            return say(
                "No further case can change the verdict; a stated case in each part would lift "
                "this reserve."
            )
        return say(
            "No further case can change the verdict; a stated case in each of these parts would "
            "lift this reserve."
        )
    if verdict.turns:
        return ""
    if verdict.verdict in ("not-tested", "too-few", "mixed"):
        if not verdict.missing:
            return say("More rows would change it, most of them on one side.")
        if verdict.type == "existence":
            return say("What would change it: cases that show {missing}.", missing=verdict.missing)
        return say("What would change it: {missing}.", missing=verdict.missing)
    if verdict.verdict != "supported":
        return say("Rows for it would change it.")
    if deterministic:
        return say("One row against it that rests on stated values would change it.")
    return say("Rows against it would change it.")
