"""How often a store is asked for what is known of the rows of a claim."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import coproduction
from coproduction.evidence import ledger, statuses
from coproduction.evidence.ledger import Evidence
from coproduction.knowledge.packaged import changing
from coproduction.store.embedded import EmbeddedStore

from .test_situations import turtle

ASKED = ("holds", "values", "statements", "query")


def asked_for(number: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give how often a store on disk is asked for a verdict with its rows, by the way it is."""
    path = folder / f"{number}.ttl"
    case = "sector=ThirdSector rights=MajorityControl intensity=IntensiveOrEnduring"
    path.write_text(turtle([f"{number} {case}"]), encoding="utf-8")
    store = folder / f"store-{number}"
    with changing(store) as change:
        change.store.add(coproduction.open(path).store.statements())
    times: Counter[str] = Counter()
    opened = coproduction.open(store=store).store
    with monkeypatch.context() as patched:
        for name in ASKED:
            method = getattr(EmbeddedStore, name)

            def counted(
                self: Any, *words: Any, _name: str = name, _method: Any = method, **others: Any
            ) -> Any:
                times[_name] += 1
                return _method(self, *words, **others)

            patched.setattr(EmbeddedStore, name, counted)
        verdict = Evidence(opened).of("C51")
    assert len(verdict.rows["support"]) == number
    return times


@pytest.mark.slow
def test_a_store_is_asked_as_often_for_many_rows_as_for_few(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is looked up once for all stores is there after the first. Seven and twenty are enough
    # of them, so that it is told of both whether any is stated.
    _, few, many = (asked_for(number, tmp_path, monkeypatch) for number in (1, 7, 20))
    assert few == many


def test_under_the_other_ceiling_rows_are_asked_for_once_and_their_iris_alone(
    cases: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = []

    def noted(self: Evidence, test: Any) -> Any:
        whole.append(self.ceiling)
        return sides(self, test)

    sides = Evidence.sides
    monkeypatch.setattr(ledger.Evidence, "sides", noted)
    verdict = cases.evidence().of("C50")
    assert verdict.under_ceilings.keys() == {"text"} and whole.count("text") == 1


@pytest.mark.parametrize("claim", ["C10", "C34", "C42", "C46", "C49", "C51"])
def test_of_many_rows_those_in_doubt_are_found_by_one_look_at_the_store(
    cases: Any, monkeypatch: pytest.MonkeyPatch, claim: str
) -> None:
    def told(rubric: str) -> dict[str, list[tuple[str, str, object]]]:
        rows = Evidence(cases.store, rubric=rubric).of(claim).rows
        return {side: [(r.iri, r.status, r.interpreted) for r in of] for side, of in rows.items()}

    expected = {rubric: told(rubric) for rubric in ("R0", "R2")}
    assert any(word == "interpreted" for of in expected["R0"].values() for _, word, _ in of)
    monkeypatch.setattr(statuses, "_MANY", 0)
    assert {rubric: told(rubric) for rubric in ("R0", "R2")} == expected
