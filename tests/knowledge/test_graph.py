"""What the issue of the graph promises: the counts, the fixed names, the falsifiable claim."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import coproduction
from coproduction import KnowledgeGraph

from ..tools import CLAIMS, COUNTED

COP = "https://w3id.org/coproduction#"


def count(kg: KnowledgeGraph, pattern: str) -> int:
    rows = kg.query(f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} }}").rows
    return int(rows[0]["n"])


@pytest.mark.parametrize("entry", COUNTED["count"], ids=lambda entry: entry["what"])
def test_counts(kg: KnowledgeGraph, entry: dict[str, Any]) -> None:
    assert count(kg, entry["pattern"]) == entry["number"]


def test_the_references_listed_and_those_cited_do_not_meet(kg: KnowledgeGraph) -> None:
    assert count(kg, "?d cop:listsReference ?x . ?c cop:citesForClaim ?x") == 0
    assert count(kg, "?c cop:citesForClaim ?x") > 0


def test_at_most_one_reading_is_preferred(kg: KnowledgeGraph) -> None:
    rows = kg.query(
        "SELECT ?a (COUNT(DISTINCT ?r) AS ?n) WHERE { ?a cop:preferredReading ?r } GROUP BY ?a"
    ).rows
    assert rows and all(row["n"] == 1 for row in rows)
    read = "?x a cop:Ambiguity . { ?x cop:hasReading ?r } UNION { ?x cop:preferredReading ?r }"
    assert count(kg, read) == count(kg, "?x a cop:Ambiguity")


def test_an_ambiguity_has_two_readings_or_says_why_not(kg: KnowledgeGraph) -> None:
    """One whose words have but one meaning is a gap or a wording, and says so."""
    rows = kg.query(
        "SELECT ?id (COUNT(DISTINCT ?r) AS ?n) (SAMPLE(?note) AS ?why) WHERE { "
        "?x cop:ambiguityId ?id ; cop:hasReading|cop:preferredReading ?r "
        'OPTIONAL { ?x skos:note ?note FILTER(CONTAINS(?note, "no second reading: ")) } } GROUP BY ?id'
    ).rows
    single = {str(row["id"]) for row in rows if row["n"] == 1}
    assert single == {str(row["id"]) for row in rows if row["why"] is not None}
    assert single == {"A16", "A17", "A18", "A19", "A20"}


def test_every_reading_has_argument_and_confidence(kg: KnowledgeGraph) -> None:
    readings = count(kg, "?x a cop:Interpretation")
    assert readings >= 26
    assert count(kg, "?x a cop:Interpretation ; cop:argument ?a ; cop:hasConfidence ?c") == readings


def test_every_statement_of_the_source_has_its_place(kg: KnowledgeGraph) -> None:
    """Section and line on every statement, and the line lies inside the section."""
    kinds = "cop:Placement cop:DiagramCell cop:DiagramRow cop:TableCell cop:Claim cop:Mention cop:SourceExample cop:CoproductionDefinition cop:Figure"
    kinds_values = f"VALUES ?k {{ {kinds} }} ?x a ?k"
    total = count(kg, kinds_values)
    assert count(kg, f"{kinds_values} ; cop:inSection ?s ; cop:atLine ?l") == total
    outside = kg.query(
        "SELECT ?x ?s ?l WHERE { ?x cop:inSection ?s ; cop:atLine ?l . "
        "?sec a cop:SourceSection ; cop:sectionKey ?s ; cop:fromLine ?a ; cop:toLine ?b . "
        "FILTER(?l < ?a || ?l > ?b) }"
    )
    assert outside.rows == []
    assert (
        count(
            kg,
            "?x cop:inSection ?s MINUS { ?x cop:inSection ?s . "
            "?sec a cop:SourceSection ; cop:sectionKey ?s }",
        )
        == 0
    )


def test_no_triple_stands_in_two_graphs(kg: KnowledgeGraph) -> None:
    """But for the declarations and headers that make each module a file of its own."""
    seen: dict[object, str] = {}
    twice = []
    for quad in kg.store.inner:
        if quad.triple in seen and not _declares(quad.triple):
            twice.append(str(quad.triple))
        seen[quad.triple] = str(quad.graph_name)
    assert twice == []


def _declares(triple) -> bool:
    return str(triple.predicate.value).endswith("#type") and "owl#" in str(triple.object)


def test_a_public_arrangement_may_breach(public_high_case: Path) -> None:
    """'Only the third sector breaches' is a claim to be tested, not an axiom."""
    kg = coproduction.open(data=[public_high_case])
    rows = [row for row in kg.ask("glass-ceiling") if row["kind"] == "case"]
    assert [row["service"] for row in rows] == [COP + "BasicEducation"]
    assert rows[0]["sector"] == COP + "PublicSector"
    assert len(kg.ask("glass-ceiling")) == 8


def test_open_data_with_the_same_file_twice_changes_no_answer(public_high_case: Path) -> None:
    once = coproduction.open(data=[public_high_case])
    twice = coproduction.open(data=[public_high_case, public_high_case])
    assert once.ask("glass-ceiling").rows == twice.ask("glass-ceiling").rows


def test_the_ceiling_is_a_defined_class_without_sector_or_intensity(kg: KnowledgeGraph) -> None:
    text = next(
        fact.value_label
        for fact in kg.show("cop:CeilingBreachingArrangement").facts
        if "equivalent" in fact.property_label.lower()
    )
    assert "medium" in text.lower()
    assert "sector" not in text.lower() and "intensity" not in text.lower()


@pytest.mark.slow
def test_to_rdflib_has_every_triple_once(kg: KnowledgeGraph) -> None:
    assert len(kg.to_rdflib()) == len({quad.triple for quad in kg.store.inner})


def test_to_networkx_is_labelled_typed_and_directed(kg: KnowledgeGraph) -> None:
    graph = kg.to_networkx()
    childcare = COP + "Childcare"
    assert graph.nodes[childcare]["label"] == "childcare"
    assert "service type" in graph.nodes[childcare]["type"]
    placement = "https://w3id.org/coproduction/id/placement/high-childcare"
    labels = {data["label"] for data in graph.get_edge_data(placement, childcare).values()}
    assert labels == {"has service type", "places service"}
    assert not graph.has_edge(childcare, placement)


def test_show_finds_a_term_by_any_of_its_names(kg: KnowledgeGraph) -> None:
    for name in (
        "cop:DisabilityCare",
        COP + "DisabilityCare",
        f"<{COP}DisabilityCare>",
        "DisabilityCare",
        "disability care",
        "Handicap Care",
    ):
        assert kg.find(name) == COP + "DisabilityCare"
    assert kg.find("C51").endswith("/id/claim/C51")
    assert kg.find("a9").endswith("/id/ambiguity/A9")


def test_show_tells_source_and_uses(kg: KnowledgeGraph) -> None:
    card = kg.show("childcare")
    assert card.source.endswith("Diagram 1, line 131")
    assert {use.property_label for use in card.uses} >= {"has service type"}
    assert kg.show("childcare", lang="de").label == card.labels["de"]
    codes = {(link.vocabulary, link.code) for link in card.links if link.is_statement}
    assert codes >= {("icnptso", "D20"), ("ukcat", "CC")}
    assert kg.show("C51").links == ()


def test_a_graph_comes_back_from_construct(kg: KnowledgeGraph) -> None:
    graph = kg.graph("CONSTRUCT { ?p a cop:Placement } WHERE { ?p a cop:Placement }")
    assert len(graph) == 18
    assert kg.query("ASK { cop:Childcare a cop:ServiceType }").rows == [{"answer": True}]


@pytest.mark.slow
def test_claims_and_reasons_from_python() -> None:
    kg = coproduction.open(cases=True)
    assert kg.evidence(rubric="R1").of("C51").verdict == "contradicted-by-interpreted-only"
    assert len(kg.evidence().all()) == CLAIMS
    said = kg.explain("ryhov-self-dialysis", "C51")
    assert "it counts against the claim" in str(said)
    assert said._repr_svg_().startswith("<svg")
    assert kg.picture("diagram", "sv").svg().startswith("<svg")
    assert {gap.kind for gap in kg.gaps()} == {"cell", "question mark", "service", "claim"}


def test_a_term_that_nobody_described_is_told(tmp_path: Path) -> None:
    path = tmp_path / "data.ttl"
    path.write_text(
        "@prefix cop: <https://w3id.org/coproduction#> . <urn:a> a cop:Case ; "
        "cop:hasDecisionRights cop:Majority ; cop:hasSectr cop:PublicSector , cop:Mine . "
        "cop:Mine a cop:ProviderSector .",
        encoding="utf-8",
    )
    first, second = coproduction.open(path).note.splitlines()
    assert first.endswith(
        "cop:Majority is no term of this ontology; did you mean 'cop:MajorityControl'?"
    )
    assert "cop:hasSectr is no term" in second
