"""`coproduction serve`: the graphs by HTTP, on this machine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from ..errors import WrongUse
from .options import scope_options
from .scope import Scope
from .telling import note, tell

if TYPE_CHECKING:
    from ..web.tokens import Token


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Address.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="0: any free one.",
)
@click.option(
    "--workers",
    default=2,
    show_default=True,
    metavar="N",
    type=click.IntRange(1, 64),
    help="Processes that answer, and so queries at a time.",
)
@click.option(
    "--timeout",
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    type=click.FloatRange(0.1),
    help="Stop a query after this time, and answer 503.",
)
@click.option(
    "--max-rows",
    default=100_000,
    show_default=True,
    metavar="N",
    type=click.IntRange(1),
    help="Refuse an answer that has more rows.",
)
@click.option(
    "--allow-service",
    "hosts",
    multiple=True,
    metavar="HOST",
    help="Let SERVICE ask this host (repeatable); none by default.",
)
@click.option(
    "--allow-origin",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    help="Let pages of this origin read answers, such as https://example.org, or * for any "
    "(repeatable); none by default.",
)
@click.option(
    "--writable",
    is_flag=True,
    help="Let whoever has the token change the graphs of --store. The token comes from "
    "COPRODUCTION_TOKEN or --token-file.",
)
@click.option(
    "--token-file", metavar="FILE", help="A file with the token, in place of COPRODUCTION_TOKEN."
)
@click.option(
    "--shapes",
    is_flag=True,
    help="Refuse a change by which cases break the shapes of the case record.",
)
@click.option("--open", "opens", is_flag=True, help="Open the browser on it.")
@scope_options
def serve(
    host: str,
    port: int,
    workers: int,
    timeout: float,
    max_rows: int,
    hosts: tuple[str, ...],
    origins: tuple[str, ...],
    writable: bool,
    token_file: str | None,
    shapes: bool,
    opens: bool,
    scope: Scope,
) -> None:
    """Serve pages for people and a SPARQL endpoint for other programs, until Ctrl-C.

    The endpoint, at /sparql, is read-only unless --writable: SPARQL 1.1 Query by GET and POST, a
    description of the service, and whole graphs at /graphs. Load data beside it: a store that
    another process changes is asked as it is.
    """
    from ..pages.libraries import to_fetch
    from ..web import orders, serving

    token = _token(writable, token_file, shapes, scope)
    note(to_fetch())
    if host not in serving.LOOPBACK:
        note(f"whoever reaches {host} can ask all that is served; nothing there asks who it is")

    def started(url: str) -> None:
        tell(f"Explorer at {url} and SPARQL endpoint at {url}sparql (Ctrl-C ends them)")
        if opens:
            import webbrowser

            webbrowser.open(url)

    serving.run(
        orders.Scope(
            tuple(map(str, scope.data)),
            scope.store,
            scope.endpoint,
            scope.cases,
            scope.links,
            scope.at,
            scope.in_memory,
            small_in_memory=not writable,
        ),
        host,
        port,
        workers=workers,
        seconds=timeout,
        rows=max_rows,
        hosts=hosts,
        origins=origins,
        token=token,
        shapes=shapes,
        started=started,
    )


def _token(writable: bool, file: str | None, shapes: bool, scope: Scope) -> Token | None:
    """Give the token that writing asks for, or None where nothing is written.

    Raises:
        WrongUse: options that do not go together.
        DataError: there is no token.
    """
    from ..web.tokens import VARIABLE, read_token

    word = {VARIABLE: os.environ.pop(VARIABLE, "")}  # no process that is started needs it
    if not writable:
        if file or shapes:
            raise WrongUse("--token-file and --shapes are for a server that is --writable")
        return None
    beside = (scope.endpoint, scope.data, scope.cases, scope.at, scope.in_memory)
    if scope.store is None or any(beside):
        raise WrongUse(
            "--writable serves a store as it is: give --store DIR, and nothing beside it"
        )
    return read_token(file, word)
