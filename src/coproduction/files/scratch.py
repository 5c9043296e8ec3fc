"""Scratch folders: each is one run's own, and those of killed runs are swept at the next.

A folder is known as ours by the mark in it, which the run holds locked while it lives; what only
has a name like ours is never touched.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from .locks import InUse, Lock

_PREFIX: Final = "coproduction-"
_NAME: Final = re.compile(re.escape(_PREFIX) + r"[a-z0-9_]{8}")
_MARK: Final = ".coproduction-scratch"


@contextlib.contextmanager
def scratch(within: Path | None = None) -> Iterator[Path]:
    """Give a folder of this run's own, which nobody else may read; it goes when the block ends.

    Args:
        within: the folder that it stands in; by default the system's for such.
    """
    _sweep(within or Path(tempfile.gettempdir()))
    folder, lock = _begin(within)
    try:
        yield folder
    finally:
        lock.release()  # Windows deletes no open file
        shutil.rmtree(folder, ignore_errors=True)


def _begin(within: Path | None) -> tuple[Path, Lock]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=within))
        try:
            return folder, Lock(folder / _MARK, create=True)
        except InUse:  # another run met the mark before it was locked, and sweeps the folder
            continue


def _sweep(root: Path) -> None:
    """Take away the folders of runs that have ended without doing so."""
    with contextlib.suppress(OSError), os.scandir(root) as entries:
        # A folder that cannot be looked at or taken away hinders no run.
        for entry in entries:
            if _NAME.fullmatch(entry.name) and _is_own(entry):
                with contextlib.suppress(OSError):
                    _sweep_one(Path(entry.path))


def _is_own(entry: os.DirEntry[str]) -> bool:
    with contextlib.suppress(OSError):
        found = entry.stat(follow_symlinks=False)
        return entry.is_dir(follow_symlinks=False) and (
            not hasattr(os, "getuid") or found.st_uid == os.getuid()
        )
    return False


def _sweep_one(folder: Path) -> None:
    mark = folder / _MARK
    if mark.is_symlink() or not mark.is_file():
        return
    with contextlib.suppress(InUse), Lock(mark) as lock:
        for inner in folder.iterdir():
            if inner.is_dir() and not inner.is_symlink():
                shutil.rmtree(inner, ignore_errors=True)
            elif inner != mark:
                inner.unlink()
        if os.name == "nt":
            lock.release()
        mark.unlink()  # the last: a folder that is left half swept is still known as ours
        folder.rmdir()
