"""Links to other vocabularies: the SSSOM files of ontology/alignments/, read and turned into RDF.

A row says how one of our terms stands to a term of another vocabulary, with confidence and
reason. A row with the modifier ``Not`` is a false friend, and one whose object is
``sssom:NoTermFound`` says that nothing was found: both are told, and neither becomes a triple.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyoxigraph as ox

from ..errors import DataError, UnknownName
from ..names import ALIGNMENTS, COP, ONTOLOGY_IRI, OWL, PREFIXES, RDF, RDFS, SKOS
from ..resources import data_dir
from .yaml_header import read_yaml

NO_TERM: Final = "https://w3id.org/sssom/NoTermFound"
MATCHES: Final = tuple(
    f"{SKOS}{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")
)
_AXIOMS: Final = {RDFS + "subClassOf": "Class", RDFS + "subPropertyOf": "ObjectProperty"}
_ENDING: Final = ".sssom.tsv"
_FOLDER: Final = "ontology/alignments"


class Link(NamedTuple):
    """One row of a mapping set.

    Attributes:
        vocabulary: name of the set, which is the file's name without ending.
        subject, predicate, target: IRIs.
        label: label of our term; `target_label` as the vocabulary writes it.
        negated: whether the row says that the predicate does not hold.
        code: what identifies the target in its vocabulary, such as ``1040`` or ``D20``.
        confidence: between 0 and 1.
        comment: why.
        justification: how it was found, such as semapv:ManualMappingCuration.
    """

    vocabulary: str
    subject: str
    label: str
    predicate: str
    negated: bool
    target: str
    target_label: str
    code: str
    confidence: float
    comment: str
    justification: str = ""

    @property
    def is_statement(self) -> bool:
        """Whether the row becomes a triple."""
        return not self.negated and self.target != NO_TERM


class LinkSet(NamedTuple):
    """One mapping set: its metadata as in the file, and its rows."""

    name: str
    metadata: dict[str, Any]
    links: tuple[Link, ...]


@cache
def _files_of_links() -> tuple[tuple[LinkSet, ...], dict[str, str]]:
    """Read all mapping sets; give them, and what is wrong with those that cannot be read."""
    sets, broken = [], {}
    for path in sorted(data_dir(_FOLDER).glob(f"*{_ENDING}")):
        try:
            sets.append(read_links(path))
        except DataError as error:
            broken[path.name.removesuffix(_ENDING)] = str(error)
    return tuple(sets), broken


def link_sets() -> tuple[LinkSet, ...]:
    """Give all mapping sets, in order of their names.

    Raises:
        DataError: a file is no SSSOM that is understood here, with its line.
    """
    sets, broken = _files_of_links()
    for why in broken.values():
        raise DataError(why)
    return sets


def sound_links() -> tuple[list[Link], list[str]]:
    """Give the links of all files that can be read, and what is wrong with the others."""
    sets, broken = _files_of_links()
    return [link for links in sets for link in links.links], list(broken.values())


def all_links(vocabulary: str | None = None) -> list[Link]:
    """Give all links, or those to one vocabulary.

    Raises:
        UnknownName: there is no such vocabulary.
        DataError: the file, or one of all files, cannot be read.
    """
    if vocabulary is None:
        return [link for links in link_sets() for link in links.links]
    sets, broken = _files_of_links()
    if vocabulary in broken:
        raise DataError(broken[vocabulary])
    names = [links.name for links in sets]
    if vocabulary not in names:
        raise UnknownName("vocabulary", vocabulary, names, f"(vocabularies: {', '.join(names)})")
    return [link for links in sets if vocabulary == links.name for link in links.links]


def read_links(path: Path) -> LinkSet:
    """Read one SSSOM file with its metadata in front.

    Raises:
        DataError: the file is missing, has no YAML in front, or a row is not understood.
    """
    name = path.name.removesuffix(_ENDING)
    from ..files.encodings import read_text

    lines = read_text(path).splitlines(keepends=True)
    front = [line[1:] for line in lines if line.startswith("#")]
    try:
        metadata = read_yaml("".join(front))
    except ValueError as error:
        raise DataError(f"{path}: the metadata in front is not YAML: {error}") from None
    if not isinstance(metadata, dict) or "curie_map" not in metadata:
        raise DataError(f"{path}: there is no curie_map in front of the rows")
    rows = csv.DictReader(lines[len(front) :], delimiter="\t", restval="")
    links = []
    try:
        for row in rows:
            links.append(_link(name, metadata["curie_map"], row))
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        number = len(front) + rows.line_num
        raise DataError(f"{path}, line {number}: the row is not understood: {error}") from None
    return LinkSet(name, metadata, tuple(links))


def _link(name: str, prefixes: dict[str, str], row: dict[str, str]) -> Link:
    def iri(curie: str) -> str:
        prefix, _, local = curie.partition(":")
        return ox.NamedNode(prefixes[prefix] + local).value

    for column in ("subject_id", "predicate_id", "object_id", "confidence"):
        if not row[column]:
            raise ValueError(f"the cell of {column} is empty")

    return Link(
        vocabulary=name,
        subject=iri(row["subject_id"]),
        label=row["subject_label"],
        predicate=iri(row["predicate_id"]),
        negated=row["predicate_modifier"] == "Not",
        target=iri(row["object_id"]),
        target_label=row["object_label"],
        code=row["object_id"].partition(":")[2],
        confidence=float(row["confidence"]),
        comment=row["comment"],
        justification=row.get("mapping_justification", ""),
    )


def links_of(iri: str) -> list[Link]:
    """Give the links of one of our terms, or those that lead to a term of a vocabulary."""
    target = canonical_iri(iri)
    return [link for link in sound_links()[0] if link.subject == iri or link.target == target]


# -- codes and the IRIs in which data writes them --------------------------------------------


@cache
def _forms() -> dict[str, tuple[str, str, tuple[re.Pattern[str], ...]]]:
    path = data_dir(_FOLDER) / "iri-forms.toml"
    with path.open("rb") as file:
        content = tomllib.load(file)
    return {
        name: (
            entry["canonical"],
            entry.get("drop", ""),
            tuple(re.compile(form) for form in entry["forms"]),
        )
        for name, entry in content.items()
    }


def canonical_iri(text: str, vocabulary: str | None = None) -> str:
    """Give the IRI under which the alignments know a code, or the text as it is.

    Args:
        text: an IRI; with `vocabulary` (``cofog``, ``icnptso``, ``schema``) a bare code as well.
        vocabulary: the one whose code it is; by default any, for IRIs alone.

    >>> canonical_iri("https://unstats.un.org/unsd/cr/registry/regcs.asp?Cl=4&Lg=1&Co=10.4.0")
    'https://w3id.org/italia/controlled-vocabulary/classifications-for-organizations/cofog-2009/1040'
    >>> canonical_iri("D20", "icnptso").rpartition("/")[2]
    'D20'
    """
    found = _in_form(text, vocabulary)
    return found[0] if found else text


def code_of_iri(iri: str, vocabulary: str) -> str:
    """Give the code that an IRI stands for in a vocabulary, or an empty text.

    An IRI is of a vocabulary by one of its forms or as the target of an alignment, never by how it
    ends: another scheme may have the same codes.

    >>> code_of_iri("https://unstats.un.org/unsd/cr/registry/regcs.asp?Cl=4&Lg=1&Co=07.1", "cofog")
    '071'
    >>> code_of_iri("https://example.org/budget/2010/07", "cofog")
    ''
    """
    found = _in_form(iri, vocabulary)
    if found:
        return found[1]
    targets = (link.code for link in all_links(vocabulary) if link.target == iri)
    return next(targets, "").rpartition("/")[2]


def _in_form(text: str, vocabulary: str | None) -> tuple[str, str] | None:
    """Give the canonical IRI and the code of a text in one of the forms of a vocabulary."""
    for name, (canonical, drop, forms) in _forms().items():
        if vocabulary not in (None, name) or (vocabulary is None and "://" not in text):
            continue
        for form in forms:
            found = form.fullmatch(text.strip())
            if found:
                code = found["code"]
                if drop and re.match(r"\d\.", code):
                    code = f"0{code}"
                code = code.translate({ord(sign): None for sign in drop})
                return canonical.format(**{**found.groupdict(), "code": code}), code
    return None


# -- RDF -------------------------------------------------------------------------------------


def triples_of(links: Iterable[Link]) -> Iterator[ox.Triple]:
    """Give links as RDF that stays within OWL 2 DL.

    The mapping relations of SKOS are annotation properties, for they run between classes,
    properties and individuals alike; a target of ``rdfs:subClassOf`` or ``rdfs:subPropertyOf``
    is declared a class or property with its subject. A target has its label and its code.
    """
    declared = ox.NamedNode(RDF + "type")
    label, notation = ox.NamedNode(RDFS + "label"), ox.NamedNode(SKOS + "notation")
    vocabulary = ox.NamedNode(COP + "inVocabulary")
    for iri in (*MATCHES, notation.value, vocabulary.value):
        yield ox.Triple(ox.NamedNode(iri), declared, ox.NamedNode(OWL + "AnnotationProperty"))
    for link in links:
        if not link.is_statement:
            continue
        subject, target = ox.NamedNode(link.subject), ox.NamedNode(link.target)
        kind = _AXIOMS.get(link.predicate)
        yield ox.Triple(subject, ox.NamedNode(link.predicate), target)
        if kind:
            yield ox.Triple(subject, declared, ox.NamedNode(OWL + kind))
            yield ox.Triple(target, declared, ox.NamedNode(OWL + kind))
        yield ox.Triple(target, label, ox.Literal(link.target_label))
        yield ox.Triple(target, notation, ox.Literal(link.code))
        yield ox.Triple(target, vocabulary, ox.Literal(link.vocabulary))


def alignment_quads() -> list[ox.Quad]:
    """Give all links as quads of the graph ``.../graph/alignments``."""
    return [
        ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(ALIGNMENTS))
        for triple in dict.fromkeys(triples_of(all_links()))
    ]


def serialize_links(links: Iterable[Link], form: str) -> str:
    """Give links as an ontology of their own, which imports nothing.

    Args:
        links: what to write.
        form: ``ttl`` or ``owl`` (RDF/XML).
    """
    whole = ox.NamedNode(ONTOLOGY_IRI + "/alignments")
    head = [
        ox.Triple(whole, ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + "Ontology")),
        ox.Triple(
            whole,
            ox.NamedNode(RDFS + "comment"),
            ox.Literal(
                "Links of the ontology of co-production to other vocabularies; import it beside "
                "the ontology where they are wanted.",
                language="en",
            ),
        ),
    ]
    triples = [*head, *dict.fromkeys(triples_of(links))]
    rdf_format = ox.RdfFormat.TURTLE if form == "ttl" else ox.RdfFormat.RDF_XML
    data = ox.serialize(triples, format=rdf_format, prefixes=PREFIXES)
    assert data is not None
    return data.decode()
