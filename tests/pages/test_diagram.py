"""Diagram 1: what the source has in each cell, and which cases fall there."""

from __future__ import annotations

import pytest

from coproduction.errors import UnknownName
from coproduction.names import COP
from coproduction.pages.diagram import Chosen, country_name
from coproduction.pages.grid import Filters, Grid, cases_in, counted
from coproduction.pages.page import NoPage
from coproduction.pages.site import page_at
from coproduction.pictures.views import rows

from .test_pages import at, graph, read

HIGH = (COP + "HighParticipation", COP + "IntensiveOrEnduring")


def made(url: str) -> Grid:
    found = page_at(graph(), at(url)).values["grid"]
    assert isinstance(found, Grid)
    return found


def test_the_cells_are_those_of_the_source() -> None:
    cells = [cell for row in made("/diagram").rows for cell in row.cells]
    assert len(cells) == 9
    assert [cell.is_open for cell in cells] == [
        True,
        True,
        False,
        True,
        False,
        False,
        False,
        False,
        True,
    ]
    assert len(cells[2].placed) == 7
    assert [row.under_ceiling for row in made("/diagram").rows] == [False, True, False]


def test_the_cases_are_those_of_the_picture() -> None:
    expected: dict[tuple[str, str], int] = {}
    for row in rows(graph().store, "cases-in-grid"):
        where = (str(row["level"]), str(row["intensity"]))
        expected[where] = expected.get(where, 0) + int(row["cases"])
    shown = {
        (c.level, c.intensity): c.cases for r in made("/diagram").rows for c in r.cells if c.cases
    }
    assert shown == expected
    named = {
        (c.level, c.intensity): len(c.named)
        for r in made("/diagram").rows
        for c in r.cells
        if c.cases
    }
    assert named == expected


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(sector=COP + "ThirdSector"),
        Filters(country="SE"),
        Filters(rubric="R1"),
        Filters(rubric="R2", country="DE"),
        Filters(year=1990),
        Filters(sector=COP + "PublicSector", year=2015, rubric="R0"),
    ],
)
def test_a_filter_counts_the_cases_that_it_names(filters: Filters) -> None:
    counts = counted(graph().store, filters)
    listed = {where: len(cases) for where, cases in cases_in(graph().store, filters).items()}
    assert counts == listed
    for where, number in listed.items():
        (one,) = cases_in(graph().store, filters, *where).values()
        assert len(one) == number


def test_each_filter_leaves_something_out() -> None:
    everything = sum(counted(graph().store, Filters()).values())
    for filters in (Filters(sector=COP + "ThirdSector"), Filters(country="SE"), Filters(year=1960)):
        assert 0 < sum(counted(graph().store, filters).values()) < everything, filters
    assert counted(graph().store, Filters(rubric="R1")) != counted(graph().store, Filters())
    assert not counted(graph().store, Filters(country="ZZ"))


def test_a_year_is_one_in_which_a_case_goes_on() -> None:
    found = cases_in(graph().store, Filters(year=1970)).get(HIGH, [])
    begun = {
        str(row["c"]): int(str(row["y"]))
        for row in graph().query("SELECT ?c ?y { ?c a cop:Case ; cop:startYear ?y }")
    }
    assert found and all(begun.get(case, 0) <= 1970 for case in found)


def test_a_cell_that_is_looked_at_lists_its_cases() -> None:
    page = page_at(graph(), at("/diagram?level=HighParticipation&intensity=IntensiveOrEnduring"))
    chosen = page.values["chosen"]
    assert isinstance(chosen, Chosen)
    assert chosen.number == len(chosen.cases) == len(page.tables["cases"]) > 5
    assert "Basta" in {each.text for each in chosen.cases}
    assert (chosen.before, chosen.after) == (None, None)


def test_long_lists_come_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coproduction.pages.diagram.PAGE", 4)
    url = "/diagram?level=HighParticipation&intensity=IntensiveOrEnduring"
    seen: list[str] = []
    first: int | None = 1
    while first is not None:
        chosen = page_at(graph(), at(f"{url}&from={first}")).values["chosen"]
        assert isinstance(chosen, Chosen) and chosen.first == first
        seen += [each.text for each in chosen.cases]
        first = chosen.after
    assert len(seen) == len(set(seen)) == chosen.number
    (back,) = [each for each in read(f"{url}&from=5").of("a") if each.get("rel") == "prev"]
    assert "from=1" in back["href"]


def test_a_question_mark_is_explained() -> None:
    page = read("/diagram?level=LowParticipation&intensity=IntensiveOrEnduring")
    assert page.text.count("a question mark in the source") == 5  # four cells, and the one chosen
    assert (
        "Four cells of Diagram 1 hold a question mark that the source does not explain."
        in page.text
    )


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("level=HighParticipaton&intensity=IntensiveOrEnduring", "HighParticipation"),
        ("intensity=zz", None),
        ("sector=Nothing", None),
        ("country=Q", None),
    ],
)
def test_a_name_that_there_is_not_is_refused(asked: str, near: str | None) -> None:
    with pytest.raises(UnknownName) as told:
        page_at(graph(), at(f"/diagram?{asked}"))
    assert told.value.suggestion == near


def test_a_sector_without_cases_is_none_to_refuse() -> None:
    page = page_at(graph(), at("/diagram?sector=ForProfitSector&country=no"))
    assert page.values["chosen"] is None


def test_a_filter_stays_while_a_cell_is_looked_at() -> None:
    cells = [
        each for each in read("/diagram?country=SE&lang=sv").of("a") if each.get("class") == "cell"
    ]
    assert len(cells) == 9
    assert all("country=SE" in each["href"] and "lang=sv" in each["href"] for each in cells)


def test_countries_have_their_names() -> None:
    assert (country_name("SE", "sv"), country_name("DE", "fr"), country_name("ZZX", "en")) == (
        "Sverige", "Allemagne", "ZZX",
    )  # fmt: skip


def test_without_cases_the_diagram_is_that_of_the_source(kg) -> None:  # type: ignore[no-untyped-def]
    grid = page_at(kg, at("/diagram")).values["grid"]
    assert isinstance(grid, Grid) and (grid.cases, grid.in_all) == (0, 0)
    with pytest.raises(NoPage):
        page_at(kg, at("/id/case/basta"))
