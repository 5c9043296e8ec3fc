"""`coproduction export`: all graphs in scope in one file."""

from __future__ import annotations

import click

from .options import open_graph, output_option, scope_options, write_bytes

_FORMS = ("ttl", "owl", "nt", "jsonld", "trig", "graphml")


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMS),
    help="ttl, owl (RDF/XML, OWL 2 DL), nt, jsonld, trig (graphs kept apart) or graphml; "
    "by default what the ending of FILE says, else ttl.",
)
@output_option
@scope_options
def export(
    form: str | None, output: str | None, data: tuple[str, ...], store: str | None, cases: bool
) -> None:
    """Write all graphs in scope, merged without imports."""
    ending = output.rpartition(".")[2].lower() if output else ""
    ending = {"rdf": "owl", "xml": "owl", "json": "jsonld"}.get(ending, ending)
    chosen = form or (ending if ending in _FORMS else "ttl")
    write_bytes(open_graph(data, store, cases).export(chosen), output)
