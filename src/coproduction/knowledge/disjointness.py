"""Which classes have no member in common: read for reasoners and exports, and kept in no store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from ..names import DISJOINTNESS, OWL, RDF
from ..resources import data_dir

_TYPE: Final = ox.NamedNode(RDF + "type")
_ONTOLOGY: Final = ox.NamedNode(OWL + "Ontology")


def disjoint_classes() -> Iterator[ox.Triple]:
    """Give the statements of ``ontology/disjointness.ttl``, without those about the file.

    Its blank nodes are new at each reading, so they meet none of another graph.
    """
    path = data_dir("ontology") / DISJOINTNESS
    triples = [quad.triple for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)]
    header = {t.subject for t in triples if t.predicate == _TYPE and t.object == _ONTOLOGY}
    for triple in triples:
        if triple.subject not in header and isinstance(triple.subject, ox.BlankNode):
            yield triple
