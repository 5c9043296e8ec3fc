"""The claims held against what is in scope, as the pages on claims and cases have them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlencode

from ..evidence.claims import CEILINGS
from ..evidence.ledger import Evidence
from ..messages import Speaker
from ..names import SKOS
from ..pictures.views import rows
from .address import Address, place_of
from .keeping import kept
from .page import Words
from .term import best_text

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph
    from ..store.protocol import Store
    from ..validation.spoilt import Spoilt

FIRST: Final = ("R0", "diagram")
"""The rubric and the ceiling where the address names none."""


class Option(NamedTuple):
    """A value that a control of a form can have.

    Attributes:
        value: as it stands in the address.
        name: what it is called.
        is_taken: whether it is the one that is.
    """

    value: str
    name: str
    is_taken: bool


class Control(NamedTuple):
    """A choice of a form.

    Attributes:
        name: as it stands in the address.
        label: what it is called.
        options: its values; none of one that is written freely.
        value: what is written.
        hint: what it takes, in few words.
        wrong: what is wrong with what it has, or an empty text.
        near: links to what may be meant.
        known: values that are proposed where one is written freely.
    """

    name: str
    label: str
    options: tuple[Option, ...] = ()
    value: str = ""
    hint: str = ""
    wrong: str = ""
    near: tuple[Words, ...] = ()
    known: tuple[str, ...] = ()


class Rule(NamedTuple):
    """A rubric: its name, and the rule by which it gives a level, as its definition has it."""

    name: Words
    told: Words


def spoilt_of(graph: AskedGraph) -> Spoilt:
    """Give what breaks the shapes; it is looked for once for each state of the store."""
    return kept(graph.store, "spoilt", lambda: graph.spoilt)


def asked_of(address: Address) -> tuple[str, str]:
    """Read the rubric and the ceiling that are asked for."""
    return address.get("rubric").upper() or FIRST[0], address.get("ceiling").lower() or FIRST[1]


def ledger_of(graph: AskedGraph, address: Address) -> Evidence:
    """Give what judges the claims.

    Raises:
        UnknownName: there is no such rubric or ceiling.
        QueryFailed: the store cannot tell the claims.
    """
    rubric, ceiling = asked_of(address)
    spoilt = spoilt_of(graph).by_case
    return Evidence(graph.store, rubric=rubric, ceiling=ceiling, spoilt=spoilt, lang=address.lang)


def controls_of(
    store: Store, address: Address, say: Speaker, names: Iterable[str] = ("rubric", "ceiling")
) -> list[Control]:
    """Give the choice of the rubric and of the ceiling.

    Args:
        store: what is in scope.
        address: what is asked.
        say: the language.
        names: which of the two.
    """
    rubric, ceiling = asked_of(address)
    rubrics = {
        str(row["name"]): str(row["rubricLabel"])
        if str(row["name"]) in str(row["rubricLabel"])
        else say("{name}: {told}", name=row["name"], told=row["rubricLabel"])
        for row in rows(store, "rubrics", say.lang)
    }
    ceilings = {
        "diagram": say("of the diagram, between medium and high"),
        "text": say("of the text, between low and medium"),
    }
    assert ceilings.keys() == CEILINGS.keys()
    known = {
        "rubric": Control("rubric", say("rubric"), options(rubrics, rubric, FIRST[0])),
        "ceiling": Control("ceiling", say("glass ceiling"), options(ceilings, ceiling, FIRST[1])),
    }
    return [known[name] for name in names]


def rules_of(store: Store, say: Speaker) -> tuple[Rule, ...]:
    """Give what each rubric in scope reads, for whoever has to choose one."""

    def made() -> tuple[Rule, ...]:
        found = []
        for row in rows(store, "rubrics", say.lang):
            iri = str(row["rubric"])
            told = translated(best_text(store, iri, SKOS + "definition", say.lang), say)
            found += [Rule(Words(str(row["name"]), "", iri), told)] if told.text else []
        return tuple(found)

    return kept(store, ("rules", say.lang), made)


def translated(told: Words, say: Speaker) -> Words:
    """Give a text of the ontology in the language of the page, where the catalogues have it."""
    text = say(told.text) if told.lang == "en" else told.text
    return told if text == told.text else Words(text)


def options(names: dict[str, str], taken: str, first: str = "") -> tuple[Option, ...]:
    """Give values with their names; what stands for none is left out of the address.

    Args:
        names: of each value.
        taken: the one that is.
        first: the one that is where the address says nothing.
    """
    return tuple(
        Option("" if value == first else value, name, value == taken)
        for value, name in names.items()
    )


def words_of(iri: str, label: str, lang: str = "") -> Words:
    """Give a row of a claim, most of which are cases, by its label."""
    return Words(label, lang, iri if place_of(iri) else f"/case?{urlencode({'iri': iri})}")
