"""What pages run in a browser that is not ours: it was fetched when this was built, or lacks."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

from ..resources import root

EDITOR: Final = "@zazuko/yasqe"
"""Edits a query."""
NETWORK: Final = "cytoscape"
"""Draws a network."""
ENGINE: Final = "oxigraph"
"""Answers queries in a browser."""
_FOLDER: Final = "npm"


def libraries() -> list[str]:
    """Give the files that were fetched, as they stand below ``static``."""
    static = Path(str(files(__package__).joinpath("static")))
    found = (static / _FOLDER).rglob("*")
    return sorted(each.relative_to(static).as_posix() for each in found if each.is_file())


def to_fetch() -> str:
    """Give what is to be done for what a page lacks, where it can be: in a checkout; else nothing.

    A wheel has what it was built with.
    """
    lacking = [name for name in (EDITOR, NETWORK, ENGINE) if not is_fetched(name)]
    if not lacking or not (root() / "browser" / "package.json").is_file():
        return ""
    return (
        "the editor of queries, the drawn network and the answers of a site of files lack what "
        "'make scripts' fetches with npm"
    )


def is_fetched(library: str) -> bool:
    """Tell whether a library is there."""
    return any(each.startswith(f"{_FOLDER}/{library}/") for each in libraries())
