"""`coproduction gaps`: what the cases leave open."""

from __future__ import annotations

import click

from .answers import Answer, answer_options
from .options import Scope, open_graph, scope_options, spoken_option
from .progress import working
from .telling import failed


@click.command()
@spoken_option()
@answer_options()
@scope_options
def gaps(lang: str | None, to: Answer, scope: Scope) -> int:
    """Tell what the cases in scope leave open: cells of the grid, services, claims not tested."""
    kg = open_graph(scope)
    with working("looking for gaps"):
        found = kg.gaps(lang or "en")
    to.write(found.table)
    return failed([gap.wanted for gap in found if gap.kind == "failed"])
