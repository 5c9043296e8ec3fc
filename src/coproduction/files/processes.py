"""Processes of this package that are sent messages and answer them, by a pipe each way.

They are started as this Python is, and not by multiprocessing, which would run the user's script
once more in each.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from typing import Final

from .pipes import message, packed

_START: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from {module} import serve; serve()"
)


class Process:
    """A process that runs the function ``serve`` of a module of this package.

    Args:
        module: its name.
        is_heard: whether what it says on standard error is kept for :meth:`words`, and does not
            come to the terminal.
    """

    def __init__(self, module: str, *, is_heard: bool = False) -> None:
        path = json.dumps([each for each in sys.path if each])
        self._process = subprocess.Popen(
            # -P: nothing is imported from the current folder.
            [sys.executable, "-P", "-c", _START.format(module=module), path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if is_heard else None,
        )
        self._to_send: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._came: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._words = ""
        self._listening = threading.Thread(target=self._listen, daemon=True)
        for work in (self._send, self._receive):
            threading.Thread(target=work, daemon=True).start()
        if is_heard:
            self._listening.start()

    def send(self, value: object) -> None:
        """Send a message; it waits in line until the process takes it."""
        self._to_send.put(packed(value))

    def received(self, seconds: float) -> bytes | None:
        """Give the next answer, still pickled; None where the process has ended.

        Raises:
            TimeoutError: none came in so many seconds.
        """
        try:
            data = self._came.get(timeout=max(seconds, 0.001))
        except queue.Empty:
            raise TimeoutError from None
        if data is None:
            self._came.put(None)  # it has ended, whoever asks
        return data

    @property
    def has_ended(self) -> bool:
        """Whether the process is gone."""
        return self._process.poll() is not None

    def words(self) -> tuple[int, str]:
        """Give the code that the process ended with, and what it said; it has to end."""
        code = self._process.wait()
        self._listening.join()
        return code, self._words

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
