"""`coproduction explain`: why an arrangement breaches the glass ceiling, or not."""

from __future__ import annotations

import json
import textwrap

import click

from ..spelling import visible
from . import completion
from .answers import Answer, write_picture
from .options import answer_options, scope_options, spoken_option
from .scope import Scope, open_graph


@click.command()
@click.argument("arrangement", shell_complete=completion.cases)
@click.argument(
    "target",
    required=False,
    metavar="[QUESTION|CLAIM|CLASS]",
    shell_complete=completion.targets,
)
@spoken_option()
@answer_options(
    "text",
    "json",
    "svg",
    "png",
    "pdf",
    choices=("text", "json", "svg"),
    help="Text (the default), JSON, or a picture.",
)
@scope_options
def explain(
    arrangement: str, target: str | None, lang: str | None, to: Answer, scope: Scope
) -> None:
    """Explain why ARRANGEMENT breaches the glass ceiling or not, and what would change that.

    ARRANGEMENT is a case or a placement: an IRI, its last part, or its label. With a question
    (CQ18, glass-ceiling) it is whether and why it is among the rows, with a claim (C51) where it
    stands on it, with a class whether it is a member. A FILE that ends in .svg, .png or .pdf is a
    picture.
    """
    from ..explanation.explain import as_text
    from ..explanation.explain import explain as explain_arrangement

    form = to.forms[0] if to.forms else "text"
    kg = open_graph(scope)
    iri = kg.find(arrangement)
    explanation = explain_arrangement(
        kg.store, iri, target, lang or "en", lambda: kg.spoilt.by_case
    )
    if form in ("svg", "png", "pdf"):
        from ..pictures.explanation import build
        from ..pictures.picture import Picture

        write_picture(Picture(build(explanation).svg, explanation.label), to.output)
    elif form == "json":
        content = json.dumps(explanation.as_dict(), ensure_ascii=False, indent=2)
        to.write(content + "\n")
    else:
        lines = visible(as_text(explanation)).splitlines()
        to.write("".join(f"{_broken(line, to.width)}\n" for line in lines))


def _broken(line: str, width: int | None) -> str:
    """Break a line at its spaces, for a terminal; what follows stands in from its beginning."""
    indent = " " * (len(line) - len(line.lstrip()))
    if width is None:
        return line
    return textwrap.fill(
        line,
        width,
        subsequent_indent=f"{indent}  " if indent else "",
        break_long_words=False,
        break_on_hyphens=False,
    )
