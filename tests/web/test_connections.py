"""Connections of which nothing comes, with the waits made short; each is ended, and others are served."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn

from coproduction.web import connections
from coproduction.web.connections import Connection
from coproduction.web.serving import _listening, _most

LARGE = 8_000_000
SLOW = 0.15
Connect = Callable[[], socket.socket]


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answer at once: with a great deal at /large, without a look at the body elsewhere."""
    if scope["type"] != "http":
        return
    body = b"x" * LARGE if scope["path"] == "/large" else b"ok"
    length = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": length})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Iterator[Connect]:
    """Serve, with two connections at most, and give what connects."""
    for name in ("_HEAD", "_REST", "_STILL"):
        monkeypatch.setattr(connections, name, SLOW)
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        application, http=Connection, limit_concurrency=3, log_level="critical", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    opened = []

    def new() -> socket.socket:
        opened.append(socket.create_connection(listening.getsockname(), timeout=10))
        return opened[-1]

    yield new
    for each in opened:
        each.close()
    server.should_exit = True
    thread.join(10)


def asked(one: socket.socket, head: bytes = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") -> bool:
    """Tell whether a request is answered."""
    one.sendall(head)
    came = b""
    while not came.endswith(b"ok") and (part := one.recv(1_000)):
        came += part
    return came.endswith(b"ok")


def ended(one: socket.socket) -> bool:
    """Tell whether the server has ended a connection, within the time that reading waits."""
    try:
        while one.recv(100_000):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


def test_one_that_sends_nothing_is_ended(connect: Connect) -> None:
    assert ended(connect())


def test_a_head_that_comes_by_drops_is_ended(connect: Connect) -> None:
    one = connect()
    with pytest.raises(ConnectionError):
        for sign in "GET / HTTP/1.1\r\nX: " + "x" * 1_000:
            one.sendall(sign.encode())
            time.sleep(SLOW / 5)


def test_one_that_asks_again_and_again_is_kept(connect: Connect) -> None:
    one = connect()
    for _ in range(4):
        assert asked(one)
        time.sleep(SLOW / 2)


def test_a_body_that_nobody_waits_for_is_not_read_without_an_end(connect: Connect) -> None:
    one = connect()
    assert asked(one, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
    with pytest.raises(ConnectionError):
        for _ in range(1_000):
            one.sendall(b"x")
            time.sleep(SLOW / 5)


def test_an_answer_that_nobody_takes_is_given_up_and_one_that_is_taken_slowly_is_not(
    connect: Connect,
) -> None:
    still, slow = connect(), connect()
    for each in (still, slow):
        each.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
    size = 0
    while size < LARGE:
        part = slow.recv(600_000)
        assert part, f"{size:,} bytes came"
        size += len(part)
        time.sleep(SLOW / 10)
    size = 0
    with pytest.raises(ConnectionError):  # what was underway comes, and then the end
        while part := still.recv(1_000_000):
            size += len(part)
        raise ConnectionError
    assert 0 < size < LARGE


def test_the_one_that_was_idle_longest_makes_room(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_HEAD", 60)
    first, second = connect(), connect()
    time.sleep(0.05)
    third = connect()
    assert asked(third)
    assert ended(first)
    assert asked(second)


def test_an_answer_goes_out_at_once() -> None:
    """The head and the body go by themselves, and the body waited 40 ms until the head was heard of."""
    with _listening("127.0.0.1", 0) as one:
        assert one.proto == socket.IPPROTO_TCP  # asyncio looks at it before it sets TCP_NODELAY


def test_fewer_connections_are_taken_where_few_files_may_be_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resource = pytest.importorskip("resource")
    for files, most in ((1_024, 924), (100_000, 1_000), (resource.RLIM_INFINITY, 1_000), (64, 50)):
        monkeypatch.setattr(resource, "getrlimit", lambda which, files=files: (files, files))
        assert _most() == most
