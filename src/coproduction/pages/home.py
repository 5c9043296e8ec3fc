"""The first page: the question, Diagram 1, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ..messages import Speaker, speaker
from ..names import DCTERMS, ID
from .address import Address
from .diagram import cells_of
from .grid import Filters, grid
from .page import Page
from .site import has_page
from .term import best_text

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph

_STEPS: Final = 3


class Step(NamedTuple):
    """What can be done next: the path of its page, what it is, and more of it."""

    path: str
    name: str
    more: str


def page(graph: AskedGraph, address: Address) -> Page:
    """Give the first page.

    Args:
        graph: what is in scope.
        address: where it stands.
    """
    say = speaker(address.lang)
    made = grid(graph.store, address.lang, Filters())
    source = f"{ID}source/pestoff-slides"
    return Page(
        address,
        say("Co-production"),
        "home.html",
        {
            "grid": made,
            "note": graph.note,
            "source": best_text(graph.store, source, DCTERMS + "title", address.lang)._replace(
                href=source
            ),
            "next": _next(say),
        },
        {"cells": cells_of(made)},
        (source,),
        lead=say(
            "Which public services do citizens take part in producing, how much, and who provides "
            "them? The concepts of the source, its claims, and the cases that bear on them."
        ),
    )


def _next(say: Speaker) -> list[Step]:
    """Give the first things to do, of which there are pages."""
    steps = (
        Step(
            "/concepts",
            say("Read the concepts"),
            say("each with its definition, the words of the source and their place."),
        ),
        Step(
            "/claims",
            say("See how the claims fare"),
            say("each with its verdict, the cases for and against it, and what would turn it."),
        ),
        Step(
            "/sheet",
            say("Check your own sheet"),
            say("each wrong cell is told, with what to write in its place."),
        ),
        Step(
            "/diagram",
            say("See where the cases fall"),
            say("by sector, country, rubric and year."),
        ),
        Step("/services", say("Look at the services"), say("with their cells, cases and codes.")),
    )
    return [step for step in steps if has_page(step.path)][:_STEPS]
