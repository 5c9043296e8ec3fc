"""What can be found by its names: terms, claims, questions, cases and what else has a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from ..errors import nearest
from ..knowledge.questions import read_folder
from ..names import COP, ID, ONTOLOGY_IRI, OWL, RDF, RDFS, SKOS
from .address import place_of
from .keeping import kept
from .matching import plain
from .page import Words
from .site import place_of_case

if TYPE_CHECKING:
    from ..store.protocol import Store

MOST_CASES: Final = 200_000
"""Cases whose names are searched; of a store that has more, the first so many."""
MOST_NEAR: Final = 5_000
"""Things of a kind whose names are offered where nothing is found."""
_NAME: Final = re.compile(r"[\w '\u2019.,&()-]{1,60}")
"""What a name can look like: no path, and no text of any length."""
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

    def called(self, lang: str) -> tuple[str, str]:
        """Give the name that is shown, and its language: the one asked for, where it has one."""
        return min(self.names, key=lambda each: (each[1] != lang, each[1] != "en"))


def entries(store: Store) -> dict[str, list[Entry]]:
    """Give all that can be found, by kind, each in order of its things."""
    return kept(store, "search", lambda: _made(store))


def cut_at(store: Store) -> int:
    """Give how many cases are searched where not all are, else 0."""
    cases = entries(store)["cases"]
    return len(cases) if len(cases) >= MOST_CASES else 0


def things_like(store: Store, name: str, lang: str) -> Iterator[Words]:
    """Give the thing that a name may mean: it is called so, or something spelt most like it.

    Args:
        store: what is in scope; of its cases the first are looked at.
        name: of a thing; what can be no name, such as a path, is not looked for.
        lang: of the name that is shown.
    """
    if not _NAME.fullmatch(name):
        return
    named = kept(store, "things-by-name", lambda: _things_by_name(store))
    wanted = plain(name)
    like = wanted if wanted in named else nearest(wanted, named)
    if like:
        kind, entry = named[like]
        name, tag = entry.called(lang)
        target = place_of_case(entry.thing) if kind == "cases" else entry.thing
        yield Words(f"{entry.key} {name}".strip(), "" if tag == lang else tag, target)


def _things_by_name(store: Store) -> dict[str, tuple[str, Entry]]:
    """Give things with their kind, by their names as they are searched; terms come first."""
    found: dict[str, tuple[str, Entry]] = {}
    for kind, of_kind in entries(store).items():
        for entry in of_kind[:MOST_NEAR]:
            for folded in entry.folded:
                found.setdefault(folded, (kind, entry))
    return found


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
