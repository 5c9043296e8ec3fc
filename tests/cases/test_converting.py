"""A register in parts: the statements and the faults of a load, in files that are whole or not."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.cases import from_table
from coproduction.cases import rows as rows_module
from coproduction.cases.conversion_worker import Converter, Form, Order, PartFile, Rows
from coproduction.cases.converting import Conversion, convert, headings_of
from coproduction.cases.example import example_row
from coproduction.cases.reading import PLAIN
from coproduction.cases.seen import Seen
from coproduction.errors import DataError, NoSpace
from coproduction.knowledge.case_record import case_record
from coproduction.knowledge.packaged import make_store, packaged_quads
from coproduction.names import GRAPH
from coproduction.store.bookkeeping import LOADS
from coproduction.store.embedded import EmbeddedStore
from coproduction.store.on_disk import open_folder

from ..conftest import Run

COLUMNS = (
    "id", "title", "summary", "service", "country", "start_year", "provider", "provider_form",
    "sector", "participants", "contributions", "decision_rights", "intensity", "source", "remark",
)  # fmt: skip
RIGHT = {
    "title": "Nursery", "summary": "Run by its parents.", "service": "childcare", "country": "SE",
    "start_year": "1990", "provider": "Association", "sector": "third sector",
    "participants": "client in person", "contributions": "money; core work",
    "decision_rights": "ownership or employer", "intensity": "intensive and/or enduring",
    "source": "https://example.org/a; https://example.org/b",
}  # fmt: skip


def row(identifier: str, **given: str) -> list[str]:
    cells = RIGHT | {"id": identifier} | given
    return [cells.get(column, "") for column in COLUMNS]


def rows() -> list[list[str]]:
    """Give rows of which some are wrong, far from each other, in several batches."""
    found = [row(f"n{number}", provider=f"Association {number % 7}") for number in range(45)]
    found[3] = row("n3", title='He said "no", twice', summary="Ä ö ü \\ é 日本\ttab")
    found[7] = row("n7", service="housng", country="Atlantis")
    found[9] = row("n9", provider="Alpha; Beta", provider_form="association; company")
    found[10] = row("n10", provider="Beta;  beta", provider_form="company")
    found[12] = row("n12", remark='two\nlines, "quoted"')
    found[20] = row("n3")
    found[22] = row("n20", start_year="nineteen")
    found[25] = row("n7", title="the same as a row with faults")
    found[27] = row("not an id")
    found[28] = row("not an id")
    found[30] = row("n30", decision_rights="unknown")
    found[31] = row("n31")[:-1]
    found[33] = [*row("n33")[:3], "stray", *row("n33")[3:]]
    found[35] = row("n35")[:5]
    found[38] = row("", title="without an id")
    found[40] = row("n31")
    found[41] = row("https://example.org/case/x", decision_rights="shared minority")
    found[42] = row("n42", start_year="2000", sector="hybrid")
    return found


def write(path: Path, found: list[list[str]], columns: tuple[str, ...] = COLUMNS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *found])
    return path


@pytest.fixture
def sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a sheet whose rows are dealt ten at a time."""
    monkeypatch.setattr(from_table, "_BATCH", 10)
    path = write(tmp_path / "cases.csv", rows())
    with path.open("a", encoding="utf-8") as file:
        file.write('n98,"A quotation mark that is never closed,and so on\n')
    return path


def quads_of(folder: Path) -> set[str]:
    """Give all statements of the parts with their graphs, as the manifest names them."""
    found = set()
    for part in json.loads((folder / "manifest.json").read_text("utf-8"))["parts"]:
        data = (folder / part["file"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (part["size"], part["sha256"])
        data = gzip.decompress(data) if part["file"].endswith(".gz") else data
        is_quads = ".nq" in part["file"]
        form = ox.RdfFormat.N_QUADS if is_quads else ox.RdfFormat.N_TRIPLES
        lines = list(ox.parse(data, format=form))
        assert len(lines) == len(set(lines)) == part["statements"]
        for quad in lines:
            graph = quad.graph_name if is_quads else ox.NamedNode(part["graph"])
            if not part["graph"]:
                continue
            assert graph == ox.NamedNode(part["graph"])
            found.add(str(ox.Quad(quad.subject, quad.predicate, quad.object, graph)))
    return found


def loaded(path: Path, folder: Path) -> tuple[Any, set[str]]:
    """Load a file into a new store; give what became of it, and what the load added."""
    outcome = coproduction.open(store=folder, create=True).load(path)
    store = coproduction.open(store=folder).store
    fresh = coproduction.open().store
    inferred = ox.NamedNode(GRAPH + "inferred")
    graph = ox.NamedNode(f"{GRAPH}load/1")
    found = {str(quad) for quad in store.statements(None, None, None, graph)}
    before = set(fresh.statements(None, None, None, inferred))
    found |= {str(q) for q in store.statements(None, None, None, inferred) if q not in before}
    found |= {str(q) for q in store.statements(None, None, None, LOADS) if "load/1" in str(q)}
    return outcome, found


def without_times(quads: set[str]) -> set[str]:
    return {quad for quad in quads if "endedAtTime" not in quad and "SoftwareAgent" not in quad}


def told(conversion: Conversion) -> list[tuple[Any, ...]]:
    return [tuple(problem) for problem in conversion.outcome.problems]


@pytest.mark.slow
@pytest.mark.parametrize("form", [Form(), Form(quads=True, compress=True)])
def test_the_parts_are_what_a_load_writes(sheet: Path, tmp_path: Path, form: Form) -> None:
    outcome, expected = loaded(sheet, tmp_path / "store")
    done = convert(sheet, tmp_path / "parts", parts=3, workers=2, form=form)
    assert outcome.set_aside > 8 and outcome.loaded > 25
    counts = ("read", "loaded", "set_aside", "unchanged", "note", "lang")
    assert [getattr(done.outcome, name) for name in counts] == [
        getattr(outcome, name) for name in counts
    ]
    assert told(done) == [tuple(problem) for problem in outcome.problems]
    rules = {problem.rule for problem in outcome.problems}
    assert {"id-twice", "row-shifted", "row-unreadable", "column-unknown", "Case-service"} <= rules
    found = quads_of(tmp_path / "parts")
    assert {q for q in without_times(found) if "/load/1" in q} == {
        q for q in without_times(expected) if "/load/1" in q
    }
    assert {q for q in found if "graph/inferred" in q} == {
        q for q in expected if "graph/inferred" in q
    }
    names = [part.file for part in done.parts]
    assert names[0] == "packaged.nq" and names[-1].startswith("record.")
    assert sum(name.startswith("part-") for name in names) == 4
    assert done.statements == sum(f"{GRAPH}load/1>" in q.split(" ")[-1] for q in found)


@pytest.mark.slow
def test_as_many_workers_as_one_likes_give_the_same_parts(sheet: Path, tmp_path: Path) -> None:
    one = convert(sheet, tmp_path / "one", parts=3, workers=1)
    more = convert(sheet, tmp_path / "more", parts=3, workers=9)
    same = ("part-", "levels-")
    assert [part for part in one.parts if part.file.startswith(same)] == [
        part for part in more.parts if part.file.startswith(same)
    ]
    assert told(one) == told(more)


@pytest.mark.slow
def test_a_server_that_takes_all_parts_holds_what_it_is_asked_for(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path / "cases.csv", [row("a"), row("b", decision_rights="consulted")])
    done = run("convert", str(path), "-o", str(tmp_path / "parts"), "--quads", "--workers", "1")
    assert done.code == 0 and "2 converted" in done.err and "docs/scale.md" in done.err
    store = ox.Store()
    for file in sorted((tmp_path / "parts").glob("*.nq")):
        store.bulk_load(path=file, format=ox.RdfFormat.N_QUADS)
    from coproduction.store.embedded import EmbeddedStore

    there = coproduction.KnowledgeGraph(EmbeddedStore(store))
    folder = tmp_path / "store"
    here = coproduction.open(store=folder, create=True)
    here.load(path)
    assert there.ask("glass-ceiling").rows == here.ask("glass-ceiling").rows
    keep = ("load", "file", "rows_read", "rows_loaded")
    assert [[each.get(k) for k in keep] for each in there.loads().rows] == [
        [each.get(k) for k in keep] for each in here.loads().rows
    ]
    graphs, stored = there.store.graphs(), here.store.graphs()
    assert graphs == stored


@pytest.mark.slow
def test_faults_are_told_and_counted_and_strict_writes_nothing(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path / "cases.csv", [row("a"), row("b", service="housng")])
    parts, report = tmp_path / "parts", tmp_path / "report.csv"
    marked = tmp_path / "marked.xlsx"
    files = ("--report", str(report), "--marked", str(marked))
    done = run("convert", str(path), "-o", str(parts), "--workers", "1", *files)
    assert done.code == 1 and "1 set aside" in done.err and "housng" in done.out
    assert "Case-service" in report.read_text("utf-8") and marked.exists()
    strict = run("convert", str(path), "-o", str(tmp_path / "other"), "--strict", "--workers", "1")
    assert strict.code == 1 and "nothing was loaded" in strict.err
    assert not (tmp_path / "other").exists()


def test_a_file_without_a_case_is_said_to_have_none(run: Run, tmp_path: Path) -> None:
    path, parts = tmp_path / "cases.csv", tmp_path / "parts"
    run("template", str(path))
    done = run("convert", str(path), "-o", str(parts), "--workers", "1")
    assert done.code == 0 and not parts.exists()
    assert f"There is no case in {path}, so nothing was written." in done.err


@pytest.mark.slow
def test_the_example_of_a_sheet_and_a_mapping_are_read_as_by_load(tmp_path: Path) -> None:
    keys = tuple(field.key for field in case_record().fields)
    cells = [row("a")[COLUMNS.index(key)] if key in COLUMNS else "" for key in keys]
    path = write(tmp_path / "cases.csv", [list(example_row(case_record(), "en")), cells], keys)
    done = coproduction.KnowledgeGraph.convert(path, tmp_path / "parts", workers=1, number=7)
    assert (done.outcome.read, done.outcome.loaded) == (1, 1)
    assert [problem.rule for problem in done.outcome.problems] == ["example-row"]
    assert done.graph == f"{GRAPH}load/7"
    mapping = tmp_path / "own.toml"
    mapping.write_text(
        'title = "Own"\n[columns]\n"name" = "title"\n"number" = "id"\n'
        '[constants]\nsummary = "From the register."\nservice = "childcare"\n'
        'country = "SE"\nsector = "third sector"\nparticipants = "client in person"\n'
        'contributions = "money"\ndecision_rights = "unknown"\n'
        'intensity = "unknown"\nsource = "https://example.org/a"\nstart_year = "1990"\n'
        'provider = "Association"\n',
        encoding="utf-8",
    )
    other = write(tmp_path / "own.csv", [["x1", "One"], ["x1", "Two"]], ("number", "name"))
    mapped = coproduction.KnowledgeGraph.convert(
        other, tmp_path / "mapped", workers=1, mapping=mapping
    )
    store = tmp_path / "store"
    expected = coproduction.open(store=store, create=True).load(other, mapping=mapping)
    assert told(mapped) == [tuple(problem) for problem in expected.problems]
    assert (mapped.outcome.loaded, expected.loaded) == (1, 1)


@pytest.mark.slow
def test_a_folder_that_is_not_empty_is_refused_and_rdf_too(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path / "cases.csv", [row("a")])
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "mine").write_text("x", encoding="utf-8")
    for words, said in (
        ((str(path), "-o", str(tmp_path / "parts")), "is not empty"),
        ((str(path), "-o", str(path)), "is no folder"),
        ((str(path), "-o", str(tmp_path / "no" / "parts")), "there is no folder"),
        ((str(tmp_path / "none.csv"), "-o", str(tmp_path / "new")), "cannot be read"),
    ):
        done = run("convert", *words)
        assert done.code == 2 and said in done.err
    for bounds in ({"parts": 401}, {"workers": -1}, {"load": 0}):
        with pytest.raises(DataError, match="numbered from 1"):
            convert(path, tmp_path / "new", **bounds)  # type: ignore[arg-type]
    (tmp_path / "cases.ttl").write_text("", encoding="utf-8")
    with pytest.raises(DataError):
        convert(tmp_path / "cases.ttl", tmp_path / "new")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["cases.csv", "cases.ttl", "parts"]
    empty = tmp_path / "empty"
    empty.mkdir()
    assert convert(path, empty, workers=1).folder == empty


@pytest.mark.skipif(sys.platform == "win32", reason="a process is stopped there in another way")
@pytest.mark.slow
def test_nothing_is_left_when_it_is_stopped(tmp_path: Path) -> None:
    path = write(tmp_path / "cases.csv", [row(f"n{number}") for number in range(30_000)])
    parts = tmp_path / "parts"
    words = ("-m", "coproduction", "convert", str(path), "-o", str(parts), "--workers", "2")
    process = subprocess.Popen([sys.executable, *words], stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 60
    while not (begun := list(tmp_path.glob("coproduction-*/parts/part-0001.nt"))):
        assert time.monotonic() < end and process.poll() is None
        time.sleep(0.02)
    assert begun and process.poll() is None
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err.splitlines()[-1]) == (130, "coproduction: stopped")
    assert [each.name for each in tmp_path.iterdir()] == ["cases.csv"]


@pytest.mark.skipif(sys.platform == "win32", reason="a process is killed there in another way")
def test_a_worker_that_dies_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from coproduction.files import processes

    monkeypatch.setattr(processes, "_START", "import os; os.kill(os.getpid(), 9)")
    path = write(tmp_path / "cases.csv", [row("a")])
    with pytest.raises(DataError, match=r"ended without an answer \(exit code -9\)"):
        convert(path, tmp_path / "parts", workers=1)
    assert [each.name for each in tmp_path.iterdir()] == ["cases.csv"]


def test_a_worker_that_breaks_says_of_what(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from coproduction.files import processes

    path = write(tmp_path / "cases.csv", [row("a")])
    for raised, words in (("ValueError('of no use')", "1\\): ValueError: of no use"),
                          ("MemoryError()", "1\\); too little memory")):  # fmt: skip
        monkeypatch.setattr(processes, "_START", f"raise {raised}")
        with pytest.raises(DataError, match=words):
            convert(path, tmp_path / "parts", workers=1)
    assert [each.name for each in tmp_path.iterdir()] == ["cases.csv"]


def test_a_part_that_does_not_hold_what_was_written_is_told(tmp_path: Path) -> None:
    part = PartFile(tmp_path / "part", "", Form())
    part.add("<urn:a> <urn:b> <urn:c> .\n")
    part.add("<urn:a> <urn:b> not a term .\n")
    with pytest.raises(DataError, match="cannot be read"):
        part.closed()
    other = PartFile(tmp_path / "other", "", Form())
    other.add("<urn:a> <urn:b> <urn:c> .\n\n")
    with pytest.raises(DataError, match="2 statements were written and 1 read"):
        other.closed()


def test_what_came_before_is_known_with_its_first_number(tmp_path: Path) -> None:
    seen = Seen(tmp_path / "seen")
    assert seen.repeated([("a", 1), ("b", 2)]) == {}
    assert seen.repeated([("c", 3), ("a", 4), ("c", 5)]) == {4: 1, 5: 3}
    assert seen.repeated((f"x{n}", 100 + n) for n in range(2000)) == {}
    assert seen.repeated([("x1999", 5000)]) == {5000: 2099}
    seen.close()
    assert [each.name for each in tmp_path.iterdir()] == ["seen"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a file that is always full")
@pytest.mark.parametrize("form", [Form(), Form(compress=True)])
def test_a_full_disk_is_told_with_the_part_that_has_no_room(tmp_path: Path, form: Form) -> None:
    words = rf"part{form.ending}: cannot be written: no space left"
    (tmp_path / f"part{form.ending}").symlink_to("/dev/full")
    much = "".join(f"<urn:{hashlib.sha256(b'%d' % n).hexdigest()}> <urn:b> <urn:c> .\n"
                   for n in range(20_000))  # fmt: skip
    part = PartFile(tmp_path / "part", "", form)
    with pytest.raises(NoSpace, match=words):
        part.add(much)
    part.close()
    part = PartFile(tmp_path / "part", "", form)
    part.add("<urn:a> <urn:b> <urn:c> .\n")
    with pytest.raises(NoSpace, match=words):
        part.closed()
    part.close()


def test_a_full_disk_is_told_where_it_is_remembered_what_came_before(tmp_path: Path) -> None:
    seen = Seen(tmp_path / "ids")
    seen._base.execute("PRAGMA max_page_count = 3")
    with pytest.raises(NoSpace, match="ids: cannot be written: no space left"):
        seen.repeated((f"x{n}", n) for n in range(5000))
    seen.close()
    other = Seen(tmp_path / "other")
    other._base.execute("DROP TABLE seen")
    with pytest.raises(DataError, match="other: cannot be used: no such table"):
        other.repeated([("a", 1)])
    other.close()


@pytest.mark.parametrize(
    ("raised", "words"),
    [
        ("MemoryError()", "too little memory is the usual cause: take fewer with workers=N"),
        ("ValueError('of no use')", "ValueError: of no use"),
        ("OSError(5, 'of no use', 'a')", "a: cannot be written: of no use"),
        ("DataError('a: ', option('force'))", "a: force=True"),
    ],
)
def test_what_a_worker_meets_in_rows_is_told_as_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: str, words: str
) -> None:
    from coproduction.files import processes

    start = (
        "from coproduction.cases.conversion_worker import Converter; "
        "from coproduction.errors import DataError, option\n"
        f"def convert(self, given): raise {raised}\n"
        "Converter.convert = convert\n"
    )
    head, _, tail = processes._START.rpartition("from {module}")
    monkeypatch.setattr(processes, "_START", f"{head}\n{start}\nfrom {{module}}{tail}")
    path = write(tmp_path / "cases.csv", [row("a")])
    with pytest.raises(DataError) as told:
        convert(path, tmp_path / "parts", workers=1)
    assert words in str(told.value)


def test_what_a_worker_remembers_does_not_grow_with_the_rows(sheet: Path, tmp_path: Path) -> None:
    source = from_table.TableCases(sheet)
    order = Order(sheet, PLAIN, "en", headings_of(source), tmp_path, f"{GRAPH}load/1", Form())
    converter = Converter(order)
    given = [Rows(1, found, {}) for found in source.batches()]
    for each in given:
        converter.convert(each)
        assert len(converter.reader.problems) < 30
    assert len(given) == 5
    converter.close()


@pytest.mark.slow
def test_a_server_holds_before_any_case_what_a_new_store_does(tmp_path: Path) -> None:
    make_store(tmp_path / "store")
    stored = open_folder(tmp_path / "store")
    shipped = EmbeddedStore()
    shipped.add(packaged_quads())
    assert set(shipped.dataset()) == set(stored.dataset())


def test_what_a_column_remembers_does_not_grow_with_the_rows(
    sheet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_module, "_MOST_KEPT", 10)
    source = from_table.TableCases(sheet)
    assert len(list(source.cases())) > 30
    kept = [parser.cache_info().currsize for parser in source.reader._parsers.values()]
    assert max(kept) == 10
