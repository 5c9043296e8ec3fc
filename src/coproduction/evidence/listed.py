"""The rows on the sides of a claim, as many as are told of by name; the rest are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from ..messages import Speaker
from ..names import DCTERMS
from ..store.protocol import Store
from .claims import Test
from .rows import described
from .statuses import Statuses
from .tallies import Beyond, Found, Sides
from .verdict import Row

_AT_ONCE: Final = 5_000
"""Rows that are counted at a time."""
_SOURCE: Final = DCTERMS + "source"


def listed(
    store: Store,
    test: Test,
    sides: Sides,
    torn: Sequence[str],
    statuses: Statuses,
    rubrics: Mapping[str, str],
    rubric: str,
    say: Speaker,
    most: int | None = None,
) -> tuple[dict[str, list[Row]], dict[str, Beyond]]:
    """Say what is known of the rows on each side of a claim.

    Args:
        store: where the rows stand.
        test: the claim.
        sides: its rows.
        torn: IRIs of the arrangements that have two levels; they stand among the undetermined.
        statuses: of its rows.
        rubrics: IRI of the property of each rubric, by the rubric's name.
        rubric: name of the rubric that gives the levels.
        say: the language.
        most: how many rows of a side are told of, the first by their IRIs; all by default.

    Returns:
        the rows by side, and by side what is counted of those beyond, where there are any.
    """
    rows: dict[str, list[Row]] = {}
    left: dict[str, Beyond] = {}
    for part in test.sides:
        found = list(sides.on[part])
        is_open = part == "undetermined"
        if is_open:
            found += [Found(iri, note=say("it has two levels")) for iri in torn]
        is_torn = is_open and bool(test.sets)
        whole = (
            say("nothing asked for is missing, and it decides for neither side") if is_torn else ""
        )
        given = (statuses, rubrics, rubric, say.lang, whole, say if is_open else None)
        rows[part] = list(described(store, found[:most], *given))
        if more := found[len(rows[part]) :]:
            left[part] = _counted(store, more, None if is_open else statuses)
    return rows, left


def _counted(store: Store, found: Sequence[Found], statuses: Statuses | None) -> Beyond:
    """Count rows of which no more is said; without statuses none is told to be interpreted."""
    interpreted = sourced = 0
    for start in range(0, len(found), _AT_ONCE):
        batch = [each.row for each in found[start : start + _AT_ONCE]]
        iris = sorted(set(batch))
        status = statuses.of(iris) if statuses else {}
        with_source = {node.value for node, _ in store.values_of(map(ox.NamedNode, iris), _SOURCE)}
        interpreted += sum(status.get(iri) == "interpreted" for iri in batch)
        sourced += sum(iri in with_source for iri in batch)
    return Beyond(len(found), interpreted, len(found) - sourced)
