"""A table means what it says: quotation marks, encodings, separators, headings, spellings."""

from __future__ import annotations

import csv
import io
import random
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from coproduction.cases.countries import code_of_country, country_like
from coproduction.cases.loading import check_cases
from coproduction.cases.loads import Outcome
from coproduction.cases.reading import Reading
from coproduction.errors import DataError
from coproduction.files.encodings import encoding_of, read_text
from coproduction.knowledge.case_record import case_record
from coproduction.spelling import cleaned, control_characters, fold
from coproduction.tables.csv_reading import CsvFile

from ..cases.test_load import COLUMNS, GOOD, sheet
from ..tools import require_program

HEADINGS = COLUMNS.split(",")


def text_of(*rows: dict[str, str], headings: list[str] = HEADINGS, sign: str = ",") -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=sign, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows([row.get(heading, "") for heading in headings] for row in rows)
    return buffer.getvalue()


def checked(path: Path, text: str, written: str = "utf-8", **reading: Any) -> Outcome:
    path.write_bytes(text.encode(written))
    return check_cases(path, Reading(**reading))


def faults(outcome: Outcome) -> list[tuple[str, int, str]]:
    return [(p.level, p.row, p.rule) for p in outcome.problems if p.rule != "column-unknown"]


# -- quotation marks -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "line", "words"),
    [
        ({2: '"they said no'}, 3, "opens in line 3 and is never closed"),
        ({2: '"they said no', 3: 'fine"'}, 3, "opens in line 3 and closes only in line 4"),
        ({4: '"no'}, 5, "opens in line 5 and is never closed"),
        ({1: '"a', 2: '"b', 4: 'c"'}, 2, "opens in line 2"),
    ],
)
def test_a_stray_quotation_mark_swallows_no_row(
    tmp_path: Path, marks: dict[int, str], line: int, words: str
) -> None:
    rows = [GOOD | {"id": f"c{n}", "title": f"T{n}"} for n in range(1, 5)]
    lines = text_of(*rows, headings=[*HEADINGS, "remarks"]).splitlines()
    for number, mark in marks.items():
        lines[number] += mark
    outcome = checked(tmp_path / "a.csv", "\n".join(lines) + "\n")
    assert outcome.read == 4
    told = [p for p in outcome.problems if p.level == "error"]
    assert {p.rule for p in told} == {"row-unreadable"}
    assert told[0].row == line and words in told[0].fix
    assert outcome.loaded + outcome.set_aside == outcome.read
    assert outcome.set_aside <= len(marks)


def test_line_breaks_in_quotation_marks_stay_in_their_cell(tmp_path: Path) -> None:
    summary = 'Parents cook,\nclean; they say "we",\n\nand sit on the board, all, of, them, each.'
    rows = [GOOD | {"id": "a", "summary": summary}, GOOD | {"id": "b"}]
    outcome = checked(tmp_path / "a.csv", text_of(*rows))
    assert (outcome.read, outcome.loaded, faults(outcome)) == (2, 2, [])
    records = list(CsvFile(tmp_path / "a.csv").records())
    assert [(r.number, r.line, r.last_line) for r in records] == [(1, 1, 1), (2, 2, 5), (3, 6, 6)]
    assert records[1].cells[2] == summary


def test_a_line_break_where_one_line_is_usual_is_told(tmp_path: Path) -> None:
    outcome = checked(tmp_path / "a.csv", text_of(GOOD | {"title": "A\nB"}))
    assert faults(outcome) == [("warning", 2, "Case-title")]


def test_every_line_belongs_to_one_record(tmp_path: Path) -> None:
    chance = random.Random(7)
    path = tmp_path / "a.csv"
    parts = ["a", '"', '""', ",", "\n", "\r\n", '"x\ny"', "b c", ",,", '",', ',"', " "]
    for _ in range(400):
        text = "h1,h2,h3,h4\n" + "".join(chance.choices(parts, k=chance.randrange(40)))
        path.write_text(text, encoding="utf-8", newline="")
        records = list(CsvFile(path).records())
        lines = io.StringIO(text, newline="").readlines()
        places = [n for r in records for n in range(r.line, r.last_line + 1)]
        assert places == list(range(1, len(lines) + 1)), text
        assert [r.number for r in records] == list(range(1, len(records) + 1))


def test_what_csv_reads_without_a_stray_mark_is_read_the_same(tmp_path: Path) -> None:
    chance = random.Random(8)
    path = tmp_path / "a.csv"
    cells = ["", "a", "b,c", 'say "yes"', "two\nlines", "å", "  pad ", "x" * 500]
    for _ in range(100):
        rows = [chance.choices(cells, k=5) for _ in range(chance.randrange(1, 12))]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["h1", "h2", "h3", "h4", "h5"], *rows])
        records = list(CsvFile(path).records())
        assert [r.cells for r in records[1:]] == rows
        assert not any(r.fault for r in records)


def test_a_cell_too_long_sets_one_row_aside(tmp_path: Path) -> None:
    rows = [GOOD | {"id": "a", "note": "x" * 140_000}, GOOD | {"id": "b"}]
    outcome = checked(tmp_path / "a.csv", text_of(*rows, headings=[*HEADINGS, "note"]))
    assert (outcome.read, outcome.loaded, outcome.set_aside) == (2, 1, 1)
    assert faults(outcome) == [("error", 2, "row-unreadable")]
    assert "more than 131,072 characters" in outcome.problems[-1].fix


# -- encodings -------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_an_encoding_is_known_by_its_mark(tmp_path: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding.endswith("be") else ""
    outcome = checked(tmp_path / "a.csv", mark + text_of(GOOD | {"title": "Malmö"}), encoding)
    assert (outcome.loaded, outcome.note, faults(outcome)) == (1, "", [])


@pytest.mark.parametrize("given", ["utf-8", "UTF8", "utf-8-sig"])
def test_a_mark_is_no_part_of_the_first_heading(tmp_path: Path, given: str) -> None:
    assert checked(tmp_path / "a.csv", text_of(GOOD), "utf-8-sig", encoding=given).loaded == 1


@pytest.mark.parametrize(
    ("encoding", "word"),
    [("cp1252", "Förskola Malmö"), ("mac_roman", "Förskola Malmö"), ("cp1252", "École “libre”"),
     ("mac_roman", "Élève à Nîmes"), ("cp1252", "don\u2019t \u2013 œuvre à Nîmes")],
)  # fmt: skip
def test_a_guess_is_right_and_told(tmp_path: Path, encoding: str, word: str) -> None:
    path = tmp_path / "a.csv"
    outcome = checked(path, text_of(GOOD | {"title": word}), encoding)
    assert f"read as {encoding}: a guess" in outcome.note
    assert any(word in record.cells for record in CsvFile(path).records())


def test_an_encoding_that_does_not_fit_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbfid,title\na,b\nc,Malm\xf6\n")
    with pytest.raises(DataError, match=r"a\.csv, line 3: a sign is not UTF-8, though the file"):
        encoding_of(path)
    with pytest.raises(DataError, match=r"a\.csv, line 1: a sign is not ascii"):
        encoding_of(path, "ascii")
    path.write_bytes("id,title".encode("utf-16-le"))
    with pytest.raises(DataError, match="UTF-16 without its mark"):
        encoding_of(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_texts_that_a_person_wrote_may_have_a_mark(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.rq"
    path.write_text("SELECT ö", encoding=encoding)
    assert read_text(path) == "SELECT ö"
    path.write_bytes(b"one\ntwo \xf6")
    with pytest.raises(DataError, match=r"line 2: a sign is not UTF-8"):
        read_text(path)


# -- which table -----------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", [".csv", ".txt"])
def test_the_separator_is_the_one_that_gives_headings(
    tmp_path: Path, sign: str, ending: str
) -> None:
    odd = "note (yes, no; perhaps | other)"
    text = text_of(GOOD | {odd: "a, b; c | d"}, headings=[*HEADINGS, odd], sign=sign)
    outcome = checked(tmp_path / f"a{ending}", text)
    assert (outcome.loaded, faults(outcome)) == (1, [])


def test_the_separator_line_of_a_spreadsheet(tmp_path: Path) -> None:
    outcome = checked(tmp_path / "a.csv", "sep=;\r\n" + text_of(GOOD | {"country": "?"}, sign=";"))
    assert outcome.read == 1
    assert [(p.cell, p.row) for p in outcome.problems] == [("E2", 2)], "as a spreadsheet shows it"


@pytest.mark.slow
def test_headings_are_found_below_titles(tmp_path: Path) -> None:
    text = "Register of nurseries, as of 2024\n\nSource:,the town\n" + text_of(
        GOOD | {"country": "Atlantis"}
    )
    outcome = checked(tmp_path / "a.csv", text)
    assert (outcome.read, faults(outcome)) == (1, [("error", 5, "Case-country")])


def test_headings_that_do_not_fit_say_what_was_taken(tmp_path: Path) -> None:
    text = text_of(GOOD).replace("service", "sevice", 1).replace("id,", "number,", 1)
    with pytest.raises(DataError) as told:
        checked(tmp_path / "a.csv", text)
    assert "the columns id, service are missing (did you mean service for 'sevice'?)" in str(
        told.value
    )
    assert "row 1 was taken for the headings, ',' for the separator and utf-8" in str(told.value)


# -- spellings and values ----------------------------------------------------------------------


def test_one_spelling() -> None:
    assert cleaned("Fo\u0308rskola\u00a0Nord\u200b\u00ad") == "Förskola Nord"
    assert fold(" THIRD\u00a0\u2009sector ") == "third sector"
    assert control_characters("a\x00b\tc\nd\x85\ufffe\x00") == ["U+0000", "U+0085", "U+FFFE"]


def test_invisible_signs_make_no_second_organisation_and_no_second_id(tmp_path: Path) -> None:
    rows = [
        GOOD | {"id": "a", "provider": "Fo\u0308rskola\u00a0Nord"},
        GOOD | {"id": "b\u200b", "provider": "Förskola Nord\u00ad", "service": "hous\u00ading"},
        GOOD | {"id": "b"},
    ]
    outcome = checked(tmp_path / "a.csv", text_of(*rows))
    assert faults(outcome) == [("error", 4, "id-twice")]
    from coproduction.cases.loading import read_cases

    cases = list(read_cases(tmp_path / "a.csv").cases())
    assert cases[0].organisations == cases[1].organisations


def test_control_characters_are_taken_out_and_told(tmp_path: Path) -> None:
    outcome = checked(tmp_path / "a.csv", text_of(GOOD | {"title": "Par\x00ent\x1b[31m"}))
    assert (outcome.loaded, faults(outcome)) == (1, [("warning", 2, "control-character")])
    assert "U+0000, U+001B" in outcome.problems[0].fix


@pytest.mark.parametrize("word", ["NULL", "N/A", "nan", "-", "n/a", "?", "\u2013"])
@pytest.mark.sampled
def test_a_placeholder_is_no_value(tmp_path: Path, word: str) -> None:
    path = sheet(tmp_path / "a.csv", GOOD | {"provider": word, "place": word},
                 columns=COLUMNS + ",place")  # fmt: skip
    outcome = check_cases(path)
    assert (outcome.loaded, faults(outcome)) == (
        1,
        [("warning", 2, "Case-provider"), ("warning", 2, "Case-place")],
    )
    from coproduction.cases.loading import read_cases

    case = next(read_cases(path).cases())
    assert not case.organisations and f'"{word}"' not in case.statements
    title = check_cases(sheet(tmp_path / "b.csv", GOOD | {"title": word}))
    assert title.loaded == 0 and "says nothing" in title.problems[0].fix


def test_none_is_a_value_where_the_list_has_it(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.csv", GOOD | {"decision_rights": "none", "level": ""})
    assert faults(check_cases(path)) == []


@pytest.mark.parametrize(
    ("year", "words"),
    [
        ("05/06/2014", "holds a date: write 2014."),
        ("1.1.1994", "holds a date: write 1994."),
        ("1994-06", "holds a date: write 1994."),
        ("1994/95", "more than a year: write one, such as 1994."),
        ("1994\u20131999", "more than a year: write one, such as 1994."),
        ("c. 1994", "Write 1994 alone."),
        ("1 994", "Write 1994."),
        ("\uff11\uff19\uff19\uff14", "Write 1994."),
        ("34335", "the number of a date: 1994-01-01."),
    ],
)
def test_a_year_in_another_form_gets_its_fix(tmp_path: Path, year: str, words: str) -> None:
    outcome = check_cases(sheet(tmp_path / "a.csv", GOOD | {"start_year": year}))
    assert outcome.problems[0].fix.endswith(words)


def test_values_joined_by_a_comma_say_how_to_separate_them(tmp_path: Path) -> None:
    row = GOOD | {"contributions": "core work, complementary work"}
    outcome = check_cases(sheet(tmp_path / "a.csv", row))
    fix = outcome.problems[0].fix
    assert fix.endswith("Separate values by ';': core work; complementary work")


def test_a_bad_id_does_not_hide_the_other_wrong_cells(tmp_path: Path) -> None:
    row = GOOD | {"id": "a b", "country": "Atlantis", "start_year": "soon"}
    outcome = check_cases(sheet(tmp_path / "a.csv", row))
    assert [p.column for p in outcome.problems] == ["id", "country", "start_year"]


@pytest.mark.parametrize(
    "address", ["https://e.org/100%", "https://e.org/a|b", "http://[", "urn:x y"]
)
def test_an_address_is_held_as_strictly_as_the_parser_does(tmp_path: Path, address: str) -> None:
    for key in ("source", "provider"):
        outcome = check_cases(sheet(tmp_path / "a.csv", GOOD | {key: address}))
        known = [p.column for p in outcome.problems]
        assert known == ([] if " " in address else [key])


def test_a_day_that_is_not_in_the_calendar_is_no_day(tmp_path: Path) -> None:
    days = {"2026-02-30": 1, "2026-04-31": 1, "2023-02-29": 1, "1900-02-29": 1, "2026-13-01": 1,
            "2024-02-29": 0, "2000-02-29": 0, "2026-12-31": 0}  # fmt: skip
    rows = [GOOD | {"id": f"d{n}", "coded_on": day} for n, day in enumerate(days)]
    outcome = check_cases(sheet(tmp_path / "a.csv", *rows, columns=COLUMNS + ",coded_on"))
    told = {p.value for p in outcome.problems}
    assert told == {day for day, wrong in days.items() if wrong}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Turkey", "TR"), ("Russia", "RU"), ("Great Britain", "GB"), ("U.S.", "US"),
        ("Ivory Coast", "CI"), ("Cape Verde", "CV"), ("Italia", "IT"), ("España", "ES"),
        ("Holland", "NL"), ("England", "GB"), ("Scotland", "GB"), ("Wales", "GB"), ("UK", "GB"),
        ("O\u0308sterreich", "AT"), ("Réunion", "RE"), ("Côte d\u2019Ivoire", "CI"), ("SWE", "SE"),
        ("Rumänien", "RO"), ("Pays-Bas", "NL"), ("Schweden", "SE"), ("Ελλάδα", "GR"), ("EL", "GR"),
        ("the Netherlands", "NL"), ("Suomi", "FI"),
    ],
)  # fmt: skip
def test_a_country_by_every_name(name: str, code: str) -> None:
    assert code_of_country(name) == code


def test_no_wild_hint_for_a_country() -> None:
    assert country_like("Swedn") == ("Sweden", "SE")
    for name in ("EU", "Atlantis", "Europe", "Kosovo", "London", "Asia", "unknown place"):
        assert code_of_country(name) == "" and country_like(name) is None


def test_every_country_of_the_record_has_names() -> None:
    codes = case_record().field("country").codes
    assert {code for code in codes if code_of_country(code) != code and code != "UK"} <= codes
    assert len(codes) > 240


# -- workbooks ---------------------------------------------------------------------------------


def book(path: Path, **sheets: list[list[str]]) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(row)
    made.save(path)
    return made


def grid(*rows: dict[str, str]) -> list[list[str]]:
    return [HEADINGS, *([row.get(heading, "") for heading in HEADINGS] for row in rows)]


def test_the_visible_sheet_is_read_and_not_a_hidden_one(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made = book(path, old=grid(GOOD | {"id": "old"}), cases=grid(GOOD, GOOD | {"id": "b"}))
    made["old"].sheet_state = "hidden"
    made.active = 1
    made.save(path)
    assert check_cases(path).read == 2
    assert check_cases(path, Reading(sheet="old")).read == 1
    made["cases"].delete_rows(1, 3)
    made.save(path)
    outcome = check_cases(path)
    assert (outcome.read, outcome.note) == (1, "the sheet 'old' is hidden")


def test_a_sheet_of_notes_and_a_band_above_the_headings_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    band = [["", "The case", "", "", "Where"], ["", "", "", "", ""]]
    book(path, notes=[["Fill in the other sheet."], ["Thank you."]],
         cases=[*band, *grid(GOOD | {"country": "Atlantis"})])  # fmt: skip
    outcome = check_cases(path)
    assert (outcome.read, faults(outcome)) == (1, [("error", 4, "Case-country")])
    assert outcome.problems[0].table == "a.xlsx, sheet cases"
    with pytest.raises(DataError, match="row 1 of the sheet 'notes' was taken for the headings"):
        check_cases(path, Reading(sheet="notes"))


def test_an_address_behind_a_cell_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made = book(path, cases=grid(GOOD | {"source": "About us", "title": "Our nursery"}))
    page = made["cases"]
    page.cell(2, HEADINGS.index("source") + 1).hyperlink = "https://example.org/about"
    page.cell(2, HEADINGS.index("title") + 1).hyperlink = "https://example.org/home"
    made.save(path)
    from coproduction.cases.loading import read_cases

    source = read_cases(path)
    case = next(source.cases())
    assert "source> <https://example.org/about>" in case.statements
    assert '"title, Our nursery: https://example.org/home"' in case.statements
    assert [(p.level, p.value) for p in source.problems] == [("info", "About us")]


@pytest.mark.parametrize("ending", ["ods", "xls"])
@pytest.mark.slow
def test_other_workbooks_are_read(tmp_path: Path, ending: str) -> None:
    office = require_program("soffice", "LibreOffice", "libreoffice-calc-nogui")
    path = tmp_path / "a.xlsx"
    book(path, cases=grid(GOOD, GOOD | {"id": "b", "country": "Atlantis"}))
    command = [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
               "--convert-to", ending, "--outdir", str(tmp_path), str(path)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    outcome = check_cases(tmp_path / f"a.{ending}")
    assert (outcome.read, faults(outcome)) == (2, [("error", 3, "Case-country")])
