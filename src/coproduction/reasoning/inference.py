"""Inferences: what follows from the definitions, written into a graph of its own.

Two ways that agree: the rules of ``queries/rules/`` (CONSTRUCT, any size) and HermiT (the ontology
and a few thousand cases). The graph ``.../graph/inferred`` is replaced as a whole, with a record
of how and from which loads it was made; it holds nothing that another graph says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from ..errors import Advice, DataError, QueryError, UnknownName, command, option
from ..knowledge.disjointness import disjoint_classes
from ..knowledge.levels import INFERRED, levels_in, rule_of, rules_at
from ..knowledge.packaged import changing
from ..knowledge.questions import all_questions
from ..names import COP, RDF
from ..store.bookkeeping import (
    LOADS,
    Activity,
    activity_of,
    forget,
    is_of_agent,
    now,
    quads_of,
)
from ..store.disk_layout import no_store
from ..store.old_bookkeeping import checksum_noted
from ..store.on_disk import is_store
from ..store.protocol import Node, Store, Term
from ..version import __version__

if TYPE_CHECKING:
    import rdflib

REASONERS: Final = ("rules", "hermit")
_TYPE: Final = ox.NamedNode(RDF + "type")
_MOST_FOR_HERMIT: Final = 3_000
_FEW: Final = 1_000
"""Below so many subjects, each is looked up; from there on, all that have the value are."""


def infer(store: Store) -> Iterator[ox.Triple]:
    """Give what the rules conclude and no graph of the store says.

    Args:
        store: the graphs that the rules are applied to; its own inferences are passed over.
    """
    found: dict[tuple[ox.NamedNode, Term], set[Node]] = {}
    for rule in all_questions("queries/rules"):
        try:
            answer = rule_of(store, rule)
        except QueryError as error:
            raise DataError(f"{rule.path}: {error}") from None
        for subject, predicate, value in answer:
            found.setdefault((predicate, value), set()).add(subject)
    for (predicate, value), subjects in found.items():
        for subject in subjects - _said(store, subjects, predicate, value):
            yield ox.Triple(subject, predicate, value)


def classify(
    folder: str | Path,
    reasoner: str = "rules",
    *,
    seconds: float | None = None,
    memory: int | None = None,
) -> int:
    """Write the inferred graph of a store anew.

    Args:
        folder: the store.
        reasoner: ``rules``, or ``hermit`` (needs Java and owlready2) for up to 3,000 cases.
        seconds: how long HermiT may take; by default
            :data:`~coproduction.reasoning.hermit.SECONDS`.
        memory: how many megabytes HermiT may use; by default
            :data:`~coproduction.reasoning.hermit.MEMORY`.

    Returns:
        the number of statements inferred.

    Raises:
        UnknownName: no such reasoner.
        DataError: the store cannot be used, or is too large for HermiT; or a limit is given and
            the reasoner is not HermiT.
        ReasonerUnavailable: owlready2 or Java is not installed.
        ReasoningError: the store contradicts itself, HermiT refuses it, or was stopped at a
            limit. The store is left as it was.
    """
    if reasoner not in REASONERS:
        raise UnknownName("reasoner", reasoner, REASONERS, f"(one of {', '.join(REASONERS)})")
    limits = {"seconds": seconds, "memory": memory}
    given: dict[str, Any] = {name: limit for name, limit in limits.items() if limit is not None}
    if given and reasoner != "hermit":
        raise DataError(
            "the limit ",
            option(min(given), "N"),
            " is for HermiT: add ",
            option("reasoner", "hermit"),
        )
    if not is_store(folder):
        raise no_store(Path(folder))
    with changing(folder) as change:
        # What was inferred before goes, with its record: of these nothing is to be inferred.
        change.store.drop(INFERRED.value)
        forget(change.store, INFERRED)
        by_rules = reasoner == "rules"
        found = set(infer(change.store) if by_rules else _by_hermit(change.store, folder, given))
        if not by_rules:
            found |= set(_by_rules_alone(change.store))
        change.store.put(INFERRED.value, found)
        change.store.add(quads_of(made_by(reasoner, change.store, len(found))))
        change.keep_dumps()
    return len(found)


def made_by(reasoner: str, store: Store, count: int) -> Activity:
    """Give the record of an inference that is made now.

    Args:
        reasoner: what concluded.
        store: the graphs that it rests on.
        count: of the statements inferred.
    """
    return Activity(INFERRED, now(), __version__, reasoner, _basis(store), triples=count)


def is_stale(store: Store) -> bool:
    """Tell whether cases were loaded or taken out since the inferred graph was written."""
    activity = activity_of(store, INFERRED)
    noted = activity.checksum if activity else checksum_noted(store, INFERRED)
    return noted is not None and noted != _basis(store)


def _said(store: Store, subjects: set[Node], predicate: ox.NamedNode, value: Term) -> set[Node]:
    """Give those of `subjects` of which a graph says the statement already.

    The shipped rules conclude nothing that is said, so there is little to be found; to look at
    all that is said of the value at once is much faster than to look up each statement.
    """
    is_looked_up = len(subjects) < _FEW and store.address is None  # of a server, all in one request
    wanted: Iterable[Node | None] = subjects if is_looked_up else [None]
    return {
        quad.subject
        for each in wanted
        for quad in store.statements(each, predicate, value)
        if quad.graph_name != INFERRED
    }


def for_hermit(store: Store, *instead: str | Advice, disjoint: bool = False) -> rdflib.Graph:
    """Give a store as one rdflib graph, without what was inferred.

    Args:
        store: the graphs.
        instead: what to do where they are too large.
        disjoint: whether to add which classes are disjoint. That two of them share a member is
            then a contradiction, from which all would follow: it is added to find such members,
            and left out where the classes of all others are asked for.

    Raises:
        DataError: there are more than 3,000 cases.
    """
    from ..store.rdflib_graphs import to_rdflib

    count = sum(1 for _ in store.statements(None, _TYPE, ox.NamedNode(COP + "Case")))
    if count > _MOST_FOR_HERMIT:
        raise DataError(
            f"HermiT takes up to {_MOST_FOR_HERMIT:,} cases, and there are {count:,}: ", *instead
        )
    triples = {quad.triple for quad in store.statements() if quad.graph_name != INFERRED}
    return to_rdflib(triples.union(disjoint_classes()) if disjoint else triples)


def _by_rules_alone(store: Store) -> Iterator[ox.Triple]:
    """Give what HermiT does not conclude: the levels, which close a world, and relations."""
    yield from levels_in(store)
    for rule in rules_at("classify"):
        yield from rule_of(store, rule)


def _by_hermit(store: Store, folder: str | Path, limits: dict[str, Any]) -> Iterable[ox.Triple]:
    from .hermit import Inconsistent
    from .hermit import classify as hermit

    graph = for_hermit(
        store, "leave out ", option("reasoner", "hermit"), ", the rules conclude the same"
    )
    try:
        members = hermit(graph, **limits)
    except Inconsistent:
        raise Inconsistent(
            f"{folder}: the graphs contradict themselves, so everything follows from them; ",
            command("check", reasoner="hermit", store=folder, python=None),
            " tells which statements do",
        ) from None
    found: dict[str, set[Node]] = {}
    for individual, kind in members:
        found.setdefault(kind, set()).add(ox.NamedNode(individual))
    for kind, subjects in found.items():
        value = ox.NamedNode(kind)
        for subject in subjects - _said(store, subjects, _TYPE, value):
            yield ox.Triple(subject, _TYPE, value)


def _basis(store: Store) -> str:
    """Give a checksum of the record of loads, which every load and unload changes."""
    lines = sorted(
        str(quad)
        for quad in store.statements(None, None, None, LOADS)
        if not getattr(quad.subject, "value", "").startswith(INFERRED.value)
        and not is_of_agent(quad)
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
