"""What a search may mean beside what is written: a country by its other names, other spellings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from ..cases.countries import code_of_country
from ..errors import nearest
from ..names import LANGUAGES
from .diagram import country_name
from .matching import plain

_SHORTEST: Final = 4
"""Letters of a word that is taken for a country, or is corrected."""
_LIKENESS: Final = 0.7
"""Below it another word is meant, and not another spelling."""


def in_other_words(query: str) -> list[str]:
    """Give a search with the names of a country in each language in the place of its name.

    Args:
        query: as :func:`plain` gives it.

    Returns:
        the search itself first, then others, each once.

    >>> in_other_words("vard sverige")
    ['vard sverige', 'vard sweden', 'vard schweden', 'vard suede']
    """
    words = query.split()
    parts = [query] if code_of_country(query) else words
    codes = {each: _country(each) for each in parts}
    found = [query]
    for lang in LANGUAGES:
        names = [
            plain(country_name(code, lang)) if (code := codes[each]) else each for each in parts
        ]
        found.append(" ".join(names))
    return list(dict.fromkeys(found))


def country_of(query: str) -> str:
    """Give the code of the country that a search names and nothing beside it, or an empty text."""
    return _country(query)


def _country(text: str) -> str:
    return code_of_country(text) if len(text) >= _SHORTEST else ""


def nearest_searches(query: str, names: Mapping[str, str], words: Collection[str]) -> Iterable[str]:
    """Give searches that are spelt nearly as one that finds nothing.

    Args:
        query: as :func:`plain` gives it.
        names: whole names by how they are searched.
        words: that stand in them, as they are searched.
    """
    whole = nearest(query, names, _LIKENESS)
    if whole:
        yield names[whole]
    corrected = [
        each if each in words or len(each) < _SHORTEST else nearest(each, words, _LIKENESS) or each
        for each in query.split()
    ]
    if corrected != query.split():
        yield " ".join(corrected)
