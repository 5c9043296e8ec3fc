"""Terms of our namespace that a file or a query uses, and the ontology does not have."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from .errors import nearest
from .names import COP, GRAPH, TERMS
from .sparql_text import iris_named
from .store import Store


def unknown_in_query(store: Store, text: str) -> list[str]:
    """Tell which of our terms a query names that occur nowhere in a store.

    Args:
        store: what is asked.
        text: the query.

    Returns:
        a sentence each, with the nearest term that there is.
    """
    if COP not in text and "cop:" not in text:
        return []
    named = {iri for iri in iris_named(text) if iri.startswith(COP) and iri != COP}
    return tell_unknown(store, {iri for iri in named if not _occurs(store, iri)})


def tell_unknown(store: Store, iris: Iterable[str]) -> list[str]:
    """Say of each IRI that it is no term of the ontology, and what the nearest is."""
    iris = sorted(iris)
    if not iris:
        return []
    names = {
        quad.subject.value.removeprefix(COP)
        for graph in TERMS
        for quad in store.inner.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH + graph))
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(COP)
    }
    told = []
    for name in (iri.removeprefix(COP) for iri in iris):
        near = nearest(name, names)
        hint = f"; did you mean 'cop:{near}'?" if near else ""
        told.append(f"cop:{name} is no term of this ontology{hint}")
    return told


def _occurs(store: Store, iri: str) -> bool:
    try:
        node = ox.NamedNode(iri)
    except ValueError:
        return True  # the engine says what is wrong with it
    patterns = ((node, None, None), (None, node, None), (None, None, node))
    return any(
        next(iter(store.inner.quads_for_pattern(*pattern)), None) is not None
        for pattern in patterns
    )
