"""What is said of a query that cannot be read, or asks for what is not there; and its columns."""

from __future__ import annotations

from pathlib import Path

import pytest

import coproduction
from coproduction.errors import DataError, QueryError
from coproduction.export.graphs import prefixes_used
from coproduction.knowledge_graph import KnowledgeGraph
from coproduction.store.rdflib_graphs import serialize
from coproduction.syntax.sparql import star_spelt_out, terms_asked

from ..conftest import Run

GROUP = "SELECT ?x (COUNT(?y) AS ?n) WHERE { ?x cop:hasServiceType ?y }"


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("SELECT ?s { ?s a cop:Case ; foo:bar ?x }", "1, column 29", "'foo:' is not declared"),
        ("SELECT ?x\nWHERE { GRAPH foo:g { ?x a ?y } }", "2, column 15", "'foo:' is not"),
        ("ASK { ?x a :Case }", "1, column 12", "the prefix ':' is not declared"),
        ("SELCT ?x WHERE { ?x a cop:Case }", "1, column 1", "did you mean SELECT?"),
        ("SELECT ?x WERE { ?x a cop:Case }", "1, column 11", "did you mean WHERE?"),
        ("SELECT ?x { ?x a ?y OPTINAL { } }", "1, column 21", "did you mean OPTIONAL?"),
        ("SELECT ?x { ?x a ?y } ODER BY ?x", "1, column 23", "did you mean ORDER?"),
        ("SELECT (STRLN(?x) AS ?y) { ?x a ?z }", "1, column 9", "did you mean STRLEN?"),
        ("SELECT ?x { ?x a Case }", "1, column 18", "such as cop:Case"),
        ("PREFIX e <http://e/> ASK { }", "1, column 8", "PREFIX e: <...>"),
        (GROUP, "1, column 8", "?x needs GROUP BY"),
        (f"SELECT ?n {{ {{ {GROUP} }} }}", "1, column 22", "?x needs GROUP BY"),
        ("SELECT ?a ?b { ?a a ?b }\nGROUP BY ?a", "1, column 11", "?b needs GROUP BY"),
        ("SELECT ?a { ?a a ?b } HAVING (COUNT(?b) > 1)", "1, column 8", "?a needs GROUP BY"),
        ("SELECT * { ?a a ?b } GROUP BY ?a", "1", "SELECT * cannot stand with GROUP BY"),
        ("SELECT\u00a0?x { ?x a ?y }", "1, column 7", "U+00A0 (no-break space)"),
        ("ASK { ?x a <http://e.org/a b> }", "1, column 12", "a space or another sign"),
        ("ASK { ?x a 'b }", "1, column 12", "is not closed"),
        ("INSERT DATA { <a> <b> <c> }", "1", "this is an update"),
    ],
)
def test_a_query_that_cannot_be_read_is_told_in_words(
    kg: KnowledgeGraph, text: str, place: str, words: str
) -> None:
    with pytest.raises(QueryError) as caught:
        kg.query(text)
    assert f"query, line {place}" in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?x (SAMPLE(?y) AS ?z) { ?x a ?y } GROUP BY ?x HAVING (COUNT(?y) > 0) LIMIT 1",
        "PREFIX e: <http://e/> SELECT (STRLEN('foo:bar Case') AS ?n) { } # foo:bar",
        "SELECT ?a { VALUES (?a ?b) { (1 2) } FILTER(?a<?b) }",
    ],
)
def test_a_query_that_can_be_read_is_answered(kg: KnowledgeGraph, text: str) -> None:
    assert len(kg.query(text)) == 1


def test_a_byte_order_mark_is_passed_over(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_bytes(b"\xef\xbb\xbfSELECT ?s { ?s a cop:Placement } ORDER BY ?s LIMIT 1")
    outcome = run("query", "-f", str(file), "--format", "csv")
    assert outcome.code == 0 and outcome.out.split()[0] == "s"
    assert coproduction.open().query("\ufeffSELECT (1 AS ?n) { }").rows == [{"n": 1}]
    file.write_bytes("SELECT (1 AS ?n) { }".encode("utf-16"))
    assert run("query", "-f", str(file), "--format", "csv").out.split() == ["n", "1"]
    file.write_bytes(b'ASK {\n ?s ?p "caf\xe9" }')
    outcome = run("query", "-f", str(file))
    assert outcome.code == 2 and "q.rq, line 2: a sign is not UTF-8" in outcome.err


# -- terms that are not there ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (
            "SELECT ?x { ?x a cop:Csae }",
            "cop:Csae is no term of this ontology; did you mean 'cop:Case'?",
        ),
        (
            "ASK { ?x <https://w3id.org/coproduction#atLin> 4 }",
            "cop:atLin is no term of this ontology; did you mean 'cop:atLine'?",
        ),
        ("ASK { ?x a copsh:Nothing }", "copsh:Nothing is no term of this ontology"),
        ("SELECT ?x { ?x a cop:Case FILTER(?x != cop:Zzzz) }", "cop:Zzzz is no term"),
    ],
)
def test_a_term_that_does_not_exist_is_told(kg: KnowledgeGraph, text: str, note: str) -> None:
    assert note in kg.query(text).note


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?x { ?x a cop:Case } # cop:Nothing",
        "ASK { ?x rdfs:label 'cop:Nothing' }",
        "PREFIX cop: <http://e.org/> ASK { ?x a cop:Nothing }",
        "ASK { ?x a <http://e.org/Nothing> }",
    ],
)
def test_other_words_are_passed_over(kg: KnowledgeGraph, text: str) -> None:
    assert kg.query(text).note == ""


def test_what_a_query_makes_need_not_exist() -> None:
    made = "CONSTRUCT { ?x cop:new ?y } WHERE { ?x cop:atLine ?y }"
    assert [iri.rpartition("#")[2] for iri in terms_asked(made)] == ["atLine"]
    short = "CONSTRUCT WHERE { ?x cop:atLin ?y }"
    assert [iri.rpartition("#")[2] for iri in terms_asked(short)] == ["atLin"]


def test_the_command_line_warns_on_standard_error(run: Run) -> None:
    outcome = run("query", "SELECT ?x { ?x a cop:Clam }", "--format", "csv")
    assert outcome.code == 0
    assert outcome.out.split() == ["x"]
    assert "did you mean 'cop:Claim'?" in outcome.err


# -- columns and prefixes --------------------------------------------------------------------------


def test_select_star_keeps_the_order_of_first_use(kg: KnowledgeGraph, run: Run) -> None:
    text = "SELECT * { VALUES ?z { 1 } VALUES ?a { 2 } BIND(3 AS ?m) }"
    assert kg.query(text).variables == ("z", "a", "m")
    assert kg.query(text).rows == [{"z": 1, "a": 2, "m": 3}]
    assert kg.query(text, timeout=20).variables == ("z", "a", "m")
    assert run("query", text, "--format", "csv").out.splitlines() == ["z,a,m", "1,2,3"]


@pytest.mark.parametrize(
    ("text", "variables", "written"),
    [
        ("select  distinct*{ ?z a $b }", ["b", "z"], "select  distinct ?z ?b { ?z a $b }"),
        ("# ?q\nSELECT * { ?b a '?c' }", ["b"], "# ?q\nSELECT  ?b  { ?b a '?c' }"),
        ("SELECT (2 * 3 AS ?n) { }", ["n"], "SELECT (2 * 3 AS ?n) { }"),
        ("ASK { { SELECT * { ?b ?a 1 } } }", ["a"], "ASK { { SELECT * { ?b ?a 1 } } }"),
    ],
)
def test_the_star_is_written_out(text: str, variables: list[str], written: str) -> None:
    assert star_spelt_out(text, variables).split() == written.split()


def test_a_graph_is_written_with_the_prefixes_that_it_uses(run: Run) -> None:
    text = "CONSTRUCT { ?x a cop:Claim ; cop:atLine ?l } WHERE { ?x a cop:Claim ; cop:atLine ?l }"
    for form in ([], ["--format", "ttl"]):
        out = run("query", text, *form).out
        assert [line.split()[1] for line in out.splitlines() if line.startswith("@")] == ["cop:"]
    out = run("query", "DESCRIBE cop:Case").out
    declared = {line.split()[1] for line in out.splitlines() if line.startswith("@prefix")}
    body = "\n".join(line for line in out.splitlines() if not line.startswith("@prefix"))
    assert declared and all(prefix in body for prefix in declared)
    assert not {"vann:", "foaf:", "sh:"} & declared


def test_a_graph_written_with_few_prefixes_is_the_same_graph(kg: KnowledgeGraph) -> None:
    import pyoxigraph as ox

    triples = [triple for triple in kg.store.triples() if "_:" not in str(triple)]
    assert len(triples) > 8000
    for form in (ox.RdfFormat.TURTLE, ox.RdfFormat.RDF_XML, ox.RdfFormat.N_TRIPLES):
        data = serialize(triples, form, prefixes_used(triples, form))
        assert {quad.triple for quad in ox.parse(data, format=form)} == set(triples)


def test_a_query_file_that_is_missing_is_told(run: Run) -> None:
    assert "there is no such file" in run("query", "-f", "no-such.rq").err
    with pytest.raises(DataError):
        coproduction.open("no-such.ttl")
