"""What is known of each load: file, checksum, time, loader, version and counts.

It stands in the graph ``.../graph/loads``; the cases of a load are a graph of their own.
"""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from . import __version__
from .disk import LOADS, changing
from .errors import DataError
from .names import COP, GRAPH, RDF, XSD

if TYPE_CHECKING:
    from .loading import Outcome

TYPE: Final = ox.NamedNode(RDF + "type")
_LOAD: Final = ox.NamedNode(COP + "Load")


def checksum(*paths: Path) -> str:
    """Give the SHA-256 of a file, or of several one after the other.

    Raises:
        DataError: the file cannot be read.
    """
    digest = hashlib.sha256()
    for path in paths:
        try:
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
        except OSError as error:
            raise DataError(f"{path}: cannot be read: {error.strerror}") from None
    return digest.hexdigest()


def loaded_before(store: ox.Store, digest: str) -> int | None:
    """Give the number of the load of a file with this checksum, if there is one."""
    mark = store.quads_for_pattern(
        None, ox.NamedNode(COP + "fileChecksum"), ox.Literal(digest), LOADS
    )
    for quad in mark:
        if isinstance(quad.subject, ox.NamedNode) and "/load/" in quad.subject.value:
            return int(quad.subject.value.rpartition("/")[2])
    return None


def graph_of_load(number: int) -> ox.NamedNode:
    """Give the graph that the statements of a load stand in."""
    return ox.NamedNode(f"{GRAPH}load/{number}")


def graph_of_original(number: int) -> ox.NamedNode:
    """Give the graph that keeps a catalogue as it came."""
    return ox.NamedNode(f"{GRAPH}load/{number}/original")


def is_of_cases(graph: object) -> bool:
    """Tell whether a graph holds cases: no record of loads, and no catalogue as it came."""
    return graph != LOADS and not str(getattr(graph, "value", "")).endswith("/original")


def next_number(store: ox.Store) -> int:
    """Give the number of the next load."""
    numbers = [
        int(getattr(quad.object, "value", 0))
        for quad in store.quads_for_pattern(None, ox.NamedNode(COP + "loadNumber"), None, LOADS)
    ]
    return max(numbers, default=0) + 1


def record_load(
    store: ox.Store, number: int, path: Path, digest: str, loader: str, outcome: Outcome
) -> None:
    """Write down what is known of a load."""
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0).isoformat()
    values: dict[str, ox.Literal] = {
        "loadNumber": ox.Literal(number),
        "fileName": ox.Literal(path.name),
        "fileChecksum": ox.Literal(digest),
        "loadedAt": ox.Literal(now, datatype=ox.NamedNode(XSD + "dateTime")),
        "loaderName": ox.Literal(loader),
        "loaderVersion": ox.Literal(__version__),
        "rowsRead": ox.Literal(outcome.read),
        "rowsLoaded": ox.Literal(outcome.loaded),
        "rowsSetAside": ox.Literal(outcome.set_aside),
    }
    graph = graph_of_load(number)
    store.add(ox.Quad(graph, TYPE, _LOAD, LOADS))
    for name, value in values.items():
        store.add(ox.Quad(graph, ox.NamedNode(COP + name), value, LOADS))


def unload(folder: str | Path, number: int) -> int:
    """Take a load out of a store.

    Returns:
        the number of statements taken out.

    Raises:
        DataError: there is no such load.
    """
    graph = graph_of_load(number)
    with changing(folder) as change:
        if ox.Quad(graph, TYPE, _LOAD, LOADS) not in change.store:
            raise DataError(f"{folder}: there is no load {number}; 'coproduction loads' lists them")
        count = sum(1 for _ in change.store.quads_for_pattern(None, None, None, graph))
        kept = graph_of_original(number)
        count += sum(1 for _ in change.store.quads_for_pattern(None, None, None, kept))
        change.store.remove_graph(graph)
        change.store.remove_graph(kept)
        for quad in list(change.store.quads_for_pattern(graph, None, None, LOADS)):
            change.store.remove(quad)
    return count
