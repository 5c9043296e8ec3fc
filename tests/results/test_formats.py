"""What is written can be read back, by a second parser; and an ending means what it says."""

from __future__ import annotations

import csv
import io
import json
import time
import warnings
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.query import Result as RdflibResult

import coproduction
from coproduction import Result
from coproduction.errors import DataError
from coproduction.export.graphs import WRITERS
from coproduction.files.endings import ENDINGS, forms_of
from coproduction.results.forms import FORMATS
from coproduction.tables.csv_writing import safe, unescaped, write_csv
from coproduction.tables.table import read_table

from ..conftest import Run
from ..tools import require_trial

ODD = '"a\\u0001\\u001b <b> & | \\"c\\" \\uFFFE\\u0085 ; é 介護\\n2"@en'
QUERY = f'SELECT ?x ?t ?n ?none {{ VALUES (?x ?t ?n) {{ (cop:A {ODD} 7) (cop:B "=1+1" 2.5) }} }}'


@pytest.fixture
def result(kg: coproduction.KnowledgeGraph) -> Result:
    return kg.query(QUERY)


# -- rows and answers ---------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml"])
def test_results_are_read_by_two_parsers(result: Result, form: str) -> None:
    data = result.serialize(form).encode()
    if form == "tsv":  # rdflib reads no row in which a value is missing
        rows = [line.split("\t") for line in data.decode().split("\n")[:-1]]
        assert [len(row) for row in rows] == [4, 4, 4]
    else:
        theirs = RdflibResult.parse(io.BytesIO(data), format=form)
        assert [str(row[0])[-1] for row in theirs] == ["A", "B"]
    if form != "csv":
        kinds = {
            name: getattr(ox.QueryResultsFormat, name.upper()) for name in ("tsv", "json", "xml")
        }
        ours = ox.parse_query_results(data, kinds[form])
        assert isinstance(ours, ox.QuerySolutions)
        terms = [tuple(row[i] for i in range(4)) for row in ours]
        if form == "xml":  # it has no way to write these: U+FFFD stands for them
            assert "\ufffd\ufffd <b>" in terms[0][1].value
        else:
            assert terms == result.terms


def test_xml_is_the_same_in_pieces(cases: coproduction.KnowledgeGraph) -> None:
    asked = cases.query("SELECT ?s ?o { ?s rdfs:label ?o } ORDER BY ?s ?o")
    found = ElementTree.fromstring(asked.serialize("xml"))
    space = "{http://www.w3.org/2005/sparql-results#}"
    assert len(found.findall(f".//{space}result")) == len(asked)


def test_objects_are_json_with_python_values(result: Result) -> None:
    first, second = json.loads(result.serialize("objects"))
    assert first["n"] == 7 and first["none"] is None and first["t"] == result.rows[0]["t"]
    assert second["n"] == 2.5


@pytest.mark.parametrize("text, answer", [("ASK {}", True), ("ASK { FILTER(false) }", False)])
def test_ask_is_yes_or_no(kg: coproduction.KnowledgeGraph, text: str, answer: bool) -> None:
    for timeout in (None, 20):
        result = kg.query(text, timeout=timeout)
        assert result.answer is answer and bool(result) is answer
        assert result.rows == [{"answer": answer}]
    assert json.loads(result.serialize("json")) == {"head": {}, "boolean": answer}
    word = str(answer).lower()
    assert result.serialize("csv") == f"answer\r\n{word}\r\n"
    for form in ("json", "xml"):
        data = io.BytesIO(result.serialize(form).encode())
        assert RdflibResult.parse(data, format=form).askAnswer is answer
    root = ElementTree.fromstring(result.serialize("xml"))
    assert root.findtext("{http://www.w3.org/2005/sparql-results#}boolean") == word
    assert kg.query("SELECT ?c { ?c a cop:Claim }").answer is None
    assert not kg.query("SELECT ?c { ?c a cop:Nothing }")


def test_pages_are_read(result: Result) -> None:
    found: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, _: found.append(tag)  # type: ignore[method-assign]
    parser.feed(result.serialize("html"))
    assert found.count("tr") == 3 and "b" not in found
    lines = result.serialize("md").splitlines()
    assert len(lines) == 4 and all(line.startswith("| ") for line in lines)


# -- endings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words, forms",
    [
        (("query", "SELECT ?c { ?c a cop:ClaimKind }"), FORMATS),
        (
            ("query", "CONSTRUCT WHERE { ?s a cop:ClaimKind }"),
            ("ttl", "nt", "nq", "trig", "jsonld", "owl"),
        ),
        (("query", "ASK {}"), FORMATS),
        (("ask", "regimes"), FORMATS),
        (("ask",), FORMATS),
        (("info",), FORMATS),
        (("gaps",), FORMATS),
        (("links", "childcare"), (*FORMATS, "ttl", "owl")),
        (("evidence", "C51"), ("table", "csv", "json", "md", "html")),
        (("show", "C51"), ("text", "json")),
        (("explain", "high-housing"), ("text", "json", "svg")),
        (("export",), tuple(WRITERS)),
    ],
    ids=lambda each: " ".join(each[:2]) if isinstance(each, tuple) else "",
)
@pytest.mark.slow
def test_the_ending_says_the_format(
    run: Run, tmp_path: Path, words: tuple[str, ...], forms: tuple[str, ...]
) -> None:
    for ending, meant in ENDINGS.items():
        path = tmp_path / f"out.{ending}"
        if words[0] == "export" and ending in ("ttl", "json", "graphml"):
            continue  # the others are quick; these are read in the tests of every export
        if ending in ("pdf", "png") and words[0] == "explain":
            continue
        if not set(meant) & set(forms):
            done = run(*words, "-o", str(path))
            assert done.code == 2 and not path.exists(), f"{ending}: {done.err}"
            assert done.out == ""
            continue
        done = run(*words, "-o", str(path))
        assert (done.code, done.out) == (0, ""), f"{ending}: {done.err}"
        parse(path, next(form for form in meant if form in forms))


def parse(path: Path, form: str) -> None:
    """Read a file by a parser of its format."""
    data = path.read_bytes()
    assert data
    if form in ("csv", "tsv"):
        text = data.decode("utf-8-sig")
        rows = list(
            csv.reader(io.StringIO(text, newline=""), delimiter="\t" if form == "tsv" else ",")
        )
        assert rows and len({len(row) for row in rows}) == 1
    elif form in ("json", "objects"):
        json.loads(data)
    elif form in ("xml", "svg", "graphml"):
        ElementTree.fromstring(data)
    elif form in ("table", "text", "md", "html"):
        assert data.decode().strip()
    else:
        rdflib_read(data, form)


def rdflib_read(data: bytes, form: str) -> int:
    """Give how many statements rdflib reads."""
    names = {
        "ttl": "turtle",
        "nt": "nt",
        "nq": "nquads",
        "trig": "trig",
        "jsonld": "json-ld",
        "owl": "xml",
    }
    from coproduction.store.rdflib_graphs import for_rdflib

    if form in ("nt", "nq"):
        data = for_rdflib(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        graph = rdflib.Dataset() if form in ("nq", "trig") else rdflib.Graph()
        graph.parse(data=data, format=names[form])
        return len(graph)


@pytest.mark.parametrize("name", ["x.jpg", "x.xlsx", "x", "x.csv.bak", "x."])
@pytest.mark.parametrize("command", ["ask regimes", "export", "evidence", "show C51", "gaps"])
def test_another_ending_is_refused(run: Run, tmp_path: Path, command: str, name: str) -> None:
    done = run(*command.split(), "-o", str(tmp_path / name))
    assert done.code == 2 and "the ending says the format: ." in done.err
    assert not any(tmp_path.iterdir())


def test_a_format_that_contradicts_the_ending_is_refused(run: Run, tmp_path: Path) -> None:
    done = run("ask", "regimes", "--format", "json", "-o", str(tmp_path / "x.csv"))
    assert done.code == 2 and "the format that was asked for is json: let them agree" in done.err
    done = run("export", "--format", "owl", "-o", str(tmp_path / "x.ttl"))
    assert done.code == 2 and "ending .ttl says ttl" in done.err
    assert not any(tmp_path.iterdir())
    assert run("ask", "regimes", "--format", "objects", "-o", str(tmp_path / "x.json")).code == 0
    assert isinstance(json.loads((tmp_path / "x.json").read_text(encoding="utf-8")), list)
    assert run("ask", "regimes", "--format", "csv", "-o", str(tmp_path / "bare")).code == 0
    with pytest.raises(DataError, match="the format that was asked for is"):
        forms_of("x.nt", "nq", ("nt", "nq"))


def test_a_graph_in_a_file_of_rows_leaves_nothing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    done = run("query", "CONSTRUCT WHERE { ?s a cop:Claim }", "-o", str(path))
    assert done.code == 2 and "format for a graph" in done.err
    done = run("query", "SELECT ?s { ?s a cop:Claim }", "-o", str(tmp_path / "x.nt"))
    assert done.code == 2 and "format for rows" in done.err
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("ending", ["csv", "json", "xml"])
def test_an_endless_query_leaves_nothing(tmp_path: Path, ending: str) -> None:
    import subprocess
    import sys

    path = tmp_path / f"x.{ending}"
    path.write_text("before")
    endless = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    words = ["query", endless, "--timeout", "0.3", "-o", str(path)]
    done = subprocess.run(
        [sys.executable, "-m", "coproduction", *words], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 3 and "stopped after 0.3 s" in done.stderr
    assert path.read_text() == "before"
    time.sleep(0.1)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_a_failing_query_leaves_nothing(run: Run, tmp_path: Path) -> None:
    text = "SELECT ?s { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
    words = ("--allow-service", "127.0.0.1:9", "-o", str(tmp_path / "x.csv"))
    assert run("query", text, *words).code == 2
    assert not any(tmp_path.iterdir())


# -- CSV for spreadsheets -----------------------------------------------------------------------

FORMULAS = ["=1+1", "+46 8 12", "-", "-1+1", "@SUM(A1)", "'=1", "''-5", "\tx", "=", "'-5"]
PLAIN = ["-5", "+3.2e5", "-0,5", "+.5", "housing", "'tis", "", "5-3", "a=b"]


def test_formulas_are_escaped_and_numbers_are_not() -> None:
    for text in FORMULAS:
        assert safe(text) == f"'{text}"
    for text in PLAIN:
        assert safe(text) == text
    for text in (*FORMULAS, *PLAIN):
        assert unescaped(safe(text)) == text


@pytest.mark.parametrize("lang, sign", [("en", ","), ("sv", ";"), ("de", ";"), ("fr-CA", ";")])
def test_a_sheet_is_read_as_it_was_written(tmp_path: Path, lang: str, sign: str) -> None:
    path = tmp_path / "sheet.csv"
    texts = [text for text in (*FORMULAS, *PLAIN) if text == text.strip() and text]
    rows = [[text, "a, b; c", "é"] for text in texts]
    path.write_bytes(write_csv(["one", "two", "three"], rows, lang))
    assert path.read_bytes().startswith(f"\ufeffone{sign}two".encode())
    assert [row.cells for row in read_table(path).rows] == rows


def test_a_file_is_for_a_spreadsheet_and_standard_output_for_a_program(
    run: Run, tmp_path: Path
) -> None:
    words = ("query", 'SELECT ("=1" AS ?a) (-5 AS ?b) {}')
    path = tmp_path / "x.csv"
    assert run(*words, "--format", "csv").out == "a,b\r\n=1,-5\r\n"
    assert run(*words, "--format", "csv", "--csv", "spreadsheet").out == "\ufeffa,b\r\n'=1,-5\r\n"
    run(*words, "-o", str(path))
    assert path.read_bytes().decode() == "\ufeffa,b\r\n'=1,-5\r\n"
    run(*words, "-o", str(path), "--csv", "w3c")
    assert path.read_bytes().decode() == "a,b\r\n=1,-5\r\n"
    run("ask", "regimes", "--lang", "sv", "-o", str(path))
    assert path.read_bytes().decode().startswith("\ufeffregime;regimeLabel;")


@pytest.mark.parametrize("lang", ["en", "sv"])
def test_cases_come_back_from_their_sheet(run: Run, tmp_path: Path, lang: str) -> None:
    sheet, store = tmp_path / "x.csv", str(tmp_path / "store")
    assert run("export", "--as", "cases", "--cases", "--lang", lang, "-o", str(sheet)).code == 0
    assert (";" if lang == "sv" else ",") in sheet.read_text("utf-8-sig").splitlines()[0]
    done = run("load", str(sheet), "--store", store, "--format", "csv")
    # Three of the cases are of services of their own, which the list of the sheet does not have.
    told = {"en": "20 rows read, 17 loaded", "sv": "20 rader lästa, 17 inlästa"}
    assert told[lang] in done.err
    assert {row["column"] for row in csv.DictReader(io.StringIO(done.out))} <= {"service", "tjänst"}


# -- a row for each arrangement -----------------------------------------------------------------


def test_counting_rows_counts_arrangements(cases: coproduction.KnowledgeGraph, run: Run) -> None:
    asked = cases.ask("glass-ceiling")
    arrangements = [row["arrangement"] for row in asked]
    assert len(asked) == len(arrangements) == len(set(map(str, arrangements))) == 18
    assert len(asked.terms) == 22, "one case has two sources, another three"
    (stil,) = [row for row in asked if "case/stil" in str(row["arrangement"])]
    sources = [
        "https://stil.se/en/organization",
        "https://www.independentliving.org/docs5/ratzka199301.html",
    ]
    assert stil["source"] == sources and stil["sectorLabel"] == "third sector"
    objects = json.loads(asked.serialize("objects"))
    assert [row["source"] for row in objects] == [row["source"] for row in asked]
    assert "; ".join(sources) in asked.serialize("csv")
    assert asked.serialize("md").count("\n") == 20
    for form, count in (("csv", 19), ("tsv", 23)):
        assert run("ask", "CQ18", "--cases", "--format", form).out.count("\n") == count
    assert run("ask", "CQ18", "--cases", "--format", "csv", "--rows", "raw").out.count("\n") == 23
    assert len(json.loads(asked.serialize("json"))["results"]["bindings"]) == 22


def test_the_limit_of_rows_takes_whole_arrangements(cases: coproduction.KnowledgeGraph) -> None:
    everything = cases.ask("glass-ceiling").rows
    for timeout in (None, 20):
        few = cases.ask("glass-ceiling", max_rows=2, timeout=timeout)
        assert few.truncated and few.rows == everything[:2]
    assert not cases.ask("glass-ceiling", max_rows=19).truncated


def test_labels_stay_beside_their_values(kg: coproduction.KnowledgeGraph) -> None:
    text = (
        "SELECT ?a ?x ?xLabel ?n { VALUES (?a ?x ?xLabel ?n) { (cop:A cop:X 'same' 1) "
        "(cop:A cop:Y 'same' 2) (cop:A cop:X 'same' 2) (UNDEF cop:X 'x' 1) (UNDEF cop:X 'x' 1) } }"
    )
    rows = kg.query(text)
    grouped = Result.of_terms(rows.fetched, by="a")
    first, second, third = grouped.rows
    assert [str(each)[-1] for each in first["x"]] == ["X", "Y"]  # type: ignore[union-attr]
    assert first["xLabel"] == ["same", "same"] and first["n"] == [1, 2]
    assert second == third, "rows about nothing named stay rows of their own"
    assert grouped.serialize("md").splitlines()[2] == "| cop:A | same | 1; 2 |"
    frame = grouped.to_pandas()
    assert frame["n"].tolist() == [[1, 2], [1], [1]]


# -- every export of every trial ----------------------------------------------------------------


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> coproduction.KnowledgeGraph:
    """A store of all that can be loaded of the trial inputs."""
    from coproduction.cases.loading import load
    from coproduction.cases.mapping_files import find_mapping
    from coproduction.cases.reading import Reading
    from coproduction.errors import CoproductionError

    folder = require_trial("")
    store = tmp_path_factory.mktemp("trials") / "store"
    loaded, data = 0, []
    for path in sorted(folder.iterdir()):
        mapping = folder / f"{path.name.partition('-')[0]}-map.toml"
        options = {"mapping": find_mapping(str(mapping))} if mapping.exists() else {}
        try:
            # The same cases stand in many of them: each gets IRIs of its own.
            base = f"https://example.org/{path.stem}/"
            loaded += load(path, store, Reading(base=base, **options)).loaded > 0
        except CoproductionError:
            try:
                coproduction.open(data=[path])
            except CoproductionError:
                continue  # refused with a word: tests of reading say with which
            data.append(path)
    assert loaded > 10 and len(data) > 3
    return coproduction.open(store=store, data=data)


@pytest.mark.slow
@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.one_in(4)
def test_every_export_of_every_trial_is_read(
    trials: coproduction.KnowledgeGraph, form: str
) -> None:
    data = trials.export(form)
    if form == "graphml":
        ElementTree.fromstring(data)
        return
    if form == "owl":
        ElementTree.fromstring(data)
    if form == "jsonld":
        json.loads(data)
    expected = len(list(trials.store.triples()))
    assert rdflib_read(data, form) > 0.9 * expected
