"""The first page: the question, Diagram 1, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..evidence.claims import claim_tests
from ..knowledge.questions import read_folder
from ..messages import speaker
from ..names import DCTERMS, ID
from .address import Address
from .diagram import cells_of
from .grid import Filters, grid
from .page import Page
from .term import best_text

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph


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
            "questions": len(read_folder().questions),
            "claims": len(claim_tests()),
        },
        {"cells": cells_of(made)},
        (source,),
        lead=say(
            "Which public services do citizens take part in producing, how much, and who provides "
            "them? The concepts of the source, its claims, and the cases that bear on them."
        ),
    )
