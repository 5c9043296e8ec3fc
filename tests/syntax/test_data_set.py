"""FROM and FROM NAMED: what a query names is asked; else the union of all graphs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import coproduction
from coproduction.errors import QueryError
from coproduction.resources import data_dir
from coproduction.syntax.sparql import clauses

from ..conftest import Run
from ..tools import size_of_source

SOURCE = "https://w3id.org/coproduction/graph/source"
COUNT = "SELECT (COUNT(*) AS ?n)"

NAMES_A_DATA_SET = [
    "SELECT * FROM <g> { ?s ?p ?o }",
    "SELECT * from <g> { ?s ?p ?o }",
    "SELECT * FROM<g>{ ?s ?p ?o }",
    "SELECT*FROM<g>{?s ?p ?o}",
    "SELECT * FROM NAMED <g> { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * FROM NAMED<g>{ GRAPH ?g { ?s ?p ?o } }",
    "SELECT * FROMNAMED <g> { ?s ?p ?o }",
    "SELECT (1 AS ?x)FROM<g>{ ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) # note\nFROM # note\n<g> { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) # FROM is next\rFROM <g> { ?s ?p ?o }",
    "CONSTRUCT { ?s ?p ?o } FROM <g> WHERE { ?s ?p ?o }",
    "CONSTRUCT { ?s ?p [ ?a ( 1 2 ) ] } FROM <g> WHERE { ?s ?p ?o }",
    "CONSTRUCT FROM <g> WHERE { ?s ?p ?o }",
    "ASK FROM <g> { ?s ?p ?o }",
    "ASKFROM<g>{}",
    "DESCRIBE <a> FROM <g>",
    "DESCRIBE <a>FROM<g>",
    "PREFIX ex: <http://e/> SELECT * FROM ex:g { ?s ?p ?o }",
    "PREFIX ex: <http://e/> ASK FROMex:g {}",
    "PREFIX from: <http://e/> SELECT * FROM from:g { ?s ?p ?o }",
    "BASE <http://e/> SELECT * FROM <g> { ?s ?p ?o }",
    "SELECT ?from FROM <g> { ?from ?p ?o }",
    "SELECT * FROM <\\u0067> { ?s ?p ?o }",
]
NAMES_NONE = [
    "SELECT ?FROM { ?FROM ?p ?o }",
    "SELECT $from { $from ?p ?o }",
    "SELECT ?from <x> { }",
    "SELECT * { ?s ?p 'FROM <g>' }",
    'SELECT * { ?s ?p "FROM <g>" }',
    "SELECT * { ?s ?p '''it's\nFROM <g>''' }",
    'SELECT * { ?s ?p """a "quoted"\nFROM <g>""" }',
    "SELECT * { ?s ?p 'it\\'s FROM <g>' }",
    "SELECT * { ?s ?p ?o } # FROM <g>",
    "# FROM <g>\nSELECT * { ?s ?p ?o }",
    'SELECT * { ?s ?p "x"@from }',
    'SELECT * { ?s ?p "x"@en-from }',
    "SELECT * { _:from ?p <g> }",
    "PREFIX ex: <http://e/> SELECT * { ex:from ?p <g> }",
    "PREFIX ex: <http://e/> SELECT * { ex:a.from ?p <g> }",
    "PREFIX from: <http://e/> SELECT * { ?s from:p <g> }",
    "SELECT * { ?s <http://e/from> <http://e/FROM#x> }",
    "SELECT * { ?s ?p ?o FILTER(?s<?o && ?o>?p) ?FROM <p> <q> }",
    "PREFIX ex: <http://e/> SELECT * { ?s ex:it\\'s ?o . ?o ex:it\\'s ?from <g> }",
    "SELECT * { ?s ?p ?o } VALUES ?from { <g> }",
    "SELECT * { ?s ?p ?o }",
]


@pytest.mark.parametrize("text", NAMES_A_DATA_SET)
def test_a_data_set_is_seen(text: str) -> None:
    assert clauses(text).has_data_set


@pytest.mark.parametrize("text", NAMES_NONE)
def test_what_only_looks_like_one_is_not(text: str) -> None:
    assert not clauses(text).has_data_set


def test_an_escape_makes_no_keyword(kg: coproduction.KnowledgeGraph) -> None:
    with pytest.raises(QueryError, match="line 1"):
        kg.query("SELECT * \\u0046ROM <g> { ?s ?p ?o }")


def test_the_graphs_are_named_whole() -> None:
    text = "PREFIX e: <http://e/> SELECT * FROM e:a\\-b FROM NAMED <http://\\u0065/c> { ?s ?p ?o }"
    assert clauses(text).graphs == ("http://e/a-b", "http://e/c")


def test_no_shipped_query_names_a_data_set_or_an_endpoint() -> None:
    files = [*data_dir("queries").rglob("*.rq"), *data_dir("loaders").glob("*.rq")]
    assert len(files) > 100
    for path in files:
        found = clauses(path.read_text(encoding="utf-8"))
        assert not found.has_data_set and not found.endpoints, path


_WORDS = st.sampled_from(
    ["?from", "'FROM <http://e/g>'", '"x"@from', "<http://e/from>", "ex:from", "from:x", "_:from"]
)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["", "FROM <http://e/g>", "FROM NAMED ex:g", "from from:g"]),
    st.lists(_WORDS, min_size=1, max_size=4),
    st.sampled_from(["", "# FROM <http://e/g>\n", "FILTER(1<2 && 3>2)"]),
)
def test_as_another_parser_reads_it(data_set: str, objects: list[str], more: str) -> None:
    from rdflib.plugins.sparql.parser import parseQuery

    text = (
        f"PREFIX ex: <http://e/> PREFIX from: <http://f/> SELECT ?s {data_set} WHERE "
        f"{{ ?s ex:p {', '.join(objects)} . {more} }}"
    )
    assert clauses(text).has_data_set == bool(parseQuery(text)[1].datasetClause)


@pytest.mark.parametrize("on_disk", [False, True])
@pytest.mark.sampled
def test_a_data_set_is_asked_in_place_of_the_union(tmp_path: Path, on_disk: bool) -> None:
    kg = coproduction.open()
    if on_disk:
        from coproduction.knowledge.packaged import changing

        with changing(tmp_path / "store"):
            pass
        kg = coproduction.open(store=tmp_path / "store")

    def n(text: str) -> object:
        return kg.query(text).rows[0]["n"]

    every, size = n(f"{COUNT} {{ ?s ?p ?o }}"), size_of_source()
    assert n(f"{COUNT} FROM <{SOURCE}> {{ ?s ?p ?o }}") == size
    assert n(f"{COUNT} FROM NAMED <{SOURCE}> {{ ?s ?p ?o }}") == 0
    assert n(f"{COUNT} FROM NAMED <{SOURCE}> {{ GRAPH ?g {{ ?s ?p ?o }} }}") == size
    assert n(f"{COUNT} FROM <{SOURCE}> {{ GRAPH ?g {{ ?s ?p ?o }} }}") == 0
    assert n(f"{COUNT} # FROM <{SOURCE}>\n {{ ?s ?p ?o }}") == every
    assert isinstance(every, int) and every > size
    assert len(kg.graph(f"CONSTRUCT {{ ?s ?p ?o }} FROM <{SOURCE}> WHERE {{ ?s ?p ?o }}")) == size


def test_an_unknown_graph_is_noted(kg: coproduction.KnowledgeGraph, run: Run) -> None:
    result = kg.query("SELECT * FROM <http://e/none> { ?s ?p ?o }")
    assert (len(result), result.note) == (0, "no graph <http://e/none> in scope")
    with pytest.warns(UserWarning, match="no graph <http://e/none> in scope"):
        assert not kg.graph("CONSTRUCT FROM <http://e/none> WHERE { ?s ?p ?o }")
    outcome = run("query", "ASK FROM <http://e/none> { ?s ?p ?o }")
    assert (outcome.code, outcome.err) == (0, "coproduction: no graph <http://e/none> in scope\n")


@pytest.mark.parametrize("left, right", ["()", "{}"])
def test_brackets_without_end_are_refused(
    kg: coproduction.KnowledgeGraph, left: str, right: str
) -> None:
    deep = 12_000
    inner = f"FILTER({left * deep}1{right * deep})" if left == "(" else left * deep + right * deep
    with pytest.raises(QueryError, match="nested more than 200 levels deep"):
        kg.query(f"SELECT * {{ {inner} }}")
    within = f"FILTER({'(' * 150}1{')' * 150})"
    assert kg.query(f"SELECT * {{ {within} }}").rows == [{}]


def test_a_long_chain_is_read(kg: coproduction.KnowledgeGraph) -> None:
    assert kg.query(f"ASK {{ FILTER({'!' * 2_800}true) }}").rows == [{"answer": True}]


def test_an_update_behind_a_prologue_is_called_one(kg: coproduction.KnowledgeGraph) -> None:
    with pytest.raises(QueryError, match="this is an update"):
        kg.query("PREFIX e: <http://e/> # INSERT\nINSERT DATA { e:a e:b e:c }")
    with pytest.raises(QueryError, match="this is an update"):
        kg.query("LOAD <http://127.0.0.1:1/x>")
