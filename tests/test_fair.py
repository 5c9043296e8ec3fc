"""The rules of FOOPS! and OOPS!: what is left has a reason, and each rule sees its own fault."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
import rdflib

SCRIPT = Path(__file__).parents[1] / "docs" / "fair.py"
PREFIXES = """
    @prefix cop: <https://w3id.org/coproduction#> . @prefix x: <urn:x:> .
    @prefix dcterms: <http://purl.org/dc/terms/> .
    @prefix owl: <http://www.w3.org/2002/07/owl#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
CLEAN = """
    <https://w3id.org/coproduction> a owl:Ontology ; dcterms:license <urn:x:l> .
    dcterms:license a owl:AnnotationProperty . skos:definition a owl:AnnotationProperty .
    cop:A a owl:Class ; rdfs:subClassOf cop:B ; rdfs:label "a"@en ; skos:definition "First."@en .
    cop:B a owl:Class ; rdfs:label "b"@en ; skos:definition "Second."@en ; owl:disjointWith cop:C .
    cop:C a owl:Class ; rdfs:subClassOf cop:D ; rdfs:label "c"@en ; skos:definition "Third."@en .
    cop:D a owl:Class ; rdfs:label "d"@en ; skos:definition "Fourth."@en .
    cop:p a owl:ObjectProperty ; rdfs:domain cop:A ; rdfs:range cop:C ; owl:inverseOf cop:q ;
        rdfs:label "p"@en ; skos:definition "From one to the other."@en .
    cop:q a owl:ObjectProperty ; rdfs:domain cop:C ; rdfs:range cop:A ;
        rdfs:label "q"@en ; skos:definition "And back."@en .
"""
SAID = 'rdfs:label "e"@en ; skos:definition "Something."@en'
CLASS = f"cop:E a owl:Class ; {SAID} ; rdfs:subClassOf cop:B "
INVERSE = "owl:inverseOf cop:r"
PROP = f"cop:e a owl:ObjectProperty ; {SAID} ; rdfs:domain cop:A ; rdfs:range cop:C "
OTHER = (
    'cop:r a owl:ObjectProperty ; rdfs:label "r"@en ; skos:definition "The way back."@en ; '
    "rdfs:domain cop:C ; rdfs:range cop:A . "
)
FAULTS = {
    "P02": f"{CLASS}. cop:E owl:equivalentClass cop:C .",
    "P03": f"{OTHER}{PROP.replace('cop:e', 'cop:isA')}; {INVERSE} .",
    "P04": f"cop:E a owl:Class ; {SAID} .",
    "P05": f"{OTHER}{PROP.replace('range cop:C', 'range cop:D')}; {INVERSE} .",
    "P06": f"{CLASS}. cop:B rdfs:subClassOf cop:E .",
    "P07": CLASS.replace("cop:E", "cop:SwordsAndShields") + ".",
    "P08": "cop:E a owl:Class ; rdfs:subClassOf cop:B ; rdfs:label 'e'@en .",
    "P11": f"{OTHER}{PROP.replace('rdfs:range cop:C', '')} {INVERSE} .",
    "P12": f"{OTHER}{PROP}; {INVERSE} .".replace('label "e"', 'label "p"'),
    "P13": f"{PROP}.",
    "P19": f"{OTHER}{PROP}; {INVERSE} ; rdfs:range cop:A .",
    "P20": 'cop:E a owl:Class ; rdfs:label "thing"@en ; skos:definition "Thing."@en ; '
    "rdfs:subClassOf cop:B .",
    "P21": CLASS.replace("cop:E", "cop:OtherThing") + ".",
    "P22": CLASS.replace("cop:E", "cop:a_thing") + ".",
    "P24": f"{CLASS}; owl:equivalentClass [ a owl:Class ; owl:unionOf ( cop:E cop:C ) ] .",
    "P25": f"{PROP.replace('range cop:C', 'range cop:A')}; owl:inverseOf cop:e .",
    "P26": f"{PROP.replace('range cop:C', 'range cop:A')}; a owl:SymmetricProperty ; {INVERSE} . "
    + OTHER.replace("cop:C", "cop:A"),
    "P27": f"{OTHER}{PROP}; {INVERSE} ; owl:equivalentProperty cop:p .",
    "P28": f"{PROP}; a owl:SymmetricProperty .",
    "P29": f"{OTHER}{PROP}; a owl:TransitiveProperty ; {INVERSE} .",
    "P30": "<urn:x:y#a> a owl:Class ; rdfs:label 'another a'@en .",
    "P31": f"{CLASS}. cop:E owl:equivalentClass x:F . x:F a owl:Class .",
    "P32": "x:F a owl:Class ; rdfs:label 'C'@en .",
    "P33": f"{OTHER}{PROP}; {INVERSE} ; owl:propertyChainAxiom ( cop:p ) .",
    "P34": "x:f a x:F .",
    "P35": "x:f x:g x:h .",
}
BESIDE = {"P02": {"P31"}, "P11": {"P05"}, "P19": {"P05"}}
"""What a fault is under another id too."""


@pytest.fixture(scope="module")
def fair() -> ModuleType:
    """The script, which is no module of the package."""
    spec = importlib.util.spec_from_file_location("fair", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fair"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def found_in(fair: ModuleType, text: str) -> set[str]:
    graph = rdflib.Graph().parse(data=PREFIXES + text, format="turtle")
    return {id for id, terms in fair.oops(fair.Facts(graph)).items() if terms}


@pytest.mark.slow
def test_what_is_found_in_the_merged_file_has_a_reason(fair: ModuleType) -> None:
    facts = fair.merged()
    pitfalls = {id for id, terms in fair.oops(facts).items() if terms}
    wanting = {test for test, (score, _) in fair.foops(facts).items() if score < 1}
    assert pitfalls | wanting == set(fair.LEFT) - {"P37"}
    assert not fair.oops(facts)["P04"], "each property is tied to a class"


@pytest.mark.slow
def test_every_pitfall_is_judged_or_named(fair: ModuleType) -> None:
    named = {*fair.OOPS, *fair.BY_A_PERSON, "P37"}
    assert named == {f"P{number:02}" for number in range(1, 42)}
    assert len(fair.foops(fair.merged())) + len(fair.WEB) == 24


def test_a_clean_file_has_no_pitfall(fair: ModuleType) -> None:
    assert found_in(fair, CLEAN) == set()


@pytest.mark.parametrize("id", FAULTS)
def test_each_rule_sees_its_fault(fair: ModuleType, id: str) -> None:
    assert found_in(fair, CLEAN + FAULTS[id]) == {id} | BESIDE.get(id, set())


@pytest.mark.parametrize(
    ("out", "id"),
    [
        ("dcterms:license <urn:x:l>", "P41"),
        ("owl:disjointWith cop:C", "P10"),
        ("<https://w3id.org/coproduction> a owl:Ontology ; dcterms:license <urn:x:l> .", "P38"),
    ],
)
def test_what_is_left_out_is_seen(fair: ModuleType, out: str, id: str) -> None:
    assert id in found_in(fair, CLEAN.replace(out, "rdfs:seeAlso cop:A" if "." not in out else ""))


def test_a_file_ending_in_the_name_is_seen(fair: ModuleType) -> None:
    assert "P36" in found_in(fair, "<https://example.org/x.owl> a owl:Ontology .")


def test_an_empty_file_scores_nothing(fair: ModuleType) -> None:
    scores = fair.foops(fair.Facts(rdflib.Graph()))
    assert sum(score for score, _ in scores.values()) == 0
