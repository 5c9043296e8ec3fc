"""Checks of the folders `ontology` and `cases`: what nothing reads, and records that are wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ..messages import Sentence
from ..names import COP, DISJOINTNESS, GRAPH, OWL, PACKAGED_GRAPHS, RDF, RDFS, compact
from ..store.unknown_terms import unknown_terms
from .answered import packaged_of
from .constraints import validate_store
from .finding import Finding

_ROLES: Final = "roles.ttl"
_TYPE: Final = ox.NamedNode(RDF + "type")
_CLASS: Final = ox.NamedNode(OWL + "Class")
_CASES: Final = GRAPH + "cases"
_PACKAGED: Final = ", ".join(f"<{GRAPH}{name}>" for name in PACKAGED_GRAPHS)
_CLASSES: Final = f"""
SELECT DISTINCT ?class ?above WHERE {{
  GRAPH ?graph {{ ?class a <{OWL}Class> }}
  FILTER(STRSTARTS(STR(?class), "{COP}"))
  FILTER(?graph IN ({_PACKAGED}))
  FILTER NOT EXISTS {{ ?class <{OWL}deprecated> ?flag }}
  OPTIONAL {{ ?class <{RDFS}subClassOf> ?above FILTER(ISIRI(?above)) }}
  OPTIONAL {{ ?class <{OWL}equivalentClass>/(<{OWL}intersectionOf>|<{OWL}unionOf>) ?above }}
}} ORDER BY ?class"""
_LISTED: Final = f"""
SELECT DISTINCT ?list ?class WHERE {{
  ?list a <{OWL}AllDisjointClasses> ; <{OWL}members>/<{RDF}rest>*/<{RDF}first> ?class
}} ORDER BY ?class"""


def folder_findings(store: ox.Store, ontology: Path, cases: Path) -> Iterator[Finding]:
    """Give what is wrong with the files of the ontology and the cases beside it.

    Args:
        store: the graphs that are checked.
        ontology: the folder of the ontology's files.
        cases: the folder of the cases.
    """
    if (ontology / "catalog-v001.xml").is_file():  # not where graphs of others are checked
        yield from _unread(ontology)
    if (ontology / DISJOINTNESS).is_file():
        yield from _not_disjoint(store, ontology / DISJOINTNESS)
    if any(cases.glob("*.ttl")):
        yield from _bad_records(store, cases)


def _unread(ontology: Path) -> Iterator[Finding]:
    """Tell of files that nothing reads, and of those that Protégé does not find."""
    known = {*PACKAGED_GRAPHS.values(), DISJOINTNESS, _ROLES}
    catalog = (ontology / "catalog-v001.xml").read_text(encoding="utf-8", errors="replace")
    for path in sorted(ontology.glob("*.ttl")):
        if path.name not in known:
            yield Finding(
                "file-not-read",
                "error",
                path.name,
                Sentence("{file} stands in the ontology, and nothing reads it.", file=path.name),
                Sentence(
                    "Name it in PACKAGED_GRAPHS of src/coproduction/names.py and in "
                    "catalog-v001.xml, or take it away."
                ),
                str(path),
            )
        elif path.name != _ROLES and f'uri="{path.name}"' not in catalog:
            yield Finding(
                "file-not-read",
                "error",
                path.name,
                Sentence("{file} is not in the catalogue that leads to modules.", file=path.name),
                Sentence("Add a line for it to catalog-v001.xml, as the others have one."),
                str(ontology / "catalog-v001.xml"),
            )


def _not_disjoint(store: ox.Store, path: Path) -> Iterator[Finding]:
    """Tell of classes under none that the lists of disjoint classes lack, and of strange ones."""
    lists = ox.Store()
    try:
        lists.load(path=path, format=ox.RdfFormat.TURTLE)
    except (SyntaxError, ValueError) as error:
        yield Finding(
            "broken-file",
            "error",
            path.name,
            Sentence("{file}: {words}.", file=path.name, words=str(error)),
            Sentence("Put the file right; what it says was left out here."),
            str(path),
        )
        return
    answer = store.query(_CLASSES, use_default_graph_as_union=True)
    assert isinstance(answer, ox.QuerySolutions)
    above = {row["class"].value: row["above"] for row in answer}
    if not above:
        return
    answer = lists.query(_LISTED)
    assert isinstance(answer, ox.QuerySolutions)
    listed = {row["class"].value for row in answer}
    for iri in sorted({iri for iri, parent in above.items() if parent is None} - listed):
        yield Finding(
            "root-not-disjoint",
            "error",
            iri,
            Sentence(
                "{term} is under no class and in no list of disjoint ones.", term=compact(iri)
            ),
            Sentence(
                "Add it to the first list of ontology/disjointness.ttl, or put it under a class."
            ),
            str(path),
        )
    for iri in sorted(listed - set(above) - _foreign_classes(store)):
        yield Finding(
            "root-not-disjoint",
            "error",
            iri,
            Sentence("{term} is said to be disjoint, and is no class.", term=compact(iri)),
            Sentence("Correct its name in ontology/disjointness.ttl, or take it out."),
            str(path),
        )


def _foreign_classes(store: ox.Store) -> set[str]:
    """Give the classes of other vocabularies that are declared, such as that of organisations."""
    declared = store.quads_for_pattern(None, _TYPE, _CLASS)
    classes = {quad.subject.value for quad in declared if isinstance(quad.subject, ox.NamedNode)}
    return {iri for iri in classes if not iri.startswith(COP)}


def _bad_records(store: ox.Store, cases: Path) -> Iterator[Finding]:
    """Hold the cases against the case record, and tell of terms in them that do not exist."""
    graphs = packaged_of(store)
    where: dict[str, Path] = {}
    for path in sorted(cases.glob("*.ttl")):
        graphs.load_own(path, _CASES)
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
            if isinstance(quad.subject, ox.NamedNode):
                where.setdefault(quad.subject.value, path)
    for unknown in unknown_terms(graphs):
        if unknown.subject in where:
            yield Finding(
                "undefined-term",
                "error",
                unknown.subject,
                unknown.words,
                Sentence(
                    "Correct the spelling; coproduction validate tells all of the case record."
                ),
                str(where[unknown.subject]),
            )
    for finding in validate_store(graphs):
        if finding.severity == "violation" and finding.focus in where:
            value = f" ({compact(finding.value)})" if finding.value.startswith("http") else ""
            yield Finding(
                "case-record",
                "error",
                finding.focus,
                Sentence(
                    "The case breaks {shape} of the case record{value}.",
                    shape=compact(finding.shape),
                    value=value,
                ),
                finding.message,
                str(where[finding.focus]),
            )
