"""The graphs that the house rules hold for: the ontology, and what people write to add to it.

A store on disk and a server have graphs beside them that no rule speaks of: links to other
vocabularies, whose terms are described by others (their files are checked,
:mod:`coproduction.validation.link_checks`); cases that were loaded, whose form was held against the
shapes then, and whose texts have no language because no column names one; what follows from them;
and what the store notes of itself.
"""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

from ..knowledge.levels import INFERRED
from ..names import ALIGNMENTS
from ..store.bookkeeping import LOADS, loads
from ..store.embedded import EmbeddedStore
from ..store.protocol import Store

_NOT_HELD: Final = frozenset((ALIGNMENTS, INFERRED.value, LOADS.value))


def held_graphs(store: Store) -> ox.Store:
    """Give the graphs of a store that the house rules hold for, in a store of the engine.

    Args:
        store: is left as it is; the engine's store in it is given where all of it is held.
    """
    of_loads = {load.graph.value for load in loads(store)}
    left = _NOT_HELD | of_loads | {f"{graph}/original" for graph in of_loads}
    if isinstance(store, EmbeddedStore):
        names = list(store.inner.named_graphs())
        if not any(name.value in left for name in names):
            return store.inner
    else:
        names = [ox.NamedNode(iri) for iri in store.graphs()]
    held = ox.Store()
    for name in names:
        if name.value not in left:
            held.bulk_extend(store.statements(None, None, None, name))
    return held
