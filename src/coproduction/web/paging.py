"""A page of the explorer as an answer of HTTP: its form, its tag, and its guards."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Final

from ..errors import CoproductionError
from ..messages import speaker
from ..pages.address import FORMS, RDF_FORMS, Address
from ..pages.llms import PATH, llms_text
from ..pages.near import told_of
from ..pages.page import NoPage
from ..pages.query import stopped
from ..pages.rendering import html, problem, written
from ..pages.site import page_at
from ..version import __version__
from . import media_types
from .asked import RequestError
from .kept import Kept
from .orders import PLAIN, Limits, Open, PageAsked, Sent, told
from .wanted_language import wanted_language

POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; connect-src 'self'"
)
"""What a browser may fetch and run for a page: nothing that stands in it, or is of others."""
POLICY_HEADER: Final = "Content-Security-Policy"
GUARDS: Final = (
    (POLICY_HEADER, POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
)
QUERY_PATH: Final = "/query"
CHECK_PATH: Final = "/check"
_MOST_KEPT: Final = 16_000_000
"""Bytes of pages that a process keeps."""
_pages: Final = Kept(_MOST_KEPT)
"""What was asked last."""
_PICTURE: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""The same for a picture that is opened by itself: its colours stand in it, and it runs nothing."""
_KINDS: Final = {kind.partition(";")[0]: form for form, kind in FORMS.items()}


def page_sent(graphs: Open, asked: PageAsked, accept: str, limits: Limits) -> Sent:
    """Answer with a page.

    Args:
        graphs: what it shows.
        asked: which page, and what is known of it.
        accept: the header that says in which form it is wanted, where its address does not.
        limits: what it may take.

    Raises:
        RequestError: it is wanted in no form that there is, or is too large.
    """
    if asked.path == PATH:
        return Sent(200, PLAIN, llms_text().encode(), GUARDS)
    address = in_language(Address("/"), asked.languages)
    varies = _varies(Address("/"))
    try:
        plain = Address.read(asked.path, asked.query)
        form = form_of(plain, accept)
        varies = _varies(plain.in_form(form))
        address = in_language(plain.in_form(form), asked.languages)
        tag = _tag(graphs, asked, address)
        if tag and _is_known(tag, asked.known):
            # A browser takes these headers for those of the page that it has, compressed.
            headers = (*guards_of(address.path, form), *_kept(tag))
            vary = ("Vary", f"{varies[1]}, Accept-Encoding")
            return Sent(304, FORMS[form], b"", (*headers, vary))
        if tag in _pages:
            return _pages.again(tag)
        page = page_at(graphs.graph, address, limits.rows)
        kind, body = written(page, graphs.store)
        if len(body) > limits.largest:
            raise RequestError(
                400, f"the page is larger than {limits.largest:,} bytes: ask for less, by LIMIT"
            )
    except RequestError:
        raise
    except CoproductionError as error:
        status = 404 if isinstance(error, NoPage) else told(error).status
        if address.form not in ("", "html"):
            return Sent(status, PLAIN, f"{error}\n".encode(), guards_of(address.path, ""))
        sent = page_of_problem(address, error, status)
        return sent._replace(headers=(*sent.headers, varies))
    tags = _kept(tag) if tag and page.status == 200 else ()
    guards = guards_of(address.path, form)
    sent = Sent(page.status, kind, body, (*guards, *tags, varies))
    if tags:
        _pages.keep(tag, sent)
    return sent


def in_language(address: Address, languages: str) -> Address:
    """Give an address with the language that is wanted, where it names none.

    English is left out, as it is what comes then: such a page links to others without it.

    Args:
        address: what is asked.
        languages: the header Accept-Language.
    """
    lang = wanted_language(languages)
    is_open = not address.get("lang") and address.form not in RDF_FORMS
    return address.with_state(lang=lang) if is_open and lang != "en" else address


def _varies(address: Address) -> tuple[str, str]:
    """Give the header that says what an answer hangs on beside its address."""
    is_open = not address.get("lang") and address.form not in RDF_FORMS
    return "Vary", "Accept, Accept-Language" if is_open else "Accept"


def page_of_problem(address: Address, error: CoproductionError, status: int) -> Sent:
    """Answer with a page that says what is wrong."""
    body = problem(address, error).encode()
    return Sent(status, FORMS["html"], body, guards_of(address.path, "html"))


def _kept(tag: str) -> tuple[tuple[str, str], ...]:
    """Give the headers by which a browser keeps a page, and asks whether it is another."""
    return ("ETag", tag), ("Cache-Control", "no-cache")


def guards_of(path: str, form: str) -> tuple[tuple[str, str], ...]:
    """Give the headers that say what a browser may do with a page."""
    guards = dict(GUARDS)
    if form == "svg":
        guards[POLICY_HEADER] = _PICTURE
    if path == CHECK_PATH:
        # Without it a browser does not say that what is sent comes from here.
        guards["Referrer-Policy"] = "same-origin"
    return tuple(guards.items())


def form_of(address: Address, accept: str) -> str:
    """Give the form that is wanted: by the address, else by the header.

    Raises:
        RequestError: there is none that fits.
    """
    return address.form or _KINDS[media_types.wanted(accept, list(_KINDS))]


def stopped_page(
    asked: PageAsked, sent: Sent, accept: str, error: CoproductionError | None = None
) -> Sent:
    """Give a page that says why there is no other: what was asked took too long, for one.

    Args:
        asked: what was asked.
        sent: the answer in plain text.
        accept: the header that says in which form it is wanted.
        error: what the answer tells, where that is at hand: it can be told in other languages.
    """
    try:
        address = in_language(Address.read(asked.path, asked.query), asked.languages)
        form = form_of(address, accept)
    except CoproductionError:
        return sent
    if form != "html":
        return sent._replace(headers=(*sent.headers, *guards_of(address.path, form)))
    error = error or CoproductionError(sent.body.decode().strip())
    if address.path == QUERY_PATH:
        words = told_of(error, speaker(address.lang))
        text = html(stopped(address.in_form(form), words))
    else:
        text = problem(address, error)
    headers = (*sent.headers, *guards_of(address.path, form))
    return sent._replace(kind=FORMS["html"], body=text.encode(), headers=headers)


def _tag(graphs: Open, asked: PageAsked, address: Address) -> str:
    """Give what is another when the page may be another; nothing where others write the graphs."""
    if graphs.store.address is not None:
        return ""
    # Files beside a store are read once in a run of the server.
    run = (__version__, asked.boot, str(graphs.stamp), _today())
    text = "\n".join((*run, asked.path, asked.query, address.form, address.lang))
    return f'W/"{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"'


def _today() -> str:
    """Give the day: a page says on which it was seen."""
    return datetime.now(UTC).date().isoformat()


def _is_known(tag: str, known: str) -> bool:
    """Tell whether a tag is among those of If-None-Match, compared weakly (RFC 9110, 13.1.2)."""
    tags = [each.strip().removeprefix("W/") for each in known.split(",")]
    return tag.removeprefix("W/") in tags or "*" in tags
