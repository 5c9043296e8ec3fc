"""Bridges to rdflib: triples as one of its graphs, and Turtle files read into one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ..errors import DataError
from ..names import PREFIXES
from ..spelling import for_xml

if TYPE_CHECKING:
    import rdflib


def serialize(
    statements: Iterable[ox.Triple] | Iterable[ox.Quad],
    form: ox.RdfFormat,
    prefixes: Mapping[str, str] = PREFIXES,
) -> bytes:
    """Write triples or quads, with this project's prefixes where the format has any."""
    data = ox.serialize(statements, format=form, prefixes=dict(prefixes))
    assert data is not None, "serialize gives bytes where no output is named"
    return for_xml(data.decode()).encode() if form == ox.RdfFormat.RDF_XML else data


_SPACES = re.compile("[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")


def to_rdflib(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    """Give triples as an rdflib graph with this project's prefixes bound."""
    import logging

    import rdflib

    # rdflib logs a stack trace for each ill-typed literal; it is kept as it stands.
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    triples = list(triples)
    data = serialize(triples, ox.RdfFormat.N_TRIPLES)
    # rdflib names blank nodes anew unless it is told their names, and orders by them.
    names = {
        node.value: rdflib.BNode(node.value)
        for triple in triples
        for node in (triple.subject, triple.object)
        if isinstance(node, ox.BlankNode)
    }
    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    graph.parse(data=for_rdflib(data), format="nt", bnode_context=names)
    return graph


def for_rdflib(data: bytes) -> bytes:
    """Escape, in N-Triples, the spaces beyond ASCII that rdflib takes for the end of an IRI."""
    return _SPACES.sub(lambda found: f"\\u{ord(found[0]):04X}", data.decode()).encode()


def read_turtle(files: Path | str | Iterable[Path | str]) -> rdflib.Graph:
    """Read Turtle files into one rdflib graph.

    Raises:
        DataError: a file is missing or is not Turtle, with the line.
    """
    import rdflib

    graph = rdflib.Graph(bind_namespaces="none")
    for file in [files] if isinstance(files, (Path, str)) else files:
        # pyoxigraph reads: it names the line of an error, which rdflib's parser may trip over.
        try:
            triples = [
                quad.triple
                for quad in ox.parse(
                    path=file,
                    format=ox.RdfFormat.TURTLE,
                    base_iri=Path(file).absolute().as_uri(),
                    rename_blank_nodes=True,
                )
            ]
        except SyntaxError as error:
            where = f"{file}, line {error.lineno}"
            raise DataError(f"{where}: this is not valid Turtle: {error.msg}") from None
        except OSError as error:
            raise DataError(f"{file}: cannot be read: {error.strerror or error}") from None
        data = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
        assert data is not None
        graph.parse(data=for_rdflib(data), format="nt")
    return graph
