"""One spelling of a text: how it is kept, and how it is compared.

The same word may come composed or decomposed, with no-break or zero-width spaces and soft hyphens,
and look the same to a person. Here they become one.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_SPACES: Final = "\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_INVISIBLE: Final = "\u00ad\u200b\u2060\ufeff"
"""Soft hyphen, zero-width space, word joiner, byte order mark. The zero-width joiner and
non-joiner (U+200C, U+200D) stay: some languages spell with them."""
_CLEAN: Final = {ord(sign): " " for sign in _SPACES} | {ord(sign): "" for sign in _INVISIBLE}
_CONTROL: Final = (
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
"""Compiled, and kept by re, when it is first needed: most answers never need it."""


def cleaned(text: str) -> str:
    """Give a text in its one spelling: composed (NFC), plain spaces, nothing invisible.

    >>> cleaned("Fo\u0308rskola\u00a0Nord\u200b")
    'Förskola Nord'
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text.translate(_CLEAN))


def fold(text: str) -> str:
    """Give a text as names are compared: in its one spelling, single spaces, case folded."""
    if not text.isascii():
        text = cleaned(text)
    return " ".join(text.replace("_", " ").split()).casefold()


def control_characters(text: str) -> list[str]:
    """Name the signs of a text that no document may hold, such as ``U+0000``, each once.

    Control characters but tab and line ends, halves of surrogate pairs, and noncharacters: XML
    has no way to write most of them, and a terminal obeys some.
    """
    return list(dict.fromkeys(f"U+{ord(sign):04X}" for sign in re.findall(_CONTROL, text)))


_UNSEEN: Final = "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]"
"""What a terminal obeys, or shows as nothing while it turns the text around it."""


def visible(text: str) -> str:
    r"""Give a text as a terminal may show it: what it would obey is spelt out, such as ``\x1b``.

    >>> print(visible("a\x1b[31mb"))
    a\x1b[31mb
    """
    if text.isprintable():
        return text
    return re.sub(_UNSEEN, lambda sign: ascii(sign[0])[1:-1], text)


def without_control(text: str) -> str:
    """Give a text without the signs that :func:`control_characters` names."""
    return re.sub(_CONTROL, "", text)
