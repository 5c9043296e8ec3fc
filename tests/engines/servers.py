"""SPARQL servers, started for a test on this machine alone, empty, and ended after it."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from ..tools import missing, require_from_maven, require_java, require_program

BLAZEGRAPH = "com.blazegraph:blazegraph-jar:2.1.4"
FUSEKI = "org.apache.jena:jena-fuseki-server:5.6.0"
RDF4J = tuple(
    f"org.eclipse.rdf4j:rdf4j-{name}:5.2.0"
    for name in (
        "repository-sail",
        "sail-memory",
        "queryparser-sparql",
        "rio-ntriples",
        "queryresultio-sparqljson",
    )
)
_WAIT = 90.0
_VIRTUOSO = """
[Database]
DatabaseFile = {folder}/v.db
ErrorLogFile = {folder}/v.log
LockFile = {folder}/v.lck
TransactionFile = {folder}/v.trx
xa_persistent_file = {folder}/v.pxa
[TempDatabase]
DatabaseFile = {folder}/t.db
TransactionFile = {folder}/t.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 30000
MaxDirtyBuffers = 20000
MaxMemPoolSize = 200000000
DirsAllowed = {allowed}
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
MaxClientConnections = 10
[SPARQL]
ResultSetMaxRows = 10000
MaxQueryCostEstimationTime = 40000
MaxQueryExecutionTime = 600
"""
_BLAZEGRAPH = """
com.bigdata.journal.AbstractJournal.bufferMode=MemStore
com.bigdata.rdf.sail.truthMaintenance=false
com.bigdata.rdf.store.AbstractTripleStore.quads=true
com.bigdata.rdf.store.AbstractTripleStore.textIndex=false
com.bigdata.rdf.store.AbstractTripleStore.axiomsClass=com.bigdata.rdf.axioms.NoAxioms
"""
_OPENED = ("java.lang", "java.util", "java.nio", "sun.nio.ch")
"""Packages of Java that Blazegraph, which is older, looks into."""


@contextlib.contextmanager
def blazegraph(folder: Path) -> Iterator[str]:
    """Start Blazegraph in memory; give the address of its endpoint.

    Its last release, 2.1.6, is not on Maven Central. The jar starts by itself on Java 8 alone, so
    its web pages are unpacked.
    """
    java = require_java()
    jar = next(require_from_maven(folder, BLAZEGRAPH, alone=True).glob("blazegraph-jar-*.jar"))
    with zipfile.ZipFile(jar) as archive:
        pages = [name for name in archive.namelist() if name.startswith("war/")]
        archive.extractall(folder, pages)
    settings = folder / "memory.properties"
    settings.write_text(_BLAZEGRAPH, encoding="utf-8")
    port = _free_port()
    own = {"home": (folder / "war").as_uri(), "port": port, "host": "127.0.0.1"}
    words = [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in _OPENED]
    words += [f"-Djetty.{name}={value}" for name, value in own.items()]
    words += ["-Xmx1500m", "-cp", str(jar), "com.bigdata.rdf.sail.webapp.NanoSparqlServer"]
    with _running([java, *words, str(port), "kb", str(settings)], folder) as wait:
        yield wait(f"http://127.0.0.1:{port}/blazegraph/namespace/kb/sparql")


_ALLOW = 'GRANT SPARQL_UPDATE TO "SPARQL";\n'
_LOAD = """
ld_dir('{}', '*.nq%', 'urn:of-no-quad');
rdf_loader_run();
checkpoint;
SELECT ll_file, ll_error FROM DB.DBA.load_list WHERE ll_state <> 2 OR ll_error IS NOT NULL;
"""


@contextlib.contextmanager
def fuseki(folder: Path, parts: Path | None = None) -> Iterator[str]:
    """Start Apache Jena's Fuseki in memory; give the address of its endpoint.

    Args:
        folder: an empty one, to work in.
        parts: a folder of N-Quads, from which Jena's loader makes the database that is served.
    """
    java = require_java()
    jar = next(require_from_maven(folder, FUSEKI, alone=True).glob("jena-fuseki-server-*.jar"))
    port = _free_port()
    home = ["--update", "--mem"]
    if parts is not None:
        files = [str(file) for file in sorted(parts.glob("*.nq*"))]
        loader = [java, "-cp", str(jar), "tdb2.tdbloader", "--loc", str(folder / "db")]
        subprocess.run([*loader, *files], check=True, capture_output=True)
        home = ["--loc", str(folder / "db")]
    where = ["--localhost", "--port", str(port), *home, "/ds"]
    with _running([java, "-Xmx1500m", "-jar", str(jar), *where], folder) as wait:
        yield wait(f"http://127.0.0.1:{port}/ds/sparql")


@contextlib.contextmanager
def oxigraph(folder: Path, *options: str) -> Iterator[str]:
    """Start Oxigraph's own server; give the address of its endpoint."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent))
    program = program or shutil.which("oxigraph")
    if program is None:
        missing("needs Oxigraph's server: pip install oxigraph")
    port = _free_port()
    where = ["--location", str(folder / "db"), "--bind", f"127.0.0.1:{port}"]
    with _running([str(program), "serve", *where, *options], folder) as wait:
        yield wait(f"http://127.0.0.1:{port}/query")


@contextlib.contextmanager
def rdf4j(folder: Path) -> Iterator[str]:
    """Start RDF4J in memory; give the address of its endpoint.

    Its server is not on Maven Central in this version, so a small one of ours is around it.
    """
    java = require_java()
    require_program("javac", "a Java development kit, 17 or newer", "default-jdk-headless")
    jars = require_from_maven(folder, *RDF4J) / "*"
    port = _free_port()
    server = Path(__file__).with_name("Rdf4jServer.java")
    words = ["-Xmx1500m", "-cp", str(jars), str(server), str(port)]
    with _running([java, *words], folder) as wait:
        yield wait(f"http://127.0.0.1:{port}/repositories/ds")


@contextlib.contextmanager
def virtuoso(folder: Path, parts: Path | None = None) -> Iterator[str]:
    """Start Virtuoso, where anybody may update; give the address of its endpoint.

    Args:
        folder: an empty one, to work in.
        parts: a folder of N-Quads, which its loader takes in first.
    """
    program = require_program("virtuoso-t", "Virtuoso", "virtuoso-opensource-7-bin")
    shell = require_program("isql-vt", "Virtuoso's isql", "virtuoso-opensource-7-bin")
    port, sql = _free_port(), _free_port()
    settings = folder / "v.ini"
    where = {"folder": folder, "port": port, "sql": sql, "allowed": parts or folder}
    settings.write_text(_VIRTUOSO.format_map(where), encoding="utf-8")
    with _running([program, "-f", "-c", str(settings)], folder) as wait:
        url = wait(f"http://127.0.0.1:{port}/sparql")
        first = folder / "first.sql"
        first.write_text(_ALLOW + (_LOAD.format(parts) if parts else ""), encoding="utf-8")
        done = subprocess.run(
            [shell, f"127.0.0.1:{sql}", "dba", "dba", str(first)],
            check=True,
            capture_output=True,
            text=True,
        )
        assert "*** Error" not in done.stdout + done.stderr, done
        yield url


SERVERS: dict[str, Callable[[Path], AbstractContextManager[str]]] = {
    "Fuseki 5.6": fuseki,
    "Virtuoso 7.2": virtuoso,
    "Oxigraph's server": oxigraph,
    "RDF4J 5.2": rdf4j,
}
"""Those that take all that we send, loads too."""
BY_NIGHT = ("RDF4J 5.2",)
"""Those on which loads are tried by night alone; queries are asked of them by day."""


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextlib.contextmanager
def _running(command: Sequence[str], folder: Path) -> Iterator[Callable[[str], str]]:
    """Run a server for the while; what is given waits until it answers."""
    log = folder / "server.log"
    with log.open("wb") as told:
        process = subprocess.Popen(command, cwd=folder, stdout=told, stderr=subprocess.STDOUT)

    def wait(url: str) -> str:
        end = time.monotonic() + _WAIT
        while time.monotonic() < end:
            if process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{url}?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D", timeout=5):
                    return url
            except urllib.error.HTTPError:
                return url  # it answers, if not to this
            except OSError:
                time.sleep(0.2)
        raise AssertionError(f"{command[0]} does not answer: {log.read_text('utf-8')[-2000:]}")

    try:
        yield wait
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
