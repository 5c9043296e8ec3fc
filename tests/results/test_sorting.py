"""Rows sorted here: as the engine sorts them, or not at all."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from coproduction import KnowledgeGraph
from coproduction.knowledge.answers import answer
from coproduction.knowledge.questions import all_questions, question_text
from coproduction.names import XSD
from coproduction.results.asking import ask
from coproduction.results.fetching import QueryOptions
from coproduction.results.result import Result
from coproduction.results.rows import Rows, first_of
from coproduction.results.sorting import first_in_order, in_order
from coproduction.results.written import Written, as_tsv, csv_of
from coproduction.syntax.ordering import plain_order

A, B = ox.NamedNode("https://example.org/a"), ox.NamedNode("https://example.org/b")
PRIVATE, EMOJI = ox.Literal("\uffee"), ox.Literal("\U0001f600")


def _by_engine(kg: KnowledgeGraph, name: str, most: int | None) -> Result:
    question = next(question for question in all_questions() if question.name == name)
    text = question_text(kg.store, question)
    found = ask(kg.store, text, QueryOptions(most=most, wanted="rows", by=question.row))
    assert isinstance(found, Result)
    return found


@pytest.mark.parametrize("name", [question.name for question in all_questions()])
@pytest.mark.parametrize("most", [None, 3], ids=["all", "three"])
def test_each_question_comes_in_the_order_that_it_asks_for(
    cases: KnowledgeGraph, name: str, most: int | None
) -> None:
    question = next(question for question in all_questions() if question.name == name)
    engine = _by_engine(cases, name, most)
    ours = answer(cases.store, question, QueryOptions(most=most, wanted="rows"))
    shared = [ours.variables.index(name) for name in engine.variables]
    assert [tuple(row[place] for place in shared) for row in ours.terms] == engine.terms
    assert ours.truncated == engine.truncated


def test_questions_are_sorted_here(cases: KnowledgeGraph) -> None:
    by_engine = [
        question.name
        for question in all_questions()
        if plain_order(question_text(cases.store, question)) is None
    ]
    assert by_engine == []


@pytest.mark.parametrize(
    "column",
    [
        [B, None, A, None, ox.Literal("z"), ox.Literal("a")],
        [ox.Literal(10), ox.Literal(9), A, ox.Literal(-1)],
        [EMOJI, PRIVATE, ox.Literal("Z"), ox.Literal("a"), ox.Literal("É")],
        [ox.Literal("b", language="en"), ox.Literal("a", language="en"), A],
    ],
    ids=["unbound, IRIs, texts", "numbers by their value", "beyond the plane", "with a language"],
)
def test_terms_stand_as_the_engine_has_them(column: list[ox.NamedNode | ox.Literal | None]) -> None:
    values = " ".join(f"({'UNDEF' if term is None else term})" for term in column)
    text = f"SELECT ?x WHERE {{ VALUES (?x) {{ {values} }} }} ORDER BY ?x"
    engine = ox.Store().query(text)
    assert isinstance(engine, ox.QuerySolutions)
    rows = Rows(("x",), [(term,) for term in column], False)
    ours = in_order(rows, ["x"])
    as_text = in_order(Written(rows.variables, as_tsv(rows)), ["x"])
    assert ours is not None and as_text is not None
    assert [row[0] for row in ours.terms] == [row["x"] for row in engine]
    assert as_text.terms == ours.terms
    assert as_text.csv() == b"".join(csv_of(ours) or ())


@pytest.mark.parametrize(
    "term",
    [
        ox.BlankNode("b"),
        ox.Literal("1.5", datatype=ox.NamedNode(XSD + "decimal")),
        ox.Literal("2001", datatype=ox.NamedNode(XSD + "gYear")),
        ox.Literal("1_000", datatype=ox.NamedNode(XSD + "integer")),
        ox.Literal("99999999999999999999", datatype=ox.NamedNode(XSD + "integer")),
        ox.Literal("a", language="sv"),
        ox.Literal("a", language="en"),
    ],
    ids=str,
)
def test_what_only_the_engine_compares_is_left_to_it(term: ox.BlankNode | ox.Literal) -> None:
    alone = Rows(("x",), [(term,)], False)
    if isinstance(term, ox.Literal) and term.language:
        assert in_order(alone, ["x"]) == alone
    else:
        assert in_order(alone, ["x"]) is None
    rows = Rows(("x",), [(ox.Literal("b"),), (term,)], False)
    assert in_order(rows, ["x"]) is None
    assert in_order(Written(("x",), as_tsv(rows)), ["x"]) is None
    assert in_order(rows, ["y"]) is None


def test_equal_rows_keep_their_order_and_the_first_column_decides_first() -> None:
    one, two = ox.Literal(1), ox.Literal(2)
    rows = Rows(
        ("x", "y", "n"), [(B, one, two), (A, two, one), (A, one, two), (A, one, one)], False
    )
    ours = in_order(rows, ["x", "y"])
    assert ours is not None
    assert ours.terms == [(A, one, two), (A, one, one), (A, two, one), (B, one, two)]


def test_a_column_counts_down_and_the_next_still_counts_up() -> None:
    one, two = ox.Literal(1), ox.Literal(2)
    values = [(one, B), (two, B), (None, A), (one, A), (two, A)]
    text = "SELECT ?n ?x WHERE { VALUES (?n ?x) { (1 <b>) (2 <b>) (UNDEF <a>) (1 <a>) (2 <a>) } } "
    text = text.replace("<", "<https://example.org/")
    for ending in ("ORDER BY DESC(?n) ?x", "ORDER BY ?n DESC( ?x )", "ORDER BY ASC(?n) ?x"):
        engine = ox.Store().query(text + ending)
        assert isinstance(engine, ox.QuerySolutions)
        order = plain_order(text + ending)
        assert order is not None and order.names == ("n", "x")
        ours = in_order(Rows(("n", "x"), list(values), False), order.names, order.down)
        assert ours is not None
        assert [str(row) for row in ours.terms] == [str((row[0], row[1])) for row in engine]


def test_an_order_that_is_no_column_is_left_to_the_engine() -> None:
    for ending in (
        "DESC(STR(?x))",
        "?x LIMIT 1",
        "(?x)",
        "DESC(?x + 1)",
        "DESC(?x",
        "STR(?x)",
        "DESC ?x",
        "?x ASC",
    ):
        assert plain_order(f"SELECT ?x WHERE {{ ?x a ?c }} ORDER BY {ending}") is None


def test_rows_of_one_thing_are_cut_with_it() -> None:
    one, two = ox.Literal(1), ox.Literal(2)
    rows = Rows(("x", "n"), [(A, one), (A, two), (B, one), (None, one), (None, two)], False)
    assert first_of(rows, 1, "x") == Rows(("x", "n"), rows.terms[:2], True)
    assert first_of(rows, 3, "x") == Rows(("x", "n"), rows.terms[:4], True)
    assert first_of(rows, 3, "") == Rows(("x", "n"), rows.terms[:3], True)
    assert first_of(rows, None, "x") == rows


def test_the_first_in_order_are_the_first_of_all_in_order() -> None:
    """IRIs of which one begins as another, alone and beside other columns, up and down."""
    names = ["a", "a1", "a-b", "a/b", "a~", "b", "a1", "A"]
    iris = [ox.NamedNode(f"https://example.org/{name}") for name in names]
    alone = Rows(("x",), [(iri,) for iri in iris], False)
    beside = Rows(("x", "n"), [(iri, ox.Literal(n)) for n, iri in enumerate(iris)], False)
    for rows, by in ((alone, ["x"]), (beside, ["x", "n"]), (beside, ["n"])):
        for down in ((), by[:1]):
            ordered = in_order(rows, by, down)
            assert ordered is not None
            for given in (rows, Written(rows.variables, as_tsv(rows))):
                first = first_in_order(given, by, 3, down)
                assert first is not None and first.terms == ordered.terms[:3]
