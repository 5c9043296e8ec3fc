"""How many rows a claim leaves undetermined, and the first of them, without the IRI of each.

Where a value is recorded of none or of few of very many cases, these are nearly all of them: to
give the IRI of each takes an engine several times as long as to count them, and the summary of a
store has them counted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from ..errors import QueryError
from ..knowledge.portable import parts_of
from ..names import COP
from ..store.lookup import rows_of
from ..store.protocol import Store
from .by_profiles import has_dimensions, profiles_of_claim
from .claims import Test
from .in_scope import packaged_alone
from .sides import beside, sides_of
from .tallies import TRUTHS, Cell
from .verdict import Verdict

if TYPE_CHECKING:
    from .ledger import Evidence
    from .statuses import Statuses

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


def undetermined_rows(ledger: Evidence, test: Test, verdict: Verdict) -> UndeterminedRows | None:
    """Count the rows that a claim leaves undetermined, where the summary or a query can tell them.

    Args:
        ledger: what is in scope.
        test: the claim.
        verdict: on the claim, judged by counts.

    Returns:
        None where they have to be looked through: of a comparison that has pairs or rows without
        a match, of a claim with conditions and outcomes that no summary has counted, where rows
        are left out, and of a server, whose order of texts may be another.
    """
    store, text = ledger.store, ledger.text(test)
    if verdict.spoilt or verdict.conflicts:
        return None
    profiles = profiles_of_claim(store, test, text)
    if profiles is not None:
        statuses = ledger.statuses_of(test, profiles)
        is_told = not test.sets or has_dimensions(profiles, statuses.of_whole)
        return _by_profiles(profiles, test, text, statuses) if is_told else None
    query = _counting(test, text, verdict)
    # The engine's order of IRIs is that of their texts; what has no IRI has no least text.
    if query is None or store.address is not None:
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


def rows_waiting(
    test: Test,
    on: Mapping[str, Collection[str]],
    cells: Mapping[Cell, Collection[str]],
    statuses: Statuses,
) -> set[str]:
    """Give the rows of which a value is missing that decides: not those that fit neither side.

    Args:
        test: the claim.
        on: IRIs of the rows by side.
        cells: IRIs of the rows by condition and outcome.
        statuses: tells what is recorded of them.
    """
    told = {iri for rows in on.values() for iri in rows}
    places = beside(test.type, cells).items()
    untold = {iri for iri, place in places if place == "not told"} - told
    waiting = untold.union(on["undetermined"])
    return waiting - statuses.whole(waiting) if test.sets else waiting


def _by_profiles(
    profiles: Store, test: Test, text: str, statuses: Statuses
) -> UndeterminedRows | None:
    """Count them by the profiles of cases; None where the first of one is not known."""
    try:
        sides = sides_of(test, rows_of(profiles, text))
    except _FAILURES:
        return None  # who looks them through tells what failed
    on = {side: [each.row for each in found] for side, found in sides.on.items()}
    number, firsts = 0, []
    for row in rows_waiting(test, on, sides.cells, statuses):
        node = ox.NamedNode(row)
        counts = profiles.values(node, COP + "caseCount")
        number += int(getattr(counts[0], "value", "")) if counts else 1
        examples = profiles.values(node, COP + "exampleCase")
        if counts and not examples:
            return None
        firsts += [getattr(each, "value", "") for each in examples] or [row]
    return UndeterminedRows(number, min(firsts, default=""))


def _counting(test: Test, text: str, verdict: Verdict) -> str | None:
    """Give the query around a claim's that counts its undetermined rows, or None."""
    parts = parts_of(text)
    if test.sets:
        return None
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
