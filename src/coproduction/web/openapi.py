"""What the server answers, described for programs: OpenAPI 3.1, made of the pages that there are.

Source: OpenAPI Specification 3.1.1 (OpenAPI Initiative, October 2024).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from ..evidence.claims import CEILINGS
from ..names import LANGUAGES
from ..pages.address import FORMS
from ..pages.concepts import OPEN, WAYS
from ..pages.site import ROOMS
from ..tables.csv_writing import STYLES
from ..version import __version__
from .asked import FORM, QUERY, UPDATE
from .media_types import OF_GRAPHS, OF_ROWS
from .reconciliation import DRAFT
from .reconciliation import PATH as RECONCILE
from .writing import ENDINGS

PATH: Final = "/openapi.json"
Described = dict[str, Any]
_TEXT: Final[Described] = {"type": "string"}
_IRI: Final[Described] = {"type": "string", "format": "iri"}
_PLAIN: Final = "text/plain"
_MULTIPART: Final = "multipart/form-data"
_TOLD_IN: Final = (_PLAIN, "text/html", "text/markdown")
"""The forms in which it is said that there is no page."""
_TEMPLATES: Final = ("/template.xlsx", "/template.csv")
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KINDS: Final = {form: kind.partition(";")[0] for form, kind in FORMS.items()}
_SEARCHED: Final = {"q": "what is searched for"}
_JUDGED: Final = {
    "rubric": "by which the level of a case is judged: R0, R1 or R2",
    "ceiling": "which level counts as above the ceiling",
}
_CODED: Final = {
    "service": "a service, such as BasicEducation; with ! before it all but that, - where none is",
    "sector": "a sector of the provider, such as ThirdSector",
    "country": "two letters of a country",
    "level": "a level of participation, such as HighParticipation",
    "intensity": "of the relation, such as IntensiveOrEnduring",
}
OF_PAGES: Final[dict[str, dict[str, str]]] = {
    "/concepts": _SEARCHED
    | {
        "by": "source or kind: how the tree is grown",
        "at": "the term at which the tree is open",
        "open": "all or none of the tree",
    },
    "/diagram": {name: _CODED[name] for name in ("sector", "country", "level", "intensity")}
    | {
        "rubric": _JUDGED["rubric"],
        "year": "in which the cases are looked at",
        "from": "the number of the first case of the list",
    },
    "/cases": _CODED
    | {
        "rubric": _JUDGED["rubric"],
        "decision_rights": "of the users",
        "start_year": "a year",
        "from": "the number of the first case of the list",
    },
    "/case": {"iri": "the IRI of the case"},
    "/case/{name}": {"turned": "1 where values are turned, each by its column", "sector": "turned"},
    "/claims": _JUDGED,
    "/claim/{name}": _JUDGED,
    "/questions": _SEARCHED | {"tag": "of the questions"},
    "/question/{name}": {"claim": "what the question can be given stands by its name, as this"},
    "/query": {"query": "a query of SPARQL 1.1"},
    "/names": {"kind": "of the names that are shown"},
    "/network": {"section": "of the source", "term": "at which it is looked"},
    "/links": {"vocabulary": "to which links lead"},
    "/about": {"of": "the path of a page that is cited, with its state"},
    "/search": _SEARCHED | {"all": "the kind of things of which all are shown"},
    "/resource": {"iri": "the IRI of the thing"},
}
"""What the address of each page may have behind the question mark, beside the language."""
_VALUES: Final[dict[str, list[str]]] = {
    "service": ["BasicEducation", "!BasicEducation", "-"],
    "sector": ["ThirdSector", "PublicSector", "!ThirdSector"],
    "country": ["SE", "DK"],
    "level": ["HighParticipation", "LowParticipation"],
    "intensity": ["IntensiveOrEnduring"],
    "rubric": ["R0", "R1", "R2"],
    "ceiling": list(CEILINGS),
    "by": list(WAYS),
    "at": ["Complementary"],
    "open": list(OPEN),
    "q": ["school", "ceiling"],
    "year": ["1989"],
    "start_year": ["1989"],
    "from": ["2"],
    "turned": ["1"],
    "claim": ["C51"],
    "kind": ["classes", "properties"],
    "tag": ["diagram-1"],
    "section": ["diagram-1"],
    "term": ["Complementary"],
    "of": ["/term/Complementary"],
    "all": ["term"],
    "iri": ["https://w3id.org/coproduction/id/case/hvidovre-school-boards"],
    "id": ["https://w3id.org/coproduction#Complementary"],
    "prefix": ["school"],
    "query": ["SELECT ?s { ?s a cop:Claim }", "ASK {}", "DESCRIBE cop:Complementary"],
    "queries": ['{"q0": {"query": "school"}}'],
    "graph": ["https://w3id.org/coproduction/graph/concepts"],
}
"""Values that parameters can have, among others."""
_SHOWN: Final = {
    "/case/{name}": {"name": "hvidovre-school-boards"},
    "/claim/{name}": {"name": "C51"},
    "/question/{name}": {"name": "glass-ceiling"},
    "/term/{name}": {"name": "Complementary"},
    "/id/{kind}/{name}": {"kind": "ambiguity", "name": "A9"},
}
"""Names that there are, for who tries it."""


def api(url: str, writes: bool) -> Described:
    """Describe what is answered.

    Args:
        url: of the server, without a slash at its end.
        writes: whether graphs are changed.

    Returns:
        a document of OpenAPI 3.1, to be written as JSON.
    """
    own = _got("This description", {"application/json": {"type": "object"}})
    paths: Described = {"/sparql": _sparql(writes), "/graphs": _graphs(writes), PATH: {"get": own}}
    for part in (_reconciliation(), _sheets(), _pages()):
        for path, methods in part.items():
            paths[path] = paths.get(path, {}) | methods
    described: Described = {
        "openapi": "3.1.1",
        "info": {
            "title": "coproduction",
            "version": __version__,
            "summary": "The co-production of public services as a knowledge graph.",
            "license": {"name": "MIT and CC BY 4.0", "identifier": "MIT AND CC-BY-4.0"},
        },
        "servers": [{"url": url}],
        "paths": paths,
    }
    if writes:
        token = {"type": "http", "scheme": "bearer"}
        described["components"] = {"securitySchemes": {"token": token}}
    return described


# -- parts of a description ---------------------------------------------------------------------


def _in_query(names: Mapping[str, str], schema: Described = _TEXT) -> list[Described]:
    """Describe parameters; of those that have values by name some are named."""
    found = []
    for name, words in names.items():
        values = _VALUES.get(name)
        one: Described = {"anyOf": [{"enum": values}, schema]} if values else schema
        found.append({"name": name, "in": "query", "description": words, "schema": one})
    return found


def _content(kinds: Iterable[str] | Mapping[str, Described]) -> Described:
    schemas = kinds if isinstance(kinds, Mapping) else {kind: {} for kind in kinds}
    return {kind: {"schema": schema} if schema else {} for kind, schema in schemas.items()}


def _told(codes: Mapping[str, str], kinds: Iterable[str] = (_PLAIN,)) -> Described:
    content = _content(kinds)
    return {code: {"description": words, "content": content} for code, words in codes.items()}


_WRONG: Final = {
    "400": "it cannot be read, or asks for too much: what is wrong, and where",
    "503": "it took too long and was stopped, or all processes are busy",
}
_NO_FORM: Final = {"406": "it is wanted in no form that there is"}
_LARGE: Final = {"408": "the body took too long", "413": "the body is too large"}
_OTHER_BODY: Final = {"415": "the body has a type or a charset that is not read"}
_MAY_NOT: Final = {"401": "the token is missing, or another one", "403": "this is not written to"}


def _got(
    summary: str,
    kinds: Iterable[str] | Mapping[str, Described],
    parameters: Iterable[Described] = (),
    codes: Mapping[str, str] = MappingProxyType({}),
    told_in: Iterable[str] = (_PLAIN,),
) -> Described:
    """Describe a request that is answered with something."""
    answer = {"200": {"description": "what is asked for", "content": _content(kinds)}}
    found: Described = {
        "summary": summary,
        "responses": answer | _told({**_WRONG, **codes}, told_in),
    }
    given = list(parameters)
    return found | ({"parameters": given} if given else {})


def _with_body(kinds: Mapping[str, Described], needed: bool = True) -> Described:
    return {"requestBody": {"required": needed, "content": _content(kinds)}}


def _form(names: Mapping[str, Described], required: Iterable[str] = ()) -> Described:
    found: Described = {"type": "object", "properties": dict(names)}
    needed = list(required)
    return found | ({"required": needed} if needed else {})


# -- the endpoint -------------------------------------------------------------------------------


def _sparql(writes: bool) -> Described:
    kinds = [*OF_ROWS, *OF_GRAPHS]
    graphs = {
        name: {"type": "array", "items": _IRI} for name in ("default-graph-uri", "named-graph-uri")
    }
    named = [
        each | {"schema": schema}
        for name, schema in graphs.items()
        for each in _in_query({name: "a graph that is asked, by its IRI"})
    ]
    text = {"query": "a query of SPARQL 1.1; without any, the service is described"}
    asking = {FORM: _form({"query": _TEXT} | graphs, ["query"]), QUERY: _TEXT}
    codes = _NO_FORM | {
        "502": "a host that SERVICE names gave no answer that can be used",
        "504": "a host that SERVICE names did not answer in time",
    }
    posted = _got("Ask by a query in the body", kinds, (), codes | _LARGE | _OTHER_BODY | _MAY_NOT)
    if writes:
        asking = {**asking, UPDATE: _TEXT}
        posted["summary"] = "Ask by a query in the body, or change graphs by an update"
        posted["security"] = [{}, {"token": []}]
        posted["responses"]["204"] = {"description": "the update is done"}
        posted["responses"] |= _told(_REFUSED)
    return {
        "get": _got("Ask by a query in the address", kinds, _in_query(text) + named, codes),
        "post": posted | _with_body(asking),
    }


_REFUSED: Final = {"422": "cases would break the shapes"}


def _graphs(writes: bool) -> Described:
    which = [
        *_in_query({"graph": "the IRI of a graph"}, _IRI),
        *_in_query({"default": "the graph without a name", "union": "all as one"}),
    ]
    lacks = {"404": "there is no such graph"}
    found = {"get": _got("A graph whole", list(OF_GRAPHS), which, _NO_FORM | lacks)}
    for method, words in (("put", "Replace"), ("post", "Add to"), ("delete", "Delete")):
        codes = _WRONG | _LARGE | _OTHER_BODY | _MAY_NOT | lacks | _REFUSED
        responses = _told(codes)
        if writes:
            responses |= {
                "201": {"description": "it is new"},
                "204": {"description": "it is done"},
            }
        one: Described = {
            "summary": f"{words} a graph",
            "parameters": which,
            "responses": responses,
        }
        if writes:
            one["security"] = [{"token": []}]
        if method != "delete":
            one |= _with_body(dict.fromkeys(ENDINGS, _TEXT), needed=False)
        found[method] = one
    return found


# -- matching names -----------------------------------------------------------------------------


def _reconciliation() -> Described:
    json_kind = {"application/json": {"type": "object"}}
    batch = {
        "queries": "a batch of queries, in JSON",
        "extend": "things and the properties that are asked for, in JSON",
    }
    begun = _in_query({"prefix": "what is begun to be typed"})
    begun += _in_query({"cursor": "how many were given before"}, {"type": "integer", "minimum": 0})
    posted = _got("Match names, or give values", json_kind, (), _LARGE | _OTHER_BODY)
    paths: Described = {
        RECONCILE: {
            "get": _got("The manifest, or what a batch asks", json_kind, _in_query(batch)),
            "post": posted | _with_body({FORM: _form(dict.fromkeys(batch, _TEXT))}),
        },
        RECONCILE + DRAFT: {"get": _got("The manifest of version 1.0", json_kind)},
    }
    for root in (RECONCILE, RECONCILE + DRAFT):
        for what in ("entity", "type", "property"):
            paths[f"{root}/suggest/{what}"] = {"get": _got(f"Suggest: {what}", json_kind, begun)}
        of_kind = _in_query({"type": "the IRI of a kind"})
        paths[f"{root}/extend/propose"] = {"get": _got("Properties of a kind", json_kind, of_kind)}
        lacks = {"404": "there is no such thing"}
        shown = _got("A thing in few words", ("text/html",), _in_query({"id": "its IRI"}), lacks)
        paths[f"{root}/preview"] = {"get": shown}
    things: Described = {"type": "array", "items": {"type": "object"}}
    ids: Described = {"type": "array", "items": _TEXT}
    for what, names in (
        ("match", {"queries": things}),
        ("extend", {"ids": ids, "properties": things}),
    ):
        body = {"application/json": _form(names, names)}
        one = _got(f"By version 1.0: {what}", json_kind, (), _LARGE | _OTHER_BODY)
        paths[f"{RECONCILE}{DRAFT}/{what}"] = {"post": one | _with_body(body)}
    return paths


# -- sheets and pages ---------------------------------------------------------------------------


def _lang() -> list[Described]:
    told = {"lang": "of the page; by default what Accept-Language wants best, else English"}
    return _in_query(told, {"type": "string", "enum": list(LANGUAGES)})


def _csv() -> list[Described]:
    told = {"csv": "of CSV: as the W3C has it, or as a spreadsheet takes it"}
    return _in_query(told, {"type": "string", "enum": list(STYLES)})


def _ending() -> Described:
    form = {"type": "string", "enum": list(FORMS)}
    return {"name": "form", "in": "path", "required": True, "schema": form}


def _sheets() -> Described:
    from ..pages.sheet import ENCODINGS

    file = {"type": "string", "format": "binary"}
    encoding = {"type": "string", "enum": ["", *ENCODINGS]}
    form = _form({"file": file, "act": _TEXT, "encoding": encoding}, ["file"])
    codes = _LARGE | _NO_FORM | {"403": "a page of another origin sent it", "404": "no such page"}
    kinds = {*_KINDS.values(), _XLSX, "text/tab-separated-values", _PLAIN}
    found: Described = {}
    for path, more in (("/check", []), ("/check.{form}", [_ending()])):
        words = "Check a sheet of cases; nothing is stored"
        told = _got(words, sorted(kinds), _lang() + more, codes, _TOLD_IN)
        found[path] = {"post": told | _with_body({_MULTIPART: form})}
    kinds_of = {_TEMPLATES[0]: _XLSX, _TEMPLATES[1]: "text/csv"}
    for path, kind in kinds_of.items():
        found[path] = {"get": _got("The empty sheet", (kind,), _lang())}
    return found


def _pages() -> Described:
    found: Described = {"/llms.txt": {"get": _got("A list of the pages", (_PLAIN,))}}
    kinds = sorted(set(_KINDS.values()))
    for room in ROOMS:
        path = room.path.replace("*}", "}")
        parameters = _lang() + _in_query(OF_PAGES.get(path, {}))
        for name in re.findall(r"\{(\w+)\}", path):
            one: Described = {"name": name, "in": "path", "required": True, "schema": _TEXT}
            parameters.append(one | {"example": _SHOWN[path][name]})
        codes = _NO_FORM | {"304": "it is known", "404": "there is none", "502": "no server behind"}
        words = f"The page {room.name}" if room.name else f"The page of one {room.module}"
        by_header = _got(f"{words}, in the form of Accept", kinds, parameters, codes, _TOLD_IN)
        by_ending = [*parameters, *_csv(), _ending()]
        in_a_form = _got(f"{words}, in a form", kinds, by_ending, codes, _TOLD_IN)
        found.setdefault(path, {})["get"] = by_header
        found[("/index" if path == "/" else path) + ".{form}"] = {"get": in_a_form}
    return found
