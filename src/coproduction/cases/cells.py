"""Cells of a case sheet read as values, each column by a parser made from its field."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Final, NamedTuple

import pyoxigraph as ox

from ..errors import nearest
from ..knowledge.case_record import Choice, Field
from ..messages import ENGLISH, Speaker
from ..names import DCTERMS, ID, XSD, compact, expand
from ..spelling import cleaned, fold
from ..tables.table import is_error, of_formula

_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_ADDRESS: Final = re.compile(r"(?:(?:https?|ftp)://|urn:|doi:)\S+", re.IGNORECASE)
"""What a person means as an address; whether it is one, the parser says."""
_PLACEHOLDERS: Final = frozenset(
    (
        "null",
        "<null>",
        "n/a",
        "<na>",
        "n.a.",
        "nan",
        "nil",
        "-",
        "--",
        "---",
        "\u2013",
        "\u2014",
        "?",
        "??",
    )
)
"""What databases, programs and people put into a cell that they have nothing for."""
_EPOCH: Final = date(1899, 12, 30)
"""Day 0 of the numbers that spreadsheets keep dates as."""
_LONGEST_LINE: Final = 200
"""A field whose texts are longer may have line breaks."""


class Parsed(NamedTuple):
    """A cell read.

    Attributes:
        objects: N-Triples objects of its property.
        others: those of a second property.
        unknown: whether the cell says that the value is not known.
        fix: what is wrong, and what to do; a cell with one gives no value.
        organisations: node and name of each organisation in it.
        warning: what to look at in a cell that is taken all the same.
    """

    objects: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    unknown: bool = False
    fix: str = ""
    organisations: tuple[tuple[str, str], ...] = ()
    warning: str = ""


def literal(text: str, lang: str = "") -> str:
    """Give a text as an N-Triples literal."""
    return f'"{text.translate(_ESCAPES)}"' + (f"@{lang}" if lang else "")


def organisation_iri(name: str) -> str:
    """Give the IRI of an organisation by its name; other spellings give other IRIs.

    >>> organisation_iri("STIL")
    'https://w3id.org/coproduction/id/organization/stil'
    """
    plain = unicodedata.normalize("NFKD", cleaned(name)).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")
    if slug.replace("-", " ") != name.casefold():
        slug = f"{slug}-{zlib.crc32(fold(name).encode()):08x}".strip("-")
    return f"{ID}organization/{slug}"


def broken_iri(iri: str) -> str:
    """Tell what the parser has against an IRI, or give an empty text; it judges RDF as well."""
    try:
        ox.NamedNode(iri)
    except ValueError as error:
        return str(error)
    return ""


# -- parsers -------------------------------------------------------------------------------


def parser(
    field: Field,
    unknown: Choice,
    values: dict[str, str],
    code_of: Callable[[str], str] = lambda text: text,
    say: Speaker = ENGLISH,
) -> Callable[[str], Parsed]:
    """Make the parser of a column out of its field.

    Args:
        field: what the column holds.
        unknown: the value that says that a field is not known.
        values: foreign texts and what they stand for.
        code_of: turns an IRI of a foreign code into the code.
        say: says what is wrong, in its language.
    """
    return _Column(field, unknown, values, code_of, say).parse


class _Column:
    """Reads the cells of one column; the arguments are those of :func:`parser`."""

    def __init__(
        self,
        field: Field,
        unknown: Choice,
        values: dict[str, str],
        code_of: Callable[[str], str],
        say: Speaker,
    ) -> None:
        self._field, self._code_of, self._say = field, code_of, say
        self._separator = field.separator
        self._read = _reader(field, say)
        self._unknown = {fold(name) for name in unknown.names} if field.unknown else set()
        self._foreign = {fold(text): value for text, value in values.items()}
        self._other = self._foreign.pop("*", None)
        self._maps = bool(self._foreign) or self._other is not None
        names = {*_names(field.choices), *_names(field.other_choices)}
        self._placeholders = _PLACEHOLDERS - names
        self._one_line = not field.longest or field.longest <= _LONGEST_LINE

    def parse(self, text: str) -> Parsed:
        """Read a cell that is not empty."""
        if is_error(text):
            return Parsed(fix=of_formula(text, self._say))
        if self._maps and not self._separator:
            text = self._meant(text)
            if not text:
                return self._nothing()
        folded = fold(text)
        if folded in self._unknown:
            return Parsed(unknown=True)
        if folded in self._placeholders:
            return self._placeholder(text)
        parts = [text]
        if self._separator and self._separator in text:
            parts = [part.strip() for part in text.split(self._separator) if part.strip()]
        if self._maps and self._separator:
            parts = self._each_meant(parts)
            if not parts:
                return self._nothing()
            # What the mapping calls unknown says nothing beside what it knows.
            parts = [part for part in parts if fold(part) not in self._unknown]
            if not parts:
                return Parsed(unknown=True)
        return self._values(text, parts)

    def _meant(self, text: str) -> str:
        """Give what the mapping has for a cell of one value; its own text where it has nothing."""
        parts = [text, *re.split("[;,]", text)]
        codes = (fold(self._code_of(part.strip())) for part in parts)
        return next(
            (self._foreign[code] for code in codes if code in self._foreign),
            text if self._other is None else self._other,
        )

    def _each_meant(self, parts: list[str]) -> list[str]:
        """Give what the mapping has for each of several values."""
        meant = (
            self._foreign.get(
                fold(self._code_of(part)), part if self._other is None else self._other
            )
            for part in parts
        )
        return [part for part in meant if part]

    def _values(self, text: str, parts: list[str]) -> Parsed:
        """Read the values of a cell, and give them as one."""
        said = parts
        if len(parts) != 1:
            said = [part for part in parts if fold(part) not in self._placeholders]
        if not said:
            return self._placeholder(text)
        results = [self._read(part) for part in said]
        wrong = next((result for result in results if result.fix), None)
        if wrong is not None:
            return self._wrong(wrong, said)
        told = next((result.warning for result in results if result.warning), "")
        warning = told or self._warning(text, [part for part in parts if part not in said])
        if len(results) == 1:
            return results[0]._replace(warning=warning) if warning else results[0]
        if any(fold(part) in self._unknown for part in parts):
            return Parsed(fix=self._say("Write unknown alone, or the values that are known."))
        return Parsed(
            tuple(dict.fromkeys(value for r in results for value in r.objects)),
            tuple(dict.fromkeys(value for r in results for value in r.others)),
            False,
            "",
            tuple(dict.fromkeys(pair for r in results for pair in r.organisations)),
            warning,
        )

    def _wrong(self, wrong: Parsed, said: list[str]) -> Parsed:
        """Tell what to do about a cell with a value that is none."""
        if self._maps and self._field.choices:
            return Parsed(
                fix=self._say(
                    "The mapping has no value for it: name one in [values.{key}], "
                    "or leave the row out.",
                    key=self._field.key,
                )
            )
        return Parsed(fix=wrong.fix + _separate(self._read, said, self._separator, self._say))

    def _nothing(self) -> Parsed:
        """Give what a cell says for which the mapping has an empty text."""
        return Parsed(fix=self._field.message(self._say.lang) if self._field.required else "")

    def _placeholder(self, text: str) -> Parsed:
        say = self._say
        if self._field.unknown:
            return Parsed(unknown=True, warning=say("{text!r} is taken for unknown.", text=text))
        if self._field.required:
            asked = self._field.message(say.lang)
            return Parsed(fix=f"{asked} " + say("{text!r} says nothing.", text=text))
        return Parsed(warning=say("{text!r} is taken for an empty cell.", text=text))

    def _warning(self, text: str, left: list[str]) -> str:
        say = self._say
        if left:
            return say("{text!r} is left out: it says nothing.", text=left[0])
        if self._one_line and ("\n" in text or "\r" in text):
            return say("The cell has a line break, where one line is usual: is it one value?")
        return ""


def _separate(read: Callable[[str], Parsed], parts: list[str], separator: str, say: Speaker) -> str:
    """Tell that values are separated by another sign, where a comma stands and all are values."""
    for part in parts if separator else ():
        values = [value.strip() for value in part.split(",")]
        if len(values) > 1 and not any(read(value).fix for value in values):
            joined = f"{separator} ".join(values)
            return " " + say(
                "Separate values by {separator!r}: {values}", separator=separator, values=joined
            )
    return ""


def _reader(field: Field, say: Speaker) -> Callable[[str], Parsed]:
    if field.organisation:
        return lambda text: _organisation(field, text, say)
    if field.codes:
        return lambda text: _country(field, text, say)
    if field.choices:
        return _chooser(field, say)
    if XSD + "integer" in field.datatypes:
        return lambda text: _whole_number(field, text, say)
    return lambda text: _text(field, text, say)


def _refused(field: Field, say: Speaker, hint: str = "") -> Parsed:
    """Give what a cell is told whose value the field does not take."""
    return Parsed(fix=" ".join(filter(None, (field.message(say.lang), hint))))


def _no_address(field: Field, say: Speaker, broken: str) -> Parsed:
    return _refused(field, say, say("The address is none: {reason}.", reason=broken))


def _organisation(field: Field, text: str, say: Speaker) -> Parsed:
    if _ADDRESS.fullmatch(text):
        broken = broken_iri(text)
        if broken:
            return _no_address(field, say, broken)
        tail = re.split(r"[/#]", text.rstrip("/#"))[-1]
        return Parsed(organisations=((f"<{text}>", literal(tail)),))
    if field.longest is not None and len(text) > field.longest:
        hint = say(
            "The name has {count} characters; at most {most} fit.",
            count=len(text),
            most=field.longest,
        )
        return _refused(field, say, hint)
    return Parsed(organisations=((f"<{organisation_iri(text)}>", literal(text)),))


def _chooser(field: Field, say: Speaker) -> Callable[[str], Parsed]:
    names = _names(field.choices)
    others = _names(field.other_choices)
    label_of = {c.iri: c.label(say.lang) for c in (*field.choices, *field.other_choices)}
    former = _former_names((*field.choices, *field.other_choices))

    def choose(text: str) -> Parsed:
        wanted = fold(expand(text) or text)
        if wanted in names:
            return Parsed((f"<{names[wanted]}>",))
        if wanted in others:
            return Parsed(others=(f"<{others[wanted]}>",))
        if wanted in former:
            new = former[wanted]
            read = Parsed((f"<{new}>",)) if new in names.values() else Parsed(others=(f"<{new}>",))
            told = say("{text!r} is deprecated: write {label!r}.", text=text, label=label_of[new])
            return read._replace(warning=told)
        near = nearest(text, [*names, *others])
        found = names.get(near or "") or others.get(near or "")
        label = label_of.get(found or "")
        if label:
            return _refused(field, say, say("Did you mean {label!r}?", label=label))
        return _refused(
            field, say, say("Use one of: {labels}", labels=", ".join(label_of.values()))
        )

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


def _former_names(choices: Iterable[Choice]) -> dict[str, str]:
    """Give what was the name of each choice once: every name of a term that it replaces."""
    names: dict[str, str] = {}
    for choice in choices:
        for name in choice.former:
            spelt = (compact(name), re.split(r"[/#]", name)[-1]) if "://" in name else ()
            for text in (name, *spelt):
                names.setdefault(fold(text), choice.iri)
    return names


def _whole_number(field: Field, text: str, say: Speaker) -> Parsed:
    plain = re.sub(r"[.,]0{1,2}$", "", text)  # 1994.0; three zeros are a thousand
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", plain):
        return _refused(field, say, _year_in(field, text, say))
    number = int(plain)
    if (field.minimum is not None and number < field.minimum) or (
        field.maximum is not None and number > field.maximum
    ):
        bounds = say("It lies between {least} and {most}.", least=field.minimum, most=field.maximum)
        year = _year_in(field, text, say)
        return _refused(field, say, f"{bounds} {year}".rstrip())
    return Parsed((f'"{number}"^^<{XSD}integer>',))


def _year_in(field: Field, text: str, say: Speaker) -> str:
    """Tell the year that a date, a span or a guess names, where the field holds a year."""
    if field.minimum is None or field.minimum < 1000 or field.maximum is None:
        return ""
    found = re.findall(r"(?<![0-9])[0-9]{4}(?![0-9])", text)
    years = [year for year in found if field.minimum <= int(year) <= field.maximum]
    if not years:
        plain = unicodedata.normalize("NFKC", text)
        joined = re.sub(r"[\s.,']", "", plain)
        if re.fullmatch("[0-9]{4}", joined):
            return say("Write {year}.", year=joined)
        if re.fullmatch("[2-7][0-9]{4}", text):
            day = _EPOCH + timedelta(days=int(text))
            return say("It may be the number of a date: {day}.", day=day)
        return ""
    if re.fullmatch(r"[0-9]{1,4}[-./][0-9]{1,2}[-./][0-9]{1,4}(T.*)?|[0-9]{4}-[0-9]{2}", text):
        typed = _typed_as_date(field, text)
        if typed:
            return say(
                "The cell holds a date: write {typed}, if that is what was typed and the cell "
                "made a date of it, else {year}.",
                typed=typed,
                year=years[0],
            )
        return say("The cell holds a date: write {year}.", year=years[0])
    if len(years) > 1 or re.search(r"[0-9]{4}\s*[/\u2013-]\s*[0-9]{2}", text):
        return say("The cell holds more than a year: write one, such as {year}.", year=years[0])
    return say("Write {year} alone.", year=years[0])


def _typed_as_date(field: Field, text: str) -> int | None:
    """Give the year that a spreadsheet shows as this date, where a cell's format is of dates."""
    try:
        number = (date.fromisoformat(text[:10]) - _EPOCH).days
    except ValueError:
        return None
    assert field.minimum is not None and field.maximum is not None
    return number if max(field.minimum, 1800) <= number <= field.maximum else None


def _text(field: Field, text: str, say: Speaker) -> Parsed:
    if field.longest is not None and len(text) > field.longest:
        hint = say(
            "It has {count} characters; at most {most} fit.", count=len(text), most=field.longest
        )
        return _refused(field, say, hint)
    if field.shortest is not None and len(text) < field.shortest:
        hint = say.plural(
            "It has one character; at least {least} are asked for.",
            "It has {count} characters; at least {least} are asked for.",
            len(text),
            least=field.shortest,
        )
        return _refused(field, say, hint)
    if field.pattern and not re.search(field.pattern, text):
        return _refused(field, say)
    if field.path.startswith(DCTERMS) and _ADDRESS.fullmatch(text):
        broken = broken_iri(text)
        if broken:
            return _no_address(field, say, broken)
        return Parsed((f"<{text}>",))
    return Parsed((literal(text),))


def _country(field: Field, text: str, say: Speaker) -> Parsed:
    from .countries import code_of_country, country_like

    code = text.upper() if text.upper() in field.codes else code_of_country(text)
    if code not in field.codes:
        near = country_like(text, say.lang)
        hint = say("Did you mean {name} ({code})?", name=near[0], code=near[1]) if near else ""
        return _refused(field, say, hint)
    return Parsed((literal(code),))
