"""`coproduction gaps`: what the cases leave open."""

from __future__ import annotations

import click

from ..messages import speaker
from ..results.listing import Listing
from .answers import Answer
from .options import answer_options, scope_options, spoken_option
from .progress import working
from .scope import Scope, open_graph
from .telling import failed


@click.command()
@spoken_option()
@answer_options()
@scope_options
def gaps(lang: str | None, to: Answer, scope: Scope) -> int:
    """Tell what the cases in scope leave open: cells of the grid, services, claims not tested.

    The grid is Diagram 1 of the source: levels of participation by intensities of relation. Beside
    it the source's own placements (a service in a cell) are no cases.
    """
    kg = open_graph(scope)
    with working("looking for gaps"):
        found = kg.gaps(lang or "en")
    say = speaker(lang or "en")
    shown = [gap._replace(kind=say(gap.kind)) for gap in found] if to.for_people else found
    to.write(Listing(shown, found.columns, found.title).table.told(say))
    return failed([gap.wanted for gap in found if gap.kind == "failed"])
