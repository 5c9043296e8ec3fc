"""Which statements of a graph are of a case, and as what texts statements are compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import pyoxigraph as ox

from ..names import COP

Statements = Callable[[object], Iterable[ox.Triple]]
_CODING: Final = ox.NamedNode(COP + "hasCoding")
OBSERVES: Final = ox.NamedNode(COP + "observes")
"""What leads from an observation to its case."""


def closure(
    case: object, statements: Statements, observations: Iterable[object] = ()
) -> list[ox.Triple]:
    """Give the statements of a case: its own, of its codings, of what stands below it.

    Args:
        case: the node.
        statements: gives the statements about a node.
        observations: what observes the case.
    """
    found: list[ox.Triple] = []
    waiting = [case, *observations]
    seen = set(waiting)
    below = f"{_value(case)}/"
    while waiting:
        for triple in statements(waiting.pop()):
            found.append(triple)
            target = triple.object
            if target not in seen and (
                isinstance(target, ox.BlankNode)
                or triple.predicate == _CODING
                or (isinstance(target, ox.NamedNode) and target.value.startswith(below))
            ):
                seen.add(target)
                waiting.append(target)
    return found


def canonical(triples: Iterable[ox.Triple]) -> set[str]:
    """Give statements as texts that are the same for the same graph, blank nodes or not."""
    triples = list(triples)
    if any(isinstance(t.object, ox.BlankNode) for t in triples):
        dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        triples = [quad.triple for quad in dataset]
    return {str(triple) for triple in triples}


def about_the_case(triples: Iterable[ox.Triple]) -> set[str]:
    """Give statements as texts to compare, without those about organisations."""
    return canonical(t for t in triples if "/id/organization/" not in str(t.subject))


def text_of(triples: Iterable[ox.Triple]) -> str:
    """Give statements as N-Triples, in order."""
    return "".join(sorted(f"{triple} .\n" for triple in triples))


def _value(node: object) -> str:
    return str(getattr(node, "value", node))
