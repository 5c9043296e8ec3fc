"""A label column beside each column of IRIs.

A query says what is asked, and nothing of labels: a column ``service`` of IRIs gets a column
``serviceLabel`` right after it, by one look-up over the distinct IRIs of the answer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeVar, overload

import pyoxigraph as ox

from ..names import COP, ID, RDFS
from ..store.labels import label_tags, labels
from .columns import columns_of, converted
from .rows import Rows
from .written import Written, is_iri, written

if TYPE_CHECKING:
    from ..store.protocol import Store, Term

OWN = (COP, ID)
"""Our own namespaces, in which a local name can stand for a label that lacks."""
_LABEL: Final = ox.NamedNode(RDFS + "label")
_MANY: Final = 5_000
"""Things whose labels may be found by one pass over all labels, and not one by one."""
_MORE: Final = 4
"""How many labels there may be for each thing, for such a pass to take less."""
Column = TypeVar("Column", list[str], "Sequence[Term | None]")


@overload
def labelled(
    store: Store, rows: Rows, lang: str, declared: Collection[str] = (), *, only: bool = False
) -> Rows: ...


@overload
def labelled(
    store: Store, rows: Written, lang: str, declared: Collection[str] = (), *, only: bool = False
) -> Written: ...


def labelled(
    store: Store,
    rows: Rows | Written,
    lang: str,
    declared: Collection[str] = (),
    *,
    only: bool = False,
) -> Rows | Written:
    """Give rows with a label column after each column of IRIs.

    A label column holds the label of an IRI: in the language asked for, its base language,
    English or without a language; else the local name of an IRI of ours, or the IRI as it is. It
    holds a literal as it stands, and nothing for a blank node or where nothing is bound. A column
    whose label column the query gives itself gets none.

    Args:
        store: where the labels are.
        rows: what a query gave; as text they stay text.
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
    variables = tuple(
        label
        for name in rows.variables
        for label in ((name, f"{name}Label") if name in chosen else (name,))
    )
    if isinstance(rows, Written):
        named = _cells(store, [rows.cells[place] for place in places], lang)
        cells = _beside(rows.cells, dict(zip(places, named, strict=True)))
        return Written(variables, truncated=rows.truncated, cells=cells)
    columns = columns_of(len(rows.variables), rows.terms)
    labels_of = _terms(store, [columns[place] for place in places], lang)
    both = _beside(columns, dict(zip(places, labels_of, strict=True)))
    return rows._replace(variables=variables, terms=list(zip(*both, strict=True)))


def _beside(columns: Sequence[Column], labels_of: Mapping[int, Column]) -> list[Column]:
    """Give columns, some with another behind them."""
    found = []
    for place, column in enumerate(columns):
        found += [column, labels_of[place]] if place in labels_of else [column]
    return found


def _terms(
    store: Store, columns: Sequence[Sequence[Term | None]], lang: str
) -> list[list[Term | None]]:
    distinct = dict.fromkeys(term for column in columns for term in dict.fromkeys(column))
    nodes = [term.value for term in distinct if isinstance(term, ox.NamedNode)]
    known = labels(store, nodes, lang)

    def label(term: Term | None) -> Term | None:
        if isinstance(term, ox.NamedNode):
            return known.get(term.value) or ox.Literal(name_without_label(term.value))
        return term if isinstance(term, ox.Literal) else None

    return [converted(column, label) for column in columns]


def _cells(store: Store, columns: Sequence[list[str]], lang: str) -> list[list[str]]:
    distinct = dict.fromkeys(cell for column in columns for cell in dict.fromkeys(column))
    iris = list(filter(is_iri, distinct))
    known = label_cells(store, iris, lang)
    for cell in distinct:
        if cell not in known:
            if is_iri(cell):
                known[cell] = str(ox.Literal(name_without_label(cell[1:-1])))
            else:
                known[cell] = "" if cell.startswith(("_:", "<<")) else cell
    return [list(map(known.__getitem__, column)) for column in columns]


def label_cells(store: Store, iris: Collection[str], lang: str) -> dict[str, str]:
    """Give the label of each IRI that has one, as :func:`~..store.labels.labels`, all as text.

    Those of many things in memory are found by one pass over all labels, where they are a good
    part of these: it takes less than to look each up.

    Args:
        store: what is in scope.
        iris: those that are asked about, as cells of TSV.
        lang: a language tag.
    """
    found: dict[str, str] = {}
    in_memory = store.folder is None and store.address is None
    if in_memory and len(iris) > _MANY and _number(store, _MORE * len(iris)) < _MORE * len(iris):
        found, iris = _by_one_pass(store, set(iris), lang)
    one_by_one = labels(store, [cell[1:-1] for cell in iris], lang)
    return found | {f"<{iri}>": str(label) for iri, label in one_by_one.items()}


def _number(store: Store, most: int) -> int:
    """Give the number of labels in scope, or `most` where there are more."""
    some = f"SELECT ?node WHERE {{ ?node {_LABEL} ?label }} LIMIT {most}"
    (cells,) = _asked(store, f"SELECT (COUNT(*) AS ?number) WHERE {{ {{ {some} }} }}")
    return int(cells[0])


def _by_one_pass(store: Store, wanted: set[str], lang: str) -> tuple[dict[str, str], set[str]]:
    """Give the label of each that has one alone, and those among whose labels is to be chosen."""
    tags = {f"@{tag}" if tag else "" for tag in label_tags(lang)}
    nodes, values = _asked(store, f"SELECT ?node ?label WHERE {{ ?node {_LABEL} ?label }}")
    alone: dict[str, str] = {}
    others: set[str] = set()
    for node, value in zip(nodes, values, strict=True):
        if node in wanted:
            # What has a type, or a language with a direction, is looked at by itself.
            kind = value.rpartition('"')[2]
            if node in alone or value[0] != '"' or kind.startswith("^^") or "--" in kind:
                others.add(node)
            alone[node] = value
    found = {
        node: value
        for node, value in alone.items()
        if node not in others and value.rpartition('"')[2].lower() in tags
    }
    return found, others


def _asked(store: Store, text: str) -> list[list[str]]:
    answer = store.query(text)
    assert isinstance(answer, ox.QuerySolutions)
    return written(answer).cells


def columns_of_iris(rows: Rows | Written, declared: Collection[str] = ()) -> list[str]:
    """Give the columns that get a label column: declared ones, and those with an IRI in a row."""
    names: Sequence[str] = rows.variables
    if isinstance(rows, Written):
        with_iris = {place for place, cells in enumerate(rows.cells) if any(map(is_iri, cells))}
    else:
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
