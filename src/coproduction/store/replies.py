"""What a server answered, read: rows, or yes and no, whatever form it came in."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

import pyoxigraph as ox

from ..errors import EndpointError, EndpointRefused
from .connection import Reply, said_in

ROWS: Final = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
"""What is asked for where rows are wanted, as a header of HTTP has it."""
_OF_ROWS: Final = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "application/xml": ox.QueryResultsFormat.XML,
}
_TRUTH: Final = re.compile(rb'"([01])"\^\^<http://www\.w3\.org/2001/XMLSchema#boolean>')
_BLANK: Final = re.compile(rb'("bnode"\s*,\s*"value"\s*:\s*"|<bnode>)nodeID://')
"""A blank node as Virtuoso names it, which no other program reads; some it calls IRIs."""
_NODE_ID: Final = re.compile(rb"<nodeID://([A-Za-z0-9]+)>")
_TRUTHS: Final = {b"1": b"true", b"0": b"false"}


def as_tsv(address: str, reply: Reply) -> bytes:
    """Give rows as TSV: one form, whatever the server speaks; and all of them, or none."""
    kind = _OF_ROWS.get(reply.kind)
    if kind is None:
        raise not_as_asked(address, reply, "rows")
    try:
        body = _BLANK.sub(rb"\1", reply.body) if b"nodeID://" in reply.body else reply.body
        answer = ox.parse_query_results(body, kind)
        if isinstance(answer, ox.QuerySolutions):
            tsv = answer.serialize(format=ox.QueryResultsFormat.TSV) or b""
            tsv = _NODE_ID.sub(rb"_:\1", tsv)
            return _TRUTH.sub(lambda found: _TRUTHS[found[1]], tsv)
    except (SyntaxError, ValueError) as error:
        raise EndpointError(
            f"{address}: the answer broke off, or is no {reply.kind}: {error}"
        ) from None
    raise not_as_asked(address, reply, "rows")


def with_truths(tsv: bytes, columns: Collection[str]) -> bytes:
    r"""Write 1 and 0 as true and false in some columns of rows.

    >>> with_truths(b"?a\t?n\n1\t1\n", {"a"})
    b'?a\t?n\ntrue\t1\n'
    """
    first, *lines = tsv.split(b"\n")
    places = [at for at, name in enumerate(first.split(b"\t")) if name[1:].decode() in columns]
    if not places:
        return tsv
    written = [first]
    for line in lines:
        cells = line.split(b"\t")
        for at in places:
            if at < len(cells):
                cells[at] = _TRUTHS.get(cells[at], cells[at])
        written.append(b"\t".join(cells))
    return b"\n".join(written)


def as_truth(address: str, reply: Reply) -> ox.QueryBoolean:
    """Give what an ASK says; Virtuoso answers with a row."""
    kind = _OF_ROWS.get(reply.kind)
    if kind is None:
        raise not_as_asked(address, reply, "yes or no")
    try:
        answer = ox.parse_query_results(reply.body, kind)
        if isinstance(answer, ox.QuerySolutions):
            row = next(answer, None)
            said = str(getattr(row[0], "value", "")) if row is not None else "false"
            answer = _spoken(said in ("1", "true"))
    except (SyntaxError, ValueError) as error:
        raise EndpointError(
            f"{address}: the answer broke off, or is no {reply.kind}: {error}"
        ) from None
    return answer


def _spoken(answer: bool) -> ox.QueryBoolean:
    text = f'{{"head":{{}},"boolean":{str(answer).lower()}}}'
    spoken = ox.parse_query_results(text, ox.QueryResultsFormat.JSON)
    assert isinstance(spoken, ox.QueryBoolean)
    return spoken


def not_as_asked(address: str, reply: Reply, wanted: str) -> EndpointError:
    """Give the error of a reply that is of another kind than was asked for."""
    kind = reply.kind or "something that names no media type"
    if "html" in kind:
        return EndpointRefused(
            f"{address}: a web page came, not {wanted}: this is no SPARQL endpoint, or it wants "
            "another address, such as one that ends in /sparql or /query"
        )
    return EndpointRefused(f"{address}: {wanted} were asked for, and {kind} came{said_in(reply)}")
