"""A verdict: what the rows in scope say of a claim, and the rows that it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from ..errors import command
from ..messages import Sentence, speaker
from .claims import Test

SUCCESS_STORIES: Final = Sentence(
    "Collections of cases favour success stories: counts are no shares of a field."
)


class Row(NamedTuple):
    """One row for, against or beside a claim.

    Attributes:
        iri, label: an arrangement; for claims on patterns, a service type.
        status: ``interpreted`` where a value that the row rests on is, else ``stated``.
        sources: IRIs and names of where the row's facts come from.
        values: label of sector, decision rights, level and intensity, by property.
        part: label of the part of an existence claim that the row shows.
        other: label of the case that it is matched with.
        note: what a row of several cases is made of, or why it is undetermined.
    """

    iri: str
    label: str
    status: str
    sources: tuple[tuple[str, str], ...]
    values: dict[str, str]
    part: str = ""
    other: str = ""
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Give the row as plain values; the source is that of the row, or a list of them."""
        names = [iri for iri, _ in self.sources]
        return {
            "iri": self.iri,
            "label": self.label,
            "status": self.status,
            "source": names[0] if len(names) == 1 else names,
            **self.values,
            **{k: v for k, v in (("part", self.part), ("other", self.other)) if v},
            **({"note": self.note} if self.note else {}),
        }


@dataclass
class Verdict:
    """What the data in scope say of a claim.

    Attributes:
        claim, iri, label, kind: the claim, its IRI, its text and its kind.
        verdict: not-tested, consistent, contradicted, not-testable or no-data; ``failed`` where
            a store refused a query of the claim, or broke over it.
        basis: what the rows for and against are: source, cases, both or none.
        rubric: the rubric of the levels, or an empty text where none is used.
        ceiling: the reading of the ceiling, or an empty text.
        readings: ambiguities on whose reading the verdict rests.
        logic: see the module's description.
        missing: what would be needed: a field, or the parts not found; of a failed claim, which
            query failed and why.
        caution: what to keep in mind of this claim; see also `cautions`.
        counts: number of rows by part; pairs of cases for comparative claims.
        found: the IRIs of the rows by part, as the queries gave them.
        unmatched: of a comparison, the undetermined that lack a match alone.
        rows: the rows by part with all that is known of them, where they were asked for.
        conflicts: arrangements left undetermined because they have two levels.
        lang: language of the cautions and labels.
    """

    claim: str
    iri: str
    label: str
    kind: str
    verdict: str = "not-tested"
    basis: str = "none"
    rubric: str = ""
    ceiling: str = ""
    readings: tuple[str, ...] = ()
    logic: str = ""
    missing: str = ""
    caution: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    found: dict[str, frozenset[str]] = field(default_factory=dict)
    unmatched: frozenset[str] = frozenset()
    rows: dict[str, list[Row]] = field(default_factory=dict)
    conflicts: tuple[str, ...] = ()
    lang: str = "en"

    @property
    def cautions(self) -> tuple[str, ...]:
        """What to keep in mind: of this claim, and of cases where they are its base."""
        say = speaker(self.lang)
        cases = say.again(SUCCESS_STORIES) if self.basis in ("cases", "both") else ""
        bare = sum(not row.sources for part in self.rows.values() for row in part)
        unsourced = say.plural(
            "One row names no source: {validate} tells what else is missing.",
            "{count:,} rows name no source: {validate} tells what else is missing.",
            bare,
            validate=command("validate", "FILE"),
        )
        told = (self.caution, cases, unsourced if bare else "")
        return tuple(filter(None, told))

    def as_dict(self) -> dict[str, Any]:
        """Give the verdict as plain values, for JSON."""
        return {
            "claim": self.claim,
            "text": self.label,
            "kind": self.kind,
            "verdict": self.verdict,
            "basis": self.basis,
            "rubric": self.rubric or None,
            "ceiling": self.ceiling or None,
            "readings": list(self.readings),
            "logic": self.logic or None,
            "missing": self.missing or None,
            "caution": " ".join(self.cautions) or None,
            "domain": self.counts.get("domain", 0),
            **({"pairs": self.counts["pairs"]} if "pairs" in self.counts else {}),
            **{
                part: [row.as_dict() for row in self.rows.get(part, [])]
                for part in ("support", "counterexamples", "undetermined")
            },
            "conflicts": list(self.conflicts),
        }


def verdict_of(test: Test, counts: dict[str, int], lacking: list[str]) -> str:
    """Give the verdict that numbers of rows make, by the logic of the claim."""
    support, against = counts["support"], counts.get("counterexamples", 0)
    if not counts["domain"]:
        return "not-tested"
    if test.logic == "existence":
        return "not-tested" if lacking or not support else "consistent"
    if test.logic == "universal":
        return "contradicted" if against else "consistent"
    if not support and not against:
        return "not-tested"
    return "contradicted" if against >= support else "consistent"
