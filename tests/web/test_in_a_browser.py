"""The pages in Chromium: what a person meets there, and what axe-core finds."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from coproduction.names import LANGUAGES
from coproduction.pages.site import ROOMS

from ..pictures.browser import chromium
from .conftest import Site, serving

pytestmark = pytest.mark.slow

SHOWN = (
    *(room.path for room in ROOMS if room.name),
    "/term/Complementary",
    "/id/ambiguity/A9",
    "/id/case/kultingen",
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


def test_a_cell_of_the_diagram_leads_to_its_cases(seen: Seen, site: Site) -> None:
    opened(seen, site, "/diagram")
    seen.page.locator("main table td a[href*='level=']").first.click()
    seen.page.wait_for_load_state("networkidle")
    assert "level=" in seen.page.url and "intensity=" in seen.page.url
    assert not seen.console


def test_nothing_needs_javascript(browser: Any, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for url in SHOWN:
        page.goto(site.url + url)
        assert page.locator("main h1").count() == 1, url
    context.close()
