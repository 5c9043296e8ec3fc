"""From Python what the command line can; in a notebook everything shows itself."""

from __future__ import annotations

import inspect
import pickle
from pathlib import Path

import pytest

import coproduction as cop
from coproduction.cli import COMMANDS
from coproduction.errors import DataError, UnknownName
from coproduction.opening import open as open_graph

from .cases.test_load import COLUMNS, GOOD, sheet
from .tools import CLAIMS


def test_every_command_has_its_method() -> None:
    methods = {name for name, _ in inspect.getmembers(cop.KnowledgeGraph, inspect.isfunction)}
    # A store is built again as a whole, beside any graph that is open; what is begun is no graph; and
    # a server runs until it is ended, in processes that open the graphs anew. Pages stand above graphs.
    assert set(COMMANDS) - methods == {"rebuild", "new", "serve", "site"}


def test_every_setting_has_a_type_and_a_misspelt_one_is_told() -> None:
    for name, method in inspect.getmembers(cop.KnowledgeGraph, inspect.isfunction):
        for parameter in inspect.signature(method).parameters.values():
            typed = parameter.annotation is not inspect.Parameter.empty
            assert typed or parameter.name == "self", f"{name}: {parameter.name}"
    with pytest.raises(TypeError, match="rubrik"):
        cop.open().evidence(rubrik="R1")  # type: ignore[call-arg]


@pytest.mark.slow
def test_a_store_is_made_loaded_asked_and_unloaded(tmp_path: Path) -> None:
    kg = cop.open(store=tmp_path / "store", create=True)
    assert not kg.has_cases() and len(kg.loads()) == 0
    outcome = kg.load(sheet(tmp_path / "a.csv", GOOD))
    assert (outcome.read, outcome.loaded, outcome.set_aside) == (1, 1, 0), outcome.problems
    assert "A" in {row["arrangementLabel"] for row in kg.ask("glass-ceiling")}
    assert kg.loads().to_pandas()["loaded"].tolist() == [1]
    assert kg.validate() == []
    assert kg.classify() > 0
    other = cop.open(store=tmp_path / "store")
    assert other.has_cases()
    assert kg.unload(1) > 10
    assert not kg.has_cases() and other.has_cases()


@pytest.mark.slow
def test_what_is_wrong_comes_back_as_rows(tmp_path: Path) -> None:
    kg = cop.open(store=tmp_path / "store", create=True)
    outcome = kg.load(
        sheet(tmp_path / "a.csv", GOOD | {"sector": "tird sector", "start_year": "soon"})
    )
    assert outcome.set_aside == 1
    assert set(outcome.to_pandas()["column"]) == {"sector", "start_year"}
    assert "tird sector" in outcome._repr_html_()
    problems = kg.validate(tmp_path / "a.csv")
    assert [p.column for p in problems] == [p.column for p in outcome.problems]
    assert problems.to_polars().height == 2


def test_sheets_are_asked_without_a_store(tmp_path: Path) -> None:
    kg = cop.open(data=[sheet(tmp_path / "a.csv", GOOD)])
    assert "A" in {row["arrangementLabel"] for row in kg.ask("glass-ceiling")}
    with pytest.raises(DataError, match=r"b\.csv, \w+\d: .*validate\("):
        cop.open(data=[sheet(tmp_path / "b.csv", GOOD | {"sector": "tird sector"})])


def test_a_graph_in_memory_takes_no_load(tmp_path: Path) -> None:
    kg = cop.open()
    for write in (lambda: kg.load("a.csv"), lambda: kg.unload(1), lambda: kg.classify()):
        with pytest.raises(DataError, match=r"open it with coproduction\.open\(store=DIR\)"):
            write()
    with pytest.raises(DataError, match="give its folder"):
        cop.open(create=True)


@pytest.mark.slow
def test_a_register_is_loaded_and_handed_out_to_be_coded(tmp_path: Path) -> None:
    register = tmp_path / "register.csv"
    register.write_text("number,name,field\n1,Village nursery,childcare\n", encoding="utf-8")
    mapping = tmp_path / "register.toml"
    mapping.write_text(
        'title = "A register"\n[columns]\nname = "title"\nfield = "service"\n'
        '[templates]\nid = "{number}"\nsummary = "{name}"\nsource = "https://example.org/{number}"\n'
        '[constants]\nprovider = "unknown"\nsector = "unknown"\nintensity = "unknown"\n'
        'participants = "unknown"\ncontributions = "unknown"\nobserved_year = "2020"\n'
        'decision_rights = "unknown"\nsource_type = "official source"\ncoder = "me"\n',
        encoding="utf-8",
    )
    kg = cop.open(store=tmp_path / "store", create=True)
    outcome = kg.load(register, mapping=mapping, defaults={"country": "NO"})
    assert outcome.loaded == 1, outcome.problems
    assert kg.code(tmp_path / "code.csv") == 1
    assert "Village nursery" in (tmp_path / "code.csv").read_text(encoding="utf-8-sig")
    with pytest.raises(UnknownName):
        kg.load(register, mapping="no-such")


def test_links_are_found_and_proposed(tmp_path: Path, kg: cop.KnowledgeGraph) -> None:
    rows = kg.links("childcare", lang="de")
    assert {row["term"] for row in rows} == {"Kinderbetreuung"}
    assert {row["vocabulary"] for row in kg.links(vocabulary="stw")} == {"stw"}
    (tmp_path / "terms.csv").write_text("label\nchild care\nelder care\n", encoding="utf-8")
    (tmp_path / "thesaurus.ttl").write_text(
        "<https://example.org/1> <http://www.w3.org/2004/02/skos/core#prefLabel> 'Childcare'@en .",
        encoding="utf-8",
    )
    proposals = kg.link(tmp_path / "terms.csv", tmp_path / "thesaurus.ttl")
    assert [(one.label, one.iri) for one in proposals] == [("child care", "https://example.org/1")]
    assert proposals.to_pandas().shape == (1, 6)


@pytest.mark.slow
def test_everything_shows_itself(cases: cop.KnowledgeGraph, tmp_path: Path) -> None:
    ledger = cases.evidence(lang="sv")
    assert "motsagt" in ledger._repr_html_()
    verdict = ledger.of("C51")
    assert "<table>" in verdict._repr_html_() and str(verdict).startswith("C51: ")
    assert verdict.to_pandas()["part"].value_counts()["for"] == verdict.counts["support"]
    verdicts = ledger.to_pandas()
    assert len(verdicts) == CLAIMS and str(verdicts["against"].dtype) == "Int64"
    gaps = cases.gaps()
    assert gaps[0].kind == gaps.to_pandas()["kind"][0] and "<table>" in gaps._repr_html_()
    card = cases.show("childcare")
    assert "<h3>childcare</h3>" in card._repr_html_()
    assert set(card.to_polars()["end"]) == {"says", "is said"}
    assert cases.check().to_pandas().empty
    picture = cases.picture("diagram")
    assert picture._repr_svg_().startswith("<svg")
    for ending, head in ((".svg", b"<svg"), (".png", b"\x89PNG"), (".pdf", b"%PDF")):
        picture.save(tmp_path / f"a{ending}")
        assert (tmp_path / f"a{ending}").read_bytes().startswith(head)
    with pytest.raises(DataError, match="ending"):
        picture.save(tmp_path / "a.gif")
    with pytest.raises(UnknownName):
        cases.picture("diagramme")


def test_types_survive(cases: cop.KnowledgeGraph) -> None:
    info = cases.info()
    assert all(isinstance(row["count"], int) for row in info if row["kind"] != "version")
    frame = cases.query(
        "SELECT ?c ?year (0.5 AS ?share) { ?c a cop:Case OPTIONAL { ?c cop:startYear ?year } }"
        " ORDER BY ?c"
    ).to_pandas()
    assert str(frame["year"].dtype) == "Int64" and frame["year"].isna().any()
    assert str(frame["share"].dtype) == "float64"
    answer = cases.query("ASK { ?c a cop:Case }").to_pandas()
    assert str(answer["answer"].dtype) == "boolean" and answer["answer"].tolist() == [True]


def test_a_result_is_indexed_and_sliced(kg: cop.KnowledgeGraph) -> None:
    result = kg.ask("glass-ceiling")
    assert result[0] == result.rows[0] and result[-1] == result.rows[-1]
    assert result[1:3] == result.rows[1:3]
    with pytest.raises(IndexError):
        result[len(result)]


def test_opening_is_one_function() -> None:
    assert cop.open is open_graph


@pytest.mark.slow
def test_a_sheet_beside_the_same_case_is_one_case(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.csv", GOOD)
    kg = cop.open(store=tmp_path / "store", create=True)
    kg.load(path)
    again = cop.open(data=[path], store=tmp_path / "store")
    assert len(again.query("SELECT ?c { ?c a cop:Case }")) == 1
    other = sheet(tmp_path / "b.csv", GOOD | {"sector": "public sector"})
    for scope in ({"data": [other], "store": tmp_path / "store"}, {"data": [path, other]}):
        with pytest.raises(DataError, match=r"b\.csv, A2: a case with this id is in scope"):
            cop.open(**scope)


def test_a_warning_of_a_sheet_is_in_the_note(tmp_path: Path) -> None:
    odd = sheet(tmp_path / "a b.csv", GOOD | {"odd": "x"}, columns=f"{COLUMNS},odd")
    note = cop.open(data=odd).note
    assert "No such field" in note and "1 warning in all" in note and "a b.csv')" in note


@pytest.mark.parametrize("tag", ["sv-SE", "sv_SE", "SV"])
def test_one_language_has_one_name_everywhere(cases: cop.KnowledgeGraph, tag: str) -> None:
    assert cases.show("childcare", lang=tag).label == "barnomsorg"
    assert {row["term"] for row in cases.links("childcare", lang=tag)} == {"barnomsorg"}
    assert "analysnivå" in {row["name"] for row in cases.info(tag)}
    assert "barnomsorg" in {row["serviceLabel"] for row in cases.ask("glass-ceiling", lang=tag)}
    assert cases.evidence(lang=tag).of("C51").lang == "sv"
    for call in (cases.show, cases.links):
        with pytest.raises(DataError, match="no language tag"):
            call("childcare", lang='bad_!"')


@pytest.mark.slow
def test_what_is_said_of_a_graph_is_said_anew_after_a_write(tmp_path: Path) -> None:
    kg = cop.open(store=tmp_path / "store", create=True)
    kg.load(sheet(tmp_path / "a.csv", GOOD))
    kg.classify()
    assert kg.note == ""
    kg.load(sheet(tmp_path / "b.csv", GOOD | {"id": "b"}))
    assert "classify() renews it" in kg.note
    kg.classify()
    assert kg.note == ""


@pytest.mark.slow
def test_a_load_that_stands_is_said_to(tmp_path: Path) -> None:
    extra = sheet(tmp_path / "extra.csv", GOOD | {"id": "extra"})
    kg = cop.open(store=tmp_path / "store", create=True)
    kg = cop.open(data=[extra], store=tmp_path / "store")
    extra.unlink()
    with pytest.raises(DataError, match=r"load 1 went in, but .*extra\.csv"):
        kg.load(sheet(tmp_path / "a.csv", GOOD))
    assert len(cop.open(store=tmp_path / "store").loads()) == 1


def test_a_listing_can_be_kept_and_cut(cases: cop.KnowledgeGraph) -> None:
    gaps = cases.gaps()
    assert pickle.loads(pickle.dumps(gaps)).table.rows == gaps.table.rows
    assert gaps[:2].to_pandas().shape == (2, 3)
    assert [v.claim for v in cases.evidence().all()[:2]] == ["C01", "C02"]
