"""Tables of a page: rows of RDF terms and plain values, as any question gives them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from ..results.forms import Value
from ..results.result import Result
from ..results.rows import Rows, literal
from ..store.protocol import Term


def table(
    columns: Sequence[str], rows: Iterable[Sequence[Term | Value]], title: str = ""
) -> Result:
    """Make a table.

    Args:
        columns: their names; ``xLabel`` after ``x`` is what stands for its IRI.
        rows: RDF terms stay as they are; of other values literals are made, None is no value.
        title: a caption.
    """
    made = [tuple(_term(value) for value in row) for row in rows]
    return Result.of_terms(Rows(tuple(columns), made, False), title)


def _term(value: Term | Value) -> Term | None:
    if value is None or isinstance(value, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple):
        return value
    return literal(value)


def text(words: str, lang: str = "") -> ox.Literal:
    """Give a text with its language, if it is known."""
    return ox.Literal(words, language=lang) if lang else ox.Literal(words)
