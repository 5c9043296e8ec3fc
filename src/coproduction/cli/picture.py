"""`coproduction picture`: the graph drawn, as SVG, PNG or PDF."""

from __future__ import annotations

import click

from . import completion
from .answers import write_picture
from .options import lang_option, output_option, scope_options
from .scope import Scope, check_output, open_graph


@click.command()
@click.argument(
    "name",
    metavar="diagram|concepts|intervals|CLAIM",
    shell_complete=completion.pictures,
)
@click.option("--width", type=int, metavar="PIXELS", help="Width of a PNG; 2000 by default.")
@lang_option
@output_option
@scope_options
def picture(name: str, width: int | None, lang: str, output: str | None, scope: Scope) -> None:
    """Draw a picture: SVG on standard output, or what the ending of FILE says (svg, png, pdf).

    CLAIM is the id of a claim that has a condition and an outcome, such as C51: which cases have
    either, by name. With --cases, --store or --data the diagram shows the cases where they fall,
    and the claims are judged by them. Regimes, claims and classes are tables: pages of `serve`.
    """
    from ..pictures import check_picture

    check_picture(name)
    check_output(output, scope.data, scope.store)
    write_picture(open_graph(scope).picture(name, lang), output, width)
