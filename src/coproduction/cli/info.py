"""`coproduction info`: how much there is of what in scope."""

from __future__ import annotations

import click

from .answers import Answer
from .options import answer_options, lang_option, scope_options
from .scope import Scope, open_graph


@click.command()
@lang_option
@answer_options()
@scope_options
def info(lang: str, to: Answer, scope: Scope) -> None:
    """Count what is in scope: triples by graph, individuals by class, questions, checks."""
    to.write(open_graph(scope).info(lang))
