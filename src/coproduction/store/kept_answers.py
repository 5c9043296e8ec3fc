"""Answers that take long, kept beside the state of a store on disk that they were made of.

A state is never changed (:mod:`.disk_layout`), so what is kept beside it is true as long as it is
there, and is swept with it: each change makes another state, which has none. An answer is named by
what was asked and by a checksum of all that this package is made of, so that no other version of
it, nor another text of a claim, ever gives it. Who may not write there, or finds a file that is not
as it was written, makes the answer anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from ..resources import root
from .disk_layout import ANSWERS
from .protocol import Store

_MADE_OF: Final = {".json", ".mo", ".po", ".py", ".rq", ".ru", ".toml", ".tsv", ".ttl"}
"""Endings of files on which an answer can rest."""


def read_answer(store: Store, asked: str) -> Any:
    """Give an answer that was kept, as JSON has it, or None where there is none.

    Args:
        store: what is asked.
        asked: what, in words of the caller's that tell it from all else that is kept.
    """
    path = _path(store, asked)
    if path is None:
        return None
    try:
        mark, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return json.loads(content) if mark == _checksum(content) else None


def keep_answer(store: Store, asked: str, answer: object) -> None:
    """Keep an answer beside the state of a store, where it has one and may be written to.

    Args:
        store: what was asked.
        asked: as in :func:`read_answer`.
        answer: what JSON can hold.
    """
    path = _path(store, asked)
    if path is None:
        return
    content = json.dumps(answer, ensure_ascii=False).encode()
    begun = path.with_name(f"{path.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        with begun.open("xb") as file:
            file.write(_checksum(content) + b"\n" + content)
        begun.replace(path)


def _path(store: Store, asked: str) -> Path | None:
    folder: Path | None = getattr(store, "state_folder", None)
    if folder is None:
        return None
    name = hashlib.sha256(f"{_checksum_of_package()}\n{asked}".encode()).hexdigest()
    return folder / f"{ANSWERS}{name}"


def _checksum_of_package() -> str:
    """Give a checksum of the code and the data of this package, and of the engine's version."""
    said = hashlib.sha256(ox.__version__.encode())
    code = Path(__file__).parents[1]
    for folder in (code, *(root() / name for name in ("ontology", "queries", "shapes"))):
        for path in sorted(folder.rglob("*")):
            if path.suffix in _MADE_OF:
                content = path.read_bytes()
                said.update(f"{path.relative_to(folder)} {len(content)}\n".encode() + content)
    return said.hexdigest()


def _checksum(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
