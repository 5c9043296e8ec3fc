"""`coproduction validate`: cases against the case record, in a table, an RDF file or a store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import DataError
from ..tables.table import TABLE_ENDINGS
from .answers import Answer, write_problems
from .options import (
    answer_options,
    endpoint_option,
    reading_of,
    reading_options,
    spoken_option,
    store_option,
)
from .progress import progress_bar, working
from .scope import Scope, open_graph
from .telling import tell

if TYPE_CHECKING:
    from ..cases.loads import Outcome
    from ..cases.reading import Reading
    from ..store.protocol import Store


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@store_option()
@endpoint_option
@reading_options
@spoken_option("of a table without it, that of its headings")
@answer_options(
    "table",
    "csv",
    "json",
    "html",
    "ttl",
    help="Form of the findings; ttl is the standard SHACL report (RDF files and stores).",
)
def validate(
    files: tuple[str, ...],
    store: str | None,
    endpoint: str | None,
    lang: str | None,
    to: Answer,
    **reading: Any,
) -> int:
    """Check cases against the case record; exits 1 where there are errors or warnings.

    FILE is a table in the form of the case sheet (or of a mapping), or RDF; without FILE,
    --store or --endpoint is checked.
    """
    home = endpoint or store
    if not files and home is None:
        raise DataError("name a file, or a store with --store DIR")
    scope = Scope(data=files) if files else Scope(store=store, endpoint=endpoint)
    if to.forms == ("ttl",):
        return _report(files, scope, to)
    outcomes = [_file(file, lang, reading_of(reading)) for file in files]
    problems = [problem for outcome in outcomes for problem in outcome.problems]
    told_in = outcomes[0].lang if outcomes else "en"
    if not files and home:
        from ..cases.from_rdf import problems_in
        from ..messages import speaker

        say = speaker(lang or "en")
        told_in = say.lang
        with working(f"checking {home}"):
            problems = problems_in(_in_memory(scope), home, say.lang)
        told = say.plural("{count:,} finding", "{count:,} findings", len(problems))
        tell(f"{home}: {told}")
    write_problems(problems, to._replace(lang=told_in))
    return 1 if any(problem.level != "info" for problem in problems) else 0


def _file(file: str, lang: str | None, reading: Reading) -> Outcome:
    from ..cases.loading import check_cases
    from ..messages import speaker

    with progress_bar(Path(file).name) as progress:
        outcome = check_cases(file, replace(reading, progress=progress), lang=lang)
    note = f" ({outcome.note})" if outcome.note else ""
    say = speaker(outcome.lang)
    told = say.plural(
        "{count:,} case read, {right:,} without error",
        "{count:,} cases read, {right:,} without error",
        outcome.read,
        right=outcome.loaded,
    )
    tell(f"{file}: {told}{note}")
    return outcome


def _report(files: tuple[str, ...], scope: Scope, to: Answer) -> int:
    """Write the standard SHACL report."""
    from ..validation.constraints import report

    tables = [file for file in files if Path(file).suffix.lower() in TABLE_ENDINGS]
    if tables:
        raise DataError(
            f"{tables[0]}: a SHACL report names nodes, and this is a table; "
            "use --format csv, json or html, or load it and validate the store"
        )
    graph = open_graph(scope).store if files else _in_memory(scope)
    with working("checking the cases"):
        text = report(graph)
    to.write(text)
    return 0 if "sh:conforms true" in text else 1


def _in_memory(scope: Scope) -> Store:
    """Open a store; a small one is asked in memory, several times faster than elsewhere."""
    from ..store.on_disk import copy_if_small

    return copy_if_small(open_graph(scope).store)
