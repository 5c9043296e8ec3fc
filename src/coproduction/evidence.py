"""The claims of the literature held against the arrangements in scope: a verdict for each.

How a claim is tested, and what a verdict is, stands in :mod:`coproduction.claims`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from typing import Any, Final, NamedTuple

import pyoxigraph as ox

from .claims import PARTS, Row, Test, Verdict, claim_tests, verdict_of
from .errors import DataError, UnknownName
from .names import COP, DCTERMS, ID
from .questions import Question, find_question
from .store import Store

RUBRICS: Final = {"R0": COP + "RubricR0", "R1": COP + "RubricR1"}
CEILINGS: Final = {
    "diagram": (
        (COP + "HighParticipation",),
        (COP + "LowParticipation", COP + "MediumParticipation"),
    ),
    "text": ((COP + "MediumParticipation", COP + "HighParticipation"), (COP + "LowParticipation",)),
}
"""Levels above and below the ceiling, as Diagram 1 has it and as the text has it (A9)."""
_BATCH: Final = 500
_SHOWN: Final = {
    COP + "hasProviderSector": "sector",
    COP + "hasDecisionRights": "decision_rights",
    COP + "hasRelationIntensity": "intensity",
}


class Flip(NamedTuple):
    """A claim that two rubrics judge differently, or from different rows."""

    claim: str
    label: str
    before: str
    after: str
    rows: tuple[tuple[str, str, str, str], ...]
    """IRI and label of a row, its part under the first rubric and under the second ("": none)."""


class Evidence:
    """The evidence for and against the claims, in the graphs of a store.

    Args:
        store: what is in scope.
        rubric: ``R0`` or ``R1``.
        ceiling: ``diagram`` or ``text``, for the claims on the glass ceiling.
        without_source: a source whose arrangements are left out, by its IRI or its id.

    Raises:
        UnknownName: no such rubric, ceiling or source.
    """

    def __init__(
        self,
        store: Store,
        *,
        rubric: str = "R0",
        ceiling: str = "diagram",
        without_source: str | None = None,
    ) -> None:
        for kind, name, known in (("rubric", rubric, RUBRICS), ("ceiling", ceiling, CEILINGS)):
            if name not in known:
                raise UnknownName(kind, name, known, f"(one of {', '.join(known)})")
        self.rubric, self.ceiling = rubric, ceiling
        self._store = store
        self._counts: dict[str, list[dict[str, str]]] = {}
        self._claims = {row["id"]: row for row in self._ask(_CLAIMS)}
        self._placements = {row["row"] for row in self._ask(_PLACEMENTS)}
        self.conflicts = tuple(row["row"] for row in self._ask(_TWO_LEVELS))
        self._left_out = set(self.conflicts)
        if without_source is not None:
            self._left_out |= self._only_from(without_source)
            self._store = _without(store, self._left_out)
        elif self.conflicts:
            # In a store too large to be copied they are left out of the rows alone.
            with suppress(DataError):
                self._store = _without(store, self._left_out)

    # -- verdicts ---------------------------------------------------------------------------

    def all(self, *, rows: bool = False) -> list[Verdict]:
        """Give the verdict of every claim, in order of id.

        Args:
            rows: whether to say all that is known of each row.
        """
        return [self.of(claim, rows=rows) for claim in self._claims]

    def of(self, claim: str, *, rows: bool = True) -> Verdict:
        """Give the verdict of a claim.

        Raises:
            UnknownName: there is no such claim.
        """
        name = claim.upper()
        if name not in self._claims:
            raise UnknownName("claim", claim, self._claims, "('coproduction evidence' lists them)")
        about = self._claims[name]
        verdict = Verdict(name, about["iri"], about["label"], about["kind"])
        test = claim_tests().get(name)
        if test is None:
            verdict.verdict = "no-data" if about["kind"] == "empirical" else "not-testable"
            verdict.missing = about.get("lacks", "")
            return verdict
        self._judge(verdict, test, with_rows=rows)
        return verdict

    def with_rows_found(self, claim: str) -> Verdict:
        """Give the verdict of a testable claim with the IRIs of its rows, and no more of them."""
        about = self._claims[claim]
        verdict = Verdict(claim, about["iri"], about["label"], about["kind"])
        self._judge(verdict, claim_tests()[claim], with_rows=False, counting=False)
        return verdict

    def _judge(
        self, verdict: Verdict, test: Test, *, with_rows: bool, counting: bool = True
    ) -> None:
        verdict.logic, verdict.readings = test.logic, test.readings
        verdict.caution = test.caution
        verdict.rubric = self.rubric if test.takes_rubric else ""
        verdict.ceiling = self.ceiling if test.takes_ceiling else ""
        if counting and not with_rows and not self._left_out:
            self._count(verdict, test)
            return
        parts = [p for p in PARTS if p in test.queries and (with_rows or p != "undetermined")]
        answers: dict[str, list[dict[str, str]]] = {
            part: [
                row
                for row in sorted(
                    self._ask(_unordered(self._text(test.queries[part]))),
                    key=lambda row: (row["row"], row.get("part", "")),
                )
                if row["row"] not in self._left_out or not test.takes_rubric
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
        if test.takes_rubric:
            verdict.conflicts = self.conflicts
        if with_rows:
            verdict.rows = {
                part: list(self._rows(answer, test))
                for part, answer in answers.items()
                if part != "domain"
            }
            verdict.rows.setdefault("undetermined", [])
            if test.takes_rubric:
                two = [{"row": iri, "note": "it has two levels"} for iri in self.conflicts]
                verdict.rows["undetermined"] += list(self._rows(two, test))

    def _count(self, verdict: Verdict, test: Test) -> None:
        """Give a verdict from numbers alone, which a store of many cases gives far sooner."""
        for part in ("domain", "support", "counterexamples"):
            if part in test.queries and (part == "domain" or verdict.counts["domain"]):
                text = self._text(test.queries[part])
                rows = self._counted(text)
                grouped = "GROUP BY" in text
                verdict.counts[part] = len(rows) if grouped else int(rows[0]["n"])
            elif part in test.queries:
                verdict.counts[part] = 0
            if part == "domain" and test.logic == "comparative":
                verdict.counts["pairs"] = sum(int(row["pairs"]) for row in rows)
        shown = set()
        if test.needs and verdict.counts["domain"]:
            text = self._text(test.queries["support"]).replace("?row ?part", "?part")
            shown = {row["part"] for row in self._ask(_unordered(text))}
        self._conclude(verdict, test, shown)
        rows_of_source = sum(
            int(next(rows_of(packaged, _counting(self._text(test.queries[part]))))["n"])
            for packaged in ([_packaged()] if test.claim in _of_placements() else [])
            for part in ("support", "counterexamples")
        )
        cases = verdict.counts["support"] + verdict.counts.get("counterexamples", 0)
        kinds = [("source", rows_of_source), ("cases", cases - rows_of_source)]
        found = [kind for kind, count in kinds if count]
        verdict.basis = "both" if len(found) == 2 else next(iter(found), "none")
        if test.takes_rubric:
            verdict.conflicts = self.conflicts

    def _counted(self, text: str) -> list[dict[str, str]]:
        """Give what a counting query gives; several claims have one and the same."""
        body = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
        key = _counting(f"\n{body}")
        if key not in self._counts:
            self._counts[key] = list(self._ask(key))
        return self._counts[key]

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

    def _rows(self, answer: list[dict[str, str]], test: Test) -> Iterator[Row]:
        """Say what is known of rows: label, sources, values, and whether they are interpreted."""
        for start in range(0, len(answer), _BATCH):
            batch = answer[start : start + _BATCH]
            iris = sorted({row["row"] for row in batch})
            others = {row["other"] for row in batch if row.get("other")}
            parts = {row["part"] for row in batch if row.get("part")}
            labels = self.labels({*iris, *others, *parts})
            details = _Details(self, iris, test.rests_on)
            for row in batch:
                iri = row["row"]
                yield Row(
                    iri=iri,
                    label=labels[iri],
                    status=details.status(iri),
                    sources=tuple(details.sources.get(iri, ())),
                    values=details.values.get(iri, {}),
                    part=labels.get(row.get("part", ""), ""),
                    other=labels.get(row.get("other", ""), ""),
                    note=row.get("note", ""),
                )

    def labels(self, iris: Iterable[str]) -> dict[str, str]:
        """Give the English label of each IRI, or the IRI where it has none."""
        from .terms import labels

        wanted = list(iris)
        found = labels(self._store, wanted, "en")
        return {iri: found.get(iri, iri) for iri in wanted}

    def _only_from(self, source: str) -> set[str]:
        """Give the arrangements that rest on a source alone."""
        iri = source if "://" in source else f"{ID}source/{source}"
        rows = list(self._ask(_OF_SOURCE.replace("SOURCE", str(ox.NamedNode(iri)))))
        if not rows:
            known = [row["source"] for row in self._ask(_SOURCES)]
            short = [name.removeprefix(f"{ID}source/") for name in known]
            raise UnknownName("source", source, short, "(the source of no arrangement in scope)")
        return {row["row"] for row in rows if not row.get("other")}

    def levels(self, iris: Iterable[str]) -> Iterator[dict[str, str]]:
        """Give the levels of arrangements under the rubric: ``row``, ``level`` and ``label``."""
        view = find_question("levels-under-rubric", "queries/views")
        rows = " ".join(str(ox.NamedNode(iri)) for iri in iris)
        rubric = str(ox.NamedNode(RUBRICS[self.rubric]))
        return self._ask(view.fill({"row": rows, "rubric": rubric}))

    def _ask(self, text: str) -> Iterator[dict[str, str]]:
        return rows_of(self._store, text)


class _Details:
    """Sources, values and statuses of a batch of rows."""

    def __init__(self, evidence: Evidence, iris: list[str], rests_on: tuple[str, ...]) -> None:
        values = " ".join(str(ox.NamedNode(iri)) for iri in iris)
        self._rests_on = rests_on
        self.sources: dict[str, list[tuple[str, str]]] = {}
        self.values: dict[str, dict[str, str]] = {}
        self._own: dict[tuple[str, str], str] = {}
        self._shared: dict[str, str] = {}
        ask = evidence._ask
        for row in ask(_DETAIL_SOURCES.replace("ROWS", values)):
            pair = (row["source"], row.get("label", row["source"]))
            self.sources.setdefault(row["row"], []).append(pair)
        for row in ask(_DETAIL_VALUES.replace("ROWS", values)):
            name = _SHOWN[row["property"]]
            known = self.values.setdefault(row["row"], {})
            known[name] = f"{known[name]}; {row['label']}" if name in known else row["label"]
        for row in evidence.levels(iris):
            self.values.setdefault(row["row"], {})["level"] = row["label"]
        for row in ask(_DETAIL_STATUS.replace("ROWS", values)):
            status = row["status"].removeprefix(COP).lower()
            if "property" in row:
                self._own[row["row"], row["property"]] = status
            else:
                self._shared[row["row"]] = status

    def status(self, iri: str) -> str:
        """Give interpreted where a value that the claim rests on is, else stated."""
        shared = self._shared.get(iri, "stated")
        found = {self._own.get((iri, prop), shared) for prop in self._rests_on}
        return "interpreted" if "interpreted" in found else "stated"


def rows_of(store: Store, text: str) -> Iterator[dict[str, str]]:
    """Give the rows of a SELECT as texts, without what is unbound."""
    answer = store.query(text)
    assert isinstance(answer, ox.QuerySolutions)
    names = [variable.value for variable in answer.variables]
    for solution in answer:
        yield {
            name: str(getattr(solution[name], "value", solution[name]))
            for name in names
            if solution[name] is not None
        }


def _unordered(text: str) -> str:
    """Leave the order out: a store sorts many IRIs ten times slower than it finds them."""
    return re.sub(r"\nORDER BY [^\n]*\s*$", "\n", text)


def _counting(text: str) -> str:
    """Make a query of rows one that counts them; one that groups them stays as it is."""
    head = r"\nSELECT DISTINCT \?row(?: \?part)?\nWHERE"
    return re.sub(head, "\nSELECT (COUNT(DISTINCT ?row) AS ?n)\nWHERE", _unordered(text))


@cache
def _packaged() -> Store:
    return Store.packaged()


@cache
def _of_placements() -> frozenset[str]:
    """Give the claims whose rows can be placements: those whose queries ask for no case."""
    return frozenset(
        claim
        for claim, test in claim_tests().items()
        if "a cop:Case" not in test.queries["support"].text
    )


def compare_rubrics(store: Store, **settings: Any) -> list[Flip]:
    """Tell which claims R0 and R1 judge differently, and which rows they count differently.

    Args:
        store: what is in scope.
        **settings: `ceiling` and `without_source`, as of :class:`Evidence`.

    Returns:
        the claims with a changed verdict first, then those whose rows alone changed.
    """
    first, second = (Evidence(store, rubric=name, **settings) for name in RUBRICS)
    flips = []
    for claim, test in claim_tests().items():
        if not test.takes_rubric:
            continue
        before, after = first.with_rows_found(claim), second.with_rows_found(claim)
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


def _without(store: Store, left_out: set[str]) -> Store:
    """Give a copy in memory without the statements about some arrangements.

    Raises:
        DataError: the store is too large to be copied.
    """
    from .disk import copy_in_memory

    copy = copy_in_memory(store)
    for iri in left_out:
        for quad in list(copy.inner.quads_for_pattern(ox.NamedNode(iri), None, None)):
            if quad.predicate.value not in _KEPT:
                copy.inner.remove(quad)
    return copy


_KEPT: Final = {"http://www.w3.org/2000/01/rdf-schema#label", DCTERMS + "source"}
_CLAIMS: Final = """
SELECT DISTINCT ?id ?iri ?label ?kind ?lacks
WHERE {
  ?iri a cop:Claim ;
      cop:claimId ?id ;
      rdfs:label ?label ;
      cop:claimKind ?kindIri .
  ?kindIri rdfs:label ?kind .
  FILTER(LANG(?label) = "en" && LANG(?kind) = "en")
  OPTIONAL { ?iri cop:lacksField ?lacks }
}
ORDER BY ?id
"""
_PLACEMENTS: Final = "SELECT DISTINCT ?row WHERE { ?row a cop:Placement } ORDER BY ?row"
_TWO_LEVELS: Final = """
SELECT DISTINCT ?row
WHERE {
  {
    ?row cop:hasParticipationLevel ?level , ?other .
    FILTER(STR(?level) < STR(?other))
  } UNION {
    ?row cop:hasDecisionRights ?rights , ?otherRights .
    FILTER(STR(?rights) < STR(?otherRights))
    ?rights cop:givesLevelUnderR0 ?level .
    ?otherRights cop:givesLevelUnderR0 ?other .
    FILTER(?level != ?other)
  }
}
ORDER BY ?row
"""
_OF_SOURCE: Final = """
SELECT DISTINCT ?row ?other
WHERE {
  VALUES ?class { cop:Placement cop:Case }
  ?row dcterms:source SOURCE ;
      a ?class .
  OPTIONAL { ?row dcterms:source ?other . FILTER(?other != SOURCE) }
}
ORDER BY ?row ?other
"""
_SOURCES: Final = """
SELECT DISTINCT ?source
WHERE {
  VALUES ?class { cop:Placement cop:Case }
  ?row a ?class ;
      dcterms:source ?source .
}
ORDER BY ?source
LIMIT 1000
"""
_DETAIL_SOURCES: Final = """
SELECT DISTINCT ?row ?source ?label
WHERE {
  VALUES ?row { ROWS }
  ?row dcterms:source ?source .
  OPTIONAL { ?source rdfs:label ?label . FILTER(LANG(?label) IN ("en", "")) }
}
ORDER BY ?row ?source
"""
_DETAIL_VALUES: Final = f"""
SELECT DISTINCT ?row ?property ?label
WHERE {{
  VALUES ?row {{ ROWS }}
  VALUES ?property {{ {" ".join(f"<{name}>" for name in _SHOWN)} }}
  ?row ?property ?value .
  ?value rdfs:label ?label .
  FILTER(LANG(?label) = "en")
}}
ORDER BY ?row ?property ?label
"""
_DETAIL_STATUS: Final = """
SELECT DISTINCT ?row ?status ?property
WHERE {
  VALUES ?row { ROWS }
  {
    ?row cop:hasCoding ?coding .
    ?coding cop:codingStatus ?status .
    OPTIONAL { ?coding cop:codedProperty ?property }
  } UNION {
    GRAPH <https://w3id.org/coproduction/graph/interpretation> { ?row ?property ?value }
    BIND(cop:Interpreted AS ?status)
  }
}
ORDER BY ?row ?property
"""
"""Codings, and what stands of a placement in the graph of readings, such as its sector (A8)."""
