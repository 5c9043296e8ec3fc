"""The pages as values and as HTML: that each renders in each language, and what holds of all."""

from __future__ import annotations

import csv
import io
import json
import re
from functools import cache

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.asked_graph import AskedGraph
from coproduction.errors import DataError, UnknownName
from coproduction.names import COP, LANGUAGES, RDFS
from coproduction.pages.address import FORMS, Address, place_of
from coproduction.pages.keeping import forget, kept
from coproduction.pages.page import NoPage
from coproduction.pages.rendering import problem, written
from coproduction.pages.site import ROOMS, page_at
from coproduction.resources import data_dir
from coproduction.store.protocol import Store

from .reading import Reader, links

SHOWN = (
    *(room.path for room in ROOMS if room.name),
    "/term/Complementary",
    "/term/Childcare",
    "/id/ambiguity/A9",
    "/cases?sector=%21ThirdSector&level=HighParticipation&rubric=R1",
    "/case/hvidovre-school-boards",
    "/question/claim-evidence?claim=C51",
    "/question/CQ62",
    "/query?query=SELECT+%2A+%7B+%3Fs+a+cop%3AClaim+%7D",
    "/names",
    "/claim/C51",
    "/claim/C40?rubric=R1",
    "/claim/C10",
    "/concepts?by=kind&at=HighParticipation",
    "/diagram?level=HighParticipation&intensity=IntensiveOrEnduring&rubric=R1&country=SE",
    "/diagram?level=LowParticipation&intensity=IntensiveOrEnduring&year=1995",
)
"""Pages that show one of each kind."""
NO_PAGES = ("/sparql", "/template.xlsx", "/template.csv")
"""What pages lead to that is answered otherwise."""
STATIC = data_dir("queries").parent / "src" / "coproduction" / "pages" / "static"


@cache
def graph() -> coproduction.KnowledgeGraph:
    return coproduction.open(cases=True)


def at(url: str, form: str = "") -> Address:
    path, _, query = url.partition("?")
    address = Address.read(path, query)
    return address.in_form(form) if form else address


def body(url: str, form: str = "html") -> str:
    address = at(url, form)
    return written(page_at(graph(), address), graph().store)[1].decode()


def read(url: str) -> Reader:
    return Reader(body(url))


def in_language(url: str, lang: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}lang={lang}"


# -- what holds of every page --------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("url", SHOWN)
def test_a_page_is_well_formed_and_can_be_used_without_eyes_or_mouse(url: str, lang: str) -> None:
    page = read(in_language(url, lang))
    assert not page.wrong
    assert page.of("html") == [{"lang": lang}]
    assert len(page.of("h1")) == len(page.of("main")) == len(page.of("title")) == 1
    assert len(page.ids) == len(set(page.ids))
    assert {"class": "skip", "href": "#content"} in page.of("a") and "content" in page.ids
    named = {label["for"] for label in page.of("label")}
    for control in page.of("input", "select", "textarea"):
        assert control.get("type") == "hidden" or control["id"] in named
    assert all(cell["scope"] in ("col", "row") for cell in page.of("th"))
    assert len(page.of("caption")) == len(page.of("table"))
    regions = [each for _, each in page.tags if each.get("role") == "region"]
    assert all(each["tabindex"] == "0" and each["aria-label"] for each in regions)
    assert len(regions) == len(page.of("table", "pre"))  # what can be wider than the window


@pytest.mark.parametrize("url", SHOWN)
def test_a_page_has_nothing_that_its_policy_forbids(url: str) -> None:
    page = read(url)
    assert not page.of("style", "iframe", "object", "base")
    assert all(script.get("src") for script in page.of("script"))
    names = {name for _, attributes in page.tags for name in attributes}
    assert "style" not in names
    assert not [name for name in names if name.startswith("on")]


@pytest.mark.nightly  # the site of files holds each link of each page in English
@pytest.mark.parametrize("url", SHOWN)
def test_what_a_page_leads_to_is_there(url: str) -> None:
    seen: set[str] = set()
    for link in links(read(url), url):
        path = link.partition("?")[0]
        if path.startswith("/static/"):
            assert (STATIC / path.removeprefix("/static/")).is_file(), link
        elif path not in (*NO_PAGES, *seen):
            seen.add(path)
            assert page_at(graph(), at(link)).title, link


@pytest.mark.nightly  # the site of files holds each link of each page in English
def test_every_page_that_can_be_reached_is_there_and_well_formed() -> None:
    waiting, seen = ["/"], {"/"}
    while waiting:
        url = waiting.pop()
        page = read(url)
        assert not page.wrong, url
        assert len(page.of("h1")) == 1, url
        for link in links(page, url):
            path, _, query = link.partition("?")
            # One language, and one filter of a page: the others are tested above.
            is_other = "lang=" in query or "&" in query.replace("level=", "", 1)
            is_page = not path.startswith("/static/") and path not in (*NO_PAGES, "/query")
            if is_page and not is_other and at(link).form == "" and link not in seen:
                seen.add(link)
                waiting.append(link)
    assert len(seen) > 1_000


@pytest.mark.parametrize("url", SHOWN)
def test_a_page_names_its_other_forms_and_languages(url: str) -> None:
    page = read(url)
    alternates = {
        each["type"]: each["href"]
        for each in page.of("link")
        if each["rel"] == "alternate" and "type" in each
    }
    assert set(alternates) == {"text/markdown", "application/json", "text/csv", "text/turtle"}
    tags = {each["hreflang"] for each in page.of("link") if "hreflang" in each}
    assert tags == set(LANGUAGES) - {"en"}
    (canonical,) = [each["href"] for each in page.of("link") if each["rel"] == "canonical"]
    assert not canonical.startswith(("/", "http"))


@pytest.mark.parametrize("url", SHOWN)
def test_a_page_keeps_its_state_in_another_language(url: str) -> None:
    (swedish,) = [each["href"] for each in read(url).of("a") if each.get("hreflang") == "sv"]
    assert swedish.endswith(in_language(url, "sv").rpartition("/")[2]) or url == "/"


# -- the forms -----------------------------------------------------------------------------


@pytest.mark.parametrize("url", SHOWN)
def test_a_page_has_its_tables_as_json_and_csv(url: str) -> None:
    told = json.loads(body(url, "json"))
    page = page_at(graph(), at(url))
    assert told["title"] == page.title and told["lang"] == "en"
    assert list(told["tables"]) == list(page.tables)
    name, table = next(iter(page.tables.items()))
    rows = list(csv.DictReader(io.StringIO(body(url, "csv"))))
    assert len(rows) == len(told["tables"][name]) == len(table)
    assert rows or url == "/check"  # nothing is wrong before a sheet came
    assert body(url, "csv").splitlines()[0].split(",") == list(table.variables)


@pytest.mark.parametrize("form", ["ttl", "jsonld", "rdf"])
def test_a_page_tells_of_its_things_in_rdf(form: str) -> None:
    kinds = {
        "ttl": ox.RdfFormat.TURTLE,
        "jsonld": ox.RdfFormat.JSON_LD,
        "rdf": ox.RdfFormat.RDF_XML,
    }
    triples = {
        quad.triple for quad in ox.parse(body("/term/ParticipationLevel", form), kinds[form])
    }
    node = ox.NamedNode(COP + "ParticipationLevel")
    label = ox.Triple(
        node, ox.NamedNode(RDFS + "label"), ox.Literal("participation level", language="en")
    )
    assert label in triples
    named = {each.subject for each in triples if isinstance(each.subject, ox.NamedNode)}
    assert named == {node}
    # The list of its values stands in nodes that have no name, and belongs to it.
    assert ox.NamedNode(COP + "HighParticipation") in {each.object for each in triples}


@pytest.mark.parametrize("url", SHOWN)
def test_markdown_is_that_of_the_main_part(url: str) -> None:
    text = body(url, "md")
    assert text.count("\n# ") + text.startswith("# ") == 1
    assert page_at(graph(), at(url)).title in text
    shown = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)  # code stands as it is
    assert "This page as" not in text and "<" not in re.sub(r"\\<|<https?:", "", shown)


def test_a_table_of_a_page_is_had_by_its_name() -> None:
    url = "/diagram?level=HighParticipation&intensity=IntensiveOrEnduring&table=cases"
    rows = list(csv.DictReader(io.StringIO(body(url, "csv"))))
    assert "https://w3id.org/coproduction/id/case/basta" in {row["case"] for row in rows}
    with pytest.raises(NoPage, match="no table"):
        body("/diagram?table=nothing", "csv")


# -- what comes from outside ---------------------------------------------------------------

HOSTILE = '<script>alert("x")</script>'


@pytest.fixture
def hostile() -> Store:
    node = ox.NamedNode(COP + "Hostile")
    store = coproduction.open().store
    label = ox.Literal(HOSTILE, language="en")
    said = (
        ("label", label),
        ("comment", ox.Literal("javascript:alert(1)")),
        ("seeAlso", ox.NamedNode("javascript:alert(1)")),
    )
    store.put(
        "https://example.org/g",
        [ox.Triple(node, ox.NamedNode(RDFS + name), value) for name, value in said],
    )
    return store


def test_a_label_with_script_in_it_is_text(hostile: Store) -> None:
    page = page_at(AskedGraph(hostile), Address("/term/Hostile"))
    for form in ("html", "md"):
        text = written(page_of(page, form), hostile)[1].decode()
        assert not re.search(r"(?<!\\)<script", text)
    read = Reader(written(page, hostile)[1].decode())
    assert HOSTILE in read.text
    assert not [each for each in read.of("a") if each["href"].startswith("javascript")]


def page_of(page, form):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    return replace(page, address=page.address.in_form(form))


def test_what_is_searched_for_is_text() -> None:
    page = read("/concepts?q=%22%3E%3Cscript%3E")
    (field,) = [each for each in page.of("input") if each.get("id") == "tree-q"]
    assert field["value"] == '"><script>'
    assert not page.of("script")


@pytest.mark.parametrize(
    "url",
    [
        "/nothing",
        "/term/Nothing",
        "/term/",
        "/id/case/nothing",
        "/resource",
        "/resource?iri=x",
        "/resource?iri=https://a/%3C",
        "/term/a%20b",
        "/id/case/../../x",
    ],
)
def test_there_is_no_page_on_nothing(url: str) -> None:
    with pytest.raises(NoPage):
        page_at(graph(), at(url))


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("/diagram?year=soon", DataError),
        ("/diagram?year=%D9%A1%D9%A9%D9%A9%D9%A9", DataError),
        ("/diagram?rubric=R9", UnknownName),
        ("/?lang=xx", UnknownName),
    ],
)
def test_what_cannot_be_shown_is_told(url: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        page_at(graph(), at(url))


def test_an_address_that_is_no_text_is_told() -> None:
    with pytest.raises(DataError, match="UTF-8"):
        Address.read("/term/%FF")
    with pytest.raises(DataError, match="parameters"):
        Address.read("/", "&".join(f"a{n}=1" for n in range(200)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_problem_is_told_in_the_language_of_its_address(lang: str) -> None:
    address = Address("/nothing", (("lang", lang),))
    with pytest.raises(NoPage) as caught:
        page_at(graph(), address)
    page = Reader(problem(address, caught.value))
    assert page.of("html") == [{"lang": lang}]
    assert ("there is no page" in page.text) == (lang == "en")
    assert "/nothing" in page.text


# -- addresses -----------------------------------------------------------------------------


def test_addresses_are_read_as_they_are_written() -> None:
    for url in ("/", "/index.csv", "/term/Complementary.md?lang=sv", "/id/case/a%3Ab?q=%26"):
        assert at(url).url == url
    assert at("/concepts/").url == "/concepts"
    assert at("/?lang=en").url == "/?lang=en" and at("/?lang=en").canonical.url == "/"


def test_a_link_is_relative_wherever_a_page_stands() -> None:
    here = Address("/id/case/basta")
    assert here.to(Address("/")) == "../../"
    assert here.to(Address("/id/case/a:b")) == "a%3Ab"
    assert here.to("/static/style.css?v=1") == "../../static/style.css?v=1"
    assert Address("/id/case/basta/coding/stated").to(here) == "../../basta"
    assert Address("/").to(Address("/")) == "./"
    assert Address("/concepts").to(Address("/", (("lang", "sv"),))) == "./?lang=sv"


def test_every_kind_of_thing_of_ours_has_its_place() -> None:
    assert place_of("https://w3id.org/coproduction/id/icnptso/D20") is None
    assert place_of("https://w3id.org/coproduction") is None
    assert place_of("https://w3id.org/coproduction/id/case/a/coding/b") == "/id/case/a/coding/b"


def test_every_form_has_one_ending() -> None:
    assert len({kind.partition(";")[0] for kind in FORMS.values()}) == len(FORMS)


def test_what_is_worked_out_of_a_store_is_kept_with_it() -> None:
    calls: list[int] = []
    store = coproduction.open().store
    for _ in range(3):
        assert kept(store, "x", lambda: calls.append(1) or len(calls)) == 1
    for number in range(1_000):
        kept(store, number, lambda: 0)
    assert kept(store, "x", lambda: 2) == 2  # of too much all is made anew
    forget(store)
    assert kept(store, "x", lambda: 3) == 3
    assert kept(coproduction.open().store, "x", lambda: 4) == 4
