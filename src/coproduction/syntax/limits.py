"""The LIMIT of a sub-select: a query that goes on with the first rows of another."""

from __future__ import annotations

from typing import NamedTuple

from .sparql import tokens


class Limit(NamedTuple):
    """A sub-select that is cut.

    Attributes:
        begin, end: where ``LIMIT n`` stands.
        most: its number.
        first, last: where the sub-select begins and ends, between its braces.
    """

    begin: int
    end: int
    most: int
    first: int
    last: int


def limit_within(text: str) -> Limit | None:
    """Give the LIMIT of a sub-select; None where there is none, or one and more.

    >>> text = "SELECT ?a { { SELECT ?a { ?a ?b ?c } ORDER BY ?a LIMIT 3 } } LIMIT 5"
    >>> found = limit_within(text)
    >>> text[found.begin : found.end], text[found.first : found.begin].strip()
    ('LIMIT 3', 'SELECT ?a { ?a ?b ?c } ORDER BY ?a')
    """
    braces: list[int] = []
    found: list[Limit] = []
    begins = before = None
    for each in (each for each in tokens(text) if each["space"] is None):
        sign, word = each[0], (each["word"] or "").lower()
        if before == "limit" and word.isdecimal() and braces and begins is not None:
            found.append(Limit(begins, each.end(), int(word), braces[-1], -1))
        elif word == "limit":
            begins = each.start()
        if sign == "{":
            braces.append(each.end())
        elif sign == "}" and braces:
            first = braces.pop()
            if found and found[-1].first == first and found[-1].last < 0:
                found[-1] = found[-1]._replace(last=each.start())
        before = word
    return found[0] if len(found) == 1 and found[0].last >= 0 else None


def without_order_within(text: str) -> str:
    """Give a query without the ORDER BY of sub-selects that have no LIMIT, which says nothing.

    >>> without_order_within("SELECT ?a { { SELECT ?a { ?a ?b ?c } ORDER BY ?a } } ORDER BY ?a")
    'SELECT ?a { { SELECT ?a { ?a ?b ?c } } } ORDER BY ?a'
    """
    depth = 0
    orders: dict[int, int] = {}
    cuts: list[tuple[int, int]] = []
    for each in (each for each in tokens(text) if each["space"] is None):
        word = (each["word"] or "").lower()
        if each[0] == "}":
            begins = orders.pop(depth, None)
            if begins is not None:
                cuts.append((begins, each.start()))
        depth += (each[0] == "{") - (each[0] == "}")
        if word == "order" and depth:
            orders[depth] = each.start()
        elif word in ("limit", "offset"):
            orders.pop(depth, None)
    for begins, ends in reversed(cuts):
        text = text[:begins] + text[ends:]
    return text
