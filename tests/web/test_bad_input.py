"""What is too large, sends nothing, leads elsewhere or has a script in it: it is told, and the server lives on."""

from __future__ import annotations

import contextlib
import http.client
import io
import itertools
import json
import re
import shutil
import socket
import sys
import zipfile
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urlencode, urljoin

import pytest
import urllib3

import coproduction
from coproduction.cases.template import workbook
from coproduction.knowledge.case_record import case_record

from ..cases.test_served_loads import sheet
from ..tools import first_quick
from .conftest import BEARER, Site, serving

MANY = 1_100
"""Connections: more than the server has."""
HOSTILE = """<script>alert(1)</script>"'><img src=x onerror=alert(2)>"""
HOSTILE_CASE = "https://example.org/case/a%22%3E%3Cscript%3Ealert(3)%3C/script%3E"
HTML = {"Accept": "text/html"}
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc there")


def lives(site: Site) -> bool:
    reply = site.ask("/sparql?" + urlencode({"query": "ASK {}"}))
    return reply.status == 200 and bool(json.loads(reply.data)["boolean"])


def place(site: Site) -> tuple[str, int]:
    host, _, port = site.url.removeprefix("http://").partition(":")
    return host, int(port)


def memory(site: Site) -> int:
    """Give the kibibytes that the server had at its highest."""
    text = Path(f"/proc/{site.process}/status").read_text()
    return int(text.partition("VmHWM:")[2].split()[0])


# -- far too much, and nothing at all -----------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/sparql", "application/sparql-query"),
        ("/sparql", "application/x-www-form-urlencoded"),
        ("/reconcile", "application/x-www-form-urlencoded"),
        ("/check", "multipart/form-data; boundary=x"),
    ],
)
def test_a_body_that_is_said_to_be_large_is_refused_before_it_is_sent(
    path: str, kind: str, site: Site
) -> None:
    with socket.create_connection(place(site), timeout=10) as plain:
        plain.sendall(
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n"
            "Content-Length: 1000000000\r\n\r\n".encode()
        )
        assert plain.recv(1000).startswith(b"HTTP/1.1 413")
    assert lives(site)


@LINUX
@pytest.mark.parametrize(
    "size", [32_000_000, pytest.param(1_000_000_000, marks=[pytest.mark.slow, pytest.mark.nightly])]
)
def test_a_body_that_does_not_say_how_large_it_is_takes_no_memory(size: int, site: Site) -> None:
    assert lives(site)
    before = memory(site)
    part = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    with socket.create_connection(place(site), timeout=60) as plain:
        plain.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: application/sparql-query\r\n\r\n"
        )
        with contextlib.suppress(ConnectionError):  # where the server has heard enough
            for _ in range(size // len(part)):
                plain.sendall(part)
        assert plain.recv(1000).startswith(b"HTTP/1.1 413")
    assert memory(site) - before < 16_000
    assert lives(site)


@pytest.mark.slow
def test_those_who_send_nothing_keep_nobody_out(site: Site) -> None:
    _have_files(MANY + 200)
    with contextlib.ExitStack() as all_of_them:
        for number in range(MANY):
            each = all_of_them.enter_context(socket.create_connection(place(site), timeout=10))
            if number % 2:
                each.sendall(b"GET / HTTP/1.1\r\nHost")
        fresh = site._replace(pool=urllib3.PoolManager())
        assert lives(fresh) and fresh.ask("/llms.txt").status == 200


def _have_files(count: int) -> None:
    """See to it that this process may open so many files, or skip."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < count:
        if hard != resource.RLIM_INFINITY and hard < count:
            pytest.skip(f"this process may open {hard} files, and {count} are needed")
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))


# -- addresses that lead elsewhere --------------------------------------------------------------

ROOTS = ("/static/", "/", "/term/", "/id/case/", "/case/", "/claim/", "/question/", "/graphs/", "/reconcile/")  # fmt: skip
UP = (
    "../",
    "%2e%2e/",
    "..%2f",
    "%2e%2e%2f",
    "..%5c",
    "..\\",
    "%252e%252e%252f",
    ".%00./",
    "....//",
)


@pytest.mark.parametrize("root", first_quick(ROOTS))
def test_no_address_leads_out_of_what_is_served(root: str, site: Site) -> None:
    line = http.client.HTTPConnection(*place(site), timeout=60)
    for up in UP:
        for target in ("etc/passwd", "rendering.py", "templates/base.html", "/etc/passwd"):
            for times in (1, 12):
                path = root + up * times + target
                line.putrequest("GET", path)
                line.endheaders()
                reply = line.getresponse()
                body = reply.read()
                assert reply.status in (308, 400, 404), path
                for word in (b"root:", b"import annotations", b"{% block", b"Traceback"):
                    assert word not in body, path
    line.close()


# -- scripts ------------------------------------------------------------------------------------


class _Tags(HTMLParser):
    """Finds what a browser would run, and the links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.runs: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "script" and not (given.get("src") or "").lstrip("./").startswith("static/"):
            self.runs.append(f"{tag} {given}")
        for name, value in attributes:
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.runs.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action", "formaction"):
                if (value or "").strip().lower().startswith(("javascript:", "data:", "vbscript:")):
                    self.runs.append(f"{tag} {name}={value}")
                if tag == "a" and value:
                    self.links.append(value)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server of a case with a script in whatever can have one."""
    text = json.dumps(HOSTILE)
    path = tmp_path_factory.mktemp("hostile") / "case.ttl"
    path.write_text(
        f"""
        @prefix cop: <https://w3id.org/coproduction#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        @prefix dcterms: <http://purl.org/dc/terms/> .
        <{HOSTILE_CASE}> a cop:Case ;
            rdfs:label {text}@en ; skos:definition {text}@en ; rdfs:comment {text} ;
            cop:hasServiceType cop:BasicEducation ; cop:hasProviderSector cop:PublicSector ;
            cop:hasParticipationLevel cop:HighParticipation ; cop:countryCode {text} ;
            cop:hasRelationIntensity cop:IntensiveOrEnduring ;
            dcterms:source <javascript:alert(4)> , {text} ; rdfs:seeAlso <data:text/html,{quote(HOSTILE)}> .
        """,
        encoding="utf-8",
    )
    with serving("--data", str(path), "--timeout", "30") as running:
        yield running


def hostile_pages() -> list[str]:
    query = {"query": f"SELECT ?s ?p ?o {{ <{HOSTILE_CASE}> ?p ?o BIND(<{HOSTILE_CASE}> AS ?s) }}"}
    word = quote(HOSTILE, safe="")
    return [
        "/cases", f"/case?iri={quote(HOSTILE_CASE, safe='')}", f"/resource?iri={quote(HOSTILE_CASE, safe='')}",
        "/", "/diagram", "/diagram?level=HighParticipation&intensity=IntensiveOrEnduring", "/services", "/claims", "/claim/C51",
        "/search?q=script", f"/search?q={word}", f"/concepts?q={word}", f"/questions?q={word}", f"/cases?q={word}",
        f"/query?{urlencode(query)}", f"/query?query={word}", f"/question/case-profile?case={word}", f"/{word}", f"/term/{word}",
        f"/case?iri={word}", f"/about?of={word}", f"/diagram?country={word}", f"/network?term={word}", f"/?lang={word}",
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("path", hostile_pages(), ids=lambda path: path[:30])
def test_a_script_is_text_on_every_page(path: str, hostile: Site) -> None:
    reply = hostile.ask(path, headers=HTML)
    assert reply.status in (200, 400, 404)
    text = reply.data.decode()
    assert _Tags(text).runs == []
    if "case?iri=https" in path or path == "/cases":
        assert HOSTILE in unescape(text)
    name, mark, query = path.partition("?")
    for ending in (".md", ".svg"):
        reply = hostile.ask((name if name != "/" else "/index") + ending + mark + query)
        assert reply.status in (200, 400, 404)
        if reply.headers["Content-Type"].startswith(("text/markdown", "image/svg")):
            # Escaped, or within a block of code.
            told = re.sub(r"^```.*?^```$", "", reply.data.decode(), flags=re.S | re.M)
            assert "<script" not in told.replace("\\<", "")


@pytest.mark.slow
@pytest.mark.nightly
def test_a_script_is_text_wherever_a_link_leads(hostile: Site) -> None:
    ahead = [f"{hostile.url}{path}" for path in hostile_pages()]
    seen = set(ahead)
    pages = 0
    for url in itertools.islice(iter(ahead), 400):
        reply = hostile.ask(url.removeprefix(hostile.url), headers=HTML)
        assert reply.status < 500, url
        if reply.headers["Content-Type"].startswith("text/html"):
            pages += 1
            tags = _Tags(reply.data.decode())
            assert tags.runs == [], url
            links = {urljoin(url, each).partition("#")[0] for each in tags.links}
            found = {each for each in links if each.startswith(hostile.url)} - seen
            seen |= found
            ahead += sorted(found)
    assert pages > 300


# -- files that are no sheet --------------------------------------------------------------------


def sent(site: Site, name: str, content: bytes) -> urllib3.BaseHTTPResponse:
    body, kind = urllib3.encode_multipart_formdata({"file": (name, content)})
    return site.ask("/check", "POST", body, {"Content-Type": kind} | HTML)


@pytest.mark.parametrize("name", first_quick([f"{HOSTILE}.csv", f"../../{HOSTILE}.xlsx", "a\0b.csv", '"; x="y.csv', "ö\r\nX: y.csv"]))  # fmt: skip
def test_the_name_of_a_file_is_text_on_the_page_and_no_header(name: str, writable: Site) -> None:
    reply = sent(writable, name, b"id,title\n1,<script>alert(5)</script>\n")
    assert reply.status in (200, 400) and _Tags(reply.data.decode()).runs == []
    assert "X" not in reply.headers


def bomb(size: int, *, lies: bool = False) -> bytes:
    """Give a workbook one of whose sheets is so large; it says that it is small, where it lies."""
    file, name = io.BytesIO(), "xl/worksheets/sheet1.xml"
    with (
        zipfile.ZipFile(io.BytesIO(workbook(case_record(), "en"))) as made,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out,
    ):
        for each in made.namelist():
            if each != name:
                out.writestr(each, made.read(each))
        with out.open(name, "w") as sheet:
            for _ in range(size // 1_000_000):
                sheet.write(b" " * 1_000_000)
        real = size.to_bytes(4, "little")
    content = file.getvalue()
    return content.replace(real, (5_000).to_bytes(4, "little")) if lies else content


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x7fELF" + b"\0" * 5_000, "this is no workbook"),
        (b"PK\x03\x04" + b"\0" * 5_000, "this is no workbook"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 5_000, "this is no workbook"),
        (b"", "the file is empty"),
    ],
)
def test_what_is_no_workbook_is_told(content: bytes, told: str, writable: Site) -> None:
    reply = sent(writable, "cases.xlsx", content)
    assert reply.status == 400 and told in reply.data.decode()


@pytest.mark.slow
def test_a_workbook_that_unpacks_to_a_great_deal_is_told(writable: Site) -> None:
    reply = sent(writable, "cases.xlsx", bomb(400_000_000))
    assert reply.status == 400 and "more than the limit" in reply.data.decode()
    reply = sent(writable, "cases.xlsx", bomb(400_000_000, lies=True))
    assert reply.status == 400 and "this is no workbook" in reply.data.decode()
    assert lives(writable)


def test_a_sheet_of_too_many_lines_is_told(writable: Site) -> None:
    reply = sent(writable, "cases.csv", b"id,title\n" + b"x\n" * 200_000)
    assert reply.status == 400 and "200,001 lines" in reply.data.decode()


# -- pages of others, and stores that go away ---------------------------------------------------


@pytest.mark.parametrize("origin", ["https://example.org", "null", "http://127.0.0.1:1", "http://localhost.example.org"])  # fmt: skip
def test_a_page_elsewhere_that_posts_writes_nothing_and_reads_nothing(
    origin: str, writable: Site
) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": origin}
    update = urlencode({"update": "INSERT DATA { <urn:csrf> <urn:csrf> 1 }"}).encode()
    for more in ({}, BEARER):
        assert writable.ask("/sparql", "POST", update, form | more).status == 403
    query = urlencode({"query": "ASK { <urn:csrf> ?p ?o }"}).encode()
    reply = writable.ask("/sparql", "POST", query, form)
    assert not [name for name in reply.headers if name.lower().startswith("access-control-")]
    assert json.loads(reply.data)["boolean"] is False


@pytest.mark.slow
def test_a_store_that_is_gone_is_told_and_served_again_when_it_is_back(tmp_path: Path) -> None:
    store, away = tmp_path / "store", tmp_path / "away"
    kg = coproduction.open(store=store, create=True)
    kg.load(sheet(tmp_path, "a"))
    update = {"Content-Type": "application/sparql-update"} | BEARER
    with serving("--store", str(store), "--writable", "--workers", "1") as site:

        def told() -> list[tuple[int, str]]:
            replies = (
                site.ask("/sparql?" + urlencode({"query": "ASK { ?case a cop:Case }"})),
                site.ask("/cases", headers=HTML),
                site.ask("/sparql", "POST", b"CLEAR DEFAULT", update),
            )
            return [(each.status, unescape(each.data.decode())) for each in replies]

        assert [status for status, _ in told()] == [200, 200, 204]
        store.rename(away)
        for status, words in told():
            assert status == 500 and "there is no store" in words
        away.rename(store)
        assert [status for status, _ in told()] == [200, 200, 204]
        shutil.rmtree(store)
        store.mkdir()
        (store / "state").write_text("x")
        for status, words in told():
            assert status == 500 and "damaged" in words
        shutil.rmtree(store)
        coproduction.open(store=store, create=True)
        replies = told()
        assert [status for status, _ in replies] == [200, 200, 204]
        assert json.loads(replies[0][1])["boolean"] is False
