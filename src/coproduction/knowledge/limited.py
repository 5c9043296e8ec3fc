"""A question that takes the first of many: how many there are, and which come first.

Its text has a sub-select with ORDER BY and LIMIT, whose number is a parameter, and so runs on any
engine. A store here is asked for the rows of the sub-select, which are sorted here, and then for
the rest of the first of them: the embedded engine looks the text of an IRI up again for every
comparison.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ..messages import Sentence
from ..results.asking import ask
from ..results.fetching import QueryOptions
from ..results.result import Result
from ..results.rows import Rows
from ..results.sorting import first_in_order
from ..results.written import number_of
from ..syntax.limits import Limit, limit_within, without_order_within
from ..syntax.ordering import plain_order
from .counts import counted
from .portable import parts_of
from .questions import find_question

if TYPE_CHECKING:
    from ..store.protocol import Store
    from .questions import Question

_COUNTED: Final = {"matched-pairs": "number-of-matched-pairs"}
"""Questions of which more is told than how many the first are taken of: a view has ?number."""
_MOST_LISTED: Final = 10_000
"""Rows that are written into a query; more of them make its text slow to read."""


class Limited(NamedTuple):
    """A question as it is asked.

    Attributes:
        text: the query.
        cut: what is left out, and how all of it is had; or an empty text.
    """

    text: str
    cut: Sentence | str


def limited(store: Store, question: Question, text: str, options: QueryOptions) -> Limited:
    """Take the first of what a question asks for, as many as its text says.

    Args:
        store: what is asked.
        question: the question; its text is its own where no parameter is a limit.
        text: its text, filled in.
        options: how it is asked.
    """
    parameter = question.limit
    if parameter is None:
        return Limited(text, "")
    limit = limit_within(text)
    if limit is None:
        return Limited(without_order_within(text), "")
    within = parts_of(text).prologue + text[limit.first : limit.begin]
    found = _first(store, within, limit.most, options) if store.address is None else None
    first, count = found or (None, _count(store, text, limit, options))
    if count <= limit.most:
        whole = text[: limit.begin] + text[limit.end :]
        return Limited(without_order_within(whole) if first is not None else text, "")
    if first is not None and limit.most <= _MOST_LISTED:
        text = f"{text[: limit.first]} {_values(first)} {text[limit.last :]}"
    return Limited(text, _told(store, question.name, parameter, (limit.most, count), options))


def _first(store: Store, text: str, most: int, options: QueryOptions) -> tuple[Rows, int] | None:
    """Give the first rows of a sub-select in its order, and how many it has.

    None where it takes the engine to sort them.
    """
    order = plain_order(text)
    if order is None:
        return None
    found = ask(store, order.unsorted, options._replace(most=None, by=""))
    assert isinstance(found, Result)
    first = first_in_order(found.fetched, order.names, most, order.down)
    return None if first is None else (first, number_of(found.fetched))


def _values(rows: Rows) -> str:
    names = " ".join(f"?{name}" for name in rows.variables)
    lines = (" ".join("UNDEF" if term is None else str(term) for term in row) for row in rows.terms)
    return f"VALUES ({names}) {{ {' '.join(f'({line})' for line in lines)} }}"


def _count(store: Store, text: str, limit: Limit, options: QueryOptions) -> int:
    """Give how many rows the sub-select has before it is cut."""
    within = without_order_within(f"{{ {text[limit.first : limit.begin]} }}")
    prologue = parts_of(text).prologue
    return _number(store, f"{prologue} SELECT (COUNT(*) AS ?number) WHERE {{ {within} }}", options)


def _number(store: Store, text: str, options: QueryOptions) -> int:
    """Give the one number that a query asks for, in the time that the question has."""
    found = ask(store, text, options._replace(most=None, by=""))
    assert isinstance(found, Result)
    return int(str(found.rows[0]["number"]))


def _told(
    store: Store, name: str, parameter: str, counts: tuple[int, int], options: QueryOptions
) -> Sentence:
    most, count = counts
    if name not in _COUNTED:
        return Sentence(
            "these are the first {most:,} of {count:,} cases; {parameter}=0 gives all",
            most=most,
            count=count,
            parameter=parameter,
        )
    view = find_question(_COUNTED[name], "queries/views")
    asked, text = counted(store, view) or (store, view.text)
    number = _number(asked, text, options)
    return Sentence(
        "these are the pairs of the first {most:,} of {count:,} cases, which have {number:,} "
        "pairs; {parameter}=0 gives all",
        most=most,
        count=count,
        number=number,
        parameter=parameter,
    )
