"""What claims are held against: the packaged graphs alone, or graphs without some arrangements."""

from __future__ import annotations

from functools import cache
from typing import Final

import pyoxigraph as ox

from ..knowledge.levels import write_levels
from ..names import DCTERMS
from ..store.embedded import EmbeddedStore
from ..store.protocol import Store


@cache
def packaged_alone() -> EmbeddedStore:
    """Give the packaged graphs with the levels that follow: what the source itself says."""
    store = EmbeddedStore.packaged()
    write_levels(store)
    return store


def without_arrangements(store: Store, left_out: set[str]) -> Store:
    """Give a copy in memory without the statements about some arrangements.

    Raises:
        TooLarge: the store is too large to be copied.
    """
    from ..store.on_disk import copy_in_memory

    copy = copy_in_memory(store)
    for iri in left_out:
        for quad in list(copy.statements(ox.NamedNode(iri), None, None)):
            if quad.predicate.value not in _KEPT:
                copy.remove([quad])
    return copy


_KEPT: Final = {"http://www.w3.org/2000/01/rdf-schema#label", DCTERMS + "source"}
