"""The W3C's tests of the SPARQL 1.1 Protocol, as far as they read.

Those that write are sent too: a read-only endpoint refuses each, and says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.collection import Collection

from ..tools import require_data
from .conftest import Site, serving

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
        for one in requests:
            accept = {"accept": FORMATS[one.form]} if one.form else {}
            reply = w3c.ask(one.path, one.method, one.body, accept | one.headers)
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
                failed.append((name, status, one.statuses, reply.data[:200]))
    assert not failed
    assert len(wrote) == 7
