"""The routes of the server, and what goes between a request and the processes that answer it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final, NamedTuple

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from .answering import Describing, Limits, OneGraph, Order
from .asked import RequestError, asked_by, read_only
from .workers import Pool

_LARGEST_REQUEST: Final = 2_000_000
_SMALLEST_PACKED: Final = 1_000
"""Bytes from which an answer is compressed."""
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Settings(NamedTuple):
    """What a server answers, and how much of it.

    Attributes:
        limits: what an answer may take.
        hosts: what SERVICE may ask, each ``host`` or ``host:port``; none by default.
        largest_request: bytes of a request's body.
    """

    limits: Limits = Limits()
    hosts: tuple[str, ...] = ()
    largest_request: int = _LARGEST_REQUEST


def application(pool: Pool, settings: Settings) -> Starlette:
    """Make the application.

    Args:
        pool: the processes that answer; they are ended with it.
        settings: what is answered.
    """
    site = _Site(pool, settings)

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await run_in_threadpool(pool.close)

    return Starlette(
        routes=[
            Route("/sparql", site.sparql, methods=["GET", "POST"]),
            Route("/graphs", site.graphs, methods=["GET", "PUT", "POST", "DELETE"]),
        ],
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "HEAD", "POST", "OPTIONS"],
                allow_headers=["Accept", "Content-Type"],
                max_age=86_400,
            ),
            Middleware(GZipMiddleware, minimum_size=_SMALLEST_PACKED, compresslevel=5),
        ],
        exception_handlers={RequestError: _refused},
        lifespan=life,
    )


class _Site:
    """What is done with a request."""

    def __init__(self, pool: Pool, settings: Settings) -> None:
        self._pool, self._settings = pool, settings

    async def sparql(self, request: Request) -> Response:
        """Answer by the SPARQL Protocol; without a query, describe the service."""
        url = str(request.url.replace(query="", fragment=""))
        asked = asked_by(
            url,
            "GET" if request.method == "HEAD" else request.method,
            request.url.query,
            request.headers.get("content-type", "").partition(";")[0].strip().lower(),
            await self._body(request),
        )
        return await self._answer(request, asked or Describing(url))

    async def graphs(self, request: Request) -> Response:
        """Answer by the Graph Store Protocol: a graph is read whole."""
        if request.method not in ("GET", "HEAD"):
            raise read_only()
        named, default = request.query_params.getlist("graph"), "default" in request.query_params
        if len(named) + default != 1:
            raise RequestError(
                400, "name one graph, by ?graph=IRI, or the union of all by ?default"
            )
        return await self._answer(request, OneGraph(named[0] if named else None))

    async def _answer(self, request: Request, wanted: Any) -> Response:
        order = Order(
            wanted,
            ", ".join(request.headers.getlist("accept")),
            self._settings.hosts,
            self._settings.limits,
        )
        sent = await run_in_threadpool(self._pool.answer, order)
        return Response(sent.body, sent.status, {"Vary": "Accept"}, sent.kind)

    async def _body(self, request: Request) -> bytes:
        most = self._settings.largest_request
        parts, size = [], 0
        async for part in request.stream():
            size += len(part)
            if size > most:
                raise RequestError(413, f"the request is larger than {most:,} bytes")
            parts.append(part)
        return b"".join(parts)


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestError)
    return PlainTextResponse(f"{error}\n", error.status, error.headers)
