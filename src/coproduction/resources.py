"""Where the packaged knowledge is: in the wheel under ``_data``, in a checkout at its root.

The graphs begin to be read by this before anything else is there (:mod:`.store.begun`), so pathlib
and the errors are imported where they are needed.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def path_of(name: str) -> str:
    """Give the path of a folder of knowledge, as :func:`data_dir` does, and as text.

    Raises:
        DataError: there is no such folder in this installation.
    """
    folder = os.path.join(_root(), *name.split("/"))
    if not os.path.isdir(folder):
        from .errors import DataError

        raise DataError(f"the folder {folder} is missing: reinstall coproduction")
    return folder


def data_dir(name: str) -> Path:
    """Give the folder of one kind of knowledge.

    Args:
        name: ``ontology``, ``shapes``, ``queries`` or a folder below, such as ``queries/checks``.

    Raises:
        DataError: there is no such folder in this installation.
    """
    from pathlib import Path

    return Path(path_of(name))


def root() -> Path:
    """Give the folder that holds ``ontology/``, ``queries/`` and ``shapes/``."""
    from pathlib import Path

    return Path(_root())


@cache
def _root() -> str:
    own = os.path.dirname(os.path.abspath(__file__))
    packaged = os.path.join(own, "_data")
    if os.path.isdir(packaged):
        return packaged
    checkout = os.path.dirname(os.path.dirname(own))
    if os.path.isfile(os.path.join(checkout, "ontology", "coproduction.ttl")):
        return checkout
    from .errors import DataError

    raise DataError(
        f"the packaged ontology is neither in {packaged} nor in {checkout}: reinstall coproduction"
    )


def is_file(path: Path) -> bool:
    """Tell whether there is a file, also of a name that no file can have, such as a long text."""
    try:
        return path.is_file()
    except OSError:
        return False
