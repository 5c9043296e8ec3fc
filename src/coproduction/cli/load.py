"""`coproduction load`: cases from files into a store, with a report of what was set aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as with_changes
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import CoproductionError, DataError
from .answers import Answer, write_problems
from .options import format_option, homes, reading_of, reading_options, spoken_option
from .progress import progress_bar
from .telling import tell

if TYPE_CHECKING:
    from ..cases.loads import Outcome
    from ..cases.mappings import Mapping, RdfMapping
    from ..cases.reading import Reading

_MOST_SHOWN = 20


def report_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what says where it is told what is wrong: ``--report``, ``--marked``, ``--format``."""
    options = (
        click.option(
            "--report", metavar="FILE", help="Write the report to FILE (.csv, .json or .html)."
        ),
        click.option(
            "--marked", metavar="FILE", help="Write your table with the bad cells marked (.xlsx)."
        ),
        click.option(
            "--force", is_flag=True, help="Replace a file that --marked names and that exists."
        ),
        format_option(
            "table", "csv", "json", "html", help="Form of the report on standard output."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@homes
@reading_options
@spoken_option("of a table without it, that of its headings")
@click.option("--strict", is_flag=True, help="Load nothing unless no row has an error.")
@click.option("--replace", is_flag=True, help="Take the new content of a case that exists.")
@report_options
def load(
    files: tuple[str, ...],
    store: str | None,
    endpoint: str | None,
    lang: str | None,
    strict: bool,
    replace: bool,
    report: str | None,
    marked: str | None,
    force: bool,
    form: str | None,
    **reading: Any,
) -> int:
    """Load the cases of FILE into a store: a table (CSV, a workbook, JSON), or RDF.

    A table is in the form of the case sheet, or of a mapping named with --as. Rows with errors
    are set aside and reported with cell, rule and fix; the others go in.
    Exits 1 where rows were set aside.
    """
    how = reading_of(reading)
    load_file = _to_server(endpoint, replace) if endpoint else _to_store(store or "", replace)
    check_files(files, store, report, marked, force, reading["mapping"], how.mapping)
    outcomes: list[Outcome] = []
    failure: CoproductionError | None = None
    for file in files:
        try:
            with progress_bar(Path(file).name) as progress:
                now = with_changes(how, progress=progress)
                outcome = load_file(file, now, strict=strict, lang=lang)
        except CoproductionError as error:
            if not outcomes:
                raise
            failure = error  # what went in before is told first, and then this
            break
        if report or marked:
            _find_again(outcome, file, lang, how)
        outcomes.append(outcome)
    _tell(outcomes, form)
    write_files(report, marked, files[0], force, outcomes, how)
    if failure is not None:
        raise failure
    return 1 if any(outcome.set_aside for outcome in outcomes) else 0


def _to_store(store: str, replace: bool) -> Callable[..., Outcome]:
    from ..cases.loading import load as load_file

    return lambda file, how, **options: load_file(file, store, how, replace=replace, **options)


def _to_server(endpoint: str, replace: bool) -> Callable[..., Outcome]:
    from ..cases.served_loads import load_served, refuse_replacing

    if replace:
        refuse_replacing(endpoint)
    return lambda file, how, **options: load_served(file, endpoint, how, **options)


def _find_again(outcome: Outcome, file: str, lang: str | None, how: Reading) -> None:
    """Find what is wrong in a file that was loaded before: nothing changes, it is told again."""
    if outcome.load is not None or outcome.read:
        return
    from ..cases.loading import check_cases

    again = check_cases(file, how, lang=lang)
    outcome.problems, outcome.set_aside = again.problems, again.set_aside


def write_files(
    report: str | None,
    marked: str | None,
    first: str,
    force: bool,
    outcomes: list[Outcome],
    how: Reading,
) -> None:
    """Write the report of all files, and the marked copy of the one, where they are asked for."""
    if report is not None:
        from ..cases.report import write_report

        problems = [problem for outcome in outcomes for problem in outcome.problems]
        write_report(report, problems, outcomes[0].lang)
    if marked is not None:
        from ..cases.report import mark

        mark(first, marked, outcomes[0].problems, how, force=force)


def check_files(
    files: tuple[str, ...],
    store: str | None,
    report: str | None,
    marked: str | None,
    force: bool,
    named: str | None,
    mapping: Mapping | RdfMapping | None,
) -> None:
    """Refuse what could not be written, before anything goes into the store."""
    from ..cases.report import check_marked, check_report
    from ..files.output import check_outputs, check_writable

    joined = [
        path
        for file in files
        if (beside := getattr(mapping, "beside", None))
        for path in beside(Path(file))
    ]
    check_outputs([report, marked], [*files, *joined, named], store)
    if report is not None:
        check_report(report)
        check_writable(report)
    if marked is not None:
        if len(files) > 1:
            raise DataError("--marked takes one table at a time")
        check_marked(files[0])
        check_writable(marked, force=force)


def _tell(outcomes: list[Outcome], form: str | None) -> None:
    """Say what went in of each file, and list what is wrong in all."""
    from ..messages import speaker

    for outcome in outcomes:
        say = speaker(outcome.lang)
        if outcome.load:
            loaded = say.plural(
                "{count:,} loaded as load {number}",
                "{count:,} loaded as load {number}",
                outcome.loaded,
                number=outcome.load,
            )
        else:
            loaded = say.plural("{count:,} loaded", "{count:,} loaded", outcome.loaded)
        tell_counts(outcome, loaded)
    list_problems(outcomes, form)


def tell_counts(outcome: Outcome, taken: str) -> None:
    """Say how many rows of a file were read, and what became of them.

    Args:
        outcome: of the file.
        taken: what was done with the rows that are right, with their number.
    """
    from ..messages import speaker

    say = speaker(outcome.lang)
    parts = [say.plural("{count:,} row read", "{count:,} rows read", outcome.read), taken]
    there, aside = outcome.unchanged, outcome.set_aside
    if there:
        parts.append(say.plural("{count:,} there already", "{count:,} there already", there))
    if aside:
        parts.append(say.plural("{count:,} set aside", "{count:,} set aside", aside))
    if outcome.problems:
        errors = sum(problem.level == "error" for problem in outcome.problems)
        told = say.plural(
            "{count:,} finding, of which {errors:,} an error",
            "{count:,} findings, of which {errors:,} errors",
            len(outcome.problems),
            errors=errors,
        )
        parts[-1] += f"; {told}"
    note = f" ({outcome.note})" if outcome.note else ""
    tell(f"{outcome.file}: {', '.join(parts)}{note}")


def list_problems(outcomes: list[Outcome], form: str | None) -> None:
    """List what is wrong in files: some on a terminal, all elsewhere."""
    problems = [problem for outcome in outcomes for problem in outcome.problems]
    answer = Answer((form,) if form else (), lang=outcomes[0].lang)
    write_problems(problems, answer, _MOST_SHOWN)
