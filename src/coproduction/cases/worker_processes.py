"""Processes that convert rows, and who deals to them: each has its pipe, and a few messages wait.

They are started as this Python is, and not by multiprocessing, which would run the user's script
once more in each.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any, Final

from ..errors import DataError, made_again, option
from ..files.pipes import message, packed
from .conversion_worker import Failure

_START: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from coproduction.cases.conversion_worker import serve; serve()"
)
_STEP: Final = 0.5
"""Seconds after which a wait is begun anew, so that Ctrl-C is heard everywhere."""


class Worker:
    """One process: what is sent to it is answered in order."""

    def __init__(self) -> None:
        import json

        self._process = subprocess.Popen(
            # -P: nothing is imported from the current folder.
            [sys.executable, "-P", "-c", _START, json.dumps([each for each in sys.path if each])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,  # not the terminal's: all hear Ctrl-C, and one tells of it
        )
        self._to_send: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._came: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._words = ""
        self._listening = threading.Thread(target=self._listen, daemon=True)
        for thread in (
            *(threading.Thread(target=work, daemon=True) for work in (self._send, self._receive)),
            self._listening,
        ):
            thread.start()

    def send(self, value: object) -> None:
        """Send a message; it waits in line until the process takes it."""
        self._to_send.put(packed(value))

    def answer(self) -> Any:
        """Give the next answer.

        Raises:
            CoproductionError: what the process raised; DataError where it has ended.
        """
        while True:
            try:
                data = self._came.get(timeout=_STEP)
                break
            except queue.Empty:
                continue
        if data is None:
            code = self._process.wait()
            self._listening.join()
            if os.environ.get("COPRODUCTION_DEBUG"):
                print(self._words, file=sys.stderr)
            why = (self._words.splitlines() or [""])[-1]
            ended = f"a process that converts ended without an answer (exit code {code})"
            if why and "MemoryError" not in why:
                raise DataError(f"{ended}: {why}")
            raise DataError(
                f"{ended}; too little memory is the usual cause: take fewer with ",
                option("workers", "N"),
            )
        found = pickle.loads(data)
        if isinstance(found, Failure):
            raise made_again(found.name, found.parts)
        return found

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        self._to_send.put(None)

    def _send(self) -> None:
        assert self._process.stdin is not None
        try:
            with self._process.stdin as pipe:
                while (data := self._to_send.get()) is not None:
                    pipe.write(data)
                    pipe.flush()
        except OSError:
            return  # it has ended, which the other thread tells

    def _listen(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as pipe:
            self._words = pipe.read().decode(errors="replace").rstrip()

    def _receive(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as pipe:
            while (data := message(pipe)) is not None:
                self._came.put(data)
        self._came.put(None)


class Crew:
    """Several processes, ended when the block is left.

    Args:
        count: how many.
        order: what each is told first.
    """

    def __init__(self, count: int, order: object) -> None:
        self._count, self._order = count, order
        self.workers: Sequence[Worker] = ()

    def __enter__(self) -> Crew:
        """Start them."""
        started: list[Worker] = []
        self.workers = started
        try:
            for _ in range(self._count):
                started.append(Worker())
                started[-1].send(self._order)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *raised: object) -> None:
        """End them."""
        for worker in self.workers:
            worker.end()
