"""Where a finding is: the file in which a node is described, as one of the project is called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ..names import GRAPH, PACKAGED_GRAPHS, RDF

_TYPE: Final = ox.NamedNode(RDF + "type")


def within_project(files: str | None, folders: Mapping[str, Path]) -> str | None:
    """Give files of a project by their paths within it, as packaged graphs are named by theirs.

    Args:
        files: the file of a finding, or several with commas between them.
        folders: the folders of the project that were checked, by the names that they have in one.
    """
    roots = [folder.parent for name, folder in folders.items() if folder.name == name]

    def one(file: str) -> str:
        path = Path(file)
        inside = [root for root in roots if path.is_relative_to(root)]
        return path.relative_to(inside[0]).as_posix() if inside else file

    return files and ", ".join(map(one, files.split(", ")))


def locator(store: ox.Store) -> Callable[[str], str | None]:
    """Give a function that tells in which file a node is described, as its graph's name says.

    That is where it says what it is; without that, where most is said of it.
    """

    def locate(iri: str) -> str | None:
        try:
            node = ox.NamedNode(iri)
        except ValueError:
            return None
        said: Counter[str] = Counter()
        for quad in store.quads_for_pattern(node, None, None):
            if isinstance(quad.graph_name, ox.NamedNode):
                said[quad.graph_name.value] += 1 if quad.predicate != _TYPE else 1_000
        most = max(said.values(), default=0)
        names = [name for name, count in said.items() if count >= min(most, 1_000)]
        return ", ".join(sorted(map(_file_of, names))) or None

    return locate


def _file_of(graph: str) -> str:
    if graph.startswith("file://"):
        from urllib.parse import unquote, urlparse

        return unquote(urlparse(graph).path)
    packaged = PACKAGED_GRAPHS.get(graph.removeprefix(GRAPH))
    return f"ontology/{packaged}" if packaged else graph
