"""RDF that people save: read as it is meant, or named for what it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import coproduction
from coproduction.cases.loading import check_cases, load
from coproduction.cases.loads import Outcome
from coproduction.cases.reading import Reading
from coproduction.errors import DataError

from ..conftest import Run

HEAD = """@prefix cop: <https://w3id.org/coproduction#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://example.org/org/sun> a foaf:Organization ; rdfs:label "Sun co-op" .
"""
CASE = """
<https://example.org/case/1> a cop:Case ; rdfs:label "Parent nursery"@en ;
  cop:summary "Parents cook."@en ; cop:hasServiceType cop:Childcare ; cop:countryCode "SE" ;
  cop:startYear 1994 ; cop:hasProvider <https://example.org/org/sun> ;
  cop:hasProviderSector cop:ThirdSector ; cop:hasParticipantIdentity cop:RelativeOfClient ;
  cop:hasContribution cop:ComplementaryWork ; cop:hasDecisionRights cop:MajorityControl ;
  cop:hasParticipationLevel cop:HighParticipation ; cop:hasRelationIntensity cop:IntensiveOrEnduring ;
  dcterms:source <https://example.org/a> .
"""


def checked(path: Path, text: str, **reading: Any) -> Outcome:
    path.write_text(HEAD + text, encoding="utf-8")
    return check_cases(path, Reading(**reading))


def test_the_case_is_well(tmp_path: Path) -> None:
    outcome = checked(tmp_path / "a.ttl", CASE)
    assert (outcome.read, outcome.loaded, outcome.problems, outcome.note) == (1, 1, [], "")


def test_a_mark_in_front_is_no_sign_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(HEAD + CASE, encoding="utf-8-sig")
    assert check_cases(path).loaded == 1
    assert coproduction.open(data=[path]).find("https://example.org/case/1")
    path.write_text(HEAD + CASE, encoding="utf-16")
    with pytest.raises(DataError, match="this is UTF-16, and RDF is written in UTF-8"):
        check_cases(path)


def test_a_text_where_a_node_is_asked_for_sets_that_case_aside(tmp_path: Path) -> None:
    other = CASE.replace("case/1", "case/2").replace("<https://example.org/org/sun>", '"Sun co-op"')
    link = CASE.replace("case/1", "case/3").replace(
        "<https://example.org/org/sun>", '"https://example.org/org/sun"'
    )
    outcome = checked(tmp_path / "a.ttl", CASE + other + link)
    assert (outcome.read, outcome.loaded, outcome.set_aside) == (3, 1, 2)
    assert ("https://example.org/case/2", "Case-provider", "Sun co-op") in {
        (p.cell, p.rule, p.value) for p in outcome.problems
    }


def test_a_wrong_datatype_is_named(tmp_path: Path) -> None:
    for text, kind in (('"1994"^^xsd:gYear', "xsd:gYear"), ('"1994"', "xsd:string")):
        outcome = checked(tmp_path / "a.ttl", CASE.replace("1994", text))
        assert [p.fix.endswith(f"Its datatype is {kind}.") for p in outcome.problems] == [True]


@pytest.mark.parametrize(
    "statement",
    [
        "<https://example.org/case/1> cop:notes <<( cop:a cop:b cop:c )>> .",
        "<https://example.org/case/1> cop:startYear 1994 {| cop:because 1 |} .",
        '<https://example.org/case/1> cop:summary "x"@en--ltr .',
    ],
)
def test_what_no_format_here_can_write_is_refused(tmp_path: Path, run: Run, statement: str) -> None:
    path = tmp_path / "a.ttl"
    with pytest.raises(DataError, match=r"RDF 1\.2"):
        checked(path, CASE + statement)
    outcome = run("ask", "regimes", "--data", str(path))
    assert (outcome.code, "RDF 1.2" in outcome.err) == (2, True)


@pytest.mark.slow
def test_a_relative_address_is_resolved_on_a_base_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    relative = CASE.replace("https://example.org/case/1", "#nursery")
    with pytest.raises(DataError, match=r"line 8, column 1: the relative IRI <#nursery> has no"):
        checked(path, relative)
    with pytest.raises(DataError, match=r"the relative IRI <#nursery> has no base"):
        coproduction.open(data=[path])
    assert load(path, tmp_path / "store", Reading(base="https://example.org/x")).loaded == 1
    assert coproduction.open(store=tmp_path / "store").find("https://example.org/x#nursery")
    path.write_text("@base <https://example.org/y> .\n" + HEAD + relative, encoding="utf-8")
    assert check_cases(path).loaded == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.jsonld", '{"@id": "#x", "http://example.org/p": {"@id": "http://example.org/y"}}'),
        (
            "a.rdf",
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
            'xmlns:e="http://example.org/"><e:C rdf:about="#x"/></rdf:RDF>',
        ),
    ],
)
def test_a_relative_address_is_never_dropped(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="the relative IRI <#x> has no base"):
        coproduction.open(data=[path])


@pytest.mark.slow
def test_a_class_below_the_case_is_a_case(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    classes = (
        "<https://example.org/Mine> rdfs:subClassOf <https://example.org/Ours> .\n"
        "<https://example.org/Ours> rdfs:subClassOf cop:Case .\n"
    )
    outcome = checked(path, classes + CASE.replace("a cop:Case", "a <https://example.org/Mine>"))
    assert (outcome.read, outcome.loaded) == (1, 1)
    assert outcome.note.startswith("1 case is of a class below cop:Case")
    load(path, tmp_path / "store")
    kg = coproduction.open(store=tmp_path / "store")
    assert kg.query("SELECT ?c { ?c a cop:Case }").rows == [{"c": "https://example.org/case/1"}]


@pytest.mark.parametrize(
    ("name", "text", "place", "words"),
    [
        ("a.ttl", '<a:b> <a:c>\n "open .\n\n<a:d> <a:e> <a:f> .\n', "2, column 2", "Unexpected end of file"),
        ("a.ttl", "<a:b> <a:c> <a:d> <a:e> .", "1, column 19", "A dot is expected"),
        ("a.ttl", "<a:b> <a:c> x:d .", "1, column 13", "The prefix x: has not been declared"),
        ("a.nt", '<a:b> <a:c> "open .\n', "1, column 13", ""),
        ("a.trig", "<a:g> { <a:b> <a:c> 'open }", "1, column 21", ""),
        ("a.rdf", '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n<rdf:Description>\n</rdf:RDF>', "3, column 3", "ill-formed"),
    ],
)  # fmt: skip
def test_the_place_of_an_error_is_told_once(
    tmp_path: Path, name: str, text: str, place: str, words: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as raised:
        coproduction.open(data=[path])
    told = str(raised.value).removeprefix(str(path))
    assert told.startswith(f", line {place}: this is not valid ") and words in told
    assert (told.count("line "), told.count("column"), told.count("error")) == (1, 1, 0), told


def test_control_characters_are_taken_out_of_texts(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    outcome = checked(path, CASE.replace("Parents cook.", "Parents\\u0000\\u001B[31m cook."))
    assert outcome.loaded == 1 and "taken out of 1 text" in outcome.note
    kg = coproduction.open(data=[path])
    assert kg.query("SELECT ?s { ?c cop:summary ?s . ?c a cop:Case }").rows == [
        {"s": "Parents[31m cook."}
    ]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.ttl", "<!DOCTYPE html><html><head></head></html>", "no Turtle but a web page"),
        ("a.owl", "Prefix: : <https://e.org/>\nOntology: <https://e.org/o>", "Manchester syntax"),
        ("a.owl", "Prefix(:=<https://e.org/>)\nOntology(<https://e.org/o>)", "functional syntax"),
        ("a.ttl", '<?xml version="1.0"?>\n<Ontology xmlns="http://www.w3.org/2002/07/owl#"/>', "no Turtle but OWL/XML"),
        ("a.rdf", "@prefix e: <https://e.org/> .\ne:a e:b e:c .", "no RDF/XML but Turtle"),
        ("a.ttl", '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', "RDF/XML ends in .rdf"),
        ("a.ttl", '{"@context": {}, "@id": "https://e.org/a"}', "JSON-LD ends in .jsonld"),
        ("a.obo", "format-version: 1.2", "is neither a table's"),
        ("b.ttl", "format-version: 1.2\nontology: x", "no Turtle but OBO"),
    ],
)  # fmt: skip
def test_another_format_is_called_by_its_name(
    tmp_path: Path, name: str, text: str, words: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=words):
        check_cases(path)


def test_a_broken_sign_behind_a_relative_address_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_bytes(b"<>\xf4")
    with pytest.raises(DataError, match=r"line 1, column 1: the relative IRI <> has no base"):
        check_cases(path)
