"""The server itself: where it listens, and that it ends cleanly."""

from __future__ import annotations

import importlib.util
import socket
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from ..errors import DataError, MissingExtra
from .orders import Scope
from .tokens import Token

if TYPE_CHECKING:
    import uvicorn
    from starlette.applications import Starlette

_HEAD: Final = 1_000_000
"""Bytes of a request's address and headers: long queries come in an address."""
_CONNECTIONS: Final = 1_000
_FILES: Final = 100
"""Open files that are kept for all else than connections."""
_GRACE: Final = 5
"""Seconds that requests may still take when the server is told to end."""
_WAITING: Final = 512
"""Connections that wait to be taken."""
_CONFIG: Final[dict[str, Any]] = {
    "log_level": "warning",
    "lifespan": "on",
    "ws": "none",
    "h11_max_incomplete_event_size": _HEAD,
    "server_header": False,
    "timeout_graceful_shutdown": _GRACE,
}
_OF_EXTRA: Final = ("uvicorn", "starlette", "mimeparse", "anyio", "h11", "jinja2", "markdownify")
LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


def run(
    scope: Scope,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    workers: int = 2,
    seconds: float = 60.0,
    rows: int = 100_000,
    hosts: tuple[str, ...] = (),
    origins: tuple[str, ...] = (),
    token: Token | None = None,
    shapes: bool = False,
    started: Callable[[str], None] = lambda url: None,
) -> None:
    """Serve until the process is told to end.

    Args:
        scope: what is asked.
        host: the address that is listened at.
        port: 0 for any that is free.
        workers: processes that answer, and so queries at a time.
        seconds: a query may take.
        rows: an answer may have.
        hosts: what SERVICE may ask.
        origins: of other pages that may read answers, or ``*``.
        token: that writing asks for; None where nothing is written.
        shapes: whether any change is refused by which cases break shapes.
        started: is called with the address when requests are taken.

    Raises:
        MissingExtra: the extra ``web`` is not installed.
        DataError: the graphs cannot be opened, or the address cannot be had.
    """
    _check_extra()
    from . import application as web
    from .orders import Limits
    from .workers import Pool

    settings = web.Settings(
        Limits(seconds, rows),
        hosts,
        origins=origins,
        names=("127.0.0.1", "localhost") if host in ("127.0.0.1", "localhost") else (),
        workers=workers,
        writes=web.Writes(token, shapes) if token is not None else None,
    )
    listening = _listening(host, port)
    pool = Pool(scope, workers)
    writer = Pool(scope, 1) if token is not None else None
    try:
        pool.wait()
        server = _server(web.application(pool, settings, writer))
        started(_url(host, listening.getsockname()[1]))
        server.run(sockets=[listening])
    finally:
        for each in filter(None, (pool, writer)):
            each.close()
        listening.close()


def _server(served: Starlette) -> uvicorn.Server:
    import uvicorn

    from .connections import Connection

    config = uvicorn.Config(served, http=Connection, limit_concurrency=_most(), **_CONFIG)
    return uvicorn.Server(config)


def _most() -> int:
    """Give how many connections there may be, which is fewer where a process may open few files."""
    if sys.platform == "win32":
        return _CONNECTIONS
    import resource

    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    few = files != resource.RLIM_INFINITY and files < _CONNECTIONS + _FILES
    return max(files - _FILES, _FILES // 2) if few else _CONNECTIONS


def _check_extra() -> None:
    """Look for what the extra brings before anything is begun.

    Raises:
        MissingExtra: it is not installed.
    """
    for name in _OF_EXTRA:
        if importlib.util.find_spec(name) is None:
            raise MissingExtra(name, "web")


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        # With the protocol named, asyncio sends each part of an answer at once (TCP_NODELAY).
        found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(_WAITING)
    except OSError as error:
        raise DataError(
            f"{host}:{port} cannot be listened at: {error.strerror or error}; take another port, "
            "or --port 0 for any that is free"
        ) from None
    return found
