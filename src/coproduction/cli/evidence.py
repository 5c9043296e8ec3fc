"""`coproduction evidence`: the claims of the literature held against what is in scope."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from ..errors import DataError, command
from ..messages import Speaker, speaker
from ..names import compact
from ..results.layout import filled
from ..spelling import visible
from ..wording import sentences, words
from ..wording.moved_aloud import told_of_all
from . import completion
from .answers import Answer, Part
from .options import answer_options, scope_options, spoken_option
from .progress import progress_bar, working
from .scope import Scope, open_graph
from .telling import failed, note, tell

if TYPE_CHECKING:
    from ..evidence.comparison import Flip
    from ..evidence.ledger import Evidence
    from ..evidence.verdict import Verdict
    from ..store.protocol import Store
    from ..validation.spoilt import Spoilt

_WIDE = 100
"""Characters to a line from which a list of verdicts has room for what is missing."""


@click.command()
@click.argument("claim", required=False, shell_complete=completion.claims)
@click.option(
    "--rubric",
    default="R0",
    show_default=True,
    metavar="NAME",
    help="Rubric, the rule by which a level is coded: R0, by decision rights alone, R1, also by "
    "the work contributed, or R2, by what users do and for how long.",
)
@click.option(
    "--ceiling",
    default="diagram",
    show_default=True,
    metavar="diagram|text",
    help="Where the glass ceiling stands: between medium and high, or between low and medium.",
)
@click.option("--compare-rubrics", is_flag=True, help="What the rubrics judge differently.")
@click.option(
    "--table",
    "crisp",
    is_flag=True,
    help="Of CLAIM a row a case: its condition, its outcome and further conditions as 1, 0 or, "
    "where nothing tells, an empty cell, as R's package QCA reads them.",
)
@click.option(
    "--qca",
    is_flag=True,
    help="Of CLAIM the truth table, its contradictory rows and its minimal formulas, under each "
    "rubric (the extra 'qca').",
)
@click.option(
    "--with-own-source",
    is_flag=True,
    help="Count the placements of the source that makes the claims, which are left out by default.",
)
@click.option(
    "--without-source",
    metavar="ID",
    help="Leave out what rests on this source alone, by its IRI.",
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
    crisp: bool,
    qca: bool,
    with_own_source: bool,
    without_source: str | None,
    strict: bool,
    lang: str | None,
    to: Answer,
    scope: Scope,
) -> int:
    """Hold the claims of the literature against what is in scope: all, or CLAIM with its rows.

    Without --cases, --store or --data there is nothing to hold them against: a claim is not tested
    by the source that makes it, whose placements (a service in a cell of its Diagram 1) count with
    --with-own-source alone. What a verdict says stands in docs/verdicts.md. A claim whose query
    fails has the verdict 'failed', the others stand; the exit code is 3 then.
    """
    from ..evidence.ledger import Evidence

    say = speaker(lang or "en")
    kg = open_graph(scope)
    settings: dict[str, Any] = {
        "ceiling": ceiling,
        "with_own_source": with_own_source,
        "without_source": without_source,
        "spoilt": _told(kg.spoilt, say),
        "lang": say.lang,
    }
    other = _other_answer(claim, rubric, strict, compare=compare_rubrics, crisp=crisp, qca=qca)
    if other is not None:
        return other(kg.store, settings, to)
    ledger = Evidence(kg.store, rubric=rubric, **settings)
    for iri in ledger.conflicts:
        note(say("{iri} has two levels: it is left undetermined", iri=iri))
    if claim is None:
        with progress_bar("claims", "claims", ("judging", "judging")) as progress:
            verdicts = ledger.all(rows=to.form == "json", progress=progress)
        failures = [verdict.missing for verdict in verdicts if verdict.verdict == "failed"]
        if to.form == "json":
            to.write(_json([verdict.as_dict() for verdict in verdicts]))
        else:
            failures += _write_verdicts(ledger, verdicts, to, say)
        for stray in ledger.strays:
            note(stray)
        if failures:
            return failed(failures)
    else:
        with working(f"judging {claim}"):
            verdicts = [ledger.of(claim)]
        if to.form == "json":
            to.write(_json(verdicts[0].as_dict()))
        else:
            _write_claim(verdicts[0], to, say)
        if verdicts[0].failed_under:
            return failed([*verdicts[0].failed_under.values()])
    return int(strict and any(verdict.verdict == "contradicted" for verdict in verdicts))


def _other_answer(
    claim: str | None, rubric: str, strict: bool, *, compare: bool, crisp: bool, qca: bool
) -> Callable[[Store, dict[str, Any], Answer], int] | None:
    """Give what writes another answer than verdicts, where one is asked for.

    Raises:
        DataError: two are, or one with what it does not take.
    """
    if compare + crisp + qca > 1:
        raise DataError("--compare-rubrics, --table and --qca each stand alone: give one")
    if compare:
        if claim is not None:
            raise DataError("--compare-rubrics compares all claims: leave CLAIM out")
        if strict or rubric != "R0":
            raise DataError("--compare-rubrics compares all: leave --rubric and --strict out")
        return _compare
    if not (crisp or qca):
        return None
    if claim is None or strict:
        name = "--table" if crisp else "--qca"
        raise DataError(f"{name} is of one claim, such as C51: name it, and leave --strict out")
    return partial(_write_crisp if crisp else _write_qca, claim, rubric)


def _compare(store: Store, settings: dict[str, Any], to: Answer) -> int:
    from ..evidence.comparison import compare_rubrics
    from ..knowledge.levels import rubrics_of

    say = speaker(settings["lang"])
    with working("comparing the rubrics"):
        flips = compare_rubrics(store, **settings)
    _write_flips(flips, list(rubrics_of(store)), to, say)
    return failed([flip.failure for flip in flips if flip.failure])


def _write_crisp(
    claim: str, rubric: str, store: Store, settings: dict[str, Any], to: Answer
) -> int:
    """Write a row a case; CSV as the W3C has it, also to a file, for programs read it."""
    from ..evidence.crisp_sets import crisp_sets
    from ..evidence.ledger import Evidence

    say = speaker(settings["lang"])
    with working(f"reading the cases of {claim}"):
        data = crisp_sets(Evidence(store, rubric=rubric, **settings), claim, say)
    words = "; ".join(f"{each.name}: {each.words}" for each in data.sets)
    if to.form == "json":
        to.write(_json(data.result().rows))
    else:
        to._replace(style=to.style or "w3c").write(data.result(), _below([words], to))
    return 0


def _write_qca(claim: str, rubric: str, store: Store, settings: dict[str, Any], to: Answer) -> int:
    """Write what the truth table says, its rows, and the formulas under each rubric."""
    from ..evidence.comparison import analyses_by_rubric
    from ..wording import qca_words

    say = speaker(settings["lang"])
    with working(f"minimizing {claim}"):
        found = analyses_by_rubric(store, claim, rubric, **settings)
    first = found[0]
    if to.form == "json":
        to.write(_json([qca_words.as_dict(each) for each in found]))
        return 0
    lines = [_symbols(line, to) for line in qca_words.sentences_of(first, say)]
    rows = qca_words.table_of_combinations(first, say)
    if to.form == "csv":
        _below(lines, to)
        to.write(rows)
        return 0
    parts: list[Part] = [_paragraphs(lines, to) + "\n", rows]
    if len(found) > 1:
        beside = qca_words.table_of_rubrics(found, say)
        parts.append(_below([say("The same under each rubric:")], to) + "\n")
        parts.append(_symbols(beside.serialize("md"), to) if to.form == "md" else beside)
    to.write(*parts)
    return 0


def _symbols(text: str, to: Answer) -> str:
    """Give a text in which no formula is taken for an emphasis by Markdown."""
    return text.replace("*", "\\*").replace("~", "\\~") if to.form == "md" else text


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _write_verdicts(
    ledger: Evidence, verdicts: list[Verdict], to: Answer, say: Speaker
) -> list[str]:
    """Write a line for each claim, and below what they rest on and what to keep in mind.

    What failed of what stands below is given back: the verdicts stand without it.
    """
    beside, failures = told_of_all(ledger, verdicts, say)
    is_table = to.form == "table"
    # In so narrow a column the longest texts would make a table of two lines into one of six.
    is_narrow = is_table and to.width is not None and to.width < _WIDE
    table = words.table_of_verdicts(
        verdicts, say, program=to.form == "csv", brief=is_narrow, resting=not is_table
    )
    lines = words.resting_on(verdicts, say) if is_table else []
    if is_narrow:
        lines.append(say("What is missing for a verdict: 'evidence CLAIM', or a wider terminal."))
    to.write(table, _below([*lines, *words.cautions_of(verdicts, say), *beside], to))
    return failures


def _write_claim(verdict: Verdict, to: Answer, say: Speaker) -> None:
    """Write what is said of a claim, and below it its rows."""
    parts: list[Part] = []
    if to.form == "csv":
        tell(f"{verdict.claim}: {verdict.verdict}")
        _below(list(verdict.cautions), to)
    else:
        parts.append(_paragraphs(sentences.sentences_of(verdict, say), to) + "\n")
    rows = words.table_of_rows(verdict, say, program=to.form == "csv")
    if rows or to.form == "csv":
        parts.append(rows)
    to.write(*parts)


def _told(spoilt: Spoilt, say: Speaker) -> dict[str, frozenset[str]]:
    """Tell which cases are left out of claims as they break the shapes, and give them."""
    for iri, props in spoilt.by_case.items():
        note(
            say(
                "{iri} is left out of claims that rest on {names}: {faults}",
                iri=iri,
                names=", ".join(sorted(map(compact, props))) or say("any value of it"),
                faults=" ".join(spoilt.told(iri, say.lang)),
            )
        )
    if spoilt.unasked:
        note(
            say.plural(
                "{count:,} case is too many to be held against the shapes here; {validate} does",
                "{count:,} cases are too many to be held against the shapes here; {validate} does",
                spoilt.unasked,
                validate=command("validate", "FILE"),
            )
        )
    return spoilt.by_case


def _write_flips(flips: list[Flip], rubrics: list[str], to: Answer, say: Speaker) -> None:
    if to.form == "json":
        to.write(_json(words.flips_as_dict(flips, rubrics, say)))
        return
    below = _below(words.cautions_of_flips(flips, say), to)
    to.write(words.table_of_flips(flips, rubrics, say, program=to.form == "csv"), below)


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
