"""What pages run in a browser that is not ours: it was fetched when this was built, or lacks."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

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


def is_fetched(library: str) -> bool:
    """Tell whether a library is there."""
    return any(each.startswith(f"{_FOLDER}/{library}/") for each in libraries())
