"""The house rules: the packaged graphs keep them, and each planted fault trips its own rule."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import SH

from coproduction.errors import DataError
from coproduction.knowledge.questions import load_question
from coproduction.names import COPSH, GRAPH
from coproduction.resources import data_dir
from coproduction.store.embedded import EmbeddedStore
from coproduction.store.rdflib_graphs import read_turtle
from coproduction.validation.finding import Finding
from coproduction.validation.house_rules import exists, fill, iris_in_query, run_checks
from coproduction.validation.shacl import validate

from ..tools import TERM_FILES, some_quick

FAULTS = Path(__file__).parents[1] / "faults"
TOYS = sorted(FAULTS.glob("*.ttl"))
RULES = sorted(data_dir("queries/checks").glob("*.rq"))
HOUSE_STYLE = data_dir("shapes") / "house-style.ttl"


def trips(toy: Path) -> str:
    """Give the rule that a toy says it trips."""
    found = re.match(r"# Trips: (\S+)\n# Mistake: \w", toy.read_text(encoding="utf-8"))
    assert found, f"{toy}: begins with '# Trips: rule' and '# Mistake: ...'"
    return found[1]


def shipped_with(toy: Path) -> ox.Store:
    """Give the packaged graphs and a toy."""
    store = EmbeddedStore.packaged()
    store.add_file(toy)
    return store.inner


def rules_of(findings: list[Finding]) -> set[str]:
    return {finding.check for finding in findings}


@pytest.mark.slow
def test_the_packaged_graphs_keep_every_rule() -> None:
    assert run_checks(EmbeddedStore.packaged().inner) == []


@pytest.mark.parametrize("toy", some_quick(TOYS, 9), ids=lambda toy: toy.stem)
@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.one_in(6)
def test_a_planted_fault_trips_its_rule_and_no_other(toy: Path) -> None:
    findings = run_checks(shipped_with(toy))
    assert rules_of(findings) == {trips(toy)}
    for finding in findings:
        assert finding.severity in ("error", "warning")
        assert finding.message and finding.fix and finding.term
        assert not re.search(r"\{\w+\}", finding.message + finding.fix), "an unfilled column"


@pytest.mark.parametrize("toy", sorted(FAULTS.glob("*/*")), ids=lambda toy: toy.name)
@pytest.mark.slow
@pytest.mark.sampled
def test_a_fault_in_a_file_that_uses_terms_trips_its_rule(toy: Path, tmp_path: Path) -> None:
    for folder in ("queries", "shapes", "ontology/alignments"):
        shutil.copytree(data_dir(folder), tmp_path / Path(folder).name)
    shutil.copy(toy, tmp_path / toy.parent.name)
    store = EmbeddedStore.packaged()
    if trips(toy).startswith("deprecated"):
        deprecated = "https://w3id.org/coproduction#Placement"
        store.inner.add(
            ox.Quad(
                ox.NamedNode(deprecated),
                ox.NamedNode("http://www.w3.org/2002/07/owl#deprecated"),
                ox.Literal(True),
                ox.NamedNode(GRAPH + "ontology"),
            )
        )
    findings = run_checks(
        store.inner,
        query_dir=tmp_path / "queries",
        shape_dir=tmp_path / "shapes",
        alignment_dir=tmp_path / "alignments",
    )
    here = [finding for finding in findings if Path(finding.file or "").name == toy.name]
    assert rules_of(here) == {trips(toy)}
    assert len(here) == 1


def test_every_rule_has_a_toy() -> None:
    tripped = {trips(toy) for toy in FAULTS.rglob("*.*")}
    shapes = read_turtle(HOUSE_STYLE)
    leaves = {
        str(shape).replace(COPSH, "copsh:")
        for shape in shapes.subjects(SH.message, None)
        if isinstance(shape, rdflib.URIRef)
    }
    in_code = {"undefined-term-in-file", "deprecated-term-in-file", "unknown-foreign-term"}
    assert tripped == {rule.stem for rule in RULES} | leaves | in_code


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.stem)
def test_a_rule_is_complete_and_portable(rule: Path) -> None:
    question = load_question(rule)
    header = question.header
    assert header["severity"] in ("error", "warning")
    assert all(str(header[key]).strip() for key in ("id", "description", "message", "fix"))
    body = "\n".join(line for line in question.text.splitlines() if not line.startswith("#"))
    projected = re.search(r"SELECT (?:DISTINCT )?(.*)\nWHERE", body)
    assert projected and "*" not in projected[1]
    columns = set(re.findall(r"\?(\w+)", projected[1]))
    assert "term" in columns
    assert set(re.findall(r"\{(\w+)\}", header["message"])) <= columns
    assert re.search(r"\nORDER BY ", body)
    assert "CONTAINS(STR(" not in body, "a namespace is tested from its beginning"
    if rule.stem != "statement-in-two-graphs":
        assert not re.search(r"\b(GRAPH|FROM)\b", body)


@pytest.mark.parametrize(
    "rule",
    # The rule about graphs themselves has nothing to say of the one graph loaded here.
    [rule for rule in RULES if rule.stem != "statement-in-two-graphs"],
    ids=lambda rule: rule.stem,
)
@pytest.mark.slow
@pytest.mark.one_in(4)
def test_rdflib_gives_the_same_rows(rule: Path) -> None:
    text = load_question(rule).text
    toys = [toy for toy in TOYS if trips(toy) == rule.stem]
    ours = ox.Store()
    for file in (*TERM_FILES, *toys):
        ours.load(path=file, format=ox.RdfFormat.TURTLE)
    rows = ours.query(text)
    assert isinstance(rows, ox.QuerySolutions)
    theirs = read_turtle([*TERM_FILES, *toys]).query(text)
    assert {tuple(node and node.value for node in row) for row in rows} == {
        tuple(node and str(node) for node in row)  # type: ignore[union-attr]
        for row in theirs
    }


@pytest.mark.slow
def test_checks_read_files_too(tmp_path: Path) -> None:
    folder = data_dir("ontology")
    toy = FAULTS / "label-missing.ttl"
    findings = run_checks([*sorted(folder.glob("*.ttl")), toy])
    named = "tests/faults/label-missing.ttl"
    assert [(finding.check, finding.file) for finding in findings] == [("label-missing", named)]
    broken = tmp_path / "broken.ttl"
    broken.write_text("cop:Nothing a", encoding="utf-8")
    with pytest.raises(DataError, match=r"broken\.ttl, line 1"):
        run_checks([broken])
    with pytest.raises(DataError, match=r"none\.ttl"):
        run_checks([tmp_path / "none.ttl"])


def test_a_folder_without_checks_is_not_green(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no checks"):
        run_checks(ox.Store(), query_dir=tmp_path)


def test_a_rule_without_a_message_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "checks").mkdir()
    rule = tmp_path / "checks" / "silent.rq"
    rule.write_text("#+ summary: Silent?\nSELECT ?term WHERE { ?term a ?kind }", encoding="utf-8")
    findings = [f for f in run_checks(ox.Store(), query_dir=tmp_path) if f.file == str(rule)]
    (told,) = [finding for finding in findings if finding.check == "broken-file"]
    assert "silent.rq" in told.message and "'message'" in told.message
    lacks = [f.fix for f in findings if f.check == "header-of-query"]
    assert lacks == [f"Add the line '#+ {name}: ...'." for name in ("description", "fix", "id")]


@pytest.mark.slow
def test_the_file_of_a_finding_is_named() -> None:
    findings = run_checks(shipped_with(FAULTS / "statement-in-two-graphs.ttl"))
    assert [finding.file for finding in findings] == [f"{GRAPH}load/1, ontology/values.ttl"]


@pytest.mark.slow
def test_checks_leave_the_store_as_it_was() -> None:
    store = EmbeddedStore.packaged().inner
    before = set(store)
    run_checks(store)
    assert set(store) == before


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT ?a WHERE { ?a a cop:Case }", {"cop:Case"}),
        ("SELECT ?a WHERE { ?a a cop:Case. ?a cop:rank 1.}", {"cop:Case", "cop:rank"}),
        ("SELECT ?a WHERE { ?a a <https://w3id.org/coproduction#Case> }", {"cop:Case"}),
        ("PREFIX c: <https://w3id.org/coproduction#>\nSELECT ?a WHERE { ?a a c:Case }",
         {"cop:Case"}),
        ("SELECT ?a WHERE { ?a cop:isBelow+/^cop:isAbove ?b }", {"cop:isBelow", "cop:isAbove"}),
        ("SELECT ?a WHERE { ?a ?p 'cop:No', \"\"\"<cop:No> \"cop:No\" \"\"\" } # cop:No", set()),
        ("SELECT ?a WHERE { ?a cop:rank ?r FILTER(?r < 3 && ?r>1) }", {"cop:rank"}),
        ("#+ parameters:\n#+   s: {type: iri, class: cop:ServiceType}\nSELECT ?a WHERE { }",
         {"cop:ServiceType"}),
    ],
)  # fmt: skip
def test_names_in_a_query(text: str, expected: set[str]) -> None:
    cop = "https://w3id.org/coproduction#"
    assert iris_in_query(text) == {name.replace("cop:", cop) for name in expected}


@pytest.mark.parametrize(
    ("iri", "known"),
    [
        ("http://purl.org/dc/terms/title", True),
        ("http://purl.org/dc/terms/titel", False),
        ("http://www.w3.org/ns/shacl#in", True),
        ("http://www.w3.org/ns/shacl#mincount", False),
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#_12", True),
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#_x", False),
        ("http://www.w3.org/2001/XMLSchema#gYear", True),
        ("http://www.w3.org/2001/XMLSchema#Integer", False),
        ("http://xmlns.com/foaf/0.1/name", True),
        ("https://example.org/whatever", True),
    ],
)
def test_foreign_terms_are_looked_up(iri: str, known: bool) -> None:
    assert exists(iri) is known


def test_a_message_keeps_what_it_cannot_fill() -> None:
    assert fill("{term} and {other}", {"term": "x"}) == "x and {other}"


@pytest.mark.slow
def test_the_house_style_is_valid_shacl() -> None:
    import pyshacl

    conforms, _, text = pyshacl.validate(
        read_turtle(FAULTS / "label-missing.ttl"),
        shacl_graph=read_turtle(HOUSE_STYLE),
        meta_shacl=True,
    )
    assert conforms, text


@pytest.mark.slow
def test_validation_finds_members_of_subclasses_and_changes_nothing() -> None:
    shapes = rdflib.Graph().parse(
        data="""
        @prefix cop: <https://w3id.org/coproduction#> .
        @prefix ex: <https://example.org/> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        ex:Shape a sh:NodeShape ; sh:targetClass cop:ServiceArrangement ; sh:property ex:label .
        ex:label sh:path rdfs:label ; sh:minCount 1 ; sh:severity sh:Warning ;
            sh:message "Ge den ett namn."@sv , "Give it a name."@en .
        ex:Sector sh:targetClass cop:Case ; sh:property ex:sector .
        ex:sector sh:path ( cop:hasProvider [ sh:inversePath cop:hasProvider ] ) ;
            sh:maxCount 0 ; sh:message "Not this way."@en .
        """
    )
    data = rdflib.Graph().parse(
        data="""
        @prefix cop: <https://w3id.org/coproduction#> .
        <https://example.org/case> a cop:Case ; cop:hasProvider <https://example.org/coop> .
        """
    )
    before = set(data)
    found = validate(data, shapes)
    assert set(data) == before
    case, label = "https://example.org/case", "http://www.w3.org/2000/01/rdf-schema#label"
    provider = "https://w3id.org/coproduction#hasProvider"
    ours = [finding for finding in found if finding.focus == case]
    assert [(f.path, f.severity, f.shape, f.message) for f in ours] == [
        (label, "warning", "https://example.org/label", "Give it a name."),
        (f"{provider}/^{provider}", "violation", "https://example.org/sector", "Not this way."),
    ]
    assert found == validate(data, shapes)


@pytest.mark.slow
def test_shapes_that_cannot_be_used_are_an_error(tmp_path: Path) -> None:
    broken = tmp_path / "shapes.ttl"
    broken.write_text("@prefix a: <b> .\n a:x a:y", encoding="utf-8")
    with pytest.raises(DataError, match=r"shapes\.ttl, line \d"):
        validate(rdflib.Graph(), broken)
    with pytest.raises(DataError, match="cannot be read"):
        validate(rdflib.Graph(), tmp_path / "none.ttl")
    wrong = rdflib.Graph().parse(
        data="""
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        <urn:s> a sh:NodeShape ; sh:targetNode <urn:n> ; sh:property [ sh:minCount 1 ] .
        """
    )
    with pytest.raises(DataError, match="shapes cannot be used"):
        validate(rdflib.Graph(), wrong)
