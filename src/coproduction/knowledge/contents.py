"""What is in scope, counted: triples by graph, individuals by class, files of questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..names import GRAPH
from ..resources import data_dir
from ..results.asking import ask
from ..results.fetching import QueryOptions
from ..results.result import Result
from ..version import __version__
from .questions import find_question
from .terms import labels_of

if TYPE_CHECKING:
    from ..store.protocol import Store


def contents(store: Store, lang: str) -> Result:
    """Count what is in a store, and the packaged questions and checks.

    Args:
        store: what is counted.
        lang: language of the names of classes.

    Returns:
        rows ``kind`` (version, graph, class, file), ``name`` and ``count``.
    """
    graphs = [("graph", iri.removeprefix(GRAPH), n) for iri, n in store.graphs().items()]
    text = find_question("class-counts", "queries/views").text
    answer = ask(store, text, QueryOptions(wanted="rows"))
    assert isinstance(answer, Result)
    counts = {str(row["class"]): int(str(row["count"])) for row in answer}
    names = labels_of(store, counts, lang)
    classes = sorted(("class", names[iri], count) for iri, count in counts.items())
    files = [
        ("file", folder, len(list(data_dir(f"queries/{folder}").glob("*.rq"))))
        for folder in ("questions", "checks")
    ]
    version = ("version", f"coproduction {__version__}", None)
    rows = [version, *graphs, *classes, *files]
    return Result.of_rows(["kind", "name", "count"], rows, "coproduction")
