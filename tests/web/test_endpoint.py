"""The endpoint: what the W3C's suite asks of no server, and what clients and bad requests do."""

from __future__ import annotations

import contextlib
import gzip
import json
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
import rdflib
import urllib3

import coproduction

from ..cases.test_served_loads import sheet
from ..conftest import Run
from .conftest import Site, serving

CASES = "SELECT ?case ?label WHERE { ?case a cop:Case ; rdfs:label ?label } ORDER BY ?case"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NEVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def query(text: str, **more: str) -> str:
    return "/sparql?" + urlencode({"query": text, **more})


def test_rows_are_those_of_here_in_each_form(site: Site) -> None:
    here = coproduction.open(cases=True).query(CASES).terms
    assert len(here) > 10
    for accept, form in {
        "": ox.QueryResultsFormat.JSON,
        "*/*": ox.QueryResultsFormat.JSON,
        "application/json": ox.QueryResultsFormat.JSON,
        "text/tab-separated-values": ox.QueryResultsFormat.TSV,
        "text/csv;q=0.4, application/sparql-results+xml;q=0.5": ox.QueryResultsFormat.XML,
        "application/sparql-results+json;q=0, application/sparql-results+xml": ox.QueryResultsFormat.XML,
    }.items():
        reply = site.ask(query(CASES), headers={"Accept": accept} if accept else {})
        found = ox.parse_query_results(reply.data, form)
        assert isinstance(found, ox.QuerySolutions)
        assert [(row[0], row[1]) for row in found] == here, accept
        assert reply.headers["Vary"].startswith("Accept")
    reply = site.ask(query(CASES), headers={"Accept": "text/csv"})
    assert reply.data.decode().splitlines()[0] == "case,label"
    assert len(reply.data.splitlines()) == len(here) + 1


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", "turtle"),
        ("application/rdf+xml", "xml"),
        ("application/n-triples", "nt"),
        ("application/ld+json", "json-ld"),
        ("text/html, text/turtle;q=0.5", "turtle"),
    ],
)
def test_a_graph_comes_in_each_form(site: Site, accept: str, form: str) -> None:
    text = "CONSTRUCT { ?case a cop:Case } WHERE { ?case a cop:Case }"
    reply = site.ask(query(text), headers={"Accept": accept} if accept else {})
    graph = rdflib.Graph().parse(data=reply.data, format=form)
    assert len(graph) == len(coproduction.open(cases=True).query(CASES).terms)


def test_a_form_that_is_not_at_hand_is_refused(site: Site) -> None:
    reply = site.ask(query(CASES), headers={"Accept": "image/png"})
    assert reply.status == 406 and b"application/sparql-results+json" in reply.data
    reply = site.ask(query(CASES), headers={"Accept": "text"})
    assert reply.status == 400 and b"Accept" in reply.data


def test_a_head_is_the_get_without_its_body(site: Site) -> None:
    got, head = site.ask(query(CASES)), site.ask(query(CASES), "HEAD")
    assert head.status == 200 and head.data == b""
    assert head.headers["Content-Length"] == got.headers["Content-Length"]


def test_an_answer_is_compressed_for_who_reads_it_so(site: Site) -> None:
    with socket.create_connection(tuple(site.url.removeprefix("http://").split(":"))) as plain:  # type: ignore[arg-type]
        plain.sendall(
            f"GET {query(CASES)} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        raw = b"".join(iter(lambda: plain.recv(65536), b""))
    head, _, body = raw.partition(b"\r\n\r\n")
    assert b"content-encoding: gzip" in head.lower()
    assert json.loads(gzip.decompress(body)) == json.loads(site.ask(query(CASES)).data)


@pytest.mark.slow
def test_a_page_elsewhere_reads_nothing_unless_it_is_named(site: Site) -> None:
    asks = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    assert "Access-Control-Allow-Origin" not in site.ask(method="OPTIONS", headers=asks).headers
    reply = site.ask(query("ASK {}"), headers={"Origin": "https://example.org"})
    assert "Access-Control-Allow-Origin" not in reply.headers
    # A name of its own that leads here, as a page elsewhere may have.
    assert site.ask(query("ASK {}"), headers={"Host": "example.org"}).status == 400
    with serving("--allow-origin", "https://example.org") as named:
        reply = named.ask(method="OPTIONS", headers=asks)
        assert reply.status == 200 and "POST" in reply.headers["Access-Control-Allow-Methods"]
        reply = named.ask(query("ASK {}"), headers={"Origin": "https://example.org"})
        assert reply.headers["Access-Control-Allow-Origin"] == "https://example.org"
        reply = named.ask(query("ASK {}"), headers={"Origin": "https://example.com"})
        assert "Access-Control-Allow-Origin" not in reply.headers


def test_a_long_query_comes_in_an_address_and_in_a_body(site: Site) -> None:
    text = f"# {'x' * 60_000}\nASK {{}}"
    assert json.loads(site.ask(query(text)).data)["boolean"] is True
    direct = site.ask(
        method="POST", body=text.encode(), headers={"Content-Type": "application/sparql-query"}
    )
    assert json.loads(direct.data)["boolean"] is True
    reply = site.ask(method="POST", body=b"query=" + b"x" * 3_000_000, headers=FORM)
    assert reply.status == 413 and b"2,000,000" in reply.data


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SELECT * WHERE {\n ?s ?p", "line 2"),
        ("SELECT * { SERVICE <https://example.org/sparql> { ?s ?p ?o } }", "--allow-service"),
        ("DELETE WHERE { ?s ?p ?o }", "line 1"),
    ],
)
def test_a_query_that_cannot_be_run_is_told_with_its_place(
    site: Site, text: str, told: str
) -> None:
    reply = site.ask(query(text))
    assert reply.status == 400 and reply.headers["Content-Type"].startswith("text/plain")
    assert told in reply.data.decode() and "Traceback" not in reply.data.decode()


def test_what_writes_is_refused(site: Site) -> None:
    for path, method, body, kind in (
        ("/sparql", "POST", b"update=CLEAR+ALL", "application/x-www-form-urlencoded"),
        ("/sparql", "POST", b"CLEAR ALL", "application/sparql-update"),
        ("/graphs?default", "PUT", b"", "text/turtle"),
        ("/graphs?graph=urn:x", "DELETE", b"", ""),
    ):
        reply = site.ask(path, method, body, {"Content-Type": kind} if kind else {})
        assert reply.status == 403 and b"read-only" in reply.data, path
    assert site.ask(query(CASES)).status == 200


@pytest.mark.slow
def test_a_query_that_never_ends_is_stopped_and_the_server_lives_on(site: Site) -> None:
    start = time.monotonic()
    reply = site.ask(query(NEVER))
    assert reply.status == 503 and b"longer than 5 seconds" in reply.data
    assert time.monotonic() - start < 30
    assert json.loads(site.ask(query("ASK {}")).data)["boolean"] is True


def test_an_answer_with_too_many_rows_is_refused_in_each_form(site: Site) -> None:
    most = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT "
    for accept in ("text/csv", "application/json", "application/sparql-results+xml"):
        reply = site.ask(query(most + "3001"), headers={"Accept": accept})
        assert reply.status == 400 and b"3,001 rows, and 3,000 are given" in reply.data
        assert site.ask(query(most + "3000"), headers={"Accept": accept}).status == 200


@pytest.mark.parametrize("kind", ["text/csv", "text/tab-separated-values", "application/json"])
def test_rows_are_counted_as_they_are_written(site: Site, kind: str) -> None:
    """A long cell, a sign that ends lines elsewhere, and rows with nothing in them."""
    accept = {"Accept": kind}
    one = 'SELECT ?t { BIND("a\\u2028b\\u0085c" AS ?t) VALUES ?n { 1 2 3 } }'
    assert site.ask(query(one), headers=accept).status == 200
    long = "SELECT (GROUP_CONCAT(STR(?o)) AS ?all) { ?s ?p ?o FILTER(isLiteral(?o)) }"
    reply = site.ask(query(long), headers=accept)
    assert reply.status == 200 and len(reply.data) > 200_000
    empty = "SELECT ?nothing { { SELECT ?s { ?s ?p ?o } LIMIT 3001 } }"
    assert site.ask(query(empty), headers=accept).status == 400
    assert site.ask(query(empty.replace("3001", "3000")), headers=accept).status == 200


def test_xml_is_xml_whatever_a_text_has(site: Site) -> None:
    from xml.etree import ElementTree

    reply = site.ask(
        query('SELECT ("a\\u0001b" AS ?x) {}'), headers={"Accept": "application/sparql-results+xml"}
    )
    assert "".join(ElementTree.fromstring(reply.data).itertext()).strip().startswith("a")


@pytest.mark.slow
def test_a_query_of_great_length_is_answered_or_refused_and_none_is_lost(site: Site) -> None:
    text = "ASK { " + "?a ?b ?c . " * 100_000 + "}"
    reply = site.ask(
        method="POST", body=text.encode(), headers={"Content-Type": "application/sparql-query"}
    )
    assert reply.status in (200, 400, 503)
    assert site.ask(query("ASK {}")).status == 200


@pytest.mark.slow
def test_a_time_limit_under_that_of_opening_leaves_the_server_alive() -> None:
    with serving("--cases", "--timeout", "0.3", "--workers", "1") as site:
        assert site.ask(query(NEVER)).status == 503
        end = time.monotonic() + 60
        while (status := site.ask(query("ASK {}")).status) != 200 and time.monotonic() < end:
            time.sleep(0.2)
        assert status == 200


@pytest.mark.slow
@pytest.mark.skipif(
    sys.platform != "linux", reason="the children of a process stand in /proc there"
)
def test_a_server_is_ended_in_the_midst_of_a_query_and_leaves_no_process() -> None:
    import os
    import signal
    import threading

    with serving("--timeout", "600", "--workers", "1") as site:
        children = Path(f"/proc/{site.process}/task/{site.process}/children")
        workers = children.read_text().split()
        asks = threading.Thread(target=lambda: _asked_in_vain(site), daemon=True)
        asks.start()
        time.sleep(0.5)
        os.kill(site.process, signal.SIGTERM)
        asks.join(30)
        assert not asks.is_alive()
    assert workers and not any(Path(f"/proc/{each}").exists() for each in workers)


@pytest.mark.slow
@pytest.mark.skipif(
    sys.platform != "linux", reason="the children of a process stand in /proc there"
)
def test_why_no_process_answers_any_more_is_told(tmp_path: Path) -> None:
    import os
    import signal

    store = tmp_path / "store"
    coproduction.open(store=store, create=True)
    with serving("--store", str(store), "--workers", "1") as site:
        children = Path(f"/proc/{site.process}/task/{site.process}/children").read_text().split()
        shutil.rmtree(store)
        for each in children:
            os.kill(int(each), signal.SIGKILL)
        assert site.ask(query("ASK {}")).status == 500  # of the process that ended
        reply = site.ask(query("ASK {}"))
        assert reply.status == 503 and str(store) in reply.data.decode()


def _asked_in_vain(site: Site) -> None:
    with contextlib.suppress(urllib3.exceptions.HTTPError):
        site.ask(query(NEVER))


@pytest.mark.slow
def test_a_body_that_never_ends_is_given_up(site: Site) -> None:
    host, _, port = site.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=60) as slow:
        slow.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n"
            b"Content-Type: application/sparql-query\r\n\r\nASK"
        )
        assert slow.recv(1000).startswith(b"HTTP/1.1 408")


def test_a_graph_is_read_whole(site: Site) -> None:
    name = "https://w3id.org/coproduction/graph/cases"
    reply = site.ask(f"/graphs?graph={quote(name)}", headers={"Accept": "application/n-triples"})
    kg = coproduction.open(cases=True)
    assert len(set(reply.data.splitlines())) == kg.store.size(name)
    union = site.ask("/graphs?union", headers={"Accept": "application/n-triples"})
    assert len(union.data.splitlines()) > len(reply.data.splitlines())
    for path, status in (
        ("?graph=urn:none", 404),
        ("", 400),
        ("?graph=urn:a&default", 400),
        ("?union&default", 400),
        ("?graph=x", 400),
    ):
        assert site.ask("/graphs" + path).status == status, path


def test_the_service_describes_itself(site: Site) -> None:
    reply = site.ask()
    graph = rdflib.Graph().parse(data=reply.data, format="turtle")
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    url = rdflib.URIRef(site.url + "/sparql")
    assert set(graph.objects(None, sd.endpoint)) == {url}
    counts = {
        str(graph.value(each, sd.name)): int(
            graph.value(graph.value(each, sd.graph), rdflib.VOID.triples)  # type: ignore[arg-type]
        )
        for each in graph.objects(None, sd.namedGraph)
    }
    assert counts == coproduction.open(cases=True).store.graphs()


def test_the_package_itself_asks_the_endpoint(site: Site) -> None:
    there = coproduction.open(endpoint=site.url + "/sparql")
    here = coproduction.open(cases=True)
    assert there.ask("glass-ceiling").terms == here.ask("glass-ceiling").terms


def test_other_clients_ask_it(site: Site) -> None:
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    graph = rdflib.Graph(SPARQLStore(site.url + "/sparql", returnFormat="json"))
    rows = list(
        graph.query(
            "SELECT ?case WHERE { ?case a cop:Case }",
            initNs={"cop": "https://w3id.org/coproduction#"},
        )
    )
    assert len(rows) == len(coproduction.open(cases=True).query(CASES).terms)


def test_many_ask_at_a_time(site: Site) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def rows(number: int) -> int:
        text = f"SELECT ?s WHERE {{ ?s ?p ?o }} LIMIT {number}"
        return len(json.loads(site.ask(query(text)).data)["results"]["bindings"])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(rows, range(1, 60))) == list(range(1, 60))


@pytest.mark.slow
def test_a_store_that_is_loaded_beside_it_is_asked_as_it_is(tmp_path: Path, run: Run) -> None:
    store = tmp_path / "store"
    coproduction.open(store=store, create=True)
    count = query("SELECT (COUNT(DISTINCT ?case) AS ?n) WHERE { ?case a cop:Case }")
    with serving("--store", str(store)) as site:

        def cases() -> int:
            rows = json.loads(site.ask(count).data)["results"]["bindings"]
            return int(rows[0]["n"]["value"])

        assert cases() == 0
        kg = coproduction.open(store=store)
        kg.load(sheet(tmp_path, "a"))
        assert cases() == 1
        shutil.rmtree(store)  # and a store made anew in its place, with a first state of its own
        coproduction.open(store=store, create=True)
        assert cases() == 0


def test_a_port_in_use_is_told(run: Run) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = run("serve", "--port", str(other.getsockname()[1]))
    assert done.code == 2 and "cannot be listened at" in done.err and "--port 0" in done.err


def test_a_store_that_is_missing_is_told_before_anything_is_served(
    run: Run, tmp_path: Path
) -> None:
    done = run("serve", "--port", "0", "--store", str(tmp_path / "none"))
    assert done.code == 2 and "none" in done.err and "SPARQL endpoint at" not in done.err


def test_without_the_extra_the_command_says_what_to_install() -> None:
    text = (
        "import sys; sys.modules['uvicorn'] = None\n"
        "from coproduction.cli import main\nsys.exit(main(['serve', '--port', '0']))"
    )
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True)
    assert done.returncode == 3 and "'web'" in done.stderr and "Traceback" not in done.stderr
