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
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from ..tools import missing, require_from_maven, require_java, require_program

FUSEKI = "org.apache.jena:jena-fuseki-server:5.6.0"
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
def oxigraph(folder: Path) -> Iterator[str]:
    """Start Oxigraph's own server; give the address of its endpoint."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent))
    program = program or shutil.which("oxigraph")
    if program is None:
        missing("needs Oxigraph's server: pip install oxigraph")
    port = _free_port()
    where = ["--location", str(folder / "db"), "--bind", f"127.0.0.1:{port}"]
    with _running([str(program), "serve", *where], folder) as wait:
        yield wait(f"http://127.0.0.1:{port}/query")


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
}


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
