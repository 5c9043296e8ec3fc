"""Which pages there are, and which of them stands at an address."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlencode

from ..messages import Sentence
from .address import Address, place_of
from .page import NoPage, Page

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph


class Room(NamedTuple):
    """A page, or many of one kind.

    Attributes:
        path: where it stands; a name in braces stands for a part without a slash, one with a
            star for all that follows.
        module: the module here whose function `page` makes it, given the parts by name.
        name: what it is called in the list of all pages; an empty text for one that is not there.
        is_limited: whether `page` is told how many rows may be given.
    """

    path: str
    module: str
    name: str = ""
    is_limited: bool = False


ROOMS: Final = (
    Room("/", "home", Sentence("Start")),
    Room("/concepts", "concepts", Sentence("Concepts")),
    Room("/diagram", "diagram", Sentence("Diagram 1")),
    Room("/cases", "cases", Sentence("Cases"), is_limited=True),
    Room("/case", "case"),
    Room("/case/{name}", "case"),
    Room("/claims", "claims", Sentence("Claims")),
    Room("/claim/{name}", "claim"),
    Room("/questions", "questions", Sentence("Questions")),
    Room("/question/{name}", "question", is_limited=True),
    Room("/query", "query", Sentence("Query"), is_limited=True),
    Room("/check", "sheet", Sentence("Check a sheet")),
    Room("/regimes", "regimes", Sentence("Regimes")),
    Room("/services", "services", Sentence("Services")),
    Room("/network", "network", Sentence("Network")),
    Room("/links", "links", Sentence("Links")),
    Room("/about", "about", Sentence("About")),
    Room("/search", "search"),
    Room("/names", "names"),
    Room("/term/{name}", "term"),
    Room("/id/{kind}/{name*}", "term"),
    Room("/resource", "term"),
)
"""All pages, in the order of the list; the first that fits an address is taken."""


@cache
def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)(\*?)\}", path)
    text = ""
    for number in range(0, len(parts), 3):
        text += re.escape(parts[number])
        if number + 1 < len(parts):
            text += f"(?P<{parts[number + 1]}>{'.+' if parts[number + 2] else '[^/]+'})"
    return re.compile(text)


def has_page(path: str) -> bool:
    """Tell whether a page can stand at a path; whether the thing is there is not looked up."""
    return any(_pattern(room.path).fullmatch(path) for room in ROOMS)


def page_at(graph: AskedGraph, address: Address, rows: int | None = None) -> Page:
    """Give the page that stands at an address.

    Args:
        graph: what is in scope.
        address: what is asked.
        rows: of a table that a person asks for, how many may be given; all by default.

    Raises:
        NoPage: there is none.
        CoproductionError: what it asks for there is not.
    """
    for room in ROOMS:
        found = _pattern(room.path).fullmatch(address.path)
        if found:
            module = import_module(f".{room.module}", __package__)
            limits = {"rows": rows} if room.is_limited else {}
            page: Page = module.page(graph, address, **found.groupdict(), **limits)
            return page
    raise NoPage(Sentence("there is no page at {path}", path=address.path))


def place_of_case(iri: str) -> str:
    """Give where a case is shown: one of ours as any thing, one of a user's own by its IRI."""
    if place_of(iri) is not None:
        return iri
    return ("/case?" if has_page("/case") else "/resource?") + urlencode({"iri": iri})
