"""Search over terms, claims, questions and cases, in all languages at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from ..messages import Sentence, speaker
from ..names import COP
from .address import Address
from .diagram import country_name
from .entries import MOST_NEAR, Entry, cut_at, entries
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
KINDS: Final = {
    "terms": Sentence("Terms"),
    "claims": Sentence("Claims"),
    "questions": Sentence("Questions"),
    "cases": Sentence("Cases"),
    "others": Sentence("Others"),
}
"""What is searched, and how it is called."""
_LAST: Final = 9
"""Comes after the rank of whatever is found."""


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
            "most": cut_at(graph.store),
            "near": _near(graph.store, address, query) if plain(query) and not found else (),
            "country": (country, country_name(country, say.lang)) if country else None,
        },
        {"hits": hits},
        lead=say("Terms, claims, questions and cases by their names, in every language."),
    )


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
    name, tag = entry.called(lang)
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
        for entry in of_kind[:MOST_NEAR]
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
