"""What a second look found: ways around a check, and data that changed without a word."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import coproduction
from coproduction.cases.integrity import faults
from coproduction.cases.loading import check_cases, load
from coproduction.cases.mapping_files import find_mapping
from coproduction.cases.reading import Reading
from coproduction.cases.rebuild import rebuild
from coproduction.cases.report import mark
from coproduction.cli import main
from coproduction.errors import DamagedStore, DataError, QueryError
from coproduction.reasoning.inference import classify
from coproduction.store.on_disk import open_folder
from coproduction.syntax.services import refuse_service
from coproduction.tables.csv_reading import CsvFile
from coproduction.tables.json_tables import read_json

from .test_load import COLUMNS, GOOD, sheet
from .test_mappings import REST, plain
from .test_rdf_files import CASE, HEAD


@pytest.mark.parametrize("before", ["EXISTS{}", "1.e5", "NOT EXISTS{}", "?x", "1", "true"])
@pytest.mark.sampled
def test_no_less_than_hides_a_service(kg: coproduction.KnowledgeGraph, before: str) -> None:
    asked = []

    class Endpoint(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.send_error(500)

        do_GET = do_POST  # noqa: N815

        def log_message(self, *words: object) -> None:
            """Nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Endpoint) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/leak"
        query = f"ASK{{FILTER({before}<2)SERVICE#>\n<{address}>{{?a ?b ?c}}}}"
        with pytest.raises(QueryError):
            kg.query(query)
        with pytest.raises(QueryError):
            kg.store.query(query)
        with pytest.raises((QueryError, DataError)):
            refuse_service(query, Path("mapping.rq"))
        server.shutdown()
    assert asked == []


@pytest.mark.parametrize(
    "query",
    [
        "ASK{FILTER(1<" + "(" * 5000 + "1" + ")" * 5000 + ")FILTER(2>1)}",
        "ASK{FILTER(#\r" + "(" * 5000 + "1" + ")" * 5000 + ")}",
    ],
)
def test_no_sign_hides_brackets(kg: coproduction.KnowledgeGraph, query: str) -> None:
    with pytest.raises(QueryError, match="nested more than 200 levels deep"):
        kg.query(query)


def test_no_comment_hides_nesting(tmp_path: Path) -> None:
    turtle = tmp_path / "a.ttl"
    turtle.write_text(
        "@prefix e: <http://e/> .\n" + "<<( e:a e:b #)>>\n" * 50_000, encoding="utf-8"
    )
    with pytest.raises(DataError, match="more than 1,000 triple terms"):
        check_cases(turtle)
    xml = tmp_path / "a.rdf"
    xml.write_text(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
        + "<!--" + "</" * 90_000 + "-->" + "<e:C><e:p>" * 40_000
        + "</e:p></e:C>" * 40_000 + "</rdf:RDF>", encoding="utf-8",
    )  # fmt: skip
    with pytest.raises(DataError, match="more than 1,000 levels deep"):
        check_cases(xml)


@pytest.mark.parametrize("text", ["1,000", "12.000", "2,000,000"])
def test_a_thousand_is_not_one(tmp_path: Path, text: str) -> None:
    columns = COLUMNS + ",participant_count"
    path = sheet(tmp_path / "a.csv", GOOD | {"participant_count": text}, columns=columns)
    assert [p.value for p in check_cases(path).problems] == [text]
    path = sheet(tmp_path / "b.csv", GOOD | {"participant_count": "1000.0"}, columns=columns)
    assert check_cases(path).problems == []


@pytest.mark.slow
def test_a_lost_pointer_is_damage_after_the_first_load_too(tmp_path: Path) -> None:
    store = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", GOOD), store)
    (store / "state").unlink()
    with pytest.raises(DamagedStore, match="the file 'state' is missing"):
        load(sheet(tmp_path / "b.csv", GOOD | {"id": "b"}), store)
    with pytest.raises(DamagedStore):
        open_folder(store)
    assert [path.name for path in (store / "states").iterdir()] == ["1"]
    told = [each.told for each in rebuild(store, tmp_path / "new")]
    assert "the list of state 1 was used: that of the live state cannot be read" in told
    assert len(coproduction.open(store=tmp_path / "new").query("SELECT ?c { ?c a cop:Case }")) == 1


@pytest.mark.slow
def test_a_lost_mark_of_the_live_state_deletes_nothing(tmp_path: Path) -> None:
    store = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", GOOD), store)
    kept = sorted(path.name for path in (store / "files").iterdir())
    (store / "states" / "1" / "mark").unlink()
    with pytest.raises(DamagedStore, match="the mark of its live state is missing"):
        load(sheet(tmp_path / "b.csv", GOOD | {"id": "b"}), store)
    assert set(kept) <= {path.name for path in (store / "files").iterdir()}


@pytest.mark.slow
def test_nothing_is_imported_from_the_current_folder(tmp_path: Path) -> None:
    load(sheet(tmp_path / "a.csv", GOOD), tmp_path / "store")
    for name in ("json", "signal", "coproduction", "pyoxigraph"):
        (tmp_path / f"{name}.py").write_text(
            f"open({str(tmp_path / 'ran')!r}, 'w')", encoding="utf-8"
        )
    source = str(Path(coproduction.__file__).parents[1])
    text = (
        f"import sys; sys.path.insert(0, {source!r}); import coproduction; "
        "print(coproduction.open(store='store').query('ASK {}', timeout=30).answer)"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", text], cwd=tmp_path, capture_output=True, text=True,
        check=False, env=os.environ | {"PYTHONPATH": ""},
    )  # fmt: skip
    assert (done.stdout, (tmp_path / "ran").exists()) == ("True\n", False), done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
@pytest.mark.slow
def test_a_quick_query_does_not_wait_for_a_slow_one(kg: coproduction.KnowledgeGraph) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    late: list[Exception] = []

    def ask(text: str, seconds: float) -> None:
        try:
            kg.query(text, timeout=seconds)
        except QueryError as error:
            if text != slow:
                late.append(error)

    threads = [
        threading.Thread(target=ask, args=pair) for pair in [(slow, 6.0), ("ASK {}", 5.0)] * 4
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert late == []


@pytest.mark.slow
def test_what_was_inferred_is_no_content_of_a_case(tmp_path: Path) -> None:
    path, store = tmp_path / "a.ttl", tmp_path / "store"
    path.write_text(HEAD + CASE, encoding="utf-8")
    assert load(path, store).loaded == 1
    assert classify(store, "rules") > 0
    path.write_text(HEAD + CASE + "# a comment\n", encoding="utf-8")
    outcome = load(path, store)
    assert (outcome.unchanged, outcome.set_aside) == (1, 0)


@pytest.mark.slow
def test_a_case_that_is_there_is_not_added_to_in_passing(tmp_path: Path) -> None:
    path, store = tmp_path / "a.ttl", tmp_path / "store"
    path.write_text(HEAD + CASE, encoding="utf-8")
    load(path, store)
    other = CASE.replace("case/1", "case/2")
    slipped = (
        '<https://example.org/case/1> cop:otherCell "slipped in" .\n'
        '<https://example.org/case/1/coding/x> cop:locator "p. 1" .\n'
        '<https://example.org/org/moon> rdfs:label "Moon" .\n'
    )
    path.write_text(HEAD + other + slipped, encoding="utf-8")
    outcome = load(path, store)
    assert outcome.loaded == 1
    assert "2 statements about cases that the store has were left out" in outcome.note
    kg = coproduction.open(store=store)
    assert not kg.query("SELECT ?s { ?s ?p 'slipped in' }").rows
    assert kg.query("SELECT ?s { ?s rdfs:label 'Moon' }").rows


def test_separators_in_a_text_of_several_lines_make_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    text = 'id,name,notes\n1,Foo,"first, second\nthird, fourth, fifth"\n2,Bar,x\n'
    path.write_text(text, encoding="utf-8")
    records = list(CsvFile(path).records())
    assert [record.cells for record in records[1:]] == [
        ["1", "Foo", "first, second\nthird, fourth, fifth"], ["2", "Bar", "x"],
    ]  # fmt: skip
    assert not any(record.fault for record in records)


def test_a_broken_row_in_a_table_beside_is_told(tmp_path: Path) -> None:
    (tmp_path / "services.csv").write_text(
        "id,organization_id,name,description\n1,A,Nursery,Care\n", encoding="utf-8"
    )
    (tmp_path / "organizations.csv").write_text(
        'id,name,legal_status\nA,"one,x\nB,two,y\n', encoding="utf-8"
    )
    with pytest.raises(DataError, match=r"organizations\.csv, row 2: A quotation mark opens"):
        check_cases(tmp_path / "services.csv", Reading(mapping=find_mapping("hsds"), defaults={"country": "US", "observed_year": "2020"}))  # fmt: skip


def test_an_id_and_its_whole_address_are_one(tmp_path: Path) -> None:
    rows = [GOOD | {"id": "x1"}, GOOD | {"id": "https://w3id.org/coproduction/id/case/x1"}]
    outcome = check_cases(sheet(tmp_path / "a.csv", *rows))
    assert [(p.row, p.rule) for p in outcome.problems] == [(3, "id-twice")]


def test_a_mapping_that_was_changed_is_read_anew(tmp_path: Path) -> None:
    plain(tmp_path, "", "", REST)
    path = next(tmp_path.glob("*.toml"))
    before = find_mapping(str(path)).title
    path.write_text(path.read_text().replace('title = "t"', 'title = "new"'), encoding="utf-8")
    assert (before, find_mapping(str(path)).title) == ("t", "new")


@pytest.mark.parametrize(
    "change",
    [{"file": "../../etc/passwd"}, {"file": "/etc/passwd"}, {"mapping": "../m.toml"},
     {"reading": {"path": "/etc/passwd"}}],
)  # fmt: skip
@pytest.mark.slow
def test_a_list_of_loads_does_not_lead_out_of_its_store(
    tmp_path: Path, change: dict[str, object]
) -> None:
    store = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", GOOD), store)
    path = store / "states" / "1" / "loads.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["loads"][0] |= change
    path.write_text(json.dumps(content), encoding="utf-8")
    assert faults(store)
    told = list(rebuild(store, tmp_path / "new"))
    if not (tmp_path / "new" / "state").exists():
        return  # nothing of the list was taken
    assert (
        not coproduction.open(store=tmp_path / "new")
        .query("SELECT ?s { ?s ?p ?o FILTER(CONTAINS(STR(?o), 'root:')) }")
        .rows
    ), told


def test_a_line_of_json_ends_at_its_line_feed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": "x\u2028y\u0085z"}\n{"a": "b"}\n', encoding="utf-8")
    assert len(list(read_json(path).rows)) == 2
    with pytest.raises(DataError, match="more than the limit of 5"):
        check_cases(path, Reading(largest=5))


@pytest.mark.slow
def test_a_load_whose_rows_another_one_holds_is_told_when_that_goes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", GOOD), store)
    load(sheet(tmp_path / "b.csv", GOOD, GOOD | {"id": "b"}), store)
    assert main(["unload", "1", "--store", str(store)]) == 0
    assert "load 2 (b.csv) counted 1 row as there already" in capsys.readouterr().err


def test_a_marked_table_is_a_workbook(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.csv", GOOD)
    with pytest.raises(DataError, match=r"m\.csv: a marked table is a workbook"):
        mark(path, tmp_path / "m.csv", [])
