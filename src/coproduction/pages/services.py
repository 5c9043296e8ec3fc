"""The services: where the source places each, and how many cases there are of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ..knowledge.alignments import NO_TERM, links_of
from ..knowledge.views import rows_of_view
from ..messages import speaker
from ..names import COP, RDF, SKOS, compact
from ..pictures.views import rows
from ..store.labels import labels
from .address import Address
from .keeping import kept
from .page import Page, Words
from .tables import table, text
from .term import best_text

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph


class Placed(NamedTuple):
    """A cell of Diagram 1 that a service stands in; the IRIs are those of the cell's two ends."""

    level: str
    intensity: str
    name: str


class Service(NamedTuple):
    """A service.

    Attributes:
        name, about: the service, and its definition.
        placed: the cells of Diagram 1 that the source has it in.
        cases: how many cases are of it.
        codes: terms of other vocabularies, each with the vocabulary and how they stand.
    """

    name: Words
    about: Words
    placed: tuple[Placed, ...]
    cases: int
    codes: tuple[tuple[str, str, Words], ...]


def page(graph: AskedGraph, address: Address) -> Page:
    """Give the services, those that the source places first.

    Args:
        graph: what is in scope.
        address: where the page stands.
    """
    lang = address.lang
    say = speaker(lang)
    services = services_of(graph, lang)
    return Page(
        address,
        say("Services"),
        "services.html",
        {"services": services, "has_cases": any(each.cases for each in services)},
        {
            "services": table(
                ["service", "serviceLabel", "definition", "placed", "cases"],
                [
                    (
                        ox.NamedNode(each.name.href),
                        text(each.name.text, each.name.lang or lang),
                        text(each.about.text, each.about.lang or lang),
                        "; ".join(cell.name for cell in each.placed) or None,
                        each.cases,
                    )
                    for each in services
                ],
            )
        },
        tuple(each.name.href for each in services),
        lead=say("Where Diagram 1 has each service, how many cases are of it, and its codes."),
    )


def services_of(graph: AskedGraph, lang: str) -> list[Service]:
    """Give the services in the order of their names, those that the source places first."""
    store = graph.store
    kind = ox.NamedNode(RDF + "type"), ox.NamedNode(COP + "ServiceType")
    iris = {
        quad.subject.value
        for quad in store.statements(None, *kind)
        if isinstance(quad.subject, ox.NamedNode)
    }
    placed: dict[str, list[Placed]] = {}
    for row in rows(store, "diagram-cells", lang):
        if row["service"]:
            name = f"{row['levelLabel']}, {row['intensityLabel']}"
            cell = Placed(str(row["level"]), str(row["intensity"]), name)
            placed.setdefault(str(row["service"]), []).append(cell)
    asked = kept(store, "services", lambda: list(rows_of_view(store, "cases-by-service")))
    counts = {row["service"]: int(row["cases"]) for row in asked}
    iris |= placed.keys() | counts.keys()
    known = labels(store, iris, lang, in_any=True)
    found = []
    for iri in iris:
        label = known.get(iri)
        tag = (label.language or "") if label else ""
        codes = (
            (
                link.vocabulary,
                compact(link.predicate).rpartition(":")[2],
                Words(link.target_label or link.code, "", link.target),
            )
            for link in links_of(iri)
            if not link.negated and link.target != NO_TERM
        )
        found.append(
            Service(
                Words(label.value if label else iri, "" if tag == lang else tag, iri),
                best_text(store, iri, SKOS + "definition", lang),
                tuple(placed.get(iri, ())),
                counts.get(iri, 0),
                tuple(sorted(codes, key=lambda each: (each[0], each[2].text))),
            )
        )
    return sorted(found, key=lambda each: (not each.placed, each.name.text.casefold()))
