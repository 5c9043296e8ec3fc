"""Addresses that stand within a text, as links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from markupsafe import Markup

_ADDRESS: Final = re.compile(
    r"(?<![\w/.@-])(?:"
    r"(?P<whole>https?://[^\s<>\"]+)"
    r"|(?P<page>(?:[a-z0-9-]+\.)+[a-z]{2,}/[^\s<>\"]+)"  # as catalogues have it, without https
    r"|(?P<doi>10\.\d{4,9}/[^\s<>\"]+))"
)
_AFTER: Final = ".,;:!?)]}'\u00bb\u201d"
"""What ends a sentence and no address."""
_OPENED: Final = {")": "(", "]": "["}


def linked(text: str) -> Markup:
    """Give a text with each address in it as a link; it is escaped.

    Args:
        text: in which there may be addresses with a path, with or without https, and DOIs.

    >>> print(linked("and/or, see example.org/a."))
    and/or, see <a href="https://example.org/a" rel="external noreferrer">example.org/a</a>.
    """
    from markupsafe import Markup, escape

    made, end = Markup(), 0
    for found in _ADDRESS.finditer(text):
        shown = _without_end(found[0])
        begin = {"whole": "", "page": "https://", "doi": "https://doi.org/"}[found.lastgroup or ""]
        link = Markup('<a href="{}" rel="external noreferrer">{}</a>')
        made += escape(text[end : found.start()]) + link.format(begin + shown, shown)
        end = found.start() + len(shown)
    return made + escape(text[end:])


def _without_end(address: str) -> str:
    """Take off what ends the sentence; a bracket that the address opens is its own.

    >>> _without_end("https://example.org/Coop_(x)"), _without_end("https://example.org/a).")
    ('https://example.org/Coop_(x)', 'https://example.org/a')
    """
    while address.endswith(tuple(_AFTER)):
        opened = _OPENED.get(address[-1], "")
        if opened and address.count(opened) >= address.count(address[-1]):
            break
        address = address[:-1]
    return address
