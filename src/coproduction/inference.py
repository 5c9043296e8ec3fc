"""Inferences: what follows from the definitions, written into a graph of its own.

Two ways that agree: the rules of ``queries/rules/`` (CONSTRUCT, any size) and HermiT (the ontology
and a few thousand cases). The graph ``.../graph/inferred`` is replaced as a whole, with a record
of how and from which loads it was made; it holds nothing that another graph says.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from . import __version__
from .disk import LOADS, changing
from .errors import DataError, UnknownName
from .names import COP, GRAPH, RDF, XSD
from .questions import all_questions
from .store import Store

INFERRED: Final = ox.NamedNode(GRAPH + "inferred")
REASONERS: Final = ("rules", "hermit")
_TYPE: Final = ox.NamedNode(RDF + "type")
_BASIS: Final = ox.NamedNode(COP + "fileChecksum")
_MOST_FOR_HERMIT: Final = 5_000


def infer(store: Store) -> Iterator[ox.Triple]:
    """Give what the rules conclude and no graph of the store says.

    Args:
        store: the graphs that the rules are applied to; its own inferences are passed over.
    """
    seen: set[ox.Triple] = set()
    for rule in all_questions("queries/rules"):
        answer = store.query(rule.text)
        if not isinstance(answer, ox.QueryTriples):
            raise DataError(f"{rule.path}: a rule is a CONSTRUCT query")
        for triple in answer:
            if triple not in seen and not _is_said(store, triple):
                seen.add(triple)
                yield triple


def classify(folder: str | Path, reasoner: str = "rules") -> int:
    """Write the inferred graph of a store anew.

    Args:
        folder: the store.
        reasoner: ``rules``, or ``hermit`` (needs Java and owlready2) for up to 5,000 cases.

    Returns:
        the number of statements inferred.

    Raises:
        UnknownName: no such reasoner.
        DataError: the store cannot be used, or is too large for HermiT.
        ReasonerUnavailable: owlready2 or Java is not installed.
    """
    if reasoner not in REASONERS:
        raise UnknownName("reasoner", reasoner, REASONERS, f"(one of {', '.join(REASONERS)})")
    if not (Path(folder) / "current").is_dir():
        raise DataError(f"{folder}: there is no store; 'coproduction load' makes one")
    with changing(folder) as change:
        change.store.remove_graph(INFERRED)
        store = Store(change.store)
        found = set(infer(store) if reasoner == "rules" else _by_hermit(store))
        change.store.extend(ox.Quad(t.subject, t.predicate, t.object, INFERRED) for t in found)
        _record(change.store, reasoner, len(found))
        del store
    return len(found)


def is_stale(store: ox.Store) -> bool:
    """Tell whether cases were loaded or taken out since the inferred graph was written."""
    marks = list(store.quads_for_pattern(INFERRED, _BASIS, None, LOADS))
    return bool(marks) and getattr(marks[0].object, "value", "") != _basis(store)


def _is_said(store: Store, triple: ox.Triple) -> bool:
    found = store.inner.quads_for_pattern(triple.subject, triple.predicate, triple.object)
    return any(quad.graph_name != INFERRED for quad in found)


def _by_hermit(store: Store) -> Iterable[ox.Triple]:
    from .export import to_rdflib
    from .reasoning import classify as hermit

    count = sum(1 for _ in store.inner.quads_for_pattern(None, _TYPE, ox.NamedNode(COP + "Case")))
    if count > _MOST_FOR_HERMIT:
        raise DataError(
            f"HermiT takes up to {_MOST_FOR_HERMIT:,} cases, and the store has {count:,}: "
            "leave --reasoner out, the rules conclude the same"
        )
    goals = {COP + "ServiceArrangement", COP + "CeilingBreachingArrangement"}
    for individual, kind in hermit(to_rdflib(store.triples())):
        triple = ox.Triple(ox.NamedNode(individual), _TYPE, ox.NamedNode(kind))
        if kind in goals and not _is_said(store, triple):
            yield triple


def _record(store: ox.Store, reasoner: str, count: int) -> None:
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0).isoformat()
    for quad in list(store.quads_for_pattern(INFERRED, None, None, LOADS)):
        store.remove(quad)
    values = {
        "loaderName": ox.Literal(reasoner),
        "loaderVersion": ox.Literal(__version__),
        "loadedAt": ox.Literal(now, datatype=ox.NamedNode(XSD + "dateTime")),
        "rowsLoaded": ox.Literal(count),
    }
    for name, value in values.items():
        store.add(ox.Quad(INFERRED, ox.NamedNode(COP + name), value, LOADS))
    store.add(ox.Quad(INFERRED, _BASIS, ox.Literal(_basis(store)), LOADS))


def _basis(store: ox.Store) -> str:
    """Give a checksum of the record of loads, which every load and unload changes."""
    lines = sorted(
        str(quad)
        for quad in store.quads_for_pattern(None, None, None, LOADS)
        if quad.subject != INFERRED
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
