"""`coproduction site`: the explorer as files for any web host."""

from __future__ import annotations

from pathlib import Path

import click

from ..errors import MissingExtra
from ..messages import counted
from ..names import LANGUAGES
from .options import scope_options
from .progress import working
from .scope import Scope, open_graph
from .telling import note, tell


@click.command()
@click.argument("folder", metavar="DIR")
@click.option(
    "--lang",
    "languages",
    multiple=True,
    type=click.Choice(LANGUAGES),
    help="Write this language beside English (repeatable); by default all.",
)
@click.option(
    "--url",
    metavar="URL",
    default="",
    help="Where the site will stand: w3id.htaccess then has the rules by which the permanent "
    "addresses of terms and things lead there, and coproduction.ttl and .owl have all graphs.",
)
@scope_options
def site(folder: str, languages: tuple[str, ...], url: str, scope: Scope) -> None:
    """Write the explorer's pages as files, which any web host serves.

    DIR is a new or empty folder. The pages work below any path, and ask no other host for anything;
    what is published is all that is in scope. See it by `python -m http.server -d DIR`.
    """
    import importlib.util

    from ..pages.libraries import to_fetch
    from ..pages.redirects import checked_url
    from ..pages.static_site import check_place, write_site

    for name in ("jinja2", "markdownify"):
        if importlib.util.find_spec(name) is None:
            raise MissingExtra(name, "web")
    check_place(Path(folder))
    if url:
        checked_url(url)
    graph = open_graph(scope)
    with working("writing pages"):
        done = write_site(graph, folder, languages=languages or LANGUAGES, url=url)
    note(to_fetch())
    tell(f"{folder}: {counted(done.pages, 'page')} in {counted(done.files, 'file')}")
    if done.left:
        note(
            f"{counted(done.left, 'link')} by a second filter are text there: "
            "coproduction serve answers any"
        )
