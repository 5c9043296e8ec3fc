"""What is wrong with a query, in a sentence with the place, out of the parser's list of grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .errors import nearest
from .names import PREFIXES
from .sparql_text import is_update, token

_KEYWORDS: Final = frozenset(
    """
    select construct describe ask where distinct reduced from named prefix base optional union
    minus filter bind values graph service silent group by having order limit offset asc desc as in
    not exists undef if coalesce count sum min max avg sample group_concat separator regex str lang
    langmatches datatype bound iri uri bnode rand abs ceil floor round concat strlen ucase lcase
    encode_for_uri contains strstarts strends strbefore strafter year month day hours minutes
    seconds timezone tz now uuid struuid md5 sha1 sha256 sha384 sha512 replace substr strlang strdt
    sameterm isiri isuri isblank isliteral isnumeric a true false
    """.split()  # noqa: SIM905
)


def query_error_line(text: str, error: SyntaxError) -> str:
    """Give one line that says where a query goes wrong, and what to do.

    Args:
        text: the query.
        error: what the engine's parser raised.
    """
    message = str(error.args[0])
    found = re.match(r"error at (\d+):(\d+): expected (.*)", message, re.DOTALL)
    if not found:
        return f"the query cannot be read: {message.splitlines()[0]}"
    line, column, expected = int(found[1]), int(found[2]), found[3]
    lines = text.splitlines() or [""]
    if line > len(lines):
        line, column = len(lines), len(lines[-1]) + 1
    where = f"query, line {line}, column {column}"
    if is_update(text):
        return f"{where}: this is an update; a query starts with SELECT, CONSTRUCT, DESCRIBE or ASK"
    told = _undeclared(text) or _misspelt(text, line, column)
    if told:
        at, words = told
        return f"{_place(text, at)}: {words}"
    if "variable that is unbound" in expected:
        return f"{where}: {_ungrouped(text)}"
    if "SELECT * is not authorized with GROUP BY" in expected:
        return f"{where}: SELECT * cannot stand with GROUP BY: name the variables"
    unnamed = re.search(r"\bSELECT\b[^{]*?(\(\s*\w+\s*\([^()]*\)\s*\))", text, re.IGNORECASE)
    if unnamed and "DISTINCT" in expected:
        return f"{_place(text, unnamed.start(1))}: name the expression: {unnamed[1][:-1]} AS ?name)"
    stated = re.search(r"\b(The [a-zA-Z][^,\[]+)", expected)
    if stated:
        return f"{where}: {stated[1][0].lower()}{stated[1][1:].strip()}"
    rest = lines[line - 1][column - 1 :].strip()
    if not rest and line == len(lines):
        if text.count("{") > text.count("}"):
            return f"{where}: the query ends too early: a closing brace is missing"
        return f"{where}: something is missing before the end of the query"
    options = [part.strip('"') for part in re.findall(r'"[^"]{1,3}"|\b[A-Z]{2,}\b', expected)]
    hint = f"; expected {' or '.join(options)}" if 0 < len(options) <= 4 else ""
    what = repr(rest[:40]) if rest else "the end of this line"
    return f"{where}: cannot go on at {what}{hint}"


def _place(text: str, at: int) -> str:
    before = text[:at].splitlines(keepends=True)
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1 if before else 1
    return f"query, line {line}, column {column}"


def _tokens(text: str) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(text):
        found = token().match(text, at)
        if found is None:
            at += 1
            continue
        yield found
        at = found.end()


def _undeclared(text: str) -> tuple[int, str] | None:
    """Give the place of the first prefix that is not declared, and what is to be said."""
    declared = {*PREFIXES}
    before = ""
    for found in _tokens(text):
        if found["space"] is not None:
            continue
        if found["local"] is not None:
            prefix = found["prefix"] or ""
            if before == "prefix":
                declared.add(prefix)
            elif prefix not in declared:
                known = " ".join(f"{prefix}:" for prefix in PREFIXES)
                words = f"the prefix {f'{prefix}:'!r} is not declared; add a PREFIX line, or use "
                return found.start(), f"{words}one of {known}"
        before = (found["word"] or "").lower()
    return None


def _misspelt(text: str, line: int, column: int) -> tuple[int, str] | None:
    """Give the place of a word that is no keyword and nearly one, not far before the error."""
    until = sum(len(part) for part in text.splitlines(keepends=True)[: line - 1]) + column
    found = [
        word
        for word in _tokens(text[: until + 20])
        if word["word"] and word.start() < until and not word["word"][0].isdigit()
    ]
    for word in reversed(found):
        spelt = word["word"]
        if spelt.lower() in _KEYWORDS:
            continue
        near = nearest(spelt.lower(), _KEYWORDS, 0.7)
        hint = f"; did you mean {near.upper()}?" if near else ""
        return word.start(), f"{spelt!r} is no word of SPARQL{hint}"
    return None


def _ungrouped(text: str) -> str:
    """Say which variables of a SELECT need to be grouped."""
    head = re.search(r"\bSELECT\b(.*?)(?:\bWHERE\b|\{)", text, re.IGNORECASE | re.DOTALL)
    grouped = re.search(r"\bGROUP\s+BY\b(.*)", text, re.IGNORECASE | re.DOTALL)
    shown = re.sub(r"\([^()]*(?:\([^()]*\)[^()]*)*\)", " ", head[1] if head else "")
    names = [f"?{name}" for name in re.findall(r"[?$](\w+)", shown)]
    by = set(re.findall(r"[?$](\w+)", grouped[1])) if grouped else set()
    lacking = [name for name in dict.fromkeys(names) if name[1:] not in by]
    if not lacking:
        return "a variable is selected that is not grouped and is no aggregate"
    verb = "need" if len(lacking) > 1 else "needs"
    return (
        f"{' '.join(lacking)} {verb} GROUP BY beside an aggregate: add GROUP BY {' '.join(names)}, "
        "or put it into SAMPLE(), MIN() or MAX()"
    )
