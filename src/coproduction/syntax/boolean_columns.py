"""Which columns of a query are true or false, read off its text.

Some servers (Virtuoso) write what is true as the number 1: then the text alone tells a truth from a
number.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from .sparql import inline_values, iris_named, tokens

_OPERATORS: Final = frozenset(("=", "<", ">", "!", "&", "|"))
_ASKING: Final = frozenset(
    """
    bound exists in isiri isuri isblank isliteral isnumeric regex contains strstarts strends
    sameterm langmatches
    """.split()  # noqa: SIM905
)
_TRUTHS: Final = frozenset(("true", "false"))


def boolean_columns(text: str, properties: Collection[str]) -> set[str]:
    """Give the variables of a query that stand for true or false.

    Args:
        text: the query.
        properties: IRIs of the properties whose values are.

    >>> sorted(boolean_columns("SELECT (BOUND(?x) AS ?a) ?b ?n { BIND(?n > 1 AS ?b) }", ()))
    ['a', 'b']
    """
    listed = (value for value in inline_values(text) if _has_truth(text[value.begin : value.end]))
    found = {value.name for value in listed}
    found.update(_computed(text), _stored(text, properties))
    return found


def _has_truth(text: str) -> bool:
    return any((each["word"] or "").lower() in _TRUTHS for each in tokens(text))


def _computed(text: str) -> Iterator[str]:
    """Give the names that AS gives to an expression that is true or false."""
    open_at: list[int] = []
    read = [each for each in tokens(text) if each["space"] is None]
    for place, each in enumerate(read):
        if each[0] == "(":
            open_at.append(place)
        elif each[0] == ")" and open_at:
            open_at.pop()
        elif (each["word"] or "").lower() == "as" and open_at and place + 1 < len(read):
            name = read[place + 1]["variable"]
            if name and _asks([part[0].lower() for part in read[open_at[-1] + 1 : place]]):
                yield name[1:]


def _asks(parts: list[str]) -> bool:
    """Tell whether an expression is true or false, by its outermost sign or its function."""
    depth = 0
    for part in parts:
        depth += (part == "(") - (part == ")")
        if depth == 0 and (part in _OPERATORS or part in _ASKING):
            return True
    calls = bool(parts) and parts[0] in ("coalesce", "if")
    return bool(parts) and (parts[0] in _TRUTHS or (calls and parts[-2] in _TRUTHS))


def _stored(text: str, properties: Collection[str]) -> Iterator[str]:
    """Give the variables that stand behind a property whose values are true or false."""
    for before, after in re.findall(r"(\S+)\s+[?$](\w+)", text):
        if any(iri in properties for iri in iris_named(f"ASK {{ ?s {before} ?o }}")):
            yield after
