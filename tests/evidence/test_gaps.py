"""What is wanted of claims is the same whether they are counted first or looked through at once."""

from __future__ import annotations

import random
from pathlib import Path

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.cases.loading import load
from coproduction.evidence import gaps as room
from coproduction.evidence import statuses
from coproduction.evidence.claims import claim_tests
from coproduction.evidence.gaps import gaps
from coproduction.evidence.ledger import Evidence
from coproduction.evidence.recorded import values_by_row
from coproduction.evidence.undetermined import undetermined_rows
from coproduction.knowledge.case_record import case_record
from coproduction.names import COP, GRAPH, RDF

from ..cases.test_load import GOOD, sheet

FIELDS = [field for field in case_record().fields if field.choices and not field.parent]
YEARS = ("startYear", "endYear", "observedYear")
LOAD = ox.NamedNode(GRAPH + "load/1")


def some_cases(chance: random.Random, number: int) -> coproduction.KnowledgeGraph:
    """Give cases of few services; some properties are recorded of none, some of all."""
    kg = coproduction.open()
    often = {field.path: chance.choice((0.0, 0.3, 1.0)) for field in FIELDS}
    for place in range(number):
        node = ox.NamedNode(f"https://w3id.org/coproduction/id/case/{place}")
        said = [(RDF + "type", ox.NamedNode(COP + "Case"))]
        for field in FIELDS:
            if chance.random() < often[field.path]:
                few = chance.sample(field.choices[:4], chance.choice((1, 1, 2)))
                said += [(field.path, ox.NamedNode(choice.iri)) for choice in few]
        values = [(COP + year, ox.Literal(chance.randint(1990, 1992))) for year in YEARS]
        values.append((COP + "countryCode", ox.Literal(chance.choice(("SE", "FR")))))
        said += chance.sample(values, chance.randint(0, 4))
        kg.store.add(ox.Quad(node, ox.NamedNode(prop), value, LOAD) for prop, value in said)
    return kg


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_a_claim_is_counted_first_or_looked_through_at_once(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    store = some_cases(chance, chance.choice((3, 12, 40))).store
    found = []
    for is_seen in (True, False):
        monkeypatch.setattr(room, "_is_looked_through", lambda *_, is_seen=is_seen: is_seen)
        found.append(gaps(store))
    assert found[0] == found[1]
    assert any(gap.kind == "claim" for gap in found[0])


def test_rows_that_are_not_told_are_counted_with_the_first_of_them() -> None:
    store = some_cases(random.Random(7), 12).store
    ledger = Evidence(store)
    counted = {}
    for claim in ("C10", "C11", "C18", "C38", "C43"):
        test = claim_tests()[claim]
        seen = ledger.with_rows_found(claim).found["undetermined"]
        counted[claim] = undetermined_rows(ledger, test, ledger.attempt(claim))
        assert counted[claim] in (None, (len(seen), min(seen, default=""))), claim
    assert {claim for claim, found in counted.items() if found} >= {"C10", "C11", "C38"}
    assert any(found and found.number > 3 for found in counted.values())
    test = claim_tests()["C35"]
    assert undetermined_rows(ledger, test, ledger.attempt("C35")) is None


def test_what_is_recorded_of_many_is_what_is_recorded_of_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = some_cases(random.Random(7), 30).store
    ledger = Evidence(store)
    iris = [f"https://w3id.org/coproduction/id/case/{place}" for place in range(0, 40, 2)]
    monkeypatch.setattr(statuses, "_MANY", 10)
    of = ledger.statuses_of(claim_tests()["C35"])
    numbers = set()
    for field in FIELDS:
        found = of._with(field.path, set(iris))
        assert found == set(values_by_row(store, iris, None, field.path)), field.path
        numbers.add(len(found))
    assert min(numbers) == 0 and max(numbers) > 10


@pytest.mark.slow
def test_a_store_on_disk_has_the_gaps_of_one_in_memory(tmp_path: Path) -> None:
    load(sheet(tmp_path / "a.csv", GOOD), tmp_path / "store")
    on_disk = coproduction.open(store=tmp_path / "store")
    in_memory = coproduction.open(store=tmp_path / "store", in_memory=True)
    assert on_disk.gaps() == in_memory.gaps()
