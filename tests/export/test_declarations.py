"""What OWL tools want declared: every individual, a base, and whom and when the file is of."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import DCTERMS, OWL, RDF

import coproduction
from coproduction import KnowledgeGraph
from coproduction.export.declarations import relating_in, with_individuals
from coproduction.names import COP, ONTOLOGY_IRI

ONTOLOGY = rdflib.URIRef(ONTOLOGY_IRI)
BUILT_IN = tuple(str(each) for each in (OWL, RDF, rdflib.RDFS, rdflib.XSD))


def read(kg: KnowledgeGraph) -> rdflib.Graph:
    return rdflib.Graph().parse(data=kg.export("nt"), format="nt")


@pytest.mark.sampled
@pytest.mark.parametrize("shipped", ["kg", "cases"])
@pytest.mark.slow
def test_whatever_has_a_class_is_declared(shipped: str, request: pytest.FixtureRequest) -> None:
    graph = read(request.getfixturevalue(shipped))
    declared = set(graph.subjects(RDF.type, OWL.NamedIndividual))
    typed = {
        thing
        for thing, kind in graph.subject_objects(RDF.type)
        if isinstance(thing, rdflib.URIRef) and not str(kind).startswith(BUILT_IN)
    }
    assert len(typed) > 600 and typed <= declared


@pytest.mark.slow
def test_a_class_that_something_is_said_of_is_an_individual_too(kg: KnowledgeGraph) -> None:
    graph = read(kg)
    classes = set(graph.subjects(RDF.type, OWL.Class))
    puns = classes & set(graph.subjects(RDF.type, OWL.NamedIndividual))
    told = {
        end
        for kind in (OWL.ObjectProperty, OWL.DatatypeProperty)
        for prop in graph.subjects(RDF.type, kind)
        for ends in graph.subject_objects(prop)
        for end in ends
    }
    assert rdflib.URIRef(COP + "ServicePhase") in puns == told & classes


@pytest.mark.parametrize(
    ("text", "declared"),
    [
        ("x:a a x:K .", {"a"}),
        ("x:a a owl:Class .", set()),
        ("x:p a owl:ObjectProperty . x:a x:p x:b .", {"a", "b"}),
        ("x:p a owl:DatatypeProperty . x:a x:p 3 .", {"a"}),
        ("x:p a owl:AnnotationProperty . x:a x:p x:b .", set()),
        ("x:a a x:K , owl:NamedIndividual .", set()),
        ("[] a x:K . x:p a owl:ObjectProperty . [] x:p x:b .", {"b"}),
    ],
)
def test_what_is_declared(text: str, declared: set[str]) -> None:
    prefixes = "@prefix x: <urn:x:> . @prefix owl: <http://www.w3.org/2002/07/owl#> . "
    triples = [each.triple for each in ox.parse(prefixes + text, format=ox.RdfFormat.TURTLE)]
    given = list(with_individuals(triples, relating_in(triples)))
    assert given[: len(triples)] == triples
    assert {str(each.subject.value) for each in given[len(triples) :]} == {
        f"urn:x:{name}" for name in declared
    }


@pytest.mark.slow
def test_what_a_user_brings_is_declared(tmp_path: Path) -> None:
    path = tmp_path / "mine.ttl"
    path.write_text("@prefix x: <https://example.org/> . x:a x:knows x:b .", encoding="utf-8")
    data = coproduction.open(data=path).export("owl")
    graph = rdflib.Graph().parse(data=data, format="xml")
    for name in ("a", "b"):
        thing = rdflib.URIRef(f"https://example.org/{name}")
        assert (thing, RDF.type, OWL.NamedIndividual) in graph


def test_rdf_xml_has_a_base_and_whole_names(kg: KnowledgeGraph) -> None:
    text = kg.export("owl").decode()
    assert text.count(f'xml:base="{ONTOLOGY_IRI}"') == 1
    assert f'rdf:about="{COP}Childcare"' in text and 'rdf:about="#' not in text


@pytest.mark.slow
def test_the_header_says_whose_and_of_when_it_is(kg: KnowledgeGraph) -> None:
    header = read(kg).predicate_objects(ONTOLOGY)
    said = {prop: value for prop, value in header if prop != DCTERMS.title}
    root = Path(__file__).parents[2]
    citation = (root / "CITATION.cff").read_text(encoding="utf-8")
    assert f"date-released: {said[DCTERMS.issued]}\n" in citation
    assert said[DCTERMS.created] <= said[DCTERMS.issued] <= said[DCTERMS.modified]
    assert said[DCTERMS.publisher] == said[DCTERMS.creator]
    assert str(said[DCTERMS.rights]) in (root / "LICENSE").read_text(encoding="utf-8")
    # Version 0.1.0 has none before it, and the project no public repository: neither is made up.
    assert OWL.priorVersion not in said
