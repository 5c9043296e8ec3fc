"""The questions, the page on each, and a query of one's own."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

from coproduction.errors import CoproductionError, DataError, QueryError, UnknownName
from coproduction.knowledge.questions import all_questions, load_question
from coproduction.names import COP
from coproduction.pages import names
from coproduction.pages.judged import Control
from coproduction.pages.page import NoPage
from coproduction.pages.query import Wrong
from coproduction.pages.rendering import environment, problem, written
from coproduction.pages.site import page_at
from coproduction.resources import data_dir

from .reading import Reader
from .test_pages import at, body, graph, read


def rows(url: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(url, "csv"))))


def asked(text: str, path: str = "/query", **state: str) -> str:
    return f"{path}?{urlencode({'query': text, **state})}"


def test_all_questions_are_listed() -> None:
    assert [row["id"] for row in rows("/questions")] == [each.id for each in all_questions()]


def test_questions_are_found_by_words_and_tags() -> None:
    found = {row["name"] for row in rows("/questions?q=glass+ceiling")}
    assert "glass-ceiling" in found and len(found) < 20
    tagged = {row["name"] for row in rows("/questions?tag=cases")}
    assert "matched-pairs" in tagged and "regimes" not in tagged


@pytest.mark.slow
@pytest.mark.parametrize("name", [each.name for each in all_questions()])
def test_every_question_has_a_page(name: str) -> None:
    page = read(f"/question/{name}")
    assert not page.wrong and len(page.of("h1")) == 1


def test_a_parameter_with_few_values_is_a_list_and_the_begin_of_one_is_proposed() -> None:
    page = read("/question/cases-under-code?vocabulary=ukcat")
    (control,) = page.of("select")
    listed = {each["value"] for each in page.of("option")}
    assert control["name"] == "vocabulary" and {"cofog", "icnptso", "ukcat"} <= listed
    (code,) = [each for each in page.of("input") if each.get("name") == "code"]
    assert code["list"] in page.ids and "CV104" in listed and "0411" not in listed


@pytest.mark.parametrize(
    ("query", "told", "near"),
    [
        ("code=09.1", "nothing in scope of the vocabulary cofog has the code 09.1.", "code=091"),
        ("code=CV104", "nothing in scope of the vocabulary cofog has", "vocabulary=ukcat"),
        ("vocabulary=cofg", "nothing in scope has the vocabulary cofg.", "vocabulary=cofog"),
    ],
)
def test_no_rows_for_a_value_that_nothing_has_says_so(query: str, told: str, near: str) -> None:
    page = read(f"/question/cases-under-code?{query}")
    assert "0 rows" in page.text and told in page.text and not page.wrong
    assert any(near in each["href"] for each in page.of("a"))
    assert "nichts Einbezogenes" in read(f"/question/cases-under-code?{query}&lang=de").text


def test_no_rows_for_a_value_that_there_is_says_nothing_of_it() -> None:
    for query in ("code=0460", "code=0"):
        assert "nothing in scope has" not in read(f"/question/cases-under-code?{query}").text


@pytest.mark.parametrize("name", ["glass-ceiling", "cases-and-ceiling-claim", "CQ62"])
def test_the_rows_are_those_of_the_command(name: str) -> None:
    expected = list(csv.DictReader(io.StringIO(graph().ask(name).serialize("csv"))))
    assert rows(f"/question/{name}") == expected != []


def test_a_question_is_given_what_the_form_has() -> None:
    url = "/question/claim-evidence?claim=C13"
    expected = list(
        csv.DictReader(io.StringIO(graph().ask("claim-evidence", claim="C13").serialize("csv")))
    )
    assert rows(url) == expected != rows("/question/claim-evidence")
    (control,) = page_at(graph(), at(url)).values["controls"]  # type: ignore[misc]
    assert isinstance(control, Control)
    assert [each.value for each in control.options if each.is_taken] == ["C13"]
    assert {"C01", "C54"} <= {each.value for each in control.options}
    assert "id/claim/C13>" in json.loads(body(url, "json"))["query"]


def test_a_case_is_chosen_from_a_list() -> None:
    (control, limit) = page_at(graph(), at("/question/cases-like-mine")).values["controls"]  # type: ignore[misc]
    assert isinstance(control, Control) and "Basta" in {each.name for each in control.options}
    assert isinstance(limit, Control) and not limit.options


def test_the_sparql_of_a_question_gives_its_rows() -> None:
    page = page_at(graph(), at("/question/glass-ceiling"))
    text = page.values["text"]
    assert isinstance(text, str)
    found = {row["arrangement"] for row in graph().query(text)}
    assert found == {row["arrangement"] for row in page.tables["rows"]} != set()
    hrefs = [each["href"] for each in read("/question/glass-ceiling").of("a")]
    assert any(href.startswith("../query?query=") for href in hrefs)


def test_many_rows_are_shown_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coproduction.pages.question.SHOWN", 5)
    assert len(page_at(graph(), at("/question/glass-ceiling")).tables["rows"]) == 5
    assert "There are more" in read("/question/glass-ceiling").text
    assert len(rows("/question/glass-ceiling")) == 18


def test_a_server_gives_as_many_rows_as_it_may() -> None:
    page = page_at(graph(), at("/question/glass-ceiling", "csv"), 3)
    assert len(page.tables["rows"]) == 3


def test_about_cases_without_cases(kg) -> None:  # type: ignore[no-untyped-def]
    assert page_at(kg, at("/question/cases-by-definition")).values["needs_cases"] is True
    assert page_at(kg, at("/question/glass-ceiling")).values["needs_cases"] is False


def test_what_there_is_not_is_told() -> None:
    with pytest.raises(NoPage, match="question"):
        page_at(graph(), at("/question/nothing"))
    with pytest.raises(UnknownName):
        page_at(graph(), at("/question/claim-evidence?claim=C99", "json"))
    with pytest.raises(DataError, match="whole number"):
        page_at(graph(), at("/question/matched-pairs?cases=many", "csv"))


# -- a query of one's own ------------------------------------------------------------------------


def test_a_query_gives_its_rows_with_labels() -> None:
    url = asked("SELECT ?c { ?c a cop:Case } ORDER BY ?c", lang="sv")
    assert "Basta" in read(url).text and "20 rader" in read(url).text
    assert len(rows(url)) == 20
    assert "../case" not in body(url) and 'href="case/basta?lang=sv"' in body(url)


def test_a_query_that_asks_gets_yes_or_no() -> None:
    assert "yes" in read(asked("ASK { ?c a cop:Case }")).texts
    assert "no" in read(asked("ASK { ?c a cop:Nothing }")).texts


def test_a_graph_comes_as_a_graph() -> None:
    url = asked("CONSTRUCT { ?c a cop:Claim } WHERE { ?c a cop:Claim }")
    triples = list(ox.parse(body(url, "ttl"), ox.RdfFormat.TURTLE))
    assert len(triples) == 54
    assert "54 statements" in read(url).text


def test_many_rows_of_a_query_are_shown_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coproduction.pages.query.SHOWN", 10)
    url = asked("SELECT ?s { ?s a cop:Claim }")
    assert len(page_at(graph(), at(url)).tables["rows"]) == 10
    assert "There are more" in read(url).text
    assert len(rows(url)) == 54
    assert len(page_at(graph(), at(url, "csv"), 30).tables["rows"]) == 30


@pytest.mark.parametrize(
    ("text", "line", "mark"),
    [
        ("SELECT *\n{ ?s ?p }", "{ ?s ?p }", "        ^"),
        ("SELCT ?x {}", "SELCT ?x {}", "^"),
        ("SELECT * {\t?s cpo:x ?y }", "SELECT * {\t?s cpo:x ?y }", "          \t   ^"),
    ],
)
def test_what_is_wrong_stands_beside_the_text_with_its_place(
    text: str, line: str, mark: str
) -> None:
    page = page_at(graph(), at(asked(text)))
    assert page.status == 400
    wrong = page.values["wrong"]
    assert isinstance(wrong, Wrong) and "line" in wrong.told and "column" in wrong.told
    assert (wrong.line, wrong.mark) == (line, mark)
    shown = body(asked(text))
    assert 'aria-invalid="true"' in shown and text.splitlines()[0] in shown
    with pytest.raises(QueryError):
        page_at(graph(), at(asked(text), "csv"))


def test_no_other_host_is_asked_and_nothing_is_changed() -> None:
    page = page_at(graph(), at(asked("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")))
    assert page.status == 400
    assert page_at(graph(), at(asked("INSERT DATA { <a:b> <a:c> <a:d> }"))).status == 400


def test_a_text_is_text() -> None:
    text = 'SELECT ("</textarea><script>alert(1)</script>" AS ?x) {}'
    shown = body(asked(text))
    assert "<script>alert" not in shown and shown.count("</textarea>") == 1


def test_the_page_without_a_query_has_one_to_begin_with() -> None:
    page = page_at(graph(), at("/query"))
    text = page.values["text"]
    assert isinstance(text, str) and len(graph().query(text)) > 10
    assert "cop:" in read("/query").text and "CQ18" in read("/query").text


@pytest.mark.parametrize("form", ["md", "json", "ttl"])
def test_a_query_has_every_form(form: str) -> None:
    url = asked("SELECT ?s { ?s a cop:Claim }")
    kind, content = written(page_at(graph(), at(url, form)), graph().store)
    assert kind and (content or form == "ttl")


@pytest.mark.parametrize("there", [True, False])
def test_the_text_area_is_there_with_and_without_an_editor(
    there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(environment().globals, "has_editor", there)
    page = read("/query")
    assert len(page.of("textarea")) == 1
    sources = [str(script["src"]).partition("?")[0] for script in page.of("script")]
    assert sources == (["static/query-editor.js"] if there else [])
    assert "make scripts" not in body("/query"), "readers have no checkout"


@pytest.mark.parametrize(("lines", "rows"), [(1, 14), (20, 22), (400, 40)])
def test_the_text_area_is_as_high_as_the_query(lines: int, rows: int) -> None:
    text = "SELECT * { ?s a cop:Claim }" + "\n#" * (lines - 1)
    (area,) = read(asked(text)).of("textarea")
    assert area["rows"] == str(rows)


def test_every_name_is_listed_as_it_is_written_and_called() -> None:
    tables = json.loads(body("/names?lang=de", "json"))["tables"]
    found = {row["written"]: row for rows in tables.values() for row in rows}
    level = found["cop:hasParticipationLevel"]
    assert level in tables["properties"] and "deltagandenivå" in level["also"]
    assert found["cop:Case"] in tables["classes"]
    assert found["cop:HighParticipation"] in tables["values"]
    assert found["rdf:type"] in tables["properties"] and found["skos:definition"]
    assert any(row["name"].endswith("/case/kultingen") for row in tables["cases"])
    values = " ".join(found)
    left = graph().query(f"SELECT ?x {{ VALUES ?x {{ {values} }} MINUS {{ ?x ?p ?o }} }}")
    assert all(not row["x"].startswith(COP) for row in left)  # only what the languages have


def test_many_names_are_listed_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "MOST", 3)
    assert len(json.loads(body("/names", "json"))["tables"]["properties"]) == 3
    assert "The first 3 of them are listed." in body("/names?kind=properties")
    tables = [read(f"/names{kind}").of("table") for kind in ("", "?kind=cases", "?kind=nothing")]
    assert [len(each) for each in tables] == [1, 1, 1]


def test_markdown_shows_code_as_it_is() -> None:
    told = body("/question/codings-that-differ", "md")
    assert "\\<" not in told.partition("```")[2]
    one_column = body(asked("SELECT ?s { ?s a cop:Claim }"), "md")
    assert one_column.count("| --- |") == 1


# -- what is mistyped ------------------------------------------------------------------------------


def test_a_mistyped_value_leaves_the_form_with_what_may_be_meant() -> None:
    url = "/question/locators?lang=de&term=complementry"
    page = read(url)
    assert page_at(graph(), at(url)).status == 400
    (field,) = [each for each in page.of("input") if each.get("name") == "term"]
    assert (field["value"], field["aria-invalid"]) == ("complementry", "true")
    assert field["aria-describedby"] in page.ids
    assert "locators?lang=de&term=complementary" in {each["href"] for each in page.of("a")}
    assert "Gemeint ist vielleicht:" in page.text and not page.of("table")
    assert read("/question/locators?term=complementary").of("table")
    with pytest.raises(UnknownName):
        body(url, "csv")


def test_each_value_that_is_wrong_is_told_beside_it() -> None:
    page = read("/question/cases-like-mine?case=parluglan&cases=abc")
    assert {"w-case", "w-cases"} <= set(page.ids)
    assert "cases takes a whole number, or 0, not 'abc'." in page.text
    assert "cases-like-mine?cases=abc&case=parlugglan" in {each["href"] for each in page.of("a")}


def test_what_is_given_where_nothing_is_said_is_told_by_name() -> None:
    told = read("/question/locators").text
    assert "one class, value or statement (where nothing is given: all)" in told
    page = read("/question/cases-like-mine")
    assert "(where nothing is given: Montessori Preschool Pärlugglan )" in page.text
    assert "../case/parlugglan" in {each["href"] for each in page.of("a")}


@pytest.mark.parametrize("path", sorted(data_dir("queries").glob("*/*.rq")), ids=lambda p: p.stem)
def test_a_parameter_has_what_parameters_have(path: Path) -> None:
    """A comma in a description that is not quoted would end it, and begin another entry."""
    known = {"type", "class", "optional", "description", "property", "beside", "begins"}
    for entry in (load_question(path).header.get("parameters") or {}).values():
        assert set(entry) <= known and entry["description"]


@pytest.mark.parametrize(
    ("url", "links"),
    [
        ("/question/locatrs", ["locators", "../questions"]),
        ("/claim/c51x", ["C51", "../claims"]),
        ("/claim/C99", ["../claims"]),
        ("/term/complementary", ["Complementary", "../search?q=complementary"]),
        ("/term/complementry", ["Complementary", "../search?q=complementry"]),
        ("/case/parluglan", ["parlugglan", "../cases"]),
        ("/cases?sector=!ThirdSectr&country=SE", ["cases?country=SE&sector=%21ThirdSector"]),
        ("/claims?rubric=R9", []),
    ],
)
def test_a_name_that_there_is_not_leads_to_the_nearest(url: str, links: list[str]) -> None:
    with pytest.raises(CoproductionError) as told:
        page_at(graph(), at(url))
    page = Reader(problem(at(url), told.value))
    assert not page.wrong
    assert set(links) <= {each["href"] for each in page.of("a")}
    assert "coproduction ask" not in page.text and "coproduction evidence" not in page.text
    if url.endswith("R9"):
        assert "nothing in scope has the name R9: there are R0 to R2" in page.text
