"""Rows as the engine wrote them: what is made of their text is what their terms give."""

from __future__ import annotations

from decimal import Decimal

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coproduction import KnowledgeGraph
from coproduction.names import XSD
from coproduction.results.columns import columns_of, converted, csv_parts
from coproduction.results.forms import python_value
from coproduction.results.result import Result
from coproduction.results.rows import Rows, fetched, solutions_of, tsv_of
from coproduction.results.written import Written, written

from ..tools import require_module

Row = tuple["ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None", ...]

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ['a "word", and\nmore\r', "\t", "\\", '\\"', "\\t", "'", "<a>", '"@en', "5", "\x00", "\u2028"]
)
IRIS = st.sampled_from(["urn:a", "https://example.org/a,b", "urn:ü", "http://a/%22#'"]).map(
    ox.NamedNode
)
NUMBERS = (
    st.integers().map(ox.Literal) | st.floats().map(ox.Literal) | st.booleans().map(ox.Literal)
)
TYPED = st.builds(
    lambda text, name: ox.Literal(text, datatype=ox.NamedNode(XSD + name)),
    st.sampled_from(
        ["5", " 5", "-0.50", "x", "9" * 5000, "1e3", "INF", "1", "0", "true", "TRUE", "٣"]
    ),
    st.sampled_from(["integer", "decimal", "double", "float", "boolean", "date", "int"]),
)
SAID = st.builds(
    lambda text, tag: ox.Literal(text, language=tag), TEXTS, st.sampled_from(["en", "de-CH"])
)
LITERALS = TEXTS.map(ox.Literal) | NUMBERS | TYPED | SAID
TERMS = st.none() | IRIS | st.sampled_from(["b1", "b2"]).map(ox.BlankNode) | LITERALS
TRIPLES = st.builds(ox.Triple, IRIS, IRIS, LITERALS)
ODD = [None, ox.NamedNode("urn:a"), ox.Literal("9" * 5000, datatype=ox.NamedNode(XSD + "integer"))]


def rows_of(terms: st.SearchStrategy[object]) -> st.SearchStrategy[list[Row]]:
    width = st.integers(0, 3)
    return width.flatmap(lambda n: st.lists(st.tuples(*[terms] * n), max_size=5))


def engine(variables: tuple[str, ...], rows: list[Row]) -> ox.QuerySolutions:
    return solutions_of(tsv_of(variables, rows))


@pytest.mark.slow
@settings(deadline=None, max_examples=200)
@given(rows=rows_of(TERMS | TRIPLES))
@example(rows=[(term,) for term in ODD])
def test_terms_values_and_csv_are_those_of_the_terms(rows: list[Row]) -> None:
    variables = ("x", "y", "z")[: len(rows[0]) if rows else 2]
    before = fetched(engine(variables, rows))
    now = written(engine(variables, rows))
    assert (now.variables, now.truncated, len(now)) == (variables, False, len(rows))
    columns = columns_of(len(variables), before.terms)
    # As text, since no number is itself where it is none.
    assert repr(now.terms) == repr(before.terms)
    assert repr(now.values()) == repr([converted(column, python_value) for column in columns])
    csv = engine(variables, rows).serialize(format=ox.QueryResultsFormat.CSV)
    assert now.csv() == csv
    parts = csv_parts(variables, columns)
    assert parts is None or b"".join(parts) == csv


@pytest.mark.parametrize("few", [True, False], ids=["few", "distinct"])
def test_long_columns_are_converted_cell_by_cell_or_once_a_value(few: bool) -> None:
    places = [number % 7 if few else number for number in range(3_000)]
    rows: list[Row] = [
        (ox.NamedNode(f"urn:{n}"), ox.Literal(n), ox.Literal(f"{n}, so", language="en"))
        for n in places
    ]
    now, before = written(engine(("a", "b", "c"), rows)), Rows(("a", "b", "c"), rows, False)
    assert now.terms == rows
    assert now.csv().decode() == Result.of_terms(before).serialize("csv")
    assert now.values() == [[f"urn:{n}" for n in places], places, [f"{n}, so" for n in places]]


def test_an_iri_that_a_store_took_unseen_is_kept() -> None:
    rows = Written(("x",), b"?x\n<urn:a b>\n<urn:c>\n")
    assert [row[0].value for row in rows.terms] == ["urn:a b", "urn:c"]  # type: ignore[union-attr]
    assert rows.csv() == b"x\r\nurn:a b\r\nurn:c\r\n"


QUERY = """
SELECT ?thing ?label ?rank ?half ?is ?none WHERE {
  VALUES ?thing { cop:LowParticipation cop:HighParticipation }
  ?thing rdfs:label ?label . OPTIONAL { ?thing cop:rank ?rank }
  BIND(?rank / 2 AS ?half) BIND(?rank > 1 AS ?is)
} ORDER BY ?thing ?label
"""


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml", "objects", "table", "md", "html"])
def test_every_form_is_that_of_rows_that_are_terms(kg: KnowledgeGraph, form: str) -> None:
    now = kg.query(QUERY)
    before = kg.with_labels(Result.of_terms(Rows(now.variables, list(now.terms), False)), "en")
    assert now.serialize(form) == before.serialize(form)
    assert kg.query(QUERY).serialize(form) == now.serialize(form), "terms were made before"
    assert (len(now), now.rows, now[0]["half"]) == (len(before), before.rows, Decimal("1.5"))


@pytest.mark.slow
@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_data_frames_are_those_of_rows_that_are_terms(kg: KnowledgeGraph, library: str) -> None:
    testing = require_module(f"{library}.testing")
    now = kg.query(QUERY)
    labels = kg.query(QUERY).labelled()
    for result in (now, Result.of_terms(written(kg.store.query(QUERY)))):  # type: ignore[arg-type]
        terms = labels if result is now else Result.of_terms(fetched(kg.store.query(QUERY)))  # type: ignore[arg-type]
        mine, theirs = (getattr(each, f"to_{library}")() for each in (result, terms))
        assert list(mine.columns) == list(theirs.columns)
        assert list(mine.dtypes) == list(theirs.dtypes)
        testing.assert_frame_equal(mine, theirs)


def test_rows_are_written_as_long_as_anybody_waits(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    from coproduction import stopping

    class Left(stopping._Work):
        left = True

        def __init__(self, work: object) -> None:
            super().__init__(work)  # type: ignore[arg-type]
            self.left = True

    def work() -> Written:
        found = kg.store.query("SELECT * { ?s ?p ?o . ?a ?b ?c }")
        assert isinstance(found, ox.QuerySolutions)
        return written(found)

    thread = Left(work)
    thread.start()
    thread.join(60)
    assert not thread.is_alive() and isinstance(thread.error, SystemExit)
