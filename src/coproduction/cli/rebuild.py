"""`coproduction rebuild`: a store built again from what it keeps of its loads."""

from __future__ import annotations

import click

from .options import store_option
from .telling import tell


@click.command()
@click.argument("old", metavar="OLD")
@store_option(required=True)
def rebuild(old: str, store: str) -> int:
    """Build the store OLD again, from its loads and updates, in a new folder (--store).

    Each load and each update over HTTP is made again from the file that OLD keeps of it, also where
    its database is damaged. Exits 1 where something is not as it was.
    """
    from ..cases.rebuild import rebuild as build

    is_whole = True
    for restored in build(old, store):
        is_whole &= restored.is_whole
        tell(f"{restored.what}: {restored.told}")
    return 0 if is_whole else 1
