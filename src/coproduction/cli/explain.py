"""`coproduction explain`: why an arrangement breaches the glass ceiling, or not."""

from __future__ import annotations

import json

import click

from .options import Scope, format_option, open_graph, scope_options, write_text


@click.command()
@click.argument("arrangement")
@click.argument("target", required=False)
@format_option("text", "json", help="Text (the default) or JSON.")
@scope_options
def explain(arrangement: str, target: str | None, form: str | None, scope: Scope) -> None:
    """Explain whether ARRANGEMENT breaches the glass ceiling, under either rubric, and why.

    ARRANGEMENT is a case or a placement: an IRI, its last part, or its label.
    """
    from ..explanation import as_text
    from ..explanation import explain as explain_arrangement

    kg = open_graph(scope)
    explanation = explain_arrangement(kg.store, kg.find(arrangement), target)
    if form == "json":
        write_text(json.dumps(explanation.as_dict(), ensure_ascii=False, indent=2) + "\n")
    else:
        write_text(as_text(explanation))
