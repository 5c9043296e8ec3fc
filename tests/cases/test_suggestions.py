"""What "did you mean" proposes for cells, and the table with all of it taken."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest

from coproduction.cases.example import example_row
from coproduction.cases.loading import check_cases
from coproduction.cases.suggestions import Suggestion, suggestions, with_suggestions
from coproduction.cases.template import csv_sheet, workbook
from coproduction.knowledge.case_record import case_record
from coproduction.names import LANGUAGES

WRONG = {
    "id": "mine", "title": "Mine", "summary": "Of mine", "provider": "My co-op", "funder": "",
    "source": "https://example.com/", "service": "childcar", "country": "Swedn",
    "sector": "thrid sector", "contributions": "core wrk; money",
}  # fmt: skip
RIGHT = {
    "service": "childcare", "country": "SE", "sector": "third sector",
    "contributions": "core work; money",
}  # fmt: skip


def row(changes: dict[str, str], lang: str = "en") -> list[str]:
    keys = [field.key for field in case_record().fields]
    return [
        changes.get(key, cell)
        for key, cell in zip(keys, example_row(case_record(), lang), strict=True)
    ]


def sheet(folder: Path, ending: str = ".csv", changes: dict[str, str] = WRONG) -> Path:
    path = folder / f"cases{ending}"
    headings = [field.name("en") for field in case_record().fields]
    if ending == ".xlsx":
        path.write_bytes(workbook(case_record(), "en", headings, [row(changes)]))
    else:
        made = io.StringIO(newline="")
        csv.writer(made).writerows([headings, row(changes)])
        path.write_text(made.getvalue(), encoding="utf-8", newline="")
    return path


def proposed(path: Path, lang: str = "en") -> dict[str, Suggestion]:
    found = suggestions(check_cases(path, lang=lang).problems, lang, "en")
    return {each.heading: each for each in found}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_proposed_is_found_in_each_language(tmp_path: Path, lang: str) -> None:
    found = proposed(sheet(tmp_path), lang)
    assert {heading: each.after for heading, each in found.items()} == RIGHT
    assert found["service"].cell == "D2" and found["service"].before == "childcar"


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_with_all_of_it_the_table_is_right(tmp_path: Path, ending: str) -> None:
    path = sheet(tmp_path, ending)
    before = path.read_bytes()
    assert check_cases(path, lang="en").loaded == 0
    made, content = with_suggestions(path, list(proposed(path).values()))
    again = tmp_path / f"again{made}"
    again.write_bytes(content)
    outcome = check_cases(again, lang="en")
    assert (made, outcome.loaded, outcome.problems) == (ending, 1, [])
    assert path.read_bytes() == before


def test_a_text_file_keeps_all_else(tmp_path: Path) -> None:
    path = sheet(tmp_path)
    text = path.read_text(encoding="utf-8").replace("Of mine", '"Of mine,\nin ""two"" lines"')
    path.write_text("sep=,\n" + text, encoding="utf-16", newline="")
    _, content = with_suggestions(path, list(proposed(path).values()))
    made = content.decode("utf-16")
    assert made.startswith("sep=,\n") and '"Of mine,\nin ""two"" lines"' in made
    changed = {"childcare": "childcar", "SE": "Swedn", "third sector": "thrid sector"}
    for after, old in changed.items():
        made = made.replace(f",{after},", f",{old},")
    assert made.replace("core work", "core wrk") == path.read_text(encoding="utf-16")


@pytest.mark.slow
def test_a_workbook_keeps_its_other_sheets_and_lists(tmp_path: Path) -> None:
    path = sheet(tmp_path, ".xlsx")
    _, content = with_suggestions(path, list(proposed(path).values()))
    book, old = openpyxl.load_workbook(io.BytesIO(content)), openpyxl.load_workbook(path)
    assert book.sheetnames == old.sheetnames
    assert len(book["cases"].data_validations.dataValidation) > 10
    assert book["cases"]["D2"].value == "childcare"
    assert not any(cell.comment for cell in book["cases"][2])


def test_of_a_cell_with_several_values_the_wrong_one_is_meant(tmp_path: Path) -> None:
    path = sheet(tmp_path, ".csv", WRONG | {"contributions": "money; cor wrk;in-kind"})
    assert proposed(path, "sv")["contributions"].after == "money; core work;in-kind"


def test_a_heading_is_proposed_too(tmp_path: Path) -> None:
    path = sheet(tmp_path)
    text = path.read_text(encoding="utf-8").replace("salience", "saliense", 1)
    path.write_text(text, encoding="utf-8", newline="")
    assert proposed(path)["saliense"].after == "salience"
    _, content = with_suggestions(path, list(proposed(path).values()))
    assert "salience" in content.decode().splitlines()[0].split(",")


def test_a_cell_that_is_another_by_now_is_left(tmp_path: Path) -> None:
    path = sheet(tmp_path)
    one = proposed(path)["service"]._replace(before="other")
    _, content = with_suggestions(path, [one])
    assert content == path.read_bytes()


def test_where_nothing_is_proposed_nothing_is(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_bytes(csv_sheet(case_record(), "en"))
    assert not proposed(path)
