"""The claims of the literature held against the arrangements in scope: a verdict for each.

How a claim is tested, and what a verdict is, stands in :mod:`coproduction.evidence.claims`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Lock
from typing import Final

import pyoxigraph as ox

from ..errors import QueryError, TooLarge, UnknownName, command
from ..knowledge.questions import Question
from ..knowledge.terms import labels_of
from ..knowledge.views import view_text
from ..messages import speaker
from ..names import COP, DCTERMS, ID
from ..store.embedded import EmbeddedStore
from ..store.lookup import rows_of
from ..store.protocol import Store
from .claim_queries import counting, unordered
from .claims import (
    FOLDER,
    PARTS,
    BrokenClaim,
    QueryFailed,
    Test,
    Verdict,
    claim_files,
    claim_tests,
    test_of,
    verdict_of,
)
from .rows import described, levels_of

Progress = Callable[[int, float], None]
RUBRICS: Final = {"R0": COP + "RubricR0", "R1": COP + "RubricR1"}
CEILINGS: Final = {
    "diagram": (
        (COP + "HighParticipation",),
        (COP + "LowParticipation", COP + "MediumParticipation"),
    ),
    "text": ((COP + "MediumParticipation", COP + "HighParticipation"), (COP + "LowParticipation",)),
}
"""Levels above and below the ceiling, as Diagram 1 has it and as the text has it (A9)."""
_AT_ONCE: Final = 2
"""Claims tested at a time: a store answers beside the interpreter, and more would cost memory."""
_FAILURES: Final = (QueryError, OSError, RuntimeError, ValueError)


class Evidence:
    """The evidence for and against the claims, in the graphs of a store.

    Args:
        store: what is in scope.
        rubric: ``R0`` or ``R1``.
        ceiling: ``diagram`` or ``text``, for the claims on the glass ceiling.
        without_source: a source whose arrangements are left out, by its IRI or its id.
        lang: language of labels, cautions and what is missing.

    Raises:
        UnknownName: no such rubric, ceiling, source or language.
        QueryFailed: the store cannot tell the claims, or which arrangements have two levels.
    """

    def __init__(
        self,
        store: Store,
        *,
        rubric: str = "R0",
        ceiling: str = "diagram",
        without_source: str | None = None,
        lang: str = "en",
    ) -> None:
        for kind, name, known in (("rubric", rubric, RUBRICS), ("ceiling", ceiling, CEILINGS)):
            if name not in known:
                raise UnknownName(kind, name, known, f"(one of {', '.join(known)})")
        self.rubric, self.ceiling = rubric, ceiling
        self._say = speaker(lang)
        self._store = store
        self._counts: dict[str, list[dict[str, str]]] = {}
        self._counting: defaultdict[str, Lock] = defaultdict(Lock)
        self._claims = {
            row["id"]: row for row in self._ask(view_text("claims"), "the list of claims")
        }
        self._placements = {
            row["row"] for row in self._ask(view_text("placements"), "the list of placements")
        }
        conflicts = self._ask(
            view_text("two-levels"), "the search for arrangements with two levels"
        )
        self.conflicts = tuple(row["row"] for row in conflicts)
        self._left_out = set(self.conflicts)
        self._idle: set[str] = set()
        if without_source is not None:
            others = self._only_from(without_source)
            self._left_out |= others
            carried = self._carried()
            self._store = _without(store, others)
            self._idle = carried - self._carried()
        self._levelled = self._store
        self._is_uncopied = False
        if self.conflicts:
            # What has two levels still counts for claims that no level bears on. In a store too
            # large to be copied it is left out of the rows alone, which the verdicts tell.
            try:
                self._levelled = _without(self._store, set(self.conflicts))
            except TooLarge:
                self._is_uncopied = True

    @property
    def claims(self) -> frozenset[str]:
        """The ids of the claims in scope."""
        return frozenset(self._claims)

    @property
    def strays(self) -> tuple[str, ...]:
        """What is wrong with files of claims that belong to no claim in scope."""
        files = claim_files()
        unknown = sorted((files.tests.keys() | files.broken.keys()) - self._claims.keys())
        told = [files.broken.get(name) or f"{FOLDER}: there is no claim {name}" for name in unknown]
        return (*files.strays, *told)

    # -- verdicts ---------------------------------------------------------------------------

    def all(
        self, *, rows: bool = False, progress: Progress = lambda done, share: None
    ) -> list[Verdict]:
        """Give the verdict of every claim, in order of id.

        A claim whose query fails takes no other down: its verdict is ``failed``, and `missing`
        says which query failed and why.

        Args:
            rows: whether to say all that is known of each row.
            progress: told how many claims are judged, and which share of them that is.
        """
        _packaged(), _of_placements()  # Made once, before threads would each make their own.
        verdicts = []
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for verdict in pool.map(lambda claim: self._attempt(claim, rows), self._claims):
                verdicts.append(verdict)
                progress(len(verdicts), len(verdicts) / len(self._claims))
        return verdicts

    def _attempt(self, claim: str, rows: bool) -> Verdict:
        try:
            return self.of(claim, rows=rows)
        except QueryFailed as error:
            return self._failed(claim, error)

    def of(self, claim: str, *, rows: bool = True) -> Verdict:
        """Give the verdict of a claim.

        Raises:
            UnknownName: there is no such claim.
            QueryFailed: the store refused a query of the claim, or broke over it; or the files of
                the claim do not make a test.
        """
        name = claim.upper()
        if name not in self._claims:
            raise UnknownName(
                "claim", claim, self._claims, "(", command("evidence"), " lists them)"
            )
        verdict, test = self._begun(name)
        if test is None:
            empirical = verdict.kind == "empirical"
            verdict.verdict = "no-data" if empirical else "not-testable"
            verdict.missing = self._say(self._claims[name].get("lacks", ""))
        else:
            self._judge(verdict, test, with_rows=rows)
        return verdict

    def with_rows_found(self, claim: str) -> Verdict:
        """Give the verdict of a testable claim with the IRIs of its rows, and no more of them.

        The verdict of a claim whose query fails is ``failed``, as in :meth:`all`.
        """
        try:
            verdict, test = self._begun(claim)
            assert test is not None
            self._judge(verdict, test, with_rows=False, counting=False)
        except QueryFailed as error:
            return self._failed(claim, error)
        return verdict

    def _begun(self, claim: str) -> tuple[Verdict, Test | None]:
        """Give what is known of a claim before it is tested, and its test if it has one."""
        verdict, test = self._untested(claim), test_of(claim)
        if test is not None:
            verdict.logic = test.logic
            verdict.readings = tuple(name for name in test.readings if name not in self._idle)
            verdict.caution = self._say(test.caution)
            verdict.rubric = self.rubric if test.takes_rubric else ""
            verdict.ceiling = self.ceiling if test.takes_ceiling else ""
        return verdict, test

    def _untested(self, claim: str) -> Verdict:
        about = self._claims[claim]
        return Verdict(claim, about["iri"], about["label"], about["kind"], lang=self._say.lang)

    def _failed(self, claim: str, error: QueryFailed) -> Verdict:
        try:
            verdict, _ = self._begun(claim)
        except BrokenClaim:
            verdict = self._untested(claim)
        verdict.verdict, verdict.missing = "failed", str(error)
        return verdict

    def _judge(
        self, verdict: Verdict, test: Test, *, with_rows: bool, counting: bool = True
    ) -> None:
        if counting and not with_rows and not self._left_out:
            self._count(verdict, test)
            return
        parts = [p for p in PARTS if p in test.queries and (with_rows or p != "undetermined")]
        answers: dict[str, list[dict[str, str]]] = {
            part: [
                row
                for row in sorted(
                    self._answer(test, part),
                    key=lambda row: (row["row"], row.get("part", "")),
                )
                if row["row"] not in self._left_out or not test.takes_level
            ]
            for part in parts
        }
        verdict.found = {
            part: frozenset(row["row"] for row in answer) for part, answer in answers.items()
        }
        verdict.counts = {part: len(found) for part, found in verdict.found.items()}
        if test.logic == "comparative":
            pairs = (int(row.get("pairs", 0)) for row in answers["domain"])
            verdict.counts["pairs"] = sum(pairs)
        self._conclude(verdict, test, {row.get("part", "") for row in answers["support"]})
        verdict.basis = self._basis(answers)
        if test.takes_level:
            verdict.conflicts = self.conflicts
            verdict.uncopied = self._is_uncopied
        if with_rows:
            del answers["domain"]
            answers.setdefault("undetermined", [])
            if test.takes_level:
                two = [
                    {"row": iri, "note": self._say("it has two levels")} for iri in self.conflicts
                ]
                answers["undetermined"] += two
            try:
                verdict.rows = {
                    part: list(
                        described(self._store, answer, test, RUBRICS[self.rubric], self._say.lang)
                    )
                    for part, answer in answers.items()
                }
            except _FAILURES as error:
                what = f"{verdict.claim}: the search for what is known of its rows"
                raise QueryFailed(what, error) from error

    def _count(self, verdict: Verdict, test: Test) -> None:
        """Give a verdict from numbers alone, which a store of many cases gives far sooner."""
        for part in ("domain", "support", "counterexamples"):
            if part in test.queries and (part == "domain" or verdict.counts["domain"]):
                rows = self._counted(test.queries[part])
                grouped = "GROUP BY" in test.queries[part].text
                verdict.counts[part] = len(rows) if grouped else int(rows[0]["n"])
            elif part in test.queries:
                verdict.counts[part] = 0
            if part == "domain" and test.logic == "comparative":
                verdict.counts["pairs"] = sum(int(row["pairs"]) for row in rows)
        shown = set()
        if test.needs and verdict.counts["domain"]:
            query = test.queries["support"]
            text = self._text(query).replace("SELECT DISTINCT ?row ?part", "SELECT DISTINCT ?part")
            shown = {row["part"] for row in self._ask(unordered(text), _called(query))}
        self._conclude(verdict, test, shown)
        rows_of_source = sum(
            int(next(rows_of(packaged, counting(self._text(test.queries[part]))))["n"])
            for packaged in ([_packaged()] if test.claim in _of_placements() else [])
            for part in ("support", "counterexamples")
        )
        cases = verdict.counts["support"] + verdict.counts.get("counterexamples", 0)
        kinds = [("source", rows_of_source), ("cases", cases - rows_of_source)]
        found = [kind for kind, count in kinds if count]
        verdict.basis = "both" if len(found) == 2 else next(iter(found), "none")
        if test.takes_level:
            verdict.conflicts = self.conflicts
            verdict.uncopied = self._is_uncopied

    def _counted(self, query: Question) -> list[dict[str, str]]:
        """Give what a counting query gives; several claims have one and the same."""
        text = self._text(query)
        body = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
        key = counting(f"\n{body}")
        with self._counting[key]:
            if key not in self._counts:
                self._counts[key] = self._ask(key, _called(query))
        return self._counts[key]

    def _answer(self, test: Test, part: str) -> list[dict[str, str]]:
        query = test.queries[part]
        store = self._levelled if test.takes_level else self._store
        return self._ask(unordered(self._text(query)), _called(query), store)

    def _conclude(self, verdict: Verdict, test: Test, shown: set[str]) -> None:
        lacking = [part for part in test.needs if part not in shown]
        if lacking:
            verdict.missing = ", ".join(self.labels(lacking).values())
        verdict.verdict = verdict_of(test, verdict.counts, lacking)

    def _basis(self, answers: dict[str, list[dict[str, str]]]) -> str:
        rows = [*answers["support"], *answers.get("counterexamples", [])]
        kinds = {"source" if row["row"] in self._placements else "cases" for row in rows}
        return "both" if len(kinds) == 2 else next(iter(kinds), "none")

    def _text(self, query: Question) -> str:
        above, below = CEILINGS[self.ceiling]
        given = {
            "rubric": str(ox.NamedNode(RUBRICS[self.rubric])),
            "above": " ".join(str(ox.NamedNode(iri)) for iri in above),
            "below": " ".join(str(ox.NamedNode(iri)) for iri in below),
        }
        return query.fill({name: given[name] for name in query.parameters})

    # -- rows -------------------------------------------------------------------------------

    def labels(self, iris: Iterable[str]) -> dict[str, str]:
        """Give the label of each IRI, or the IRI where it has none.

        Raises:
            QueryFailed: the store refused, or broke.
        """
        try:
            return labels_of(self._store, iris, self._say.lang)
        except _FAILURES as error:
            raise QueryFailed("the search for labels", error) from error

    def _carried(self) -> set[str]:
        """Give the ambiguities that arrangements in scope carry: how these themselves were read."""
        return {
            row["id"]
            for row in self._ask(view_text("readings-of-placements"), "the search for readings")
        }

    def _only_from(self, source: str) -> set[str]:
        """Give the arrangements that rest on a source alone."""
        try:
            node = ox.NamedNode(source if "://" in source else f"{ID}source/{source}")
        except ValueError:
            rows = []
        else:
            rows = self._ask(
                view_text("arrangements-of-source", source=[node]), "the search for a source"
            )
        if not rows:
            known = [
                row["source"] for row in self._ask(view_text("sources"), "the list of sources")
            ]
            short = [name.removeprefix(f"{ID}source/") for name in known]
            raise UnknownName("source", source, short, "(the source of no arrangement in scope)")
        return {row["row"] for row in rows if not row.get("other")}

    def levels(self, iris: Iterable[str]) -> Iterator[dict[str, str]]:
        """Give the levels of arrangements under the rubric: ``row``, ``level`` and ``label``."""
        return levels_of(self._store, iris, RUBRICS[self.rubric])

    def _ask(self, text: str, what: str, store: Store | None = None) -> list[dict[str, str]]:
        try:
            return list(rows_of(store or self._store, text))
        except _FAILURES as error:
            raise QueryFailed(what, error) from error


def _called(query: Question) -> str:
    return f"{query.header['claim']}: its query {query.name}"


@cache
def _packaged() -> EmbeddedStore:
    return EmbeddedStore.packaged()


@cache
def _of_placements() -> frozenset[str]:
    """Give the claims whose rows can be placements: those whose queries ask for no case."""
    return frozenset(
        claim
        for claim, test in claim_tests().items()
        if "a cop:Case" not in test.queries["support"].text
    )


def _without(store: Store, left_out: set[str]) -> Store:
    """Give a copy in memory without the statements about some arrangements.

    Raises:
        TooLarge: the store is too large to be copied.
    """
    from ..store.folder import copy_in_memory

    copy = copy_in_memory(store)
    for iri in left_out:
        for quad in list(copy.statements(ox.NamedNode(iri), None, None)):
            if quad.predicate.value not in _KEPT:
                copy.remove([quad])
    return copy


_KEPT: Final = {"http://www.w3.org/2000/01/rdf-schema#label", DCTERMS + "source"}
