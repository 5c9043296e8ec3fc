"""Processes that answer queries: started beforehand, and ended only when one takes too long."""

from __future__ import annotations

import pickle
import queue
import threading
from collections.abc import Sequence
from typing import Final

from ..errors import CoproductionError, DataError
from ..files.processes import Process
from ..messages import Sentence
from ..syntax.sparql import clauses
from .asked import Asked, RequestError
from .orders import Order, Scope, Sent, SheetSent
from .writing import ChangeWanted

_OPENING: Final = 600.0
"""Seconds that the graphs may take to be opened."""
_AGAIN: Final = 5.0
"""Seconds after which it is tried again, where they could not be opened."""


class Worker(Process):
    """One process, that has the graphs open and answers one query at a time."""

    def __init__(self, scope: Scope) -> None:
        super().__init__("coproduction.web.answering")
        self.send(scope)
        self.is_open = False

    def wait(self) -> None:
        """Wait until the graphs are open.

        Raises:
            DataError: they cannot be opened.
        """
        if self.is_open:
            return
        data = self._next(_OPENING)
        if data is None:
            raise DataError("a process of the server ended before it had opened the graphs")
        problem = pickle.loads(data)
        if problem is not None:
            raise DataError(problem.body.decode().rstrip())
        self.is_open = True

    def answer(self, order: Order) -> Sent | None:
        """Give the answer to a query, or None where none came in time: this is of no use then."""
        self.send(order)
        data = self._next(order.limits.seconds)
        if data is None:
            return None
        sent: Sent = pickle.loads(data)
        return sent

    def _next(self, seconds: float) -> bytes | None:
        try:
            return self.received(seconds)
        except TimeoutError:
            return None


class Pool:
    """Several processes; a query goes to one that is free.

    Args:
        scope: what is asked.
        count: processes, and so queries at a time.
        waiting: seconds that a query waits for a free one.
    """

    def __init__(self, scope: Scope, count: int, waiting: float = 10.0) -> None:
        self._scope, self._waiting = scope, waiting
        self._free: queue.Queue[Worker] = queue.Queue()  # in turns, so that none holds an old state
        self._came: queue.SimpleQueue[CoproductionError | None] = queue.SimpleQueue()
        self._all: set[Worker] = set()
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._problem = ""
        for _ in range(count):
            self._begin()

    def wait(self) -> None:
        """Wait until one has opened the graphs.

        Raises:
            DataError: they cannot be opened.
        """
        problem = self._came.get()
        if problem is not None:
            raise problem

    def answer(self, order: Order) -> Sent:
        """Answer a query; what goes wrong with it is an answer too.

        Raises:
            RequestError: no process is free, or the one that answered was ended.
        """
        try:
            worker = self._free.get(timeout=self._waiting)
        except queue.Empty:
            busy = Sentence("all processes are busy: ask again in a while")
            raise RequestError(503, self._problem or busy) from None
        try:
            sent = worker.answer(order)
        except BaseException:
            self._replace(worker)
            raise
        if sent is not None:
            self._free.put(worker)
            return sent
        ended = worker.has_ended
        self._replace(worker)
        if ended:
            words = "the process that answered ended, as it does for want of memory: ask for less"
            raise RequestError(500, Sentence(words))
        if isinstance(order.wanted, Asked) and (asked := clauses(order.wanted.text).endpoints):
            raise RequestError(504, _too_late(order, asked))
        raise RequestError(503, _too_long(order))

    def close(self) -> None:
        """End all processes."""
        self._ended.set()
        with self._lock:
            workers, self._all = self._all, set()
        for worker in workers:
            worker.end()

    def _begin(self) -> None:
        threading.Thread(target=self._open_one, daemon=True).start()

    def _open_one(self) -> None:
        """Start a process, and have it answer once it has opened the graphs."""
        while not self._ended.is_set():
            worker = None
            try:
                with self._lock:
                    if self._ended.is_set():
                        return
                    worker = Worker(self._scope)
                    self._all.add(worker)
                worker.wait()
            except CoproductionError as error:
                self._tell(error)
            except OSError as error:
                self._tell(DataError(f"a process of the server cannot be started: {error}"))
            else:
                self._problem = ""
                self._came.put(None)
                self._free.put(worker)
                return
            if worker is not None:
                with self._lock:
                    self._all.discard(worker)
                worker.end()
            self._ended.wait(_AGAIN)

    def _tell(self, error: CoproductionError) -> None:
        """Tell whoever starts the server, and later whoever asks it, why no process answers."""
        self._problem = str(error)
        self._came.put(error)

    def _replace(self, worker: Worker) -> None:
        with self._lock:
            self._all.discard(worker)
        worker.end()
        self._begin()


def _too_late(order: Order, endpoints: Sequence[str]) -> Sentence:
    """Tell that a query was stopped which asks other endpoints, and which these are."""
    return Sentence(
        "the query took longer than {seconds:g} seconds and was stopped, as where SERVICE "
        "{endpoints} does not answer: ask there whether it does, or ask it for less",
        seconds=order.limits.seconds,
        endpoints=" ".join(f"<{each}>" for each in endpoints),
    )


def _too_long(order: Order) -> Sentence:
    """Tell that an order was stopped, and what is to be done."""
    seconds = order.limits.seconds
    if isinstance(order.wanted, ChangeWanted):
        return Sentence(
            "the change took longer than {seconds:g} seconds and was stopped: ask whether it is "
            "there, for all of it is or nothing",
            seconds=seconds,
        )
    if isinstance(order.wanted, SheetSent):
        return Sentence(
            "the check took longer than {seconds:g} seconds and was stopped: send fewer rows, or "
            "use 'coproduction validate'",
            seconds=seconds,
        )
    return Sentence(
        "the query took longer than {seconds:g} seconds and was stopped: ask for less, by LIMIT or "
        "by a narrower pattern",
        seconds=seconds,
    )
