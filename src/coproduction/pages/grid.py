"""Diagram 1 with the cases in it, all of them or some, as values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyoxigraph as ox

from ..knowledge.views import rows_of_view
from ..names import COP
from ..pictures.views import rows
from ..store.labels import labels
from .keeping import kept
from .page import Words

if TYPE_CHECKING:
    from ..store.protocol import Store

RECORDED: Final = COP + "hasParticipationLevel"
"""The property of the level that is recorded of a case, by which Diagram 1 has it (rubric R0)."""
NAMED: Final = 60
"""Up to so many cases are named in their cells; of more, the numbers are shown."""
_OPEN: Final = "?"


class Filters(NamedTuple):
    """Which cases are shown.

    Attributes:
        sector: IRI of a provider sector, or an empty text for all.
        country: code of a country, or an empty text.
        rubric: name of the rubric by which levels are, or an empty text for those recorded.
        year: in which they have to go on, or None.
    """

    sector: str = ""
    country: str = ""
    rubric: str = ""
    year: int | None = None

    @property
    def scan(self) -> tuple[str, bool, int | None]:
        """What tells the counts that have to be asked for, of which sector and country choose."""
        return self.rubric, bool(self.country), self.year


class Cell(NamedTuple):
    """A cell of the diagram.

    Attributes:
        level, intensity: IRIs.
        is_open: whether the source has a question mark there.
        placed: what the source has there.
        cases: how many cases fall there.
        named: those, where they are few.
        is_chosen: whether it is the one that is looked at.
    """

    level: str
    intensity: str
    is_open: bool
    placed: tuple[Words, ...]
    cases: int
    named: tuple[Words, ...]
    is_chosen: bool


class Row(NamedTuple):
    """A row of the diagram.

    Attributes:
        level: its name.
        form: what the graph calls the form of provision at its end.
        quoted: what the source prints there.
        cells: by intensity.
        under_ceiling: whether the glass ceiling is right above it.
    """

    level: Words
    form: Words
    quoted: tuple[str, ...]
    cells: tuple[Cell, ...]
    under_ceiling: bool


class Grid(NamedTuple):
    """The diagram.

    Attributes:
        intensities: the names of its columns.
        rows: its rows, the highest level first.
        cases: how many fall into it.
        in_all: how many cases are in scope.
        ceilings: how the place of the glass ceiling can be read, each with whether it is preferred.
    """

    intensities: tuple[Words, ...]
    rows: tuple[Row, ...]
    cases: int
    in_all: int
    ceilings: tuple[tuple[Words, bool], ...]


def grid(store: Store, lang: str, filters: Filters, chosen: tuple[str, str] = ("", "")) -> Grid:
    """Give the diagram.

    Args:
        store: what is in scope.
        lang: language of the labels.
        filters: which cases are shown.
        chosen: IRIs of the level and intensity of the cell that is looked at.

    Raises:
        UnknownName: there is no such rubric.
    """
    content = sorted(
        rows(store, "diagram-cells", lang),
        key=lambda row: (-row["levelRank"], row["intensityRank"], str(row["serviceLabel"] or "")),
    )
    names = {
        str(row[end]): Words(str(row[f"{end}Label"]), "", str(row[end]))
        for row in content
        for end in ("level", "intensity", "form")
    }
    placed = _placed(content)
    counts = counted(store, filters)
    cases: dict[tuple[str, str], list[str]] = {}
    if 0 < sum(counts.values()) <= NAMED:
        cases = kept(store, ("named", filters), lambda: cases_in(store, filters))
    total = kept(store, "cases", lambda: next(iter(rows_of_view(store, "cases-off-grid")), {}))
    in_all = int(total.get("cases", 0))
    ceilings = rows(store, "ceiling-lines", lang)
    best = {str(row["level"]) for row in ceilings if row["preferred"]}
    quoted = rows(store, "diagram-rows", lang)
    intensities = dict.fromkeys(str(row["intensity"]) for row in content)

    def cell(level: str, intensity: str) -> Cell:
        where = (level, intensity)
        entries = placed.get(where, [])
        is_open = [entry.text for entry in entries] == [_OPEN]
        return Cell(
            level, intensity, is_open, () if is_open else tuple(entries),
            counts.get(where, 0), tuple(named(store, lang, cases.get(where, []))), where == chosen,
        )  # fmt: skip

    made = []
    for level in dict.fromkeys(str(row["level"]) for row in content):
        here = [row for row in quoted if str(row["level"]) == level]
        form = next((names[str(row["form"])] for row in here), Words(""))
        cells = tuple(cell(level, intensity) for intensity in intensities)
        words = tuple(dict.fromkeys(str(row["words"]) for row in here))
        made.append(Row(names[level], form, words, cells, level in best))
    return Grid(
        tuple(names[intensity] for intensity in intensities),
        tuple(made),
        sum(counts.values()) if any(filters) else in_all - int(total.get("off", 0)),
        in_all,
        tuple(
            (Words(str(row["text"]), "en", str(row["reading"])), bool(row["preferred"]))
            for row in ceilings
        ),
    )


def _placed(content: list[dict[str, Any]]) -> dict[tuple[str, str], list[Words]]:
    """Give what the source has in each cell."""
    placed: dict[tuple[str, str], list[Words]] = {}
    for row in content:
        service = Words(str(row["serviceLabel"]), "", str(row["service"]))
        entry = service if row["service"] else Words(str(row["content"]))
        placed.setdefault((str(row["level"]), str(row["intensity"])), []).append(entry)
    return placed


def counted(store: Store, filters: Filters) -> dict[tuple[str, str], int]:
    """Give how many cases fall into each cell; one of two sectors is counted under both."""
    found = kept(store, ("grid", filters.scan), lambda: _counts(store, filters))
    counts: dict[tuple[str, str], int] = {}
    for row in found:
        is_in = filters.country in ("", row.get("country", ""))
        if is_in and filters.sector in ("", row["sector"]):
            where = (row["level"], row["intensity"])
            counts[where] = counts.get(where, 0) + int(row["cases"])
    return counts


def _counts(store: Store, filters: Filters) -> list[dict[str, str]]:
    """Give counts by cell and sector, and by country where one is wanted."""
    if filters.year is None and not filters.country:
        if not filters.rubric:
            return list(rows_of_view(store, "cases-in-grid"))
        prop = level_property(store, filters.rubric)
        asked = rows_of_view(store, "rubrics-in-grid")
        found = [row for row in asked if row["property"] == prop]
        if found:  # a rubric of a user's own is in no cube
            return found
    name = "filtered-grid-by-country" if filters.country else "filtered-grid"
    return list(rows_of_view(store, name, **_given(store, filters._replace(country=""))))


def cases_in(
    store: Store, filters: Filters, level: str = "", intensity: str = ""
) -> dict[tuple[str, str], list[str]]:
    """Give the IRIs of the cases of each cell, or of one, in order."""
    given = _given(store, filters)
    if level and intensity:
        given |= {"level": [ox.NamedNode(level)], "intensity": [ox.NamedNode(intensity)]}
    found: dict[tuple[str, str], dict[str, None]] = {}
    for row in rows_of_view(store, "cases-in-cell", **given):
        if filters.sector in ("", row["sector"]):
            found.setdefault((row["level"], row["intensity"]), {})[row["case"]] = None
    return {where: list(cases) for where, cases in found.items()}


def named(store: Store, lang: str, iris: list[str]) -> list[Words]:
    """Give things their labels; what has none is called by its IRI."""
    known = labels(store, iris, lang, in_any=True)
    told = []
    for iri in iris:
        label = known.get(iri)
        tag = (label.language or "") if label else ""
        told.append(Words(label.value if label else iri, "" if tag == lang else tag, iri))
    return told


def _given(store: Store, filters: Filters) -> dict[str, list[ox.NamedNode | ox.Literal]]:
    given: dict[str, list[ox.NamedNode | ox.Literal]] = {
        "property": [ox.NamedNode(level_property(store, filters.rubric))]
    }
    if filters.country:
        given["country"] = [ox.Literal(filters.country)]
    if filters.year is not None:
        given["year"] = [ox.Literal(filters.year)]
    return given


def level_property(store: Store, rubric: str) -> str:
    """Give the property by which cases have levels under a rubric; by none, those recorded.

    Raises:
        UnknownName: there is no such rubric.
    """
    if not rubric:
        return RECORDED
    from ..errors import UnknownName

    found = {row["name"]: row["property"] for row in rows_of_view(store, "rubrics")}
    if rubric not in found:
        raise UnknownName("rubric", rubric, found, f"(rubrics: {' '.join(found)})")
    return found[rubric]
