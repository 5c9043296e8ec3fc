"""Files that the tool writes: whole or not at all, never over what a person filled in.

What is written stands beside its place until it is complete, under a name that nobody can guess,
and is then moved there in one step: where that fails the file before is as it was. A link is
followed to the file that it leads to; devices and pipes are written to directly, as Unix tools do.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Final

from ..errors import DataError, NoSpace, option
from ..resources import data_dir
from .locks import InUse, Lock

_parts: Final[set[Path]] = set()
"""What this process is writing."""
Content = bytes | Callable[[IO[bytes]], object]
"""What is written: bytes, or a function that is given the open file."""

_NO_SPACE: Final = {getattr(errno, name) for name in ("ENOSPC", "EDQUOT") if hasattr(errno, name)}
_NO_LINKS: Final = {
    getattr(errno, name)
    for name in ("EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV", "EINVAL")
    if hasattr(errno, name)
}
"""What a file system says that has no hard links."""
_PACKAGED: Final = ("ontology", "queries", "shapes", "cases", "loaders")
_OWN_STREAM: Final = re.compile(r"/dev/(?:fd/(\d+)|stdout|stderr)|/proc/self/fd/(\d+)")


def write_whole(path: str | Path, content: Content, *, force: bool = True) -> None:
    """Write a file in one step.

    Args:
        path: where; a link is followed, a device or a pipe is written to directly.
        content: what.
        force: whether a file that exists is replaced, with its mode; else it is refused, also
            where it appeared while this was written.

    Raises:
        DataError: the file cannot be written (`NoSpace` where the disk is full); no part of it is
            left then, and the file before is as it was.
    """
    path = Path(path)
    check_writable(path, force=force)
    with _told(path):
        direct = _direct(path)
        if direct is not None:
            with direct as file:
                _put(content, file)
            return
        _replace(Path(os.path.realpath(path)), path, content, force)


def check_writable(path: str | Path, *, force: bool = True) -> None:
    """Refuse a place that cannot be written to, before the work for it is done.

    Raises:
        DataError: it is a folder, its folder is missing, there is no right to write, or, without
            `force`, there is a file.
    """
    path = Path(path)
    with _told(path):
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            folder = Path(os.path.realpath(path)).parent
            if not folder.is_dir():
                raise DataError(f"{path}: cannot be written: there is no folder {folder}") from None
            if not os.access(folder, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES)) from None
            return
        if stat.S_ISDIR(mode):
            raise DataError(f"{path}: cannot be written: this is a folder; name a file in it")
        if stat.S_ISREG(mode) and not force and not _OWN_STREAM.fullmatch(str(path)):
            raise DataError(str(path), *_EXISTS)
        if not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def is_stream(path: Path) -> bool:
    """Tell whether this is a device, a pipe or a stream of this process, and no file of its own."""
    if _OWN_STREAM.fullmatch(str(path)):
        return True
    return path.exists() and not path.is_file() and not path.is_dir()


_EXISTS: Final = ": exists already; ", option("force"), " replaces it"


def check_outputs(
    outputs: Iterable[str | Path | None],
    inputs: Iterable[str | Path | None],
    store: str | Path | None = None,
) -> None:
    """Refuse to write over what a command reads, before it starts.

    Args:
        outputs: the files that it is to write; None and ``-`` are passed over.
        inputs: the files that it reads.
        store: the folder of the store that it reads or writes.

    Raises:
        DataError: an output is one of the inputs (links followed), lies in the store or among the
            packaged files, or two outputs are one file.
    """
    written = [Path(each) for each in outputs if each is not None and str(each) != "-"]
    read = [Path(each) for each in inputs if each is not None and str(each) != "-"]
    for number, path in enumerate(written):
        for other in read:
            if _same(path, other):
                raise DataError(
                    f"{path}: this file is read by the same command; write to another file"
                )
        if any(_same(path, other) for other in written[:number]):
            raise DataError(f"{path}: two outputs cannot be one file; give them two names")
        if store is not None and _lies_in(path, Path(store)):
            raise DataError(f"{path}: this is inside the store {store}; write to another folder")
        if path.exists() and any(_lies_in(path, data_dir(name)) for name in _PACKAGED):
            raise DataError(f"{path}: this file is part of coproduction; write to another file")


def write_error(path: str | Path, error: OSError) -> DataError:
    """Give the line that tells why something cannot be written."""
    if error.errno in _NO_SPACE:
        return NoSpace(f"{path}: cannot be written: no space left; free some and run it again")
    return DataError(f"{path}: cannot be written: {error.strerror or error}")


def _same(path: Path, other: Path) -> bool:
    if os.path.realpath(path) == os.path.realpath(other):
        return not _is_special(path)
    try:
        return path.samefile(other) and not _is_special(path)
    except OSError:
        return False


def _is_special(path: Path) -> bool:
    """Tell whether a path is a device, a pipe or a stream, which lose nothing by being written."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _lies_in(path: Path, folder: Path) -> bool:
    return Path(os.path.realpath(folder)) in Path(os.path.realpath(path)).parents


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise write_error(path, error) from None
    except ValueError as error:  # a NUL in the name
        raise DataError(f"{path!r}: cannot be written: {error}") from None


def _direct(path: Path) -> IO[bytes] | None:
    """Open what is no file of its own: a stream of this process, a device, a pipe."""
    stream = _OWN_STREAM.fullmatch(str(path))
    if stream:
        number = stream[1] or stream[2] or (2 if path.name == "stderr" else 1)
        return os.fdopen(os.dup(int(number)), "wb")
    if not path.exists() or path.is_file():
        return None
    return path.open("wb")


def _put(content: Content, file: IO[bytes]) -> None:
    if isinstance(content, bytes):
        file.write(content)
    else:
        content(file)
    file.flush()


def abandon() -> None:
    """Take away what is half written, before the process leaves work that goes on."""
    for part in list(_parts):
        # Windows keeps a file that is open: the next run sweeps it.
        with contextlib.suppress(OSError):
            part.unlink()


# -- beside its place, then there --------------------------------------------------------------


def _replace(place: Path, path: Path, content: Content, force: bool) -> None:
    """Write beside `place` and move it there.

    Args:
        place: the file, no link.
        path: as it was given, for what is told.
        content: what is written.
        force: whether a file that exists is replaced.
    """
    _sweep(place)
    before = place.stat() if place.exists() else None
    part, file, lock = _begin(place, 0o666 if before is None else 0o600)
    _parts.add(part)
    try:
        with lock:
            with file:
                _put(content, file)
                if before is not None:
                    _take_over(file.fileno(), before)
                os.fsync(file.fileno())
            if force:
                part.replace(place)
            else:
                _place_new(part, place, path)
    finally:
        part.unlink(missing_ok=True)
        _parts.discard(part)


def _begin(place: Path, mode: int) -> tuple[Path, IO[bytes], Lock]:
    """Make the file that is written to, locked: one that no lock holds is swept as left over."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    for _ in range(10):
        part = place.with_name(f"{_stem(place)}{secrets.token_hex(8)}.part")
        file = os.fdopen(os.open(part, flags, mode), "w+b")
        try:
            return part, file, Lock(part, shared=True)
        except (InUse, FileNotFoundError):  # another process swept it before it was locked
            file.close()
    raise OSError(errno.EBUSY, "its folder is being swept by others; try again")


def _stem(place: Path) -> str:
    digest = hashlib.sha256(os.fsencode(place.name)).hexdigest()[:12]
    return f".coproduction-{digest}-"


def _sweep(place: Path) -> None:
    """Take away what killed runs left of the same file."""
    pattern = re.compile(re.escape(_stem(place)) + r"[0-9a-f]{16}\.part")
    with contextlib.suppress(OSError), os.scandir(place.parent) as entries:
        # What cannot be swept hinders nothing: each run writes under a name of its own.
        for entry in entries:
            if not pattern.fullmatch(entry.name) or not entry.is_file(follow_symlinks=False):
                continue
            if hasattr(os, "getuid") and entry.stat(follow_symlinks=False).st_uid != os.getuid():
                continue
            with contextlib.suppress(InUse), Lock(Path(entry.path)):
                Path(entry.path).unlink()


def _take_over(file: int, before: os.stat_result) -> None:
    """Give a file the owner and the mode of the one that it replaces."""
    if not hasattr(os, "fchmod"):
        return
    now = os.fstat(file)
    if (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
        # Only root may give a file away; for others it is theirs from now on.
        with contextlib.suppress(PermissionError):
            os.fchown(file, before.st_uid, before.st_gid)
    os.fchmod(file, stat.S_IMODE(before.st_mode))


def _place_new(part: Path, place: Path, path: Path) -> None:
    """Move a file to a place that has to be free."""
    try:
        os.link(part, place)
    except FileExistsError:
        raise DataError(str(path), *_EXISTS) from None
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        try:  # a file system without hard links: take the name, then fill it
            os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        except FileExistsError:
            raise DataError(str(path), *_EXISTS) from None
        part.replace(place)
