"""The exports: merged, without imports, the same triples in every format, the same bytes twice."""

from __future__ import annotations

from pathlib import Path

import networkx
import pytest
import rdflib
from rdflib.compare import isomorphic
from rdflib.namespace import OWL, RDF

import coproduction
from coproduction import KnowledgeGraph
from coproduction.errors import UnknownName

FORMATS = {"ttl": "turtle", "owl": "xml", "nt": "nt", "jsonld": "json-ld"}


@pytest.fixture(scope="module")
def merged(kg: KnowledgeGraph) -> rdflib.Graph:
    return rdflib.Graph().parse(data=kg.export("nt"), format="nt")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.slow
@pytest.mark.one_in(4)
def test_every_format_holds_the_same_graph(
    kg: KnowledgeGraph, merged: rdflib.Graph, form: str
) -> None:
    graph = rdflib.Graph().parse(data=kg.export(form), format=FORMATS[form])
    assert isomorphic(graph, merged)


def test_merged_has_one_header_and_no_imports(merged: rdflib.Graph) -> None:
    assert [str(s) for s in merged.subjects(RDF.type, OWL.Ontology)] == [
        "https://w3id.org/coproduction"
    ]
    assert (None, OWL.imports, None) not in merged


@pytest.mark.slow
def test_trig_keeps_the_graphs_apart(kg: KnowledgeGraph) -> None:
    dataset = rdflib.Dataset().parse(data=kg.export("trig"), format="trig")
    names = {str(g.identifier) for g in dataset.graphs() if len(g)}
    assert names == set(kg.store.graphs())


@pytest.mark.slow
def test_graphml_opens_in_networkx(kg: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "graph.graphml"
    path.write_bytes(kg.export("graphml"))
    graph = networkx.read_graphml(path)
    assert graph.is_directed()
    assert graph.nodes["https://w3id.org/coproduction#Childcare"]["label"] == "childcare"
    assert graph.number_of_edges() == kg.to_networkx().number_of_edges()


@pytest.mark.parametrize("form", ["ttl", "owl", "nt", "trig"])
@pytest.mark.slow
def test_the_same_bytes_twice(form: str) -> None:
    assert coproduction.open().export(form) == coproduction.open().export(form)


@pytest.mark.slow
def test_undeclared_properties_of_the_user_are_declared_in_owl(tmp_path: Path) -> None:
    path = tmp_path / "mine.ttl"
    path.write_text(
        "@prefix x: <https://example.org/> . x:a x:knows x:b ; x:age 3 ; x:note 1 , x:c ; a x:K .",
        encoding="utf-8",
    )
    data = coproduction.open(data=path).export("owl")
    graph = rdflib.Graph().parse(data=data, format="xml")
    x = rdflib.Namespace("https://example.org/")
    assert (x.knows, RDF.type, OWL.ObjectProperty) in graph
    assert (x.age, RDF.type, OWL.DatatypeProperty) in graph
    assert (x.note, RDF.type, OWL.AnnotationProperty) in graph
    assert (x.K, RDF.type, OWL.Class) in graph


def test_unknown_format(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match="did you mean 'ttl'"):
        kg.export("tt")
