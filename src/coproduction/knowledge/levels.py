"""The levels of arrangements under the rubrics: concluded by a rule, kept among the inferences.

A rule of ``queries/rules/`` with ``stage: load`` in its header is run with every load, and when
files are opened in memory, so that whoever asks for a level finds it. Those with ``stage: record``
are run before (:mod:`~coproduction.knowledge.followed`), the other rules by ``classify`` alone;
those with ``stage: classify`` with HermiT too, which concludes classes and no relations.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cache

import pyoxigraph as ox

from ..errors import DataError, QueryError
from ..names import COP, GRAPH, TERMS
from ..store.embedded import EmbeddedStore
from ..store.protocol import Store
from ..syntax.sparql import iris_named
from .questions import Question, all_questions
from .views import rows_of_view

INFERRED = ox.NamedNode(GRAPH + "inferred")
"""The graph of what rules or a reasoner conclude."""


def rubrics_of(store: Store) -> dict[str, str]:
    """Give the IRI of the property that says the level under each rubric, by the rubric's name."""
    return {row["name"]: row["property"] for row in rows_of_view(store, "rubrics")}


def read_by_rubrics(store: Store) -> dict[str, frozenset[str]]:
    """Give the properties (IRIs) off which each rubric reads a level, by the rubric's name."""
    return {
        row["name"]: frozenset(
            str(getattr(term, "value", ""))
            for term in store.values(ox.NamedNode(row["rubric"]), COP + "basedOn")
        )
        for row in rows_of_view(store, "rubrics")
    }


def levels_in(
    store: Store, *, of: ox.NamedNode | None = None, within: str | None = None
) -> Iterator[ox.Triple]:
    """Give the levels that follow from what is recorded.

    Args:
        store: the graphs; what was inferred before is passed over.
        of: an arrangement, for its levels alone.
        within: IRI of a graph of arrangements, for their levels alone.

    Raises:
        DataError: a rule fails.
    """
    scope = None if within is None else [within, *(GRAPH + name for name in TERMS)]
    for rule in rules_at("load"):
        try:
            yield from rule_of(store, rule, of=of, scope=scope)
        except QueryError as error:
            raise DataError(f"{rule.path}: {error}") from None


def rule_of(
    store: Store,
    rule: Question,
    *,
    of: ox.NamedNode | None = None,
    scope: Collection[str] | None = None,
) -> Iterator[ox.Triple]:
    """Give what a rule concludes, of all or of one thing (``?row``); inferences are passed over."""
    given = None if of is None else {"row": of}
    without = INFERRED.value if scope is None else None
    return store.construct(rule.text, without=without, within=scope, given=given)


def terms_in(store: Store) -> list[ox.Quad]:
    """Give the statements of the packaged graphs of terms, which the rules of levels read."""
    graphs = (ox.NamedNode(GRAPH + name) for name in TERMS)
    return [quad for graph in graphs for quad in store.statements(None, None, None, graph)]


def inferred(triples: Iterable[ox.Triple]) -> Iterator[ox.Quad]:
    """Give triples as statements of the graph of inferences."""
    return (ox.Quad(t.subject, t.predicate, t.object, INFERRED) for t in triples)


def write_levels(store: Store) -> None:
    """Write the levels of all arrangements anew, and leave other inferences as they are."""
    ours = {ox.NamedNode(prop) for prop in rubrics_of(store).values()}
    others = (quad.triple for quad in store.statements(None, None, None, INFERRED))
    kept = {triple for triple in others if triple.predicate not in ours}
    store.put(INFERRED.value, kept.union(levels_in(store)))


def drop_stated_levels(store: EmbeddedStore) -> None:
    """Take out levels that a file states, as an export does: they follow from what it records."""
    for prop in rubrics_of(store).values():
        stated = store.statements(None, ox.NamedNode(prop))
        store.remove(quad for quad in stated if quad.graph_name != INFERRED)


def has_levels(store: Store) -> bool:
    """Tell whether levels under a rubric are written in a store."""
    return any(
        store.holds(None, ox.NamedNode(prop), None, INFERRED) for prop in rubrics_of(store).values()
    )


def asks_for_levels(question: Question) -> bool:
    """Tell whether a question names the property of a rubric's level, or how it is found."""
    return any(word in question.text for word in ("levelUnderR", "levelProperty"))


def bearing_on_levels() -> frozenset[str]:
    """Give the IRIs of the terms that the rules of levels name, and of what they conclude."""
    return frozenset(iri for rule in rules_at("load") for iri in iris_named(rule.text))


@cache
def rules_at(stage: str) -> tuple[Question, ...]:
    """Give the rules of a stage: ``record`` (before cases are checked), ``load``, ``classify``."""
    # Of a rule that names no stage the header is not read: this is done whenever files are opened.
    # What else lacks in one is for `check` to tell, which opens them too.
    rules = (rule for rule in all_questions("queries/rules") if "#+ stage:" in rule.text)
    return tuple(rule for rule in rules if rule.header_of(set()).get("stage") == stage)
