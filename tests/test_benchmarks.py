"""The measurements run, and what is measured gives equal answers; no time is asserted."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .tools import missing, require_module

FOLDER = Path(__file__).parents[1] / "benchmarks"
pytestmark = pytest.mark.slow


def ran(name: str, *words: str | Path) -> str:
    """Run a measurement, which ends with another code where answers differ; give what it says."""
    done = subprocess.run(
        [sys.executable, FOLDER / name, *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a store of some cases, as the measurements are told to make it."""
    folder = tmp_path_factory.mktemp("measured")
    ran("generate.py", "120", folder / "cases.csv")
    words = ["load", folder / "cases.csv", "--store", folder / "store"]
    done = subprocess.run(
        [sys.executable, "-m", "coproduction", *map(str, words)], capture_output=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return folder / "store"


def test_claims_are_counted_as_bare_queries_and_rdflib_count_them(store: Path) -> None:
    told = ran("evidence.py", store, "--rdflib", store)
    assert told.count("the same counts") == 2


def test_gaps_are_those_of_claims_that_are_counted_first(store: Path) -> None:
    assert "gaps of store, " in ran("gaps.py", store)


def test_counts_are_those_of_a_scan_and_of_a_column_store(store: Path) -> None:
    require_module("duckdb")
    assert "claim C50" in ran("counts.py", store)


def test_a_store_in_memory_answers_as_on_disk(store: Path) -> None:
    assert "CQ44 in memory" in ran("in_memory.py", store, "--times", "1")


def test_rules_conclude_what_their_constructs_do(store: Path) -> None:
    assert "us a case" in ran("rules.py", store, "--runs", "1")


def test_loading_finds_all_faults(tmp_path: Path) -> None:
    assert ran("load_cases.py", "120", "--judged", "50").count("all faults found") == 2


def test_rdf_is_judged_alike() -> None:
    assert "in RDF: peer / ours" in ran("validate_rdf.py", "20")


@pytest.mark.nightly
def test_servers_give_the_same_rows_to_many_at_once(store: Path) -> None:
    if not shutil.which("oxigraph", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}"):
        missing("needs Oxigraph's server: pip install oxigraph")
    words = ("--seconds", "1", "--requests", "100", "--clients", "2", "--limit", "30")
    told = ran("serving.py", store, *words)
    assert "questions have the same rows on both" in told
    assert told.count("a request: ") == 3 and "memory over 100 requests" in told


def test_tables_and_labels_of_others_are_measured() -> None:
    assert "charity register, 60 rows: ours / peer" in ran("outside.py", "60")


def test_rows_for_people_are_those_of_the_engine(store: Path) -> None:
    told = ran("rows.py", store, "--times", "1")
    assert told.count("ours / peer") == 8 and "CSV by the command, " in told


def test_questions_have_as_many_rows_as_their_bare_texts(store: Path) -> None:
    told = ran("questions.py", store, "--times", "1", "--ids", "CQ18", "CQ44", "CQ45", "CQ57")
    assert "4 questions from disk: ours / peer" in told and "above 120 s: none" in told


def test_the_first_answer_is_that_of_bare_scripts() -> None:
    assert ran("cold_start.py", "--runs", "1").count("first answer: ") == 2


def test_all_stands_in_one_table(tmp_path: Path) -> None:
    page = tmp_path / "table.md"
    ran("table.py", "--small", "-o", page, "--only", "cold_start", "rules")
    text = page.read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| `")]
    assert [row[0] for row in rows] == ["| `cold_start.py`"] * 3 + ["| `rules.py`"]
    assert {len(row) for row in rows} == {8} and {row[-1] for row in rows} <= {"yes |", "**no** |"}
    assert "pyoxigraph 0" in text and " cores, load " in text


def test_what_fails_is_told_in_the_table(tmp_path: Path) -> None:
    page = tmp_path / "table.md"
    command = [sys.executable, FOLDER / "table.py", "--small", "-o", page, "--only", "outside"]
    env = {**os.environ, "COPRODUCTION_DATA": str(tmp_path)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "did not end: outside" in done.stderr
    assert "| `outside.py` | did not end: " in page.read_text(encoding="utf-8")


def test_servers_give_the_same_rows_bare_and_through_the_package(tmp_path: Path) -> None:
    if not shutil.which("oxigraph", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}"):
        missing("needs Oxigraph's server: pip install oxigraph")
    ran("generate.py", "60", tmp_path / "cases.csv")
    words = ("--start", "Oxigraph", "--times", "1")
    told = ran("servers.py", tmp_path / "cases.csv", *words)
    assert "questions: 6" in told and "evidence   ours" in told and "not the same" not in told


def test_what_a_server_cuts_is_told_from_other_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))
    is_cut = importlib.import_module("servers").is_cut
    assert is_cut({"bare": 10_000, "labelled": 10_000, "query": 14_264, "ask": 14_264})
    assert not is_cut({"bare": 10_000, "labelled": 10_000, "query": 10_000, "ask": 10_000})
    assert not is_cut({"bare": 9_999, "labelled": 9_999, "query": 14_264, "ask": 14_264})
    assert not is_cut({"bare": 10_000, "labelled": 14_264, "query": 14_264, "ask": 14_264})
