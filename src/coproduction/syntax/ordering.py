"""The order that a query asks for: of columns, up or down, or of something else."""

from __future__ import annotations

import re
from typing import NamedTuple

from .sparql import tokens


class PlainOrder(NamedTuple):
    """The order that a query asks for, where it is that of variables alone.

    Attributes:
        unsorted: the query without it.
        names: the variables, the first decides first.
        down: those that count down.
    """

    unsorted: str
    names: tuple[str, ...]
    down: frozenset[str] = frozenset()


def plain_order(text: str) -> PlainOrder | None:
    """Give the ``ORDER BY`` that ends a query, or None where there is none or it is another.

    >>> plain_order("SELECT * { ?a ?b ?c } ORDER BY ?b ?a # done")
    PlainOrder(unsorted='SELECT * { ?a ?b ?c } ', names=('b', 'a'), down=frozenset())
    >>> plain_order("SELECT * { ?a ?b ?c } ORDER BY DESC(?b)").down
    frozenset({'b'})
    >>> plain_order("SELECT * { ?a ?b ?c } ORDER BY STR(?b)")
    >>> plain_order("SELECT * { ?a ?b ?c } ORDER BY ?b LIMIT 1")
    """
    # So nearly all shipped questions end. Nothing can come before that has not ended: no string, no
    # comment and no group could be without a sign of its end. The pattern of a token takes longer
    # to be made than some questions to be answered.
    last = re.search(r"^ORDER BY((?: +[?]\w+)+)\s*\Z", text, re.MULTILINE)
    if last:
        return PlainOrder(text[: last.start()], tuple(last[1].replace("?", "").split()))
    begin, depth = None, 0
    names: list[str] | None = None
    down: list[str] = []
    before = ""
    for found in tokens(text):
        word = (found["word"] or "").lower()
        if found["space"] is not None:
            continue
        depth += (found["sign"] in ("{", "(")) - (found["sign"] in ("}", ")"))
        if depth == 0 and word == "order":
            begin, names = found.start(), None
        elif begin is not None and word == "by" and names is None:
            names = []
        elif names is not None and found["variable"] is not None:
            if before not in ("", "asc(", "desc("):
                return None
            names.append(found[0][1:])
            down += names[-1:] if before == "desc(" else []
        elif begin is not None:
            in_brackets = before + found[0] in ("asc(", "desc(", "asc(?)", "desc(?)")
            if names is None or not (in_brackets or (word in ("asc", "desc") and not before)):
                return None
        before = _of_order(before, found)
    if not names or before:
        return None
    return PlainOrder(text[:begin], tuple(names), frozenset(down))


def without_order(text: str) -> str:
    """Give a query without the ``ORDER BY`` at its end, of whatever it is.

    What is cut by LIMIT or OFFSET stays as it is: the order says which rows they leave.

    >>> without_order("SELECT * { ?a ?b ?c } ORDER BY STR(?b) DESC(?a)")
    'SELECT * { ?a ?b ?c } '
    >>> without_order("SELECT * { ?a ?b ?c } ORDER BY ?b LIMIT 1")
    'SELECT * { ?a ?b ?c } ORDER BY ?b LIMIT 1'
    """
    begin, depth = len(text), 0
    for found in tokens(text):
        depth += (found["sign"] in ("{", "(")) - (found["sign"] in ("}", ")"))
        word = (found["word"] or "").lower() if depth == 0 else ""
        if word == "order":
            begin = found.start()
        elif word in ("limit", "offset"):
            return text
        elif word == "values" and begin < len(text):
            return f"{text[:begin]} {text[found.start() :]}"
    return text[:begin]


def _of_order(before: str, found: re.Match[str]) -> str:
    """Give what stands before the next sign of an ORDER BY: ``asc(``, or ``desc(?``."""
    word = (found["word"] or "").lower()
    if word in ("asc", "desc"):
        return word
    sign = "?" if found["variable"] is not None else found[0]
    return before + sign if before in ("asc", "desc", "asc(", "desc(") else ""
