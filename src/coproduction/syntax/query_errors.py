"""What is wrong with a query that the engine cannot read, in a sentence with the place.

The engine's parser tells how far it came and what its grammar allows there. What a person got
wrong is read off the tokens in front of that place: a prefix that nothing declares, a keyword that
is misspelt, a variable that is not grouped, a sign that cannot be seen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from ..errors import nearest
from ..names import PREFIXES
from .query_structure import missing
from .sparql import declared_prefixes, is_update, tokens

_KEYWORDS: Final = frozenset(
    """
    a true false base prefix version select construct describe ask distinct reduced as from named
    where order by asc desc group having limit offset values undef optional graph service silent
    bind union minus filter exists not in count sum min max avg sample group_concat separator
    str lang langmatches datatype bound iri uri bnode rand abs ceil floor round concat substr
    strlen replace ucase lcase encode_for_uri contains strstarts strends strbefore strafter year
    month day hours minutes seconds timezone tz now uuid struuid md5 sha1 sha256 sha384 sha512
    coalesce if strlang strdt sameterm isiri isuri isblank isliteral isnumeric regex lateral
    triple subject predicate object istriple adjust langdir haslang haslangdir strlangdir
    """.split()  # noqa: SIM905
)
"""Bare words of SPARQL 1.1 and of what the engine knows beyond, in lower case."""
_AGGREGATES: Final = frozenset("count sum min max avg sample group_concat".split())  # noqa: SIM905
_GROUPING: Final = re.compile(r"contains an? (?:variable|expression)[^,]*unbound")


class _Place(NamedTuple):
    """A place in a text, as editors count, and what is wrong there."""

    at: int
    words: str


def query_error_line(text: str, error: SyntaxError) -> str:
    """Put the parser's message, which lists grammar, into a sentence with the place.

    >>> query_error_line("SELCT ?x {}", SyntaxError("error at 1:7: expected CONSTRUCT"))
    "query, line 1, column 1: 'SELCT' is no word of SPARQL; did you mean SELECT?"
    """
    message = str(error.args[0])
    found = re.match(r"error at (\d+):(\d+): expected (.*)", message, re.DOTALL)
    if not found:
        return f"the query cannot be read: {message.splitlines()[0]}"
    line, column, expected = int(found[1]), int(found[2]), found[3]
    starts = [0, *(end.end() for end in re.finditer("\n", text))]
    at = starts[line - 1] + column - 1 if line <= len(starts) else len(text)
    named = _named(text, min(at, len(text)), expected)
    if named is not None:
        return f"{_where(text, named.at)}: {named.words}"
    left_out = missing(text)
    if left_out is not None and left_out.at <= at and not re.search(r"\bThe [a-zA-Z]", expected):
        return f"{_where(text, left_out.at)}: {left_out.words}"
    lines = text.splitlines() or [""]
    if line > len(lines):
        line, column = len(lines), len(lines[-1]) + 1
    rest = lines[line - 1][column - 1 :].strip()
    where = f"query, line {line}, column {column}"
    stated = re.search(r"\b(The [a-zA-Z][^,\[]+)", expected)
    if stated:
        return f"{where}: {stated[1][0].lower()}{stated[1][1:].strip()}"
    if not rest and line == len(lines):
        ungrouped = _ungrouped(text)  # in a SELECT within another the parser gives no reason
        if ungrouped is not None:
            return f"{_where(text, ungrouped.at)}: {ungrouped.words}"
        if text.count("{") > text.count("}"):
            return f"{where}: the query ends too early: a closing brace is missing"
        return f"{where}: something is missing before the end of the query"
    options = [token.strip('"') for token in re.findall(r'"[^"]{1,3}"|\b[A-Z]{2,}\b', expected)]
    hint = f"; expected {' or '.join(options)}" if 0 < len(options) <= 4 else ""
    what = repr(rest[:40]) if rest else "the end of this line"
    return f"{where}: cannot go on at {what}{hint}"


def _where(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    return f"query, line {line}, column {at - (text.rfind(chr(10), 0, at) + 1) + 1}"


def _named(text: str, at: int, expected: str) -> _Place | None:
    """Give what is wrong, where the tokens up to the parser's place tell it."""
    if is_update(text):
        return _Place(
            at, "this is an update; a query starts with SELECT, CONSTRUCT, DESCRIBE or ASK"
        )
    if _GROUPING.search(expected):
        return _ungrouped(text) or _Place(
            at, "a variable is neither grouped nor in an aggregate: name it after GROUP BY"
        )
    if "SELECT * is not authorized with GROUP BY" in expected:
        return _Place(at, "SELECT * cannot stand with GROUP BY: name the variables")
    found = next(_misread(text, at), None)
    unnamed = re.search(r"\bSELECT\b[^{]{0,2000}?(\(\s*\w+\s*\([^()]*\)\s*\))", text, re.IGNORECASE)
    if found is None and unnamed and "DISTINCT" in expected:
        words = f"name the expression: {unnamed[1][:-1]} AS ?name)"
        found = _Place(unnamed.start(1), words)
    return found


def _misread(text: str, at: int) -> Iterator[_Place]:
    """Tell each token up to a place that stands in no query, the first of them first."""
    declared = PREFIXES.keys() | declared_prefixes(text)
    last = ""
    for token in tokens(text):
        if token.start() > at:
            return
        sign = token[0]
        if token["sign"] is not None:
            words = _no_sign(text, token.start())
            if words:
                yield _Place(token.start(), words)
                return
        elif token["word"] is not None:
            words = _no_word(sign, last)
            if words:
                yield _Place(token.start(), words)
        elif token["local"] is not None and (token["prefix"] or "") not in declared:
            known = " ".join(f"{prefix}:" for prefix in PREFIXES)
            yield _Place(
                token.start(),
                f"the prefix {(token['prefix'] or '') + ':'!r} is not declared; "
                f"add a PREFIX line, or use one of {known}",
            )
        last = sign.lower() if token["space"] is None else last


def _no_sign(text: str, at: int) -> str:
    """Say of a sign that it begins what is not closed, or cannot be seen, or nothing."""
    sign = text[at]
    if sign in "'\"":
        return f"the quotation mark {sign} is not closed in this line"
    if sign == "<" and re.match(r"<(?:\w[\w+.-]*://|urn:)", text[at:]):
        iri = re.match(r"[^>\n]*>?", text[at:])
        assert iri is not None
        return f"{iri[0][:60]} is no IRI: it has a space or another sign that none may hold"
    if (ord(sign) > 127 and not sign.isprintable()) or sign.isspace():
        name = unicodedata.name(sign, "a sign without a name").lower()
        return f"U+{ord(sign):04X} ({name}) stands here and is not seen: write a space, or nothing"
    return ""


def _no_word(word: str, last: str) -> str:
    """Say of a bare word that SPARQL has none such, or nothing where it has."""
    if word.lower() in _KEYWORDS or not word[0].isalpha():
        return ""
    if last == "prefix":
        return f"a prefix ends in a colon: PREFIX {word}: <...>"
    near = nearest(word, _KEYWORDS - {"a"}, 0.8) if word in (word.lower(), word.upper()) else None
    if near is not None:
        return f"{word!r} is no word of SPARQL; did you mean {near.upper()}?"
    return f"{word!r} is no word of SPARQL; a name has its prefix before it, such as cop:{word}"


# -- what is not grouped -----------------------------------------------------------------------


def _ungrouped(text: str) -> _Place | None:
    """Find a variable that a SELECT gives beside aggregates, or a grouping, and does not group."""
    found = [token for token in tokens(text) if token["space"] is None]
    for number, token in enumerate(found):
        if (token["word"] or "").lower() != "select":
            continue
        projected, body = _projection(found, number + 1)
        grouped, aggregates = _modifiers(found, body)
        words = {(one["word"] or "").lower() for one in found[number:body]}
        if not (grouped or aggregates or words & _AGGREGATES):
            continue
        for one in projected:
            if one[0][1:] not in grouped:
                names = " ".join(dict.fromkeys(each[0] for each in projected))
                return _Place(
                    one.start(),
                    f"{one[0]} needs GROUP BY beside an aggregate: add GROUP BY {names}, or put it "
                    "into SAMPLE(), MIN() or MAX()",
                )
    return None


def _projection(found: list[re.Match[str]], at: int) -> tuple[list[re.Match[str]], int]:
    """Give the variables that a SELECT names by themselves, and where its body begins."""
    depth = 0
    plain: list[re.Match[str]] = []
    for number in range(at, len(found)):
        sign = found[number][0]
        depth += (sign == "(") - (sign == ")")
        if sign == "{":
            return plain, number
        if found[number]["variable"] is not None and not depth:
            plain.append(found[number])
    return plain, len(found)


def _modifiers(found: list[re.Match[str]], at: int) -> tuple[Collection[str], bool]:
    """Give what is grouped behind a body, and whether an aggregate stands there."""
    depth, names, aggregates = 0, set(), False
    grouping = False
    for token in found[at:]:
        sign = token[0]
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            break
        word = (token["word"] or "").lower()
        if not depth and word:
            grouping = word == "group" or (grouping and word not in ("having", "order", "limit"))
            aggregates = aggregates or word in _AGGREGATES
        if not depth and grouping and token["variable"] is not None:
            names.add(sign[1:])
    return names, aggregates
