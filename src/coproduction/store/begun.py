"""The packaged graphs, which begin to be read before all else is imported.

The parser lets go of the interpreter, so the command line is imported and read meanwhile; both take
about as long. So nothing is imported here that reading them does not need.
"""

from __future__ import annotations

import contextlib
import threading
from typing import Final

import pyoxigraph as ox

from ..names import GRAPH, PACKAGED_GRAPHS

_OWN: Final = __file__.removesuffix("begun.py")
_PLACES: Final = (_OWN + "../_data/ontology/", _OWN + "../../../ontology/")
"""Where the files may be: in the wheel, in a checkout. :mod:`coproduction.resources` knows it, and
imports pathlib and the errors for it, which would take as long as half of the files."""


class _Begun(threading.Thread):
    """Reads the packaged graphs while the program goes on; `store` stays None if that fails."""

    store: ox.Store | None = None

    def run(self) -> None:
        # What goes wrong here is met again, and told, when the graphs are asked for.
        for folder in _PLACES:
            with contextlib.suppress(OSError, SyntaxError, ValueError):
                store = ox.Store()
                for name, file in PACKAGED_GRAPHS.items():
                    graph = ox.NamedNode(GRAPH + name)
                    store.load(path=folder + file, format=ox.RdfFormat.TURTLE, to_graph=graph)
                self.store = store
                return


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
