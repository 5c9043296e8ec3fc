"""`coproduction template`: an empty case sheet."""

from __future__ import annotations

import click

from ..errors import in_shell
from .options import force_option
from .telling import tell


@click.command()
@click.argument("file")
@click.option("--lang", default="en", show_default=True, help="Language: en, sv, de or fr.")
@force_option
def template(file: str, lang: str, force: bool) -> None:
    """Write an empty case sheet to FILE (.xlsx with drop-downs and help, or .csv)."""
    from ..cases.template import template as write_template

    write_template(file, lang, force=force)
    what = "fill it in" if file.lower().endswith(".csv") else "fill in the sheet 'cases'"
    tell(f"{file}: {what}, then 'coproduction load {in_shell(file)} --store DIR'")
