"""Search over terms, claims, questions and cases, in all languages at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from ..knowledge.questions import read_folder
from ..messages import Sentence, speaker
from ..names import COP, ID, ONTOLOGY_IRI, OWL, RDF, RDFS, SKOS
from .address import Address, place_of
from .matching import plain
from .page import Page, Words
from .tables import table, text

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph
    from ..store.protocol import Store

MOST: Final = 20
"""Hits of one kind that are shown, where `all` in the address does not name it."""
MOST_CASES: Final = 200_000
"""Cases whose names are searched; of a store that has more, the first so many."""
KINDS: Final = {
    "terms": Sentence("Terms"),
    "claims": Sentence("Claims"),
    "questions": Sentence("Questions"),
    "cases": Sentence("Cases"),
    "others": Sentence("Others"),
}
"""What is searched, and how it is called."""
_NAMES: Final = (RDFS + "label", SKOS + "altLabel", SKOS + "hiddenLabel")
_IDS: Final = (COP + "claimId", COP + "ambiguityId")
_kept: Final[WeakKeyDictionary[Store, dict[str, list[Entry]]]] = WeakKeyDictionary()
"""What can be found, by the store as it is; it is another object when it has changed."""


class Entry(NamedTuple):
    """Something that can be found.

    Attributes:
        thing: its IRI, or the path of its page.
        key: what it is numbered by, such as ``C51``, or an empty text.
        names: its names as they are shown, each with its language.
        folded: the same as they are searched.
        about: what is said of it, as it is searched.
    """

    thing: str
    key: str
    names: tuple[tuple[str, str], ...]
    folded: tuple[str, ...]
    about: str


class Hit(NamedTuple):
    """Something that was found.

    Attributes:
        name: in the language of the page, where it has a name there.
        by: the name by which it was found, where that is another.
        rank: 0 for a name that is what was looked for, and more for what is further from it.
    """

    name: Words
    by: Words
    rank: int


class Found(NamedTuple):
    """The hits of one kind: how it is called, those shown, and how many there are in all."""

    kind: str
    title: str
    hits: tuple[Hit, ...]
    number: int


def page(graph: AskedGraph, address: Address) -> Page:
    """Give what is found.

    Args:
        graph: what is in scope.
        address: its state may have ``q``, of which each word has to stand in a name or in what is
            said of a thing, and ``all``, a key of :data:`KINDS` whose hits are all shown.
    """
    say = speaker(address.lang)
    query = address.get("q")
    found = tuple(_found(graph.store, address, query)) if plain(query) else ()
    hits = table(
        ["kind", "thing", "thingLabel", "by"],
        [
            (
                each.kind,
                _node(hit.name.href),
                text(hit.name.text, hit.name.lang or address.lang),
                hit.by.text or None,
            )
            for each in found
            for hit in each.hits
        ],
    )
    return Page(
        address,
        say("Search"),
        "search.html",
        {"query": query, "found": found, "hits": sum(each.number for each in found)},
        {"hits": hits},
        lead=say("Terms, claims, questions and cases by their names, in every language."),
    )


def _node(thing: str) -> ox.NamedNode | str:
    return thing if thing.startswith("/") else ox.NamedNode(thing)


def _found(store: Store, address: Address, query: str) -> Iterator[Found]:
    say = speaker(address.lang)
    wanted = plain(query)
    for kind, of_kind in entries(store).items():
        ranked = []
        for entry in of_kind:
            rank, place = _rank(entry, wanted)
            if rank is not None:
                ranked.append((rank, entry.folded[0], entry, place))
        ranked.sort(key=lambda each: each[:2])
        most = len(ranked) if address.get("all") == kind else MOST
        hits = tuple(
            _hit(entry, place, rank, address.lang) for rank, _, entry, place in ranked[:most]
        )
        if hits:
            yield Found(kind, say.again(KINDS[kind]), hits, len(ranked))


def _hit(entry: Entry, place: int | None, rank: int, lang: str) -> Hit:
    name, tag = min(entry.names, key=lambda each: (each[1] != lang, each[1] != "en"))
    by, by_tag = entry.names[place] if place is not None else ("", "")
    return Hit(
        Words(f"{entry.key} {name}".strip(), "" if tag == lang else tag, entry.thing),
        Words("") if by in ("", name, entry.key) else Words(by, "" if by_tag == lang else by_tag),
        rank,
    )


def _rank(entry: Entry, wanted: str) -> tuple[int | None, int | None]:
    """Tell how near a thing is to what is looked for, and which of its names is."""
    for place, name in enumerate(entry.folded):
        if name == wanted:
            return 0, place
    for place, name in enumerate(entry.folded):
        if name.startswith(wanted):
            return 1, place
    words = wanted.split()
    for place, name in enumerate(entry.folded):
        if all(word in name for word in words):
            return 2, place
    searched = " \n ".join((*entry.folded, entry.about))
    return (3, None) if all(word in searched for word in words) else (None, None)


def entries(store: Store) -> dict[str, list[Entry]]:
    """Give all that can be found, by kind (:data:`KINDS`), each in order of its things."""
    if store not in _kept:
        terms = _subjects(store, RDFS + "isDefinedBy", ONTOLOGY_IRI)
        old = _subjects(store, OWL + "deprecated", None)
        claims = _subjects(store, RDF + "type", COP + "Claim")
        cases = _subjects(store, RDF + "type", COP + "Case", MOST_CASES)
        others = (
            {
                iri
                for iri in _subjects(store, RDFS + "label", None, MOST_CASES)
                if iri.startswith(ID) and place_of(iri)
            }
            - claims
            - cases
        )
        _kept[store] = {
            "terms": list(_of_things(store, (iri for iri in terms - old if iri.startswith(COP)))),
            "claims": list(_of_things(store, claims)),
            "questions": list(_of_questions()),
            "cases": list(_of_things(store, cases)),
            "others": list(_of_things(store, others)),
        }
    return _kept[store]


def _subjects(store: Store, prop: str, value: str | None, most: int | None = None) -> set[str]:
    end = None if value is None else ox.NamedNode(value)
    found = islice(store.statements(None, ox.NamedNode(prop), end), most)
    return {quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)}


def _of_things(store: Store, iris: Iterable[str]) -> Iterator[Entry]:
    nodes = [ox.NamedNode(iri) for iri in sorted(iris)]
    names: dict[str, list[tuple[str, str]]] = {node.value: [] for node in nodes}
    about: dict[str, list[str]] = {}
    keys: dict[str, str] = {}
    for prop in (*_NAMES, *_IDS):
        for node, said in store.values_of(nodes, prop):
            if isinstance(said, ox.Literal):
                names[node.value].append((said.value, said.language or ""))
                if prop in _IDS:
                    keys[node.value] = said.value
    for node, said in store.values_of(nodes, SKOS + "definition"):
        about.setdefault(node.value, []).append(str(getattr(said, "value", "")))
    for iri, own in names.items():
        if own:
            own.append((iri.replace("#", "/").rpartition("/")[2], ""))
            folded = tuple(plain(name) for name, _ in own)
            yield Entry(
                iri, keys.get(iri, ""), tuple(own), folded, plain(" ".join(about.get(iri, ())))
            )


def _of_questions() -> Iterator[Entry]:
    for each in read_folder().questions:
        own = ((each.summary, "en"), (each.name, ""), (each.id, ""))
        folded = tuple(plain(name) for name, _ in own)
        yield Entry(f"/question/{each.name}", each.id, own, folded, plain(each.description))
