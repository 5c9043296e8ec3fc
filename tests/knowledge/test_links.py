"""Links to other vocabularies: valid SSSOM, true labels, DL-safe RDF, false friends kept out."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.cases.loading import load
from coproduction.errors import CoproductionError, DataError
from coproduction.knowledge.alignments import (
    MATCHES,
    NO_TERM,
    Link,
    all_links,
    canonical_iri,
    link_sets,
    links_of,
    read_links,
    serialize_links,
)
from coproduction.names import COP, SKOS
from coproduction.resources import data_dir

from ..cases.test_load import GOOD, sheet
from ..conftest import Run
from ..tools import require_data, require_module

COFOG = (
    "https://w3id.org/italia/controlled-vocabulary/classifications-for-organizations/cofog-2009/"
)
# Slots of SSSOM 1.0 that a file here may use; the schema at hand is of 1.1, which has more.
SET_SLOTS = {
    "curie_map", "mapping_set_id", "mapping_set_version", "mapping_set_description", "license",
    "creator_label", "subject_source", "object_source", "object_source_version", "mapping_date",
}  # fmt: skip
ROW_SLOTS = {
    "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id",
    "object_label", "mapping_justification", "confidence", "comment",
}  # fmt: skip


def rows_of(name: str) -> list[dict[str, str]]:
    text = (data_dir("ontology") / "alignments" / f"{name}.sssom.tsv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t"))


SETS = [links.name for links in link_sets()]


@pytest.mark.parametrize("name", SETS)
def test_each_set_is_valid_sssom_of_version_1_0(name: str) -> None:
    schema_file = require_data("sssom/sssom_schema.schema.json")
    jsonschema = require_module("jsonschema")
    metadata = next(links.metadata for links in link_sets() if links.name == name)
    assert set(metadata) <= SET_SLOTS and metadata["license"]
    rows = rows_of(name)
    assert rows and set(rows[0]) == ROW_SLOTS
    mappings = [
        {key: float(value) if key == "confidence" else value for key, value in row.items() if value}
        for row in rows
    ]
    document = {k: v for k, v in metadata.items() if k != "curie_map"} | {"mappings": mappings}
    document["mapping_date"] = str(document["mapping_date"])
    schema = json.loads(schema_file.read_text(encoding="utf-8"))
    jsonschema.Draft201909Validator(schema).validate(document)


def test_every_row_has_a_term_of_ours_a_label_and_a_reason(kg: coproduction.KnowledgeGraph) -> None:
    for link in all_links():
        card = kg.show(link.subject)
        assert card.label == link.label, link
        assert 0 < link.confidence <= 1 and link.comment.endswith("."), link
        assert bool(link.target_label) == (link.target != NO_TERM), link
        assert link.predicate in MATCHES or "rdf-schema" in link.predicate, link


def test_no_pair_is_said_twice() -> None:
    pairs = [(link.subject, link.target, link.vocabulary) for link in all_links()]
    assert len(pairs) == len(set(pairs))


def one_by_exact_matches(links: list[Link]) -> list[set[tuple[str, str]]]:
    """Give the sets of terms that exact matches, which are transitive, make one.

    A term is a pair: its vocabulary ("" for ours), and its IRI.
    """
    made_one: list[set[tuple[str, str]]] = []
    for link in links:
        if link.is_statement and link.predicate == MATCHES[0]:
            pair = {("", link.subject), (link.vocabulary, link.target)}
            joined = [terms for terms in made_one if terms & pair]
            made_one = [terms for terms in made_one if not terms & pair]
            made_one.append(pair.union(*joined))
    return made_one


def wrongly_one(links: list[Link]) -> list[str]:
    """Give what exact matches make one, and is two by its vocabulary or by another link."""
    found = []
    for terms in one_by_exact_matches(links):
        vocabularies = [vocabulary for vocabulary, _ in terms]
        found += [f"two of {name!r}" for name in {*vocabularies} if vocabularies.count(name) > 1]
        iris = {iri for _, iri in terms}
        found += [
            f"{link.code} is {link.predicate.rpartition('#')[2]}"
            for link in links
            if {link.subject, link.target} <= iris
            and link.predicate in MATCHES
            and (link.negated or link.predicate != MATCHES[0])
        ]
    return sorted(found)


def test_no_chain_of_exact_matches_makes_two_terms_one() -> None:
    assert len(one_by_exact_matches(all_links())) > 5
    assert wrongly_one(all_links()) == []


@pytest.mark.parametrize(
    ("subject", "vocabulary", "code", "relation", "negated", "told"),
    [
        ("Eldercare", "stw", "18891-5", "exact", False, ["two of ''", "two of 'eurovoc'", "two of 'stw'"]),
        ("HealthCare", "stw", "16543-3", "exact", False, ["two of 'stw'"]),
        ("HealthCare", "stw", "18891-5", "broad", False, ["18891-5 is broadMatch"]),
        ("HealthCare", "stw", "18891-5", "exact", True, ["18891-5 is exactMatch"]),
    ],
)  # fmt: skip
def test_a_chain_that_makes_two_terms_one_is_found(
    subject: str, vocabulary: str, code: str, relation: str, negated: bool, told: list[str]
) -> None:
    planted = all_links(vocabulary)[0]._replace(
        subject=COP + subject,
        predicate=f"{SKOS}{relation}Match",
        negated=negated,
        target=f"http://zbw.eu/stw/descriptor/{code}",
        code=code,
    )
    assert wrongly_one([*all_links(), planted]) == told


def published(path: Path) -> dict[str, set[str]]:
    """Give the English and untagged labels of an RDF file by IRI."""
    found: dict[str, set[str]] = {}
    for quad in ox.parse(
        path=path, format=ox.RdfFormat.TURTLE, base_iri="https://example.org/", lenient=True
    ):
        tag = getattr(quad.object, "language", None)
        if quad.predicate.value.endswith(("#label", "#prefLabel")) and tag in ("en", None):
            found.setdefault(str(getattr(quad.subject, "value", "")), set()).add(quad.object.value)
    return found


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("stw", "stw/stw-9.06.ttl"),
        ("cpsv-ap", "cpsv-ap-3.2.0/cpsv-ap.ttl"),
        ("org", "w3c-ns/org.ttl"),
        ("prov", "w3c-ns/prov-o.ttl"),
    ],
)
def test_the_labels_are_those_that_the_vocabulary_publishes(name: str, file: str) -> None:
    labels = published(require_data(file))
    for link in all_links(name):
        if link.target != NO_TERM:
            assert link.target_label in labels[link.target], link


@pytest.mark.parametrize(
    ("name", "file", "code", "label"),
    [
        ("cofog", "cofog/cofog-un-1999.csv", ("Code",), "Description_EN"),
        ("icnptso", "uk-charities-ukcat/icnptso.csv", ("Sub-group", "Group", "Section"), "Title"),
        ("ukcat", "uk-charities-ukcat/ukcat.csv", ("Code",), "tag"),
    ],
)
def test_the_codes_are_those_that_the_classification_publishes(
    name: str, file: str, code: tuple[str, ...], label: str
) -> None:
    text = require_data(file).read_text(encoding="utf-8-sig")
    known = {
        next(row[c] for c in code if row[c]).replace(".", ""): row[label]
        for row in csv.DictReader(io.StringIO(text))
    }
    for link in all_links(name):
        if link.target != NO_TERM:
            assert known[link.code] == link.target_label, link


@pytest.mark.parametrize(
    "form",
    [
        COFOG + "1040",
        "https://unstats.un.org/unsd/cr/registry/regcs.asp?Cl=4&Lg=1&Co=10.4.0",
    ],
)
def test_the_forms_of_a_cofog_code_lead_to_one_iri(form: str) -> None:
    assert canonical_iri(form) == COFOG + "1040"
    assert {link.label for link in links_of(form)} == {"childcare"}


def test_codes_and_other_forms() -> None:
    assert canonical_iri("9.1.2", "cofog") == canonical_iri("09.1.2", "cofog") == COFOG + "0912"
    assert canonical_iri("07", "cofog") == COFOG + "07"
    assert canonical_iri("http://schema.org/NGO") == "https://schema.org/NGO"
    assert canonical_iri("nothing known") == "nothing known"


def test_a_false_friend_and_a_missing_term_never_become_triples() -> None:
    text = serialize_links(all_links(), "ttl")
    assert "eurovoc.europa.eu/5185" not in text and "NoTermFound" not in text
    refused = {link.target for link in all_links() if not link.is_statement}
    assert {"http://eurovoc.europa.eu/5185", NO_TERM} <= refused


@pytest.mark.parametrize("form", ["ttl", "owl"])
def test_the_generated_rdf_says_each_statement(form: str) -> None:
    format = ox.RdfFormat.TURTLE if form == "ttl" else ox.RdfFormat.RDF_XML
    said = {quad.triple for quad in ox.parse(serialize_links(all_links(), form), format=format)}
    for link in all_links():
        triple = ox.Triple(
            ox.NamedNode(link.subject), ox.NamedNode(link.predicate), ox.NamedNode(link.target)
        )
        assert (triple in said) == link.is_statement
    assert not any(t.predicate.value.endswith("imports") for t in said)


@pytest.mark.slow
def test_links_are_in_scope_when_asked_for(run: Run, tmp_path: Path) -> None:
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s skos:exactMatch ?o }"
    assert coproduction.open().query(count).rows == [{"n": 0}]
    exact = [link for link in all_links() if link.is_statement and link.predicate == MATCHES[0]]
    assert coproduction.open(links=True).query(count).rows == [{"n": len(exact)}] != [{"n": 0}]
    load(sheet(tmp_path / "a.csv", GOOD | {"service": "childcare"}), tmp_path / "store")
    kg = coproduction.open(store=tmp_path / "store")
    (row,) = kg.ask("cases-under-code", vocabulary="icnptso", code="D20").rows
    assert (row["caseLabel"], row["falls"]) == ("A", "yes")
    assert kg.ask("cases-under-code", vocabulary="icnptso", code="C").rows == []
    merged = run("export", "--links", "--format", "nt").out
    assert "zbw.eu/stw/descriptor/18864-1" in merged


def test_the_command(run: Run) -> None:
    out = run("links", "childcare", "--format", "csv").out
    assert "Child day-care services" in out and "Nursery" in out
    assert "not exactMatch" in run("links", "http://eurovoc.europa.eu/5185", "--format", "csv").out
    assert run("links", "--to", "cofg").err.startswith(
        "coproduction: unknown vocabulary 'cofg'; did"
    )
    assert run("links", "nothing at all").code == 2
    assert "@prefix" in run("links", "--to", "org", "--format", "ttl").out


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("stw:18864-1", "stv:18864-1", "line 19: the row is not understood: 'stv'"),
        ("\t0.95\t", "\tmuch\t", "the row is not understood"),
        ("# curie_map:", "# map:", "there is no curie_map"),
        ("# mapping_set_id: ", "# - ", "is not YAML"),
    ],
)
def test_a_broken_set_is_told(tmp_path: Path, old: str, new: str, words: str) -> None:
    text = (data_dir("ontology") / "alignments" / "stw.sssom.tsv").read_text(encoding="utf-8")
    path = tmp_path / "stw.sssom.tsv"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=words):
        read_links(path)


def test_an_unknown_vocabulary_is_told() -> None:
    with pytest.raises(CoproductionError, match="did you mean 'cofog'"):
        all_links("cofogg")
