"""The ontology's files, read as text: who looks for a term finds one block, in one place."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from coproduction.names import (
    COP,
    DCTERMS,
    DISJOINTNESS,
    GRAPH,
    ONTOLOGY_IRI,
    OWL,
    PACKAGED_GRAPHS,
    RDF,
    RDFS,
    TERMS,
)
from coproduction.resources import data_dir

FOLDER = data_dir("ontology")
FILES = {name: FOLDER / file for name, file in PACKAGED_GRAPHS.items()}
MODULES = FILES | {"disjointness": FOLDER / DISJOINTNESS}
TURTLE = sorted(p for kind in ("ontology", "shapes", "cases") for p in data_dir(kind).glob("*.ttl"))
SUBJECT = re.compile(r"^(<[^>]*>|[\w-]+:[\w-]+)(?=\s|$)")
TYPE = ox.NamedNode(RDF + "type")
DESCRIBED_BY = (RDF + "type", RDFS + "label", "http://www.w3.org/2004/02/skos/core#definition")


def blocks(path: Path) -> Iterator[tuple[str, str]]:
    """Give the section and the subject of each block: a block begins at the start of a line."""
    prefixes: dict[str, str] = {}
    section = ""
    lines = path.read_text(encoding="utf-8").splitlines()
    for before, line, after in zip(["", *lines], lines, [*lines[1:], ""], strict=False):
        prefix = re.match(r"@prefix ([\w-]*): <(.*)> \.", line)
        if prefix:
            prefixes[prefix[1]] = prefix[2]
        if before.startswith("# ---") and line.startswith("# ") and after.startswith("#"):
            section = line.removeprefix("# ")
        subject = SUBJECT.match(line)
        if subject:
            name = subject[1]
            local = name.partition(":")
            yield section, name[1:-1] if name[0] == "<" else prefixes[local[0]] + local[2]


def triples(path: Path) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)]


def types(path: Path) -> dict[str, set[str]]:
    """Give the classes of each named subject."""
    found: dict[str, set[str]] = defaultdict(set)
    for triple in triples(path):
        if triple.predicate == TYPE and isinstance(triple.subject, ox.NamedNode):
            assert isinstance(triple.object, ox.NamedNode)
            found[triple.subject.value].add(triple.object.value)
    return found


def borrowed(path: Path) -> set[str]:
    """Give the annotation properties that a file declares, for it imports nothing, and no more."""
    said = Counter(t.subject.value for t in triples(path) if isinstance(t.subject, ox.NamedNode))
    return {
        iri
        for iri, kinds in types(path).items()
        if kinds == {OWL + "AnnotationProperty"} and said[iri] == 1
    }


@pytest.mark.parametrize("path", TURTLE, ids=lambda path: path.name)
def test_each_subject_is_one_block(path: Path) -> None:
    counted = Counter(subject for _, subject in blocks(path))
    assert [subject for subject, count in counted.items() if count > 1] == []
    named = {t.subject.value for t in triples(path) if isinstance(t.subject, ox.NamedNode)}
    assert set(counted) == named, "a block begins at the start of a line, and nothing else does"


def test_each_term_is_described_in_one_file() -> None:
    files: dict[str, set[str]] = defaultdict(set)
    for name, path in FILES.items():
        declared = borrowed(path)
        for triple in triples(path):
            subject = triple.subject
            is_ours = isinstance(subject, ox.NamedNode) and subject.value.startswith(COP)
            if (
                is_ours
                and subject.value not in declared
                and (name in TERMS or triple.predicate.value in DESCRIBED_BY)
            ):
                files[subject.value].add(name)
    assert len(files) > 400
    assert {term: names for term, names in files.items() if len(names) > 1} == {}


def test_classes_and_properties_values_and_concepts_stand_apart() -> None:
    concept, individual = COP + "TheoreticalConcept", OWL + "NamedIndividual"
    of_file = {
        name: {iri: kinds for iri, kinds in types(FILES[name]).items() if iri.startswith(COP)}
        for name in TERMS
    }
    for name in ("ontology", "toolkit"):
        assert [iri for iri, kinds in of_file[name].items() if individual in kinds] == []
    for name in ("values", "concepts"):
        assert [iri for iri, kinds in of_file[name].items() if individual not in kinds] == []
        for iri, kinds in of_file[name].items():
            assert (concept in kinds) == (name == "concepts"), iri


def test_classes_and_properties_stand_in_sections_of_their_own() -> None:
    kinds = types(FILES["ontology"])
    classes = {iri for iri in kinds if OWL + "Class" in kinds[iri] and iri.startswith(COP)}
    for section, subject in blocks(FILES["ontology"]):
        if subject.startswith(COP):
            belongs = "a class" if subject in classes else "no class"
            right = "'Classes: ...'" if subject in classes else "properties, which come before them"
            assert (subject in classes) == section.startswith("Classes: "), (
                f"cop:{subject.removeprefix(COP)} is {belongs} and stands in coproduction.ttl in "
                f"the section '{section}': move its block into one of the sections of {right}"
            )


def test_the_values_of_a_class_stand_in_one_section() -> None:
    section_of = {subject: section for section, subject in blocks(FILES["values"])}
    sections: dict[str, set[str]] = defaultdict(set)
    for iri, kinds in types(FILES["values"]).items():
        # A value of two classes stands with those of either.
        ours = sorted(kind for kind in kinds if kind.startswith(COP))
        if len(ours) == 1:
            sections[ours[0]].add(section_of[iri])
    assert len(sections) > 20
    assert {kind: where for kind, where in sections.items() if len(where) > 1} == {}


def test_the_catalog_leads_to_each_module_and_imports_to_nothing_else() -> None:
    modules = {ONTOLOGY_IRI if n == "ontology" else GRAPH + n: p for n, p in MODULES.items()}
    catalog = ElementTree.parse(FOLDER / "catalog-v001.xml").getroot()
    assert {uri.get("name"): FOLDER / str(uri.get("uri")) for uri in catalog} == modules
    imports = {
        iri: {t.object.value for t in triples(path) if t.predicate.value == OWL + "imports"}  # type: ignore[union-attr]
        for iri, path in modules.items()
    }
    for iri, imported in imports.items():
        assert imported <= set(modules) - {iri, GRAPH + "toolkit", GRAPH + "disjointness"}
    assert imports[ONTOLOGY_IRI] == imports[GRAPH + "toolkit"] == set()
    for name in ("values", "concepts"):
        assert imports[GRAPH + name] == {ONTOLOGY_IRI}


def test_nothing_that_is_known_of_services_uses_the_terms_of_the_toolkit() -> None:
    path = FILES["toolkit"]
    own = {iri for iri in types(path) if iri.startswith(COP)} - borrowed(path)
    assert len(own) >= 3
    assert {iri for iri in borrowed(path) if iri.startswith(COP)} == {COP + "unreviewedLabel"}
    paths = [path for name, path in FILES.items() if name != "toolkit"]
    paths += sorted(data_dir("cases").glob("*.ttl"))
    for path in paths:
        used = {
            getattr(node, "value", "")
            for triple in triples(path)
            for node in (triple.subject, triple.predicate, triple.object)
        }
        assert used & own == set(), path.name


def test_a_deprecated_term_names_what_replaces_it() -> None:
    store = ox.Store()
    for path in FILES.values():
        store.load(path=path, format=ox.RdfFormat.TURTLE)
    deprecated = {
        quad.subject
        for quad in store.quads_for_pattern(None, ox.NamedNode(OWL + "deprecated"), None)
    }
    assert len(deprecated) == 6
    for node in deprecated:
        (replaced,) = store.quads_for_pattern(node, ox.NamedNode(DCTERMS + "isReplacedBy"), None)
        by = replaced.object
        assert isinstance(by, ox.NamedNode) and by not in deprecated
        declared = next(iter(store.quads_for_pattern(by, TYPE, None)), None)
        assert declared or by.value.startswith(OWL), by
