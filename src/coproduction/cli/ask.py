"""`coproduction ask`: the questions of the graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import DataError, UnknownName, nearest
from ..messages import Sentence, speaker
from ..names import LANGUAGES
from ..results.forms import FORMATS
from ..results.result import Result
from .answers import Answer, tell_unordered
from .scope import Scope, open_graph
from .telling import note, tell

if TYPE_CHECKING:
    import click

    from ..knowledge.questions import Question
    from ..results.streaming import Streamed

_LIKE_A_NAME = 0.85


def ask(
    question: str | None,
    *,
    to: Answer,
    scope: Scope,
    lang: str = "en",
    parameters: tuple[str, ...] = (),
    sparql: bool = False,
    rows: str = "arrangement",
    streaming: bool = False,
    max_rows: int | None = None,
) -> None:
    """Answer QUESTION, given by name (glass-ceiling), by id (CQ18), or as it reads.

    Without QUESTION, list all questions with their ids and summaries; with words that name none,
    those that are about them.
    """
    from ..knowledge.levels import asks_for_levels
    from ..knowledge.questions import read_folder
    from ..results.fetching import QueryOptions

    _check_ending(to, sparql)
    if question is None:
        folder = read_folder()
        _write_list(folder.questions, to)
        for why in folder.broken.values():
            note(why)
        return
    values = _values(parameters)
    asked = _asked(question, to, is_list_enough=not parameters and not sparql)
    if asked is None:
        return
    language = str(values.pop("lang", lang))
    kg = open_graph(scope, levels=asks_for_levels(asked))
    if sparql:
        to.write(kg.question_text(asked, language, values))
    else:
        if asked.about_cases and not kg.has_cases():
            tell(
                "coproduction: this question is about cases, and none is in scope: "
                "add --cases, --store DIR or --data FILE"
            )
        options = QueryOptions(wanted="rows", by="" if rows == "raw" or streaming else None)
        answer: Result | Streamed
        if streaming:
            from ..knowledge.answers import streamed

            to, options = to.streaming(), options._replace(most=max_rows)
            store = kg.asked_by(asked).store
            answer, cut = streamed(store, asked, options, language, values)
            tell_unordered()
        else:
            options = options._replace(most=to.most_rows(max_rows))
            answer = kg.answer(asked, options, language, values)
            cut = answer.cut
        note(answer.note)
        note(speaker(to.lang if to.lang in LANGUAGES else "en").again(cut))
        below = _caution(asked.caution, to) if asked.caution else ""
        to.write(answer, below)


def command() -> click.Command:
    """Give the command with its options, for the parser of the line."""
    import click

    from . import completion
    from .options import (
        answer_options,
        command_of,
        lang_option,
        scope_options,
        stopping_options,
        stream_option,
    )

    return command_of(
        ask,
        click.argument("question", required=False, shell_complete=completion.questions),
        click.option(
            "-p",
            "--param",
            "parameters",
            multiple=True,
            metavar="NAME=VALUE",
            help="Set a parameter of the question, such as claim=C50 (repeatable).",
        ),
        click.option(
            "--sparql",
            is_flag=True,
            help="Print the query, labels and all, to be run on any engine, instead of running it.",
        ),
        click.option(
            "--rows",
            type=click.Choice(("arrangement", "raw")),
            default="arrangement",
            show_default=True,
            help="A row for each arrangement, its several values joined (lists in objects), or "
            "raw: for each combination of values. tsv, json and xml, which have no lists, are "
            "always raw.",
        ),
        stream_option,
        lang_option,
        answer_options(*FORMATS, "sparql", choices=FORMATS),
        stopping_options,
        scope_options,
    )


def _check_ending(to: Answer, sparql: bool) -> None:
    """Refuse to print a query to a file of rows, or rows to that of a query."""
    if sparql != ("sparql" in to.forms) and to.to_file and to.forms:
        raise DataError(
            f"{to.output}: --sparql prints a query, and a query's file ends in .rq: "
            + ("name it so" if sparql else "add --sparql")
        )


def _values(parameters: tuple[str, ...]) -> dict[str, str | int]:
    """Read the parameters, each as NAME=VALUE."""
    values: dict[str, str | int] = {}
    for pair in parameters:
        name, equals, value = pair.partition("=")
        if not equals:
            raise DataError(f"--param takes NAME=VALUE, not {pair!r}")
        values[name] = value
    return values


def _asked(question: str, to: Answer, *, is_list_enough: bool) -> Question | None:
    """Find the question; where none has the name, list those that are about it and give None.

    Args:
        question: a name, an id, or words.
        to: where the list is written.
        is_list_enough: a list serves; else one question was wanted.
    """
    from ..knowledge.questions import (
        find_question,
        questions_about,
        read_folder,
        words_of_questions,
    )

    try:
        return find_question(question)
    except UnknownName as error:
        if error.is_number:
            raise
        misspelt = nearest(question, [each.name for each in read_folder().questions], _LIKE_A_NAME)
        fitting = [] if misspelt else questions_about(question)
        if not fitting:
            raise UnknownName(
                "question", question, words_of_questions(), "('coproduction ask' lists them all)"
            ) from None
        if not is_list_enough:
            names = ", ".join(each.name for each in fitting)
            raise DataError(
                f"no question has this name; these are about {question!r}: {names}"
            ) from None
        tell(f"coproduction: no question has this name; these are about {question!r}")
        _write_list(fitting, to)
        return None


_LISTED = (Sentence("id"), Sentence("name"), Sentence("summary"), Sentence("parameters"))


def _write_list(questions: Sequence[Question], to: Answer) -> None:
    rows = [(q.id, q.name, q.summary, ", ".join(q.parameters)) for q in questions]
    say = speaker(to.lang if to.lang in LANGUAGES else "en")
    to.write(Result.of_rows(_LISTED, rows, "").told(say))


def _caution(text: str, to: Answer) -> str:
    """Give what to keep in mind, below the rows; beside rows for a program, on standard error."""
    if to.form == "html":
        import html

        return f"<p>{html.escape(text)}</p>\n"
    if to.form in ("table", "md"):
        from ..results.layout import filled

        return f"\n{filled(text, to.width)}\n"
    note(text)
    return ""
