"""`coproduction info`: how much there is of what in scope."""

from __future__ import annotations

import click

from .answers import Answer, answer_options
from .options import Scope, lang_option, open_graph, scope_options


@click.command()
@lang_option
@answer_options()
@scope_options
def info(lang: str, to: Answer, scope: Scope) -> None:
    """Count what is in scope: triples by graph, individuals by class, questions, checks."""
    to.write(open_graph(scope).info(lang))
