"""Locks on files: who holds one is told by the system, which lets go of it when a process ends.

Writers keep each other out by a lock that one alone can hold; who uses a folder that another may
want to delete (a state of a store, a scratch folder) holds a shared one on a file in it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self


class InUse(Exception):
    """Another process holds a lock on the file that excludes this one."""


class Lock:
    """A lock on a file, held until it is released, collected, or the process ends.

    Args:
        path: the file; a symbolic link in its place is not followed.
        shared: whether others may hold it too, each as a shared one.
        create: whether the file is made where there is none. A shared lock needs no more than the
            right to read the file, also on a file system that is read-only.

    Where the system has no such locks (Windows, some network folders) a shared lock only keeps
    the file open.

    Raises:
        InUse: another process holds a lock that excludes this one, or is deleting the file.
        OSError: the file is missing, a symbolic link, or cannot be opened.
    """

    def __init__(self, path: Path, *, shared: bool = False, create: bool = False) -> None:
        flags = os.O_RDONLY if shared else os.O_RDWR
        flags |= os.O_CREAT if create else 0
        self._file = os.open(
            path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0), 0o666
        )
        try:
            _take(self._file, shared)
            if not os.path.samestat(os.fstat(self._file), path.lstat()):
                raise InUse(path)  # it was replaced or deleted before the lock was there
        except FileNotFoundError:
            self.release()
            raise InUse(path) from None
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Let go of the lock; nothing happens where that is done already."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def __del__(self) -> None:
        if getattr(self, "_file", -1) >= 0:
            self.release()


def _take(file: int, shared: bool) -> None:
    if sys.platform == "win32":
        import msvcrt

        if not shared:
            try:
                msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            except OSError:
                raise InUse(file) from None
        return
    import errno
    import fcntl

    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            raise InUse(file) from None
        if not shared:
            raise
