"""The claims of the literature held against the arrangements in scope: a verdict for each.

How a claim is tested: :mod:`coproduction.evidence.claims`; what a verdict is: :mod:`.judging`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from functools import cache
from types import MappingProxyType
from typing import Final, TypeVar

from ..errors import QueryError, UnknownName, command, like_numbered
from ..knowledge.levels import read_by_rubrics, rubrics_of
from ..knowledge.packaged import with_levels
from ..knowledge.terms import labels_of
from ..knowledge.views import view_text
from ..messages import speaker
from ..store.lookup import rows_of
from ..store.protocol import Store
from .by_profiles import cases_of, rows_counted
from .claims import (
    CEILINGS,
    FOLDER,
    OF_A_LEVEL,
    BrokenClaim,
    QueryFailed,
    Test,
    claim_files,
    test_of,
)
from .concluding import conclude
from .deciding import Deciding
from .in_full import Known, add_details, add_others, add_the_few, stated_on
from .in_scope import (
    only_from,
    packaged_alone,
    readings_carried,
    remembering,
    without_arrangements,
)
from .judging import IN_DOUBT, judged
from .listed import listed
from .pairs import lone_stratum
from .sides import (
    counting,
    counts_of,
    on_side,
    ones_on_side,
    parts_told,
    sides_of,
    told_apart,
)
from .statuses import Statuses
from .tallies import Sides
from .verdict import NAMED, Verdict, basis_of

Given = TypeVar("Given")
Progress = Callable[[int, float], None]
_AT_ONCE: Final = 2
"""Claims tested at a time: a store answers beside the interpreter, and more would cost memory."""
_SOME: Final = 500
"""Rows on a side among which a stated one is looked for, before all are looked through."""
_FAILURES: Final = (QueryError, OSError, RuntimeError, ValueError)


class Evidence:
    """The evidence for and against the claims, in the graphs of a store.

    Args:
        store: what is in scope.
        rubric: ``R0``, ``R1`` or ``R2``.
        ceiling: ``diagram`` or ``text``, for the claims on the glass ceiling.
        with_own_source: whether the placements of the source that makes the claims count too;
            a claim is not tested by what it was drawn from.
        without_source: a source whose arrangements are left out, by its IRI or its id.
        spoilt: IRIs of arrangements that break the shapes, each with the properties that do; they
            are left out of claims that rest on one of these.
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
        with_own_source: bool = False,
        without_source: str | None = None,
        spoilt: Mapping[str, Collection[str]] = MappingProxyType({}),
        lang: str = "en",
    ) -> None:
        if ceiling not in CEILINGS:
            raise UnknownName("ceiling", ceiling, CEILINGS, f"(one of {', '.join(CEILINGS)})")
        self._say = speaker(lang)
        self._store = remembering(store)
        self._claims = {
            row["id"]: row for row in self._ask(view_text("claims"), "the list of claims")
        }
        self._store = self._attempted("the search for levels", lambda: with_levels(self._store))
        rubrics = self._attempted("the list of rubrics", lambda: rubrics_of(self._store))
        if rubric not in rubrics:
            # Of R9 it is told by itself that there are R0 to R1.
            listed = "" if like_numbered(rubric, rubrics) else f"(one of {', '.join(rubrics)})"
            raise UnknownName("rubric", rubric, rubrics, listed)
        self.rubric, self.ceiling = rubric, ceiling
        self.rubrics = tuple(rubrics)
        self._rubrics = rubrics
        self.read = self._attempted("what the rubrics read", lambda: read_by_rubrics(self._store))
        self._placements = {
            row["row"] for row in self._ask(view_text("placements"), "the list of placements")
        }
        two = self._ask(view_text("two-levels"), "the search for arrangements with two levels")
        self.conflicts = tuple(row["row"] for row in two)
        self.spoilt = spoilt
        self._with_own_source = with_own_source
        self._left_out: set[str] = set()
        self._deciding: dict[tuple[str, str], Deciding] = {}
        self._idle: set[str] = set() if with_own_source else self._readings_carried()
        if without_source is not None:
            others = self._attempted(
                "the search for a source", lambda: only_from(self._store, without_source)
            )
            self._left_out |= others
            carried = self._readings_carried()
            self._store = without_arrangements(self._store, others)
            self._idle |= carried - self._readings_carried()

    @property
    def store(self) -> Store:
        """What is in scope, with the levels that follow and without a source that is left out."""
        return self._store

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
        packaged_alone()  # Made once, before threads would each make their own.
        verdicts = []
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for verdict in pool.map(lambda claim: self.attempt(claim, rows=rows), self._claims):
                verdicts.append(verdict)
                progress(len(verdicts), len(verdicts) / len(self._claims))
        return verdicts

    def attempt(self, claim: str, *, rows: bool = False) -> Verdict:
        """Give the verdict of a claim as :meth:`of`; ``failed`` where its query fails."""
        try:
            return self.of(claim, rows=rows)
        except QueryFailed as error:
            return self._failed(claim, error)

    def of(self, claim: str, *, rows: bool = True, most: int | None = None) -> Verdict:
        """Give the verdict of a claim.

        Args:
            claim: its id.
            rows: whether to say all that is known of each row.
            most: of how many rows of a side that is said, the first by their IRIs; the rest are
                counted. All by default.

        Raises:
            UnknownName: there is no such claim.
            QueryFailed: the store refused a query of the claim, or broke over it; or the files of
                the claim do not make a test.
        """
        name = claim.upper()
        if name not in self._claims:
            told = ("(", command("evidence"), " lists them)")
            raise UnknownName("claim", claim, self._claims, *told)
        verdict, test = self._begun(name)
        if test is None:
            empirical = verdict.kind == "empirical"
            verdict.verdict = "no-data" if empirical else "not-testable"
            verdict.missing = self._say(self._claims[name].get("lacks", ""))
        else:
            self._judge(verdict, test, with_rows=rows, most=most)
            if rows and test.takes_rubric:
                others = [each for each in self.rubrics if each != self.rubric]
                under = {each: self.under(rubric=each).with_rows_found(name) for each in others}
                verdict.under_others = add_others(verdict, under, self.labels)
            if rows and test.takes_ceiling:
                others = [each for each in CEILINGS if each != self.ceiling]
                under = {each: self.under(ceiling=each).with_rows_found(name) for each in others}
                verdict.under_ceilings = add_others(verdict, under, self.labels)
        return verdict

    def under(self, **settings: str) -> Evidence:
        """Give the same under another ``rubric`` or ``ceiling`` that there is."""
        ledger = copy(self)
        vars(ledger).update(settings)
        return ledger

    def with_rows_found(self, claim: str) -> Verdict:
        """Give the verdict of a testable claim with the IRIs of its rows, and no more of them.

        The verdict of a claim whose query fails is ``failed``, as in :meth:`all`.
        """
        try:
            verdict, test = self._begun(claim)
            assert test is not None
            self._judge(verdict, test, with_rows=False, by_counts=False)
        except QueryFailed as error:
            return self._failed(claim, error)
        return verdict

    def _begun(self, claim: str) -> tuple[Verdict, Test | None]:
        """Give what is known of a claim before it is tested, and its test if it has one."""
        verdict, test = self._untested(claim), test_of(claim)
        if test is not None:
            verdict.type = test.type
            idle = () if test.held_against_placements else self._idle
            verdict.readings = tuple(name for name in test.readings if name not in idle)
            verdict.caution = self._say(test.caution)
            verdict.rubric = self.rubric if test.takes_rubric else ""
            verdict.ceiling = self.ceiling if test.takes_ceiling else ""
        return verdict, test

    def _untested(self, claim: str) -> Verdict:
        iri, label, kind = map(self._claims[claim].__getitem__, ("iri", "label", "kind"))
        return Verdict(claim, iri, label, kind, lang=self._say.lang)

    def _failed(self, claim: str, error: QueryFailed) -> Verdict:
        try:
            verdict, _ = self._begun(claim)
        except BrokenClaim:
            verdict = self._untested(claim)
        verdict.verdict, verdict.missing = "failed", str(error)
        return verdict

    def _judge(
        self,
        verdict: Verdict,
        test: Test,
        *,
        with_rows: bool,
        by_counts: bool = True,
        most: int | None = None,
    ) -> None:
        verdict.spoilt = tuple(sorted(self._spoilt_for(test)))
        if test.takes_level:
            verdict.conflicts = tuple(iri for iri in self.conflicts if iri not in verdict.spoilt)
        if by_counts and not with_rows and not self._outside(test) and self._count(verdict, test):
            return
        sides = self.sides(test)
        self._note(verdict, test, sides)
        verdict.cells = sides.cells if with_rows or not by_counts else {}
        if not by_counts:
            add_the_few(verdict, test, sides, self.statuses_of(test))
        if with_rows:
            verdict.named |= self.labels(verdict.deviant[:NAMED] + verdict.irrelevant[:NAMED])
            statuses = self.statuses_of(test)
            given = (verdict.conflicts, statuses, self._rubrics, self.rubric, self._say, most)
            verdict.rows, verdict.beyond = self._attempted(
                f"{verdict.claim}: the search for what is known of its rows",
                lambda: listed(self._store, test, sides, *given),
            )
            known = Known(
                self._store,
                self._placements,
                statuses,
                self.read[self.rubric],
                self._say,
                self._matched_without(test),
            )
            self._attempted(
                f"{verdict.claim}: the search for what is told beside its rows",
                lambda: add_details(verdict, test, sides, known),
            )
            verdict.named |= self.labels(verdict.named_beside)

    def _spoilt_for(self, test: Test) -> set[str]:
        """Give the arrangements whose faults bear on a claim."""
        resting = {*test.rests_on, *(OF_A_LEVEL if test.takes_level else ())}
        return {iri for iri, props in self.spoilt.items() if not props or resting & set(props)}

    def _outside(self, test: Test) -> set[str]:
        """Give the arrangements that are left out of a claim, but for the source's own."""
        torn = self.conflicts if test.takes_level else ()
        return {*self._left_out, *torn, *self._spoilt_for(test)}

    def _note(self, verdict: Verdict, test: Test, sides: Sides) -> None:
        """Write down what follows from the sides on which the rows stand."""
        verdict.found = {
            part: frozenset(each.row for each in sides.on[part]) for part in test.sides
        }
        verdict.unmatched = sides.unmatched
        rows = [each.row for part in ("support", "counterexamples") for each in sides.on[part]]
        from_source = sum(row in self._placements for row in rows)
        verdict.basis = basis_of(from_source, len(rows) - from_source)

        against = stated_on(test, sides, "counterexamples", self.statuses_of(test))
        conclude(verdict, test, sides.counts, against, self.labels, self._say)
        supported = [each.part for each in verdict.parts if each.verdict == "supported"]
        if supported:
            stated = stated_on(test, sides, "support", self.statuses_of(test))
            verdict.by_interpreted = tuple(part for part in supported if part not in stated)

    def _count(self, verdict: Verdict, test: Test) -> bool:
        """Give a verdict from counts alone, which a store of many cases gives far sooner.

        What cannot be counted so is left to be judged by its rows.
        """
        text = self.text(test)
        query = counting(test, text)
        if query is None:
            self._note(
                verdict, test, self._asked(test, lambda: self._sides(test, told_apart(text)))
            )
            del verdict.counts["undetermined"], verdict.found["undetermined"]  # not asked for
            return True
        answer = self._asked(test, lambda: rows_counted(self._store, test, text, query))
        own = list(rows_of(packaged_alone(), query))
        counts = counts_of(test, answer, () if self._with_own_source else own)
        if test.type == "existence" and len(counts.shown) > 1:
            return False  # a row may show more than one part
        against: set[str] = set()
        for side, word in IN_DOUBT.items():
            parts = {each.part for each in judged(test, counts, ()) if each.verdict == word}
            if parts and test.type == "existence":
                return False
            stated = self._stated_among(test, text, side, answer, parts)
            if not parts <= stated:
                return False  # among so many none is stated: all are looked through
            against |= stated if side == "counterexamples" else set()
        conclude(verdict, test, counts, against, self.labels, self._say)
        of_source = counts_of(test, own).on if self._with_own_source else {}
        from_source = of_source.get("support", 0) + of_source.get("counterexamples", 0)
        verdict.basis = basis_of(from_source, verdict.counts["domain"] - from_source)
        return True

    def _stated_among(
        self, test: Test, text: str, side: str, answer: list[dict[str, str]], parts: set[str]
    ) -> set[str]:
        """Give the parts of which one of the first rows on a side is stated."""
        ones = cases_of(self._store, test, ones_on_side(test, answer, side))
        stated = self._stated(test, ones) if parts else set()
        if not parts <= stated:
            for_some = on_side(test, text, side, _SOME)
            some = self._asked(test, lambda: list(rows_of(self._store, for_some)))
            stated |= self._stated(test, some)
        return stated

    def _stated(self, test: Test, rows: Iterable[dict[str, str]]) -> set[str]:
        """Give the parts of which one of some rows against a claim is stated."""
        return self.statuses_of(test).stated_parts(
            ([row["row"]], {"", *parts_told(row["said"])})
            for row in rows
            if self._with_own_source or row["row"] not in self._placements
        )

    def statuses_of(self, test: Test, among: Store | None = None) -> Statuses:
        """Give what tells whether rows, of what is in scope or `among` others, are stated."""
        asked = test.claim, self.text(test)
        if asked not in self._deciding:
            self._deciding[asked] = Deciding(self._store, test, asked[1], self.read[self.rubric])
        given = (self._rubrics, self.rubric, self.read, self._deciding[asked])
        return Statuses(among or self._store, test, *given)

    def sides(self, test: Test) -> Sides:
        """Put the rows of a claim on their sides, by one query.

        Raises:
            QueryFailed: the store refused it, or broke over it.
        """
        return self._asked(test, lambda: self._sides(test, self.text(test)))

    def _sides(self, test: Test, text: str) -> Sides:
        return sides_of(test, self._rows(test, text), say=self._say)

    def _rows(self, test: Test, text: str) -> Iterator[dict[str, str]]:
        without = self._outside(test) | (set() if self._with_own_source else self._placements)
        return (row for row in rows_of(self._store, text) if row["row"] not in without)

    def lone_stratum(self, test: Test, iri: str) -> str | None:
        """Give in which stratum a case would lack a match: :func:`.pairs.lone_stratum`."""
        rows = self._asked(test, lambda: list(self._rows(test, self.text(test))))
        return lone_stratum(test, rows, iri)

    def _matched_without(self, test: Test) -> Callable[[str], Sides]:
        """Give what matches the rows of a comparison without an arrangement, asked once."""

        @cache
        def rows() -> list[dict[str, str]]:
            text = told_apart(self.text(test))
            return self._asked(test, lambda: list(self._rows(test, text)))

        return lambda iri: sides_of(test, rows(), {iri}, self._say)

    def text(self, test: Test) -> str:
        """Give the query of a claim under the rubric and the ceiling in force."""
        above, below = CEILINGS[self.ceiling]
        return test.text(rubric=[self._rubrics[self.rubric]], above=above, below=below)

    def _asked(self, test: Test, ask: Callable[[], Given]) -> Given:
        return self._attempted(f"{test.claim}: its query {test.query.name}", ask)

    def labels(self, iris: Iterable[str]) -> dict[str, str]:
        """Give the label of each IRI, or the IRI where it has none.

        Raises:
            QueryFailed: the store refused, or broke.
        """
        return self._attempted(
            "the search for labels", lambda: labels_of(self._store, iris, self._say.lang)
        )

    def _readings_carried(self) -> set[str]:
        return self._attempted("the search for readings", lambda: readings_carried(self._store))

    def _ask(self, text: str, what: str) -> list[dict[str, str]]:
        return self._attempted(what, lambda: list(rows_of(self._store, text)))

    @staticmethod
    def _attempted(what: str, ask: Callable[[], Given]) -> Given:
        """Ask, and say what failed where it fails."""
        try:
            return ask()
        except _FAILURES as error:
            raise QueryFailed(what, error) from error
