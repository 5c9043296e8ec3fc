"""What a property leads from and to: said in OWL, or a note says why not."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from coproduction.names import COP, OWL, RDF, RDFS, SKOS
from coproduction.store.embedded import EmbeddedStore

TYPE = ox.NamedNode(RDF + "type")
NOTE = ox.NamedNode(SKOS + "editorialNote")


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    store = EmbeddedStore.packaged()
    store.add_cases()
    return store


def of_kind(store: EmbeddedStore, *kinds: str) -> list[ox.NamedNode]:
    """Give the properties of this ontology that are of a kind of OWL."""
    found = {
        quad.subject
        for kind in kinds
        for quad in store.statements(None, TYPE, ox.NamedNode(OWL + kind))
    }
    ours = [node for node in found if isinstance(node, ox.NamedNode) and node.value.startswith(COP)]
    return sorted(ours, key=lambda node: node.value)


def notes(store: EmbeddedStore, node: ox.NamedNode) -> list[str]:
    return [str(getattr(quad.object, "value", "")) for quad in store.statements(node, NOTE)]


@pytest.mark.parametrize(("end", "words"), [("domain", "No domain"), ("range", "No range")])
def test_each_property_has_an_end_or_says_why_not(
    store: EmbeddedStore, end: str, words: str
) -> None:
    properties = of_kind(store, "ObjectProperty", "DatatypeProperty")
    assert len(properties) > 100
    silent, twice = [], []
    for node in properties:
        stated = list(store.statements(node, ox.NamedNode(RDFS + end)))
        excused = any(
            note.startswith((f"{words}:", f"{words} and")) or f"and no {end}:" in note
            for note in notes(store, node)
        )
        if not stated and not excused:
            silent.append(node.value)
        if stated and excused:
            twice.append(node.value)
    assert silent == [], f"give rdfs:{end}, or a skos:editorialNote that begins {words + ':'!r}"
    assert twice == []


def test_an_annotation_with_values_of_several_kinds_says_so(store: EmbeddedStore) -> None:
    """OWL gives annotation properties no ends to reason with: whoever reads them is told."""
    individual = ox.NamedNode(OWL + "NamedIndividual")
    mixed = set()
    for node in of_kind(store, "AnnotationProperty"):
        kinds = {
            quad.object
            for statement in store.statements(None, node)
            if isinstance(statement.object, ox.NamedNode)
            for quad in store.statements(statement.object, TYPE)
        }
        if len(kinds - {individual}) > 1 or ox.NamedNode(OWL + "ObjectProperty") in kinds:
            mixed.add(node)
    assert len(mixed) > 8
    silent = [
        node.value
        for node in mixed
        if not any(note.startswith("An annotation property, for") for note in notes(store, node))
    ]
    assert silent == []


@pytest.mark.parametrize("end", ["domain", "range"])
def test_no_end_is_narrower_than_the_data(store: EmbeddedStore, end: str) -> None:
    """The packaged graphs and cases say of each node a class that the property allows."""
    above = ox.NamedNode(RDFS + "subClassOf")

    def upwards(kind: object) -> set[object]:
        found, waiting = {kind}, [kind]
        while waiting:
            for quad in store.statements(waiting.pop(), above):
                if quad.object not in found:
                    found.add(quad.object)
                    waiting.append(quad.object)
        return found

    classes = {quad.object for quad in store.statements(None, TYPE)}
    all_above = {kind: upwards(kind) for kind in classes}
    wrong, seen = [], 0
    for node in of_kind(store, "ObjectProperty", "DatatypeProperty"):
        for stated in store.statements(node, ox.NamedNode(RDFS + end)):
            allowed = {stated.object, *parts(store, stated.object)}
            for statement in store.statements(None, node):
                which = statement.subject if end == "domain" else statement.object
                if isinstance(which, ox.Literal):
                    continue
                kinds = {quad.object for quad in store.statements(which, TYPE)}
                seen += 1
                if not any(all_above[kind] & allowed for kind in kinds):
                    wrong.append((node.value, str(which)))
    assert seen > 500
    assert wrong == []


def parts(store: EmbeddedStore, kind: object) -> list[object]:
    """Give the classes that a class is the union of."""
    (head,) = store.values(kind, OWL + "unionOf") or [None]
    found = []
    while isinstance(head, ox.BlankNode):
        found += store.values(head, RDF + "first")
        head = next(iter(store.values(head, RDF + "rest")), None)
    return found


@pytest.mark.parametrize("end", ["domain", "range"])
def test_what_all_parts_of_a_union_are_is_stated_beside_it(store: EmbeddedStore, end: str) -> None:
    """A reasoner goes on from a union of lists to the class of all lists; rules read no unions."""
    answer = store.query(
        f"""SELECT DISTINCT ?p ?class WHERE {{
          ?p rdfs:{end} ?union . ?union owl:unionOf ?list .
          ?list rdf:first/rdfs:subClassOf+ ?class . ?class a owl:Class FILTER(isIRI(?class))
          FILTER NOT EXISTS {{ ?list rdf:rest*/rdf:first ?part
            FILTER NOT EXISTS {{ ?part rdfs:subClassOf+ ?class }} }}
          FILTER NOT EXISTS {{ ?p rdfs:{end}/rdfs:subClassOf* ?class }} }}"""
    )
    assert isinstance(answer, ox.QuerySolutions)
    assert [(row["p"].value, row["class"].value) for row in answer] == []  # type: ignore[union-attr]
