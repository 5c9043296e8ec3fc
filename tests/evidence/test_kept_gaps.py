"""What took long to find is told again from the state of a store, and from no other."""

from __future__ import annotations

from pathlib import Path

import pytest

import coproduction
from coproduction.cases.loading import load
from coproduction.evidence import kept_gaps as room
from coproduction.evidence.gaps import Gap, gaps
from coproduction.store import kept_answers
from coproduction.store.kept_answers import KeptAnswer
from coproduction.store.on_disk import open_folder

from ..cases.test_load import GOOD, sheet

GAP = Gap("cell", "high, sporadic", "a case of: public sector")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    load(sheet(tmp_path / "a.csv", GOOD), tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the languages in which gaps were looked for; each takes long."""
    asked: list[str] = []

    def look(store: object, lang: str, spoilt: object) -> list[Gap]:
        asked.append(lang)
        return [GAP]

    monkeypatch.setattr(room, "gaps", look)
    monkeypatch.setattr(room, "_LEAST", 0.0)
    return asked


def answers(folder: Path) -> list[Path]:
    return sorted(folder.glob("states/*/answer-*"))


@pytest.mark.slow
def test_gaps_are_found_once_in_a_state_of_a_store_and_a_language(
    folder: Path, found: list[str]
) -> None:
    for lang in ("en", "sv", "en", "sv"):
        assert coproduction.open(store=folder).gaps(lang) == [GAP]
    assert found == ["en", "sv"]
    assert len(answers(folder)) == 2


@pytest.mark.slow
def test_a_change_of_a_store_drops_what_was_kept(folder: Path, found: list[str]) -> None:
    coproduction.open(store=folder).gaps()
    before = answers(folder)
    for name in ("b", "c"):  # the state before a change is kept until the next
        load(sheet(folder.parent / f"{name}.csv", GOOD | {"id": name}), folder)
        coproduction.open(store=folder).gaps()
    assert found == ["en"] * 3
    assert not before[0].exists() and not before[0].parent.exists()


def test_another_version_finds_them_anew(
    folder: Path, found: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    coproduction.open(store=folder).gaps()
    monkeypatch.setattr(kept_answers, "_checksum_of_package", lambda: "another")
    coproduction.open(store=folder).gaps()
    assert found == ["en"] * 2


def test_what_was_found_while_the_package_changed_is_not_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = KeptAnswer(open_folder(folder), "what")
    with monkeypatch.context() as patch:
        patch.setattr(kept_answers, "_checksum_of_package", lambda: "another")
        answer.keep([1])
    assert answers(folder) == []
    answer.keep([1])
    assert KeptAnswer(open_folder(folder), "what").read() == [1]


def test_what_cannot_be_written_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("full")

    answer = KeptAnswer(open_folder(folder), "what")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        answer.keep([1])
    assert answers(folder) == [] and answer.read() is None


def test_a_file_that_is_not_as_it_was_written_is_not_told(folder: Path, found: list[str]) -> None:
    coproduction.open(store=folder).gaps()
    (path,) = answers(folder)
    path.write_bytes(path.read_bytes().replace(b"public", b"third"))
    assert coproduction.open(store=folder).gaps() == [GAP]
    assert found == ["en"] * 2


def test_what_failed_is_not_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_LEAST", 0.0)
    monkeypatch.setattr(room, "gaps", lambda *_: [GAP, Gap("failed", "C10", "why")])
    coproduction.open(store=folder).gaps()
    assert answers(folder) == []


@pytest.mark.slow
def test_what_stands_beside_no_state_is_not_kept(folder: Path, found: list[str]) -> None:
    for _ in range(2):
        coproduction.open(store=folder, in_memory=True).gaps()
    assert found == ["en"] * 2 and answers(folder) == []
    store = coproduction.open().store
    KeptAnswer(store, "what").keep([1])
    assert KeptAnswer(store, "what").read() is None


@pytest.mark.slow
def test_what_is_kept_is_what_is_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_LEAST", 0.0)
    first, again = (coproduction.open(store=folder).gaps("fr") for _ in range(2))
    assert len(answers(folder)) == 1
    assert first == again == gaps(open_folder(folder), "fr")
