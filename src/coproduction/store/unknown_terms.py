"""Terms of our namespace that a file or a query uses, and the ontology does not have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import pyoxigraph as ox

from ..errors import nearest
from ..messages import Sentence
from ..names import COP, COPSH, GRAPH, TERMS, compact
from ..syntax.sparql import terms_asked
from .lookup import occurs
from .protocol import Store

_LONGEST: Final = 200_000
"""Characters of a query whose terms are looked up; a longer one was written by a program."""


def unknown_in_query(store: Store, text: str) -> Sequence[str]:
    """Tell which of our terms a query asks for that occur nowhere in a store.

    Args:
        store: what is asked.
        text: the query.

    Returns:
        a sentence each, with the nearest term that there is.
    """
    if len(text) > _LONGEST or not any(name in text for name in (COP, "cop:", COPSH, "copsh:")):
        return []
    named = {iri for iri in terms_asked(text) if iri.startswith((COP, COPSH))}
    return tell_unknown(store, {iri for iri in named - {COP, COPSH} if not _occurs(store, iri)})


class UnknownTerm(NamedTuple):
    """A term of our namespace that nothing describes.

    Attributes:
        term: as a prefixed name.
        words: that it is none, and what the nearest is.
        subject: the IRI of the first of whose statements one has it; empty of blank nodes alone.
        times: number of these statements.
    """

    term: str
    words: Sentence
    subject: str
    times: int


def unknown_terms(store: Store) -> list[UnknownTerm]:
    """Give the terms of our namespace that statements of a store use and nothing in it describes.

    Args:
        store: with the packaged graphs.
    """
    answer = store.query(_UNDESCRIBED)
    assert isinstance(answer, ox.QuerySolutions)
    found = {
        row["term"].value: (row["first"].value.removesuffix(_NO_IRI), int(row["n"].value))
        for row in answer
    }
    told = tell_unknown(store, found)
    return [
        UnknownTerm(compact(iri), words, *found[iri])
        for iri, words in zip(sorted(found), told, strict=True)
    ]


_NO_IRI: Final = "~"
"""Stands for a subject without an IRI, behind all that have one."""
_UNDESCRIBED: Final = f"""
SELECT ?term (COUNT(*) AS ?n) (MIN(IF(ISIRI(?subject), STR(?subject), "{_NO_IRI}")) AS ?first)
WHERE {{
  {{
    SELECT DISTINCT ?term WHERE {{ {{ ?s ?term ?o }} UNION {{ ?s ?p ?term }}
      FILTER(isIRI(?term) && STRSTARTS(STR(?term), "{COP}"))
      FILTER NOT EXISTS {{ ?term ?any ?thing }} }}
  }}
  {{ ?subject ?term ?o }} UNION {{ ?subject ?p ?term }}
}}
GROUP BY ?term
ORDER BY ?term
"""


def tell_unknown(store: Store, iris: Iterable[str]) -> list[Sentence]:
    """Say of each IRI that it is no term of the ontology, and what the nearest is."""
    iris = sorted(iris)
    if not iris:
        return []
    names = {
        quad.subject.value.removeprefix(COP)
        for graph in TERMS
        for quad in store.statements(None, None, None, ox.NamedNode(GRAPH + graph))
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(COP)
    }
    told = []
    for iri in iris:
        like = nearest(iri.removeprefix(COP).removeprefix(COPSH), names)
        if like:
            near = f"cop:{like}"
            words = Sentence(
                "{term} is no term of this ontology; did you mean {near!r}?",
                term=compact(iri),
                near=near,
            )
        else:
            words = Sentence("{term} is no term of this ontology", term=compact(iri))
        told.append(words)
    return told


def _occurs(store: Store, iri: str) -> bool:
    try:
        return occurs(store, iri)
    except ValueError:
        return True  # the engine says what is wrong with it
