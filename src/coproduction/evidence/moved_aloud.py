"""What another rubric or ceiling makes of a claim, in sentences: its verdict, its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ..errors import command
from ..messages import Speaker
from .phrases import cut, named_rows, phrase
from .verdict import Verdict

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
    for name, word in verdict.under_ceilings.items():
        rows = _moved(verdict, verdict.moved.get(name, {}), say)
        given = {"rows": rows, "verdict": phrase(word, say)}
        is_same, has_rows = word == verdict.verdict, bool(rows)
        diagram = {
            (True, True): say("Under the ceiling of the diagram the verdict is the same: {rows}.",
                              **given),
            (True, False): say("Under the ceiling of the diagram the verdict is the same."),
            (False, True): say("Under the ceiling of the diagram it is {verdict}: {rows}.",
                               **given),
            (False, False): say("Under the ceiling of the diagram it is {verdict}.", **given),
        }  # fmt: skip
        text = {
            (True, True): say("Under the ceiling of the text the verdict is the same: {rows}.",
                              **given),
            (True, False): say("Under the ceiling of the text the verdict is the same."),
            (False, True): say("Under the ceiling of the text it is {verdict}: {rows}.", **given),
            (False, False): say("Under the ceiling of the text it is {verdict}.", **given),
        }  # fmt: skip
        told += " " + (diagram if name == "diagram" else text)[is_same, has_rows]
    return told


def rubrics_told(verdict: Verdict, say: Speaker) -> str:
    """Tell the verdict under the other rubrics where it was asked for, else what tells it.

    Args:
        verdict: of a claim; of one that rests on no rubric nothing is told.
        say: the language.
    """
    if not verdict.rubric:
        return ""
    if not verdict.under_others:
        asked = command("evidence", compare_rubrics=True, python="evidence(rubric='R1')")
        return say("{command} tells what it is under other rubrics.", command=asked)
    alike: dict[tuple[str, str], list[str]] = {}
    for name, word in verdict.under_others.items():
        moved = _moved(verdict, verdict.moved.get(name, {}), say)
        alike.setdefault((word, moved), []).append(name)
    told = []
    for (word, rows), names in alike.items():
        rubrics = names[0]
        if len(names) > 1:
            rubrics = say("{first} and {last}", first=", ".join(names[:-1]), last=names[-1])
        given = {"rubrics": rubrics, "rows": rows, "verdict": phrase(word, say)}
        told.append(
            {
                (True, True): say("Under {rubrics} the verdict is the same: {rows}.", **given),
                (True, False): say("Under {rubrics} the verdict is the same.", **given),
                (False, True): say("Under {rubrics} it is {verdict}: {rows}.", **given),
                (False, False): say("Under {rubrics} it is {verdict}.", **given),
            }[word == verdict.verdict, bool(rows)]
        )
    return " ".join(told)


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
