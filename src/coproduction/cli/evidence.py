"""`coproduction evidence`: the claims of the literature held against what is in scope."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from ..errors import DataError
from ..layout import filled
from ..result import Result
from ..spelling import visible
from .answers import Answer, Part, answer_options
from .options import Scope, open_graph, scope_options
from .telling import note, tell

if TYPE_CHECKING:
    from ..claims import Row, Verdict
    from ..rubrics import Flip

_WIDE = 100
"""Characters to a line from which a list of verdicts has room for what is missing."""
_PARTS = {"support": "for", "counterexamples": "against", "undetermined": "undetermined"}


@click.command()
@click.argument("claim", required=False)
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
@answer_options("table", "csv", "json", "md", "html", help="Form of the verdicts.")
@scope_options
def evidence(
    claim: str | None,
    rubric: str,
    ceiling: str,
    compare_rubrics: bool,
    without_source: str | None,
    strict: bool,
    to: Answer,
    scope: Scope,
) -> int:
    """Hold the claims of the literature against what is in scope: all, or CLAIM with its rows.

    Without --cases, --store or --data the source's own placements are all there is. A claim whose
    query fails has the verdict 'failed', the others stand; the exit code is 3 then.
    """
    from ..evidence import Evidence
    from ..rubrics import compare_rubrics as compare

    store = open_graph(scope).store
    if compare_rubrics:
        if claim is not None:
            raise DataError("--compare-rubrics compares all claims: leave CLAIM out")
        if strict or rubric != "R0":
            raise DataError("--compare-rubrics compares R0 and R1: leave --rubric and --strict out")
        flips = compare(store, ceiling=ceiling, without_source=without_source)
        _write_flips(flips, to)
        return _told([flip.failure for flip in flips if flip.failure])
    ledger = Evidence(store, rubric=rubric, ceiling=ceiling, without_source=without_source)
    for iri in ledger.conflicts:
        tell(f"coproduction: {iri} has two levels: it is left undetermined")
    if claim is None:
        verdicts = ledger.all(rows=to.form == "json")
        failures = [verdict.missing for verdict in verdicts if verdict.verdict == "failed"]
        if to.form == "json":
            to.write(_json([verdict.as_dict() for verdict in verdicts]))
        else:
            _write_ledger(verdicts, to)
        if failures:
            return _told(failures)
    else:
        verdicts = [ledger.of(claim)]
        if to.form == "json":
            to.write(_json(verdicts[0].as_dict()))
        else:
            _write_claim(verdicts[0], to)
    return int(strict and any(verdict.verdict == "contradicted" for verdict in verdicts))


@click.command()
@answer_options()
@scope_options
def gaps(to: Answer, scope: Scope) -> int:
    """Tell what the cases in scope leave open: cells of the grid, services, claims not tested."""
    from ..gaps import gaps as find_gaps

    rows = find_gaps(open_graph(scope).store)
    to.write(Result.of_rows(["kind", "name", "wanted"], rows, "gaps"))
    return _told([row.wanted for row in rows if row.kind == "failed"])


def _told(failures: list[str]) -> int:
    """Tell what failed on standard error; give the exit code."""
    for failure in failures:
        tell(f"coproduction: {failure}")
    return 3 if failures else 0


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _write_ledger(verdicts: list[Verdict], to: Answer) -> None:
    """Write a line for each claim, and below what they rest on and what to keep in mind."""
    form = to.form
    headings = ["claim", "text", "kind", "verdict", "basis", "for", "against", "missing"]
    if form != "table":
        headings += ["domain", "rubric", "ceiling", "readings"]
    rows = [
        [
            verdict.claim,
            verdict.label,
            verdict.kind,
            verdict.verdict,
            verdict.basis if verdict.logic else "",
            str(verdict.counts.get("support", "")),
            str(verdict.counts.get("counterexamples", "")),
            verdict.missing,
            *(_rests_on(verdict) if form != "table" else ()),
        ]
        for verdict in verdicts
    ]
    resting = _resting(verdicts) if form == "table" else []
    if form == "table" and to.width is not None and to.width < _WIDE:
        # In so narrow a column the longest texts would make a table of two lines into one of six.
        place = headings.index("missing")
        headings, rows = headings[:place], [row[:place] for row in rows]
        resting.append("What is missing for a verdict: 'evidence CLAIM', or a wider terminal.")
    below = _below([*resting, *_cautions(verdicts)], to)
    to.write(Result.of_rows(headings, rows, "evidence"), below)


def _rests_on(verdict: Verdict) -> tuple[str, str, str, str]:
    domain = str(verdict.counts.get("domain", ""))
    return domain, verdict.rubric, verdict.ceiling, " ".join(verdict.readings)


def _resting(verdicts: list[Verdict]) -> list[str]:
    """Tell the rubric and the ceiling of all, once."""
    rubrics = {verdict.rubric for verdict in verdicts} - {""}
    ceilings = {verdict.ceiling for verdict in verdicts} - {""}
    return [f"Levels under rubric {name}." for name in sorted(rubrics)] + [
        f"The ceiling is that of the {name}." for name in sorted(ceilings)
    ]


def _cautions(verdicts: list[Verdict]) -> list[str]:
    """Give what to keep in mind, each with the claims that it is about."""
    from ..claims import SUCCESS_STORIES

    about: dict[str, list[str]] = {}
    for verdict in verdicts:
        if verdict.caution:
            about.setdefault(verdict.caution, []).append(verdict.claim)
    on_cases = any(SUCCESS_STORIES in verdict.cautions for verdict in verdicts)
    lines = [f"{', '.join(claims)}: {caution}" for caution, claims in about.items()]
    return [*lines, *([SUCCESS_STORIES] if on_cases else [])]


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


def _write_claim(verdict: Verdict, to: Answer) -> None:
    """Write what is said of a claim, and below it its rows."""
    form = to.form
    parts: list[Part] = []
    if form == "csv":
        tell(f"{verdict.claim}: {verdict.verdict}")
        _below(list(verdict.cautions), to)
    else:
        parts.append(_head(verdict, to))
    headings = ["part", "row", "status", "sector", "rights", "level", "intensity", "note"]
    headings += ["iri", "source"] if form == "csv" else ["source"]
    rows = [
        [_PARTS[part], *_cells(row), *_origin(row, form)]
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


def _cells(row: Row) -> list[str]:
    values = [row.values.get(n, "") for n in ("sector", "decision_rights", "level", "intensity")]
    notes = [row.part, row.note, f"matched with {row.other}" if row.other else ""]
    return [row.label, row.status, *values, "; ".join(filter(None, notes))]


def _head(verdict: Verdict, to: Answer) -> str:
    """Tell the verdict and what it rests on, in sentences."""
    from ..claims import LOGICS

    counts = verdict.counts
    lines = [f"{verdict.claim}: {verdict.label}.", f"Verdict: {verdict.verdict}."]
    if verdict.logic:
        base = {
            "source": "the source's own placements alone",
            "cases": "cases alone",
            "both": "the source's placements and cases",
            "none": "nothing: no row is for or against it",
        }[verdict.basis]
        against = counts.get("counterexamples")
        lines.append(
            f"Base: {counts['domain']} in the domain, {counts['support']} for, "
            + (f"{against} against, " if against is not None else "")
            + f"{len(verdict.rows.get('undetermined', []))} undetermined. It rests on {base}."
        )
        if "pairs" in counts:
            lines.append(f"Matched pairs of cases: {counts['pairs']}.")
        article = "an" if verdict.logic == "existence" else "a"
        resting = [f"{article} {verdict.logic} claim"]
        if verdict.rubric:
            resting.append(f"levels under rubric {verdict.rubric}")
        if verdict.ceiling:
            resting.append(f"the ceiling of the {verdict.ceiling}")
        if verdict.readings:
            resting.append(f"readings {', '.join(verdict.readings)}")
        lines.append(f"Read as {'; '.join(resting)}. {LOGICS[verdict.logic]}")
        if any(row.status == "interpreted" for p in _PARTS for row in verdict.rows.get(p, [])):
            lines.append("Some rows rest on interpreted values: they count, and are marked.")
    if verdict.missing:
        lines.append(f"Missing: {verdict.missing}.")
    lines += verdict.cautions
    return _paragraphs(lines, to) + "\n"


def _write_flips(flips: list[Flip], to: Answer) -> None:
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
            "cautions": {flip.claim: text for flip in flips if (text := _caution_of(flip))},
        }
        to.write(_json(content))
        return
    rows = [
        ("verdict", flip.claim, flip.label, flip.before, flip.after)
        for flip in flips
        if flip.before != flip.after or flip.failure
    ]
    if not rows:
        rows = [("verdict", "none", "no verdict changes", "", "")]
    rows += [
        ("row", flip.claim, label, _PARTS.get(one, "not counted"), _PARTS.get(two, "not counted"))
        for flip in flips
        for _, label, one, two in flip.rows
    ]
    about: dict[str, list[str]] = {}
    for flip in flips:
        if text := _caution_of(flip):
            about.setdefault(text, []).append(flip.claim)
    below = _below([f"{', '.join(claims)}: {text}" for text, claims in about.items()], to)
    to.write(Result.of_rows(["changed", "claim", "what", "R0", "R1"], rows, "rubrics"), below)


def _caution_of(flip: Flip) -> str:
    from ..claims import claim_tests

    return claim_tests()[flip.claim].caution
