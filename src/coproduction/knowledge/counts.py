"""Questions and views that only count, asked of a store's summary in place of its cases.

A second text of the same name, in ``queries/counts/``, gives the same rows. It is asked of a small
store in memory: the summary, and what the store says of the things that the text asks for beside
it (``terms`` in its header names their classes). Without a summary nothing is counted so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from ..names import COP, RDF, SUMMARY, expand
from ..resources import data_dir, is_file
from .questions import Question, load_question

if TYPE_CHECKING:
    from pathlib import Path

    from ..store.embedded import EmbeddedStore
    from ..store.protocol import Store

FOLDER: Final = "queries/counts"
_MOST: Final = 10_000
"""Things that a text may ask for beside the summary; of more the store itself is asked."""
_read: Final[WeakKeyDictionary[EmbeddedStore, _Counts]] = WeakKeyDictionary()


def counted(store: Store, question: Question) -> tuple[Store, str] | None:
    """Give what is to be asked in place of a question, and of which store.

    Args:
        store: what is in scope.
        question: a packaged question or view, without parameters.

    Returns:
        the summary with a text that gives the same rows; None where there is no such text, or
        the store has no summary that it can be asked of.
    """
    path = getattr(store, "summary", None)
    if path is None or question.path.parent.parent != data_dir("queries"):
        return None
    file = data_dir(FOLDER) / question.path.name
    if not is_file(file):
        return None
    text = load_question(file)
    if store not in _read:
        _read[store] = _Counts(path)  # type: ignore[index]
    graphs = _read[store].with_terms_of(text, store)  # type: ignore[index]
    return None if graphs is None else (graphs, text.text)


class _Counts:
    """The summary of a store in memory, with what was asked for beside it so far."""

    def __init__(self, path: Path) -> None:
        from ..store.embedded import EmbeddedStore
        from .summary_file import whole_text

        self._classes: dict[str, bool] = {}
        self._graphs: EmbeddedStore | None = None
        text = whole_text(path)
        if text is not None:
            self._graphs = EmbeddedStore()
            self._graphs.add_lines(text.encode(), SUMMARY)

    def with_terms_of(self, text: Question, store: Store) -> EmbeddedStore | None:
        """Give the summary with the things that a text asks for, or None where it cannot be had."""
        header = text.header_of({"cube"})
        cube = expand(str(header["cube"]))
        if self._graphs is None or cube is None:
            return None
        if not self._graphs.holds(ox.NamedNode(cube), ox.NamedNode(COP + "hasDimension")):
            return None
        named = (expand(str(each)) for each in header.get("terms") or ())
        has_all = all(each and self._has(each, store) for each in named)
        return self._graphs if has_all else None

    def _has(self, kind: str, store: Store) -> bool:
        """Have all that is said of the things of a class; tell whether they are few enough."""
        assert self._graphs is not None
        if kind not in self._classes:
            found = store.statements(None, ox.NamedNode(RDF + "type"), ox.NamedNode(kind))
            members = {quad.subject for quad in found}
            self._classes[kind] = len(members) <= _MOST
            if self._classes[kind]:
                self._graphs.add(quad for each in members for quad in store.statements(each))
        return self._classes[kind]
