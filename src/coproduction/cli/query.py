"""`coproduction query`: SPARQL of the user's own."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pyoxigraph as ox

from ..errors import DataError, UnknownName
from ..result import FORMATS, Result
from .options import Scope, format_option, open_graph, scope_options, write_bytes, write_rows

_GRAPH_FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "owl": ox.RdfFormat.RDF_XML,
}


@click.command()
@click.argument("sparql", required=False)
@click.option("-f", "--file", "file", metavar="FILE", help="Read the query from FILE.")
@format_option(
    *FORMATS,
    *_GRAPH_FORMATS,
    help="Form of the answer: rows as on the left; ttl, nt, jsonld or owl (RDF/XML) for "
    "CONSTRUCT and DESCRIBE (Turtle by default).",
)
@scope_options
def query(
    sparql: str | None,
    file: str | None,
    form: str | None,
    scope: Scope,
) -> None:
    """Answer a SPARQL query on the union of the graphs ('-' reads it from standard input).

    The prefixes cop, rdf, rdfs, owl, xsd, skos, dcterms, prov, foaf, vann and sh need no
    declaration. SELECT, ASK, CONSTRUCT and DESCRIBE.
    """
    text = _read(sparql, file)
    kg = open_graph(scope)
    answer = kg.store.query(text)
    if isinstance(answer, ox.QueryTriples):
        chosen = form or "ttl"
        if chosen not in _GRAPH_FORMATS:
            raise UnknownName(
                "format for a graph", chosen, _GRAPH_FORMATS, f"(use {' '.join(_GRAPH_FORMATS)})"
            )
        from ..export import serialize

        triples = sorted(set(answer), key=str)
        write_bytes(serialize(triples, _GRAPH_FORMATS[chosen]))
        return
    if form in _GRAPH_FORMATS:
        raise UnknownName("format for rows", str(form), FORMATS, f"(use {' '.join(FORMATS)})")
    if isinstance(answer, ox.QueryBoolean):
        rows = Result.of_rows(["answer"], [["true" if answer else "false"]], "")
    else:
        rows = Result(lambda: answer)
    write_rows(rows, form)


def _read(sparql: str | None, file: str | None) -> str:
    if (sparql is None) == (file is None):
        raise DataError("give one query: as text, with -f FILE, or '-' for standard input")
    if sparql == "-" or file == "-":
        return sys.stdin.read()
    if sparql is not None:
        return sparql
    assert file is not None
    try:
        return Path(file).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DataError(f"{file}: there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file}: cannot be read as UTF-8 text: {error}") from None
