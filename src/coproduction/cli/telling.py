"""What a person is told beside an answer: one line on standard error."""

from __future__ import annotations

import click

from ..spelling import visible


def tell(text: str) -> None:
    """Write a line to standard error; what a terminal would obey in it is spelt out."""
    click.echo(visible(text), err=True)
