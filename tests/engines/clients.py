"""Programs that answer our queries without being servers: libraries, of data or of a server.

Each takes the graphs of a store, and is asked as a store is. Those that know no union of graphs
get every statement in the default graph too.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

import pyoxigraph as ox

from coproduction.errors import EndpointError
from coproduction.store.embedded import EmbeddedStore
from coproduction.store.portable_text import with_prefixes

from ..tools import missing, require_module, require_program

COMUNICA = "@comunica/query-sparql@4.5.0"
SPARQ = "sparq-rdf==0.1.6"
_HERE = Path(__file__).parent
_SECONDS = 60
"""How long a library may take for one query."""
Answer = ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean


class Asked(Protocol):
    """What is asked, and gives the rows of a SELECT, the triples of a CONSTRUCT."""

    def query(self, text: str, /) -> Answer:
        """Evaluate SPARQL."""
        ...


class Rdflib:
    """A graph or a data set of rdflib, in this process or on a server."""

    def __init__(self, graph: Any) -> None:
        self._graph = graph

    def query(self, text: str, /) -> Answer:
        """Evaluate SPARQL, for a minute at most."""
        with _at_most(_SECONDS):
            try:
                found = self._graph.query(with_prefixes(text))
                if found.type in ("CONSTRUCT", "DESCRIBE"):
                    return _triples(found.graph.serialize(format="nt", encoding="utf-8"))
                return _rows(found.serialize(format="json"))
            except (EndpointError, KeyboardInterrupt):
                raise
            except Exception as error:
                raise EndpointError(f"rdflib: {type(error).__name__}: {error}") from error


@contextlib.contextmanager
def rdflib_here(_: Path, store: EmbeddedStore) -> Iterator[Asked]:
    """Ask rdflib's own engine, on a data set in memory whose default graph is the union."""
    from rdflib import Dataset

    data = Dataset(default_union=True)
    data.parse(data=ox.serialize(store.statements(), format=ox.RdfFormat.N_QUADS), format="nquads")
    yield Rdflib(data)


@contextlib.contextmanager
def rdflib_of(_: Path, url: str) -> Iterator[Asked]:
    """Ask a server by rdflib's SPARQLStore."""
    from rdflib import Graph
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    yield Rdflib(Graph(SPARQLStore(url, method="POST_FORM")))


@contextlib.contextmanager
def sparq(folder: Path, store: EmbeddedStore) -> Iterator[Asked]:
    """Ask sparq, an engine in Rust that shares nothing with Oxigraph."""
    require_module("sparq", f"pip install {SPARQ}")
    words = [sys.executable, str(_HERE / "sparq_lines.py"), str(both_ways(folder, store))]
    with _by_lines("sparq", words, folder) as asked:
        yield asked


def comunica_packages(folder: Path) -> Path:
    """Give a folder with Comunica, which npm fetches (and keeps), or skip."""
    require_program("node", "Node.js 18 or newer", "nodejs")
    npm = require_program("npm", "npm", "npm")
    where = folder / "npm"
    where.mkdir()
    words = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"]
    done = subprocess.run(
        [npm, *words, "--prefix", str(where), COMUNICA],
        cwd=where, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        missing(f"needs {COMUNICA} from npm: {done.stderr[-500:]}")
    return where


class ByLines:
    """A program that is told queries, and tells answers, by lines of JSON; started when asked.

    Args:
        name: what it is called.
        words: its command line.
        log: what takes its standard error.
    """

    def __init__(self, name: str, words: Sequence[str], log: Path) -> None:
        self._name, self._words, self._log = name, words, log
        self._process: subprocess.Popen[bytes] | None = None

    def query(self, text: str, /) -> Answer:
        """Evaluate SPARQL, for a minute at most."""
        process = self._process or self._started()
        told, heard = process.stdin, process.stdout
        assert told is not None and heard is not None
        told.write(json.dumps(with_prefixes(text)).encode() + b"\n")
        told.flush()
        in_time = select.select([heard], [], [], _SECONDS)[0]
        line = heard.readline() if in_time else b""
        if not line:
            self.end()
            lines = self._log.read_text("utf-8", "replace").splitlines()
            why = (lines or [""])[0] if in_time else f"no answer in {_SECONDS} s"
            raise EndpointError(f"{self._name}: {why}")
        said = json.loads(line)
        if "error" in said:
            raise EndpointError(f"{self._name}: {said['error']}")
        read = _triples if said["kind"] == "application/n-triples" else _rows
        return read(said["body"].encode())

    def _started(self) -> subprocess.Popen[bytes]:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
            )
        return self._process

    def end(self) -> None:
        """End the program; the next query starts it again."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


@contextlib.contextmanager
def _by_lines(name: str, words: Sequence[str], folder: Path) -> Iterator[Asked]:
    asked = ByLines(name, words, folder / "lines.log")
    try:
        yield asked
    finally:
        asked.end()


@contextlib.contextmanager
def comunica(folder: Path, packages: Path, url: str) -> Iterator[Asked]:
    """Ask a server by Comunica.

    Args:
        folder: an empty one, to work in.
        packages: as :func:`comunica_packages` gives it.
        url: the address of the server.
    """
    words = ["node", str(_HERE / "comunica.mjs"), str(packages), url]
    with _by_lines("Comunica", words, folder) as asked:
        yield asked


def both_ways(folder: Path, store: EmbeddedStore) -> Path:
    """Write all statements to a file, each in its graph and in the default graph."""
    path = folder / "both.nq"
    named = ox.serialize(store.statements(), format=ox.RdfFormat.N_QUADS) or b""
    merged = {quad.triple for quad in store.statements()}
    path.write_bytes(named + (ox.serialize(merged, format=ox.RdfFormat.N_TRIPLES) or b""))
    return path


def _rows(body: bytes) -> Answer:
    return ox.parse_query_results(body, ox.QueryResultsFormat.JSON)


def _triples(body: bytes) -> Answer:
    found = ox.Store()
    found.load(body, format=ox.RdfFormat.N_TRIPLES)
    answer = found.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert isinstance(answer, ox.QueryTriples)
    return answer


@contextlib.contextmanager
def _at_most(seconds: int) -> Iterator[None]:
    """Break off what Python does here after some seconds."""

    def over(number: int, frame: FrameType | None) -> None:
        raise EndpointError(f"no answer in {seconds} s")

    if os.name == "nt":  # no alarm there
        yield
        return
    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
