"""What is known of the rows for and against a claim: labels, sources, values, statuses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from ..knowledge.terms import labels_of
from ..knowledge.views import rows_of_view
from ..names import COP
from ..store.protocol import Store
from .claims import Row, Test

_BATCH: Final = 500
_SHOWN: Final = {
    COP + "hasProviderSector": "sector",
    COP + "hasDecisionRights": "decision_rights",
    COP + "hasRelationIntensity": "intensity",
}
RUBRIC_R0: Final = COP + "RubricR0"
RUBRIC_R1: Final = COP + "RubricR1"
_RAISING: Final = (COP + "hasContribution", COP + "hasRelationIntensity")
"""What raises a level under R1."""


def described(
    store: Store, answer: list[dict[str, str]], test: Test, rubric: str, lang: str = "en"
) -> Iterator[Row]:
    """Say what is known of the rows that a claim's query gave.

    Args:
        store: where the rows stand.
        answer: rows with ``row``, and where they have them ``part``, ``other`` and ``note``.
        test: the test of the claim, which names the values it rests on.
        rubric: IRI of the rubric that gives the levels.
        lang: language of the labels.

    Returns:
        a row for each, in the same order.
    """
    for start in range(0, len(answer), _BATCH):
        batch = answer[start : start + _BATCH]
        iris = sorted({row["row"] for row in batch})
        others = {row["other"] for row in batch if row.get("other")}
        parts = {row["part"] for row in batch if row.get("part")}
        labels = labels_of(store, {*iris, *others, *parts}, lang)
        details = _Details(store, iris, test.rests_on, rubric, lang)
        for row in batch:
            iri = row["row"]
            yield Row(
                iri=iri,
                label=labels[iri],
                status=details.status(iri),
                sources=tuple(details.sources.get(iri, ())),
                values=details.values.get(iri, {}),
                part=labels.get(row.get("part", ""), ""),
                other=labels.get(row.get("other", ""), ""),
                note=row.get("note", ""),
            )


def levels_of(store: Store, iris: Iterable[str], rubric: str) -> Iterator[dict[str, str]]:
    """Give the levels of arrangements under a rubric: ``row``, ``level`` and ``label``."""
    nodes = map(ox.NamedNode, iris)
    return rows_of_view(store, "levels-under-rubric", row=nodes, rubric=[ox.NamedNode(rubric)])


class _Details:
    """Sources, values and statuses of a batch of rows."""

    def __init__(
        self, store: Store, iris: list[str], rests_on: tuple[str, ...], rubric: str, lang: str
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
        levels = list(levels_of(store, iris, rubric))
        self._raised: set[str] = set()
        if rubric == RUBRIC_R1:
            plain = {(row["row"], row["level"]) for row in levels_of(store, iris, RUBRIC_R0)}
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

        A level that R1 raised rests on contributions and intensity too.
        """
        shared = self._shared.get(iri, "stated")
        props = (*self._rests_on, *(_RAISING if iri in self._raised else ()))
        found = {self._own.get((iri, prop), shared) for prop in props}
        return "interpreted" if "interpreted" in found else "stated"
