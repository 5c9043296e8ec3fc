"""The cases of a store by their profiles: counted by portable SPARQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Final

import pyoxigraph as ox

from ..names import COP
from ..store.protocol import Store, Term
from .views import view_text

Profile = tuple[str, ...]
"""Predicates and objects as N-Triples has them, in order."""
_CASE: Final = ox.NamedNode(COP + "Case")
_NONE: Final = "~"
"""Stands for a case without an IRI, behind all IRIs."""


class NotCountable(Exception):
    """A case has a value that has no name."""


def profiles_of(store: Store, cube: Mapping[str, str]) -> Iterator[tuple[Profile, int, str]]:
    """Give the profiles of a cube's cases, with how many have it and their least IRI, in any order.

    A row counts the cases that have one value of each property, or none. A case with several values
    of one is in more rows than one: it is taken out of these, and is a profile by itself. Where it
    is the least of a row, the least of the others is not known, and empty.

    Raises:
        NotCountable: a value is a blank node.
    """
    properties = sorted(cube)
    rows: Counter[tuple[str, ...]] = Counter()
    least: dict[tuple[str, ...], str] = {}
    for solution in _solutions(store, text_of_cube(properties)):
        *values, count, first = (solution[n] for n in range(len(properties) + 2))
        row = tuple(map(_text, values))
        rows[row] += int(count.value)
        least[row] = first.value if first and first.value != _NONE else ""
    several: dict[str, dict[str, list[str]]] = {}
    if rows.total() > _number_of_cases(store):
        given = map(ox.NamedNode, properties)
        for solution in _solutions(store, view_text("several-values", property=given)):
            case, prop, value = (solution[n] for n in range(3))
            values_of = several.setdefault(str(case), {})
            values_of.setdefault(prop.value, []).append(_text(value))
    for case, values_of in several.items():
        iri = case[1:-1] if case.startswith("<") else ""
        for row in product(*(values_of.get(prop, [""]) for prop in properties)):
            rows[row] -= 1
            if least[row] == iri:
                least[row] = ""
        told = [f"<{cube[prop]}> {value}" for prop in values_of for value in values_of[prop]]
        yield tuple(sorted(told)), 1, iri
    for row, count in rows.items():
        if count:
            told = [
                f"<{cube[prop]}> {value}"
                for prop, value in zip(properties, row, strict=True)
                if value
            ]
            yield tuple(sorted(told)), count, least[row]


def text_of_cube(properties: Iterable[str]) -> str:
    """Give the query that counts cases by their values of some properties (IRIs).

    Each property stands in a sub-select, which is read through once.
    """
    names = [f"?value{number}" for number, _ in enumerate(properties)]
    optional = "\n".join(
        f"  OPTIONAL {{ SELECT ?case {name} WHERE {{ ?case {ox.NamedNode(prop)} {name} }} }}"
        for name, prop in zip(names, properties, strict=True)
    )
    return (
        f"SELECT {' '.join(names)} (COUNT(DISTINCT ?case) AS ?cases)\n"
        f'  (MIN(IF(isIRI(?case), STR(?case), "{_NONE}")) AS ?first)\nWHERE {{\n'
        f"  {{ SELECT DISTINCT ?case WHERE {{ ?case a <{_CASE.value}> }} }}\n{optional}\n}}\n"
        f"GROUP BY {' '.join(names)}"
    )


def _number_of_cases(store: Store) -> int:
    text = f"SELECT (COUNT(DISTINCT ?case) AS ?cases) WHERE {{ ?case a {_CASE} }}"
    return int(next(_solutions(store, text))[0].value)


def _solutions(store: Store, text: str) -> Iterator[ox.QuerySolution]:
    answer = store.query(text)
    assert isinstance(answer, ox.QuerySolutions)
    return answer


def _text(term: Term | None) -> str:
    """Give a value as N-Triples has it, or nothing where there is none.

    Raises:
        NotCountable: it is a blank node, or a statement.
    """
    if term is None:
        return ""
    if not isinstance(term, ox.NamedNode | ox.Literal):
        raise NotCountable
    return str(term)
