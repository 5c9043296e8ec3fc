"""`coproduction query`: SPARQL of the user's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ..errors import DataError, UnknownName
from ..results.forms import FORMATS
from .answers import Answer, tell_truncated, tell_unordered
from .scope import Scope, open_graph
from .telling import note

if TYPE_CHECKING:
    import click

    from ..asked_graph import AskedGraph
    from ..results.fetching import QueryOptions

_GRAPH_FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "owl": ox.RdfFormat.RDF_XML,
}


def query(
    sparql: str | None,
    *,
    to: Answer,
    scope: Scope,
    lang: str = "en",
    file: str | None = None,
    labels: bool = False,
    streaming: bool = False,
    max_rows: int | None = None,
    hosts: tuple[str, ...] = (),
) -> None:
    """Answer a SPARQL query on the union of the graphs ('-' reads it from standard input).

    Where it names graphs (FROM, FROM NAMED), those are asked in place of the union.

    The prefixes cop, rdf, rdfs, owl, xsd, skos, dcterms, prov, foaf, vann and sh need no
    declaration. SELECT, ASK, CONSTRUCT and DESCRIBE.
    """
    from ..results.asking import ask
    from ..results.fetching import QueryOptions, Triples

    text = _read(sparql, file)
    kg = open_graph(scope)
    if streaming:
        _write_streamed(kg, text, to, lang if labels else "", QueryOptions(None, max_rows, hosts))
        return
    of_graphs = [form for form in to.forms if form in _GRAPH_FORMATS]
    of_rows = [form for form in to.forms if form in FORMATS]
    rows_to = to._replace(forms=tuple(of_rows))
    most = max_rows if to.forms and not of_rows else rows_to.most_rows(max_rows)
    answer = ask(kg.store, text, QueryOptions(most=most, hosts=hosts))
    note(answer.note)
    if isinstance(answer, Triples):
        if to.forms and not of_graphs:
            raise UnknownName(
                "format for a graph",
                to.forms[0],
                _GRAPH_FORMATS,
                f"(use {' '.join(_GRAPH_FORMATS)})",
            )
        from ..export.graphs import prefixes_used
        from ..store.rdflib_graphs import serialize

        kind = _GRAPH_FORMATS[(of_graphs or ["ttl"])[0]]
        to.write(serialize(answer.triples, kind, prefixes_used(answer.triples, kind)))
        if answer.truncated:
            tell_truncated(len(answer.triples), "triples")
        return
    if to.forms and not of_rows:
        raise UnknownName("format for rows", to.forms[0], FORMATS, f"(use {' '.join(FORMATS)})")
    answer = kg.with_labels(answer, lang)
    rows_to.write(answer.labelled() if labels else answer)


def _write_streamed(
    kg: AskedGraph, text: str, to: Answer, lang: str, options: QueryOptions
) -> None:
    """Write rows as they are found, with labels where a language is given."""
    from ..results.asking import stream
    from ..syntax.ordering import without_order

    to = to.streaming()
    rows = stream(kg.store, without_order(text), options)
    note(rows.note)
    if lang:
        rows.with_labels(kg.store, lang)
    tell_unordered()
    to.write(rows)


def command() -> click.Command:
    """Give the command with its options, for the parser of the line."""
    import click

    from .options import (
        answer_options,
        command_of,
        lang_option,
        scope_options,
        stopping_options,
        stream_option,
    )

    return command_of(
        query,
        click.argument("sparql", required=False),
        click.option("-f", "--file", "file", metavar="FILE", help="Read the query from FILE."),
        answer_options(
            *FORMATS,
            *_GRAPH_FORMATS,
            help="Form of the answer: rows as on the left; ttl, nt, nq, trig, jsonld or owl "
            "(RDF/XML) for CONSTRUCT and DESCRIBE (Turtle by default). The ending of FILE says it "
            "too.",
        ),
        lang_option,
        click.option(
            "--labels",
            is_flag=True,
            help="Put a column of labels beside each column of IRIs in csv, tsv, json, xml and "
            "objects too; tables, Markdown and HTML show labels of themselves.",
        ),
        stream_option,
        stopping_options,
        click.option(
            "--allow-service",
            "hosts",
            multiple=True,
            metavar="HOST",
            help="Let SERVICE ask this host, or host:port; none by default (repeatable).",
        ),
        scope_options,
    )


def _read(sparql: str | None, file: str | None) -> str:
    if (sparql is None) == (file is None):
        raise DataError("give one query: as text, with -f FILE, or '-' for standard input")
    if sparql == "-" or file == "-":
        return sys.stdin.read()
    if sparql is not None:
        return sparql
    assert file is not None
    from ..files.encodings import read_text

    return read_text(Path(file))
