"""Writing the graphs out: one merged file, an rdflib graph, a networkx graph.

Merging leaves one ontology header, no imports, and every triple once. The OWL file is kept
inside OWL 2 DL: a property of a user's data that nobody declares is declared there.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ..errors import UnknownName
from ..knowledge.disjointness import disjoint_classes
from ..names import ONTOLOGY_IRI, OWL, PREFIXES, RDF, RDFS, XSD, compact
from ..spelling import for_xml
from ..store.protocol import Store
from ..store.rdflib_graphs import serialize, to_rdflib
from .data_cube import data_cube
from .declarations import RELATING, classes_and_properties, relating_in, with_individuals
from .reference_forms import reference
from .value_lists import value_lists

if TYPE_CHECKING:
    import networkx

_TYPE: Final = ox.NamedNode(RDF + "type")
_ONTOLOGY: Final = ox.NamedNode(OWL + "Ontology")
_IMPORTS: Final = ox.NamedNode(OWL + "imports")


def export(store: Store, form: str) -> bytes:
    """Write all graphs of a store as one file, or one part of them in a form of its own.

    Args:
        store: what is written.
        form: a key of :data:`WRITERS` or :data:`PART_WRITERS`.

    Raises:
        UnknownName: no such format.
    """
    writers = {**WRITERS, **PART_WRITERS}
    writer = writers.get(form)
    if writer is None:
        raise UnknownName("format", form, writers, f"(formats: {' '.join(writers)})")
    return writer(store)


def merged(store: Store) -> Iterator[ox.Triple]:
    """Give the triples of all graphs once, under the main ontology's header alone.

    The headers of the modules are left out with their imports: merged, they are one ontology.
    Which classes are disjoint is added: no store has it, and reasoners want it. Each individual is
    declared, so that every reader counts the same.
    """
    relating: set[ox.NamedNode] = set()
    for kind in RELATING:
        relating |= relating_in(
            quad.triple for quad in store.statements(None, _TYPE, ox.NamedNode(kind))
        )
    yield from with_individuals(_under_one_header(store), relating)


def _under_one_header(store: Store) -> Iterator[ox.Triple]:
    main = ox.NamedNode(ONTOLOGY_IRI)
    headers = {
        quad.subject for quad in store.statements(None, _TYPE, _ONTOLOGY) if quad.subject != main
    }
    for triple in store.triples():
        if triple.subject not in headers and triple.predicate != _IMPORTS:
            yield triple
    yield from disjoint_classes()


def prefixes_used(triples: Iterable[ox.Triple], form: ox.RdfFormat) -> dict[str, str]:
    """Give those of this project's prefixes that triples need in a format."""
    used: set[str] = set()
    for triple in triples:
        literal = triple.object if isinstance(triple.object, ox.Literal) else None
        # Turtle writes rdf:type as `a`; texts need no datatype.
        typed = triple.predicate == _TYPE and form == ox.RdfFormat.TURTLE
        end = literal.datatype if literal else triple.object
        nodes = (triple.subject, None if typed else triple.predicate, end)
        used.update(node.value for node in nodes if isinstance(node, ox.NamedNode))
    used -= {XSD + "string", RDF + "langString"}
    if form == ox.RdfFormat.TURTLE:
        used -= {XSD + name for name in ("integer", "decimal", "double", "boolean")}
    namespaces = {re.split(r"(?<=[/#])(?=[^/#]*$)", iri)[0] for iri in used}
    needed = {RDF} if form == ox.RdfFormat.RDF_XML else set()
    return {
        prefix: name for prefix, name in PREFIXES.items() if name in namespaces or name in needed
    }


def to_networkx(store: Store) -> networkx.MultiDiGraph[str]:
    """Give the graphs of a store as a networkx multigraph; see `KnowledgeGraph.to_networkx`."""
    import networkx

    from ..knowledge.terms import labels

    quads = sorted(store.statements(), key=str)
    iris = {
        term.value
        for quad in quads
        for term in (quad.subject, quad.predicate, quad.object)
        if isinstance(term, ox.NamedNode)
    }
    label_of = labels(store, iris, "en")
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(name="coproduction")

    def add_node(iri: str) -> None:
        if iri not in graph:
            graph.add_node(iri, label=label_of.get(iri, compact(iri)), type="")

    for quad in quads:
        if not isinstance(quad.subject, ox.NamedNode):
            continue
        subject, prop = quad.subject.value, quad.predicate.value
        label = label_of.get(prop, compact(prop))
        if isinstance(quad.object, ox.NamedNode):
            add_node(subject)
            if quad.predicate == _TYPE:
                kind = label_of.get(quad.object.value, compact(quad.object.value))
                kinds = {part for part in graph.nodes[subject]["type"].split("; ") if part}
                graph.nodes[subject]["type"] = "; ".join(sorted(kinds | {kind}))
            add_node(quad.object.value)
            graph.add_edge(
                subject,
                quad.object.value,
                key=f"{prop} {getattr(quad.graph_name, 'value', '')}".strip(),
                property=prop,
                label=label,
                graph=getattr(quad.graph_name, "value", ""),
            )
        elif isinstance(quad.object, ox.Literal) and prop != RDFS + "label":
            add_node(subject)
            tag = f"@{quad.object.language}" if quad.object.language else ""
            name = compact(prop) + tag
            values = [part for part in (graph.nodes[subject].get(name), quad.object.value) if part]
            graph.nodes[subject][name] = "; ".join(values)
    return graph


def _turtle(store: Store) -> bytes:
    return to_rdflib(merged(store)).serialize(format="turtle", encoding="utf-8")


def _owl(store: Store) -> bytes:
    triples = list(merged(store))
    more = list(classes_and_properties(triples))
    if more:  # a property that is declared now may lead to an individual
        triples += more
        triples = list(with_individuals(triples, relating_in(triples)))
    data = serialize(triples, ox.RdfFormat.RDF_XML)
    # pyoxigraph would shorten every name by the base; tools ask for the base, people for the name.
    return data.replace(b"<rdf:RDF ", f'<rdf:RDF xml:base="{ONTOLOGY_IRI}" '.encode(), 1)


def _plain(rdf_format: ox.RdfFormat) -> Callable[[Store], bytes]:
    def write(store: Store) -> bytes:
        return serialize(merged(store), rdf_format)

    return write


def _by_graph(rdf_format: ox.RdfFormat) -> Callable[[Store], bytes]:
    def write(store: Store) -> bytes:
        quads = sorted(store.dataset(), key=lambda quad: (str(quad.graph_name), str(quad.triple)))
        return serialize(quads, rdf_format)

    return write


def _n_quads(store: Store) -> bytes:
    return serialize(sorted(store.dataset(), key=str), ox.RdfFormat.N_QUADS)


def _graphml(store: Store) -> bytes:
    import networkx

    buffer = io.BytesIO()
    graph = to_networkx(store)
    for attributes in (of for _, of in graph.nodes(data=True)):
        attributes.update({name: for_xml(value) for name, value in attributes.items()})
    for _, _, attributes in graph.edges(data=True):
        attributes.update({name: for_xml(value) for name, value in attributes.items()})
    networkx.write_graphml(graph, buffer)
    return buffer.getvalue()


WRITERS: Final[dict[str, Callable[[Store], bytes]]] = {
    "ttl": _turtle,
    "owl": _owl,
    "nt": _plain(ox.RdfFormat.N_TRIPLES),
    "jsonld": _plain(ox.RdfFormat.JSON_LD),
    "trig": _by_graph(ox.RdfFormat.TRIG),
    "nq": _by_graph(ox.RdfFormat.N_QUADS),
    "graphml": _graphml,
}
"""What writes each export format."""


def _reference(form: str) -> Callable[[Store], bytes]:
    def write(store: Store) -> bytes:
        return reference(store, form).encode()

    return write


PART_WRITERS: Final[dict[str, Callable[[Store], bytes]]] = {
    "skos": value_lists,
    "cube": data_cube,
    "md": _reference("md"),
    "html": _reference("html"),
}
"""What writes a part: value lists as SKOS, counts of cases, the reference of all terms."""
