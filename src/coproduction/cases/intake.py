"""What a load brings, on its way into the graphs of a store: part by part, beside its reading.

The engine takes a part in a thread of its own, in which Python has nothing to do; meanwhile the
next cases are read, and the levels that follow from them are found.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ..knowledge.levels import INFERRED, inferred, levels_in, terms_in, write_levels
from ..knowledge.profiled_levels import ProfiledLevels, lines_of_levels
from ..knowledge.summary import begun, text_of
from ..names import COP, RDF
from ..store.embedded import EmbeddedStore
from ..syntax.by_subject import statements_by_subject
from .consequences import bear_on_cases
from .loads import graph_of_load

if TYPE_CHECKING:
    from ..store.on_disk import Change

_MANY: Final = 20_000_000
"""Bytes of levels that are kept until they go into the store together."""
_TYPE: Final = ox.NamedNode(RDF + "type")
_CASE: Final = ox.NamedNode(COP + "Case")
_PATIENCE: Final = 5.0
"""Seconds for which Ctrl-C waits until the part that is under way is in, and the store let go."""


class Intake:
    """Takes the parts of a load; used as a context, no part is under way behind it.

    Args:
        change: of the store.
        number: of the load.
        is_told_once: whether no two parts speak of one case, as no two rows of a table do.
        anew: whether cases that were there before are changed, so that the levels and the counts
            of all are made anew at the end; so they are where graphs that come from no load speak
            of cases.
    """

    def __init__(
        self, change: Change, number: int, *, anew: bool = False, is_told_once: bool = False
    ) -> None:
        self._store, self._graph = change.store, graph_of_load(number)
        self._anew = anew or bear_on_cases(change.store)
        self._summary = None if self._anew else begun(change.store, change.summary_before)
        self._levels = ProfiledLevels(terms_in(change.store))
        self._read = self._levels.properties
        if self._summary:
            self._read |= {f"<{prop}>".encode() for prop in self._summary.properties}
        self._is_there = _KnownSubjects(change.store, is_told_once=is_told_once)
        self._waiting: list[bytes] = []
        self._size = 0
        self._under_way: threading.Thread | None = None
        self._failures: list[BaseException] = []

    def __enter__(self) -> Intake:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        # Ctrl-C ends the waiting soon, not after the last triple of a part that is large.
        if self._under_way is not None:
            self._under_way.join(_PATIENCE if kind is KeyboardInterrupt else None)

    def take(self, part: bytes, *, has_blank: bool = False) -> None:
        """Take a part, once the one before it is in.

        Args:
            part: N-Triples that this package wrote, with all that they say of a case.
            has_blank: whether a blank node is among the statements of the load: what the store
                calls it is known from the store alone, and so are the levels that follow.

        Raises:
            DataError: a rule of the levels fails.
            OSError, RuntimeError: the part before could not be written.
        """
        if not (self._anew or has_blank):
            told = statements_by_subject(part, self._read)
            follow = self._levels.of(told)
            if self._summary and not self._summary.add_told(told, follow, self._is_there):
                self._summary = None
            self._waiting.append(lines_of_levels(follow))
            self._size += len(self._waiting[-1])
        levels = self._ready_levels() if self._size >= _MANY else b""
        self._begin((part, self._graph), (levels, INFERRED))

    def end(self, original: Iterable[ox.Quad], *, has_blank: bool) -> str:
        """Write what follows from all of it.

        Args:
            original: what is kept as it came.
            has_blank: as of :meth:`take`.

        Returns:
            the text of the summary of the store, with these cases counted; nothing where it is
            none of it.
        """
        store, summary = self._store, self._summary
        self._begin((self._ready_levels(), INFERRED))
        self._wait()
        store.add(original)
        if self._anew:
            write_levels(store)
        elif has_blank:
            store.inner.bulk_extend(inferred(levels_in(store, within=self._graph.value)))
            summary = summary if summary and summary.add_graph(store, self._graph) else None
        return text_of(summary, store)

    def _ready_levels(self) -> bytes:
        lines = b"".join(self._waiting)
        self._waiting.clear()
        self._size = 0
        return lines

    def _begin(self, *texts: tuple[bytes, ox.NamedNode]) -> None:
        """Have N-Triples written to their graphs, one text after the other, in a thread."""
        self._wait()
        inner = self._store.inner

        def run() -> None:
            try:
                for lines, graph in texts:
                    # Lenient, for the text is ours: each IRI in it was held against the parser.
                    inner.bulk_load(
                        input=lines, format=ox.RdfFormat.N_TRIPLES, to_graph=graph, lenient=True
                    )
            except BaseException as error:  # a panic of the engine too; raised where it is waited
                self._failures.append(error)

        self._under_way = threading.Thread(target=run, daemon=True)
        self._under_way.start()

    def _wait(self) -> None:
        if self._under_way is not None:
            self._under_way.join()
            self._under_way = None
        if self._failures:
            raise self._failures[0]


class _KnownSubjects:
    """Tells whether a store says something of a node with a name, or that it is a case.

    A store without cases has few subjects before a load: they are listed once, as to ask for each
    of many takes longer. Of what a load brings each case is told in one part, or is remembered.
    """

    def __init__(self, store: EmbeddedStore, *, is_told_once: bool = False) -> None:
        self._store, self._is_told_once = store, is_told_once
        self._subjects: set[bytes] | None = None
        if not store.holds(None, _TYPE, _CASE):
            found = store.query("SELECT DISTINCT ?s WHERE { GRAPH ?g { ?s ?p ?o } }")
            assert isinstance(found, ox.QuerySolutions)
            self._subjects = {str(row[0]).encode() for row in found}
            self._cases: set[bytes] = set()

    def __call__(self, subject: bytes, as_case: bool) -> bool:
        """Tell whether anything is said of the subject, or where so asked that it is a case."""
        if self._subjects is None:
            node = ox.NamedNode(subject[1:-1].decode())
            return self._store.holds(node, *((_TYPE, _CASE) if as_case else ()))
        if subject in self._cases or as_case:
            return subject in self._cases
        if not self._is_told_once:
            self._cases.add(subject)
        return subject in self._subjects
