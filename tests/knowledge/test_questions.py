"""Every question answers, and its rows are those written from the source before it was run."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml

import coproduction
from coproduction import KnowledgeGraph
from coproduction.cases.mapping_files import find_mapping
from coproduction.errors import DataError
from coproduction.knowledge.questions import (
    HEADERS,
    Question,
    all_questions,
    find_question,
    header_text,
    load_question,
    read_headers,
)
from coproduction.resources import data_dir
from coproduction.results.fetching import QueryOptions

from ..conftest import Run

EXPECTED = Path(__file__).parents[1] / "expected"
QUESTIONS = all_questions()
NUMBERED = {f"CQ{n}" for n in (*range(1, 60), 61, 63)}


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_all_questions_are_there() -> None:
    assert {question.id for question in QUESTIONS} >= NUMBERED


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_rows_are_those_expected(kg: KnowledgeGraph, cases: KnowledgeGraph, question) -> None:
    kg = cases if question.about_cases else kg
    expected = read((EXPECTED / f"{question.name}.csv").read_text(encoding="utf-8"))
    assert expected, "an expected answer is never empty: 'none' is a row that says so"
    actual = read(kg.ask(question.name).serialize("csv"))
    columns = list(expected[0])
    assert actual, f"{question.name} answers nothing"
    assert set(columns) <= set(actual[0])

    def rows(table: list[dict[str, str]]) -> list[tuple[str, ...]]:
        return sorted({tuple(row[column] for column in columns) for row in table})

    assert rows(actual) == rows(expected)


def test_every_expected_file_has_its_question() -> None:
    assert {path.stem for path in EXPECTED.glob("*.csv")} == {q.name for q in QUESTIONS}


@pytest.fixture(scope="module")
def rdflib_graph(cases: KnowledgeGraph):
    return cases.to_rdflib()


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_portable_text(question) -> None:
    body = re.sub(r"#.*", "", question.text.replace("http://www.w3.org/", ""))
    body = re.sub(r"<[^>\s]*>", "<iri>", body)
    assert re.search(r"\bSELECT\b", body)
    assert "SELECT *" not in body
    assert "ORDER BY" in body
    for word in ("GRAPH", "FROM", "ASK", "SERVICE", "NOT EXISTS"):
        assert not re.search(rf"\b{word}\b", body), f"{word} is not portable, or slow"


def test_a_question_says_nothing_of_labels() -> None:
    shown = [view for view in all_questions("queries/views") if view.iris]
    for question in (*QUESTIONS, *shown):
        assert "Label" not in question.text and "rdfs:label" not in question.text, question.name
        assert len(question.text.splitlines()) < 90, question.name


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_a_label_stands_beside_each_declared_column_and_no_other(
    cases: KnowledgeGraph, question
) -> None:
    result = cases.answer(question, QueryOptions(by=""), "en", {})
    for position, name in enumerate(result.variables):
        has_iri = any(type(row[position]).__name__ == "NamedNode" for row in result.terms)
        assert not has_iri or name in question.iris, f"{name} is not declared in iris"
        if name in question.iris:
            assert result.variables[position + 1] == f"{name}Label"
            for row in result.terms:
                value, label = row[position : position + 2]
                assert (value is None) == (label is None)
                assert type(value).__name__ != "Literal" or value == label


@pytest.mark.parametrize("lang", ["en", "sv-SE"])
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
@pytest.mark.sampled
def test_the_portable_text_gives_the_same_rows(cases: KnowledgeGraph, question, lang: str) -> None:
    ours = cases.answer(question, QueryOptions(by=""), lang, {})
    text = cases.question_text(question, lang)
    theirs = coproduction.open(cases=True, links=question.about_links).query(text)
    assert theirs.variables == ours.variables
    assert theirs.terms == ours.terms


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
@pytest.mark.one_in(4)
def test_rdflib_gives_the_same_rows_and_labels(
    cases: KnowledgeGraph, question, rdflib_graph, linked_graph
) -> None:
    """The text as it stands is portable: another engine answers the same."""
    text = cases.question_text(question, "sv")
    graph = linked_graph if question.about_links else rdflib_graph
    ours = cases.answer(question, QueryOptions(by=""), "sv", {})
    theirs = [tuple(None if v is None else str(v) for v in row) for row in graph.query(text)]
    mine = [tuple(getattr(term, "value", None) for term in row) for row in ours.terms]
    assert sorted(map(str, mine)) == sorted(map(str, theirs))


@pytest.fixture(scope="module")
def linked_graph():
    return coproduction.open(cases=True, links=True).to_rdflib()


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_header(question) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", question.name)
    assert re.fullmatch(r"CQ\d+[a-z]?", question.id)
    assert question.summary.endswith("?")
    assert question.description
    for name in question.parameters:
        is_limit = question.parameters[name].type == "limit"
        line = r"^ *LIMIT [1-9]\d*$" if is_limit else rf"VALUES\s+\?{name}\s*{{"
        lines = re.findall(line, question.text, re.MULTILINE)
        assert len(lines) == 1, f"parameter {name} has {len(lines)} lines that set it"


def test_ids_are_unique() -> None:
    ids = [question.id for question in QUESTIONS]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "path", sorted(data_dir("queries").rglob("*.rq")), ids=lambda path: path.stem
)
def test_headers_are_yaml(path: Path) -> None:
    question = load_question(path)
    assert isinstance(question.header, dict)
    text = "\n".join(line[3:] for line in question.text.splitlines() if line.startswith("#+ "))
    assert yaml.safe_load(text)["summary"].strip() == question.summary


def test_another_language_changes_labels_and_nothing_else(kg: KnowledgeGraph) -> None:
    english, swedish = kg.ask("glass-ceiling"), kg.ask("glass-ceiling", lang="sv")
    assert {row["service"] for row in english} == {row["service"] for row in swedish}
    by_service = {row["service"]: row["serviceLabel"] for row in swedish}
    assert by_service["https://w3id.org/coproduction#Childcare"] == "barnomsorg"
    # No Latin: English stands in, and no row is lost.
    latin = kg.ask("glass-ceiling", lang="la")
    assert {row["serviceLabel"] for row in latin} == {row["serviceLabel"] for row in english}


def test_a_parameter_narrows_the_answer(kg: KnowledgeGraph) -> None:
    everything = kg.ask("literature-relations")
    one = kg.ask("literature-relations", concept="public administration regime")
    assert 0 < len(one) < len(everything)
    assert {row["concept"] for row in one} == {
        "https://w3id.org/coproduction#PublicAdministrationRegime"
    }


def test_cases_like_mine_counts_the_size_by_a_factor_of_two(tmp_path: Path) -> None:
    path = tmp_path / "sizes.ttl"
    sizes = {"mine": 100, "twice": 200, "half": 50, "more": 201, "less": 49}
    lines = ["@prefix cop: <https://w3id.org/coproduction#> . @prefix : <urn:case:> ."]
    lines += [f":{name} a cop:Case ; cop:participantCount {n} ." for name, n in sizes.items()]
    lines.append(':twice cop:reportedBarrier "little time" , "no room" .')
    path.write_text("\n".join(lines), encoding="utf-8")
    answer = coproduction.open(data=path).ask("CQ57", case="urn:case:mine")
    assert [(row["other"][-5:], row["size"], row["barrier"]) for row in answer] == [
        (":half", "same", "none reported"),
        ("twice", "same", ["little time", "no room"]),
    ]


def test_a_limit_is_a_whole_number_that_nothing_is_pasted_behind(cases: KnowledgeGraph) -> None:
    question = find_question("matched-pairs")
    assert "LIMIT 7\n" in cases.question_text(question, parameters={"cases": 7}).replace(
        " \n", "\n"
    )
    assert "LIMIT" not in cases.question_text(question, parameters={"cases": "0"})
    for wrong in ("-1", "1 }", "many", "1.5"):
        with pytest.raises(DataError, match="cases takes a whole number, or 0"):
            cases.ask("matched-pairs", cases=wrong)


def test_what_a_limit_leaves_out_is_told(cases: KnowledgeGraph, run: Run) -> None:
    some = cases.ask("cases-like-mine", cases=2)
    assert len(some) == 2 and some.truncated
    assert some.cut == "these are the first 2 of 9 cases; cases=0 gives all"
    every = cases.ask("cases-like-mine", cases=0)
    assert len(every) == 9 and not every.truncated and not every.cut
    assert some.rows == every.rows[:2]
    done = run("ask", "CQ57", "--cases", "-p", "cases=2")
    assert done.err.strip() == f"coproduction: {some.cut}"
    assert not run("ask", "CQ57", "--cases").err


def test_a_value_is_never_pasted_into_the_query(kg: KnowledgeGraph) -> None:
    question = find_question("cases-under-code")
    hostile = '104" } ?a ?b ?c . VALUES ?code { "104'
    text = question.fill({"code": str(ox.Literal(hostile))})
    assert '104\\" }' in text
    assert len(kg.query(text)) == 0


def test_a_share_comes_with_its_base_and_a_caution(run: Run) -> None:
    """Below the rows for a reader; on standard error beside rows for a program."""
    shares = [q for q in QUESTIONS if re.search(r"\?percent|\?share\b", q.text.split("WHERE")[0])]
    assert "high-share-by-sector" in {question.name for question in shares}
    for question in shares:
        assert {"known", "unknown"} <= set(re.findall(r"\?(\w+)", question.text.split("WHERE")[0]))
        assert "success stories" in question.caution
    for form in ("table", "md", "html"):
        assert "success stories" in run("ask", "CQ42", "--cases", "--format", form).out, form
    for form in ("csv", "json"):
        done = run("ask", "CQ42", "--cases", "--format", form)
        assert "success stories" in done.err and "success stories" not in done.out, form


@pytest.mark.parametrize(
    "entry, told",
    [
        ("parameters: word", "parameters in the header is"),
        ("parameters: {lang: word}", "the parameter lang in the header has"),
        ("parameters: {lang: }", "the parameter lang in the header has"),
        ("readings: A8", "readings in the header is"),
        ("iris: case", "iris in the header is"),
        ("tags: 1", "tags in the header is"),
    ],
)
def test_an_entry_of_another_kind_is_told(tmp_path: Path, entry: str, told: str) -> None:
    path = tmp_path / "odd.rq"
    path.write_text(f"#+ summary: x\n#+ {entry}\nASK {{}}", encoding="utf-8")
    with pytest.raises(DataError, match=f"odd.rq: {told}"):
        assert load_question(path).header


@pytest.mark.parametrize(
    "entry", ["links: true", "links: [a]", "upgrades: x", "namespaces: {a: 1}"]
)
def test_an_entry_of_a_mapping_is_texts(tmp_path: Path, entry: str) -> None:
    path = tmp_path / "odd.rq"
    path.write_text(f"#+ title: x\n#+ {entry}\nSELECT ?id {{}}", encoding="utf-8")
    with pytest.raises(DataError, match=r"odd\.rq: \w+ in the header holds texts"):
        find_mapping(str(path))


def test_headers_read_before_are_what_yaml_says_of_them() -> None:
    kept = json.loads(HEADERS.read_text(encoding="utf-8"))
    assert kept == read_headers()
    assert {header_text(question.text) for question in all_questions()} <= set(kept)


def test_a_header_that_was_changed_is_read_anew() -> None:
    question = find_question("glass-ceiling")
    changed = question.text.replace("#+ id: CQ18", "#+ id: CQ18\n#+ caution: changed")
    assert Question(question.name, question.path, changed).caution == "changed"
