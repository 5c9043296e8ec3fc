"""Judges the merged file by the rules of FOOPS! and OOPS!, and writes the page of what is left.

FOOPS! (oeg-upm/fair_ontologies) asks 24 tests of an ontology, each with a score from 0 to 1, whose
mean is the score of the ontology; 15 of them are asked of a file that is not on the web yet. OOPS!
(Poveda-Villalón, Gómez-Pérez and Suárez-Figueroa 2014) has 41 pitfalls. Their rules are asked here,
by their ids, without the web. What only the web or a person can tell is named.

Run: `python docs/fair.py` prints the page; `docs/build.py` writes it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import rdflib
from rdflib import OWL, RDF, RDFS, SKOS, URIRef
from rdflib.namespace import DC, DCTERMS, FOAF, PROV, VANN

import coproduction.names

BIBO = rdflib.Namespace("http://purl.org/ontology/bibo/")
SCHEMA = rdflib.Namespace("https://schema.org/")
PAV = rdflib.Namespace("http://purl.org/pav/")
PERSISTENT: Final = re.compile(r"https?://(w3id\.org|purl\.|(dx\.)?doi\.org|www\.w3\.org)")
FILE_ENDING: Final = re.compile(r"\.(owl|rdf|ttl|n3|rdfxml)\b")
SAID: Final = {
    "title": (DCTERMS.title, DC.title, SCHEMA.name),
    "description": (DCTERMS.description, DCTERMS.abstract, DC.description, RDFS.comment),
    "licence": (DCTERMS.license, SCHEMA.license),
    "version IRI": (OWL.versionIRI,),
    "author": (DCTERMS.creator, DC.creator, SCHEMA.creator, PAV.createdBy),
    "namespace": (VANN.preferredNamespaceUri,),
    "prefix": (VANN.preferredNamespacePrefix,),
    "version": (OWL.versionInfo, SCHEMA.schemaVersion),
    "day of creation": (DCTERMS.created, SCHEMA.dateCreated, PAV.createdOn),
    "citation": (DCTERMS.bibliographicCitation, SCHEMA.citation),
    "DOI": (BIBO.doi,),
    "publisher": (DCTERMS.publisher, DC.publisher, SCHEMA.publisher),
    "logo": (FOAF.logo, SCHEMA.logo),
    "status": (BIBO.status,),
    "source": (DCTERMS.source, DC.source, PROV.hadPrimarySource),
    "day of issue": (DCTERMS.issued, SCHEMA.datePublished),
}
"""What FOOPS! looks for in a header, and by which properties."""
METADATA: Final = {
    "OM1": ("title", "description", "licence", "version IRI", "author", "namespace"),
    "OM2": ("prefix", "version", "day of creation", "citation"),
    "OM3": ("DOI", "publisher", "logo", "status", "source", "day of issue"),
    "OM4.1": ("licence",),
    "OM5.1": ("day of creation", "author"),
    "OM5.2": ("day of issue", "publisher"),
    "FIND1": ("prefix",),
}
WEB: Final = {
    "OM4.2": "the licence opens",
    "FIND2": "the prefix is in prefix.cc or LOV",
    "FIND3": "the ontology is in LOV",
    "FIND_3_BIS": "its metadata are in a registry that outlives it",
    "URI1": "its IRI opens",
    "URI2": "what opens says the same IRI",
    "VER2": "its version IRI opens",
    "CN1": "its IRI gives RDF or HTML as asked",
    "DOC1": "its IRI opens a page",
}
"""The tests of FOOPS! that the web alone decides."""
TITLES: Final = {
    "OM1": "minimum metadata",
    "OM2": "recommended metadata",
    "OM3": "detailed metadata",
    "OM4.1": "licence",
    "OM5.1": "basic provenance",
    "OM5.2": "detailed provenance",
    "FIND1": "prefix",
    "PURL1": "persistent IRI",
    "RDF1": "RDF",
    "HTTP1": "open protocol",
    "VER1": "version IRI, other than the ontology's",
    "VOC1": "metadata in terms of others",
    "VOC2": "terms of other vocabularies",
    "VOC3": "labels of terms",
    "VOC4": "definitions of terms",
}
BY_A_PERSON: Final = {
    "P01": "polysemous elements",
    "P09": "missing domain information",
    "P14": "misused owl:allValuesFrom",
    "P15": "'some not' for 'not some'",
    "P16": "a primitive class for a defined one",
    "P17": "an overspecialised hierarchy",
    "P18": "an overspecialised domain or range",
    "P23": "a datatype of the language once more",
    "P40": "terms of others that they do not have (`check` looks them up in lists of its own)",
}
"""The pitfalls that OOPS! leaves to a person too, and one that asks for other vocabularies."""
LEFT: Final = {
    "OM3": "The ontology has no DOI and no logo. There is no version before the first and no "
    "public repository yet, so the header names neither (`owl:priorVersion`, "
    "`schema:codeRepository`).",
    "P07": "User and community co-production is one concept, and not two.",
    "P11": "Said of things of several kinds: each has a note that begins 'No domain:' or 'No "
    "range:', which `check` asks for.",
    "P13": "An inverse adds no statement; queries go a property backwards by `^`.",
    "P19": "One is a union of classes, the other the class above them all: it says by name, for "
    "rules that read no unions, what follows from the union.",
    "P37": "The IRIs do not open yet: nobody has registered them.",
}
"""Why what is found stays."""


@dataclass(frozen=True)
class Facts:
    """The merged file, and what the rules ask of it most.

    Attributes:
        graph: all of it.
        own: the namespace whose terms are judged.
    """

    graph: rdflib.Graph
    own: str = coproduction.names.COP

    @property
    def ontology(self) -> URIRef | None:
        """The ontology that the file declares."""
        found = list(self.graph.subjects(RDF.type, OWL.Ontology))
        return found[0] if found and isinstance(found[0], URIRef) else None

    def of_kind(self, *kinds: URIRef) -> list[URIRef]:
        """Give the terms of our own of some kinds, deprecated ones apart."""
        found = {term for kind in kinds for term in self.graph.subjects(RDF.type, kind)}
        return sorted(
            term
            for term in found
            if str(term).startswith(self.own)
            and (term, OWL.deprecated, rdflib.Literal(True)) not in self.graph
        )

    @property
    def classes(self) -> list[URIRef]:
        """The classes of our own."""
        return self.of_kind(OWL.Class)

    @property
    def properties(self) -> list[URIRef]:
        """The object and data properties of our own."""
        return self.of_kind(OWL.ObjectProperty, OWL.DatatypeProperty)

    @property
    def terms(self) -> list[URIRef]:
        """The classes and properties of our own."""
        return [*self.classes, *self.properties]

    def labels(self, term: URIRef) -> set[rdflib.Literal]:
        """Give the labels of a term."""
        return set(self.graph.objects(term, RDFS.label))

    def definitions(self, term: URIRef) -> list[str]:
        """Give the definitions of a term: rdfs:comment or skos:definition, as FOOPS! takes them."""
        found = (self.graph.objects(term, prop) for prop in (RDFS.comment, SKOS.definition))
        return [str(text) for texts in found for text in texts]


def foops(facts: Facts) -> dict[str, tuple[float, str]]:
    """Give the score of each test of FOOPS! that a file decides, with what is wanting."""
    graph, ontology = facts.graph, facts.ontology
    scores: dict[str, tuple[float, str]] = {}
    for test, names in METADATA.items():
        wanting = [
            name
            for name in names
            if not any((ontology, prop, None) in graph for prop in SAID[name])
        ]
        scores[test] = (1 - len(wanting) / len(names), ", ".join(wanting))
    iri = str(ontology or "")
    version = graph.value(ontology, OWL.versionIRI) if ontology else None
    scores["PURL1"] = (float(bool(PERSISTENT.match(iri))), "")
    scores["RDF1"] = (float(len(graph) > 0), "")
    scores["HTTP1"] = (float(iri.startswith(("http://", "https://"))), "")
    scores["VER1"] = (float(version is not None and version != ontology), "")
    props = {prop for prop, _ in graph.predicate_objects(ontology)} if ontology else set()
    scores["VOC1"] = (float(any(str(p).startswith(str(DCTERMS)) for p in props)), "")
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    named = {each for kind in kinds for each in graph.subjects(RDF.type, kind)}
    others = {each for each in named if isinstance(each, URIRef) and each not in set(facts.terms)}
    others = {each for each in others if not str(each).startswith((facts.own, str(OWL)))}
    scores["VOC2"] = (float(bool(others)), "")
    for test, told in (("VOC3", facts.labels), ("VOC4", facts.definitions)):
        without = [name(term) for term in facts.terms if not told(term)]
        share = 1 - len(without) / len(facts.terms) if facts.terms else 0.0
        scores[test] = (share, ", ".join(without))
    return dict(sorted(scores.items()))


Rule = Callable[[Facts], Iterator[str]]
OOPS: dict[str, tuple[str, str, Rule]] = {}
"""The pitfalls that are looked for: title, importance, and what gives the terms at fault."""


def pitfall(id: str, title: str, importance: str) -> Callable[[Rule], Rule]:
    """Enter a rule under its id."""

    def enter(rule: Rule) -> Rule:
        OOPS[id] = (title, importance, rule)
        return rule

    return enter


def name(term: object) -> str:
    """Give the local name of a term."""
    return re.split(r"[/#]", str(term))[-1]


def _same(facts: Facts, terms: list[URIRef]) -> Iterator[str]:
    """Give terms that share a label in a language."""
    by_label: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    for term in terms:
        for label in facts.labels(term):
            by_label[str(label).lower(), label.language].append(name(term))
    yield from (" = ".join(names) for names in by_label.values() if len(names) > 1)


def _ends(facts: Facts, prop: URIRef) -> tuple[set[rdflib.term.Node], set[rdflib.term.Node]]:
    graph = facts.graph
    return set(graph.objects(prop, RDFS.domain)), set(graph.objects(prop, RDFS.range))


@pitfall("P02", "Creating synonyms as classes", "minor")
def _p02(facts: Facts) -> Iterator[str]:
    own = set(facts.classes)
    for one, other in facts.graph.subject_objects(OWL.equivalentClass):
        if one in own and other in own:
            yield f"{name(one)} = {name(other)}"


@pitfall("P03", "Creating the relationship 'is'", "critical")
def _p03(facts: Facts) -> Iterator[str]:
    yield from (name(p) for p in facts.properties if name(p).lower() in ("is", "isa", "is-a"))


@pitfall("P04", "Creating unconnected ontology elements", "minor")
def _p04(facts: Facts) -> Iterator[str]:
    graph = facts.graph
    axioms = (RDFS.subClassOf, OWL.equivalentClass, RDFS.domain, RDFS.range, OWL.someValuesFrom)
    axioms += (OWL.allValuesFrom, OWL.onClass, RDFS.subPropertyOf, OWL.onProperty, OWL.inverseOf)
    tied = {end for prop in axioms for ends in graph.subject_objects(prop) for end in ends}
    for union in graph.objects(None, OWL.unionOf):
        tied.update(rdflib.collection.Collection(graph, union))
    for both in graph.objects(None, OWL.intersectionOf):
        tied.update(rdflib.collection.Collection(graph, both))
    yield from (name(term) for term in facts.terms if term not in tied)


@pitfall("P05", "Defining wrong inverse relationships", "critical")
def _p05(facts: Facts) -> Iterator[str]:
    for one, other in facts.graph.subject_objects(OWL.inverseOf):
        if isinstance(one, URIRef) and isinstance(other, URIRef):
            (domain, range_), (other_domain, other_range) = _ends(facts, one), _ends(facts, other)
            if domain != other_range or range_ != other_domain:
                yield f"{name(one)}, {name(other)}"


@pitfall("P06", "Including cycles in a class hierarchy", "critical")
def _p06(facts: Facts) -> Iterator[str]:
    for term in facts.classes:
        above = facts.graph.transitive_objects(term, RDFS.subClassOf)
        wider = {each for each in above if each != term}
        if any((each, RDFS.subClassOf, term) in facts.graph for each in wider):
            yield name(term)


@pitfall("P07", "Merging different concepts in the same class", "minor")
def _p07(facts: Facts) -> Iterator[str]:
    yield from (name(c) for c in facts.classes if re.search(r"[a-z](And|Or)[A-Z]", name(c)))


@pitfall("P08", "Missing annotations", "minor")
def _p08(facts: Facts) -> Iterator[str]:
    for term in facts.terms:
        if not facts.labels(term) or not facts.definitions(term):
            yield name(term)


@pitfall("P10", "Missing disjointness", "important")
def _p10(facts: Facts) -> Iterator[str]:
    stated = ((RDF.type, OWL.AllDisjointClasses), (OWL.disjointWith, None))
    if not any((None, prop, value) in facts.graph for prop, value in stated):
        yield "the ontology"


@pitfall("P11", "Missing domain or range in properties", "important")
def _p11(facts: Facts) -> Iterator[str]:
    yield from (name(prop) for prop in facts.properties if not all(_ends(facts, prop)))


@pitfall("P12", "Equivalent properties not explicitly declared", "important")
def _p12(facts: Facts) -> Iterator[str]:
    yield from _same(facts, facts.properties)


@pitfall("P13", "Inverse relationships not explicitly declared", "minor")
def _p13(facts: Facts) -> Iterator[str]:
    graph = facts.graph
    for prop in facts.of_kind(OWL.ObjectProperty):
        symmetric = (prop, RDF.type, OWL.SymmetricProperty) in graph
        inverse = (prop, OWL.inverseOf, None) in graph or (None, OWL.inverseOf, prop) in graph
        if not symmetric and not inverse:
            yield name(prop)


@pitfall("P19", "Defining multiple domains or ranges in properties", "critical")
def _p19(facts: Facts) -> Iterator[str]:
    for prop in facts.properties:
        if any(len(ends) > 1 for ends in _ends(facts, prop)):
            yield name(prop)


@pitfall("P20", "Misusing ontology annotations", "minor")
def _p20(facts: Facts) -> Iterator[str]:
    for term in facts.terms:
        labels = {str(label).lower() for label in facts.labels(term)}
        if any(text.lower().rstrip(".") in labels for text in facts.definitions(term)):
            yield name(term)


@pitfall("P21", "Using a miscellaneous class", "minor")
def _p21(facts: Facts) -> Iterator[str]:
    yield from (name(c) for c in facts.classes if re.match(r"(Other|Misc)[A-Z]?", name(c)))


@pitfall("P22", "Using different naming conventions in the ontology", "minor")
def _p22(facts: Facts) -> Iterator[str]:
    for terms, form in (
        (facts.classes, "[A-Z][A-Za-z0-9]*"),
        (facts.properties, "[a-z][A-Za-z0-9]*"),
    ):
        yield from (name(term) for term in terms if not re.fullmatch(form, name(term)))


@pitfall("P24", "Using recursive definitions", "important")
def _p24(facts: Facts) -> Iterator[str]:
    parts = (OWL.intersectionOf, OWL.unionOf, OWL.someValuesFrom, OWL.allValuesFrom, OWL.oneOf)
    steps = (*parts, RDF.first, RDF.rest, OWL.complementOf)
    for term in facts.classes:
        waiting = list(facts.graph.objects(term, OWL.equivalentClass))
        seen: set[rdflib.term.Node] = set()
        while waiting:
            node = waiting.pop()
            seen.add(node)
            if isinstance(node, rdflib.BNode):
                found = (o for step in steps for o in facts.graph.objects(node, step))
                waiting += [each for each in found if each not in seen]
        if term in seen:
            yield name(term)


@pitfall("P25", "Defining a relationship as inverse to itself", "important")
def _p25(facts: Facts) -> Iterator[str]:
    pairs = facts.graph.subject_objects(OWL.inverseOf)
    yield from (name(one) for one, other in pairs if one == other)


@pitfall("P26", "Defining inverse relationships for a symmetric one", "important")
def _p26(facts: Facts) -> Iterator[str]:
    for ends in facts.graph.subject_objects(OWL.inverseOf):
        for end in ends:
            if (end, RDF.type, OWL.SymmetricProperty) in facts.graph:
                yield name(end)


@pitfall("P27", "Defining wrong equivalent properties", "critical")
def _p27(facts: Facts) -> Iterator[str]:
    pairs = facts.graph.subject_objects(OWL.equivalentProperty)
    yield from (f"{name(one)} = {name(other)}" for one, other in pairs)


def _other_ends(facts: Facts, kind: URIRef) -> Iterator[str]:
    for prop in facts.of_kind(kind):
        domain, range_ = _ends(facts, prop)
        if domain != range_ and not any(isinstance(e, rdflib.BNode) for e in domain | range_):
            yield name(prop)


@pitfall("P28", "Defining wrong symmetric relationships", "critical")
def _p28(facts: Facts) -> Iterator[str]:
    yield from _other_ends(facts, OWL.SymmetricProperty)


@pitfall("P29", "Defining wrong transitive relationships", "critical")
def _p29(facts: Facts) -> Iterator[str]:
    yield from _other_ends(facts, OWL.TransitiveProperty)


@pitfall("P30", "Equivalent classes not explicitly declared", "important")
def _p30(facts: Facts) -> Iterator[str]:
    forms: dict[str, list[str]] = defaultdict(list)
    for term in {c for c in facts.graph.subjects(RDF.type, OWL.Class) if isinstance(c, URIRef)}:
        forms[name(term).lower()].append(str(term))
    yield from (" = ".join(sorted(each)) for each in forms.values() if len(each) > 1)


@pitfall("P31", "Defining wrong equivalent classes", "critical")
def _p31(facts: Facts) -> Iterator[str]:
    for one, other in facts.graph.subject_objects(OWL.equivalentClass):
        if isinstance(one, URIRef) and isinstance(other, URIRef):
            yield f"{name(one)} = {name(other)}"


@pitfall("P32", "Several classes with the same label", "minor")
def _p32(facts: Facts) -> Iterator[str]:
    found = {c for c in facts.graph.subjects(RDF.type, OWL.Class) if isinstance(c, URIRef)}
    yield from _same(facts, sorted(found))


@pitfall("P33", "Creating a property chain with just one property", "minor")
def _p33(facts: Facts) -> Iterator[str]:
    for prop, chain in facts.graph.subject_objects(OWL.propertyChainAxiom):
        if len(rdflib.collection.Collection(facts.graph, chain)) < 2:
            yield name(prop)


def _built_in(term: object) -> bool:
    return str(term).startswith(tuple(map(str, (OWL, RDF, RDFS, rdflib.XSD))))


@pitfall("P34", "Untyped class", "important")
def _p34(facts: Facts) -> Iterator[str]:
    graph = facts.graph
    used = {*graph.objects(None, RDF.type), *graph.objects(None, RDFS.subClassOf)}
    declared = set(graph.subjects(RDF.type, OWL.Class))
    for term in sorted(each for each in used - declared if isinstance(each, URIRef)):
        if not _built_in(term):
            yield name(term)


@pitfall("P35", "Untyped property", "important")
def _p35(facts: Facts) -> Iterator[str]:
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    declared = {prop for kind in kinds for prop in facts.graph.subjects(RDF.type, kind)}
    yield from sorted(name(p) for p in set(facts.graph.predicates()) - declared if not _built_in(p))


@pitfall("P36", "URI contains file extension", "minor")
def _p36(facts: Facts) -> Iterator[str]:
    if FILE_ENDING.search(str(facts.ontology or "")):
        yield str(facts.ontology)


@pitfall("P38", "No OWL ontology declaration", "important")
def _p38(facts: Facts) -> Iterator[str]:
    if (None, RDF.type, OWL.Ontology) not in facts.graph:
        yield "the file"


@pitfall("P39", "Ambiguous namespace", "critical")
def _p39(facts: Facts) -> Iterator[str]:
    if facts.ontology is None:
        yield "the file"


@pitfall("P41", "No license declared", "important")
def _p41(facts: Facts) -> Iterator[str]:
    if not any((facts.ontology, prop, None) in facts.graph for prop in SAID["licence"]):
        yield "the ontology"


def oops(facts: Facts) -> dict[str, list[str]]:
    """Give what each pitfall is found in, those that are found nowhere too."""
    return {id: sorted(set(rule(facts))) for id, (_, _, rule) in sorted(OOPS.items())}


def merged() -> Facts:
    """Read the merged file as a tool would that has nothing else."""
    return Facts(rdflib.Graph().parse(data=coproduction.open().export("owl"), format="xml"))


def page() -> str:
    """Give the page: the scores, what is left, and what is not judged here."""
    facts = merged()
    scores, found = foops(facts), oops(facts)
    mean = sum(score for score, _ in scores.values()) / len(scores)
    whole = sum(score for score, _ in scores.values()) / (len(scores) + len(WEB))
    parts = [
        "# How FAIR the ontology is, and its pitfalls",
        "",
        "The merged file (`coproduction export --format owl`) by the rules of FOOPS! and OOPS!, "
        "asked by `docs/fair.py` without the web. The services were not tried.",
        "",
        "This page is written by `docs/build.py`.",
        "",
        "## FOOPS!",
        "",
        f"Score: **{mean:.2f}** of 1 over the {len(scores)} tests that a file decides; "
        f"{whole:.2f} over all {len(scores) + len(WEB)}, where the {len(WEB)} of the web count 0.",
        "",
        "| test | of | score | wanting |",
        "| --- | --- | --- | --- |",
    ]
    for test, (score, wanting) in scores.items():
        parts.append(f"| {test} | {TITLES[test]} | {score:.2f} | {wanting} |")
    parts += [f"| {test} | {what} | web | not asked here |" for test, what in sorted(WEB.items())]
    parts += ["", LEFT["OM3"], "", "## OOPS!", ""]
    clean = [id for id, terms in found.items() if not terms]
    parts += [f"Looked for and not found, {len(clean)}: {', '.join(clean)}.", ""]
    parts += [
        "| pitfall | | importance | found in | why it stays |",
        "| --- | --- | --- | --- | --- |",
    ]
    for id, terms in found.items():
        if terms:
            title, importance, _ = OOPS[id]
            shown = ", ".join(terms) if len(terms) < 9 else f"{len(terms)} terms"
            parts.append(f"| {id} | {title} | {importance} | {shown} | {LEFT[id]} |")
    parts.append(
        f"| P37 | Ontology not available on the Web | critical | the ontology | {LEFT['P37']} |"
    )
    parts += ["", "Left to a person, and not judged here:", ""]
    parts += [f"- {id}: {what}." for id, what in BY_A_PERSON.items()]
    parts += [
        "",
        "A definition is `skos:definition`, as in FOOPS!; versions of OOPS! that know "
        "`rdfs:comment` alone would find P08 in every term.",
        "",
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    print(page())
