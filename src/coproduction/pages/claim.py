"""One claim: its verdict in words, the rows for it and against it, and what would turn it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from ..errors import UnknownName
from ..evidence.claims import claim_tests
from ..messages import Sentence, Speaker, speaker
from ..pictures import TABLED, two_by_two
from ..pictures.verdicts import marked
from ..results.result import Result
from ..wording import words
from ..wording.aloud import in_parts
from ..wording.phrases import phrase
from ..wording.sentences import doubts_told, sentences_of
from . import term
from .address import Address
from .judged import asked_of, controls_of, ledger_of, rules_of, words_of
from .near import no_page
from .page import Made, Page, Words
from .tables import table

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph
    from ..evidence.ledger import Evidence
    from ..evidence.verdict import Row, Verdict

SHOWN: Final = 200
"""Rows of a side that are shown; all stand in CSV and JSON, for which they are looked up then."""
_NAMED: Final = 40
"""Rows of a cell that are named."""


class Side(NamedTuple):
    """The rows on one side of a claim.

    Attributes:
        name: of the side.
        about: what makes a row stand there.
        number: how many do.
        headings: of its table.
        rows: of each column, its values.
        left: how many rows are not shown.
    """

    name: str
    about: str
    number: int
    headings: list[str]
    rows: list[list[tuple[Words, ...]]]
    left: int


class Cell(NamedTuple):
    """Rows that have a condition and an outcome, or lack either, or of which it is left open.

    Attributes:
        about: what they are in words of the claim.
        side: ``support``, ``counterexamples`` or an empty text.
        number: how many there are.
        named: the first of them.
    """

    about: str
    side: str
    number: int
    named: tuple[Words, ...]


class Beside(NamedTuple):
    """The claim under another rubric or by the other ceiling.

    Attributes:
        state: name and value in the address.
        name: what it is called.
        verdict: its word.
        support, against: numbers of rows, or None where they are not told.
    """

    state: dict[str, str]
    name: str
    verdict: str
    support: int | None
    against: int | None


def page(graph: AskedGraph, address: Address, name: str) -> Page:
    """Give the page on a claim.

    Args:
        graph: what is in scope.
        address: its state may have ``rubric`` and ``ceiling``.
        name: the id of the claim.

    Raises:
        NoPage: there is no such claim.
        UnknownName: there is no such rubric or ceiling.
        QueryFailed: the store refused a query of the claim, or broke over it.
    """
    say = speaker(address.lang)
    ledger = ledger_of(graph, address)
    try:
        verdict = ledger.of(name, most=SHOWN)
    except UnknownName as error:
        told = Sentence("there is no claim {name}", name=name)
        raise no_page("/claim/", error, told, Sentence("all claims")) from None
    about = term.page(graph, address, verdict.claim, "claim").values
    names = [
        each
        for each, is_there in (("rubric", verdict.rubric), ("ceiling", verdict.ceiling))
        if is_there
    ]
    rubric, ceiling = asked_of(address)
    is_tabled = verdict.type in TABLED and bool(verdict.cells)
    drawn = partial(_drawn, graph, verdict.claim, say.lang, rubric=rubric, ceiling=ceiling)
    whole = cache(lambda: ledger.of(name) if verdict.beyond else verdict)
    return Page(
        address,
        say("{name}: {told}", name=verdict.claim, told=verdict.label),
        "claim.html",
        {
            "verdict": verdict,
            "mark": marked(verdict),
            "word": phrase(verdict.verdict, say, is_reserved=verdict.is_reserved),
            "kind": say(verdict.kind),
            "told": in_parts(verdict, say),
            "cells": _cells(verdict, ledger, say) if is_tabled else None,
            "sets": _sets(verdict, say) if is_tabled else (),
            "sides": _sides(verdict, say),
            "beside": list(_beside(verdict, say)),
            "lines": _lines(verdict, say),
            "doubted": doubts_told(verdict, say),
            "cautions": verdict.cautions,
            "controls": controls_of(graph.store, address, say, names),
            "rules": rules_of(graph.store, say),
            "quotations": about["quotations"],
            "doubts": about["doubts"],
        },
        Made(lambda: _tables(whole(), say)),
        (verdict.iri,),
        Made(lambda: whole().as_dict()),
        lead=verdict.label,
        picture=drawn if is_tabled else None,
    )


def _drawn(graph: AskedGraph, claim: str, lang: str, *, rubric: str, ceiling: str) -> str:
    return two_by_two.build(graph.store, claim, lang, rubric=rubric, ceiling=ceiling).svg("auto")


def _tables(verdict: Verdict, say: Speaker) -> dict[str, Result]:
    rows = words.table_of_rows(verdict, say, program=True)
    return {"rows": rows, "elsewhere": _elsewhere(verdict)}


def _lines(verdict: Verdict, say: Speaker) -> list[str]:
    """Give the sentences on a verdict that have no place of their own on the page."""
    doubted = {*doubts_told(verdict, say), *verdict.cautions}
    return [line for line in sentences_of(verdict, say)[2:] if line not in doubted]


# -- its rows --------------------------------------------------------------------------------------


def _sides(verdict: Verdict, say: Speaker) -> list[Side]:
    test = claim_tests().get(verdict.claim)
    made = []
    for side, name in words.PARTS.items():
        found = verdict.rows.get(side, [])
        if not found:
            continue
        rows = words.table_of_rows(replace(verdict, rows={side: found}), say)
        headings = [heading for heading, _ in rows.shown]
        about = say(test.sides[side]) if test and side in test.sides else ""
        lines = [
            _row(row, list(values.values())) for row, values in zip(found, rows.rows, strict=True)
        ]
        number = verdict.number(side)
        left = number - len(found)
        made.append(Side(say.again(name), about, number, headings[1:], lines, left))
    return made


def _row(row: Row, values: list[object]) -> list[tuple[Words, ...]]:
    """Give a row as its table has it, with what it is and its sources as links."""
    middle = [(Words(str(value or "")),) for value in values[2:-1]]
    sources = tuple(Words(label, "", iri) for iri, label in row.sources)
    return [(words_of(row.iri, row.label),), *middle, sources]


def _cells(verdict: Verdict, ledger: Evidence, say: Speaker) -> dict[tuple[str, str], Cell]:
    """Give the table of two by two, by outcome and condition: yes, no or open."""
    told = two_by_two.Named(*_sets(verdict, say), say)
    deviant = (False, True) if verdict.type == "necessity" else (True, False)
    sides: dict[tuple[bool | None, bool | None], str] = {
        (True, True): "support",
        deviant: "counterexamples",
    }
    known = {row.iri: row.label for rows in verdict.rows.values() for row in rows}
    named = {cell: iris[:_NAMED] for cell, iris in verdict.cells.items()}
    sought = {iri for iris in named.values() for iri in iris if iri not in known}
    known |= ledger.labels(sought)
    made = {}
    for cell in ((c, o) for o in (True, False, None) for c in (True, False, None)):
        iris = named.get(cell, [])
        rows = sorted((words_of(iri, known[iri]) for iri in iris), key=lambda w: w.text.casefold())
        number = len(verdict.cells.get(cell, []))
        made[_WORDS[cell[1]], _WORDS[cell[0]]] = Cell(
            told.cell(cell), sides.get(cell, ""), number, tuple(rows)
        )
    return made


_WORDS: Final = {True: "yes", False: "no", None: "open"}


def _sets(verdict: Verdict, say: Speaker) -> tuple[str, str]:
    """Give the condition and the outcome in words."""
    (_, condition), (_, outcome) = claim_tests()[verdict.claim].sets
    return say(condition), say(outcome)


# -- the same elsewhere -------------------------------------------------------------------------


def _beside(verdict: Verdict, say: Speaker) -> list[Beside]:
    ceilings = {
        "diagram": say("the ceiling of the diagram"),
        "text": say("the ceiling of the text"),
    }
    found = [
        ("rubric", name, name, word) for name, word in sorted(verdict.under_others.items())
    ] + [("ceiling", name, ceilings[name], word) for name, word in verdict.under_ceilings.items()]
    return [
        Beside(
            {key: value},
            name,
            phrase(word, say, is_reserved=value in verdict.reserved_under),
            *verdict.counts_under.get(value, (None, None)),
        )
        for key, value, name, word in found
    ]


def _elsewhere(verdict: Verdict) -> Result:
    """Give the verdict here, and under each other rubric and ceiling, as a program reads it."""
    here = verdict.counts.get("support"), verdict.counts.get("counterexamples")
    rows: list[tuple[str | int | ox.Literal | None, ...]] = [
        (verdict.rubric, verdict.ceiling, verdict.verdict, *here)
    ]
    rows += [
        (name, verdict.ceiling, word, *verdict.counts_under.get(name, (None, None)))
        for name, word in sorted(verdict.under_others.items())
    ]
    rows += [
        (verdict.rubric, name, word, *verdict.counts_under.get(name, (None, None)))
        for name, word in verdict.under_ceilings.items()
    ]
    return table(["rubric", "ceiling", "verdict", "for", "against"], rows)
