"""Checks of the text of queries: read by the engine, and by others as it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ..errors import DataError, QueryError, command
from ..knowledge.portable import parts_of
from ..knowledge.questions import load_question
from ..messages import Sentence
from ..names import PREFIXES
from ..store.embedded import EmbeddedStore
from ..syntax.sparql import declared_prefixes, lists_closed_up, tokens
from .finding import Finding


def query_findings(queries: Path) -> Iterator[Finding]:
    """Give what is wrong with the texts of a folder of queries."""
    for path in sorted(queries.rglob("*.rq")):
        yield from _of_text(path)


def undeclared_prefixes(text: str) -> list[str]:
    """Give the prefixes that a query uses and does not declare, the usual ones too.

    >>> undeclared_prefixes("PREFIX a: <urn:a> ASK { ?x a:b cop:Case }")
    ['cop']
    """
    used = {found["prefix"] or "" for found in tokens(text) if found["local"] is not None}
    return sorted(used - declared_prefixes(text))


def _of_text(path: Path) -> Iterator[Finding]:
    try:
        text = load_question(path).text
        EmbeddedStore().query(text)
    except DataError:
        return  # told of its header
    except QueryError as error:
        yield _broken(path, str(error).removeprefix("query, "))
        return
    kind = path.parent.name.removesuffix("s")
    told = []
    if _needs_usual_prefixes(text):
        lacking = undeclared_prefixes(text)
        lines = " ".join(f"PREFIX {name}: <{PREFIXES.get(name, '...')}>" for name in lacking)
        told.append(
            (
                Sentence(
                    "{file} does not declare {names}.",
                    file=path.name,
                    names=", ".join(f"{name}:" for name in lacking),
                ),
                Sentence("Add the line {lines}.", lines=lines),
            )
        )
    told += _of_rows(path.name, kind, text)
    for word, instead in _slow_or_bound(text) if kind in ("question", "claim") else ():
        told.append(
            (
                Sentence(
                    "{file} says {word}, which is slow or not everywhere the same.",
                    file=path.name,
                    word=word,
                ),
                Sentence("Write {instead}.", instead=instead),
            )
        )
    for name in _unbound(text):
        told.append(
            (
                Sentence("{file} selects ?{name}, which nothing binds.", file=path.name, name=name),
                Sentence("Write the line that gives ?{name} a value, or drop it.", name=name),
            )
        )
    for words, fix in told:
        yield Finding(f"{kind}-not-portable", "error", path.name, words, fix, str(path))


def _of_rows(file: str, kind: str, text: str) -> Iterator[tuple[Sentence, Sentence]]:
    """Say what a query lacks for rows that come once and in an order, or has too much of it."""
    parts = parts_of(text)
    if kind in ("question", "check") and parts.variables and not parts.order:
        yield (
            Sentence("{file} has no ORDER BY.", file=file),
            Sentence("Sort by the columns, so that answers compare."),
        )
    if (
        kind in ("question", "claim")
        and parts.variables
        and not (parts.is_distinct or _has_groups(parts.body))
    ):
        yield (
            Sentence("{file} has no DISTINCT: a row can come twice.", file=file),
            Sentence("Write SELECT DISTINCT."),
        )
    if kind == "claim" and parts.order:
        yield (
            Sentence("{file} has an ORDER BY: to sort many IRIs takes long.", file=file),
            Sentence("Take it out: whoever asks a claim sorts its rows."),
        )


_AGGREGATES: Final = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"}
_INSTEAD: Final[dict[str, str]] = {
    "NOT EXISTS": "MINUS",
    "SELECT *": Sentence("the columns"),
    "GRAPH": Sentence("the pattern alone: all graphs are asked as one"),
    "FROM": Sentence("the pattern alone: all graphs are asked as one"),
    "SERVICE": Sentence("what is asked of these graphs: no other endpoint is asked"),
}
"""What questions and claims do without, and what stands in its place."""


def _slow_or_bound(text: str) -> list[tuple[str, str]]:
    """Give what a query says that some stores answer slowly or otherwise, with what to write.

    >>> [word for word, _ in _slow_or_bound("SELECT * { ?s ?p ?o FILTER NOT EXISTS { ?o ?p ?s } }")]
    ['NOT EXISTS', 'SELECT *']
    """
    signs = [found[0].upper() for found in tokens(text) if found["space"] is None]
    said = f" {' '.join(signs)} "
    return [(word, instead) for word, instead in _INSTEAD.items() if f" {word} " in said]


def _has_groups(body: str) -> bool:
    """Tell whether each row of a SELECT is of a group, as there is one for each.

    >>> _has_groups("SELECT (COUNT(?a) AS ?n) WHERE { ?a ?p ?o }")
    True
    >>> _has_groups("SELECT ?a WHERE { { SELECT (MIN(?o) AS ?n) { ?a ?p ?o } } }")
    False
    """
    signs = (found for found in tokens(body) if found["space"] is None)
    head = takewhile(lambda found: found[0] != "{", signs)
    return any((found["word"] or "").upper() in _AGGREGATES for found in head)


def _unbound(text: str) -> list[str]:
    """Give the columns of a SELECT that stand nowhere else in it but in its ORDER BY.

    >>> _unbound("SELECT ?a ?b (COUNT(?x) AS ?c) WHERE { ?a ?p ?x } ORDER BY ?b ?c")
    ['b']
    """
    parts = parts_of(text)
    read = [found for found in tokens(parts.body) if found["space"] is None]
    used = Counter(found[0][1:] for found in read if found["variable"] is not None)
    used.subtract(found[0][1:] for found in tokens(parts.order) if found["variable"] is not None)
    made = {
        this[0][1:]
        for before, this in pairwise(read)
        if (before["word"] or "").lower() == "as" and this["variable"] is not None
    }
    return [name for name in parts.variables if used[name] < 2 and name not in made]


def _needs_usual_prefixes(text: str) -> bool:
    """Tell whether another engine, which declares no prefix beforehand, cannot read a query."""
    try:
        ox.Store().query(lists_closed_up(text))
    except SyntaxError:
        return bool(undeclared_prefixes(text))
    return False


def _broken(path: Path, words: str) -> Finding:
    return Finding(
        "broken-query",
        "error",
        path.name,
        Sentence("{file}, {words}.", file=path.name, words=words),
        Sentence(
            "Correct the query; {query} tries it.",
            query=command("query", file="FILE", python="query(SPARQL)"),
        ),
        str(path),
    )
