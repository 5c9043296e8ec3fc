"""The pages in Chromium: what a person meets there, and what axe-core finds."""

from __future__ import annotations

import importlib
from base64 import b64encode
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import pytest

from coproduction.names import LANGUAGES
from coproduction.pages.libraries import EDITOR, NETWORK, is_fetched
from coproduction.pages.site import ROOMS

from ..pictures.browser import chromium
from ..tools import missing
from .conftest import Site, serving

pytestmark = pytest.mark.slow

SHOWN = (
    *(room.path for room in ROOMS if room.name),
    "/term/Complementary",
    "/id/ambiguity/A9",
    "/id/case/kultingen",
    "/names",
    "/diagram?level=HighParticipation&intensity=IntensiveOrEnduring&rubric=R1&country=SE",
    "/nothing-there",
)
WIDTHS = {"phone": 360, "desk": 1280}


class Seen(NamedTuple):
    """A page in the browser, and what it told beside what it shows."""

    page: Any
    console: list[str]
    asked: list[str]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving("--cases") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as running:
        yield running


@pytest.fixture
def seen(browser: Any) -> Iterator[Seen]:
    context = browser.new_context()
    page, console, asked = context.new_page(), [], []
    page.on("console", lambda each: console.append(f"{each.type}: {each.text}"))
    page.on("pageerror", lambda each: console.append(f"error: {each}"))
    page.on("request", lambda each: asked.append(each.url))
    yield Seen(page, console, asked)
    context.close()


def opened(seen: Seen, site: Site, url: str, width: int = 1280) -> Any:
    """Open a page, and hold what is true of every page."""
    seen.page.set_viewport_size({"width": width, "height": 900})
    answer = seen.page.goto(site.url + url)
    if answer.status != 404:
        assert not seen.console, url
    hosts = {urlsplit(each).netloc for each in seen.asked}
    assert hosts <= {urlsplit(site.url).netloc, ""}, url
    return answer


def in_language(url: str, lang: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}lang={lang}"


def findings(page: Any) -> list[str]:
    """Give what axe-core finds that is serious or critical."""
    axe = importlib.import_module("axe_playwright_python.sync_playwright").Axe()
    told = axe.run(page).response["violations"]
    return [
        f"{each['id']}: {node['html'][:200]}"
        for each in told
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("url", SHOWN)
def test_a_page_is_whole_in_each_language(seen: Seen, site: Site, url: str) -> None:
    for lang in LANGUAGES:
        answer = opened(seen, site, in_language(url, lang))
        assert answer.status == (404 if url == "/nothing-there" else 200)
        assert seen.page.locator("h1").count() == 1
        assert seen.page.evaluate("document.documentElement.lang") == lang


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.nightly)])
@pytest.mark.parametrize("url", SHOWN)
def test_axe_finds_nothing_serious(seen: Seen, site: Site, url: str, scheme: str) -> None:
    seen.page.emulate_media(color_scheme=scheme)
    opened(seen, site, url)
    assert findings(seen.page) == []


@pytest.mark.parametrize("url", SHOWN)
def test_a_page_is_as_wide_as_the_window(seen: Seen, site: Site, url: str) -> None:
    for width in WIDTHS.values():
        opened(seen, site, url, width)
        wide = seen.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{url} is {wide} wide at {width}"


def edges(seen: Seen, box: Any) -> tuple[float, float]:
    """Give how bright the left and the right edge of a box is, from 0 to 255."""
    look = """async data => {
        const picture = await createImageBitmap(await (await fetch(data)).blob());
        const { width, height } = picture;
        const paper = new OffscreenCanvas(width, height).getContext("2d");
        paper.drawImage(picture, 0, 0);
        return [2, width - 4].map(x => {
            const seen = paper.getImageData(x, 0, 1, height).data;
            return seen.reduce((sum, each, i) => i % 4 ? sum : sum + each, 0) / height; }); }"""
    data = b64encode(box.screenshot()).decode()
    beside = seen.page.context.new_page()  # has no policy that forbids the data
    left, right = beside.evaluate(look, f"data:image/png;base64,{data}")
    beside.close()
    return left, right


def test_what_is_wider_than_the_window_is_shaded_where_it_goes_on(seen: Seen, site: Site) -> None:
    opened(seen, site, "/cases", WIDTHS["phone"])
    box = seen.page.locator("main .wide").first
    left, right = edges(seen, box)
    assert right < left - 30
    box.focus()
    seen.page.keyboard.press("ArrowRight")
    seen.page.wait_for_timeout(300)  # it glides
    assert box.evaluate("box => box.scrollLeft") > 0
    box.evaluate("box => box.scrollTo(box.scrollWidth, 0)")
    left, right = edges(seen, box)
    assert left < right - 30
    opened(seen, site, "/cases", WIDTHS["desk"])
    left, right = edges(seen, box)
    assert abs(left - right) < 10


def test_the_content_is_reached_by_keys_alone(seen: Seen, site: Site) -> None:
    opened(seen, site, "/")
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.className") == "skip"
    seen.page.keyboard.press("Enter")
    assert seen.page.evaluate("location.hash") == "#content"
    reached = set()
    for _ in range(30):
        seen.page.keyboard.press("Tab")
        reached.add(seen.page.evaluate("document.activeElement.getAttribute('href')"))
    assert len(reached - {None}) > 10


def test_the_language_of_the_browser_comes_first_and_that_which_is_chosen_stays(
    browser: Any, site: Site
) -> None:
    context = browser.new_context(locale="de-AT")
    page = context.new_page()

    def lang() -> str:
        return str(page.evaluate("document.documentElement.lang"))

    page.goto(site.url)
    assert lang() == "de" and page.locator("nav.rooms").get_by_text("Begriffe").count() == 1
    page.get_by_text("English", exact=True).click()
    page.get_by_text("Concepts", exact=True).click()
    page.fill("#q", "school")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?*")
    assert lang() == "en"
    page.goto(f"{site.url}/concepts")
    assert lang() == "de"
    context.close()


def test_a_cell_of_the_diagram_leads_to_its_cases(seen: Seen, site: Site) -> None:
    opened(seen, site, "/diagram")
    seen.page.locator("main table td a[href*='level=']").first.click()
    seen.page.wait_for_load_state("networkidle")
    assert "level=" in seen.page.url and "intensity=" in seen.page.url
    assert not seen.console


def edited(seen: Seen, site: Site, query: str = "") -> Any:
    """Open the page of queries, with its editor."""
    if not is_fetched(EDITOR):
        missing("needs the editor of queries: make scripts (npm)")
    answer = seen.page.goto(f"{site.url}/query?{urlencode({'query': query})}")
    seen.page.locator(".CodeMirror-code").wait_for()
    return answer


def typed(seen: Seen, text: str) -> Any:
    """Type a query in place of what is there, and give what is offered at its end."""
    seen.page.locator(".CodeMirror-code").click()
    seen.page.keyboard.press("ControlOrMeta+a")
    seen.page.keyboard.type(text)
    return seen.page.locator(".CodeMirror-hint")


def test_the_editor_completes_a_query_and_runs_it(seen: Seen, site: Site) -> None:
    edited(seen, site)
    offered = typed(seen, "SELECT ?case { ?case a cop:Case ; deltagandeni")  # as Swedish calls it
    chosen = seen.page.locator(".CodeMirror-hint-active")
    chosen.and_(offered.filter(has_text="cop:hasParticipationLevel")).wait_for()
    assert not findings(seen.page)
    seen.page.keyboard.press("Enter")
    seen.page.keyboard.type(" cop:HighPart")
    chosen.and_(offered.filter(has_text="cop:HighParticipation")).wait_for()
    seen.page.keyboard.press("Enter")
    seen.page.keyboard.type(" }")
    assert seen.page.locator(".wrong-line").count() == 0
    seen.page.keyboard.press("Control+Enter")
    seen.page.locator("main table").wait_for()
    answer = site.ask(seen.page.url.removeprefix(site.url).replace("/query?", "/query.csv?"))
    rows = len(answer.data.splitlines()) - 1
    assert seen.page.locator("main table tbody tr").count() == rows > 1
    assert "cop%3AhasParticipationLevel+cop%3AHighParticipation" in seen.page.url
    assert {urlsplit(each).netloc for each in seen.asked} == {urlsplit(site.url).netloc}
    assert not seen.console


def test_the_editor_offers_what_can_stand_there(seen: Seen, site: Site) -> None:
    edited(seen, site)
    offered = typed(seen, "SELECT * { ?case a case")
    offered.first.wait_for()
    assert offered.first.inner_text().startswith("cop:Case")
    kinds = {text.split(":")[1][0].isupper() for text in offered.all_inner_texts()}
    assert kinds == {True}  # after "a" classes alone
    offered = typed(seen, "SELECT ?sector { ?case cop:hasProviderSector ?se")
    offered.first.wait_for()
    assert offered.all_inner_texts() == ["?sector"]
    for text in ("# a comment on cop:", "SELECT * { ?case a cop:Case } lim", "SELECT * { filter"):
        typed(seen, text)
        seen.page.wait_for_timeout(100)  # what is offered comes after a look at all names
        assert offered.count() == 0, text


def test_the_editor_marks_what_is_wrong(seen: Seen, site: Site) -> None:
    assert edited(seen, site, "SELECT *\n{ ?s ?p . }").status == 400
    assert seen.page.locator(".wrong-place").inner_text() == "."
    assert seen.page.locator(".wrong-line").count() == 1
    assert "line 2, column 9" in seen.page.locator("#wrong").inner_text()
    typed(seen, "SELECT * { ?s ?p ?o }")
    assert seen.page.locator(".wrong-line, .wrong-place").count() == 0
    typed(seen, "SELECT * { ?s cop:x ?o ; nono:y 1 }")  # a prefix that is not known
    seen.page.locator(".wrong-line").wait_for()
    seen.page.keyboard.press("Escape")
    seen.page.keyboard.press("Tab")  # leads on: no one is caught in it
    assert seen.page.evaluate("document.activeElement.tagName") == "BUTTON"


def test_the_network_is_drawn_as_its_table_has_it(seen: Seen, site: Site) -> None:
    if not is_fetched(NETWORK):
        missing("needs what draws networks: make scripts (npm)")
    opened(seen, site, "/network?section=B.2")
    field = seen.page.locator("#network .field")
    field.wait_for()
    drawn = field.evaluate(
        """field => field.cytoscape.elements().map(each => ({
            label: each.data("label"), place: each.isNode() && each.renderedPosition(),
            box: each.isNode() && each.renderedBoundingBox({ includeLabels: false }) }))"""
    )
    rows = seen.page.locator("main table tbody tr")
    nodes = {each["label"]: each for each in drawn if each["place"]}
    names = rows.locator(":is(td:nth-child(2), td:nth-child(4))").all_inner_texts()
    assert sorted(nodes) == sorted(set(names)) and len(drawn) == len(nodes) + rows.count()
    assert "C12 defined as" in [each["label"] for each in drawn]
    boxes = [each["box"] for each in nodes.values()]
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            assert min(one["x2"], other["x2"]) <= max(one["x1"], other["x1"]) or (
                min(one["y2"], other["y2"]) <= max(one["y1"], other["y1"])
            )
    assert not findings(seen.page)
    zoom = field.evaluate("field => field.cytoscape.zoom()")
    seen.page.get_by_role("button", name="closer").click()
    assert field.evaluate("field => field.cytoscape.zoom()") > zoom
    seen.page.get_by_role("button", name="the whole picture").click()
    place = field.evaluate(
        "field => field.cytoscape.nodes('[label = \"addition\"]').renderedPosition()"
    )
    field.click(position=place)
    seen.page.wait_for_url("**/term/Addition")
    assert not seen.console


def test_nothing_needs_javascript(browser: Any, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for url in SHOWN:
        page.goto(site.url + url)
        assert page.locator("main h1").count() == 1, url
    context.close()


def test_a_sheet_is_checked_at_a_second_visit(seen: Seen, site: Site) -> None:
    """The page is asked for again, answered with 304, and its form still says where it stands."""
    sheet = {"name": "a.csv", "mimeType": "text/csv", "buffer": b"id\n1\n"}
    opened(seen, site, "/check")
    opened(seen, site, "/concepts")
    with seen.page.expect_request("**/check") as sent:
        opened(seen, site, "/check")
    assert sent.value.response().status in (200, 304)
    seen.page.set_input_files("#sheet-file", files=[sheet])
    with seen.page.expect_navigation() as answered:
        seen.page.click("button[value=check]")
    assert answered.value.status == 400  # it lacks columns
    assert "another origin" not in seen.page.inner_text("main")
    assert seen.page.locator("nav.rooms a").count() > 5
