"""The answers of the questions in a folder, for what can be seen in them alone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ..errors import DataError, QueryError
from ..knowledge.alignments import read_links, triples_of
from ..knowledge.answers import answer
from ..knowledge.followed import add_followed
from ..knowledge.levels import write_levels
from ..knowledge.questions import Question, load_question
from ..names import ALIGNMENTS, GRAPH, PACKAGED_GRAPHS
from ..results.fetching import QueryOptions
from ..results.result import Result
from ..store.embedded import EmbeddedStore

_CASES: Final = GRAPH + "cases"


class Answers:
    """The questions of a folder, and what they answer.

    They are asked of the packaged graphs alone, whatever else is in scope, with the cases and the
    links of the same checkout or package where their header says so.

    Args:
        store: the graphs; all of them where none has the name of a packaged one.
        queries: folder with ``questions``; the cases stand beside it, in ``cases``.
        alignments: folder with the links.
    """

    def __init__(self, store: ox.Store, queries: Path, alignments: Path) -> None:
        self._store = store
        self._cases = queries.parent / "cases"
        self._alignments = alignments
        self._opened: dict[tuple[bool, bool], EmbeddedStore | None] = {}
        self._paths = sorted((queries / "questions").glob("*.rq"))

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """The questions that can be read, by name; of the others, others tell."""
        found = {}
        for path in self._paths:
            try:
                question = load_question(path)
                question.header  # noqa: B018 - read for its errors
                found[question.name] = question
            except DataError:
                continue
        return found

    @cached_property
    def results(self) -> Mapping[str, Result]:
        """The answers of those that can be asked, with labels in English, by name."""
        found = {}
        for name, question in self.questions.items():
            try:
                store = self._asked(question)
                if store is not None:
                    found[name] = answer(store, question, QueryOptions(), "en", {})
            except (DataError, QueryError):
                continue  # told of the text or of the header
        return found

    def _asked(self, question: Question) -> EmbeddedStore | None:
        """Give what a question is asked of; None where cases or links are not there, or broken."""
        key = question.about_cases, question.about_links
        if key not in self._opened:
            try:
                self._opened[key] = self._open(*key)
            except DataError:  # a file is broken, or a rule of levels: told where it is checked
                self._opened[key] = None
        return self._opened[key]

    def _open(self, with_cases: bool, with_links: bool) -> EmbeddedStore | None:
        opened = packaged_of(self._store)
        cases = sorted(self._cases.glob("*.ttl")) if with_cases else []
        sets = sorted(self._alignments.glob("*.sssom.tsv")) if with_links else []
        if (with_cases and not cases) or (with_links and not sets):
            return None
        for path in cases:
            opened.load_own(path, _CASES)
        if with_links:
            links = [link for path in sets for link in read_links(path).links]
            opened.put(ALIGNMENTS, dict.fromkeys(triples_of(links)))
        add_followed(opened)
        write_levels(opened)
        return opened


def packaged_of(store: ox.Store) -> EmbeddedStore:
    """Give a copy of the packaged graphs of a store; of all where none has the name of one."""
    copy = EmbeddedStore()
    graphs = list(store.named_graphs())
    packaged = {GRAPH + name for name in PACKAGED_GRAPHS}
    for graph in [each for each in graphs if each.value in packaged] or graphs:
        copy.inner.bulk_extend(store.quads_for_pattern(None, None, None, graph))
    return copy
