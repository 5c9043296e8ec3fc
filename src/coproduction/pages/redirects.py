"""Where the permanent addresses of things lead: rules for Apache, as w3id.org takes them.

A browser is led to the page on a thing, a program that wants RDF to its Turtle. A term stands
behind the ``#`` of the ontology's address, which is never sent: the browser goes to that place of
the page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from ..errors import DataError
from ..names import ONTOLOGY_IRI

FILE: Final = "w3id.htaccess"
"""The file of the rules."""
MERGED: Final = "coproduction"
"""The name of the files of all graphs merged, without its ending."""
_BELOW: Final = ONTOLOGY_IRI + "/"
_RDF: Final = r"(turtle|rdf\+xml|n-triples|ld\+json|n3)"
_WANTS_PAGE: Final = "text/html"
_GENERAL: Final = (("id/((?:case|claim)/[^/]+)", "$1"), ("(id/.+)", "$1"))
"""Paths of things below the ontology's address, and the file of each without its ending."""


def checked_url(url: str) -> str:
    """Give the address of a site as rules have it, with a slash at its end.

    Raises:
        DataError: it is no address of the web.

    >>> checked_url("https://example.org/below")
    'https://example.org/below/'
    """
    parts = urlsplit(url)
    is_plain = not parts.query and not parts.fragment and not re.search(r"[\s\"%$]", url)
    if parts.scheme not in ("http", "https") or not parts.netloc or not is_plain:
        raise DataError(f"{url}: give the address of the site, such as https://example.org/")
    return url.rstrip("/") + "/"


def rules(url: str, files: Mapping[str, str], concepts: str, data: str) -> str:
    """Write the rules.

    Args:
        url: of the site, with a slash at its end.
        files: the IRI of each thing below ``id/`` that has a page, and its file without its ending.
        concepts: the page that has every term at its name.
        data: the file of all graphs.
    """
    blocks = [
        _one("/?", f"{url}{MERGED}.owl", r"rdf\+xml", but=_WANTS_PAGE),
        _one("/?", f"{url}{MERGED}.ttl", _RDF, but=_WANTS_PAGE),
        _one("/?", f"{url}{concepts}"),
    ]
    for iri, file in sorted(files.items()):
        path = iri.removeprefix(_BELOW)
        if _by_general(path) != file:
            blocks += _thing(re.escape(path), f"{url}{file}")
    for pattern, target in _GENERAL:
        blocks += _thing(pattern, f"{url}{target}")
    blocks += [
        _one("graph/.*", f"{url}{data}"),
        _one(r"\d+\.\d+\.\d+", f"{url}{MERGED}.ttl", _RDF, but=_WANTS_PAGE),
        _one(".*", f"{url}{concepts}"),
    ]
    head = f"# {ONTOLOGY_IRI} leads to {url} by these rules.\nRewriteEngine On\n"
    return "\n".join([head, *blocks])


def _by_general(path: str) -> str | None:
    for pattern, target in _GENERAL:
        if found := re.fullmatch(pattern, path):
            return target.replace("$1", found[1])
    return None


def _thing(pattern: str, target: str) -> list[str]:
    return [
        _one(pattern, f"{target}.ttl", _RDF, but=_WANTS_PAGE),
        _one(pattern, f"{target}.html"),
    ]


def _one(pattern: str, target: str, wanted: str = "", but: str = "") -> str:
    conditions = []
    if but:
        conditions.append(f"RewriteCond %{{HTTP_ACCEPT}} !{but}")
    if wanted:
        conditions.append(f"RewriteCond %{{HTTP_ACCEPT}} {wanted}")
    return "\n".join([*conditions, f"RewriteRule ^{pattern}$ {target} [R=303,NE,L]", ""])
