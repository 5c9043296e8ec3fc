"""A server that is written to: who may, what is refused, and what of it is seen at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
import rdflib

import coproduction
from coproduction.cases.integrity import faults
from coproduction.errors import DataError
from coproduction.files.locks import Lock
from coproduction.web.asked import RequestError
from coproduction.web.tokens import Token, check_writer, read_token

from ..conftest import Run
from .conftest import BEARER, TOKEN, Site, serving

UPDATE = {"Content-Type": "application/sparql-update"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TURTLE = {"Content-Type": "text/turtle"}
COP = "PREFIX cop: <https://w3id.org/coproduction#>\n"


def truth(site: Site, text: str) -> bool:
    reply = site.ask("/sparql?" + urlencode({"query": text}))
    assert reply.status == 200, reply.data
    return bool(json.loads(reply.data)["boolean"])


def update(site: Site, text: str, path: str = "/sparql", **more: str) -> tuple[int, str]:
    reply = site.ask(path, "POST", text.encode(), UPDATE | BEARER | more)
    return reply.status, reply.data.decode()


# -- who may ------------------------------------------------------------------------------------


def test_a_token_is_read_from_a_file_or_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    assert read_token(file, {}).fits(TOKEN)
    assert read_token(None, {"COPRODUCTION_TOKEN": TOKEN}).fits(TOKEN)
    assert TOKEN not in repr(Token(TOKEN)) and not Token(TOKEN).fits(TOKEN[:-1])
    for word in ("", "short", "with a space in the midst of it"):
        with pytest.raises(DataError, match="token_urlsafe") as told:
            read_token(None, {"COPRODUCTION_TOKEN": word})
        assert not word or word not in str(told.value)
    with pytest.raises(DataError, match="cannot be read"):
        read_token(tmp_path / "none", {})


@pytest.mark.parametrize(
    ("given", "origin", "status"),
    [
        ([f"Bearer {TOKEN}"], None, 0),
        ([f"bearer  {TOKEN} "], "http://127.0.0.1:8000", 0),
        ([f"Bearer {TOKEN}"], "https://named.example", 0),
        ([f"Bearer {TOKEN}"], "https://example.org", 403),
        ([f"Bearer {TOKEN}"], "null", 403),
        ([f"Bearer {TOKEN}"], "http://127.0.0.1:8001", 403),
        ([], None, 401),
        (["Bearer"], None, 401),
        ([f"Basic {TOKEN}"], None, 401),
        ([f"Bearer {TOKEN}x"], None, 401),
        ([f"Bearer {TOKEN}", f"Bearer {TOKEN}"], None, 401),
    ],
)
def test_who_may_write(given: list[str], origin: str | None, status: int) -> None:
    origins = ("*", "https://named.example")
    if not status:
        check_writer(Token(TOKEN), given, origin, "127.0.0.1:8000", origins)
        return
    with pytest.raises(RequestError) as told:
        check_writer(Token(TOKEN), given, origin, "127.0.0.1:8000", origins)
    assert told.value.status == status
    assert ("WWW-Authenticate" in told.value.headers) == (status == 401)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--writable"], "--store DIR"),
        (["--writable", "--cases", "--store", "s"], "--store DIR"),
        (["--shapes"], "--writable"),
        (["--writable", "--store", "s"], "COPRODUCTION_TOKEN"),
    ],
)
def test_a_server_that_nobody_could_write_to_does_not_start(
    words: list[str], told: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COPRODUCTION_TOKEN", raising=False)
    done = run("serve", "--port", "0", *words)
    assert done.code == 2 and told in done.err and "SPARQL endpoint at" not in done.err


@pytest.mark.slow
def test_without_the_token_nothing_is_written(writable: Site) -> None:
    for path, method, body, kind in (
        ("/sparql", "POST", b"update=CLEAR+ALL", FORM),
        ("/sparql", "POST", b"CLEAR ALL", UPDATE),
        ("/graphs?default", "PUT", b"", TURTLE),
        ("/graphs?graph=urn:x", "DELETE", None, {}),
        ("/graphs", "POST", b"", {"Content-Type": "text/plain"}),
    ):
        reply = writable.ask(path, method, body, kind)
        assert reply.status == 401 and reply.headers["WWW-Authenticate"].startswith("Bearer"), path
        reply = writable.ask(path, method, body, kind | {"Authorization": "Bearer no"})
        assert reply.status == 401 and b"not the token" in reply.data, path
        reply = writable.ask(path, method, body, kind | BEARER | {"Origin": "https://example.org"})
        assert reply.status == 403 and b"origin" in reply.data, path
    reply = writable.ask("/graphs?default", "PATCH", b"", TURTLE | BEARER)
    assert reply.status == 405 and "PUT" in reply.headers["Allow"]


# -- what is written ----------------------------------------------------------------------------


def test_an_update_is_seen_at_once_with_what_follows(writable: Site) -> None:
    case = "<https://example.org/case/1>"
    text = f"{COP}INSERT DATA {{ GRAPH <urn:w> {{ {case} a cop:Case ; cop:hasPower cop:PowerToOwn }} }}"
    assert update(writable, text)[0] == 204
    assert truth(writable, f"{COP}ASK {{ {case} cop:levelUnderR0 cop:HighParticipation }}")
    done = writable.ask(
        "/sparql", "POST", urlencode({"update": "DROP GRAPH <urn:w>"}).encode(), FORM | BEARER
    )
    assert done.status == 204
    assert not truth(writable, f"ASK {{ {case} ?p ?o }}")


def test_an_update_is_all_or_nothing(writable: Site) -> None:
    first = "INSERT DATA { GRAPH <urn:half> { <urn:s> <urn:p> 1 } }"
    status, told = update(writable, f"{first} ;\nCLEAR GRAPH <urn:none>")
    assert status == 400 and "urn:none" in told
    status, told = update(writable, f"{first} ;\nINSERT DATA {{ GRAPH x }}")
    assert status == 400 and "line 2" in told
    assert not truth(writable, "ASK { GRAPH <urn:half> { ?s ?p ?o } }")


@pytest.mark.parametrize(
    "text",
    [
        "CLEAR GRAPH <https://w3id.org/coproduction/graph/source>",
        "INSERT DATA { GRAPH <https://w3id.org/coproduction/graph/load/1> { <urn:s> <urn:p> 1 } }",
        "PREFIX g: <https://w3id.org/coproduction/gra> DROP GRAPH g:ph\\/loads",
        "BASE <https://w3id.org/coproduction/> CREATE GRAPH <graph/mine>",
        "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }",
        "WITH <https://w3id.org/coproduction/graph/inf\\u0065rred> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o } ;"
        " WITH <https://w3id.org/coproduction/graph/values> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "MOVE <https://w3id.org/coproduction/graph/concepts> TO <urn:mine>",
        "INSERT DATA { <urn:s> <urn:p> '\\u0027\\u0027\\u0027' } ; DELETE WHERE { GRAPH ?g { ?s ?p ?o } }",
    ],
)
def test_the_graphs_of_the_toolkit_are_not_changed(text: str, writable: Site) -> None:
    status, told = update(writable, text)
    assert status == 403 and "https://w3id.org/coproduction/graph/" in told, told


def test_a_graph_of_the_toolkit_is_not_put_but_may_be_copied(writable: Site) -> None:
    name = "https://w3id.org/coproduction/graph/toolkit"
    for method in ("PUT", "POST", "DELETE"):
        assert (
            writable.ask(f"/graphs?graph={quote(name)}", method, b"", TURTLE | BEARER).status == 403
        )
    assert update(writable, f"COPY <{name}> TO <urn:copy>")[0] == 204
    assert truth(writable, "ASK { GRAPH <urn:copy> { ?s ?p ?o } }")
    assert update(writable, "DROP ALL")[0] == 204
    assert truth(
        writable,
        f"ASK {{ GRAPH <{name}> {{ ?s ?p ?o }} FILTER NOT EXISTS {{ GRAPH <urn:copy> {{ ?a ?b ?c }} }} }}",
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("LOAD <http://127.0.0.1:9/data.ttl>", "LOAD is not carried out"),
        ("CLEAR SILENTALL", "each written apart"),
        ("LOADSILENT<http://127.0.0.1:9/data.ttl>", "LOAD is not carried out"),
        ("CLEAR DEFAULT; load silent <http://127.0.0.1:9/data.ttl>", "LOAD is not carried out"),
        ("INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "--allow-service"),
        ("SELECT * { ?s ?p ?o }", "no operation of SPARQL Update begins with 'SELECT'"),
        ("INSERT DATA { " + "<urn:s> <urn:p> [" * 300 + "]" * 300 + " }", "levels deep"),
    ],
)  # fmt: skip
def test_what_an_update_may_not_do(text: str, told: str, writable: Site) -> None:
    status, words = update(writable, text)
    assert status == 400 and told in words, words


@pytest.mark.slow
def test_graphs_are_named_beside_an_update_or_in_it(writable: Site) -> None:
    text = (
        "DROP ALL ; INSERT DATA { <urn:s> <urn:p> 0 GRAPH <urn:g1> { <urn:s> <urn:p> 1 } "
        "GRAPH <urn:g2> { <urn:s> <urn:p> 2 } }"
    )
    assert update(writable, text)[0] == 204
    copy = "INSERT { GRAPH <urn:to> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    assert update(writable, copy, "/sparql?using-graph-uri=urn:g2")[0] == 204
    assert truth(
        writable,
        "ASK { GRAPH <urn:to> { ?s ?p 2 } FILTER NOT EXISTS { GRAPH <urn:to> { ?s ?p 1 } } }",
    )
    short = "DELETE WHERE { GRAPH <urn:to> { ?s ?p ?o } }"
    assert update(writable, short, "/sparql?using-named-graph-uri=urn:to")[0] == 204
    assert not truth(writable, "ASK { GRAPH <urn:to> { ?s ?p ?o } }")
    for within in ("USING <urn:g1> WHERE", "USING NAMED <urn:g1> WHERE"):
        status, told = update(
            writable, copy.replace("WHERE", within), "/sparql?using-graph-uri=urn:g2"
        )
        assert status == 400 and "USING" in told
    assert update(writable, copy, "/sparql?using-graph-uri=urn:a%3E%20x")[0] == 400


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"<urn:s> <urn:p> 'a' .", "text/turtle", 204),
        (b'<urn:s> <urn:p> "a" .', "application/n-triples; charset=UTF-8", 204),
        (b'{"@id": "urn:s", "urn:p": "a"}', "application/ld+json", 204),
        (b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:">'
         b'<rdf:Description rdf:about="urn:s"><u:p>a</u:p></rdf:Description></rdf:RDF>',
         "application/rdf+xml", 204),
        (b"<urn:s> <urn:p>\n 'a", "text/turtle", 400),
        (b'{"@graph": [{"@id": "urn:s", "urn:p": "a"}], "@id": "urn:g"}', "application/ld+json", 400),
        (b'{"@context": "http://127.0.0.1:9/c", "@id": "urn:s"}', "application/ld+json", 400),
        (b"<urn:s> <urn:p> 'a' .", "application/trig", 415),
        (b"<urn:s> <urn:p> 'a' .", "", 415),
        ("<urn:s> <urn:p> 'a' .".encode("utf-16"), "text/turtle", 400),
        ("<urn:s> <urn:p> 'a' .".encode("utf-16"), "text/turtle; charset=utf-16", 415),
        (b"<urn:s> <urn:p> 'a' .", "text/turtle; charset=klingon", 415),
        (b"<urn:s> <urn:p> 'a' .", 'text/turtle; charset="', 415),
        (b"no form", "multipart/form-data", 400),
    ],
)  # fmt: skip
def test_a_graph_comes_in_many_forms(body: bytes, kind: str, status: int, writable: Site) -> None:
    update(writable, "DROP SILENT GRAPH <urn:form> ; CREATE GRAPH <urn:form>")
    head = {"Content-Type": kind} if kind else {}
    reply = writable.ask("/graphs?graph=urn:form", "PUT", body, head | BEARER)
    assert reply.status == status, reply.data
    got = rdflib.Graph().parse(data=writable.ask("/graphs?graph=urn:form").data, format="turtle")
    assert len(got) == (status == 204)
    if status == 400 and b"\n" in body and kind == "text/turtle":
        assert b"the body, line 2" in reply.data


def test_a_blank_node_of_one_graph_is_none_of_another(writable: Site) -> None:
    for name in ("urn:one", "urn:two"):
        writable.ask(f"/graphs?graph={name}", "PUT", b"_:b0 <urn:p> 1 .", TURTLE | BEARER)
    assert not truth(writable, "ASK { GRAPH <urn:one> { ?b ?p 1 } GRAPH <urn:two> { ?b ?p 1 } }")


def test_a_head_of_a_graph_is_its_get_without_the_body(writable: Site) -> None:
    writable.ask("/graphs/a%20b", "PUT", b"<> <urn:p> 1 .", TURTLE | BEARER)
    got, head = (writable.ask("/graphs/a%20b", method) for method in ("GET", "HEAD"))
    assert f"<{writable.url}/graphs/a%20b>".encode() in got.data
    assert head.status == 200 and head.headers["Content-Length"] == str(len(got.data))
    assert writable.ask("/graphs/none", "HEAD").status == 404
    assert writable.ask("/graphs/a%20b?default").status == 400
    assert writable.ask("/graphs?union", "PUT", b"", TURTLE | BEARER).status == 400


@pytest.mark.slow
def test_what_breaks_the_shapes_is_refused_where_that_is_asked(writable: Site) -> None:
    text = f"{COP}INSERT DATA {{ GRAPH <urn:bad> {{ <https://example.org/bad> a cop:Case }} }}"
    status, told = update(writable, text, "/sparql?validate")
    assert status == 422 and "https://example.org/bad: " in told
    assert not truth(writable, "ASK { GRAPH <urn:bad> { ?s ?p ?o } }")
    assert update(writable, text)[0] == 204
    other = "INSERT DATA { GRAPH <urn:good> { <urn:s> <urn:p> 1 } }"
    assert update(writable, other, "/sparql?validate")[0] == 204  # it breaks nothing more
    update(writable, "DROP ALL")


def test_the_description_says_that_it_is_written_to(writable: Site, site: Site) -> None:
    word = b"SPARQL11Update"
    assert word in writable.ask().data and word not in site.ask().data


def test_a_body_may_be_large_for_who_has_the_token_alone(writable: Site) -> None:
    body = b"<urn:s> <urn:p> '" + b"x" * 3_000_000 + b"' ."
    assert writable.ask("/graphs?graph=urn:l", "PUT", body, TURTLE | BEARER).status in (201, 204)
    text = "# " + "x" * 3_000_000 + "\nDROP GRAPH <urn:l>"
    assert update(writable, text)[0] == 204
    assert writable.ask("/sparql", "POST", text.encode(), UPDATE).status == 401


def test_other_clients_write(writable: Site) -> None:
    from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore

    url = writable.url + "/sparql"
    store = SPARQLUpdateStore(url, url, headers=BEARER)
    graph = rdflib.Graph(store, identifier=rdflib.URIRef("urn:rdflib"))
    triple = (rdflib.URIRef("urn:s"), rdflib.URIRef("urn:p"), rdflib.Literal("ö"))
    graph.add(triple)
    assert triple in graph and len(graph) == 1
    graph.remove(triple)
    assert len(graph) == 0


# -- beside others ------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_store_that_another_process_changes_is_told_so(tmp_path: Path) -> None:
    store = tmp_path / "store"
    coproduction.open(store=store, create=True)
    with serving("--store", str(store), "--writable") as site:
        with Lock(store / "lock"):
            reply = site.ask("/sparql", "POST", b"CLEAR DEFAULT", UPDATE | BEARER)
        assert reply.status == 503 and reply.headers["Retry-After"] == "5"
        assert b"another process is changing this store" in reply.data
        assert site.ask("/sparql", "POST", b"CLEAR DEFAULT", UPDATE | BEARER).status == 204


@pytest.mark.slow
def test_pages_that_are_named_may_write_and_any_may_read(tmp_path: Path) -> None:
    store = tmp_path / "store"
    coproduction.open(store=store, create=True)
    words = ("--allow-origin", "https://named.example", "--allow-origin", "*")
    with serving("--store", str(store), "--writable", *words) as site:
        asks = {
            "Origin": "https://named.example",
            "Access-Control-Request-Method": "PUT",
            "Access-Control-Request-Headers": "authorization, content-type",
        }
        reply = site.ask("/graphs?default", "OPTIONS", headers=asks)
        assert reply.status == 200 and "PUT" in reply.headers["Access-Control-Allow-Methods"]
        origin = {"Origin": "https://named.example"}
        assert site.ask("/sparql", "POST", b"CLEAR DEFAULT", UPDATE | BEARER | origin).status == 204
        origin = {"Origin": "https://other.example"}
        assert site.ask("/sparql", "POST", b"CLEAR DEFAULT", UPDATE | BEARER | origin).status == 403
        assert site.ask(headers=origin).headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.slow
def test_a_change_that_takes_too_long_is_stopped_and_changes_nothing(tmp_path: Path) -> None:
    store = tmp_path / "store"
    coproduction.open(store=store, create=True)
    with serving("--store", str(store), "--writable", "--timeout", "3", "--shapes") as site:
        never = "INSERT { <urn:n> <urn:p> ?n } WHERE { SELECT (COUNT(*) AS ?n) { "
        never += (
            "".join(
                f"GRAPH <https://w3id.org/coproduction/graph/{each}> {{ ?a{each} ?b{each} ?c{each} }} "
                for each in ("ontology", "values", "concepts", "source")
            )
            + "} }"
        )
        status, told = update(site, never)
        assert status == 503 and "stopped" in told
        end = time.monotonic() + 60
        while update(site, "INSERT DATA { <urn:s> <urn:p> 1 }")[0] != 204:
            assert time.monotonic() < end
            time.sleep(0.3)
        assert not truth(site, "ASK { <urn:n> ?p ?o }")
    assert not faults(store)


@pytest.mark.slow
@pytest.mark.skipif(
    sys.platform != "linux", reason="the children of a process stand in /proc there"
)
def test_a_store_survives_the_kill_of_who_writes(tmp_path: Path) -> None:
    """Each change that was answered is there, and of the one that was not all is there or nothing."""
    store = tmp_path / "store"
    coproduction.open(store=store, create=True)
    for number in range(5):
        with serving_killed(store) as (site, server):
            answered: list[int] = []
            writes = threading.Thread(target=_write_on, args=(site, number * 1_000, answered))
            writes.start()
            time.sleep(0.4 + number * 0.17)
            children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
            os.kill(server, signal.SIGKILL)
            for each in children:
                os.kill(int(each), signal.SIGKILL)
            writes.join(30)
        assert not faults(store)
        found = coproduction.open(store=store).store
        sizes = {
            int(str(getattr(quad.object, "value", "")))
            for quad in found.statements(None, ox.NamedNode("urn:p"), None)
        }
        assert set(answered) <= sizes
        for each in sizes:  # each change has three statements
            told = found.statements(None, None, ox.Literal(each), ox.NamedNode("urn:kill"))
            assert sum(1 for _ in told) == 3


def _write_on(site: Site, number: int, answered: list[int]) -> None:
    while True:
        number += 1
        body = "".join(f"<urn:s{number}> <urn:p{each}> {number} . " for each in ("", "1", "2"))
        try:
            reply = site.ask("/graphs?graph=urn:kill", "POST", body.encode(), TURTLE | BEARER)
        except Exception:  # the server is gone
            return
        if reply.status not in (201, 204):
            return
        answered.append(number)


class serving_killed:  # noqa: N801
    """A server that is killed in the block."""

    def __init__(self, store: Path) -> None:
        self._store = store

    def __enter__(self) -> tuple[Site, int]:
        import re

        import urllib3

        self._server = subprocess.Popen(
            [sys.executable, "-m", "coproduction", "serve", "--port", "0", "--workers", "1",
             "--store", str(self._store), "--writable"],
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONUNBUFFERED": "1", "COPRODUCTION_TOKEN": TOKEN},
            text=True,
        )  # fmt: skip
        assert self._server.stderr is not None
        for line in self._server.stderr:
            if found := re.search(r"(http://\S+)/sparql", line):
                return Site(found[1], urllib3.PoolManager(), self._server.pid), self._server.pid
        raise AssertionError

    def __exit__(self, *raised: object) -> None:
        self._server.kill()
        self._server.communicate()
