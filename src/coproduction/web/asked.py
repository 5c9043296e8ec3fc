"""What a request of the SPARQL 1.1 Protocol asks, and what is wrong with one that asks nothing.

Source: SPARQL 1.1 Protocol (W3C Recommendation, 21 March 2013), sections 2.1 and 2.2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple
from urllib.parse import parse_qsl

from ..errors import CoproductionError

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"


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


def asked_by(url: str, method: str, query_string: str, kind: str, body: bytes) -> Asked | None:
    """Read the query of a request.

    Args:
        url: of the endpoint.
        method: GET or POST.
        query_string: what stands behind the question mark of its address.
        kind: the media type of the body, in lower case and without parameters.
        body: all of it; empty of a GET.

    Returns:
        None where a GET asks nothing: it is answered with a description of the service.

    Raises:
        RequestError: it is no query, or more than one.
    """
    pairs = _pairs(query_string)
    if method == "POST" and kind == FORM:
        pairs += _pairs(_as_text(body))
    elif method == "POST" and kind == QUERY:
        if any(name == "query" for name, _ in pairs):
            raise RequestError(
                400, "a query came in the body, and another in the address: send one"
            )
        pairs.append(("query", _as_text(body)))
    elif method == "POST" and kind == UPDATE:
        raise read_only()
    elif method == "POST":
        raise RequestError(
            415,
            f"a body of the type {kind or 'that no header names'!r} cannot be read: send the query "
            f"as {QUERY}, or as the parameter 'query' of {FORM}",
        )
    if any(name == "update" for name, _ in pairs):
        if method == "GET":
            raise RequestError(400, "an update is sent by POST, never by GET")
        raise read_only()
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


def read_only() -> RequestError:
    """Say that nothing is written here."""
    return RequestError(
        403, "this endpoint is read-only: load data with 'coproduction load', beside the server"
    )


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
