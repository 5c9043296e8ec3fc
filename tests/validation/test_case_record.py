"""The case record: every shape has a case that trips it, and both validators say the same."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import SH

from coproduction.cases.loading import check_cases
from coproduction.knowledge.case_record import case_record
from coproduction.names import COPSH, LANGUAGES
from coproduction.resources import data_dir
from coproduction.store.embedded import EmbeddedStore
from coproduction.store.rdflib_graphs import read_turtle
from coproduction.validation.constraints import constraints, validate_store
from coproduction.validation.shacl import ShapeFinding, validate

from ..tools import TERM_FILES, some_quick

FAULTS = sorted((Path(__file__).parents[1] / "faults-cases").glob("*.ttl"))
SHAPES = data_dir("shapes") / "case-record.ttl"
ONTOLOGY = [*TERM_FILES, data_dir("ontology") / "literature.ttl"]


GRAPH_OF_DATA = ox.NamedNode("https://example.org/data")


def rows(findings: list[ShapeFinding]) -> set[tuple[str, ...]]:
    """Give what the validators have to agree on, with the names of blank nodes taken out."""
    key = ("focus", "path", "severity", "shape")
    return {
        tuple(re.sub(r"^_:.*", "_:", getattr(finding, name)) for name in key)
        for finding in findings
    }


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return read_turtle(ONTOLOGY)


def with_packaged(*files: Path) -> EmbeddedStore:
    store = EmbeddedStore.packaged()
    for file in files:
        store.inner.load(
            path=file,
            format=ox.RdfFormat.TURTLE,
            base_iri=file.resolve().as_uri(),
            to_graph=GRAPH_OF_DATA,
        )
    return store


@pytest.mark.parametrize("path", some_quick(FAULTS, 96), ids=lambda path: path.stem)
@pytest.mark.sampled
@pytest.mark.one_in(12)
def test_the_fast_validator_and_the_judge_agree(path: Path, ontology: rdflib.Graph) -> None:
    judged = validate(read_turtle(path), SHAPES, ontology=ontology)
    found = validate_store(with_packaged(path))
    assert rows(found) == rows(judged)
    trips = re.search(r"^# Trips: (\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    shapes = {finding.shape for finding in found}
    expected = trips[1].removeprefix("copsh:") if trips else "nothing"
    assert shapes == (set() if expected == "nothing" else {COPSH + expected})


def test_every_shape_has_a_case_that_trips_it() -> None:
    tripped = {path.stem.partition("--")[0] for path in FAULTS}
    shapes = {c.shape.removeprefix(COPSH) for c in constraints()}
    assert shapes <= tripped


ALONE = {
    "caseIsNothingElse": "cop:ServiceArrangement",
    "codingIsNothingElse": "cop:Coding",
    "observationIsNothingElse": "cop:Observation",
    "normIsNothingElse": "cop:Norm",
}
"""Rules of one query each, by the class beside which a thing may be of no other."""
NAMED_SO = {
    "en": ("organisation", "person", "place", "publication"),
    "sv": ("organisation", "person", "plats", "publikation"),
    "de": ("Organisation", "Person", "Ort", "Veröffentlichung"),
    "fr": ("organisation", "personne", "lieu", "publication"),
}
"""How their messages name the classes that are not of ours."""


def test_rules_that_a_thing_is_nothing_else_differ_in_the_class_alone() -> None:
    shapes = rdflib.Graph().parse(SHAPES)
    named = {str(each).rpartition("Rule-")[2]: each for each in set(shapes.subjects())}
    assert {name for name in named if name.endswith("IsNothingElse")} == set(ALONE)
    texts, words, kinds = set(), set(), set()
    for name, kind in ALONE.items():
        text = str(shapes.value(shapes.value(named[name], SH.sparql), SH.select))
        assert text.count(kind) == 6, name
        texts.add(text.replace(kind, "KIND"))
        kinds |= set(re.findall(r"(?:dcterms|foaf):\w+", text))
        for message in shapes.objects(named[name], SH.message):
            words.add((message.language, message[message.lower().index("ontolog") :]))
    assert len(texts) == 1
    foreign = {"dcterms:BibliographicResource", "dcterms:Location"}
    assert kinds == foreign | {"foaf:Organization", "foaf:Person"}
    told = {lang: text.partition(":")[0] for lang, text in words}
    assert len(words) == len(LANGUAGES), "what is to be done is said alike"
    for lang, named_so in NAMED_SO.items():
        assert all(each in told[lang] for each in named_so), lang


def test_constraints_keep_what_is_restricted_where_this_is_bound_beforehand() -> None:
    # SHACL, section 5.2.1: validators may refuse, or misread, constraints that do not.
    shapes = read_turtle(sorted(SHAPES.parent.glob("*.ttl")))
    texts = [str(text) for text in shapes.objects(None, SH.select)]
    assert texts
    for text in texts:
        bare = re.sub(r'"[^"]*"|#[^\n]*', "", text)
        assert not re.search(r"\b(MINUS|SERVICE|VALUES)\b", bare, re.IGNORECASE), text
        assert not re.search(r"\bAS\s+[$?](this|shapesGraph|currentShape)\b", bare), text
        for head in re.findall(r"\bSELECT\b(.*?)(?:\bWHERE\b|\{)", bare, re.DOTALL):
            assert re.search(r"[$?]this\b", head), f"a sub-select hides $this: {text}"


def test_every_column_has_names_help_and_message() -> None:
    fields = case_record().fields
    assert len(fields) == 57
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
    outcome = check_cases(path)
    assert (outcome.problems, outcome.loaded) == ([], 7)


def broken_at_random(seed: int) -> list[ox.Triple]:
    """Give shipped cases with random faults: statements gone, twice, or with another object."""
    chance = random.Random(seed)
    files = chance.sample(sorted(data_dir("cases").glob("*.ttl")), 4)
    files.append(Path(__file__).parents[1] / "faults-cases" / "valid.ttl")
    triples = [
        quad.triple
        for file in files
        for quad in ox.parse(path=file, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    ]
    objects = [triple.object for triple in triples]
    strange = [
        ox.NamedNode("https://example.org/nowhere"),
        ox.NamedNode("https://w3id.org/coproduction#Unknown"),
        ox.BlankNode(),
        ox.Literal(""),
        ox.Literal("x" * 600),
        ox.Literal("two\nlines", language="sv"),
        ox.Literal(1200),
        ox.Literal("1990"),
        ox.Literal("nineteen", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
        ox.Literal("1990-02-30", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")),
    ]
    for _ in range(60):
        at = chance.randrange(len(triples))
        triple = triples[at]
        kind = chance.randrange(4)
        if kind == 0:
            del triples[at]
            continue
        target = chance.choice(strange if kind == 1 else objects)
        changed = ox.Triple(triple.subject, triple.predicate, target)
        if kind == 3:
            triples.append(changed)
        else:
            triples[at] = changed
    return triples


@pytest.mark.parametrize("seed", some_quick(range(12), 12))
@pytest.mark.slow
@pytest.mark.one_in(12)
def test_the_two_validators_agree_on_randomly_broken_cases(
    seed: int, ontology: rdflib.Graph
) -> None:
    triples = broken_at_random(seed)
    data = rdflib.Graph(bind_namespaces="none")
    data.parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")
    store = EmbeddedStore.packaged()
    store.inner.extend(ox.Quad(*(t.subject, t.predicate, t.object, GRAPH_OF_DATA)) for t in triples)
    judged = rows(validate(data, SHAPES, ontology=ontology))
    assert rows(validate_store(store)) == judged
    assert len({shape for *_, shape in judged}) > 5, "the faults are of many kinds"


def test_french_has_no_break_before_its_double_signs_and_within_its_quotes() -> None:
    for path in sorted(data_dir("shapes").glob("*.ttl")):
        for text in re.findall(r'"((?:[^"\\\n]|\\.)*)"@fr', path.read_text(encoding="utf-8")):
            assert not re.search(r" [:;!?»](\s|$)|« ", text), (path.name, text)
