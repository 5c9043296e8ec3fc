"""Scratch folders go with their run; those of killed runs go at the next, and no others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from coproduction.files.scratch import scratch

HOLDING = (
    "import sys, time; from coproduction.files.scratch import scratch\n"
    "with scratch() as folder:\n"
    "    (folder / 'part').mkdir(); (folder / 'part' / 'x').write_text('x')\n"
    "    print(folder, flush=True); time.sleep(60)\n"
)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of the system's that is this test's own."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def held() -> tuple[subprocess.Popen[str], Path]:
    child = subprocess.Popen([sys.executable, "-c", HOLDING], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    return child, Path(child.stdout.readline().strip())


def end(child: subprocess.Popen[str], number: int) -> None:
    child.send_signal(number)
    child.wait(timeout=20)
    assert child.stdout is not None
    child.stdout.close()


def test_a_folder_is_ones_own_and_goes(root: Path) -> None:
    with scratch() as folder, scratch() as other:
        assert folder.parent == root and folder != other
        assert folder.name.startswith("coproduction-")
        if os.name != "nt":
            assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "x").write_text("x")
    assert list(root.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_the_folder_of_a_killed_run_is_swept_at_the_next(root: Path) -> None:
    killed, left = held()
    living, used = held()
    assert left.parent == root
    end(killed, signal.SIGKILL)
    assert (left / "part" / "x").exists()
    with scratch() as folder:
        assert not left.exists(), "its run is gone"
        assert (used / "part" / "x").exists(), "its run lives"
        assert folder.exists()
    end(living, signal.SIGKILL)
    with scratch():
        assert not used.exists()


def test_only_what_carries_our_mark_is_swept(root: Path) -> None:
    mine = [
        root / name for name in ("coproduction-x", "coproduction-abcdefgh", "coproduction-notes")
    ]
    for folder in mine:
        folder.mkdir()
        (folder / "thesis.txt").write_text("mine")
    if os.name != "nt":
        elsewhere = root / "elsewhere"
        elsewhere.mkdir()
        (elsewhere / ".coproduction-scratch").write_text("")
        (root / "coproduction-linklink").symlink_to(elsewhere)
        (root / "coproduction-abcdefgh" / ".coproduction-scratch").symlink_to(elsewhere / "x")
    with scratch():
        assert all((folder / "thesis.txt").read_text() == "mine" for folder in mine)
        assert os.name == "nt" or (elsewhere / ".coproduction-scratch").exists()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="Windows has no owners by number")
def test_the_folder_of_another_user_is_left(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = root / "coproduction-abcdefgh"
    left.mkdir()
    (left / ".coproduction-scratch").write_text("")
    own = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: own + 1)
    with scratch():
        assert left.exists()
    monkeypatch.setattr(os, "getuid", lambda: own)
    with scratch():
        assert not left.exists()
