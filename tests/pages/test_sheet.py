"""A sheet that is checked: what the page tells, and what is given back."""

from __future__ import annotations

import base64
import csv
import io
import json
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pytest

from coproduction.errors import DataError
from coproduction.names import LANGUAGES
from coproduction.pages.rendering import html, written
from coproduction.pages.sheet import Sheet, checked, corrected, marked, template_file

from ..cases.test_suggestions import RIGHT, WRONG, sheet
from .reading import Reader
from .test_pages import at, body, graph


def sent(folder: Path, ending: str = ".csv", name: str = "") -> Sheet:
    path = sheet(folder, ending)
    return Sheet(name or path.name, path.read_bytes())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_wrong_stands_in_a_table(tmp_path: Path, lang: str) -> None:
    page = checked(at(f"/check?lang={lang}", "html"), sent(tmp_path))
    shown = Reader(html(page))
    assert not shown.wrong and page.status == 200
    assert len(shown.ids) == len(set(shown.ids))
    assert {"D2", "E2", "P2", "R2"} <= set(shown.texts)
    named = {label["for"] for label in shown.of("label")}
    assert all(each.get("type") == "hidden" or each["id"] in named for each in shown.of("input"))
    assert [each["value"] for each in shown.of("button") if "value" in each] == [
        "check",
        "corrected",
        "marked",
    ]
    told = {row["cell"]: row["fix"] for row in page.tables["problems"]}
    assert len(told) == 4 and all(RIGHT)


def test_the_page_has_the_sheet_within_and_nothing_is_kept(tmp_path: Path) -> None:
    before = {each.name for each in Path(tempfile.gettempdir()).glob("coproduction-*")}
    one = sent(tmp_path)
    shown = Reader(html(checked(at("/check", "html"), one)))
    hidden = {e["name"]: e["value"] for e in shown.of("input") if e.get("type") == "hidden"}
    assert base64.b64decode(hidden["content"]) == one.content and hidden["name"] == "cases.csv"
    after = {each.name for each in Path(tempfile.gettempdir()).glob("coproduction-*")}
    assert after <= before


def test_a_large_sheet_is_chosen_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coproduction.pages.sheet._SENT_BACK", 10)
    shown = Reader(html(checked(at("/check", "html"), sent(tmp_path))))
    assert "sheet-again" in shown.ids
    assert not [e for e in shown.of("input") if e.get("name") == "content"]


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_all_proposals_are_taken_at_once(tmp_path: Path, ending: str) -> None:
    file = corrected(at("/check"), sent(tmp_path, ending))
    assert file.name == f"cases-corrected{ending}"
    page = checked(at("/check", "html"), Sheet(file.name, file.content))
    assert page.values["count"] == 0
    assert "Nothing is wrong with it." in Reader(html(page)).text


def test_of_a_cell_with_two_wrong_values_both_are_taken(tmp_path: Path) -> None:
    path = sheet(tmp_path, ".csv", WRONG | {"contributions": "mony; core wrk;in-kind"})
    file = corrected(at("/check?lang=sv"), Sheet("a.csv", path.read_bytes()))
    assert b"money; core work;in-kind" in file.content


def test_the_marked_workbook_has_a_comment_at_each_cell(tmp_path: Path) -> None:
    file = marked(at("/check?lang=fr"), sent(tmp_path))
    assert file.name == "cases-marked.xlsx"
    page = openpyxl.load_workbook(io.BytesIO(file.content)).worksheets[0]
    comment = page["D2"].comment
    assert comment is not None and "childcare" not in comment.text and "error" in comment.text
    assert page["D2"].value == WRONG["service"]


@pytest.mark.parametrize("form", ["json", "csv", "md"])
def test_the_findings_come_in_each_form(tmp_path: Path, form: str) -> None:
    page = checked(at("/check", form), sent(tmp_path))
    _, content = written(page, graph().store)
    if form == "json":
        told = json.loads(content)
        assert (told["read"], told["right"]) == (1, 0)
        assert len(told["tables"]["suggestions"]) == 4
    elif form == "csv":
        assert len(list(csv.DictReader(io.StringIO(content.decode())))) == 4
    else:
        assert "| D2 |" in content.decode()


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 200_000_000)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("cases.xlsx", b"no workbook", "no workbook"),
        ("cases.xlsx", b"", "empty"),
        ("cases.csv", b"a,b\n1,2\n", "missing"),
        ("cases.exe", b"MZ", "no table"),
        ("", b"id", "no table"),
        ("../../etc/passwd", b"root", "no table"),
        ("cases.csv", b"\xff\xfe\x00", ""),
        ("<script>alert(1)</script>.csv", b"a,b\n1,2\n", "missing"),
    ],
)
def test_what_is_no_sheet_is_refused_plainly(name: str, content: bytes, told: str) -> None:
    page = checked(at("/check", "html"), Sheet(name, content))
    assert page.status == 400
    wrong = page.values["wrong"]
    assert isinstance(wrong, str) and told in wrong
    assert "coproduction-" not in wrong and "sheet.csv" not in wrong
    assert "<script>alert" not in html(page)
    for act in (corrected, marked):
        with pytest.raises(DataError):
            act(at("/check"), Sheet(name, content))
    with pytest.raises(DataError):
        checked(at("/check", "json"), Sheet(name, content))


@pytest.mark.slow
def test_a_zip_bomb_is_refused() -> None:
    page = checked(at("/check", "html"), Sheet("cases.xlsx", bomb()))
    assert page.status == 400 and "cases.xlsx" in str(page.values["wrong"])


def test_a_name_is_no_path(tmp_path: Path) -> None:
    one = sent(tmp_path, ".csv", '../..\\evil "name\r\nX: y.csv')
    assert corrected(at("/check"), one).name == "evil-name-X-y-corrected.csv"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_the_empty_sheet_is_that_of_the_command(tmp_path: Path, ending: str, lang: str) -> None:
    import coproduction

    path = tmp_path / f"cases{ending}"
    coproduction.KnowledgeGraph.template(path, lang)
    assert template_file(ending, lang).content == path.read_bytes()


def test_the_form_leads_to_the_empty_sheet() -> None:
    shown = body("/check?lang=de")
    assert 'href="template.xlsx?lang=de"' in shown and 'action="check?lang=de"' in shown
