"""Formulas in workbooks: their errors, those never calculated and the empty ones are told apart."""

from __future__ import annotations

import zipfile
from html import escape
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from coproduction.cases.loading import check_cases, load, read_cases
from coproduction.cases.mapping_files import find_mapping
from coproduction.cases.reading import Reading
from coproduction.errors import DataError
from coproduction.knowledge.matching import read_labels, read_vocabulary
from coproduction.tables.table import UNCALCULATED, is_error, read_table
from coproduction.tables.workbook_reader import UNCALCULATED as OF_THE_READER

from .test_bad_input import HEAD, book, cells
from .test_load import GOOD, value

PACKED = zipfile.ZIP_DEFLATED
NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}


def text_cell(text: Any) -> str:
    """A cell of OpenDocument; what is XML already is taken as it is."""
    if text is None:
        return "<table:table-cell/>"
    if str(text).startswith("<"):
        return str(text)
    return (
        '<table:table-cell office:value-type="string">'
        f"<text:p>{escape(str(text))}</text:p></table:table-cell>"
    )


def open_document(path: Path, rows: list[str]) -> Path:
    """A sheet of OpenDocument, behind another, as LibreOffice writes one."""
    names = " ".join(f'xmlns:{prefix}="{iri}"' for prefix, iri in NAMES.items())
    formula = '<table:table-row><table:table-cell table:formula="of:=1"/></table:table-row>'
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="other">{formula}</table:table>'
        f'<table:table table:name="cases">{"".join(rows)}</table:table>'
        f'<table:table table:name="last">{formula}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    with zipfile.ZipFile(path, "w", PACKED) as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{manifest}"><manifest:file-entry '
            f'manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
        )
    return path


def row(values: list[Any], times: int = 1) -> str:
    repeated = f' table:number-rows-repeated="{times}"' if times > 1 else ""
    return f"<table:table-row{repeated}>{''.join(map(text_cell, values))}</table:table-row>"


NEVER = '<table:table-cell table:formula="of:=[.A1]&amp;&quot;x&quot;"/>'
EMPTY = '<table:table-cell table:formula="of:=&quot;&quot;"><text:p/></table:table-cell>'
ERROR = (
    '<table:table-cell table:formula="of:=NA()" office:value-type="string" '
    'office:string-value="" calcext:value-type="error"><office:annotation><text:p>why</text:p>'
    "</office:annotation><text:p>#N/A</text:p></table:table-cell>"
)
LINKED = (
    '<table:table-cell office:value-type="string"><text:p><text:a '
    'xlink:href="https://example.org/about">About us</text:a></text:p></table:table-cell>'
)


def told(path: Path, **options: Any) -> list[tuple[str, str, str, str]]:
    problems = check_cases(path, Reading(**options)).problems
    return [(each.cell, each.level, each.value, each.fix) for each in problems]


def test_both_ends_call_it_the_same() -> None:
    assert OF_THE_READER == UNCALCULATED
    assert is_error(UNCALCULATED)


def test_a_formula_that_was_never_calculated_is_told_with_its_cell(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [HEAD, cells(title='="A" & "B"'), cells(id="b")])
    outcome = check_cases(path)
    assert (outcome.read, outcome.loaded) == (2, 1)
    ((cell, level, text, fix),) = told(path)
    assert (cell, level, text) == ("B2", "error", UNCALCULATED)
    assert "never calculated: open the file in a spreadsheet program and save it" in fix


def test_an_optional_cell_and_an_id_without_a_result_are_no_blanks(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [HEAD, cells(level="=A1"), cells(id='="b"')])
    outcome = check_cases(path)
    assert (outcome.read, outcome.loaded) == (2, 0)
    assert {(p.column, p.rule) for p in outcome.problems} == {
        ("level", "Case-level"),
        ("id", "Case-id"),
    }
    assert all("never calculated" in p.fix for p in outcome.problems)


def test_rows_of_nothing_but_formulas_are_read(tmp_path: Path) -> None:
    """The last rows and columns have no value, so a reader of values does not see them."""
    path = tmp_path / "a.xlsx"
    book(path, [[*HEAD, "more"], [*cells(), "=1"], [], ["=A2"], [None, None, "=C2"]])
    assert [each.number for each in read_table(path).rows] == [2, 4, 5]
    assert check_cases(path).read == 3
    assert (told(path)[1][0], told(path)[1][1]) == ("P2", "warning")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<c r="B2" t="str"><f>""</f><v></v></c>', ""),
        ('<c r="B2" t="str"><f>""</f></c>', UNCALCULATED),
        ('<c r="B2"><f>1+1</f><v/></c>', UNCALCULATED),
        ('<c r="B2"><f t="shared" si="0"/></c>', UNCALCULATED),
        (
            '<c r="B2" t="n"><f t="shared" ref="B2:B9" si="0">A1&gt;1</f> <v></v> </c>',
            UNCALCULATED,
        ),
        ('<c r="B2"><f>1+1</f><v>2</v></c>', "2"),
        ('<c r="B2" t="str"><f>"a"</f><v>a</v></c>', "a"),
        ('<c r="B2" t="e"><f>NA()</f><v>#N/A</v></c>', "#N/A"),
        ('<c r="B2" t="e"><f>NA()</f></c>', UNCALCULATED),
        ('<c r="B2" s="1"/>', ""),
    ],
)
def test_what_a_formula_left_in_the_file(tmp_path: Path, cell: str, expected: str) -> None:
    plain, path = book(tmp_path / "p.xlsx", [["id", "x"], ["a", 1], ["b", 2]]), tmp_path / "a.xlsx"
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", PACKED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                before = b'<c r="B2" t="n"><v>1</v></c>'
                assert before in data
                data = data.replace(before, cell.encode())
            new.writestr(name, data)
    first, second = (each.cells for each in read_table(path).rows)
    assert (first[1] if len(first) > 1 else "", second) == (expected, ["b", "2"])


def test_formulas_of_open_document(tmp_path: Path) -> None:
    path = open_document(
        tmp_path / "a.ods",
        [
            row(HEAD),
            row(cells(title=NEVER)),
            row(cells(id="b", title=ERROR)),
            row(cells(id="c", level=EMPTY)),
            row(cells(id="d", source=LINKED)),
            row([None] * len(HEAD), times=3),
            row([NEVER], times=2),
            '<table:table-row><table:table-cell table:number-columns-repeated="16384"/>'
            "</table:table-row>",
        ],
    )
    found = told(path, sheet="cases")
    outcome = check_cases(path, Reading(sheet="cases"))
    assert (outcome.read, outcome.loaded) == (6, 2)
    assert found[0][:3] == ("B2", "error", UNCALCULATED)
    assert found[1][:3] == ("B3", "error", "#N/A")
    assert {cell for cell, *_ in found if cell.startswith("A")} == {"A9", "A10"}
    linked = next(
        case for case in read_cases(path, Reading(sheet="cases")).cases() if "/d>" in case.ruled
    )
    assert "<https://example.org/about>" in linked.statements


def test_a_sheet_of_open_document_is_found_though_another_has_only_formulas(tmp_path: Path) -> None:
    path = open_document(tmp_path / "a.ods", [row(HEAD), row(cells())])
    assert (check_cases(path).loaded, told(path)) == (1, [])


def test_a_note_that_is_an_error_is_told_and_is_no_note(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [[*HEAD, "remarks"], [*cells(), "#N/A"]])
    outcome = load(path, tmp_path / "store")
    assert outcome.loaded == 1
    last = outcome.problems[-1]
    assert (last.cell, last.level, last.value) == ("P2", "warning", "#N/A")
    assert value(tmp_path / "store", "a", "cop:otherCell") == []


MAPPING = """
title = "A register"
[columns]
"name" = "title"
"of whom" = "participants"
[templates]
id = "r-{number}"
summary = "{name}, {kind}"
[separators]
participants = "/"
[constants]
service = "childcare"
country = "SE"
sector = "third sector"
contributions = "unknown"
decision_rights = "unknown"
intensity = "unknown"
provider = "unknown"
source = "A register"
observed_year = "2020"
"""


@pytest.mark.parametrize("error", ["=A1", "#N/A"])
@pytest.mark.parametrize(
    ("wrong", "column"), [("number", "id"), ("kind", "summary"), ("of whom", "participants")]
)
def test_an_error_in_a_part_is_an_error_of_what_a_mapping_makes_of_it(
    tmp_path: Path, wrong: str, column: str, error: str
) -> None:
    cells = {"number": "1", "name": "A", "kind": "b", "of whom": "unknown"} | {wrong: error}
    path = book(tmp_path / "a.xlsx", [list(cells), list(cells.values())])
    (tmp_path / "own.toml").write_text(MAPPING)
    outcome = check_cases(path, Reading(mapping=find_mapping(str(tmp_path / "own.toml"))))
    assert outcome.loaded == 0
    problem = next(p for p in outcome.problems if p.rule == f"Case-{column}")
    assert "formula" in problem.fix
    assert problem.value == (UNCALCULATED if error == "=A1" else error)


def test_a_label_that_is_an_error_is_refused_with_its_cell(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["code", "label"], ["1", "childcare"], ["2", "=B2"]])
    for read in (read_labels, read_vocabulary):
        with pytest.raises(DataError, match=r"a.xlsx, B3: .* never calculated"):
            read(path)


def test_the_fix_is_in_the_language_of_the_sheet(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [HEAD, cells(title="=A1")])
    words = {"sv": "aldrig räknades ut", "de": "nie berechnet", "fr": "jamais été calculée"}
    for lang, said in words.items():
        (problem,) = check_cases(path, lang=lang).problems
        assert said in problem.fix


def test_what_a_program_calculated_is_read(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "a.xlsx"
    written = xlsxwriter.Workbook(path)
    page = written.add_worksheet()
    page.write_row(0, 0, HEAD)
    page.write_row(1, 0, [each or "" for each in cells()])
    page.write_formula(1, HEAD.index("title"), '="A" & "B"', None, "AB")
    written.close()
    assert openpyxl.load_workbook(path).active["B2"].value == '="A" & "B"'
    assert load(path, tmp_path / "store").loaded == 1
    assert value(tmp_path / "store", GOOD["id"], "rdfs:label") == ["AB"]
