"""Search over terms, claims, questions and cases, in all languages at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from ..knowledge.questions import read_folder
from ..messages import Sentence, speaker
from ..names import COP, ID, ONTOLOGY_IRI, OWL, RDF, RDFS, SKOS
from .address import Address, place_of
from .diagram import country_name
from .keeping import kept
from .matching import plain
from .meant import country_of, in_other_words, nearest_searches
from .page import Page, Words
from .site import place_of_case
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
_MOST_NEAR: Final = 5_000
"""Things of a kind whose names are offered where nothing is found."""
_LAST: Final = 9
"""Comes after the rank of whatever is found."""
_NAMES: Final = (RDFS + "label", SKOS + "altLabel", SKOS + "hiddenLabel")
_IDS: Final = (COP + "claimId", COP + "ambiguityId")


class Entry(NamedTuple):
    """Something that can be found.

    Attributes:
        thing: its IRI, or the path of its page.
        key: what it is numbered by, such as ``C51``, or an empty text.
        names: its names as they are shown, each with its language.
        folded: the same as they are searched.
        searched: the folded names, and what is said of it.
    """

    thing: str
    key: str
    names: tuple[tuple[str, str], ...]
    folded: tuple[str, ...]
    searched: str


class Hit(NamedTuple):
    """Something that was found.

    Attributes:
        thing: its IRI, or the path of its page.
        name: in the language of the page, where it has a name there.
        by: the name by which it was found, where that is another.
        rank: 0 for a name that is what was looked for, and more for what is further from it.
    """

    thing: str
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
    country = _country_of_cases(graph.store, query)
    hits = table(
        ["kind", "thing", "thingLabel", "by"],
        [
            (
                each.kind,
                _node(hit.thing),
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
        {
            "query": query,
            "found": found,
            "hits": sum(each.number for each in found),
            "most": _cut(graph.store),
            "near": _near(graph.store, address, query) if plain(query) and not found else (),
            "country": (country, country_name(country, say.lang)) if country else None,
        },
        {"hits": hits},
        lead=say("Terms, claims, questions and cases by their names, in every language."),
    )


def _cut(store: Store) -> int:
    """Give how many cases are searched where not all are, else 0."""
    cases = entries(store)["cases"]
    return len(cases) if len(cases) >= MOST_CASES else 0


def _node(thing: str) -> ox.NamedNode | str:
    return thing if thing.startswith("/") else ox.NamedNode(thing)


def _found(store: Store, address: Address, query: str) -> Iterator[Found]:
    say = speaker(address.lang)
    wanted = in_other_words(plain(query))
    for kind, of_kind in entries(store).items():
        ranked = []
        for entry in of_kind:
            rank, place = _best_rank(entry, wanted)
            if rank is not None:
                ranked.append((rank, entry.folded[0], entry, place))
        ranked.sort(key=lambda each: each[:2])
        most = len(ranked) if address.get("all") == kind else MOST
        hits = tuple(
            _hit(entry, place, rank, address.lang, kind) for rank, _, entry, place in ranked[:most]
        )
        if hits:
            yield Found(kind, say.again(KINDS[kind]), hits, len(ranked))


def _hit(entry: Entry, place: int | None, rank: int, lang: str, kind: str) -> Hit:
    target = place_of_case(entry.thing) if kind == "cases" else entry.thing
    name, tag = min(entry.names, key=lambda each: (each[1] != lang, each[1] != "en"))
    by, by_tag = entry.names[place] if place is not None else ("", "")
    return Hit(
        entry.thing,
        Words(f"{entry.key} {name}".strip(), "" if tag == lang else tag, target),
        Words("") if by in ("", name, entry.key) else Words(by, "" if by_tag == lang else by_tag),
        rank,
    )


def _near(store: Store, address: Address, query: str) -> tuple[Words, ...]:
    """Give links to searches that are spelt nearly so, and find something."""
    names, words = kept(store, "search-words", lambda: _words_of(store))
    near = dict.fromkeys(nearest_searches(plain(query), names, words))
    return tuple(
        Words(each, "", address.with_state(q=each, all=None).in_form("").url)
        for each in near
        if any(_found(store, address, each))
    )


def _words_of(store: Store) -> tuple[dict[str, str], frozenset[str]]:
    """Give all names by how they are searched, and the words in them; of cases the first."""
    names = {
        folded: name
        for of_kind in entries(store).values()
        for entry in of_kind[:_MOST_NEAR]
        for folded, (name, _) in zip(entry.folded, entry.names, strict=True)
    }
    words = frozenset(word for name in names for word in re.findall(r"\w{4,}", name))
    return names, words


def _country_of_cases(store: Store, query: str) -> str:
    """Give the code of the country that is looked for, where cases are in it."""
    code = country_of(plain(query))
    node = ox.NamedNode(COP + "countryCode")
    found = store.statements(None, node, ox.Literal(code)) if code else ()
    return code if any(True for _ in found) else ""


def _best_rank(entry: Entry, searches: list[str]) -> tuple[int | None, int | None]:
    """Give the best rank of a thing for several searches, with the name that it is found by."""
    ranks = [_rank(entry, each) for each in searches]
    return min(ranks, key=lambda each: _LAST if each[0] is None else each[0])


def _rank(entry: Entry, wanted: str) -> tuple[int | None, int | None]:
    """Tell how near a thing is to what is looked for, and which of its names is."""
    words = wanted.split()
    if not all(word in entry.searched for word in words):
        return None, None
    for place, name in enumerate(entry.folded):
        if name == wanted:
            return 0, place
    for place, name in enumerate(entry.folded):
        if name.startswith(wanted):
            return 1, place
    for place, name in enumerate(entry.folded):
        if all(word in name for word in words):
            return 2, place
    return 3, None


def entries(store: Store) -> dict[str, list[Entry]]:
    """Give all that can be found, by kind (:data:`KINDS`), each in order of its things."""
    return kept(store, "search", lambda: _made(store))


def _made(store: Store) -> dict[str, list[Entry]]:
    own = _subjects(store, RDFS + "isDefinedBy", ONTOLOGY_IRI)
    terms = {iri for iri in own if iri.startswith(COP)} - _subjects(store, OWL + "deprecated", None)
    claims = _subjects(store, RDF + "type", COP + "Claim")
    cases = _subjects(store, RDF + "type", COP + "Case", MOST_CASES)
    names: dict[str, list[tuple[str, str]]] = {}
    keys: dict[str, str] = {}
    about: dict[str, list[str]] = {}
    # One pass over all that has a name is sooner than a look-up for each.
    for prop in (*_NAMES, *_IDS, SKOS + "definition"):
        for quad in store.statements(None, ox.NamedNode(prop)):
            iri, said = str(getattr(quad.subject, "value", "")), quad.object
            if not isinstance(said, ox.Literal):
                continue
            if prop not in (*_NAMES, *_IDS):
                about.setdefault(iri, []).append(said.value)
                continue
            names.setdefault(iri, []).append((said.value, said.language or ""))
            if prop in _IDS:
                keys[iri] = said.value
    others = {iri for iri in names if iri.startswith(ID) and place_of(iri)} - claims - cases

    def listed(iris: set[str]) -> list[Entry]:
        return [
            _entry(iri, keys.get(iri, ""), names[iri], about.get(iri, []))
            for iri in sorted(iris & names.keys())
        ]

    return {
        "terms": listed(terms),
        "claims": listed(claims),
        "questions": list(_of_questions()),
        "cases": listed(cases),
        "others": listed(others),
    }


def _subjects(store: Store, prop: str, value: str | None, most: int | None = None) -> set[str]:
    end = None if value is None else ox.NamedNode(value)
    found = islice(store.statements(None, ox.NamedNode(prop), end), most)
    return {quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)}


def _entry(iri: str, key: str, names: list[tuple[str, str]], about: list[str]) -> Entry:
    own = (*dict.fromkeys(names), (iri.replace("#", "/").rpartition("/")[2], ""))
    folded = tuple(plain(name) for name, _ in own)
    return Entry(iri, key, own, folded, "\n".join((*folded, *map(plain, about))))


def _of_questions() -> Iterator[Entry]:
    for each in read_folder().questions:
        own = ((each.summary, "en"), (each.name, ""), (each.id, ""))
        folded = tuple(plain(name) for name, _ in own)
        searched = "\n".join((*folded, plain(each.description)))
        yield Entry(f"/question/{each.name}", each.id, own, folded, searched)
