"""How our terms stand to those of other vocabularies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from ..knowledge.alignments import NO_TERM, link_sets
from ..knowledge.terms import labels
from ..messages import Sentence, speaker
from ..names import compact
from .address import Address
from .page import NoPage, Page, Words
from .tables import table, text

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph
    from ..knowledge.alignments import Link, LinkSet
    from ..results.result import Result
    from ..store.protocol import Store


_METADATA: Final = ("mapping_set_description", "object_source", "object_source_version", "license")


class Vocabulary(NamedTuple):
    """Another vocabulary.

    Attributes:
        name: short, as it stands in addresses.
        title: what it is, in a sentence.
        home: where it is.
        version: the one that was linked, or an empty text.
        licence: of the links.
        number: of links.
        is_chosen: whether its links are shown.
    """

    name: str
    title: Words
    home: str
    version: str
    licence: str
    number: int
    is_chosen: bool


def page(graph: AskedGraph, address: Address) -> Page:
    """Give the vocabularies, and the links to one.

    Args:
        graph: what is in scope.
        address: its state may have ``vocabulary``, whose links are shown.

    Raises:
        NoPage: there are no links to it.
    """
    say = speaker(address.lang)
    sets = {each.name: each for each in link_sets()}
    name = address.get("vocabulary")
    if name and name not in sets:
        raise NoPage(Sentence("there are no links to {name}", name=name))
    vocabularies = [_vocabulary(each, name, address.lang) for each in sets.values()]
    listed = table(
        ["vocabulary", "title", "home", "version", "licence", "links"],
        [
            (each.name, each.title.text, each.home, each.version, each.licence, each.number)
            for each in vocabularies
        ],
    )
    tables = {"vocabularies": listed}
    if name:
        tables = {"links": links_table(graph.store, sets[name].links, address.lang)} | tables
    things = {
        link.subject for each in sets.values() for link in each.links if name in ("", each.name)
    }
    return Page(
        address,
        say("Links to other vocabularies"),
        "links.html",
        {"vocabularies": vocabularies, "chosen": name},
        tables,
        tuple(sorted(things)),
        lead=say("How our terms stand to those of other vocabularies, each link with its reason."),
    )


def _vocabulary(each: LinkSet, chosen: str, lang: str) -> Vocabulary:
    told = {key: str(each.metadata.get(key, "")) for key in _METADATA}
    title, home, version, licence = told.values()
    words = Words(title, "" if lang == "en" else "en")
    return Vocabulary(
        each.name, words, home, version, licence, len(each.links), each.name == chosen
    )


def links_table(store: Store, links: Sequence[Link], lang: str) -> Result:
    """Give links as rows whose ends lead to the terms.

    Args:
        store: where the names of our terms are.
        links: of one term, or of many.
        lang: language of those names.
    """
    names = {link.subject: link.label for link in links}
    if lang != "en":
        names |= labels(store, names, lang)
    columns = ["term", "termLabel", "relation", "target", "targetLabel", "vocabulary"]
    return table(
        [*columns, "confidence", "why"],
        [
            (
                ox.NamedNode(link.subject),
                names[link.subject],
                ("not " if link.negated else "") + compact(link.predicate).rpartition(":")[2],
                ox.NamedNode(link.target) if link.target != NO_TERM else None,
                link.target_label or "(no term found)",
                link.vocabulary,
                link.confidence,
                text(link.comment, "en"),
            )
            for link in links
        ],
    )
