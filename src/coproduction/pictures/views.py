"""The rows that a picture is drawn from: answers of the queries of ``queries/views/``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..knowledge.answers import answer
from ..knowledge.questions import find_question
from ..results.fetching import QueryOptions

if TYPE_CHECKING:
    from ..store.protocol import Store

Row = dict[str, Any]


def rows(store: Store, name: str, lang: str = "en", folder: str = "queries/views") -> list[Row]:
    """Give the rows of a view, or of a question, with labels in a language where it has some."""
    options = QueryOptions(wanted="rows", by="")
    return list(answer(store, find_question(name, folder), options, lang))


def section_head(key: object, label: object) -> str:
    """Give the head of a section of the source.

    >>> section_head("B.2", "Relations"), section_head("Diagram 1", "Diagram 1: services")
    ('B.2  Relations', 'Diagram 1: services')
    """
    return str(label) if str(label).startswith(str(key)) else f"{key}  {label}"
