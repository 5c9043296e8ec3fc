"""What the sheet accepts is valid RDF by the same shapes: random rows, held against both."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from coproduction.cases.loading import check_cases, read_cases
from coproduction.cases.reading import Reading
from coproduction.cases.statements import organisation_statements
from coproduction.knowledge.case_record import case_record

BASE = "https://example.org/case/"
GOOD = {
    "title": "T", "summary": "S", "service": "housing", "country": "SE", "start_year": "1999",
    "provider": "P", "sector": "third sector", "participants": "unknown",
    "contributions": "unknown", "decision_rights": "unknown", "intensity": "unknown",
    "source": "https://example.org/a",
}  # fmt: skip
ODD = [
    "", "x", "ab", "unknown", "1999", "1499", "2101", "-5", "0", "1e3", "5;6", "a;b;c", "abc;x",
    "2026-02-30", "2026-02-28", "2024-02-29", "2026-02", "https://example.org/a|b", "urn:x",
    "https://example.org/100%", "https://example.org/ä", "x" * 201, "x" * 600, "x" * 6000, "true",
    "SE", "XX", "stated", "interpreted", "R0", "R1", "R9", "high participation",
    "low participation", "majority", "ownership or employer", "1998", "2005", "hybrid sector",
    "for-profit", "doi:10.1/x", "\u202e", "a\tb", "a\\b", '"', "NULL", "N/A", "-", "n/a; Sun",
    "e\u0301cole", "line\nbreak", "\x07bell", "none", "Unknown", " ; ", "^", "cop:Childcare",
]  # fmt: skip
"""Texts that one field takes and another refuses."""


def rows(seed: int, count: int) -> list[dict[str, str]]:
    """Make rows in which one to three cells are odd, or a random value of their list."""
    chance = random.Random(seed)
    fields = [field for field in case_record().fields if field.key != "id"]
    made = []
    for number in range(count):
        row = GOOD | {"id": f"x{number}"}
        for field in chance.choices(fields, k=chance.choice((1, 1, 2, 3))):
            listed = field.choices and chance.random() < 0.4
            row[field.key] = chance.choice(field.choices).label() if listed else chance.choice(ODD)
        made.append(row)
    return made


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.sampled
def test_a_sheet_and_its_rdf_are_judged_alike(tmp_path: Path, seed: int) -> None:
    made = rows(seed, 1000)
    sheet, graph = tmp_path / "rows.csv", tmp_path / "rows.nt"
    with sheet.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [field.key for field in case_record().fields])
        writer.writeheader()
        writer.writerows(made)
    source = read_cases(sheet, Reading(base=BASE))
    organisations: dict[str, str] = {}
    with graph.open("w", encoding="utf-8") as file:
        cases = list(source.cases())
        for case in cases:
            file.write(case.statements)
            organisations |= dict(case.organisations)
        for node, name in organisations.items():
            file.write(organisation_statements(node, name))
    assert all(
        len(set(case.statements.splitlines())) == case.statements.count("\n") for case in cases
    ), "each statement once"
    assert source.read == len(made) and len(cases) > 300, "else the test says nothing"
    accepted = {case.row: case.iri for case in cases}
    judged = check_cases(graph)
    assert judged.read == len(cases)
    assert [p for p in judged.problems if p.level == "error"] == []
    rules = {rule.shape for rule in case_record().rules}
    by_sheet = {
        (accepted[p.row], p.rule) for p in source.problems if p.row in accepted and p.rule in rules
    }
    by_graph = {(p.cell, p.rule) for p in judged.problems if p.rule in rules}
    assert by_sheet == by_graph
