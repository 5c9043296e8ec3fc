"""The claims and their verdicts: those written by hand, and those that planted cases force."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

import coproduction
from coproduction import KnowledgeGraph
from coproduction.errors import QueryError, UnknownName
from coproduction.evidence.claims import CEILINGS, QueryFailed, claim_tests
from coproduction.evidence.comparison import Flip, compare_rubrics, elsewhere
from coproduction.evidence.gaps import gaps
from coproduction.evidence.in_scope import read_as
from coproduction.evidence.ledger import Evidence
from coproduction.evidence.row_values import interpreted_values
from coproduction.evidence.sides import on_side, parts_told
from coproduction.evidence.verdict import Verdict
from coproduction.knowledge.questions import all_questions
from coproduction.messages import ENGLISH, speaker
from coproduction.resources import data_dir
from coproduction.results.layout import lay_out
from coproduction.store.embedded import EmbeddedStore
from coproduction.store.lookup import rows_of
from coproduction.store.on_disk import copy_in_memory
from coproduction.store.protocol import Answer
from coproduction.wording.aloud import aloud
from coproduction.wording.phrases import phrase
from coproduction.wording.sentences import sentences_of
from coproduction.wording.words import cautions_of, cautions_of_flips, table_of_rows

from ..conftest import Run
from ..tools import CLAIMS, COUNTED, NUMBER, PLACEMENTS, SAME, TURNED
from .test_situations import SITUATIONS, judge, turtle

QUERIES = all_questions("queries/claims")
TESTABLE = {"C49", "C50", "C51", "C47"}
ID = "https://w3id.org/coproduction/id/"
COP = "https://w3id.org/coproduction#"


def names(verdict: Verdict, part: str) -> set[str]:
    return {row.iri.removeprefix(ID) for row in verdict.rows[part]}


# -- the queries -----------------------------------------------------------------------------


def test_every_claim_of_the_table_has_its_query() -> None:
    of_type: dict[str, set[str]] = {}
    for claim, test in claim_tests().items():
        of_type.setdefault(test.type, set()).add(claim)
        assert ("counterexamples" in test.sides) == (test.type != "existence"), claim
    assert of_type == {kind: set(claims.split()) for kind, claims in COUNTED["claims"].items()}


def test_no_claim_takes_anything_else_for_an_arrangement(cases: KnowledgeGraph) -> None:
    """A norm and an observation have rights and levels too, and are no case; C16, C17: services."""
    kinds = {
        row["row"]: row["kind"]
        for row in cases.query(
            "SELECT ?row ?kind WHERE { VALUES ?kind { cop:Case cop:Placement cop:ServiceType } "
            "?row a ?kind }"
        )
    }
    ledger = Evidence(cases.store, with_own_source=True)
    for claim, test in claim_tests().items():
        sides = ledger.sides(test)
        rows = {each.row for part in sides.on.values() for each in part}
        rows |= {iri for found in sides.cells.values() for iri in found}
        assert rows <= kinds.keys(), claim
        assert claim in ("C16", "C17") or "ServiceType" not in {kinds[iri] for iri in rows}


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q.name)
def test_a_query_is_complete_and_portable(query) -> None:
    header = query.header_of({"summary", "claim", "type", "sides", "wanted"})
    assert query.name == header["claim"].lower()
    assert header["rests_on"]
    body = re.sub(r"#.*", "", query.text.replace("https://w3id.org/coproduction#", ""))
    assert "ORDER BY" not in body, "rows are sorted by who asks: to sort many IRIs takes long"
    assert "SELECT *" not in body
    assert "NOT EXISTS" not in body, "quadratic in some stores"
    for word in ("GRAPH", "FROM", "ASK", "SERVICE"):
        assert not re.search(rf"\b{word}\b", body), word


@pytest.fixture(scope="module")
def rdflib_graph(cases: KnowledgeGraph):
    return cases.to_rdflib()


@pytest.mark.slow
@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q.name)
def test_rdflib_gives_the_same_rows(cases: KnowledgeGraph, query, rdflib_graph) -> None:
    """Under R1 as well: the text is portable, and so is what the engine fills in."""
    texts = [query.text]
    if "rubric" in query.parameters:
        texts.append(query.fill({"rubric": "<https://w3id.org/coproduction#levelUnderR1>"}))
    for text in texts:
        mine = [
            tuple(str(getattr(t, "value", t) or "") for t in r) for r in cases.query(text).terms
        ]
        theirs = [
            tuple("" if t is None else str(t) for t in row) for row in rdflib_graph.query(text)
        ]
        assert sorted(theirs) == sorted(mine)


# -- verdicts, as written by hand --------------------------------------------------------------


def test_verdicts_from_the_source_alone(kg: KnowledgeGraph) -> None:
    """A claim is not tested by what it was drawn from; with it, Diagram 1 agrees with itself."""
    verdicts = {verdict.claim: verdict for verdict in Evidence(kg.store).all()}
    assert len(verdicts) == CLAIMS
    kinds = {claim: (v.verdict, v.basis) for claim, v in verdicts.items()}
    assert {kinds[claim] for claim in claim_tests()} == {("not-tested", "none")}
    assert kinds["C07"] == kinds["C15"] == ("not-testable", "none")
    lacking = {v.claim for v in verdicts.values() if v.verdict == "no-data"}
    assert lacking == {
        *(f"C{n}" for n in (22, 25, 26, 27, 28, 29, 30, 32, 37, 39, 41, 44, 52, 53)),
    }
    assert all(verdicts[claim].missing for claim in lacking)
    others = set(verdicts) - set(claim_tests()) - lacking
    assert {verdicts[claim].verdict for claim in others} == {"not-testable"}
    assert {verdicts[claim].kind for claim in others} == {"definitional", "normative"}
    own = {v.claim: v for v in Evidence(kg.store, with_own_source=True).all()}
    assert {claim for claim in claim_tests() if own[claim].basis == "source"} == TESTABLE
    assert {claim: own[claim].verdict for claim in sorted(TESTABLE)} == {
        "C47": "supported", "C49": "too-few", "C50": "too-few", "C51": "supported",
    }  # fmt: skip
    assert "for-profit sector" in own["C50"].missing


def test_readings_of_placements_bear_on_a_verdict_where_they_count(kg: KnowledgeGraph) -> None:
    # A8 is how the diagram's placements were read; the place of the ceiling bears on any case.
    assert Evidence(kg.store).of("C51").readings == ("A9", "A23")
    assert Evidence(kg.store, with_own_source=True).of("C51").readings == ("A8", "A9", "A23")
    assert "A7" in Evidence(kg.store).of("C46").readings, "cases are held against placements"
    ledger = Evidence(kg.store, with_own_source=True, without_source="pestoff-slides")
    assert ledger.of("C51").readings == ("A9", "A23")
    assert {ledger.of(claim).verdict for claim in TESTABLE} == {"not-tested"}
    assert len(kg.query("SELECT ?p WHERE { ?p a cop:Placement }")) == PLACEMENTS, (
        "the store is as before"
    )


def test_verdicts_with_the_shipped_cases(cases: KnowledgeGraph) -> None:
    """By hand from the cases' decision rights and sectors (R0: majority and ownership are high)."""
    verdict = Evidence(cases.store).of("C51")
    assert (verdict.verdict, verdict.basis) == ("contradicted-by-interpreted-only", "cases")
    against = {"case/hvidovre-school-boards"}
    assert names(verdict, "counterexamples") == against
    third = "basta kultingen la-petite-cite lutin-lune parlugglan saitama-cooperative-hospital "
    third += "schmuddelkinder stil two-towers"
    assert names(verdict, "support") == {f"case/{name}" for name in third.split()}
    assert "case/ages-et-vie" in names(verdict, "undetermined"), "hybrid"
    assert "case/billund-parent-boards" in names(verdict, "undetermined"), "rights unknown"
    assert {iri.removeprefix(ID) for iri in verdict.deviant} == against
    assert [iri.removeprefix(ID) for iri in verdict.irrelevant] == [
        "case/chicago-local-school-councils", "case/dutch-neighbourhood-watch",
        "case/ryhov-self-dialysis",
    ]  # fmt: skip
    assert all(row.values["level"] == "high participation" for row in verdict.rows["support"])
    assert all(row.values["intensity"] for row in verdict.rows["support"])
    assert all(row.sources for part in verdict.rows.values() for row in part)


def frozen(**settings: Any) -> Evidence:
    store = coproduction.open(Path(__file__).parents[1] / "frozen" / "cases.ttl").store
    return Evidence(store, **settings)


def test_the_frozen_cases_give_the_figures_of_the_audit() -> None:
    """Twenty cases as they were: C51 is 9 of 11, C50 has no for-profit case, C49 two against."""
    verdict = frozen().of("C51")
    assert verdict.fit is not None
    assert verdict.fit.consistency.text == "9 of 11, .82 [.48-.98]"
    assert (verdict.fit.coverage.k, verdict.fit.coverage.n) == (9, 9)
    assert {iri.removeprefix(ID) for iri in verdict.deviant} == {
        "case/chicago-local-school-councils", "case/danish-school-boards",
    }  # fmt: skip
    assert frozen(rubric="R1").of("C51").fit.consistency.text.startswith("9 of 12")
    both = frozen().of("C50")
    assert [(each.part.partition("#")[2], each.share.text) for each in both.parts] == [
        ("PublicSector", "1 of 3, .33 [.01-.91]"), ("ForProfitSector", "0 of 0"),
    ]  # fmt: skip
    assert "For-profit sector: not tested." in " ".join(sentences_of(both, ENGLISH))
    assert [(v.counts["support"], v.counts["counterexamples"]) for v in [frozen().of("C49")]] == [
        (0, 2)
    ]
    deviants = {iri.removeprefix(ID) for iri in frozen(rubric="R2").of("C51").deviant}
    assert deviants == {"case/ryhov-self-dialysis"}, "no ownership, no board: work alone"


@pytest.mark.slow
def test_nothing_is_supported_by_the_source_s_own_placements(cases: KnowledgeGraph) -> None:
    for verdict in Evidence(cases.store).all(rows=True):
        told = {row.iri for part in verdict.rows.values() for row in part}
        assert not any("/placement/" in iri for iri in told), verdict.claim
        assert verdict.basis in ("cases", "none")


def test_one_fact_that_decides_both_sides_is_told(cases: KnowledgeGraph) -> None:
    """By hand: STIL, Kultingen, Pärlugglan, Schmuddelkinder, Saitama, Two Towers: owners, employers."""
    for rubric, expected in (("R0", (6, 9)), ("R1", (6, 9)), ("R2", None)):
        circular = Evidence(cases.store, rubric=rubric).of("C51").circular
        assert (circular and (circular.k, circular.n)) == expected
    assert Evidence(cases.store).of("C35").circular is None


def test_rubrics_are_compared(cases: KnowledgeGraph) -> None:
    ryhov = f"{ID}case/ryhov-self-dialysis"
    verdict = Evidence(cases.store, rubric="R1").of("C51")
    (row,) = [row for row in verdict.rows["counterexamples"] if row.iri == ryhov]
    assert row.values["level"] == "high participation"
    flips = {flip.claim: flip for flip in compare_rubrics(cases.store)}
    between = {
        iri for flip in flips.values() for iri, _, sides in flip.rows if sides[0] != sides[1]
    }
    assert between == {ryhov}, "R1 changes one case alone"
    assert ("support", "counterexamples", "counterexamples") in [
        sides for iri, _, sides in flips["C50"].rows if iri == ryhov
    ]
    changed = {claim: flip.verdicts for claim, flip in flips.items() if flip.is_changed}
    assert set(changed) == TURNED
    assert set(flips) <= TURNED | SAME
    assert [changed["C47"][name] for name in ("R0", "R1", "R2")] == [
        "too-few",
        "too-few",
        "mixed",
    ]


def test_the_ceiling_of_the_text(cases: KnowledgeGraph) -> None:
    """Between low and medium: what is medium and intensive in the public row breaches it."""
    diagram, text = (
        Evidence(cases.store, ceiling=name, with_own_source=True).of("C49")
        for name in ("diagram", "text")
    )
    medium = {name for name in names(text, "counterexamples") if name.startswith("placement/")}
    assert medium and all(name.startswith("placement/medium-") for name in medium)
    assert not any(n.startswith("placement/") for n in names(diagram, "counterexamples"))
    assert "case/ryhov-self-dialysis" in names(text, "counterexamples")
    assert text.verdict == "contradicted-by-interpreted-only", "no intensity of them is stated"


# -- cases that force a verdict ------------------------------------------------------------------

HEAD = """
@prefix cop: <https://w3id.org/coproduction#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix e: <https://example.org/> .
"""


def ledger(tmp_path: Path, turtle: str, **settings: str) -> Evidence:
    path = tmp_path / "data.ttl"
    path.write_text(HEAD + turtle, encoding="utf-8")
    return Evidence(coproduction.open(path).store, **settings)


def test_one_case_for_profit_at_high_contradicts(tmp_path: Path, run: Run) -> None:
    turtle = """e:firm a cop:Case ; rdfs:label "Firm"@en ; cop:hasServiceType cop:Eldercare ;
        cop:hasProviderSector cop:ForProfitSector ;
        cop:hasParticipationLevel cop:HighParticipation ; dcterms:source e:page ."""
    found = ledger(tmp_path, turtle)
    for claim in ("C50", "C51"):
        verdict = found.of(claim)
        assert (verdict.verdict, verdict.basis) == ("contradicted", "cases")
        (row,) = verdict.rows["counterexamples"]
        assert (row.label, row.status, row.sources[0][0]) == (
            "Firm",
            "stated",
            "https://example.org/page",
        )
    done = run("evidence", "C51", "--data", str(tmp_path / "data.ttl"), "--strict")
    assert done.code == 1 and "Firm" in done.out
    done = run("validate", str(tmp_path / "data.ttl"))
    assert done.code == 1 and "Case-contributions" in done.out + done.err


def test_levels_follow_the_decision_rights_under_the_rubric(tmp_path: Path) -> None:
    turtle = """
    e:a a cop:Case ; cop:hasProviderSector cop:PublicSector ; cop:hasDecisionRights cop:Consulted ;
        cop:hasContribution cop:CoreWork ; cop:hasRelationIntensity cop:IntensiveOrEnduring .
    e:b a cop:Case ; cop:hasProviderSector cop:PublicSector ; cop:hasDecisionRights cop:Consulted ;
        cop:hasContribution cop:MoneyContribution ;
        cop:hasRelationIntensity cop:IntensiveOrEnduring .
    e:c a cop:Case ; cop:hasProviderSector cop:PublicSector ;
        cop:hasParticipationLevel cop:HighParticipation ; cop:hasCoding e:c1 .
    e:c1 a cop:Coding ; cop:codedProperty cop:hasParticipationLevel ;
        cop:codingStatus cop:Interpreted .
    """
    parts = ("support", "counterexamples", "undetermined")
    for rubric, expected in (("R0", "ssu"), ("R1", "csu")):
        verdict = ledger(tmp_path, turtle, rubric=rubric).of("C50")
        where = {
            row.iri.rpartition("/")[2]: part[0]
            for part in parts
            for row in verdict.rows[part]
            if "example.org" in row.iri
        }
        assert "".join(where[name] for name in "abc") == expected, (
            "c has a level that was coded, and no decision rights that it follows from"
        )


def test_two_levels_are_reported_and_left_undetermined(tmp_path: Path, run: Run) -> None:
    turtle = """e:two a cop:Case ; rdfs:label "Two"@en ; cop:hasProviderSector cop:PublicSector ;
        cop:hasParticipationLevel cop:HighParticipation , cop:LowParticipation ."""
    verdict = ledger(tmp_path, turtle).of("C51")
    assert verdict.verdict == "not-tested"
    (row,) = verdict.rows["undetermined"]
    assert (row.label, row.note) == ("Two", "it has two levels")
    done = run("evidence", "--data", str(tmp_path / "data.ttl"))
    assert done.code == 0 and "https://example.org/two has two levels" in done.err


def test_two_levels_count_in_no_group_however_large_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turtle = "".join(
        pair(name, "SE", sector, rights)
        for name, sector, rights in (
            ("a", "ThirdSector", "OwnershipOrEmployer"), ("b", "PublicSector", "Consulted"),
            ("y", "PublicSector", "Consulted"), ("z", "ThirdSector", "OwnershipOrEmployer"),
        )
    )  # fmt: skip
    assert ledger(tmp_path, turtle).of("C40").counts["pairs"] == 2
    turtle += "e:z cop:hasParticipationLevel cop:HighParticipation , cop:LowParticipation ."
    monkeypatch.setattr("coproduction.store.on_disk._MOST_COPIED", 10)
    assert ledger(tmp_path, turtle).of("C40").counts["pairs"] == 1


def test_a_row_without_a_source_is_told(tmp_path: Path) -> None:
    turtle = "e:a a cop:Case ; cop:hasProviderSector cop:PublicSector ; \
        cop:hasParticipationLevel cop:HighParticipation ."
    (caution,) = [c for c in ledger(tmp_path, turtle).of("C50").cautions if "source:" in c]
    assert caution.startswith("One row names no source")


def test_two_levels_do_not_take_a_case_from_claims_on_other_things(tmp_path: Path) -> None:
    for levels in ("HighParticipation", "HighParticipation , cop:LowParticipation"):
        turtle = f"e:a a cop:Case ; cop:hasAnalysisLevel cop:MicroLevel , cop:MesoLevel , \
            cop:MacroLevel ; cop:hasParticipationLevel cop:{levels} ."
        verdict = ledger(tmp_path, turtle.replace("\\", "")).of("C10")
        assert (verdict.verdict, verdict.counts["domain"]) == ("supported", 1), levels


PAIR = """
e:{n} a cop:Case ; cop:hasServiceType cop:Childcare ; cop:countryCode "{country}" ;
    cop:startYear {year} ; cop:hasProviderSector cop:{sector} ; cop:hasDecisionRights cop:{rights} ;
    cop:hasStaffDecisionRights cop:{staff} ; cop:hasProvider e:p{n} .
e:p{n} cop:hasOrganisationForm cop:{form} .
"""


def pair(
    n: str, country: str, sector: str, rights: str, *, year: int = 1990, staff: str = ""
) -> str:
    form = {"ThirdSector": "ParentCoop", "PublicSector": "MunicipalProvider"}[sector]
    return PAIR.format(
        n=n, country=country, sector=sector, rights=rights, year=year, form=form,
        staff=staff or rights,
    )  # fmt: skip


def test_matched_cases_are_compared(tmp_path: Path) -> None:
    turtle = (
        pair("a", "SE", "ThirdSector", "OwnershipOrEmployer")
        + pair("b", "SE", "PublicSector", "Consulted")
        + pair("c", "SE", "PublicSector", "NoDecisionRights")
        + pair("d", "DE", "ThirdSector", "Consulted")
        + pair("f", "DE", "PublicSector", "Consulted")
        + pair("g", "FR", "ThirdSector", "Consulted")
        + pair("h", "SE", "PublicSector", "MajorityControl", year=2010)
    )
    verdict = ledger(tmp_path, turtle).of("C40")
    assert (verdict.counts["domain"], verdict.counts["pairs"], verdict.verdict) == (2, 2, "too-few")
    (row,) = verdict.rows["support"]
    assert row.iri.endswith("/a") and row.other.endswith("/b")
    assert row.note == "SE, 1990 / 1990"
    public, firm = verdict.parts
    assert (public.share.k, public.share.n, public.ties, public.wanting) == (1, 1, 1, 5)
    assert (firm.verdict, firm.wanting) == ("not-tested", 6)
    assert verdict.rows["counterexamples"] == [], "a tie stands apart"
    beside = [(r.iri.rpartition("/")[2], bool(r.other)) for r in verdict.rows["undetermined"]]
    assert beside == [("c", False), ("d", True), ("g", False), ("h", False)]
    split = pair("a", "SE", "ThirdSector", "OwnershipOrEmployer", staff="InformedOnly")
    split += pair("b", "SE", "PublicSector", "Consulted", staff="Consulted")
    (part, *_) = ledger(tmp_path, split).of("C43").parts
    assert (part.share.k, part.share.n) == (0, 1), "the staff has less"


def test_a_claim_of_existence_needs_each_of_its_parts(tmp_path: Path) -> None:
    turtle = "e:a a cop:Case ; cop:hasFormality cop:Formal ."
    verdict = ledger(tmp_path, turtle).of("C11")
    assert (verdict.verdict, verdict.missing) == ("too-few", "informal co-production")
    turtle = "e:a a cop:Case ; cop:hasFormality cop:MixedFormality ."
    assert ledger(tmp_path, turtle).of("C11").verdict == "supported"


FACETS = """
e:{n} a cop:Case ; cop:hasServiceType cop:HealthCare ; cop:hasDecisionRights cop:{rights} ;
    cop:hasFacility cop:{facility} ; cop:hasSalience cop:HighSalience ;
    cop:hasParticipantIdentity cop:{who} ; cop:hasLifeCyclePhase cop:{phase} ;
    cop:countryCode "SE" ; cop:observedYear 2005 .
"""


def test_patterns_and_motives(tmp_path: Path) -> None:
    def case(n: str, rights: str, facility: str, who: str, phase: str) -> str:
        return FACETS.format(n=n, rights=rights, facility=facility, who=who, phase=phase)

    turtle = case("a", "MajorityControl", "HighFacility", "ClientInPerson", "Adult")
    turtle += case("b", "Consulted", "LowFacility", "RelativeOfClient", "Elderly")
    found = ledger(tmp_path, turtle)
    assert shares(found.of("C18")) == [(1, 1)]
    assert found.of("C19").verdict == "not-tested", "salience does not vary"
    assert shares(found.of("C16")) == [(1, 1)]
    assert found.of("C16").rows["support"][0].label == "health care"
    turtle = case("a", "InformedOnly", "HighFacility", "ClientInPerson", "Adult")
    turtle += case("b", "Consulted", "LowFacility", "ClientInPerson", "Elderly")
    found = ledger(tmp_path, turtle)
    assert shares(found.of("C18")) == shares(found.of("C16")) == [(0, 1)]


def shares(verdict: Verdict) -> list[tuple[int, int]]:
    return [(each.share.k, each.share.n) for each in verdict.parts]


WRONG = """
    e:a a cop:Case ; rdfs:label "A"@en ; cop:hasProviderSector cop:PublicSector ;
        cop:hasDecisionRights cop:MajorityControl , cop:Consulted ;
        cop:hasContribution cop:CoreWork ; dcterms:source e:page .
    e:b a cop:Case ; rdfs:label "B"@en ; cop:hasProviderSector cop:PublicSector ;
        cop:hasDecisionRights cop:Consulted ; dcterms:source e:page .
"""


def test_what_breaks_the_shapes_is_told_and_left_out_of_what_it_spoils(
    tmp_path: Path, run: Run
) -> None:
    """Two values where one may be spoil what rests on them; what is missing spoils nothing."""
    path = tmp_path / "data.ttl"
    path.write_text(HEAD + WRONG, encoding="utf-8")
    kg = coproduction.open(path)
    assert {iri: sorted(props) for iri, props in kg.spoilt.by_case.items()} == {
        "https://example.org/a": ["https://w3id.org/coproduction#hasDecisionRights"]
    }
    verdict = kg.evidence().of("C50")
    assert [row.label for row in verdict.rows["support"]] == ["B"], "no country, and yet it counts"
    assert verdict.rows["counterexamples"] == [] and verdict.spoilt == ("https://example.org/a",)
    assert "One arrangement is left out" in str(verdict)
    assert verdict.as_dict()["spoilt"] == ["https://example.org/a"]
    assert kg.evidence().of("C13").spoilt == (), "it does not rest on decision rights"
    assert kg.evidence().of("C50", rows=False).parts == verdict.parts
    done = run("evidence", "C50", "--data", str(path))
    assert (
        "example.org/a is left out of claims that rest on cop:hasDecisionRights: Give one"
        in done.err
    )
    told = run("evidence", "C50", "--data", str(path), "--lang", "sv").err
    assert "utelämnat ur påståenden som vilar på cop:hasDecisionRights: Ange ett" in told
    assert kg.spoilt.told("https://example.org/b", "en") == []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("coproduction.validation.spoilt.MOST", 1)
        assert "2 cases are too many" in run("evidence", "C50", "--data", str(path)).err


STATED = """
    e:{n} a cop:Case ; cop:hasProviderSector {sector} ; cop:hasServiceType cop:Childcare ;
        cop:countryCode "SE" ; cop:observedYear 2005 ; cop:hasDecisionRights cop:{rights} ;
        cop:hasContribution cop:CoreWork ; cop:hasRelationIntensity cop:IntensiveOrEnduring .
"""
CODED = """
    e:{n} cop:hasCoding e:k{n} . e:k{n} a cop:Coding ; cop:codedProperty cop:{what} ;
        cop:codingStatus cop:Interpreted .
"""


def said(n: str, sector: str, rights: str, what: str = "") -> str:
    turtle = STATED.format(n=n, sector=sector, rights=rights)
    return turtle + (CODED.format(n=n, what=what) if what else "")


@pytest.mark.parametrize("rows", [True, False])
def test_a_row_of_two_parts_is_stated_in_both(tmp_path: Path, rows: bool) -> None:
    both = "cop:PublicSector , cop:ForProfitSector"
    found = ledger(tmp_path, said("a", both, "MajorityControl")).of("C50", rows=rows)
    assert [each.verdict for each in found.parts] == ["contradicted"] * 2
    coded = said("a", both, "MajorityControl", "hasDecisionRights")
    found = ledger(tmp_path, coded).of("C50", rows=rows)
    assert [each.verdict for each in found.parts] == ["contradicted-by-interpreted-only"] * 2


def test_rows_of_a_side_are_found_without_reading_all(cases: KnowledgeGraph) -> None:
    """The query is asked where many rows are; an error in it would give none, and no word."""
    ledger = Evidence(cases.store, rubric="R1", with_own_source=True)
    tried = 0
    for test in claim_tests().values():
        if test.type in ("necessity", "sufficiency", "tendency"):
            text = ledger.text(test)
            for side in ("support", "counterexamples"):
                some = rows_of(cases.store, on_side(test, text, side, 500))
                expected = {row.row: row.part for row in ledger.sides(test).on[side]}
                parts = {r["row"]: " ".join(sorted(parts_told(r["said"]) - {""})) for r in some}
                assert parts == expected, (test.claim, side)
                tried += bool(expected)
    assert tried > 12


SUPPORTED = [said(f"t{n}", "cop:ThirdSector", "MajorityControl", "hasDecisionRights")
             for n in range(6)]  # fmt: skip
OTHERS = "".join(said(f"o{n}", "cop:PublicSector", "Consulted") for n in range(6))


@pytest.mark.parametrize("rows", [True, False])
def test_support_by_interpreted_rows_alone_is_told(tmp_path: Path, rows: bool) -> None:
    """It is no word of its own: the verdict is as it was, and a caution says so, in JSON too."""
    found = ledger(tmp_path, "".join(SUPPORTED) + OTHERS).of("C51", rows=rows)
    assert (found.verdict, found.by_interpreted) == ("supported", ("",))
    told = "Supported, but each row for it rests on an interpreted value."
    assert found.cautions[0] == told and told in aloud(found, ENGLISH)
    if rows:
        assert str(sentences_of(found, ENGLISH)).count(told) == 1, "once, in the paragraph"
    assert cautions_of([found], ENGLISH)[0] == f"C51: {told}"
    given = found.as_dict()
    assert given["supportedByInterpretedOnly"] and given["parts"][0]["byInterpretedOnly"]
    stated = said("t6", "cop:ThirdSector", "MajorityControl")
    found = ledger(tmp_path, "".join(SUPPORTED) + stated + OTHERS).of("C51", rows=rows)
    assert (found.verdict, found.by_interpreted, found.doubt) == ("supported", (), "")
    assert found.as_dict()["supportedByInterpretedOnly"] is False


@pytest.mark.parametrize("rows", [True, False])
def test_a_part_that_interpreted_rows_alone_support_is_named(tmp_path: Path, rows: bool) -> None:
    public = [said(f"p{n}", "cop:PublicSector", "Consulted") for n in range(6)]
    others = [
        said(f"f{n}", "cop:ForProfitSector", "Consulted", "hasDecisionRights") for n in range(6)
    ]
    found = ledger(tmp_path, "".join(public + others)).of("C50", rows=rows)
    assert (found.verdict, found.by_interpreted) == ("supported", (f"{COP}ForProfitSector",))
    assert found.doubt.endswith("rests on an interpreted value: for-profit sector.")
    given = {tuple(each["part"]): each["byInterpretedOnly"] for each in found.as_dict()["parts"]}
    assert given == {(f"{COP}PublicSector",): False, (f"{COP}ForProfitSector",): True}


@pytest.mark.parametrize("rows", [True, False])
def test_a_supported_part_of_a_claim_that_is_not_is_told_too(
    cases: KnowledgeGraph, tmp_path: Path, rows: bool
) -> None:
    found = cases.evidence().of("C47", rows=rows)
    assert (found.verdict, found.by_interpreted) == ("too-few", (f"{COP}ThirdSector",))
    told = "The third sector part is supported by rows that each rest on an interpreted value."
    assert found.doubt == told and told in aloud(found, ENGLISH)
    given = {each["part"][0]: each["byInterpretedOnly"] for each in found.as_dict()["parts"]}
    assert given == {f"{COP}ThirdSector": True, f"{COP}PublicSector": False}
    assert found.as_dict()["supportedByInterpretedOnly"] is False
    stated = said("t6", "cop:ThirdSector", "MajorityControl")
    found = ledger(tmp_path, "".join(SUPPORTED) + stated).of("C47", rows=rows)
    assert (found.verdict, found.by_interpreted, found.doubt) == ("too-few", (), "")


def test_the_shipped_cases_support_by_interpreted_rows_alone(cases: KnowledgeGraph) -> None:
    found = {each.claim: each for each in cases.evidence().all() if each.verdict == "supported"}
    assert {claim: bool(each.by_interpreted) for claim, each in found.items()} == {
        "C10": True, "C46": True,
    }  # fmt: skip
    rows = [row for claim in found for row in cases.evidence().of(claim).rows["support"]]
    assert {row.status for row in rows} == {"interpreted"}


def test_which_value_is_interpreted_is_named_with_what_it_follows_from(
    cases: KnowledgeGraph, against_c42: Evidence, run: Run
) -> None:
    (row,) = cases.evidence().of("C51").rows["counterexamples"]
    (value,) = row.interpreted
    assert value.told(ENGLISH) == (
        "decision rights: majority, which follows from seats in all, powers, seats of users"
    )
    told = 'Interpreted in "School boards, Hvidovre", against it: decision rights: majority, which'
    assert told in str(cases.evidence().of("C51"))
    (row,) = against_c42.of("C42").rows["counterexamples"]
    assert "provider form: foundation" in [each.told(ENGLISH) for each in row.interpreted]
    for rows in cases.evidence().of("C51").rows.values():
        for row in rows:
            assert bool(row.interpreted) == (row.status == "interpreted"), row.label
    text = run("evidence", "C51", "--cases", "--lang", "fr").out
    assert "droits de décision\u00a0: majorité (découle de\u00a0: sièges en tout" in text


def test_a_value_that_a_coding_says_is_stated_is_not_named_interpreted(tmp_path: Path) -> None:
    text = (
        said("a", "cop:ThirdSector", "MajorityControl")
        + """
        e:a cop:hasContribution cop:ManagementOrBoard ; cop:hasCoding e:one , e:two .
        e:one a cop:Coding ; cop:codingStatus cop:Stated ;
            cop:codedProperty cop:hasContribution ; cop:codedValue cop:ManagementOrBoard .
        e:two a cop:Coding ; cop:codingStatus cop:Interpreted ;
            cop:codedProperty cop:hasContribution ; cop:codedValue cop:CoreWork .
    """
    )
    kg = ledger(tmp_path, text)
    given = {f"https://example.org/{n}": {f"{COP}hasContribution"} for n in "a"}
    found = interpreted_values(kg.store, given, "en")
    assert [value.value for each in found.values() for value in each] == [f"{COP}CoreWork"]


def test_what_fits_by_half_says_that_nothing_is_missing(cases: KnowledgeGraph) -> None:
    """C49 has two halves: a row that fits one is undetermined, though all of it is told."""
    verdict = cases.evidence().of("C49")
    whole = {
        row.label
        for row in verdict.rows["undetermined"]
        if "nothing asked for is missing" in row.note
    }
    assert whole == {"Chicago Local School Councils", "Self-dialysis unit, Ryhov hospital"}
    assert "though nothing is missing of them, those that fit the claim by half" in str(verdict)
    assert "recorded form of a parent co-op" in str(cases.evidence().of("C42"))
    for claim in ("C40", "C10"):
        rows = cases.evidence().of(claim).rows["undetermined"]
        assert not any("nothing asked for is missing" in row.note for row in rows)


@pytest.mark.slow
def test_parts_are_told_of_claims_that_have_them_alone(cases: KnowledgeGraph) -> None:
    for claim, test in claim_tests().items():
        told = str(cases.evidence().of(claim))
        has_parts = len(test.parts) > 1 and test.type != "existence"
        assert ("Each of its parts is judged by itself." in told) == has_parts, claim


def test_a_pair_is_stated_where_both_of_its_cases_are(tmp_path: Path) -> None:
    theirs = "".join(said(f"t{n}", "cop:PublicSector", "MajorityControl") for n in range(6))
    for what, expected in (("", "contradicted"), ("hasDecisionRights", "interpreted-only")):
        ours = "".join(said(f"o{n}", "cop:ThirdSector", "Consulted", what) for n in range(6))
        (public, _) = ledger(tmp_path, theirs + ours).of("C40").parts
        assert public.verdict.endswith(expected)


def test_what_a_rubric_does_not_read_does_not_make_a_row_interpreted(tmp_path: Path) -> None:
    for what, by_rights, by_work in (
        ("hasDecisionRights", "interpreted", "stated"),
        ("hasContribution", "stated", "interpreted"),
        ("hasServicePhase", "stated", "stated"),
    ):
        turtle = said("a", "cop:PublicSector", "MajorityControl", what)
        for rubric, expected in (("R0", by_rights), ("R1", by_rights), ("R2", by_work)):
            verdict = ledger(tmp_path, turtle, rubric=rubric).of("C50")
            (row,) = verdict.rows["counterexamples"]
            assert row.status == expected, (what, rubric)


def test_how_many_more_rows_would_decide_is_told(tmp_path: Path) -> None:
    def found(mixed: int, others: int) -> Verdict:
        enduring = "intensity=IntensiveOrEnduring"
        kinds = [f"{mixed} act=MixedAction {enduring}", f"{others} act=CollectiveAction {enduring}"]
        return judge(tmp_path, {"claim": "C35", "cases": kinds}, rows=True)

    assert found(1, 3).missing == (
        "11 more rows for it, and none against, or 5 more rows against it, and none for it"
    )
    assert (found(1, 7).verdict, found(1, 8).verdict) == ("mixed", "contradicted")
    assert (found(11, 3).verdict, found(12, 3).verdict) == ("mixed", "supported")


def test_a_fault_of_a_coding_spoils_what_it_codes(tmp_path: Path) -> None:
    path = tmp_path / "data.ttl"
    coded = """e:a a cop:Case ; cop:hasProviderSector cop:PublicSector ;
        cop:hasDecisionRights cop:Consulted ; cop:hasCoding e:c . e:c a cop:Coding ;
        cop:codedProperty cop:hasProviderSector ; cop:codingStatus cop:Perhaps ."""
    path.write_text(HEAD + coded, encoding="utf-8")
    spoilt = coproduction.open(path).spoilt.by_case
    assert spoilt == {
        "https://example.org/a": frozenset({"https://w3id.org/coproduction#hasProviderSector"})
    }


# -- the command -----------------------------------------------------------------------------


def test_json_has_the_form_that_is_promised(run: Run) -> None:
    said = json.loads(run("evidence", "C51", "--cases", "--format", "json").out)
    assert (said["claim"], said["basis"]) == ("C51", "cases")
    assert (said["rubric"], said["readings"], said["domain"]) == ("R0", ["A9", "A23"], 10)
    assert said["parts"] == [{
        "part": None, "verdict": "contradicted-by-interpreted-only", "wanting": 0,
        "byInterpretedOnly": False,
        "for": {"k": 9, "n": 10, "share": 0.9, "low": 0.555, "high": 0.9975},
    }]  # fmt: skip
    assert said["fit"]["coverage"]["k"] == 9 and said["circular"]["k"] == 6
    assert len(said["typical"]) == 9 and len(said["deviant"]) == 1 and len(said["irrelevant"]) == 3
    for part in ("support", "counterexamples", "undetermined"):
        assert {"iri", "label", "status", "source"} <= set(said[part][0])
    (against,) = said["counterexamples"]
    assert against["interpreted"] == [{
        "property": f"{COP}hasDecisionRights", "value": f"{COP}MajorityControl",
        "basedOn": [f"{COP}allSeats", f"{COP}hasPower", f"{COP}userSeats"],
    }]  # fmt: skip
    assert said["supportedByInterpretedOnly"] is False
    assert "success stories" in said["caution"] and "ceiling claim" in said["caution"]
    assert len(json.loads(run("evidence", "--format", "json").out)) == CLAIMS


@pytest.mark.slow
def test_each_line_says_what_it_rests_on_and_each_row_its_source(run: Run) -> None:
    for form in ("table", "md", "html", "csv"):
        done = run("evidence", "--cases", "--format", form)
        text = done.err if form == "csv" else done.out
        assert (
            "C51: Rubric R0, from which R1 starts, was read off" in text
            and 'C49: "No more than marginal ad hoc' in text.replace("&quot;", '"')
            and "success stories" in text
        ), form
        assert "success stories" not in run("evidence", "--format", form).out, "no case in scope"
        rows = run("evidence", "C51", "--cases", "--format", form).out
        assert "https://english.basta.se" in rows, form
    done = run("evidence", "--with-own-source")
    rows = {row["claim"]: row for row in csv.DictReader(io.StringIO(done.out))}
    said = [rows["C51"][name] for name in ("rubric", "ceiling", "readings", "domain")]
    assert said == ["R0", "diagram", "A8 A9 A23", "7"]
    assert (
        "Levels under rubric R1, the rule by which a level is coded."
        in run("evidence", "--rubric", "R1", "--format", "table").out
    )


@pytest.mark.slow
def test_the_text_of_a_claim_says_what_it_rests_on(run: Run) -> None:
    for form in ("table", "md", "html"):
        text = run("evidence", "C50", "--with-own-source", "--format", form).out
        assert "leans towards the ceiling claim" in text
        assert "It rests on the source" in text and "R0" in text
    assert run("evidence", "C51", "--cases").out.count("success stories") == 0, "CSV is rows alone"
    assert "success stories" in run("evidence", "C51", "--cases", "--format", "table").out


def test_rubrics_by_command(run: Run) -> None:
    said = json.loads(run("evidence", "--cases", "--compare-rubrics", "--format", "json").out)
    assert [row["claim"] for row in said["verdicts"]] == sorted(TURNED)
    assert {"claim": "C50", "iri": f"{ID}case/ryhov-self-dialysis", "R0": "support",
            "R1": "counterexamples", "R2": "counterexamples"} in said["rows"]  # fmt: skip
    assert "no verdict changes" in run("evidence", "--compare-rubrics").out


def test_cautions_beside_rubrics_stand_by_rubric_and_claim() -> None:
    words = dict.fromkeys(("R0", "R1", "R2"), "mixed") | {"R1": "supported"}
    flips = [Flip(claim, "", words) for claim in ("C51", "C10", "C11", "C40", "C46", "C49", "C31")]
    told = [line.partition(":")[0] for line in cautions_of_flips(flips, speaker("en"))]
    assert told == ["C46", "C49", "C51", "C10", "C31", "C40"], "C11 has none"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("C99",), "unknown claim 'C99'"),
        (("C51", "--rubric", "R9"), "unknown rubric 'R9'"),
        (("C51", "--ceiling", "glass"), "unknown ceiling 'glass'"),
        (("--without-source", "pestoff-slide"), "did you mean 'pestoff-slides'?"),
        (("--without-source", "https://example.org/a page"), "unknown source"),
        (("C51", "--compare-rubrics"), "leave CLAIM out"),
        (("--compare-rubrics", "--strict"), "leave --rubric and --strict out"),
        (("--compare-rubrics", "--rubric", "R1"), "leave --rubric and --strict out"),
    ],
)
def test_bad_words_are_told(run: Run, words: tuple[str, ...], told: str) -> None:
    done = run("evidence", *words)
    assert done.code == 2 and told in done.err


def test_an_unknown_claim_from_python(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName):
        Evidence(kg.store).of("51")


def test_gaps_name_what_a_case_would_fill(run: Run, tmp_path: Path) -> None:
    def found(*words: str) -> set[tuple[str, ...]]:
        rows = csv.reader(io.StringIO(run("gaps", *words, "--format", "csv").out))
        return {tuple(row) for row in rows}

    before = found()
    cells = [row[2].split(", ") for row in before if row[0] == "cell"]
    assert [len(sectors) for sectors in cells] == [5] * 9, "nine cells, five sectors"
    assert sum(kind == "service" for kind, *_ in before) == NUMBER["services that are placed"]
    assert sum(kind == "question mark" for kind, *_ in before) == 4
    path = tmp_path / "data.ttl"
    turtle = """e:a a cop:Case ; rdfs:label "A"@en ; cop:hasServiceType cop:Eldercare ;
        cop:hasProviderSector cop:PublicSector ; cop:hasFormality cop:MixedFormality ;
        cop:hasParticipationLevel cop:HighParticipation ; cop:hasAnalysisLevel cop:MicroLevel ;
        cop:hasRelationIntensity cop:SporadicAndDistant ."""
    path.write_text(HEAD + turtle, encoding="utf-8")
    after = found("--data", str(path))
    assert {row[0] for row in before - after} == {"cell", "question mark", "service", "claim"}
    names = {name.partition(":")[0] for kind, name, _ in before if kind == "claim"}
    names -= {name.partition(":")[0] for kind, name, _ in after if kind == "claim"}
    assert names == {"C11", "C50", "C51"}, "both parts are shown; a public case is at high"
    more = {row for row in after - before if row[0] != "claim"}
    assert {row[2] for row in more if row[0] == "question mark"} == {"filled by 1 case"}
    (cell,) = [row for row in more if row[0] == "cell"]
    assert cell[1] == "high participation, sporadic and distant" and "public" not in cell[2]
    waiting = [row[2] for row in after - before if row[0] == "claim"]
    there = [words for words in waiting if " here, " in words]
    assert there and all("the case here, A" in words for words in there)


WANTED: dict[str, list[str]] = tomllib.loads(
    (Path(__file__).parent / "wanted.toml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("claim", WANTED)
@pytest.mark.sampled
def test_the_kind_of_case_that_a_claim_wants_bears_on_it(
    kg: KnowledgeGraph, tmp_path: Path, claim: str
) -> None:
    """Each of the cases is wanted: only all of them speak, or show the last part."""
    assert Evidence(kg.store).of(claim).verdict == "not-tested"
    cases = [f"e:{n} {case} .\n" for n, case in enumerate(WANTED[claim])]
    for number in range(len(cases)):
        verdict = ledger(tmp_path, "".join(cases[: number + 1])).of(claim)
        is_last = number + 1 == len(cases)
        if verdict.type == "existence":
            assert (verdict.verdict == "supported") == is_last
        else:
            assert (verdict.counts["domain"] > 0) == is_last


def test_every_claim_that_is_not_tested_says_what_it_wants(kg: KnowledgeGraph) -> None:
    verdicts = Evidence(kg.store).all()
    untested = {v.claim for v in verdicts if v.verdict == "not-tested"}
    assert not untested - set(WANTED), "write the cases that these want into wanted.toml"
    assert not set(WANTED) - untested, "these have a verdict now: take them out of wanted.toml"
    assert all(test.wanted.startswith(("a ", "an ")) for test in claim_tests().values())


def test_a_gap_names_the_cases_that_wait_for_it(cases: KnowledgeGraph) -> None:
    wanted = {gap.name[:3]: gap.wanted for gap in gaps(cases.store) if gap.kind == "claim"}
    # One case more lacks decision rights: with them it would be a case to match the others with.
    assert wanted["C40"].endswith(
        "or match one of the 5 cases here, such as Förskolan Kultingen; or record of the case "
        "here, Parent boards in municipal daycare, Billund: decision rights, and a match in DK"
    )
    # Of two sectors one alone lacks rows, and what is wanted names neither.
    assert wanted["C47"].startswith("an arrangement with its level, of a sector that is named here")
    assert "(public sector: 6 more rows" in wanted["C47"] and "third sector" not in wanted["C47"]
    assert "(5 more rows for it, and none against, or 1 more row against it, on " in wanted["C31"]
    assert "or record it of one of the 20 cases" in wanted["C18"]
    assert "(not shown yet: formal co-production, informal co-production)" in wanted["C11"]


def test_a_record_that_makes_a_pair_alone_is_offered_without_a_match(tmp_path: Path) -> None:
    """Of a country with one public case that waits, and of one in which none does."""
    known = "1 sector=PublicSector rights=Consulted"
    path = tmp_path / "cases.ttl"
    for country, end in (
        ("SE", ": decision rights"),
        ("NO", ": decision rights, and a match in NO"),
    ):
        path.write_text(turtle([known, f"1 sector=ThirdSector country={country}"]), "utf-8")
        found = gaps(coproduction.open(path).store)
        (wanted,) = [gap.wanted for gap in found if gap.name.startswith("C40")]
        assert wanted.endswith(end), country


# -- a store that breaks --------------------------------------------------------------------------


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make each store break over C51, and over nothing else."""
    real = EmbeddedStore.query

    def query_or_break(self: EmbeddedStore, text: str, *more: Any, **options: Any) -> Answer:
        if text.startswith("#+ claim: C51"):
            raise OSError("the disk broke")
        return real(self, text, *more, **options)

    monkeypatch.setattr(EmbeddedStore, "query", query_or_break)


TOLD = "C51: its query c51 failed: the disk broke"


@pytest.mark.parametrize("rows", [True, False])
def test_a_query_that_fails_takes_no_other_claim_down(
    kg: KnowledgeGraph, rows: bool, breaking: None
) -> None:
    verdicts = {verdict.claim: verdict for verdict in Evidence(kg.store).all(rows=rows)}
    failed = verdicts.pop("C51")
    assert (failed.verdict, failed.missing, failed.rubric) == ("failed", TOLD, "R0")
    assert len(verdicts) == CLAIMS - 1
    assert {verdicts[claim].verdict for claim in TESTABLE - {"C51"}} == {"not-tested"}
    with pytest.raises(QueryFailed, match=TOLD):
        Evidence(kg.store).of("C51")


def test_a_failure_is_told_by_the_command(run: Run, breaking: None) -> None:
    done = run("evidence", "--format", "csv", "--strict")
    assert done.code == 3 and f"coproduction: {TOLD}\n" in done.err
    rows = {row["claim"]: row for row in csv.DictReader(io.StringIO(done.out))}
    assert (rows["C51"]["verdict"], rows["C51"]["missing"]) == ("failed", TOLD)
    assert rows["C50"]["verdict"] == "not-tested" and len(rows) == CLAIMS
    done = run("evidence", "--format", "json")
    (failed,) = [entry for entry in json.loads(done.out) if entry["verdict"] == "failed"]
    assert done.code == 3 and failed["missing"] == TOLD and failed["support"] == []
    done = run("evidence", "C51")
    assert (done.code, done.out, done.err) == (3, "", f"coproduction: {TOLD}\n")
    assert run("evidence", "C50").code == 0


@pytest.mark.slow
def test_what_fails_beside_a_verdict_is_told_and_leaves_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its query under another rubric; the rows that stand alone against several claims."""
    real, text = EmbeddedStore.query, "levelUnderR2"

    def query_or_break(self: EmbeddedStore, asked: str, *more: Any, **options: Any) -> Answer:
        if asked.startswith("#+ claim: C51") and text in asked:
            raise OSError("the disk broke")
        return real(self, asked, *more, **options)

    monkeypatch.setattr(EmbeddedStore, "query", query_or_break)
    done = run("evidence", "C51", "--cases", "--format", "table")
    assert done.code == 3 and f"coproduction: {TOLD}\n" in done.err
    assert f"Under R2 it is not judged: {TOLD}." in " ".join(done.out.split())
    assert "9 for it, 1 against it" in " ".join(done.out.split())
    text = "levelUnderR0"
    monkeypatch.setattr(Evidence, "all", lambda self, **_: [Verdict(
        "C51", "", "", "empirical", "mixed", "cases", type="necessity",
        counts={"counterexamples": 1},
    )])  # fmt: skip
    for form in ("csv", "table"):
        done = run("evidence", "--cases", "--format", form)
        assert done.code == 3 and TOLD in done.err and "C51" in done.out
    assert TOLD in coproduction.open(cases=True).evidence()._repr_html_()


def test_what_is_explained_leaves_out_what_evidence_does(tmp_path: Path, run: Run) -> None:
    """The verdict without a case is of the same rows."""
    path = tmp_path / "data.ttl"
    more = """
    e:c a cop:Case ; rdfs:label "C"@en ; cop:hasProviderSector cop:PublicSector ;
        cop:hasDecisionRights cop:MajorityControl , cop:Consulted ;
        cop:hasContribution cop:CoreWork ; dcterms:source e:page ."""
    path.write_text(HEAD + more, encoding="utf-8")
    kg = coproduction.open(path, cases=True)
    assert "https://example.org/c" in kg.spoilt.by_case
    said = " ".join(str(kg.explain("hvidovre-school-boards", "C51")).split())
    told = kg.evidence().of("C51")
    (turn,) = [turn for turn in told.turns if turn.without and not turn.more]
    assert f'would be "{phrase(turn.verdict, speaker("en"))}", and not' in said
    assert f'and not "{phrase(told.verdict, speaker("en"))}"' in said


@pytest.mark.slow
def test_a_failure_is_told_by_what_compares_claims(run: Run, breaking: None) -> None:
    done = run("evidence", "--cases", "--compare-rubrics", "--format", "json")
    said = json.loads(done.out)
    assert done.code == 3 and said["failed"] == {"C51": TOLD} and TOLD in done.err
    assert {row["claim"] for row in said["rows"]} == {"C46", "C47", "C49", "C50"}
    done = run("evidence", "--cases", "--compare-rubrics", "--format", "table")
    assert "failed" in done.out and done.code == 3
    done = run("gaps", "--format", "csv")
    rows = list(csv.reader(io.StringIO(done.out)))
    assert done.code == 3 and TOLD in done.err
    assert [row[2] for row in rows if row[0] == "failed"] == [TOLD]
    assert any(row[0] == "cell" for row in rows) and any("C11" in row[1] for row in rows)


def test_a_query_that_is_refused_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    store = EmbeddedStore.packaged()
    ledger = Evidence(store)
    monkeypatch.setattr(ledger, "_store", Refusing())
    failed = {verdict.claim for verdict in ledger.all() if verdict.verdict == "failed"}
    assert failed == set(claim_tests())
    with pytest.raises(QueryFailed, match=r"^the list of claims failed: no; not today$"):
        Evidence(Refusing())


class Refusing(EmbeddedStore):
    """A store that answers nothing, in two lines."""

    def query(self, text: str, *more: Any, **options: Any) -> Answer:
        raise QueryError("the query failed: no;\n  not today")


def test_a_row_that_r1_raised_rests_on_what_raised_it(cases: KnowledgeGraph) -> None:
    iri = "https://w3id.org/coproduction/id/case/ryhov-self-dialysis"
    verdict = cases.evidence(rubric="R1").of("C51")
    (row,) = [row for part in verdict.rows.values() for row in part if row.iri == iri]
    explained = cases.explain("ryhov-self-dialysis", "C51")
    assert any(
        fact.status == "interpreted" for fact in explained.facts if "Intensity" in fact.property
    )
    assert row.status == "interpreted"


def test_a_doubt_of_a_record_is_told_with_the_verdict_and_with_the_case(
    cases: KnowledgeGraph,
) -> None:
    verdict = cases.evidence().of("C51")
    told = str(verdict)
    assert "Doubt: School boards, Hvidovre: If principles within a municipal frame count" in told
    assert "Doubt: STIL, personal assistance: A company owned whole" in told
    (row,) = verdict.as_dict()["counterexamples"]
    assert len(row["doubts"]) == 2
    explained = str(cases.explain("stil"))
    assert "\n  Doubt: A company owned whole by an association of its users" in explained
    assert "Doubt" not in str(cases.explain("saitama-cooperative-hospital"))


def test_doubts_are_told_of_what_could_become_a_row_against(cases: KnowledgeGraph) -> None:
    """One row is enough against these claims, so that an undetermined one could decide."""
    only, social = cases.evidence().of("C51"), str(cases.evidence().of("C49"))
    for name in ("Chicago Local School Councils", "Parent boards in municipal daycare, Billund"):
        assert f"\nDoubt: {name}: " in str(only), name
    assert "In a high school pupils are users too" in str(only)
    assert "Two records of one database code its power" in str(only)
    for told in (str(only), str(cases.evidence().of("C50"))):
        assert "none of the pages tells what decision rights users have" in told
    assert "Doubt: Parent boards in municipal daycare, Billund: " in social
    chicago = "https://w3id.org/coproduction/id/case/chicago-local-school-councils"
    assert len(only.as_dict()["doubtsBeside"][chicago]) == 4
    # A tendency is not decided by one row: its undetermined ones are left out.
    tendency = cases.evidence().of("C47")
    assert any(row.doubts for row in tendency.rows["undetermined"])
    assert "Two records of one database" not in str(tendency) and not tendency.doubts_beside


def test_cautions_of_c13_and_c14_tell_what_their_queries_do(tmp_path: Path) -> None:
    both = "ManagementOrBoard,ComplementaryWork"
    for given in ("ComplementaryWork", both):
        cases = [f"1 sector=ThirdSector contribution={given}"]
        verdict = judge(tmp_path, {"claim": "C13", "cases": cases}, rows=True)
        assert len(verdict.rows["support"]) == 1, given
    assert "beside management it is not weighed" in claim_tests()["C13"].caution
    path = tmp_path / "cases.ttl"
    relation = "e:c0-0 cop:hasStaffClientRelation cop:Complementary ."
    for work, side in (("ComplementaryWork", "support"), ("CoreWork", "counterexamples")):
        text = turtle([f"1 sector=ThirdSector contribution={work}"])
        path.write_text(f"{text}{relation}\n", encoding="utf-8")
        rows = coproduction.open(path).evidence().of("C14").rows
        assert len(rows[side]) == 1, work
    assert "prevails over a relation that is coded as complementary" in claim_tests()["C14"].caution


def test_words_of_c46_tell_of_cases_without_both_axes(tmp_path: Path) -> None:
    verdict = judge(tmp_path, {"claim": "C46", "cases": ["1 sector=ThirdSector"]}, rows=True)
    (row,) = verdict.rows["undetermined"]
    assert {"level", "intensity"}.isdisjoint(row.values)
    assert "one or both axes are not recorded" in claim_tests()["C46"].sides["undetermined"]


def test_no_doubt_about_a_coding_stands_in_a_comment_alone() -> None:
    words = ("interpret", "argued", "conflict", "unknown", "not told", "if principles")
    for path in sorted(data_dir("cases").glob("*.ttl")):
        comments = [
            line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")
        ]
        assert not [word for word in words if word in " ".join(comments).lower()], path.name


def test_a_claim_on_every_placed_service_tells_of_how_many_it_has_rows(
    cases: KnowledgeGraph,
) -> None:
    verdict = cases.evidence().of("C46")
    rows = {row.iri for side in ("support", "counterexamples") for row in verdict.rows[side]}
    asked = "SELECT DISTINCT ?row ?service WHERE { ?row a %s ; cop:hasServiceType ?service }"
    services = [
        {row["service"]: row["row"] for row in cases.query(asked % kind).rows}
        for kind in ("cop:Placement", "cop:Case")
    ]
    placed = set(services[0])
    found = {
        row["service"] for row in cases.query(asked % "cop:Case").rows if row["row"] in rows
    } & placed
    assert verdict.covered == (len(found), len(placed)) and 0 < len(found) < len(placed)
    assert f"Its rows are of {len(found)} of the {len(placed)} services" in str(verdict)
    assert cases.evidence().of("C51").covered is None


@pytest.mark.slow
def test_each_case_in_scope_is_accounted_for_once(cases: KnowledgeGraph) -> None:
    total = len(cases.query("SELECT ?c WHERE { ?c a cop:Case }").rows)
    for claim, test in claim_tests().items():
        for rubric in ("R0", "R1", "R2") if test.takes_rubric else ("R0",):
            verdict = cases.evidence(rubric=rubric).of(claim)
            told = verdict.account
            assert sum(told.values()) == total, (claim, rubric, told)
            if test.type != "comparison":
                for name, side in (("for", "support"), ("against", "counterexamples")):
                    assert told[name] == len(verdict.rows.get(side, [])), (claim, rubric, name)
                assert told["undetermined"] == len(verdict.rows["undetermined"]), (claim, rubric)
    ceiling = cases.evidence().of("C51")
    assert (
        "Of 20 cases in scope: 9 for it, 1 against it, 6 undetermined, 3 irrelevant, and 1 more, "
        'of which too little is told ("Families_Share group, Bologna"; decision rights '
        "not recorded)." in str(ceiling)
    )
    assert ceiling.as_dict()["cases"]["irrelevant"] == len(ceiling.irrelevant) == 3


@pytest.mark.slow
def test_outside_is_not_said_of_what_is_not_told(cases: KnowledgeGraph) -> None:
    def account(claim: str) -> dict[str, int]:
        told = cases.evidence().of(claim).account
        return {name: number for name, number in told.items() if number}

    assert account("C31") == {"for": 1, "not told": 19}
    assert account("C38") == {"irrelevant": 12, "outside": 8}
    # All that these claims ask of them is recorded: what they lack is another to be set against.
    assert account("C16") == {"undetermined": 19, "unmatched": 1}
    assert account("C17") == {"undetermined": 18, "unmatched": 2}
    told = str(cases.evidence().of("C16"))
    assert (
        '1 unmatched, as of no other case of its service is all this recorded ("Ages & Vie homes").'
        in told
    )
    assert "too little" not in told
    said = cases.explain("ages-et-vie", "C16").conclusions[0]
    assert said.words == "there is no case of its service to set it against"
    recurring = cases.evidence().of("C35")
    assert {iri.rpartition("/")[2] for iri in recurring.untold} == {
        "community-speed-watch",
        "dutch-neighbourhood-watch",
        "families-share-bologna",
        "porto-alegre-budgeting",
    }
    lacks = "and 4 more, of which too little is told (intensity not recorded)."
    assert lacks in str(recurring)
    founded = cases.evidence().of("C31")
    assert "is told (founding reason not recorded)." in str(founded)
    # Of some of them the kind of act is recorded.
    assert founded.as_dict()["notRecorded"] == ["founding reason"]
    told = cases.explain("families-share-bologna", "C51").conclusions[0]
    assert (told.verdict, told.words) == ("not told", "too little is told of it to say")


def test_a_row_that_is_undetermined_says_what_is_not_recorded(cases: KnowledgeGraph) -> None:
    billund = "Parent boards in municipal daycare, Billund"
    for claim in ("C40", "C49", "C50", "C51"):
        notes = {row.label: row.note for row in cases.evidence().of(claim).rows["undetermined"]}
        assert notes[billund] == "decision rights not recorded", claim
        assert all(notes.values()), claim
    # By R2 its level follows from what users do, and nothing is missing.
    for claim in ("C50", "C51"):
        rows = cases.evidence(rubric="R2").of(claim).rows["undetermined"]
        assert not any("decision rights" in row.note for row in rows), claim


def test_a_row_against_says_that_its_service_is_no_social_one(cases: KnowledgeGraph) -> None:
    found = cases.evidence(lang="de").of("C34")
    assert {row.note for row in found.rows["counterexamples"]} == {"keine soziale Dienstleistung"}
    assert {row.note for row in found.rows["support"]} == {""}


@pytest.mark.slow
def test_claims_with_the_same_single_row_against_them_are_told(
    run: Run, cases: KnowledgeGraph
) -> None:
    told = (
        '4 claims have the same single row against them, "School boards, Hvidovre": C47, C49, '
        "C50, C51."
    )
    listed = run("evidence", "--cases", "--format", "md").out
    assert f"\n{told}\n" in listed
    assert html.escape(told) in cases.evidence()._repr_html_()
    assert "same single row" not in run("evidence", "--format", "md").out


@pytest.mark.slow
def test_the_list_tells_what_another_rubric_or_ceiling_would_make_of_a_claim(
    run: Run, cases: KnowledgeGraph
) -> None:
    said = run("evidence", "--cases", "--format", "md").out
    notes = [
        'By the ceiling of the text the verdict is "contradicted": C50, C51.',
        'Under R1 and R2 the verdict is "mixed": C46.',
        'Under R2 the verdict is "mixed": C47.',
    ]
    for told in notes:
        assert f"\n{told}\n" in said, told
        assert html.escape(told) in cases.evidence()._repr_html_()
    assert said.count(" the verdict is ") == len(notes)
    turned = run("evidence", "--cases", "--ceiling", "text", "--format", "md").out
    by_diagram = "By the ceiling of the diagram the verdict is"
    assert f'{by_diagram} "contradicted, by interpreted values only": C50, C51.' in turned
    # Each of these is what the ledger says there.
    for each in elsewhere(cases.evidence(), cases.evidence().all()):
        for name in each.under:
            settings = {"ceiling": name} if name in CEILINGS else {"rubric": name}
            there = cases.evidence(**settings).all()
            same = {verdict.claim: verdict.verdict for verdict in there}
            assert {same[claim] for claim in each.claims} == {each.verdict}


def test_an_ambiguity_of_which_no_reading_is_preferred_has_each_told(
    cases: KnowledgeGraph,
) -> None:
    """C43 rests on A24, and its line was missing without a word."""
    for claim, test in claim_tests().items():
        assert tuple(read_as(cases.store, test.readings, ENGLISH)) == test.readings, claim
    (line,) = (each for each in str(cases.evidence().of("C43")).splitlines() if "of A24 (" in each)
    assert line.startswith(
        'Reading of A24 (parents and staff of parent and worker co-ops): none is preferred of these: "In co-ops of the two'
    )
    assert line.endswith(
        '; "Parents have more influence in parent co-ops, staff in worker co-ops".'
    )


@pytest.mark.slow
def test_a_table_for_people_has_the_reserve_in_the_word(run: Run) -> None:
    word = "supported (interpreted rows alone)"
    for words in (("--cases",), ("--cases", "--compare-rubrics")):
        assert word in run("evidence", *words, "--format", "md").out
        assert word not in run("evidence", *words, "--format", "csv").out
    rows = csv.DictReader(io.StringIO(run("evidence", "--cases", "--format", "csv").out))
    alone = {row["claim"] for row in rows if row["by_interpreted_only"] == "true"}
    assert alone == {"C10", "C46"}


def test_doubts_stand_below_a_heading_that_says_of_what_they_are(cases: KnowledgeGraph) -> None:
    lines = str(cases.evidence().of("C51")).splitlines()
    at = lines.index("Doubts about these cases, on whatever point:")
    assert lines[at + 1].startswith("Doubt: ") and not lines[at - 1].startswith("Doubt: ")
    assert "Doubts about" not in str(cases.evidence().of("C11"))


def test_a_narrow_table_has_the_colons_of_its_language() -> None:
    table = [["pour", "Basta, an arrangement with a long name"]]
    told = lay_out(["côté", "ligne"], table, 12, speaker("fr"))
    assert told.startswith("côté\u00a0:  pour\nligne\u00a0: Basta,")


@pytest.mark.parametrize("lang", ["sv", "de", "fr"])
def test_it_is_told_that_claims_and_doubts_are_in_english(cases: KnowledgeGraph, lang: str) -> None:
    told = "The words of claims and doubts are English ones: they are those of the record."
    for claim in ("C51", "C16"):
        lines = str(cases.evidence(lang=lang).of(claim)).splitlines()
        assert lines.count(speaker(lang)(told)) == 1
        assert told not in str(cases.evidence().of(claim))


def test_cases_within_a_service_that_counts_are_told(tmp_path: Any) -> None:
    (situation,) = [each for each in SITUATIONS if each["claim"] == "C16"]
    verdict = judge(tmp_path, situation, rows=True)
    assert verdict.account["within"] == 6 == sum(verdict.account.values())
    assert "6 within a service" in "".join(sentences_of(verdict, ENGLISH))


def test_gaps_offer_cases_that_lack_a_value_and_no_others(cases: KnowledgeGraph) -> None:
    wanted = {gap.name[:3]: gap.wanted for gap in cases.gaps() if gap.kind == "claim"}
    assert wanted["C31"].endswith("one of the 19 cases here, such as Ages & Vie homes")
    assert "Lutin Lune" not in wanted["C13"] and "record it" not in wanted["C13"]
    assert "Ages & Vie" not in wanted["C47"] and "one of the 5 cases here" in wanted["C47"]


@pytest.mark.parametrize(
    ("service", "which"),
    [
        (ID + "service/youth-welfare", 0),
        (COP + "TenantMaintenance", 0),
        (ID + "service/road-safety", 1),
        (ID + "service/municipal-budgeting", 1),
        (COP + "NeighborhoodWatch", 1),
    ],
)
def test_what_the_caution_says_of_services_that_are_no_social_ones_is_so(
    service: str, which: int, cases: KnowledgeGraph
) -> None:
    said = re.findall(r"(\d+) of (\d+)", claim_tests()["C34"].caution)
    before = cases.evidence().of("C34")
    assert before.verdict == "mixed" and before.counts["counterexamples"] == 5
    store = copy_in_memory(cases.store)
    store.add([ox.Quad(*map(ox.NamedNode, [service, COP + "isKindOf", COP + "SocialService"]))])
    verdict = Evidence(store).of("C34")
    (part,) = verdict.parts
    assert (part.share.k, part.share.n) == tuple(map(int, said[which]))
    assert verdict.verdict == "supported"


def test_who_reads_the_words_of_intensity_names_their_ambiguities() -> None:
    """Its first and third value join two words by and/or, for contact and for duration."""
    told = {
        name: t for name, t in claim_tests().items() if COP + "hasRelationIntensity" in t.rests_on
    }
    assert {"C34", "C35", "C46", "C49"} <= told.keys()
    for name, test in told.items():
        assert {"A15", "A25"} <= set(test.readings), name


@pytest.mark.parametrize(("claim", "same"), [("C18", "salience"), ("C19", "facility")])
def test_a_side_tells_what_else_of_a_pair_is_the_same(claim: str, same: str) -> None:
    sides = claim_tests()[claim].sides
    for side in ("support", "counterexamples"):
        assert sides[side].endswith(f", {same} being the same"), side


def test_no_share_of_all_parts_is_told_as_if_it_decided(cases: KnowledgeGraph) -> None:
    told = str(cases.evidence().of("C47"))
    assert "All parts together, which decides nothing: 11 of 12" in told and "\nShare:" not in told
    assert "\nShare: 13 of 18" in str(cases.evidence().of("C34"))


def test_a_service_at_another_intensity_is_against_in_whatever_form(cases: KnowledgeGraph) -> None:
    """Each stands at one intensity, which stays where the form changes (A7); its level does not."""
    verdict = cases.evidence().of("C46")
    against = names(verdict, "counterexamples")
    assert against == {"case/hvidovre-school-boards", "case/two-towers"}
    (row,) = (row for row in verdict.rows["counterexamples"] if row.iri.endswith("two-towers"))
    told = {value.told(ENGLISH) for value in row.interpreted}
    assert "intensity: intensive and/or enduring" in told
    assert (
        row.resting["cell of the source"] == "intermittent and/or short-term (beside another form)"
    )
    # At the same intensity, or where it is not told, such a case is on neither side.
    beside = {"case/ages-et-vie", "case/families-share-bologna", "case/dutch-neighbourhood-watch"}
    assert beside < names(verdict, "undetermined")
    notes = {row.label: row.note for row in verdict.rows["undetermined"]}
    assert (
        notes["Ages & Vie homes"] == "nothing asked for is missing, and it decides for neither side"
    )
    assert "intensity" in notes["Neighbourhood watch in a Dutch municipality"]
    assert verdict.fit is not None and verdict.fit.consistency.text == "10 of 12, .83 [.52-.98]"
    told_of = str(verdict)
    assert "6 of the 13 services that it places: childcare (5), basic education (2)" in told_of
    assert len(verdict.services) == 6 and sum(verdict.services.values()) == 12
    assert (
        "intensive and/or enduring: 11; intermittent and/or short-term: 1; sporadic and distant: 0."
        in told_of
    )
    assert sum(verdict.placed_at.values()) == 12
    assert verdict.as_dict()["rowsByPlacedIntensity"] == verdict.placed_at


def test_one_axis_that_differs_is_enough_for_another_cell(tmp_path: Path) -> None:
    sporadic = "intensity=SporadicAndDistant"
    for cases, share in (
        ([f"1 sector=HybridSector {sporadic}"], (0, 1)),
        (["1 sector=HybridSector rights=MajorityControl intensity=IntensiveOrEnduring"], (0, 0)),
        ([f"1 sector=PublicSector {sporadic}"], (0, 1)),
        (["1 sector=PublicSector rights=MajorityControl"], (0, 1)),
        (["1 sector=PublicSector rights=Consulted"], (0, 0)),
        (["1 sector=PublicSector rights=Consulted intensity=IntensiveOrEnduring"], (1, 1)),
    ):
        verdict = judge(tmp_path, {"claim": "C46", "cases": cases}, rows=True)
        ((each,),) = (verdict.parts,)
        assert (each.share.k, each.share.n) == share, cases
        assert len(verdict.rows["undetermined"]) == 1 - share[1], cases


def test_rows_show_what_the_claim_rests_on(cases: KnowledgeGraph) -> None:
    def columns(claim: str, rubric: str = "R0") -> list[str]:
        verdict = cases.evidence(rubric=rubric).of(claim)
        return list(table_of_rows(verdict, ENGLISH).variables)

    assert "level" not in columns("C17") and "participants" in columns("C17")
    assert {"sector", "rights", "level"} <= {*columns("C51")} and "intensity" not in columns("C51")
    assert "contributions" in columns("C13") and "provider form" in columns("C42")
    assert {"rights", "level", "intensity", "contributions"} <= {*columns("C51", "R1")}
    by_phase = columns("C51", "R2")  # reads off what users do, whatever their rights
    assert {"level", "intensity", "contributions", "phases"} <= {*by_phase}
    assert "rights" not in by_phase
    verdict = cases.evidence().of("C17")
    every = table_of_rows(verdict, ENGLISH, program=True).variables
    assert {"sector", "rights", "level", "intensity", "iri"} <= {*every}


@pytest.mark.slow
def test_rows_show_by_which_service_country_and_year_they_are_picked(cases: KnowledgeGraph) -> None:
    def rows(claim: str, *, program: bool = False) -> list[dict[str, Any]]:
        return list(table_of_rows(cases.evidence().of(claim), ENGLISH, program=program).rows)

    (youth,) = [row for row in rows("C34") if row["row"].startswith("Youth welfare committee")]
    assert youth["service"] == "youth welfare" and "country" not in youth
    (hvidovre,) = [row for row in rows("C46") if row["row"] == "School boards, Hvidovre"]
    assert hvidovre["service"] == "basic education"
    assert hvidovre["cell of the source"] == "medium participation, intensive and/or enduring"
    (lune,) = [row for row in rows("C40") if "Lutin Lune" in row["row"]]
    assert (lune["country"], lune["note"]) == ("FR", "no case to compare it with in FR")
    parts = {row["part"] for row in rows("C47") if row["side"] != "undetermined"}
    assert parts == {"third sector", "public sector"} and "part" not in rows("C46")[0]
    every = rows("C46", program=True)
    assert list(every[0])[-2:] == ["source", "decides"]
    assert every[-1]["decides"].startswith("service: ")
    assert "cell of the source: " in every[0]["decides"]


def test_a_reading_is_told_in_words_and_relevance_with_its_number(cases: KnowledgeGraph) -> None:
    verdict = cases.evidence().of("C51")
    told = str(verdict)
    of_a9 = "\nReading of A9 (place of the glass ceiling): The ceiling lies between "
    assert of_a9 + "medium and high participation." in told
    assert [*verdict.as_dict()["readAs"]] == ["A9", "A23"]
    by_text = str(cases.evidence(ceiling="text").of("C51"))
    assert of_a9 + "low and medium participation." in by_text
    assert "between medium and high" not in by_text
    # Nothing has the condition alone: what is left of the others all lacks it.
    assert "Relevance of necessity is 1 by construction, as coverage is full." in told
    assert verdict.as_dict()["fit"]["relevanceOf"] == 3


@pytest.mark.parametrize("claim", ["C17", "C18", "C19"])
def test_nothing_is_said_of_no_rows(cases: KnowledgeGraph, claim: str) -> None:
    told = str(cases.evidence().of(claim))
    assert "0 of 0" not in told and "\nNot tested." not in told and "Rows with both" not in told


@pytest.mark.slow
def test_rubrics_compared_list_each_row_that_stands_elsewhere(cases: KnowledgeGraph) -> None:
    """Also those that no rubric puts on a side: undetermined here, and irrelevant there."""
    flips = {flip.claim: flip for flip in compare_rubrics(cases.store)}
    moved = {label: sides for _, label, sides in flips["C51"].rows}
    for name in (
        "Ages & Vie homes", "Youth welfare committee, Aschaffenburg", "Birney Elementary PTA",
        "Parent boards in municipal daycare, Billund", "Community Speed Watch, Leicestershire",
        "Participatory budgeting, Porto Alegre",
    ):  # fmt: skip
        assert moved[name] == ("undetermined", "undetermined", "irrelevant"), name
    places = {
        rubric: cases.evidence(rubric=rubric).of("C51").account for rubric in ("R0", "R1", "R2")
    }
    assert sum(sides[2] == "irrelevant" for sides in moved.values()) == 10
    assert places["R2"]["undetermined"] == 0 and places["R0"]["undetermined"] == 6
