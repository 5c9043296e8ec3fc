"""The values that the graphs have for what a question can be given, and what they have not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ..errors import nearest
from ..messages import Sentence
from ..names import expand
from ..store.lookup import rows_of
from ..syntax.sparql import inline_values

if TYPE_CHECKING:
    from ..store.protocol import Store
    from .parameters import Parameter
    from .questions import Question


class Unfound(NamedTuple):
    """A value of a parameter that nothing in scope has.

    Attributes:
        name, value: the parameter, and what it is given.
        told: that there is none such, in a sentence.
        near: what may be meant: values of this or of another parameter, with its name.
    """

    name: str
    value: str
    told: Sentence
    near: tuple[tuple[str, str], ...]


def values_of(
    store: Store, question: Question, parameter: Parameter, given: Mapping[str, str | int]
) -> list[str]:
    """Give the values that things in scope have for a parameter of strings, in order.

    Args:
        store: what is in scope, with the links where the question follows these.
        question: whose parameter it is.
        parameter: it; of one whose header names no property there are none.
        given: what the others are given, by their names.
    """
    prop = expand(parameter.of_property) if parameter.of_property else None
    if prop is None:
        return []
    pattern = f"?thing <{prop}> ?value ."
    other = question.parameters.get(parameter.beside)
    if other is not None and other.of_property:
        value = ox.Literal(str(given.get(other.name) or _default(question, other.name)))
        pattern += f" ?thing <{expand(other.of_property)}> {value} ."
    text = f"SELECT DISTINCT ?value WHERE {{ {pattern} }} ORDER BY ?value"
    return [row["value"] for row in rows_of(store, text)]


def unfound(store: Store, question: Question, given: Mapping[str, str | int]) -> Iterator[Unfound]:
    """Give the first value that a question is given and nothing in scope has, if there is one.

    Args:
        store, question, given: as of :func:`values_of`.
    """
    for parameter in question.parameters.values():
        value = str(given.get(parameter.name, ""))
        if not value or not parameter.of_property:
            continue
        known = values_of(store, question, parameter, given)
        if _fits(parameter, value, known):
            continue
        near = [(parameter.name, each) for each in _near(parameter, value, known)]
        told = Sentence("nothing in scope has the {name} {value}", name=parameter.name, value=value)
        other = question.parameters.get(parameter.beside)
        if other is not None:
            now = str(given.get(other.name) or _default(question, other.name))
            told = Sentence(
                "nothing in scope of the {other} {given} has the {name} {value}",
                other=other.name,
                given=now,
                name=parameter.name,
                value=value,
            )
            for each in values_of(store, question, other, {}):
                there = values_of(store, question, parameter, {**given, other.name: each})
                near += [(other.name, each)] if _fits(parameter, value, there) else []
        yield Unfound(parameter.name, value, told, tuple(near))
        return


def _fits(parameter: Parameter, value: str, known: list[str]) -> bool:
    return any(each.startswith(value) if parameter.is_begin else each == value for each in known)


def _near(parameter: Parameter, value: str, known: list[str]) -> list[str]:
    """Give what may be meant: without its dots, or spelt most like it."""
    bare = re.sub(r"\W", "", value)
    if bare and _fits(parameter, bare, known):
        return [bare]
    near = nearest(value, known)
    return [near] if near else []


def _default(question: Question, name: str) -> str:
    """Give the string that the text of a question has for a parameter, or an empty text."""
    for place in inline_values(question.text):
        if place.name == name:
            return question.text[place.begin : place.end].strip().strip('"')
    return ""
