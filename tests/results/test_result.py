"""The forms of a result."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pytest

from coproduction import KnowledgeGraph, Result
from coproduction.errors import UnknownName

from ..tools import require_module


@pytest.fixture
def result(kg: KnowledgeGraph) -> Result:
    return kg.query(
        "SELECT ?x ?xLabel ?n ?d ?none WHERE { VALUES (?x ?xLabel ?n ?d) { "
        '(cop:A "an <a> | b"@en 7 2.50) (cop:B "=SUM(A1)"@en "x"^^xsd:integer 1) } } ORDER BY ?x'
    )


def test_rows_are_python_values(result: Result) -> None:
    first, second = result.rows
    assert first == {
        "x": "https://w3id.org/coproduction#A",
        "xLabel": "an <a> | b",
        "n": 7,
        "d": Decimal("2.50"),
        "none": None,
    }
    assert second["n"] == "x", "an ill-typed number stays the text that it is"
    assert len(result) == 2
    assert [row["xLabel"] for row in result] == ["an <a> | b", "=SUM(A1)"]


def test_csv_has_every_column_as_asked(result: Result) -> None:
    table = list(csv.reader(io.StringIO(result.serialize("csv"))))
    assert table[0] == ["x", "xLabel", "n", "d", "none"]
    assert table[1][0] == "https://w3id.org/coproduction#A"
    assert len(table) == 3


def test_the_same_rows_after_they_were_written(result: Result) -> None:
    before = result.serialize("csv")
    rows = result.rows
    assert result.serialize("csv") == before
    assert result.rows == rows


def test_json_is_the_w3c_format(result: Result) -> None:
    document = json.loads(result.serialize("json"))
    assert document["head"]["vars"] == ["x", "xLabel", "n", "d", "none"]
    assert document["results"]["bindings"][0]["xLabel"]["xml:lang"] == "en"


def test_people_are_shown_labels(result: Result) -> None:
    for form in ("table", "md", "html"):
        text = result.serialize(form)
        assert "=SUM(A1)" in text
        assert "xLabel" not in text
    assert "w3id.org" not in result.serialize("table")
    assert r"an <a> \| b" in result.serialize("md")
    assert "an &lt;a&gt; | b" in result.serialize("html")
    assert '<a href="https://w3id.org/coproduction#A">' in result._repr_html_()


def test_data_frames_have_labels_first(result: Result) -> None:
    pandas = require_module("pandas")
    frame = result.to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame.columns) == ["xLabel", "n", "d", "none", "x"]
    assert frame["xLabel"].tolist() == ["an <a> | b", "=SUM(A1)"]


def test_polars(kg: KnowledgeGraph) -> None:
    require_module("polars")
    frame = kg.ask("glass-ceiling").to_polars()
    assert frame.height == 7
    assert frame.columns[:2] == ["kind", "serviceLabel"]


def test_unknown_form(result: Result) -> None:
    with pytest.raises(UnknownName, match="did you mean 'html'"):
        result.serialize("htm")
