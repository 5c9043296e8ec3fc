"""From the numbers of the rows of a claim to its verdict: fit, parts and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from ..messages import Speaker
from .claims import Test
from .figures import fit_of
from .judging import judged, made_of
from .tallies import Counts
from .verdict import Verdict
from .wanting import missing


def conclude(
    verdict: Verdict,
    test: Test,
    counts: Counts,
    stated: Collection[str],
    labels: Callable[[Iterable[str]], dict[str, str]],
    say: Speaker,
) -> None:
    """Write down in a verdict what follows from how many rows stand where.

    Args:
        verdict: of the claim.
        test: the claim.
        counts: how many rows stand where.
        stated: the parts against which a row stands that rests on stated values alone.
        labels: gives the labels of the parts.
        say: the language.
    """
    on = counts.on
    verdict.counts = {side: on[side] for side in test.sides if side in on}
    verdict.counts["domain"] = on["support"] + on.get("counterexamples", 0)
    if test.type == "comparison":
        verdict.counts["domain"] += sum(counts.ties.values())
        verdict.counts["pairs"] = verdict.counts["domain"]
    if counts.table:
        verdict.fit = fit_of(test.type, counts.table)
    verdict.parts = tuple(judged(test, counts, stated))
    verdict.verdict = made_of(verdict.parts)
    verdict.named = labels({iri for each in verdict.parts for iri in each.part.split()})
    if not verdict.verdict.startswith("contradicted"):
        verdict.missing = missing(test, verdict.parts, verdict.named, say)
