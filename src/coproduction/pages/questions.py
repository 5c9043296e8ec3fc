"""The questions that the graph answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..knowledge.questions import Question, questions_about, read_folder
from ..messages import speaker
from ..results.result import Result
from .address import Address
from .page import Page

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph


class Line(NamedTuple):
    """A question in the list.

    Attributes:
        id, name, summary: of the question.
        tags: words that it is found by.
        parameters: names of what it can be given.
        is_unanswered: whether it is about cases, and none is in scope.
    """

    id: str
    name: str
    summary: str
    tags: tuple[str, ...]
    parameters: tuple[str, ...]
    is_unanswered: bool


def page(graph: AskedGraph, address: Address) -> Page:
    """Give the questions.

    Args:
        graph: what is in scope.
        address: its state may have ``q``, of which each word has to stand in a question's name,
            summary, description or tags; and ``tag``.
    """
    say = speaker(address.lang)
    query, tag = address.get("q").strip(), address.get("tag")
    known = read_folder().questions
    found = questions_about(query) if query else known
    has_cases = graph.has_cases()
    lines = [_line(each, has_cases) for each in found]
    shown = [line for line in lines if not tag or tag in line.tags]
    return Page(
        address,
        say("Questions"),
        "questions.html",
        {
            "lines": shown,
            "query": query,
            "tag": tag,
            "tags": sorted({each for line in map(_first, known) for each in line}),
        },
        {
            "questions": Result.of_rows(
                ["id", "name", "summary", "parameters", "tags"],
                [
                    (
                        line.id,
                        line.name,
                        line.summary,
                        " ".join(line.parameters),
                        " ".join(line.tags),
                    )
                    for line in shown
                ],
            )
        },
        lead=say("What can be asked of the graph as it is, each with its rows and its SPARQL."),
    )


def _first(question: Question) -> tuple[str, ...]:
    return tuple(map(str, question.header.get("tags") or ()))


def _line(question: Question, has_cases: bool) -> Line:
    given = tuple(name for name in question.parameters if name != "lang")
    is_unanswered = question.about_cases and not has_cases
    return Line(
        question.id, question.name, question.summary, _first(question), given, is_unanswered
    )
