"""`coproduction check`: the house rules of the ontology."""

from __future__ import annotations

import click

from ..result import Result
from .options import Scope, open_graph, scope_options, table_format, write_rows


@click.command()
@table_format
@scope_options
def check(form: str | None, scope: Scope) -> int:
    """Check the ontology, and what --data adds to it, against the house rules.

    Exits 1 where there are findings: a missing label or definition, a term without its place
    in the source, a term that is used and not defined, and the like.
    """
    findings = open_graph(scope).check()
    if not findings:
        click.echo("no findings", err=True)
        return 0
    rows = [(f.check, f.severity, f.term, f.message, f.fix) for f in findings]
    write_rows(Result.of_rows(["check", "severity", "term", "message", "fix"], rows, ""), form)
    click.echo(f"{len(findings)} finding{'s' if len(findings) > 1 else ''}", err=True)
    return 1
