"""What a request of the Reconciliation Service API asks, in both of its versions.

Source: Reconciliation Service API 0.2 (Final Community Group Report, 10 April 2023) and its draft
of version 1.0 (W3C Entity Reconciliation Community Group).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from ..names import expand
from .asked import RequestError
from .wanted_language import wanted_language

PATH: Final = "/reconcile"
DRAFT: Final = "/draft"
"""Behind the path: the address of version 1.0."""
MOST: Final = 1_000
"""Queries, or things whose properties are asked for, at a time."""
_LIMIT: Final = 3
_MOST_CANDIDATES: Final = 100
_ACTIONS: Final = {
    "/match": "match",
    "/reconcile": "match",
    "/extend": "extend",
    "/extend/propose": "propose",
    "/suggest/entity": "entity",
    "/suggest/type": "type",
    "/suggest/property": "property",
    "/preview": "preview",
}
_POSTED: Final = ("match", "extend")


class Condition(NamedTuple):
    """A value that things are to have.

    Attributes:
        prop: IRI of the property, or what stands for it.
        values: texts, numbers, or IRIs of things.
        is_required: whether what does not have it is left out.
        quantifier: ``any``, ``all`` or ``none`` of the values.
    """

    prop: str
    values: tuple[str | float | bool, ...]
    is_required: bool = False
    quantifier: str = "any"


class Sought(NamedTuple):
    """A query: a name, and what else is known of the thing.

    Attributes:
        key: of the query in its batch.
        names: of the thing, or its IRI.
        kinds: of things that are wanted; None for any.
        limit: candidates, at most.
        conditions: what the thing is to have.
    """

    key: str
    names: tuple[str, ...]
    kinds: tuple[str, ...] | None
    limit: int
    conditions: tuple[Condition, ...]


class Reconciling(NamedTuple):
    """What is wanted of reconciliation.

    Attributes:
        action: ``manifest``, ``match``, ``extend``, ``propose``, ``entity``, ``type``,
            ``property`` or ``preview``.
        url: of the service.
        is_draft: whether it is asked by version 1.0.
        lang: a language of the ontology.
        queries: of ``match``.
        things, props: of ``extend``: IRIs, and properties with the number of values, 0 for all.
        text: what is begun to be typed, the IRI of a thing or of a kind.
        limit, skipped: how many are wanted, and how many were given before.
    """

    action: str
    url: str
    is_draft: bool
    lang: str
    queries: tuple[Sought, ...] = ()
    things: tuple[str, ...] = ()
    props: tuple[tuple[str, int], ...] = ()
    text: str = ""
    limit: int = 20
    skipped: int = 0


def wanted_by(
    root: str, path: str, method: str, parameters: Mapping[str, str], body: bytes, language: str
) -> Reconciling:
    """Read a request.

    Args:
        root: the address of the server.
        path: what stands behind :data:`PATH` in the address.
        method: of the request.
        parameters: of the address, and those of a form.
        body: in JSON, of version 1.0.
        language: the header ``Accept-Language``.

    Raises:
        RequestError: there is no such address, or the request cannot be read.
    """
    is_draft = path == DRAFT or path.startswith(DRAFT + "/")
    rest = (path.removeprefix(DRAFT) if is_draft else path).rstrip("/")
    base = Reconciling(
        "manifest", root + PATH + (DRAFT if is_draft else ""), is_draft, wanted_language(language)
    )
    if not rest:
        if is_draft:
            return base._replace(action=_only(method, "GET", "manifest"))
        for name, action in (("queries", "match"), ("extend", "extend")):
            if name in parameters:
                return _of_json(base._replace(action=action), parameters[name])
        if method == "POST":
            raise RequestError(400, "send the batch as 'queries' or 'extend' of a form")
        return base
    action = _ACTIONS.get(rest, "")
    if not action or (action in _POSTED and not is_draft):
        raise RequestError(404, f"there is nothing at {PATH}{path}; its manifest is at {base.url}")
    _only(method, "POST" if action in _POSTED else "GET", action)
    if action in _POSTED:
        return _of_json(base._replace(action=action), _text(body))
    name = {"preview": "id", "propose": "type"}.get(action, "prefix")
    return base._replace(
        action=action,
        text=parameters.get(name, ""),
        limit=min(_number(parameters, "limit", base.limit), _MOST_CANDIDATES),
        skipped=_number(parameters, "cursor", 0),
    )


def _only(method: str, allowed: str, action: str) -> str:
    if method not in ((allowed, "HEAD") if allowed == "GET" else (allowed,)):
        raise RequestError(405, f"{action} is asked for by {allowed}", {"Allow": allowed})
    return action


def _number(parameters: Mapping[str, str], name: str, otherwise: int) -> int:
    text = parameters.get(name, "")
    if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise RequestError(400, f"{name} is a number, and not {text[:40]!r}")
    return int(text) if text else otherwise


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise RequestError(400, "the body is not in UTF-8: send it so") from None


# -- batches ------------------------------------------------------------------------------------


def _of_json(wanted: Reconciling, text: str) -> Reconciling:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RequestError(400, f"the batch is no JSON: {error}") from None
    if wanted.action == "extend":
        return _extended(wanted, data)
    if wanted.is_draft:
        given = data.get("queries") if isinstance(data, dict) else None
        if not isinstance(given, list):
            raise RequestError(400, "a batch is an object with an array 'queries'")
        pairs = [(str(number), each) for number, each in enumerate(given)]
    else:
        if not isinstance(data, dict):
            raise RequestError(400, "a batch is an object of queries, each by a key")
        pairs = list(data.items())
    _check_size(len(pairs), "queries")
    read = _sought_by_draft if wanted.is_draft else _sought
    return wanted._replace(queries=tuple(read(key, each) for key, each in pairs))


def _check_size(count: int, what: str) -> None:
    if count > MOST:
        raise RequestError(413, f"{count:,} {what} came, and {MOST:,} are answered at a time")


def _extended(wanted: Reconciling, data: Any) -> Reconciling:
    ids = data.get("ids") if isinstance(data, dict) else None
    props = data.get("properties") if isinstance(data, dict) else None
    if not (isinstance(ids, list) and all(isinstance(each, str) for each in ids)):
        raise RequestError(400, "'ids' is an array of texts")
    if not (isinstance(props, list) and all(_is_with_id(each) for each in props)):
        raise RequestError(400, "'properties' is an array of objects, each with an 'id'")
    _check_size(len(ids) * max(1, len(props)), "values")
    found = []
    for each in props:
        settings = each.get("settings")
        limit = settings.get("limit", 0) if isinstance(settings, dict) else 0
        known = isinstance(limit, int | float) and limit > 0
        found.append((each["id"], int(min(limit, MOST)) if known else 0))
    return wanted._replace(things=tuple(ids), props=tuple(found))


def _is_with_id(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("id"), str)


def _iri(text: str) -> str:
    return expand(text) or text


def _sought(key: str, query: Any) -> Sought:
    """Read a query of version 0.2."""
    _check(key, isinstance(query, dict), "it is no object")
    name = query.get("query", "")
    _check(key, isinstance(name, str), "'query' is no text")
    kinds = query.get("type")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    _check(key, kinds is None or _are_texts(kinds), "'type' is neither a text nor an array of them")
    props = query.get("properties", [])
    _check(key, isinstance(props, list), "'properties' is no array")
    conditions = []
    for each in props:
        _check(
            key,
            isinstance(each, dict) and isinstance(each.get("pid"), str) and "v" in each,
            "a property is an object with 'pid' and 'v'",
        )
        conditions.append(Condition(_iri(each["pid"]), _values(key, each["v"])))
    _check(key, bool(name.strip() or conditions), "it has neither 'query' nor 'properties'")
    names = (name,) if name.strip() else ()
    return Sought(key, names, _kinds(kinds), _limit(key, query), tuple(conditions))


def _sought_by_draft(key: str, query: Any) -> Sought:
    """Read a query of version 1.0."""
    _check(key, isinstance(query, dict), "it is no object")
    given = query.get("conditions")
    _check(key, isinstance(given, list) and bool(given), "'conditions' is no array, or has none")
    kind = query.get("type")
    _check(key, kind is None or isinstance(kind, str), "'type' is no text")
    names: list[str] = []
    conditions = []
    for each in given:
        _check(
            key,
            isinstance(each, dict) and "propertyValue" in each,
            "a condition has a 'propertyValue'",
        )
        values, way = _values(key, each["propertyValue"]), each.get("matchType")
        _check(key, way in ("name", "id", "property"), "'matchType' is name, id or property")
        if way != "property":
            names += map(str, values)
            continue
        prop, quantifier = each.get("propertyId"), each.get("matchQuantifier", "any")
        _check(key, isinstance(prop, str), "a condition on a property has a 'propertyId'")
        _check(key, quantifier in ("any", "all", "none"), "'matchQuantifier' is any, all or none")
        is_required = each.get("required", False) is True
        conditions.append(Condition(_iri(prop), values, is_required, quantifier))
    kinds = None if kind is None else [kind]
    return Sought(key, tuple(names), _kinds(kinds), _limit(key, query), tuple(conditions))


def _check(key: str, is_right: bool, words: str) -> None:
    if not is_right:
        raise RequestError(400, f"the query {key[:100]!r} cannot be read: {words}")


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _kinds(given: list[str] | None) -> tuple[str, ...] | None:
    return tuple(map(_iri, given)) if given else None


def _limit(key: str, query: dict[str, Any]) -> int:
    limit = query.get("limit", _LIMIT)
    is_number = isinstance(limit, int | float) and not isinstance(limit, bool) and limit >= 1
    _check(key, is_number, "'limit' is no number above 0")
    return int(min(limit, _MOST_CANDIDATES))


def _values(key: str, given: Any) -> tuple[str | float | bool, ...]:
    values: list[str | float | bool] = []
    for each in given if isinstance(given, list) else [given]:
        value = each["id"] if _is_with_id(each) else each
        _check(
            key, isinstance(value, str | int | float), "a value is a text, a number or has an 'id'"
        )
        values.append(value)
    return tuple(values)
