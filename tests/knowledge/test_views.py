"""The queries of commands, pictures and explanations: files like the questions, filled like them."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from coproduction import KnowledgeGraph
from coproduction.errors import UnknownName
from coproduction.knowledge.questions import Question, all_questions
from coproduction.knowledge.views import rows_of_view, view_text
from coproduction.names import COP, GRAPH
from coproduction.store.lookup import rows_of

VIEWS = all_questions("queries/views")
HOUSE = Path(__file__).parents[2] / "src" / "coproduction"


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_is_portable_and_says_what_it_takes(view: Question) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", view.name)
    assert view.summary.endswith("?") and view.description
    body = re.sub(r"^\s*#.*", "", view.text, flags=re.MULTILINE)
    for name in view.parameters:
        assert re.search(rf"VALUES\s+\?{name}\s*{{[^}}\n]+}}", body), f"no line to fill {name} in"
    body = re.sub(r"<[^>\s]*>", "<iri>", body)
    assert re.search(r"\bSELECT\b", body) and "ORDER BY" in body and "SELECT *" not in body
    for word in ("FROM", "ASK", "SERVICE"):
        assert not re.search(rf"\b{word}\b", body), f"{word} is not portable"
    assert max(map(len, view.text.splitlines())) <= 100


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_is_asked_by_something(view: Question) -> None:
    said = f'"{view.name}"'
    assert any(said in path.read_text(encoding="utf-8") for path in HOUSE.rglob("*.py"))


@pytest.mark.parametrize("view", [v for v in VIEWS if v.parameters], ids=lambda view: view.name)
def test_what_a_view_is_filled_with_by_itself_gives_rows(
    cases: KnowledgeGraph, view: Question
) -> None:
    """So that who runs the file as it stands sees what it is for."""
    of_cases = {"codings", "statuses"}
    if view.name in of_cases:
        node = ox.NamedNode("https://w3id.org/coproduction/id/case/ryhov-self-dialysis")
        assert any(rows_of_view(cases.store, view.name, row=[node]))
    else:
        assert any(rows_of(cases.store, view.text))


@pytest.mark.slow
@pytest.mark.parametrize(
    "view", [v for v in VIEWS if not re.search(r"\bGRAPH\b", v.text)], ids=lambda view: view.name
)
@pytest.mark.one_in(4)
def test_rdflib_gives_the_same_rows(cases: KnowledgeGraph, view: Question, union) -> None:
    names = [f"?{name}" for name in union.query(view.text).vars or ()]
    theirs = [
        {
            str(name)[1:]: str(value)
            for name, value in zip(names, row, strict=True)
            if value is not None
        }
        for row in union.query(view.text)
    ]
    ours = list(rows_of(cases.store, view.text))
    assert sorted(map(_text, ours)) == sorted(map(_text, theirs))


@pytest.fixture(scope="module")
def union(cases: KnowledgeGraph):
    return cases.to_rdflib()


def _text(row: dict[str, str]) -> str:
    return str(sorted(row.items()))


def test_a_view_is_asked_of_many(kg: KnowledgeGraph) -> None:
    levels = [ox.NamedNode(f"{COP}{name}Participation") for name in ("Low", "High")]
    ids = map(ox.Literal, ("A8", "A9"))
    assert [row["id"] for row in rows_of_view(kg.store, "preferred-readings", id=ids)] == [
        "A8", "A9",
    ]  # fmt: skip
    of_levels = list(
        rows_of_view(
            kg.store,
            "links-of-values",
            node=levels,
            property=[ox.NamedNode(COP + "givesLevelUnderR0")],
        )
    )
    # What a level gives is nothing; what gives a level is no level: only the second branch can.
    assert of_levels == []
    above = ox.NamedNode(COP + "isDirectlyBelow")
    rows = list(rows_of_view(kg.store, "links-of-values", node=levels, property=[above]))
    assert {(row["subjectLabel"], row["valueLabel"]) for row in rows} == {
        ("low participation", "medium participation"),
        ("medium participation", "high participation"),
    }
    assert {row["graph"] for row in rows} <= {f"{GRAPH}ontology", f"{GRAPH}values"}


def test_a_parameter_that_a_view_has_not_is_refused() -> None:
    with pytest.raises(UnknownName, match=r"unknown parameter 'rows'.*did you mean 'row'"):
        view_text("codings", rows=[])
    with pytest.raises(UnknownName, match="codings"):
        view_text("coding")


def test_a_text_that_reads_like_the_line_of_another_parameter_stays_a_text() -> None:
    text = 'SELECT ?a ?b { VALUES ?a { "x" } VALUES ?b { "y" } }'
    question = Question("odd", Path("odd.rq"), text)
    told = ox.Literal('VALUES ?b { "z" }')
    filled = question.fill({"a": str(told), "b": str(ox.Literal("VALUES ?a { 1 }"))})
    (row,) = ox.Store().query(filled)  # type: ignore[misc]
    assert (row["a"], row["b"]) == (told, ox.Literal("VALUES ?a { 1 }"))
