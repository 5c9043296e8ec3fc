"""The claims of the literature held against the arrangements in scope: a verdict for each.

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

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, NamedTuple

import pyoxigraph as ox

from .errors import DataError, UnknownName
from .names import COP, DCTERMS, ID, expand
from .questions import Question, all_questions, find_question
from .store import Store

FOLDER: Final = "queries/claims"
PARTS: Final = ("domain", "support", "counterexamples", "undetermined")
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


class Test(NamedTuple):
    """How a claim is tested: its queries by part, and what their headers say."""

    claim: str
    logic: str
    readings: tuple[str, ...]
    rests_on: tuple[str, ...]
    needs: tuple[str, ...]
    caution: str
    queries: dict[str, Question]

    @property
    def takes_rubric(self) -> bool:
        """Whether the verdict rests on a level that a rubric gives."""
        return any("rubric" in query.parameters for query in self.queries.values())

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
        verdict: not-tested, consistent, contradicted, not-testable or no-data.
        basis: what the rows for and against are: source, cases, both or none.
        rubric: the rubric of the levels, or an empty text where none is used.
        ceiling: the reading of the ceiling, or an empty text.
        readings: ambiguities on whose reading the verdict rests.
        logic: see the module's description.
        missing: what would be needed: a field, or the parts not found.
        caution: what to keep in mind.
        counts: number of rows by part; pairs of cases for comparative claims.
        found: the IRIs of the rows by part, as the queries gave them.
        rows: the rows by part with all that is known of them, where they were asked for.
        conflicts: arrangements left undetermined because they have two levels.
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
            "caution": self.caution or None,
            "domain": self.counts.get("domain", 0),
            **({"pairs": self.counts["pairs"]} if "pairs" in self.counts else {}),
            **{
                part: [row.as_dict() for row in self.rows.get(part, [])]
                for part in ("support", "counterexamples", "undetermined")
            },
            "conflicts": list(self.conflicts),
        }


class Flip(NamedTuple):
    """A claim that two rubrics judge differently, or from different rows."""

    claim: str
    label: str
    before: str
    after: str
    rows: tuple[tuple[str, str, str, str], ...]
    """IRI and label of a row, its part under the first rubric and under the second ("": none)."""


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
            queries=parts,
        )
    return tests


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
            int(next(_rows_of(packaged, _counting(self._text(test.queries[part]))))["n"])
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
        verdict.verdict = _verdict(test, verdict.counts, lacking)

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
        return _rows_of(self._store, text)


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


def _rows_of(store: Store, text: str) -> Iterator[dict[str, str]]:
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


def _verdict(test: Test, counts: dict[str, int], lacking: list[str]) -> str:
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


class Gap(NamedTuple):
    """Something that the cases in scope leave open, or fill.

    Attributes:
        kind: ``cell`` without a case, by sector; ``question mark`` of Diagram 1 that cases fill;
            ``service`` without a case; ``claim`` that is not tested.
        name: what it is.
        wanted: what would fill it, or what does.
    """

    kind: str
    name: str
    wanted: str


def gaps(store: Store) -> list[Gap]:
    """Tell what the cases in scope leave open: cells, services and claims.

    A claim is among them where it is not tested: one more case of the kind named would bring it
    nearer to a verdict, and where nothing else is missing, to one.
    """

    def view(name: str, folder: str = "queries/views") -> Iterator[dict[str, str]]:
        return _rows_of(store, find_question(name, folder).text)

    found = [
        Gap("cell", row["cellLabel"], f"a case of the {row['sectorLabel']}")
        for row in view("empty-cells")
    ]
    filled = {
        row["cellLabel"]: int(row["cases"])
        for row in view("filled-undetermined-cells", "queries/questions")
    }
    found += [Gap("question mark", cell, _filled(count)) for cell, count in sorted(filled.items())]
    found += [
        Gap("service", row["serviceLabel"], "a case of this service")
        for row in view("services-without-case")
    ]
    ledger = Evidence(store)
    for claim, test in claim_tests().items():
        verdict = ledger.of(claim, rows=False)
        if verdict.verdict == "not-tested":
            kind = test.queries["domain"].summary
            missing = f" ({verdict.missing})" if verdict.missing else ""
            name = f"{claim}: {verdict.label}"
            found.append(Gap("claim", name, f"{kind[0].lower()}{kind[1:]}{missing}"))
    return found


def _filled(count: int) -> str:
    if not count:
        return "a case of any sector"
    return f"filled by {count} case{'s' if count > 1 else ''}"


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
