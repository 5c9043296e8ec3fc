"""A verdict: what the rows in scope say of a claim, and the rows that it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from ..errors import command
from ..messages import Sentence, Speaker, speaker
from .claims import PARTS
from .deciding import Reading
from .figures import Fit, Share
from .in_scope import ReadAs
from .judging import Judged
from .sides import beside
from .tallies import Beyond, Cell
from .turning import Turn

NAMED: Final = 30
"""Rows of a kind that are told by name."""
FEW: Final = 3
"""Cases of which too little is told that are named; rows against a claim of which it is told how
else they can be read."""
SUCCESS_STORIES: Final = Sentence(
    "Collections of cases favour success stories: counts are no shares of a field."
)


class Interpreted(NamedTuple):
    """An interpreted value that a row rests on.

    Attributes:
        property, property_label: what it is a value of.
        value, value_label: an IRI and its label, or a text twice.
        based_on: IRIs and names of the properties that it follows from, such as seats and powers;
            none where it was read off a source.
    """

    property: str
    property_label: str
    value: str
    value_label: str
    based_on: tuple[tuple[str, str], ...] = ()

    def told(self, say: Speaker) -> str:
        """Tell it in a few words.

        Args:
            say: the language.
        """
        told = say("{name}: {told}", name=self.property_label, told=self.value_label)
        if not self.based_on:
            return told
        names = ", ".join(name for _, name in self.based_on)
        return say("{value}, which follows from {names}", value=told, names=names)

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain values."""
        return {
            "property": self.property,
            "value": self.value,
            "basedOn": [iri for iri, _ in self.based_on],
        }


class Row(NamedTuple):
    """One row for, against or beside a claim.

    Attributes:
        iri, label: an arrangement; for claims on patterns, a service type.
        status: ``interpreted`` where a value that the row rests on is, else ``stated``; empty where
            none that it could rest on is recorded.
        sources: IRIs and names of where the row's facts come from.
        values: label of sector, decision rights, level and intensity, by property.
        part: label of the part of an existence claim that the row shows.
        other: label of the case that it is matched with.
        note: what a row of several cases is made of, or why it is undetermined.
        interpreted: the interpreted values that the row rests on.
        resting: of the other properties that the claim rests on, the labels of the values, by the
            name of the property.
        doubts: what the record itself says against its coding.
    """

    iri: str
    label: str
    status: str
    sources: tuple[tuple[str, str], ...]
    values: dict[str, str]
    part: str = ""
    other: str = ""
    note: str = ""
    interpreted: tuple[Interpreted, ...] = ()
    doubts: tuple[str, ...] = ()
    resting: Mapping[str, str] = MappingProxyType({})

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
            "interpreted": [value.as_dict() for value in self.interpreted],
            **({"doubts": list(self.doubts)} if self.doubts else {}),
        }


@dataclass
class Verdict:
    """What the data in scope say of a claim.

    Attributes:
        claim, iri, label, kind: the claim, its IRI, its text and its kind.
        verdict: one of :data:`~coproduction.evidence.judging.VERDICTS`; ``failed`` where a store
            refused a query of the claim, or broke over it.
        basis: what the rows for and against are: source, cases, both or none.
        rubric: the rubric of the levels, or an empty text where none is used.
        ceiling: the reading of the ceiling, or an empty text.
        read: IRIs of the properties off which the rubric reads the levels, where one is used and
            rows were asked for.
        readings: ambiguities on whose reading the verdict rests.
        read_as: what each is about and how it is read, by its id, where rows were asked for.
        type: necessity, sufficiency, tendency, comparison or existence; empty where cases cannot
            test the claim.
        missing: what would be needed: a field, parts that are not found, or more rows; of a failed
            claim, which query failed and why.
        caution: what to keep in mind of this claim; see also `cautions`.
        parts: the claim judged by its parts, or as a whole.
        named: labels of the parts, and of some deviant and irrelevant rows, by IRI.
        fit: of a set relation, consistency, coverage and relevance, over all its parts.
        counts: number of rows by side, pairs of cases for comparisons; `domain`: how many speak.
        cells: of a set relation, IRIs of rows by condition and outcome, where rows were asked for.
        circular: rows for it in which one recorded fact decides both sides, among the rows for it.
        found: the IRIs of the rows by side, as the query gave them.
        unmatched: of a comparison, the undetermined that lack a match alone.
        rows: the rows by side with all that is known of them, where they were asked for.
        beyond: what is counted of further rows, by side, where `rows` has the first of them alone.
        conflicts: arrangements left undetermined because they have two levels.
        spoilt: arrangements left out because what they record is against the shapes.
        by_interpreted: the supported parts whose rows for it are interpreted all; "" is the claim
            as a whole. It is no word of its own.
        covered: of a claim on what the source places, how many of the services that it places
            have a row for or against it, and how many there are.
        services: how many of these rows are of each of those services, by its IRI.
        placed_at: how many of these rows are of services at each intensity of the source, by its
            IRI; each intensity at which it places any is here.
        under_others: its verdict under each other rubric, where its rows were asked for.
        moved: under each other rubric and ceiling, the IRIs of the rows that stand elsewhere; see
            :func:`.in_full.moved_rows`.
        under_ceilings: the same under the other reading of the ceiling, where it rests on one.
        counts_under: rows for it and against it under each other rubric and ceiling.
        parts_under: the parts there, of a claim that has more than one.
        reserved_under: under which of them it is supported by interpreted rows alone.
        stated_against: of a claim without exceptions that is contradicted, under another rubric or
            ceiling, the IRIs of the rows against it that rest on stated values alone.
        stated_under: the same by the rubric or ceiling, where it is not contradicted here.
        without_under: what it would be there without the one row that is against it.
        other_readings: of the few rows against it that are interpreted, where each would stand with
            one value read otherwise, and the verdict then.
        failed_under: under which other rubric or ceiling a query failed: which, and why.
        account: all cases in scope, each counted once, by where it stands: against, for,
            undetermined, irrelevant, within (a service that is a row), unmatched (no case of its
            service to set it against), not told (too little to say), outside it, left out; where
            rows were asked for.
        untold: IRIs of the cases of which too little is told.
        alone: IRIs of the cases that no other case of their service can be set against.
        looked_at: of a claim of existence what is recorded of the cases that show no part, in
            words, by their IRI, the first :data:`NAMED`.
        unrecorded: names of what is recorded of none of these.
        turns: the smallest changes of rows that give another verdict, where rows were asked for.
        doubts_beside: of a claim without exceptions, what the records of rows with neither
            condition nor outcome, the first :data:`NAMED`, say against their own coding, by IRI.
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
    read: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    read_as: dict[str, ReadAs] = field(default_factory=dict)
    type: str = ""
    missing: str = ""
    caution: str = ""
    parts: tuple[Judged, ...] = ()
    named: dict[str, str] = field(default_factory=dict)
    fit: Fit | None = None
    counts: dict[str, int] = field(default_factory=dict)
    cells: Mapping[Cell, list[str]] = field(default_factory=dict)
    circular: Share | None = None
    found: dict[str, frozenset[str]] = field(default_factory=dict)
    unmatched: frozenset[str] = frozenset()
    rows: dict[str, list[Row]] = field(default_factory=dict)
    beyond: dict[str, Beyond] = field(default_factory=dict)
    conflicts: tuple[str, ...] = ()
    spoilt: tuple[str, ...] = ()
    by_interpreted: tuple[str, ...] = ()
    covered: tuple[int, int] | None = None
    services: dict[str, int] = field(default_factory=dict)
    placed_at: dict[str, int] = field(default_factory=dict)
    under_others: dict[str, str] = field(default_factory=dict)
    moved: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    under_ceilings: dict[str, str] = field(default_factory=dict)
    counts_under: dict[str, tuple[int, int]] = field(default_factory=dict)
    parts_under: dict[str, tuple[Judged, ...]] = field(default_factory=dict)
    reserved_under: frozenset[str] = frozenset()
    stated_against: tuple[str, ...] = ()
    stated_under: dict[str, tuple[str, ...]] = field(default_factory=dict)
    without_under: dict[str, Turn] = field(default_factory=dict)
    other_readings: tuple[Reading, ...] = ()
    failed_under: dict[str, str] = field(default_factory=dict)
    account: dict[str, int] = field(default_factory=dict)
    untold: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    looked_at: Mapping[str, str] = field(default_factory=dict)
    unrecorded: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()
    doubts_beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lang: str = "en"

    @property
    def cautions(self) -> tuple[str, ...]:
        """What to keep in mind: of this claim, and of cases where they are its base."""
        say = speaker(self.lang)
        cases = say.again(SUCCESS_STORIES) if self.basis in ("cases", "both") else ""
        bare = sum(not row.sources for part in self.rows.values() for row in part)
        bare += sum(each.unsourced for each in self.beyond.values())
        unsourced = say.plural(
            "One row names no source: {validate} tells what else is missing.",
            "{count:,} rows name no source: {validate} tells what else is missing.",
            bare,
            validate=command("validate", "FILE"),
        )
        told = (*self.own_cautions, cases, unsourced if bare else "")
        return tuple(filter(None, told))

    def number(self, side: str) -> int:
        """Give how many rows a side has, with those of which no more is said."""
        return len(self.rows.get(side, [])) + self.beyond.get(side, Beyond()).number

    def interpreted(self, side: str) -> int:
        """Give how many of the rows on a side rest on an interpreted value."""
        rows = self.rows.get(side, [])
        beyond = self.beyond.get(side, Beyond()).interpreted
        return sum(row.status == "interpreted" for row in rows) + beyond

    @property
    def own_cautions(self) -> tuple[str, ...]:
        """What to keep in mind of this claim alone."""
        return tuple(filter(None, (self.doubt, self.caution)))

    @property
    def is_reserved(self) -> bool:
        """Whether it is supported, and interpreted rows alone support it or a part of it."""
        return self.verdict == "supported" and bool(self.by_interpreted)

    @property
    def recoded(self) -> Mapping[str, tuple[str, ...]]:
        """Of the one row against it, if there is one, the readings that make it one for it."""
        is_one = self.counts.get("counterexamples") == 1
        return next((r.values for r in self.other_readings if is_one and r.side == "support"), {})

    @property
    def doubt(self) -> str:
        """Where each row for the claim, or for a part of it, is interpreted: that it is so."""
        say = speaker(self.lang)
        if not self.by_interpreted:
            return ""
        if self.by_interpreted == tuple(each.part for each in self.parts):
            return say("Supported, but each row for it rests on an interpreted value.")
        labels = {each.part: each.label(self.named) for each in self.parts}
        parts = ", ".join(labels[part] for part in self.by_interpreted)
        if self.verdict != "supported":
            return say.plural(
                "The {parts} part is supported by rows that each rest on an interpreted value.",
                "The parts {parts} are supported by rows that each rest on an interpreted value.",
                len(self.by_interpreted),
                parts=parts,
            )
        return say(
            "Supported, but each row for a part of it rests on an interpreted value: {parts}.",
            parts=parts,
        )

    @property
    def named_beside(self) -> tuple[str, ...]:
        """IRIs that sentences name beside the rows: services, cases not told of, rows less."""
        few = [iri for each in (self.untold, self.alone) if len(each) <= FEW for iri in each]
        turns = (*self.turns, *self.without_under.values())
        less = (iri for each in turns for iri in each.without[:NAMED])
        beside = (*self.looked_at, *self.doubts_beside)
        return (*self.services, *self.placed_at, *few, *less, *beside)

    @property
    def typical(self) -> list[str]:
        """IRIs of the rows that are for a set relation: condition and outcome."""
        return self.cells.get((True, True), [])

    @property
    def deviant(self) -> list[str]:
        """IRIs of the rows that are against a set relation."""
        return self.cells.get((False, True) if self.type == "necessity" else (True, False), [])

    @property
    def neither(self) -> list[str]:
        """IRIs of the rows with neither condition nor outcome."""
        return self.cells.get((False, False), [])

    @property
    def irrelevant(self) -> list[str]:
        """IRIs of the rows that can be neither: without the outcome (necessity), or condition."""
        places = beside(self.type, self.cells).items()
        return sorted(iri for iri, place in places if place == "irrelevant")

    def as_dict(self) -> dict[str, Any]:
        """Give the verdict as plain values, for JSON."""
        return {
            "claim": self.claim,
            "text": self.label,
            "kind": self.kind,
            "verdict": self.verdict,
            "basis": self.basis,
            "type": self.type or None,
            "rubric": self.rubric or None,
            "ceiling": self.ceiling or None,
            **self._elsewhere(),
            "readings": list(self.readings),
            **self._read_as(),
            "missing": self.missing or None,
            "supportedByInterpretedOnly": self.is_reserved,
            "caution": " ".join(self.cautions) or None,
            "domain": self.counts.get("domain", 0),
            "parts": [
                {
                    "part": each.part.split() or None,
                    "verdict": each.verdict,
                    "for": each.share.as_dict(),
                    "byInterpretedOnly": each.part in self.by_interpreted,
                    **({"ties": each.ties} if self.type == "comparison" else {}),
                    "wanting": each.wanting,
                    **({"wantingWithoutCondition": each.without} if each.without else {}),
                }
                for each in self.parts
            ],
            **({"servicesWithRows": list(self.covered)} if self.covered else {}),
            **({"rowsByPlacedIntensity": self.placed_at} if self.placed_at else {}),
            **({"cases": self.account} if self.account else {}),
            **({"notRecorded": list(self.unrecorded)} if self.unrecorded else {}),
            "turns": [each.as_dict() for each in self.turns],
            **({"recodedFor": dict(self.recoded)} if self.recoded else {}),
            "readOtherwise": [each.as_dict() for each in self.other_readings],
            "fit": self._fit(),
            "circular": self.circular.as_dict() if self.circular else None,
            **(
                {name: getattr(self, name) for name in ("typical", "deviant", "irrelevant")}
                if self.cells
                else {}
            ),
            **{side: [row.as_dict() for row in self.rows.get(side, [])] for side in PARTS},
            **(
                {"doubtsBeside": {iri: list(told) for iri, told in self.doubts_beside.items()}}
                if self.doubts_beside
                else {}
            ),
            **self._beyond(),
            "conflicts": list(self.conflicts),
            "spoilt": list(self.spoilt),
        }

    def _beyond(self) -> dict[str, Any]:
        """Give how many rows of each side are not told of, where any are not."""
        numbers = {side: each.number for side, each in self.beyond.items()}
        return {"rowsBeyond": numbers} if numbers else {}

    def _read_as(self) -> dict[str, Any]:
        told = {name: read.words for name, read in self.read_as.items()}
        return {"readAs": told} if told else {}

    def _elsewhere(self) -> dict[str, Any]:
        """Give what is told of other rubrics and the other ceiling, without what is empty."""
        told = {
            "underOtherRubrics": self.under_others,
            "underOtherCeilings": self.under_ceilings,
            "countsUnder": {name: list(each) for name, each in self.counts_under.items()},
            "partsUnder": {
                name: [
                    {"part": each.part.split(), "verdict": each.verdict, "for": each.share.k}
                    | {"against": each.share.n - each.share.k}
                    for each in parts
                ]
                for name, parts in self.parts_under.items()
            },
            "supportedByInterpretedOnlyUnder": sorted(self.reserved_under),
            "statedAgainstUnder": {name: list(each) for name, each in self.stated_under.items()},
            "withoutTheOneUnder": {n: turn.as_dict() for n, turn in self.without_under.items()},
            "failedUnder": self.failed_under,
        }
        return {name: each for name, each in told.items() if each}

    def _fit(self) -> dict[str, Any] | None:
        if self.fit is None:
            return None
        relevance = self.fit.relevance
        return {
            "consistency": self.fit.consistency.as_dict(),
            "coverage": self.fit.coverage.as_dict(),
            **(
                {}
                if relevance is None
                else {"relevance": round(relevance, 4), "relevanceOf": self.fit.others}
            ),
        }


def basis_of(from_source: int, from_cases: int) -> str:
    """Give the basis of a verdict from how many of its rows are placements, and how many cases.

    >>> basis_of(0, 3), basis_of(2, 3), basis_of(0, 0)
    ('cases', 'both', 'none')
    """
    kinds = [kind for kind, n in (("source", from_source), ("cases", from_cases)) if n]
    return "both" if len(kinds) == 2 else next(iter(kinds), "none")
