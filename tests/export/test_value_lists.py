"""The value lists as SKOS: what the SKOS reference asks of a scheme, and what the ontology says.

S9, S13 and so on number the integrity conditions of the SKOS reference.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import RDF, SKOS

import coproduction
from coproduction.names import COP, ID
from coproduction.resources import data_dir

from ..conftest import Run

LIST = ID + "list/"
PREFIXES = (
    f"PREFIX cop: <{COP}>\nPREFIX list: <{LIST}>\n"
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
)
CONDITIONS = {
    "S9: no concept is a scheme": "?a a skos:Concept, skos:ConceptScheme",
    "S13: no name is of two kinds": (
        "{ ?a skos:prefLabel ?name ; skos:altLabel|skos:hiddenLabel ?name } "
        "UNION { ?a skos:altLabel ?name ; skos:hiddenLabel ?name }"
    ),
    "S14: one preferred name in a language": (
        "?a skos:prefLabel ?one, ?other FILTER (?one != ?other && LANG(?one) = LANG(?other))"
    ),
    "S27: what is related stands not above": (
        "?a skos:related ?b . { ?a skos:broader+ ?b } UNION { ?b skos:broader+ ?a }"
    ),
    "S37: no collection is a concept or a scheme": (
        "?a a skos:Collection { ?a a skos:Concept } UNION { ?a a skos:ConceptScheme }"
    ),
    "S46: an exact match is no broad or related one": (
        "?a skos:exactMatch ?b . ?a skos:broadMatch|skos:narrowMatch|skos:relatedMatch ?b"
    ),
    "no concept is above itself": "?a skos:broader+ ?a",
    "each concept has a preferred name": (
        "?a a skos:Concept FILTER NOT EXISTS { ?a skos:prefLabel ?name }"
    ),
    "each concept is in a scheme": (
        "?a a skos:Concept FILTER NOT EXISTS { ?a skos:inScheme ?s . ?s a skos:ConceptScheme }"
    ),
    "each concept stands at the top or under another of its scheme": (
        "?a skos:inScheme ?s ; a skos:Concept "
        "FILTER NOT EXISTS { ?a skos:broader/skos:inScheme ?s } "
        "FILTER NOT EXISTS { ?a skos:topConceptOf ?s . ?s skos:hasTopConcept ?a }"
    ),
    "S8: a top concept is in the scheme": (
        "?a skos:topConceptOf|^skos:hasTopConcept ?s FILTER NOT EXISTS { ?a skos:inScheme ?s }"
    ),
    "S25: narrower is said with broader": (
        "{ ?a skos:broader ?b FILTER NOT EXISTS { ?b skos:narrower ?a } } "
        "UNION { ?a skos:narrower ?b FILTER NOT EXISTS { ?b skos:broader ?a } }"
    ),
    "S19: what is broader, narrower or related is a concept": (
        "?x skos:broader|skos:narrower|skos:related ?a FILTER NOT EXISTS { ?a a skos:Concept }"
    ),
    "a match inside leads to a concept of another scheme": (
        "?x skos:closeMatch|skos:broadMatch|skos:narrowMatch|skos:relatedMatch ?a "
        "FILTER (STRSTARTS(STR(?a), STR(cop:))) "
        "FILTER (NOT EXISTS { ?a a skos:Concept } || EXISTS { ?a skos:inScheme/^skos:inScheme ?x })"
    ),
    "a member of a collection is a concept": (
        "?c skos:member ?a FILTER NOT EXISTS { ?a a skos:Concept }"
    ),
}
FAULTS = {
    "S9": "cop:Childcare a skos:ConceptScheme .",
    "S13": 'cop:Childcare skos:hiddenLabel "childcare"@en .',
    "S14": 'cop:Childcare skos:prefLabel "day care"@en .',
    "S27": "cop:ParentCoop skos:related cop:Cooperative .",
    "S37": "cop:Childcare a skos:Collection .",
    "S46": "cop:Childcare skos:exactMatch <urn:x:a> ; skos:broadMatch <urn:x:a> .",
    "no concept is above": "cop:Cooperative skos:broader cop:ParentCoop .",
    "each concept has": "<urn:x:a> a skos:Concept .",
    "each concept is": '<urn:x:a> a skos:Concept ; skos:prefLabel "a" .',
    "each concept stands": "<urn:x:a> a skos:Concept ; skos:inScheme list:service-type .",
    "S8": "<urn:x:a> skos:topConceptOf list:service-type .",
    "S25": "cop:Childcare skos:broader cop:Housing .",
    "S19": "cop:Childcare skos:related <urn:x:a> .",
    "a match": "cop:Childcare skos:closeMatch cop:Housing .",
    "a member": "list:service-type skos:member <urn:x:a> .",
}


@pytest.fixture(scope="module")
def lists() -> rdflib.Graph:
    data = coproduction.open(links=True).export("skos")
    return rdflib.Graph().parse(data=data, format="turtle")


def breaches(graph: rdflib.Graph, condition: str) -> list[str]:
    query = f"{PREFIXES}SELECT DISTINCT ?a WHERE {{ {condition} }}"
    return [str(row[0]) for row in graph.query(query)]  # type: ignore[index]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_lists_keep_the_conditions_of_skos(lists: rdflib.Graph, condition: str) -> None:
    assert breaches(lists, CONDITIONS[condition]) == []


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.sampled
def test_a_planted_breach_is_seen(lists: rdflib.Graph, fault: str) -> None:
    (condition,) = [name for name in CONDITIONS if name.startswith(fault)]
    planted = rdflib.Graph().parse(data=PREFIXES + FAULTS[fault], format="turtle")
    assert breaches(lists + planted, CONDITIONS[condition]) != []


def test_a_concept_is_the_value_of_the_same_name(lists: rdflib.Graph) -> None:
    level = rdflib.URIRef(LIST + "participation-level")
    concepts = set(lists.subjects(SKOS.inScheme, level))
    cop = rdflib.Namespace(COP)
    assert concepts == {cop[f"{name}Participation"] for name in ("Low", "Medium", "High")}
    high = cop.HighParticipation
    assert list(lists.objects(high, SKOS.notation)) == [rdflib.Literal(3)]
    names = {str(text.language) for text in lists.objects(high, SKOS.prefLabel)}  # type: ignore[attr-defined]
    assert names == {"en", "sv", "de", "fr"}
    assert len(list(lists.objects(high, SKOS.example))) == 2


def test_organisation_forms_are_one_scheme_with_an_aspect_a_collection(
    lists: rdflib.Graph,
) -> None:
    cop = rdflib.Namespace(COP)
    assert (cop.ParentCoop, SKOS.broader, cop.Cooperative) in lists
    scheme = rdflib.URIRef(LIST + "organisation-form")
    aspects = {
        str(node).rpartition("/")[2]: set(lists.objects(node, SKOS.member))
        for node in lists.subjects(RDF.type, SKOS.Collection)
        if (node, SKOS.inScheme, scheme) in lists
    }
    compound = aspects.pop("compound-form")
    assert set(aspects) == {"legal-form", "ownership-form", "organisation-role"}
    pairs = itertools.combinations(aspects.values(), 2)
    assert compound == set.union(*(one & other for one, other in pairs))
    assert set.union(*aspects.values()) == set(lists.subjects(SKOS.inScheme, scheme)) - set(
        lists.subjects(RDF.type, SKOS.Collection)
    )


def test_every_value_of_the_case_record_is_a_concept(lists: rdflib.Graph) -> None:
    from coproduction.knowledge.case_record import case_record

    choices = {choice.iri for field in case_record().fields for choice in field.choices}
    assert len(choices) > 90
    concepts = {str(node) for node in lists.subjects(RDF.type, SKOS.Concept)}
    assert choices - concepts == set()


@pytest.mark.slow
def test_a_value_of_ones_own_is_a_concept_of_the_list(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "mine.ttl"
    data.write_text(
        f"""@prefix cop: <{COP}> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        <urn:x:library> a cop:ServiceType ; rdfs:label "library"@en , "lending"@en .
        <urn:x:bus> a cop:ServiceType ; cop:isKindOf <urn:x:library> .
        """,
        encoding="utf-8",
    )
    out = run("export", "--as", "skos", "--data", str(data)).out
    graph = rdflib.Graph().parse(data=out, format="turtle")
    library, bus = rdflib.URIRef("urn:x:library"), rdflib.URIRef("urn:x:bus")
    service = rdflib.URIRef(LIST + "service-type")
    assert (library, SKOS.topConceptOf, service) in graph
    assert (bus, SKOS.broader, library) in graph
    assert list(graph.objects(library, SKOS.prefLabel)) == [rdflib.Literal("lending", "en")]
    assert list(graph.objects(library, SKOS.altLabel)) == [rdflib.Literal("library", "en")]
    assert list(graph.objects(bus, SKOS.prefLabel)) == [rdflib.Literal("<urn:x:bus>")]
    for condition in CONDITIONS.values():
        assert breaches(graph, condition) == []


@pytest.mark.slow
def test_inferences_change_no_list() -> None:
    from coproduction.knowledge.levels import INFERRED
    from coproduction.reasoning.inference import infer

    kg = coproduction.open()
    before = kg.export("skos")
    found = list(infer(kg.store))
    assert any(triple.object == ox.NamedNode(COP + "ScaleValue") for triple in found)
    kg.store.put(INFERRED.value, found)
    assert kg.export("skos") == before


def test_the_file_of_the_lists_is_what_is_written(run: Run) -> None:
    path = data_dir("ontology") / "skos" / "value-lists.ttl"
    assert run("export", "--as", "skos", "--links").out == path.read_text(encoding="utf-8")
