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
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from ..cases.updating import Update
from ..messages import Sentence
from . import openapi
from .asked import (
    FORM,
    UPDATE,
    RequestError,
    asked_by,
    check_charset,
    parameters_of,
    read_only,
)
from .graph_store import METHODS, change_wanted, graph_named
from .orders import PLAIN, Describing, Limits, OneGraph, Order, PageAsked, Sent, SheetSent, told
from .reconciliation import PATH, Reconciling, wanted_by
from .tokens import Token, check_origin, check_writer
from .workers import Pool
from .writing import ChangeWanted, GraphWanted

_LARGEST_REQUEST: Final = 2_000_000
_LARGEST_CHANGE: Final = 64_000_000
_LARGEST_SHEET: Final = 8_000_000
"""Bytes of a sheet that is checked, as it comes in a form."""
_CHANGES: Final = ("PUT", "DELETE")
_TURN: Final = 10.0
"""Seconds that a query waits for a process that is free."""
_BODY: Final = 30.0
"""Seconds in which a request has to be there whole."""
_NO_PAGE: Final = (500, 503)
"""Codes of what was stopped, or could not be begun."""
_FOREIGN_SHEET: Final = Sentence(
    "A page of another origin may not send a sheet here: choose it on the page of this site, and "
    "send it from there."
)
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
        writes: who may change the graphs, and how; None where nobody may.
    """

    limits: Limits = Limits()
    hosts: tuple[str, ...] = ()
    largest_request: int = _LARGEST_REQUEST
    origins: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    workers: int = 2
    writes: Writes | None = None


class Writes(NamedTuple):
    """How graphs are changed.

    Attributes:
        token: that writing asks for.
        shapes: whether any change is refused by which cases break shapes; else one that asks so.
        largest: bytes of a request's body.
    """

    token: Token
    shapes: bool = False
    largest: int = _LARGEST_CHANGE


def application(pool: Pool, settings: Settings, writer: Pool | None = None) -> Starlette:
    """Make the application.

    Args:
        pool: the processes that answer; they are ended with it.
        settings: what is answered.
        writer: the process that changes the graphs, where they may be; it is ended with it too.
    """
    site = _Site(pool, settings, writer)

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await run_in_threadpool(pool.close)
            if writer is not None:
                await run_in_threadpool(writer.close)

    guards = []
    if settings.names:
        allowed = list(settings.names)
        guards.append(Middleware(TrustedHostMiddleware, allowed_hosts=allowed, www_redirect=False))
    if settings.origins:
        guards.append(
            Middleware(
                CORSMiddleware,
                allow_origins=list(settings.origins),
                allow_methods=["GET", "HEAD", "POST", "OPTIONS", *(_CHANGES if writer else ())],
                allow_headers=["Accept", "Content-Type", *(["Authorization"] if writer else ())],
                max_age=86_400,
            )
        )
    return Starlette(
        routes=[
            Route("/sparql", site.sparql, methods=["GET", "POST"]),
            Route("/graphs", site.graphs, methods=list(METHODS)),
            Route("/graphs/{rest:path}", site.graphs, methods=list(METHODS)),
            Route(PATH, site.reconcile, methods=["GET", "POST"]),
            Route(f"{PATH}/{{rest:path}}", site.reconcile, methods=["GET", "POST"]),
            Route(openapi.PATH, site.api, methods=["GET"]),
            Route("/check", site.check, methods=["POST"]),
            Route("/check.{form}", site.check, methods=["POST"]),
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

    def __init__(self, pool: Pool, settings: Settings, writer: Pool | None) -> None:
        self._settings = settings
        self._boot = secrets.token_hex(8)
        self._readers = _Desk(pool, settings.workers)
        self._writer = _Desk(writer, 1) if writer is not None else None

    async def sparql(self, request: Request) -> Response:
        """Answer by the SPARQL Protocol; without a query, describe the service."""
        url = str(request.url.replace(query="", fragment=""))
        header = request.headers.get("content-type", "")
        kind = header.partition(";")[0].strip().lower()
        check_charset(header)
        most = self._settings.largest_request
        if request.method == "POST" and kind == UPDATE:
            most = self._may_write(request).largest
        asked = asked_by(
            url,
            "GET" if request.method == "HEAD" else request.method,
            request.url.query,
            kind,
            await self._body(request, most),
        )
        if isinstance(asked, Update):
            return await self._change(request, asked)
        wanted = asked or Describing(url, self._writer is not None)
        return await self._answer(request, wanted, self._readers)

    async def graphs(self, request: Request) -> Response:
        """Answer by the Graph Store Protocol."""
        header = request.headers.get("content-type", "")
        service = f"{request.url.scheme}://{request.url.netloc}/graphs"
        path = request.scope["raw_path"].decode("ascii", "replace").removeprefix("/graphs")
        reads = request.method in ("GET", "HEAD")
        most = 0 if reads else self._may_write(request).largest
        named = graph_named(request.method, service, path, request.query_params.multi_items())
        if reads:
            wanted = OneGraph(named.iri, named.is_union)
            return await self._answer(request, wanted, self._readers)
        check_charset(header)
        kind = header.partition(";")[0].strip().lower()
        body = await self._body(request, most)
        change = change_wanted(request.method, named, service, kind, header, body)
        return await self._change(request, change)

    async def page(self, request: Request) -> Response:
        """Answer with a page for people, or with what it shows, for programs."""
        path = request.scope.get("raw_path") or request.scope["path"].encode()
        path = path.decode("ascii", "replace").partition("?")[0]
        if path != "/" and path.endswith("/"):  # links are relative, so a page has one address
            query = f"?{request.url.query}" if request.url.query else ""
            place = "/" + path.strip("/")
            return Response(status_code=308, headers={"Location": place + query})
        known = ", ".join(request.headers.getlist("if-none-match"))
        languages = ",".join(request.headers.getlist("accept-language"))
        asked = PageAsked(path, request.url.query, known, self._boot, languages)
        order, error = self._order(request, asked), None
        try:
            sent = await self._readers.answer(order)
        except RequestError as found:
            error, sent = found, told(found)
        if sent.status in _NO_PAGE and sent.kind == PLAIN:
            sent = await run_in_threadpool(_told_as_page, asked, sent, order.accept, error)
        return _response(sent)

    async def reconcile(self, request: Request) -> Response:
        """Answer by the Reconciliation Service API."""
        header = request.headers.get("content-type", "")
        check_charset(header)
        body = await self._body(request, self._settings.largest_request)
        parameters = dict(request.query_params)
        if header.partition(";")[0].strip().lower() == FORM:
            parameters |= parameters_of(body)
        wanted = wanted_by(
            f"{request.url.scheme}://{request.url.netloc}",
            request.url.path.removeprefix(PATH),
            request.method,
            parameters,
            body,
            request.headers.get("accept-language", ""),
        )
        return await self._answer(request, wanted, self._readers)

    async def api(self, request: Request) -> Response:
        """Describe for programs what is answered."""
        url = f"{request.url.scheme}://{request.url.netloc}"
        return JSONResponse(openapi.api(url, self._writer is not None))

    async def check(self, request: Request) -> Response:
        """Answer with what is wrong with a sheet; nothing is stored, so no token is asked for."""
        path, query = request.scope["path"], request.url.query
        error = None
        try:
            check_origin(
                request.headers.get("origin"),
                request.headers.get("host", ""),
                self._settings.origins,
                _FOREIGN_SHEET,
            )
            header = request.headers.get("content-type", "")
            body = await self._body(request, _LARGEST_SHEET)
            order = self._order(request, SheetSent(path, query, header, body))
            sent = await self._readers.answer(order)
        except RequestError as found:
            error, sent = found, told(found)
        if sent.status >= 400 and sent.kind == PLAIN:
            asked = PageAsked(path, query, "", self._boot)
            accept = ", ".join(request.headers.getlist("accept"))
            sent = await run_in_threadpool(_told_as_page, asked, sent, accept, error)
        return _response(sent)

    def _may_write(self, request: Request) -> Writes:
        """Give how graphs are changed; a request that may not do so is refused."""
        writes = self._settings.writes
        if writes is None or self._writer is None:
            raise read_only()
        check_writer(
            writes.token,
            request.headers.getlist("authorization"),
            request.headers.get("origin"),
            request.headers.get("host", ""),
            self._settings.origins,
        )
        return writes

    async def _change(self, request: Request, change: Update | GraphWanted) -> Response:
        writes = self._may_write(request)
        assert self._writer is not None
        shapes = writes.shapes or "validate" in request.query_params
        return await self._answer(request, ChangeWanted(change, shapes), self._writer)

    async def _answer(self, request: Request, wanted: Any, desk: _Desk) -> Response:
        sent = await desk.answer(self._order(request, wanted))
        return _response(sent, "Accept-Language" if isinstance(wanted, Reconciling) else "Accept")

    def _order(self, request: Request, wanted: Any) -> Order:
        accept = ", ".join(request.headers.getlist("accept"))
        return Order(wanted, accept, self._settings.hosts, self._settings.limits)

    async def _body(self, request: Request, most: int) -> bytes:
        if int(request.headers.get("content-length", 0)) > most:  # the server saw to it being one
            raise _too_large(most)
        parts, size = [], 0
        try:
            async with asyncio.timeout(_BODY):
                async for part in request.stream():
                    size += len(part)
                    if size > most:
                        raise _too_large(most)
                    parts.append(part)
        except TimeoutError:
            told = Sentence("the request did not end in {seconds:g} seconds", seconds=_BODY)
            raise RequestError(408, told) from None
        return b"".join(parts)


class _Desk:
    """Where requests wait for one of the processes.

    Args:
        pool: the processes.
        count: of them.
    """

    def __init__(self, pool: Pool, count: int) -> None:
        self._pool = pool
        self._turns = asyncio.Semaphore(count)
        self._threads = anyio.CapacityLimiter(count)

    async def answer(self, order: Order) -> Sent:
        """Have an order answered; it waits for its turn."""
        try:
            async with asyncio.timeout(_TURN):
                await self._turns.acquire()
        except TimeoutError:
            busy = Sentence("all processes are busy: ask again in a while")
            raise RequestError(503, busy, {"Retry-After": "10"}) from None
        try:
            return await anyio.to_thread.run_sync(self._pool.answer, order, limiter=self._threads)
        except asyncio.CancelledError:  # the server was told to end, and its patience is over
            raise RequestError(503, Sentence("the server is ending")) from None
        finally:
            self._turns.release()


def _too_large(most: int) -> RequestError:
    told = Sentence("the request is larger than {most:,} bytes", most=most)
    return RequestError(413, told)


def _response(sent: Sent, vary: str = "Accept") -> Response:
    headers = {"Vary": vary, **dict(sent.headers)}
    return Response(sent.body, sent.status, headers, sent.kind or None)


def _told_as_page(
    asked: PageAsked, sent: Sent, accept: str, error: RequestError | None = None
) -> Sent:
    from .paging import stopped_page

    return stopped_page(asked, sent, accept, error)


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestError)
    return PlainTextResponse(f"{error}\n", error.status, error.headers)
