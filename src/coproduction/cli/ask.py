"""`coproduction ask`: the questions of the graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ..errors import DataError, UnknownName, nearest
from ..result import Result
from . import completion
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

if TYPE_CHECKING:
    from ..questions import Question

_LIKE_A_NAME = 0.85


@click.command()
@click.argument("question", required=False, shell_complete=completion.questions)
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
) -> int:
    """Answer QUESTION, given by name (glass-ceiling), by id (CQ18), or as it reads.

    Without QUESTION, list all questions with their ids and summaries; with words that name none,
    those that are about them.
    """
    from ..asking import Terms
    from ..questions import find_question, questions_about, read_folder, words_of_questions

    endings = {"rq": "sparql"} if sparql else ROW_ENDINGS
    form = form_of_output(output, form, endings)
    check_output(output, scope.data, scope.store)
    if question is None:
        folder = read_folder()
        _write_list(folder.questions, form, output)
        for why in folder.broken.values():
            tell(f"coproduction: {why}")
        return 0
    values: dict[str, str | int] = {}
    for pair in parameters:
        name, equals, value = pair.partition("=")
        if not equals:
            raise DataError(f"--param takes NAME=VALUE, not {pair!r}")
        values[name] = value
    try:
        asked = find_question(question)
    except UnknownName:
        misspelt = nearest(question, [each.name for each in read_folder().questions], _LIKE_A_NAME)
        fitting = [] if misspelt else questions_about(question)
        if not fitting:
            raise UnknownName(
                "question", question, words_of_questions(), "('coproduction ask' lists them all)"
            ) from None
        if parameters or sparql:  # one was wanted, not a list
            names = ", ".join(each.name for each in fitting)
            raise DataError(
                f"no question has this name; these are about {question!r}: {names}"
            ) from None
        tell(f"coproduction: no question has this name; these are about {question!r}")
        _write_list(fitting, form, output)
        return 0
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
    return 0


def _write_list(questions: Sequence[Question], form: str | None, output: str | None) -> None:
    rows = [(q.id, q.name, q.summary, ", ".join(q.parameters)) for q in questions]
    write_rows(Result.of_rows(["id", "name", "summary", "parameters"], rows, ""), form, output)


def _write_caution(text: str, form: str) -> None:
    """Write what to keep in mind below the rows; beside rows for a program, on standard error."""
    if form == "html":
        import html

        write_text(f"<p>{html.escape(text)}</p>\n")
    elif form in ("table", "md"):
        write_text(f"\n{text}\n")
    else:
        tell(f"coproduction: {text}")
