"""`coproduction classify`: what follows from the definitions, written into a store."""

from __future__ import annotations

import click

from ..messages import counted
from .options import limit_options, store_option
from .progress import working
from .telling import tell


@click.command()
@store_option(required=True)
@click.option(
    "--reasoner",
    default="rules",
    show_default=True,
    metavar="rules|hermit",
    help="The rules of queries/rules/, or HermiT (needs Java) for up to 3,000 cases.",
)
@limit_options
def classify(store: str, reasoner: str, seconds: float | None, memory: int | None) -> None:
    """Write what follows from the definitions into the store's inferred graph, anew."""
    from ..reasoning.inference import classify as infer

    with working(f"classifying {store}"):
        count = infer(store, reasoner, seconds=seconds, memory=memory)
    tell(f"{store}: {counted(count, 'statement')} inferred by {reasoner}")
