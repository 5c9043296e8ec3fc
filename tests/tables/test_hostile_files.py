"""Files made to take a program down end in one line, soon, and in little memory."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

import coproduction
from coproduction.cases.loading import check_cases
from coproduction.cases.mapping_files import find_mapping
from coproduction.cases.reading import Reading
from coproduction.cases.report import mark
from coproduction.errors import DataError
from coproduction.knowledge.alignments import read_links
from coproduction.knowledge.questions import load_question
from coproduction.tables.table import read_table
from coproduction.tables.workbooks import marked_workbook, read_workbook

from ..cases.test_load import COLUMNS, GOOD, sheet
from ..conftest import Run

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds to limits of memory")
LARGEST = 2_000_000_000
SHEET = "xl/worksheets/sheet1.xml"
LIMITED = (
    "import sys\n"
    "if sys.platform == 'linux':\n"
    "    import resource\n"
    "    resource.setrlimit(resource.RLIMIT_AS, (600_000_000, 600_000_000))\n"
    "    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n"
    "from coproduction.cli import main\n"
    "sys.exit(main(sys.argv[1:]))\n"
)


def refused(*words: str | Path, code: int = 2) -> str:
    """Run a command in 600 MB; give the one line that it says."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *map(str, words)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == code, (done.returncode, done.stdout[:300], done.stderr[:500])
    assert done.stderr.count("\n") == 1 and "a fault in" not in done.stderr, done.stderr[:500]
    return done.stderr


# -- RDF/XML ------------------------------------------------------------------------------------

RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="http://a/">'
    '<a:C rdf:about="http://x/1"><a:p>{}</a:p></a:C></rdf:RDF>'
)


def rdf(entities: str, text: str, after: str = "") -> str:
    return f"<!DOCTYPE rdf:RDF [{entities}]>\n{RDF.format(text)}{after}"


LOL = '<!ENTITY l0 "lol">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (rdf(LOL, "&l9;"), "line 1: the DOCTYPE has the entity 'l1', which holds others"),
        (rdf('<!ENTITY a "x"><!ENTITY b "&#38;a;&#38;a;">', "&b;"), "'b', which holds others"),
        (rdf(f'<!ENTITY a "{"x" * 100_000}">', "&a;" * 10_000), "of 100,000 characters"),
        (rdf(f'<!ENTITY a "{"x" * 256}">', "&a;" * 300_000), "many times as large"),
        (rdf('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;"), "external entity 'a'"),
        (rdf("<!ENTITY % a \"<!ENTITY b 'x'>\"> %a;", "&b;"), "parameter entity 'a'"),
        (rdf("".join(f'<!ENTITY a{n} "x">' for n in range(101)), ""), "more than 100 entities"),
        (rdf('<!-- <!ENTITY a "&b;&b;"> --><!ENTITY b "x">', "&a;"), "in a comment or below"),
        (RDF.format("x") + rdf('<!ENTITY a "&b;">', "&a;"), "in a comment or below"),
        (" " * 2_000_000 + RDF.format("x"), "no element begins within the first 1,000,000 bytes"),
        (RDF.format("<a:C><a:p>" * 20_000 + "</a:p></a:C>" * 20_000), "more than 1,000 levels"),
        ("\0" * 1000, "this is no RDF/XML but no text"),
    ],
)  # fmt: skip
@pytest.mark.sampled
def test_rdf_xml_that_grows_without_end(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "lol.rdf"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"lol\.rdf") as caught:
        check_cases(path)
    assert words in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("ending", ["rdf", "owl", "xml"])
@pytest.mark.slow
def test_the_small_bomb_wherever_rdf_is_read(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"lol.{ending}"
    path.write_text(rdf(LOL, "&l9;"), encoding="utf-8")
    assert path.stat().st_size < 1000
    (tmp_path / "a.csv").write_text("label\nhousing\n")
    began = time.monotonic()
    for words in (("query", "ASK {}", "--data", path), ("validate", path)):
        assert "holds others" in refused(*words)
    assert "holds others" in refused("link", tmp_path / "a.csv", "--to", path)
    assert "holds others" in refused("load", path, "--store", tmp_path / "store")
    assert time.monotonic() - began < 20


@pytest.mark.slow
def test_what_protege_writes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.owl"
    entities = "".join(
        f'\n    <!ENTITY {name} "http://www.w3.org/{name}#" >' for name in ("owl", "xsd", "rdfs")
    )
    for text in (
        '<?xml version="1.0"?>\n' + rdf(entities, "&owl;Thing"),
        "\ufeff" + RDF.format("https://www.w3.org/owl#Thing"),
        '<!DOCTYPE rdf:RDF PUBLIC "-//X//EN" "http://x.example/x.dtd">' + RDF.format("x"),
        "<!-- " + "x" * 900_000 + " -->" + RDF.format("x"),
        RDF.format("<![CDATA[<!DOCTYPE html>]]>"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match="it has no case"):
            check_cases(path)


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_rdf_xml_in_another_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.rdf"
    path.write_bytes(
        f'<?xml version="1.0" encoding="{encoding}"?>{RDF.format("é")}'.encode(encoding)
    )
    with pytest.raises(DataError, match="UTF-8"):
        check_cases(path)


# -- other RDF ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.ttl", "<a:s> <a:p> " + "<<( <a:s> <a:p> " * 50_000, "more than 1,000 triple terms"),
        ("a.nt", "<a:s> <a:p> " + "<<( <a:s> <a:p> " * 50_000 + "<a:x>" + " )>>" * 50_000 + " .", "more than 1,000 triple terms"),
        ("a.jsonld", '{"a:p":' + "[" * 100_000 + "]" * 100_000 + "}", "not valid JSON-LD"),
        ("a.ttl", "<a:s> <a:p> " + "[ <a:p> " * 50_000, "not valid Turtle"),
        ("a.ttl", "<a:s> <a:p> " + "( " * 20_000 + ") " * 20_000 + ".", "it has no case"),
    ],
)  # fmt: skip
@pytest.mark.sampled
def test_rdf_nested_without_end(tmp_path: Path, name: str, text: str, words: str) -> None:
    (tmp_path / name).write_text(text)
    assert words in refused("validate", tmp_path / name)


# -- workbooks ----------------------------------------------------------------------------------


def small() -> dict[str, bytes]:
    """The parts of a small workbook."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    page = book.add_worksheet("cases")
    page.write_row(0, 0, ["id", "title"])
    page.write_row(1, 0, ["a", "A"])
    page.write_formula(2, 1, "=NA()", None, "#N/A")
    book.close()
    with zipfile.ZipFile(buffer) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def with_sheet(path: Path, before: bytes, after: bytes) -> Path:
    parts = small()
    assert before in parts[SHEET]
    parts[SHEET] = parts[SHEET].replace(before, after, 1)
    return packed(path, parts)


def far(place: bytes, first: bool = False) -> tuple[bytes, bytes]:
    row = b'<row r="%s"><c r="%s"><v>1</v></c></row>' % (
        place.lstrip(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        place,
    )
    return (
        (b"<sheetData>", b"<sheetData>" + row)
        if first
        else (b"</sheetData>", row + b"</sheetData>")
    )


@linux
@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("place", [b"XFD1048576", b"ZZ900000", b"XFE9999999"])
@pytest.mark.sampled
def test_a_cell_far_out_ends_in_a_line(tmp_path: Path, place: bytes, first: bool) -> None:
    path = with_sheet(tmp_path / "a.xlsx", *far(place, first))
    with pytest.raises(DataError, match="delete the empty rows and columns beyond your table"):
        read_table(path)
    with pytest.raises(DataError, match="delete the empty rows and columns"):
        mark(path, tmp_path / "m.xlsx", [])
    assert not (tmp_path / "m.xlsx").exists()


@linux
def test_a_cell_far_out_on_the_command_line(tmp_path: Path) -> None:
    path = with_sheet(tmp_path / "a.xlsx", *far(b"XFD1048576"))
    assert "beyond your table" in refused("validate", path)


def test_a_cell_far_down_alone_is_read(tmp_path: Path) -> None:
    path = with_sheet(tmp_path / "a.xlsx", *far(b"A200000"))
    assert [row.number for row in read_table(path).rows] == [2, 3, 200_000]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>'),
        (b"<sheetData>", b'<cols><col min="1" max="16384" width="9"/></cols><sheetData>'),
    ],
)
def test_what_is_stated_and_not_there_is_harmless(
    tmp_path: Path, before: bytes, after: bytes
) -> None:
    path = with_sheet(tmp_path / "a.xlsx", before, after)
    rows = list(read_table(path).rows)
    assert [row.cells for row in rows] == [["a", "A"], ["", "#N/A"]]
    marked_workbook(path, "cases", [("A2", "error", "bad")], LARGEST)


@pytest.mark.parametrize(
    "behind",
    [
        b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        b"<mergeCells>" + b'<mergeCell ref="A5:Z9000"/>' * 50 + b"</mergeCells>",
        b'<hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>',
    ],
)
@pytest.mark.sampled
def test_ranges_that_would_be_unfolded(tmp_path: Path, behind: bytes) -> None:
    path = with_sheet(tmp_path / "a.xlsx", b"</sheetData>", b"</sheetData>" + behind)
    assert len(list(read_table(path).rows)) == 2
    with pytest.raises(DataError, match=r"range A\d+:\w+ is too large"):
        mark(path, tmp_path / "m.xlsx", [])


def test_a_workbook_of_many_sheets(tmp_path: Path) -> None:
    parts = small()
    more = b"".join(
        b'<sheet name="s%d" sheetId="%d" r:id="rId1"/>' % (n, n) for n in range(2, 2000)
    )
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"</sheets>", more + b"</sheets>")
    book = read_workbook(packed(tmp_path / "a.xlsx", parts), "s1999", LARGEST)
    assert len(book.names) == 1999 and len(list(book.rows)) == 3


def dropped(name: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda parts: {part: data for part, data in parts.items() if part != name}


def broken(name: str, data: bytes) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda parts: parts | {name: data}


@pytest.mark.parametrize(
    "change",
    [
        dropped("xl/sharedStrings.xml"),
        dropped("xl/_rels/workbook.xml.rels"),
        dropped("xl/workbook.xml"),
        dropped(SHEET),
        broken("xl/sharedStrings.xml", b"<sst><si><t>x"),
        broken("xl/sharedStrings.xml", b"<sst/>"),
        broken("xl/styles.xml", b"<styleSheet><x"),
        broken("xl/workbook.xml", b"<workbook"),
        broken("xl/workbook.xml", b""),
        broken(SHEET, b"<worksheet><sheetData><row"),
        broken(SHEET, b"\0" * 500),
        broken(SHEET, b'<!DOCTYPE w [<!ENTITY a "x">]><worksheet/>'),
        broken(SHEET, b" " * 60_000_000),
        broken("xl/workbook.xml", '<!DOCTYPE w [<!ENTITY a "x">]><w/>'.encode("utf-16")),
    ],
)
@pytest.mark.sampled
def test_broken_parts_are_told_in_reading_and_marking(
    tmp_path: Path, change: Callable[[dict[str, bytes]], dict[str, bytes]]
) -> None:
    path = packed(tmp_path / "a.xlsx", change(small()))
    for use in (
        lambda: list(read_table(path).rows),
        lambda: marked_workbook(path, "cases", [("A2", "error", "bad")], LARGEST),
    ):
        with pytest.raises(DataError, match=r"a\.xlsx: ") as caught:
            use()
        assert "\n" not in str(caught.value) and "broke off" not in str(caught.value)


def flipped(data: bytes) -> bytes:
    """One byte of the sheet wrong, so that its checksum is."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        start = archive.getinfo(SHEET).header_offset + 30 + len(SHEET)
    return data[: start + 25] + bytes([data[start + 25] ^ 0xFF]) + data[start + 26 :]


def lying(data: bytes) -> bytes:
    """The size that the sheet says it has unpacked is none."""
    size = struct.pack("<L", len(small()[SHEET]))
    assert data.count(size) >= 2
    return data.replace(size, struct.pack("<L", 100))


@pytest.mark.parametrize(
    "change",
    [
        flipped,
        lying,
        lambda data: data[: len(data) // 2],
        lambda data: b"no zip",
        lambda data: b"PK\x05\x06" + b"\0" * 18,
        lambda data: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600,
        lambda data: data.replace(b"PK\x03\x04\x14\0\0\0", b"PK\x03\x04\x14\0\1\0").replace(
            b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\1\0"
        ),
    ],
)
def test_a_broken_archive_is_told(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    path = packed(tmp_path / "a.xlsx", small())
    path.write_bytes(change(path.read_bytes()))
    for use in (
        lambda: list(read_table(path).rows),
        lambda: marked_workbook(path, "cases", [], LARGEST),
    ):
        with pytest.raises(
            DataError, match=r"a\.xlsx: (this is no workbook|cannot be marked)"
        ) as caught:
            use()
        assert "\n" not in str(caught.value)


def test_a_table_that_is_let_go_ends_its_reader(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet()
    for number in range(20_000):
        page.write_row(number, 0, ["a" * 20, str(number)])
    book.close()
    found = read_workbook(path, None, LARGEST)
    next(found.rows)
    child = found.rows.gi_frame.f_locals["self"]._child
    assert child.poll() is None
    del found
    assert child.poll() is not None


@linux
def test_the_reader_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.xlsx", small())
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    # The library waits for a file that nobody writes: the reader is in the midst of a long step.
    starting = (
        "import os, sys; from coproduction.tables.workbooks import _start, _folder_of\n"
        f"child = _start('workbook_reader.py', {str(pipe)!r}, '', '0', _folder_of('python_calamine'))\n"
        "print(child.pid, flush=True); sys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", starting], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdin is not None and parent.stdout is not None
    number = int(parent.stdout.readline())
    time.sleep(0.3)
    assert Path(f"/proc/{number}/cmdline").read_bytes() != b""
    parent.kill()
    parent.wait()
    parent.stdin.close()
    parent.stdout.close()
    for _ in range(100):
        state = Path(f"/proc/{number}/stat")
        if not state.exists() or ") Z " in state.read_text():
            break
        time.sleep(0.05)
    else:
        pytest.fail("the reader goes on")
    assert path.exists()


def test_signs_that_xml_cannot_write_are_marked_too(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,title\na,x\x01y\n")
    mark(path, tmp_path / "m.xlsx", [])
    page = openpyxl.load_workbook(tmp_path / "m.xlsx").worksheets[0]
    assert page["B2"].value == "xy"


# -- tables, mappings, headers ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\0" * 11_000_000, "it has zero bytes"),
        ("a" * 11_000_000, "more than 10,000,000 characters"),
        ('"' + "a\n" * 200_000, "are missing"),
        ("id" + ",x" * 20_000, "at most 16,384 columns"),
        ("\0\n\0", "it has zero bytes"),
    ],
)
def test_a_csv_file_that_is_none(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=words):
        list(check_cases(path).problems)


@pytest.mark.parametrize(
    "text",
    [
        '{"features":' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"features":[{"properties":{"a":' + "9" * 5_000 + "}}]}",
        '{"features":"abc"}',
        "[1]",
    ],
)
def test_geojson_that_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(text)
    with pytest.raises(DataError, match=r"a\.geojson: "):
        check_cases(path, Reading(mapping=find_mapping("susy")))


@pytest.mark.parametrize(
    "text",
    [
        "a=" + "[" * 100_000,
        "a=" + "{a=" * 100_000,
        ".".join("a" * 50_000) + "=1",
        "[" + ".".join("a" * 50_000) + "]",
        "a={" + ".".join(['"a"'] * 50_000) + "=1}",
        "a=" + "9" * 5_000,
        "# " + "x" * 5_000_000,
    ],
)
def test_a_mapping_that_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(f"title = 'x'\n{text}\n")
    with pytest.raises(DataError, match=r"a\.toml: "):
        find_mapping(str(path))


GROWING = (
    "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 10)}]\n" for n in range(9)
    )
    + "summary: *j"
)


@pytest.mark.parametrize(
    "header",
    [
        GROWING,
        "summary: &a [*a]",
        "summary: " + "[" * 100_000,
        "- " * 100_000 + "x",
        "summary: " + "{a: " * 100_000,
        "summary: 2020-99-99",
        "summary: !!timestamp x",
        "summary: !!bool x",
        "summary: " + "9" * 10_000,
        "summary: x\nreadings: 5",
        "summary: x\nparameters: 5",
        "summary: x\nparameters: {a: 5}",
        "summary: x\n? [a]\n: b",
    ],
)
def test_a_header_that_is_none(tmp_path: Path, header: str) -> None:
    path = tmp_path / "a.rq"
    path.write_text("".join(f"#+ {line}\n" for line in header.split("\n")) + "SELECT * WHERE {}\n")
    with pytest.raises(DataError, match=r"a\.rq: ") as caught:
        _ = load_question(path).header
    assert "\n" not in str(caught.value)
    with pytest.raises(DataError, match=r"a\.rq: "):
        find_mapping(str(path))


def test_an_id_column_is_asked_for(tmp_path: Path) -> None:
    table = sheet(tmp_path / "a.csv", GOOD, columns=COLUMNS.removeprefix("id,"))
    with pytest.raises(DataError, match="the column id is missing"):
        check_cases(table)


@pytest.mark.parametrize("value", ['"a text"', '"https://example.org/a"'])
def test_a_text_where_a_node_has_to_be_sets_its_case_aside(tmp_path: Path, value: str) -> None:
    text = Path(__file__).parents[2].joinpath("cases", "basta.ttl").read_text(encoding="utf-8")
    start = text.index("cop:hasCoding")
    path = tmp_path / "a.ttl"
    path.write_text(f"{text[:start]}cop:hasCoding {value} ;\n    {text[start:]}", encoding="utf-8")
    outcome = check_cases(path)
    assert (outcome.read, outcome.loaded, outcome.set_aside) == (1, 0, 1)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * WHERE { FILTER(" + "(" * 5_000 + "1" + ")" * 5_000 + ") }",
        "SELECT * WHERE " + "{" * 5_000 + "}" * 5_000,
        "SELECT * WHERE { FILTER(" + "IF(true," * 5_000 + "1" + ",1)" * 5_000 + ") }",
        "SELECT * WHERE { FILTER(" + "!" * 20_000 + "true) }",
        "SELECT * WHERE { FILTER(1" + "+1" * 20_000 + ") }",
        "SELECT * WHERE { {?s ?p ?o}" + " UNION {?s ?p ?o}" * 20_000 + " }",
        "SELECT * WHERE { ?s ?p " + "[ ?p " * 5_000 + "1" + "]" * 5_000 + " }",
        "SELECT * WHERE { ?s <a:p>" + "/<a:p>" * 20_000 + " ?o }",
    ],
)
@pytest.mark.sampled
def test_a_query_nested_without_end(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.rq"
    path.write_text(text)
    assert "the query " in refused("query", "-f", path)


@pytest.mark.slow
def test_a_long_query_is_no_deep_one(kg: coproduction.KnowledgeGraph) -> None:
    names = " ".join(f"cop:a-{n}-b" for n in range(5_000))
    brackets = "(" * 300
    text = f'# {brackets}\nSELECT ?x WHERE {{ VALUES ?x {{ {names} "{brackets}" <a:!!!> }} }}'
    assert len(kg.query(text).rows) == 5_002


def test_an_iri_with_a_strange_space_is_given_to_rdflib(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(
        "<https://example.org/a\u00a0b> <https://example.org/p> 'c\u2028d' .", encoding="utf-8"
    )
    graph = coproduction.open(data=[path]).graph(
        "CONSTRUCT WHERE { ?s <https://example.org/p> ?o }"
    )
    ((subject, _, value),) = graph
    assert (str(subject), str(value)) == ("https://example.org/a\u00a0b", "c\u2028d")


def test_names_that_no_file_has(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    long = "x" * 300
    for words in (
        ["loads", "--store", long],
        ["load", "in.csv", "--store", long],
        ["validate", f"{long}.csv"],
        ["ask", "regimes", "--data", f"{long}.ttl"],
        ["export", "-o", f"{long}.ttl"],
        ["template", f"{long}.csv"],
        ["validate", "."],
        ["link", ".", "--to", "."],
        ["loads", "--store", "a\0b"],
        ["show", "a\0b"],
    ):
        outcome = run(*words)
        assert (outcome.code, outcome.err.count("\n")) == (2, 1), outcome.err
        assert "fault" not in outcome.err


def test_an_encoding_that_nobody_knows_in_a_part_of_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", '<?xml version="1.0" encoding="x-no-such"?><a/>')
    with pytest.raises(DataError, match="this is no workbook that can be read"):
        check_cases(path)


def test_a_row_of_links_that_ends_early_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.sssom.tsv"
    path.write_text(
        "# curie_map:\n#   a: http://e/\nsubject_id\tpredicate_id\tconfidence\na:b\n",
        encoding="utf-8",
    )
    with pytest.raises(DataError, match="line 4: the row is not understood"):
        read_links(path)
