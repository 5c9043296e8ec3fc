"""What is missing between the tokens of a query: BY, a brace, a dot, a semicolon, a comma.

The engine's parser tells how far it came, which is often far behind the place. Here a query that it
could not read is read once more, statement by statement, for what people leave out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from .sparql import tokens

_PARTS: Final = ("subject", "predicate", "object")
_NO_OPERAND: Final = frozenset("as in not exists distinct separator by asc desc".split())  # noqa: SIM905
_EXPRESSIONS: Final = frozenset(("filter", "bind", "having"))
_WITH_NAME: Final = frozenset(("graph", "service"))


class Missing(NamedTuple):
    """A place in a text, and what is missing there."""

    at: int
    words: str


class _Token(NamedTuple):
    """A token: where it stands, its text, and whether it is a term, a word or a sign."""

    at: int
    text: str
    kind: str


def missing(text: str) -> Missing | None:
    """Give the first thing that is missing in a query, or None where none is found.

    >>> missing("SELECT ?s { ?s ?p ?o } ORDER ?s").words
    'BY is missing: ORDER BY'
    >>> missing("SELECT ?s { ?s a cop:Case ?s cop:atLine ?l }").words
    "a dot is missing before '?s': a statement is subject, predicate, object"
    """
    found = list(_tokens(text))
    told = [*_keywords(found), *_Patterns(found).read()]
    return min(told, default=None)


def _tokens(text: str) -> Iterator[_Token]:
    """Give the tokens without spaces; a decimal number and a typed or tagged text are one each."""
    waiting: _Token | None = None
    for found in tokens(text):
        if found["space"] is not None:
            continue
        sign = found["sign"]
        kind = "sign" if sign is not None else "word" if found["word"] is not None else "term"
        if kind == "word" and (found[0][0].isdigit() or found[0].lower() in ("true", "false", "a")):
            kind = "term"
        now = _Token(found.start(), found[0], kind)
        if waiting is not None:
            joined = _joined(text, waiting, now)
            if joined is not None:
                waiting = joined
                continue
            yield waiting
        waiting = now
    if waiting is not None:
        yield waiting


def _joined(text: str, one: _Token, other: _Token) -> _Token | None:
    """Give two tokens as one, where they are parts of a number or of a text with type or tag."""
    if one.at + len(one.text) != other.at or one.kind == "word":
        return None
    whole = one.text + other.text
    number = re.fullmatch(r"[+-]?\d+\.?(\d*([eE][+-]?\d*)?)?", whole)
    goes_on = other.text != "." or re.match(r"\d", text[other.at + 1 :])
    if number and goes_on and (one.kind == "term" or other.text.isdigit()):
        return _Token(one.at, whole, "term")
    if one.text[:1] in "'\"" and other.text[:1] in "@^":
        return _Token(one.at, whole, "term")
    if (
        one.text.endswith("^")
        and one.text[:1] in "'\""
        and (other.text == "^" or other.kind == "term")
    ):
        return _Token(one.at, whole, "term")
    return None


def _keywords(found: list[_Token]) -> Iterator[Missing]:
    """Tell ORDER and GROUP without BY, commas in a SELECT, and braces that do not match."""
    depth = 0
    in_select = False
    for token, after in pairwise([*found, _Token(0, "", "sign")]):
        word = token.text.lower() if token.kind == "word" else ""
        if word in ("order", "group") and after.text.lower() != "by":
            yield Missing(token.at, f"BY is missing: {word.upper()} BY")
        in_select = word == "select" or (in_select and token.text not in ("{", "("))
        if in_select and token.text == ",":
            yield Missing(token.at, "the variables of a SELECT are parted by spaces, not commas")
        depth += (token.text == "{") - (token.text == "}")
        if depth < 0:
            yield Missing(token.at, "there is a closing brace too many")
            return


class _Patterns:
    """Reads the statements between braces, and the expressions."""

    def __init__(self, found: list[_Token]) -> None:
        self._found = found
        self._next = 0
        self._told: list[Missing] = []

    def read(self) -> list[Missing]:
        """Give what is missing."""
        while (token := self._take()) is not None:
            if token.text == "{":
                self._group()
            elif token.text == "(":
                self._expression()
        return self._told

    def _take(self) -> _Token | None:
        if self._next >= len(self._found):
            return None
        self._next += 1
        return self._found[self._next - 1]

    def _peek(self) -> _Token | None:
        return self._found[self._next] if self._next < len(self._found) else None

    def _group(self) -> None:
        """Read what stands in braces, behind the opening one."""
        run: list[_Token] = []
        wanted, is_simple, joins = 3, True, False
        while (token := self._take()) is not None:
            word = token.text.lower() if token.kind == "word" else ""
            if token.kind == "term" or token.text in ("[", "("):
                if token.text in ("[", "("):
                    self._skip(token.text)
                    is_simple = False
                if not joins:
                    run.append(token)
                joins = False
            elif token.text in "/|" and token.kind == "sign":
                joins = True
            elif token.kind == "sign" and token.text in "^!*+?":
                continue
            else:
                self._judge(run, wanted, is_simple, token)
                run, is_simple, joins = [], True, False
                wanted = {";": 2, ",": 1}.get(token.text, 3)
                if token.text == "}":
                    return
                self._behind(token, word)

    def _behind(self, token: _Token, word: str) -> None:
        """Read what belongs to a keyword or an opening brace."""
        if token.text == "{":
            self._group()
        elif word == "values":
            self._until("{")
            self._skip("{")
        elif word in _WITH_NAME:
            while (after := self._peek()) is not None and after.text != "{":
                self._next += 1
        elif word == "select":
            while (after := self._take()) is not None and after.text != "{":
                if after.text == "(":
                    self._expression()
            self._group()
        elif word in _EXPRESSIONS:
            while (after := self._peek()) is not None and after.text not in ("(", "{", "}", "."):
                self._next += 1
            if after is not None and after.text == "(":
                self._next += 1
                self._expression()
        elif word in ("group", "order", "limit", "offset"):
            while (after := self._peek()) is not None and after.text != "}":
                self._next += 1

    def _judge(self, run: list[_Token], wanted: int, is_simple: bool, end: _Token) -> None:
        """Tell a statement that has too many terms, or lacks one."""
        excess = len(run) - wanted
        if excess > 0:
            sign = {1: "comma", 2: "semicolon"}.get(excess, "dot")
            at = run[wanted]
            rule = {
                "comma": "several objects of one predicate are parted by commas",
                "semicolon": "several predicates of one subject are parted by semicolons",
                "dot": "a statement is subject, predicate, object",
            }[sign]
            self._told.append(Missing(at.at, f"a {sign} is missing before {at.text!r}: {rule}"))
        elif run and excess < 0 and is_simple:
            told = " ".join(token.text for token in run)
            lacking = " and ".join(_PARTS[3 + excess :])
            self._told.append(Missing(end.at, f"the {lacking} is missing after '{told}'"))

    def _expression(self) -> None:
        """Read what stands in parentheses, behind the opening one."""
        before: _Token | None = None
        while (token := self._take()) is not None:
            if token.text == ")":
                return
            word = token.text.lower() if token.kind == "word" else ""
            after = self._peek()
            is_call = after is not None and after.text == "("
            operand = token.kind == "term" or (word and is_call and word not in _NO_OPERAND)
            if operand and before is not None:
                self._told.append(
                    Missing(
                        token.at,
                        f"between {before.text!r} and {token.text!r} something is missing: a "
                        "comma, an operator, or AS before a new name",
                    )
                )
            before = token if operand else None
            if token.text == "{":
                self._group()
            elif token.text == "(":
                self._expression()
                before = _Token(token.at, ")", "sign")
            elif is_call:
                self._next += 1
                self._expression()
                before = None if word in _NO_OPERAND else _Token(token.at, ")", "sign")

    def _until(self, sign: str) -> None:
        while (token := self._take()) is not None and token.text != sign:
            pass

    def _skip(self, opening: str) -> None:
        """Pass over what stands in brackets, behind the opening one."""
        depth, closing = 1, {"[": "]", "(": ")", "{": "}"}[opening]
        while depth and (token := self._take()) is not None:
            depth += (token.text == opening) - (token.text == closing)
