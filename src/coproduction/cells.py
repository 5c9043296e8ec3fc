"""Cells of a case sheet read as values, each column by a parser made from its field."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final, NamedTuple

import pyoxigraph as ox

from .errors import nearest
from .names import DCTERMS, ID, XSD, compact, expand
from .shapes import Choice, Field
from .tables import is_error

_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_IRI: Final = re.compile(r"(?:https?|urn|doi|ftp):[^\s<>\"{}|\\^`]+", re.IGNORECASE)


class Parsed(NamedTuple):
    """A cell read: N-Triples objects of its property, and of a second one; or what is wrong."""

    objects: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    unknown: bool = False
    fix: str = ""
    organisations: tuple[tuple[str, str], ...] = ()


def fold(text: str) -> str:
    """Give a text trimmed, with single spaces and case folded, as names are compared."""
    return " ".join(text.replace("_", " ").split()).casefold()


def literal(text: str, lang: str = "") -> str:
    """Give a text as an N-Triples literal."""
    return f'"{text.translate(_ESCAPES)}"' + (f"@{lang}" if lang else "")


def organisation_iri(name: str) -> str:
    """Give the IRI of an organisation by its name; other spellings give other IRIs.

    >>> organisation_iri("STIL")
    'https://w3id.org/coproduction/id/organization/stil'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if slug.replace("-", " ") != name.casefold():
        slug = f"{slug}-{zlib.crc32(fold(name).encode()):08x}".strip("-")
    return f"{ID}organization/{slug}"


def has_unsafe(iri: str) -> bool:
    """Tell whether a text is no IRI that N-Triples can be written and read with."""
    if re.search(r"[\s<>\"{}|\\^`\x00-\x20]", iri):
        return True
    try:
        ox.NamedNode(iri)
    except ValueError:
        return True
    return False


# -- parsers -------------------------------------------------------------------------------


def parser(
    field: Field,
    unknown: Choice,
    values: dict[str, str],
    code_of: Callable[[str], str] = lambda text: text,
) -> Callable[[str], Parsed]:
    """Make the parser of a column out of its field.

    Args:
        field: what the column holds.
        unknown: the value that says that a field is not known.
        values: foreign texts and what they stand for.
        code_of: turns an IRI of a foreign code into the code.
    """
    unknown_names = {fold(name) for name in unknown.names} if field.unknown else set()
    foreign = {fold(text): value for text, value in values.items()}
    other = foreign.pop("*", None)
    read = _reader(field)
    nothing = Parsed(fix=field.message if field.required else "")

    def parse(text: str) -> Parsed:
        if is_error(text):
            return Parsed(fix=f"The cell holds the error {text} of a formula: write the value.")
        if foreign and not field.separator:
            parts = [text, *re.split("[;,]", text)]
            codes = (fold(code_of(part.strip())) for part in parts)
            text = next(
                (foreign[code] for code in codes if code in foreign),
                text if other is None else other,
            )
            if not text:
                return nothing
        if fold(text) in unknown_names:
            return Parsed(unknown=True)
        parts = text.split(field.separator) if field.separator else [text]
        parts = [part.strip() for part in parts if part.strip()]
        if foreign and field.separator:
            meant = (
                foreign.get(fold(code_of(part)), part if other is None else other) for part in parts
            )
            parts = [part for part in meant if part]
            if not parts:
                return nothing
        results = [read(part) for part in parts]
        wrong = next((result for result in results if result.fix), None)
        if wrong is not None and foreign and field.choices:
            return Parsed(
                fix=f"The mapping has no value for it: name one in [values.{field.key}], "
                "or leave the row out."
            )
        if wrong is not None:
            return wrong
        if any(fold(part) in unknown_names for part in parts):
            return Parsed(fix="Write unknown alone, or the values that are known.")
        return Parsed(
            tuple(dict.fromkeys(value for r in results for value in r.objects)),
            tuple(dict.fromkeys(value for r in results for value in r.others)),
            False,
            "",
            tuple(dict.fromkeys(pair for r in results for pair in r.organisations)),
        )

    return parse


def _reader(field: Field) -> Callable[[str], Parsed]:
    if field.organisation:
        return _organisation
    if field.codes:
        return lambda text: _country(field, text)
    if field.choices:
        return _chooser(field)
    if XSD + "integer" in field.datatypes:
        return lambda text: _whole_number(field, text)
    return lambda text: _text(field, text)


def _organisation(text: str) -> Parsed:
    if _IRI.fullmatch(text) and not has_unsafe(text):
        tail = re.split(r"[/#]", text.rstrip("/#"))[-1]
        return Parsed(organisations=((f"<{text}>", literal(tail)),))
    return Parsed(organisations=((f"<{organisation_iri(text)}>", literal(text)),))


def _chooser(field: Field) -> Callable[[str], Parsed]:
    names = _names(field.choices)
    others = _names(field.other_choices)
    labels = [choice.label() for choice in (*field.choices, *field.other_choices)]

    def choose(text: str) -> Parsed:
        wanted = fold(expand(text) or text)
        if wanted in names:
            return Parsed((f"<{names[wanted]}>",))
        if wanted in others:
            return Parsed(others=(f"<{others[wanted]}>",))
        near = nearest(text, [*names, *others])
        found = names.get(near or "") or others.get(near or "")
        label = next(
            (c.label() for c in (*field.choices, *field.other_choices) if c.iri == found), ""
        )
        hint = f"did you mean {label!r}?" if label else f"use one of: {', '.join(labels)}"
        return Parsed(fix=f"{field.message} {hint[0].upper()}{hint[1:]}")

    return choose


def _names(choices: Iterable[Choice]) -> dict[str, str]:
    """Give every name of each choice: labels, other names, IRI, prefixed and local name."""
    names: dict[str, str] = {}
    ranked = list(choices)
    for choice in ranked:
        names.setdefault(fold(choice.iri), choice.iri)
        names.setdefault(fold(compact(choice.iri)), choice.iri)
        for label in choice.labels.values():
            names.setdefault(fold(label), choice.iri)
    for choice in ranked:
        for name in (*choice.names, re.split(r"[/#]", choice.iri)[-1]):
            names.setdefault(fold(name), choice.iri)
    return names


def _whole_number(field: Field, text: str) -> Parsed:
    plain = re.sub(r"[.,]0+$", "", text)
    if not re.fullmatch(r"[+-]?\d{1,18}", plain):
        year = re.match(r"(\d{4})-\d{2}-\d{2}", text)
        hint = f" The cell holds a date: write {year[1]}." if year else ""
        return Parsed(fix=field.message + hint)
    number = int(plain)
    if (field.minimum is not None and number < field.minimum) or (
        field.maximum is not None and number > field.maximum
    ):
        return Parsed(fix=f"{field.message} It lies between {field.minimum} and {field.maximum}.")
    return Parsed((f'"{number}"^^<{XSD}integer>',))


def _text(field: Field, text: str) -> Parsed:
    if field.longest is not None and len(text) > field.longest:
        return Parsed(
            fix=f"{field.message} It has {len(text)} characters; at most {field.longest} fit."
        )
    if field.pattern and not re.search(field.pattern, text):
        return Parsed(fix=field.message)
    if field.path.startswith(DCTERMS) and _IRI.fullmatch(text) and not has_unsafe(text):
        return Parsed((f"<{text}>",))
    return Parsed((literal(text),))


def _country(field: Field, text: str) -> Parsed:
    code = text.upper() if text.upper() in field.codes else _countries().get(fold(text), "")
    if code not in field.codes:
        near = nearest(text, [name for name in _countries() if len(name) > 3])
        hint = f" Did you mean {near.title()} ({_countries()[near]})?" if near else ""
        return Parsed(fix=f"{field.message}{hint}")
    return Parsed((literal(code),))


@cache
def _countries() -> dict[str, str]:
    """Give the two-letter code of each country by its codes and its names in four languages."""
    import gettext

    import pycountry

    names: dict[str, str] = {"uk": "GB", "el": "GR"}  # the codes that EU bodies use
    translations = [
        gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[lang])
        for lang in ("sv", "de", "fr")
    ]
    for country in pycountry.countries:
        english = [
            country.name,
            getattr(country, "common_name", ""),
            getattr(country, "official_name", ""),
        ]
        for name in filter(None, [country.alpha_3, *english]):
            names.setdefault(fold(name), country.alpha_2)
            for translation in translations:
                names.setdefault(fold(translation.gettext(name)), country.alpha_2)
    return names
