"""The made-up row of the case sheet, that shows how a row is filled in and is never loaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..knowledge.case_record import CaseRecord, Field
from ..messages import Sentence
from ..names import LANGUAGES
from ..spelling import fold

EXAMPLE_ID: Final = "example-parent-co-op"
_EXAMPLE: Final = {
    "id": EXAMPLE_ID,
    "title": "Example: a parent co-operative preschool",
    "summary": "Made up, to show how a row is filled in. Delete this row.",
    "service": "Childcare",
    "country": "SE",
    "place": "Stockholm",
    "start_year": "1994",
    "provider": "Example parent co-operative",
    "provider_form": "ParentCoop",
    "funder": "Example municipality",
    "sector": "ThirdSector",
    "participants": "RelativeOfClient",
    "contributions": "ComplementaryWork;ManagementOrBoard",
    "decision_rights": "MajorityControl",
    "intensity": "IntensiveOrEnduring",
    "frequency": "every week",
    "source": "https://example.org/about-us",
    "source_type": "SelfDescription",
    "analysis_level": "MicroLevel",
    "relation": "Complementary",
    "act_type": "CollectiveAction",
}
"""A made-up row; values are local names of terms, shown by their labels."""


def example_row(record: CaseRecord, lang: str) -> list[str]:
    """Give the cells of the row, in the order of the record's fields.

    Args:
        record: the case record.
        lang: language of the values.
    """
    return [_cell(field, lang) for field in record.fields]


def is_example(record: CaseRecord, cells: Mapping[str, str]) -> bool:
    """Tell whether a row is the made-up one, untouched, in one of the languages of the sheet.

    Args:
        record: the case record.
        cells: the row's cells by key; one that the sheet has no column for may lack.
    """
    keys = [field.key for field in record.fields]
    return any(
        all(
            fold(cells.get(key, text)) == fold(text)
            for key, text in zip(keys, example_row(record, lang), strict=True)
        )
        for lang in LANGUAGES
    )


_OWN: Final = ("title", "summary", "provider", "funder", "source")
MADE_UP: Final = {key: _EXAMPLE[key] for key in _OWN}
"""What of the row no case of one's own can hold, by key."""
LEFT_OVER: Final = Sentence(
    "The cell still holds what the made-up row has: write your own, and look through the others of "
    "the row."
)


def _cell(field: Field, lang: str) -> str:
    text = _EXAMPLE.get(field.key, "")
    if not field.choices:
        return text
    by_name = {choice.iri.rpartition("#")[2]: choice for choice in field.choices}
    return ";".join(by_name[name].label(lang) for name in text.split(";") if name)
