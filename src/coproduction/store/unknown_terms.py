"""Terms of our namespace that a file or a query uses, and the ontology does not have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from ..errors import nearest
from ..names import COP, COPSH, GRAPH, TERMS, compact
from ..syntax.sparql import terms_asked
from .lookup import occurs
from .protocol import Store

_LONGEST: Final = 200_000
"""Characters of a query whose terms are looked up; a longer one was written by a program."""


def unknown_in_query(store: Store, text: str) -> list[str]:
    """Tell which of our terms a query asks for that occur nowhere in a store.

    Args:
        store: what is asked.
        text: the query.

    Returns:
        a sentence each, with the nearest term that there is.
    """
    if len(text) > _LONGEST or not any(name in text for name in (COP, "cop:", COPSH, "copsh:")):
        return []
    named = {iri for iri in terms_asked(text) if iri.startswith((COP, COPSH))}
    return tell_unknown(store, {iri for iri in named - {COP, COPSH} if not _occurs(store, iri)})


def tell_unknown(store: Store, iris: Iterable[str]) -> list[str]:
    """Say of each IRI that it is no term of the ontology, and what the nearest is."""
    iris = sorted(iris)
    if not iris:
        return []
    names = {
        quad.subject.value.removeprefix(COP)
        for graph in TERMS
        for quad in store.statements(None, None, None, ox.NamedNode(GRAPH + graph))
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(COP)
    }
    told = []
    for iri in iris:
        near = nearest(iri.removeprefix(COP).removeprefix(COPSH), names)
        hint = f"; did you mean 'cop:{near}'?" if near else ""
        told.append(f"{compact(iri)} is no term of this ontology{hint}")
    return told


def _occurs(store: Store, iri: str) -> bool:
    try:
        return occurs(store, iri)
    except ValueError:
        return True  # the engine says what is wrong with it
