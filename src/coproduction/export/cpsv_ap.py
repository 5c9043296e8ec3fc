"""Catalogues of services given back with what is known of their co-production, in CPSV-AP."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ..cases.mapping_files import find_mapping
from ..cases.mappings import RdfMapping
from ..errors import DataError, command
from ..knowledge.terms import labels_of
from ..names import COP, DCTERMS, FOAF, GRAPH, RDF, RDFS, SKOS
from ..resources import data_dir
from ..store.embedded import EmbeddedStore
from ..store.protocol import Store

CV: Final = "http://data.europa.eu/m8g/"


CPSV: Final = "http://purl.org/vocab/cpsv#"


_CLASSIFIED_BY: Final = (
    "hasParticipationLevel",
    "hasRelationIntensity",
    "hasProviderSector",
    "hasDecisionRights",
    "hasStaffClientRelation",
    "hasRegime",
    "hasServiceType",
)


_CODE_LISTS: Final = {
    **dict.fromkeys(
        (
            *(CV + n for n in ("currency", "evidenceTypeClassification", "frequency", "role")),
            *(CV + n for n in ("sector", "thematicArea", "isClassifiedBy")),
            *(DCTERMS + n for n in ("audience", "type")),
            "http://www.w3.org/ns/adms#status",
        ),
        SKOS + "Concept",
    ),
    DCTERMS + "language": DCTERMS + "LinguisticSystem",
    DCTERMS + "spatial": DCTERMS + "Location",
}
"""Properties whose values stand in code lists, and the class that the shapes of 3.2.0 ask for."""


def export_catalogue(store: Store) -> tuple[str, int, int]:
    """Give the catalogues of a store back in CPSV-AP 3.2, as they came, with what was coded.

    A service whose case was coded gets its classifications (``cv:isClassifiedBy``) and a
    participation for each organisation and each kind of participant, in a role of
    :func:`role_scheme`, with what the official shapes ask of them. Where anything is
    added, values of code lists that the catalogue does not describe get their class, without
    which the official shapes find fault with every one, and properties of 2.x stand in those of
    3.2 as well. Nothing of what came in is changed.

    Returns:
        Turtle; the number of services; how many of them were enriched.
    """
    graphs = [iri for iri in store.graphs() if iri.startswith(GRAPH) and iri.endswith("/original")]
    triples = {
        quad.triple
        for iri in graphs
        for quad in store.statements(None, None, None, ox.NamedNode(iri))
    }
    if not triples:
        raise DataError(
            "no catalogue is in scope: load one with ",
            command("load", "FILE", as_="cpsv-ap", python="load(FILE, mapping='cpsv-ap')"),
        )
    kind = ox.NamedNode(RDF + "type")
    services = sorted(
        {
            triple.subject.value
            for triple in triples
            if isinstance(triple.subject, ox.NamedNode)
            and triple.predicate == kind
            and getattr(triple.object, "value", "")
            in (CPSV + "PublicService", "https://data.norge.no/vocabulary/cpsvno#Service")
        }
    )
    enriched = 0
    for iri in services:
        node = ox.NamedNode(iri)
        added = list(_enrichment(store, node))
        enriched += bool(added)
        triples.update(added)
    if enriched:
        triples.update(_upgraded(triples))
        triples.update(_stubs(triples))
    prefixes = {
        "cpsv": CPSV, "cv": CV, "dct": DCTERMS, "skos": SKOS, "foaf": FOAF, "cop": COP
    }  # fmt: skip
    data = ox.serialize(sorted(triples, key=str), format=ox.RdfFormat.TURTLE, prefixes=prefixes)
    assert data is not None
    return data.decode(), len(services), enriched


def _enrichment(store: Store, service: ox.NamedNode) -> Iterator[ox.Triple]:
    """Give what the case of a service says, in the words of CPSV-AP."""
    kind = ox.NamedNode(RDF + "type")
    for name in _CLASSIFIED_BY:
        for value in _objects(store, service, COP + name):
            yield ox.Triple(service, ox.NamedNode(CV + "isClassifiedBy"), value)
            yield ox.Triple(value, kind, ox.NamedNode(SKOS + "Concept"))
            yield from _labels(store, value, SKOS + "prefLabel")
    identities = set(_objects(store, service, COP + "hasParticipantIdentity"))
    taken: set[ox.NamedNode] = set()
    for term, role in _roles():
        if term in identities:
            people = ox.NamedNode(f"{service.value.rstrip('/')}/participant/{_tail(role)}")
            agents = [(people, _english(store, term))]
        else:
            organisations = _objects(store, service, term.value)
            agents = [(agent, _english(store, agent)) for agent in organisations]
        for number, (agent, name) in enumerate(agents, start=1):
            taken.add(role)
            node = ox.NamedNode(f"{service.value.rstrip('/')}/participation/{_tail(role)}-{number}")
            yield from _participation(service, node, role, agent, name)
    for role in sorted(taken, key=str):
        for prop in (RDF + "type", SKOS + "prefLabel", SKOS + "inScheme"):
            for quad in _scheme().statements(role, ox.NamedNode(prop), None):
                yield quad.triple


def _participation(
    service: ox.NamedNode, node: ox.NamedNode, role: ox.NamedNode, agent: ox.NamedNode, name: str
) -> Iterator[ox.Triple]:
    """Give a participation with what the official shapes ask of it."""
    kind, identifier = ox.NamedNode(RDF + "type"), ox.NamedNode(DCTERMS + "identifier")
    label = next(
        quad.object.value
        for quad in _scheme().statements(role, ox.NamedNode(SKOS + "prefLabel"), None)
        if isinstance(quad.object, ox.Literal) and quad.object.language == "en"
    )
    text = ox.Literal(f"{name}: {label}", language="en")
    yield ox.Triple(service, ox.NamedNode(CV + "hasParticipation"), node)
    yield ox.Triple(node, kind, ox.NamedNode(CV + "Participation"))
    yield ox.Triple(node, identifier, ox.Literal(node.value))
    yield ox.Triple(node, ox.NamedNode(DCTERMS + "description"), text)
    yield ox.Triple(node, ox.NamedNode(CV + "role"), role)
    yield ox.Triple(node, ox.NamedNode(CV + "hasParticipant"), agent)
    yield ox.Triple(agent, kind, ox.NamedNode(FOAF + "Agent"))
    yield ox.Triple(agent, identifier, ox.Literal(agent.value))
    title = ox.Literal(name, language="und")  # a name; the shapes ask for a language
    yield ox.Triple(agent, ox.NamedNode(DCTERMS + "title"), title)


def role_scheme() -> str:
    """Give the scheme of roles in co-production (SKOS, Turtle), for ``cv:role`` of CPSV-AP."""
    return _scheme_file().read_text(encoding="utf-8")


def _scheme_file() -> Path:
    return data_dir("ontology") / "roles.ttl"


@cache
def _scheme() -> EmbeddedStore:
    store = EmbeddedStore()
    store.add_raw(_scheme_file())
    return store


def _roles() -> list[tuple[ox.NamedNode, ox.NamedNode]]:
    """Give each term that puts somebody into a role, and the role."""
    pairs = _scheme().statements(None, ox.NamedNode(RDFS + "seeAlso"), None)
    return sorted(
        (
            (quad.object, quad.subject)
            for quad in pairs
            if isinstance(quad.object, ox.NamedNode) and isinstance(quad.subject, ox.NamedNode)
        ),
        key=str,
    )


def _tail(role: ox.NamedNode) -> str:
    return role.value.rpartition("/")[2]


def _upgraded(triples: set[ox.Triple]) -> list[ox.Triple]:
    """Give each statement of an older version's property with that of today's."""
    mapping = find_mapping("cpsv-ap")
    assert isinstance(mapping, RdfMapping)
    return [
        ox.Triple(t.subject, ox.NamedNode(mapping.upgrades[t.predicate.value]), t.object)
        for t in triples
        if t.predicate.value in mapping.upgrades
    ]


def _stubs(triples: set[ox.Triple]) -> list[ox.Triple]:
    """Give the class of each value of a code list that has none."""
    kind = ox.NamedNode(RDF + "type")
    typed = {triple.subject for triple in triples if triple.predicate == kind}
    return [
        ox.Triple(triple.object, kind, ox.NamedNode(_CODE_LISTS[triple.predicate.value]))
        for triple in triples
        if triple.predicate.value in _CODE_LISTS
        and isinstance(triple.object, ox.NamedNode)
        and triple.object not in typed
    ]


def _objects(store: Store, node: ox.NamedNode, prop: str) -> list[ox.NamedNode]:
    found = (value for value in store.values(node, prop) if isinstance(value, ox.NamedNode))
    return sorted(found, key=str)


def _labels(store: Store, node: ox.NamedNode, prop: str) -> Iterator[ox.Triple]:
    """Give the labels of a node under another property."""
    for label in store.values(node, RDFS + "label"):
        yield ox.Triple(node, ox.NamedNode(prop), label)


def _english(store: Store, node: ox.NamedNode) -> str:
    """Give the label of a node, in English where it has one, else its IRI."""
    return labels_of(store, [node.value])[node.value]
