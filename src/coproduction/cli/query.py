"""`coproduction query`: SPARQL of the user's own."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pyoxigraph as ox

from ..errors import DataError, UnknownName
from ..result import FORMATS
from .options import (
    ROW_ENDINGS,
    Scope,
    check_output,
    form_of_output,
    format_option,
    most_rows,
    open_graph,
    output_option,
    scope_options,
    stopping_options,
    tell_truncated,
    write_bytes,
    write_rows,
)
from .telling import tell

_GRAPH_FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "owl": ox.RdfFormat.RDF_XML,
}
_ENDINGS = ROW_ENDINGS | {
    "ttl": "ttl", "nt": "nt", "jsonld": "jsonld", "owl": "owl", "rdf": "owl",
}  # fmt: skip


@click.command()
@click.argument("sparql", required=False)
@click.option("-f", "--file", "file", metavar="FILE", help="Read the query from FILE.")
@format_option(
    *FORMATS,
    *_GRAPH_FORMATS,
    help="Form of the answer: rows as on the left; ttl, nt, jsonld or owl (RDF/XML) for "
    "CONSTRUCT and DESCRIBE (Turtle by default).",
)
@output_option
@stopping_options
@click.option(
    "--allow-service",
    "hosts",
    multiple=True,
    metavar="HOST",
    help="Let SERVICE ask this host, or host:port; none by default (repeatable).",
)
@scope_options
def query(
    sparql: str | None,
    file: str | None,
    form: str | None,
    output: str | None,
    max_rows: int | None,
    hosts: tuple[str, ...],
    scope: Scope,
) -> None:
    """Answer a SPARQL query on the union of the graphs ('-' reads it from standard input).

    Where it names graphs (FROM, FROM NAMED), those are asked in place of the union.

    The prefixes cop, rdf, rdfs, owl, xsd, skos, dcterms, prov, foaf, vann and sh need no
    declaration. SELECT, ASK, CONSTRUCT and DESCRIBE.
    """
    from ..asking import Terms, Triples, ask

    form = form_of_output(output, form, _ENDINGS)
    check_output(output, (*scope.data, file), scope.store)
    text = _read(sparql, file)
    kg = open_graph(scope)
    chosen = form or "ttl"
    most = max_rows if form in _GRAPH_FORMATS else most_rows(max_rows, form)
    answer = ask(kg.store, text, Terms(most=most, hosts=hosts))
    for note in answer.note.splitlines():
        tell(f"coproduction: {note}")
    if isinstance(answer, Triples):
        if chosen not in _GRAPH_FORMATS:
            raise UnknownName(
                "format for a graph", chosen, _GRAPH_FORMATS, f"(use {' '.join(_GRAPH_FORMATS)})"
            )
        from ..export import prefixes_used, serialize

        kind = _GRAPH_FORMATS[chosen]
        data = serialize(answer.triples, kind, prefixes_used(answer.triples, kind))
        write_bytes(data, output)
        if answer.truncated:
            tell_truncated(len(answer.triples), "triples")
        return
    if form in _GRAPH_FORMATS:
        raise UnknownName("format for rows", str(form), FORMATS, f"(use {' '.join(FORMATS)})")
    write_rows(answer, form, output)


def _read(sparql: str | None, file: str | None) -> str:
    if (sparql is None) == (file is None):
        raise DataError("give one query: as text, with -f FILE, or '-' for standard input")
    if sparql == "-" or file == "-":
        return sys.stdin.read()
    if sparql is not None:
        return sparql
    assert file is not None
    from ..encodings import read_text

    return read_text(Path(file))
