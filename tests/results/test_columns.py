"""Columns: each distinct value of few is converted once, and CSV is what the engine writes."""

from __future__ import annotations

import gc
import io
import random

import pyoxigraph as ox
import pytest

from coproduction.results.columns import columns_of, converted, csv_parts, uncollected
from coproduction.results.result import Result
from coproduction.results.rows import Rows, solutions_of, tsv_of

ODD = [
    None,
    ox.NamedNode("https://example.org/a,b"),
    ox.BlankNode("b1"),
    ox.Literal("plain"),
    ox.Literal('a "word", and\nmore\r'),
    ox.Literal(""),
    ox.Literal("ord", language="sv"),
    ox.Literal(7),
    ox.Literal("1.50", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
]


def by_engine(variables: tuple[str, ...], terms: list[tuple[object, ...]]) -> bytes | None:
    return solutions_of(tsv_of(variables, terms)).serialize(format=ox.QueryResultsFormat.CSV)  # type: ignore[arg-type]


def test_csv_is_that_of_the_engine_whatever_stands_in_it() -> None:
    terms = [(one, other) for one in ODD for other in ODD]
    for variables, rows in ((("a", "b"), terms), (("a",), [(term,) for term in ODD])):
        parts = csv_parts(variables, columns_of(len(variables), rows))
        assert parts is not None and b"".join(parts) == by_engine(variables, rows)
        result = Result.of_terms(Rows(variables, rows, False))
        assert result.serialize("csv").encode() == by_engine(variables, rows)


def test_csv_of_many_rows_is_written_in_parts() -> None:
    rows = [(ox.Literal(number), ox.Literal("x")) for number in range(25_000)]
    parts = csv_parts(("n", "x"), columns_of(2, rows))
    assert parts is not None
    found = list(parts)
    assert len(found) == 4 and b"".join(found) == by_engine(("n", "x"), rows)


def test_csv_of_nothing_has_its_heading() -> None:
    assert Result.of_terms(Rows(("a", "b"), [], False)).serialize("csv") == "a,b\r\n"


def test_what_takes_the_engine_is_left_to_it() -> None:
    node = ox.NamedNode("urn:a")
    assert csv_parts(("t",), [(ox.Triple(node, node, ox.Literal(1)),)]) is None
    assert csv_parts((), []) is None
    assert Result.of_terms(Rows((), [(), ()], False)).rows == [{}, {}]


def test_circles_are_looked_for_again_whatever_happens() -> None:
    with pytest.raises(ValueError), uncollected():
        assert not gc.isenabled()
        raise ValueError
    assert gc.isenabled()
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_value_is_converted_once() -> None:
    asked: list[object] = []

    def convert(term: object) -> str:
        asked.append(term)
        return str(term)

    column = [ODD[3], None, ODD[3], ODD[7], None]
    assert converted(column, convert) == list(map(str, column))
    assert asked == [ODD[3], None, ODD[7]]


@pytest.mark.parametrize("distinct", [3, 400, 5_000], ids=str)
def test_values_that_come_late_or_again_are_converted_as_the_first(distinct: int) -> None:
    """Whether a column has few distinct values is judged by its first thousand."""
    pick = random.Random(distinct)
    many = [*ODD, *(ox.Literal(f"text {number}") for number in range(distinct))]
    few_first = [*pick.choices(ODD, k=1_500), *pick.choices(many, k=3_000)]
    for column in (few_first, few_first[::-1], few_first[:1], []):
        assert converted(column, str) == list(map(str, column))
        parts = csv_parts(("a",), [column])
        assert parts is not None
        assert b"".join(parts) == by_engine(("a",), [(term,) for term in column])


def test_a_triple_among_many_is_left_to_the_engine() -> None:
    node = ox.NamedNode("urn:a")
    triple = ox.Triple(node, node, node)
    assert csv_parts(("t",), [[*[node] * 3_000, triple]]) is None
    assert csv_parts(("n", "t"), [[node], [triple]]) is None


@pytest.mark.parametrize("times", [1, 2])
def test_rows_about_one_thing_are_one_only_where_there_are_several(times: int) -> None:
    a, b = ox.NamedNode("urn:a"), ox.NamedNode("urn:b")
    rows = [(a, ox.Literal(1)), (b, ox.Literal(2)), *[(b, ox.Literal(3))] * (times - 1)]
    result = Result.of_terms(Rows(("x", "n"), rows, False), by="x")
    assert (len(result), result.brings_together) == (2, times == 2)
    assert result.rows[1]["n"] == ([2, 3] if times == 2 else 2)
    csv = "x,n\r\nurn:a,1\r\nurn:b,2; 3\r\n" if times == 2 else "x,n\r\nurn:a,1\r\nurn:b,2\r\n"
    buffer = io.BytesIO()
    result.write("csv", buffer)
    assert buffer.getvalue().decode() == result.serialize("csv") == csv
