"""What is known of the rows for and against a claim: labels, sources, values, statuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from ..knowledge.case_record import case_record
from ..knowledge.terms import labels_of
from ..knowledge.views import rows_about
from ..messages import Sentence, Speaker, speaker
from ..names import COP, RDF, SKOS
from ..store.protocol import Store
from .recorded import levels_of, values_by_row
from .row_values import interpreted_values, values_of_rows
from .statuses import SHOWN, Statuses, status_of
from .tallies import Found
from .verdict import Row

_BATCH: Final = 500
CELL: Final = Sentence("cell of the source")
"""Heading of the cell in which the source places the service and form of a row."""


def described(
    store: Store,
    found: Sequence[Found],
    statuses: Statuses,
    rubrics: Mapping[str, str],
    rubric: str,
    lang: str = "en",
    whole: str = "",
    say: Speaker | None = None,
) -> Iterator[Row]:
    """Say what is known of the rows on a side of a claim.

    Args:
        store: where the rows stand.
        found: the rows.
        statuses: of the claim.
        rubrics: IRI of the property of each rubric, by the rubric's name.
        rubric: name of the rubric that gives the levels.
        lang: language of the labels.
        whole: the note of a row that has none, and of which no value is missing that can decide;
            by default rows are not looked at for that.
        say: says in the note of a row that has none what is not recorded of it; by default rows
            are not looked at for that.

    Returns:
        a row for each, in the same order.
    """
    for start in range(0, len(found), _BATCH):
        batch = found[start : start + _BATCH]
        iris = sorted({each.row for each in batch})
        named = {iri for each in batch for iri in (each.row, each.other)} - {""}
        named |= {iri for each in batch for iri in each.part.split()}
        labels = labels_of(store, named, lang)
        details = _Details(store, iris, rubrics, rubric, lang)
        props = statuses.interpreted(iris)
        read = interpreted_values(store, props, lang)
        doubts = doubts_of(store, iris)
        resting = values_of_rows(store, iris, statuses.resting, lang)
        complete = statuses.whole(iris) if whole else frozenset()
        cells = cells_of_source(store, iris, lang) if statuses.is_placed else {}
        lacking = _lacking(statuses, iris, say) if say else {}
        bare = statuses.bare(iris) if say else frozenset()
        for each in batch:
            values = details.values.get(each.row, {})
            yield Row(
                iri=each.row,
                label=labels[each.row],
                status="" if each.row in bare else status_of(props[each.row]),
                sources=tuple(details.sources.get(each.row, ())),
                values=values,
                part=" / ".join(labels[iri] for iri in each.part.split()),
                other=labels.get(each.other, ""),
                note=each.note
                or (whole if each.row in complete else "")
                or lacking.get(each.row, ""),
                interpreted=read.get(each.row, ()),
                doubts=doubts.get(each.row, ()),
                resting=resting[each.row] | ({CELL: cells[each.row]} if each.row in cells else {}),
            )


def _lacking(statuses: Statuses, iris: Sequence[str], say: Speaker) -> dict[str, str]:
    """Tell what is not recorded of rows, by the row."""
    names = {f.path: f.name(say.lang) for f in case_record().fields}
    return {
        iri: say("{names} not recorded", names=", ".join(names.get(prop, prop) for prop in props))
        for iri, props in statuses.lacking(iris).items()
        if props
    }


def cells_of_source(store: Store, iris: Sequence[str], lang: str) -> dict[str, str]:
    """Give the cells in which the source places the service and form of rows, by the rows.

    Of a service that it does not place beside the form of a row it is the intensity alone.
    """
    say = speaker(lang)
    beside = say("beside another form")
    found = list(rows_about(store, "cells-of-source", map(ox.NamedNode, iris)))
    iris_told = {row[name] for row in found for name in ("level", "intensity") if name in row}
    labels = labels_of(store, iris_told, lang)
    told: dict[bool, dict[str, list[str]]] = {True: {}, False: {}}
    for row in found:
        cell = labels[row["intensity"]]
        cell = f"{labels[row['level']]}, {cell}" if "level" in row else f"{cell} ({beside})"
        told["level" in row].setdefault(row["row"], []).append(cell)
    return {iri: say("; ").join(cells) for iri, cells in (told[False] | told[True]).items()}


def doubts_of(store: Store, iris: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Give what the records of cases say against their own coding, by the case.

    Args:
        store: where the cases stand.
        iris: the cases, whose editorial notes (SKOS) are the doubts; what is no case has none.
    """
    found = values_by_row(store, iris, None, SKOS + "editorialNote")
    kinds = values_by_row(store, list(found), None, RDF + "type")
    return {
        iri: tuple(sorted(notes))
        for iri, notes in found.items()
        if COP + "Case" in kinds.get(iri, ())
    }


class _Details:
    """Sources and values of a batch of rows."""

    def __init__(
        self, store: Store, iris: list[str], rubrics: Mapping[str, str], rubric: str, lang: str
    ) -> None:
        nodes, both = list(map(ox.NamedNode, iris)), speaker(lang)("; ")
        self.sources: dict[str, list[tuple[str, str]]] = {}
        self.values: dict[str, dict[str, str]] = {}
        for row in rows_about(store, "sources-of-arrangements", nodes):
            pair = (row["source"], row.get("label", row["source"]))
            self.sources.setdefault(row["row"], []).append(pair)
        found = list(rows_about(store, "values-shown", nodes))
        labels = labels_of(store, {row["value"] for row in found}, lang)
        for row in sorted(found, key=lambda row: labels[row["value"]]):
            name, label = SHOWN[row["property"]], labels[row["value"]]
            known = self.values.setdefault(row["row"], {})
            known[name] = f"{known[name]}{both}{label}" if name in known else label
        levels = list(levels_of(store, iris, rubrics[rubric]))
        labels = labels_of(store, {row["level"] for row in levels}, lang)
        for row in levels:
            known = self.values.setdefault(row["row"], {})
            label = labels[row["level"]]
            known["level"] = f"{known['level']}{both}{label}" if "level" in known else label
