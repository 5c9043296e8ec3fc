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
from ..test_languages import sheet as csv_of
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


def test_the_page_has_the_sheet_within_and_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"  # its own: other processes use the system's meanwhile
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    one = sent(tmp_path)
    shown = Reader(html(checked(at("/check", "html"), one)))
    hidden = {e["name"]: e["value"] for e in shown.of("input") if e.get("type") == "hidden"}
    assert base64.b64decode(hidden["content"]) == one.content and hidden["name"] == "cases.csv"
    assert list(folder.iterdir()) == []


def _zipped(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


BROKEN = {
    "a.csv": [b"", b"\n\n", b"id," * 20_000, b"id,title\n1,2\n", b"\n" * 100_001],
    "a.xlsx": [b"id", b"\xd0\xcf\x11\xe0", _zipped(a=b"0" * 90_000_000), _zipped(a=b"0")],
    "a.json": [b"{", b"[]", b"[{}]", b"[" * 100_000, b'{"a": [{"b": 1}], "c": [{"d": 1}]}'],
    "a.ttl": [b""],
    "": [b"id"],
}


@pytest.mark.parametrize(
    ("name", "content"), [(name, each) for name, many in BROKEN.items() for each in many]
)
def test_what_is_wrong_with_a_file_is_told_in_the_language_of_the_page(
    name: str, content: bytes
) -> None:
    told = {
        lang: str(checked(at(f"/check?lang={lang}", "html"), Sheet(name, content)).values["wrong"])
        for lang in LANGUAGES
    }
    assert all(told.values()) and len(set(told.values())) == len(LANGUAGES), told
    assert not any("/tmp" in each or "sheet.csv" in each for each in told.values())


# -- the encoding --------------------------------------------------------------------------


def in_encoding(folder: Path, encoding: str, **cells: str) -> bytes:
    """Give a right sheet, but for the cells that are given, in an encoding."""
    return csv_of(folder / "own.csv", None, **cells).read_text(encoding="utf-8").encode(encoding)


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
def test_an_encoding_that_was_guessed_is_told_with_what_to_do_on_the_page(
    tmp_path: Path, encoding: str
) -> None:
    content = in_encoding(tmp_path, encoding, title="Förskolan Åkern i dalen")
    shown = Reader(html(checked(at("/check", "html"), Sheet("a.csv", content))))
    told = f"read as {encoding}: a guess; “Encoding of a CSV file” in the form says otherwise"
    assert told in shown.text and "--encoding" not in shown.text
    assert {"encoding", "encoding-again"} <= set(shown.ids)
    hidden = [each["value"] for each in shown.of("input") if each.get("name") == "content"]
    assert base64.b64encode(content).decode() in hidden


def test_an_encoding_that_is_chosen_is_taken(tmp_path: Path) -> None:
    content = in_encoding(tmp_path, "cp1252", service="childcar", title="Förskolan Åkern")
    for encoding in ("cp1252", "mac_roman"):
        sent = Sheet("a.csv", content, encoding)
        page = checked(at("/check", "html"), sent)
        assert page.status == 200 and not page.values["note"]
        taken = [e["value"] for e in Reader(html(page)).of("option") if "selected" in e]
        assert taken == [encoding, encoding]  # in the form, and where it is checked again
        file = corrected(at("/check"), sent)
        assert file.content == content.replace(b"childcar", b"childcare")
    wrong = checked(at("/check", "html"), Sheet("a.csv", content, "utf-8"))
    assert wrong.status == 400 and "a.csv, line 2: a sign is not utf-8" in str(wrong.values)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xef\xbb\xbfid;\xe5\n", "speichern Sie die Datei neu als UTF-8"),
        ("id;å\n".encode("utf-16-le"), "utf-16-le oder utf-16-be, mit"),
        (b"a,b\n1,2\n", "ein Link auf dieser Seite"),
    ],
)
def test_what_is_advised_can_be_done_on_the_page(content: bytes, told: str) -> None:
    page = checked(at("/check?lang=de", "html"), Sheet("a.csv", content))
    wrong = str(page.values["wrong"])
    assert told in wrong and "„Zeichenkodierung einer CSV-Datei“ im Formular" in wrong
    assert "--" not in wrong and "encoding-again" in Reader(html(page)).ids


def test_what_the_page_cannot_do_the_command_does() -> None:
    page = checked(at("/check", "html"), Sheet("a.xlsx", workbook_of_two_columns()))
    assert "'coproduction validate --sheet NAME' takes another" in str(page.values["wrong"])


def test_an_encoding_that_is_not_offered_is_refused() -> None:
    page = checked(at("/check", "html"), Sheet("a.csv", b"id\n", "rot13"))
    assert page.status == 400 and "there is no encoding 'rot13'" in str(page.values["wrong"])


def workbook_of_two_columns() -> bytes:
    made, book = io.BytesIO(), openpyxl.Workbook()
    for row in (("a", "b"), ("1", "2")):
        book.active.append(row)
    book.save(made)
    return made.getvalue()


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


@pytest.mark.parametrize(
    ("name", "charset"),
    [("utf-8", "utf-8"), ("cp1252", "windows-1252"), ("iso8859-1", "iso-8859-1")],
)
def test_a_corrected_text_is_in_the_charset_that_it_came_in(
    tmp_path: Path, name: str, charset: str
) -> None:
    path = sheet(tmp_path, ".csv", WRONG | {"title": "Crèche é"})
    content = path.read_text(encoding="utf-8-sig").encode(name)
    file = corrected(at("/check"), Sheet("a.csv", content, name))
    assert file.kind == f"text/csv; charset={charset}"
    assert "Crèche é" in file.content.decode(name)


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


def test_the_page_says_of_each_template_what_it_holds() -> None:
    text = Reader(body("/check")).text
    assert "Excel (with the lists of values, and what they mean)" in text
    assert "CSV (with headings alone" in text
    book = openpyxl.load_workbook(io.BytesIO(template_file(".xlsx", "en").content))
    assert any(sheet.data_validations.dataValidation for sheet in book.worksheets)
    plain = template_file(".csv", "en").content.decode("utf-8-sig")
    (headings, example) = csv.reader(io.StringIO(plain))
    assert "sector" in headings and "third sector" in example and "hybrid sector" not in plain


def test_the_form_leads_to_the_empty_sheet() -> None:
    shown = body("/check?lang=de")
    assert 'href="template.xlsx?lang=de"' in shown and 'action="check?lang=de"' in shown
