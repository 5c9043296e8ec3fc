"""Where the packaged knowledge is: in the wheel under ``_data``, in a checkout at its root."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .errors import DataError


@cache
def root() -> Path:
    """Give the folder that holds ``ontology/``, ``queries/`` and ``shapes/``."""
    packaged = Path(__file__).parent / "_data"
    if packaged.is_dir():
        return packaged
    checkout = Path(__file__).parents[2]
    if (checkout / "ontology" / "coproduction.ttl").is_file():
        return checkout
    raise DataError(
        f"the packaged ontology is neither in {packaged} nor in {checkout}: reinstall coproduction"
    )


def data_dir(name: str) -> Path:
    """Give the folder of one kind of knowledge.

    Args:
        name: ``ontology``, ``shapes``, ``queries`` or a folder below, such as ``queries/checks``.

    Raises:
        DataError: there is no such folder in this installation.
    """
    folder = root() / name
    if not folder.is_dir():
        raise DataError(f"the folder {folder} is missing: reinstall coproduction")
    return folder


def is_file(path: Path) -> bool:
    """Tell whether there is a file, also of a name that no file can have, such as a long text."""
    try:
        return path.is_file()
    except OSError:
        return False
