"""Countries by every name that ISO 3166, Unicode CLDR and common usage know.

CLDR gives each country's name in the four languages of the forms and in its own languages. What
neither has (a name in use before or beside the official one, a part of a state that registers
name as a country) stands in a list here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

from ..errors import nearest
from ..names import LANGUAGES
from ..spelling import cleaned

_COMMON: Final = {
    "BO": ("Bolivia",),
    "CD": ("DR Congo", "DRC", "Zaire"),
    "CI": ("Ivory Coast",),
    "CV": ("Cape Verde",),
    "CZ": ("Czechia", "Czech Republic"),
    "FK": ("Falkland Islands",),
    "FM": ("Micronesia",),
    "GB": (
        "UK", "U.K.", "Great Britain", "Britain", "England", "Scotland", "Wales",
        "Northern Ireland",
    ),
    "GR": ("EL",),
    "IR": ("Iran",),
    "KP": ("North Korea",),
    "KR": ("South Korea", "Korea"),
    "LA": ("Laos",),
    "MD": ("Moldova",),
    "MK": ("Macedonia", "FYROM"),
    "MM": ("Burma",),
    "NL": ("Holland",),
    "PS": ("Palestine",),
    "RU": ("Russia",),
    "SY": ("Syria",),
    "SZ": ("Swaziland",),
    "TL": ("East Timor",),
    "TR": ("Turkey",),
    "TW": ("Taiwan",),
    "TZ": ("Tanzania",),
    "US": ("USA", "U.S.", "U.S.A.", "US", "America", "United States of America"),
    "AE": ("UAE", "Emirates"),
    "VA": ("Vatican",),
    "VE": ("Venezuela",),
    "VN": ("Vietnam",),
}  # fmt: skip
"""Names in common use, by code; EL and UK are the codes that bodies of the EU use."""
_TABLES: Final = re.compile(
    r"https?://publications\.europa\.eu/resource/authority/country/(?P<eu>[A-Z]{3})"
    r"|https?://(?:purl\.org/essglobal|[a-z.]*lod\.coop/essglobal(?:/[\w.]+)?)"
    r"/standard/countries-iso/(?P<iso>[A-Z]{2})"
)
"""Addresses of countries in the tables of the EU and of ESSGlobal; their codes are ISO's."""
_LEAST_LIKENESS: Final = 0.8
"""Below it a hint names another country rather than another spelling."""


def code_of_country(name: str) -> str:
    """Give the two-letter code of a country, or an empty text.

    Args:
        name: its name in English, Swedish, German, French or a language of its own, a name in
            common use, its two- or three-letter code, or its address in a table of such codes.

    >>> code_of_country("Österrike"), code_of_country("Turkey"), code_of_country("España")
    ('AT', 'TR', 'ES')
    >>> code_of_country("http://publications.europa.eu/resource/authority/country/ITA")
    'IT'
    """
    listed = _TABLES.fullmatch(name)
    if listed and listed["iso"]:
        return listed["iso"]
    key = _key(listed["eu"] if listed else name)
    return _names().get(key) or _own_names().get(key, "")


def names_of_country(code: str) -> frozenset[str]:
    """Give the names by which :func:`code_of_country` knows a country, as they are compared.

    >>> sorted(names_of_country("SE"))[-4:]
    ['suede', 'sverige', 'swe', 'sweden']
    """
    known = (*_names().items(), *_own_names().items())
    return frozenset(name for name, of in known if of == code)


def country_like(name: str, lang: str = "en") -> tuple[str, str] | None:
    """Give the name, in a language, and code of the country that is spelt nearly so, if any."""
    key = _key(name)
    near = nearest(key, [known for known in _names() if len(known) > 3], _LEAST_LIKENESS)
    if near is None:
        return None
    code = _names()[near]
    return _territories(lang)[code], code


def _key(name: str) -> str:
    """Give a name without accents, points and articles, as names are compared."""
    plain = unicodedata.normalize("NFKD", cleaned(name)).casefold()
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = re.sub(r"[.'\u2019`]", "", plain).replace("&", " and ")
    return " ".join(re.sub(r"[^\w]+", " ", words).removeprefix("the ").split())


@cache
def _territories(lang: str) -> dict[str, str]:
    import pycountry
    from babel import Locale

    names = Locale(lang).territories
    return {
        country.alpha_2: names.get(country.alpha_2, country.name) for country in pycountry.countries
    }


@cache
def _names() -> dict[str, str]:
    """Give codes by name: ISO's and CLDR's in four languages, and those in common use."""
    import gettext

    import pycountry
    from babel import Locale

    names = {_key(name): code for code, common in _COMMON.items() for name in common}
    iso = [
        gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[lang])
        for lang in LANGUAGES
        if lang != "en"
    ]
    cldr = [Locale(lang).territories for lang in LANGUAGES]
    for country in pycountry.countries:
        code = country.alpha_2
        for given in ("name", "common_name", "official_name"):
            name = getattr(country, given, "")
            for spelt in filter(None, (name, *(words.gettext(name) for words in iso if name))):
                names.setdefault(_key(spelt), code)
        for territories in cldr:
            if code in territories:
                names.setdefault(_key(territories[code]), code)
        names.setdefault(country.alpha_3.casefold(), code)
    return names


@cache
def _own_names() -> dict[str, str]:
    """Give codes by the name of each country in its own official languages."""
    from babel import localedata
    from babel.languages import get_official_languages

    names: dict[str, str] = {}
    for code in _territories("en"):
        for language in get_official_languages(code, regional=True, de_facto=True):
            if not localedata.exists(language):
                continue
            # The data alone, without those of the parents, which take ten times as long.
            territories = localedata.load(language, merge_inherited=False).get("territories", {})
            if code in territories:
                names.setdefault(_key(territories[code]), code)
    return names
