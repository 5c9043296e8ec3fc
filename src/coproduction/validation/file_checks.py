"""Checks of the files that editors add: questions, claims, and the form (``form_checks``).

The commands go on without a broken file; here it is told before anybody meets it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ..errors import CoproductionError
from ..messages import Sentence
from .answered import Answers
from .claim_checks import claim_findings
from .column_checks import column_findings
from .expected_rows import expected_findings
from .finding import Finding
from .form_checks import Locate, form_findings
from .header_checks import header_findings
from .id_checks import id_findings
from .level_checks import level_findings
from .query_checks import query_findings
from .rubric_checks import rubric_findings

_READ: Final = ("questions", "views", "rules", "claims", "checks")
"""The folders of queries whose files are read."""


def file_findings(
    store: ox.Store,
    queries: Path,
    shapes: Path,
    alignments: Path,
    locate: Locate = lambda iri: None,
) -> Iterator[Finding]:
    """Give what is wrong with the files of a folder of queries and of one of shapes.

    Args:
        store: the graphs, with the claims and the values of the form.
        queries: folder with ``questions``, ``views``, ``rules``, ``claims`` and ``checks``.
        shapes: folder with the case record.
        alignments: folder with the links that questions follow.
        locate: tells in which file a term is described.
    """
    answers = Answers(store, queries, alignments)
    yield from header_findings(store, queries)
    yield from id_findings(store, queries, locate)
    yield from query_findings(queries)
    yield from column_findings(store, answers)
    yield from rubric_findings(store, queries, locate)
    yield from level_findings(store, queries / "rules")
    yield from claim_findings(store, queries / "claims")
    yield from expected_findings(queries, answers)
    yield from _left_over(queries)
    for path in sorted(shapes.glob("*.ttl")):
        yield from form_findings(store, path, locate)


def _left_over(queries: Path) -> Iterator[Finding]:
    """Tell what stands among the queries and is read by nothing, such as the block of a claim."""
    for path in (path for name in _READ for path in sorted((queries / name).glob("*"))):
        if path.suffix == ".rq" or path.name.startswith(".") or path.suffix in (".md", ".json"):
            continue
        block = path.suffix == ".ttl"
        yield Finding(
            "claim-not-moved" if block and path.parent.name == "claims" else "file-not-read",
            "error",
            path.name,
            Sentence("{file} stands among the queries, where nothing reads it.", file=path.name),
            Sentence(
                "Move its blocks into ontology/source.ttl and interpretation.ttl, and delete the "
                "file."
            )
            if block
            else Sentence("Give it the ending .rq, or take it away."),
            str(path),
        )


def broken_file(path: Path, error: CoproductionError) -> Finding:
    """Give the finding that a file cannot be read, or that a rule in it cannot be used."""
    words = str(error)
    if words.startswith(f"{path}, "):  # with the line
        told = Sentence("{file}, {words}.", file=path.name, words=words.removeprefix(f"{path}, "))
    else:
        told = Sentence("{file}: {words}.", file=path.name, words=words.removeprefix(f"{path}: "))
    return Finding(
        "broken-file",
        "error",
        path.name,
        told,
        Sentence("Put the file right; what it says was left out here."),
        str(path),
    )
