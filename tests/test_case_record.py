"""The case record: every shape has a case that trips it, and both validators say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from coproduction.constraints import constraints, validate_store
from coproduction.loading import check_table
from coproduction.names import COPSH
from coproduction.resources import data_dir
from coproduction.shapes import LANGUAGES, case_record
from coproduction.store import Store
from coproduction.validation import read_turtle, validate

FAULTS = sorted((Path(__file__).parent / "faults-cases").glob("*.ttl"))
SHAPES = data_dir("shapes") / "case-record.ttl"
ONTOLOGY = [data_dir("ontology") / name for name in ("coproduction.ttl", "literature.ttl")]


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return read_turtle(ONTOLOGY)


def with_packaged(*files: Path) -> Store:
    store = Store.packaged()
    for file in files:
        store.inner.load(
            path=file,
            format=ox.RdfFormat.TURTLE,
            base_iri=file.resolve().as_uri(),
            to_graph=ox.NamedNode("https://example.org/data"),
        )
    return store


@pytest.mark.parametrize("path", FAULTS, ids=lambda path: path.stem)
def test_the_fast_validator_and_the_judge_agree(path: Path, ontology: rdflib.Graph) -> None:
    judged = validate(read_turtle(path), SHAPES, ontology=ontology)
    found = validate_store(with_packaged(path))
    key = ("focus", "path", "severity", "shape")

    def rows(findings) -> set[tuple[str, ...]]:
        return {
            tuple(re.sub(r"^_:.*", "_:", getattr(finding, name)) for name in key)
            for finding in findings
        }

    assert rows(found) == rows(judged)
    trips = re.search(r"^# Trips: (\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    shapes = {finding.shape for finding in found}
    expected = trips[1].removeprefix("copsh:") if trips else "nothing"
    assert shapes == (set() if expected == "nothing" else {COPSH + expected})


def test_every_shape_has_a_case_that_trips_it() -> None:
    tripped = {path.stem.partition("--")[0] for path in FAULTS}
    shapes = {c.shape.removeprefix(COPSH) for c in constraints()}
    assert shapes <= tripped


def test_every_column_has_names_help_and_message() -> None:
    fields = case_record().fields
    assert len(fields) == 50
    for field in fields:
        assert set(field.names) >= set(LANGUAGES), field.key
        assert set(field.descriptions) >= set(LANGUAGES), field.key
        assert field.message, field.key
        for choice in field.choices:
            assert set(choice.labels) >= set(LANGUAGES), (field.key, choice.iri)


def test_no_two_columns_share_a_name() -> None:
    for lang in LANGUAGES:
        names = [field.name(lang).casefold() for field in case_record().fields]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("sector", case_record().field("sector").choices, ids=lambda c: c.iri[31:])
def test_no_shape_ties_the_level_to_the_sector(sector, tmp_path: Path) -> None:
    """Every level may go with every sector: that only some do is a claim, to be tested."""
    columns = (
        "id,title,summary,service,country,start_year,provider,sector,participants,contributions,"
        "decision_rights,intensity,source"
    )
    rows = [
        f"c{number},T,S,housing,SE,1990,A;B,{sector.label()},client in person,core work,"
        f"{rights.label()},sporadic and distant,https://example.org"
        for number, rights in enumerate(case_record().field("decision_rights").choices)
    ]
    path = tmp_path / "cases.csv"
    path.write_text("\n".join([columns, *rows]), encoding="utf-8")
    outcome = check_table(path)
    assert (outcome.problems, outcome.loaded) == ([], 7)
