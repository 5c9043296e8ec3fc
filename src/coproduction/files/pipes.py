"""Messages between two processes of this package, by a pipe: each with its length before it."""

from __future__ import annotations

import pickle
import struct
from typing import IO, Final

_LENGTH: Final = struct.Struct(">Q")


def packed(value: object) -> bytes:
    """Give a message as it is sent."""
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(data)) + data


def message(source: IO[bytes]) -> bytes | None:
    """Give the next message, still pickled; None where the other side has ended."""
    head = source.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = source.read(length)
    return data if len(data) == length else None
