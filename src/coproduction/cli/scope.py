"""What is asked: the graphs in scope, the language, and where the answer may be written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..names import LANGUAGES
from .telling import note

if TYPE_CHECKING:
    from ..knowledge_graph import KnowledgeGraph

TIMEOUT = 600.0
"""Seconds that a question or query may take by default."""


class Scope(NamedTuple):
    """Which graphs are asked beside the packaged ones."""

    data: tuple[str, ...] = ()
    store: str | None = None
    cases: bool = False
    links: bool = False
    at: int | None = None
    endpoint: str | None = None
    in_memory: bool = False


def open_graph(scope: Scope, *, levels: bool = True) -> KnowledgeGraph:
    """Open the graphs in scope.

    Args:
        scope: which they are.
        levels: whether somebody may ask for levels under the rubrics.
    """
    from ..opening import opened
    from ..stopping import asks_store

    kg = opened(
        list(scope.data),
        scope.store,
        scope.endpoint,
        cases=scope.cases,
        links=scope.links,
        at=scope.at,
        in_memory=scope.in_memory,
        levels=levels,
    )
    if scope.store is not None:
        asks_store(kg.store.folder or getattr(kg.store, "copied_from", None))
    note(kg.note)
    return kg


def language_asked(tag: str) -> str:
    """Take the language of a tag such as sv-SE, and tell of one in which no label is shipped."""
    from ..messages import language_of

    lang = language_of(tag)
    if lang not in LANGUAGES:
        note(
            f"labels are shipped in {', '.join(LANGUAGES)}; in {tag!r} there are those "
            "of your own data, if any, and English stands in"
        )
    return lang


def check_output(
    output: str | None, inputs: Sequence[str | Path | None] = (), store: str | None = None
) -> None:
    """Refuse an output that cannot be written, or that the command reads, before it starts.

    Args:
        output: the file, None or ``-``.
        inputs: the files that the command reads.
        store: the store that it reads.
    """
    if output is None or output == "-":
        return
    from ..files.output import check_outputs, check_writable

    check_outputs([output], inputs, store)
    check_writable(output)
