"""`coproduction serve`: the graphs by HTTP, on this machine."""

from __future__ import annotations

import click

from .options import scope_options
from .scope import Scope
from .telling import note, tell


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
    opens: bool,
    scope: Scope,
) -> None:
    """Serve pages for people and a SPARQL endpoint for other programs, until Ctrl-C.

    The endpoint, at /sparql, is read-only: SPARQL 1.1 Query by GET and POST, a description of the
    service, and whole graphs at /graphs. Load data beside it: a store that another process changes
    is asked as it is.
    """
    from ..web import orders, serving

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
        ),
        host,
        port,
        workers=workers,
        seconds=timeout,
        rows=max_rows,
        hosts=hosts,
        origins=origins,
        started=started,
    )
