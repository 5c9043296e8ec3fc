"""What is missing in a query is told at its place, and nothing is told of a query that is right."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import coproduction
from coproduction.errors import QueryError
from coproduction.resources import data_dir
from coproduction.syntax.query_structure import missing

PACKAGED = sorted(data_dir("queries").rglob("*.rq"))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT ?s { ?s ?p ?o } ORDER ?s", "column 24: BY is missing: ORDER BY"),
        ("SELECT ?s { ?s ?p ?o } ORDER DESC(?s)", "column 24: BY is missing: ORDER BY"),
        ("SELECT ?s { ?s ?p ?o } GROUP ?s", "column 24: BY is missing: GROUP BY"),
        (
            "SELECT ?s {\n ?s a cop:Case\n ?s cop:atLine ?l }",
            "line 3, column 2: a dot is missing before '?s'",
        ),
        (
            "SELECT ?s { ?s a cop:Case . ?s cop:atLine ?l ?s ?p ?o }",
            "column 46: a dot is missing before '?s'",
        ),
        (
            "SELECT ?s { ?s a cop:Case cop:atLine ?l }",
            "column 27: a semicolon is missing before 'cop:atLine'",
        ),
        (
            "SELECT ?s { ?s a cop:Case ; cop:startYear 1.5 ; cop:b -2 cop:c 3 }",
            "a semicolon is missing before 'cop:c'",
        ),
        (
            "SELECT ?s { ?s cop:hasFunder cop:A cop:B }",
            "column 36: a comma is missing before 'cop:B'",
        ),
        (
            'SELECT ?s { ?s rdfs:label "x"@en , "1"^^xsd:integer "z" }',
            "a comma is missing before '\"z\"'",
        ),
        ("SELECT ?s { ?s ?p ?o FILTER(?o IN (1 2)) }", "between '1' and '2' something is missing"),
        ("SELECT ?s { BIND(?o ?x) }", "between '?o' and '?x' something is missing: a comma"),
        ("SELECT (COUNT(?s) ?n) { ?s ?p ?o }", "between ')' and '?n' something is missing"),
        ("SELECT ?s, ?p { ?s ?p ?o }", "column 10: the variables of a SELECT are parted by spaces"),
        ("SELECT ?s { ?s ?p }", "column 19: the object is missing after '?s ?p'"),
        ("SELECT ?s { ?s ?p ?o }}", "column 23: there is a closing brace too many"),
    ],
)
def test_what_is_left_out_is_told_at_its_place(
    kg: coproduction.KnowledgeGraph, query: str, words: str
) -> None:
    with pytest.raises(QueryError) as told:
        kg.query(query)
    assert words in str(told.value) and "\n" not in str(told.value)


@pytest.mark.parametrize("path", PACKAGED, ids=lambda path: path.stem)
def test_nothing_is_missing_in_the_packaged_queries(path: Path) -> None:
    assert missing(path.read_text(encoding="utf-8")) is None


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s { ?s cop:a/cop:b*|^cop:c ?o ; !(cop:d) [ a cop:E ; cop:f ( 1 2 ) ] . }",
        "SELECT ?s { GRAPH ?g { ?s ?p 1.5, -2, 'x'@en, 'y'^^xsd:string } VALUES (?a ?b) { (1 2) } }",
        "SELECT (IF(?a > 1, ?b, STR(?c)) AS ?d) { [] a [] . FILTER NOT EXISTS { ?s ?p ?o } }",
        "ASK { ?s ?p ?o FILTER(?o NOT IN (1, 2) && !BOUND(?x) || ?y = -1) }",
        "SELECT ?s { { SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING(COUNT(?p) > 1) } } ORDER BY DESC(?s)",
    ],
)
def test_nothing_is_missing_in_a_query_that_is_right(
    kg: coproduction.KnowledgeGraph, query: str
) -> None:
    kg.query(query)
    assert missing(query) is None


@pytest.mark.parametrize("words", ["", " ", "# a comment alone"])
def test_a_query_of_nothing_is_told(words: str, kg: coproduction.KnowledgeGraph) -> None:
    with pytest.raises(QueryError, match="something is missing"):
        kg.query(words)


@pytest.mark.slow
@pytest.mark.parametrize("word", ["x", "from", "SELECT ", "a-", "service "])
def test_a_long_text_takes_no_more_time_than_its_length(
    word: str, kg: coproduction.KnowledgeGraph
) -> None:
    """Each took the square of its length: half a minute and more at this one."""
    begun = time.process_time()
    with pytest.raises(QueryError):
        kg.query(word * (100_000 // len(word)))
    assert time.process_time() - begun < 8
