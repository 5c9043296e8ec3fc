"""The routes of the server, and what goes between a request and the processes that answer it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final, NamedTuple

import anyio
import anyio.to_thread
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from .asked import RequestError, asked_by, read_only
from .orders import Describing, Limits, OneGraph, Order, PageAsked
from .workers import Pool

_LARGEST_REQUEST: Final = 2_000_000
_TURN: Final = 10.0
"""Seconds that a query waits for a process that is free."""
_BODY: Final = 30.0
"""Seconds in which a request has to be there whole."""
_SMALLEST_PACKED: Final = 1_000
"""Bytes from which an answer is compressed."""
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Settings(NamedTuple):
    """What a server answers, and how much of it.

    Attributes:
        limits: what an answer may take.
        hosts: what SERVICE may ask, each ``host`` or ``host:port``; none by default.
        largest_request: bytes of a request's body.
        origins: of other pages that may read answers (CORS), or ``*``; none by default.
        names: names of this host that requests may be sent to; empty for any. Without them a page
            elsewhere could have a name of its own lead here, and read what is served.
        workers: queries at a time.
    """

    limits: Limits = Limits()
    hosts: tuple[str, ...] = ()
    largest_request: int = _LARGEST_REQUEST
    origins: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    workers: int = 2


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

    guards = []
    if settings.names:
        allowed = list(settings.names)
        guards.append(Middleware(TrustedHostMiddleware, allowed_hosts=allowed, www_redirect=False))
    if settings.origins:
        guards.append(
            Middleware(
                CORSMiddleware,
                allow_origins=list(settings.origins),
                allow_methods=["GET", "HEAD", "POST", "OPTIONS"],
                allow_headers=["Accept", "Content-Type"],
                max_age=86_400,
            )
        )
    return Starlette(
        routes=[
            Route("/sparql", site.sparql, methods=["GET", "POST"]),
            Route("/graphs", site.graphs, methods=["GET", "PUT", "POST", "DELETE"]),
            Mount("/static", StaticFiles(packages=[("coproduction.pages", "static")])),
            Route("/{path:path}", site.page, methods=["GET"]),
        ],
        middleware=[
            *guards,
            Middleware(GZipMiddleware, minimum_size=_SMALLEST_PACKED, compresslevel=5),
        ],
        exception_handlers={RequestError: _refused},
        lifespan=life,
    )


class _Site:
    """What is done with a request."""

    def __init__(self, pool: Pool, settings: Settings) -> None:
        self._pool, self._settings = pool, settings
        self._boot = secrets.token_hex(8)
        self._turns = asyncio.Semaphore(settings.workers)
        self._threads = anyio.CapacityLimiter(settings.workers)

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

    async def page(self, request: Request) -> Response:
        """Answer with a page for people, or with what it shows, for programs."""
        path = request.scope.get("raw_path") or request.scope["path"].encode()
        path = path.decode("ascii", "replace").partition("?")[0]
        if path != "/" and path.endswith("/"):  # links are relative, so a page has one address
            query = f"?{request.url.query}" if request.url.query else ""
            place = "/" + path.strip("/")
            return Response(status_code=308, headers={"Location": place + query})
        known = ", ".join(request.headers.getlist("if-none-match"))
        asked = PageAsked(path, request.url.query, known, self._boot)
        return await self._answer(request, asked)

    async def _answer(self, request: Request, wanted: Any) -> Response:
        order = Order(
            wanted,
            ", ".join(request.headers.getlist("accept")),
            self._settings.hosts,
            self._settings.limits,
        )
        try:
            async with asyncio.timeout(_TURN):
                await self._turns.acquire()
        except TimeoutError:
            raise RequestError(
                503, "all processes are busy: ask again in a while", {"Retry-After": "10"}
            ) from None
        try:
            sent = await anyio.to_thread.run_sync(self._pool.answer, order, limiter=self._threads)
        except asyncio.CancelledError:  # the server was told to end, and its patience is over
            raise RequestError(503, "the server is ending") from None
        finally:
            self._turns.release()
        headers = {"Vary": "Accept", **dict(sent.headers)}
        return Response(sent.body, sent.status, headers, sent.kind)

    async def _body(self, request: Request) -> bytes:
        most = self._settings.largest_request
        parts, size = [], 0
        try:
            async with asyncio.timeout(_BODY):
                async for part in request.stream():
                    size += len(part)
                    if size > most:
                        raise RequestError(413, f"the request is larger than {most:,} bytes")
                    parts.append(part)
        except TimeoutError:
            raise RequestError(408, f"the request did not end in {_BODY:g} seconds") from None
        return b"".join(parts)


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestError)
    return PlainTextResponse(f"{error}\n", error.status, error.headers)
