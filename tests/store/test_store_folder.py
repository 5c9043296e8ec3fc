"""The folder of a store: what it takes over, refuses, sweeps and leaves alone."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.cases.integrity import faults
from coproduction.cases.loading import load
from coproduction.cases.loads import unload
from coproduction.errors import DataError, NoStore
from coproduction.files.locks import Lock
from coproduction.knowledge.packaged import changing
from coproduction.names import GRAPH, PACKAGED_GRAPHS
from coproduction.store.embedded import EmbeddedStore
from coproduction.store.on_disk import open_folder

from ..cases.test_load import COLUMNS, GOOD, sheet
from ..conftest import Run
from ..reliability.sheets import states, write_sheet

CASES = "SELECT (COUNT(?c) AS ?n) WHERE { ?c a cop:Case }"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    load(write_sheet(tmp_path / "a.csv", 3, "a"), tmp_path / "store")
    return tmp_path / "store"


def cases(store: Path) -> int:
    return int(str(coproduction.open(store=store).query(CASES).rows[0]["n"]))


def listing(folder: Path) -> list[tuple[str, int, int]]:
    return sorted(
        (str(path.relative_to(folder)), path.lstat().st_mtime_ns, path.lstat().st_size)
        for path in (folder, *folder.rglob("*"))
    )


def as_of_old_version(store: Path, name: str = "current") -> None:
    """Give a store the layout of the versions before format 2."""
    (state,) = (store / "states").iterdir()
    (state / "data").rename(store / name)
    for each in ("states", "files"):
        shutil.rmtree(store / each)
    for each in ("state", "coproduction-store"):
        (store / each).unlink()


# -- what is a user's ---------------------------------------------------------------------------


def test_a_folder_that_is_no_store_is_refused_and_not_touched(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "own"
    (own / "next-year").mkdir(parents=True)
    (own / "old-reports").mkdir()
    (own / "old-reports" / "a.txt").write_text("mine")
    before = listing(own)
    path = str(write_sheet(tmp_path / "a.csv", 1, "a"))
    done = run("load", path, "--store", str(own))
    assert done.code == 2
    assert "own is not empty and is no store; nothing was touched" in done.err
    assert listing(own) == before


@pytest.mark.parametrize("name", ["next-2024", "old-7", "current", "lock", "notes.txt"])
def test_names_alone_make_no_store(tmp_path: Path, name: str) -> None:
    own = tmp_path / "own"
    own.mkdir()
    if "." in name or name == "lock":
        (own / name).write_text("mine")
    else:
        (own / name).mkdir()
        (own / name / "CURRENT").write_text("mine")
        (own / name / "notes.txt").write_text("mine")
    before = listing(own)
    with pytest.raises(DataError, match="no store; nothing was touched"):
        load(write_sheet(tmp_path / "a.csv", 1, "a"), own)
    assert listing(own) == before


def test_what_a_file_manager_leaves_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / ".DS_Store").write_bytes(b"x")
    assert load(write_sheet(tmp_path / "a.csv", 1, "a"), tmp_path / "store").loaded == 1


@pytest.mark.slow
def test_a_users_files_in_a_store_outlive_every_write(store: Path, tmp_path: Path) -> None:
    own = [
        store / "next-5" / "CURRENT",
        store / "old-reports" / "a.txt",
        store / "states" / "notes" / "a.txt",
        store / "states" / "99" / "a.txt",
        store / "files" / "mine.csv",
        store / "current" / "MANIFEST-000005",
        store / "todo.txt",
    ]
    for path in own:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    for number in range(3):
        load(write_sheet(tmp_path / f"{number}.csv", 1, f"n{number}"), store)
    unload(store, 1)
    assert [path.read_text() for path in own] == ["mine"] * len(own)
    assert cases(store) == 3


def test_a_link_in_the_place_of_the_lock_is_not_followed(store: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("mine")
    (store / "lock").unlink()
    (store / "lock").symlink_to(target)
    with pytest.raises(DataError, match="cannot be written"):
        load(write_sheet(tmp_path / "b.csv", 1, "b"), store)
    assert target.read_text() == "mine" and cases(store) == 3


# -- readers and writers ------------------------------------------------------------------------


@pytest.mark.slow
def test_nothing_grows(store: Path, tmp_path: Path) -> None:
    more = write_sheet(tmp_path / "b.csv", 2, "b")
    for _ in range(3):
        number = load(more, store).load
        assert number is not None
        unload(store, number)
    assert states(store) == ["6", "7"]
    assert len(list((store / "files").iterdir())) == 2, "one load lives, one is of the state left"
    with changing(store):
        pass
    assert len(list((store / "files").iterdir())) == 1


@pytest.mark.slow
def test_a_state_that_is_read_is_not_swept(store: Path, tmp_path: Path) -> None:
    held = open_folder(store)
    for number in range(3):
        load(write_sheet(tmp_path / f"{number}.csv", 1, f"n{number}"), store)
    assert states(store) == ["1", "3", "4"]
    assert sum(1 for _ in held.inner) == len(held.inner)
    del held
    load(write_sheet(tmp_path / "last.csv", 1, "last"), store)
    assert states(store) == ["4", "5"]


@pytest.mark.slow
def test_a_reader_of_a_state_being_swept_opens_the_next(store: Path, tmp_path: Path) -> None:
    load(write_sheet(tmp_path / "b.csv", 1, "b"), store)
    with Lock(store / "states" / "1" / "mark"):
        assert cases(store) == 4


@pytest.mark.slow
def test_what_a_kill_left_half_deleted_is_swept(store: Path, tmp_path: Path) -> None:
    for name, mark in (("7", None), ("8", ""), ("9", "A state of a coproduction store.\n")):
        (store / "states" / name).mkdir()
        if mark is not None:
            (store / "states" / name / "mark").write_text(mark)
    (store / "states" / "9" / "data").mkdir()
    (store / "states" / "9" / "data" / "CURRENT").write_text("x")
    (store / "states" / "9" / "data.tmp").mkdir()  # RocksDB begins a backup there
    (store / "states" / "9" / "data.tmp" / "000009.sst").write_text("x")
    load(write_sheet(tmp_path / "b.csv", 1, "b"), store)
    assert states(store) == ["1", "10"]


@pytest.mark.slow
@pytest.mark.first_load
def test_a_store_that_begins_as_a_copy_is_as_one_that_was_filled(
    tmp_path: Path, new_store: Path
) -> None:
    """Which is what all the quick tests of stores rest on."""
    load(write_sheet(tmp_path / "a.csv", 2, "a"), tmp_path / "filled")
    filled = open_folder(tmp_path / "filled")
    copied = EmbeddedStore(ox.Store.read_only(str(new_store)))
    for name in PACKAGED_GRAPHS:
        said = [
            ox.Dataset(store.statements(graph=ox.NamedNode(GRAPH + name)))
            for store in (filled, copied)
        ]
        for one in said:
            one.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        assert len(said[0]) > 0 and said[0] == said[1], name


@pytest.mark.slow
def test_a_first_load_that_was_killed_left_no_store(store: Path, tmp_path: Path) -> None:
    (store / "state").rename(store / "states" / "1" / "pointer")  # as before the last step
    with pytest.raises(DataError, match="there is no store; make one"):
        open_folder(store)
    assert load(write_sheet(tmp_path / "b.csv", 1, "b"), store).load == 1
    assert cases(store) == 1


def test_a_newer_format_is_refused_with_a_word(store: Path, tmp_path: Path) -> None:
    mark = store / "coproduction-store"
    mark.write_text(mark.read_text().replace("format: 2", "format: 3"))
    for use in (lambda: open_folder(store), lambda: unload(store, 1)):
        with pytest.raises(DataError, match="format 3, and this version knows formats up to 2"):
            use()


READ = """
import os, sys
from coproduction.store.on_disk import open_folder

def read():
    rows = open_folder(sys.argv[1]).query("SELECT (COUNT(?c) AS ?n) WHERE { ?c a cop:Case }")
    return next(rows)["n"].value

read()  # imports all that is needed
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    open(sys.argv[1] + "/try", "w")
except PermissionError:
    print(read())
"""


def read_without_rights(store: Path) -> str:
    """Read a store as one who may write nothing in it."""
    paths = [store, *store.rglob("*")]
    for path in store.parents:
        if path.stat().st_mode & 0o555 != 0o555:
            path.chmod(0o755)
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        words = [sys.executable, "-c", READ, str(store)]
        done = subprocess.run(words, capture_output=True, text=True)
    finally:
        for path in paths:
            path.chmod(0o755 if path.is_dir() else 0o644)
    return done.stdout.strip() or done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no rights of files by mode")
@pytest.mark.parametrize("layout", ["", "current", "old-7"])
@pytest.mark.sampled
def test_a_reader_needs_no_right_to_write_and_changes_nothing(store: Path, layout: str) -> None:
    if layout:
        as_of_old_version(store, layout)
    before = listing(store)
    assert read_without_rights(store) == "3"
    assert cases(store) == 3
    assert listing(store) == before


# -- stores of older versions -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["current", "old-31"])
@pytest.mark.slow
def test_a_store_of_an_older_version_is_read_and_written_on(
    store: Path, tmp_path: Path, name: str
) -> None:
    as_of_old_version(store, name)
    for left in ("next-12", "next-13.tmp"):
        shutil.copytree(store / name, store / left)
    before = listing(store / name)
    assert cases(store) == 3
    held = open_folder(store).inner
    assert load(write_sheet(tmp_path / "b.csv", 2, "b"), store).load == 2
    assert listing(store / name) == before, "whoever reads it by an older version goes on reading"
    assert cases(store) == 5 and len(held) < len(open_folder(store).inner)
    kept = json.loads((store / "states" / "1" / "loads.json").read_text())["loads"]
    assert [(each["number"], each["file"], len(each["files"])) for each in kept] == [
        (1, "a.csv", 0),
        (2, "b.csv", 1),
    ]
    unload(store, 1)
    left = sorted(path.name for path in store.iterdir())
    assert left == ["coproduction-store", "files", "lock", "state", "states"]
    assert cases(store) == 2 and not faults(store)


@pytest.mark.slow
def test_what_an_older_version_wrote_afterwards_is_not_deleted(
    store: Path, tmp_path: Path, run: Run
) -> None:
    as_of_old_version(store)
    unload(store, 1)
    old = ox.Store(str(store / "current"))
    old.add(ox.Quad(*[ox.NamedNode("https://example.org/x")] * 3, ox.DefaultGraph()))
    old.flush()
    del old
    load(write_sheet(tmp_path / "b.csv", 2, "b"), store)
    load(write_sheet(tmp_path / "c.csv", 2, "c"), store)
    assert (store / "current").is_dir()
    done = run("loads", "--check", "--store", str(store))
    assert done.code == 1 and "an older version of coproduction wrote there" in done.out


@pytest.mark.slow
def test_what_two_cases_say_of_one_organisation_is_counted_once(run: Run, tmp_path: Path) -> None:
    shared = {"provider": "Sun co-op; sun CO-OP", "provider_form": "parent co-op"}
    table = sheet(
        tmp_path / "a.csv", GOOD | shared, GOOD | shared | {"id": "b", "provider": "Sun co-op"},
        columns=COLUMNS + ",provider_form",
    )  # fmt: skip
    store = str(tmp_path / "store")
    assert run("load", str(table), "--store", store).code == 0
    outcome = run("loads", "--check", "--store", store)
    assert outcome.code == 0 and "whole" in outcome.out + outcome.err


@pytest.mark.slow
def test_a_hint_names_the_store_that_was_named(tmp_path: Path, run: Run) -> None:
    store = tmp_path / "my store"
    made = f"{store}: there is no store; make one with 'coproduction load FILE --store '{store}''\n"
    made = made if os.name != "nt" else made.replace(f"'{store}'", f'"{store}"')
    for command in (
        ["loads"],
        ["loads", "--check"],
        ["ask", "glass-ceiling"],
        ["evidence"],
        ["classify"],
        ["unload", "1"],
        ["code", str(tmp_path / "code.csv")],
        ["validate"],
        ["export"],
    ):
        told = run(*command, "--store", str(store))
        assert (told.code, told.err) == (2, f"coproduction: {made}"), command
        assert not store.exists(), "what only asks, or takes out, makes no store"
    path = str(write_sheet(tmp_path / "a.csv", 1, "a"))
    store = tmp_path / "store"
    run("load", path, "--store", str(store))
    again = run("load", path, "--store", str(store)).err
    assert f"'coproduction unload 1 --store {store}' first" in again
    none = run("unload", "7", "--store", str(store)).err
    assert f"there is no load 7; 'coproduction loads --store {store}' lists them" in none


def advised(error: pytest.ExceptionInfo[DataError]) -> str:
    """Give the folder that a message says a store can be made in, or is in."""
    found = re.search(r"folder of its own, (.+), with|store='(.+)'$", str(error.value))
    assert found, str(error.value)
    return next(filter(None, found.groups()))


@pytest.mark.slow
def test_what_is_advised_where_a_folder_holds_other_files_works(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    (folder / "store").mkdir(parents=True)
    (folder / "store" / "mine.txt").write_text("mine", encoding="utf-8")
    table = write_sheet(tmp_path / "a.csv", 1, "a")
    for place in (folder, table):
        with pytest.raises(
            DataError, match=r"there is no store; .*; make one in a folder"
        ) as error:
            open_folder(place)
        with pytest.raises(DataError):
            load(table, place)
        assert load(table, advised(error)).load == 1
        assert cases(Path(advised(error))) == 1


@pytest.mark.slow
def test_a_change_that_failed_is_tried_again_while_its_error_is_kept(tmp_path: Path) -> None:
    """As in a notebook, which keeps the last error, and with it all that the change held."""
    load(sheet(tmp_path / "a.csv", GOOD), tmp_path / "store")
    kept = []
    for _ in range(2):
        with pytest.raises(ZeroDivisionError) as error, changing(tmp_path / "store") as change:
            held = change.store  # noqa: F841
            raise ZeroDivisionError
        kept.append(error)
    more = sheet(tmp_path / "b.csv", GOOD | {"id": "b"})
    assert load(more, tmp_path / "store").loaded == 1
    assert len(kept) == 2


def test_a_folder_that_cannot_be_read_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path) -> object:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))

    (folder := tmp_path / "closed").mkdir()
    monkeypatch.setattr(Path, "iterdir", refuse)
    told = r"the folder cannot be read \(Permission denied\); make one in .*closed-store, with"
    with pytest.raises(NoStore, match=told):
        open_folder(folder)


def test_a_folder_within_that_may_not_be_looked_into_is_no_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "private").mkdir()
    asked = Path.is_file

    def refuse(self: Path) -> bool:
        if self.parent.name == "private":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))
        return asked(self)

    monkeypatch.setattr(Path, "is_file", refuse)
    with pytest.raises(NoStore, match="the folder holds other files"):
        open_folder(tmp_path)


def test_a_store_in_a_folder_that_was_named_for_it_is_pointed_to(tmp_path: Path) -> None:
    table = write_sheet(tmp_path / "a.csv", 1, "a")
    load(table, tmp_path / "project" / "cases")
    with pytest.raises(DataError, match="there is no store; there is one in it") as error:
        open_folder(tmp_path / "project")
    assert cases(Path(advised(error))) == 1
