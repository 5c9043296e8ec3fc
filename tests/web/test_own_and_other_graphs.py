"""Questions over the graphs that are served and those of another endpoint together (SERVICE)."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pyoxigraph as ox
import pytest

from coproduction.store.failures import failure
from coproduction.web.orders import told

from ..sparql_server import SparqlServer
from ..sparql_server import serving as other_serving
from .conftest import Site, serving

COP = "https://w3id.org/coproduction#"


@pytest.fixture(scope="module")
def other() -> Iterator[SparqlServer]:
    """An endpoint that knows how many beds some services have."""
    store = ox.Store()
    for name, beds in (("HealthCare", 40), ("Eldercare", 25), ("Unheard", 1)):
        value = ox.Literal(beds)
        store.add(ox.Quad(ox.NamedNode(COP + name), ox.NamedNode("urn:beds"), value))
    with other_serving(store) as running:
        yield running


@pytest.fixture(scope="module")
def joined(other: SparqlServer) -> Iterator[Site]:
    """A server whose queries may ask that endpoint."""
    with serving("--cases", "--allow-service", urlsplit(other.url).netloc) as running:
        yield running


def joining(url: str, silent: str = "") -> str:
    return (
        f"SELECT ?service ?label ?beds {{ ?service a cop:ServiceType ; rdfs:label ?label . "
        f'FILTER(LANG(?label) = "en") SERVICE {silent} <{url}> {{ ?service <urn:beds> ?beds }} }}'
    )


def query(text: str) -> str:
    return "/sparql?" + urlencode({"query": text})


def test_rows_are_of_both(joined: Site, other: SparqlServer) -> None:
    def rows() -> dict[str, str]:
        reply = joined.ask(query(joining(other.url)))
        assert reply.status == 200, reply.data
        found = json.loads(reply.data)["results"]["bindings"]
        return {each["label"]["value"]: each["beds"]["value"] for each in found}

    assert rows() == {"health care": "40", "eldercare": "25"}
    more = ox.Quad(ox.NamedNode(COP + "Housing"), ox.NamedNode("urn:beds"), ox.Literal(7))
    other.store.add(more)  # what is asked there is asked anew each time
    assert len(rows()) == 3
    other.store.remove(more)


@pytest.mark.parametrize("silent", ["", "SILENT"])
def test_a_host_that_was_not_named_is_not_asked(
    site: Site, joined: Site, other: SparqlServer, silent: str
) -> None:
    before = len(other.asked)
    reply = site.ask(query(joining(other.url, silent)))
    assert reply.status == 400 and b"--allow-service" in reply.data
    host = urlsplit(other.url).netloc
    for url in (
        other.url.replace("127.0.0.1", "localhost"),
        f"http://{host}@example.org/sparql",
        "http://127.0.0.1:9/sparql",
    ):
        reply = joined.ask(query(joining(url, silent)))
        assert reply.status == 400 and b"SERVICE" in reply.data, url
    assert len(other.asked) == before


def test_an_endpoint_that_fails_is_told_and_the_server_lives_on(
    joined: Site, other: SparqlServer
) -> None:
    other.refuses = lambda form: (500, "text/plain", b"out of order")
    try:
        reply = joined.ask(query(joining(other.url)))
    finally:
        other.refuses = lambda form: None
    assert reply.status == 502
    assert reply.data.decode().startswith(f"SERVICE <{other.url}> gave no answer that can be used")
    assert joined.ask(query(joining(other.url))).status == 200


@pytest.mark.parametrize(
    ("error", "status"),
    [("connection refused", 502), ("operation timed out", 504), ("Read timeout", 504)],
)
def test_an_endpoint_that_is_late_is_told_from_one_that_is_down(error: str, status: int) -> None:
    found = failure(OSError(error), ["https://example.org/sparql"])
    sent = told(found)
    assert sent.status == status and b"<https://example.org/sparql>" in sent.body


@pytest.mark.slow
def test_an_endpoint_that_is_down_or_never_answers_is_told_by_its_name(other: SparqlServer) -> None:
    host = urlsplit(other.url).netloc
    hosts = ("--allow-service", host, "--allow-service", "127.0.0.1:9")
    with serving("--timeout", "2", *hosts) as site:
        down = site.ask(query(joining("http://127.0.0.1:9/sparql")))
        assert down.status == 502 and b"<http://127.0.0.1:9/sparql>" in down.data
        over = threading.Event()
        other.refuses = lambda form: over.wait(20) and None
        try:
            late = site.ask(query(joining(other.url)))
        finally:
            over.set()
            other.refuses = lambda form: None
        assert late.status == 504 and f"<{other.url}>" in late.data.decode()
        assert b"2 seconds" in late.data
        assert site.ask(query(joining(other.url))).status == 200
