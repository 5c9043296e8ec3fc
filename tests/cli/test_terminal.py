"""What a person is shown: it fits the terminal, and nothing in it can steer one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import coproduction
from coproduction.results.layout import columns_of, lay_out
from coproduction.spelling import visible

from ..conftest import Run

COMMANDS = (
    "ask",
    "ask glass-ceiling",
    "ask glass-ceiling --cases",
    "ask glass-ceiling --lang sv",
    "ask cases-under-code --cases -p vocabulary=cofog -p code=104",
    "show C51",
    "info",
    "links childcare",
    "evidence",
    "evidence C51 --cases",
    "evidence --cases --compare-rubrics",
    "gaps --cases",
    "explain ryhov-self-dialysis --cases",
)
"""Commands of the guide that answer."""
STEERING = "\x1b[31mred\x9b\u202egnp\u2066"
SIGNS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def on_a_terminal(words: list[str], columns: int) -> str:
    """Run the command line in a child whose standard output and error are a terminal."""
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    terminal, other_end = pty.openpty()
    # A process of its own, not a fork: a fork of a process with threads can hold a lock for good.
    process = subprocess.Popen(
        [sys.executable, "-m", "coproduction", *words],
        env=os.environ | {"COLUMNS": str(columns)},
        stdin=subprocess.DEVNULL,
        stdout=other_end,
        stderr=other_end,
    )
    os.close(other_end)
    parts = []
    while True:
        try:
            part = os.read(terminal, 1 << 16)
        except OSError:  # Linux says so at the end
            break
        if not part:
            break
        parts.append(part)
    os.close(terminal)
    assert process.wait(60) in (0, 1), b"".join(parts)
    return b"".join(parts).decode().replace("\r\n", "\n").replace("\r\n", "\n")


@pytest.mark.parametrize("columns", [80, 60])
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.sampled
def test_answers_of_the_readme_fit(command: str, columns: int) -> None:
    shown = on_a_terminal(command.split(), columns)
    assert "Traceback" not in shown and shown.strip()
    for line in shown.splitlines():
        # A word that is longer than a line stays whole, such as an IRI in a block.
        assert columns_of(line) <= columns or columns_of(line.split()[-1]) > columns // 2, line


@pytest.mark.parametrize("columns", [200, 120, 80, 60, 20])
def test_no_word_is_broken(kg: coproduction.KnowledgeGraph, columns: int) -> None:
    for name in ("glass-ceiling", "claim-kinds", "involvement-under-readings"):
        result = kg.ask(name)
        words = {word for row in result._cells() for cell in row for word in cell.split()}
        pieces = {piece for word in words for piece in re.split(r"(?<=-)", word)}
        shown = result.serialize("table", columns).split()
        assert words <= {*shown} | {word for word in words if "-" in word}
        assert pieces <= {*shown} | {p for word in shown for p in re.split(r"(?<=-)", word)}


def test_a_row_is_a_block_where_its_columns_do_not_fit() -> None:
    text = lay_out(["a", "long"], [["x", "incomprehensibilities"], ["y", "b c"]], 20)
    assert text == "a:    x\nlong: incomprehensibilities\n\na:    y\nlong: b c\n\n2 rows\n"


def test_columns_without_values_are_left_out_and_named() -> None:
    assert lay_out(["a", "b", "c"], [["1", "", ""], ["22", "", ""]]) == (
        "  a\n ──\n  1\n 22\n\n2 rows; without values: b, c\n"
    )
    assert lay_out(["a", "b"], []).startswith(" a   b\n")


def test_long_iris_are_never_cut() -> None:
    iri = "https://www.example.org/a/very/long/way/to/the/thing-itself"
    ours = "https://w3id.org/coproduction#HighParticipation"
    case = "https://w3id.org/coproduction/id/case/ryhov-self-dialysis"
    rows = [[iri, "seen", "here"], [ours, "seen", "here"], [case, "seen", "here"]]
    headings = ["iri", "word", "place"]
    for width in (30, 50, 60, 80, 120, None):
        shown = lay_out(headings, rows, width)
        assert iri in shown and case in shown and "…" not in shown
        assert ours in shown or "cop:HighParticipation" in shown
    small = lay_out(headings, [rows[1]], 40)
    assert "cop:HighParticipation" in small and ours not in small and "───" in small
    assert ours in lay_out(headings, [rows[1]], 80)


def test_wide_letters_count_twice() -> None:
    first, second = lay_out(["a", "b"], [["介護", "x"], ["care", "y"]]).splitlines()[2:4]
    assert columns_of(first.partition("x")[0]) == columns_of(second.partition("y")[0])


# -- nothing steers it --------------------------------------------------------------------------


def test_what_steers_is_written_out() -> None:
    assert visible(STEERING) == r"\x1b[31mred\x9b\u202egnp\u2066"
    assert visible("tab\tand\nline\r\nend, é 介護") == "tab\tand\nline\r\nend, é 介護"


@pytest.fixture
def red(tmp_path: Path) -> Path:
    path = tmp_path / "red.ttl"
    title = STEERING.encode("unicode_escape").decode().replace("\\x", "\\u00")
    path.write_text(
        "@prefix cop: <https://w3id.org/coproduction#> .\n"
        "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        f'<https://example.org/red> a cop:Case ; rdfs:label "{title}"@en ;\n'
        "  cop:hasServiceType cop:Childcare ; cop:hasProviderSector cop:PublicSector ;\n"
        "  cop:hasParticipationLevel cop:HighParticipation ; dcterms:source <https://e.org/s> .\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    "command",
    [
        "ask glass-ceiling",
        "show https://example.org/red",
        "explain https://example.org/red",
        "evidence C51",
        "query SELECT(?l){<https://example.org/red>rdfs:label?l}",
        "gaps",
    ],
)
@pytest.mark.parametrize("form", ["table", "terminal"])
@pytest.mark.sampled
def test_a_title_never_steers(run: Run, red: Path, command: str, form: str) -> None:
    words = command.replace("SELECT(?l)", "SELECT ?l ").split(" ", 1)
    if command.startswith("query"):
        words = ["query", "SELECT ?l { <https://example.org/red> rdfs:label ?l }"]
    elif command.startswith("evidence"):
        words = command.split()
    words += ["--data", str(red)]
    if form == "terminal":
        shown = on_a_terminal(words, 80)
    else:
        table = ["--format", "table"] if words[0] not in ("show", "explain") else []
        done = run(*words, *table)
        shown = done.out + done.err
    assert not SIGNS.search(shown)
    if words[0] != "gaps":
        assert "[31mred" in shown


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml", "objects", "md", "html", "table"])
@pytest.mark.sampled
def test_no_form_steers_a_terminal_and_a_pipe_gets_the_data(run: Run, form: str) -> None:
    title = STEERING.encode("unicode_escape").decode().replace("\\x", "\\u00")
    words = ["query", f'SELECT ("{title}" AS ?l) {{}}', "--format", form]
    shown = on_a_terminal(words, 80)
    assert not SIGNS.search(shown) and "[31mred" in shown
    if form in ("csv", "md"):
        assert STEERING in run(*words).out


def test_no_path_and_no_quoted_text_steers(run: Run, tmp_path: Path) -> None:
    odd = tmp_path / "a\x1b[2Jb.csv"
    told = [
        run("validate", str(odd)),
        run("load", str(odd), "--store", str(tmp_path / "store")),
        run("ask", "x\x1b[2J"),
        run("show", "x\x1b[2J"),
        run("query", "SELECT ?x { ?s cop:x\x1b ?x }"),
        run("query", "-f", f"{odd}.rq"),
        run("export", "-o", str(tmp_path / "no\x1b[2Jfolder" / "x.ttl")),
        run("ask", "glass-ceiling", "-o", f"{odd}.jp\x1bg"),
        run("x\x1b[2J"),
        run("ask", "--x\x1b[2J"),
    ]
    odd.write_text("id,title\nx,y\n")
    told += [run("validate", str(odd))]
    for done in told:
        assert done.code in (1, 2), done.err
        assert not SIGNS.search(done.out + done.err)
        assert r"\x1b" in done.err


@pytest.mark.parametrize("form", ["json", "xml", "csv", "objects"])
def test_an_answer_ends_its_line(form: str) -> None:
    shown = on_a_terminal(["query", "SELECT (1 AS ?n) {}", "--format", form], 80)
    assert shown.endswith("\n") and not shown.endswith("\n\n")


@pytest.mark.parametrize("words", [("evidence", "C51"), ("ask", "glass-ceiling")])
@pytest.mark.sampled
@pytest.mark.slow
def test_a_piped_table_is_as_wide_as_columns_says(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: tuple[str, ...]
) -> None:
    command = [*words, "--cases", "--format", "table"]
    monkeypatch.delenv("COLUMNS", raising=False)
    wide = run(*command).out
    for unclear in ("", "0", "many", "-3"):
        monkeypatch.setenv("COLUMNS", unclear)
        assert run(*command).out == wide
    monkeypatch.setenv("COLUMNS", "70")
    lines = [line for line in run(*command).out.splitlines() if "://" not in line]
    assert max(map(len, lines)) <= 70 < max(map(len, wide.splitlines()))
    # What is kept is laid out for no window.
    assert run(*command, "-o", str(tmp_path / "kept")).code == 0
    assert (tmp_path / "kept").read_text(encoding="utf-8") == wide
