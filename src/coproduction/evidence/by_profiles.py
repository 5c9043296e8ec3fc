"""The rows of a claim counted by the summary of a store, where the claim names a data cube."""

from __future__ import annotations

from ..knowledge.counts import profiles_for
from ..store.lookup import rows_of
from ..store.protocol import Store
from .claims import Test
from .sides import counting


def rows_counted(store: Store, test: Test, text: str, query: str) -> list[dict[str, str]]:
    """Give how many rows of a claim say what.

    Args:
        store: what is in scope.
        test: the claim.
        text: its query.
        query: the same, counting (:func:`~coproduction.evidence.sides.counting`).

    Returns:
        the answer to `query`; where profiles of the summary were counted no row is named.

    Raises:
        QueryError: the query cannot be read, or fails.
    """
    by_profiles = counting(test, text, by_profiles=True)
    profiles = profiles_for(store, test.query) if by_profiles != query else None
    if profiles is None or by_profiles is None:
        return list(rows_of(store, query))
    return list(rows_of(profiles, by_profiles))
