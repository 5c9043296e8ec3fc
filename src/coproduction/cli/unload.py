"""`coproduction unload`: a load taken out of a store again."""

from __future__ import annotations

import click

from ..errors import in_shell
from ..messages import counted
from .options import homes
from .telling import tell


@click.command()
@click.argument("number", type=int)
@homes
def unload(number: int, store: str | None, endpoint: str | None) -> None:
    """Take load NUMBER out of a store again."""
    if endpoint is not None:
        from ..cases.served_loads import unload_served

        count = unload_served(endpoint, number)
        tell(f"load {number} taken out: {counted(count, 'statement')}")
        return
    assert store is not None
    from ..cases.loads import replaced_by
    from ..cases.loads import unload as take_out
    from ..reasoning.inference import is_stale
    from ..store.on_disk import counted_as_there, open_folder

    replaced = replaced_by(store, number)
    count = take_out(store, number)
    tell(f"load {number} taken out: {counted(count, 'statement')}")
    if replaced:
        tell(
            f"{counted(replaced, 'case')} that it had replaced went with it: take out the load "
            "that had them as well, and load its file again"
        )
    if is_stale(open_folder(store)):
        tell(
            "the inferred graph may still speak of what was taken out: 'coproduction classify "
            f"--store {in_shell(store)}' renews it"
        )
    for later in counted_as_there(store):
        rows = counted(later.unchanged, "row")
        tell(
            f"load {later.number} ({later.file}) counted {rows} as there already: what of it was "
            f"of load {number} is gone; 'coproduction unload {later.number} --store "
            f"{in_shell(store)}' and load its file again"
        )
