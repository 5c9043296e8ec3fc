"""The forms that answers are sent in, and which of them a request wants best.

Source: RFC 9110, section 12.5.1 (Accept), by the library python-mimeparse.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import pyoxigraph as ox

from .asked import RequestError

OF_ROWS: Final = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
"""Of a SELECT or an ASK; the first where a request does not say."""
OF_GRAPHS: Final = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
"""Of a CONSTRUCT or a DESCRIBE."""
_ALSO: Final = {
    "application/json": "application/sparql-results+json",
    "application/xml": "application/sparql-results+xml",
    "text/xml": "application/sparql-results+xml",
    "text/plain": "application/n-triples",
}
"""Other names by which programs ask for one, and of what it is."""


def wanted(accept: str, offered: Sequence[str]) -> str:
    """Give the media type that a request wants best.

    Args:
        accept: its header; empty where it has none.
        offered: media types, the one first that is sent where nothing is said.

    Raises:
        RequestError: 406, it wants none of them.

    >>> wanted("text/csv;q=0.9, application/sparql-results+xml", list(OF_ROWS))
    'application/sparql-results+xml'
    >>> wanted("application/json", list(OF_ROWS))
    'application/sparql-results+json'
    """
    return _wanted(accept, tuple(offered)) if accept.strip() else offered[0]


@lru_cache(maxsize=256)  # clients send the same few
def _wanted(accept: str, offered: tuple[str, ...]) -> str:
    import mimeparse

    names = [name for name, of in _ALSO.items() if of in offered] + list(reversed(offered))
    try:
        best = str(mimeparse.best_match(names, accept))
    except mimeparse.MimeTypeParseException:
        raise RequestError(400, f"the header Accept cannot be read: {accept!r}") from None
    if not best:
        raise RequestError(
            406, "none of the forms that are wanted is at hand: " + ", ".join(offered)
        )
    return best if best in offered else _ALSO.get(best, best)
