"""The plain form of a line says what the parser of all lines says, and imports no parser."""

from __future__ import annotations

import pytest

from coproduction.cli import plain
from coproduction.cli.plain import plainly_asked

from ..conftest import Run
from ..tools import imported_by

PLAIN = [
    ["ask", "glass-ceiling"],
    ["ask", "CQ18", "--format", "json", "--lang", "sv"],
    ["ask", "--cases", "third-sector-below-high", "--format", "table"],
    ["ask", "what is placed at low?"],
    ["ask", "cases-in-other-cells"],  # tells that no case is in scope
    ["ask", "glas-ceiling"],  # misspelt
    ["ask", "CQ999"],
    ["show", "complementary", "--lang", "de"],
    ["show", "C51", "--format", "json"],
    ["show", "no such term"],
    ["query", "SELECT * { ?s a cop:Placement } ORDER BY ?s LIMIT 3"],
    ["query", "ASK { ?case a cop:Case }", "--cases", "--format", "json"],
    ["query", "SELECT * {", "--links"],
]


@pytest.mark.parametrize("words", PLAIN, ids=" ".join)
def test_the_plain_form_says_what_the_parser_says(
    run: Run, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert plainly_asked(words) is not None
    plainly = run(*words)
    monkeypatch.setattr("coproduction.cli.plainly_asked", lambda _: None)
    parsed = run(*words)
    assert (plainly.code, plainly.out, plainly.err) == (parsed.code, parsed.out, parsed.err)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["ask"],
        ["ask", "--cases"],
        ["ask", "glass-ceiling", "CQ18"],
        ["ask", "glass-ceiling", "--format"],
        ["ask", "glass-ceiling", "--format", ""],
        ["ask", "glass-ceiling", "--format", "xlsx"],
        ["ask", "glass-ceiling", "--format=csv"],
        ["ask", "glass-ceiling", "--format", "csv", "--format", "json"],
        ["ask", "glass-ceiling", "--lang", "sv-SE"],
        ["ask", "glass-ceiling", "--help"],
        ["ask", "--", "glass-ceiling"],
        ["show", "C51", "--format", "csv"],
        ["show", "C51", "--all"],
        ["query", "-"],
        ["query", "SELECT * {}", "--labels"],
        ["info", "--cases"],
    ],
    ids=" ".join,
)
def test_what_is_not_plain_is_left_to_the_parser(words: list[str]) -> None:
    assert plainly_asked(words) is None


@pytest.mark.parametrize("name", plain._ELSEWHERE)
def test_a_line_that_the_environment_speaks_to_is_left_to_the_parser(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "somewhere")
    assert plainly_asked(["ask", "glass-ceiling"]) is None


@pytest.mark.parametrize("words", [["ask", "glass-ceiling"], ["show", "C51"], ["query", "ASK {}"]])
def test_a_plain_line_imports_no_parser(words: list[str]) -> None:
    assert imported_by(words, {"click", "argparse", "rich"}) == (0, "")


def test_a_piped_answer_imports_no_library_that_it_does_not_need() -> None:
    """What takes instructions of the first answer: see benchmarks/instructions.py."""
    assert imported_by(["ask", "glass-ceiling"], {"shutil", "decimal", "gettext"}) == (0, "")
