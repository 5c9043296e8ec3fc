"""What this is: the source, the version and what changed, the licences, and how to cite a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from ..knowledge.alignments import link_sets
from ..messages import Speaker, speaker
from ..names import COP, DCTERMS, GRAPH, ID, ONTOLOGY_IRI, OWL, RDFS, SKOS
from ..resources import is_file, root
from ..version import __version__
from .address import Address
from .keeping import kept
from .page import Page, Words
from .tables import table
from .term import best_text

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph
    from ..store.protocol import Store

_SOURCE: Final = ID + "source/pestoff-slides"
_CHANGES: Final = 10
"""Changes that are told; the file has all."""
_CODE: Final = "https://spdx.org/licenses/MIT"


class Licence(NamedTuple):
    """What is under a licence, and its address."""

    what: str
    licence: str


class Citation(NamedTuple):
    """How to cite.

    Attributes:
        text: for a list of references.
        bibtex: the same for BibTeX.
    """

    text: str
    bibtex: str


def page(graph: AskedGraph, address: Address) -> Page:
    """Give what this is.

    Args:
        graph: what is in scope.
        address: its state may have ``of``, the path of a page that is to be cited, and ``named``,
            its title.
    """
    store, lang = graph.store, address.lang
    say = speaker(lang)
    ours = ONTOLOGY_IRI
    licences = list(_licences(store, say))
    return Page(
        address,
        say("About"),
        "about.html",
        {
            "source": best_text(store, _SOURCE, RDFS + "label", lang)._replace(href=_SOURCE),
            "source_title": best_text(store, _SOURCE, DCTERMS + "title", lang),
            "source_about": best_text(store, _SOURCE, SKOS + "definition", lang),
            "source_notes": [
                Words(text, "" if lang == "en" else "en")
                for prop in (SKOS + "scopeNote", SKOS + "editorialNote")
                for text in _values(store, _SOURCE, prop)
            ],
            "about": best_text(store, ours, DCTERMS + "description", lang),
            "version": _value(store, ours, OWL + "versionInfo") or __version__,
            "version_iri": _value(store, ours, OWL + "versionIRI"),
            "modified": _value(store, ours, DCTERMS + "modified"),
            "issued": _value(store, ours, DCTERMS + "issued"),
            "note": graph.note,
            "licences": licences,
            "citation": citation(store, address),
            "of": address.get("of"),
            "changes": _changes(),
        },
        {
            "contents": table(
                ["graph", "triples"],
                [
                    (iri.removeprefix(GRAPH), count)
                    for iri, count in kept(store, "graphs", store.graphs).items()
                ],
            ),
            "licences": table(
                ["what", "licence"],
                [(each.what, ox.NamedNode(each.licence)) for each in licences if each.licence],
            ),
        },
        (ours, _SOURCE),
        {"citation": citation(store, address)._asdict()},
        lead=say("The source, the version and what changed, the licences, and how to cite."),
    )


def _licences(store: Store, say: Speaker) -> Iterator[Licence]:
    ours = _value(store, ONTOLOGY_IRI, DCTERMS + "license")
    yield Licence(say("the ontology and the data"), ours)
    yield Licence(say("the software"), _CODE)
    for each in link_sets():
        words = say("the links to {vocabulary}", vocabulary=each.name)
        yield Licence(words, str(each.metadata.get("license", "")))


def citation(store: Store, address: Address) -> Citation:
    """Give how the ontology is cited, or a page of the explorer on a thing of it.

    A thing is cited by its own address, which stays, and not by that of a server.
    """
    whole = _value(store, ONTOLOGY_IRI, DCTERMS + "bibliographicCitation")
    title = _value(store, ONTOLOGY_IRI, DCTERMS + "title")
    year = _value(store, ONTOLOGY_IRI, DCTERMS + "issued")[:4]
    version = _value(store, ONTOLOGY_IRI, OWL + "versionInfo") or __version__
    author = whole.partition(":")[0]
    url, part = _value(store, ONTOLOGY_IRI, OWL + "versionIRI") or ONTOLOGY_IRI, ""
    of = address.get("of")
    iri = _thing(of)
    if iri:
        url, part = iri, best_text(store, iri, RDFS + "label", address.lang).text
    elif of.startswith("/"):
        part = address.get("named") or of
    said = f"{whole} {f'“{part}”. ' if part else ''}{url}"
    note = f"version {version}" + (f"; {part}" if part else "")
    fields = {"author": f"{{{author}}}", "title": title, "year": year, "note": note, "url": url}
    lines = (f"  {name} = {{{_in_bibtex(value, name)}}}," for name, value in fields.items())
    return Citation(said, "\n".join(["@misc{coproduction,", *lines, "}"]))


def _in_bibtex(text: str, name: str) -> str:
    if name in ("author", "url"):
        return text
    return re.sub(r"([&%$#_{}])", r"\\\1", text.replace("\\", ""))


def _thing(path: str) -> str:
    """Give the IRI of the thing that a page of ours is about, or an empty text."""
    if path.startswith("/term/"):
        return COP + path.removeprefix("/term/")
    return ID + path.removeprefix("/id/") if path.startswith("/id/") else ""


def _value(store: Store, iri: str, prop: str) -> str:
    return next(iter(_values(store, iri, prop)), "")


def _values(store: Store, iri: str, prop: str) -> list[str]:
    found = store.values(ox.NamedNode(iri), prop)
    return sorted(str(getattr(each, "value", "")) for each in found)


def _changes() -> list[str]:
    """Give the newest changes of this version, as the changelog has them."""
    path = root() / "CHANGELOG.md"
    if not is_file(path):
        return []
    text = path.read_text(encoding="utf-8").partition("\n## ")[2].partition("\n## ")[0]
    items = [" ".join(item.split()) for item in re.split(r"^- ", text, flags=re.M)[1:]]
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", item).partition(" ### ")[0] for item in items)
    return list(plain)[:_CHANGES]
