"""Clients that people have, each asking the server as its own documentation says."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib

import coproduction
from coproduction.names import COP, PREFIXES

from ..engines.clients import comunica, comunica_packages
from ..engines.servers import FUSEKI
from ..tools import require_from_maven, require_java, require_module, require_program
from .conftest import TOKEN, Site

pytestmark = pytest.mark.slow

DECLARED = "PREFIX cop: <https://w3id.org/coproduction#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
ROWS = DECLARED + (
    "SELECT ?case ?label ?year WHERE { ?case a cop:Case ; rdfs:label ?label "
    "OPTIONAL { ?case cop:startYear ?year } } ORDER BY ?case ?label"
)
YES = DECLARED + "ASK { ?case a cop:Case }"
GRAPH = (
    DECLARED
    + "CONSTRUCT { ?case rdfs:label ?label } WHERE { ?case a cop:Case ; rdfs:label ?label }"
)
WRONG = "SELECT ?s WHERE { ?s ?p"


@pytest.fixture(scope="module")
def rows() -> list[tuple[str, str, str]]:
    """The rows as the package gives them: texts, and an empty one where nothing is bound."""
    found = coproduction.open(cases=True).query(ROWS).terms
    assert len(found) > 10 and any(row[2] is None for row in found)
    return [tuple("" if term is None else term.value for term in row) for row in found]  # type: ignore[misc, union-attr]


def triples(graph: Iterable[Any]) -> set[tuple[str, str, str]]:
    return {(str(s), str(p), str(o)) for s, p, o in graph}


@pytest.fixture(scope="module")
def made(rows: list[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
    return {(case, PREFIXES["rdfs"] + "label", label) for case, label, _ in rows}


# -- SPARQLWrapper ------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["GET", "POST", "POSTDIRECTLY"])
def test_sparqlwrapper_asks(
    way: str, site: Site, rows: list[tuple[str, str, str]], made: set[tuple[str, str, str]]
) -> None:
    library = require_module("SPARQLWrapper")
    client = library.SPARQLWrapper(site.url + "/sparql")
    client.setMethod("GET" if way == "GET" else "POST")
    if way == "POSTDIRECTLY":
        client.setRequestMethod(library.POSTDIRECTLY)

    def asked(text: str, form: str) -> Any:
        client.setQuery(text)
        client.setReturnFormat(form)
        return client.query().convert()

    found = asked(ROWS, library.JSON)["results"]["bindings"]
    names = ("case", "label", "year")
    assert [tuple(row.get(name, {"value": ""})["value"] for name in names) for row in found] == rows
    assert asked(YES, library.JSON) == {"head": {}, "boolean": True}
    document = asked(ROWS, library.XML)
    assert len(document.getElementsByTagName("result")) == len(rows)
    for form in (library.CSV, library.TSV):
        assert asked(ROWS, form).count(b"\n") == len(rows) + 1
    for form in (library.TURTLE, library.N3, library.RDFXML, library.JSONLD):
        graph = asked(GRAPH, form)
        if isinstance(graph, bytes):
            graph = rdflib.Graph().parse(data=graph, format="turtle")
        assert triples(graph) == made, form
    with pytest.raises(library.SPARQLExceptions.QueryBadFormed, match="line 1"):
        asked(WRONG, library.JSON)


def test_sparqlwrapper_writes_with_the_token_and_not_without(writable: Site) -> None:
    library = require_module("SPARQLWrapper")
    client = library.SPARQLWrapper(writable.url + "/sparql")
    client.setMethod(library.POST)
    client.setQuery("INSERT DATA { GRAPH <urn:wrapper> { <urn:s> <urn:p> 'ö' } }")
    with pytest.raises(library.SPARQLExceptions.Unauthorized):
        client.query()
    client.addCustomHttpHeader("Authorization", f"Bearer {TOKEN}")
    assert client.query().response.status == 204
    client.setQuery("ASK { GRAPH <urn:wrapper> { <urn:s> <urn:p> 'ö' } }")
    client.setReturnFormat(library.JSON)
    assert client.query().convert()["boolean"] is True


# -- rdflib -------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["json", "xml", "csv"])
@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_asks(
    form: str,
    method: str,
    site: Site,
    rows: list[tuple[str, str, str]],
    made: set[tuple[str, str, str]],
) -> None:
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    store = SPARQLStore(site.url + "/sparql", returnFormat=form, method=method)
    graph = rdflib.Graph(store)
    found = [tuple("" if term is None else str(term) for term in row) for row in graph.query(ROWS)]  # type: ignore[union-attr]
    assert found == rows
    if form == "xml":  # of RDF it asks for the form that it is told, and XML is one of both
        assert triples(graph.query(GRAPH)) == made
    if form != "csv":  # which has no form for a truth
        case = rdflib.URIRef(rows[0][0])
        assert (case, rdflib.RDF.type, rdflib.URIRef(COP + "Case")) in graph
        assert bool(graph.query(YES)) is True


def test_rdflib_writes_graphs_of_a_data_set(writable: Site) -> None:
    from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore

    url = writable.url + "/sparql"
    store = SPARQLUpdateStore(url, url, headers={"Authorization": f"Bearer {TOKEN}"})
    data = rdflib.Dataset(store)
    name, subject = rdflib.URIRef("urn:data-set"), rdflib.URIRef("urn:s")
    graph = data.graph(name)  # sends CREATE GRAPH
    texts = [rdflib.Literal(f"{number} “ö”\n\\", lang="sv") for number in range(50)]
    graph.addN((subject, rdflib.RDFS.label, each, graph) for each in texts)
    assert len(graph) == 50 and set(graph.objects(subject)) == set(texts)
    graph.update("DELETE WHERE { ?s ?p ?o }")  # rdflib puts the graph around it
    assert len(graph) == 0
    with pytest.raises(Exception, match=r"40[13]"):
        rdflib.Graph(SPARQLUpdateStore(url, url), identifier=name).add((subject, subject, subject))


# -- curl ---------------------------------------------------------------------------------------


def curl(*words: str) -> tuple[int, str]:
    """Run curl; give the code of HTTP and the body."""
    program = require_program("curl", "curl", "curl")
    done = subprocess.run(
        [program, "--silent", "--show-error", "--write-out", "\n%{http_code}", *words],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    body, _, code = done.stdout.rpartition("\n")
    return int(code), body


def test_curl_asks(site: Site, rows: list[tuple[str, str, str]], tmp_path: Path) -> None:
    file = tmp_path / "query.rq"
    file.write_text(ROWS, encoding="utf-8")
    url = site.url + "/sparql"
    first = curl("--header", "Accept: text/csv", "--data-urlencode", f"query@{file}", url)
    for words in (
        ["--get", "--data-urlencode", f"query@{file}"],
        ["--header", "Content-Type: application/sparql-query", "--data-binary", f"@{file}"],
        ["--compressed", "--data-urlencode", f"query@{file}"],
        ["--http1.0", "--data-urlencode", f"query@{file}"],
        ["--header", "Expect: 100-continue", "--data-urlencode", f"query@{file}"],
        ["--header", "Transfer-Encoding: chunked", "--data-urlencode", f"query@{file}"],
    ):
        assert curl("--header", "Accept: text/csv", *words, url) == first, words
    assert first[0] == 200 and first[1].count("\n") == len(rows) + 1
    assert curl("--data-urlencode", f"query={WRONG}", url)[0] == 400
    assert curl("--head", url)[0] == 200


def test_curl_keeps_a_graph(writable: Site, tmp_path: Path) -> None:
    file = tmp_path / "notes.ttl"
    file.write_text("<urn:s> <urn:p> 'a', 'b' .", encoding="utf-8")
    url = f"{writable.url}/graphs?graph=urn:curl"
    token = ["--header", f"Authorization: Bearer {TOKEN}"]
    put = ["--header", "Content-Type: text/turtle", "--upload-file", str(file)]
    assert curl(*put, url)[0] == 401
    assert curl(*token, *put, url)[0] == 201
    code, body = curl("--header", "Accept: application/n-triples", url)
    assert (code, body.count(" .")) == (200, 2)
    assert curl(*token, "--request", "DELETE", url)[0] == 204
    assert curl(url)[0] == 404


# -- Jena and Comunica --------------------------------------------------------------------------


@pytest.mark.nightly
def test_jenas_rsparql_asks(
    site: Site,
    rows: list[tuple[str, str, str]],
    made: set[tuple[str, str, str]],
    tmp_path: Path,
) -> None:
    java = require_java()
    jar = next(require_from_maven(tmp_path, FUSEKI, alone=True).glob("jena-fuseki-server-*.jar"))

    def asked(text: str, form: str) -> str:
        file = tmp_path / "query.rq"
        file.write_text(text, encoding="utf-8")
        words = ["--service", site.url + "/sparql", "--query", str(file), "--results", form]
        done = subprocess.run(
            [java, "-cp", str(jar), "arq.rsparql", *words],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    found = json.loads(asked(ROWS, "JSON"))["results"]["bindings"]
    names = ("case", "label", "year")
    assert [tuple(row.get(name, {"value": ""})["value"] for name in names) for row in found] == rows
    graph = rdflib.Graph().parse(data=asked(GRAPH, "NT"), format="nt")
    assert triples(graph) == made
    assert "true" in asked(YES, "JSON")


@pytest.mark.nightly
def test_comunica_asks(
    site: Site,
    rows: list[tuple[str, str, str]],
    made: set[tuple[str, str, str]],
    tmp_path: Path,
) -> None:
    packages = comunica_packages(tmp_path)
    with comunica(tmp_path, packages, site.url + "/sparql") as client:
        found = client.query(ROWS)
        assert isinstance(found, ox.QuerySolutions)
        names = {each.value for each in found.variables}
        assert names == {"case", "label", "year"}
        told = [
            tuple(
                row[name].value if row[name] is not None else ""
                for name in ("case", "label", "year")
            )
            for row in found
        ]
        assert sorted(told) == sorted(rows)
        graph = client.query(GRAPH)
        assert {(s.value, p.value, o.value) for s, p, o in graph} == made
        assert client.query(YES)
