"""What the engine raised while it ran a query, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import DamagedStore, QueryError, damage_in
from ..messages import counted


def failure(
    error: Exception, endpoints: Sequence[str] = (), rows: int = 0
) -> QueryError | DamagedStore:
    """Put what the engine raised while it ran a query into a sentence.

    Args:
        error: what it raised.
        endpoints: the endpoints that the query asks.
        rows: how many rows had come.
    """
    damage = damage_in(error)
    if damage:
        return damage
    came = f" after {counted(rows, 'row')}" if rows else ""
    reason = " ".join(str(error).removesuffix("with payload:\n").split())
    if endpoints:
        names = " ".join(f"<{endpoint}>" for endpoint in endpoints)
        return QueryError(f"SERVICE {names} gave no answer that can be used{came}: {reason}")
    return QueryError(f"the query failed{came}: {reason}")
