"""`coproduction explain`: why an arrangement breaches the glass ceiling, or not."""

from __future__ import annotations

import json

import click

from ..errors import DataError
from . import completion
from .options import (
    Scope,
    check_output,
    format_option,
    open_graph,
    output_option,
    scope_options,
    spoken_option,
    write_picture,
    write_text,
)


@click.command()
@click.argument("arrangement", shell_complete=completion.cases)
@click.argument(
    "target",
    required=False,
    metavar="[QUESTION|CLAIM|CLASS]",
    shell_complete=completion.targets,
)
@format_option("text", "json", "svg", help="Text (the default), JSON, or a picture.")
@output_option
@spoken_option()
@scope_options
def explain(
    arrangement: str,
    target: str | None,
    form: str | None,
    output: str | None,
    lang: str | None,
    scope: Scope,
) -> None:
    """Explain why ARRANGEMENT breaches the glass ceiling or not, and what would change that.

    ARRANGEMENT is a case or a placement: an IRI, its last part, or its label. With a question
    (CQ18, glass-ceiling) it is whether and why it is among the rows, with a claim (C51) where it
    stands on it, with a class whether it is a member. A FILE that ends in .svg, .png or .pdf is a
    picture.
    """
    from ..explanation import as_text
    from ..explanation import explain as explain_arrangement

    endings = (".svg", ".png", ".pdf", ".jpg", ".jpeg", ".gif", ".webp")
    drawn = form == "svg" or (output or "").lower().endswith(endings)
    if drawn and form not in (None, "svg"):
        raise DataError(f"{output}: this ending is a picture's, and --format asks for {form}")
    check_output(output, scope.data, scope.store)
    kg = open_graph(scope)
    iri = kg.find(arrangement)
    explanation = explain_arrangement(kg.store, iri, target, lang or "en")
    if drawn:
        from ..pictures.explanation import build

        write_picture(lambda theme: build(explanation).svg(theme), output)
    elif form == "json":
        content = json.dumps(explanation.as_dict(), ensure_ascii=False, indent=2)
        write_text(content + "\n", output)
    else:
        write_text(as_text(explanation), output)
