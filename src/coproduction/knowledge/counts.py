"""Questions and views that only count, asked of a store's summary in place of its cases.

A second text of the same name, in ``queries/counts/``, gives the same rows. It is asked of a small
store in memory: the summary, and what the store says of the things that the text asks for beside
it (``terms`` in its header names their classes). Without a summary nothing is counted so.
"""

from __future__ import annotations

from itertools import islice
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
_COUNT: Final = ox.NamedNode(COP + "caseCount")
_DIMENSION_OF: Final = ox.NamedNode(COP + "dimensionOf")
_IN_CUBE: Final = ox.NamedNode(COP + "inCube")
_IS_A: Final = (ox.NamedNode(RDF + "type"), ox.NamedNode(COP + "Case"))
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


def profiles_for(store: Store, question: Question) -> Store | None:
    """Give the profiles of a store's cases as if each were a case, for a text that counts cases.

    Args:
        store: what is in scope.
        question: what is asked, of a case no more than the properties in the data cube that its
            header names, and beside cases of what ``terms`` there names.

    Returns:
        a store in memory in which a profile is a case with ``cop:caseCount`` and, where it is
        known, ``cop:exampleCase``, and the cube has its properties by ``cop:dimensionOf``; None
        where there is no such summary.
    """
    path = getattr(store, "summary", None)
    if path is None or "#+ cube:" not in question.text:
        return None
    if store not in _read:
        _read[store] = _Counts(path)  # type: ignore[index]
    return _read[store].as_cases(question, store)  # type: ignore[index]


class _Counts:
    """The summary of a store in memory, with what was asked for beside it so far."""

    def __init__(self, path: Path) -> None:
        from ..store.embedded import EmbeddedStore
        from .summary_file import head_of, whole_text

        self._has: dict[str, bool] = {}
        self._cases: dict[str, EmbeddedStore | None] = {}
        self._graphs: EmbeddedStore | None = None
        text = whole_text(path)
        if text is not None:
            self._graphs = EmbeddedStore()
            self._graphs.add_lines(text.encode(), SUMMARY)
            self._cubes = head_of(text)["cubes"]

    def with_terms_of(self, text: Question, store: Store) -> EmbeddedStore | None:
        """Give the summary with the things that a text asks for, or None where it cannot be had."""
        if self._graphs is None or self._cube_of(text) is None:
            return None
        terms = [term for term in _terms_of(text) if term not in self._has]
        for term in terms:
            found = told_of(store, term)
            self._graphs.add(found or ())
            self._has[term] = found is not None  # last: another thread asks once it is there
        return self._graphs if all(self._has[term] for term in _terms_of(text)) else None

    def as_cases(self, text: Question, store: Store) -> EmbeddedStore | None:
        """Give the profiles of a text's cube as cases, with the things that it asks for beside."""
        cube = self._cube_of(text)
        if cube is None:
            return None
        asked = " ".join((cube, *_terms_of(text)))
        if asked not in self._cases:
            self._cases[asked] = self._made_cases(cube, _terms_of(text), store)
        return self._cases[asked]

    def _cube_of(self, text: Question) -> str | None:
        """Give the cube that a text counts by, where it is in the summary."""
        cube = expand(str(text.header_of({"cube"})["cube"]))
        if self._graphs is None or cube is None:
            return None
        is_kept = self._graphs.holds(ox.NamedNode(cube), ox.NamedNode(COP + "hasDimension"))
        return cube if is_kept else None

    def _made_cases(self, cube: str, terms: list[str], store: Store) -> EmbeddedStore | None:
        from ..store.embedded import EmbeddedStore

        assert self._graphs is not None
        cases = EmbeddedStore()
        for term in terms:
            found = told_of(store, term)
            if found is None or any(_is_case(quad) for quad in found):
                return None
            cases.add(found)
        told = self._cubes[cube].items()
        properties = {ox.NamedNode(name): ox.NamedNode(prop) for prop, name in told}
        for prop in properties.values():
            cases.add([ox.Quad(ox.NamedNode(cube), _DIMENSION_OF, prop)])
        for profile in self._graphs.statements(None, _IN_CUBE, ox.NamedNode(cube)):
            node = profile.subject
            cases.add([ox.Quad(node, *_IS_A)])
            cases.add(
                ox.Quad(node, properties.get(quad.predicate, quad.predicate), quad.object)
                for quad in self._graphs.statements(node)
                if quad.predicate != _IN_CUBE
            )
        return cases


def _terms_of(text: Question) -> list[str]:
    """Give the IRIs of the classes and properties that a text asks for beside the summary."""
    return [expand(str(each)) or "" for each in text.header_of({"cube"}).get("terms") or ()]


def told_of(store: Store, term: str) -> list[ox.Quad] | None:
    """Give all that is said of the things of a class, or by a property; None of too many.

    Args:
        store: what is in scope.
        term: the IRI of the class, or of the property.
    """
    node = ox.NamedNode(term)
    found = list(islice(store.statements(None, node), _MOST + 1))
    kinds = islice(store.statements(None, ox.NamedNode(RDF + "type"), node), _MOST + 1)
    members = {quad.subject for quad in kinds}
    if len(found) > _MOST or len(members) > _MOST:
        return None
    return [*found, *(quad for each in members for quad in store.statements(each))]


def _is_case(quad: ox.Quad) -> bool:
    return (quad.predicate, quad.object) == _IS_A
