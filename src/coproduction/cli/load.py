"""`coproduction template`, `load`, `loads`, `rebuild`, `unload`, `classify`: a store of cases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import CoproductionError, DataError, in_shell
from ..messages import counted
from ..results.result import Result
from ..spelling import visible
from .answers import Answer, answer_options, write_problems
from .options import (
    force_option,
    format_option,
    limit_options,
    reading_of,
    reading_options,
    spoken_option,
    store_option,
)
from .progress import progress_bar, working
from .telling import tell

if TYPE_CHECKING:
    from ..cases.columns import Problem
    from ..cases.loads import Outcome
    from ..cases.mappings import Mapping, RdfMapping

_MOST_SHOWN = 20


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


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@store_option(required=True)
@reading_options
@spoken_option("of a table without it, that of its headings")
@click.option("--strict", is_flag=True, help="Load nothing unless no row has an error.")
@click.option("--replace", is_flag=True, help="Take the new content of a case that exists.")
@click.option("--report", metavar="FILE", help="Write the report to FILE (.csv, .json or .html).")
@click.option(
    "--marked", metavar="FILE", help="Write your table with the bad cells marked (.xlsx)."
)
@click.option("--force", is_flag=True, help="Replace a file that --marked names and that exists.")
@format_option("table", "csv", "json", "html", help="Form of the report on standard output.")
def load(
    files: tuple[str, ...],
    store: str,
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
    from ..cases.loading import load as load_file

    options = reading_of(reading)
    _check_outputs(files, store, report, marked, force, reading["mapping"], options.get("mapping"))
    outcomes: list[Outcome] = []
    failure: CoproductionError | None = None
    for file in files:
        try:
            with progress_bar(Path(file).name) as progress:
                outcome = load_file(
                    file,
                    store,
                    strict=strict,
                    replace=replace,
                    progress=progress,
                    lang=lang,
                    **options,
                )
        except CoproductionError as error:
            if not outcomes:
                raise
            failure = error  # what went in before is told first, and then this
            break
        if (report or marked) and outcome.load is None and not outcome.read:
            # Loaded before: nothing is changed, and what is wrong is told once more.
            from ..cases.loading import check_cases

            again = check_cases(file, lang=lang, **options)
            outcome.problems, outcome.set_aside = again.problems, again.set_aside
        outcomes.append(outcome)
    problems = [problem for outcome in outcomes for problem in outcome.problems]
    _tell(outcomes, problems, form)
    if report is not None:
        from ..cases.report import write_report

        write_report(report, problems, outcomes[0].lang)
    if marked is not None:
        from ..cases.report import mark

        table = {
            name: options[name] for name in ("sheet", "encoding", "largest") if name in options
        }
        mark(files[0], marked, outcomes[0].problems, force=force, **table)
    if failure is not None:
        raise failure
    return 1 if any(outcome.set_aside for outcome in outcomes) else 0


def _check_outputs(
    files: tuple[str, ...],
    store: str,
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


@click.command()
@store_option(required=True)
@click.option("--check", is_flag=True, help="Read all of the store and tell what is wrong.")
@answer_options(has_lang=False)
def loads(store: str, check: bool, to: Answer) -> int:
    """List the loads of a store: file, time, counts, checksum.

    With --check all of it is read and held against what was written down when it was loaded;
    exits 1 where it is damaged.
    """
    if check:
        from ..cases.integrity import faults

        with working(f"reading {store}"):
            found = faults(store)
        if to.forms:
            to.write(Result.of_rows(["fault"], [[fault] for fault in found], ""))
        else:
            to.write(visible("\n".join(found) if found else f"{store}: whole") + "\n")
        return 1 if found else 0
    from ..opening import open as open_graph

    to.write(open_graph(store=store).loads())
    return 0


@click.command()
@click.argument("old", metavar="OLD")
@store_option(required=True)
def rebuild(old: str, store: str) -> int:
    """Build the store OLD again, from its loads, in a new folder (--store).

    Each load is made again from the file that OLD keeps of it, also where its database is
    damaged. Exits 1 where something is not as it was.
    """
    from ..cases.rebuild import rebuild as build

    is_whole = True
    for restored in build(old, store):
        is_whole &= restored.is_whole
        tell(f"{restored.what}: {restored.told}")
    return 0 if is_whole else 1


@click.command()
@click.argument("number", type=int)
@store_option(required=True)
def unload(number: int, store: str) -> None:
    """Take load NUMBER out of a store again."""
    from ..cases.loads import replaced_by
    from ..cases.loads import unload as take_out
    from ..reasoning.inference import is_stale
    from ..store.folder import counted_as_there, open_folder

    replaced = replaced_by(store, number)
    count = take_out(store, number)
    tell(f"load {number} taken out: {counted(count, 'statement')}")
    if replaced:
        tell(
            f"{counted(replaced, 'case')} that it had replaced went with it: take out the load "
            "that had them as well, and load its file again"
        )
    if is_stale(open_folder(store).inner):
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


@click.command()
@store_option(required=True)
@click.option(
    "--reasoner",
    default="rules",
    show_default=True,
    metavar="rules|hermit",
    help="The rules of queries/rules/, or HermiT (needs Java) for up to 3,000 cases.",
)
@limit_options
def classify(store: str, reasoner: str, seconds: float | None, memory: int | None) -> None:
    """Write what follows from the definitions into the store's inferred graph, anew."""
    from ..reasoning.inference import classify as infer

    with working(f"classifying {store}"):
        count = infer(store, reasoner, seconds=seconds, memory=memory)
    tell(f"{store}: {counted(count, 'statement')} inferred by {reasoner}")


def _tell(outcomes: list[Outcome], problems: list[Problem], form: str | None) -> None:
    from ..messages import speaker

    for outcome in outcomes:
        say = speaker(outcome.lang)
        parts = [say.plural("{count:,} row read", "{count:,} rows read", outcome.read)]
        if outcome.load:
            loaded = say.plural(
                "{count:,} loaded as load {number}",
                "{count:,} loaded as load {number}",
                outcome.loaded,
                number=outcome.load,
            )
        else:
            loaded = say.plural("{count:,} loaded", "{count:,} loaded", outcome.loaded)
        parts.append(loaded)
        there, aside = outcome.unchanged, outcome.set_aside
        if there:
            parts.append(say.plural("{count:,} there already", "{count:,} there already", there))
        if aside:
            parts.append(say.plural("{count:,} set aside", "{count:,} set aside", aside))
        note = f" ({outcome.note})" if outcome.note else ""
        tell(f"{outcome.file}: {', '.join(parts)}{note}")
    answer = Answer((form,) if form else (), lang=outcomes[0].lang)
    write_problems(problems, answer, _MOST_SHOWN)
