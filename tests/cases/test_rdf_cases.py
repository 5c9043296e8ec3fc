"""RDF into a store: the same shapes, conflicts and provenance as for tables."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.cases.loading import check_cases, load
from coproduction.cases.reading import Reading
from coproduction.errors import DataError
from coproduction.resources import data_dir
from coproduction.store.embedded import EmbeddedStore
from coproduction.store.on_disk import is_store, open_folder
from coproduction.store.rdflib_graphs import read_turtle
from coproduction.syntax.rdf_files import FORMATS
from coproduction.validation.constraints import report, validate_store

from ..conftest import Run
from ..tools import first_quick, some_quick
from ..validation.test_case_record import FAULTS, ONTOLOGY, SHAPES

STIL = data_dir("cases") / "stil.ttl"
CASES = sorted(data_dir("cases").glob("*.ttl"))


def store_file(path: Path, target: Path) -> None:
    """Write a Turtle file in the format that another ending says."""
    form = FORMATS[target.suffix]
    quads = ox.parse(path=path, format=ox.RdfFormat.TURTLE, base_iri="https://example.org/")
    target.write_bytes(ox.serialize((quad.triple for quad in quads), format=form) or b"")


@pytest.mark.parametrize("ending", some_quick(sorted(FORMATS), 4))
@pytest.mark.slow
@pytest.mark.one_in(4)
def test_every_format_loads_as_the_same_case(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"stil{ending}"
    store_file(STIL, path)
    assert load(STIL, tmp_path / "store").loaded == 1
    again = load(path, tmp_path / "store")
    assert (again.loaded, again.unchanged, again.set_aside) == (0, 1, 0), again.problems


@pytest.mark.slow
def test_the_shipped_cases_load_and_answer_as_with_cases(tmp_path: Path) -> None:
    for path in CASES:
        outcome = load(path, tmp_path / "store")
        assert (outcome.loaded, outcome.problems) == (1, [])
    mine = coproduction.open(store=tmp_path / "store").ask("glass-ceiling").rows
    assert mine == coproduction.open(cases=True).ask("glass-ceiling").rows


@pytest.mark.slow
def test_an_export_loads_into_another_store(run: Run, tmp_path: Path) -> None:
    first = tmp_path / "first"
    for path in CASES[:3]:
        load(path, first)
    for ending in ("ttl", "trig"):
        out, second = tmp_path / f"all.{ending}", tmp_path / ending
        assert run("export", "--store", str(first), "-o", str(out)).code == 0
        outcome = load(out, second)
        assert (outcome.loaded, outcome.note) == (3, "")
        one, two = (open_folder(folder).inner for folder in (first, second))
        loads = ox.NamedNode("https://w3id.org/coproduction/graph/loads")
        assert {q.triple for q in one if q.graph_name != loads} == {
            q.triple for q in two if q.graph_name != loads and not has_blank(q)
        } | {q.triple for q in one if has_blank(q)}


def has_blank(quad: ox.Quad) -> bool:
    return isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)


@pytest.mark.slow
def test_a_case_with_an_error_is_set_aside_and_the_others_go_in(tmp_path: Path) -> None:
    path = tmp_path / "two.ttl"
    faulty = (Path(SHAPES).parents[1] / "tests/faults-cases/Coding-source.ttl").read_text()
    path.write_text(STIL.read_text(encoding="utf-8") + faulty, encoding="utf-8")
    outcome = load(path, tmp_path / "store")
    assert (outcome.read, outcome.loaded, outcome.set_aside) == (2, 1, 1)
    (problem,) = outcome.problems
    assert (problem.rule, problem.level, problem.row) == ("Coding-source", "error", 0)
    store = open_folder(tmp_path / "store").inner
    assert not any("example.org/case/toy" in str(quad) for quad in store)


@pytest.mark.slow
def test_a_changed_case_is_a_conflict_until_replaced(tmp_path: Path) -> None:
    load(STIL, tmp_path / "store")
    path = tmp_path / "stil.ttl"
    text = STIL.read_text(encoding="utf-8")
    assert '"SE"' in text
    path.write_text(text.replace('"SE"', '"NO"'), encoding="utf-8")
    outcome = load(path, tmp_path / "store")
    assert (outcome.loaded, outcome.set_aside) == (0, 1)
    (conflict,) = outcome.problems
    assert conflict.rule == "conflict"
    assert "country: 'SE' there, 'NO' here" in conflict.fix
    assert load(path, tmp_path / "store", replace=True).loaded == 1
    assert load(STIL, tmp_path / "store").note.startswith("loaded before")
    path.write_text(text.replace('"SE"', '"NO"') + "# once more\n", encoding="utf-8")
    again = load(path, tmp_path / "store")
    assert (again.unchanged, again.set_aside) == (1, 0), again.problems


@pytest.mark.slow
def test_a_conflict_that_no_column_shows_names_whole_terms(tmp_path: Path) -> None:
    load(STIL, tmp_path / "store")
    path = tmp_path / "stil.ttl"
    iri = "https://w3id.org/coproduction/id/case/stil"
    text = STIL.read_text(encoding="utf-8")
    note = f"\n<{iri}> <http://www.w3.org/2000/01/rdf-schema#comment> <http://xmlns.com/foaf/0.1/Agent> .\n"
    path.write_text(text + note, encoding="utf-8")
    (conflict,) = load(path, tmp_path / "store").problems
    assert "(- there, <" in conflict.fix and " rdfs:comment foaf:Agent here)" in conflict.fix


def test_a_misspelt_term_of_ours_is_named_by_validate_and_load(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "stil.ttl"
    text = STIL.read_text(encoding="utf-8")
    assert text.count("cop:hasProviderSector") == text.count("cop:hasActType") == 1
    text = text.replace("cop:hasProviderSector", "cop:hasProviderSektor")
    path.write_text(text.replace("cop:hasActType", "cop:zzz"), encoding="utf-8")
    problems = check_cases(path).problems
    told = [(p.problem, p.level, p.value, p.fix) for p in problems if p.rule == "term-unknown"]
    assert told == [
        (
            1,
            "warning",
            "cop:hasProviderSektor",
            "cop:hasProviderSektor is no term of this ontology; did you mean "
            "'cop:hasProviderSector'? (in 1 statement)",
        ),
        (2, "warning", "cop:zzz", "cop:zzz is no term of this ontology (in 1 statement)"),
    ]
    assert problems[0].cell.startswith("https://w3id.org/coproduction/id/case/stil")
    assert [problem.problem for problem in problems] == list(range(1, len(problems) + 1))
    assert run("validate", str(path), "--lang", "de").code == 1
    assert "menade du" in check_cases(path, lang="sv").problems[0].fix


@pytest.mark.slow
def test_a_misspelt_term_in_a_store_is_named(tmp_path: Path) -> None:
    path = tmp_path / "stil.ttl"
    text = STIL.read_text(encoding="utf-8")
    path.write_text(text + "case:stil cop:hasServiceTipe cop:Childcare .\n", encoding="utf-8")
    assert load(path, tmp_path / "store").loaded == 1
    found = coproduction.open(store=tmp_path / "store").validate()
    assert [p.value for p in found if p.rule == "term-unknown"] == ["cop:hasServiceTipe"]
    assert not [p for p in coproduction.open(cases=True).validate() if p.rule == "term-unknown"]


@pytest.mark.slow
def test_terms_of_the_ontology_are_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "mine.ttl"
    twisted = "\n<https://w3id.org/coproduction#HighParticipation> <https://w3id.org/coproduction#rank> 0 .\n"
    path.write_text(STIL.read_text(encoding="utf-8") + twisted, encoding="utf-8")
    outcome = load(path, tmp_path / "store")
    assert outcome.note == "1 statement about the ontology's own terms was left out"
    rank = "SELECT ?r WHERE { cop:HighParticipation cop:rank ?r }"
    assert [row["r"] for row in coproduction.open(store=tmp_path / "store").query(rank)] == [3]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.ttl", "", "the file is empty"),
        ("a.ttl", "# nothing", "it has no case"),
        ("a.ttl", "@prefix x: <http://x/> .\n" * 3 + "x:a x:b ;;; [ .", "line 4, column"),
        ("a.foo", "x", "is neither a table's"),
        ("a.nt", "<a> <b> <c> .", "is not valid N-Triples"),
        (
            "a.jsonld",
            '{"@context": "https://example.org/context.jsonld", "@id": "x"}',
            "a remote JSON-LD context, which is never fetched",
        ),
        ("a.rdf", "<rdf", "is not valid RDF/XML"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, name: str, content: str, words: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=words):
        load(path, tmp_path / "store")
    assert not is_store(tmp_path / "store")


def test_a_turtle_error_far_down_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "long.ttl"
    lines = ["<https://example.org/s> <https://example.org/p> 1 ."] * 100_000
    lines[99_999] = '<https://example.org/s> <https://example.org/p> "open .'
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(DataError, match="line 100000"):
        check_cases(path)


def test_a_file_above_the_limit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="raise it with largest="):
        load(STIL, tmp_path / "store", Reading(largest=100))


@pytest.mark.parametrize("path", first_quick(FAULTS[::9]), ids=lambda path: path.stem)
@pytest.mark.slow
@pytest.mark.one_in(5)
def test_the_report_is_that_of_the_judge(path: Path) -> None:
    import pyshacl
    import rdflib

    store = EmbeddedStore.packaged()
    store.add_file(path)
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    _, judged, _ = pyshacl.validate(
        read_turtle(path), shacl_graph=read_turtle(SHAPES), ont_graph=read_turtle(ONTOLOGY)
    )
    ours = rdflib.Graph().parse(data=report(store), format="turtle")
    names = ("focusNode", "resultPath", "value", "resultSeverity", "sourceShape")

    def results(graph: rdflib.Graph) -> list[tuple[str, ...]]:
        return sorted(
            tuple(str(graph.value(node, sh[n])) for n in (*names, "sourceConstraintComponent"))
            for node in graph.subjects(rdflib.RDF.type, sh.ValidationResult)
        )

    assert results(ours) == results(judged)
    assert len(results(ours)) == len(validate_store(store)) > 0


def test_a_misspelt_term_of_a_blank_node_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    text = "@prefix cop: <https://w3id.org/coproduction#> . [ a cop:Coding ; cop:codngStatus 1 ] ."
    path.write_text(text + STIL.read_text(encoding="utf-8"), encoding="utf-8")
    (problem,) = [p for p in check_cases(path).problems if p.rule == "term-unknown"]
    assert (problem.value, problem.table) == ("cop:codngStatus", "a.ttl")
    assert "did you mean 'cop:codingStatus'" in problem.fix


@pytest.mark.slow
def test_a_wrong_norm_is_counted_and_stands_in_the_way_of_strict(tmp_path: Path, run: Run) -> None:
    [wrong] = [each for each in FAULTS if each.stem == "Norm-legalBasis"]
    path, store = tmp_path / "norm.ttl", tmp_path / "store"
    path.write_bytes(wrong.read_bytes())
    command = ("load", str(path), "--store", str(store), "--base", "https://example.org/")
    strict = run(*command, "--strict")
    assert strict.code == 1 and "nothing was loaded" in strict.err and not is_store(store)
    done = run(*command)
    assert done.code == 1 and "Name the act" in done.out
    assert "2 rows read, 1 loaded as load 1, 1 set aside" in done.err
    kg = coproduction.open(store=store)
    kinds = "SELECT ?kind WHERE {{ <https://example.org/{}> a ?kind }}"
    assert len(kg.query(kinds.format("case/toy")).rows) == 1
    assert kg.query(kinds.format("norm/toy")).rows == []
