"""The W3C's tests of the SPARQL 1.1 Protocol and of the Graph Store Protocol.

A read-only endpoint refuses those that write, and says so; one that is writable passes all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pyoxigraph as ox
import pytest
import rdflib
import urllib3
from rdflib.collection import Collection
from rdflib.compare import isomorphic

from ..tools import require_data
from .conftest import BEARER, Site, serving

HT = rdflib.Namespace("http://www.w3.org/2011/http#")
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
FORMATS = {
    "boolean": "application/sparql-results+json",
    "tabular": "application/sparql-results+json",
    "RDF": "text/turtle",
}


class Request(NamedTuple):
    """A request of a test, and what is to come of it."""

    method: str
    path: str
    body: bytes | None
    headers: dict[str, str]
    statuses: tuple[str, ...]
    truth: bool | None
    form: str | None
    updates: bool


def requests_in(graph: rdflib.Graph, test: rdflib.term.Node) -> list[Request]:
    found = []
    action = graph.value(test, MF.action)
    for each in Collection(graph, graph.value(action, HT.requests)):
        at = graph.value(each, HT.headers)
        headers = {
            str(graph.value(one, HT.fieldName)).lower(): str(graph.value(one, HT.fieldValue))
            for one in (Collection(graph, at) if at else ())
        }
        content = graph.value(each, HT.body)
        body = None
        if content is not None:
            encoding = str(graph.value(content, CNT.characterEncoding) or "utf-8")
            body = str(graph.value(content, CNT.chars)).encode(encoding)
        path = str(graph.value(each, HT.absolutePath)).replace("/sparql/", "/sparql", 1)
        response = graph.value(each, HT.resp)
        truth = graph.value(response, MF.expectedBoolean)
        form = graph.value(response, MF.expectedFormat)
        kind = headers.get("content-type", "")
        found.append(
            Request(
                str(graph.value(each, HT.methodName)),
                path,
                body,
                headers,
                tuple(str(one)[-3:] for one in graph.objects(response, MF.expectedStatus)),
                None if truth is None else bool(truth),
                None if form is None else str(form),
                "sparql-update" in kind
                or (body or b"").startswith(b"update=")
                or "update=" in path,
            )
        )
    return found


def manifest() -> Path:
    return require_data("w3c-sparql11/protocol/manifest.ttl")


@pytest.fixture(scope="module")
def graph() -> rdflib.Graph:
    return rdflib.Graph().parse(manifest())


@pytest.fixture(scope="module")
def w3c(graph: rdflib.Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data = ox.Store()
    for node in set(graph.objects(None, UT.graphData)):
        name = ox.NamedNode(str(graph.value(node, rdflib.RDFS.label)))
        path = manifest().parent / str(graph.value(node, UT.graph)).rpartition("/")[2]
        data.load(path=path, format=ox.RdfFormat.N_TRIPLES, to_graph=name)
    file = tmp_path_factory.mktemp("w3c") / "data.nq"
    data.dump(file, ox.RdfFormat.N_QUADS)
    with serving("--data", str(file)) as running:
        yield running


def wrong_answers(
    site: Site, requests: list[Request], more: dict[str, str]
) -> Iterator[tuple[str, tuple[str, ...], bytes]]:
    for one in requests:
        accept = {"accept": FORMATS[one.form]} if one.form else {}
        reply = site.ask(one.path, one.method, one.body, accept | one.headers | more)
        status = str(reply.status)
        good = any(
            status == each or (each.endswith("xx") and status[0] == each[0])
            for each in one.statuses
        )
        if good and one.truth is not None:
            good = json.loads(reply.data)["boolean"] is one.truth
        if good and one.form is not None and status[0] == "2":
            good = FORMATS[one.form] in reply.headers["Content-Type"]
        if not good:
            yield status, one.statuses, reply.data[:200]


def test_every_test_of_the_suite_is_passed_or_refused_for_writing(
    graph: rdflib.Graph, w3c: Site
) -> None:
    tests = list(Collection(graph, next(graph.objects(None, MF.entries))))
    assert len(tests) == 34
    failed, wrote = [], []
    for test in tests:
        name = str(test).rpartition("#")[2]
        requests = requests_in(graph, test)
        if any(one.updates for one in requests) and not name.startswith("bad_"):
            wrote.append(name)
            requests = [
                one._replace(statuses=("403",), truth=None, form=None)
                for one in requests
                if one.updates
            ]
        failed += [(name, *wrong) for wrong in wrong_answers(w3c, requests, {})]
    assert not failed
    assert len(wrote) == 7


@pytest.mark.slow
def test_every_test_of_the_suite_is_passed_where_it_may_write(
    graph: rdflib.Graph, writable: Site
) -> None:
    tests = list(Collection(graph, next(graph.objects(None, MF.entries))))
    failed = []
    for test in tests:
        emptied(writable)
        for node in graph.objects(test, UT.graphData):
            name = str(graph.value(node, rdflib.RDFS.label))
            path = manifest().parent / str(graph.value(node, UT.graph)).rpartition("/")[2]
            kind = {"Content-Type": "application/n-triples"}
            reply = writable.ask(
                f"/graphs?graph={quote(name)}", "PUT", path.read_bytes(), kind | BEARER
            )
            assert reply.status == 201
        requests = requests_in(graph, test)
        failed += [(str(test), *wrong) for wrong in wrong_answers(writable, requests, BEARER)]
    assert len(tests) == 34 and not failed


def emptied(site: Site) -> None:
    """Empty a store of all that is not the toolkit's."""
    kind = {"Content-Type": "application/sparql-update"}
    assert site.ask("/sparql", "POST", b"DROP ALL", kind | BEARER).status == 204


@pytest.mark.slow
@pytest.mark.parametrize(("way", "count"), [("direct", 4), ("indirect", 9)])
def test_every_test_of_the_graph_store_protocol_is_passed(
    way: str, count: int, writable: Site
) -> None:
    path = require_data(f"w3c-sparql11/graph-store-protocol/manifest-{way}.ttl")
    graph = rdflib.Graph().parse(path)
    tests = list(Collection(graph, next(graph.objects(None, MF.entries))))
    assert len(tests) == count
    failed = []
    for test in tests:
        emptied(writable)
        place = ""
        action = graph.value(test, MF.action)
        for number, each in enumerate(Collection(graph, graph.value(action, HT.requests))):
            reply, wrong = sent(graph, each, writable, place)
            place = reply.headers.get("Location", place)
            failed += [(str(test), number, one) for one in wrong]
    assert not failed


def sent(
    graph: rdflib.Graph, request: rdflib.term.Node, site: Site, place: str
) -> tuple[urllib3.BaseHTTPResponse, list[object]]:
    """Send a request of the Graph Store Protocol; give the answer, and what is wrong with it."""

    def here(text: str) -> str:
        for old, new in (("http://www.example/gsp", f"{site.url}/graphs"), ("/gsp", "/graphs")):
            text = text.replace(old, new).replace(quote(old, safe=""), quote(new, safe=""))
        return text.replace("$LOCATION$", place)

    def headers(of: rdflib.term.Node | None) -> dict[str, str]:
        at = graph.value(of, HT.headers)
        return {
            str(graph.value(one, HT.fieldName)): str(graph.value(one, HT.fieldValue))
            for one in (Collection(graph, at) if at else ())
        }

    content, response = graph.value(request, HT.body), graph.value(request, HT.resp)
    body = here(str(graph.value(content, CNT.chars))).encode() if content else None
    path = str(graph.value(request, HT.absolutePath))
    path = here(path).removeprefix(site.url)
    method = str(graph.value(request, HT.methodName))
    reply = site.ask(path, method, body, headers(request) | BEARER)
    known = {"Created": 201, "OK": 200, "NoContent": 204, "NotFound": 404}
    statuses = {
        known[str(one).rpartition("#")[2]] for one in graph.objects(response, MF.expectedStatus)
    }
    wrong: list[object] = [] if reply.status in statuses else [(reply.status, statuses, reply.data)]
    if graph.value(response, MF.expectedLocation) and "Location" not in reply.headers:
        wrong.append("no place is told")
    expected = graph.value(response, HT.body)
    if expected and reply.status == 200:
        text = here(str(graph.value(expected, CNT.chars)))
        base = str(site.url)
        one, other = (
            rdflib.Graph().parse(data=data, format="turtle", publicID=base)
            for data in (text, reply.data)
        )
        if not isomorphic(one, other):
            wrong.append((text, reply.data))
        wrong += [
            (name, reply.headers.get(name))
            for name, value in headers(response).items()
            if reply.headers.get(name, "").replace(" ", "") != value.replace(" ", "")
        ]
    return reply, wrong
