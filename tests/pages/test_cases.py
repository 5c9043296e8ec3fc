"""The cases by their values, and the page on each, with its values turned."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.errors import DataError, UnknownName
from coproduction.knowledge.case_record import case_record
from coproduction.messages import speaker
from coproduction.names import BASE, COP, RDF, RDFS
from coproduction.pages import cases, keeping
from coproduction.pages.case import OnClaim, Under
from coproduction.pages.cases import Shown
from coproduction.pages.facets import (
    KEYS,
    FacetTable,
    Wanted,
    _of_summary,
    facet_table,
    facets,
    text_of,
)
from coproduction.pages.page import NoPage
from coproduction.pages.rendering import written
from coproduction.pages.site import page_at
from coproduction.pages.turning import held
from coproduction.store.embedded import EmbeddedStore

from ..cases.test_suggestions import RIGHT, WRONG, row
from .test_pages import at, body, graph, read

HVIDOVRE = "/case/hvidovre-school-boards"


def rows(url: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(url, "csv"))))


def shown(url: str) -> dict[str, dict[str, int]]:
    made = page_at(graph(), at(url)).values["facets"]
    assert isinstance(made, list)
    found: dict[str, dict[str, int]] = {}
    for facet in made:
        assert isinstance(facet, Shown)
        found[facet.key] = {each.value: each.number for each in facet.seen + facet.folded}
    return found


# -- counts ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_each_number_is_that_of_the_rows_behind_it() -> None:
    for key, values in shown("/cases").items():
        assert sum(values.values()) == 20, key
        for value, number in values.items():
            assert len(rows(f"/cases?{key}={value}")) == number, (key, value)
            assert len(rows(f"/cases?{key}=!{value}")) == 20 - number, (key, value)


def test_a_number_counts_what_the_other_filters_leave() -> None:
    found = shown("/cases?sector=ThirdSector")
    assert found["sector"]["PublicSector"] == len(rows("/cases?sector=PublicSector"))
    for value, number in found["level"].items():
        assert len(rows(f"/cases?sector=ThirdSector&level={value}")) == number


def test_the_level_is_that_of_the_rubric() -> None:
    assert shown("/cases")["level"] != shown("/cases?rubric=R2")["level"]
    high = {row["case"] for row in rows("/cases?rubric=R2&level=HighParticipation")}
    expected = graph().query("SELECT ?c { ?c a cop:Case ; cop:levelUnderR2 cop:HighParticipation }")
    assert high == {row["c"] for row in expected} != set()


def test_the_cases_outside_the_third_sector_at_high_level() -> None:
    names = {row["caseLabel"] for row in rows("/cases?sector=!ThirdSector&level=HighParticipation")}
    assert names == {"Ages & Vie homes", "School boards, Hvidovre"}


@pytest.mark.parametrize("asked", ["sector=!ThirdSector", "country=!SE", "country=!-"])
def test_a_value_that_is_left_out_is_shown_with_what_is_left(asked: str) -> None:
    key, value = asked.split("=!")
    assert shown(f"/cases?{asked}")[key][value] == len(rows(f"/cases?{asked}"))
    assert shown(f"/cases?{key}={value}")[key][value] == len(rows(f"/cases?{key}={value}"))


def test_arithmetic_on_bytes_counts_as_a_loop_does() -> None:
    draw = random.Random(7)
    values = {"a": ["-", "x", "y"], "b": ["-", "u", "v", "w"]}
    cases = [{key: draw.randrange(len(each)) for key, each in values.items()} for _ in range(500)]
    made = FacetTable({key: bytes(case[key] for case in cases) for key in values}, values, 500)
    for wanted in ({}, {"a": Wanted("x")}, {"a": Wanted("x", True), "b": Wanted("w")}):
        total, counts = made.counted(wanted)

        def fits(case: dict[str, int], key: str, wanted: dict[str, Wanted] = wanted) -> bool:
            one = wanted.get(key)
            return one is None or (values[key][case[key]] == one.value) != one.is_out

        assert total == sum(fits(case, "a") and fits(case, "b") for case in cases)
        for key, other in (("a", "b"), ("b", "a")):
            left = [values[key][case[key]] for case in cases if fits(case, other)]
            assert counts[key] == {value: left.count(value) for value in set(left)}


def test_a_case_of_several_values_is_one_case_and_counts_once_for_each() -> None:
    draw = random.Random(11)
    store = EmbeddedStore()
    services = ("Childcare", "HealthCare", "Eldercare")
    sectors = ("ThirdSector", "PublicSector")
    for number in range(60):
        case = ox.NamedNode(f"https://example.org/case/{number}")
        said = [(RDF + "type", "Case")]
        said += [(COP + "hasServiceType", each) for each in services if draw.random() < 0.5]
        said += [(COP + "hasProviderSector", each) for each in sectors if draw.random() < 0.5]
        said += [(COP + "hasRelationIntensity", "IntensiveOrEnduring")] * (number % 2)
        store.add(
            ox.Quad(case, ox.NamedNode(prop), ox.NamedNode(COP + value)) for prop, value in said
        )
    many = facets(store, "")
    made = facet_table(store, many)
    assert made.cases == 60 < made.number
    one, no = Wanted("Childcare"), Wanted("Childcare", True)
    for wanted in (
        {},
        {"service": one},
        {"service": no},
        {"service": Wanted("-")},
        {"service": Wanted("-", True), "sector": Wanted("PublicSector")},
        {"service": no, "sector": Wanted("ThirdSector", True)},
        {"service": one, "intensity": Wanted("IntensiveOrEnduring")},
    ):
        total, counts = made.counted(wanted)
        found = {row["case"] for row in store.query(text_of(many, wanted))}
        assert total == len(found), wanted
        for key in ("service", "sector", "intensity"):
            others = {name: each for name, each in wanted.items() if name != key}
            left = {(row["case"], row[key]) for row in store.query(text_of(many, others))}
            for value, number in counts[key].items():
                node = None if value == "-" else ox.NamedNode(COP + value)
                assert number == sum(each == node for _, each in left), (wanted, key, value)


def test_the_cases_are_read_once_for_each_state() -> None:
    many = facets(graph().store, "")
    assert facet_table(graph().store, many) is facet_table(graph().store, many)
    assert [facet.key for facet in many] == list(KEYS)


def test_more_values_than_a_byte_tells_apart_are_one() -> None:
    store = EmbeddedStore()
    for number in range(300):
        node = ox.NamedNode(f"{BASE}c{number}")
        year = ox.Literal(1500 + number)
        store.add(
            [
                ox.Quad(node, ox.NamedNode(RDF + "type"), ox.NamedNode(COP + "Case")),
                ox.Quad(node, ox.NamedNode(COP + "startYear"), year),
            ]
        )
    made = facet_table(store, facets(store, ""))
    total, counts = made.counted({})
    assert total == 300 == sum(counts["start_year"].values())
    assert counts["start_year"]["…"] > 40


# -- rows ------------------------------------------------------------------------------------------


def test_the_query_gives_the_rows() -> None:
    for url in ("/cases", "/cases?sector=!ThirdSector&decision_rights=-", "/cases?country=se"):
        query = page_at(graph(), at(url)).values["query"]
        assert isinstance(query, str)
        found = [row["case"] for row in graph().query(query)]
        assert found == [row["case"] for row in rows(url)] != []


@pytest.mark.parametrize("lang", ["en", "de"])
def test_cases_come_by_the_names_that_are_shown(lang: str) -> None:
    names = [row["caseLabel"] for row in rows(f"/cases?lang={lang}")]
    assert names == sorted(names, key=str.lower) and len(set(names)) == 20
    by_iri = sorted(row["case"] for row in rows("/cases"))
    assert [row["case"] for row in rows("/cases")] != by_iri


def test_of_a_large_store_few_cases_alone_come_by_their_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = "as the store has them, not by their names"
    monkeypatch.setattr(cases, "_SORTED", 19)
    monkeypatch.setattr(cases, "_FEW", 9)
    assert said in body("/cases")
    assert said not in body("/cases?sector=ThirdSector")
    monkeypatch.setattr(cases, "_FEW", 8)
    assert said in body("/cases?sector=ThirdSector")
    monkeypatch.setattr(cases, "_SORTED", 20)
    assert said not in body("/cases")


def test_a_case_of_two_names_is_one_and_one_of_none_comes_by_its_iri() -> None:
    store = EmbeddedStore()
    for local, labels in (("a", ["Zoo", "Ö"]), ("b", ["mill"]), ("c", [])):
        case = ox.NamedNode(f"urn:x-{local}")
        store.add([ox.Quad(case, ox.NamedNode(RDF + "type"), ox.NamedNode(COP + "Case"))])
        told = [ox.Literal(each, language="en") for each in labels]
        store.add(ox.Quad(case, ox.NamedNode(RDFS + "label"), each) for each in told)
    for limits in ({}, {"limit": 3}):
        found = store.query(text_of(facets(store, ""), {}, **limits))
        assert [row["case"].value[-1] for row in found] == ["b", "c", "a"]


def test_the_values_of_a_scale_stand_in_its_order() -> None:
    scale = ["LowParticipation", "MediumParticipation", "HighParticipation", "-"]
    for rubric in ("R0", "R1", "R2"):
        found = [*shown(f"/cases?rubric={rubric}")["level"]]
        assert found == [each for each in scale if each in found]
    rights = [*shown("/cases")["decision_rights"]]
    assert rights[0] == "NoDecisionRights" and rights[-2:] == ["OwnershipOrEmployer", "-"]


def test_the_file_for_a_spreadsheet_has_a_mark_and_its_separator() -> None:
    address = at("/cases?csv=spreadsheet&lang=de", "csv")
    kind, made = written(page_at(graph(), address), graph().store)
    assert kind == "text/csv; charset=utf-8" and made.startswith("\ufeffcase;caseLabel;".encode())
    sheet = list(csv.DictReader(io.StringIO(made.decode("utf-8-sig")), delimiter=";"))
    assert sheet == rows("/cases?lang=de")
    assert not body("/cases?csv=w3c", "csv").startswith("\ufeff")
    hrefs = {each["href"] for each in read("/cases?country=SE").of("a")}
    assert "cases.csv?country=SE" in hrefs and "cases.csv?country=SE&csv=spreadsheet" in hrefs
    with pytest.raises(UnknownName, match="excel"):
        body("/cases?csv=excel", "csv")


def test_a_value_from_outside_is_no_part_of_the_query() -> None:
    with pytest.raises(UnknownName):
        page_at(graph(), at('/cases?country="} DELETE'))
    with pytest.raises(UnknownName):
        page_at(graph(), at("/cases?sector=Sector"))
    with pytest.raises(UnknownName):
        page_at(graph(), at("/cases?rubric=R9"))


def test_long_lists_come_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coproduction.pages.cases.PAGE", 8)
    seen: list[str] = []
    first: object = 1
    while first is not None:
        page = page_at(graph(), at(f"/cases?from={first}"))
        seen += [str(row["case"]) for row in page.tables["cases"]]
        first = page.values["after"]
    assert len(seen) == len(set(seen)) == 20
    assert len(rows("/cases?from=9")) == 20  # the file has all of them


def test_a_list_that_is_filtered_leads_to_its_rows_as_a_query() -> None:
    hrefs = [each["href"] for each in read("/cases?country=SE&lang=sv").of("a")]
    assert any(href.startswith("query?lang=sv&query=PREFIX") for href in hrefs)
    assert "cases.csv?country=SE&lang=sv" in hrefs


def test_a_file_has_no_more_rows_than_the_server_gives() -> None:
    assert len(page_at(graph(), at("/cases?country=SE", "csv"), 5).tables["cases"]) == 5
    with pytest.raises(DataError, match="20 rows, and 5 are given"):
        page_at(graph(), at("/cases", "csv"), 5)


def test_without_cases_there_are_none(kg) -> None:  # type: ignore[no-untyped-def]
    page = page_at(kg, at("/cases?sector=ThirdSector"))
    assert (page.values["total"], page.values["rows"]) == (0, [])


# -- one case --------------------------------------------------------------------------------------


def under(url: str) -> dict[str, Under]:
    made = page_at(graph(), at(url)).values["under"]
    assert isinstance(made, list)
    return {each.name: each for each in made}


def claims(url: str) -> dict[str, OnClaim]:
    made = page_at(graph(), at(url)).values["claims"]
    assert isinstance(made, list)
    return {each.claim: each for each in made}


def test_a_case_tells_what_is_recorded_with_its_source() -> None:
    told = {row["propertyLabel"]: row for row in rows(HVIDOVRE)}
    assert told["decision rights"]["valueLabel"] == "majority"
    assert told["decision rights"]["status"] == "interpreted"
    assert told["sector"]["status"] == "stated"
    assert told["sector"]["sources"].startswith("https://www.hvidovre.dk/")
    text = read(HVIDOVRE).text
    assert "follows from seats in all, powers, seats of users" in text
    assert "Each municipal school has a board" in text


def test_a_case_tells_why_it_breaches() -> None:
    expected = graph().explain("hvidovre-school-boards")
    found = under(HVIDOVRE)
    assert [each.words for each in found.values()] == [c.words for c in expected.conclusions]
    assert found["rubric R2"].cell is not None
    assert found["rubric R2"].cell[0].href == COP + "LowParticipation"
    told = json.loads(body(HVIDOVRE, "json"))
    assert told["explanation"] == json.loads(json.dumps(expected.as_dict()))


@pytest.mark.slow
@pytest.mark.parametrize("rubric", ["R0", "R2"])
def test_the_claims_that_it_bears_on_are_those_that_have_it_for_a_row(rubric: str) -> None:
    iri = BASE + "hvidovre-school-boards"
    found = claims(f"{HVIDOVRE}?rubric={rubric}")
    sides = {"for": "support", "against": "counterexamples", "undetermined": "undetermined"}
    ledger = graph().evidence(rubric=rubric)
    for claim in ("C10", "C34", "C49", "C50", "C51"):
        rows = ledger.of(claim).rows
        if claim in found:
            assert iri in {row.iri for row in rows[sides[found[claim].side]]}, claim
        else:
            assert not any(row.iri == iri for side in rows.values() for row in side), claim


def test_values_are_turned_and_verdict_and_cell_move() -> None:
    found = under(f"{HVIDOVRE}?turned=1&decision_rights=Consulted&contributions=CoreWork")
    assert found["rubric R0"].after == "it does not breach, with medium participation"
    assert found["rubric R2"].after == "it breaches, with high participation"
    cell = found["rubric R2"].cell_after
    assert cell is not None and cell[0].href == COP + "HighParticipation"
    assert found["rubric R0"].words == under(HVIDOVRE)["rubric R0"].words


def test_each_value_that_is_turned_is_marked_in_words() -> None:
    text = read(f"{HVIDOVRE}?turned=1&decision_rights=Consulted&contributions=CoreWork").text
    assert "decision rights: consulted (recorded: majority)" in text
    assert "contributions: core work (recorded: management/board)" in text
    assert "analysis level: not recorded (recorded: micro level)" in text  # its box is empty
    assert "majority turned: consulted" in text and "management/board turned: core work" in text
    assert "changed: it does not breach, with medium participation" in text
    assert "consulted (recorded)" not in text and "majority (recorded)" in text
    untouched = read(HVIDOVRE).text
    assert "urned:" not in untouched and "changed:" not in untouched


@pytest.mark.slow
def test_a_level_that_changes_below_the_ceiling_is_told_with_the_one_before() -> None:
    said = graph().explain("ryhov-self-dialysis")
    moved = "it still does not breach, with low participation (before: medium participation)"
    assert moved in str(said) and moved in read("/case/ryhov-self-dialysis").text


def test_a_claim_moves_with_the_values() -> None:
    found = claims(f"{HVIDOVRE}?turned=1&contributions=ManagementOrBoard&sector=ThirdSector")
    assert found["C51"].side == "against"
    assert found["C51"].after == "it counts for the claim"


def test_nothing_is_stored_by_turning() -> None:
    before = len(list(graph().store.statements()))
    page_at(graph(), at(HVIDOVRE))
    page_at(graph(), at(f"{HVIDOVRE}?turned=1&sector=ThirdSector"))
    assert len(list(graph().store.statements())) == before


def test_the_form_as_it_is_sent_turns_nothing() -> None:
    page = read(HVIDOVRE)
    sent = "turned=1"
    name = ""
    for tag, attributes in page.tags:
        if tag == "select":
            name = attributes["name"]
        elif tag == "option" and "selected" in attributes:
            sent += f"&{name}={attributes['value']}"
        elif tag == "input" and "checked" in attributes:
            sent += f"&{attributes['name']}={attributes['value']}"
    assert "sector=PublicSector" in sent and "contributions=ManagementOrBoard" in sent
    assert page_at(graph(), at(f"{HVIDOVRE}?{sent}")).values["is_turned"] is False


@pytest.mark.slow
def test_the_last_cases_are_kept_and_as_they_are() -> None:
    store, say = graph().store, speaker("en")
    first = held(store, BASE + "basta", say)
    page_at(graph(), at("/case/basta?turned=1&sector=PublicSector"))
    assert held(store, BASE + "basta", say) is first
    others = [row["case"] for row in rows("/cases") if row["case"] != BASE + "basta"]
    for other in others[:9]:
        held(store, other, say)
    assert held(store, BASE + "basta", say) is not first
    assert held(store, BASE + "basta", say).told == first.told


def test_a_list_of_which_none_is_taken_is_empty() -> None:
    found = page_at(graph(), at(f"{HVIDOVRE}?turned=1"))
    assert found.values["is_turned"] is True
    after = under(f"{HVIDOVRE}?turned=1")["rubric R2"].after
    assert "no level follows" in after


@pytest.mark.parametrize("query", ["sector=Nothing", "rubric=R9", "contributions=%3Cscript%3E"])
def test_a_value_that_there_is_not_is_refused(query: str) -> None:
    with pytest.raises(UnknownName):
        page_at(graph(), at(f"{HVIDOVRE}?turned=1&{query}"))


@pytest.mark.parametrize("url", ["/case/nothing", "/case/a%20b", "/case?iri=", "/case?iri=x y"])
def test_a_case_that_there_is_not(url: str) -> None:
    with pytest.raises(NoPage):
        page_at(graph(), at(url))


def test_a_case_with_an_address_of_others_has_a_page() -> None:
    store = EmbeddedStore.packaged()
    node = ox.NamedNode("https://example.org/mine")
    store.add(
        [
            ox.Quad(node, ox.NamedNode(RDF + "type"), ox.NamedNode(COP + "Case")),
            ox.Quad(node, ox.NamedNode(RDFS + "label"), ox.Literal("<b>Mine</b>", language="en")),
            ox.Quad(
                node, ox.NamedNode(COP + "hasProviderSector"), ox.NamedNode(COP + "ThirdSector")
            ),
        ]
    )
    from coproduction.asked_graph import AskedGraph
    from coproduction.pages.rendering import html

    own = AskedGraph(store)
    text = html(page_at(own, at("/cases")))
    assert "case?iri=https%3A%2F%2Fexample.org%2Fmine" in text
    text = html(page_at(own, at("/case?iri=https://example.org/mine")))
    assert "&lt;b&gt;Mine&lt;/b&gt;" in text and "<b>Mine" not in text
    assert 'name="iri" value="https://example.org/mine"' in text


def test_a_term_that_is_no_case_is_shown_as_what_it_is() -> None:
    page = page_at(graph(), at(f"/case?iri={COP.replace('#', '%23')}Complementary"))
    assert page.title == "complementary"


def test_a_page_with_turned_values_is_well_formed() -> None:
    page = read(f"{HVIDOVRE}?turned=1&sector=ThirdSector&contributions=CoreWork&lang=fr")
    assert not page.wrong and len(page.ids) == len(set(page.ids))
    named = {label["for"] for label in page.of("label")}
    for control in page.of("input", "select"):
        assert control.get("type") == "hidden" or control["id"] in named
    (script,) = page.of("script")
    assert script["src"].partition("?")[0] == "../static/turn.js"
    (form,) = [each for each in page.of("form") if "data-replaces" in each]
    assert set(form["data-replaces"].split()) <= set(page.ids)


@pytest.mark.slow
def test_a_large_store_is_counted_by_its_summary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = tmp_path / "cases.csv"
    right = WRONG | RIGHT
    cells = [
        row(right | {"id": f"c{number}", "sector": sector, "country": country})
        for number, (sector, country) in enumerate(
            [("third sector", "SE"), ("third sector", "DE"), ("public sector", "SE")] * 2
        )
    ]
    with sheet.open("w", encoding="utf-8", newline="") as file:
        names = [field.name("en") for field in case_record().fields]
        csv.writer(file).writerows([names, *cells])
    kg = coproduction.open(store=tmp_path / "store", create=True)
    assert kg.load(sheet).loaded == 6
    many = facets(kg.store, "")
    whole = facet_table(kg.store, many)
    monkeypatch.setattr("coproduction.pages.facets.LARGE", 1)
    summed = _of_summary(kg.store, many)
    assert summed is not None and summed.cases == 6 and summed.number < 6
    assert {"service", "sector", "level"} <= summed.codes.keys() < whole.codes.keys()
    for wanted in ({}, {"sector": Wanted("ThirdSector")}, {"sector": Wanted("ThirdSector", True)}):
        total, counts = summed.counted(wanted)
        expected, by_case = whole.counted(wanted)
        assert total == expected
        assert all(counts[key] == by_case[key] for key in summed.codes)
    keeping.forget(kg.store)
    page = page_at(kg, at("/cases?sector=ThirdSector"))
    assert (page.values["total"], len(page.tables["cases"])) == (4, 4)
    with pytest.raises(DataError, match="not counted by decision_rights"):
        page_at(kg, at("/cases?decision_rights=MajorityControl"))


def test_a_service_of_a_list_of_their_own_has_its_label_where_values_are_turned() -> None:
    page = read("/case/porto-alegre-budgeting")
    assert "municipal budgeting" in page.text
    assert "https://w3id.org/coproduction/id/service/municipal-budgeting" not in page.text
