"""From a sheet to a store: what goes in, what is set aside and why, and that nothing is lost."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pyoxigraph as ox
import pytest

import coproduction
from coproduction.cases import intake, staging
from coproduction.cases.loading import check_cases, load
from coproduction.cases.loads import unload
from coproduction.cases.mapping_files import find_mapping
from coproduction.cases.reading import Reading
from coproduction.cases.staging import Staging
from coproduction.cases.template import csv_sheet, template, workbook
from coproduction.errors import DataError
from coproduction.export.case_sheet import write_cases
from coproduction.knowledge.case_record import case_record
from coproduction.knowledge.packaged import changing
from coproduction.names import COP, GRAPH, LANGUAGES, PREFIXES, RDF
from coproduction.resources import data_dir
from coproduction.store import disk_layout
from coproduction.store.disk_layout import State
from coproduction.store.on_disk import open_folder
from coproduction.tables.table import read_table

from ..conftest import Run
from ..tools import first_quick, require_program

R0, TYPE = ox.NamedNode(COP + "levelUnderR0"), ox.NamedNode(RDF + "type")
COLUMNS = (
    "id,title,summary,service,country,start_year,end_year,provider,sector,participants,"
    "contributions,decision_rights,level,intensity,source"
)
GOOD = {
    "id": "a",
    "title": "A",
    "summary": "About A.",
    "service": "housing",
    "country": "SE",
    "start_year": "1990",
    "provider": "A society",
    "sector": "third sector",
    "participants": "client in person",
    "contributions": "core work",
    "decision_rights": "majority",
    "intensity": "intensive/enduring",
    "source": "https://example.org/a",
}


def sheet(path: Path, *rows: dict[str, str], columns: str = COLUMNS, **writing: str) -> Path:
    delimiter = writing.get("delimiter", ",")
    buffer = io.StringIO()
    headings = columns.split(",")
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow(headings)
    writer.writerows([row.get(heading, "") for heading in headings] for row in rows)
    path.write_bytes(buffer.getvalue().encode(writing.get("encoding", "utf-8")))
    return path


def value(folder: Path, case: str, prop: str) -> list[str]:
    kg = coproduction.open(store=folder)
    rows = kg.query(
        f"SELECT ?v WHERE {{ <https://w3id.org/coproduction/id/case/{case}> {prop} ?v }} ORDER BY ?v"
    ).rows
    return [str(row["v"]).rpartition("#")[2] for row in rows]


@pytest.mark.parametrize("ending", first_quick(["xlsx", "csv"]))
@pytest.mark.slow
def test_the_made_up_row_of_the_template_is_left_out(tmp_path: Path, ending: str) -> None:
    for lang in LANGUAGES:
        path = tmp_path / f"{lang}.{ending}"
        template(path, lang)
        outcome = load(path, tmp_path / "store")
        assert (outcome.read, outcome.loaded, outcome.set_aside) == (0, 0, 0)
        assert [(p.level, p.rule, p.row) for p in outcome.problems] == [("info", "example-row", 2)]


@pytest.mark.slow
def test_a_load_in_parts_is_as_one_in_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each part holds whole cases, so that their levels follow from it alone."""
    path = sheet(tmp_path / "a.csv", *(GOOD | {"id": f"c{n}"} for n in range(40)))
    load(path, tmp_path / "whole")
    taken: list[bytes] = []
    monkeypatch.setattr(staging, "_PART", 5_000)
    monkeypatch.setattr(intake, "_MANY", 10)
    take = intake.Intake.take
    monkeypatch.setattr(
        intake.Intake, "take", lambda self, part: (taken.append(part), take(self, part))
    )
    load(path, tmp_path / "parts")
    assert len(taken) > 5 and all(5_000 <= len(part) < 10_000 for part in taken[:-1])
    one, other = (
        {
            (quad.subject, quad.predicate, quad.object)
            for graph in ("load/1", "inferred")
            for quad in open_folder(tmp_path / name).statements(graph=ox.NamedNode(GRAPH + graph))
        }
        for name in ("whole", "parts")
    )
    assert one == other and len(one) > 400
    summaries = {
        next((tmp_path / name).rglob("summary.nt")).read_text() for name in ("whole", "parts")
    }
    assert len(summaries) == 1


@pytest.mark.parametrize("fault", ["strict", "changed", "engine"])
@pytest.mark.slow
def test_parts_that_went_in_are_taken_back_where_the_load_ends_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """Parts go in while the file is read, and it is not known yet how that ends."""
    folder = tmp_path / "store"
    load(sheet(tmp_path / "before.csv", GOOD | {"id": "first"}), folder)
    monkeypatch.setattr(staging, "_PART", 1_000)
    rows = [GOOD | {"id": f"c{n}"} for n in range(40)]
    path = sheet(tmp_path / "a.csv", *rows, rows[0] | {"id": "last", "country": "Atlantis"})
    began: list[int] = []
    take = intake.Intake.take

    def counted(self: intake.Intake, part: bytes) -> None:
        began.append(len(part))
        if fault == "engine" and len(began) == 3:
            self._anew, part = True, b"no statement"  # which the thread finds
        if fault == "changed" and len(began) == 3:
            path.write_bytes(path.read_bytes() + b"\n")
        take(self, part)

    monkeypatch.setattr(intake.Intake, "take", counted)
    if fault == "strict":
        outcome = load(path, folder, strict=True)
        assert "nothing was loaded" in str(outcome.note) and outcome.loaded == 0
    else:
        with pytest.raises(DataError if fault == "changed" else SyntaxError):
            load(path, folder)
    assert len(began) > 2, "parts went in"
    monkeypatch.setattr(intake.Intake, "take", take)
    assert ids_in(folder) == ["first"]
    assert load(sheet(tmp_path / "b.csv", *rows), folder).load == 2


def test_a_text_that_looks_like_a_blank_node_is_none(tmp_path: Path) -> None:
    rows = [GOOD | {"id": f"c{n}"} for n in range(3)]
    load(sheet(tmp_path / "a.csv", *rows), tmp_path / "plain")
    odd = [row | {"summary": "As _:b0 has it, or _:b1 ."} for row in rows]
    load(sheet(tmp_path / "b.csv", *odd), tmp_path / "odd")
    plain, other = (
        next((tmp_path / name).rglob("summary.nt")).read_text() for name in ("plain", "odd")
    )
    assert plain == other and '"3"' in plain


@pytest.mark.parametrize("line", ["_:b0 <urn:p> <urn:o> .", "<urn:s> <urn:p> _:b0 ."])
def test_a_blank_node_is_seen_where_it_stands(line: str) -> None:
    text = '<urn:s> <urn:p> "_:b0 ." .\n<urn:s> <urn:p> "_:b0"@en .\n'
    assert staging._has_blank(f"{text}{line}\n") and not staging._has_blank(text)


def test_a_part_that_the_engine_gives_up_ends_the_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Panic(BaseException):
        """As the engine's own, which is no Exception."""

    class Broken:
        def bulk_load(self, **_given: object) -> None:
            raise Panic

    begin = intake.Intake._begin

    def broken(self: intake.Intake, *texts: tuple[bytes, ox.NamedNode]) -> None:
        whole = self._store
        self._store = SimpleNamespace(inner=Broken())  # type: ignore[assignment]
        begin(self, *texts)
        self._store = whole

    monkeypatch.setattr(intake.Intake, "_begin", broken)
    with pytest.raises(Panic):
        load(sheet(tmp_path / "a.csv", GOOD), tmp_path / "store")
    monkeypatch.undo()
    assert load(sheet(tmp_path / "a.csv", GOOD), tmp_path / "store").loaded == 1


def ids_in(folder: Path) -> list[str]:
    rows = coproduction.open(store=folder).query("SELECT ?c { GRAPH ?g { ?c a cop:Case } }").rows
    return [str(row["c"]).rpartition("/")[2] for row in rows]


@pytest.mark.slow
def test_a_blank_node_is_one_in_every_part_and_in_its_level(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each part is read by itself, and gives a blank node another name."""
    text = csv_to_turtle(tmp_path, 12)
    text += """
[] a cop:Observation ; cop:observes <https://w3id.org/coproduction/id/case/c3> ;
    cop:fromYear 1990 ; cop:toYear 1995 ; cop:hasDecisionRights cop:SharedMinority ;
    dcterms:source <https://example.org/a> .
"""
    path = tmp_path / "a.ttl"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(staging, "_PART", 500)
    outcome = load(path, tmp_path / "store")
    assert (outcome.read, outcome.loaded) == (12, 12), outcome.problems
    rows = coproduction.open(store=tmp_path / "store").query(
        "SELECT ?o ?case ?level { ?o cop:observes ?case ; cop:levelUnderR0 ?level }"
    )
    assert [(row["case"], row["level"]) for row in rows.rows] == [
        (
            "https://w3id.org/coproduction/id/case/c3",
            "https://w3id.org/coproduction#MediumParticipation",
        )
    ]
    levels = {q.subject for q in open_folder(tmp_path / "store").statements(None, R0)}
    subjects = {q.subject for q in open_folder(tmp_path / "store").statements(None, TYPE)}
    assert levels <= subjects, "a level hangs on a node that is in no graph"


def csv_to_turtle(tmp_path: Path, count: int) -> str:
    """Give the cases of a sheet as RDF, as they are exported."""
    path = sheet(tmp_path / "c.csv", *(GOOD | {"id": f"c{n}"} for n in range(count)))
    load(path, tmp_path / "sheet")
    graph = ox.NamedNode(GRAPH + "load/1")
    triples = (quad.triple for quad in open_folder(tmp_path / "sheet").statements(graph=graph))
    lines = ox.serialize(triples, format=ox.RdfFormat.TURTLE)
    return "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in ("cop", "dcterms")) + (
        lines.decode()
    )


@pytest.mark.sampled
@pytest.mark.parametrize("strict", [False, True], ids=["the template", "strict, with an error"])
def test_nothing_holds_a_state_that_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, strict: bool
) -> None:
    given_up: list[Path] = []

    def abandon(folder: Path, state: State) -> None:
        ox.Store(str(state.data))  # refused as long as anything refers to the database
        given_up.append(state.folder)
        disk_layout.abandon(folder, state)

    monkeypatch.setattr("coproduction.store.on_disk.abandon", abandon)
    path = tmp_path / "cases.csv"
    if strict:
        sheet(path, GOOD, GOOD | {"id": "wrong", "service": "=cmd()"})
    else:
        template(path)
    for _ in range(3):
        assert load(path, tmp_path / "store", strict=strict).loaded == 0
    assert given_up == [tmp_path / "store" / "states" / "1"] * 3
    assert not any((tmp_path / "store" / "states").iterdir())


@pytest.mark.slow
def test_nothing_holds_a_state_that_an_error_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_up: list[Path] = []

    def abandon(folder: Path, state: State) -> None:
        ox.Store(str(state.data))
        given_up.append(state.folder)
        disk_layout.abandon(folder, state)

    def fail(self: Staging, case: object) -> None:
        raise DataError("a disk that is full")

    monkeypatch.setattr("coproduction.store.on_disk.abandon", abandon)
    monkeypatch.setattr(Staging, "add", fail)
    sheet(path := tmp_path / "cases.csv", GOOD)
    kept = []  # as a notebook keeps the last error
    for _ in range(3):
        with pytest.raises(DataError, match="full") as raised:
            load(path, tmp_path / "store")
        kept.append(raised.value)
    assert given_up == [tmp_path / "store" / "states" / "1"] * 3
    assert not any((tmp_path / "store" / "states").iterdir())


@pytest.mark.slow
def test_the_template_with_an_id_of_ones_own_loads_in_every_language(tmp_path: Path) -> None:
    outcomes = []
    for lang in LANGUAGES:
        path = tmp_path / f"{lang}.xlsx"
        template(path, lang)
        book = openpyxl.load_workbook(path)
        book["cases"]["A2"] = "my-own"
        book.save(path)
        text = csv_sheet(case_record(), lang).decode("utf-8-sig")
        table = tmp_path / f"{lang}.csv"
        table.write_text(text.replace("example-parent-co-op", "my-own"), encoding="utf-8")
        outcomes += [load(file, tmp_path / "store") for file in (path, table)]
    assert [o.loaded for o in outcomes] == [1] + [0] * 7
    assert [o.unchanged for o in outcomes][1:] == [1] * 7, "the same case in eight sheets"
    assert not any(problem.level == "error" for o in outcomes for problem in o.problems)


def test_the_template_is_the_same_bytes_twice() -> None:
    record = case_record()
    assert workbook(record, "sv") == workbook(record, "sv")
    assert csv_sheet(record, "de") == csv_sheet(record, "de")


def test_the_workbook_has_lists_and_help(tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    template(path)
    book = openpyxl.load_workbook(path)
    cases = book["cases"]
    headings = [cell.value for cell in cases[1]]
    assert headings == [field.name() for field in case_record().fields]
    assert cases.freeze_panes == "C2"
    lists = [v for v in cases.data_validations.dataValidation if v.type == "list"]
    asked = [field for field in case_record().fields if field.choices or field.codes]
    assert len(lists) == len(asked)
    explained = {row[1].value for row in book["values"].iter_rows(min_row=2)}
    assert {choice.label() for field in asked for choice in field.choices} <= explained


@pytest.mark.slow
def test_libreoffice_opens_and_writes_the_sheet(tmp_path: Path) -> None:
    soffice = require_program("soffice", "LibreOffice", "libreoffice-calc-nogui")
    template(tmp_path / "cases.xlsx", "sv")
    for source, ending in (("cases.xlsx", "ods"), ("cases.ods", "xlsx")):
        subprocess.run(
            [
                soffice,
                f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
                "--headless",
                "--convert-to",
                ending,
                "--outdir",
                str(tmp_path / "out"),
                str(tmp_path / ("out" if source.endswith("ods") else ".") / source),
            ],
            check=True,
            capture_output=True,
        )
    path = tmp_path / "out" / "cases.xlsx"
    rules = openpyxl.load_workbook(path)["cases"].data_validations.dataValidation
    lists = {rule.formula1: rule.prompt for rule in rules if rule.type == "list"}
    service = case_record().field("service")
    assert lists["list_service"] == service.descriptions["sv"]
    before, after = check_cases(tmp_path / "cases.xlsx"), check_cases(path)
    assert [problem.rule for problem in before.problems] == ["example-row"]
    assert (after.read, after.problems) == (0, before.problems)


def test_the_level_follows_from_decision_rights_and_is_marked_so(tmp_path: Path) -> None:
    load(sheet(tmp_path / "a.csv", GOOD), tmp_path / "store")
    assert value(tmp_path / "store", "a", "cop:hasParticipationLevel") == ["HighParticipation"]
    coding = "cop:hasCoding/cop:underRubric"
    assert value(tmp_path / "store", "a", coding) == ["RubricR0"]
    status = "cop:hasCoding/cop:codingStatus"
    assert value(tmp_path / "store", "a", status) == ["Interpreted"]


def test_unknown_is_a_value_and_no_statement(tmp_path: Path) -> None:
    row = GOOD | {"sector": "okänd", "decision_rights": "Unknown "}
    outcome = load(sheet(tmp_path / "a.csv", row), tmp_path / "store")
    assert (outcome.loaded, outcome.problems) == (1, [])
    assert value(tmp_path / "store", "a", "cop:hasProviderSector") == []
    assert value(tmp_path / "store", "a", "cop:hasParticipationLevel") == []
    unknown = "cop:hasCoding/cop:codedProperty"
    assert value(tmp_path / "store", "a", unknown) == [
        "hasDecisionRights",
        "hasParticipationLevel",
        "hasProviderSector",
    ]


def test_a_case_has_at_most_25_statements(tmp_path: Path) -> None:
    load(sheet(tmp_path / "a.csv", GOOD), tmp_path / "store")
    graphs = open_folder(tmp_path / "store").graphs()
    assert graphs["https://w3id.org/coproduction/graph/load/1"] <= 25


@pytest.mark.parametrize(
    ("changed", "cell", "rule", "words"),
    [
        ({"service": "housng"}, "D2", "Case-service", "Did you mean 'housing'?"),
        ({"country": "Sweeden"}, "E2", "Case-country", "Did you mean Sweden (SE)"),
        ({"start_year": "1990-05-01"}, "F2", "Case-start_year", "write 1990"),
        ({"start_year": "c. 1990"}, "F2", "Case-start_year", ""),
        ({"start_year": "#REF!"}, "F2", "Case-start_year", "error #REF! of a formula"),
        ({"start_year": ""}, "F2", "Rule-yearMissing", ""),
        ({"end_year": "1980"}, "G2", "Rule-endBeforeStart", ""),
        ({"provider": ""}, "H2", "Case-provider", ""),
        ({"sector": "hybrid"}, "H2", "Rule-hybridOrganisations", "at least two"),
        ({"sector": "третий сектор"}, "I2", "Case-sector", "use one of"),
        ({"participants": "client in person; dog"}, "J2", "Case-participants", ""),
        ({"decision_rights": "unknown", "level": "high"}, "M2", "Rule-circularLevel", ""),
        ({"level": "low"}, "M2", "Rule-rubricMissing", ""),
        ({"id": "not an id"}, "A2", "Case-id", ""),
        ({"id": ""}, "A2", "Case-id", ""),
        ({"summary": "x" * 501}, "C2", "Case-summary", "at most 500"),
    ],
)
@pytest.mark.sampled
def test_a_wrong_cell_is_named_with_its_fix(
    tmp_path: Path, changed: dict[str, str], cell: str, rule: str, words: str
) -> None:
    path = sheet(tmp_path / "a.csv", GOOD | changed, GOOD | {"id": "b"})
    outcome = load(path, tmp_path / "store")
    assert (outcome.read, outcome.loaded, outcome.set_aside) == (2, 1, 1)
    errors = [problem for problem in outcome.problems if problem.level == "error"]
    named = {problem.rule: problem for problem in errors}
    assert rule in named
    if rule != "Rule-rubricMissing":
        assert named[rule].cell == cell
    assert words.casefold() in named[rule].fix.casefold()
    assert value(tmp_path / "store", "b", "rdfs:label") == ["A"]
    assert value(tmp_path / "store", "a", "rdfs:label") == []


def test_values_are_understood_as_people_write_them(tmp_path: Path) -> None:
    row = GOOD | {
        "service": " Handicap  CARE ",
        "country": "Schweden",
        "start_year": "1984.0",
        "sector": "cop:ThirdSector",
        "participants": "https://w3id.org/coproduction#ClientInPerson;relative",
        "decision_rights": "ownership/employer",
    }
    outcome = load(sheet(tmp_path / "a.csv", row), tmp_path / "store")
    assert outcome.problems == []
    assert value(tmp_path / "store", "a", "cop:hasServiceType") == ["DisabilityCare"]
    assert value(tmp_path / "store", "a", "cop:countryCode") == ["SE"]
    assert value(tmp_path / "store", "a", "cop:startYear") == ["1984"]
    assert value(tmp_path / "store", "a", "cop:hasParticipantIdentity") == [
        "ClientInPerson",
        "RelativeOfClient",
    ]


def test_semicolons_cp1252_and_an_offset_table(tmp_path: Path) -> None:
    row = GOOD | {"title": "Förskolan Kultingen", "country": "Sverige"}
    path = sheet(tmp_path / "a.csv", row, delimiter=";", encoding="cp1252")
    path.write_bytes(b"\r\n;;\r\n" + path.read_bytes())
    table = read_table(path)
    assert (table.heading_row, next(table.rows).number) == (3, 4)
    outcome = load(path, tmp_path / "store")
    assert outcome.loaded == 1
    assert value(tmp_path / "store", "a", "rdfs:label") == ["Förskolan Kultingen"]


def test_an_offset_table_in_a_workbook_names_true_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for column, heading in enumerate(COLUMNS.split(",")):
        book.active.cell(4, column + 3).value = heading
        book.active.cell(5, column + 3).value = (GOOD | {"service": "x"}).get(heading)
    book.save(tmp_path / "a.xlsx")
    outcome = check_cases(tmp_path / "a.xlsx")
    assert [(p.cell, p.row, p.column) for p in outcome.problems] == [("F5", 5, "service")]


def test_an_unknown_column_is_kept(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.csv", GOOD | {"colour": "red"}, columns=COLUMNS + ",colour")
    outcome = load(path, tmp_path / "store")
    assert [(p.rule, p.level) for p in outcome.problems] == [("column-unknown", "warning")]
    assert value(tmp_path / "store", "a", "cop:otherCell") == ["colour: red"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "no row of headings"),
        (b"id,title\n", "are missing"),
        ((COLUMNS + ",id\n").encode(), "stands in A1 already"),
    ],
)
def test_a_table_that_cannot_be_used(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=words):
        load(path, tmp_path / "store")
    with pytest.raises(DataError, match="there is no store"):
        open_folder(tmp_path / "store")


def test_files_that_are_too_large_or_no_workbook(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.csv", GOOD)
    with pytest.raises(DataError, match="largest="):
        load(path, tmp_path / "store", Reading(largest=10))
    fake = tmp_path / "a.xlsx"
    fake.write_bytes(path.read_bytes())
    with pytest.raises(DataError, match="this is no workbook"):
        load(fake, tmp_path / "store")


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.csv", GOOD)
    assert load(path, tmp_path / "store").load == 1
    before = open_folder(tmp_path / "store").graphs()
    again = load(path, tmp_path / "store")
    assert again.load is None and "loaded before, as load 1" in again.note
    assert open_folder(tmp_path / "store").graphs() == before


@pytest.mark.slow
def test_a_conflict_is_told_and_replace_keeps_the_old(tmp_path: Path) -> None:
    store = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", GOOD), store)
    other = sheet(tmp_path / "b.csv", GOOD | {"title": "B"})
    conflict = load(other, store)
    assert (conflict.loaded, conflict.set_aside) == (0, 1)
    assert [p.rule for p in conflict.problems] == ["conflict"]
    assert "title: 'A' there, 'B' here" in conflict.problems[0].fix
    assert value(store, "a", "rdfs:label") == ["A"]
    assert load(other, store, replace=True).loaded == 1
    assert value(store, "a", "rdfs:label") == ["B"]
    kept = coproduction.open(store=store).query("SELECT ?t WHERE { ?c cop:replacedStatements ?t }")
    assert [str(row["t"]).count('"A"') for row in kept] == [1]


def test_strict_loads_nothing_unless_all_is_clean(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.csv", GOOD, GOOD | {"id": "b", "service": "x"})
    outcome = load(path, tmp_path / "store", strict=True)
    assert (outcome.load, outcome.loaded) == (None, 0)
    with pytest.raises(DataError):
        open_folder(tmp_path / "store")


@pytest.mark.slow
def test_unload_takes_a_load_out(tmp_path: Path) -> None:
    store = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", GOOD), store)
    load(sheet(tmp_path / "b.csv", GOOD | {"id": "b"}), store)
    before = open_folder(store).graphs()
    unload(store, 2)
    assert value(store, "b", "rdfs:label") == []
    assert value(store, "a", "rdfs:label") == ["A"]
    assert load(tmp_path / "b.csv", store).load == 3
    after = {name.replace("load/3", "load/2"): n for name, n in open_folder(store).graphs().items()}
    assert after == before, "the same under a number of its own"
    with pytest.raises(DataError, match="there is no load 9"):
        unload(store, 9)


def test_an_organisation_named_first_in_a_bad_row_is_whole(tmp_path: Path) -> None:
    bad = GOOD | {"end_year": "1980"}
    load(sheet(tmp_path / "a.csv", bad, GOOD | {"id": "b"}), tmp_path / "store")
    kg = coproduction.open(store=tmp_path / "store")
    rows = kg.query(
        "SELECT ?l WHERE { ?c cop:hasProvider ?o . ?o a foaf:Organization ; rdfs:label ?l }"
    )
    assert [row["l"] for row in rows] == ["A society"]


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    store = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", GOOD), store)
    with changing(store), pytest.raises(DataError, match="another process is changing"):
        load(sheet(tmp_path / "b.csv", GOOD | {"id": "b"}), store)


def test_a_change_that_fails_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    store = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", GOOD), store)
    before = open_folder(store).graphs()
    with pytest.raises(ZeroDivisionError), changing(store) as change:
        change.store.inner.clear()
        raise ZeroDivisionError
    assert open_folder(store).graphs() == before
    assert [path.name for path in (store / "states").iterdir()] == ["1"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.slow
def test_a_killed_load_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    store = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", GOOD), store)
    before = open_folder(store).graphs()
    many = sheet(tmp_path / "many.csv", *(GOOD | {"id": f"x{n}"} for n in range(20_000)))
    command = [sys.executable, "-m", "coproduction", "load", str(many), "--store", str(store)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not list(store.glob("states/2/data")) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert list(store.glob("states/2")), "killed in the middle of the load"
    assert open_folder(store).graphs() == before
    assert load(sheet(tmp_path / "b.csv", GOOD | {"id": "b"}), store).loaded == 1
    left = sorted(path.name for path in (store / "states").iterdir())
    assert left == ["1", "3"], "the next load sweeps what the killed one left"


@pytest.mark.slow
def test_commands(run: Run, tmp_path: Path) -> None:
    store, path = str(tmp_path / "store"), str(tmp_path / "cases.csv")
    assert run("template", path).code == 0
    sheet(Path(path), GOOD, GOOD | {"id": "set-aside", "service": "=cmd()"})
    report, marked = str(tmp_path / "r.csv"), str(tmp_path / "m.xlsx")
    outcome = run("load", path, "--store", store, "--report", report, "--marked", marked)
    assert outcome.code == 1
    assert "1 loaded as load 1, 1 set aside" in outcome.err
    assert "D3" in outcome.out
    rows = list(csv.DictReader(io.StringIO(Path(report).read_text(encoding="utf-8"))))
    assert [(row["cell"], row["value"]) for row in rows] == [("D3", "'=cmd()")]
    cell = openpyxl.load_workbook(marked).active["D3"]
    assert "Give one service type" in cell.comment.text and cell.fill.fgColor.rgb.endswith("FFC7CE")
    assert json.loads(run("load", path, "--store", store, "--format", "json").out) == []
    assert "cases.csv" in run("loads", "--store", store).out
    table = list(csv.DictReader(io.StringIO(run("ask", "glass-ceiling", "--store", store).out)))
    assert [row["arrangementLabel"] for row in table if row["kind"] == "case"] == ["A"]
    assert run("validate", "--store", store).code == 0
    assert run("validate", path).code == 1
    assert run("show", "set-aside", "--store", store).code == 2
    assert run("unload", "1", "--store", store).code == 0
    assert len(run("ask", "glass-ceiling", "--store", store).out.splitlines()) == 8


def test_data_and_store_together(run: Run, tmp_path: Path, public_high_case: Path) -> None:
    load(sheet(tmp_path / "a.csv", GOOD), tmp_path / "store")
    words = ("--store", str(tmp_path / "store"), "--data", str(public_high_case))
    outcome = run("ask", "glass-ceiling", *words)
    assert len(outcome.out.splitlines()) == 1 + 7 + 2
    assert len(run("ask", "glass-ceiling", *words[:2]).out.splitlines()) == 1 + 7 + 1


def test_validate_reports_what_is_missing_in_rdf(run: Run, public_high_case: Path) -> None:
    outcome = run("validate", str(public_high_case))
    assert outcome.code == 1
    rules = {row["rule"] for row in csv.DictReader(io.StringIO(outcome.out))}
    assert rules >= {"Case-summary", "Case-country", "Case-provider", "Case-decision_rights"}
    assert "sh:ValidationReport" in run("validate", str(public_high_case), "--format", "ttl").out


@pytest.mark.sampled
@pytest.mark.parametrize("ending", first_quick(["csv", "xlsx"]))
@pytest.mark.parametrize("lang", first_quick(["en", "sv"]))
def test_load_export_load_is_a_fixed_point(
    run: Run, tmp_path: Path, ending: str, lang: str
) -> None:
    rich = GOOD | {
        "id": "b",
        "country": "Tyskland",
        "provider": "One; Två & Co",
        "participants": "relative;client in person",
        "contributions": "unknown",
        "decision_rights": "unknown",
        "sector": "hybrid",
        "colour": "red",
        "provider_form": "parent co-op; company",
        "relation": "supplementary; substitution",
        "source_type": "press",
        "coder": "A. Coder",
        "outcomes": "cheaper; +5 per cent",
    }
    high = GOOD | {"id": "c", "level": "high", "level_status": "stated", "intensity": "okänd"}
    columns = COLUMNS + ",level_status,provider_form,relation,source_type,coder,outcomes,colour"
    store = tmp_path / "store"
    first = load(sheet(tmp_path / "a.csv", GOOD, rich, high, columns=columns), store)
    assert first.loaded == 3, first.problems
    before = open_folder(store).graphs()
    out = str(tmp_path / f"out.{ending}")
    words = ("--store", str(store), "--as", "cases", "-o", out, "--lang", lang)
    assert run("export", *words).code == 0
    again = load(out, store)
    assert (again.loaded, again.unchanged, again.set_aside) == (0, 3, 0), again.problems
    assert open_folder(store).graphs() == before


def test_what_went_in_is_told_where_a_later_file_fails(tmp_path: Path, run: Run) -> None:
    good = sheet(tmp_path / "a.csv", GOOD, GOOD | {"id": "b", "sector": "tird"})
    store, report = str(tmp_path / "store"), tmp_path / "report.csv"
    missing = str(tmp_path / "no.csv")
    done = run("load", str(good), missing, "--store", store, "--report", str(report))
    assert done.code == 2 and "no.csv" in done.err.splitlines()[-1]
    assert "2 rows read, 1 loaded as load 1, 1 set aside" in done.err
    assert "tird" in report.read_text(encoding="utf-8-sig")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a file's name is always Unicode")
def test_a_file_whose_name_is_no_utf_8_is_loaded_and_built_again(tmp_path: Path, run: Run) -> None:
    from coproduction.cases.rebuild import rebuild

    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.csv"))
    sheet(path, GOOD)
    assert load(path, tmp_path / "store").load == 1
    assert run("loads", "--store", str(tmp_path / "store")).code == 0
    assert run("loads", "--check", "--store", str(tmp_path / "store")).code == 0
    assert all(each.is_whole for each in rebuild(tmp_path / "store", tmp_path / "new"))


@pytest.mark.parametrize("iri", ["https://example.org#one", "https://example.org/one"])
@pytest.mark.slow
def test_a_statement_about_a_case_that_is_there_goes_in_with_the_case_alone(
    tmp_path: Path, iri: str
) -> None:
    turtle = (data_dir("cases") / "stil.ttl").read_text(encoding="utf-8")
    case, other = tmp_path / "case.ttl", tmp_path / "other.ttl"
    case.write_text(turtle.replace("case:stil\n", f"<{iri}>\n"), encoding="utf-8")
    assert load(case, tmp_path / "store").loaded == 1
    more = f"<{iri}> cop:hasProviderSector cop:PublicSector .\n"
    two = turtle.replace("case:stil\n", "<https://example.org/two>\n")
    other.write_text(two + more, encoding="utf-8")
    outcome = load(other, tmp_path / "store")
    assert outcome.loaded == 1 and "1 statement about cases that the store has" in outcome.note
    query = f"SELECT ?s {{ <{iri}> cop:hasProviderSector ?s }}"
    assert len(coproduction.open(store=tmp_path / "store").query(query)) == 1


@pytest.mark.slow
def test_unload_says_what_does_not_come_back_and_what_still_speaks_of_it(
    tmp_path: Path, run: Run
) -> None:
    store = str(tmp_path / "store")
    load(sheet(tmp_path / "a.csv", GOOD, GOOD | {"id": "b"}), store)
    load(sheet(tmp_path / "c.csv", GOOD | {"title": "Other"}), store, replace=True)
    assert run("classify", "--store", store).code == 0
    told = run("unload", "2", "--store", store).err
    assert "1 case that it had replaced went with it" in told
    assert "'coproduction classify --store" in told
    assert "replaced" not in run("unload", "1", "--store", store).err


@pytest.mark.slow
def test_marks_are_made_of_a_file_that_was_loaded_before(tmp_path: Path, run: Run) -> None:
    path = sheet(tmp_path / "a.csv", GOOD, GOOD | {"id": "b", "sector": "tird"})
    store, marked = str(tmp_path / "store"), tmp_path / "marked.xlsx"
    assert run("load", str(path), "--store", store).code == 1
    done = run("load", str(path), "--store", store, "--marked", str(marked))
    assert done.code == 1 and "loaded before" in done.err
    cells = [cell for row in openpyxl.load_workbook(marked).active.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.comment] == ["tird"]
    assert len(coproduction.open(store=store).loads()) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_left_of_the_made_up_row_is_told(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "cases.csv"
    template(path, lang)
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.replace("example-parent-co-op", "my-own"), encoding="utf-8")
    outcome = check_cases(path)
    told = [p.value for p in outcome.problems if p.rule == "example-cell"]
    assert "Example municipality" in told and len(told) == 5
    assert outcome.lang == lang and outcome.loaded == 1


@pytest.mark.slow
def test_a_sheet_says_that_it_cannot_say_what_is_interpreted(tmp_path: Path, run: Run) -> None:
    store = str(tmp_path / "store")
    assert run("load", str(data_dir("cases") / "kultingen.ttl"), "--store", store).code == 0
    out = str(tmp_path / "k.csv")
    done = run("export", "--store", store, "--as", "cases", "-o", out)
    assert "1 case with interpreted values: a sheet cannot say" in done.err
    own = str(tmp_path / "own")
    load(sheet(tmp_path / "a.csv", GOOD), own)
    done = run("export", "--store", own, "--as", "cases", "-o", out, "--force")
    assert "interpreted" not in done.err


@pytest.mark.slow
def test_a_conflict_names_columns_and_values_as_the_sheet_has_them(tmp_path: Path) -> None:
    columns = f"{COLUMNS},my notes"
    store = tmp_path / "store"
    long = "A summary that is the same for more than sixty characters, up to its end: "
    first = GOOD | {"my notes": "red", "summary": f"{long}one.", "end_year": "1999"}
    load(sheet(tmp_path / "a.csv", first, columns=columns), store)
    second = GOOD | {
        "my notes": "green", "summary": f"{long}two.", "service": "eldercare",
        "provider": f"{GOOD['provider']}; Another",
    }  # fmt: skip
    (_, conflict) = load(sheet(tmp_path / "b.csv", second, columns=columns), store).problems
    assert (conflict.rule, conflict.cell) == ("conflict", "A2")
    assert conflict.fix == (
        "The store has this case with other values ("
        "summary: '…ers, up to its end: one.' there, '…ers, up to its end: two.' here; "
        "service: 'housing' there, 'eldercare' here; end_year: '1999' there, nothing here; "
        "provider: 'A society' there, 'A society; Another' here; and 1 more): "
        "replace=True takes the new ones."
    )


def test_a_conflict_under_a_mapping_is_told_by_its_fields(tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    constants = {
        key: GOOD[key]
        for key in ("summary", "service", "start_year", "sector", "participants", "contributions",
                    "decision_rights", "intensity")
    }  # fmt: skip

    def written(name: str, country: str) -> Path:
        lines = [f'{key} = "{value}"' for key, value in (constants | {"country": country}).items()]
        mapping.write_text(
            'title = "A register"\n\n[columns]\ncode = "id"\nname = "title"\n\n[constants]\n'
            + "\n".join(lines)
            + '\n\n[templates]\nprovider = "{name} provider"\nsource = "https://e.org/{code}"\n',
            encoding="utf-8",
        )
        path = tmp_path / f"{country}.csv"
        path.write_text(f"code,name\na,{name}\n", encoding="utf-8")
        return path

    def conflict(path: Path) -> str:
        reading = Reading(mapping=find_mapping(str(mapping)))
        return "".join(p.fix for p in load(path, tmp_path / "store", reading).problems)

    assert conflict(written("Alpha", "SE")) == ""
    told = conflict(written("Alphx", "DE"))
    assert "title: 'Alpha' there, 'Alphx' here" in told
    assert "country: 'SE' there, 'DE' here" in told
    assert "provider: 'Alpha provider' there, 'Alphx provider' here" in told


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.sampled
def test_a_sheet_given_back_with_notes_is_loaded_without_a_word(tmp_path: Path, lang: str) -> None:
    columns = f"{COLUMNS},my notes,places"
    path = sheet(tmp_path / "a.csv", GOOD | {"my notes": "red", "places": "two"}, columns=columns)
    outcome = load(path, tmp_path / "store")
    assert [problem.rule for problem in outcome.problems] == ["column-unknown"] * 2
    assert "The heading 'note: my notes' says that they are." in outcome.problems[0].fix
    back = tmp_path / "back.csv"
    write_cases(coproduction.open(store=tmp_path / "store").store, back, lang)
    outcome = load(back, tmp_path / "store")
    assert (outcome.problems, outcome.unchanged, outcome.set_aside) == ([], 1, 0)
