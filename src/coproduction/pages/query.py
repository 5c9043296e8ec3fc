"""A query of one's own: its text, its rows or its graph, and what is wrong with it."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from ..errors import CoproductionError
from ..knowledge.questions import read_folder
from ..messages import Speaker, speaker
from ..names import PREFIXES
from ..results.asking import ask
from ..results.fetching import QueryOptions, Triples
from ..results.result import Result
from .address import RDF_FORMS, Address
from .page import Page

if TYPE_CHECKING:
    import pyoxigraph as ox

    from ..asked_graph import AskedGraph

SHOWN: Final = 200
"""Rows and triples that are shown; the files have as many as the server gives."""
_FIRST: Final = """\
SELECT ?service ?sector ?case
WHERE {
  ?case a cop:Case ;
      cop:hasServiceType ?service ;
      cop:hasProviderSector ?sector .
}
ORDER BY ?service ?sector ?case
LIMIT 50
"""
"""What stands in the form at first."""
_ROWS: Final = (14, 40)
"""Lines that the text area has at least, and at most."""
_PLACE: Final = re.compile(r"line (\d+), column (\d+)")


class Example(NamedTuple):
    """A question as an example of a query."""

    id: str
    name: str
    summary: str


class Wrong(NamedTuple):
    """What is wrong with a query.

    Attributes:
        told: in a sentence, with the place.
        line: the line of the text that it is about, or an empty text.
        mark: as many blanks as stand before the sign, and a mark under it.
        place: the number of the line and of the column, from 1, or nothing.
    """

    told: str
    line: str = ""
    mark: str = ""
    place: tuple[int, int] | None = None


def page(graph: AskedGraph, address: Address, rows: int | None = None) -> Page:
    """Give the form of a query, and what it answers.

    Args:
        graph: what is in scope.
        address: its state may have ``query``, the text.
        rows: how many may be given.

    Raises:
        CoproductionError: a file is wanted of a query that cannot be read or run.
    """
    text = address.get("query")
    is_file = address.form in ("csv", "json", *RDF_FORMS)
    if not text.strip():
        return made(address, "")
    most = rows if is_file else min(SHOWN, rows or SHOWN)
    try:
        # Of a graph that comes as a file all is wanted, and no rows.
        found = ask(graph.store, text, QueryOptions(most=most, hosts=()))
        if isinstance(found, Triples):
            return made(address, text, triples=found)
        found = graph.with_labels(found, address.lang)
        found.terms  # noqa: B018 - what fails, fails here
    except CoproductionError as error:
        if is_file:
            raise
        return made(address, text, wrong=wrong_with(text, str(error)), status=400)
    return made(address, text, rows=found)


def made(
    address: Address,
    text: str,
    *,
    rows: Result | None = None,
    triples: Triples | None = None,
    wrong: Wrong | None = None,
    status: int = 200,
) -> Page:
    """Make the page.

    Args:
        address: what is asked.
        text: of the query.
        rows, triples: what it answers.
        wrong: what is wrong with it.
        status: the code of HTTP.
    """
    say = speaker(address.lang)
    note = rows.note if rows is not None else triples.note if triples is not None else ""
    return Page(
        address,
        say("Query"),
        "query.html",
        {
            "text": text or _FIRST,
            "text_rows": min(max((text or _FIRST).count("\n") + 3, _ROWS[0]), _ROWS[1]),
            "is_asked": bool(text),
            "wrong": wrong,
            "answer": _answer(rows, say),
            "count": len(rows) if rows is not None and rows.answer is None else None,
            "turtle": _turtle(triples.triples) if triples is not None else "",
            "triples": len(triples.triples) if triples is not None else 0,
            "is_cut": bool(rows.truncated if rows is not None else triples and triples.truncated),
            "notes": note.splitlines(),
            "examples": examples(),
            "prefixes": PREFIXES,
            "endpoint": "/sparql",
        },
        {"rows": rows if rows is not None else Result.of_rows(["query"], [(text or _FIRST,)])},
        data={"query": text},
        lead=say("Ask the graph by SPARQL; what is read is told, and nothing is changed."),
        triples=tuple(triples.triples) if triples is not None else None,
        status=status,
    )


def stopped(address: Address, words: str) -> Page:
    """Give the page of a query that was stopped, with its text and a sentence."""
    return made(address, address.get("query"), wrong=Wrong(words), status=503)


def wrong_with(text: str, told: str) -> Wrong:
    r"""Give what is wrong with a query, with the line that it is about.

    >>> wrong_with("ASK\n{ ?s }", "query, line 2, column 6: the property is missing")[1:]
    ('{ ?s }', '     ^', (2, 6))
    """
    place = _PLACE.search(told)
    lines = text.splitlines()
    if place is None or int(place[1]) > len(lines):
        return Wrong(told)
    number, column = int(place[1]), int(place[2])
    line = lines[number - 1]
    # A tab stays one, so that the mark stands under the sign.
    before = re.sub(r"[^\t]", " ", line[: column - 1])
    return Wrong(told, line, before + "^", (number, column))


@cache
def examples() -> tuple[Example, ...]:
    """Give the questions as examples."""
    return tuple(Example(each.id, each.name, each.summary) for each in read_folder().questions)


def _answer(rows: Result | None, say: Speaker) -> str:
    if rows is None or rows.answer is None:
        return ""
    return say("yes") if rows.answer else say("no")


def _turtle(triples: list[ox.Triple]) -> str:
    import pyoxigraph as ox

    body = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
    return (body or b"").decode()
