"""What a process does that answers queries: it holds the graphs, and is ended when one is late."""

from __future__ import annotations

import pickle
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final, NamedTuple

import pyoxigraph as ox

from ..errors import CoproductionError, QueryError, on_command_line, spoken_by
from ..files.pipes import message, packed
from ..store.protocol import Store
from . import media_types
from .asked import Asked, RequestError
from .description import PREFIXES, described
from .media_types import OF_GRAPHS, OF_ROWS

_PLAIN: Final = "text/plain; charset=utf-8"
_CHECKED: Final = 3
"""Bytes that a row of an answer takes at least: a shorter answer has not too many of them."""


class Scope(NamedTuple):
    """What is asked; the arguments of :func:`coproduction.open`."""

    data: tuple[str, ...] = ()
    store: str | None = None
    endpoint: str | None = None
    cases: bool = False
    links: bool = False
    at: int | None = None


class Limits(NamedTuple):
    """What a query may take.

    Attributes:
        seconds: until its answer is whole.
        rows: of an answer.
        largest: bytes of an answer.
    """

    seconds: float = 60.0
    rows: int = 100_000
    largest: int = 256_000_000


class Describing(NamedTuple):
    """A description of the service is wanted, at this address."""

    url: str


class OneGraph(NamedTuple):
    """A graph is wanted whole: a named one, or the union of all where it is None."""

    iri: str | None


class Order(NamedTuple):
    """What a process is to answer.

    Attributes:
        wanted: what is wanted.
        accept: the header of the request.
        hosts: what SERVICE may ask, each ``host`` or ``host:port``.
        limits: what the answer may take.
    """

    wanted: Asked | Describing | OneGraph
    accept: str
    hosts: tuple[str, ...]
    limits: Limits


class Sent(NamedTuple):
    """An answer, as it goes out.

    Attributes:
        status: the code of HTTP.
        kind: the media type, with its parameters.
        body: all of it.
    """

    status: int
    kind: str
    body: bytes


def told(error: CoproductionError) -> Sent:
    """Give what is said of what went wrong."""
    status = error.status if isinstance(error, RequestError) else 400
    return Sent(status, _PLAIN, f"{error}\n".encode())


def opened(scope: Scope) -> Callable[[], Store]:
    """Open what is asked; give what gives it as it is now.

    Raises:
        CoproductionError: it cannot be opened.
    """
    import coproduction

    from ..store.disk_layout import live_state

    def fresh() -> Store:
        return coproduction.open(
            scope.data,
            store=scope.store,
            endpoint=scope.endpoint,
            cases=scope.cases,
            links=scope.links,
            at=scope.at,
        ).store

    held = [fresh()]
    if scope.store is None:
        return lambda: held[0]
    folder = Path(scope.store)
    state = [live_state(folder)]

    def now() -> Store:
        found = live_state(folder)
        if found != state[0]:
            held[0], state[0] = fresh(), found
        return held[0]

    return now


def answered(store: Store, order: Order) -> Sent:
    """Answer an order.

    Raises:
        CoproductionError: it cannot be read or run, or takes too much.
    """
    asked = order.wanted
    if isinstance(asked, Describing):
        kind = media_types.wanted(order.accept, list(OF_GRAPHS))
        triples = described(asked.url, store.graphs(), bool(order.hosts))
        return Sent(
            200, kind, ox.serialize(triples, format=OF_GRAPHS[kind], prefixes=PREFIXES) or b""
        )
    if isinstance(asked, OneGraph):
        return _whole(store, asked.iri, order)
    default = None if asked.default is None else [_graph(iri) for iri in asked.default]
    named = [_graph(iri) for iri in asked.named]
    answer = store.query(asked.text, order.hosts, within=default, named=named, base=asked.url)
    if isinstance(answer, ox.QueryTriples):
        kind = media_types.wanted(order.accept, list(OF_GRAPHS))
        return Sent(200, kind, _written(answer, OF_GRAPHS[kind], order.limits))
    kind = media_types.wanted(order.accept, list(OF_ROWS))
    if isinstance(answer, ox.QueryBoolean):
        return Sent(200, kind, answer.serialize(format=OF_ROWS[kind]) or b"")
    body = _written(answer, OF_ROWS[kind], order.limits)
    if len(body) > _CHECKED * order.limits.rows:
        _count(body, OF_ROWS[kind], order.limits.rows)
    return Sent(200, kind, body)


def _whole(store: Store, iri: str | None, order: Order) -> Sent:
    """Give a graph whole.

    Raises:
        RequestError: there is none of this name.
    """
    if iri is not None and not store.has_graph(_graph(iri)):
        raise RequestError(
            404, f"there is no graph <{iri}>; the description of the service names all"
        )
    within = None if iri is None else [iri]
    answer = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", (), within=within)
    assert isinstance(answer, ox.QueryTriples)
    kind = media_types.wanted(order.accept, list(OF_GRAPHS))
    return Sent(200, kind, _written(answer, OF_GRAPHS[kind], order.limits))


def _graph(iri: str) -> str:
    try:
        return ox.NamedNode(iri).value
    except ValueError:
        raise RequestError(400, f"{iri!r} is no IRI of a graph") from None


class _Sink:
    """Takes what is written, up to a number of bytes."""

    def __init__(self, largest: int) -> None:
        self.parts: list[bytes] = []
        self._left = largest

    def write(self, data: bytes) -> int:
        self._left -= len(data)
        if self._left < 0:
            raise OSError("too large")
        self.parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: it is all here."""


def _written(
    answer: ox.QuerySolutions | ox.QueryTriples,
    form: ox.QueryResultsFormat | ox.RdfFormat,
    limits: Limits,
) -> bytes:
    sink = _Sink(limits.largest)
    try:
        answer.serialize(sink, form)  # type: ignore[arg-type]
    except (OSError, ValueError, RuntimeError) as error:
        if sink._left < 0:
            raise RequestError(
                400, f"the answer is larger than {limits.largest:,} bytes: ask for less, by LIMIT"
            ) from None
        raise QueryError(f"the query failed in the midst of its answer: {error}") from None
    return b"".join(sink.parts)


def _count(body: bytes, form: ox.QueryResultsFormat, most: int) -> None:
    """Refuse an answer that has more rows than are given."""
    if form == ox.QueryResultsFormat.CSV:
        import csv

        rows = sum(1 for _ in csv.reader(body.decode().splitlines(keepends=True))) - 1
    else:
        answer = ox.parse_query_results(body, form)
        assert isinstance(answer, ox.QuerySolutions)
        rows = sum(1 for _ in answer)
    if rows > most:
        raise RequestError(
            400,
            f"the answer has {rows:,} rows, and {most:,} are given at most: ask for less, by LIMIT",
        )


def serve() -> None:
    """Answer orders until they end. The first message says what is asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears Ctrl-C, and ends this
    source, out = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    first = message(source)
    if first is None:
        return
    with spoken_by(on_command_line):
        _answer_all(source, out, pickle.loads(first))


def _answer_all(source: IO[bytes], out: IO[bytes], scope: Scope) -> None:
    now: Callable[[], Store] | None = None
    problem: Sent | None = None
    try:
        now = opened(scope)
    except CoproductionError as error:
        problem = told(error)._replace(status=500)
    out.write(packed(problem))
    out.flush()
    while now is not None and (data := message(source)) is not None:
        try:
            answer = answered(now(), pickle.loads(data))
        except CoproductionError as error:
            answer = told(error)
        out.write(packed(answer))
        out.flush()
