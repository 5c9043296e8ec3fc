"""The explorer as files: every link leads to one, and nothing there needs a server of ours."""

from __future__ import annotations

import contextlib
import functools
import json
import re
import threading
from collections.abc import Iterator
from functools import cache
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote, urlencode

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.errors import DataError
from coproduction.names import COP, ID, ONTOLOGY_IRI, PACKAGED_GRAPHS
from coproduction.pages import redirects, static_site
from coproduction.pages.address import Address, place_of
from coproduction.pages.entries import entries
from coproduction.pages.libraries import EDITOR, ENGINE, NETWORK, is_fetched, libraries
from coproduction.pages.redirects import FILE
from coproduction.pages.static_site import DATA, MARK, POLICY, write_site
from coproduction.resources import data_dir
from coproduction.store.embedded import EmbeddedStore
from coproduction.version import __version__

from ..pictures.browser import chromium
from ..tools import missing

URL = "https://pages.example.org/below/a-path"
"""Where the site is said to stand."""
PAGE, TURTLE = "text/html,application/xhtml+xml,*/*;q=0.8", "text/turtle"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web") / "below" / "a path"
    graph = coproduction.open(cases=True)
    told: list[int] = []
    done = write_site(graph, folder, languages=["en"], url=URL, progress=told.append)
    assert done.files == sum(1 for each in folder.rglob("*") if each.is_file())
    assert done.pages == told[-1] == len(told)
    return folder


def links(text: str) -> Iterator[str]:
    return map(unescape, re.findall(r'\s(?:href|src|action)="([^"]*)"', text))


def is_own(link: str) -> bool:
    return not link.startswith(("#", "http://", "https://", "data:", "mailto:"))


@pytest.mark.slow
def test_each_link_leads_to_a_file(site: Path) -> None:
    count = 0
    text_of = cache(lambda file: file.read_text(encoding="utf-8"))
    for page in site.rglob("*.html"):
        for link in filter(is_own, links(page.read_text(encoding="utf-8"))):
            path, _, fragment = unquote(link).partition("#")
            file = page.parent / path.partition("?")[0]
            assert file.is_file(), f"{page.relative_to(site)} leads to {link}"
            if fragment and file.suffix == ".html":
                assert f'id="{fragment}"' in text_of(file), link
            count += 1
    assert count > 10_000


@pytest.mark.slow
def test_a_page_of_files_has_the_words_of_the_page_that_is_served(site: Path) -> None:
    text = (site / "term" / "Complementary.html").read_text(encoding="utf-8")
    assert "clients can perform tasks that complement the core activities" in text
    assert unescape(re.findall(r'Security-Policy" content="([^"]*)"', text)[0]) == POLICY
    assert re.findall(r"<form[^>]*", text) == [re.findall(r'<form class="search"[^>]*', text)[0]]
    assert 'hreflang="sv"' not in text  # only English was asked for
    check = (site / "check.html").read_text(encoding="utf-8")
    assert "multipart" not in check and "`coproduction validate cases.xlsx`" in check
    assert (site / "template.xlsx").is_file() and 'href="template.xlsx"' in check
    told = json.loads((site / MARK).read_text(encoding="utf-8"))
    assert told["pages"] == sum(1 for _ in site.rglob("*.html"))


@pytest.mark.slow
def test_what_is_searched_is_what_was_written(site: Path) -> None:
    told = json.loads((site / "search-entries.json").read_text(encoding="utf-8"))
    rows, countries = told["things"], told["countries"]
    assert all((site / file).is_file() for _, _, file, _ in rows)
    found = {name: (file, folded) for _, name, file, folded in rows}
    assert found["complementary"][0] == "term/Complementary.html"
    assert "forskolan" in found["Förskolan Kultingen"][1]
    (sweden,) = [each for each in countries if "sverige" in each["names"]]
    assert sweden["called"] == ["sweden", "sverige", "schweden", "suede"]
    assert sweden["cases"] == "Cases in Sweden" and "konungariket sverige" in sweden["names"]
    assert all((site / each["href"]).is_file() for each in countries) and len(countries) > 5
    assert len(json.dumps(countries)) < 10_000


@pytest.mark.slow
def test_the_graphs_stand_beside_the_pages(site: Path) -> None:
    store = EmbeddedStore()
    store.add_raw(site / DATA)
    graph = coproduction.open(cases=True)
    assert sum(store.graphs().values()) == sum(graph.store.graphs().values())


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *words: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def hosted(site: Path) -> Iterator[str]:
    """Serve the files, as a host that knows nothing of them; give the address of the site."""
    handler = functools.partial(_Quiet, directory=str(site.parents[1]))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/below/a%20path"
    finally:
        server.shutdown()


@pytest.mark.slow
def test_search_without_a_server_knows_countries_and_other_spellings(site: Path) -> None:
    told: list[str] = []
    with hosted(site) as root, chromium() as browser:
        page = browser.new_page()
        page.on("console", lambda each: told.append(each.text))
        page.on("pageerror", lambda each: told.append(str(each)))

        def found(query: str) -> str:
            page.goto(f"{root}/search.html?{urlencode({'q': query})}")
            page.locator("main [aria-live] > *").first.wait_for()
            return str(page.locator("main [aria-live]").inner_text())

        for name in ("Schweden", "sverige", "Konungariket Sverige"):
            assert found(name).startswith("Cases in Sweden"), name
        page.locator("main a", has_text="Cases in Sweden").click()
        assert "Förskolan Kultingen" in page.locator("main").inner_text()
        swedish = found("childcare sverige")
        assert swedish == found("childcare Schweden") and "in France, Germany and Sweden" in swedish
        assert "co-production" in found("co-production") and "Cases" not in found("complementary")
        assert found("complementry") == "nothing found\n\nDid you mean: complementary"
        page.locator("main a", has_text="complementary").click()
        page.locator("main h2").first.wait_for()
        assert page.locator("main a[href='term/Complementary.html']").count() == 1
        assert found("participation levl").startswith("nothing found\n\nDid you mean:")
        assert found("xqzwv") == "nothing found"
    assert told == []


@pytest.mark.slow
def test_search_and_queries_are_answered_without_a_server_of_ours(site: Path) -> None:
    if not libraries():
        missing("needs Oxigraph for browsers: make scripts (npm)")
    told: list[str] = []
    with hosted(site) as root, chromium() as browser:
        page = browser.new_page()
        page.on("console", lambda each: told.append(each.text))
        page.on("pageerror", lambda each: told.append(str(each)))
        page.on("request", lambda each: told.append(each.url) if root not in each.url else None)
        page.goto(f"{root}/index.html")
        page.fill("#q", "forskolan")
        page.keyboard.press("Enter")
        page.locator("main a", has_text="Förskolan Kultingen").first.click()
        assert page.locator("h1").inner_text() == "Förskolan Kultingen"
        page.goto(f"{root}/query.html")
        page.locator(".CodeMirror-code").click()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("SELECT (COUNT(?case) AS ?n) { ?case a cop:Cas")
        page.locator(".CodeMirror-hint-active", has_text="cop:Case").wait_for()
        page.keyboard.press("Enter")
        page.keyboard.type(" }")
        page.click("form.query button")
        assert page.locator("main table td").inner_text() == "20"
        page.locator(".CodeMirror-code").click()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("SELCT")
        page.click("form.query button")
        page.get_by_text("error at 1:6").wait_for()
        assert page.locator(".wrong-place").inner_text() == "SELCT"
        page.goto(f"{root}/network;term=CoProduction.html")
        field = page.locator("#network .field")
        field.wait_for()
        places = "field => field.cytoscape.nodes('[label = \"macro level\"]').renderedPosition()"
        field.click(position=field.evaluate(places))
        page.wait_for_url("**/term/MacroLevel.html")
    assert told == []


def led(rules: str, path: str, accept: str) -> str:
    """Apply the rules of Apache to a path below the ontology's address."""
    conditions: list[str] = []
    for line in rules.splitlines():
        word, *rest = line.split()[:4] or [""]
        if word == "RewriteCond":
            assert rest[0] == "%{HTTP_ACCEPT}"
            conditions.append(rest[1])
        elif word == "RewriteRule":
            assert rest[2] == "[R=303,NE,L]"
            holds = all(
                (re.search(each.removeprefix("!"), accept) is None) is each.startswith("!")
                for each in conditions
            )
            conditions = []
            if holds and (found := re.search(rest[0], path)):
                return rest[1].replace("$1", found[1] if found.re.groups else "")
    return ""


@pytest.mark.slow
def test_each_permanent_address_leads_to_what_is_there(site: Path) -> None:
    rules = (site / FILE).read_text(encoding="utf-8")
    graph = coproduction.open(cases=True)

    def file(iri: str, accept: str) -> Path:
        target = led(rules, iri.removeprefix(ONTOLOGY_IRI).strip("/"), accept)
        assert target.startswith(f"{URL}/"), iri
        return site / target.removeprefix(f"{URL}/")

    terms = [each.thing for each in entries(graph.store)["terms"]]
    for iri in (ONTOLOGY_IRI, f"{ONTOLOGY_IRI}/{__version__}"):
        # The part behind the "#" stays with a browser, which goes to that place.
        text = file(iri, PAGE).read_text(encoding="utf-8")
        assert all(f'id="{term.removeprefix(COP)}"' in text for term in terms)
        merged = file(iri, TURTLE)
        assert merged.name == "coproduction.ttl" and len(list(ox.parse(path=merged))) > 10_000
    assert file(ONTOLOGY_IRI, "application/rdf+xml, */*;q=0.1").name == "coproduction.owl"
    assert (site / "coproduction.owl").is_file()
    things = [
        each.thing
        for kind in ("claims", "cases", "others")
        for each in entries(graph.store)[kind]
        if place_of(each.thing)
    ]
    assert len(things) > 600
    for iri in things:
        page = file(iri, PAGE)
        assert page.suffix == ".html" and page.is_file(), iri
        assert file(iri, "*/*") == page
        assert file(iri, TURTLE) == page.with_suffix(".ttl") and file(iri, TURTLE).is_file()
    for name in PACKAGED_GRAPHS:
        assert file(f"{ONTOLOGY_IRI}/graph/{name}", TURTLE) == site / DATA


def test_a_thing_whose_file_has_another_name_has_a_rule_of_its_own() -> None:
    iri = ID + "publication/a.b+c"
    text = redirects.rules("https://a.example/", {iri: "id/publication/other"}, "c.html", "d.nq")
    assert led(text, "id/publication/a.b+c", PAGE) == "https://a.example/id/publication/other.html"
    assert led(text, "id/publication/axbbc", TURTLE) == "https://a.example/id/publication/axbbc.ttl"
    assert led(text, "shapes", PAGE) == "https://a.example/c.html"


@pytest.mark.parametrize("url", ["example.org", "ftp://a.example/", "https://a/ b", "https://a/?b"])
def test_an_address_that_is_none_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="give the address of the site"):
        write_site(coproduction.open(), tmp_path / "new", url=url)
    assert not (tmp_path / "new").exists()


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    for place in (tmp_path, tmp_path / "mine.txt"):
        with pytest.raises(DataError, match="new or empty folder"):
            write_site(coproduction.open(), place)
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


def test_two_pages_have_two_files_where_letters_are_one() -> None:
    names = static_site._Files()
    one, other = (Address(path, (("lang", "en"),)) for path in ("/term/Case", "/term/case"))
    assert names.of(one) == "term/Case.html" == names.of(one)
    assert names.of(other).casefold() != "term/case.html" and names.of(other) == names.of(other)


@pytest.mark.parametrize("value", ["a/../b", "x" * 300, 'å?"<>|*:', ".."])
def test_a_name_of_a_file_is_one_on_any_system(value: str) -> None:
    name = static_site._Files().of(Address("/cases", (("lang", "sv"), ("q", value))))
    folder, _, last = name.rpartition("/")
    assert folder == "sv" and last.startswith("cases;q=") and len(last) < 255
    assert re.fullmatch(r"[\w.~;=-]+", last, re.ASCII)


def test_what_npm_fetched_is_told_in_the_lock_file_without_an_address() -> None:
    place = data_dir("queries").parent / "browser" / "package-lock.json"
    packages = json.loads(place.read_text(encoding="utf-8"))["packages"]
    assert all("integrity" in each for name, each in packages.items() if name)
    assert not any("resolved" in each for each in packages.values())


def test_what_npm_fetched_stands_there_with_its_licences() -> None:
    if not libraries():
        missing("needs what npm fetches: make scripts")
    root = data_dir("queries").parent
    lock = json.loads((root / "browser" / "package-lock.json").read_text(encoding="utf-8"))
    static = Path(str(files("coproduction.pages").joinpath("static")))
    notices = (static / "npm" / "NOTICES.txt").read_text(encoding="utf-8").split("-" * 72)
    heads = {each.strip().partition(",")[0]: each for each in notices}
    for place, each in lock["packages"].items():
        if place:
            name = place.rpartition("node_modules/")[2]
            told = heads.pop(f"{name} {each['version']}")
            assert each["license"].strip("()") in told
            assert re.search("copyright", told, re.I) and len(told) > 600, name
    assert not heads
    assert all(is_fetched(each) for each in (EDITOR, NETWORK, ENGINE))
