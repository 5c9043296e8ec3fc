"""SERVICE: only in a query of the user's own, and only to the hosts that were allowed."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import coproduction
from coproduction.cases.mapping_files import find_mapping
from coproduction.errors import DataError, QueryError, QueryTimeout
from coproduction.resources import data_dir
from coproduction.syntax.sparql import clauses
from coproduction.validation.house_rules import run_checks

from ..conftest import Run

JSON = "application/sparql-results+json"
ROW = b'{"head":{"vars":["z"]},"results":{"bindings":[{"z":{"type":"literal","value":"1"}}'
SIX_ROWS = ROW + b',{"z":{"type":"literal","value":"2"}}' * 5 + b","


class Endpoint(http.server.BaseHTTPRequestHandler):
    """Answers as its path says."""

    asked: list[str]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        type(self).asked.append(self.path)
        if self.path == "/slow":
            time.sleep(4)
            return
        code, kind, data = {
            "/ok": (200, JSON, ROW + b"]}}"),
            "/garbage": (200, JSON, b"<<<"),
            "/page": (200, "text/html", b"<html>"),
            "/cut": (200, JSON, SIX_ROWS),
            "/500": (500, "text/plain", b"broken"),
            "/moved": (302, "text/plain", b""),
        }[self.path]
        self.send_response(code)
        if code == 302:
            self.send_header("Location", f"http://localhost:{self.server.server_address[1]}/ok")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def endpoint() -> Iterator[str]:
    """An endpoint on this machine: ``host:port``."""
    Endpoint.asked = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def asking(host: str, path: str = "ok") -> str:
    return f"SELECT ?z {{ SERVICE <http://{host}/{path}> {{ ?z ?b ?c }} }}"


@pytest.mark.parametrize(
    "text, endpoint",
    [
        ("ASK { SERVICE <http://e/> { } }", "http://e/"),
        ("ASK { service<http://e/>{ } }", "http://e/"),
        ("ASK { SERVICE SILENT <http://e/> { } }", "http://e/"),
        ("ASK { SERVICESILENT<http://e/> { } }", "http://e/"),
        ("ASK { SERVICE # ex:x\n SILENT # y\n <http://e/> { } }", "http://e/"),
        ("PREFIX e: <http://e/> ASK { SERVICE e:x { } }", "http://e/x"),
        ("PREFIX e: <http://e/> PREFIX e: <http://f/> ASK { SERVICE e:x { } }", "http://f/x"),
        ("PREFIXcop:<http://e/>ASK { SERVICE cop:x { } }", "http://e/x"),
        ("ASK { SERVICE cop:x { } }", "https://w3id.org/coproduction#x"),
        ("ASK { SERVICE <http://\\u0065/> { } }", "http://e/"),
        ("ASK { SERVICE ?e { } }", "?e"),
        ("ASK { SERVICE $e { } }", "$e"),
        ("ASK { SERVICE none:x { } }", ""),
        ("PREFIX e: <http://e/> ASK { SERVICEe:x { } }", ""),
        ("PREFIX e: <http://e/> ASK { ?s ?p trueSERVICEe:x { } }", ""),
        ("PREFIX : <http://e/> ASK { SERVICE:x { } }", ""),
        ("ASK { ?s ?p 1SERVICE<http://e/>{ } }", "http://e/"),
        ("ASK { FILTER(1<2)SERVICE#>\n<http://e/>{ } }", "http://e/"),
        ("ASK { FILTER(1<#>'''\n2)SERVICE<http://e/>{ }#'''\n }", "http://e/"),
        ("ASK { ?s <http://x/\u00a0'> ?o . SERVICE <http://e/> { } #'\n }", "http://e/"),
        ("ASK { ?s ?p 'a', '''b''c''' . SERVICE <http://e/> { } }", "http://e/"),
        ("ASK { FILTER EXISTS { SERVICE <http://e/> { } } }", "http://e/"),
        ("# service\nASK { ?s ?p '''\n# a''' . SERVICE <http://e/> { } }", "http://e/"),
        ("ASK { ?s ?p 1 . # a\rSERVICE <http://e/> { } }", "http://e/"),
        ("# a\rASK { SERVICE <http://e/> { } }", "http://e/"),
        ("ASK { ?s cop:aService'a'^^xsd:a. SERVICE <http://e/> { } }", "http://e/"),
        ("ASK { ?s a:a SERVICE:x { } }", ""),
    ],
)
def test_an_endpoint_is_seen(text: str, endpoint: str) -> None:
    assert endpoint in clauses(text).endpoints


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service ?x { ?x ?service <http://e/> }",
        "SELECT ?service <http://e/> { }",
        "# of service <http://e/>\n  # or from <http://e/>\nASK { }",
        "ASK { ?s :aSERVICE <http://e/> . _:aSERVICE ?p <http://e/> }",
        "ASK { ?x cop:hasServiceType cop:Service }",
        "ASK { GRAPH service:x { ?s ?p ?o } }",
        "ASK { ?s ?p 'SERVICE <http://e/> { }' } # SERVICE <http://e/> { }",
        "ASK { VALUES (?a ?b) { (<http://e/> <http://e/service>) } }",
        "PREFIX s: <http://e/service#> ASK { ?s s:service 1 . ?s <http://e/service> ?o }",
    ],
)
def test_what_only_looks_like_one_is_not(text: str) -> None:
    assert not clauses(text).endpoints


def test_an_allowed_endpoint_answers(
    kg: coproduction.KnowledgeGraph, endpoint: str, run: Run
) -> None:
    assert kg.query(asking(endpoint), allow_service=[endpoint]).rows == [{"z": "1"}]
    assert kg.query(asking(endpoint), allow_service=["127.0.0.1"]).rows == [{"z": "1"}]
    text = (
        f"CONSTRUCT {{ <a:a> <a:b> ?z }} WHERE {{ SERVICE <http://{endpoint}/ok> {{ ?z ?b ?c }} }}"
    )
    assert len(kg.graph(text, allow_service=[endpoint])) == 1
    outcome = run("query", asking(endpoint), "--allow-service", endpoint)
    assert (outcome.code, outcome.out.split()) == (0, ["z", "1"])


def test_no_other_endpoint_is_asked(
    kg: coproduction.KnowledgeGraph, endpoint: str, run: Run
) -> None:
    outcome = run("query", asking(endpoint))
    assert outcome.code == 2 and f"--allow-service {endpoint}" in outcome.err
    for allowed in ([], ["localhost"], ["127.0.0.1:1"], ["127.0.0"]):
        with pytest.raises(QueryError, match="not allowed"):
            kg.query(asking(endpoint), allow_service=allowed)
    for text in (
        "ASK { SERVICE ?e { ?s ?p ?o } }",
        f"ASK {{ BIND(<http://{endpoint}/ok> AS ?e) SERVICE SILENT ?e {{ ?s ?p ?o }} }}",
        f"ASK {{ SERVICE <http://{endpoint}@127.0.0.1/> {{ ?s ?p ?o }} }}",
        f"BASE <http://{endpoint}/> ASK {{ SERVICE <ok> {{ ?s ?p ?o }} }}",
        f"PREFIX e: <http://{endpoint}/> ASK {{ SERVICEe:ok {{ ?s ?p ?o }} }}",
        "ASK { SERVICE <file:///etc/passwd> { ?s ?p ?o } }",
    ):
        with pytest.raises(QueryError, match="SERVICE"):
            kg.query(text, allow_service=[endpoint])
    assert not Endpoint.asked


@pytest.mark.parametrize("path", ["garbage", "page", "cut", "500", "moved"])
def test_an_endpoint_that_fails_is_one_line(endpoint: str, run: Run, path: str) -> None:
    outcome = run("query", asking(endpoint, path), "--allow-service", endpoint, "--format", "csv")
    assert outcome.code == 2 and outcome.err.count("\n") == 1, outcome.err
    assert f"SERVICE <http://{endpoint}/{path}> gave no answer" in outcome.err
    assert Endpoint.asked == [f"/{path}"]  # and no other, where it sends elsewhere


def test_rows_that_came_before_the_failure_are_counted(
    kg: coproduction.KnowledgeGraph, endpoint: str
) -> None:
    with pytest.raises(QueryError, match="after 6 rows"):
        kg.query(asking(endpoint, "cut"), allow_service=[endpoint])


def test_a_dead_endpoint_is_one_line(run: Run) -> None:
    outcome = run("query", asking("127.0.0.1:3999"), "--allow-service", "127.0.0.1")
    assert outcome.code == 2 and "Connection refused" in outcome.err


@pytest.mark.parametrize("form", ["csv", "table"])
def test_a_slow_endpoint_ends_with_the_time(endpoint: str, run: Run, form: str) -> None:
    begin = time.monotonic()
    outcome = run(
        "query", asking(endpoint, "slow"), "--allow-service", endpoint, "--timeout", "0.3",
        "--format", form,
    )  # fmt: skip
    assert outcome.code == 3 and "stopped after 0.3 s" in outcome.err
    assert time.monotonic() - begin < 3


def test_a_slow_endpoint_ends_with_the_time_from_python(
    kg: coproduction.KnowledgeGraph, endpoint: str
) -> None:
    with pytest.raises(QueryTimeout):
        kg.query(asking(endpoint, "slow"), allow_service=[endpoint], timeout=0.3)


def test_a_mapping_asks_no_endpoint(tmp_path: Path, endpoint: str, run: Run) -> None:
    mapping = tmp_path / "evil.rq"
    mapping.write_text(f"#+ title: evil\n{asking(endpoint)}", encoding="utf-8")
    with pytest.raises(DataError, match=r"evil\.rq: SERVICE"):
        find_mapping(str(mapping))
    data = tmp_path / "c.ttl"
    data.write_text("<http://e/a> a <http://e/b> .", encoding="utf-8")
    outcome = run("validate", str(data), "--as", str(mapping))
    assert outcome.code == 2 and "evil.rq: SERVICE" in outcome.err
    assert not Endpoint.asked


@pytest.mark.slow
def test_a_check_asks_no_endpoint(
    tmp_path: Path, kg: coproduction.KnowledgeGraph, endpoint: str
) -> None:
    (tmp_path / "checks").mkdir()
    rule = tmp_path / "checks" / "evil.rq"
    header = "#+ summary: x\n#+ severity: error\n#+ message: x\n"
    rule.write_text(header + asking(endpoint), encoding="utf-8")
    found = run_checks(kg.store.inner, query_dir=tmp_path, shape_dir=data_dir("shapes"))
    assert any("evil.rq: SERVICE" in finding.message for finding in found), found
    assert not Endpoint.asked


@pytest.mark.parametrize(
    "clause", ["SERVICE <http://{0}/ok> {{ ?a ?b ?c }}", "FROM <http://{0}/ok>"]
)
def test_a_shape_fetches_nothing(endpoint: str, clause: str) -> None:
    import rdflib

    from coproduction.validation.shacl import validate

    clause = clause.format(endpoint)
    body = f"{{ {clause} }}" if clause.startswith("SERVICE") else f"{clause} {{ $this ?p ?o }}"
    shapes = rdflib.Graph().parse(
        format="turtle",
        data=f"""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> .
        e:s a sh:NodeShape ; sh:targetClass e:c ; sh:sparql [ sh:select "SELECT $this {body}" ] .""",
    )
    data = rdflib.Graph().parse(data="<http://e/a> a <http://e/c> .", format="turtle")
    with pytest.raises(DataError, match="not allowed"):
        validate(data, shapes)
    assert not Endpoint.asked


def test_a_value_of_a_parameter_is_a_value(kg: coproduction.KnowledgeGraph, endpoint: str) -> None:
    question = next(q for q in kg.questions() for p in q.parameters.values() if p.type == "string")
    name = next(p.name for p in question.parameters.values() if p.type == "string")
    kg.ask(question.name, **{name: f'" }} SERVICE <http://{endpoint}/ok> {{ ?s ?p "'})
    assert not Endpoint.asked


def test_the_store_asks_no_endpoint_of_itself(
    kg: coproduction.KnowledgeGraph, endpoint: str
) -> None:
    with pytest.raises(QueryError, match="query of your own"):
        kg.store.query(asking(endpoint))
    assert not Endpoint.asked
