"""What the engine raised while it ran a query, in a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..errors import DamagedStore, QueryError, ServiceFailed, damage_in
from ..messages import counted

_LATE: Final = re.compile(r"time[d ]*[- ]?out", re.IGNORECASE)
"""How the engine says that no answer came in time."""


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
        told = f"SERVICE {names} gave no answer that can be used{came}: {reason}"
        return ServiceFailed(told, is_late=_LATE.search(reason) is not None)
    return QueryError(f"the query failed{came}: {reason}")
