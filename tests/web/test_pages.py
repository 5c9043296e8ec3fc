"""The pages by HTTP: headers, tags, forms by Accept, and what is told of bad addresses."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import re
from html import unescape
from importlib.machinery import ModuleSpec
from pathlib import Path
from urllib.parse import urlencode

import pytest
import urllib3

from coproduction.cases.loading import load
from coproduction.errors import MissingExtra
from coproduction.web.orders import Scope
from coproduction.web.serving import run

from ..cases.test_served_loads import sheet
from .conftest import Site, serving

TERM = "/term/Complementary"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize("path", ["/", "/concepts", "/diagram", TERM, "/nothing", "/llms.txt"])
def test_a_browser_is_told_what_a_page_may_do(site: Site, path: str) -> None:
    reply = site.ask(path, headers={"Accept": BROWSER})
    assert reply.status == (404 if path == "/nothing" else 200)
    policy = dict(
        part.strip().split(" ", 1) for part in reply.headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in reply.headers["Content-Security-Policy"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Referrer-Policy"] == "no-referrer"
    assert "Accept" in reply.headers["Vary"]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "text/html"),
        ("*/*", "text/html"),
        (BROWSER, "text/html"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("text/markdown, text/html;q=0.5", "text/markdown"),
        ("application/json", "application/json"),
        ("text/csv;q=0.9, text/html;q=0.1", "text/csv"),
    ],
)
def test_a_term_comes_in_the_form_that_is_wanted(site: Site, accept: str, kind: str) -> None:
    reply = site.ask(TERM, headers={"Accept": accept} if accept else {})
    assert reply.status == 200
    assert reply.headers["Content-Type"].partition(";")[0] == kind
    assert "complement" in reply.data.decode().lower()


def test_a_form_that_there_is_not_is_refused(site: Site) -> None:
    assert site.ask(TERM, headers={"Accept": "image/png"}).status == 406
    assert site.ask(TERM + ".json", headers={"Accept": "image/png"}).status == 200


def test_an_ending_wins_over_accept(site: Site) -> None:
    reply = site.ask(TERM + ".json?lang=sv", headers={"Accept": "text/turtle"})
    assert json.loads(reply.data)["title"] == "komplementär"


def test_what_is_known_is_not_sent_again(site: Site) -> None:
    first = site.ask(TERM)
    tag = first.headers["ETag"]
    for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = site.ask(TERM, headers={"If-None-Match": known})
        assert (again.status, again.data) == (304, b""), known
        assert again.headers["ETag"] == tag
    assert site.ask(TERM, headers={"If-None-Match": '"other"'}).status == 200
    tags = {site.ask(path).headers["ETag"] for path in (TERM, TERM + ".md", TERM + "?lang=sv", "/")}
    assert len(tags) == 4
    assert site.ask(TERM).headers["ETag"] == tag


@pytest.mark.parametrize(
    ("path", "languages", "lang"),
    [
        ("/regimes", "", "en"),
        ("/regimes", "en-GB,en;q=0.9,sv;q=0.8", "en"),
        ("/regimes", "de-AT,de;q=0.9,en;q=0.8", "de"),
        ("/regimes", "it, en;q=0.3, fr-CA;q=0.4, sv;q=0", "fr"),
        ("/regimes?lang=sv", "de", "sv"),
        ("/regimes?lang=en", "de", "en"),
        ("/nothing-there", "sv", "sv"),
        ("/term/%FF", "sv", "sv"),
    ],
)
def test_a_page_comes_in_the_language_that_a_browser_prefers(
    site: Site, path: str, languages: str, lang: str
) -> None:
    wanted = {"Accept": BROWSER} | ({"Accept-Language": languages} if languages else {})
    reply = site.ask(path, headers=wanted)
    assert f'<html lang="{lang}">' in reply.data.decode()
    assert ("Accept-Language" in reply.headers["Vary"]) == ("lang=" not in path)


def test_a_language_that_was_chosen_is_kept_whatever_the_browser_prefers(site: Site) -> None:
    def shown(path: str) -> str:
        return unescape(site.ask(path, headers={"Accept-Language": "sv"}).data.decode())

    assert 'href="concepts?lang=sv"' in shown("/")
    (english,) = re.findall(r'<a href="([^"]+)" lang="en" hreflang="en"', shown("/"))
    assert english == "./?lang=en"
    chosen = shown("/?lang=en")
    assert 'href="concepts?lang=en"' in chosen and '<link rel="canonical" href="./">' in chosen
    assert '<input type="hidden" name="lang" value="en">' in chosen


def test_each_language_of_a_page_has_a_tag_of_its_own(site: Site) -> None:
    def asked(languages: str, known: str = "") -> urllib3.BaseHTTPResponse:
        headers = {"Accept-Language": languages} | ({"If-None-Match": known} if known else {})
        return site.ask(TERM, headers=headers)

    tags = {lang: asked(lang).headers["ETag"] for lang in ("en", "sv", "de", "fr")}
    assert len(set(tags.values())) == 4 and tags["en"] == site.ask(TERM).headers["ETag"]
    assert asked("sv-FI, en;q=0.5", tags["sv"]).status == 304
    assert asked("de", tags["sv"]).status == 200
    assert asked("sv", tags["sv"]).headers["Vary"] == asked("sv").headers["Vary"]
    graphs = [site.ask(TERM + ".ttl", headers={"Accept-Language": lang}) for lang in ("sv", "de")]
    assert graphs[0].headers["ETag"] == graphs[1].headers["ETag"]
    assert "Language" not in graphs[0].headers["Vary"]


def test_a_page_that_is_kept_is_the_page(site: Site) -> None:
    """Each process is asked for it, and once more than there are processes."""
    replies = [site.ask("/regimes?lang=de") for _ in range(5)]
    assert len({(each.status, each.data, each.headers["ETag"]) for each in replies}) == 1
    assert site.ask("/regimes?lang=sv").data != replies[0].data


@pytest.mark.parametrize("path", ["/", "/check", "/claim/C51.svg"])
def test_what_is_known_keeps_its_guards(site: Site, path: str) -> None:
    """A browser takes the headers of a 304 for those of the page that it has (RFC 9111, 4.3.4)."""
    first = site.ask(path)
    again = site.ask(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status, again.status) == (200, 304)
    kept = ("Content-Security-Policy", "Referrer-Policy", "Cache-Control", "Vary", "ETag")
    assert {name: again.headers[name] for name in kept} == {
        name: first.headers[name] for name in kept
    }


def test_head_has_no_body(site: Site) -> None:
    reply = site.ask(TERM, "HEAD")
    assert (reply.status, reply.data) == (200, b"")
    assert int(reply.headers["Content-Length"]) == len(site.ask(TERM).data)


def test_what_a_page_fetches_is_served(site: Site) -> None:
    text = site.ask("/").data.decode()
    found = {unescape(each) for each in re.findall(r'href="(static/[^"]+)"', text)}
    assert len(found) >= 2
    kinds = {site.ask(f"/{each}").headers["Content-Type"].partition(";")[0] for each in found}
    assert kinds == {"text/css", "image/svg+xml"}
    for path in ("/static/../page.py", "/static/%2e%2e/page.py", "/static/nothing.css"):
        assert site.ask(path).status == 404, path


def test_a_page_has_one_address(site: Site) -> None:
    reply = site.ask("/concepts/?lang=sv")
    assert (reply.status, reply.headers["Location"]) == (308, "/concepts?lang=sv")
    assert site.ask("//example.org/").headers["Location"] == "/example.org"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/term/Nothing", 404),
        ("/term/%FF", 400),
        ("/diagram?year=soon", 400),
        ("/diagram?lang=xx", 400),
        ("/concepts?" + "&".join(f"a{n}=1" for n in range(200)), 400),
        ("/../../etc/passwd", 404),
        ("/term/%3Cscript%3Ealert(1)%3C/script%3E", 404),
    ],
)
def test_a_bad_address_is_told_as_a_page(site: Site, path: str, status: int) -> None:
    reply = site.ask(path, headers={"Accept": BROWSER})
    assert (reply.status, reply.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert b"<script" not in reply.data and b"Traceback" not in reply.data
    assert "ETag" not in reply.headers


def test_a_program_is_told_in_plain_text(site: Site) -> None:
    reply = site.ask("/term/Nothing.json")
    assert (reply.status, reply.headers["Content-Type"]) == (404, "text/plain; charset=utf-8")


def test_nothing_is_written_by_a_page(site: Site) -> None:
    assert site.ask("/diagram", "POST", b"x=1").status == 405


@pytest.mark.slow
def test_agents_find_the_pages(writable: Site) -> None:
    reply = writable.ask("/llms.txt")
    text = reply.data.decode()
    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert text.startswith("# Co-production\n")
    listed = re.findall(r"\]\(([^)]+\.md)\)", text)
    assert "concepts.md" in listed
    for path in listed:
        found = writable.ask(f"/{path}").headers["Content-Type"]
        assert found == "text/markdown; charset=utf-8", path


def test_a_picture_is_let_have_its_own_colours_and_nothing_else(writable: Site) -> None:
    answer = writable.ask("/claims.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    )
    assert "unsafe-inline" not in writable.ask("/claims").headers["content-security-policy"]


@pytest.mark.slow
def test_a_query_that_never_ends_gives_the_page_with_a_sentence(site: Site) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    path = f"/query?{urlencode({'query': text, 'lang': 'sv'})}"
    reply = site.ask(path, headers={"Accept": BROWSER})
    told = unescape(reply.data.decode())
    assert (reply.status, reply.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert "längre än 5 sekunder" in told and text in told
    assert reply.headers["Content-Security-Policy"]
    assert "ETag" not in reply.headers
    reply = site.ask(f"/query.csv?{urlencode({'query': text})}")
    assert (reply.status, reply.headers["Content-Type"]) == (503, "text/plain; charset=utf-8")
    assert site.ask("/llms.txt").status == 200


def test_a_query_that_is_wrong_is_answered_as_such(site: Site) -> None:
    reply = site.ask("/query?query=SELCT", headers={"Accept": BROWSER})
    assert reply.status == 400 and b"SELCT" in reply.data
    reply = site.ask("/query.csv?query=SELCT")
    assert (reply.status, reply.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")


def test_a_page_gives_no_more_rows_than_the_server(site: Site) -> None:
    text = urlencode({"query": "SELECT ?s ?p ?o { ?s ?p ?o }"})
    reply = site.ask(f"/query.csv?{text}")
    assert reply.data.count(b"\n") < 10_000
    assert len(list(csv.reader(io.StringIO(reply.data.decode(), newline="")))) == 3_001


@pytest.mark.parametrize("library", ["jinja2", "markdownify"])
def test_without_a_library_of_pages_it_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    real = importlib.util.find_spec

    def find_spec(name: str, package: str | None = None) -> ModuleSpec | None:
        return None if name == library else real(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)
    with pytest.raises(MissingExtra, match=library):
        run(Scope(), port=0)


@pytest.mark.slow
def test_a_page_of_a_store_is_another_when_the_store_is(tmp_path: Path) -> None:
    store = tmp_path / "store"
    load(sheet(tmp_path, "a", "b", "c"), store)
    with serving("--store", str(store), "--workers", "1") as site:
        first = site.ask("/diagram.json")
        tag = first.headers["ETag"]
        assert site.ask("/diagram.json", headers={"If-None-Match": tag}).status == 304
        load(sheet(tmp_path, "d", name="more.csv"), store)
        again = site.ask("/diagram.json", headers={"If-None-Match": tag})
        assert again.status == 200 and again.headers["ETag"] != tag
        counts = [
            sum(cell["cases"] for cell in json.loads(each.data)["tables"]["cells"])
            for each in (first, again)
        ]
        assert counts[1] == counts[0] + 1 > 1
        assert site.ask("/id/case/d").status == 200


@pytest.mark.slow
def test_pages_show_what_another_server_has(site: Site) -> None:
    with serving("--endpoint", f"{site.url}/sparql", "--timeout", "60") as before:
        for path in ("/", TERM, "/diagram?country=SE", "/search?q=c51", "/concepts?by=kind"):
            mine, other = before.ask(path), site.ask(path)
            assert mine.status == other.status == 200, path
            assert mine.data == other.data, path
            assert "ETag" not in mine.headers


def form(name: str, content: bytes, act: str = "check") -> tuple[bytes, dict[str, str]]:
    body, kind = urllib3.encode_multipart_formdata({"file": (name, content), "act": act})
    return body, {"Content-Type": kind, "Accept": BROWSER}


def test_a_sheet_is_checked_and_corrected(writable: Site) -> None:
    empty = writable.ask("/template.csv?lang=sv")
    assert empty.headers["Content-Disposition"] == 'attachment; filename="cases.csv"'
    wrong = empty.data.replace(b"barnomsorg", b"barnomsor")
    body, headers = form("mitt ark.csv", wrong)
    reply = writable.ask("/check?lang=sv", "POST", body, headers)
    told = unescape(reply.data.decode())
    assert reply.status == 200 and "Menade du 'barnomsorg'?" in told and "mitt ark.csv" in told
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["Referrer-Policy"] == "same-origin"
    content, name = (
        re.search(f'name="{key}" value="([^"]*)"', told)[1]  # type: ignore[index]
        for key in ("content", "name")
    )
    body, kind = urllib3.encode_multipart_formdata(
        {"content": content, "name": name, "act": "corrected"}
    )
    reply = writable.ask("/check?lang=sv", "POST", body, {"Content-Type": kind})
    assert reply.headers["Content-Disposition"] == 'attachment; filename="mitt-ark-corrected.csv"'
    assert reply.data == empty.data


def test_a_sheet_comes_in_an_encoding(writable: Site) -> None:
    right = writable.ask("/template.csv?lang=sv").data.decode("utf-8-sig")
    parts = {"file": ("a.csv", right.encode("utf-16-le")), "act": "check"}
    for encoding, status in (("", 400), ("utf-16-le", 200), ("utf-16-be", 400)):
        body, kind = urllib3.encode_multipart_formdata(parts | {"encoding": encoding})
        reply = writable.ask("/check.json?lang=sv", "POST", body, {"Content-Type": kind})
        assert reply.status == status, encoding


def test_a_sheet_of_another_page_is_refused(writable: Site) -> None:
    body, headers = form("a.csv", b"id\n1\n")
    for origin in ("http://evil.example", "null"):
        reply = writable.ask("/check", "POST", body, headers | {"Origin": origin})
        assert reply.status == 403
        told = reply.data.decode()
        assert "may not send a sheet here" in told and 'href="check"' in told
        assert reply.headers["Referrer-Policy"] == "same-origin"
    sent = headers | {"Origin": "null", "Accept": "application/json"}
    assert writable.ask("/check", "POST", body, sent).headers["Content-Type"].startswith("text/pl")
    german = writable.ask("/check?lang=de", "POST", body, headers | {"Origin": "null"})
    assert "Eine Seite anderer Herkunft" in german.data.decode()
    own = headers | {"Origin": writable.url}
    assert writable.ask("/check", "POST", body, own).status == 400  # it lacks columns


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", b"id"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\nid\r\n--x--"),
        ("multipart/form-data", b"--x--"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="content"\r\n\r\n!!\r\n--x--',
        ),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Type: multipart/x\r\n\r\n" * 2000),
    ],
)
def test_a_form_without_a_sheet_is_refused(writable: Site, kind: str, body: bytes) -> None:
    reply = writable.ask("/check", "POST", body, {"Content-Type": kind})
    assert reply.status == 400 and b"no sheet came" in reply.data
    headers = {"Content-Type": kind, "Accept": "text/html"}
    told = writable.ask("/check?lang=de", "POST", body, headers).data.decode()
    assert "es kam kein Bogen" in told and "no sheet came" not in told


def test_too_large_a_sheet_is_refused(writable: Site) -> None:
    body, headers = form("a.csv", b"x" * 8_100_000)
    assert writable.ask("/check", "POST", body, headers).status == 413
    told = writable.ask("/check?lang=fr", "POST", body, headers | {"Accept": "text/html"}).data
    assert "la requête dépasse" in told.decode()
