"""Namespaces, prefixes and the names of the packaged graphs.

Nothing here is read from a file: these are the names that data, queries and tests of others
rely on, so they change only with a major version.
"""

from __future__ import annotations

import re
from typing import Final

ONTOLOGY_IRI: Final = "https://w3id.org/coproduction"
COP: Final = "https://w3id.org/coproduction#"
ID: Final = "https://w3id.org/coproduction/id/"
BASE: Final = ID + "case/"
"""What the IRI of a case begins with where a user names nothing else."""
GRAPH: Final = "https://w3id.org/coproduction/graph/"
COPSH: Final = "https://w3id.org/coproduction/shapes#"

LANGUAGES: Final = ("en", "sv", "de", "fr")
"""The languages in which the ontology has labels, and the package speaks."""

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
SKOSXL: Final = "http://www.w3.org/2008/05/skos-xl#"
DCTERMS: Final = "http://purl.org/dc/terms/"
PROV: Final = "http://www.w3.org/ns/prov#"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
VANN: Final = "http://purl.org/vocab/vann/"
SH: Final = "http://www.w3.org/ns/shacl#"
SPDX: Final = "http://spdx.org/rdf/terms#"
VOID: Final = "http://rdfs.org/ns/void#"

PREFIXES: Final[dict[str, str]] = {
    "cop": COP,
    "copsh": COPSH,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "prov": PROV,
    "foaf": FOAF,
    "vann": VANN,
    "sh": SH,
    "spdx": SPDX,
    "void": VOID,
}
"""The prefixes declared beforehand for every query that a user writes."""

PACKAGED_GRAPHS: Final[dict[str, str]] = {
    "ontology": "coproduction.ttl",
    "values": "values.ttl",
    "concepts": "concepts.ttl",
    "source": "source.ttl",
    "interpretation": "interpretation.ttl",
    "literature": "literature.ttl",
    "toolkit": "toolkit.ttl",
}
"""Name of each packaged graph (after :data:`GRAPH`) and its file in ``ontology/``."""
TERMS: Final = ("ontology", "values", "concepts", "toolkit")
"""The packaged graphs that say what our terms mean; the others say something with them."""

DISJOINTNESS: Final = "disjointness.ttl"
"""The file in ``ontology/`` that says which classes have no member in common; in no store."""

ALIGNMENTS: Final = GRAPH + "alignments"
"""Graph of the links to other vocabularies, made from the files of ontology/alignments/."""

SUMMARY: Final = GRAPH + "summary"
"""Graph of the counts of cases, which stands beside the other graphs of a store and not in it."""


def compact(iri: str) -> str:
    """Give `iri` as a prefixed name where one of :data:`PREFIXES` fits, else in angle brackets.

    >>> compact("https://w3id.org/coproduction#Childcare")
    'cop:Childcare'
    >>> compact("https://example.org/x")
    '<https://example.org/x>'
    """
    for prefix, namespace in PREFIXES.items():
        tail = iri[len(namespace) :]
        if iri.startswith(namespace) and tail and "/" not in tail and "#" not in tail:
            return f"{prefix}:{tail}"
    return f"<{iri}>"


def in_words(name: str) -> str:
    """Write a name in one word, as predicates of claims are, as words.

    >>> in_words("aloneCanBreach")
    'alone can breach'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def expand(name: str) -> str | None:
    """Give the IRI that `name` spells, or None where it spells none.

    An IRI is ``<iri>``, ``http(s)://...``, ``urn:...`` or ``prefix:local``.

    >>> expand("cop:Childcare")
    'https://w3id.org/coproduction#Childcare'
    >>> expand("childcare") is None
    True
    """
    if name.startswith("<") and name.endswith(">"):
        return name[1:-1]
    scheme, colon, rest = name.partition(":")
    if not colon:
        return None
    if scheme in PREFIXES:
        return PREFIXES[scheme] + rest
    if rest.startswith("//") or scheme.lower() == "urn":
        return name
    return None
