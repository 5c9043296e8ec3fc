"""Rows written as they are found: the same as in order, whatever their form and number."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from coproduction import KnowledgeGraph
from coproduction.errors import QueryError, UnknownName
from coproduction.knowledge.answers import streamed
from coproduction.knowledge.questions import Question, all_questions
from coproduction.results import streaming
from coproduction.results.asking import stream
from coproduction.results.fetching import QueryOptions
from coproduction.results.rows import solutions_of
from coproduction.syntax.ordering import without_order

from ..conftest import Run

QUESTIONS = all_questions()
RAW = QueryOptions(wanted="rows", by="")


def rows_of_csv(data: bytes) -> list[tuple[str, ...]]:
    return list(map(tuple, csv.reader(io.StringIO(data.decode(), newline=""))))


def rows_of_json(data: bytes) -> list[str]:
    said = json.loads(data)
    rows = said["results"]["bindings"]
    return [str(said["head"]), *(json.dumps(row, sort_keys=True) for row in rows)]


def rows_of_xml(data: bytes) -> list[bytes]:
    root = ET.fromstring(data)
    return [ET.tostring(each) for each in (root[0], *root[1])]


READ: dict[str, Callable[[bytes], list[object]]] = {
    "csv": rows_of_csv,  # type: ignore[dict-item]
    "tsv": lambda data: [*data.decode().split("\n")],
    "json": rows_of_json,  # type: ignore[dict-item]
    "xml": rows_of_xml,  # type: ignore[dict-item]
}


@pytest.fixture(autouse=True)
def few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "FIRST", 2)
    monkeypatch.setattr(streaming, "BATCH", 3)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_a_question_has_the_rows_that_it_has_in_order(
    cases: KnowledgeGraph, question: Question
) -> None:
    expected = cases.answer(question, RAW, "sv", {})
    for form in ("csv", "json"):
        rows, cut = streamed(cases.asked_by(question).store, question, RAW, "sv", {})
        sink = io.BytesIO()
        rows.write(form, sink)
        found, other = READ[form](sink.getvalue()), READ[form](expected.serialize(form).encode())
        assert found[0] == other[0], "the columns"
        assert Counter(found[1:]) == Counter(other[1:])
        assert rows.count == len(other) - 1
        assert str(cut) == str(expected.cut) and not rows.truncated


@pytest.mark.parametrize("form", READ)
@pytest.mark.parametrize("number", [0, 1, 2, 3, 5, 6, 8])
def test_each_form_is_whole_whatever_the_number(
    cases: KnowledgeGraph, form: str, number: int
) -> None:
    names = ["a&b", 'c"d', "e,f\n", "é", "\\t", "g", "h<i"][:number] + ["g"] * (number - 7)
    values = " ".join(f"({ox.Literal(name)} {n} <urn:x:{n}>)" for n, name in enumerate(names))
    text = f"SELECT ?name ?n ?iri {{ VALUES (?name ?n ?iri) {{ {values} }} }}"
    sink = io.BytesIO()
    rows = stream(cases.store, text, QueryOptions())
    rows.write(form, sink)
    whole = cases.query(text).serialize(form).encode()
    assert READ[form](sink.getvalue()) == READ[form](whole)
    assert rows.count == number


@pytest.mark.parametrize(("most", "is_cut"), [(1, True), (2, True), (5, True), (6, False)])
def test_no_more_rows_than_are_wanted(cases: KnowledgeGraph, most: int, is_cut: bool) -> None:
    text = "SELECT ?n { VALUES ?n { 1 2 3 4 5 6 } }"
    for form in ("csv", "json"):
        rows = stream(cases.store, text, QueryOptions(most=most))
        sink = io.BytesIO()
        rows.write(form, sink)
        assert len(READ[form](sink.getvalue())) == most + 1
        assert (rows.count, rows.truncated) == (most, is_cut)


def test_labels_stand_beside_the_columns_that_have_iris_first(cases: KnowledgeGraph) -> None:
    text = "SELECT ?x { VALUES ?x { 1 2 cop:Housing cop:Childcare 3 } }"
    rows = stream(cases.store, text, QueryOptions()).with_labels(cases.store, "sv")
    sink = io.BytesIO()
    rows.write("csv", sink)
    # Nothing but numbers came first: the head was written before an IRI was seen.
    assert rows_of_csv(sink.getvalue())[0] == ("x",)
    text = "SELECT ?x { VALUES ?x { 1 cop:Housing 2 cop:Childcare 3 } }"
    rows = stream(cases.store, text, QueryOptions()).with_labels(cases.store, "sv")
    sink = io.BytesIO()
    rows.write("csv", sink)
    head, *found = rows_of_csv(sink.getvalue())
    assert head == ("x", "xLabel") and found[0] == ("1", "1") and len(found) == 5
    assert {label for iri, label in found if "#" in iri} == {"bostadsförsörjning", "barnomsorg"}


def test_the_first_rows_are_handed_on_before_the_last_is_found(cases: KnowledgeGraph) -> None:
    taken: list[int] = []
    rows = stream(cases.store, "SELECT ?s { ?s ?p ?o }", QueryOptions(most=20))
    sink = io.BytesIO()
    rows.write("csv", sink, lambda: taken.append(sink.getvalue().count(b"\n") - 1))
    assert taken[:3] == [2, 5, 8] and taken[-1] == 20


def test_what_has_no_rows_or_takes_all_of_them_is_refused(cases: KnowledgeGraph) -> None:
    with pytest.raises(QueryError, match="yes or no"):
        stream(cases.store, "ASK { ?s ?p ?o }", QueryOptions())
    with pytest.raises(QueryError, match="a graph"):
        stream(cases.store, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", QueryOptions())
    with pytest.raises(UnknownName, match="'table'"):
        stream(cases.store, "SELECT ?s { ?s ?p ?o }", QueryOptions()).write("table", io.BytesIO())


def test_a_query_that_fails_in_the_midst_says_so(cases: KnowledgeGraph) -> None:
    def broken() -> Iterator[object]:
        yield from solutions_of(b"?n\n1\n2\n3\n")
        raise OSError("broken")

    rows = stream(cases.store, "SELECT ?n { VALUES ?n { 1 } }", QueryOptions())
    assert rows._solutions is not None
    variables = rows._solutions.variables

    class Solutions:
        def __init__(self) -> None:
            self.variables, self._rows = variables, broken()

        def __iter__(self) -> Iterator[object]:
            return self._rows

    rows._solutions = Solutions()  # type: ignore[assignment]
    with pytest.raises(QueryError, match="broken"):
        rows.write("csv", io.BytesIO())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * { ?a ?b ?c } ORDER BY ?a", "SELECT * { ?a ?b ?c } "),
        ("SELECT * { { SELECT ?a { ?a ?b ?c } ORDER BY ?a LIMIT 2 } } # ORDER BY ?b", None),
        ("SELECT * { ?a ?b ?c } ORDER BY ?a LIMIT 5", None),
        ("SELECT * { ?a ?b ?c } order by desc(STR(?a)) ?b # end", "SELECT * { ?a ?b ?c } "),
        (
            "SELECT ?a { ?a ?b ?c } GROUP BY ?a ORDER BY COUNT(?c)",
            "SELECT ?a { ?a ?b ?c } GROUP BY ?a ",
        ),
        (
            "SELECT * { ?a ?b ?c } ORDER BY ?a VALUES ?a { cop:X }",
            "SELECT * { ?a ?b ?c }  VALUES ?a { cop:X }",
        ),
        ('SELECT * { ?a ?b "ORDER BY ?a" }', None),
    ],
)
def test_the_order_at_the_end_is_left_out(text: str, expected: str | None) -> None:
    assert without_order(text) == (text if expected is None else expected)


def test_the_command_says_that_rows_are_in_no_order(run: Run, tmp_path: Path) -> None:
    ordered = run("ask", "glass-ceiling", "--cases", "--rows", "raw", "--format", "csv")
    done = run("ask", "glass-ceiling", "--cases", "--stream")
    assert Counter(done.out.splitlines()) == Counter(ordered.out.splitlines())
    assert "in no order" in done.err and "in no order" not in ordered.err
    file = tmp_path / "rows.json"
    done = run("ask", "glass-ceiling", "--cases", "--stream", "-o", str(file))
    assert len(rows_of_json(file.read_bytes())) == len(ordered.out.splitlines())
    sheet = tmp_path / "rows.csv"
    run("ask", "glass-ceiling", "--cases", "--stream", "-o", str(sheet), "--lang", "sv")
    assert sheet.read_bytes().startswith(b"\xef\xbb\xbf")
    text = "SELECT ?c { ?c a cop:Case } ORDER BY ?c"
    done = run("query", text, "--cases", "--stream", "--labels", "--max-rows", "3")
    assert done.out.splitlines()[0] == "c,cLabel" and len(done.out.splitlines()) == 4
    assert "the first 3 rows; there are more" in done.err and "in no order" in done.err
    done = run("ask", "glass-ceiling", "--stream", "--format", "table")
    assert done.code == 2 and "--stream" in done.err
