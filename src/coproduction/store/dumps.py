"""Dumps: what large loads brought, as compressed N-Triples beside the database of a state.

To read one into memory takes a fifth of what it takes to copy the same from the database, and it
is a twentieth of its size. A dump is of one load, is named by it and by its own checksum, and goes
from state to state by a hard link as long as nothing changes the graph of the load.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import IO, Final, cast

import pyoxigraph as ox

from ..names import GRAPH

LEAST: Final = 2_000_000
"""Bytes of N-Triples from which on a load gets a dump: what is less is copied as soon."""
_NAMED: Final = re.compile(r"([1-9]\d*)-([0-9a-f]{64})\.nt\.gz")
_LEVEL: Final = 1
"""Of compression: higher ones take several times as long for a file a little smaller."""


def write_dump(folder: Path, number: int, lines: Path) -> None:
    """Write the dump of a load, where it is large enough, to the disk.

    Args:
        folder: of the dumps; made where there is none.
        number: of the load.
        lines: N-Triples without a blank node, which would have another name in each copy.
    """
    if lines.stat().st_size < LEAST:
        return
    folder.mkdir(exist_ok=True)
    begun = folder / f"{number}.begun"
    with lines.open("rb") as source, begun.open("xb") as file:
        with gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as packed:
            shutil.copyfileobj(source, packed, 1 << 20)
        file.flush()
        os.fsync(file.fileno())
    begun.rename(folder / f"{number}-{_checksum(begun)}.nt.gz")


def link_dumps(before: Path, folder: Path, but: Collection[int]) -> None:
    """Take the dumps of the state before into a new one, but for some loads'."""
    for number, path in dumps_in(before).items():
        if number not in but:
            folder.mkdir(exist_ok=True)
            try:
                os.link(path, folder / path.name)
            except OSError:  # a file system without hard links
                shutil.copyfile(path, folder / path.name)


def dumps_in(folder: Path) -> dict[int, Path]:
    """Give the dumps that there are, by the number of the load; whether they are whole is open."""
    try:
        found = [(_NAMED.fullmatch(path.name), path) for path in folder.iterdir()]
    except OSError:
        return {}
    return {int(named[1]): path for named, path in sorted(found, key=str) if named}


def read_dump(inner: ox.Store, number: int, path: Path) -> bool:
    """Read the dump of a load into its graph in a store in memory.

    Returns:
        whether it was as it was written; nothing is read of one that is not.
    """
    named = _NAMED.fullmatch(path.name)
    try:
        if named is None or _checksum(path) != named[2]:
            return False
        with gzip.open(path) as lines:
            inner.load(
                input=cast("IO[bytes]", lines),
                format=ox.RdfFormat.N_TRIPLES,
                to_graph=ox.NamedNode(f"{GRAPH}load/{number}"),
                lenient=True,
            )
    except OSError:
        return False
    return True


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
