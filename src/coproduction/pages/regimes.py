"""The regimes of public administration side by side, as the source has them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ..messages import Speaker, speaker
from ..names import SKOS
from ..pictures.views import Row, rows
from ..results.result import Result
from ..store.protocol import Store
from .address import Address
from .page import Page, Words
from .tables import table
from .term import best_text

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph


class Regime(NamedTuple):
    """A column.

    Attributes:
        name: of the regime.
        place: where the source has it, or which publication, with the kind of page that was read.
        is_beyond: whether later literature alone has it.
        cells: what it has in each row, by the heading.
    """

    name: Words
    place: tuple[Words, ...]
    is_beyond: bool
    cells: dict[str, list[Words]]


def page(graph: AskedGraph, address: Address) -> Page:
    """Give the regimes.

    Args:
        graph: what is in scope.
        address: where the page stands.
    """
    say, store = speaker(address.lang), graph.store
    heads = [
        say("what it is, in our words"),
        say("role given to the citizen"),
        say("based on"),
        say("claims of the source"),
    ]
    regimes = _regimes(store, say)
    of_all = _filled(store, say, regimes, heads)
    return Page(
        address,
        say("Regimes"),
        "regimes.html",
        {
            "regimes": list(regimes.values()),
            "heads": heads,
            "last": heads[-1],
            "of_all": of_all,
        },
        {"regimes": _table(regimes, heads)},
        tuple(regimes),
        lead=say("Public administration regimes and what each gives the citizen"),
    )


def _regimes(store: Store, say: Speaker) -> dict[str, Regime]:
    """Give the columns by IRI: those of the source, then those of later literature."""
    found: dict[str, Regime] = {}
    for row in _asked(store, "regimes", say, "queries/questions"):
        here = say("section {section}, line {line}", section=row["section"], line=row["line"])
        found[row["regime"]] = Regime(
            Words(row["regimeLabel"], "", row["regime"]), (Words(here),), False, defaultdict(list)
        )
    for row in _asked(store, "regimes-beyond-source", say, "queries/questions"):
        said = [Words(row["publicationLabel"], "", row["publication"])]
        if row["pageKind"]:
            said.append(Words(row["pageKindLabel"], "", row["pageKind"]))
        before = found.get(row["regime"])
        name = Words(row["regimeLabel"], "", row["regime"])
        place = (*(before.place if before else ()), *said)
        found[row["regime"]] = Regime(name, place, True, defaultdict(list))
    return found


def _filled(
    store: Store, say: Speaker, regimes: dict[str, Regime], heads: list[str]
) -> list[Words]:
    """Fill the columns; give the claims on regimes as such."""
    what, role, base, claims = heads
    for iri, regime in regimes.items():
        regime.cells[what].append(best_text(store, iri, SKOS + "definition", say.lang))
    for row in _asked(store, "citizen-roles", say, "queries/questions"):
        if row["role"] != row["roleLabel"]:  # a word that says that there is none is its own label
            regimes[row["regime"]].cells[role].append(Words(row["roleLabel"], "", row["role"]))
    bases = _asked(store, "regime-bases", say)
    for row in sorted(bases, key=lambda row: (row["baseLabel"], row["vehicleLabel"] or "")):
        cell = regimes[row["regime"]].cells[base]
        cell.append(Words(row["baseLabel"], "", row["base"]))
        if row["vehicle"]:
            through = say("through {vehicle}", vehicle=row["vehicleLabel"])
            cell.append(Words(through, "", row["vehicle"]))
    of_all = []
    for row in _asked(store, "regime-claims", say):
        words = Words(
            f"{row['claimId']} {row['claimLabel']}", "" if say.lang == "en" else "en", row["claim"]
        )
        if row["subject"] in regimes:
            regimes[row["subject"]].cells[claims].append(words)
        else:
            of_all.append(words)
    return of_all


def _asked(store: Store, name: str, say: Speaker, folder: str = "queries/views") -> list[Row]:
    return rows(store, name, say.lang, folder)


def _table(regimes: dict[str, Regime], heads: list[str]) -> Result:
    return table(
        ["regime", "regimeLabel", "definition", "role", "base", "claims"],
        [
            (
                ox.NamedNode(iri),
                regime.name.text,
                *(
                    "; ".join(each.text for each in regime.cells.get(head, ())) or None
                    for head in heads
                ),
            )
            for iri, regime in regimes.items()
        ],
    )
