"""Diagram 1 of the source as a table, with the cases where they fall."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from ..errors import DataError, UnknownName
from ..evidence.verdict import SUCCESS_STORIES
from ..knowledge.questions import find_question
from ..knowledge.views import rows_of_view
from ..messages import Speaker, speaker
from ..names import COP, ID, RDF
from ..pictures.views import rows
from ..results.result import Result
from .address import Address
from .grid import Filters, Grid, cases_in, grid, named
from .judged import rules_of
from .keeping import kept
from .page import Page, Words
from .tables import table, text
from .term import doubt

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph
    from ..store.protocol import Store

PAGE: Final = 100
"""Cases of a cell that are listed at a time."""
_SECTOR: Final = ox.NamedNode(COP + "ProviderSector")
_YEAR: Final = range(1000, 3000)


class Choice(NamedTuple):
    """A value that a filter can have.

    Attributes:
        value: as it stands in the address; an empty text for all.
        name: what it is called.
        is_taken: whether it is the one that is.
    """

    value: str
    name: str
    is_taken: bool


class Chosen(NamedTuple):
    """The cell that is looked at.

    Attributes:
        level, intensity: their names.
        is_open: whether the source has a question mark there.
        placed: what the source has there.
        number: how many cases fall there.
        cases: those that are listed.
        iris: of these.
        first: the place of the first of them, from 1 on.
        before, after: where those before and after begin, or None.
    """

    level: Words
    intensity: Words
    is_open: bool
    placed: tuple[Words, ...]
    number: int
    cases: tuple[Words, ...]
    iris: tuple[str, ...]
    first: int
    before: int | None
    after: int | None


def page(graph: AskedGraph, address: Address) -> Page:
    """Give Diagram 1.

    Args:
        graph: what is in scope.
        address: its state may have ``sector``, ``country``, ``rubric`` and ``year``, which cases
            are shown; and ``level`` and ``intensity``, the local names of a cell that is looked
            at, with ``from``, the place of the first case that is listed.

    Raises:
        UnknownName: there is no such rubric, level, intensity, sector or country.
        DataError: the year is none.
    """
    store, lang = graph.store, address.lang
    say = speaker(lang)
    filters = filters_of(address)
    at = [COP + name if name else "" for name in (address.get("level"), address.get("intensity"))]
    made = grid(store, lang, filters, (at[0], at[1]))
    _check_names(store, address, made)
    chosen = _chosen(store, address, made, filters)
    doubts = [doubt(store, f"{ID}ambiguity/{each}", lang) for each in _open_readings()]
    tables = {"cells": cells_of(made)}
    if chosen:
        tables["cases"] = table(
            ["case", "caseLabel"],
            [
                (ox.NamedNode(iri), text(each.text, each.lang or lang))
                for iri, each in zip(chosen.iris, chosen.cases, strict=True)
            ],
        )
    return Page(
        address,
        say("Diagram 1"),
        "diagram.html",
        {
            "grid": made,
            "chosen": chosen,
            "choices": choices(store, say, filters),
            "rules": rules_of(store, say),
            "year": filters.year,
            "doubts": doubts,
            "success_stories": say(SUCCESS_STORIES),
            "is_filtered": any(filters),
            "all_cells": dict.fromkeys(
                ("sector", "country", "rubric", "year", "level", "intensity", "from")
            ),
        },
        tables,
        tuple(sorted(row["cell"] for row in rows_of_view(store, "diagram-cell-nodes"))),
        lead=say(
            "Services by level of citizen participation and by intensity of relations, and the "
            "cases where they fall."
        ),
    )


def filters_of(address: Address) -> Filters:
    """Read which cases are shown.

    Raises:
        DataError: the year is none.
    """
    year = address.get("year").strip()
    number = address.whole("year")
    if year and number not in _YEAR:
        raise DataError(f"{year!r} is no year: give one such as 1995")
    sector, rubric = address.get("sector"), address.get("rubric").upper()
    return Filters(
        COP + sector if sector else "",
        address.get("country").upper(),
        "" if rubric == "R0" else rubric,
        number,
    )


def _check_names(store: Store, address: Address, made: Grid) -> None:
    """Refuse a level, an intensity, a sector or a country that there is not.

    Raises:
        UnknownName: there is none.
    """
    from babel import Locale

    known = {
        "level": [row.level.href for row in made.rows],
        "intensity": [each.href for each in made.intensities],
        "sector": [
            each.subject.value
            for each in store.statements(None, ox.NamedNode(RDF + "type"), _SECTOR)
            if isinstance(each.subject, ox.NamedNode)
        ],
    }
    for key, iris in known.items():
        name = address.get(key)
        if name and COP + name not in iris:
            raise UnknownName(key, name, [iri.removeprefix(COP) for iri in iris])
    country = address.get("country")
    if country and country.upper() not in Locale("en").territories:
        raise UnknownName("country", country, ())


def choices(store: Store, say: Speaker, filters: Filters) -> list[tuple[str, str, list[Choice]]]:
    """Give the filters with the values that they can have: name in the address, label, values."""
    asked = kept(store, ("sectors", say.lang), lambda: rows(store, "cases-in-grid", say.lang))
    sectors = {str(row["sector"]).removeprefix(COP): str(row["sectorLabel"]) for row in asked}
    countries = {
        row["country"]: country_name(row["country"], say.lang)
        for row in kept(store, "countries", lambda: list(rows_of_view(store, "countries-of-cases")))
    }
    rubrics = {
        str(row["name"]): str(row["rubricLabel"]) for row in rows(store, "rubrics", say.lang)
    }
    first = rubrics.pop("R0", "")

    def of(values: dict[str, str], taken: str, none: str) -> list[Choice]:
        if taken and taken not in values:
            values = values | {taken: taken}
        ordered = sorted(values.items(), key=lambda item: item[1].casefold())
        return [Choice("", none, not taken), *(Choice(*each, each[0] == taken) for each in ordered)]

    return [
        (
            "sector",
            say("provider sector"),
            of(sectors, filters.sector.removeprefix(COP), say("all")),
        ),
        ("country", say("country"), of(countries, filters.country, say("all"))),
        ("rubric", say("rubric"), of(rubrics, filters.rubric, first)),
    ]


def country_name(code: str, lang: str) -> str:
    """Give the name of a country in a language, or its code where it has none."""
    from babel import Locale

    return str(Locale.parse(lang).territories.get(code, code))


def _open_readings() -> list[str]:
    """Give the ids of what the source leaves open about the question marks."""
    return list(find_question("undetermined-cells").readings)


def _chosen(store: Store, address: Address, made: Grid, filters: Filters) -> Chosen | None:
    for row in made.rows:
        for column, cell in zip(made.intensities, row.cells, strict=True):
            if not cell.is_chosen:
                continue
            found = cases_in(store, filters, cell.level, cell.intensity) if cell.cases else {}
            cases = next(iter(found.values()), [])
            first = min(max(address.whole("from") or 1, 1), max(len(cases), 1))
            iris = cases[first - 1 : first - 1 + PAGE]
            shown = named(store, address.lang, iris)
            after = first + PAGE if first + PAGE <= len(cases) else None
            return Chosen(
                row.level, column, cell.is_open, cell.placed, len(cases), tuple(shown),
                tuple(iris), first, max(first - PAGE, 1) if first > 1 else None, after,
            )  # fmt: skip
    return None


def cells_of(made: Grid) -> Result:
    """Give the diagram as rows, a cell each."""
    return table(
        ["level", "levelLabel", "intensity", "intensityLabel", "content", "cases"],
        [
            (
                ox.NamedNode(cell.level),
                row.level.text,
                ox.NamedNode(cell.intensity),
                column.text,
                "?" if cell.is_open else "; ".join(each.text for each in cell.placed),
                cell.cases,
            )
            for row in made.rows
            for column, cell in zip(made.intensities, row.cells, strict=True)
        ],
    )
