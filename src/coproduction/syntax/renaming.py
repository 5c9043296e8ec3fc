"""Terms put in the place of others in a text of SPARQL or Turtle; all else in it stays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ..names import PREFIXES
from .sparql import tokens

_PLAIN: Final = re.compile(r"\w[\w-]*")
"""A local name that needs no escape."""


def with_terms(
    text: str, instead: Mapping[str, str], prefixes: Mapping[str, str] = PREFIXES
) -> tuple[str, list[str]]:
    """Put terms in the place of others, wherever a text names these, whole or by prefix.

    Comments, strings and layout are kept.

    Args:
        text: SPARQL, Turtle, TriG, N-Triples or N-Quads.
        instead: the IRI of the term to write, by the IRI of the one that may stand there.
        prefixes: those that need no declaration.

    Returns:
        the text, and the IRIs that stood in it, in order.

    >>> with_terms("ASK { ?x a cop:Load } # cop:Load", {PREFIXES["cop"] + "Load": "urn:load"})[0]
    'ASK { ?x a <urn:load> } # cop:Load'
    """
    known = dict(prefixes)
    parts, met = [], dict.fromkeys(instead, False)
    end, is_declared, declared = 0, False, ""
    for found in tokens(text):
        if found["space"] is not None:
            continue
        if is_declared and found["local"] == "":
            declared = found[0]
        elif declared and found["iri"] is not None:
            known[declared[:-1]], declared = found["iri"], ""
        else:
            declared = ""
            iri = _iri(found, known)
            if iri in instead:
                parts += [text[end : found.start()], _written(instead[iri], found, known)]
                end, met[iri] = found.end(), True
        is_declared = found[0].lower().lstrip("@") == "prefix"
    return "".join([*parts, text[end:]]), [iri for iri, stood in met.items() if stood]


def _iri(found: re.Match[str], known: Mapping[str, str]) -> str:
    if found["iri"] is not None:
        return found["iri"]
    if found["local"] is None:
        return ""
    namespace = known.get(found["prefix"] or "", "")
    return namespace and namespace + re.sub(r"\\(.)", r"\1", found["local"])


def _written(iri: str, found: re.Match[str], known: Mapping[str, str]) -> str:
    """Write an IRI by the prefix that the other was written by, where that can be."""
    if found["local"] is not None:
        prefix = found["prefix"] or ""
        local = iri.removeprefix(known[prefix])
        if local != iri and _PLAIN.fullmatch(local):
            return f"{prefix}:{local}"
    return f"<{iri}>"
