"""Engines that loads are not tried on by day: libraries, what asks a server, and other servers."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from coproduction.errors import EndpointError

from ..tools import missing
from . import matrix
from .clients import ByLines, Rdflib
from .engines import ENGINES, Over
from .matrix import KINDS, asked, empty, held_against, reason, said, unexplained
from .servers import BY_NIGHT, SERVERS

BY_DAY = [name for name in SERVERS if name not in BY_NIGHT]
SAMPLED = {"rdflib 7": 16}
"""Engines that are slow, of which one query in so many is asked here; `make matrix` asks all."""


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Dataset.default_context:DeprecationWarning")
@pytest.mark.parametrize("name", [name for name in ENGINES if name not in BY_DAY])
def test_an_engine_has_the_rows_of_the_embedded_store(name: str, tmp_path: Path) -> None:
    each = SAMPLED.get(name, 1)
    with ENGINES[name](tmp_path) as over:
        cells = held_against(over, each)
    assert unexplained(name, cells) == []
    assert each > 1 or all(cells[kind].equal for kind in KINDS)
    assert sum(cells[kind].equal for kind in KINDS) > 0.9 * len(list(asked())) / each


@pytest.mark.slow
def test_every_query_of_the_matrix_has_rows_with_each_set_of_values() -> None:
    assert empty() == []


ECHO = """
import json, sys
for line in sys.stdin:
    text = json.loads(line)
    if "DIE" in text:
        sys.exit("no memory")
    if "FAIL" in text:
        print(json.dumps({"error": "not so"}), flush=True)
        continue
    row = {"a": {"type": "literal", "value": text, "xml:lang": "en"}}
    body = {"head": {"vars": ["a"]}, "results": {"bindings": [row]}}
    kind = "application/sparql-results+json"
    print(json.dumps({"kind": kind, "body": json.dumps(body)}), flush=True)
"""


def test_a_program_that_ends_is_told_and_started_again(tmp_path: Path) -> None:
    program = tmp_path / "echo.py"
    program.write_text(ECHO, encoding="utf-8")
    asked = ByLines("Echo", [sys.executable, str(program)], tmp_path / "log")
    try:
        for _ in range(2):
            answer = asked.query("SELECT ?a { }")
            assert isinstance(answer, ox.QuerySolutions)
            assert next(answer)["a"] == ox.Literal("SELECT ?a { }", language="en")
            with pytest.raises(EndpointError, match="Echo: not so"):
                asked.query("FAIL")
            with pytest.raises(EndpointError, match="Echo: no memory"):
                asked.query("DIE")
    finally:
        asked.end()


def test_rows_are_compared_by_value_and_columns_by_name() -> None:
    class Other:
        def query(self, text: str, /) -> ox.QuerySolutions:
            answer = ox.Store().query(
                'SELECT ?d ?n { VALUES (?n ?d) { (1.0 "2026-01-01T00:00:00.000Z"^^xsd:dateTime) } }',
                prefixes={"xsd": "http://www.w3.org/2001/XMLSchema#"},
            )
            assert isinstance(answer, ox.QuerySolutions)
            return answer

    text = 'SELECT ?n ?d ?none { VALUES (?n ?d) { (1 "2026-01-01T01:00:00+01:00"^^xsd:dateTime) } }'

    class Here(Other):
        def query(self, text: str, /) -> ox.QuerySolutions:
            found = ox.Store().query(text, prefixes={"xsd": "http://www.w3.org/2001/XMLSchema#"})
            assert isinstance(found, ox.QuerySolutions)
            return found

    assert said(Other(), text) == said(Here(), text)
    assert said(Other(), text) != said(Here(), text.replace("(1 ", "(2 "))


def test_rdflib_says_what_it_cannot_read() -> None:
    from rdflib import Dataset

    with pytest.raises(EndpointError, match="rdflib: ParseException"):
        Rdflib(Dataset()).query("SELECT ?a {")


def test_a_reason_is_given_for_a_query_and_an_engine() -> None:
    assert reason("Virtuoso 7.2", "statuses: 0 rows for 7")
    assert reason("Fuseki 5.6", "statuses: 0 rows for 7") is None
    assert reason("rdflib 7", "links-of-values: no answer in 60 s")
    assert reason("rdflib 7", "links-of-values: 1 rows for 7") is None
    assert reason("rdflib 7", "codings: no answer in 60 s") is None


@pytest.mark.parametrize(
    ("ci", "names", "code"),
    [("", ["Lacking"], 1), ("", [], 0), ("true", [], None), ("", ["No"], 2)],
)
def test_an_engine_that_is_not_at_hand_is_told(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    ci: str,
    names: list[str],
    code: int | None,
) -> None:
    """It fails in CI, and where it was asked for by its name; a name of none is no empty table."""

    @contextlib.contextmanager
    def lacking(folder: Path) -> Iterator[Over]:
        missing("needs a tool")
        yield lambda store: store

    monkeypatch.setattr(matrix, "ENGINES", {"Lacking": lacking})
    monkeypatch.setattr(matrix, "empty", list)
    monkeypatch.setenv("CI", ci)
    if code is None:
        with pytest.raises(pytest.fail.Exception, match="must run in CI, and cannot: needs a tool"):
            matrix.main(names)
        return
    assert matrix.main(names) == code
    told = capsys.readouterr()
    assert ("Lacking is not at hand: needs a tool" in told.out) == (code < 2)
    assert ("no engine No; there are Lacking" in told.err) == (code == 2)


def test_a_query_without_rows_fails_the_matrix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix, "ENGINES", {})
    monkeypatch.setattr(matrix, "empty", lambda: ["views/nothing"])
    assert matrix.main([]) == 1
