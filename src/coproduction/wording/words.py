"""Tables of verdicts, and what is said below them, the same on a terminal, a page, a notebook.

One verdict in sentences: :mod:`coproduction.wording.sentences`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from ..evidence.claims import OF_A_LEVEL, Test, claim_tests
from ..evidence.comparison import Flip
from ..evidence.verdict import SUCCESS_STORIES, Row, Verdict
from ..messages import Sentence, Speaker
from ..names import COP
from ..results.forms import Value
from ..results.result import Result
from .phrases import RESERVED, quoted

PARTS: Final = {
    "support": Sentence("for"),
    "counterexamples": Sentence("against"),
    "undetermined": Sentence("undetermined"),
}
_VALUES = (
    Sentence("not-testable"), Sentence("no-data"), Sentence("not-tested"), Sentence("too-few"),
    Sentence("supported"), Sentence("mixed"), Sentence("contradicted"),
    Sentence("contradicted-by-interpreted-only"), Sentence("failed"),
    Sentence("empirical"), Sentence("normative"), Sentence("definitional"),
    Sentence("source"), Sentence("cases"), Sentence("both"), Sentence("none"),
    Sentence("stated"), Sentence("interpreted"), Sentence("irrelevant"), Sentence("outside"),
    Sentence("not told"),
    Sentence("verdict"), Sentence("row"),
)  # fmt: skip
"""Values that a program reads as they are, and a person in a language."""


_HEADS: Final = (
    Sentence("claim"), Sentence("text"), Sentence("kind"), Sentence("basis"), Sentence("missing"),
    Sentence("domain"), Sentence("rubric"), Sentence("ceiling"), Sentence("readings"),
    Sentence("part"), Sentence("side"), Sentence("status"), Sentence("sector"), Sentence("rights"),
    Sentence("level"), Sentence("intensity"), Sentence("note"), Sentence("changed"),
    Sentence("what"),
)  # fmt: skip
"""Headings of the tables, which a person is told in a language; see :meth:`Result.told`."""
_RESTING: Final = ("domain", "rubric", "ceiling", "readings")
COLUMNS: Final = (
    "claim", "text", "kind", "verdict", "basis", "for", "against", "missing", *_RESTING,
)  # fmt: skip
"""What a table of verdicts has of each."""
_ALONE: Final = "by_interpreted_only"
"""What a program reads in a column of its own, and a person in the word of the verdict."""


def _shown(say: Speaker, program: bool) -> Callable[[str], str]:
    """Give what shows a value: as it is to a program, in its language to a person."""
    return str if program else say


_COLUMN_OF: Final = {
    "sector": frozenset({COP + "hasProviderSector"}),
    "decision_rights": frozenset({COP + "hasDecisionRights"}),
    "level": frozenset({COP + "hasParticipationLevel"}),
    "intensity": frozenset({COP + "hasRelationIntensity"}),
}
"""What a row shows of an arrangement, and where it bears on a claim."""
_HEADING: Final = {"decision_rights": "rights"}


# -- all verdicts -----------------------------------------------------------------------------


def table_of_verdicts(
    verdicts: Sequence[Verdict],
    say: Speaker,
    *,
    program: bool = False,
    brief: bool = False,
    resting: bool = True,
) -> Result:
    """Give a row for each claim.

    Args:
        verdicts: of the claims.
        say: the language of a person.
        program: whether values are as a program reads them.
        brief: whether to leave out what is missing for a verdict, the longest texts.
        resting: whether to add the domain, the rubric, the ceiling and the readings of each.
    """
    columns = [
        column
        for column in COLUMNS
        if not (brief and column == "missing") and (resting or column not in _RESTING)
    ]
    show = _shown(say, program)
    rows = [values_of(verdict, show) for verdict in verdicts]
    if program:
        columns.append(_ALONE)
    else:
        for row, verdict in zip(rows, verdicts, strict=True):
            row["verdict"] = verdict_in_table(verdict, say)
    return Result.of_rows(
        columns, [[row[column] for column in columns] for row in rows], "evidence"
    ).told(say)


def verdict_in_table(verdict: Verdict, say: Speaker) -> str:
    """Give the word of a verdict as a table for people has it, with its reserve."""
    return say(RESERVED if verdict.is_reserved else verdict.verdict)


def values_of(verdict: Verdict, show: Callable[[str], str] = str) -> dict[str, Value]:
    """Give what a table has of a verdict, by :data:`COLUMNS` and what a program reads."""
    return {
        "claim": verdict.claim,
        "text": verdict.label,
        "kind": show(verdict.kind),
        "verdict": show(verdict.verdict),
        "basis": show(verdict.basis) if verdict.type else "",
        "for": verdict.counts.get("support"),
        "against": verdict.counts.get("counterexamples"),
        "missing": verdict.missing,
        "domain": verdict.counts.get("domain"),
        "rubric": verdict.rubric,
        "ceiling": verdict.ceiling,
        "readings": " ".join(verdict.readings),
        _ALONE: verdict.is_reserved,
    }


def resting_on(verdicts: Sequence[Verdict], say: Speaker) -> list[str]:
    """Tell the rubric and the ceiling of all, once."""
    rubrics = {verdict.rubric for verdict in verdicts} - {""}
    ceilings = {verdict.ceiling for verdict in verdicts} - {""}
    told = [
        say("Levels under rubric {name}, the rule by which a level is coded.", name=name)
        for name in sorted(rubrics)
    ]
    where = {
        "diagram": say("The ceiling is that of the diagram."),
        "text": say("The ceiling is that of the text."),
    }
    return told + [where[name] for name in sorted(ceilings)]


def cautions_of(verdicts: Sequence[Verdict], say: Speaker) -> list[str]:
    """Give what to keep in mind, each with the claims that it is about."""
    about: dict[str, list[str]] = {}
    for verdict in verdicts:
        for caution in verdict.own_cautions:
            about.setdefault(caution, []).append(verdict.claim)
    stories = say.again(SUCCESS_STORIES)
    on_cases = any(stories in verdict.cautions for verdict in verdicts)
    lines = [
        say("{name}: {told}", name=", ".join(claims), told=caution)
        for caution, claims in about.items()
    ]
    return [*lines, *([stories] if on_cases else [])]


def told_of_one_row(
    alone: Mapping[str, Sequence[str]], labels: Mapping[str, str], say: Speaker
) -> list[str]:
    """Tell which claims have one and the same row against them, and no other.

    Args:
        alone: the claims by the IRI of the row; see :func:`.comparison.against_alone`.
        labels: of these rows.
        say: the language.
    """
    return [
        say(
            "{count:,} claims have the same single row against them, {name}: {claims}.",
            count=len(claims),
            name=quoted(labels[iri], say),
            claims=", ".join(claims),
        )
        for iri, claims in alone.items()
    ]


# -- the rows of one verdict -------------------------------------------------------------------


def table_of_rows(verdict: Verdict, say: Speaker, *, program: bool = False) -> Result:
    """Give the rows for, against and beside a claim.

    Args:
        verdict: with its rows.
        say: the language of a person.
        program: whether values are as a program reads them, which is given IRIs too, and the
            same columns of each claim, the last of which has what else decides; a person is shown
            what decides, a column each.
    """
    shown = list(_COLUMN_OF)
    if not program and (test := claim_tests().get(verdict.claim)):
        shown = [name for name, props in _COLUMN_OF.items() if props & _bearing(test, verdict.read)]
    found = [(part, row) for part in PARTS for row in verdict.rows.get(part, [])]
    beside = [] if program else list(dict.fromkeys(n for _, row in found for n in row.resting))
    parts = [] if program or not any(row.part for _, row in found) else ["part"]
    headings = ["part" if program else "side", "row", "status", *parts]
    headings += [_HEADING.get(name, name) for name in shown]
    headings += [*map(say, beside), "note", "interpreted"]
    headings += ["iri", "source", "decides"] if program else ["source"]
    show = _shown(say, program)
    rows = [
        [
            show(PARTS[part]),
            row.label,
            show(row.status),
            *(row.part for _ in parts),
            *(row.values.get(name, "") for name in shown),
            *(row.resting.get(name, "") for name in beside),
            *_notes(row, say, program),
            *_origin(row, say, program),
        ]
        for part, row in found
    ]
    return Result.of_rows(headings, rows, verdict.claim).told(say)


def _origin(row: Row, say: Speaker, program: bool) -> tuple[str, ...]:
    if program:
        told = (say("{name}: {told}", name=say(name), told=v) for name, v in row.resting.items())
        return row.iri, "; ".join(iri for iri, _ in row.sources), say("; ").join(told)
    return (say("; ").join(label for _, label in row.sources),)


def _notes(row: Row, say: Speaker, program: bool) -> tuple[str, str]:
    other = say("matched with {other}", other=row.other) if row.other else ""
    read = say("; ").join(value.told(say) for value in row.interpreted)
    part = row.part if program else ""
    return say("; ").join(filter(None, [part, row.note, other])), read


def _bearing(test: Test, read: Collection[str]) -> set[str]:
    """Give the properties whose columns bear on a claim.

    Of a level by a rubric these are the level and what the rubric reads, decision rights or not.
    """
    if not test.takes_rubric:
        return {*test.rests_on}
    return {*test.rests_on} - OF_A_LEVEL | {*read, COP + "hasParticipationLevel"}


# -- rubrics compared -------------------------------------------------------------------------


def table_of_flips(
    flips: Sequence[Flip], rubrics: Sequence[str], say: Speaker, *, program: bool = False
) -> Result:
    """Give what changes between the rubrics: verdicts first, then rows.

    Args:
        flips: of each claim.
        rubrics: their names.
        say: the language of a person.
        program: whether values are as a program reads them.
    """
    show = _shown(say, program)

    def word(flip: Flip, rubric: str) -> str:
        is_reserved = rubric in flip.reserved and not program
        return say(RESERVED) if is_reserved else show(flip.verdicts[rubric])

    rows = [
        [show("verdict"), flip.claim, flip.label, *(word(flip, name) for name in rubrics)]
        for flip in flips
        if flip.is_changed or flip.failure
    ]
    if not rows:
        rows = [[show("verdict"), "none", say("no verdict changes"), *("" for _ in rubrics)]]
    rows += [
        [
            show("row"),
            flip.claim,
            label,
            *(show(PARTS.get(side, side)) for side in sides),
        ]
        for flip in flips
        for _, label, sides in flip.rows
    ]
    return Result.of_rows(["changed", "claim", "what", *rubrics], rows, "rubrics").told(say)


def flips_as_dict(flips: Sequence[Flip], rubrics: Sequence[str], say: Speaker) -> dict[str, object]:
    """Give what changes between the rubrics as plain values, for JSON."""
    return {
        "verdicts": [
            {"claim": flip.claim, "text": flip.label, **flip.verdicts}
            for flip in flips
            if flip.is_changed
        ],
        "rows": [
            {
                "claim": flip.claim,
                "iri": iri,
                **dict(zip(rubrics, sides, strict=True)),
            }
            for flip in flips
            for iri, _, sides in flip.rows
        ],
        "failed": {flip.claim: flip.failure for flip in flips if flip.failure},
        "cautions": {flip.claim: text for flip in flips if (text := _caution_of(flip, say))},
    }


def cautions_of_flips(flips: Sequence[Flip], say: Speaker) -> list[str]:
    """Give what to keep in mind, each with the claims that it is about.

    First stands what names a rubric, in their order, then the rest; within, as the claims do.
    """
    about: dict[str, list[str]] = {}
    for flip in sorted(flips, key=lambda flip: flip.claim):
        if text := _caution_of(flip, say):
            about.setdefault(text, []).append(flip.claim)
    rubrics = list(flips[0].verdicts) if flips else []

    def place(text: str) -> int:
        named = (n for n, name in enumerate(rubrics) if re.search(rf"\b{name}\b", text))
        return next(named, len(rubrics))

    return [
        say("{name}: {told}", name=", ".join(about[text]), told=text)
        for text in sorted(about, key=place)
    ]


def _caution_of(flip: Flip, say: Speaker) -> str:
    test = claim_tests().get(flip.claim)
    return say(test.caution) if test is not None else ""
