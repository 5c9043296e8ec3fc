"""What is known of the rows for and against a claim: labels, sources, values, statuses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final

import pyoxigraph as ox

from ..knowledge.case_record import case_record
from ..knowledge.levels import bearing_on_levels
from ..knowledge.terms import labels_of
from ..knowledge.views import rows_of_view
from ..names import COP
from ..store.protocol import Store
from .claims import Test
from .tallies import Found
from .verdict import Row

_BATCH: Final = 500
_SHOWN: Final = {
    COP + "hasProviderSector": "sector",
    COP + "hasDecisionRights": "decision_rights",
    COP + "hasRelationIntensity": "intensity",
}
_PLAIN: Final = "R0"
"""The rubric that reads the level off the decision rights alone."""


def described(
    store: Store,
    found: Sequence[Found],
    test: Test,
    rubrics: Mapping[str, str],
    rubric: str,
    lang: str = "en",
) -> Iterator[Row]:
    """Say what is known of the rows on a side of a claim.

    Args:
        store: where the rows stand.
        found: the rows.
        test: the test of the claim, which names the values it rests on.
        rubrics: IRI of the property of each rubric, by the rubric's name.
        rubric: name of the rubric that gives the levels.
        lang: language of the labels.

    Returns:
        a row for each, in the same order.
    """
    for start in range(0, len(found), _BATCH):
        batch = found[start : start + _BATCH]
        iris = sorted({each.row for each in batch})
        named = {iri for each in batch for iri in (each.row, each.other, each.part)} - {""}
        labels = labels_of(store, named, lang)
        details = _Details(store, iris, test.rests_on, rubrics, rubric, lang)
        for each in batch:
            yield Row(
                iri=each.row,
                label=labels[each.row],
                status=details.status(each.row),
                sources=tuple(details.sources.get(each.row, ())),
                values=details.values.get(each.row, {}),
                part=labels.get(each.part, ""),
                other=labels.get(each.other, ""),
                note=each.note,
            )


def levels_of(store: Store, iris: Iterable[str], rubric: str) -> Iterator[dict[str, str]]:
    """Give the levels of arrangements by the property of a rubric: ``row`` and ``level``."""
    nodes = map(ox.NamedNode, iris)
    return rows_of_view(store, "levels-under-rubric", row=nodes, rubric=[ox.NamedNode(rubric)])


def stated_among(
    store: Store,
    iris: Iterable[str],
    test: Test,
    rubrics: Mapping[str, str],
    rubric: str,
) -> set[str]:
    """Give those of some rows that rest on stated values alone; arguments as of `described`."""
    found: set[str] = set()
    each_once = sorted(set(iris))
    for start in range(0, len(each_once), _BATCH):
        batch = each_once[start : start + _BATCH]
        details = _Details(store, batch, test.rests_on, rubrics, rubric, "en")
        found.update(iri for iri in batch if details.status(iri) == "stated")
    return found


class _Details:
    """Sources, values and statuses of a batch of rows."""

    def __init__(
        self,
        store: Store,
        iris: list[str],
        rests_on: tuple[str, ...],
        rubrics: Mapping[str, str],
        rubric: str,
        lang: str,
    ) -> None:
        nodes = list(map(ox.NamedNode, iris))
        self._rests_on = rests_on
        self.sources: dict[str, list[tuple[str, str]]] = {}
        self.values: dict[str, dict[str, str]] = {}
        self._own: dict[tuple[str, str], str] = {}
        self._shared: dict[str, str] = {}
        for row in rows_of_view(store, "sources-of-arrangements", row=nodes):
            pair = (row["source"], row.get("label", row["source"]))
            self.sources.setdefault(row["row"], []).append(pair)
        found = list(rows_of_view(store, "values-shown", row=nodes))
        labels = labels_of(store, {row["value"] for row in found}, lang)
        for row in sorted(found, key=lambda row: labels[row["value"]]):
            name, label = _SHOWN[row["property"]], labels[row["value"]]
            known = self.values.setdefault(row["row"], {})
            known[name] = f"{known[name]}; {label}" if name in known else label
        levels = list(levels_of(store, iris, rubrics[rubric]))
        self._raised: set[str] = set()
        if rubric != _PLAIN:
            plain = {(row["row"], row["level"]) for row in levels_of(store, iris, rubrics[_PLAIN])}
            self._raised = {row["row"] for row in levels if (row["row"], row["level"]) not in plain}
        labels = labels_of(store, {row["level"] for row in levels}, lang)
        for row in levels:
            self.values.setdefault(row["row"], {})["level"] = labels[row["level"]]
        for row in rows_of_view(store, "statuses", row=nodes):
            status = row["status"].removeprefix(COP).lower()
            if "property" in row:
                self._own[row["row"], row["property"]] = status
            else:
                self._shared[row["row"]] = status

    def status(self, iri: str) -> str:
        """Give interpreted where a value that the claim rests on is, else stated.

        A level that another rubric than R0 changed rests on contributions and intensity too.
        """
        shared = self._shared.get(iri, "stated")
        props = (*self._rests_on, *(_raising() if iri in self._raised else ()))
        found = {self._own.get((iri, prop), shared) for prop in props}
        return "interpreted" if "interpreted" in found else "stated"


@cache
def _raising() -> frozenset[str]:
    """Give the fields that a level follows from by the rules, beside a level that is stated."""
    fields = {field.path for field in case_record().fields if not field.parent}
    return bearing_on_levels() & fields - {COP + "hasParticipationLevel"}
