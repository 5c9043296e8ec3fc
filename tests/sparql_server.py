"""A SPARQL server for tests, in a thread: it has the habits of real ones, and their faults."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox

JSON = "application/sparql-results+json"


class SparqlServer(ThreadingHTTPServer):
    """Answers queries on a store.

    Attributes:
        store: what is asked.
        is_union: whether the default graph is the union of all graphs.
        most: rows or triples after which answers are cut, as some servers do; None for no limit.
        refuses: gives a status, a media type and a body in place of an answer, or None.
        asked: the forms that came, with their headers.
        breaks_off_at: bytes of a body after which the connection is closed.
        pause: seconds before an answer.
        takes_updates: whether it is written to.
        has_graphs: whether it has the Graph Store Protocol.
    """

    daemon_threads = True

    def __init__(self, store: ox.Store) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.store = store
        self.is_union = True
        self.most: int | None = None
        self.refuses: Callable[[dict[str, list[str]]], tuple[int, str, bytes] | None] = (
            lambda form: None
        )
        self.asked: list[tuple[dict[str, list[str]], dict[str, str]]] = []
        self.breaks_off_at: int | None = None
        self.pause = 0.0
        self.takes_updates = True
        self.has_graphs = True
        self.written: list[tuple[str, str, int]] = []

    @property
    def url(self) -> str:
        """Its endpoint."""
        return f"http://127.0.0.1:{self.server_address[1]}/ds/sparql"

    def answer(self, form: dict[str, list[str]]) -> tuple[int, str, bytes]:
        """Give status, media type and body of what is asked."""
        refused = self.refuses(form)
        if refused is not None:
            return refused
        if "update" in form:
            if not self.takes_updates:
                return 403, "text/plain", b"read only"
            self.store.update(form["update"][0])
            return 204, "", b""
        if "query" not in form:
            return 400, "text/plain", b"no query"
        graphs = [ox.NamedNode(each) for each in form.get("default-graph-uri", ())]
        named = [ox.NamedNode(each) for each in form.get("named-graph-uri", ())]
        try:
            found = self.store.query(
                form["query"][0],
                use_default_graph_as_union=self.is_union and not graphs,
                default_graph=graphs or None,
                named_graphs=named if graphs else None,
            )
        except (SyntaxError, ValueError) as error:
            return 400, "text/plain", str(error).encode()
        if isinstance(found, ox.QueryTriples):
            cut = islice(found, self.most)
            body = ox.serialize(cut, format=ox.RdfFormat.N_TRIPLES) or b""
            return 200, "application/n-triples", body
        body = found.serialize(format=ox.QueryResultsFormat.JSON) or b""
        if self.most is not None and isinstance(found, ox.QuerySolutions):
            rows = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
            tsv = (rows.serialize(format=ox.QueryResultsFormat.TSV) or b"").splitlines(True)
            cut = ox.parse_query_results(b"".join(tsv[: self.most + 1]), ox.QueryResultsFormat.TSV)
            body = cut.serialize(format=ox.QueryResultsFormat.JSON) or b""
        return 200, JSON, body


class _Handler(BaseHTTPRequestHandler):
    server: SparqlServer
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body go out together: else each waits for the other

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        place = urlsplit(self.path)
        if place.path == "/ds/data" and self.server.has_graphs:
            self._graph(parse_qs(place.query)["graph"][0], body)
            return
        if place.path not in ("/ds/sparql", "/ds/update"):
            self._send(404, "text/plain", b"nothing here")
            return
        if self.headers.get("Content-Type") == "application/sparql-query":
            form = {"query": [body.decode()]}
        else:
            form = parse_qs(body.decode(), keep_blank_values=True)
        if ("update" in form) != (place.path == "/ds/update"):
            self._send(405, "text/plain", b"not here")
            return
        self.server.asked.append((form, dict(self.headers)))
        time.sleep(self.server.pause)
        self._send(*self.server.answer(form))

    do_PUT = do_POST  # noqa: N815

    def _graph(self, graph: str, body: bytes) -> None:
        if not self.server.takes_updates:
            self._send(403, "text/plain", b"read only")
            return
        refused = self.server.refuses({"graph": [graph]})
        if refused is not None:
            self._send(*refused)
            return
        node = ox.NamedNode(graph)
        self.server.written.append((self.command, graph, body.count(b"\n")))
        if self.command == "PUT":
            self.server.store.remove_graph(node)
        self.server.store.load(body, format=ox.RdfFormat.N_TRIPLES, to_graph=node)
        self._send(204, "", b"")

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.server.breaks_off_at])
        if self.server.breaks_off_at is not None:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextlib.contextmanager
def serving(store: ox.Store) -> Iterator[SparqlServer]:
    """Serve a store for the while."""
    server = SparqlServer(store)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
