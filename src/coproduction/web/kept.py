"""Answers that a process of the server keeps, so that what is asked again is not made anew."""

from __future__ import annotations

import hashlib
import re
import weakref
from typing import Final

from ..store.protocol import Store
from ..syntax.sparql import clauses
from .asked import Asked
from .orders import Open, Order, Sent

_MOST: Final = 16_000_000
"""Bytes of answers to queries that a process keeps."""
_BESIDE: Final = 1_000
"""Bytes that an answer takes in memory beside its body, about."""
_EACH_TIME_ANOTHER: Final = re.compile(r"(?:rand|now|uuid)\s*[(#]|\\u", re.IGNORECASE)
"""What may give another answer each time, or hides what it says by the escape of a sign."""


class Kept(dict[str, Sent]):
    """Answers that were given, by their tags: what was not wanted the longest goes first.

    A tag is another one where the answer may be another, so that none is old.

    Args:
        most: bytes that are kept at most.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most, self._size = most, 0

    def again(self, tag: str) -> Sent:
        """Give an answer that is kept."""
        self[tag] = found = self.pop(tag)
        return found

    def keep(self, tag: str, sent: Sent) -> None:
        """Keep an answer, unless it is a good part of all that may be kept."""
        if _size(sent) > self._most // 8 or tag in self:
            return
        self[tag] = sent
        self._size += _size(sent)
        while self._size > self._most:
            self._size -= _size(self.pop(next(iter(self))))


class KeptOfQueries:
    """Answers to queries, as long as the graphs are those that they were asked of."""

    def __init__(self) -> None:
        self._store: weakref.ref[Store] | None = None
        self._kept = Kept(_MOST)

    def tag(self, graphs: Open, asked: Asked, order: Order) -> str:
        """Give the tag of the answer, or nothing where it may be another the next time.

        That is so where a server behind this one has the graphs, where SERVICE asks another, and
        of a query that has chance or the time in it.
        """
        elsewhere = graphs.store.address is not None or clauses(asked.text).endpoints
        if elsewhere or _EACH_TIME_ANOTHER.search(asked.text):
            return ""
        # Nobody can make two queries of one tag, so that one would have the other's answer.
        text = repr((asked, order.accept, order.limits)).encode(errors="surrogatepass")
        return hashlib.blake2b(text, digest_size=32).hexdigest()

    def again(self, graphs: Open, tag: str) -> Sent | None:
        """Give the answer of a tag, where it is kept and the graphs are the same."""
        if self._store is None or self._store() is not graphs.store:
            # A copy in memory is let go of before that of the next state is made.
            self._store, self._kept = weakref.ref(graphs.store), Kept(_MOST)
        return self._kept.again(tag) if tag in self._kept else None

    def keep(self, tag: str, sent: Sent) -> None:
        """Keep the answer that was given last, unless it has no tag."""
        if tag:
            self._kept.keep(tag, sent)


def _size(sent: Sent) -> int:
    return len(sent.body) + _BESIDE
