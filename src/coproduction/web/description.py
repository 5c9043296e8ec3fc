"""What an endpoint is and what it holds, in RDF.

Source: SPARQL 1.1 Service Description (W3C Recommendation, 21 March 2013); the counts are those of
VoID (W3C Interest Group Note, 3 March 2011).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import pyoxigraph as ox

from ..names import RDF, XSD
from ..store.protocol import Term

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_VOID: Final = "http://rdfs.org/ns/void#"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_RESULTS: Final = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
)
PREFIXES: Final = {"sd": _SD, "void": _VOID, "formats": _FORMATS, "xsd": XSD}


def described(
    url: str, graphs: Mapping[str, int], hosts: bool, writes: bool = False
) -> Iterator[ox.Triple]:
    """Describe an endpoint.

    Args:
        url: its address.
        graphs: the named graphs that it holds, with their numbers of triples.
        hosts: whether SERVICE may ask any other.
        writes: whether it is writable.
    """
    service, data, union = ox.NamedNode(url), ox.BlankNode("data"), ox.BlankNode("union")

    def said(subject: ox.NamedNode | ox.BlankNode, prop: str, value: Term) -> ox.Triple:
        return ox.Triple(subject, ox.NamedNode(prop), value)

    def kind(subject: ox.NamedNode | ox.BlankNode, name: str) -> ox.Triple:
        return said(subject, RDF + "type", ox.NamedNode(name))

    yield kind(service, _SD + "Service")
    yield said(service, _SD + "endpoint", service)
    yield said(service, _SD + "supportedLanguage", ox.NamedNode(_SD + "SPARQL11Query"))
    if writes:
        yield said(service, _SD + "supportedLanguage", ox.NamedNode(_SD + "SPARQL11Update"))
    for name in _RESULTS:
        yield said(service, _SD + "resultFormat", ox.NamedNode(_FORMATS + name))
    yield said(service, _SD + "feature", ox.NamedNode(_SD + "UnionDefaultGraph"))
    if hosts:
        yield said(service, _SD + "feature", ox.NamedNode(_SD + "BasicFederatedQuery"))
    yield said(service, _SD + "defaultDataset", data)
    yield kind(data, _SD + "Dataset")
    yield said(data, _SD + "defaultGraph", union)
    yield kind(union, _SD + "Graph")
    for number, (iri, triples) in enumerate(graphs.items(), 1):
        named, graph = ox.BlankNode(f"named{number}"), ox.BlankNode(f"graph{number}")
        yield said(data, _SD + "namedGraph", named)
        yield kind(named, _SD + "NamedGraph")
        yield said(named, _SD + "name", ox.NamedNode(iri))
        yield said(named, _SD + "graph", graph)
        yield kind(graph, _SD + "Graph")
        yield kind(graph, _VOID + "Dataset")
        yield said(graph, _VOID + "triples", ox.Literal(triples))
