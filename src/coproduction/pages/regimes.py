"""The regimes of public administration side by side, as the source has them.

A regime that only later literature names stands apart, with its publication.
"""

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
        {"regimes": _table(regimes, heads), "claims": _claims(store, say)},
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
        label, year = str(row["publicationLabel"]), str(row["year"])
        told = label if year in label else f"{label} ({year})"
        said = [Words(told, "", row["publication"])]
        if row["pageKind"]:
            read = say("read: {page}", page=row["pageKindLabel"])
            said.append(Words(read, "", row["pageKind"]))
        before = found.get(row["regime"])
        name = Words(row["regimeLabel"], "", row["regime"])
        place = (*(before.place if before else ()), *said)
        found[row["regime"]] = Regime(name, place, True, defaultdict(list))
    return found


def _filled(
    store: Store, say: Speaker, regimes: dict[str, Regime], heads: list[str]
) -> list[tuple[Words, str]]:
    """Fill the columns; give the claims on regimes as such, each with its place."""
    what, role, base, claims = heads
    for iri, regime in regimes.items():
        if (said := best_text(store, iri, SKOS + "definition", say.lang)).text:
            regime.cells[what].append(said)
    # A regime of which neither the source nor a dated publication tells has no column.
    for row in _asked(store, "citizen-roles", say, "queries/questions"):
        # A word that says that there is none is its own label.
        if row["regime"] in regimes and row["role"] != row["roleLabel"]:
            regimes[row["regime"]].cells[role].append(Words(row["roleLabel"], "", row["role"]))
    bases = [row for row in _asked(store, "regime-bases", say) if row["regime"] in regimes]
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
            place = say("section {section}, line {line}", section=row["section"], line=row["line"])
            of_all.append((words, place))
    return of_all


def _asked(store: Store, name: str, say: Speaker, folder: str = "queries/views") -> list[Row]:
    return rows(store, name, say.lang, folder)


def _table(regimes: dict[str, Regime], heads: list[str]) -> Result:
    return table(
        ["regime", "regimeLabel", "definition", "role", "base", "claims", "place"],
        [
            (
                ox.NamedNode(iri),
                regime.name.text,
                *(
                    "; ".join(each.text for each in regime.cells.get(head, ())) or None
                    for head in heads
                ),
                "; ".join(each.text for each in regime.place),
            )
            for iri, regime in regimes.items()
        ],
    )


def _claims(store: Store, say: Speaker) -> Result:
    """Give the claims on a regime, or on the class of regimes, with their places."""
    return table(
        ["subject", "claim", "claimId", "claimLabel", "section", "line"],
        [
            (
                ox.NamedNode(row["subject"]),
                ox.NamedNode(row["claim"]),
                row["claimId"],
                row["claimLabel"],
                row["section"],
                row["line"],
            )
            for row in _asked(store, "regime-claims", say)
        ],
    )
