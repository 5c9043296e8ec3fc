"""Writing to a server: by SPARQL Update and the Graph Store Protocol, at addresses beside it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from ..errors import EndpointRefused
from ..names import GRAPH
from .connection import Connection
from .portable_text import with_prefixes

UPDATE: Final = "COPRODUCTION_ENDPOINT_UPDATE"
"""Where the environment may name the address of updates, if it is none of the usual."""
GRAPHS: Final = "COPRODUCTION_ENDPOINT_GRAPHS"
"""Where it may name that of the Graph Store Protocol."""
_TRIPLES: Final = {"Content-Type": "application/n-triples"}
_LOADS: Final = GRAPH + "loads"


class Writer:
    """Writes to the server of a connection.

    Args:
        connection: the server, at the address of its queries.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def update(self, text: str) -> None:
        """Carry out SPARQL Update.

        Raises:
            EndpointError: the server refuses or fails.
        """
        self._connection.ask([("update", with_prefixes(text))], "*/*", self._updates)

    def put(self, graph: str, triples: bytes) -> None:
        """Make N-Triples the whole content of a graph, in one step.

        Raises:
            EndpointError: as :meth:`update`.
        """
        self._connection.send("PUT", self._of(graph), triples, _TRIPLES)

    def add(self, graph: str, triples: bytes) -> None:
        """Add N-Triples to a graph, in one step; what is there stays.

        Raises:
            EndpointError: as :meth:`update`.
        """
        self._connection.send("POST", self._of(graph), triples, _TRIPLES)

    def drop(self, graph: str) -> None:
        """Take a graph out, if it is there.

        Raises:
            EndpointError: as :meth:`update`.
        """
        self.update(f"DROP SILENT GRAPH <{graph}>")

    def _of(self, graph: str) -> str:
        return f"{self._store}{'&' if '?' in self._store else '?'}{urlencode({'graph': graph})}"

    @cached_property
    def _updates(self) -> str:
        """Find where updates are sent, by sending one that changes nothing."""
        urls = _candidates(self._connection.url, ("update",), "/statements")
        nothing = [("update", "INSERT DATA { }")]
        return self._first(UPDATE, urls, lambda url: self._connection.ask(nothing, "*/*", url))

    @cached_property
    def _store(self) -> str:
        """Find where graphs are put, by adding nothing to one of ours."""
        names = ("data", "store", "sparql-graph-crud")
        urls = _candidates(self._connection.url, names, "/rdf-graphs/service")
        one = urlencode({"graph": _LOADS})
        send = self._connection.send
        return self._first(GRAPHS, urls, lambda url: send("POST", f"{url}?{one}", b"", _TRIPLES))

    def _first(self, name: str, urls: Iterable[str], tried: Callable[[str], object]) -> str:
        """Give the address that the environment names, else the first of some that works.

        Raises:
            EndpointRefused: none does, or one that is there wants to know who asks.
        """
        if given := os.environ.get(name):
            return given
        for url in urls:
            try:
                tried(url)
            except EndpointRefused as error:
                if error.status in (401, 403):  # it is there, and not for everybody
                    raise
                continue
            return url
        raise EndpointRefused(
            f"{self._connection.url}: nothing beside it takes what is written: the server may be "
            "read-only (Fuseki over a folder is, without --update); if another address takes it, "
            f"set {name} in the environment"
        )


def _candidates(url: str, names: tuple[str, ...], below: str) -> Iterator[str]:
    """Give the addresses at which servers do a thing: beside the queries, below them, there."""
    parts = urlsplit(url)
    before, _, _ = parts.path.rstrip("/").rpartition("/")
    for path in (*(f"{before}/{name}" for name in names), f"{parts.path}{below}", parts.path):
        yield urlunsplit((parts.scheme, parts.netloc, path, "", ""))
