"""Facts: what is recorded of an arrangement and what the graphs say of it, each with its source."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import pyoxigraph as ox

from ..knowledge.case_record import case_record
from ..knowledge.terms import labels_of
from ..knowledge.views import rows_of_view
from ..messages import Sentence, Speaker
from ..names import COP, GRAPH, TERMS
from ..store.protocol import Store
from .counterfactuals import GIVES_LEVEL, LEVEL, PROVIDER, RIGHTS, providers_fields

SHOWN: Final = (COP + "hasServiceType", COP + "hasProviderSector")
"""Shown of every arrangement, whether they decide or not."""
_LINKS: Final = (
    Sentence("gives level in enduring relations"), Sentence("gives level in other relations"),
    Sentence("gives level under R0"),
)  # fmt: skip
"""What the graphs say of values, in English alone: labels of properties that no form shows."""
_ORDER: Final = (*SHOWN, RIGHTS, COP + "hasContribution", COP + "hasRelationIntensity", LEVEL)


@dataclass(frozen=True)
class Fact:
    """A recorded value, or what a graph says of one.

    Attributes:
        subject, subject_label: a value that the graphs say something of; the label is empty for
            the arrangement's own facts.
        property, property_label, value, value_label: the statement.
        status: stated or interpreted for a case's values, else the graph that says it.
        sources: IRIs of where it is said; none where the data name none.
        locators: places in them.
        decides: names of the conclusions that would be others without it.
        based_on: IRIs of the properties that the value follows from, such as seats and powers.
    """

    subject: str
    subject_label: str
    property: str
    property_label: str
    value: str
    value_label: str
    status: str
    sources: tuple[str, ...]
    locators: tuple[str, ...] = ()
    decides: tuple[str, ...] = ()
    based_on: tuple[str, ...] = ()


def facts_of(
    store: Store, iri: str, matters: Iterable[str], decisive: Mapping[str, tuple[str, ...]]
) -> Iterator[Fact]:
    """Give what is recorded of an arrangement, and what is not, though it could matter.

    Args:
        store: what is in scope.
        iri: the arrangement.
        matters: IRIs of the properties that can matter, of the arrangement or its provider;
            service and sector are given beside.
        decisive: names of the conclusions that a property decides, by its IRI.
    """
    node = ox.NamedNode(iri)
    own: dict[str, list[dict[str, str]]] = {}
    for row in rows_of_view(store, "codings", row=[node]):
        own.setdefault(row.get("property", ""), []).append(row)
    sources = rows_of_view(store, "sources-of-arrangements", row=[node])
    everything = tuple(dict.fromkeys(row["source"] for row in sources))
    places = tuple(
        f"{row['section']}, line {row['line']}"
        for row in rows_of_view(store, "places-in-source", row=[node])
    )
    read_so = store.statements(node, None, None, ox.NamedNode(GRAPH + "interpretation"))
    readings = {quad.predicate.value for quad in read_so}
    of_provider = of_providers()
    wanted = {*SHOWN, *matters} - of_provider.keys()
    bases = _bases(own, wanted)
    wanted |= set().union(*bases.values())
    found = list(rows_of_view(store, "recorded-values", row=[node], property=_nodes(wanted)))
    beside = of_provider.keys() & set(matters)
    of_them = list(_of_providers(store, node, beside))
    decisive = _by_provider(of_them, decisive)
    found += of_them
    wanted |= beside
    for row in sorted(found, key=_place):
        codings = [
            coding
            for coding in own.get(row["property"], own.get("", []))
            if coding.get("value", row["value"]) == row["value"]
        ]
        statuses = {coding["status"].removeprefix(COP).lower() for coding in codings}
        if row["property"] in readings:
            statuses.add("interpreted")
        said = {coding["source"] for coding in codings if "source" in coding}
        yield Fact(
            subject=iri,
            subject_label="",
            property=row["property"],
            property_label=of_provider.get(row["property"], row["propertyLabel"]),
            value=row["value"],
            value_label=row.get("valueLabel", row["value"]),
            status="interpreted" if "interpreted" in statuses else "stated",
            sources=tuple(sorted(said)) or everything,
            locators=tuple(sorted({c["locator"] for c in codings if "locator" in c})) or places,
            decides=decisive.get(row["property"], ()),
            based_on=tuple(sorted(bases.get(row["property"], ()))),
        )
        wanted.discard(row["property"])
    yield from _unrecorded(store, iri, wanted, own, everything)


def of_providers(lang: str = "en") -> dict[str, str]:
    """Give the properties of providers that a record asks for, each with its column's name."""
    return {path: field.name(lang) for path, field in providers_fields().items()}


def _of_providers(
    store: Store, node: ox.NamedNode, props: Collection[str]
) -> Iterator[dict[str, str]]:
    """Give what is recorded of the providers of an arrangement, as of itself."""
    providers = [each for each in store.values(node, PROVIDER) if isinstance(each, ox.NamedNode)]
    if providers and props:
        for provider in providers:
            given = {"row": [provider], "property": _nodes(props)}
            yield from rows_of_view(store, "recorded-values", **given)


def _by_provider(
    of_them: list[dict[str, str]], decisive: Mapping[str, tuple[str, ...]]
) -> Mapping[str, tuple[str, ...]]:
    """Say that not who the provider is decides, but what is recorded of it, where something is."""
    if not of_them:
        return decisive
    told = dict.fromkeys((row["property"] for row in of_them), decisive.get(PROVIDER, ()))
    return {**decisive, **told, PROVIDER: ()}


def _bases(own: Mapping[str, list[dict[str, str]]], wanted: set[str]) -> dict[str, set[str]]:
    """Give what values follow from, by their properties; of the level the rubrics tell it."""
    return {
        prop: found
        for prop in wanted - {LEVEL}
        if (found := {row["basis"] for row in own.get(prop, []) if "basis" in row})
    }


def _unrecorded(
    store: Store,
    iri: str,
    wanted: Iterable[str],
    own: Mapping[str, list[dict[str, str]]],
    everything: tuple[str, ...],
) -> Iterator[Fact]:
    """Give what is not recorded of an arrangement, or coded as unknown.

    Args:
        store: what is in scope.
        iri: the arrangement.
        wanted: IRIs of properties of which there is no value.
        own: its codings by property.
        everything: the sources of the arrangement.
    """
    for row in rows_of_view(store, "properties-of-arrangements", property=_nodes(wanted)):
        codings = own.get(row["property"], [])
        yield Fact(
            subject=iri,
            subject_label="",
            property=row["property"],
            property_label=row["propertyLabel"],
            value="",
            value_label=Sentence("coded as unknown") if codings else Sentence("not recorded"),
            status="",
            sources=(tuple(sorted({c["source"] for c in codings if "source" in c})) or everything)
            if codings
            else (),
        )


def in_language(store: Store, facts: Iterable[Fact], say: Speaker) -> Iterator[Fact]:
    """Give facts with their labels in a language; a column's name as the form has it."""
    facts = list(facts)
    iris = {iri for fact in facts for iri in (fact.subject, fact.property, fact.value) if iri}
    label_of = labels_of(store, (iri for iri in iris if "://" in iri), say.lang)
    names = of_providers(say.lang)
    names |= {f.path: f.name(say.lang) for f in case_record().fields if not f.parent}
    for fact in facts:
        own = names.get(fact.property) if not fact.subject_label else None
        yield replace(
            fact,
            subject_label=fact.subject_label and label_of[fact.subject],
            property_label=own or say(label_of[fact.property]),
            value_label=label_of.get(fact.value, fact.value_label)
            if fact.value
            else say(fact.value_label),
        )


def _nodes(iris: Iterable[str]) -> list[ox.NamedNode]:
    return list(map(ox.NamedNode, sorted(iris)))


def _place(row: dict[str, str]) -> tuple[int, str, str]:
    prop = row["property"]
    return (_ORDER.index(prop) if prop in _ORDER else len(_ORDER), prop, row["value"])


def links_of(store: Store, facts: Iterable[Fact], mentions: frozenset[str]) -> Iterator[Fact]:
    """Give what the graphs say of recorded values, such as the level that a right gives.

    Args:
        store: what is in scope.
        facts: the recorded values.
        mentions: IRIs of the properties that count.
    """
    if LEVEL in mentions:
        mentions |= {GIVES_LEVEL}
    values = {fact.value for fact in facts if fact.value.startswith(COP)}
    if GIVES_LEVEL in mentions:
        values |= {
            level.value
            for value in list(values)
            for level in store.values(ox.NamedNode(value), GIVES_LEVEL)
            if isinstance(level, ox.NamedNode)
        }
    nodes, named = _nodes(values), _nodes(mentions)
    if not nodes or not named:
        return
    for row in rows_of_view(store, "links-of-values", node=nodes, property=named):
        section = row.get("section")
        graph = row["graph"].removeprefix(GRAPH)
        yield Fact(
            subject=row["subject"],
            subject_label=row["subjectLabel"],
            property=row["property"],
            property_label=row["propertyLabel"],
            value=row["value"],
            value_label=row["valueLabel"],
            status="ontology" if graph in TERMS else graph,
            sources=(row["graph"],),
            locators=(f"{section}, line {row['line']}",) if section else (),
        )
