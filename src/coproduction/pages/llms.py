"""What the explorer has for programs that read text: the file ``llms.txt``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..messages import ENGLISH
from ..version import __version__
from .address import FORMS, Address
from .site import ROOMS

PATH: Final = "/llms.txt"
_KINDS: Final = ("md", "json", "csv", "ttl")


def llms_text() -> str:
    """Give the list of all pages, each as Markdown.

    Source: llmstxt.org, version 2 (August 2026).
    """
    return "\n".join([*_lines(), ""])


def _lines() -> Iterator[str]:
    here = Address(PATH)
    yield f"# {ENGLISH('Co-production')}"
    yield ""
    yield (
        "> The co-production of public services: the concepts, claims and Diagram 1 of a source "
        "document, with the cases in scope, as a knowledge graph."
    )
    yield ""
    kinds = ", ".join(f".{form} ({FORMS[form].partition(';')[0]})" for form in _KINDS)
    yield f"Each page has other forms by the ending of its path: {kinds}. Version {__version__}."
    yield ""
    yield "## Pages"
    yield ""
    for room in ROOMS:
        if room.name:
            yield f"- [{room.name}]({here.to(Address(room.path, (), 'md'))})"
    yield ""
    yield "## Programs"
    yield ""
    yield f"- [SPARQL 1.1 endpoint]({here.to('/sparql')}): queries, and what the service holds"
    yield "- term/NAME.md, such as term/Complementary.md: one term, with the words of the source"
