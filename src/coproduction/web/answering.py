"""What a process does that answers queries: it holds the graphs, and is ended when one is late."""

from __future__ import annotations

import csv
import io
import pickle
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

import pyoxigraph as ox

from ..asked_graph import AskedGraph
from ..errors import CoproductionError, TooLarge, on_command_line, spoken_by
from ..files.pipes import message, packed
from ..pages.keeping import forget
from ..results.forms import xml_stream
from ..stopping import with_deep_stack
from ..store.failures import failure
from ..store.in_memory import is_small
from ..store.protocol import Store
from ..syntax.sparql import clauses
from ..tables.csv_reading import cells_of_any_length
from . import media_types
from .asked import Asked, RequestError
from .description import PREFIXES, described
from .kept import KeptOfQueries
from .media_types import OF_GRAPHS, OF_ROWS
from .orders import (
    PLAIN,
    Describing,
    OneGraph,
    Open,
    Order,
    PageAsked,
    Scope,
    Sent,
    SheetSent,
    told,
)
from .reconciliation import Reconciling
from .reconciling import reconciled
from .writing import ChangeWanted, carried_out

_XML: Final = frozenset(("application/sparql-results+xml", "application/rdf+xml"))
_JSON: Final = "application/sparql-results+json"
_TEMPLATES: Final = ("/template.xlsx", "/template.csv")
"""The addresses of the empty sheet."""
_AGAIN: Final = 30.0
"""Seconds after which a server behind this one is opened anew: loads on it begin and end."""
_GRACE: Final = 5.0
"""Seconds over its time after which a process ends itself, where nobody ended it."""
_kept: Final = KeptOfQueries()


def opened(scope: Scope) -> Callable[[], Open]:
    """Open what is asked; give what gives it as it is now.

    Raises:
        CoproductionError: it cannot be opened.
    """
    import coproduction

    from ..store.disk_layout import live_state

    def fresh(begun: object) -> Open:
        open_ = partial(
            coproduction.open,
            scope.data,
            store=scope.store,
            endpoint=scope.endpoint,
            cases=scope.cases,
            links=scope.links,
            at=scope.at,
        )
        try:
            graph = open_(in_memory=scope.in_memory or _fits_unasked(scope))
        except TooLarge:
            if scope.in_memory:
                raise
            graph = open_()
        return Open(graph.store, graph.note, begun, AskedGraph(graph.store, graph.note))

    def stamp() -> object:
        """Give what is another when the graphs may be others."""
        if scope.endpoint is not None:
            return int(time.monotonic() / _AGAIN)
        if scope.store is None:
            return None
        state = live_state(Path(scope.store))
        mark = state.mark if state is not None else None
        # A store that was made anew has its first state again, with another mark.
        return state, mark.stat().st_ino if mark is not None and mark.exists() else 0

    # The stamp is taken first: what comes between is opened once more, and never passed over.
    kept = [fresh(stamp())]

    def now() -> Open:
        found = stamp()
        if not kept or found != kept[0].stamp:
            if kept:
                forget(kept[0].store)
            if scope.in_memory:
                kept.clear()  # memory may hold one copy, and not two
            kept[:] = [fresh(found)]
        return kept[0]

    return now


def _fits_unasked(scope: Scope) -> bool:
    """Tell whether a store is asked in memory though nobody said so: the engine is sooner there."""
    if not scope.small_in_memory or scope.store is None:
        return False
    is_changed = bool(scope.data or scope.cases or scope.at is not None)
    return not is_changed and is_small(scope.store)


def answered(graphs: Open, order: Order) -> Sent:
    """Answer an order.

    Raises:
        CoproductionError: it cannot be read or run, or takes too much.
    """
    asked, store = order.wanted, graphs.store
    if isinstance(asked, PageAsked) and asked.path in _TEMPLATES:
        from .sheets import template_sent

        return template_sent(asked.path, asked.query)
    if isinstance(asked, PageAsked):
        from .paging import page_sent

        return page_sent(graphs, asked, order.accept, order.limits)
    if isinstance(asked, SheetSent):
        from .sheets import sheet_sent

        return sheet_sent(graphs, asked, order.accept, order.limits)
    if isinstance(asked, Describing):
        kind = media_types.wanted(order.accept, list(OF_GRAPHS))
        triples = described(asked.url, store.graphs(), bool(order.hosts), asked.writes)
        return Sent(
            200, kind, ox.serialize(triples, format=OF_GRAPHS[kind], prefixes=PREFIXES) or b""
        )
    if isinstance(asked, OneGraph):
        return _whole(store, asked, order)
    if isinstance(asked, Reconciling):
        told = reconciled(store, asked)
        return Sent(200, told.kind, told.body, told.headers)
    assert isinstance(asked, Asked)
    tag = _kept.tag(graphs, asked, order)
    sent = _kept.again(graphs, tag)
    if sent is None:
        sent = _found(store, asked, order)
        _kept.keep(tag, sent)
    return sent


def _found(store: Store, asked: Asked, order: Order) -> Sent:
    """Ask a query; it gives rows, a truth or a graph."""
    default = None if asked.default is None else [_graph(iri) for iri in asked.default]
    named = [_graph(iri) for iri in asked.named]
    answer = store.query(asked.text, order.hosts, within=default, named=named, base=asked.url)
    if isinstance(answer, ox.QueryTriples):
        kind = media_types.wanted(order.accept, list(OF_GRAPHS))
        return Sent(200, kind, _written(answer, kind, order, clauses(asked.text).endpoints))
    kind = media_types.wanted(order.accept, list(OF_ROWS))
    if isinstance(answer, ox.QueryBoolean):
        return Sent(200, kind, answer.serialize(format=OF_ROWS[kind]) or b"")
    body = _written(answer, kind, order, clauses(asked.text).endpoints)
    # Each row has one of these signs at least, and to count signs takes next to nothing.
    signs = b"{" if kind == _JSON else b"<" if kind in _XML else b"\n"
    if body.count(signs) > order.limits.rows:
        _count(body, OF_ROWS[kind], order.limits.rows)
    return Sent(200, kind, body)


def _whole(store: Store, asked: OneGraph, order: Order) -> Sent:
    """Give a graph whole.

    Raises:
        RequestError: there is none of this name.
    """
    iri = asked.iri
    if iri is not None and not store.has_graph(_graph(iri)):
        raise RequestError(
            404, f"there is no graph <{iri}>; the description of the service names all"
        )
    kind = media_types.wanted(order.accept, list(OF_GRAPHS))
    if iri is None and not asked.is_union:
        quads = store.statements(None, None, None, ox.DefaultGraph())
        return Sent(200, kind, _written((quad.triple for quad in quads), kind, order))
    within = None if iri is None else [iri]
    answer = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", (), within=within)
    assert isinstance(answer, ox.QueryTriples)
    return Sent(200, kind, _written(answer, kind, order))


def _graph(iri: str) -> str:
    try:
        return ox.NamedNode(iri).value
    except ValueError:
        raise RequestError(400, f"{iri!r} is no IRI of a graph") from None


class _Sink(io.BytesIO):
    """Takes what is written, up to a number of bytes."""

    def __init__(self, largest: int) -> None:
        super().__init__()
        self._largest = largest
        self.is_full = False

    def write(self, data: Any, /) -> int:
        self.is_full = self.is_full or self.tell() + len(data) > self._largest
        if self.is_full:
            raise OSError("too large")
        return super().write(data)


def _written(
    answer: ox.QuerySolutions | Iterable[ox.Triple],
    kind: str,
    order: Order,
    endpoints: tuple[str, ...] = (),
) -> bytes:
    """Write an answer; one of the endpoints that it asks may fail meanwhile.

    Raises:
        RequestError: it is too large.
        CoproductionError: the query fails in the midst of it.
    """
    sink = _Sink(order.limits.largest)
    stream = xml_stream(sink) if kind in _XML else None
    target: Any = stream or sink
    try:
        if isinstance(answer, ox.QuerySolutions):
            answer.serialize(target, OF_ROWS[kind])
        else:
            ox.serialize(answer, target, OF_GRAPHS[kind])
        if stream is not None:
            stream.finish()
    except (OSError, ValueError, RuntimeError) as error:
        if sink.is_full:
            raise RequestError(
                400,
                f"the answer is larger than {order.limits.largest:,} bytes: ask for less, by LIMIT",
            ) from None
        raise failure(error, endpoints) from None
    return sink.getvalue()


def _count(body: bytes, form: ox.QueryResultsFormat, most: int) -> None:
    """Refuse an answer that has more rows than are given."""
    if form == ox.QueryResultsFormat.CSV:
        with cells_of_any_length():
            rows = sum(1 for _ in csv.reader(io.StringIO(body.decode(), newline=""))) - 1
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
        # The engine recurses with the length of a query.
        with_deep_stack(lambda: _answer_all(source, out, pickle.loads(first)))


def _answer_all(source: IO[bytes], out: IO[bytes], scope: Scope) -> None:
    now: Callable[[], Open] | None = None
    problem: Sent | None = None
    try:
        now = opened(scope)
    except CoproductionError as error:
        problem = told(error)._replace(status=500)
    out.write(packed(problem))
    out.flush()
    while now is not None and (data := message(source)) is not None:
        order: Order = pickle.loads(data)
        try:
            _end_after(order.limits.seconds + _GRACE)
            answer = _answer(now, scope, order)
        except CoproductionError as error:
            answer = told(error)
        except Exception as error:  # a fault of ours is told, and the process goes on
            traceback.print_exc()
            answer = Sent(500, PLAIN, f"{type(error).__name__}: {error}\n".encode())
        finally:
            _end_after(0)
        out.write(packed(answer))
        out.flush()


def _answer(now: Callable[[], Open], scope: Scope, order: Order) -> Sent:
    if not isinstance(order.wanted, ChangeWanted):
        return answered(now(), order)
    assert scope.store is not None
    done = carried_out(scope.store, order.wanted, order.hosts)
    now()  # the state before is let go of
    return Sent(done.status, "", b"", done.headers)


def _end_after(seconds: float) -> None:
    """End this process after some seconds, whoever started it; 0 takes that back."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)
