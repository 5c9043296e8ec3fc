"""What another rubric or ceiling makes of a claim, in sentences: its verdict, its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from ..errors import QueryError, command
from ..evidence.claims import CEILINGS
from ..evidence.comparison import Elsewhere, against_alone, elsewhere
from ..evidence.ledger import Evidence
from ..evidence.verdict import Verdict
from ..messages import Speaker
from .phrases import cut, named_rows, numbers_told, phrase
from .words import told_of_one_row

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
    under = _ceilings(say)
    for name, word in verdict.under_ceilings.items():
        told += " " + _told(under[name], word, _at(name, verdict, say), verdict, say)
    return " ".join([told, *_failed(verdict, under, say)])


def told_of_all(
    ledger: Evidence, verdicts: Sequence[Verdict], say: Speaker
) -> tuple[list[str], list[str]]:
    """Tell which verdicts hang on one and the same row, and which are others elsewhere.

    Args:
        ledger: what the verdicts are of.
        verdicts: all of them.
        say: the language.

    Returns:
        the sentences, and what failed of them: the verdicts stand without it.
    """
    told: list[str] = []
    try:
        alone = against_alone(ledger, verdicts)
        told += told_of_one_row(alone, ledger.labels(alone), say)
        told += elsewhere_told(elsewhere(ledger, verdicts), say)
    except QueryError as error:
        return told, [str(error)]
    return told, []


def elsewhere_told(found: Iterable[Elsewhere], say: Speaker) -> list[str]:
    """Tell which claims have another verdict under other rubrics or the other ceiling.

    Args:
        found: as of :func:`~coproduction.evidence.comparison.elsewhere`.
        say: the language.
    """
    by_ceiling = _ceilings(say)
    return [
        say(
            '{under} the verdict is "{verdict}": {claims}.',
            under=by_ceiling.get(each.under[0]) or _rubrics(each.under, say),
            verdict=phrase(each.verdict, say, is_reserved=each.is_reserved),
            claims=", ".join(each.claims),
        )
        for each in found
    ]


def _ceilings(say: Speaker) -> dict[str, str]:
    return {
        "diagram": say("By the ceiling of the diagram"),
        "text": say("By the ceiling of the text"),
    }


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
    alike: dict[tuple[str, _There], list[str]] = {}
    for name, word in verdict.under_others.items():
        alike.setdefault((word, _at(name, verdict, say)), []).append(name)
    told = [
        _told(_rubrics(names, say), word, there, verdict, say)
        for (word, there), names in alike.items()
    ]
    return " ".join([*told, *failed])


class _There(NamedTuple):
    """What is told of another rubric or ceiling: how many rows, which moved, and what one decides.

    Attributes:
        is_reserved: whether interpreted rows alone support it there.
        numbers: how many rows are for the claim and against it there.
        rows: which of them stand elsewhere.
        stated: which of those against it rest on stated values alone.
        without: what the verdict would be there without the one row against it.
    """

    is_reserved: bool
    numbers: str
    rows: str
    stated: str
    without: str


def _at(name: str, verdict: Verdict, say: Speaker) -> _There:
    k, against = verdict.counts_under.get(name, (0, 0))
    numbers = say("{k:,} for it, {against:,} against it", k=k, against=against)
    if verdict.type == "comparison":
        numbers = say("{won:,} pairs won, {lost:,} lost", won=k, lost=against)
    if parts := verdict.parts_under.get(name):
        # Together they decide nothing.
        told = (
            say("{name}: {told}", name=part, told=numbers_told(each, verdict, say))
            for each in parts
            if (part := each.label(verdict.named))
        )
        numbers = say("; ").join(told)
    without = ""
    if turn := verdict.without_under.get(name):
        without = say(
            'Without {names} it would be "{verdict}" there.',
            names=cut(named_rows(verdict, turn.without, say), say, count=len(turn.without)),
            verdict=phrase(turn.verdict, say, is_reserved=turn.is_reserved),
        )
    stated = ""
    if iris := verdict.stated_under.get(name):
        names = cut(named_rows(verdict, iris, say), say, count=len(iris))
        stated = say.plural(
            "Of those against it there {names} rests on stated values alone.",
            "Of those against it there these rest on stated values alone: {names}.",
            len(iris),
            names=names,
        )
    rows = _moved(verdict, verdict.moved.get(name, {}), say)
    is_reserved = name in verdict.reserved_under
    return _There(is_reserved, numbers if k or against else "", rows, stated, without)


def _rubrics(names: Sequence[str], say: Speaker) -> str:
    rubrics = names[0]
    if len(names) > 1:
        rubrics = say("{first} and {last}", first=", ".join(names[:-1]), last=names[-1])
    return say("Under {rubrics}", rubrics=rubrics)


def _told(under: str, word: str, there: _There, verdict: Verdict, say: Speaker) -> str:
    """Tell a verdict under something else, and the rows that stand elsewhere there."""
    if there.numbers:
        under = say("{told} ({part})", told=under, part=there.numbers)
    rows = there.rows
    given = {"under": under, "rows": rows}
    given["verdict"] = phrase(word, say, is_reserved=there.is_reserved)
    is_same = (word, there.is_reserved) == (verdict.verdict, verdict.is_reserved)
    told = {
        (True, True): say("{under} the verdict is the same: {rows}.", **given),
        (True, False): say("{under} the verdict is the same.", **given),
        (False, True): say("{under} it is {verdict}: {rows}.", **given),
        (False, False): say("{under} it is {verdict}.", **given),
    }[is_same, bool(rows)]
    return " ".join(filter(None, (told, there.stated, there.without)))


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
        told = say("{first}; and {last}", first=told, last=each) if told else each
    return told


def _clauses(verdict: Verdict, moved: Mapping[str, Sequence[str]], say: Speaker) -> Iterator[str]:
    for change, iris in moved.items():
        n = len(iris)
        known = named_rows(verdict, iris, say)
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
