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
_STEERING: Final = (
    "\r(?!\n)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
"""What a terminal obeys, or shows as nothing while it turns the text around it."""
_NOT_XML: Final = "[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]"
# These are compiled, and kept by `re`, when they are first needed: most answers never need them.


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


def without_control(text: str) -> str:
    """Give a text without the signs that :func:`control_characters` names."""
    return re.sub(_CONTROL, "", text)


def visible(text: str) -> str:
    r"""Give a text as it may be shown on a terminal: what would steer it is written out.

    Control characters become escapes, but tab and line feed stay; so do the marks that turn the
    direction of writing, by which a text can be shown as another.

    >>> visible("\x1b[31mred")
    '\\x1b[31mred'
    """
    if text.isascii() and text.isprintable():
        return text
    return re.sub(_STEERING, _escape, text)


def _escape(sign: re.Match[str]) -> str:
    number = ord(sign[0])
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


def for_xml(text: str) -> str:
    """Give a text as XML can hold it: U+FFFD stands for the signs that it has no way to write."""
    return re.sub(_NOT_XML, "\ufffd", text)
