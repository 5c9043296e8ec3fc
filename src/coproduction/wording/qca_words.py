"""What is said of a truth table and its minimal formulas: tables and sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from ..evidence.crisp_sets import CrispRow
from ..evidence.qca import Analysis, Combination, Formula, Path
from ..messages import Sentence, Speaker
from ..results.forms import Value
from ..results.result import Result

_HEADS: Final = (
    Sentence("code"), Sentence("with"), Sentence("without"),
    Sentence("cases"), Sentence("seen"), Sentence("contradictory"),
    Sentence("conservative"), Sentence("parsimonious"), Sentence("circular"),
)  # fmt: skip
"""Headings of the tables, which a person is told in a language; see :meth:`Result.told`."""


def sentences_of(analysis: Analysis, say: Speaker) -> list[str]:
    """Tell what a truth table says, a paragraph each.

    Args:
        analysis: of a claim, under one rubric.
        say: the language.
    """
    data = analysis.data
    named = [f"{each.name} ({each.words})" for each in data.conditions]
    lines = [
        f"{data.claim}: {data.label}.",
        say(
            "Outcome: {name} ({words}). Conditions: {conditions}.",
            name=data.outcome.name,
            words=data.outcome.words,
            conditions=", ".join(named),
        ),
        _diversity(analysis, say),
    ]
    if constant := _constant(analysis):
        lines.append(say("The same in all cases, and so no explanation: {names}.", names=constant))
    if data.rubric:
        lines.append(say("Levels under rubric {name}.", name=data.rubric))
    if data.circular:
        lines.append(
            say(
                "Circular: what rubric {name} reads also decides who is in {sets}, so that a "
                "formula may give the rubric back.",
                name=data.rubric,
                sets=", ".join(data.circular),
            )
        )
    if data.incomplete:
        lines.append(
            say(
                "Left out, as not all is told of them: {names}.",
                names=_names(data.incomplete),
            )
        )
    lines += _contradictory(analysis, say)
    return [*lines, *_formulas(analysis, say)]


def _diversity(analysis: Analysis, say: Speaker) -> str:
    """Tell how many of the possible combinations have cases."""
    cases, possible = len(analysis.data.complete), len(analysis.combinations)
    told = say.plural(
        "{count:,} case in {seen} of {possible} combinations; {empty} are empty.",
        "{count:,} cases in {seen} of {possible} combinations; {empty} are empty.",
        cases,
        seen=len(analysis.seen),
        possible=possible,
        empty=possible - len(analysis.seen),
    )
    if cases < possible:
        few = say(
            "Too few cases for as many conditions: the formulas sum up these cases, and say "
            "nothing of others."
        )
        told = f"{told} {few}"
    return told


def _constant(analysis: Analysis) -> str:
    """Give the conditions that all cases have, or none has."""
    seen = zip(*(row.values for row in analysis.seen), strict=True)
    pairs = zip(analysis.data.conditions, seen, strict=True)
    return ", ".join(each.name for each, values in pairs if len(set(values)) == 1)


def _contradictory(analysis: Analysis, say: Speaker) -> list[str]:
    rows = analysis.coded("C")
    if not rows:
        return [say("No combination is contradictory.")]
    return [
        say(
            "Contradictory: {combination}. With the outcome: {having}. Without: {lacking}.",
            combination=_text(analysis, row),
            having=_names(row.having),
            lacking=_names(row.lacking),
        )
        for row in rows
    ]


def _formulas(analysis: Analysis, say: Speaker) -> list[str]:
    if not analysis.conservative:
        return [say("No combination is sufficient: there is no formula.")]
    name = analysis.data.outcome.name
    lines = [*_more_than_one(analysis.conservative, say)]
    for each in analysis.conservative:
        formula = f"{each.text} => {name}"
        told = say("Conservative formula, of what was seen: {formula}.", formula=formula)
        lines.append(_with_paths(told, each, analysis, say))
    if not analysis.parsimonious:
        nothing = say(
            "There is no parsimonious formula: each combination that was seen has the outcome, "
            "and nothing tells what it takes."
        )
        return [*lines, nothing]
    lines += _more_than_one(analysis.parsimonious, say)
    for each in analysis.parsimonious:
        formula = f"{each.text} => {name}"
        told = say(
            "Parsimonious formula, which assumes what empty combinations do: {formula}.",
            formula=formula,
        )
        lines.append(_with_paths(told, each, analysis, say))
    return lines


def _more_than_one(formulas: Sequence[Formula], say: Speaker) -> list[str]:
    if len(formulas) < 2:
        return []
    return [say("{count} formulas are as short; none is the only one:", count=len(formulas))]


def _with_paths(told: str, formula: Formula, analysis: Analysis, say: Speaker) -> str:
    """Tell how many cases a formula covers, and its paths in words, behind what is told of it."""
    covers = say("It covers {k} of {n}.", k=formula.coverage.k, n=formula.coverage.n)
    return " ".join([told, covers, *(_path(path, analysis, say) for path in formula.paths)])


def _path(path: Path, analysis: Analysis, say: Speaker) -> str:
    """Tell a path in words, with its cases."""
    words = {each.name: each.words for each in analysis.data.sets}
    named = [
        words[name] if value else say("not: {words}", words=words[name])
        for name, value in path.literals
    ]
    return say(
        "{term}: {words}; cases: {names}.",
        term=path.text,
        words=", ".join(named),
        names=_names(path.cases),
    )


def table_of_combinations(analysis: Analysis, say: Speaker) -> Result:
    """Give the rows of the truth table that have cases: those of which most have the outcome first.

    Args:
        analysis: of a claim.
        say: the language of the headings.
    """
    names = [each.name for each in analysis.data.conditions]
    rows = sorted(analysis.seen, key=lambda row: (-(row.consistency.value or 0), row.values))
    cells: list[tuple[Value, ...]] = [
        (
            *row.values,
            row.code,
            row.consistency.n,
            round(row.consistency.value or 0, 4),
            "; ".join(each.case for each in row.having),
            "; ".join(each.case for each in row.lacking),
        )
        for row in rows
    ]
    heads = [*names, "code", "n", "consistency", "with", "without"]
    return Result.of_rows(heads, cells, analysis.data.claim).told(say)


def table_of_rubrics(analyses: Sequence[Analysis], say: Speaker) -> Result:
    """Give a row for each rubric: how far the formulas stand where the level is coded otherwise."""
    heads = ["rubric", "cases", "seen", "contradictory", "conservative", "parsimonious", "circular"]
    cells = [
        (
            each.data.rubric,
            len(each.data.complete),
            len(each.seen),
            len(each.coded("C")),
            _shortly(each.conservative),
            _shortly(each.parsimonious),
            ", ".join(each.data.circular),
        )
        for each in analyses
    ]
    return Result.of_rows(heads, cells, "rubrics").told(say)


def as_dict(analysis: Analysis) -> dict[str, Any]:
    """Give an analysis as plain values, for JSON."""
    data = analysis.data
    names = [each.name for each in data.conditions]
    return {
        "claim": data.claim,
        "text": data.label,
        "rubric": data.rubric or None,
        "sets": {each.name: each.words for each in data.sets},
        "outcome": data.outcome.name,
        "conditions": names,
        "circular": list(data.circular),
        "leftOut": [row.case for row in data.incomplete],
        "possible": len(analysis.combinations),
        "combinations": [
            {
                **dict(zip(names, row.values, strict=True)),
                "code": row.code,
                "consistency": row.consistency.as_dict(),
                "with": [each.case for each in row.having],
                "without": [each.case for each in row.lacking],
            }
            for row in analysis.seen
        ],
        "conservative": [_formula_as_dict(each) for each in analysis.conservative],
        "parsimonious": [_formula_as_dict(each) for each in analysis.parsimonious],
    }


def _formula_as_dict(formula: Formula) -> dict[str, Any]:
    return {
        "formula": formula.text,
        "consistency": formula.consistency.as_dict(),
        "coverage": formula.coverage.as_dict(),
        "paths": [
            {
                "term": path.text,
                "consistency": path.consistency.as_dict(),
                "coverage": path.coverage.as_dict(),
                "unique": path.unique.as_dict(),
                "cases": [each.case for each in path.cases],
            }
            for path in formula.paths
        ],
    }


def _text(analysis: Analysis, row: Combination) -> str:
    names = [each.name for each in analysis.data.conditions]
    pairs = tuple(zip(names, row.values, strict=True))
    return "*".join(name if value else f"~{name}" for name, value in pairs)


def _shortly(formulas: Iterable[Formula]) -> str:
    return " | ".join(formula.text for formula in formulas)


def _names(rows: Iterable[CrispRow]) -> str:
    return "; ".join(row.label for row in rows)
