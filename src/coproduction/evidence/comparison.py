"""Rubrics of levels compared: which claims they judge differently, and from which rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from ..errors import QueryError
from ..messages import speaker
from ..store.protocol import Store
from .claims import CEILINGS, PARTS, claim_files
from .crisp_sets import crisp_sets
from .in_scope import remembering
from .ledger import Evidence
from .qca import Analysis, analysis_of
from .sides import beside
from .verdict import Verdict


class Flip(NamedTuple):
    """A claim that rubrics judge differently, or from different rows; or that failed.

    Attributes:
        claim, label: the claim and its text.
        verdicts: its verdict under each rubric; ``failed`` where the store refused a query of it.
        rows: IRI and label of a row, and its side under each rubric, in their order; beside those
            of a claim's rows it is ``irrelevant`` (what is recorded can speak for neither side),
            ``not told`` (a value that decides is not recorded) or ``outside`` (the claim is not
            about it).
        failure: which query failed and why, or an empty text.
        reserved: the rubrics under which it is supported by interpreted rows alone.
    """

    claim: str
    label: str
    verdicts: dict[str, str]
    rows: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    failure: str = ""
    reserved: frozenset[str] = frozenset()

    @property
    def is_changed(self) -> bool:
        """Whether the verdict differs between rubrics."""
        return len(set(self.verdicts.values())) > 1


def compare_rubrics(store: Store, **settings: Any) -> list[Flip]:
    """Tell which claims the rubrics judge differently, and which rows they count differently.

    Args:
        store: what is in scope.
        **settings: as of :class:`Evidence`, but for `rubric`.

    Returns:
        the claims with a changed verdict first, then those whose rows alone changed; among them
        those that cannot be compared because a query failed.
    """
    store = remembering(store)  # what one ledger looks up, the others know
    first = Evidence(store, **settings)
    ledgers = [first, *(Evidence(store, rubric=name, **settings) for name in first.rubrics[1:])]
    flips = []
    files = claim_files()
    claims = [claim for claim, test in files.tests.items() if test.takes_rubric]
    for claim in sorted({*claims, *(first.claims & files.broken.keys())}):
        found = [ledger.with_rows_found(claim) for ledger in ledgers]
        verdicts = {
            name: verdict.verdict for name, verdict in zip(first.rubrics, found, strict=True)
        }
        failed = next((v.missing for v in found if v.verdict == "failed"), "")
        if failed:
            flips.append(Flip(claim, found[0].label, verdicts, failure=failed))
            continue
        places = [_places(verdict) for verdict in found]
        changed = [
            iri
            for iri in sorted({iri for each in places for iri in each})
            if len({each.get(iri, "outside") for each in places}) > 1
        ]
        labels = first.labels(changed)
        rows = tuple(
            (iri, labels[iri], tuple(each.get(iri, "outside") for each in places))
            for iri in changed
        )
        both = zip(first.rubrics, found, strict=True)
        reserved = frozenset(name for name, each in both if each.is_reserved)
        flip = Flip(claim, found[0].label, verdicts, rows, reserved=reserved)
        if rows or flip.is_changed:
            flips.append(flip)
    return sorted(flips, key=lambda flip: (not flip.is_changed, flip.claim))


def against_alone(ledger: Evidence, verdicts: Iterable[Verdict]) -> dict[str, list[str]]:
    """Give the rows that stand alone against more than one claim, with these claims, by IRI.

    Args:
        ledger: what judged the claims.
        verdicts: of the claims that are looked at; comparisons have pairs, and no such row.

    Raises:
        QueryError: the rows of a claim could not be asked.
    """
    alone: dict[str, list[str]] = {}
    for each in verdicts:
        if each.counts.get("counterexamples") == 1 and each.type != "comparison":
            found = each if each.found else ledger.with_rows_found(each.claim)
            if found.verdict == "failed":
                raise QueryError(found.missing)
            for iri in found.found.get("counterexamples", ()):
                alone.setdefault(iri, []).append(each.claim)
    return {iri: claims for iri, claims in alone.items() if len(claims) > 1}


class Elsewhere(NamedTuple):
    """Claims with another verdict under other rubrics, or by another ceiling.

    Attributes:
        under: names of the rubrics, or of the one ceiling.
        verdict: the verdict there.
        is_reserved: whether interpreted rows alone support them there.
        claims: their ids.
    """

    under: tuple[str, ...]
    verdict: str
    is_reserved: bool
    claims: tuple[str, ...]


def elsewhere(ledger: Evidence, verdicts: Iterable[Verdict]) -> list[Elsewhere]:
    """Give the claims that have another verdict under another rubric or ceiling, by what it is.

    Args:
        ledger: what judged the claims.
        verdicts: of the claims that are looked at; comparisons are left out, as each would have to
            be matched again (see :func:`compare_rubrics`).

    Raises:
        QueryError: a claim could not be judged there.
    """
    rubrics = [name for name in ledger.rubrics if name != ledger.rubric]
    ceilings = [name for name in CEILINGS if name != ledger.ceiling]
    alike: dict[tuple[tuple[str, ...], str, bool], list[str]] = {}
    for each in verdicts:
        if each.verdict == "failed" or each.type == "comparison":
            continue
        for settings, names in (("rubric", rubrics), ("ceiling", ceilings)):
            under: dict[tuple[str, bool], list[str]] = {}
            for name in names if getattr(each, settings) else ():
                there = ledger.under(**{settings: name}).of(each.claim, rows=False)
                if there.verdict != each.verdict:
                    under.setdefault((there.verdict, there.is_reserved), []).append(name)
            for (word, is_reserved), found in under.items():
                alike.setdefault((tuple(found), word, is_reserved), []).append(each.claim)
    return [Elsewhere(*what, tuple(claims)) for what, claims in sorted(alike.items())]


def analyses_by_rubric(
    store: Store, claim: str, rubric: str = "R0", **settings: Any
) -> list[Analysis]:
    """Minimize the truth table of a claim under each rubric, to see how far its formulas stand.

    Args:
        store: what is in scope.
        claim: the id of a claim with condition and outcome.
        rubric: the one that comes first; the only one where the claim rests on no level.
        **settings: as of :class:`Evidence`, but for `rubric`.

    Raises:
        DataError: the claim has no condition and outcome, or ``setqca`` is not installed.
        UnknownName: there is no such claim, or no such rubric.
    """
    store = remembering(store)
    first = Evidence(store, rubric=rubric, **settings)
    say = speaker(settings.get("lang", "en"))
    found = [analysis_of(crisp_sets(first, claim, say))]
    if found[0].data.rubric:
        others = [name for name in first.rubrics if name != rubric]
        ledgers = (Evidence(store, rubric=name, **settings) for name in others)
        found += [analysis_of(crisp_sets(ledger, claim, say)) for ledger in ledgers]
    return found


def _places(verdict: Verdict) -> dict[str, str]:
    """Give where each row stands, on a side or beside the sides; what is not here is outside."""
    on = {iri: side for side in PARTS for iri in verdict.found.get(side, ())}
    return beside(verdict.type, verdict.cells) | on
