"""All claims with their verdicts, and what their shares leave open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..messages import speaker
from ..pictures import intervals
from ..pictures.verdicts import BY_INTERPRETED, MARKS, Meaning, marked, meanings, scope_told
from ..pictures.views import rows
from ..results.result import Result
from ..wording import words
from ..wording.moved_aloud import told_of_all
from ..wording.phrases import phrase
from .address import Address
from .judged import asked_of, controls_of, ledger_of, rules_of, spoilt_of
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
        kind: whether it is empirical, normative or a definition, and what it is beside that.
        mark: the name of its verdict, as the pictures mark it.
        verdict: its word, with its reserve.
        support, against, ties: numbers of rows, or None.
        missing: what a verdict would take.
    """

    claim: str
    iri: str
    text: str
    kind: str
    mark: str
    verdict: str
    support: int | None
    against: int | None
    ties: int | None
    missing: str


class Count(NamedTuple):
    """A line of the legend.

    Attributes:
        meaning: the verdict, with the number of claims that have it.
        by_kind: how many there are of each kind.
    """

    meaning: Meaning
    by_kind: tuple[int, ...]


class _Judged(NamedTuple):
    """What is kept of all verdicts, without their rows."""

    lines: tuple[Line, ...]
    others: tuple[Line, ...]
    held: str
    kinds: tuple[str, ...]
    counts: tuple[Count, ...]
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
            "rules": rules_of(graph.store, say),
            "tested": found.lines,
            "others": found.others,
            "held": found.held,
            "kinds": found.kinds,
            "counts": found.counts,
            "told": found.told,
        },
        {"verdicts": found.verdicts, "shares": found.shares, "counts": _counts(found)},
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
    scope, _ = scope_told(graph.store, spoilt_of(graph), say)
    told = [*words.cautions_of(verdicts, say), *beside, *failures]
    tested = [each for each in verdicts if each.verdict not in _UNTESTABLE]
    others = [each for each in verdicts if each.verdict in _UNTESTABLE]
    also = {
        str(row["claimId"]): str(row["secondKindLabel"])
        for row in rows(graph.store, "claim-kinds", say.lang, "queries/questions")
        if row["secondKind"]
    }
    kinds = [kind for kind, _ in Counter(each.kind for each in verdicts).most_common()]
    return _Judged(
        tuple(_line(each, also, say) for each in tested),
        tuple(_line(each, also, say) for each in others),
        " ".join([*scope, *words.resting_on(verdicts, say)]),
        tuple(map(say, kinds)),
        tuple(_counted(verdicts, kinds, say)),
        tuple(told),
        words.table_of_verdicts(verdicts, say, program=True),
        _shares(tested, say),
    )


def _counted(verdicts: list[Verdict], kinds: list[str], say: Speaker) -> Iterator[Count]:
    """Count the claims by verdict and kind."""
    numbers = Counter((marked(each), each.kind) for each in verdicts)
    of_mark = {mark: sum(numbers[mark, kind] for kind in kinds) for mark in MARKS}
    for each in meanings(of_mark, say):
        is_reserved = each.mark == BY_INTERPRETED
        word = phrase("supported" if is_reserved else each.mark, say, is_reserved=is_reserved)
        yield Count(each._replace(word=word), tuple(numbers[each.mark, kind] for kind in kinds))


def _line(verdict: Verdict, also: dict[str, str], say: Speaker) -> Line:
    counts, kind = verdict.counts, say(verdict.kind)
    if verdict.claim in also:
        kind = say("{kind}, also {other}", kind=kind, other=say(also[verdict.claim]))
    ties = None
    if "counterexamples" in counts:
        ties = counts["domain"] - counts["support"] - counts["counterexamples"]
    return Line(
        verdict.claim,
        verdict.iri,
        verdict.label,
        kind,
        marked(verdict),
        phrase(verdict.verdict, say, is_reserved=verdict.is_reserved),
        counts.get("support"),
        counts.get("counterexamples"),
        ties,
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


def _counts(found: _Judged) -> Result:
    """Give the numbers of claims by verdict and kind, one a row."""
    return table(
        ["verdict", "verdictLabel", "meaning", "kind", "claims"],
        [
            (each.meaning.mark, each.meaning.word, each.meaning.told, kind, number)
            for each in found.counts
            for kind, number in zip(found.kinds, each.by_kind, strict=True)
        ],
    )


def _figures(share: Any) -> tuple[float | None, float | None, float | None]:
    if not share.n:
        return None, None, None
    told = share.as_dict()
    return told["share"], told["low"], told["high"]
