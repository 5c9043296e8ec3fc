"""The encoding of a text file: by its mark, else the first that the whole file can be read in.

Windows-1252 and Mac Roman can be read into each other without an error, so which of them a file is
written in is a guess from its letters; a guess is told.
"""

from __future__ import annotations

import codecs
import io
from pathlib import Path
from typing import Final, NamedTuple

from ..errors import DataError, option
from ..messages import Sentence

_BLOCK: Final = 1 << 20
_SAMPLE: Final = 1 << 16
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MARKED: Final = {
    "utf-8": "utf-8-sig",
    "utf-16-le": "utf-16",
    "utf-16-be": "utf-16",
    "utf-32-le": "utf-32",
    "utf-32-be": "utf-32",
}
_MAC_LETTERS: Final = frozenset(b"\x83\x8a\x8c\x8e\x9a\x9c\x9e\x9f")
"""É ä å é ö ú û ü in Mac Roman; in Windows-1252 letters that few languages have."""
_MAC_ONLY: Final = frozenset(b"\x81\x8d\x8f\x90\x9d")
"""Å ç è ê ù in Mac Roman; nothing in Windows-1252."""
_WINDOWS_LETTERS: Final = frozenset(range(0xC0, 0x100)) - {0xD7, 0xF7}


class Encoding(NamedTuple):
    """An encoding as Python names it, and whether it was guessed."""

    name: str
    guessed: bool = False


def encoding_of(path: Path, given: str | None = None) -> Encoding:
    """Tell the encoding of a file.

    Args:
        path: the file.
        given: what the user said; the mark at the file's beginning is left out then too.

    Raises:
        DataError: there is no encoding of the given name, or the file fits none (with the line).
    """
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), "")
    if given is not None:
        try:
            io.TextIOWrapper(io.BytesIO(), encoding=given)  # refuses codecs of other things too
            name = codecs.lookup(given).name
        except (LookupError, ValueError):
            raise DataError(Sentence("there is no encoding {name!r}", name=given)) from None
        name = marked if marked and _MARKED.get(name) == marked else name
        place = _unreadable(path, name)
        if place:
            told = Sentence(
                "{path}, line {line}: a sign is not {encoding}; name another with {option}",
                path=path,
                line=place,
                encoding=given,
                option=option("encoding", "NAME"),
            )
            raise DataError(told)
        return Encoding(name)
    if marked:
        place = _unreadable(path, marked)
        if place:
            told = Sentence(
                "{path}, line {line}: a sign is not {encoding}, though the file begins with the "
                "mark of it: save the file anew as UTF-8, or name its encoding with {option}",
                path=path,
                line=place,
                encoding=_name(marked),
                option=option("encoding", "NAME"),
            )
            raise DataError(told)
        return Encoding(marked)
    if start.count(0) * 5 > len(start):  # texts in the Latin alphabet have every second one 0
        told = Sentence(
            "{path}: it has zero bytes, as UTF-16 without its mark has; name the encoding, "
            "utf-16-le or utf-16-be, with {option}",
            path=path,
            option=option("encoding", "NAME"),
        )
        raise DataError(told)
    if not _unreadable(path, "utf-8"):
        return Encoding("utf-8")
    counts = _letters(path)
    if counts.mac_only or counts.mac > counts.windows:
        return Encoding("mac_roman", guessed=True)
    return Encoding("cp1252", guessed=True)


def read_text(path: Path) -> str:
    """Read a text file that a person wrote as UTF-8, with or without its mark, or as UTF-16.

    Raises:
        DataError: the file cannot be read, or is in another encoding (with the line).
    """
    try:
        start = path.open("rb").read(4)
        marked = next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8")
        return path.read_text(encoding=marked)
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DataError(f"{path}, line {line}: a sign is not {_name(marked)}: save it so") from None


class _Counts(NamedTuple):
    mac: int = 0
    mac_only: int = 0
    windows: int = 0


def _letters(path: Path) -> _Counts:
    """Count the bytes that tell Mac Roman from Windows-1252."""
    seen = [0] * 256
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            for byte in {*block}:
                seen[byte] += block.count(byte)
    return _Counts(
        mac=sum(seen[byte] for byte in _MAC_LETTERS),
        mac_only=sum(seen[byte] for byte in _MAC_ONLY),
        windows=sum(seen[byte] for byte in _WINDOWS_LETTERS),
    )


def _unreadable(path: Path, encoding: str) -> int:
    """Give the number of the first line that is not in an encoding, or 0."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as file:
        while True:
            block = file.read(_BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return line + error.object.count(b"\n", 0, error.start)
            except UnicodeError:  # a codec that names no byte, or a stream without its mark
                return line
            if not block:
                return 0
            line += text.count("\n")


def _name(encoding: str) -> str:
    return encoding.removesuffix("-sig").upper()
