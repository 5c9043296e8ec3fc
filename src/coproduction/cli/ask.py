"""`coproduction ask`: the questions of the graph."""

from __future__ import annotations

import click

from ..errors import DataError
from ..layout import filled
from ..result import Result
from .answers import Answer, answer_options
from .options import Scope, lang_option, open_graph, scope_options, stopping_options
from .telling import note, tell


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
@click.option(
    "--rows",
    type=click.Choice(("arrangement", "raw")),
    default="arrangement",
    show_default=True,
    help="A row for each arrangement, its several values joined (lists in objects), or raw: for "
    "each combination of values. tsv, json and xml, which have no lists, are always raw.",
)
@lang_option
@answer_options()
@stopping_options
@scope_options
def ask(
    question: str | None,
    parameters: tuple[str, ...],
    sparql: bool,
    rows: str,
    lang: str,
    to: Answer,
    max_rows: int | None,
    scope: Scope,
) -> None:
    """Answer QUESTION, given by name (glass-ceiling) or id (CQ18).

    Without QUESTION, list all questions with their ids and summaries.
    """
    from ..asking import Terms
    from ..questions import all_questions, find_question

    if question is None:
        listed = [(q.id, q.name, q.summary, ", ".join(q.parameters)) for q in all_questions()]
        to.write(Result.of_rows(["id", "name", "summary", "parameters"], listed, ""))
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
        to.write(kg.question_text(asked, language, values))
    else:
        if asked.about_cases and not kg.has_cases():
            tell(
                "coproduction: this question is about cases, and none is in scope: "
                "add --cases, --store DIR or --data FILE"
            )
        by = "" if rows == "raw" else None
        terms = Terms(most=to.most_rows(max_rows), wanted="rows", by=by)
        answer = kg.answer(asked, terms, language, values)
        below = _caution(asked.caution, to) if asked.caution else ""
        to.write(answer, below)


def _caution(text: str, to: Answer) -> str:
    """Give what to keep in mind, below the rows; beside rows for a program, on standard error."""
    if to.form == "html":
        import html

        return f"<p>{html.escape(text)}</p>\n"
    if to.form in ("table", "md"):
        return f"\n{filled(text, to.width)}\n"
    note(text)
    return ""
