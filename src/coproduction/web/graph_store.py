"""Which graph a request of the Graph Store Protocol is about, and what it brings.

Source: SPARQL 1.1 Graph Store HTTP Protocol (W3C Recommendation, 21 March 2013), sections 4 and 5.
"""

from __future__ import annotations

import email.policy
import uuid
from email.parser import BytesParser
from typing import Final, NamedTuple

import pyoxigraph as ox

from .asked import RequestError
from .writing import Body, GraphWanted

METHODS: Final = ("GET", "HEAD", "PUT", "POST", "DELETE")
_MULTIPART: Final = "multipart/form-data"
_MOST_PARTS: Final = 100


class Named(NamedTuple):
    """What a request names.

    Attributes:
        iri: of a graph; None for the graph without a name.
        is_union: whether all graphs are meant, as one.
        is_new: whether the name was made here.
    """

    iri: str | None
    is_union: bool = False
    is_new: bool = False


def graph_named(method: str, service: str, path: str, parameters: list[tuple[str, str]]) -> Named:
    """Give the graph that a request names.

    Args:
        method: of the request.
        service: the address of the service.
        path: what stands behind it in the address of the request, as it came.
        parameters: of the address.

    Raises:
        RequestError: it names none, or more than one.

    >>> graph_named("GET", "http://x/graphs", "/a", []).iri
    'http://x/graphs/a'
    """
    names = [value for name, value in parameters if name == "graph"]
    others = [name for name, _ in parameters if name in ("default", "union")]
    if path not in ("", "/"):
        if names or others:
            raise RequestError(400, "the address names a graph, and its parameters another")
        return Named(_iri(service + path))
    if not names and not others and method == "POST":
        return Named(f"{service}/{uuid.uuid4()}", is_new=True)
    if len(names) + len(others) != 1:
        raise RequestError(
            400,
            "name one graph: by ?graph=IRI, the one without a name by ?default, or all of them as "
            "one by ?union",
        )
    if others == ["union"]:
        if method not in ("GET", "HEAD"):
            raise RequestError(400, "the union of all graphs is read alone: name one to change it")
        return Named(None, is_union=True)
    return Named(_iri(names[0]) if names else None)


def _iri(text: str) -> str:
    try:
        return ox.NamedNode(text).value
    except ValueError:
        raise RequestError(400, f"{text!r} is no IRI of a graph") from None


def change_wanted(
    method: str, named: Named, service: str, kind: str, header: str, body: bytes
) -> GraphWanted:
    """Give the change that a request asks for.

    Args:
        method: PUT, POST or DELETE.
        named: the graph.
        service: the address of the service.
        kind: the media type of the body, without its parameters.
        header: the whole header of it.
        body: all of it.

    Raises:
        RequestError: the body cannot be read.
    """
    bodies: tuple[Body, ...] = ()
    if method != "DELETE":
        bodies = _parts(header, body) if kind == _MULTIPART else (Body(kind, body),)
    base = named.iri or service
    location = named.iri if named.is_new else None
    return GraphWanted(method.lower(), named.iri, bodies, base, location)


def _parts(header: str, body: bytes) -> tuple[Body, ...]:
    """Give the files of a form."""
    head = f"Content-Type: {header}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    parts = list(message.iter_parts()) if message.is_multipart() else []
    if not parts or len(parts) > _MOST_PARTS:
        raise RequestError(400, f"the form has {len(parts)} files: send 1 to {_MOST_PARTS}")
    found = []
    for part in parts:
        content = part.get_payload(decode=True)
        found.append(Body(part.get_content_type(), content if isinstance(content, bytes) else b""))
    return tuple(found)
