"""`coproduction evidence`: the claims of the literature held against what is in scope."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from ..errors import DataError
from ..messages import Sentence, Speaker, speaker
from ..results.layout import filled
from ..results.result import Result
from ..spelling import visible
from . import completion
from .answers import Answer, Part, answer_options
from .options import Scope, open_graph, scope_options, spoken_option
from .progress import progress_bar, working
from .telling import note, tell

if TYPE_CHECKING:
    from ..evidence.claims import Row, Verdict
    from ..evidence.rubrics import Flip

_WIDE = 100
"""Characters to a line from which a list of verdicts has room for what is missing."""
_PARTS = {
    "support": Sentence("for"),
    "counterexamples": Sentence("against"),
    "undetermined": Sentence("undetermined"),
}
_VALUES = (
    Sentence("not-tested"), Sentence("consistent"), Sentence("contradicted"),
    Sentence("not-testable"), Sentence("no-data"), Sentence("failed"),
    Sentence("empirical"), Sentence("normative"), Sentence("definitional"),
    Sentence("source"), Sentence("cases"), Sentence("both"), Sentence("none"),
    Sentence("stated"), Sentence("interpreted"), Sentence("not counted"),
    Sentence("verdict"), Sentence("row"),
)  # fmt: skip
"""Values that a program reads in CSV and JSON, and a person in a table."""


@click.command()
@click.argument("claim", required=False, shell_complete=completion.claims)
@click.option(
    "--rubric", default="R0", show_default=True, metavar="R0|R1", help="Rubric of the levels."
)
@click.option(
    "--ceiling",
    default="diagram",
    show_default=True,
    metavar="diagram|text",
    help="Where the glass ceiling stands: between medium and high, or between low and medium.",
)
@click.option("--compare-rubrics", is_flag=True, help="What R0 and R1 judge differently.")
@click.option(
    "--without-source",
    metavar="ID",
    help="Leave out what rests on this source alone, such as pestoff-slides.",
)
@click.option("--strict", is_flag=True, help="Exit 1 if a claim is contradicted.")
@spoken_option()
@answer_options("table", "csv", "json", "md", "html", help="Form of the verdicts.")
@scope_options
def evidence(
    claim: str | None,
    rubric: str,
    ceiling: str,
    compare_rubrics: bool,
    without_source: str | None,
    strict: bool,
    lang: str | None,
    to: Answer,
    scope: Scope,
) -> int:
    """Hold the claims of the literature against what is in scope: all, or CLAIM with its rows.

    Without --cases, --store or --data the source's own placements are all there is. A claim whose
    query fails has the verdict 'failed', the others stand; the exit code is 3 then.
    """
    from ..evidence.ledger import Evidence
    from ..evidence.rubrics import compare_rubrics as compare

    say = speaker(lang or "en")
    store = open_graph(scope).store
    if compare_rubrics:
        if claim is not None:
            raise DataError("--compare-rubrics compares all claims: leave CLAIM out")
        if strict or rubric != "R0":
            raise DataError("--compare-rubrics compares R0 and R1: leave --rubric and --strict out")
        with working("comparing the rubrics"):
            flips = compare(store, ceiling=ceiling, without_source=without_source, lang=say.lang)
        _write_flips(flips, to, say)
        return _told([flip.failure for flip in flips if flip.failure])
    ledger = Evidence(
        store, rubric=rubric, ceiling=ceiling, without_source=without_source, lang=say.lang
    )
    for iri in ledger.conflicts:
        note(say("{iri} has two levels: it is left undetermined", iri=iri))
    if claim is None:
        with progress_bar("claims", "claims", ("judging", "judging")) as progress:
            verdicts = ledger.all(rows=to.form == "json", progress=progress)
        failures = [verdict.missing for verdict in verdicts if verdict.verdict == "failed"]
        if to.form == "json":
            to.write(_json([verdict.as_dict() for verdict in verdicts]))
        else:
            _write_ledger(verdicts, to, say)
        for stray in ledger.strays:
            note(stray)
        if failures:
            return _told(failures)
    else:
        with working(f"judging {claim}"):
            verdicts = [ledger.of(claim)]
        if to.form == "json":
            to.write(_json(verdicts[0].as_dict()))
        else:
            _write_claim(verdicts[0], to, say)
    return int(strict and any(verdict.verdict == "contradicted" for verdict in verdicts))


@click.command()
@spoken_option()
@answer_options()
@scope_options
def gaps(lang: str | None, to: Answer, scope: Scope) -> int:
    """Tell what the cases in scope leave open: cells of the grid, services, claims not tested."""
    from ..evidence.gaps import gaps as find_gaps

    store = open_graph(scope).store
    with working("looking for gaps"):
        rows = find_gaps(store, lang or "en")
    to.write(Result.of_rows(["kind", "name", "wanted"], rows, "gaps"))
    return _told([row.wanted for row in rows if row.kind == "failed"])


def _told(failures: list[str]) -> int:
    """Tell what failed on standard error; give the exit code."""
    for failure in failures:
        tell(f"coproduction: {failure}")
    return 3 if failures else 0


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _write_ledger(verdicts: list[Verdict], to: Answer, say: Speaker) -> None:
    """Write a line for each claim, and below what they rest on and what to keep in mind."""
    form = to.form
    headings = ["claim", "text", "kind", "verdict", "basis", "for", "against", "missing"]
    if form != "table":
        headings += ["domain", "rubric", "ceiling", "readings"]
    shown = _shown(form, say)
    rows = [
        [
            verdict.claim,
            verdict.label,
            shown(verdict.kind),
            shown(verdict.verdict),
            shown(verdict.basis) if verdict.logic else "",
            str(verdict.counts.get("support", "")),
            str(verdict.counts.get("counterexamples", "")),
            verdict.missing,
            *(_rests_on(verdict) if form != "table" else ()),
        ]
        for verdict in verdicts
    ]
    resting = _resting(verdicts, say) if form == "table" else []
    if form == "table" and to.width is not None and to.width < _WIDE:
        # In so narrow a column the longest texts would make a table of two lines into one of six.
        place = headings.index("missing")
        headings, rows = headings[:place], [row[:place] for row in rows]
        resting.append(say("What is missing for a verdict: 'evidence CLAIM', or a wider terminal."))
    below = _below([*resting, *_cautions(verdicts, say)], to)
    to.write(Result.of_rows(headings, rows, "evidence"), below)


def _shown(form: str, say: Speaker) -> Callable[[str], str]:
    """Give what shows a value: as it is to a program, in its language to a person."""
    return str if form in ("csv", "json") else say


def _rests_on(verdict: Verdict) -> tuple[str, str, str, str]:
    domain = str(verdict.counts.get("domain", ""))
    return domain, verdict.rubric, verdict.ceiling, " ".join(verdict.readings)


def _resting(verdicts: list[Verdict], say: Speaker) -> list[str]:
    """Tell the rubric and the ceiling of all, once."""
    rubrics = {verdict.rubric for verdict in verdicts} - {""}
    ceilings = {verdict.ceiling for verdict in verdicts} - {""}
    told = [say("Levels under rubric {name}.", name=name) for name in sorted(rubrics)]
    where = {
        "diagram": say("The ceiling is that of the diagram."),
        "text": say("The ceiling is that of the text."),
    }
    return told + [where[name] for name in sorted(ceilings)]


def _cautions(verdicts: list[Verdict], say: Speaker) -> list[str]:
    """Give what to keep in mind, each with the claims that it is about."""
    from ..evidence.claims import SUCCESS_STORIES

    about: dict[str, list[str]] = {}
    for verdict in verdicts:
        if verdict.caution:
            about.setdefault(verdict.caution, []).append(verdict.claim)
    stories = say.again(SUCCESS_STORIES)
    on_cases = any(stories in verdict.cautions for verdict in verdicts)
    lines = [f"{', '.join(claims)}: {caution}" for caution, claims in about.items()]
    return [*lines, *([stories] if on_cases else [])]


def _below(lines: list[str], to: Answer) -> str:
    """Give lines below rows; on standard error beside CSV, which is rows alone."""
    if to.form == "csv":
        for line in lines:
            note(line)
        return ""
    return "\n" + _paragraphs(lines, to)


def _paragraphs(lines: list[str], to: Answer) -> str:
    form = to.form
    if form == "html":
        import html

        return "".join(f"<p>{html.escape(line)}</p>\n" for line in lines)
    if form == "table":
        lines = [filled(visible(line), to.width) for line in lines]
    return "".join(f"{line}\n" + ("\n" if form == "md" else "") for line in lines)


def _write_claim(verdict: Verdict, to: Answer, say: Speaker) -> None:
    """Write what is said of a claim, and below it its rows."""
    form = to.form
    parts: list[Part] = []
    if form == "csv":
        tell(f"{verdict.claim}: {verdict.verdict}")
        _below(list(verdict.cautions), to)
    else:
        parts.append(_head(verdict, to, say))
    shown = _shown(form, say)
    headings = ["part", "row", "status", "sector", "rights", "level", "intensity", "note"]
    headings += ["iri", "source"] if form == "csv" else ["source"]
    rows = [
        [shown(_PARTS[part]), *_cells(row, shown, say), *_origin(row, form)]
        for part in _PARTS
        for row in verdict.rows.get(part, [])
    ]
    if rows or form == "csv":
        parts.append(Result.of_rows(headings, rows, verdict.claim))
    to.write(*parts)


def _origin(row: Row, form: str) -> tuple[str, ...]:
    if form == "csv":
        return row.iri, "; ".join(iri for iri, _ in row.sources)
    return ("; ".join(label for _, label in row.sources),)


def _cells(row: Row, shown: Callable[[str], str], say: Speaker) -> list[str]:
    values = [row.values.get(n, "") for n in ("sector", "decision_rights", "level", "intensity")]
    other = say("matched with {other}", other=row.other) if row.other else ""
    notes = [row.part, row.note, other]
    return [row.label, shown(row.status), *values, "; ".join(filter(None, notes))]


def _head(verdict: Verdict, to: Answer, say: Speaker) -> str:
    """Tell the verdict and what it rests on, in sentences."""
    lines = [
        f"{verdict.claim}: {verdict.label}.",
        say("Verdict: {verdict}.", verdict=say(verdict.verdict)),
    ]
    if verdict.logic:
        lines += [_base(verdict, say), *_read_as(verdict, say)]
        if any(row.status == "interpreted" for p in _PARTS for row in verdict.rows.get(p, [])):
            lines.append(say("Some rows rest on interpreted values: they count, and are marked."))
    if verdict.missing:
        lines.append(say("Missing: {parts}.", parts=verdict.missing))
    lines += verdict.cautions
    return _paragraphs(lines, to) + "\n"


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
    """Tell how the claim is read: its logic, and the rubric, ceiling and readings it rests on."""
    from ..evidence.claims import LOGICS

    pairs = verdict.counts.get("pairs")
    lines = [say("Matched pairs of cases: {count}.", count=pairs)] if pairs is not None else []
    logic = {
        "universal": say("a universal claim"),
        "existence": say("an existence claim"),
        "tendency": say("a tendency claim"),
        "comparative": say("a comparative claim"),
    }[verdict.logic]
    resting = [logic]
    if verdict.rubric:
        resting.append(say("levels under rubric {name}", name=verdict.rubric))
    if verdict.ceiling == "diagram":
        resting.append(say("the ceiling of the diagram"))
    elif verdict.ceiling:
        resting.append(say("the ceiling of the text"))
    if verdict.readings:
        resting.append(say("readings {names}", names=", ".join(verdict.readings)))
    read = say("Read as {parts}.", parts="; ".join(resting))
    return [*lines, f"{read} {say.again(LOGICS[verdict.logic])}"]


def _write_flips(flips: list[Flip], to: Answer, say: Speaker) -> None:
    if to.form == "json":
        content = {
            "verdicts": [
                {"claim": flip.claim, "text": flip.label, "R0": flip.before, "R1": flip.after}
                for flip in flips
                if flip.before != flip.after
            ],
            "rows": [
                {"claim": flip.claim, "iri": iri, "R0": one or None, "R1": two or None}
                for flip in flips
                for iri, _, one, two in flip.rows
            ],
            "failed": {flip.claim: flip.failure for flip in flips if flip.failure},
            "cautions": {flip.claim: text for flip in flips if (text := _caution_of(flip, say))},
        }
        to.write(_json(content))
        return
    shown = _shown(to.form, say)
    rows = [
        (shown("verdict"), flip.claim, flip.label, shown(flip.before), shown(flip.after))
        for flip in flips
        if flip.before != flip.after or flip.failure
    ]
    if not rows:
        rows = [(shown("verdict"), "none", say("no verdict changes"), "", "")]
    rows += [
        (
            shown("row"),
            flip.claim,
            label,
            shown(_PARTS.get(one, "not counted")),
            shown(_PARTS.get(two, "not counted")),
        )
        for flip in flips
        for _, label, one, two in flip.rows
    ]
    about: dict[str, list[str]] = {}
    for flip in flips:
        if text := _caution_of(flip, say):
            about.setdefault(text, []).append(flip.claim)
    below = _below([f"{', '.join(claims)}: {text}" for text, claims in about.items()], to)
    to.write(Result.of_rows(["changed", "claim", "what", "R0", "R1"], rows, "rubrics"), below)


def _caution_of(flip: Flip, say: Speaker) -> str:
    from ..evidence.claims import claim_tests

    test = claim_tests().get(flip.claim)
    return say(test.caution) if test is not None else ""
