"""How many rows a claim leaves undetermined, and the first of them, counted by the engine.

Where a value is recorded of none or of few of very many cases, these are nearly all of them: to
give the IRI of each takes an engine several times as long as to count them.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from ..errors import QueryError
from ..knowledge.portable import parts_of
from ..store.lookup import rows_of
from ..store.protocol import Store
from .claims import Test
from .in_scope import packaged_alone
from .tallies import TRUTHS
from .verdict import Verdict

_FALSE: Final = ", ".join(f'"{text}"' for text, truth in TRUTHS.items() if not truth)
_FAILURES: Final = (QueryError, OSError, RuntimeError, ValueError)


class UndeterminedRows(NamedTuple):
    """Rows that a claim leaves undetermined.

    Attributes:
        number: how many there are.
        first: IRI of the first of them; empty where there is none.
    """

    number: int
    first: str


def undetermined_rows(
    store: Store, test: Test, text: str, verdict: Verdict
) -> UndeterminedRows | None:
    """Count the rows that a claim leaves undetermined, where a query can tell them by itself.

    Args:
        store: what is in scope.
        test: the claim.
        text: its query.
        verdict: on the claim, judged by counts.

    Returns:
        None where they have to be looked through: of a comparison that has pairs or rows without
        a match, of a claim with conditions and outcomes, where rows are left out, and of a
        server, whose order of texts may be another.
    """
    query = _counting(test, text, verdict)
    # The engine's order of IRIs is that of their texts; what has no IRI has no least text.
    is_plain = not (verdict.spoilt or verdict.conflicts or test.sets)
    if query is None or not is_plain or store.address is not None:
        return None
    try:
        (own,) = rows_of(packaged_alone(), query)
        (row,) = rows_of(store, query)
    except _FAILURES:
        return None  # who looks them through tells what failed
    number = int(row["n"])
    if int(own["n"]) or (number and "first" not in row):
        return None
    return UndeterminedRows(number, row.get("first", ""))


def _counting(test: Test, text: str, verdict: Verdict) -> str | None:
    """Give the query around a claim's that counts its undetermined rows, or None."""
    parts = parts_of(text)
    if test.type == "existence":
        told = "FILTER(!BOUND(?part)) "
        if "condition" in parts.variables:
            told += f"FILTER(!BOUND(?condition) || STR(?condition) NOT IN ({_FALSE})) "
    elif test.type == "comparison" and not (verdict.counts["pairs"] or verdict.unmatched):
        told = ""  # without a row that could be compared all are undetermined
    else:
        return None
    return (
        f"{parts.prologue}SELECT (COUNT(DISTINCT ?row) AS ?n) (MIN(STR(?row)) AS ?first) "
        f"WHERE {{ {{ {parts.body}\n}} {told}}}"
    )
