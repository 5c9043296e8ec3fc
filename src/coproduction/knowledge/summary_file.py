"""The file of a summary: N-Triples, behind a checksum and a head that says what they are of."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from ..resources import data_dir


def whole_text(path: Path | None) -> str | None:
    """Give the text of a summary that is as it was written, by the terms of this version."""
    text = text_as_written(path) if path else None
    if text is None:
        return None
    try:
        return text if head_of(text)["terms"] == terms_of_summary() else None
    except (IndexError, KeyError, TypeError, ValueError):
        return None


def head_of(text: str) -> dict[str, Any]:
    """Give what a summary is of: the checksum of its ``terms``, and its ``cubes``."""
    head: dict[str, Any] = json.loads(text.split("\n", 2)[1][2:])
    return head


def text_as_written(path: Path) -> str | None:
    """Give the text of a summary, or None where it is not what its first line says."""
    try:
        mark, _, rest = path.read_bytes().partition(b"\n")
        is_whole = mark == f"# {hashlib.sha256(rest).hexdigest()}".encode()
        return f"{mark.decode()}\n{rest.decode()}" if is_whole else None
    except (OSError, UnicodeDecodeError):
        return None


@cache
def terms_of_summary() -> str:
    """Give the checksum of the file that says what the terms of a summary mean."""
    return hashlib.sha256((data_dir("ontology") / "toolkit.ttl").read_bytes()).hexdigest()
