"""What claims are held against: the packaged graphs alone, or without some arrangements; which."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

import pyoxigraph as ox

from ..errors import UnknownName
from ..knowledge.levels import write_levels
from ..knowledge.views import rows_of_view
from ..messages import Speaker
from ..names import DCTERMS, ID
from ..store.embedded import EmbeddedStore
from ..store.protocol import Store


@cache
def packaged_alone() -> EmbeddedStore:
    """Give the packaged graphs with the levels that follow: what the source itself says."""
    store = EmbeddedStore.packaged()
    write_levels(store)
    return store


def without_arrangements(store: Store, left_out: set[str]) -> Store:
    """Give a copy in memory without the statements about some arrangements.

    Raises:
        TooLarge: the store is too large to be copied.
    """
    from ..store.on_disk import copy_in_memory

    copy = copy_in_memory(store)
    for iri in left_out:
        for quad in list(copy.statements(ox.NamedNode(iri), None, None)):
            if quad.predicate.value not in _KEPT:
                copy.remove([quad])
    return copy


def readings_carried(store: Store) -> set[str]:
    """Give the ambiguities that arrangements in scope carry: how these themselves were read."""
    return {row["id"] for row in rows_of_view(store, "readings-of-placements")}


class ReadAs(NamedTuple):
    """How an ambiguity of the source is read: what it is about, and the reading, in words."""

    about: str
    words: str


def read_as(
    store: Store, readings: Sequence[str], say: Speaker, below: str = ""
) -> dict[str, ReadAs]:
    """Give how ambiguities are read in words, by their ids, in their order.

    It is the preferred reading; of one that has none all of them are told, and that none is
    preferred.

    Args:
        store: where they stand.
        readings: ids of the ambiguities.
        say: the language.
        below: IRI of the level right below the ceiling, where the ceiling is read otherwise.
    """
    preferred = _told(store, "preferred-readings", readings).items()
    told = {name: ReadAs(say(said[0].about), say(said[0].words)) for name, said in preferred}
    if below:
        ceiling = rows_of_view(store, "readings-of-ceiling", level=[ox.NamedNode(below)])
        told |= {row["id"]: ReadAs(say(row["about"]), say(row["text"])) for row in ceiling}
    left = [name for name in readings if name not in told]
    for name, said in _told(store, "open-readings", left).items():
        texts = (say('"{name}"', name=say(each.words).removesuffix(".")) for each in said)
        words = say("none is preferred of these: {readings}.", readings=say("; ").join(texts))
        told[name] = ReadAs(say(said[0].about), words)
    return {name: told[name] for name in readings if name in told}


def _told(store: Store, view: str, ambiguities: Sequence[str]) -> dict[str, list[ReadAs]]:
    """Give the readings that a view has of ambiguities, as the data has them, by their ids."""
    found: dict[str, list[ReadAs]] = {}
    names = list(map(ox.Literal, ambiguities))
    for row in rows_of_view(store, view, id=names) if names else ():
        found.setdefault(row["id"], []).append(ReadAs(row["about"], row["text"]))
    return found


def only_from(store: Store, source: str) -> set[str]:
    """Give the arrangements that rest on a source alone.

    Args:
        store: what is in scope.
        source: its IRI or its id.

    Raises:
        UnknownName: it is the source of no arrangement in scope.
    """
    try:
        node = ox.NamedNode(source if "://" in source else f"{ID}source/{source}")
    except ValueError:
        rows = []
    else:
        rows = list(rows_of_view(store, "arrangements-of-source", source=[node]))
    if not rows:
        known = [row["source"] for row in rows_of_view(store, "sources")]
        short = [name.removeprefix(f"{ID}source/") for name in known]
        raise UnknownName("source", source, short, "(the source of no arrangement in scope)")
    return {row["row"] for row in rows if not row.get("other")}


_KEPT: Final = {"http://www.w3.org/2000/01/rdf-schema#label", DCTERMS + "source"}


def remembering(store: Store) -> Store:
    """Give a server as one that is asked once for what is looked up; another store as it is."""
    if store.address is None:
        return store
    from ..store.remembering import RememberingStore

    return RememberingStore.of(store)
