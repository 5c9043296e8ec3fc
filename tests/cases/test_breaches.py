"""Rules across fields by profiles: the same as where each batch is asked of without them."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pyoxigraph as ox
import pytest

from coproduction.cases import breaches
from coproduction.cases.breaches import Breaches
from coproduction.cases.from_table import TableCases
from coproduction.cases.statements import Case
from coproduction.knowledge.case_record import case_record
from coproduction.names import PREFIXES

from .test_load import GOOD

SUPPORTED = "https://example.org/supporter"


def cases_of(path: Path, chance: random.Random, count: int) -> list[Case]:
    """Give cases with few values and few organisations, of which two may be in several rows."""
    rows = []
    for number in range(count):
        forms = chance.choice(["", "", "municipal provider", "association"])
        rows.append(
            GOOD
            | {
                "id": f"{chance.choice('ab')}-{number}",
                "start_year": chance.choice(["1990", "2000"]),
                "end_year": chance.choice(["", "1995", "1980"]),
                "provider": chance.choice([f"Own {number}", "Shared A", "Shared B", SUPPORTED]),
                "provider_form": forms,
                "supporter": chance.choice(["", f"Giver {number}", "Shared A", SUPPORTED]),
                "sector": chance.choice(["third sector", "hybrid", "public sector"]),
                "decision_rights": chance.choice(["majority", "consulted"]),
                "level": chance.choice(["", "high", "low"]),
                "intensity": "intensive/enduring",
            }
        )
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    source = TableCases(path)
    found = [case for batch in source.batches() for case in map(source.reader.read, batch) if case]
    assert len(found) > count / 2, source.problems[:3]
    return found


def asked_of_all(cases: list[Case]) -> dict[int, list[str]]:
    """Ask each rule of all cases together."""
    store = ox.Store()
    text = "".join(case.ruled for case in cases)
    store.load(input=text.encode(), format=ox.RdfFormat.N_TRIPLES)
    rows, broken = {case.iri: case.row for case in cases}, dict[int, list[str]]()
    for rule in case_record().rules:
        answer = store.query(rule.select, prefixes=PREFIXES)
        assert isinstance(answer, ox.QuerySolutions)
        for solution in answer:
            if solution["this"].value in rows:
                broken.setdefault(rows[solution["this"].value], []).append(rule.shape)
    return broken


@pytest.mark.parametrize("seed", range(4))
def test_profiles_break_what_cases_break(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Batch after batch; what an organisation is in one row counts for the others of the batch."""
    if seed == 3:
        monkeypatch.setattr(breaches, "_MOST_KEPT", 5)
    chance, found_by = random.Random(seed), Breaches(case_record())
    told: set[str] = set()
    for batch in range(2):
        cases = cases_of(tmp_path / f"{batch}.csv", chance, 40)
        found = {row: [rule.shape for rule in rules] for row, rules in found_by.of(cases).items()}
        assert found == asked_of_all(cases)
        told.update(shape for shapes in found.values() for shape in shapes)
    assert {"Rule-endBeforeStart", "Rule-supporterIsProvider", "Rule-supporterSector"} <= told


def test_an_organisation_that_is_called_as_a_case_begins_is_none_of_its_own(tmp_path: Path) -> None:
    rows = [
        ("https://example.org/u/1", "https://example.org/u/11", SUPPORTED),
        ("https://example.org/u/2", "https://example.org/u/21", "https://example.org/u/21"),
        ("https://example.org/u/3", "https://example.org/u/3", SUPPORTED),
    ]
    path = tmp_path / "cases.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*GOOD, "supporter"])
        writer.writeheader()
        for iri, provider, supporter in rows:
            writer.writerow(GOOD | {"id": iri, "provider": provider, "supporter": supporter})
    for order in (1, -1):
        source = TableCases(path)
        cases = [case for batch in source.batches() for case in map(source.reader.read, batch)]
        given = [case for case in cases if case is not None][::order]
        assert len(given) == 3
        found = Breaches(case_record()).of(given)
        told = {row: [rule.shape for rule in rules] for row, rules in found.items()}
        assert told == asked_of_all(given) and len(told) == 1
