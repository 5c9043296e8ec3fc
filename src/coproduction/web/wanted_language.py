"""The language that a request wants best, of those that the package speaks.

Source: RFC 9110, section 12.5.4 (Accept-Language); a tag is looked up by its language alone.
"""

from __future__ import annotations

import re
from typing import Final

from ..names import LANGUAGES

_RANGE: Final = re.compile(
    r"\s*(?P<language>[A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9]+)*\s*"
    r"(?:;\s*[qQ]=(?P<weight>0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?"
)
_ANY: Final = "*"


def wanted_language(header: str) -> str:
    """Give the language that is wanted best; of several alike the first.

    Args:
        header: Accept-Language; what cannot be read of it is left out.

    Returns:
        one of :data:`LANGUAGES`; English where none of them is wanted, or nothing is said.

    >>> wanted_language("de-AT,de;q=0.9,en;q=0.8"), wanted_language("it, sv;q=0.2, fr;q=0.4")
    ('de', 'fr')
    >>> wanted_language(""), wanted_language("it"), wanted_language("sv;q=0, *;q=0.1")
    ('en', 'en', 'en')
    """
    weights: dict[str, float] = {}
    for part in header.split(","):
        if found := _RANGE.fullmatch(part):
            language = found["language"].lower()
            language = LANGUAGES[0] if language == _ANY else language
            weight = float(found["weight"] or 1)
            weights[language] = max(weight, weights.get(language, 0))
    wanted = [each for each in weights if each in LANGUAGES and weights[each]]
    return max(wanted, key=weights.__getitem__, default=LANGUAGES[0])
