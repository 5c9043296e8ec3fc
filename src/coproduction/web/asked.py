"""What a request of the SPARQL 1.1 Protocol asks or changes, and what is wrong with one.

Source: SPARQL 1.1 Protocol (W3C Recommendation, 21 March 2013), sections 2.1 and 2.2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple
from urllib.parse import parse_qsl

from ..cases.updating import Update
from ..errors import CoproductionError

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
_CHARSETS: Final = ("utf-8", "utf8", "us-ascii", "ascii")


class RequestError(CoproductionError):
    """A request that is not answered.

    Args:
        status: the code of HTTP.
        words: why, for whoever sent it.
        headers: what the answer carries beside them.
    """

    def __init__(self, status: int, words: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(words)
        self.status = status
        self.headers = dict(headers or {})


class Asked(NamedTuple):
    """A query, and the graphs that it is put to.

    Attributes:
        text: of the query.
        default: IRIs of the graphs that are the default graph; None for the union of all.
        named: IRIs of the graphs that GRAPH asks, where `default` is not None.
        url: of the endpoint, on which relative IRIs stand.
    """

    text: str
    default: tuple[str, ...] | None
    named: tuple[str, ...]
    url: str


def asked_by(
    url: str, method: str, query_string: str, kind: str, body: bytes
) -> Asked | Update | None:
    """Read the query or the update of a request.

    Args:
        url: of the endpoint.
        method: GET or POST.
        query_string: what stands behind the question mark of its address.
        kind: the media type of the body, in lower case and without parameters.
        body: all of it; empty of a GET.

    Returns:
        None where a GET asks nothing: it is answered with a description of the service.

    Raises:
        RequestError: it is neither, or more than one.
    """
    pairs = _pairs(query_string)
    if method == "POST" and kind == FORM:
        pairs += _pairs(_as_text(body))
    elif method == "POST" and kind in (QUERY, UPDATE):
        if any(name in ("query", "update") for name, _ in pairs):
            raise RequestError(
                400, "one came in the body, and another in the address: send one query or update"
            )
        pairs.append(("query" if kind == QUERY else "update", _as_text(body)))
    elif method == "POST":
        raise RequestError(
            415,
            f"a body of the type {kind or 'that no header names'!r} cannot be read: send the query "
            f"as {QUERY}, or as the parameter 'query' of {FORM}",
        )
    if any(name == "update" for name, _ in pairs):
        if method == "GET":
            raise RequestError(400, "an update is sent by POST, never by GET")
        return _update(pairs, url)
    texts = [value for name, value in pairs if name == "query"]
    if len(texts) > 1:
        raise RequestError(400, f"{len(texts)} queries came: send one at a time")
    if not texts:
        if method == "GET" and not pairs:
            return None
        raise RequestError(400, "no query came: send it as the parameter 'query'")
    graphs = {name: _values(pairs, name) for name in ("default-graph-uri", "named-graph-uri")}
    default, named = graphs["default-graph-uri"], graphs["named-graph-uri"]
    return Asked(texts[0], default if default or named else None, named, url)


def _update(pairs: Sequence[tuple[str, str]], url: str) -> Update:
    texts = _values(pairs, "update")
    if len(texts) > 1 or _values(pairs, "query"):
        raise RequestError(400, "more than one query or update came: send one at a time")
    using, named = (_values(pairs, f"using-{which}graph-uri") for which in ("", "named-"))
    for iri in (*using, *named):
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*", iri):
            raise RequestError(400, f"{iri!r} is no IRI of a graph")
    return Update(texts[0], using, named, url)


def check_charset(header: str) -> None:
    """Refuse a body in another charset than UTF-8.

    Args:
        header: the content type, with its parameters.

    Raises:
        RequestError: 415.
    """
    for parameter in header.split(";")[1:]:
        name, _, value = parameter.partition("=")
        charset = value.strip().strip('"').lower()
        if name.strip().lower() == "charset" and charset not in _CHARSETS:
            raise RequestError(415, f"the charset {value.strip()!r} is not read: send UTF-8")


def read_only() -> RequestError:
    """Say that nothing is written here."""
    return RequestError(
        403,
        "this endpoint is read-only: load data with 'coproduction load', beside the server, or "
        "serve a store with --writable",
    )


def parameters_of(body: bytes) -> dict[str, str]:
    """Give the parameters of a form.

    Raises:
        RequestError: it cannot be read.
    """
    return dict(_pairs(_as_text(body)))


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1_000)
    except UnicodeDecodeError:
        raise RequestError(400, "the request is not in UTF-8: send it so") from None
    except ValueError:
        raise RequestError(400, "more than 1,000 parameters came") from None


def _as_text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError(
            400, f"the body is not in UTF-8 (byte {error.start}): send it so"
        ) from None


def _values(pairs: Sequence[tuple[str, str]], name: str) -> tuple[str, ...]:
    return tuple(value for each, value in pairs if each == name)
