"""What is known of the rows for and against a claim: labels, sources, values, statuses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from ..knowledge.case_record import case_record
from ..knowledge.terms import labels_of
from ..knowledge.views import rows_about
from ..messages import Sentence, Speaker, speaker
from ..names import COP, RDF, SKOS
from ..store.protocol import Store
from .claims import Test
from .deciding import Deciding
from .row_values import interpreted_values, text_of, values_by_row, values_of_rows
from .tallies import Found
from .verdict import Row

_BATCH: Final = 500
_SHOWN: Final = {
    COP + "hasProviderSector": "sector",
    COP + "hasDecisionRights": "decision_rights",
    COP + "hasRelationIntensity": "intensity",
}
_RIGHTS: Final = COP + "hasDecisionRights"
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
                status="" if each.row in bare else _status(props[each.row]),
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


def levels_of(store: Store, iris: Iterable[str], rubric: str) -> Iterator[dict[str, str]]:
    """Give the levels of arrangements by the property of a rubric: ``row`` and ``level``.

    They are those of the view ``levels-under-rubric``; an engine looks up one property of many
    sooner than one that is given among the rows of a query.
    """
    pairs = store.values_of(map(ox.NamedNode, iris), rubric)
    for iri, level in sorted({(node.value, text_of(value)) for node, value in pairs}):
        yield {"row": iri, "level": level}


def _status(interpreted: Collection[str]) -> str:
    return "interpreted" if interpreted else "stated"


class Statuses:
    """Whether rows of a claim rest on stated values alone.

    Args:
        store: where the rows stand.
        test: the test of the claim, which names the values it rests on.
        rubrics: IRI of the property of each rubric, by the rubric's name.
        rubric: name of the rubric that gives the levels.
        read: the properties that each rubric reads, by its name.
        deciding: tells which values decide on the side of a row; it is an attribute too.
    """

    def __init__(
        self,
        store: Store,
        test: Test,
        rubrics: Mapping[str, str],
        rubric: str,
        read: Mapping[str, frozenset[str]],
        deciding: Deciding,
    ) -> None:
        self.deciding = deciding
        self._store, self._rubrics, self._rubric, self._read = store, rubrics, rubric, read
        self._takes_rubric = test.takes_rubric
        self._resting = frozenset(test.rests_on)
        self._bounds = test.bounds
        self.is_placed = test.held_against_placements
        if test.takes_rubric and _RIGHTS not in read[rubric]:
            self._resting -= {_RIGHTS}

    @property
    def resting(self) -> frozenset[str]:
        """The properties that decide what a row says, but for those that every row shows."""
        return (self._resting | self._bounds) - _SHOWN.keys() - {COP + "hasParticipationLevel"}

    def of(self, iris: Sequence[str]) -> dict[str, str]:
        """Give ``interpreted`` where a value that a row rests on is, else ``stated``, by IRI."""
        return {iri: _status(props) for iri, props in self.interpreted(iris).items()}

    def interpreted(self, iris: Sequence[str]) -> dict[str, frozenset[str]]:
        """Give the properties whose value is interpreted, of those that a row rests on.

        It rests on those of which some other value would bring it to another side, or to none. In a
        comparison, where no row has a side of its own, it rests on what it is matched by, and for
        a level that differs from the one by decision rights alone on all that its rubric reads.
        """
        own: dict[tuple[str, str], str] = {}
        shared: dict[str, str] = {}
        for row in rows_about(self._store, "statuses", map(ox.NamedNode, iris)):
            status = row["status"].removeprefix(COP).lower()
            if "property" in row:
                own[row["row"], row["property"]] = status
            else:
                shared[row["row"]] = status
        recorded = self._recorded(
            iris if self.deciding.is_known else self._by_more_than_rights(iris)
        )
        found = {}
        for iri in iris:
            props = self._resting | self._bounds | recorded.get(iri, set())
            found[iri] = frozenset(
                prop
                for prop in props
                if own.get((iri, prop), shared.get(iri, "stated")) == "interpreted"
            )
        if self.deciding.is_known:
            return self.deciding.of(found)
        # Of what is not recorded there is no value to rest on.
        for prop in sorted({prop for props in found.values() for prop in props}):
            of_it = [iri for iri, props in found.items() if prop in props]
            for iri in {*of_it} - self._with(prop, of_it):
                found[iri] -= {prop}
        return found

    def whole(self, iris: Collection[str]) -> set[str]:
        """Give those of some rows of which all that they rest on is recorded, level and values."""
        left = set(iris)
        levels = [self._rubrics[self._rubric]] if self._takes_rubric else []
        for prop in (*levels, *sorted(self._resting)):
            left &= self._with(prop, left)
        return left

    def lacking(self, iris: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Give the properties that rows rest on and that are not recorded of them, in order.

        What a rubric reads is missing of a row without a level alone.
        """
        found: dict[str, set[str]] = {iri: set() for iri in iris}
        levels = self._with(self._rubrics[self._rubric], iris) if self._takes_rubric else set()
        read = self._read[self._rubric] if self._takes_rubric else frozenset()
        always = self._resting - {_RIGHTS}
        for prop in self._resting | read:
            for iri in {*iris} - self._with(prop, iris):
                if prop in always or iri not in levels:
                    found[iri].add(prop)
        return {iri: tuple(sorted(props)) for iri, props in found.items()}

    def bare(self, iris: Collection[str]) -> set[str]:
        """Give those of some rows of which nothing is recorded that they could rest on."""
        left = set(iris)
        read = self._read[self._rubric] if self._takes_rubric else frozenset()
        for prop in sorted(self._resting | self._bounds | read):
            left -= self._with(prop, left)
        return left

    def _with(self, prop: str, iris: Collection[str]) -> set[str]:
        """Give those rows of which, or of whose providers, a property is recorded."""
        parents = [f.parent for f in case_record().fields if f.path == prop]
        parent = None if "" in parents else next(iter(parents), None)
        return set(values_by_row(self._store, sorted(iris), parent, prop))

    def stated_parts(self, rows: Iterable[tuple[Sequence[str], Collection[str]]]) -> set[str]:
        """Give the parts of a claim of which some row, or pair, rests on stated values alone.

        Args:
            rows: IRIs of the row, or of both of a pair, and the parts it is about; they are gone
                through until each part has one.
        """
        left = list(rows)
        wanted = {part for _, parts in left for part in parts}
        found: set[str] = set()
        while left and found < wanted:
            batch, left = left[:_BATCH], left[_BATCH:]
            status = self.of(sorted({iri for iris, _ in batch for iri in iris}))
            for iris, parts in batch:
                if all(status[iri] == "stated" for iri in iris):
                    found.update(parts)
        return found

    def _by_more_than_rights(self, iris: Sequence[str]) -> set[str]:
        """Give the rows whose level does not follow from decision rights alone."""
        if not self._takes_rubric:
            return set()
        if _RIGHTS not in self._read[self._rubric]:
            return set(iris)
        plain = next((name for name, props in self._read.items() if props == {_RIGHTS}), "")
        if self._rubric == plain:
            return set()
        level = {(r["row"], r["level"]) for r in self._levels(iris, self._rubric)}
        by_rights = {(r["row"], r["level"]) for r in self._levels(iris, plain)} if plain else set()
        return {iri for iri, _ in level - by_rights}

    def _levels(self, iris: Sequence[str], rubric: str) -> Iterator[dict[str, str]]:
        return levels_of(self._store, iris, self._rubrics[rubric])

    def _recorded(self, iris: Collection[str]) -> dict[str, set[str]]:
        """Give what the rubric reads that is recorded of rows, by the row."""
        found: dict[str, set[str]] = {}
        for prop in self._read[self._rubric] if self._takes_rubric else ():
            for node, _ in self._store.values_of(map(ox.NamedNode, iris), prop):
                found.setdefault(node.value, set()).add(prop)
        return found


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
            name, label = _SHOWN[row["property"]], labels[row["value"]]
            known = self.values.setdefault(row["row"], {})
            known[name] = f"{known[name]}{both}{label}" if name in known else label
        levels = list(levels_of(store, iris, rubrics[rubric]))
        labels = labels_of(store, {row["level"] for row in levels}, lang)
        for row in levels:
            known = self.values.setdefault(row["row"], {})
            label = labels[row["level"]]
            known["level"] = f"{known['level']}{both}{label}" if "level" in known else label
