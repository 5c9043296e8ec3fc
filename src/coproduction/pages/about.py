"""What this is: the source, the version and what changed, the licences, and how to cite a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from ..knowledge.alignments import link_sets
from ..messages import Sentence, Speaker, speaker
from ..names import COP, DCTERMS, GRAPH, ID, ONTOLOGY_IRI, OWL, RDFS, SKOS
from ..resources import is_file, root
from ..version import __version__
from .address import Address, place_of
from .keeping import kept
from .page import NoPage, Page, Words
from .site import page_at
from .tables import table
from .term import best_text

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph
    from ..store.protocol import Store

_SOURCE: Final = ID + "source/pestoff-slides"
_CHANGES: Final = 10
"""Changes that are told; the file has all."""
_ROWS: Final = 1
"""Rows of a table that a page is made with, of which its title alone is needed."""
_SHOWN: Final = 200
"""The code of HTTP of a page that shows what was asked."""
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
        address: its state may have ``of``, the address of a page that is to be cited, from the
            root of the explorer on, with its state.

    Raises:
        NoPage: there is no such page.
        CoproductionError: the page cannot be shown.
    """
    store, lang = graph.store, address.lang
    say = speaker(lang)
    seen = seen_page(graph, address)
    cited = citation(store, seen, say)
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
            "citation": cited,
            "seen": Words(seen.title, "", seen.address.url) if seen else None,
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
        {"citation": cited._asdict()},
        lead=say("The source, the version and what changed, the licences, and how to cite."),
    )


def _licences(store: Store, say: Speaker) -> Iterator[Licence]:
    ours = _value(store, ONTOLOGY_IRI, DCTERMS + "license")
    yield Licence(say("the ontology and the data"), ours)
    yield Licence(say("the software"), _CODE)
    for each in link_sets():
        words = say("the links to {vocabulary}", vocabulary=each.name)
        yield Licence(words, str(each.metadata.get("license", "")))


def seen_page(graph: AskedGraph, address: Address) -> Page | None:
    """Give the page that is to be cited, or None where the whole is.

    Raises:
        NoPage: there is no such page.
        CoproductionError: the page cannot be shown.
    """
    of = address.get("of")
    there = Address.read(*of.partition("?")[::2]).in_form("").with_state(lang=address.get("lang"))
    if not of or there.path == address.path:
        return None
    page = page_at(graph, there, _ROWS)
    if page.status != _SHOWN:
        raise NoPage(Sentence("there is no page at {path}", path=there.path))
    return page


def citation(store: Store, seen: Page | None, say: Speaker) -> Citation:
    """Give how the ontology is cited, or a page of the explorer.

    A thing is cited by its own address, which stays, and not by that of a server; what the page
    shows of it depends on the state of the page, and on the day.

    Args:
        store: what is in scope.
        seen: the page; None for the ontology.
        say: the language.
    """
    whole = _value(store, ONTOLOGY_IRI, DCTERMS + "bibliographicCitation")
    title = _value(store, ONTOLOGY_IRI, DCTERMS + "title")
    year = _value(store, ONTOLOGY_IRI, DCTERMS + "issued")[:4]
    version = _value(store, ONTOLOGY_IRI, OWL + "versionInfo") or __version__
    author = whole.partition(":")[0]
    url = _value(store, ONTOLOGY_IRI, OWL + "versionIRI") or ONTOLOGY_IRI
    whole = f"{whole.removesuffix('.')}, {year}."
    said, note, of_day = f"{whole} {url}", f"version {version}", {}
    if seen is not None:
        url = _thing(seen.address.path) or url
        day = datetime.now(UTC).date().isoformat()
        place = _place_in(seen)
        at = say("page {page} of the explorer, seen on {date}", page=place, date=day)
        said = f"{whole} “{seen.title}”. {url} ({at})"
        note, of_day = f"{note}; {seen.title}; page {place}", {"urldate": day}
    fields = {"author": f"{{{author}}}", "title": title, "year": year, "note": note, "url": url}
    fields |= of_day
    key = re.sub(r"[^a-z0-9]+", "-", f"coproduction-{_place_in(seen)}".lower()).strip("-")
    lines = (f"  {name} = {{{_in_bibtex(value, name)}}}," for name, value in fields.items())
    return Citation(said, "\n".join([f"@misc{{{key},", *lines, "}"]))


def _place_in(seen: Page | None) -> str:
    """Give where a page stands, its filters too, in any language; nothing for the whole."""
    return "" if seen is None else seen.address.with_state(lang=None).url


def _in_bibtex(text: str, name: str) -> str:
    if name in ("author", "url"):
        return text
    return re.sub(r"([&%$#_{}])", r"\\\1", text.replace("\\", ""))


def _thing(path: str) -> str:
    """Give the IRI of the thing that a page of ours is about, or an empty text."""
    last = path.rpartition("/")[2]
    for iri in (COP + last, ID + path.removeprefix("/id/"), ID + path.removeprefix("/")):
        if place_of(iri) == path:
            return iri
    return ""


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
