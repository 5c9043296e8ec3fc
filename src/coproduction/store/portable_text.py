"""The text of a query as any engine reads it: its prefixes declared, and what is given in it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import pyoxigraph as ox

from ..names import PREFIXES
from ..syntax.sparql import declared_prefixes, tokens
from .protocol import Term

_FORMS = ("select", "ask", "construct", "describe")


@lru_cache(maxsize=256)
def form_of(text: str) -> str:
    r"""Give the word that says what a query is: select, ask, construct or describe.

    >>> form_of("PREFIX a: <urn:a#> # ASK\nconstruct { ?s a a:B } WHERE { ?s ?p ?o }")
    'construct'
    """
    for found in tokens(text):
        word = (found["word"] or "").lower()
        if word in _FORMS:
            return word
    return "select"


@lru_cache(maxsize=256)
def names_graph(text: str) -> bool:
    """Tell whether a query looks into graphs by GRAPH."""
    return any((found["word"] or "").lower() == "graph" for found in tokens(text))


@lru_cache(maxsize=256)
def with_prefixes(text: str) -> str:
    """Declare the usual prefixes that a query uses and does not declare.

    They go on the first line, so that the lines of the text keep their numbers.

    >>> with_prefixes("ASK { ?s a cop:Case }")
    'PREFIX cop: <https://w3id.org/coproduction#> ASK { ?s a cop:Case }'
    """
    used = {found["prefix"] for found in tokens(text) if found["local"] is not None}
    lacking = (used - declared_prefixes(text)) & PREFIXES.keys()
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in sorted(lacking)) + text


@lru_cache(maxsize=256)
def prologue_of(text: str) -> tuple[str, str]:
    """Part a query into what it declares and what it asks."""
    for found in tokens(text):
        if (found["word"] or "").lower() in _FORMS:
            return text[: found.start()], text[found.start() :]
    return "", text


def with_values(text: str, given: Mapping[str, Term]) -> str:
    """Ask a query for the rows that have given terms in some of their columns.

    Args:
        text: a SELECT, with all that it needs declared.
        given: terms by column.
    """
    prologue, body = prologue_of(text)
    names = " ".join(f"?{name}" for name in given)
    terms = " ".join(map(str, given.values()))
    columns = " ".join(f"?{name}" for name in columns_of(text)) or "*"
    return f"{prologue}SELECT {columns} WHERE {{ VALUES ({names}) {{ ({terms}) }} {{\n{body}\n}} }}"


@lru_cache(maxsize=256)
def columns_of(text: str) -> tuple[str, ...]:
    """Give the columns of a SELECT, in order; none where only the server can read it."""
    try:
        answer = ox.Store().query(text, prefixes=PREFIXES)
    except (SyntaxError, ValueError):
        return ()
    if not isinstance(answer, ox.QuerySolutions):
        return ()
    return tuple(variable.value for variable in answer.variables)
