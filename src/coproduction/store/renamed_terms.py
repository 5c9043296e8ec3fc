"""Terms of ours that are deprecated: read as those that replace them, and told.

A term that goes stays in the ontology, with ``owl:deprecated`` and ``dcterms:isReplacedBy``. Where
one term of ours takes its place it was renamed: statements that use it are put into the new name
when they are read, and so is a query. Any other (one that is said in another vocabulary now, one
that became two) is told and left. ``queries/migrations/renamed-terms.ru`` does the same in the
store of another engine.

An axiom (``owl:equivalentProperty``, ``owl:sameAs``) would make both names one for a reasoner
alone: questions would pass over what has the old one, and count twice what has both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

import pyoxigraph as ox

from ..errors import CoproductionError
from ..messages import Sentence
from ..names import ALIGNMENTS, COP, DCTERMS, GRAPH, OWL, PACKAGED_GRAPHS, TERMS, compact
from ..syntax.renaming import with_terms
from ..syntax.sparql import terms_asked
from .bookkeeping import LOADS
from .embedded import EmbeddedStore
from .protocol import Store

_DEPRECATED: Final = ox.NamedNode(OWL + "deprecated")
_IS_REPLACED_BY: Final = DCTERMS + "isReplacedBy"
_REPLACED: Final = ox.NamedNode(_IS_REPLACED_BY)
_REPLACES: Final = DCTERMS + "replaces"
_OF_TERMS: Final = frozenset((_DEPRECATED.value, _IS_REPLACED_BY, _REPLACES))
"""Who names one of these asks about the terms themselves."""
_LEFT: Final = frozenset((ALIGNMENTS, LOADS.value, *(GRAPH + name for name in PACKAGED_GRAPHS)))
"""The packaged graphs, and the record of loads, which has a reader of its own for old terms."""
_AS_IT_CAME: Final = "/original"
"""How the names of graphs end that are kept as they came."""
_LONGEST: Final = 200_000
"""Characters of a query that is looked through; a longer one was written by a program."""


class Renamed(NamedTuple):
    """What renaming did to a store.

    Attributes:
        times: number of statements by the IRI of the term that stood in them.
        graphs: IRIs of the graphs that changed; empty for the default graph.
    """

    times: Counter[str]
    graphs: frozenset[str]


def deprecated_in(store: Store) -> dict[str, list[str]]:
    """Give the deprecated terms of the ontology, each with the IRIs of those that replace it."""
    found = {}
    for graph in TERMS:
        for quad in store.statements(None, _DEPRECATED, None, ox.NamedNode(GRAPH + graph)):
            is_so = getattr(quad.object, "value", "") in ("true", "1")
            if is_so and isinstance(quad.subject, ox.NamedNode):
                by = store.statements(quad.subject, _REPLACED, None, quad.graph_name)
                found[quad.subject.value] = sorted(
                    {str(getattr(each.object, "value", "")) for each in by}
                )
    return found


def renames_in(store: Store) -> dict[str, str]:
    """Give the new name of each term that was renamed, by its old one, both as IRIs."""
    return {
        old: new[0]
        for old, new in deprecated_in(store).items()
        if len(new) == 1 and new[0].startswith(COP)
    }


def is_in_use(store: Store, iris: Iterable[str]) -> bool:
    """Tell whether a statement of data has one of the terms as property, class or value."""
    return any(True for iri in iris for _ in _using(store, iri))


def rename(store: EmbeddedStore, names: Mapping[str, str]) -> Renamed:
    """Put the new names into the statements of data that have old ones, each in its graph.

    The packaged graphs are left, and what is kept as it came.

    Args:
        store: what is changed.
        names: see :func:`renames_in`.
    """
    times: Counter[str] = Counter()
    taken: dict[ox.Quad, ox.Quad] = {}
    for old in names:
        for quad in _using(store, old):
            times[old] += 1
            taken[quad] = ox.Quad(
                quad.subject,
                _renamed(quad.predicate, names),
                _renamed(quad.object, names),
                quad.graph_name,
            )
    store.remove(taken)
    store.add(taken.values())
    graphs = frozenset(str(getattr(quad.graph_name, "value", "")) for quad in taken)
    return Renamed(times, graphs)


def told_of(names: Mapping[str, str], times: Mapping[str, int]) -> list[Sentence]:
    """Say of each old name (IRI) that it was put into the new one.

    Args:
        names: see :func:`renames_in`.
        times: number of statements by the old name; 0 where they were not counted.
    """
    said = []
    for old in sorted(times):
        parts = {"old": compact(old), "new": compact(names[old])}
        if times[old]:
            words = Sentence(
                "{old} is deprecated: it was read as {new} (statements: {count})",
                **parts,
                count=f"{times[old]:,}",
            )
        else:
            words = Sentence("{old} is deprecated: {new} was put in its place", **parts)
        said.append(words)
    return said


def left_in(store: Store, packaged: Store, graph: ox.NamedNode | None = None) -> list[Sentence]:
    """Tell which deprecated terms data use that are no plain renames, and what to use instead.

    Args:
        store: the data.
        packaged: a store with the ontology; it may be the same.
        graph: of the data, where another one is not looked at.
    """
    renamed = renames_in(packaged)
    return [
        left(old, by)
        for old, by in sorted(deprecated_in(packaged).items())
        if old not in renamed and any(graph in (None, q.graph_name) for q in _using(store, old))
    ]


def renamed_query(store: Store, text: str) -> tuple[str, list[str]]:
    """Give a query of a user's with the new names in it, and what is to be said of it.

    One that asks about deprecated terms as such is left.

    Args:
        store: what is asked.
        text: the query.
    """
    if len(text) > _LONGEST or not any(name in text for name in (COP, "cop:")):
        return text, []
    deprecated = deprecated_in(store)
    try:
        asked = set(terms_asked(text))
    except CoproductionError:
        return text, []  # the engine says what is wrong with it
    if not asked & deprecated.keys() or asked & _OF_TERMS:
        return text, []
    names = renames_in(store)
    renamed, stood = with_terms(text, names)
    told: list[str] = [asked_instead(old, names[old]) for old in sorted(stood)]
    return renamed, told + [
        left(old, deprecated[old]) for old in sorted(asked & deprecated.keys() - names.keys())
    ]


def asked_instead(old: str, new: str) -> Sentence:
    """Say that a term (IRI) was asked by its new name."""
    return Sentence(
        "{old} is deprecated: {new} was asked in its place", old=compact(old), new=compact(new)
    )


def left(old: str, by: list[str]) -> Sentence:
    """Say of a deprecated term (IRI) that it was left, and what to use instead."""
    if not by:
        return Sentence("{old} is deprecated, and nothing takes its place", old=compact(old))
    new = ", ".join(map(compact, by))
    return Sentence("{old} is deprecated: use {new}", old=compact(old), new=new)


def left_as_it_is(old: str, by: list[str]) -> Sentence:
    """Say of a deprecated term (IRI) that a file keeps it, and what to write instead."""
    if not by:
        return left(old, by)
    new = ", ".join(map(compact, by))
    return Sentence(
        "{old} is deprecated and was left in the file: use {new}", old=compact(old), new=new
    )


def _using(store: Store, iri: str) -> Iterator[ox.Quad]:
    """Give the statements of data that have a term as property, class or value."""
    node = ox.NamedNode(iri)
    for quad in (*store.statements(None, node), *store.statements(None, None, node)):
        graph = str(getattr(quad.graph_name, "value", ""))
        about = str(getattr(quad.subject, "value", ""))
        if (
            graph not in _LEFT
            and not graph.endswith(_AS_IT_CAME)
            and not about.startswith(GRAPH)
            and quad.predicate.value not in _OF_TERMS
        ):
            yield quad


def _renamed(term: ox.NamedNode | object, names: Mapping[str, str]) -> ox.NamedNode:
    new = names.get(term.value) if isinstance(term, ox.NamedNode) else None
    return ox.NamedNode(new) if new else term  # type: ignore[return-value]
