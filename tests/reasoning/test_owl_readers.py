"""Every OWL tool reads the same axioms in the merged file, and every RDF library the same triples.

OWLAPI 4.5, with which Protégé reads, and 5.1, owlready2, py-horned-owl, rdflib and pyoxigraph.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib

from coproduction.export.graphs import export
from coproduction.knowledge.disjointness import disjoint_classes
from coproduction.names import OWL
from coproduction.store.embedded import EmbeddedStore

from ..tools import require_from_maven, require_jars, require_module

pytestmark = pytest.mark.slow

OWLAPI_4 = "4.5.29"


@pytest.fixture(scope="module")
def old_jars(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """OWLAPI 4.5 and what it needs, fetched by Maven (which keeps them), or skip."""
    distribution = f"net.sourceforge.owlapi:owlapi-distribution:{OWLAPI_4}"
    return require_from_maven(tmp_path_factory.mktemp("owlapi4"), distribution)


@pytest.fixture(scope="module")
def new_jars() -> Path:
    """OWLAPI 5.1, or skip."""
    require_module("jpype", "pip install JPype1")
    return require_jars()[0].parent


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The merged file in Turtle and RDF/XML, the same with cases, and one out of OWL 2 DL."""
    folder = tmp_path_factory.mktemp("merged")
    packaged, with_cases = EmbeddedStore.packaged(), EmbeddedStore.packaged()
    with_cases.add_cases()
    found = []
    for name, store, form in (
        ("merged.ttl", packaged, "ttl"),
        ("merged.owl", packaged, "owl"),
        ("cases.owl", with_cases, "owl"),
    ):
        (folder / name).write_bytes(export(store, form))
        found.append(str(folder / name))
    faulty = folder / "faulty.ttl"
    faulty.write_text(
        "@prefix owl: <http://www.w3.org/2002/07/owl#> . <urn:x:o> a owl:Ontology . <urn:x:p> "
        "a owl:ObjectProperty , owl:TransitiveProperty , owl:AsymmetricProperty .",
        encoding="utf-8",
    )
    return [*found, str(faulty)]


def read_by(jars: Path, files: list[str]) -> dict[str, Any]:
    script = Path(__file__).with_name("owlapi_counts.py")
    done = subprocess.run(
        [sys.executable, str(script), str(jars), *files], capture_output=True, text=True, check=True
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.fixture(scope="module")
def read(new_jars: Path, files: list[str]) -> dict[str, Any]:
    """What OWLAPI 5.1 reads in the merged file in RDF/XML, which the others are held against."""
    first: dict[str, Any] = read_by(new_jars, [files[1]])["files"][0]
    return first


def test_both_releases_read_the_same_axioms(
    old_jars: Path, new_jars: Path, files: list[str]
) -> None:
    old, new = read_by(old_jars, files), read_by(new_jars, files)
    assert old["release"].startswith("4.5.") and new["release"].startswith("5.1.")
    *whole, old_fault = old["files"]
    *whole_in_new, new_fault = new["files"]
    assert whole == whole_in_new
    assert old_fault["violations"] and new_fault["violations"], "both judge"
    turtle, xml, with_cases = whole
    assert turtle == xml and with_cases["logical"] > turtle["logical"] > 1000
    for read in whole:
        assert read["violations"] == []
        assert read["kinds"]["DisjointClasses"], "what is disjoint is in the merged file"
        assert (
            read["axioms"]
            > read["logical"]
            == sum(count for kind, count in read["kinds"].items() if kind not in NO_LOGIC)
        )


NO_LOGIC = {"Declaration", "AnnotationAssertion", "AnnotationPropertyDomain"}
NO_LOGIC |= {"AnnotationPropertyRangeOf", "SubAnnotationPropertyOf"}
"""Kinds of axioms that no reasoner looks at, as OWLAPI calls them."""


def test_every_entity_is_declared(read: dict[str, Any]) -> None:
    assert sum(read["entities"].values()) == read["kinds"]["Declaration"]


@pytest.mark.parametrize("form", [0, 1], ids=["ttl", "owl"])
def test_py_horned_owl_reads_the_same_axioms(
    read: dict[str, Any], files: list[str], form: int
) -> None:
    horned = require_module("pyhornedowl", "pip install py-horned-owl")
    ontology = horned.open_ontology(files[form])
    kinds = Counter(type(axiom.component).__name__ for axiom in ontology.get_axioms())
    # It counts the annotations of the header too, and each kind of declaration apart.
    del kinds["OntologyAnnotation"]
    for kind in [kind for kind in kinds if kind.startswith("Declare")]:
        kinds["Declaration"] += kinds.pop(kind)
    due = Counter(read["kinds"])
    due["SubObjectPropertyOf"] += due.pop("SubPropertyChainOf")
    due["IrreflexiveObjectProperty"] = due.pop("IrrefexiveObjectProperty")
    # Its reader of RDF passes over owl:AllDisjointClasses (phillord/horned-owl, pull request 289).
    pairs = sum(triple.predicate.value == OWL + "disjointWith" for triple in disjoint_classes())
    assert kinds.pop("DisjointClasses", 0) in (pairs, due["DisjointClasses"])
    del due["DisjointClasses"]
    assert kinds == due
    assert len(ontology.get_named_individuals()) == read["entities"]["NamedIndividual"]


def test_owlready2_reads_the_same_entities(read: dict[str, Any], files: list[str]) -> None:
    owlready = require_module("owlready2", "pip install 'coproduction[reasoning]'")
    world = owlready.World()
    world.get_ontology(Path(files[1]).as_uri()).load()
    # What is a class and an individual is a class in owlready2, and no individual.
    triples = ox.parse(path=files[1], format=ox.RdfFormat.RDF_XML)
    kinds = [each.subject for each in triples if str(each.object) in (CLASS, INDIVIDUAL)]
    puns = sum(count == 2 for count in Counter(kinds).values())
    assert {
        "Class": len(list(world.classes())),
        "ObjectProperty": len(list(world.object_properties())),
        "DatatypeProperty": len(list(world.data_properties())),
        "AnnotationProperty": len(list(world.annotation_properties())),
        "NamedIndividual": len(list(world.individuals())) + puns,
    } == read["entities"]


@pytest.mark.parametrize(("form", "name"), [(0, "turtle"), (1, "xml")])
def test_rdf_libraries_read_the_same_triples(
    read: dict[str, Any], files: list[str], form: int, name: str
) -> None:
    graph = rdflib.Graph().parse(files[form], format=name)
    engine = ox.Store()
    engine.load(path=files[form], format=(ox.RdfFormat.TURTLE, ox.RdfFormat.RDF_XML)[form])
    assert len(graph) == len(engine) > read["axioms"]
    for kind, count in read["entities"].items():
        named = {
            thing
            for thing in graph.subjects(rdflib.RDF.type, rdflib.OWL[kind])
            if isinstance(thing, rdflib.URIRef)
        }
        assert len(named) == count, kind


CLASS, INDIVIDUAL = (f"<{rdflib.OWL[name]}>" for name in ("Class", "NamedIndividual"))
