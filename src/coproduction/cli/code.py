"""`coproduction code`: the uncoded cases of a store, as a sheet for a person."""

from __future__ import annotations

import click

from ..errors import in_shell
from ..messages import counted
from .options import force_option, lang_option, store_option
from .telling import tell


@click.command()
@click.argument("file")
@store_option(required=True)
@click.option("--most", type=int, metavar="N", help="At most N cases.")
@lang_option
@force_option
def code(file: str, store: str, most: int | None, lang: str, force: bool) -> None:
    """Write the uncoded cases of a store to FILE (.xlsx or .csv) for a person to code.

    Uncoded is a case in which a required field is unknown, as a register leaves it. The sheet
    is filled as far as the source goes.
    """
    from ..export.case_sheet import write_cases
    from ..files.output import check_outputs, check_writable
    from ..store.on_disk import open_folder

    check_outputs([file], (), store)
    check_writable(file, force=force)
    count = write_cases(open_folder(store), file, lang, uncoded=True, most=most, force=force)
    if not count:
        tell(f"{file}: no case is left to be coded")
        return
    tell(
        f"{file}: {counted(count, 'case')}; put what you find in place of 'unknown', then "
        f"'coproduction load {in_shell(file)} --store {in_shell(store)} --replace'"
    )
