"""All that answers our queries, servers and libraries alike, started in one way.

An engine is entered with an empty folder to work in, and gives what takes the graphs of a store and
gives what is asked. Where it cannot be had, to enter it skips.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pyoxigraph as ox

from coproduction.knowledge.served import open_served
from coproduction.store.connection import Connection
from coproduction.store.embedded import EmbeddedStore
from coproduction.store.served import ServedStore

from . import clients, servers
from .clients import Asked

Over = Callable[[EmbeddedStore], Asked]
Engine = Callable[[Path], AbstractContextManager[Over]]
_PART = 2_000
"""Statements that one update inserts."""


def put(store: EmbeddedStore, url: str) -> ServedStore:
    """Bring a store's graphs onto a server, graph by graph; give the server opened."""
    server = ServedStore(Connection(url))
    for iri, triples in _graphs(store):
        server.put(iri, triples)
    return open_served(url)[0]


def inserted(store: EmbeddedStore, url: str) -> ServedStore:
    """Bring a store's graphs onto a server that has no Graph Store Protocol, by updates."""
    server = ServedStore(Connection(url))
    for iri, triples in _graphs(store):
        server.drop(iri)
        lines = [f"{triple} ." for triple in triples]
        for at in range(0, len(lines), _PART):
            text = "\n".join(lines[at : at + _PART])
            server.update(f"INSERT DATA {{ GRAPH <{iri}> {{\n{text}\n}} }}")
    return open_served(url)[0]


def _graphs(store: EmbeddedStore) -> Iterator[tuple[str, Iterable[ox.Triple]]]:
    for iri in store.graphs():
        quads = store.statements(None, None, None, ox.NamedNode(iri))
        yield iri, (quad.triple for quad in quads)


def _served(
    start: Callable[[Path], AbstractContextManager[str]],
    bring: Callable[[EmbeddedStore, str], ServedStore] = put,
) -> Engine:
    """Give a server as an engine, asked by what the package itself asks servers with."""

    @contextlib.contextmanager
    def engine(folder: Path) -> Iterator[Over]:
        with start(folder) as url:
            yield lambda store: bring(store, url)

    return engine


def _client(ask: Callable[[Path, str], AbstractContextManager[Asked]]) -> Engine:
    """Give a library as an engine that asks a server: Oxigraph's, with the union as default."""

    @contextlib.contextmanager
    def engine(folder: Path) -> Iterator[Over]:
        with ExitStack() as opened:
            url = opened.enter_context(servers.oxigraph(folder, "--union-default-graph"))

            def over(store: EmbeddedStore) -> Asked:
                put(store, url)
                return opened.enter_context(ask(_empty(folder), url))

            yield over

    return engine


def _library(ask: Callable[[Path, EmbeddedStore], AbstractContextManager[Asked]]) -> Engine:
    """Give a library as an engine of its own."""

    @contextlib.contextmanager
    def engine(folder: Path) -> Iterator[Over]:
        with ExitStack() as opened:
            yield lambda store: opened.enter_context(ask(_empty(folder), store))

    return engine


@contextlib.contextmanager
def _comunica_of(folder: Path) -> Iterator[Over]:
    """Give Comunica as an engine that asks a server; its packages are fetched once."""
    packages = clients.comunica_packages(folder)
    with _client(lambda own, url: clients.comunica(own, packages, url))(folder) as over:
        yield over


def _empty(folder: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=folder))


SERVERS: dict[str, Engine] = {name: _served(start) for name, start in servers.SERVERS.items()}
OTHERS: dict[str, Engine] = {
    "Blazegraph 2.1.4": _served(servers.blazegraph, inserted),
    "sparq 0.1.6": _library(clients.sparq),
    "rdflib 7": _library(clients.rdflib_here),
    "rdflib 7, asking Oxigraph's server": _client(clients.rdflib_of),
    "Comunica 4.5, asking Oxigraph's server": _comunica_of,
}
ENGINES: dict[str, Engine] = SERVERS | OTHERS
