"""Damaged stores: what is told, and how a store is built again from its loads."""

from __future__ import annotations

import csv
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest

import coproduction
from coproduction.cases.integrity import faults
from coproduction.cases.loading import load
from coproduction.cases.loads import unload
from coproduction.cases.mapping_files import find_mapping
from coproduction.cases.mappings import Mapping
from coproduction.cases.reading import Reading
from coproduction.cases.rebuild import rebuild
from coproduction.errors import CoproductionError, DamagedStore, DataError
from coproduction.knowledge.packaged import changing
from coproduction.reasoning.inference import classify
from coproduction.store.on_disk import open_folder

from ..conftest import Run
from ..reliability.sheets import ROW, content, write_sheet
from ..tools import first_quick
from .test_store_folder import as_of_old_version, cases

TOLD = "{}: the store is damaged: {}; its loads can be built again: 'coproduction rebuild {} --store NEW'"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two loads; tests do not change it."""
    folder = tmp_path_factory.mktemp("whole")
    load(write_sheet(folder / "a.csv", 100, "a"), folder / "store")
    load(write_sheet(folder / "b.csv", 2, "b"), folder / "store")
    return folder / "store"


@pytest.fixture
def store(whole: Path, tmp_path: Path) -> Path:
    """A copy of it, to be damaged."""
    return Path(shutil.copytree(whole, tmp_path / "store", symlinks=True))


def tables(store: Path) -> list[Path]:
    """The tables of the database, the largest last; what it tidies up later is none of them."""
    folder = store / (store / "state").read_text().strip() / "data"
    with tempfile.TemporaryDirectory() as made:
        ox.Store.read_only(str(folder)).backup(str(copy := Path(made) / "copy"))
        found = [folder / path.name for path in copy.glob("*.sst")]
    return sorted(found, key=lambda path: path.stat().st_size)


def flip(path: Path) -> None:
    """Change bytes of a file's blocks, by a new file: states share tables by hard links."""
    content = bytearray(path.read_bytes())
    for place in range(100, len(content) * 3 // 4, 700):
        content[place] ^= 0xFF
    path.unlink()
    path.write_bytes(content)


def cut(path: Path) -> None:
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[: len(content) // 2])


def data(store: Path, name: str) -> Path:
    return next(tables(store)[0].parent.glob(name))


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    # All of them: which a query needs depends on what the database has tidied up by then.
    "cut tables": (
        lambda store: [cut(table) for table in tables(store)],
        ".sst was cut or changed",
    ),
    "lost tables": (lambda store: [table.unlink() for table in tables(store)], ".sst is missing"),
    "a lost CURRENT": (lambda store: data(store, "CURRENT").unlink(), "CURRENT is missing"),
    "a foreign CURRENT": (
        lambda store: data(store, "CURRENT").write_text("MANIFEST-999999\n"),
        "MANIFEST-999999 is missing",
    ),
    "a CURRENT of other words": (lambda store: data(store, "CURRENT").write_text("hello"), ""),
    "a lost MANIFEST": (lambda store: data(store, "MANIFEST-*").unlink(), " is missing"),
    "a changed MANIFEST": (lambda store: flip(data(store, "MANIFEST-*")), ""),
    "a lost state": (lambda store: shutil.rmtree(tables(store)[0].parents[1]), ""),
    "a pointer to nowhere": (lambda store: (store / "state").write_text("states/77\n"), ""),
    "a pointer of other words": (
        lambda store: (store / "state").write_text("../../etc\n"),
        "the file 'state' names no state",
    ),
    "a lost pointer": (lambda store: (store / "state").unlink(), "the file 'state' is missing"),
}


@pytest.mark.parametrize("damage", first_quick(DAMAGES))
@pytest.mark.slow
@pytest.mark.one_in(4)
def test_damage_is_told_in_a_line_and_the_store_is_built_again(
    store: Path, tmp_path: Path, run: Run, damage: str
) -> None:
    before = content(store)
    harm, words = DAMAGES[damage]
    harm(store)
    more = str(write_sheet(tmp_path / "c.csv", 1, "c"))
    for command in (
        ["query", "SELECT ?c WHERE { ?c a cop:Case }", "--store", str(store)],
        ["load", more, "--store", str(store)],
        ["unload", "1", "--store", str(store)],
    ):
        done = run(*command)
        assert done.code == 2 and done.err.count("\n") == 1, (command, done.out, done.err)
        assert f"coproduction: {store}: the store is damaged: " in done.err and words in done.err
        assert done.err.rstrip().endswith(TOLD.format("", "", store)[-40 - len(str(store)) :])
    done = run("loads", "--check", "--store", str(store))
    assert done.code == 1 and "the store is damaged" in done.out
    new = tmp_path / "new"
    done = run("rebuild", str(store), "--store", str(new))
    assert "load 1 (a.csv): 100 rows loaded again" in done.err
    if damage == "a lost state":  # and with it the list that says how b.csv was loaded
        assert cases(new) == 100 and done.code == 1
        assert ".csv: no list says how it was loaded" in done.err
        return
    assert "load 2 (b.csv): 2 rows loaded again" in done.err
    assert content(new) == before, "the same statements in every graph"


@pytest.mark.slow
def test_changed_bytes_are_told_when_a_query_comes_to_them(
    store: Path, tmp_path: Path, run: Run
) -> None:
    for table in tables(store):
        flip(table)
    query = "SELECT ?s ?p ?o WHERE { ?s ?p ?o }"
    done = run("query", query, "--store", str(store))
    assert done.code == 2 and done.err.count("\n") == 1
    assert f"{store}: the store is damaged: " in done.err and ".sst was cut or changed" in done.err
    with pytest.raises(CoproductionError, match="the store is damaged"):
        coproduction.open(store=store).query("SELECT (COUNT(*) AS ?n) WHERE { ?s cop:x ?o }")
        sum(1 for _ in open_folder(store).query(query))
    assert run("loads", "--check", "--store", str(store)).code == 1
    assert all(restored.is_whole for restored in rebuild(store, tmp_path / "new"))


@pytest.mark.parametrize("harm", [cut, Path.unlink], ids=["cut", "lost"])
@pytest.mark.slow
def test_the_check_of_all_finds_each_table_that_is_damaged(
    whole: Path, tmp_path: Path, harm: Callable[[Path], object]
) -> None:
    names = [table.name for table in tables(whole)]
    assert len(names) > 5
    for name in names:
        store = Path(shutil.copytree(whole, tmp_path / name, symlinks=True))
        harm(next(table for table in tables(store) if table.name == name))
        assert faults(store), name


@pytest.mark.slow
def test_a_whole_store_is_said_to_be_whole(store: Path, run: Run) -> None:
    done = run("loads", "--check", "--store", str(store))
    assert (done.code, done.out) == (0, f"{store}: whole\n")


@pytest.mark.slow
def test_what_the_lists_say_is_held_against_what_is_there(store: Path) -> None:
    state = store / "states" / "2"
    ox_store = ox.Store(str(state / "data"))
    first = ox.NamedNode("https://w3id.org/coproduction/graph/load/1")
    ox_store.remove(next(ox_store.quads_for_pattern(None, None, None, first)))
    ox_store.flush()
    del ox_store
    kept = sorted((store / "files").iterdir(), key=lambda path: path.stat().st_size)
    kept[0].write_text("other")
    told = faults(store)
    assert len(told) == 2
    assert "load 1 (a.csv)" in told[0] and "statements are there" in told[0]
    assert told[1] == "load 2 (b.csv): its kept file b.csv was cut or changed"
    kept[0].unlink()
    assert faults(store)[1] == "load 2 (b.csv): its kept file b.csv: No such file or directory"


@pytest.mark.parametrize(
    "text", first_quick(["", "{}", "[1]", '{"format": 1, "loads": [{}], "reasoner": 0}'])
)
@pytest.mark.slow
def test_a_list_of_loads_that_cannot_be_read(store: Path, tmp_path: Path, text: str) -> None:
    (store / "states" / "2" / "loads.json").write_text(text)
    assert cases(store) == 102, "who asks does not need it"
    with pytest.raises(DamagedStore, match=r"loads\.json was cut or changed"):
        unload(store, 1)
    assert "loads.json was cut or changed" in faults(store)[0]
    told = list(rebuild(store, tmp_path / "new"))
    assert "the list of state 1 was used" in told[0].told
    assert [each.is_whole for each in told] == [False, True, True]
    assert "100 rows loaded again" in told[1].told and "copied as they are" in told[2].told
    assert not faults(tmp_path / "new")


@pytest.mark.slow
def test_every_index_is_read(store: Path) -> None:
    ox.Store.read_only(str(tables(store)[0].parent)).backup(str(store.with_name("live")))
    large = [path for path in store.with_name("live").glob("*.sst") if path.stat().st_size > 20_000]
    assert len(large) > 6, "one for each index, and the texts"
    for table in large:
        copy = store.with_name("copy")
        shutil.copytree(store, copy)
        flip(next(path for path in tables(copy) if path.name == table.name))
        assert table.name in faults(copy)[0]
        shutil.rmtree(copy)


@pytest.mark.slow
def test_the_list_of_graphs_is_read(store: Path) -> None:
    """It is an index that no statement is found by, a few hundred bytes long."""
    small = [path for path in tables(store) if path.stat().st_size < 3_000]
    assert small
    for table in small:
        copy = store.with_name("copy")
        shutil.copytree(store, copy)
        path = next(path for path in tables(copy) if path.name == table.name)
        content = bytearray(path.read_bytes())
        content[0] ^= 0xFF
        path.write_bytes(content)
        assert any(table.name in told for told in faults(copy)), table.name
        shutil.rmtree(copy)


# -- building again -----------------------------------------------------------------------------


@pytest.mark.slow
def test_loads_are_made_again_as_they_were_read(tmp_path: Path) -> None:
    store, new = tmp_path / "store", tmp_path / "new"
    own = tmp_path / "mine.toml"
    columns = "".join(f'{key} = "{key}"\n' for key in ROW if key != "title")
    own.write_text(
        f'title = "Mine"\n[columns]\n{columns}"what.name" = "title"\nno = "id"\n'
        '[[join]]\nfile = "what.csv"\ncolumn = "no"\nkey = "no"\ntake = ["name"]\n'
    )
    table = write_sheet(tmp_path / "own.csv", 2, "x")
    table.write_text(table.read_text().replace("id,title", "no,other", 1))
    (tmp_path / "what.csv").write_text("no,name\nx-0,First\nx-1,Second\n")
    mapping = find_mapping(str(own))
    base = "https://example.org/mine/"
    assert (
        load(table, store, Reading(mapping=mapping, base=base, defaults={"place": "X"})).loaded == 2
    )
    load(write_sheet(tmp_path / "a.csv", 3, "a"), store)
    load(write_sheet(tmp_path / "gone.csv", 3, "g"), store)
    load(write_sheet(tmp_path / "b.csv", 2, "a", "Another"), store, replace=True)
    unload(store, 3)
    classify(store)
    before = content(store)
    for path in (own, table, tmp_path / "what.csv", tmp_path / "a.csv"):
        path.unlink()
    told = list(rebuild(store, new))
    assert [each.what for each in told] == [
        "load 1 (own.csv)",
        "load 2 (a.csv)",
        "load 4 (b.csv)",
        "the inferred graph",
    ]
    assert all(each.is_whole for each in told), told
    assert content(new) == before and not faults(new)
    times = """
        SELECT ?n ?t
        WHERE { ?l dcterms:identifier ?n ; prov:wasGeneratedBy/prov:endedAtTime ?t }
        ORDER BY ?n
        """
    kept, made = (coproduction.open(store=each).query(times).rows for each in (store, new))
    assert kept == made


@pytest.mark.slow
def test_what_cannot_be_restored_is_named(store: Path, tmp_path: Path, run: Run) -> None:
    mapping = Mapping("python", "Made in Python", columns={key: key for key in ("id", *ROW)})
    load(write_sheet(tmp_path / "c.csv", 2, "c"), store, Reading(mapping=mapping))
    with changing(store) as change:
        node = ox.NamedNode("https://example.org/own")
        change.store.inner.add(ox.Quad(node, node, node, node))
    (lost,) = (path for path in (store / "files").iterdir() if path.stat().st_size > 5000)
    lost.write_text("other")
    done = run("rebuild", str(store), "--store", str(tmp_path / "new"))
    assert done.code == 1
    lines = done.err.splitlines()
    assert (
        "statements copied as they are, and without the file to load it again: its kept" in lines[0]
    )
    assert lines[1] == "load 2 (b.csv): 2 rows loaded again"
    assert "copied as they are: its mapping python was made in Python" in lines[2]
    assert (
        lines[3]
        == "the graph <https://example.org/own>: left out: it comes from no load and no update"
    )
    assert cases(tmp_path / "new") == 104 and not faults(tmp_path / "new")
    for table in tables(store):
        flip(table)
    done = run("rebuild", str(store), "--store", str(tmp_path / "second"))
    assert done.code == 1
    assert done.err.splitlines()[0].startswith("load 1 (a.csv): lost: its kept file a.csv was cut")


@pytest.mark.parametrize("harm", ["missing", "changed"])
@pytest.mark.slow
def test_a_load_whose_file_is_lost_is_not_as_it_was(
    store: Path, tmp_path: Path, run: Run, harm: str
) -> None:
    (lost,) = (path for path in (store / "files").iterdir() if path.stat().st_size > 5000)
    if harm == "missing":
        lost.unlink()
    else:
        lost.write_text("other")
    done = run("rebuild", str(store), "--store", str(tmp_path / "new"))
    assert done.code == 1
    assert "load 1 (a.csv): " in done.err and "without the file to load it again" in done.err
    assert cases(tmp_path / "new") == 102 and not faults(tmp_path / "new")


@pytest.mark.slow
def test_what_is_copied_keeps_its_files(store: Path, tmp_path: Path, run: Run) -> None:
    mapping = Mapping("python", "Made in Python", columns={key: key for key in ("id", *ROW)})
    load(write_sheet(tmp_path / "c.csv", 2, "c"), store, Reading(mapping=mapping))
    assert run("rebuild", str(store), "--store", str(tmp_path / "new")).code == 0
    kept = [
        sorted(path.name for path in (each / "files").iterdir())
        for each in (store, tmp_path / "new")
    ]
    assert kept[0] == kept[1] and len(kept[0]) == 3
    assert not faults(tmp_path / "new")


@pytest.mark.slow
def test_the_number_of_a_load_is_given_once(store: Path, tmp_path: Path) -> None:
    """It stands in the IRIs of what is known of a load, which others may have noted down."""
    unload(store, 2)
    more = [write_sheet(tmp_path / f"{name}.csv", 1, name) for name in "cdef"]
    assert load(more[0], store).load == 3
    unload(store, 3)
    unload(store, 1)
    assert load(more[1], store).load == 4
    unload(store, 4)
    new = tmp_path / "new"
    assert not [each for each in rebuild(store, new) if not each.is_whole]
    assert load(more[2], new).load == 5
    assert load(more[2], store).load == 5
    # a list of an earlier version does not say it: the loads that are there do
    listed = store / (store / "state").read_text().strip() / "loads.json"
    listed.write_text(listed.read_text().replace('"last": 5,', ""))
    assert load(more[3], store).load == 6


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_sheet_for_one_run_is_not_taken_for_a_load(
    store: Path, tmp_path: Path, ending: str
) -> None:
    path = write_sheet(tmp_path / "own.csv", 1, "own")
    if ending == ".xlsx":
        book = openpyxl.Workbook()
        for row in csv.reader(path.read_text(encoding="utf-8").splitlines()):
            book.active.append(row)
        path = tmp_path / "own.xlsx"
        book.save(path)
    kg = coproduction.open(data=path, store=store)
    found = kg.query(
        "SELECT DISTINCT ?g { GRAPH ?g { ?c a cop:Case ; rdfs:label ?l } "
        "FILTER(CONTAINS(STR(?c), 'own')) }"
    ).rows
    assert [str(row["g"]).rpartition("/")[2] for row in found] == ["3"]


def test_a_file_for_one_run_is_not_taken_for_a_load(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "own.ttl"
    path.write_text("<https://example.org/own> <https://example.org/is> 'mine' .")
    kg = coproduction.open(data=[path, path], store=store)
    (first, second) = (
        row["g"]
        for row in kg.query(
            "SELECT ?g { GRAPH ?g { <https://example.org/own> ?p ?o } } ORDER BY ?g"
        ).rows
    )
    assert [str(each).rpartition("/")[2] for each in (first, second)] == ["3", "4"]


@pytest.mark.slow
def test_a_load_that_later_changes_had_changed_is_told(store: Path, tmp_path: Path) -> None:
    load(write_sheet(tmp_path / "c.csv", 1, "b", "Another"), store, replace=True)
    unload(store, 3)  # what it had replaced in load 2 does not come back, but does when built again
    told = list(rebuild(store, tmp_path / "new"))
    assert [each.is_whole for each in told] == [True, True, False]
    assert told[2].what == "load 2 (b.csv)" and "statements now, and had" in told[2].told


@pytest.mark.slow
def test_a_store_of_an_older_version_is_copied(tmp_path: Path) -> None:
    store = tmp_path / "store"
    load(write_sheet(tmp_path / "a.csv", 3, "a"), store)
    classify(store)
    before = content(store)
    shutil.rmtree(store / "states" / "1")
    as_of_old_version(store)
    told = list(rebuild(store, tmp_path / "new"))
    assert "its file was not kept by the version that loaded it" in told[0].told
    assert content(tmp_path / "new") == before
    assert (store / "current").is_dir() and not (store / "state").exists()


def test_a_store_is_built_in_a_new_folder_alone(store: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    for wrong in (store, tmp_path / "a.csv"):
        with pytest.raises(DataError, match="name a new or an empty folder"):
            list(rebuild(store, wrong))
    with pytest.raises(DataError, match="nothing that a store could be built from"):
        list(rebuild(tmp_path / "nowhere", tmp_path / "new"))
    assert not (tmp_path / "new").exists()


@pytest.mark.slow
def test_a_file_that_is_changed_while_it_is_read_is_not_loaded(store: Path, tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "c.csv", 2, "c")

    def change(rows: int, share: float | None) -> None:
        os.utime(path)
        path.write_text(path.read_text() + "\n")

    source = write_sheet(tmp_path / "many.csv", 3000, "m")
    path = source
    with pytest.raises(DataError, match="changed while it was read; nothing was loaded"):
        load(source, store, Reading(progress=change))
    assert cases(store) == 102
