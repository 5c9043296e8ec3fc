"""Cases as they were in a year, by what observations say; and what observations leave alone."""

from __future__ import annotations

from pathlib import Path

import pytest

import coproduction
from coproduction.cases.loading import load
from coproduction.errors import DataError
from coproduction.knowledge.questions import read_folder
from coproduction.reasoning.inference import classify, infer
from coproduction.resources import data_dir

from ..conftest import Run

CHICAGO = data_dir("cases") / "chicago-local-school-councils.ttl"
DESIGN = "http://www.designsforchange.org/pubs/LSCresearch_feb02/LSC_3.html"
CASES = """
@prefix c: <https://example.org/case/> .
@prefix cop: <https://w3id.org/coproduction#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix o: <https://example.org/o/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

c:school a cop:Case ; rdfs:label "School"@en ; cop:summary "Parents sit on its board."@en ;
    cop:hasServiceType cop:BasicEducation ; cop:countryCode "SE" ; cop:startYear 1980 ;
    cop:endYear 2010 ; cop:observedYear 2005 ;
    cop:hasProvider o:town ; cop:hasProviderSector cop:PublicSector ;
    cop:hasParticipantIdentity cop:RelativeOfClient ; cop:hasContribution cop:ManagementOrBoard ;
    cop:hasDecisionRights cop:MajorityControl ; cop:hasParticipationLevel cop:HighParticipation ;
    cop:hasRelationIntensity cop:IntensiveOrEnduring ;
    dcterms:source <https://example.org/report> ; cop:hasCoding c:school-level .
c:school-level a cop:Coding ; cop:codedProperty cop:hasParticipationLevel ;
    cop:codingStatus cop:Interpreted ; cop:underRubric cop:RubricR0 .
c:school-1990 a cop:Observation ; cop:observes c:school ; cop:fromYear 1985 ; cop:toYear 1995 ;
    cop:hasDecisionRights cop:AdvisoryBody ; dcterms:source <https://example.org/report> .
o:town a foaf:Organization ; rdfs:label "Town"@en .
"""


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.ttl"
    path.write_text(CASES, encoding="utf-8")
    return path


def values(kg: coproduction.KnowledgeGraph) -> list[tuple[str, str]]:
    """Give decision rights and level, and beside them the levels under both rubrics."""
    rows = kg.query(
        """SELECT ?rights ?level ?r0 WHERE {
          ?case a cop:Case ; cop:hasDecisionRights ?rights ; cop:hasParticipationLevel ?level ;
              cop:levelUnderR0 ?r0 }"""
    ).rows
    assert all(row["level"] == row["r0"] for row in rows)
    return [tuple(str(row[c]).rpartition("#")[2] for c in ("rights", "level")) for row in rows]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("year", "found", "told"),
    [
        (None, [("MajorityControl", "HighParticipation")], ""),
        (1984, [("MajorityControl", "HighParticipation")], "1 case as recorded for another year"),
        (1985, [("AdvisoryBody", "MediumParticipation")], "1 case by what is observed"),
        (1995, [("AdvisoryBody", "MediumParticipation")], "1 case by what is observed"),
        (2005, [("MajorityControl", "HighParticipation")], "0 cases as recorded for another year"),
        (1979, [], "1 case left out"),
        (2011, [], "1 case left out"),
    ],
)
def test_a_case_is_asked_as_it_was(
    cases: Path, year: int | None, found: list[tuple[str, str]], told: str
) -> None:
    kg = coproduction.open(cases, at=year)
    assert values(kg) == found
    assert told in kg.note


@pytest.mark.parametrize(("year", "breaches"), [(None, False), (1985, True), (1995, True)])
def test_a_level_of_other_years_makes_no_case_breach_the_ceiling(
    tmp_path: Path, year: int | None, breaches: bool
) -> None:
    """No axiom carries what is observed to the case; asked of that year, the same class has it."""
    path = tmp_path / "cases.ttl"
    swapped = (
        CASES.replace("cop:HighParticipation", "cop:MediumParticipation")
        .replace("cop:MajorityControl", "cop:Consulted")
        .replace("cop:AdvisoryBody", "cop:MajorityControl")
    )
    path.write_text(swapped, encoding="utf-8")
    concluded = {
        str(triple.subject.value)  # type: ignore[union-attr]
        for triple in infer(coproduction.open(path, at=year).store)
        if getattr(triple.object, "value", "").endswith("#CeilingBreachingArrangement")
    }
    assert concluded == ({"https://example.org/case/school"} if breaches else set())


@pytest.mark.parametrize(
    ("year", "level", "told"),
    [
        (1990, "HighParticipation", "1 case by what is observed"),
        (2010, "MediumParticipation", "0 cases by what is observed"),
    ],
)
def test_the_school_councils_of_chicago_are_asked_as_they_were(
    year: int, level: str, told: str
) -> None:
    kg = coproduction.open(CHICAGO, at=year)
    assert values(kg)[0][1] == level
    assert told in kg.note


@pytest.mark.parametrize(("year", "named"), [(None, False), (1995, True), (2010, False)])
def test_what_is_observed_is_asked_with_the_page_that_tells_it(
    year: int | None, named: bool
) -> None:
    """The page of the observation, and the pages of the case, which bear its other values."""
    rows = (
        coproduction.open(CHICAGO, at=year)
        .query("SELECT ?page { ?case a cop:Case ; dcterms:source ?page }")
        .rows
    )
    pages = {str(row["page"]) for row in rows}
    assert "https://en.wikipedia.org/wiki/Local_School_Councils" in pages
    assert (DESIGN in pages) == named
    kg = coproduction.open(CHICAGO, at=year)
    asked = [str(row["source"]) for row in kg.ask("glass-ceiling").rows if row["kind"] == "case"]
    assert any(DESIGN in each for each in asked) == named


@pytest.mark.parametrize(("year", "breaches"), [(1988, 0), (1989, 1), (2002, 1), (2003, 0)])
def test_the_school_councils_of_chicago_breach_the_ceiling_from_their_first_election(
    year: int, breaches: int
) -> None:
    rows = coproduction.open(CHICAGO, at=year).ask("glass-ceiling").rows
    assert len({row["arrangement"] for row in rows if row["kind"] == "case"}) == breaches


def test_each_shipped_norm_says_from_when_it_is_law_and_where_that_is_read() -> None:
    rows = (
        coproduction.open(cases=True)
        .query(
            "SELECT ?norm ?from ?locator { ?norm a cop:Norm OPTIONAL { ?norm cop:fromYear ?from } "
            "OPTIONAL { ?norm cop:locator ?locator } }"
        )
        .rows
    )
    assert len(rows) == 3
    assert all(str(row["from"]) in str(row["locator"]) for row in rows)


@pytest.mark.slow
def test_a_store_is_left_as_it_is(cases: Path, tmp_path: Path, run: Run) -> None:
    store = tmp_path / "store"
    assert load(cases, store).loaded == 1
    assert values(coproduction.open(store=store, at=1990)) == [
        ("AdvisoryBody", "MediumParticipation")
    ]
    assert values(coproduction.open(store=store)) == [("MajorityControl", "HighParticipation")]
    done = run("ask", "levels-over-time", "--store", str(store), "--format", "csv")
    assert "MediumParticipation" in done.out and ",1985,1995" in done.out
    told = run("query", "SELECT ?x { ?x a cop:Case }", "--store", str(store), "--at", "2020")
    assert "as of 2020" in told.err and "1 case left out" in told.err
    assert run("query", "SELECT ?x { ?x a cop:Case }", "--at", "20000").code == 2


@pytest.mark.slow
def test_what_was_inferred_of_another_year_is_not_asked(cases: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    load(cases, store)
    assert classify(store) > 0
    breaching = "SELECT ?case { ?case a cop:Case , cop:CeilingBreachingArrangement }"
    assert len(coproduction.open(store=store).query(breaching).rows) == 1
    at_1990 = coproduction.open(store=store, at=1990)
    assert at_1990.query(breaching).rows == []
    assert values(at_1990) == [("AdvisoryBody", "MediumParticipation")]


@pytest.mark.slow
def test_an_observation_goes_with_its_case(cases: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    load(cases, store)
    changed = tmp_path / "changed.ttl"
    changed.write_text(CASES.replace("cop:toYear 1995", "cop:toYear 1999"), encoding="utf-8")
    assert load(changed, store).set_aside == 1, "it differs, in what is observed alone"
    assert load(changed, store, replace=True).loaded == 1
    years = coproduction.open(store=store).query("SELECT ?y { ?o cop:toYear ?y }").rows
    assert [row["y"] for row in years] == [1999]
    broken = tmp_path / "broken.ttl"
    broken.write_text(CASES.replace("cop:toYear 1995", "cop:toYear 1900"), encoding="utf-8")
    outcome = load(broken, tmp_path / "other")
    assert (outcome.loaded, outcome.set_aside) == (0, 1)


def test_observations_that_differ_are_told(cases: Path, tmp_path: Path) -> None:
    two = tmp_path / "two.ttl"
    two.write_text(
        CASES
        + """c:school-1991 a cop:Observation ; cop:observes c:school ; cop:fromYear 1991 ;
    cop:hasDecisionRights cop:Consulted ; dcterms:source <https://example.org/other> .""",
        encoding="utf-8",
    )
    note = coproduction.open(two, at=1993).note
    assert "https://example.org/case/school: observations of 1993 differ" in note
    assert "differ" not in coproduction.open(two, at=1989).note


def test_what_is_observed_or_prescribed_is_no_case_of_any_question_or_claim(
    cases: Path, tmp_path: Path
) -> None:
    without = tmp_path / "without.ttl"
    begin, end = CASES.index("c:school-1990 a"), CASES.index("o:town a")
    without.write_text(CASES[:begin] + CASES[end:], encoding="utf-8")
    norm = """<https://example.org/norm> a cop:Norm ; rdfs:label "Norm"@en ; cop:countryCode "SE" ;
    cop:hasServiceType cop:BasicEducation ; cop:hasProviderSector cop:PublicSector ;
    cop:hasDecisionRights cop:MajorityControl ; cop:legalBasis "Act, 1"@en ;
    dcterms:source <https://example.org/act> . c:school cop:boundBy <https://example.org/norm> ."""
    cases.write_text(CASES + norm, encoding="utf-8")
    graphs = [coproduction.open(path, links=True) for path in (cases, without)]
    questions = [
        q.name for q in read_folder().questions if q.name not in ("levels-over-time", "norms")
    ]
    assert len(questions) > 60
    for name in questions:
        one, other = (kg.ask(name).rows for kg in graphs)
        assert one == other, name
    one, other = (str(kg.evidence()) for kg in graphs)
    assert one == other


def test_no_store_to_copy_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        coproduction.open(store=tmp_path / "none", at=1990)
