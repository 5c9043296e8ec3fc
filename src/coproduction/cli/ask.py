"""`coproduction ask`: the questions of the graph."""

from __future__ import annotations

import click

from ..errors import DataError
from ..result import Result
from .options import (
    ROW_ENDINGS,
    Scope,
    check_output,
    form_of_output,
    form_of_rows,
    lang_option,
    most_rows,
    open_graph,
    output_option,
    scope_options,
    stopping_options,
    table_format,
    write_rows,
    write_text,
)
from .telling import tell


@click.command()
@click.argument("question", required=False)
@click.option(
    "-p",
    "--param",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set a parameter of the question, such as claim=C50 (repeatable).",
)
@click.option("--sparql", is_flag=True, help="Print the query instead of running it.")
@lang_option
@table_format
@output_option
@stopping_options
@scope_options
def ask(
    question: str | None,
    parameters: tuple[str, ...],
    sparql: bool,
    lang: str,
    form: str | None,
    output: str | None,
    max_rows: int | None,
    scope: Scope,
) -> None:
    """Answer QUESTION, given by name (glass-ceiling) or id (CQ18).

    Without QUESTION, list all questions with their ids and summaries.
    """
    from ..asking import Terms
    from ..questions import all_questions, find_question

    endings = {"rq": "sparql"} if sparql else ROW_ENDINGS
    form = form_of_output(output, form, endings)
    check_output(output, scope.data, scope.store)
    if question is None:
        rows = [(q.id, q.name, q.summary, ", ".join(q.parameters)) for q in all_questions()]
        write_rows(Result.of_rows(["id", "name", "summary", "parameters"], rows, ""), form, output)
        return
    values: dict[str, str | int] = {}
    for pair in parameters:
        name, equals, value = pair.partition("=")
        if not equals:
            raise DataError(f"--param takes NAME=VALUE, not {pair!r}")
        values[name] = value
    asked = find_question(question)
    language = str(values.pop("lang", lang))
    kg = open_graph(scope)
    if sparql:
        write_text(kg.question_text(asked, language, values), output)
    else:
        if asked.about_cases and not kg.has_cases():
            tell(
                "coproduction: this question is about cases, and none is in scope: "
                "add --cases, --store DIR or --data FILE"
            )
        terms = Terms(most=most_rows(max_rows, form), wanted="rows")
        write_rows(kg.answer(asked, terms, language, values), form, output)
        if asked.caution:
            beside = output not in (None, "-")
            _write_caution(asked.caution, "beside" if beside else form_of_rows(form))


def _write_caution(text: str, form: str) -> None:
    """Write what to keep in mind below the rows; beside rows for a program, on standard error."""
    if form == "html":
        import html

        write_text(f"<p>{html.escape(text)}</p>\n")
    elif form in ("table", "md"):
        write_text(f"\n{text}\n")
    else:
        tell(f"coproduction: {text}")
