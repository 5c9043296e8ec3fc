"""What is recorded of many arrangements by one property, looked up for all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from ..store.protocol import Store, Term


def values_by_row(
    store: Store, iris: Sequence[str], parent: str | None, prop: str
) -> dict[str, dict[str, None]]:
    """Give the values of a property of rows, or of what a property leads to, each once."""
    nodes = list(map(ox.NamedNode, iris))
    direct = by_node(store, nodes, parent or prop)
    led_to = by_node(store, (n for each in direct.values() for n in each), prop) if parent else {}
    found: dict[str, dict[str, None]] = {}
    for node in nodes:
        each = direct.get(node, ())
        values = [value for n in each for value in led_to.get(n, ())] if parent else each
        if values:
            found[node.value] = dict.fromkeys(map(text_of, values))
    return found


def levels_of(store: Store, iris: Iterable[str], rubric: str) -> Iterator[dict[str, str]]:
    """Give the levels of arrangements by the property of a rubric: ``row`` and ``level``.

    They are those of the view ``levels-under-rubric``; an engine looks up one property of many
    sooner than one that is given among the rows of a query.
    """
    pairs = store.values_of(map(ox.NamedNode, iris), rubric)
    for iri, level in sorted({(node.value, text_of(value)) for node, value in pairs}):
        yield {"row": iri, "level": level}


def by_node(store: Store, nodes: Iterable[Term], prop: str) -> dict[Term, list[Term]]:
    """Give the values of a property of many nodes, by the node.

    A blank node, which no query can name, is looked up by itself; a literal has no values.
    """
    asked = list(dict.fromkeys(nodes))
    found: dict[Term, list[Term]] = {}
    for node, value in store.values_of((n for n in asked if isinstance(n, ox.NamedNode)), prop):
        found.setdefault(node, []).append(value)
    for each in asked:
        if isinstance(each, ox.BlankNode):
            found[each] = store.values(each, prop)
    return found


def text_of(term: object) -> str:
    """Give an IRI, or the text of a literal."""
    return str(getattr(term, "value", term))
