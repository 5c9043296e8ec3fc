"""Disjoint classes: all roots are declared, a thing in two of them is named, and nothing else."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

import coproduction
from coproduction.knowledge.disjointness import disjoint_classes
from coproduction.names import COP, DCTERMS, DISJOINTNESS, FOAF, OWL, RDF, RDFS
from coproduction.reasoning.inference import classify
from coproduction.resources import data_dir
from coproduction.store.embedded import EmbeddedStore

from ..conftest import Run
from ..tools import require_jars, require_java, require_module

FAULTS = Path(__file__).parents[1] / "faults-cases"
LISTS = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?list ?class WHERE { ?list a owl:AllDisjointClasses ; owl:members/rdf:rest*/rdf:first ?class }
"""
CLASSES = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?class ?above WHERE {
  ?class a owl:Class
  FILTER(STRSTARTS(STR(?class), "https://w3id.org/coproduction#"))
  FILTER NOT EXISTS { ?class owl:deprecated true }
  FILTER NOT EXISTS { ?class owl:equivalentClass/(owl:intersectionOf|owl:unionOf) ?parts }
  OPTIONAL { ?class rdfs:subClassOf ?above FILTER(isIRI(?above)) }
}
"""


def lists() -> list[set[str]]:
    store = ox.Store()
    store.load(path=data_dir("ontology") / DISJOINTNESS, format=ox.RdfFormat.TURTLE)
    found: dict[str, set[str]] = {}
    answer = store.query(LISTS)
    assert isinstance(answer, ox.QuerySolutions)
    for row in answer:
        found.setdefault(str(row["list"]), set()).add(row["class"].value)  # type: ignore[union-attr]
    return list(found.values())


def classes_above() -> dict[str, str]:
    """Give each class of ours with a class above it, or an empty text."""
    answer = EmbeddedStore.packaged().query(CLASSES)
    assert isinstance(answer, ox.QuerySolutions)
    return {row["class"].value: row["above"].value if row["above"] else "" for row in answer}  # type: ignore[union-attr]


def test_all_root_classes_are_disjoint() -> None:
    roots = {name for name, above in classes_above().items() if not above}
    assert 10 < len(roots) < 20
    foreign = {DCTERMS + "Location", FOAF + "Organization", FOAF + "Person"}
    assert roots | foreign in lists()
    store = ox.Store()
    store.load(path=data_dir("ontology") / DISJOINTNESS, format=ox.RdfFormat.TURTLE)
    publication = ox.NamedNode(DCTERMS + "BibliographicResource")
    apart = store.quads_for_pattern(publication, ox.NamedNode(OWL + "disjointWith"), None)
    named = {str(getattr(quad.object, "value", "")) for quad in apart}
    assert named == (roots | foreign) - {COP + "SourceDocument"}, "a source may be a publication"


@pytest.mark.parametrize(
    "parent",
    [
        "ControlledValue",
        "LiteratureRecord",
        "LiteratureValue",
        "ParticipationValue",
        "ReadingStatement",
        "RecordValue",
        "RelationValue",
        "RightsValue",
        "ScaleValue",
        "SourceStatement",
    ],
)
def test_the_classes_below_are_disjoint(parent: str) -> None:
    assert {name for name, above in classes_above().items() if above == COP + parent} in lists()


def test_the_tree_of_classes_is_one_that_a_newcomer_can_oversee() -> None:
    """Three levels at most, but for what conditions define, and a dozen names or so on each."""
    above = classes_above()

    def depth(name: str) -> int:
        return 1 + (depth(above[name]) if above.get(name) else 0)  # one may stand under another's

    assert max(map(depth, above)) == 3
    below = Counter(above.values())
    most = {parent.removeprefix(COP): number for parent, number in below.items() if number > 13}
    assert most == {"ParticipationValue": 15}


def test_no_two_classes_of_ours_share_a_member_but_one_above_the_other() -> None:
    """The aspects of an organisation form are no kinds of it: a value can stand under several."""
    rows = coproduction.open(cases=True).query(
        """SELECT DISTINCT ?x ?a ?b WHERE {
          ?x a ?a , ?b
          FILTER(STRSTARTS(STR(?a), STR(cop:)) && STRSTARTS(STR(?b), STR(cop:)))
          FILTER(STR(?a) < STR(?b))
          FILTER NOT EXISTS { ?a rdfs:subClassOf* ?b }
          FILTER NOT EXISTS { ?b rdfs:subClassOf* ?a }
          FILTER NOT EXISTS { ?a rdfs:subClassOf ?of . ?b rdfs:subClassOf ?of
            VALUES ?of { cop:OrganisationForm } }
        }"""
    )
    assert [dict(row) for row in rows.rows] == []


def disjoint_in(graph: rdflib.Graph) -> set[frozenset[str]]:
    """Give which classes a graph says to be disjoint, pair by pair or list by list."""
    found = {frozenset(map(str, pair)) for pair in graph.subject_objects(rdflib.OWL.disjointWith)}
    for each in graph.subjects(rdflib.RDF.type, rdflib.OWL.AllDisjointClasses):
        members = graph.value(each, rdflib.OWL.members)
        found.add(frozenset(map(str, graph.items(members))))
    return found


@pytest.mark.slow
def test_each_axiom_of_the_file_is_in_the_export() -> None:
    file = rdflib.Graph().parse(data_dir("ontology") / DISJOINTNESS)
    told = disjoint_in(file)
    assert sum(len(each) == 2 for each in told) > 14 and len(told) > 20
    exported = coproduction.open().export("nt")
    assert disjoint_in(rdflib.Graph().parse(data=exported, format="nt")) == told
    given = "".join(f"{triple} .\n" for triple in disjoint_classes())
    assert disjoint_in(rdflib.Graph().parse(data=given, format="nt")) == told


@pytest.mark.slow
@pytest.mark.parametrize(
    ("classes", "axiom"),
    [
        (f"<{COP}Rubric> , <{COP}ServiceType>", ("AllDisjointClasses", "DisjointClasses")),
        (f"<{COP}Case> , <{DCTERMS}BibliographicResource>", ("disjoint",)),
    ],
    ids=["rubric-and-service", "case-and-publication"],
)
def test_a_thing_in_two_root_classes_is_named(
    tmp_path: Path, run: Run, classes: str, axiom: tuple[str, ...]
) -> None:
    require_java()
    require_jars()
    require_module("jpype", "pip install JPype1")
    planted = tmp_path / "planted.ttl"
    planted.write_text(
        f'<https://example.org/both> <{RDF}type> {classes} ; <{RDFS}label> "planted thing"@en .',
        encoding="utf-8",
    )
    told = run("check", "--reasoner", "hermit", "--cases", "--data", str(planted))
    assert told.code == 1
    assert "planted thing" in told.out and "https://example.org/both" in told.out
    assert told.out.splitlines()[1].startswith("https://example.org/both,planted thing,")
    assert any(name.casefold() in told.out.casefold() for name in axiom)


@pytest.mark.parametrize(
    ("fault", "node", "cases"),
    [
        ("Rule-observationIsNothingElse", "case/toy/observation/1984", 3),
        ("Rule-normIsNothingElse", "norm/toy", 4),
        ("Rule-caseIsNothingElse--organisation", "case/toy", 3),
        ("Rule-caseIsNothingElse--publication", "case/toy", 3),
    ],
)
@pytest.mark.sampled
def test_what_is_two_things_at_once_is_told_and_set_aside_alone(
    tmp_path: Path, run: Run, fault: str, node: str, cases: int
) -> None:
    """A wrong observation spoils its case, a wrong norm nothing else."""
    good = (FAULTS / "valid.ttl").read_text(encoding="utf-8")
    both = tmp_path / "both.ttl"
    both.write_text(good + (FAULTS / f"{fault}.ttl").read_text(encoding="utf-8"), encoding="utf-8")
    told = run("validate", str(both), "--base", "https://example.org/", "--format", "csv")
    assert told.code == 1
    assert f"https://example.org/{node}" in told.out and fault.partition("--")[0] in told.out
    store = tmp_path / "store"
    run("load", str(both), "--store", str(store), "--base", "https://example.org/")
    kg = coproduction.open(store=store)
    kept = "SELECT ?c WHERE { ?c a cop:Case FILTER(STRSTARTS(STR(?c), 'https://example.org/')) }"
    assert len(kg.query(kept).rows) == cases
    about = f"SELECT ?o WHERE {{ <https://example.org/{node}> a ?o }}"
    assert kg.query(about).rows == []


@pytest.mark.slow
def test_a_wrong_statement_spoils_its_case_alone(tmp_path: Path, run: Run) -> None:
    faulty = (FAULTS / "Rule-caseIsNothingElse.ttl").read_text(encoding="utf-8")
    good = (FAULTS / "valid.ttl").read_text(encoding="utf-8")
    both = tmp_path / "both.ttl"
    both.write_text(good + faulty.replace("case/toy", "case/two-things"), encoding="utf-8")
    before = run("validate", str(both), "--base", "https://example.org/")
    assert before.code == 1 and "two-things" in before.out
    store = tmp_path / "store"
    done = run("load", str(both), "--store", str(store), "--base", "https://example.org/")
    assert "set aside" in done.err
    kg = coproduction.open(store=store)
    cases = [str(row["c"]) for row in kg.query("SELECT ?c WHERE { ?c a cop:Case }").rows]
    assert cases and not [iri for iri in cases if iri.endswith("two-things")]
    # What stands in no case goes in, and makes no rule and no reasoner give all up.
    require_java()
    require_module("owlready2")
    stray = tmp_path / "stray.ttl"
    stray.write_text(
        (data_dir("cases") / "stil.ttl").read_text(encoding="utf-8")
        + f"<https://example.org/both> a <{COP}Rubric> , <{COP}ServiceType> .",
        encoding="utf-8",
    )
    assert run("load", str(stray), "--store", str(store)).code == 0
    by_rules = classify(store)
    assert by_rules > 0 and classify(store, "hermit") == by_rules


def test_no_store_and_no_query_has_them() -> None:
    store = EmbeddedStore.packaged()
    assert not store.holds(
        None, ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + "AllDisjointClasses")
    )
    texts = [path.read_text(encoding="utf-8") for path in data_dir("queries").rglob("*.rq")]
    assert len(texts) > 100
    assert [text for text in texts if "isjoint" in text] == []
