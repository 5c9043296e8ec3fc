"""What came before in a sheet of any size: texts kept on disk, so that memory does not grow."""

from __future__ import annotations

import contextlib
import errno
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from ..errors import DataError
from ..files.output import write_error

_CACHE: Final = 32_000
"""Kilobytes of what was seen that are kept in memory."""
_AT_ONCE: Final = 500


class Seen:
    """Remembers texts, each with the number that it came with first.

    Args:
        path: a file of this run's own, which is written.

    Raises:
        DataError: it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._told():
            self._base = sqlite3.connect(path, isolation_level=None)
            for setting in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_CACHE}"):
                self._base.execute(f"PRAGMA {setting}")
            self._base.execute(
                "CREATE TABLE seen (text TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID"
            )

    def repeated(self, came: Iterable[tuple[str, int]]) -> dict[int, int]:
        """Take texts in, and give those that were there: their numbers, to the first number.

        Args:
            came: texts with their numbers, in order; no number comes twice.

        Raises:
            DataError: the file cannot be written.
        """
        with self._told():
            return self._repeated(list(came))

    def _repeated(self, came: list[tuple[str, int]]) -> dict[int, int]:
        before = self._base.total_changes
        self._base.execute("BEGIN")
        self._base.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", came)
        self._base.execute("COMMIT")
        if self._base.total_changes - before == len(came):
            return {}
        first: dict[str, int] = {}
        for start in range(0, len(came), _AT_ONCE):
            some = [text for text, _ in came[start : start + _AT_ONCE]]
            places = ", ".join("?" * len(some))
            first.update(
                self._base.execute(f"SELECT text, number FROM seen WHERE text IN ({places})", some)
            )
        return {number: first[text] for text, number in came if first[text] != number}

    def close(self) -> None:
        """Let the file go."""
        self._base.close()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Name the file where it cannot be used: the database does not."""
        try:
            yield
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL:
                raise write_error(self._path, OSError(errno.ENOSPC, "")) from None
            raise DataError(f"{self._path}: cannot be used: {error}") from None
