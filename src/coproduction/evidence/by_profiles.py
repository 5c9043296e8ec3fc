"""The rows of a claim counted by the summary of a store, where the claim names a data cube."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from ..knowledge.counts import profiles_for
from ..knowledge.levels import rubrics_of
from ..names import COP, SUMMARY
from ..store.lookup import rows_of
from ..store.protocol import Store
from ..syntax.sparql import iris_named
from .claims import Test
from .sides import counting

_COUNT: Final = ox.NamedNode(COP + "caseCount")
_EXAMPLE: Final = ox.NamedNode(COP + "exampleCase")
_DIMENSION_OF: Final = ox.NamedNode(COP + "dimensionOf")
_MOST: Final = 100
"""Cases with the values of a profile among which one is looked for that has no others."""


def rows_counted(store: Store, test: Test, text: str, query: str) -> list[dict[str, str]]:
    """Give how many rows of a claim say what.

    Args:
        store: what is in scope.
        test: the claim.
        text: its query.
        query: the same, counting (:func:`~coproduction.evidence.sides.counting`).

    Returns:
        the answer to `query`; where profiles of the summary were counted ``one`` can be a profile,
        see :func:`cases_of`.

    Raises:
        QueryError: the query cannot be read, or fails.
    """
    by_profiles = counting(test, text, by_profiles=True)
    profiles = profiles_of_claim(store, test, text)
    if profiles is None or by_profiles is None:
        return list(rows_of(store, query))
    return list(rows_of(profiles, by_profiles))


def profiles_of_claim(store: Store, test: Test, text: str) -> Store | None:
    """Give the profiles of a store's cases as cases, for a claim that names a data cube, or None.

    Args:
        store: what is in scope.
        test: the claim.
        text: its query.
    """
    profiles = profiles_for(store, test.query)
    return profiles if profiles and has_levels(profiles, store, text) else None


def counts_by_profiles(store: Store, test: Test) -> bool:
    """Tell whether the summary of a store has the rows of a claim counted."""
    return profiles_for(store, test.query) is not None


def has_dimensions(profiles: Store, properties: Iterable[str]) -> bool:
    """Tell whether profiles have the values of all of some properties (IRIs)."""
    told = {quad.object for quad in profiles.statements(None, _DIMENSION_OF)}
    return told.issuperset(map(ox.NamedNode, properties))


def has_levels(profiles: Store, store: Store, text: str) -> bool:
    """Tell whether profiles have the levels that a query asks for: a user may add a rubric."""
    return has_dimensions(profiles, set(iris_named(text)) & set(rubrics_of(store).values()))


def cases_of(store: Store, test: Test, rows: Iterable[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Give rows of a claim with a case in place of each profile, where one is found for it.

    Args:
        store: what is in scope.
        test: the claim.
        rows: as :func:`~coproduction.evidence.sides.ones_on_side` gives them.
    """
    for row in rows:
        profiles = profiles_for(store, test.query) if row["row"].startswith(SUMMARY) else None
        case = row["row"] if profiles is None else _case_of(row["row"], profiles, store)
        if case:
            yield row | {"row": case}


def _case_of(profile: str, profiles: Store, store: Store) -> str:
    """Give a case of a store that has the values of a profile and no other, or nothing."""
    node = ox.NamedNode(profile)
    for example in profiles.values(node, _EXAMPLE.value):
        return getattr(example, "value", "")
    told = {
        (quad.predicate, quad.object)
        for quad in profiles.statements(node)
        if quad.predicate != _COUNT
    }
    pattern = " ; ".join(sorted(f"{predicate} {value}" for predicate, value in told))
    found = store.query(f"SELECT ?case WHERE {{ ?case {pattern} }} LIMIT {_MOST}")
    assert isinstance(found, ox.QuerySolutions)
    properties = {quad.object for quad in profiles.statements(None, _DIMENSION_OF)}
    for row in found:
        case = row["case"]
        if isinstance(case, ox.NamedNode):
            quads = [quad for quad in store.statements(case) if quad.predicate in properties]
            if {(quad.predicate, quad.object) for quad in quads} <= told:
                return case.value
    return ""
