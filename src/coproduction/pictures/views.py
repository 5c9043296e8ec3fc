"""The rows that a picture is drawn from: answers of the queries of ``queries/views/``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..knowledge.questions import find_question

if TYPE_CHECKING:
    from ..graph import KnowledgeGraph

Row = dict[str, Any]


def rows(
    kg: KnowledgeGraph, name: str, lang: str = "en", folder: str = "queries/views"
) -> list[Row]:
    """Give the rows of a view, or of a question, with labels in a language where it has some."""
    question = find_question(name, folder)
    if "lang" in question.parameters:
        return list(kg.query(kg.question_text(question, lang)))
    return list(kg.query(question.text))


def section_head(key: object, label: object) -> str:
    """Give the head of a section of the source.

    >>> section_head("B.2", "Relations"), section_head("Diagram 1", "Diagram 1: services")
    ('B.2  Relations', 'Diagram 1: services')
    """
    return str(label) if str(label).startswith(str(key)) else f"{key}  {label}"
