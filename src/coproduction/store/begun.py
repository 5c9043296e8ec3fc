"""The packaged graphs, which begin to be read before all else is imported.

The parser lets go of the interpreter, so the command line is imported and read meanwhile; both take
about as long. So nothing is imported here that reading them does not need.
"""

from __future__ import annotations

import threading

import pyoxigraph as ox

from ..names import GRAPH, PACKAGED_GRAPHS


class _Begun(threading.Thread):
    """Reads the packaged graphs while the program goes on; `store` stays None if that fails."""

    store: ox.Store | None = None

    def run(self) -> None:
        from ..resources import path_of

        try:
            store = ox.Store()
            folder = path_of("ontology")
            for name, file in PACKAGED_GRAPHS.items():
                graph = ox.NamedNode(GRAPH + name)
                store.load(path=f"{folder}/{file}", format=ox.RdfFormat.TURTLE, to_graph=graph)
            self.store = store
        except Exception as error:
            from ..errors import DataError

            # What goes wrong here is met again, and told, when the graphs are asked for.
            if not isinstance(error, (DataError, OSError, SyntaxError, ValueError)):
                raise


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
