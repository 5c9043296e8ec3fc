"""A label column beside each column of IRIs.

A query says what is asked, and nothing of labels: a column ``service`` of IRIs gets a column
``serviceLabel`` right after it, by one look-up over the distinct IRIs of the answer.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ..names import COP, ID
from ..store.labels import labels
from .columns import columns_of, converted
from .rows import Rows

if TYPE_CHECKING:
    from ..store.protocol import Store, Term

OWN = (COP, ID)
"""Our own namespaces, in which a local name can stand for a label that lacks."""


def labelled(
    store: Store, rows: Rows, lang: str, declared: Collection[str] = (), *, only: bool = False
) -> Rows:
    """Give rows with a label column after each column of IRIs.

    A label column holds the label of an IRI: in the language asked for, its base language,
    English or without a language; else the local name of an IRI of ours, or the IRI as it is. It
    holds a literal as it stands, and nothing for a blank node or where nothing is bound. A column
    whose label column the query gives itself gets none.

    Args:
        store: where the labels are.
        rows: what a query gave.
        lang: a language tag.
        declared: columns that are of IRIs, also where no row of this answer has one.
        only: whether no other column gets a label column, whatever is in it.
    """
    chosen = columns_of_iris(rows, declared)
    if only:
        chosen = [name for name in chosen if name in declared]
    if not chosen:
        return rows
    places = [rows.variables.index(name) for name in chosen]
    columns = columns_of(len(rows.variables), rows.terms)
    distinct = dict.fromkeys(term for place in places for term in dict.fromkeys(columns[place]))
    nodes = [term.value for term in distinct if isinstance(term, ox.NamedNode)]
    known = labels(store, nodes, lang)

    def label(term: Term | None) -> Term | None:
        if isinstance(term, ox.NamedNode):
            return known.get(term.value) or ox.Literal(name_without_label(term.value))
        return term if isinstance(term, ox.Literal) else None

    last = len(rows.variables)
    order: list[tuple[int, bool]] = []
    for place in range(last):
        order += [(place, False), (place, True)] if place in places else [(place, False)]
    variables = tuple(
        f"{rows.variables[place]}Label" if is_label else rows.variables[place]
        for place, is_label in order
    )
    terms = list(
        zip(
            *(
                converted(columns[place], label) if is_label else columns[place]
                for place, is_label in order
            ),
            strict=True,
        )
    )
    return rows._replace(variables=variables, terms=terms)


def columns_of_iris(rows: Rows, declared: Collection[str] = ()) -> list[str]:
    """Give the columns that get a label column: declared ones, and those with an IRI in a row."""
    names: Sequence[str] = rows.variables
    with_iris = {
        place
        for place, column in enumerate(columns_of(len(names), rows.terms))
        if any(isinstance(term, ox.NamedNode) for term in dict.fromkeys(column))
    }
    return [
        name
        for place, name in enumerate(names)
        if (name in declared or place in with_iris) and f"{name}Label" not in names
    ]


def name_without_label(iri: str) -> str:
    """Give what stands for the label of a thing that has none.

    >>> name_without_label("https://w3id.org/coproduction#HighParticipation")
    'HighParticipation'
    >>> name_without_label("https://example.org/act/42")
    'https://example.org/act/42'
    """
    if iri.startswith(OWN):
        return iri.replace("#", "/").rpartition("/")[2] or iri
    return iri
