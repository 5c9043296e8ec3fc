"""Tables as people really send them: each oddity is understood, or told with cell and fix."""

from __future__ import annotations

import csv
import datetime
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from coproduction.cases.loading import check_cases, load
from coproduction.cases.reading import Reading
from coproduction.cases.report import mark, report_bytes
from coproduction.cases.template import template
from coproduction.errors import DataError
from coproduction.knowledge.case_record import case_record
from coproduction.knowledge.packaged import changing
from coproduction.names import LANGUAGES

from ..conftest import Run
from .test_load import COLUMNS, GOOD, sheet, value


def book(path: Path, rows: list[list[Any]], **sheets: list[list[Any]]) -> Path:
    workbook = openpyxl.Workbook()
    page = workbook.worksheets[0]
    for row in rows:
        page.append(row)
    for name, more in sheets.items():
        other = workbook.create_sheet(name)
        for row in more:
            other.append(row)
    workbook.save(path)
    return path


def cells(**changes: Any) -> list[Any]:
    row: dict[str, Any] = {**GOOD, **changes}
    return [row.get(column) for column in COLUMNS.split(",")]


HEAD = COLUMNS.split(",")


def test_only_headings(tmp_path: Path) -> None:
    outcome = check_cases(sheet(tmp_path / "a.csv"))
    assert (outcome.read, outcome.note) == (0, "there is no row below the headings")


@pytest.mark.parametrize("year", [1984, 1984.0, "1984", "1984.0", " 1984 ", "1984,0"])
@pytest.mark.sampled
def test_a_year_in_the_ways_that_sheets_write_it(tmp_path: Path, year: object) -> None:
    load(book(tmp_path / "a.xlsx", [HEAD, cells(start_year=year)]), tmp_path / "store")
    assert value(tmp_path / "store", "a", "cop:startYear") == ["1984"]


@pytest.mark.parametrize(
    ("year", "words"),
    [
        (datetime.date(1984, 5, 1), "write 1984"),
        ("about 1984", "start year"),
        (84, "between 1500 and 2100"),
        ("1984.5", "start year"),
        ("-1984", "between"),
        ("١٩٨٤ ad", "start year"),
    ],
)
def test_a_year_that_is_none(tmp_path: Path, year: object, words: str) -> None:
    outcome = check_cases(book(tmp_path / "a.xlsx", [HEAD, cells(start_year=year)]))
    (problem,) = outcome.problems
    assert (problem.cell, problem.column, problem.level) == ("F2", "start_year", "error")
    assert words in problem.fix.casefold() or words in problem.fix


def test_a_merged_cell_says_what_to_do(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [HEAD, cells(), cells(id="b"), cells(id="c")])
    workbook = openpyxl.load_workbook(path)
    workbook.worksheets[0].merge_cells("E2:E4")
    workbook.save(path)
    outcome = check_cases(path)
    assert [problem.cell for problem in outcome.problems] == ["E3", "E4"]
    assert all("merged in E2:E4: unmerge and fill" in problem.fix for problem in outcome.problems)
    assert outcome.loaded == 1


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#NAME?"])
def test_the_error_of_a_formula_is_no_value(tmp_path: Path, error: str) -> None:
    outcome = check_cases(book(tmp_path / "a.xlsx", [HEAD, cells(title=error)]))
    (problem,) = outcome.problems
    assert (problem.cell, problem.value) == ("B2", error)
    assert "error" in problem.fix and "formula" in problem.fix


def test_the_first_sheet_that_holds_something_is_read_and_another_by_name(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [], good=[HEAD, cells()], more=[HEAD, cells(id="b c")])
    assert check_cases(path).loaded == 1
    outcome = check_cases(path, Reading(sheet="more"))
    assert outcome.problems[0].table == "a.xlsx, sheet more"
    marked = tmp_path / "marked.xlsx"
    mark(path, marked, outcome.problems, Reading(sheet="more"))
    page = openpyxl.load_workbook(marked)["more"]
    assert page["A2"].comment is not None and page["A2"].fill.fgColor.rgb == "00FFC7CE"
    with pytest.raises(DataError, match="no sheet 'most'; it has Sheet, good, more"):
        check_cases(path, Reading(sheet="most"))


def test_three_hundred_columns_are_kept(tmp_path: Path) -> None:
    extra = [f"x{number}" for number in range(300)]
    path = book(tmp_path / "a.xlsx", [HEAD + extra, cells() + list(range(300))])
    outcome = load(path, tmp_path / "store")
    assert outcome.loaded == 1
    assert {problem.level for problem in outcome.problems} == {"warning"}
    assert len(value(tmp_path / "store", "a", "cop:otherCell")) == 300


def test_cells_beyond_the_headings_are_told(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.csv", GOOD)
    path.write_text(path.read_text().rstrip() + ",stray\n", encoding="utf-8")
    (problem,) = check_cases(path).problems
    assert (problem.cell, problem.level, problem.rule) == ("P2", "warning", "cell-beyond")


@pytest.mark.parametrize(
    "word", ["High ", "HIGH", "hög", "Hög ", "élevé", "hoch", "cop:HighParticipation"]
)
@pytest.mark.sampled
def test_a_level_in_the_ways_that_people_write_it(tmp_path: Path, word: str) -> None:
    load(sheet(tmp_path / "a.csv", GOOD | {"level": word}), tmp_path / "store")
    assert value(tmp_path / "store", "a", "cop:hasParticipationLevel") == ["HighParticipation"]


@pytest.mark.parametrize("word", ["Высокий", "高", "hgih"])
def test_a_level_in_another_alphabet_is_told(tmp_path: Path, word: str) -> None:
    (problem,) = check_cases(sheet(tmp_path / "a.csv", GOOD | {"level": word})).problems
    assert (problem.cell, problem.value) == ("M2", word)
    assert "high" in problem.fix.casefold()


@pytest.mark.parametrize("name", ["a b", "a<b", "", 'a"b', "a\\b", "javascript:x y"])
def test_an_id_that_is_no_end_of_an_iri(tmp_path: Path, name: str) -> None:
    (problem,) = check_cases(sheet(tmp_path / "a.csv", GOOD | {"id": name})).problems
    assert (problem.cell, problem.rule, problem.level) == ("A2", "Case-id", "error")


def test_the_same_id_twice(tmp_path: Path) -> None:
    (problem,) = check_cases(sheet(tmp_path / "a.csv", GOOD, GOOD)).problems
    assert (problem.cell, problem.rule) == ("A3", "id-twice")


@pytest.mark.parametrize("sign", "=+-@")
@pytest.mark.sampled
def test_no_formula_gets_into_what_is_written(tmp_path: Path, run: Run, sign: str) -> None:
    evil = f'{sign}HYPERLINK("https://example.org")'
    path = sheet(tmp_path / "a.csv", GOOD | {"title": evil}, GOOD | {"id": "b", "level": evil})
    outcome = load(path, tmp_path / "store")
    (row,) = list(
        csv.DictReader(report_bytes(outcome.problems, "csv", sheet="en").decode().splitlines())
    )
    assert row["value"] == "'" + evil
    marked = tmp_path / "marked.xlsx"
    mark(path, marked, outcome.problems)
    page = openpyxl.load_workbook(marked).worksheets[0]
    assert all(cell.data_type != "f" for cells in page.iter_rows() for cell in cells)
    for ending in ("csv", "xlsx"):
        out = tmp_path / f"out.{ending}"
        run("export", "--store", str(tmp_path / "store"), "--as", "cases", "-o", str(out))
        if ending == "csv":
            (case,) = csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines())
            assert case["title"] == "'" + evil
        else:
            page = openpyxl.load_workbook(out).worksheets[0]
            assert page["B2"].value == evil and page["B2"].data_type == "s"


def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 50_000_000)
    assert path.stat().st_size < 100_000
    with pytest.raises(DataError, match=r"unpacked it has 50,000,000 bytes.*largest="):
        check_cases(path, Reading(largest=10_000_000))


@pytest.mark.slow
def test_a_store_in_use_by_another_process(tmp_path: Path) -> None:
    path, store = sheet(tmp_path / "a.csv", GOOD), tmp_path / "store"
    load(path, store)
    command = [sys.executable, "-m", "coproduction", "loads", "--store", str(store)]
    with changing(store) as change:
        read = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (read.returncode, "a.csv" in read.stdout) == (0, True), "reading goes on"
        change.discard()
        other = [sys.executable, "-m", "coproduction", "load", str(path), "--store", str(store)]
        done = subprocess.run(other, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "another process is changing this store" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are set on Unix")
@pytest.mark.slow
def test_a_disk_that_is_full_changes_nothing(tmp_path: Path) -> None:
    import resource

    store = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", GOOD), store)
    many = sheet(
        tmp_path / "b.csv",
        *(GOOD | {"id": f"n{i}", "summary": f"{i} " + "x" * 400} for i in range(3000)),
    )

    def few_bytes() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))

    done = subprocess.run(
        [sys.executable, "-m", "coproduction", "load", str(many), "--store", str(store)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=few_bytes,
    )
    assert done.returncode == 2, done.stderr
    assert "File too large" in done.stderr
    assert value(store, "a", "rdfs:label") == ["A"]
    assert value(store, "n1", "rdfs:label") == []


def test_broken_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,title\n" + b"\x00\xff" * 20)
    with pytest.raises(DataError, match="it has zero bytes, as UTF-16 without its mark"):
        check_cases(path)
    for name in ("utf-9", "base64", "a\0b"):
        with pytest.raises(DataError, match="there is no encoding"):
            check_cases(path, Reading(encoding=name))
    for name in ("utf-16", "utf-32"):  # which names no byte where the mark is missing
        with pytest.raises(DataError, match=f"is not {name}; name another with encoding="):
            check_cases(path, Reading(encoding=name))


@pytest.mark.slow
def test_a_year_that_became_a_date_can_be_mended_in_the_marked_workbook(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [HEAD, cells(), cells(id="b"), cells(id="c")])
    workbook = openpyxl.load_workbook(path)
    page = workbook.worksheets[0]
    page["F2"].value, page["F2"].number_format = 1992, "yyyy-mm-dd"  # what Excel keeps of "1992"
    page["F3"].value = datetime.datetime(1984, 5, 1, 9, 30)
    page["F4"].value, page["F4"].number_format = None, "0%"
    page["E4"].value, page["E4"].number_format = "Xx", "@"
    workbook.save(path)
    outcome = check_cases(path)
    assert [(p.cell, p.value) for p in outcome.problems] == [
        ("F2", "1905-06-14"),
        ("F3", "1984-05-01T09:30:00"),
        ("E4", "Xx"),
        ("F4", ""),
    ]
    fixes = [problem.fix for problem in outcome.problems]
    assert "write 1992, if that is what was typed" in fixes[0] and "else 1905" in fixes[0]
    assert "write 1984." in fixes[1] and "if that" not in fixes[1]
    assert ["General" in fix for fix in fixes] == [True, True, False, False]

    marked = tmp_path / "marked.xlsx"
    mark(path, marked, outcome.problems)
    workbook = openpyxl.load_workbook(marked)
    page = workbook.worksheets[0]
    assert [page[at].value for at in ("F2", "F3", "F4")] == [
        "1905-06-14", "1984-05-01T09:30:00", None,
    ]  # fmt: skip
    assert [page[at].number_format for at in ("F2", "F3", "F4", "E4")] == ["General"] * 3 + ["@"]
    for at, year in (("F2", 1992), ("F3", 1984), ("F4", 1984)):
        page[at].value = year
    page["E4"].value = "SE"
    workbook.save(marked)
    assert (check_cases(marked).loaded, check_cases(marked).problems) == (3, [])


def test_a_date_of_a_csv_file_says_nothing_of_formats(tmp_path: Path) -> None:
    (problem,) = check_cases(
        sheet(tmp_path / "a.csv", GOOD | {"start_year": "1905-06-14"})
    ).problems
    assert "write 1992" in problem.fix and "General" not in problem.fix


def raw(path: Path, *rows: str) -> Path:
    path.write_text("\n".join([COLUMNS, *rows, ""]), encoding="utf-8")
    return path


def line(**changes: str) -> str:
    return ",".join(map(str, (cell or "" for cell in cells(**changes))))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (line(summary="one, two"), "has 16 cells, the headings 15: there is a separator too many"),
        (line(country='"SE', provider='Koop"'), "cells, the headings 15: a separator is missing"),
    ],
)
def test_a_shifted_row_is_told_by_its_cause_alone(tmp_path: Path, row: str, words: str) -> None:
    outcome = check_cases(raw(tmp_path / "a.csv", line(id="b"), row))
    (problem,) = outcome.problems
    assert (problem.problem, problem.cell, problem.rule) == (1, "A3", "row-shifted")
    assert words in problem.fix
    assert (outcome.read, outcome.loaded, outcome.set_aside) == (2, 1, 1)


def test_a_row_with_a_cell_too_many_and_one_slip_is_told_of_both(tmp_path: Path) -> None:
    outcome = check_cases(raw(tmp_path / "a.csv", line(sector="x") + ",,", line(id="b")))
    assert [(p.problem, p.cell, p.rule) for p in outcome.problems] == [
        (1, "A2", "row-shifted"),
        (2, "I2", "Case-sector"),
    ]


def test_short_rows_that_are_usual_are_no_shift(tmp_path: Path) -> None:
    path = raw(tmp_path / "a.csv", line(), line(id="b", sector="x"))
    path.write_text(path.read_text().replace(COLUMNS, f"{COLUMNS},remarks"), encoding="utf-8")
    outcome = check_cases(path)
    assert [problem.rule for problem in outcome.problems] == [
        "column-unknown",
        "Case-sector",
    ]


def test_a_row_that_leaves_out_its_last_cells_keeps_what_is_wrong_in_it(tmp_path: Path) -> None:
    columns = "id,sector,country,start_year,intensity,service,title,summary,provider,"
    columns += "participants,contributions,decision_rights,source,place,risks,outcomes"
    wrong = {"start_year": "soon", "sector": "x", "decision_rights": "y"}
    short = len(columns.split(",")) - 3
    for changes, rules in (
        ({"start_year": "soon"}, ["Case-start_year"]),
        (wrong, ["row-shifted", "Case-sector", "Case-start_year", "Case-decision_rights"]),
    ):
        row = GOOD | changes
        cells = [row.get(heading, "") for heading in columns.split(",")][:short]
        (tmp_path / "a.csv").write_text(f"{columns}\n{','.join(cells)}\n", encoding="utf-8")
        found = check_cases(tmp_path / "a.csv").problems
        assert [problem.rule for problem in found] == rules
        assert [problem.problem for problem in found] == list(range(1, len(found) + 1))


def test_cells_of_a_workbook_moved_to_the_right_are_told_so(tmp_path: Path) -> None:
    moved = [*cells()[:3], "new", *cells()[3:], "more"]
    outcome = check_cases(book(tmp_path / "a.xlsx", [HEAD, cells(id="b"), moved]))
    (problem,) = outcome.problems
    assert (problem.cell, problem.rule) == ("A3", "row-shifted")
    assert "17 cells, the headings 15: its cells stand too far to the right" in problem.fix


def test_an_empty_id_is_told_as_empty(tmp_path: Path) -> None:
    problems = check_cases(
        sheet(tmp_path / "a.csv", GOOD | {"id": ""}, GOOD | {"id": "a b"})
    ).problems
    assert ["The cell is empty" in problem.fix for problem in problems] == [True, False]
    assert all("Give an id of letters" in problem.fix for problem in problems)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_template_says_that_one_of_two_years_is_enough(tmp_path: Path, lang: str) -> None:
    template(tmp_path / "t.xlsx", lang)
    workbook = openpyxl.load_workbook(tmp_path / "t.xlsx")
    record = case_record()
    names = [field.name(lang) for field in record.fields]
    one, other = (record.field(key) for key in ("start_year", "observed_year"))
    heads = {cell.value: cell for cell in workbook["cases"][1]}
    words = {"en": "enough", "sv": "räcker", "de": "genügt", "fr": "suffit"}[lang]
    for field in (one, other):
        head = heads[field.name(lang)]
        assert head.comment is not None and words in head.comment.text
        assert one.name(lang) in head.comment.text and other.name(lang) in head.comment.text
        assert head.fill.fgColor.rgb != heads[record.field("id").name(lang)].fill.fgColor.rgb
        assert words in field.descriptions[lang]
    groups = [row[2].value for row in workbook["columns"].iter_rows(min_row=2)]
    assert [name for name, group in zip(names, groups, strict=True) if group == groups[6]] == [
        one.name(lang),
        other.name(lang),
    ]
    assert check_cases(tmp_path / "t.xlsx").set_aside == 0
