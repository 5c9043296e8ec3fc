"""A query in a process of its own, which is ended when its time is over.

A store in memory is asked by a forked child, which has it at once; a store on disk by a new
process that opens the folder. The answer comes back as text that pyoxigraph reads, and behind it
a line that says what it is, or what went wrong. Where neither can be had (a store in memory on
Windows), a thread is asked, and left to end by itself.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable
from typing import Any, BinaryIO, Final

import pyoxigraph as ox

from .. import errors
from ..errors import QueryError, QueryTimeout
from ..stopping import interruptible
from ..store.protocol import Store
from .fetching import QueryOptions, Triples, complete
from .rows import Rows, solutions_of, truth
from .written import Written, as_tsv

_MARK: Final = b"\n\0"  # no line of N-Triples or TSV begins so
_GRACE: Final = 1.0
_START: Final = (
    "import json, sys; request = json.loads(sys.stdin.buffer.readline()); "
    "sys.path[:] = request['path']; "
    "from coproduction.results.worker import serve; serve(request)"
)


def ask_apart(store: Store, text: str, options: QueryOptions) -> Rows | Written | Triples:
    """Ask a store in a process that can be ended.

    Raises:
        QueryTimeout: the time is over; the process is gone.
        CoproductionError: what the query raised there.
    """
    assert options.seconds
    if store.folder is not None and sys.executable:
        return _read(_by_new_process(store, text, options))
    if store.folder is None and store.address is None and sys.platform != "win32":
        return _read(_by_fork(lambda: complete(store, text, options), options.seconds))
    return interruptible(lambda: complete(store, text, options), options.seconds)


def serve(request: dict[str, Any]) -> None:
    """Answer one request on standard output; the work of the new process."""
    from ..store.on_disk import open_folder

    options = QueryOptions(**request["options"])
    if sys.platform != "win32":
        _end_at(options.seconds or 0)
    _answer(
        lambda: complete(open_folder(request["folder"]), request["text"], options),
        sys.stdout.buffer,
    )
    sys.stdout.buffer.flush()
    os._exit(0)


def _by_new_process(store: Store, text: str, options: QueryOptions) -> bytes:
    import subprocess

    hosts = None if options.hosts is None else list(options.hosts)
    request = {
        "path": [each for each in sys.path if each],
        "folder": str(store.folder),
        "text": text,
        "options": options._replace(hosts=hosts)._asdict(),
    }
    seconds = options.seconds or 0
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", _START],  # -P: nothing is imported from the current folder
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        data, _ = process.communicate(json.dumps(request).encode() + b"\n", timeout=seconds)
    except subprocess.TimeoutExpired:
        raise QueryTimeout(seconds, store.folder) from None
    finally:
        process.kill()
        process.wait()
    return data if _MARK in data else _no_answer(process.returncode, seconds, store.folder)


_forking: Final = threading.Lock()

if sys.platform != "win32":

    def _by_fork(work: Callable[[], Rows | Written | Triples], seconds: float) -> bytes:
        """Do work in a forked child; give what it wrote."""
        end = time.monotonic() + seconds
        with _forking:  # else a child of another thread keeps this pipe's end open
            read, write = os.pipe()
            with warnings.catch_warnings():
                # The child only reads the store, and is ended in time should a lock be held.
                warnings.simplefilter("ignore", DeprecationWarning)
                child = os.fork()
            if child == 0:
                _be_child(work, seconds, read, write)
            os.close(write)
        status = None
        try:
            data = _all_of(read, end, seconds)
            _, status = os.waitpid(child, 0)
        finally:
            os.close(read)
            if status is None:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
        return data if _MARK in data else _no_answer(os.waitstatus_to_exitcode(status), seconds)

    def _be_child(
        work: Callable[[], Rows | Written | Triples], seconds: float, read: int, write: int
    ) -> None:
        """Work, write, and leave without clearing up what is the parent's."""
        try:
            signal.set_wakeup_fd(-1)
            _end_at(seconds)
            os.close(read)
            with os.fdopen(write, "wb") as out:
                _answer(work, out)
        finally:
            os._exit(0)

    def _end_at(seconds: float) -> None:
        """Have the system end this process, should nobody be left to do it."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)

    def _all_of(source: int, end: float, seconds: float) -> bytes:
        """Read to the end, or until the time is over."""
        import select

        parts: list[bytes] = []
        poll = select.poll()
        poll.register(source, select.POLLIN)
        while True:
            rest = end - time.monotonic()
            if rest <= 0:
                raise QueryTimeout(seconds)
            if not poll.poll(rest * 1000):
                continue
            part = os.read(source, 1 << 20)
            if not part:
                return b"".join(parts)
            parts.append(part)


def _answer(work: Callable[[], Rows | Written | Triples], out: BinaryIO) -> None:
    """Write what work gives, or what it raises."""
    said: dict[str, Any]
    try:
        found = work()
        if isinstance(found, Triples):
            data = ox.serialize(found.triples, format=ox.RdfFormat.N_TRIPLES)
            assert data is not None
            said = {"kind": "graph"}
        else:
            data = as_tsv(found)
            said = {"kind": "rows", "answer": found.answer}
        out.write(data)
        said["truncated"] = found.truncated
    except errors.CoproductionError as error:
        said = {"kind": "error", "name": type(error).__name__, "parts": error.args}
    except MemoryError:
        said = {"kind": "error", "name": "QueryError", "parts": ["the query took all memory"]}
    except Exception as error:  # told in the parent as it would be there
        message = f"the query failed: {type(error).__name__}: {error}"
        said = {"kind": "error", "name": "QueryError", "parts": [message]}
    out.write(_MARK + json.dumps(said).encode())


def _read(data: bytes) -> Rows | Written | Triples:
    body, _, tail = data.rpartition(_MARK)
    said = json.loads(tail)
    if said["kind"] == "error":
        raise errors.made_again(said["name"], said["parts"])
    if said["kind"] == "graph":
        quads = ox.parse(body, format=ox.RdfFormat.N_TRIPLES)
        return Triples([quad.triple for quad in quads], said["truncated"])
    if said["answer"] is not None:
        return truth(said["answer"])
    variables = [variable.value for variable in solutions_of(body).variables]
    return Written(variables, body, said["truncated"])


def _no_answer(code: int, seconds: float, folder: object = None) -> bytes:
    """Raise what the end of a process without an answer means."""
    if sys.platform != "win32" and code == -signal.SIGALRM:
        raise QueryTimeout(seconds, folder)
    raise QueryError(
        f"the process of the query ended without an answer (exit code {code}); "
        "too little memory is the usual cause: ask for less"
    )
