"""Two rubrics of levels compared: which claims they judge differently, and from which rows."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from ..store.protocol import Store
from .claims import claim_files
from .ledger import Evidence
from .verdict import Verdict

COMPARED: Final = ("R0", "R1")


class Flip(NamedTuple):
    """A claim that two rubrics judge differently, or from different rows; or that failed.

    Attributes:
        claim, label: the claim and its text.
        before, after: its verdicts; ``failed`` where the store refused a query of the claim.
        rows: IRI and label of a row, its part under the first rubric and under the second
            ("": none).
        failure: which query failed and why, or an empty text.
    """

    claim: str
    label: str
    before: str
    after: str
    rows: tuple[tuple[str, str, str, str], ...] = ()
    failure: str = ""


def compare_rubrics(store: Store, **settings: Any) -> list[Flip]:
    """Tell which claims R0 and R1 judge differently, and which rows they count differently.

    Args:
        store: what is in scope.
        **settings: `ceiling` and `without_source`, as of :class:`Evidence`.

    Returns:
        the claims with a changed verdict first, then those whose rows alone changed; among them
        those that cannot be compared because a query failed.
    """
    first, second = (Evidence(store, rubric=name, **settings) for name in COMPARED)
    flips = []
    files = claim_files()
    claims = [claim for claim, test in files.tests.items() if test.takes_rubric]
    for claim in sorted({*claims, *(first.claims & files.broken.keys())}):
        before, after = first.with_rows_found(claim), second.with_rows_found(claim)
        failed = next((v.missing for v in (before, after) if v.verdict == "failed"), "")
        if failed:
            both = before.verdict, after.verdict
            flips.append(Flip(claim, before.label, *both, failure=failed))
            continue
        one, two = _places(before), _places(after)
        changed = [iri for iri in sorted({*one, *two}) if one.get(iri) != two.get(iri)]
        labels = first.labels(changed)
        rows = tuple((iri, labels[iri], one.get(iri, ""), two.get(iri, "")) for iri in changed)
        if rows or before.verdict != after.verdict:
            flips.append(Flip(claim, before.label, before.verdict, after.verdict, rows))
    return sorted(flips, key=lambda flip: (flip.before == flip.after, flip.claim))


def _places(verdict: Verdict) -> dict[str, str]:
    return {
        iri: part for part in ("support", "counterexamples") for iri in verdict.found.get(part, ())
    }
