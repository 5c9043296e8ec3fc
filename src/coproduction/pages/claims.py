"""All claims with their verdicts, and how sure the cases make them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..messages import speaker
from ..pictures import intervals
from ..pictures.verdicts import marked
from ..results.result import Result
from ..wording import words
from ..wording.moved_aloud import told_of_all
from ..wording.phrases import phrase
from .address import Address
from .judged import asked_of, controls_of, ledger_of, spoilt_of
from .keeping import kept
from .page import Page
from .tables import table

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph
    from ..evidence.verdict import Verdict
    from ..messages import Speaker

_UNTESTABLE: Final = ("no-data", "not-testable")


class Line(NamedTuple):
    """A claim in the list.

    Attributes:
        claim, iri, text: its id, its IRI and what it says.
        mark: the name of its verdict, as the pictures mark it.
        verdict: its word, with its reserve.
        support, against: numbers of rows, or None.
        missing: what a verdict would take.
    """

    claim: str
    iri: str
    text: str
    mark: str
    verdict: str
    support: int | None
    against: int | None
    missing: str


class _Judged(NamedTuple):
    """What is kept of all verdicts, without their rows."""

    lines: tuple[Line, ...]
    others: tuple[Line, ...]
    told: tuple[str, ...]
    verdicts: Result
    shares: Result


def page(graph: AskedGraph, address: Address) -> Page:
    """Give all claims.

    Args:
        graph: what is in scope.
        address: its state may have ``rubric`` and ``ceiling``.

    Raises:
        UnknownName: there is no such rubric or ceiling.
    """
    say = speaker(address.lang)
    rubric, ceiling = asked = asked_of(address)
    key = ("claims", *asked, say.lang)
    found = kept(graph.store, key, lambda: _judged(graph, address, say))
    return Page(
        address,
        say("Claims"),
        "claims.html",
        {
            "controls": controls_of(graph.store, address, say),
            "tested": found.lines,
            "others": found.others,
            "told": found.told,
        },
        {"verdicts": found.verdicts, "shares": found.shares},
        tuple(line.iri for line in (*found.lines, *found.others)),
        lead=say("What the source claims, and what the cases in scope say of each claim."),
        picture=partial(_drawn, graph, say.lang, {"rubric": rubric, "ceiling": ceiling}),
    )


def _drawn(graph: AskedGraph, lang: str, asked: dict[str, str]) -> str:
    return intervals.build(graph.store, lang, **asked).svg("auto")


def _judged(graph: AskedGraph, address: Address, say: Speaker) -> _Judged:
    ledger = ledger_of(graph, address)
    verdicts = sorted(ledger.all(), key=lambda verdict: verdict.claim)
    beside, failures = told_of_all(ledger, verdicts, say)
    resting, cautions = words.resting_on(verdicts, say), words.cautions_of(verdicts, say)
    told = [*resting, *cautions, *beside, *failures]
    spoilt = spoilt_of(graph)
    if spoilt.by_case:
        told.append(
            say.plural(
                "One case breaks the shapes, and is left out where a claim rests on its fault.",
                "{count:,} cases break the shapes, and are left out where a claim rests on their "
                "faults.",
                len(spoilt.by_case),
            )
        )
    tested = [each for each in verdicts if each.verdict not in _UNTESTABLE]
    others = [each for each in verdicts if each.verdict in _UNTESTABLE]
    return _Judged(
        tuple(_line(each, say) for each in tested),
        tuple(_line(each, say) for each in others),
        tuple(told),
        words.table_of_verdicts(verdicts, say, program=True),
        _shares(tested, say),
    )


def _line(verdict: Verdict, say: Speaker) -> Line:
    return Line(
        verdict.claim,
        verdict.iri,
        verdict.label,
        marked(verdict),
        phrase(verdict.verdict, say, is_reserved=verdict.is_reserved),
        verdict.counts.get("support"),
        verdict.counts.get("counterexamples"),
        verdict.missing,
    )


def _shares(verdicts: list[Verdict], say: Speaker) -> Result:
    """Give what the picture of the intervals shows, a row for each claim and each part."""
    return table(
        ["claim", "part", "verdict", "k", "n", "ties", "share", "low", "high"],
        [
            (
                verdict.claim,
                each.label(verdict.named),
                say(each.verdict),
                each.share.k,
                each.share.n,
                each.ties,
                *(_figures(each.share) if verdict.type != "existence" else (None,) * 3),
            )
            for verdict in verdicts
            for each in verdict.parts
        ],
    )


def _figures(share: Any) -> tuple[float | None, float | None, float | None]:
    if not share.n:
        return None, None, None
    told = share.as_dict()
    return told["share"], told["low"], told["high"]
