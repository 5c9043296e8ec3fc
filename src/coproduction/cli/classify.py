"""`coproduction classify`: what follows from the definitions, written into a store."""

from __future__ import annotations

import click

from ..messages import counted
from .options import homes, limit_options
from .progress import working
from .telling import tell


@click.command()
@homes
@click.option(
    "--reasoner",
    default="rules",
    show_default=True,
    metavar="rules|hermit",
    help="The rules of queries/rules/, or HermiT (needs Java) for up to 3,000 cases.",
)
@limit_options
def classify(
    store: str | None,
    endpoint: str | None,
    reasoner: str,
    seconds: float | None,
    memory: int | None,
) -> None:
    """Write what follows from the definitions into the store's inferred graph, anew."""
    from ..reasoning.inference import classify as infer

    home = endpoint or store or ""
    with working(f"classifying {home}"):
        if endpoint is None:
            count = infer(home, reasoner, seconds=seconds, memory=memory)
        else:
            from ..cases.served_loads import classify_served

            count = classify_served(endpoint, reasoner)
    tell(f"{home}: {counted(count, 'statement')} inferred by {reasoner}")
