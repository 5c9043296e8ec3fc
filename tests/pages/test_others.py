"""Regimes, services, network, links, about, and search."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest

import coproduction
from coproduction.knowledge.alignments import all_links, link_sets
from coproduction.messages import speaker
from coproduction.names import COP, ID
from coproduction.pages import libraries as pages_libraries
from coproduction.pages.libraries import EDITOR, ENGINE, NETWORK, to_fetch
from coproduction.pages.page import NoPage, Page
from coproduction.pages.regimes import Regime
from coproduction.pages.rendering import environment, html, problem
from coproduction.pages.search import MOST, Found
from coproduction.pages.site import has_page, page_at
from coproduction.pictures.views import rows

from ..evidence.test_evidence import HEAD
from .reading import Reader
from .test_pages import STATIC, at, body, graph, read

# -- search --------------------------------------------------------------------------------


def found(query: str, **more: str) -> dict[str, Found]:
    url = f"/search?q={query}" + "".join(f"&{name}={value}" for name, value in more.items())
    many = page_at(graph(), at(url)).values["found"]
    assert isinstance(many, tuple)
    return {each.kind: each for each in many}


def first(query: str, kind: str) -> str:
    return found(query)[kind].hits[0].name.href


@pytest.mark.parametrize(
    ("query", "kind", "thing"),
    [
        ("glass ceiling", "terms", COP + "GlassCeiling"),
        ("glastak", "terms", COP + "GlassCeiling"),
        ("plafond de verre", "terms", COP + "GlassCeiling"),
        ("gläserne decke", "terms", COP + "GlassCeiling"),
        ("gla%CC%88serne+Decke", "terms", COP + "GlassCeiling"),
        ("GLASERNE DECKE", "terms", COP + "GlassCeiling"),
        ("HighParticipation", "terms", COP + "HighParticipation"),
        ("c51", "claims", ID + "claim/C51"),
        ("A9", "others", ID + "ambiguity/A9"),
        ("pärlugglan", "cases", ID + "case/parlugglan"),
        ("parlugglan", "cases", ID + "case/parlugglan"),
        ("Fo%CC%88rskolan", "cases", ID + "case/kultingen"),
        ("glass-ceiling", "questions", "/question/glass-ceiling"),
        ("CQ18", "questions", "/question/glass-ceiling"),
    ],
)
def test_a_thing_is_found_by_any_of_its_names(query: str, kind: str, thing: str) -> None:
    assert first(query, kind) == thing


def test_the_name_that_is_what_was_looked_for_comes_first() -> None:
    hits = found("co-production")["terms"].hits
    assert hits[0].name.href == COP + "CoProduction"
    assert [hit.rank for hit in hits] == sorted(hit.rank for hit in hits)
    assert {0, 1} < {hit.rank for hit in hits}


def test_a_hit_tells_the_name_by_which_it_was_found() -> None:
    hit = found("glastak")["terms"].hits[0]
    assert (hit.name.text, hit.by.text, hit.by.lang) == ("glass ceiling", "glastak", "sv")
    hit = found("glastak", lang="sv")["terms"].hits[0]
    assert (hit.name.text, hit.name.lang, hit.by.text) == ("glastak", "", "")


def test_every_word_has_to_be_there() -> None:
    assert not found("ceiling zebra")
    assert found("third ceiling")["claims"].hits[0].name.text.startswith("C51 ")
    assert "0 hits for zebra" in read("/search?q=zebra").text
    assert not found("%20%C2%AD")


def test_many_hits_are_cut_and_told() -> None:
    few = found("participation")["terms"]
    assert len(few.hits) == MOST < few.number
    assert len(found("participation", all="terms")["terms"].hits) == few.number
    (more,) = [
        each for each in read("/search?q=participation").of("a") if "all=terms" in each["href"]
    ]
    assert "q=participation" in more["href"]


def test_a_case_of_a_users_own_leads_to_its_page_here(public_high_case: Path) -> None:
    own = coproduction.open(public_high_case)
    iri = "https://example.org/case/school-council"
    page = page_at(own, at("/search?q=school+council+with"))
    assert {row["thing"] for row in page.tables["hits"].rows} == {iri}
    diagram = page_at(own, at("/diagram?level=HighParticipation&intensity=IntensiveOrEnduring"))
    assert {row["case"] for row in diagram.tables["cases"].rows} == {iri}
    for each in (page, diagram):
        shown = Reader(html(each))
        (link,) = {here["href"] for here in shown.of("a") if "school-council" in here["href"]}
        assert page_at(own, at("/" + link)).title.startswith("school council")


def test_where_not_all_cases_are_searched_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coproduction.pages.entries.MOST_CASES", 5)
    few = coproduction.open(cases=True)
    text = Reader(html(page_at(few, at("/search?q=basta")))).text
    assert "Of the cases the first 5 are searched." in text
    monkeypatch.undo()
    assert "are searched" not in read("/search?q=basta").text


# -- the other pages -----------------------------------------------------------------------


def test_regimes_are_those_of_the_source_and_then_those_of_later_literature() -> None:
    page = page_at(graph(), at("/regimes"))
    told = page.tables["regimes"].rows
    assert [row["regime"] for row in told[:3]] == [
        row["regime"] for row in rows(graph().store, "regimes", "en", "queries/questions")
    ]
    assert len(told) == 4
    public, market, governance, beyond = columns(page)
    lines = {
        str(row["l"]): int(str(row["line"]))
        for row in graph().query(
            "SELECT DISTINCT ?l ?line WHERE { ?r a cop:PublicAdministrationRegime ; cop:atLine "
            '?line ; rdfs:label ?l FILTER(LANG(?l) = "en") } ORDER BY ?line'
        )
    }
    assert {each.name.text: each.place[0].text for each in (public, market, governance)} == {
        name: f"section A, line {line}" for name, line in lines.items()
    }
    what, role, base, claims = page.values["heads"]  # type: ignore[misc]
    assert texts(public, role) == ["passive client role"] and not texts(public, base)
    assert texts(market, role) == ["active service consumer role"]
    assert texts(market, base) == ["contracting out", "through public private partnership"]
    assert not texts(governance, role)
    assert texts(governance, base) == [
        "co-production", "multi-stakeholder governance", "third sector provision",
    ]  # fmt: skip
    assert all(texts(each, what) for each in (public, market, governance, beyond))
    ids = [
        words.split()[0] for each in (public, market, governance) for words in texts(each, claims)
    ]
    assert ids == ["C01", "C02", "C03", "C04", "C05", "C06"] and not texts(beyond, claims)
    assert [each.is_beyond for each in columns(page)] == [False, False, False, True]
    assert [each.text for each in beyond.place] == [
        "Pestoff 2018: chapter on four public administration regimes", "read: abstract only",
    ]  # fmt: skip


def columns(page: Page) -> list[Regime]:
    found = page.values["regimes"]
    assert isinstance(found, list)
    return found


def texts(regime: Regime, head: str) -> list[str]:
    return [words.text for words in regime.cells.get(head, [])]


def test_regimes_are_told_apart_in_html_and_csv() -> None:
    shown = read("/regimes")
    assert shown.text.count("beyond the source, from later literature:") == 1
    assert shown.text.count("not stated in the source") == 2
    beyond = [each for each in shown.of("th", "td") if each.get("class") == "beyond"]
    assert len(beyond) == 5, "its head and its four cells are dashed"
    assert "table.sides .beyond { border-style: dashed" in (STATIC / "style.css").read_text()
    assert "Of regimes as such C53" in shown.text and "(section C, line 148)" in shown.text
    told = body("/regimes", "csv")
    assert "passive client role" in told and "read: abstract only" in told
    claims = page_at(graph(), at("/regimes")).tables["claims"].rows
    assert ("C53", "C", 148) in [(row["claimId"], row["section"], row["line"]) for row in claims]
    assert "läst: endast sammandrag" in read("/regimes?lang=sv").text


def test_a_regime_of_yours_stands_beyond_the_source(tmp_path: Path) -> None:
    path = tmp_path / "regime.ttl"
    path.write_text(
        HEAD
        + """e:r a cop:PublicAdministrationRegime ; rdfs:label "Neighbourly regime"@en ;
        cop:isBasedOn cop:CoProduction ; <http://purl.org/dc/terms/source> e:p .
        e:p cop:publicationYear 2024 ; rdfs:label "A paper"@en .
        e:q a cop:PublicAdministrationRegime ; rdfs:label "Of nobody"@en ;
        cop:isBasedOn cop:CoProduction .""",
        encoding="utf-8",
    )
    page = page_at(coproduction.open(path), at("/regimes"))
    (own,) = (each for each in columns(page) if each.name.text == "Neighbourly regime")
    assert [each.text for each in own.place] == ["A paper (2024)"] and own.is_beyond
    assert [texts(own, head) for head in page.values["heads"]] == [  # type: ignore[attr-defined]
        [], [], ["co-production"], [],
    ]  # fmt: skip
    text = Reader(html(page)).text
    assert "Of nobody" not in text, "no publication with a year tells of it"
    assert text.count("not recorded here") == 4 and " none none " in text


def test_services_stand_where_the_source_has_them() -> None:
    page = page_at(graph(), at("/services"))
    told = {str(row["serviceLabel"]): row for row in page.tables["services"].rows}
    placed = {name for name, row in told.items() if row["placed"]}
    assert len(placed) == 13
    assert str(told["childcare"]["placed"]).count(";") == 1
    (counted,) = (
        graph()
        .query(
            "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c a cop:Case ; cop:hasServiceType cop:Childcare }"
        )
        .rows
    )
    assert told["childcare"]["cases"] == counted["n"] > 1
    cells = [
        each["href"]
        for each in read("/services").of("a")
        if each["href"].startswith("diagram?level")
    ]
    assert len(cells) == 18


def test_services_without_cases_have_no_column_of_cases(kg) -> None:  # type: ignore[no-untyped-def]
    assert page_at(kg, at("/services")).values["has_cases"] is False
    assert page_at(graph(), at("/services")).values["has_cases"] is True


def test_the_network_is_that_of_the_claims() -> None:
    links = rows(graph().store, "claim-links")
    assert len(page_at(graph(), at("/network")).tables["links"]) == len(links)
    of_one = page_at(graph(), at("/network?section=B.2")).tables["links"].rows
    assert {row["section"] for row in of_one} == {"B.2"} and len(of_one) < len(links)
    of_term = page_at(graph(), at("/network?term=CoProduction")).tables["links"].rows
    assert of_term and all(
        COP + "CoProduction" in (row["subject"], row["object"]) for row in of_term
    )
    assert f"{len(of_term)} links of co-production" in read("/network?term=CoProduction").text
    assert not len(page_at(graph(), at("/network?term=Nothing")).tables["links"])


@pytest.mark.parametrize(
    ("lang", "told"),
    [("en", "alone can breach"), ("de", "kann allein durchbrechen"), ("fr", "seul peut franchir")],
)
def test_what_a_claim_says_is_told_in_words(lang: str, told: str) -> None:
    network = read(f"/network?lang={lang}")
    assert told in network.text and "aloneCanBreach" not in network.text
    assert not re.search(r"\b[a-z]+[A-Z]\w+", " ".join(network.texts)), "no name of a program"
    claim = read(f"/id/claim/C51?lang={lang}").text
    assert told in claim and "aloneCanBreach" not in claim
    assert "aloneCanBreach," in body(f"/network?lang={lang}", "csv"), "for programs"


def test_what_a_page_lacks_is_told_where_it_can_be_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages_libraries, "libraries", lambda: [])
    assert "make scripts" in to_fetch()
    monkeypatch.setattr(pages_libraries, "root", lambda: tmp_path)
    assert to_fetch() == "", "a wheel has no Makefile"
    monkeypatch.undo()
    all_there = [f"npm/{name}/a.js" for name in (EDITOR, NETWORK, ENGINE)]
    monkeypatch.setattr(pages_libraries, "libraries", lambda: all_there)
    assert to_fetch() == ""


@pytest.mark.parametrize("there", [True, False])
def test_the_network_is_a_table_with_and_without_a_picture(
    there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(environment().globals, "has_network", there)
    page = read("/network")
    assert len(page.of("table")) == 1 and len(page.of("script")) == there
    assert "make scripts" not in body("/network"), "readers have no checkout"
    assert not read("/network?term=Nothing").of("script")


def test_links_are_listed_by_vocabulary() -> None:
    page = page_at(graph(), at("/links"))
    told = {row["vocabulary"]: row["links"] for row in page.tables["vocabularies"].rows}
    assert told == {each.name: len(each.links) for each in link_sets()}
    of_one = page_at(graph(), at("/links?vocabulary=stw")).tables["links"].rows
    assert len(of_one) == len(all_links("stw"))
    assert any(
        str(row["relation"]).startswith("not ")
        for row in page_at(graph(), at("/links?vocabulary=eurovoc")).tables["links"].rows
    )
    with pytest.raises(NoPage):
        page_at(graph(), at("/links?vocabulary=nothing"))


def test_about_tells_source_version_licences_and_changes() -> None:
    text = read("/about").text
    for words in ("Slides of a talk by Victor Pestoff", "version 0.1.0", "@misc{coproduction,"):
        assert words in text, words
    told = {
        row["what"]: row["licence"]
        for row in page_at(graph(), at("/about")).tables["licences"].rows
    }
    assert told["the ontology and the data"] == "https://creativecommons.org/licenses/by/4.0/"
    assert told["the software"] == "https://spdx.org/licenses/MIT"
    assert told["the links to stw"] == "https://opendatacommons.org/licenses/odbl/1-0/"
    assert len(page_at(graph(), at("/about")).values["changes"]) == 10  # type: ignore[arg-type]


def test_each_page_is_cited_by_a_key_of_its_own_with_the_year() -> None:
    texts = [read(f"/about?of={of}").text for of in ("/claim/C51", "/cases%3Fsector=PublicSector")]
    assert "@misc{coproduction-claim-c51," in texts[0]
    assert "@misc{coproduction-cases-sector-publicsector," in texts[1]
    assert all(re.search(r"an ontology, version 0\.1\.0, 20\d\d\. “", text) for text in texts)


@pytest.mark.parametrize("name", ["Sverige", "Schweden", "suède", "SWEDEN"])
def test_a_country_is_found_by_any_of_its_names(name: str) -> None:
    expected = {kind: each.number for kind, each in found("Sweden").items()}
    assert expected and {k: each.number for k, each in found(name).items()} == expected
    page = read(f"/search?{urlencode({'q': name, 'lang': 'de'})}")
    assert "cases?lang=de&country=SE" in {each["href"] for each in page.of("a")}
    assert "Fälle: Schweden" in page.text


def test_what_finds_nothing_offers_what_is_spelt_nearly_so() -> None:
    for query, near in (
        ("glass cieling", "glass ceiling"),
        ("barnomsrg", "barnomsorg"),
        ("zylinderkopfdichtung", None),
    ):
        page = read(f"/search?{urlencode({'q': query, 'lang': 'sv'})}")
        there = {each["href"] for each in page.of("a")}
        link = f"search?lang=sv&{urlencode({'q': near})}"
        assert (link in there) == (near is not None), query
        assert ("Menade du:" in page.text) == (near is not None), query
    assert found("glass cieling") == {}


def test_a_page_on_a_term_is_cited_by_the_address_that_stays() -> None:
    (cite,) = [
        each["href"]
        for each in read("/term/Complementary").of("a")
        if each["href"].endswith("#cite")
    ]
    text = read("/" + cite.removeprefix("../").removesuffix("#cite")).text
    assert "“complementary”. https://w3id.org/coproduction#Complementary" in text
    assert "url = {https://w3id.org/coproduction#Complementary}," in text
    assert (
        "https://w3id.org/coproduction/id/ambiguity/A9" in read("/about?of=/id/ambiguity/A9").text
    )
    assert "they do not open in a browser yet" in text


def test_a_page_is_cited_with_what_was_seen_of_it() -> None:
    url = "/cases?sector=!ThirdSector&rubric=R1"
    (cite,) = [each["href"] for each in read(url).of("a") if each["href"].endswith("#cite")]
    page = read("/" + cite.removesuffix("#cite"))
    day = datetime.now(UTC).date().isoformat()
    seen = "/cases?sector=%21ThirdSector&rubric=R1"
    cited = r"version 0\.1\.0, 20\d\d\. “Cases”\. https://w3id\.org/coproduction/0\.1\.0 "
    assert re.search(cited, page.text)
    assert f"(page {seen} of the explorer, seen on {day})" in page.text
    assert r"page /cases?sector=\%21ThirdSector\&rubric=R1}" in page.text
    assert f"urldate = {{{day}}}," in page.text
    assert seen.removeprefix("/") in {each["href"] for each in page.of("a")}


@pytest.mark.slow
def test_a_thing_is_cited_with_the_rubric_and_the_ceiling_of_its_page() -> None:
    claim = read("/about?of=/claim/C51%3Frubric%3DR2%26ceiling%3Dtext").text
    assert "https://w3id.org/coproduction/id/claim/C51 (page /claim/C51?rubric=R2&ceiling" in claim


@pytest.mark.parametrize(
    "of", ["/nonsense", "/term/Nothing", "nonsense", "http://evil.example/", "/query?query=x"]
)
def test_what_is_no_page_is_not_cited(of: str) -> None:
    with pytest.raises(NoPage):
        read(f"/about?{urlencode({'of': of, 'named': 'A page'})}")


def test_the_title_that_is_cited_is_that_of_the_page() -> None:
    assert "A & B" not in read("/about?of=/network&named=A+%26+B").text
    assert "how to cite" not in problem(at("/nothing"), NoPage("nothing"))


def test_a_thing_without_a_page_is_named_without_a_link() -> None:
    assert has_page("/term/X") and not has_page("/term/") and not has_page("/nothing/at/all")


@pytest.mark.parametrize("lang", ["sv", "de", "fr"])
def test_all_that_a_page_says_of_itself_is_translated(lang: str) -> None:
    """What is English on a page in another language is marked, or is the same word there."""
    say = speaker(lang)
    page = read(f"/diagram?lang={lang}")
    assert say("What the question marks mean") in page.text
    for words in (
        "What the question marks mean",
        "This page as",
        "how to cite this page",
        "cases in scope",
    ):
        assert not re.search(rf"\b{words}\b", page.text), words


def test_the_first_page_names_the_line_and_the_cases_that_have_no_cell() -> None:
    text = read("/").text
    assert "The dashed line is the glass ceiling." in text
    assert "Of the others the level or the intensity is not known." in text
    assert "stehen auf Englisch" in read("/?lang=de").text and "in English" not in text


def test_the_first_page_has_three_things_to_do_next() -> None:
    steps = page_at(graph(), at("/")).values["next"]
    assert isinstance(steps, list)
    assert len(steps) == 3 and steps[0].path == "/concepts"
    shown = {each["href"] for each in read("/?lang=de").of("a")}
    assert {f"{step.path.removeprefix('/')}?lang=de" for step in steps} <= shown
