"""A connection to the server, which is ended when nothing comes of it."""

from __future__ import annotations

import asyncio
from typing import Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_HEAD: Final = 15.0
"""Seconds in which the head of a request has to be there."""
_REST: Final = 5.0
"""Seconds in which the rest of a request is passed over that was answered before its end."""
_STILL: Final = 30.0
"""Seconds after which an answer is given up of which nothing more is taken."""


class Connection(H11Protocol):
    """A connection as uvicorn has it, which waits for no client without an end.

    Where there are as many as may be, the one that has had no request under way the longest makes
    room for a new one: those who send nothing keep nobody out.
    """

    _waiting: asyncio.TimerHandle | None = None
    _writing: asyncio.TimerHandle | None = None
    _idle_since = 0.0

    @property
    def is_idle(self) -> bool:
        """Whether no request is under way."""
        return self.cycle is None or self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request, and make room."""
        super().connection_made(transport)
        self._wait(_HEAD)
        most = self.limit_concurrency
        if most is not None and len(self.connections) >= most:
            idle = [
                each
                for each in self.connections
                if isinstance(each, Connection) and each.is_idle and each is not self
            ]
            if idle:
                min(idle, key=lambda each: each._idle_since).give_up()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._stop_waiting()
        self._stop_looking()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; a head that is begun has to end in time."""
        super().data_received(data)
        if not self.is_idle:
            self._stop_waiting()
        elif self._waiting is None:
            self._wait(_HEAD)

    def on_response_complete(self) -> None:
        """End the connection soon where the rest of the request is not wanted."""
        self._idle_since = self.loop.time()
        super().on_response_complete()
        if self.is_idle and self.conn.their_state is h11.SEND_BODY:
            self._wait(_REST)

    def pause_writing(self) -> None:
        """Begin to look whether the answer is taken."""
        super().pause_writing()
        if self._writing is None:
            self._look(-1)

    def resume_writing(self) -> None:
        """Stop looking."""
        self._stop_looking()
        super().resume_writing()

    def give_up(self) -> None:
        """End the connection."""
        self._stop_waiting()
        self.connections.discard(self)
        if not self.transport.is_closing():
            self.transport.close()

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._idle_since = self._idle_since or self.loop.time()
        self._waiting = self.loop.call_later(seconds, self.give_up)

    def _look(self, before: int) -> None:
        """Give an answer up of which nothing was taken since it was looked at."""
        left = self.transport.get_write_buffer_size()
        if left == before:
            self.transport.abort()
            return
        self._writing = self.loop.call_later(_STILL, self._look, left)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _stop_looking(self) -> None:
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None
