"""The rows that a picture is drawn from: answers of the queries of ``queries/views/``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..knowledge.questions import find_question, question_text
from ..results.asking import ask
from ..results.fetching import QueryOptions
from ..results.labels import labelled
from ..results.result import Result

if TYPE_CHECKING:
    from ..store.protocol import Store

Row = dict[str, Any]


def rows(store: Store, name: str, lang: str = "en", folder: str = "queries/views") -> list[Row]:
    """Give the rows of a view, or of a question, with labels in a language where it has some."""
    question = find_question(name, folder)
    answer = ask(store, question_text(store, question, lang), QueryOptions(wanted="rows"))
    assert isinstance(answer, Result)
    named = question.iris
    return list(answer.with_labels(lambda found: labelled(store, found, lang, named)).labelled())


def section_head(key: object, label: object) -> str:
    """Give the head of a section of the source.

    >>> section_head("B.2", "Relations"), section_head("Diagram 1", "Diagram 1: services")
    ('B.2  Relations', 'Diagram 1: services')
    """
    return str(label) if str(label).startswith(str(key)) else f"{key}  {label}"
