"""Claims and how cases test them: the files of ``queries/claims/``, and what comes of them.

A claim that cases can test has queries in ``queries/claims/``: its domain (what could refute it
and is in the data), its support, its counter-examples where a case can be one, and what is left
undetermined. What makes a verdict out of them is the claim's logic:

- ``universal``: one counter-example contradicts it
- ``existence``: it holds when each of its parts is found; cases cannot contradict it
- ``tendency``, ``comparative``: contradicted where counter-examples are as many as supporting
  rows; a comparative claim has matched groups of cases for rows

A claim whose domain is empty is ``not-tested``: an empty graph proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, NamedTuple

from .errors import DataError, QueryError
from .messages import Sentence, speaker
from .names import COP, expand
from .questions import Question, all_questions

FOLDER: Final = "queries/claims"
LOGICS: Final = {
    "universal": Sentence("One row against it contradicts it."),
    "existence": Sentence("It holds where each of its parts is found."),
    "tendency": Sentence("It is contradicted where rows against it are as many as rows for it."),
    "comparative": Sentence(
        "It is contradicted where groups against it are as many as groups for it."
    ),
}
"""What makes a verdict, by the logic of a claim."""
PARTS: Final = ("domain", "support", "counterexamples", "undetermined")
SUCCESS_STORIES: Final = Sentence(
    "Collections of cases favour success stories: counts are no shares of a field."
)


class QueryFailed(QueryError):
    """A query of this package that a store refused, or broke over: says which, and why."""

    exit_code = 3

    def __init__(self, what: str, reason: Exception) -> None:
        why = " ".join(str(reason).removeprefix("the query failed: ").split())
        super().__init__(f"{what} failed: {why or type(reason).__name__}")


class Test(NamedTuple):
    """How a claim is tested: its queries by part, and what their headers say.

    ``wanted`` is the kind of case that would bring an untested claim to a verdict.
    """

    claim: str
    logic: str
    readings: tuple[str, ...]
    rests_on: tuple[str, ...]
    needs: tuple[str, ...]
    caution: str
    wanted: str
    queries: dict[str, Question]

    @property
    def takes_rubric(self) -> bool:
        """Whether the verdict rests on a level that a rubric gives."""
        return any("rubric" in query.parameters for query in self.queries.values())

    @property
    def takes_level(self) -> bool:
        """Whether it rests on a level or on the rights that give one, by a rubric or by itself."""
        bearing = {COP + "hasDecisionRights", COP + "hasParticipationLevel"}
        return self.takes_rubric or bool(bearing & set(self.rests_on))

    @property
    def takes_ceiling(self) -> bool:
        """Whether the verdict rests on where the ceiling stands."""
        return any({"above", "below"} & set(q.parameters) for q in self.queries.values())


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
            "One row names no source: 'coproduction validate' tells what else is missing.",
            "{count:,} rows name no source: 'coproduction validate' tells what else is missing.",
            bare,
        )
        return tuple(filter(None, (self.caution, cases, unsourced if bare else "")))

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


@cache
def claim_tests() -> dict[str, Test]:
    """Give the tests of the claims that cases can test, by the claim's id.

    Raises:
        DataError: a file's header is incomplete, or a claim has no domain or no support.
    """
    queries: dict[str, dict[str, Question]] = {}
    for query in all_questions(FOLDER):
        header = query.header_of({"claim", "part", "logic"})
        if header["part"] not in PARTS:
            raise DataError(f"{query.path}: the part is one of {', '.join(PARTS)}")
        queries.setdefault(str(header["claim"]), {})[str(header["part"])] = query
    tests = {}
    for claim, parts in sorted(queries.items()):
        if not {"domain", "support"} <= set(parts):
            raise DataError(f"{FOLDER}: {claim} has no domain or no support")
        header = parts["domain"].header
        tests[claim] = Test(
            claim=claim,
            logic=str(header["logic"]),
            readings=parts["domain"].readings,
            rests_on=tuple(expand(name) or name for name in header.get("rests_on") or ()),
            needs=tuple(expand(name) or name for name in header.get("needs") or ()),
            caution=str(header.get("caution") or "").strip(),
            wanted=str(parts["domain"].header_of({"wanted"})["wanted"]).strip(),
            queries=parts,
        )
    return tests


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
