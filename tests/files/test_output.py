"""What is written appears whole or not at all, and nothing of a person's is written over."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

import coproduction.files.output
from coproduction.cases.loading import load
from coproduction.cases.report import mark, write_report
from coproduction.cases.template import template
from coproduction.errors import DataError, NoSpace
from coproduction.export.case_sheet import write_cases
from coproduction.files.locks import Lock
from coproduction.files.output import check_outputs, check_writable, write_whole
from coproduction.store.on_disk import open_folder

from ..cases.test_load import GOOD, sheet
from ..conftest import Run
from ..tools import missing

unix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes, links or devices")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def shell(command: str) -> subprocess.CompletedProcess[str]:
    """Run a line of a shell in which $C is the command line."""
    return subprocess.run(
        ["/bin/sh", "-c", command],
        env=os.environ | {"C": f"{sys.executable} -m coproduction"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# -- in one step --------------------------------------------------------------------------------


def test_a_file_is_made_and_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    for text in (b"one", b"two"):
        write_whole(tmp_path / "a.ttl", text)
        assert (tmp_path / "a.ttl").read_bytes() == text
    write_whole(tmp_path / "b.ttl", lambda file: file.write(b"three"))
    assert (tmp_path / "b.ttl").read_bytes() == b"three"
    assert names(tmp_path) == ["a.ttl", "b.ttl"]


@pytest.mark.parametrize("before", [b"old", None])
def test_where_writing_fails_the_file_is_as_it_was(tmp_path: Path, before: bytes | None) -> None:
    path = tmp_path / "a.ttl"
    if before is not None:
        path.write_bytes(before)

    def content(file: IO[bytes]) -> None:
        file.write(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(NoSpace, match=r"a.ttl: cannot be written: no space left") as caught:
        write_whole(path, content)
    assert caught.value.exit_code == 3
    assert names(tmp_path) == (["a.ttl"] if before else [])
    assert before is None or path.read_bytes() == before


@pytest.mark.slow
@unix
def test_a_real_limit_of_size_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("old")
    done = shell(f"ulimit -f 8; $C export -o {path}")
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and "too large" in done.stderr
    assert names(tmp_path) == ["a.ttl"] and path.read_text() == "old"


@unix
def test_the_mode_is_kept_and_a_new_file_follows_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("old")
    path.chmod(0o640)
    write_whole(path, b"new")
    assert path.stat().st_mode & 0o777 == 0o640
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "b.ttl", b"new")
    finally:
        os.umask(before)
    assert (tmp_path / "b.ttl").stat().st_mode & 0o777 == 0o640


@unix
def test_a_link_stays_and_the_file_behind_it_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "a.ttl", tmp_path / "link.ttl"
    real.write_text("old")
    link.symlink_to(real)
    write_whole(link, b"new")
    assert link.is_symlink() and real.read_bytes() == b"new"
    dangling = tmp_path / "dangling.ttl"
    dangling.symlink_to(tmp_path / "real" / "b.ttl")
    write_whole(dangling, b"new", force=False)
    assert dangling.is_symlink() and (tmp_path / "real" / "b.ttl").read_bytes() == b"new"
    assert names(tmp_path / "real") == ["a.ttl", "b.ttl"]


@unix
def test_links_at_the_names_of_part_files_are_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / "a.ttl.part").symlink_to(victim)
    write_whole(tmp_path / "a.ttl", b"new")
    assert victim.read_text() == "mine" and (tmp_path / "a.ttl.part").is_symlink()
    # Even where somebody guesses the name: the file is made anew or not at all.
    monkeypatch.setattr(coproduction.files.output.secrets, "token_hex", lambda size: "0" * 2 * size)
    stem = coproduction.files.output._stem(tmp_path / "b.ttl")
    (tmp_path / f"{stem}{'0' * 16}.part").symlink_to(victim)
    with pytest.raises(DataError, match="cannot be written"):
        write_whole(tmp_path / "b.ttl", b"new")
    assert victim.read_text() == "mine" and not (tmp_path / "b.ttl").exists()


@unix
def test_what_a_killed_run_left_is_swept_and_only_that(tmp_path: Path) -> None:
    place = tmp_path / "a.ttl"
    stem = coproduction.files.output._stem(place)
    left, used = (tmp_path / f"{stem}{sign * 16}.part" for sign in "ab")
    others = [
        tmp_path / f"{stem}short.part",
        tmp_path / "a.ttl.part",
        tmp_path / f"{coproduction.files.output._stem(tmp_path / 'b.ttl')}{'c' * 16}.part",
    ]
    for path in (left, used, *others):
        path.write_text("part")
    with Lock(used, shared=True):
        write_whole(place, b"new")
        assert not left.exists() and used.exists()
    assert all(path.exists() for path in others)


@unix
@pytest.mark.slow
def test_devices_and_pipes_are_written_to(tmp_path: Path) -> None:
    write_whole("/dev/null", b"new")
    pipe = tmp_path / "pipe.ttl"
    os.mkfifo(pipe)
    done = shell(f"cat {pipe} & $C export --format nt -o {pipe}; wait")
    assert done.returncode == 0 and done.stdout.startswith("<") and pipe.is_fifo()
    done = shell(f"echo before > {tmp_path}/log; $C export -o /dev/stdout >> {tmp_path}/log")
    text = (tmp_path / "log").read_text()
    assert done.returncode == 0 and text.startswith("before\n@prefix"), text[:200]


@unix
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("$C ask glass-ceiling > /dev/full", 3),
        ("$C export > /dev/full", 3),
        ("$C export -o /dev/full", 3),
        ("$C --help > /dev/full", 3),
        ("$C show childcare > /dev/full", 3),
        ("$C query 'SELECT * { ?s ?p ?o }' --format json > /dev/full", 3),
    ],
)
@pytest.mark.sampled
def test_a_full_disk_is_told_in_a_line(command: str, code: int) -> None:
    if not Path("/dev/full").exists():
        missing("needs /dev/full, which Linux has")
    done = shell(command)
    assert done.returncode == code
    assert done.stderr.count("\n") == 1, done.stderr
    assert "cannot be written: no space left; free some and run it again" in done.stderr


@unix
def test_a_closed_or_full_stream_is_no_traceback() -> None:
    done = shell("$C ask glass-ceiling >&-")
    assert done.returncode == 3 and "Traceback" not in done.stderr
    assert done.stderr.startswith("coproduction: standard output: cannot be written")
    done = shell("$C ask no-such-question 2>&-")
    assert done.returncode == 2 and done.stdout == ""


def test_a_place_that_cannot_be_written_to(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="this is a folder"):
        check_writable(tmp_path)
    with pytest.raises(DataError, match="there is no folder"):
        check_writable(tmp_path / "no" / "a.ttl")
    with pytest.raises(DataError, match="cannot be written"):
        write_whole(tmp_path / "a\0b", b"")


# -- what a person fills in ---------------------------------------------------------------------


def test_a_file_that_appeared_meanwhile_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"

    def content(file: IO[bytes]) -> None:
        file.write(b"new")
        path.write_text("filled in")

    with pytest.raises(DataError, match="exists already; force=True replaces it"):
        write_whole(path, content, force=False)
    assert path.read_text() == "filled in" and names(tmp_path) == ["a.xlsx"]


def test_a_file_system_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(source: object, target: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(coproduction.files.output.os, "link", link)
    write_whole(tmp_path / "a.csv", b"new", force=False)
    assert (tmp_path / "a.csv").read_bytes() == b"new" and names(tmp_path) == ["a.csv"]
    with pytest.raises(DataError, match="exists already"):
        write_whole(tmp_path / "a.csv", b"newer", force=False)


@pytest.mark.slow
def test_sheets_that_people_fill_in_are_not_replaced(tmp_path: Path, run: Run) -> None:
    store = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", GOOD), store)
    filled = tmp_path / "filled.csv"
    filled.write_text("filled in")
    for words in (
        ("template", str(filled)),
        ("code", str(filled), "--store", str(store)),
        ("export", "--store", str(store), "--as", "cases", "-o", str(filled)),
    ):
        done = run(*words)
        assert done.code == 2 and done.err.count("\n") == 1
        assert f"{filled}: exists already; --force replaces it" in done.err
        assert filled.read_text() == "filled in"
        assert run(*words, "--force").code == 0
        assert filled.read_text() != "filled in"
        filled.write_text("filled in")


@pytest.mark.slow
def test_nothing_is_loaded_where_the_marked_sheet_exists(tmp_path: Path, run: Run) -> None:
    bad = sheet(tmp_path / "a.csv", GOOD, GOOD | {"id": "b", "country": "Atlantis"})
    marked, store = tmp_path / "marked.xlsx", tmp_path / "store"
    marked.write_text("filled in")
    words = ("load", str(bad), "--store", str(store), "--marked", str(marked))
    done = run(*words)
    assert done.code == 2 and "exists already; --force replaces it" in done.err
    assert marked.read_text() == "filled in" and not store.exists()
    assert run(*words, "--force").code == 1
    assert marked.read_bytes()[:2] == b"PK"


@pytest.mark.slow
def test_the_same_from_python(tmp_path: Path) -> None:
    source = sheet(tmp_path / "a.csv", GOOD)
    load(source, tmp_path / "store")
    kept = tmp_path / "kept.xlsx"
    kept.write_text("filled in")
    store = open_folder(tmp_path / "store")
    for refused in (
        lambda **how: template(kept, **how),
        lambda **how: write_cases(store, kept, **how),
        lambda **how: mark(source, kept, [], **how),
    ):
        with pytest.raises(DataError, match=r"exists already.*force=True"):
            refused()
        assert kept.read_text() == "filled in"
        refused(force=True)
        assert kept.read_bytes()[:2] == b"PK"
        kept.write_text("filled in")
    report = tmp_path / "report.csv"
    report.write_text("old")
    write_report(report, [])
    assert report.read_text(encoding="utf-8-sig").startswith("problem,")


# -- an output is no input ----------------------------------------------------------------------


def test_an_output_is_never_an_input(tmp_path: Path, run: Run, public_high_case: Path) -> None:
    table = sheet(tmp_path / "a.csv", GOOD)
    text = table.read_bytes()
    store = tmp_path / "store"
    hard, soft = tmp_path / "hard.csv", tmp_path / "soft.csv"
    os.link(table, hard)
    soft.symlink_to(table)
    mapping = tmp_path / "my.toml"
    mapping.write_text('title = "x"\n')
    data = str(public_high_case)
    for words in (
        *(("load", str(table), "--store", str(store), "--report", str(p)) for p in (table, hard, soft)),
        ("load", str(table), "--store", str(store), "--marked", str(table), "--force"),
        ("load", str(table), "--store", str(store), "--report", str(store / "current" / "r.csv")),
        ("load", str(table), "--store", str(store), "--as", str(mapping), "--marked", str(mapping), "--force"),
        ("load", str(table), "--store", str(store), "--report", f"{tmp_path}/r.csv", "--marked", f"{tmp_path}/r.csv"),
        ("export", "--data", data, "-o", data),
        ("picture", "diagram", "--data", data, "-o", data),
        ("link", str(table), "--to", data, "-o", data),
        ("link", str(table), "--to", data, "-o", str(table)),
    ):  # fmt: skip
        done = run(*words)
        assert done.code == 2 and done.err.count("\n") == 1, (words, done.err)
    assert table.read_bytes() == text and not store.exists()
    load(table, store)
    done = run("code", str(store / "x.xlsx"), "--store", str(store))
    assert done.code == 2 and "inside the store" in done.err
    done = run("export", "--store", str(store), "-o", str(store / "x.ttl"))
    assert done.code == 2 and "inside the store" in done.err


def test_an_input_read_from_a_device_may_be_written_to() -> None:
    check_outputs([os.devnull, None, "-"], [os.devnull, "-"])


def test_the_packaged_files_are_inputs(tmp_path: Path) -> None:
    from coproduction.resources import data_dir

    with pytest.raises(DataError, match="part of coproduction"):
        check_outputs([data_dir("ontology") / "coproduction.ttl"], [])
