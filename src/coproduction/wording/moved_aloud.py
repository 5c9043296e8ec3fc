"""What another rubric or ceiling makes of a claim, in sentences: its verdict, its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ..errors import command
from ..evidence.claims import CEILINGS
from ..evidence.verdict import Verdict
from ..messages import Speaker
from .phrases import cut, named_rows, phrase

_NAMED: Final = 3
"""Rows of a kind that are named in a sentence."""


def ceilings_told(verdict: Verdict, say: Speaker) -> str:
    """Tell under which ceiling the verdict is asked, and what it is under the other.

    Args:
        verdict: of a claim; of one that rests on no ceiling nothing is told.
        say: the language.
    """
    if not verdict.ceiling:
        return ""
    told = {
        "diagram": say("The ceiling is that of the diagram, above medium participation."),
        "text": say("The ceiling is that of the text, above low participation."),
    }[verdict.ceiling]
    under = {
        "diagram": say("Under the ceiling of the diagram"),
        "text": say("Under the ceiling of the text"),
    }
    for name, word in verdict.under_ceilings.items():
        rows = _moved(verdict, verdict.moved.get(name, {}), say)
        told += " " + _told(under[name], word, rows, verdict, say)
    return " ".join([told, *_failed(verdict, under, say)])


def rubrics_told(verdict: Verdict, say: Speaker) -> str:
    """Tell the verdict under the other rubrics where it was asked for, else what tells it.

    Args:
        verdict: of a claim; of one that rests on no rubric nothing is told.
        say: the language.
    """
    if not verdict.rubric:
        return ""
    rubrics = verdict.failed_under.keys() - CEILINGS.keys()
    failed = _failed(verdict, {name: _rubrics([name], say) for name in rubrics}, say)
    if not (verdict.under_others or failed):
        asked = command("evidence", compare_rubrics=True, python="evidence(rubric='R1')")
        return say("{command} tells what it is under other rubrics.", command=asked)
    alike: dict[tuple[str, str], list[str]] = {}
    for name, word in verdict.under_others.items():
        moved = _moved(verdict, verdict.moved.get(name, {}), say)
        alike.setdefault((word, moved), []).append(name)
    told = [
        _told(_rubrics(names, say), word, rows, verdict, say)
        for (word, rows), names in alike.items()
    ]
    return " ".join([*told, *failed])


def _rubrics(names: Sequence[str], say: Speaker) -> str:
    rubrics = names[0]
    if len(names) > 1:
        rubrics = say("{first} and {last}", first=", ".join(names[:-1]), last=names[-1])
    return say("Under {rubrics}", rubrics=rubrics)


def _told(under: str, word: str, rows: str, verdict: Verdict, say: Speaker) -> str:
    """Tell a verdict under something else, and the rows that stand elsewhere there."""
    given = {"under": under, "rows": rows, "verdict": phrase(word, say)}
    return {
        (True, True): say("{under} the verdict is the same: {rows}.", **given),
        (True, False): say("{under} the verdict is the same.", **given),
        (False, True): say("{under} it is {verdict}: {rows}.", **given),
        (False, False): say("{under} it is {verdict}.", **given),
    }[word == verdict.verdict, bool(rows)]


def _failed(verdict: Verdict, under: Mapping[str, str], say: Speaker) -> list[str]:
    """Tell under what it could not be judged, and why."""
    return [
        say("{under} it is not judged: {why}.", under=under[name], why=why)
        for name, why in verdict.failed_under.items()
        if name in under
    ]


def _moved(verdict: Verdict, moved: Mapping[str, Sequence[str]], say: Speaker) -> str:
    """Tell which rows stand elsewhere, those that change sides first, some of each by name."""
    told = ""
    for each in _clauses(verdict, moved, say):
        told = say("{first}, and {last}", first=told, last=each) if told else each
    return told


def _clauses(verdict: Verdict, moved: Mapping[str, Sequence[str]], say: Speaker) -> Iterator[str]:
    for change, iris in moved.items():
        n = len(iris)
        known = named_rows(verdict, iris)
        names = cut(known, say, _NAMED, n)
        if 1 < len(known) == n <= _NAMED:
            first = say("; ").join(known[:-1])
            names = say("{first} and {last}", first=first, last=known[-1])
        yield {
            "only counterexamples": say.plural(
                "there {names} alone is against it", "there {names} alone are against it", n,
                names=names,
            ),
            "only support": say.plural(
                "there {names} alone is for it", "there {names} alone are for it", n, names=names
            ),
            "turned counterexamples": say.plural(
                "{names} is against it and no longer for it",
                "{names} are against it and no longer for it", n, names=names,
            ),
            "turned support": say.plural(
                "{names} is for it and no longer against it",
                "{names} are for it and no longer against it", n, names=names,
            ),
            "more counterexamples": say.plural(
                "{names} is against it too", "{names} are against it too", n, names=names
            ),
            "more support": say.plural(
                "{names} is for it too", "{names} are for it too", n, names=names
            ),
            "less counterexamples": say.plural(
                "{names} no longer counts against it", "{names} no longer count against it", n,
                names=names,
            ),
            "less support": say.plural(
                "{names} no longer counts for it", "{names} no longer count for it", n,
                names=names,
            ),
        }[change]  # fmt: skip
