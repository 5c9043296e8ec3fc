"""Which classes have no member in common: read for reasoners and exports, and kept in no store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ..names import DISJOINTNESS, OWL
from ..resources import data_dir

if TYPE_CHECKING:
    from ..store.protocol import Term


def disjoint_classes() -> Iterator[ox.Triple]:
    """Give the statements of ``ontology/disjointness.ttl``, without those about the file.

    Its blank nodes have the same names at each reading, which no other graph will have.
    """
    path = data_dir("ontology") / DISJOINTNESS
    names: dict[str, ox.BlankNode] = {}

    def named(node: Term) -> Term:
        if not isinstance(node, ox.BlankNode):
            return node
        return names.setdefault(node.value, ox.BlankNode(f"disjoint-classes-{len(names) + 1}"))

    for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
        if isinstance(quad.subject, ox.BlankNode) or quad.predicate.value == OWL + "disjointWith":
            yield ox.Triple(named(quad.subject), quad.predicate, named(quad.object))  # type: ignore[arg-type]
