"""What a process answers by the Reconciliation Service API, in both of its versions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from html import escape
from itertools import islice
from typing import Any, Final, NamedTuple

import pyoxigraph as ox

from ..knowledge.matching import Candidate
from ..knowledge.named_things import KINDS, NamedThings, named_things, names_of, told_of
from ..knowledge.views import rows_of_view
from ..names import COP, DCTERMS, FOAF, ONTOLOGY_IRI, OWL, RDF, RDFS, SKOS, XSD, expand
from ..spelling import fold
from ..store.protocol import Store, Term
from ..version import __version__
from .asked import RequestError
from .reconciliation import MOST, Condition, Reconciling, Sought

_JSON: Final = "application/json"
_WIDTH: Final = 430
_HEIGHT: Final = 200
_SURE: Final = 90.0
"""Score from which a candidate is a match, where it is alone with it."""
_BY_NAME: Final = 0.7
"""Part of a score that the name has, where a query has conditions too."""
_TYPE: Final = ox.NamedNode(RDF + "type")
_OF_TERMS: Final = (
    *(SKOS + name for name in ("definition", "scopeNote")),
    *(COP + name for name in ("isKindOf", "inSection")),
    DCTERMS + "source",
)
_WHOLE: Final = ("integer", "int", "long", "short", "gYear", "nonNegativeInteger")
_BROKEN: Final = ("decimal", "double", "float")
_DATE: Final = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
_POLICY: Final = (("Content-Security-Policy", "default-src 'none'; base-uri 'none'"),)


class Told(NamedTuple):
    """An answer: its media type, its text, and its headers."""

    kind: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


def reconciled(store: Store, wanted: Reconciling) -> Told:
    """Answer a request.

    Raises:
        RequestError: 404, a preview of what there is not.
    """
    if wanted.action == "preview":
        return Told("text/html; charset=utf-8", _preview(store, wanted).encode(), _POLICY)
    answers: dict[str, Callable[[], dict[str, Any]]] = {
        "manifest": lambda: _draft_manifest(wanted) if wanted.is_draft else _manifest(wanted),
        "match": lambda: _matched(store, wanted),
        "extend": lambda: _extended(store, wanted),
        "propose": lambda: _proposed(store, wanted),
        "entity": lambda: {"result": _entities(store, wanted)},
        "type": lambda: {"result": _some(map(_kind, KINDS), wanted)},
        "property": lambda: {"result": _some(_properties(store, wanted.lang), wanted)},
    }
    text = json.dumps(answers[wanted.action](), ensure_ascii=False)
    return Told(_JSON, text.encode("utf-8", "replace"))


# -- the manifest -------------------------------------------------------------------------------


def _kind(iri: str) -> dict[str, Any]:
    return {"id": iri, "name": KINDS[iri]}


def _manifest(wanted: Reconciling) -> dict[str, Any]:
    url = wanted.url
    page = f"{url}/preview?id={{{{id}}}}"
    return {
        "versions": ["0.2"],
        "name": "coproduction",
        "identifierSpace": ONTOLOGY_IRI,
        "schemaSpace": ONTOLOGY_IRI,
        "serviceVersion": __version__,
        "defaultTypes": [_kind(iri) for iri in KINDS],
        "view": {"url": page},
        "preview": {"url": page, "width": _WIDTH, "height": _HEIGHT},
        "suggest": {
            what: {"service_url": url, "service_path": f"/suggest/{what}"}
            for what in ("entity", "type", "property")
        },
        "extend": {
            "propose_properties": {"service_url": url, "service_path": "/extend/propose"},
            "property_settings": [
                {
                    "type": "number",
                    "name": "limit",
                    "label": "values at most (0: all)",
                    "default": 0,
                }
            ],
        },
    }


def _draft_manifest(wanted: Reconciling) -> dict[str, Any]:
    return {
        "versions": ["1.0-draft"],
        "name": "coproduction",
        "lang": "en",
        "serviceVersion": __version__,
        "defaultTypes": [_kind(iri) for iri in KINDS],
        "view": {"url": f"{wanted.url}/preview?id={{id}}"},
        "preview": {"width": _WIDTH, "height": _HEIGHT},
        "suggest": {"entity": True, "type": True, "property": True},
        "extend": {
            "proposeProperties": True,
            "propertySettings": [
                {"type": "number", "id": "limit", "name": "values at most (0: all)", "default": 0}
            ],
        },
        "batchSize": MOST,
        "standardizedScore": True,
    }


# -- candidates ---------------------------------------------------------------------------------


def _matched(store: Store, wanted: Reconciling) -> dict[str, Any]:
    things = named_things(store)
    results = {
        query.key: [_candidate(store, each, wanted) for each in _ranked(store, things, query)]
        for query in wanted.queries
    }
    if wanted.is_draft:
        return {"results": [{"candidates": found} for found in results.values()]}
    return {key: {"result": found} for key, found in results.items()}


class _Ranked(NamedTuple):
    """A candidate with its score, what speaks for it, and whether it is it."""

    iri: str
    score: float
    features: tuple[tuple[str, float | bool], ...]
    is_match: bool = False


def _ranked(store: Store, things: NamedThings, query: Sought) -> list[_Ranked]:
    kinds = [kind for kind in KINDS if query.kinds is None or kind in query.kinds]
    found: dict[str, float] = {}
    for name in query.names:
        iri = expand(name.strip()) or ""
        if set(things.kinds_of(iri)) & set(kinds):
            found[iri] = 100.0
            continue
        # Conditions may part namesakes, so more are looked at than are given.
        most = query.limit * 10 if query.conditions else query.limit + 1
        for one in things.candidates(name, kinds, most):
            found[one.iri] = max(found.get(one.iri, 0.0), _score(one))
    if not query.names:
        found = {
            iri: 100.0
            for condition in query.conditions
            for iri in _with_value(store, condition)
            if set(things.kinds_of(iri)) & set(kinds)
        }
    ranked = []
    for iri, score in found.items():
        held = [(each, _holds(store, iri, each)) for each in query.conditions]
        if any(each.is_required and not is_held for each, is_held in held):
            continue
        features: list[tuple[str, float | bool]] = [("name", score)] if query.names else []
        features += [(each.prop, is_held) for each, is_held in held]
        if held:
            share = sum(is_held for _, is_held in held) / len(held)
            by_name = _BY_NAME if query.names else 0.0
            score *= by_name + (1 - by_name) * share
        ranked.append(_Ranked(iri, round(score, 2), tuple(features)))
    ranked.sort(key=lambda each: (-each.score, each.iri))
    if ranked and ranked[0].score >= _SURE and (len(ranked) == 1 or ranked[1].score < _SURE):
        ranked[0] = ranked[0]._replace(is_match=True)
    return ranked[: query.limit]


def _score(one: Candidate) -> float:
    return 100.0 * one.confidence


def _with_value(store: Store, condition: Condition) -> Iterator[str]:
    """Give the things that have a value of a condition; all values of its property are read."""
    prop = _node(condition.prop)
    if prop is None or condition.quantifier == "none":
        return
    for quad in store.statements(None, prop):
        if isinstance(quad.subject, ox.NamedNode) and any(
            _is(store, quad.object, value) for value in condition.values
        ):
            yield quad.subject.value


def _holds(store: Store, iri: str, condition: Condition) -> bool:
    if _node(condition.prop) is None:
        return False
    terms = store.values(ox.NamedNode(iri), condition.prop)
    held = [any(_is(store, term, value) for term in terms) for value in condition.values]
    if condition.quantifier == "none":
        return not any(held)
    return all(held) if condition.quantifier == "all" else any(held)


def _is(store: Store, term: Term, value: str | float | bool) -> bool:
    """Tell whether a term is what a value says: its IRI, a label of it, its text or its number."""
    if isinstance(value, bool):
        return getattr(term, "value", "") == str(value).lower()
    if isinstance(value, int | float):
        try:
            return isinstance(term, ox.Literal) and float(term.value) == value
        except ValueError:
            return False
    if isinstance(term, ox.NamedNode):
        if term.value == (expand(value) or value):
            return True
        said = store.values(term, RDFS + "label")
        return any(fold(str(getattr(each, "value", ""))) == fold(value) for each in said)
    return fold(str(getattr(term, "value", ""))) == fold(value)


def _node(iri: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None


def _candidate(store: Store, each: _Ranked, wanted: Reconciling) -> dict[str, Any]:
    told = told_of(store, each.iri, wanted.lang)
    features = [
        {"id": name, "value": value} | ({"name": name} if wanted.is_draft else {})
        for name, value in each.features
    ]
    return {
        "id": each.iri,
        "name": names_of(store, [each.iri], wanted.lang)[each.iri],
        **({"description": told} if told else {}),
        "type": [_kind(kind) for kind in named_things(store).kinds_of(each.iri)],
        "score": each.score,
        "match": each.is_match,
        "features": features,
    }


# -- what is begun to be typed ------------------------------------------------------------------


def _entities(store: Store, wanted: Reconciling) -> list[dict[str, Any]]:
    things = named_things(store)
    end = wanted.skipped + wanted.limit
    found = list(islice(things.beginning(wanted.text, KINDS), wanted.skipped, end))
    names = names_of(store, found, wanted.lang)
    return [
        {"id": iri, "name": names[iri]}
        | ({"description": told} if (told := told_of(store, iri, wanted.lang)) else {})
        | {"notable": [_kind(kind) for kind in things.kinds_of(iri)]}
        for iri in found
    ]


def _properties(store: Store, lang: str) -> Iterator[dict[str, Any]]:
    kinds = (ox.NamedNode(OWL + f"{each}Property") for each in ("Object", "Datatype"))
    found = {
        quad.subject.value
        for kind in kinds
        for quad in store.statements(None, _TYPE, kind)
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(COP)
    }
    yield from _named(store, sorted({*found, *_OF_TERMS}), lang)


def _named(store: Store, iris: Iterable[str], lang: str) -> Iterator[dict[str, Any]]:
    names = names_of(store, iris, lang)
    for iri, name in names.items():
        told = told_of(store, iri, lang)
        called = name if name != iri else re.split(r"[/#]", iri)[-1]
        yield {"id": iri, "name": called} | ({"description": told} if told else {})


def _some(found: Iterable[dict[str, Any]], wanted: Reconciling) -> list[dict[str, Any]]:
    """Give those whose name or IRI has the text, the ones first whose name begins with it."""
    text = fold(wanted.text)
    those = [each for each in found if text in fold(each["name"]) or text in fold(each["id"])]
    those.sort(key=lambda each: (not fold(each["name"]).startswith(text), fold(each["name"])))
    return those[wanted.skipped : wanted.skipped + wanted.limit]


# -- values -------------------------------------------------------------------------------------


def _proposed(store: Store, wanted: Reconciling) -> dict[str, Any]:
    kind = expand(wanted.text) or wanted.text
    if kind in (COP + "Case", FOAF + "Organization"):
        top = COP + "ServiceArrangement" if kind == COP + "Case" else kind
        rows = rows_of_view(store, "properties-of-class", top=[ox.NamedNode(top)])
        iris = [row["property"] for row in rows]
    else:
        iris = list(_OF_TERMS)
    told = {"properties": list(_named(store, iris, wanted.lang))[: wanted.limit]}
    return told | ({"type": kind} if kind else {}) | {"limit": wanted.limit}


def _extended(store: Store, wanted: Reconciling) -> dict[str, Any]:
    whole = {prop: expand(prop) or prop for prop, _ in wanted.props}
    known = [iri for iri in whole.values() if _node(iri) is not None]
    names = {each["id"]: each["name"] for each in _named(store, known, wanted.lang)}
    meta = [{"id": prop, "name": names.get(iri, prop)} for prop, iri in whole.items()]
    rows = {
        iri: {
            prop: _values(store, iri, whole[prop], most, wanted.lang) for prop, most in wanted.props
        }
        for iri in wanted.things
    }
    if not wanted.is_draft:
        return {"meta": meta, "rows": rows}
    told = [
        {
            "id": iri,
            "properties": [{"id": prop, "values": values} for prop, values in row.items()],
        }
        for iri, row in rows.items()
    ]
    return {"meta": meta, "rows": told}


def _values(store: Store, iri: str, prop: str, most: int, lang: str) -> list[dict[str, Any]]:
    node, named = _node(expand(iri) or iri), _node(prop)
    terms = store.values(node, prop) if node is not None and named is not None else []
    texts = [each for each in terms if isinstance(each, ox.Literal)]
    own = [each for each in texts if (each.language or lang).lower() == lang]
    said = sorted((each for each in terms if each not in texts or each in own or not own), key=str)
    found = [_value(store, each, lang) for each in said if not isinstance(each, ox.BlankNode)]
    return found[:most] if most else found


def _value(store: Store, term: Term, lang: str) -> dict[str, Any]:
    if isinstance(term, ox.NamedNode):
        return {"id": term.value, "name": names_of(store, [term.value], lang)[term.value]}
    if not isinstance(term, ox.Literal):
        return {"str": str(term)}
    kind = term.datatype.value.removeprefix(XSD)
    try:
        if kind in _WHOLE:
            return {"int": int(term.value)}
        if kind in _BROKEN and abs(number := float(term.value)) < float("inf"):
            return {"float": number}
    except ValueError:
        return {"str": term.value}
    if kind == "dateTime" and _DATE.fullmatch(term.value):
        return {"date": term.value}
    return {"str": term.value}


def _preview(store: Store, wanted: Reconciling) -> str:
    iri = expand(wanted.text) or wanted.text
    kinds = named_things(store).kinds_of(iri)
    if not kinds:
        raise RequestError(404, f"there is nothing called <{wanted.text[:200]}>")
    name = escape(names_of(store, [iri], wanted.lang)[iri])
    told = escape(told_of(store, iri, wanted.lang))
    called = escape(", ".join(KINDS[kind] for kind in kinds))
    return (
        f'<!doctype html>\n<html lang="{wanted.lang}"><head><meta charset="utf-8">'
        f"<title>{name}</title></head>\n<body><h1>{name}</h1>\n<p>{called}: "
        f"<code>{escape(iri)}</code></p>\n<p>{told}</p></body></html>\n"
    )
