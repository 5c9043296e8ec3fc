"""Processes that convert rows, each with its pipe, and who deals to them: a few messages wait."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Sequence
from typing import Any, Final

from ..errors import DataError, made_again, option
from ..files.processes import Process
from .conversion_worker import Failure

_STEP: Final = 0.5
"""Seconds after which a wait is begun anew, so that Ctrl-C is heard everywhere."""


class Worker(Process):
    """One process: what is sent to it is answered in order."""

    def __init__(self) -> None:
        # What it says is not the terminal's: all hear Ctrl-C, and one tells of it.
        super().__init__("coproduction.cases.conversion_worker", is_heard=True)

    def answer(self) -> Any:
        """Give the next answer.

        Raises:
            CoproductionError: what the process raised; DataError where it has ended.
        """
        while True:
            try:
                data = self.received(_STEP)
                break
            except TimeoutError:
                continue
        if data is None:
            code, words = self.words()
            if os.environ.get("COPRODUCTION_DEBUG"):
                print(words, file=sys.stderr)
            why = (words.splitlines() or [""])[-1]
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
