"""The names that a query can use, by kind: how each is written, and what it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ..messages import Sentence, speaker
from ..names import COP, DCTERMS, OWL, PREFIXES, RDF, RDFS, SKOS, compact
from ..results.result import Result
from .address import Address
from .entries import Entry, entries
from .page import Page
from .tables import table, text

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph
    from ..store.protocol import Store, Term

MOST: Final = 1000
"""Names of one kind that are listed."""
KINDS: Final = {
    "classes": Sentence("Classes"),
    "properties": Sentence("Properties"),
    "values": Sentence("Values"),
    "claims": Sentence("Claims"),
    "cases": Sentence("Cases"),
    "others": Sentence("Others"),
}
"""The kinds of names, and how they are called."""
_COLUMNS: Final = (Sentence("written"), Sentence("also"))
"""How columns are headed."""
_CLASS: Final = OWL + "Class"
_PROPERTIES: Final = tuple(
    OWL + kind for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
)
_BUILT_IN: Final = (
    *(RDF + "type", RDFS + "label", RDFS + "comment", RDFS + "isDefinedBy", RDFS + "seeAlso"),
    *(RDFS + "subClassOf", RDFS + "subPropertyOf", RDFS + "domain", RDFS + "range"),
    *(OWL + "sameAs", OWL + "deprecated", SKOS + "prefLabel", DCTERMS + "source"),
)
"""Properties of the languages themselves, which no graph has to declare."""


def page(graph: AskedGraph, address: Address) -> Page:
    """Give the names.

    Args:
        graph: what is in scope.
        address: its state may have ``kind``, a key of :data:`KINDS`, whose names are shown; the
            tables have all.
    """
    say = speaker(address.lang)
    found = _by_kind(graph.store)
    asked = address.get("kind")
    kind = asked if asked in found else next(iter(found), "")
    return Page(
        address,
        say("Names for queries"),
        "names.html",
        {
            "kinds": {each: (say.again(KINDS[each]), len(found[each])) for each in found},
            "kind": kind,
            "most": MOST,
        },
        {each: _table(of_kind[:MOST], address.lang) for each, of_kind in found.items()},
        lead=say(
            "How each class, property and thing is written in SPARQL, and what it is called in "
            "every language."
        ),
    )


def _by_kind(store: Store) -> dict[str, list[Entry]]:
    """Give what has a name, by kind (:data:`KINDS`); a kind of which there is none is left out."""
    all_entries = entries(store)
    classes = _of_type(store, _CLASS)
    declared = set().union(*(_of_type(store, kind) for kind in _PROPERTIES))
    properties = {iri for iri in declared | set(_BUILT_IN) if _has_prefix(iri)}
    terms = all_entries["terms"]
    own = {entry.thing for entry in terms}
    known = [entry for entry in terms if entry.thing in properties]
    foreign = (iri for iri in properties - own if not iri.startswith(COP))
    found = {
        "classes": [entry for entry in terms if entry.thing in classes],
        "properties": known + [Entry(iri, "", (), (), "") for iri in sorted(foreign)],
        "values": [entry for entry in terms if entry.thing not in classes | properties],
        "claims": all_entries["claims"],
        "cases": all_entries["cases"],
        "others": all_entries["others"],
    }
    return {kind: of_kind for kind, of_kind in found.items() if of_kind}


def _of_type(store: Store, kind: str) -> set[str]:
    found = store.statements(None, ox.NamedNode(RDF + "type"), ox.NamedNode(kind))
    return {quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)}


def _has_prefix(iri: str) -> bool:
    return any(iri.startswith(namespace) for namespace in PREFIXES.values())


def _table(found: list[Entry], lang: str) -> Result:
    return table(["written", "name", "nameLabel", "also"], [_row(each, lang) for each in found])


def _row(entry: Entry, lang: str) -> tuple[Term | str | None, ...]:
    written = compact(entry.thing)
    name, tag = min(
        entry.names,
        key=lambda each: (each[1] != lang, each[1] != "en"),
        default=(written, ""),
    )
    local = entry.thing.replace("#", "/").rpartition("/")[2]
    others = dict.fromkeys(each for each, _ in entry.names if each not in (name, local, entry.key))
    return (
        written,
        ox.NamedNode(entry.thing),
        text(f"{entry.key} {name}".strip(), tag),
        "; ".join(others) or None,
    )
