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
import tempfile
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from ..resources import root
from ..version import __version__
from .disk_layout import ANSWERS
from .protocol import Store

_MADE_OF: Final = {".json", ".mo", ".po", ".py", ".rq", ".ru", ".toml", ".tsv", ".ttl"}
"""Endings of files on which an answer can rest."""


class KeptAnswer:
    """An answer that is kept, or may be, beside the state of a store.

    Args:
        store: what is asked.
        asked: what, in words of the caller's that tell it from all else that is kept, with the
            texts that it read of files before.
    """

    def __init__(self, store: Store, asked: str) -> None:
        self._store, self._asked = store, asked
        self._path = self._named()

    def read(self) -> Any:
        """Give the answer as JSON has it, or None where none is kept."""
        if self._path is None:
            return None
        try:
            mark, _, content = self._path.read_bytes().partition(b"\n")
        except OSError:
            return None
        return json.loads(content) if mark == _checksum(content) else None

    def keep(self, answer: object) -> None:
        """Keep an answer, where the store has a state that may be written to.

        It is not kept where a file of this package is another than before it was found.

        Args:
            answer: what JSON can hold.
        """
        path = self._path
        if path is None or path != self._named():
            return
        content = json.dumps(answer, ensure_ascii=False).encode()
        with contextlib.suppress(OSError):
            number, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
            begun = Path(name)
            try:
                with os.fdopen(number, "wb") as file:
                    file.write(_checksum(content) + b"\n" + content)
                begun.replace(path)
            except OSError:
                begun.unlink()

    def _named(self) -> Path | None:
        folder: Path | None = getattr(self._store, "state_folder", None)
        if folder is None:
            return None
        # The version is that of the code which runs; an upgrade under it changes the files alone.
        said = f"{__version__}\n{_checksum_of_package()}\n{self._asked}"
        return folder / f"{ANSWERS}{hashlib.sha256(said.encode()).hexdigest()}"


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
