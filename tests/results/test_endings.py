"""An ending chooses the form; an ASK is true or false; nothing steers a terminal."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import rdflib

import coproduction
from coproduction.spelling import visible

from ..conftest import Run

SELECT = "SELECT ?s ?l { ?s a cop:Claim ; rdfs:label ?l } ORDER BY ?s LIMIT 3"


@pytest.mark.parametrize("ending", ["csv", "tsv", "json", "srj", "xml", "srx"])
def test_rows_are_written_as_the_ending_says(run: Run, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    assert run("query", SELECT, "-o", str(path)).code == 0
    forms = {"tsv": ox.QueryResultsFormat.TSV, "json": ox.QueryResultsFormat.JSON,
             "srj": ox.QueryResultsFormat.JSON}  # fmt: skip
    if ending != "csv":
        form = forms.get(ending, ox.QueryResultsFormat.XML)
        rows = ox.parse_query_results(path=path, format=form)
        assert isinstance(rows, ox.QuerySolutions)
        assert sum(1 for _ in rows) == 3
    if ending in ("json", "srj"):
        assert len(json.loads(path.read_bytes())["results"]["bindings"]) == 3
    if ending in ("xml", "srx"):
        assert len(ElementTree.parse(path).findall(".//{*}result")) == 3
    if ending == "csv":
        assert len(list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))) == 3


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["ttl", "nt", "nq", "trig", "jsonld", "owl", "rdf", "xml"])
@pytest.mark.sampled
def test_graphs_are_written_as_the_ending_says(run: Run, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    assert run("export", "-o", str(path)).code == 0
    form = {"ttl": "turtle", "nt": "nt", "nq": "nquads", "trig": "trig", "jsonld": "json-ld"}
    read = rdflib.Dataset().parse(path, format=form.get(ending, "xml"))
    assert sum(1 for _ in read.quads()) > 8000


@pytest.mark.parametrize(
    "words",
    [
        ["query", SELECT, "-o", "a.jpg"],
        ["query", SELECT, "-o", "a"],
        ["query", SELECT, "-o", "a.csv", "--format", "json"],
        ["query", SELECT, "-o", "a.ttl"],
        ["query", "CONSTRUCT { ?s ?p 1 } WHERE { ?s ?p 2 }", "-o", "a.csv"],
        ["ask", "regimes", "-o", "a.ttl"],
        ["ask", "-o", "a.pdf"],
        ["export", "-o", "a.csv"],
        ["export", "-o", "a.nt", "--format", "ttl"],
        ["export", "--as", "roles", "-o", "a.csv"],
        ["export", "--as", "skos", "-o", "a.csv"],
    ],
)
def test_an_ending_of_another_kind_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = run(*words)
    assert outcome.code == 2 and outcome.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_an_answer_is_true_or_false(run: Run, kg: coproduction.KnowledgeGraph) -> None:
    for query, answer in (("ASK { ?s a cop:Claim }", True), ("ASK { ?s a cop:Nothing }", False)):
        for timeout in (None, 20.0):
            result = kg.query(query, timeout=timeout)
            assert result.answer is answer and bool(result) is answer
            assert result.rows == [{"answer": answer}]
        told = json.loads(run("query", query, "--format", "json").out)
        assert told == {"head": {}, "boolean": answer}
        root = ElementTree.fromstring(run("query", query, "--format", "xml").out)
        assert root.findtext("{*}boolean") == str(answer).lower()
    rows = kg.query(SELECT)
    assert rows.answer is None and bool(rows)
    assert not kg.query("SELECT ?s { ?s a cop:Nothing }")


@pytest.mark.slow
def test_a_failing_query_leaves_no_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("before", encoding="utf-8")
    endless = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    command = [sys.executable, "-m", "coproduction", "query", endless, "--timeout", "1"]
    done = subprocess.run(
        [*command, "-o", str(path)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 3 and "was stopped after 1 s" in done.stderr
    assert path.read_text(encoding="utf-8") == "before"


def test_what_a_terminal_would_obey_is_spelt_out() -> None:
    assert visible("a\x1b]0;x\x07b\u202ec\x9b") == "a\\x1b]0;x\\x07b\\u202ec\\x9b"
    assert visible("å\n\tü") == "å\n\tü"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals of this kind")
def test_no_escape_sequence_reaches_a_terminal(tmp_path: Path) -> None:
    import pty

    data = tmp_path / "a\x1b[31m.ttl"
    data.write_text(
        "<https://e.org/a> a <https://w3id.org/coproduction#Claim> ; "
        '<http://www.w3.org/2000/01/rdf-schema#label> "\\u009b31mred\\u202E" ; '
        '<https://w3id.org/coproduction#typo> "x" .',
        encoding="utf-8",
    )
    query = "SELECT ?l (CONCAT('a', ?l) AS ?m) { <https://e.org/a> rdfs:label ?l }"
    for words in (
        ["query", query, "--data", str(data)],
        ["query", query, "--data", str(data), "--format", "csv"],
        ["show", "https://e.org/a", "--data", str(data)],
        ["show", "no\x1b[31m"],
        ["query", "SELECT \x1b[31m"],
    ):
        read, write = pty.openpty()
        command = [sys.executable, "-m", "coproduction", *words]
        process = subprocess.Popen(command, stdout=write, stderr=write, stdin=subprocess.DEVNULL)
        os.close(write)
        seen = b""
        while True:
            try:
                part = os.read(read, 1 << 16)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            seen += part
        process.wait(60)
        os.close(read)
        assert seen and b"\x1b" not in seen and "\u202e".encode() not in seen, seen
