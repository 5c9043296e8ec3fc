"""Queries answered by sparq, of a file of N-Quads; run as a program, for tests.

``python sparq_lines.py FILE``: a line of JSON on standard input is the text of a query, and a line
on standard output its answer: ``{"kind": media type, "body": text}``, or ``{"error": words}``. In
a process of its own: where sparq lacks memory, it ends the process.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import pyoxigraph as ox
import sparq

_MOST = 4 << 30
"""Bytes of memory that it may have."""


def answer(graph: Any, text: str) -> dict[str, str]:
    """Evaluate a SELECT, ASK or CONSTRUCT."""
    try:
        if ox.Store().query(text).__class__ is not ox.QueryTriples:
            return {"kind": "application/sparql-results+json", "body": graph.query_json(text)}
        triples = [ox.Triple(*map(term, triple)) for triple in graph.construct(text)]
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    body = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    return {"kind": "application/n-triples", "body": body.decode()}


def term(of_sparq: Any) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """Give a term of sparq as one of pyoxigraph."""
    if of_sparq.kind == "uri":
        return ox.NamedNode(of_sparq.value)
    if of_sparq.kind == "bnode":
        return ox.BlankNode(of_sparq.value)
    if of_sparq.language:
        return ox.Literal(of_sparq.value, language=of_sparq.language)
    return ox.Literal(of_sparq.value, datatype=ox.NamedNode(of_sparq.datatype))


if __name__ == "__main__":
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST, _MOST))
    loaded = sparq.Graph.load(sys.argv[1], format="nquads")
    for line in sys.stdin:
        print(json.dumps(answer(loaded, json.loads(line))), flush=True)
