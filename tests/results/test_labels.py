"""A label column beside each column of IRIs: which label, in which place, in which forms."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest

import coproduction
from coproduction import KnowledgeGraph
from coproduction.errors import DataError
from coproduction.knowledge.portable import parts_of, with_labels
from coproduction.results import labels as label_columns
from coproduction.store import embedded
from coproduction.store.embedded import EmbeddedStore
from coproduction.store.labels import labels as find_labels
from coproduction.store.protocol import Store

from ..cases.test_load import GOOD, sheet
from ..conftest import Run

DATA = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix : <https://example.org/> .
@prefix id: <https://w3id.org/coproduction/id/case/> .
:exact rdfs:label "Swiss"@de-CH , "German"@de , "English"@en .
:base rdfs:label "German"@DE , "English"@en , "untagged" .
:english rdfs:label "English"@en , "untagged" , "French"@fr .
:untagged rdfs:label "untagged" , "French"@fr .
:two rdfs:label "b"@en , "a"@en .
:foreign rdfs:label "French"@fr .
id:of-ours rdfs:comment "has no label" .
id:x rdfs:seeAlso :exact , :base , :english , :untagged , :two , :foreign , id:of-ours , "text"@fr ,
  5 , [] .
"""
ASKED = "SELECT ?it WHERE { <https://w3id.org/coproduction/id/case/x> rdfs:seeAlso ?it }"


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    path = tmp_path_factory.mktemp("labels") / "labels.ttl"
    path.write_text(DATA, encoding="utf-8")
    return coproduction.open(data=path)


def labels(kg: KnowledgeGraph, lang: str) -> dict[str, object]:
    rows = kg.query(ASKED, lang=lang).labelled()
    assert rows.variables == ("it", "itLabel")
    return {str(row["it"]).rpartition("/")[2]: row["itLabel"] for row in rows}


def test_the_label_is_in_the_best_language_that_there_is(kg: KnowledgeGraph) -> None:
    said = labels(kg, "de-CH")
    assert [said.pop(name) for name in list(said) if said[name] is None] == [None]
    assert said == {
        "exact": "Swiss",
        "base": "German",
        "english": "English",
        "untagged": "untagged",
        "two": "a",
        "foreign": "https://example.org/foreign",
        "of-ours": "of-ours",
        "text": "text",
        "5": 5,
    }
    assert labels(kg, "fr")["foreign"] == "French"
    with pytest.raises(DataError, match="is no language tag"):
        kg.query(ASKED, lang="d")


@pytest.mark.parametrize("lang", ["de-CH", "fr", "en"])
def test_the_portable_look_up_is_the_same(kg: KnowledgeGraph, lang: str) -> None:
    asked = ASKED.replace("}", "FILTER(!ISBLANK(?it)) } ORDER BY ?it")
    ours = kg.query(asked, lang=lang).labelled()
    theirs = kg.query(with_labels(asked, ["it"], lang))
    assert theirs.variables == ours.variables and theirs.terms == ours.terms


def test_an_unbound_value_has_no_label_and_makes_no_rows(kg: KnowledgeGraph) -> None:
    asked = "SELECT ?a ?b { VALUES (?a ?b) { (<https://example.org/two> UNDEF) } } ORDER BY ?a"
    text = with_labels(asked, ["a", "b"], "en")
    assert kg.query(text).rows == [
        {"a": "https://example.org/two", "aLabel": "a", "b": None, "bLabel": None}
    ]


def test_the_forms_for_people_have_labels_and_the_others_where_asked(run: Run) -> None:
    text = "SELECT ?up { cop:LowParticipation cop:isDirectlyBelow ?up }"
    for form in ("table", "md", "html"):
        assert "medelhögt deltagande" in run("query", text, "--lang", "sv", "--format", form).out
    for form in ("csv", "tsv", "json", "xml", "objects"):
        plain = run("query", text, "--lang", "sv", "--format", form).out
        assert "Label" not in plain and "MediumParticipation" in plain
        asked = run("query", text, "--lang", "sv", "--format", form, "--labels").out
        assert "upLabel" in asked and "medelhögt deltagande" in asked
    document = json.loads(run("query", "ASK {}", "--labels", "--format", "json").out)
    assert document == {"head": {}, "boolean": True}


def test_a_data_frame_has_labels_first(kg: KnowledgeGraph) -> None:
    frame = kg.query("SELECT ?x { VALUES ?x { <https://example.org/two> } }").to_pandas()
    assert frame.to_dict("records") == [{"xLabel": "a", "x": "https://example.org/two"}]


def test_a_column_that_has_a_label_column_gets_no_other(kg: KnowledgeGraph) -> None:
    rows = kg.query("SELECT ?x ?xLabel { BIND(cop:Case AS ?x) BIND('mine' AS ?xLabel) }")
    assert rows.labelled().variables == ("x", "xLabel")


@pytest.mark.slow
def test_many_labels_on_disk_are_those_in_memory(tmp_path: Path) -> None:
    rows = [GOOD | {"id": f"c{n}", "title": f"Title {n}"} for n in range(30)]
    path = sheet(tmp_path / "many.csv", *rows)
    kg = coproduction.open(store=tmp_path / "store", create=True)
    assert kg.load(path).loaded == 30
    text = "SELECT ?case ?service { ?case a cop:Case ; cop:hasServiceType ?service } ORDER BY ?case"
    on_disk = coproduction.open(store=tmp_path / "store").query(text).labelled()
    in_memory = coproduction.open(data=path).query(text).labelled()
    assert on_disk.terms == in_memory.terms
    assert on_disk[0]["caseLabel"] == "Title 0" and on_disk[0]["serviceLabel"] == "housing"


def test_a_query_is_split_where_it_is_to_be() -> None:
    text = (
        "# SELECT ?no { } ORDER BY ?no\nBASE <https://example.org/>\n"
        "select reduced ?a (count(distinct ?x) as ?n) ?b from <g> { ?a ?x ?b . "
        "{ select ?y { ?y ?z ?w } order by ?w limit 2 } } "
        "group by ?a ?b having(count(?x) > 1) order by desc(?n) ?a limit 3 offset 1 values ?a { 1 }"
    )
    parts = parts_of(text)
    assert parts.variables == ("a", "n", "b")
    assert parts.order == "order by desc(?n) ?a"
    assert not parts.is_distinct and parts.prologue + parts.body == text


@pytest.mark.parametrize("many, batch", [(0, 2), (0, 100_000), (5_000, 2)])
def test_labels_from_a_folder_are_those_from_memory(
    kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int, batch: int
) -> None:
    """One by one and by one pass over all of them, in one query and in several."""
    inner = ox.Store(str(tmp_path / "folder"))
    inner.extend(kg.store.statements())
    monkeypatch.setattr(embedded, "_MANY", many)
    monkeypatch.setattr(embedded, "_BATCH", batch)
    on_disk = embedded.EmbeddedStore(inner, tmp_path / "folder")
    names = ["exact", "base", "english", "untagged", "two", "foreign", "nothing"]
    iris = [f"https://example.org/{name}" for name in names]
    found = find_labels(on_disk, iris, "de-CH")
    assert found == find_labels(kg.store, iris, "de-CH") and len(found) == 5


@pytest.mark.parametrize("lang", ["en", "de-CH", "fr"])
def test_labels_by_one_pass_are_those_of_one_by_one(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    text = "SELECT ?x ?y ?z { { ?x ?p ?y } UNION { VALUES ?z { 7 'a' <urn:none> } } }"
    one_by_one = kg.query(text, lang=lang).labelled()
    passes: list[int] = []
    inner = label_columns._by_one_pass

    def watched(store: Store, wanted: set[str], lang: str) -> tuple[dict[str, str], set[str]]:
        passes.append(len(wanted))
        return inner(store, wanted, lang)

    monkeypatch.setattr(label_columns, "_by_one_pass", watched)
    monkeypatch.setattr(label_columns, "_MANY", 10)
    monkeypatch.setattr(label_columns, "_MORE", 100)
    assert kg.query(text, lang=lang).labelled().terms == one_by_one.terms
    assert passes and passes[0] > 10
    monkeypatch.setattr(label_columns, "_MORE", 0)
    assert kg.query(text, lang=lang).labelled().terms == one_by_one.terms
    assert len(passes) == 1, "of few among many labels each is looked up"


def test_labels_of_any_kind_are_found_by_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    store = EmbeddedStore()
    kinds = [
        ox.Literal("plain"),
        ox.Literal("a", language="en"),
        ox.Literal("a", language="sv"),
        ox.Literal("token", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#token")),
        ox.Literal("2001-01-01", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")),
        ox.Literal(5),
        ox.NamedNode("urn:x:label"),
    ]
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    nodes = [ox.NamedNode(f"urn:x:{number}") for number, _ in enumerate(kinds)]
    store.add(ox.Quad(node, label, kind) for node, kind in zip(nodes, kinds, strict=True))
    cells = [str(node) for node in nodes]
    for lang in ("en", "sv"):
        one_by_one = label_columns.label_cells(store, cells, lang)
        with monkeypatch.context() as patch:
            patch.setattr(label_columns, "_MANY", 1)
            assert label_columns.label_cells(store, cells, lang) == one_by_one
        assert len(one_by_one) == 5 + (lang == "sv")
