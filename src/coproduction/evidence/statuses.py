"""Whether the rows of a claim rest on stated values alone, or on an interpreted one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from ..knowledge.case_record import case_record
from ..knowledge.views import rows_about
from ..names import COP
from ..store.lookup import rows_of
from ..store.protocol import Store
from .claims import Test
from .deciding import Deciding
from .recorded import levels_of, values_by_row

_BATCH: Final = 500
_MANY: Final = 2_000
"""Rows above which a store is looked through once, for those in doubt or with a property."""
_INTERPRETED: Final = "interpreted"
_RIGHTS: Final = COP + "hasDecisionRights"
SHOWN: Final = {
    COP + "hasProviderSector": "sector",
    COP + "hasDecisionRights": "decision_rights",
    COP + "hasRelationIntensity": "intensity",
}
"""What every row shows, by the property."""


def status_of(interpreted: Collection[str]) -> str:
    """Give the status of a row by its interpreted values that decide."""
    return _INTERPRETED if interpreted else "stated"


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
        self._by_rubric = read[rubric] if test.takes_rubric else frozenset()
        self._resting = frozenset(test.rests_on)
        self._bounds = test.bounds
        self.is_placed = test.held_against_placements
        if test.takes_rubric and _RIGHTS not in self._by_rubric:
            self._resting -= {_RIGHTS}

    @property
    def resting(self) -> frozenset[str]:
        """The properties that decide what a row says, but for those that every row shows.

        They are those of the claim, and those off which the rubric in force reads a level.
        """
        decides = self._resting | self._bounds | self._by_rubric
        return decides - SHOWN.keys() - {COP + "hasParticipationLevel"}

    def of(self, iris: Sequence[str]) -> dict[str, str]:
        """Give ``interpreted`` where a value that a row rests on is, else ``stated``, by IRI."""
        return {iri: status_of(props) for iri, props in self.interpreted(iris).items()}

    def interpreted(self, iris: Sequence[str]) -> dict[str, frozenset[str]]:
        """Give the properties whose value is interpreted, of those that a row rests on.

        It rests on those of which some other value would bring it to another side, or to none. In a
        comparison, where no row has a side of its own, it rests on what it is matched by, and for
        a level that differs from the one by decision rights alone on all that its rubric reads.
        """
        found: dict[str, frozenset[str]] = dict.fromkeys(iris, frozenset())
        could = self._resting | self._bounds | self._by_rubric
        if len(iris) > _MANY:
            iris = self.deciding.among(iris, could)
        own: dict[tuple[str, str], str] = {}
        shared: dict[str, str] = {}
        for row in rows_about(self._store, "statuses", map(ox.NamedNode, iris)):
            status = row["status"].removeprefix(COP).lower()
            if "property" in row:
                own[row["row"], row["property"]] = status
            else:
                shared[row["row"]] = status
        in_doubt = {iri for iri, status in shared.items() if status == _INTERPRETED}
        in_doubt |= {
            iri for (iri, prop), word in own.items() if word == _INTERPRETED and prop in could
        }
        looked_at = [iri for iri in iris if iri in in_doubt]
        recorded = self._recorded(
            looked_at if self.deciding.is_known else self._by_more_than_rights(looked_at)
        )
        for iri in looked_at:
            props = self._resting | self._bounds | recorded.get(iri, set())
            found[iri] = frozenset(
                prop
                for prop in props
                if own.get((iri, prop), shared.get(iri, "stated")) == _INTERPRETED
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
        for prop in self.of_whole:
            left &= self._with(prop, left)
        return left

    @property
    def of_whole(self) -> list[str]:
        """The properties that are recorded of a row of which nothing is missing."""
        levels = [self._rubrics[self._rubric]] if self._takes_rubric else []
        return [*levels, *sorted(self._resting)]

    def lacking(self, iris: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Give the properties that rows rest on and that are not recorded of them, in order.

        What a rubric reads is missing of a row without a level alone.
        """
        found: dict[str, set[str]] = {iri: set() for iri in iris}
        levels = self._with(self._rubrics[self._rubric], iris) if self._takes_rubric else set()
        always = self._resting - {_RIGHTS}
        for prop in self._resting | self._by_rubric:
            for iri in {*iris} - self._with(prop, iris):
                if prop in always or iri not in levels:
                    found[iri].add(prop)
        return {iri: tuple(sorted(props)) for iri, props in found.items()}

    def bare(self, iris: Collection[str]) -> set[str]:
        """Give those of some rows of which nothing is recorded that they could rest on."""
        left = set(iris)
        for prop in sorted(self._resting | self._bounds | self._by_rubric):
            left -= self._with(prop, left)
        return left

    def _with(self, prop: str, iris: Collection[str]) -> set[str]:
        """Give those rows of which, or of whose providers, a property is recorded."""
        parents = [f.parent for f in case_record().fields if f.path == prop]
        parent = None if "" in parents else next(iter(parents), None)
        if parent is None and len(iris) > _MANY and self._store.address is None:
            # One pass over what is recorded, in place of a look at each row.
            text = f"SELECT DISTINCT ?row WHERE {{ ?row {ox.NamedNode(prop)} ?value }}"
            return {row["row"] for row in rows_of(self._store, text)}.intersection(iris)
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
        if _RIGHTS not in self._by_rubric:
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
        for prop in self._by_rubric:
            for node, _ in self._store.values_of(map(ox.NamedNode, iris), prop):
                found.setdefault(node.value, set()).add(prop)
        return found
