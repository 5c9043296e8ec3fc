"""The numbers that docs/protege.md tells of the export, which its pictures show, are those of today."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.names import OWL, RDF

PAGE = (Path(__file__).parents[2] / "docs" / "protege.md").read_text(encoding="utf-8")
TYPE = ox.NamedNode(RDF + "type")
NUMBERS = {
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16,
}  # fmt: skip


@pytest.fixture(scope="module")
def merged() -> ox.Store:
    """The merged file, read again."""
    store = ox.Store()
    store.load(coproduction.open().export("owl"), format=ox.RdfFormat.RDF_XML)
    return store


def of_kind(store: ox.Store, kind: str) -> set[str]:
    """Give the entities with a name that are declared as a kind."""
    found = store.quads_for_pattern(None, TYPE, ox.NamedNode(OWL + kind), None)
    return {quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)}


def told(pattern: str) -> int:
    """Give the number that the page tells, as digits or as a word."""
    found = re.search(pattern, " ".join(PAGE.split()))
    assert found is not None, pattern
    word = found[1].lower()
    return NUMBERS[word] if word in NUMBERS else int(word)


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [
        (r"(\d+) classes", "Class"),
        (r"(\d+) object properties", "ObjectProperty"),
        (r"(\d+) data properties", "DatatypeProperty"),
        (r"(\d+) individuals", "NamedIndividual"),
    ],
)
def test_the_picture_of_the_metrics_is_told_as_it_is(
    merged: ox.Store, pattern: str, kind: str
) -> None:
    again = "if it is another now, take the pictures again: see tests/reasoning/test_protege.py"
    assert told(pattern) == len(of_kind(merged, kind)), again


def test_so_are_the_individuals_under_no_class(merged: ox.Store) -> None:
    classes = of_kind(merged, "Class")
    individuals = of_kind(merged, "NamedIndividual")
    without = {
        iri
        for iri in individuals
        if all(
            quad.object.value.startswith(OWL)
            for quad in merged.quads_for_pattern(ox.NamedNode(iri), TYPE, None, None)
            if isinstance(quad.object, ox.NamedNode)
        )
    }
    assert told(r"(\w+) individuals, such as \*Arnstein rung\*") == len(without)
    assert without == classes & individuals


def test_so_are_the_instances_of_the_query(cases: coproduction.KnowledgeGraph) -> None:
    text = (
        "SELECT DISTINCT ?case { ?case a cop:Case ; cop:hasParticipationLevel ?level . "
        "cop:MediumParticipation cop:isDirectlyBelow+ ?level }"
    )
    assert told(r"(\w+) cases as its instances") == len(cases.query(text))
