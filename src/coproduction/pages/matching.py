"""Whether a text has the words that a person looks for, however either is spelt."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from ..spelling import fold


def plain(text: str) -> str:
    """Give a text as it is searched: composed or not is one, accents and case do not matter.

    >>> plain("Élevée"), plain("E\u0301levée"), plain("Große Straße")
    ('elevee', 'elevee', 'grosse strasse')
    """
    if text.isascii():
        return fold(text)
    apart = unicodedata.normalize("NFKD", fold(text))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def matches(query: str, texts: Iterable[str]) -> bool:
    """Tell whether each word of a query stands in one of the texts, at least as a part.

    >>> matches("elevee participation", ["Participation élevée"])
    True
    """
    words = plain(query).split()
    if not words:
        return True
    searched = plain(" \n ".join(texts))
    return all(word in searched for word in words)
