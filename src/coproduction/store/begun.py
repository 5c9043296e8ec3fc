"""The packaged graphs, which begin to be read before all else is imported.

The parser lets go of the interpreter, so the command line is imported and read meanwhile; both take
about as long. So nothing is imported here that reading them does not need.
"""

from __future__ import annotations

import contextlib
import threading

import pyoxigraph as ox

from ..names import GRAPH, PACKAGED_GRAPHS


class _Begun(threading.Thread):
    """Reads the packaged graphs while the program goes on; `store` stays None if that fails."""

    store: ox.Store | None = None

    def run(self) -> None:
        from ..errors import DataError
        from ..resources import data_dir

        # What goes wrong here is met again, and told, when the graphs are asked for.
        with contextlib.suppress(DataError, OSError, SyntaxError, ValueError):
            store = ox.Store()
            folder = data_dir("ontology")
            for name, file in PACKAGED_GRAPHS.items():
                graph = ox.NamedNode(GRAPH + name)
                store.load(path=folder / file, format=ox.RdfFormat.TURTLE, to_graph=graph)
            self.store = store


_begun: list[_Begun] = []


def begin_loading() -> None:
    """Start to read the packaged graphs in the background; :func:`taken` gives them once."""
    begun = _Begun(daemon=True)
    begun.start()
    _begun.append(begun)


def taken() -> ox.Store | None:
    """Give a store of the packaged graphs, where one was begun and is not taken yet."""
    if not _begun:
        return None
    begun = _begun.pop()
    begun.join()
    return begun.store
