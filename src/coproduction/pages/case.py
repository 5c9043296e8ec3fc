"""One case: its values with their sources, what follows of it, and its values turned."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from ..errors import UnknownName
from ..explanation.counterfactuals import PROVIDER, RIGHTS
from ..explanation.explain import called, effects, in_words
from ..explanation.recorded_values import Fact, facts_of, in_language, of_providers
from ..explanation.targets import BREACHING
from ..knowledge.case_record import case_record
from ..knowledge.levels import rubrics_of
from ..knowledge.terms import labels_of
from ..knowledge.views import rows_of_view
from ..messages import Sentence, Speaker, speaker
from ..names import BASE, COP, DCTERMS, RDF, RDFS, SKOS
from ..results.result import Result
from ..store.labels import labels
from . import term
from .address import Address
from .entries import things_like
from .judged import asked_of, controls_of, rules_of, spoilt_of
from .page import NoPage, Page, Words
from .tables import table, text
from .turning import TURNED, Given, Held, Told, given_by, held, told_of, turnable

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph
    from ..store.protocol import Store

_TYPE: Final = ox.NamedNode(RDF + "type")
_CASE: Final = ox.NamedNode(COP + "Case")
_BEARS: Final = ("support", "counterexamples", "undetermined")
_SIDES: Final = {
    "support": Sentence("for"),
    "counterexamples": Sentence("against"),
    "undetermined": Sentence("undetermined"),
}


class Seen(NamedTuple):
    """A value that is recorded of a case, or is not.

    Attributes:
        name: of the property.
        values: what is recorded.
        status: stated, interpreted or nothing.
        basis: names of what it follows from.
        places: where in the sources.
        sources: where it is said.
        decides: names of what would be otherwise without it.
    """

    name: Words
    values: Words
    status: str
    basis: str
    places: str
    sources: tuple[Words, ...]
    decides: str


class OnClaim(NamedTuple):
    """Where a case stands on a claim, and where it would with its values turned."""

    claim: str
    label: str
    side: str
    words: str
    after: str


class Under(NamedTuple):
    """Whether a case breaches the glass ceiling under a rubric, and with its values turned."""

    name: str
    words: str
    after: str
    cell: tuple[Words, Words] | None
    cell_after: tuple[Words, Words] | None


class Step(NamedTuple):
    """A nearest change of values: what is changed, and what would follow by each test."""

    words: str
    outcomes: tuple[tuple[str, str], ...]


def page(graph: AskedGraph, address: Address, name: str = "") -> Page:
    """Give the page on a case.

    Args:
        graph: what is in scope.
        address: its state may have ``rubric``; ``iri``, where the IRI of the case is not ours; and
            values that are turned, by the names of columns (``sector=PublicSector``), with
            ``turned=1``.
        name: what the IRI of the case ends in.

    Raises:
        NoPage: there is no such case.
        UnknownName: there is no such rubric, or a column has no such value.
    """
    say = speaker(address.lang)
    store, iri = graph.store, BASE + name if name else address.get("iri")
    try:
        node = ox.NamedNode(iri)
    except ValueError:
        raise NoPage(Sentence("there is no case {name}", name=iri)) from None
    if not store.holds(node, _TYPE, _CASE):
        if iri and not name:
            return term.page(graph, address)
        raise _no_case(store, name, iri, say.lang)
    rubric, _ = asked_of(address)
    if rubric not in (names := rubrics_of(store)):
        raise UnknownName("rubric", rubric, names, f"(one of {', '.join(names)})")
    case = held(store, iri, say)
    given = given_by(address, case.trial, iri, case.fields)
    there = told_of(case.trial, iri, say, given) if given else None
    label = term_label(store, iri, say.lang)
    claims = list(_claims(store, case.told, there, rubric, say))
    told = case.told.explanation.as_dict()
    return Page(
        address,
        label.text,
        "case.html",
        {
            "iri": iri,
            "label": label,
            "summary": next(iter(_texts(store, node, COP + "summary", say.lang)), Words("")),
            "controls": controls_of(store, address, say, ["rubric"]),
            "spoilt": spoilt_of(graph).told(iri, say.lang),
            "claims": claims,
            **_turning(case, iri, given, say),
            **_values(store, iri, case.told, there, say),
        },
        {
            "values": _table(case.told, store, iri, say),
            "claims": _as_rows(claims),
            "levels": _levels(case.told, there),
        },
        (iri,),
        {"explanation": told, **({"turned": there.explanation.as_dict()} if there else {})},
        lead=say("What is recorded of this case, what follows of it, and what would change that."),
    )


def _no_case(store: Store, name: str, iri: str, lang: str) -> NoPage:
    near = things_like(store, name, lang) if name else ()
    lacking = Sentence("there is no case {name}", name=name or iri)
    return NoPage(lacking, near, Words(Sentence("all cases"), "", "/cases"))


def _turning(case: Held, iri: str, given: Given, say: Speaker) -> dict[str, object]:
    """Give what the form needs in which values are turned, and which are."""
    known = list(turnable(case.trial, iri, case.fields, given, say))
    keys = [TURNED, *(field.key for field in case.fields)]
    return {
        "turnable": known,
        "turned": {each.property: each for each in known if each.turned},
        "turned_mark": TURNED,
        "kept": ["lang", "iri", *keys],
        "reset": dict.fromkeys(keys),
        "is_turned": bool(given),
    }


def _as_rows(claims: list[OnClaim]) -> Result:
    rows = [(each.claim, each.label, each.side, each.after) for each in claims]
    return table(["claim", "text", "side", "turned"], rows)


def _values(
    store: Store, iri: str, here: Told, there: Told | None, say: Speaker
) -> dict[str, object]:
    """Give what the page shows of the values of a case, and of what follows of them."""
    seen, missing, sources = _seen(store, iri, here, say)
    why = (there or here).explanation
    return {
        "under": list(_under(here, there, _labels(store, here, there, say), say)),
        "seen": seen,
        "missing": missing,
        "sources": sources,
        "steps": [
            Step(
                in_words(change, say),
                tuple((called(test, say), told) for test, told in effects(why, change)),
            )
            for change in why.changes
        ],
        "rubrics": rules_of(store, say),
        "rules": _rules(store, why.rules, say),
        "links": in_order(here.explanation.links),
        "doubts": here.explanation.doubts,
    }


def _rules(store: Store, rules: Iterable[tuple[str, str]], say: Speaker) -> list[tuple[str, Words]]:
    """Give what decides, with the language of what stands in another one than that of the page."""
    definition = term.best_text(store, BREACHING, SKOS + "definition", say.lang)
    known = {
        each.text: each for each in (definition, *(rule.told for rule in rules_of(store, say)))
    }
    return [(name, known.get(told, Words(told))) for name, told in rules]


def in_order(links: Iterable[Fact]) -> list[str]:
    """Give what the graphs say of values, in sentences."""
    return [f"{each.subject_label} {each.property_label} {each.value_label}" for each in links]


def term_label(store: Store, iri: str, lang: str) -> Words:
    """Give the label of a thing with its language, where it is another than that of the page."""
    found = labels(store, [iri], lang, in_any=True).get(iri)
    if found is None:
        return Words(iri)
    return Words(found.value, found.language if found.language not in (None, lang) else "")


def _texts(store: Store, node: ox.NamedNode, prop: str, lang: str) -> list[Words]:
    found = [each for each in store.values(node, prop) if isinstance(each, ox.Literal)]
    found.sort(key=lambda each: (each.language != lang, each.language != "en", each.value))
    return [
        Words(each.value, each.language if each.language not in (None, lang) else "")
        for each in found
    ]


# -- its values ------------------------------------------------------------------------------------


def _facts(store: Store, iri: str, here: Told, say: Speaker) -> list[Fact]:
    record = case_record()
    asked = {f.path for f in record.fields if not f.parent} | {*of_providers()}
    asked -= {"", RDFS + "label", COP + "summary", DCTERMS + "source"}
    decisive = {fact.property: fact.decides for fact in here.explanation.facts if fact.decides}
    found = list(in_language(store, facts_of(store, iri, asked, decisive), say))
    places = {field.path: number for number, field in enumerate(record.fields)}
    return sorted(found, key=lambda fact: places.get(fact.property, len(places)))


def _seen(
    store: Store, iri: str, here: Told, say: Speaker
) -> tuple[list[Seen], list[str], list[str]]:
    """Give what is recorded of a case, the names of what is not, and its sources by number."""
    numbers: dict[str, int] = {}
    facts = _facts(store, iri, here, say)
    names = {field.path: field.name(say.lang) for field in case_record().fields}
    seen = []
    for fact in facts:
        if not fact.value and not fact.sources:
            continue
        status = say(fact.status) if fact.status else ""
        by_rights = fact.property == COP + "hasParticipationLevel" and any(
            each.property == RIGHTS and each.value for each in facts
        )
        shown = fact.value_label
        if by_rights and fact.value:
            shown = say("{level} (under R0)", level=shown)
        seen.append(
            Seen(
                Words(fact.property_label, "", fact.property),
                Words(shown, "", fact.value if fact.value.startswith("http") else ""),
                status,
                ", ".join(names.get(prop, prop) for prop in fact.based_on),
                say("; ").join(fact.locators),
                tuple(
                    Words(f"[{numbers.setdefault(source, len(numbers) + 1)}]", "", source)
                    for source in fact.sources
                ),
                ", ".join(called(test, say) for test in fact.decides),
            )
        )
    bare = [fact.property_label for fact in facts if not fact.value and not fact.sources]
    return seen, list(dict.fromkeys(bare)), list(numbers)


def _table(here: Told, store: Store, iri: str, say: Speaker) -> Result:
    return table(
        ["property", "propertyLabel", "value", "valueLabel", "status", "sources", "places"],
        [
            (
                ox.NamedNode(fact.property),
                fact.property_label,
                _term(fact.value),
                text(fact.value_label),
                fact.status,
                " ".join(fact.sources),
                "; ".join(fact.locators),
            )
            for fact in _facts(store, iri, here, say)
            if fact.property != PROVIDER or fact.value
        ],
    )


def _term(value: str) -> ox.NamedNode | ox.Literal | None:
    if not value:
        return None
    return ox.NamedNode(value) if value.startswith("http") else ox.Literal(value)


# -- what follows ----------------------------------------------------------------------------------


def _labels(store: Store, here: Told, there: Told | None, say: Speaker) -> dict[str, str]:
    iris: set[str] = set()
    for told in filter(None, (here, there)):
        iris |= {*told.intensity, *(each for found in told.levels.values() for each in found)}
    return labels_of(store, iris, say.lang)


def _under(here: Told, there: Told | None, names: dict[str, str], say: Speaker) -> Iterable[Under]:
    def cell(told: Told, rubric: str) -> tuple[Words, Words] | None:
        level, intensity = told.levels.get(rubric, ()), told.intensity
        if len(level) != 1 or len(intensity) != 1:
            return None
        return Words(names[level[0]], "", level[0]), Words(names[intensity[0]], "", intensity[0])

    after = {said.test: said.words for said in there.explanation.conclusions} if there else {}
    for said in here.explanation.conclusions:
        rubric = said.test.removeprefix("rubric ")
        yield Under(
            called(said.test, say),
            said.words,
            after.get(said.test, ""),
            cell(here, rubric),
            cell(there, rubric) if there else None,
        )


def _levels(here: Told, there: Told | None) -> Result:
    def one(found: tuple[str, ...]) -> ox.NamedNode | None:
        return ox.NamedNode(found[0]) if len(found) == 1 else None

    rows = [
        (
            rubric,
            one(found),
            one(here.intensity),
            one(there.levels.get(rubric, ())) if there else None,
            one(there.intensity) if there else None,
        )
        for rubric, found in here.levels.items()
    ]
    return table(["rubric", "level", "intensity", "turnedLevel", "turnedIntensity"], rows)


def _claims(
    store: Store, here: Told, there: Told | None, rubric: str, say: Speaker
) -> Iterable[OnClaim]:
    """Give the claims on which a case bears, or would with its values turned."""
    names = {row["id"]: row["label"] for row in rows_of_view(store, "claims")}
    for claim in here.claims:
        side, words = here.on_claim(claim, rubric)
        after, told = there.on_claim(claim, rubric) if there else (side, words)
        if claim in names and (side in _BEARS or after in _BEARS):
            turned = told if (after, told) != (side, words) else ""
            kept = say.again(_SIDES[side]) if side in _SIDES else ""
            yield OnClaim(claim, names[claim], kept, words, turned)
