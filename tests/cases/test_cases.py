"""The shipped cases: valid, coded, kept apart from the source, and as the table by hand has them."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

import coproduction
from coproduction import KnowledgeGraph
from coproduction.resources import data_dir
from coproduction.validation.constraints import validate_store

COP = "https://w3id.org/coproduction#"
FILES = sorted(data_dir("cases").glob("*.ttl"))
EXPECTED = list(csv.DictReader((Path(__file__).parents[1] / "expected-cases.csv").open()))


def one(cases: KnowledgeGraph, slug: str, path: str) -> str:
    iri = f"<https://w3id.org/coproduction/id/case/{slug}>"
    rows = cases.query(f"SELECT ?v WHERE {{ {iri} {path} }}").rows
    assert len(rows) <= 1, f"{slug}: {rows}"
    return str(rows[0]["v"]).removeprefix(COP) if rows else "unknown"


def test_twenty_cases_one_a_file(cases: KnowledgeGraph) -> None:
    assert len(FILES) == 20
    rows = cases.query("SELECT DISTINCT ?c WHERE { ?c a cop:Case }").rows
    assert {str(row["c"]).rpartition("/")[2] for row in rows} == {path.stem for path in FILES}


def test_the_cases_keep_to_the_case_record(cases: KnowledgeGraph) -> None:
    assert validate_store(cases.store) == []


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: row["slug"])
def test_the_values_are_those_of_the_table(cases: KnowledgeGraph, row: dict[str, str]) -> None:
    slug = row["slug"]
    assert one(cases, slug, "cop:hasServiceType ?v") == row["service"]
    assert one(cases, slug, "cop:hasProviderSector ?v") == row["sector"]
    assert one(cases, slug, "cop:hasDecisionRights ?v") == row["decision_rights"]
    assert one(cases, slug, "cop:hasRelationIntensity ?v") == row["intensity"]
    level = one(cases, slug, "cop:hasParticipationLevel ?v")
    assert level.removesuffix("Participation") == row["level_R0"]
    r1 = "cop:hasCoding ?c . ?c cop:underRubric cop:RubricR1 ; cop:codedValue ?v"
    assert one(cases, slug, r1).removesuffix("Participation") == row["level_R1"]


def test_the_level_follows_the_rubric(cases: KnowledgeGraph) -> None:
    """R0 by its table; R1 differs only where its rule says so."""
    rows = cases.query(
        """
        SELECT ?c ?level ?derived ?r1 WHERE {
          ?c a cop:Case ; cop:hasDecisionRights ?rights ; cop:hasParticipationLevel ?level ;
             cop:hasCoding ?coding .
          ?rights cop:givesLevelUnderR0 ?derived .
          ?coding cop:underRubric cop:RubricR1 ; cop:codedValue ?r1 .
        }"""
    ).rows
    assert len(rows) >= 10
    assert all(row["level"] == row["derived"] for row in rows)
    flipped = [str(row["c"]).rpartition("/")[2] for row in rows if row["level"] != row["r1"]]
    assert flipped == ["ryhov-self-dialysis"]


def test_what_is_not_documented_is_unknown_and_never_guessed(cases: KnowledgeGraph) -> None:
    for prop in ("hasProviderSector", "hasDecisionRights", "hasRelationIntensity"):
        both = cases.query(
            f"SELECT ?c WHERE {{ ?c a cop:Case ; cop:{prop} ?v ; cop:hasCoding ?k . "
            f"?k cop:codingStatus cop:Unknown ; cop:codedProperty cop:{prop} }}"
        )
        assert both.rows == []


def test_every_case_names_the_page_that_was_read(cases: KnowledgeGraph) -> None:
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        read = re.match(r"# Read: (.+)\.\n", text)
        assert read, path
        for page in read[1].split("; "):
            assert f"<{page}>" in text, (path, page)


def test_the_cases_stand_in_a_graph_of_their_own(cases: KnowledgeGraph, kg: KnowledgeGraph) -> None:
    assert "https://w3id.org/coproduction/graph/cases" in cases.store.graphs()
    assert "https://w3id.org/coproduction/graph/cases" not in kg.store.graphs()
    assert len(kg.ask("glass-ceiling")) == 7
    sectors = {
        str(row["sectorLabel"]) for row in cases.ask("glass-ceiling") if row["kind"] == "case"
    }
    assert sectors == {"third sector", "public sector", "hybrid sector"}


@pytest.mark.parametrize("question", coproduction.KnowledgeGraph.questions(), ids=lambda q: q.name)
def test_questions_about_the_source_answer_as_before(
    cases: KnowledgeGraph, kg: KnowledgeGraph, question
) -> None:
    if question.name == "glass-ceiling" or question.about_cases:
        return
    before, now = kg.ask(question.name).rows, cases.ask(question.name).rows
    if question.about_links:  # the cases bring service types of their own, still without links
        now = [row for row in now if "/id/service/" not in str(row["service"])]
    assert now == before


def test_a_case_that_only_a_law_tells_of_is_a_norm(cases: KnowledgeGraph) -> None:
    """A case of legal sources alone is a norm; what a norm binds has a page of its own practice."""
    alone = """
        SELECT ?c WHERE {
          ?c a cop:Case ; cop:hasCoding/cop:hasSourceType cop:LegalSource .
          FILTER NOT EXISTS {
            ?c cop:hasCoding/cop:hasSourceType ?other . FILTER(?other != cop:LegalSource)
          }
        }"""
    assert cases.query(alone).rows == []
    bound = cases.query(
        """
        SELECT ?c ?norm (COUNT(DISTINCT ?own) AS ?pages) WHERE {
          ?c cop:boundBy ?norm . ?norm a cop:Norm .
          OPTIONAL { ?c dcterms:source ?own . FILTER NOT EXISTS { ?norm dcterms:source ?own } }
        } GROUP BY ?c ?norm"""
    ).rows
    assert len(bound) == 3
    assert all(row["pages"] for row in bound), bound


def test_what_follows_from_a_norm_is_interpreted_in_the_case(cases: KnowledgeGraph) -> None:
    stated = "?c cop:hasCoding ?k . ?k cop:codingStatus cop:Stated ; cop:codedProperty ?p ."
    rows = cases.query(
        f"SELECT ?p WHERE {{ {stated} FILTER(STRENDS(STR(?c), 'case/la-petite-cite')) }}"
    ).rows
    assert COP + "hasDecisionRights" not in {row["p"] for row in rows}
    assert COP + "placeName" in {row["p"] for row in rows}
