"""What the package says, in the languages of the forms.

English stands in the code. The other languages stand in the catalogues of GNU gettext below
``locale/``, read by Babel as they are, so that a checkout and a wheel need no compiled copies;
for English none is read.

A sentence is marked for the catalogues where it is said: ``say("Write {year}.", year=1984)``. Its
parts have names, so that another language can put them in another order. ``make messages`` brings
the catalogues up to date.
"""

from __future__ import annotations

import io
import re
import string
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .errors import DataError, UnknownName
from .names import LANGUAGES

if TYPE_CHECKING:
    from decimal import Decimal
    from gettext import GNUTranslations

DOMAIN: Final = "coproduction"
_EXACT: Final = 10
"""Places to which a share is known."""
LOCALE: Final = Path(__file__).parent / "locale"


class Sentence(str):
    """An English sentence that can still be said in another language.

    For what is found before it is known in which language it is told.

    Args:
        text: the sentence, with its parts in braces.
        **values: the parts by name.
    """

    __slots__ = ("text", "values")
    text: str
    values: dict[str, object]

    def __new__(cls, text: str, /, **values: object) -> Sentence:
        """Make it, in English."""
        sentence = super().__new__(cls, text.format(**values) if values else text)
        sentence.text, sentence.values = text, values
        return sentence


def _catalogue(lang: str) -> GNUTranslations | None:
    if lang == "en":
        return None
    from gettext import GNUTranslations

    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with (LOCALE / lang / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=lang))
    compiled.seek(0)
    return GNUTranslations(compiled)


class Speaker:
    """Says sentences in one language; where a catalogue lacks one, in English.

    Args:
        lang: one of :data:`LANGUAGES`.
    """

    def __init__(self, lang: str = "en") -> None:
        self.lang = lang
        self._catalogue = _catalogue(lang)

    def __call__(self, text: str, /, **values: object) -> str:
        """Say a sentence, with its parts filled in."""
        if self._catalogue is not None and text:
            text = self._catalogue.gettext(text)
        return self._filled(text, values) if values else text

    def plural(self, one: str, many: str, count: int, /, **values: object) -> str:
        """Say a sentence in the form that a number asks for; ``{count}`` is the number."""
        if self._catalogue is not None:
            text = self._catalogue.ngettext(one, many, count)
        else:
            text = one if count == 1 else many
        return self._filled(text, {"count": count, **values})

    def number(self, value: float) -> str:
        """Write a number as the language does.

        Args:
            value: a whole number, whose thousands are parted; or a share from 0 to 1, which has two
                places, in English without the leading nought, as the field writes it. 0 and 1
                stand alone; what is near them has as many places as tell it from them. Halves are
                rounded to the even figure, so that a share and what it leaves of 1 add up.

        >>> ENGLISH.number(0.9), speaker("sv").number(0.9), speaker("de").number(1234)
        ('.90', '0,90', '1.234')
        >>> ENGLISH.number(0.025), ENGLISH.number(0.975), ENGLISH.number(0.9975)
        ('.02', '.98', '.998')
        """
        if isinstance(value, int):
            return f"{value:,}" if self.lang == "en" else self._in_figures(value, "#,##0")
        share = _rounded(value)
        if share in (0, 1):
            return f"{share:.0f}"
        if self.lang == "en":
            return str(share).removeprefix("0")
        return self._in_figures(share, f"0.{'0' * -int(share.as_tuple().exponent)}")

    def _in_figures(self, value: float | Decimal, pattern: str) -> str:
        from babel.numbers import format_decimal

        return format_decimal(value, pattern, self.lang)

    def _filled(self, text: str, values: Mapping[str, object]) -> str:
        """Fill in the parts of a sentence; whole numbers in ``{count:,}`` as the language does."""
        if self.lang == "en":
            return text.format(**values)
        return _Parts(self).vformat(text, (), values)

    def again(self, told: str) -> str:
        """Say a :class:`Sentence` in this language, and those within it; another text as it is."""
        if not isinstance(told, Sentence):
            return told
        values = {
            name: self.again(value) if isinstance(value, str) else value
            for name, value in told.values.items()
        }
        return self(told.text, **values)


def _rounded(share: float) -> Decimal:
    """Round a share to two places, or to as many as tell it from 0 and 1, halves to the even one.

    It is that of the decimal figure: 0.975 is 0.97499999999999998 to the machine.
    """
    from decimal import Decimal

    exact = Decimal(repr(round(share, _EXACT)))
    for places in range(2, _EXACT):
        found = round(exact, places)
        if found not in (0, 1):
            return found
    return exact


class _Parts(string.Formatter):
    """Fills in a sentence of another language than English."""

    def __init__(self, say: Speaker) -> None:
        self._say = say

    def format_field(self, value: object, format_spec: str) -> str:
        if format_spec == "," and isinstance(value, int):
            return self._say.number(value)
        return str(super().format_field(value, format_spec))


ENGLISH: Final = Speaker("en")


def counted(count: int, one: str, many: str = "") -> str:
    """Give a number with its noun, where English alone is spoken; else :meth:`Speaker.plural`.

    Args:
        count: the number.
        one: the noun.
        many: its plural; by default with an s.

    >>> counted(1, "row"), counted(1234, "row"), counted(0, "case")
    ('1 row', '1,234 rows', '0 cases')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


@cache
def speaker(lang: str = "en") -> Speaker:
    """Give what speaks a language.

    Args:
        lang: a language tag; ``sv-SE`` is Swedish.

    Raises:
        UnknownName: it is none of :data:`LANGUAGES`.
    """
    return Speaker(spoken(lang))


def language_of(tag: str) -> str:
    """Give the language that labels are asked for in, by a tag as people write it.

    Args:
        tag: such as ``sv``, ``sv-SE`` or ``SV_se``.

    Returns:
        one of :data:`LANGUAGES`, or the tag of another in lower case.

    Raises:
        DataError: it is no language tag.

    >>> language_of("sv_SE"), language_of("pt-BR")
    ('sv', 'pt-br')
    """
    whole = tag.replace("_", "-").lower()
    if not re.fullmatch(r"[a-z]{2,8}(-[a-z0-9]{1,8})*", whole):
        raise DataError(f"{tag!r} is no language tag; give one such as {', '.join(LANGUAGES)}")
    base = whole.partition("-")[0]
    return base if base in LANGUAGES else whole


def spoken(tag: str) -> str:
    """Give the language of a tag, of those that the package speaks.

    Raises:
        UnknownName: it is none of :data:`LANGUAGES`.

    >>> spoken("sv-SE")
    'sv'
    """
    lang = tag.replace("_", "-").partition("-")[0].lower()
    if lang not in LANGUAGES:
        raise UnknownName("language", tag, LANGUAGES, f"(languages: {' '.join(LANGUAGES)})")
    return lang
