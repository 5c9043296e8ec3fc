"""The command line: answers, forms, exit codes, and what a person reads when it goes wrong."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from coproduction.cli import COMMANDS

from ..conftest import Run
from ..tools import CLAIMS, NUMBER, PLACEMENTS, imported_by

SEVEN = {
    f"https://w3id.org/coproduction#{name}"
    for name in (
        "Childcare",
        "BasicEducation",
        "DisabilityCare",
        "HealthCare",
        "Eldercare",
        "Housing",
        "WorkIntegration",
    )
}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_main_question(run: Run) -> None:
    outcome = run("ask", "glass-ceiling", "--format", "csv")
    assert (outcome.code, outcome.err) == (0, "")
    table = rows(outcome.out)
    assert {row["service"] for row in table} == SEVEN
    assert len(table) == 7
    assert {row["sectorLabel"] for row in table} == {"third sector"}
    assert {row["intensityLabel"] for row in table} == {"intensive and/or enduring"}
    assert {(row["section"], row["line"]) for row in table} == {("Diagram 1", "131")}


def test_a_question_by_its_id(run: Run) -> None:
    assert run("ask", "cq18").out == run("ask", "glass-ceiling").out


def test_the_list_of_questions(run: Run) -> None:
    table = rows(run("ask").out)
    assert {f"CQ{n}" for n in range(1, 40)} <= {row["id"] for row in table}
    assert all(row["summary"].endswith("?") for row in table)


def test_the_printed_query_runs_as_it_stands(run: Run) -> None:
    text = run("ask", "glass-ceiling", "--sparql", "--lang", "sv").out
    assert '"sv"' in text and "rdfs:label" not in text, "runs without a prefix of ours"
    assert (
        run("query", text).out == run("ask", "glass-ceiling", "--lang", "sv", "--rows", "raw").out
    )


@pytest.mark.parametrize("form", ["table", "csv", "tsv", "json", "md", "html"])
def test_every_form_of_rows(run: Run, form: str) -> None:
    outcome = run("ask", "regimes", "--format", form)
    assert outcome.code == 0
    assert "new public governance" in outcome.out.lower()


def test_query_from_text_file_and_standard_input(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "SELECT (COUNT(?p) AS ?n) WHERE { ?p a cop:Placement }"
    file = tmp_path / "count.rq"
    file.write_text(text, encoding="utf-8")
    expected = run("query", text).out
    assert rows(expected) == [{"n": str(PLACEMENTS)}]
    assert run("query", "-f", str(file)).out == expected
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    assert run("query", "-").out == expected


def test_construct_describe_and_ask(run: Run) -> None:
    text = "CONSTRUCT { ?p cop:hasServiceType ?s } WHERE { ?p a cop:Placement ; cop:hasServiceType ?s }"
    turtle = run("query", text)
    assert turtle.out.count("cop:hasServiceType") == PLACEMENTS
    assert len(run("query", text, "--format", "nt").out.splitlines()) == PLACEMENTS
    assert "cop:Childcare" in run("query", "DESCRIBE cop:Childcare").out
    assert rows(run("query", "ASK { ?s a cop:Case }").out) == [{"answer": "false"}]


def test_data_of_the_user_is_asked_too(run: Run, public_high_case: Path) -> None:
    before = public_high_case.read_bytes()
    table = rows(run("ask", "glass-ceiling", "--data", str(public_high_case)).out)
    assert len(table) == 8
    assert [row["sectorLabel"] for row in table if row["kind"] == "case"] == ["public sector"]
    assert public_high_case.read_bytes() == before
    info = rows(run("info", "--data", str(public_high_case)).out)
    assert {"kind": "class", "name": "case", "count": "1"} in info
    assert "school council" in run("show", "basic education", "--data", str(public_high_case)).out


def test_show(run: Run) -> None:
    text = run("show", "glass ceiling").out
    assert text.splitlines()[:2] == ["glass ceiling", "cop:GlassCeiling"]
    assert "C, line 141" in text
    card = json.loads(run("show", "C51", "--format", "json").out)
    assert card["iri"] == "https://w3id.org/coproduction/id/claim/C51"


def test_info_counts_claims_and_ambiguities(run: Run) -> None:
    counts = {row["name"]: row["count"] for row in rows(run("info").out)}
    assert counts["claim"] == str(CLAIMS)
    assert counts["ambiguity"] == str(NUMBER["ambiguities"])
    assert counts["placement"] == str(PLACEMENTS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(run: Run, command: str) -> None:
    outcome = run(command, "--help")
    assert outcome.code == 0
    assert "Usage: coproduction" in outcome.out
    assert COMMANDS[command].split()[0].rstrip(".") in outcome.out


def test_every_command_is_in_the_guide() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guide.md").read_text(encoding="utf-8")
    assert all(f"coproduction {command}" in guide for command in COMMANDS)


@pytest.mark.parametrize("words", [["--help"], ["ask", "glass-ceiling"], ["ask", "CQ18"]])
def test_heavy_libraries_are_not_imported(words: list[str]) -> None:
    """What makes the command line slow to start stays out of the way of the main question."""
    heavy = {"rdflib", "pandas", "networkx", "pyshacl", "owlready2", "polars", "rich"}
    assert imported_by(words, heavy) == (0, "")


# -- bad input: one clear line, the right exit code, nothing lost ------------------------------


def one_line(outcome) -> str:
    assert outcome.out == ""
    assert outcome.err.count("\n") == 1, outcome.err
    assert "Traceback" not in outcome.err
    return outcome.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["ask", "glas-ceiling"], "did you mean 'glass-ceiling'?"),
        (["ask", "CQ99"], "unknown question 'CQ99'"),
        (["aks"], "did you mean 'ask'?"),
        (["ask", "glass-ceiling", "-p", "servce=x"], "unknown parameter 'servce'"),
        (["ask", "claim-evidence", "-p", "claim=C99"], "unknown term 'C99'"),
        (["ask", "claim-evidence", "-p", "claim"], "--param takes NAME=VALUE"),
        (["ask", "glass-ceiling", "--lang", 'en" }'], "is no language tag"),
        (["ask", "glass-ceiling", "--format", "xlsx"], "'xlsx' is not one of"),
        (["show", "eldercar"], "did you mean 'eldercare'?"),
        (["show", "cop:Nothing"], "unknown term 'cop:Nothing'"),
        (["show", "https://example.org/<x>"], "unknown term"),
        (["query", "SELECT ?x WHERE {\n  ?x a foo:Bar }"], "line 2, column"),
        (["query", "SELECT ?x WHERE {\n  ?x a foo:Bar }"], "prefix 'foo:' is not declared"),
        (["query", "SELEC ?x WHERE { ?x ?y ?z }"], "query, line 1, column"),
        (["query", "SELECT ?x WHERE { ?x ?y ?z"], "closing brace"),
        (["query", "INSERT DATA { <a:a> <b:b> <c:c> }"], "this is an update"),
        (["query"], "give one query"),
        (["query", "-f", "no-such.rq"], "no-such.rq: there is no such file"),
        (["query", "ASK {}", "--format", "ttl"], "unknown format for rows 'ttl'"),
        (["ask", "regimes", "--data", "no-such.ttl"], "no-such.ttl: there is no such file"),
        (["ask", "regimes", "--data", "."], "the ending"),
        (["export", "--format", "docx"], "'docx' is not one of"),
        (["export", "-o", "no/such/folder/x.ttl"], "cannot be written"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)
def test_wrong_use(run: Run, words: list[str], message: str) -> None:
    outcome = run(*words)
    assert outcome.code == 2
    assert message in one_line(outcome)


def test_broken_turtle_names_file_and_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text("@prefix a: <http://a#> .\na:b a:c a:d .\na:b a:c\n", encoding="utf-8")
    line = one_line(outcome := run("ask", "regimes", "--data", str(path)))
    assert outcome.code == 2
    assert f"{path}, line" in line
    assert "not valid Turtle" in line


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("x.docx", "", "is no RDF format known here"),
        ("x.jsonld", '{"@context": "https://example.org/c", "@id": "a:b"}', "never fetched"),
        (
            "x.trig",
            "<https://w3id.org/coproduction/graph/source> { <a:a> <a:b> <a:c> }",
            "reserved",
        ),
        ("x.nt", "<a:a> <a:b> .", "line 1"),
        ("x.owl", "<rdf:RDF", "not valid RDF/XML"),
    ],
)
def test_data_that_cannot_be_taken(
    run: Run, tmp_path: Path, name: str, text: str, message: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    outcome = run("ask", "regimes", "--data", str(path))
    assert outcome.code == 2
    assert message in one_line(outcome)


def test_an_export_that_fails_leaves_the_old_file(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "old.ttl"
    target.write_text("mine", encoding="utf-8")
    outcome = run("export", "-o", str(target), "--data", "no-such.ttl")
    assert outcome.code == 2
    assert target.read_text(encoding="utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes of a POSIX shell")
def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f"'{sys.executable}' -m coproduction export --format nt | head -n 1"
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ),
    )
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1


def test_trig_with_own_graph_is_kept_apart(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.trig"
    path.write_text(
        "<https://example.org/g> { <https://example.org/a> a <https://w3id.org/coproduction#Case> }"
        " <https://example.org/b> a <https://w3id.org/coproduction#Case> .",
        encoding="utf-8",
    )
    info = rows(run("info", "--data", str(path)).out)
    assert {"kind": "graph", "name": "https://example.org/g", "count": "1"} in info
    assert {"kind": "graph", "name": "load/1", "count": "1"} in info


@pytest.mark.parametrize(
    "words", [("ask", "a" * 300), ("explain", "a" * 300), ("explain", "stil", "a" * 300, "--cases")]
)
def test_a_name_longer_than_a_file_can_have(run: Run, words: tuple[str, ...]) -> None:
    outcome = run(*words)
    assert outcome.code == 2 and outcome.err.startswith("coproduction: unknown "), outcome.err
