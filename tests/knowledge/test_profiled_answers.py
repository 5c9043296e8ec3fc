"""A question that is asked of profiles of cases gives the rows that it gives of each case."""

from __future__ import annotations

import random
from pathlib import Path

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.errors import DataError
from coproduction.knowledge import profiled_answers
from coproduction.knowledge.profiled_answers import by_profile
from coproduction.knowledge.questions import Question, all_questions, find_question
from coproduction.names import COP, GRAPH, RDF, expand
from coproduction.syntax.sparql import iris_named

from ..conftest import Run
from ..evidence.test_gaps import some_cases

PROFILED = [each for each in all_questions() if "#+ profiled:" in each.text]
OWN = f"""@prefix cop: <{COP}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<urn:own> rdfs:label "own"@en ; cop:pageKind <urn:kind> .
<urn:one> cop:ofDefinition <urn:own> ; cop:criterionProperty cop:hasFormality ; cop:admitsValue cop:Formal .
<urn:two> cop:ofDefinition <urn:own> ; cop:criterionProperty cop:startYear ; cop:admitsValue 1990, 1991 .
<urn:service> cop:isKindOf cop:SocialService .
<urn:x:case> a cop:Case ; cop:hasServiceType <urn:service> ; cop:startYear 1990 ; cop:hasFormality cop:Formal .
[] a cop:Case ; cop:hasServiceType <urn:service> ; cop:startYear 1992 .
"""


def with_own(kg: coproduction.KnowledgeGraph) -> coproduction.KnowledgeGraph:
    kg.store.add(
        ox.Quad(*each, ox.NamedNode(f"{GRAPH}load/2"))
        for each in (quad.triple for quad in ox.parse(OWN, ox.RdfFormat.TURTLE))
    )
    return kg


@pytest.mark.parametrize("question", PROFILED, ids=lambda question: question.name)
@pytest.mark.parametrize("seed", range(4))
def test_rows_are_those_of_each_case(
    monkeypatch: pytest.MonkeyPatch, question: Question, seed: int
) -> None:
    kg = some_cases(random.Random(seed), 30)
    kg = with_own(kg) if seed % 2 else kg
    plain = kg.ask(question.name)
    assert by_profile(kg.store, question, question.text) is None, "of few cases"
    monkeypatch.setattr(profiled_answers, "FEW", 0)
    told = by_profile(kg.store, question, question.text)
    assert told is not None and len(told.rests) > 1
    assert told.variables == tuple(name for name in plain.variables if name in told.variables)
    found = kg.ask(question.name)
    assert found.fetched.values() == plain.fetched.values() and len(found) > 30
    assert sorted(map(str, kg.ask(question.name, max_rows=7).rows)) == sorted(
        map(str, plain.rows[:7])
    )
    by_engine = list(map(tuple, kg.store.query(question.text)))
    assert set(told.rows().terms) == set(by_engine) and len(told.rows()) == len(by_engine)
    as_they_come = [tuple(row) for row in told.solutions()]
    rows = [row[: len(told.variables)] for row in told.rows().terms]
    assert as_they_come == rows


@pytest.mark.slow
def test_as_they_come_they_are_the_same_rows(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "own.ttl"
    path.write_text(OWN.replace("[] a", "<urn:y:case> a"), encoding="utf-8")
    found = []
    for few in (1_000, 0):
        monkeypatch.setattr(profiled_answers, "FEW", few)
        for more in ((), ("--stream",)):
            told = run("ask", "CQ54", "--data", str(path), "--cases", "--format", "csv", *more)
            assert told.code == 0, told.err
            head, *rows = told.out.splitlines()
            found.append((head, sorted(rows)))
    assert found[0] == found[1] == found[2] == found[3] and len(found[0][1]) > 100


@pytest.mark.parametrize("question", PROFILED, ids=lambda question: question.name)
def test_what_is_asked_for_beside_cases_is_named(question: Question) -> None:
    entry = question.header["profiled"]
    named = {expand(term) for term in (entry["properties"], *entry["terms"])}
    assert set(iris_named(question.text)) <= {*named, COP + "Case", RDF + "type"}
    assert expand(entry["properties"]) in {expand(term) for term in entry["terms"]}


def test_it_is_asked_as_it_is_of_many_profiles_or_where_cases_are_beside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    question = find_question("cases-by-definition")
    store = with_own(some_cases(random.Random(1), 30)).store
    monkeypatch.setattr(profiled_answers, "FEW", 0)
    assert by_profile(store, question, question.text) is not None
    with monkeypatch.context() as patch:
        patch.setattr(profiled_answers, "MOST", 3)
        assert by_profile(store, question, question.text) is None
    case, kind = ox.NamedNode("urn:x:case"), ox.NamedNode(COP + "Interpretation")
    store.add([ox.Quad(case, ox.NamedNode(RDF + "type"), kind)])
    assert by_profile(store, question, question.text) is None


def test_a_term_that_is_none_is_told() -> None:
    text = "#+ summary: x\n#+ profiled: {properties: nowhere:x, terms: []}\nSELECT ?case { }"
    store = some_cases(random.Random(1), 1).store
    with pytest.raises(DataError, match="profiled in the header"):
        by_profile(store, Question("own", Path("own.rq"), text), text)
