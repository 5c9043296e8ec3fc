"""Data and questions written before the model was changed still load and answer."""

from __future__ import annotations

from pathlib import Path

import pytest

import coproduction
from coproduction.knowledge.questions import find_question, read_folder

FROZEN = Path(__file__).parent / "frozen"
QUESTIONS = sorted((FROZEN / "questions").glob("*.rq"))
OBSERVED = frozenset({"levels-over-time"})
"""Questions that read observations too since then: of the shipped cases they tell more."""

COUNTED_ANEW = {"cases-by-definition": "definitions"}
"""Columns that count otherwise since then: a reading is no definition."""


@pytest.fixture(scope="module")
def frozen_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("frozen") / "store"
    outcome = coproduction.open(store=store, create=True).load(FROZEN / "cases.ttl")
    assert (outcome.loaded, outcome.set_aside) == (20, 0)
    return store


@pytest.fixture(scope="module")
def graphs(frozen_store: Path) -> tuple[coproduction.KnowledgeGraph, coproduction.KnowledgeGraph]:
    return coproduction.open(store=frozen_store), coproduction.open(cases=True, links=True)


def rows(result: coproduction.Result, columns: list[str]) -> set[tuple[str, ...]]:
    return {tuple(str(row[column]) for column in columns) for row in result.rows}


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_an_old_question_answers_on_old_data(
    path: Path, graphs: tuple[coproduction.KnowledgeGraph, coproduction.KnowledgeGraph]
) -> None:
    """With what the question of that name answers today, of the same cases and of the shipped."""
    for kg in graphs[:1] if path.stem in OBSERVED else graphs:
        old = kg.query(path.read_text(encoding="utf-8"))
        new = kg.query(kg.question_text(find_question(path.stem)))
        columns = [column for column in old.variables if column in new.variables]
        assert columns == list(old.variables)
        same = [column for column in columns if column != COUNTED_ANEW.get(path.stem)]
        assert rows(old, same) == rows(new, same)
        assert old.rows


def test_no_question_has_gone() -> None:
    assert {path.stem for path in QUESTIONS} <= {q.name for q in read_folder().questions}
