"""A file of a user's with the terms that replace deprecated ones in it."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

import pyoxigraph as ox

from ..errors import DataError
from ..files.encodings import read_text
from ..messages import Sentence
from ..names import COP, PREFIXES, TERMS
from ..store.embedded import EmbeddedStore
from ..store.rdflib_graphs import serialize
from ..store.renamed_terms import deprecated_in, left_as_it_is, rename, renames_in, told_of
from ..syntax.rdf_files import FORMATS
from ..syntax.renaming import with_terms

_TEXTS: Final = (".ttl", ".trig", ".nt", ".nq", ".rq", ".ru", ".sparql")
"""Endings of files that people write, which keep their comments and their layout."""


class Migrated(NamedTuple):
    """A file as it is to be written.

    Attributes:
        content: its bytes, in the format that it was in.
        told: what was renamed, and what is deprecated and was left.
    """

    content: bytes
    told: list[Sentence]


def migrated(path: str | Path) -> Migrated:
    """Read a file and put the new name of each term of ours that was renamed into it.

    Args:
        path: RDF or SPARQL, by its ending. A table needs none of it: each old name in one is read
            as the new one, and told.

    Raises:
        DataError: the file is missing or broken, or has another ending.
    """
    path = Path(path)
    ending = path.suffix.lower()
    ontology = EmbeddedStore.packaged(TERMS)
    deprecated, names = deprecated_in(ontology), renames_in(ontology)
    if ending in _TEXTS:
        text = read_text(path)
        renamed, stood = with_terms(text, names)
        others = {old: old for old in deprecated if old not in names}
        remain = with_terms(text, others)[1]
        told = told_of(names, dict.fromkeys(stood, 0))
        content = renamed.encode()
    elif ending in FORMATS:
        store = EmbeddedStore()
        store.add_raw(path)
        told = told_of(names, rename(store, names).times)
        remain = [
            old
            for old in deprecated
            if old not in names and (_uses(store, old, 1) or _uses(store, old, 2))
        ]
        form = FORMATS[ending]
        quads = list(store.statements())
        content = serialize(
            quads if form.supports_datasets else [quad.triple for quad in quads],
            form,
            PREFIXES | {"cop": COP},
        )
    else:
        endings = " ".join(sorted({*FORMATS, *_TEXTS}))
        raise DataError(
            f"{path}: the ending {path.suffix or '(none)'} is neither RDF's nor SPARQL's "
            f"({endings}); a table is read by its old names as it is"
        )
    return Migrated(content, told + [left_as_it_is(old, deprecated[old]) for old in sorted(remain)])


def _uses(store: EmbeddedStore, iri: str, place: int) -> bool:
    node = ox.NamedNode(iri)
    return store.holds(None, node) if place == 1 else store.holds(None, None, node)
