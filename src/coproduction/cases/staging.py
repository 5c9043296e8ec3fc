"""Cases on their way into a store: written to a file, and held against what is there already."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import IO, Final, NamedTuple, Protocol

import pyoxigraph as ox

from ..names import COP
from ..store.bookkeeping import LOADS
from .closure import OBSERVES, about_the_case, closure
from .columns import Problem
from .conflicts import Conflicts
from .loads import TYPE, Outcome, is_of_cases
from .statements import Case, organisation_statements

_CASE: Final = ox.NamedNode(COP + "Case")
CONFLICT: Final = "conflict"
"""The rule that a case breaks which is there with other content."""


_PART: Final = 20_000_000
"""Bytes from which on a part is full: the engine takes some ten times that to sort it."""


_BLANK: Final = re.compile(r"^_:|\s_:[^\s\"]+ \.$", re.MULTILINE)
"""A blank node where N-Triples has its subject or its object; in a text `_:` is none."""


class Staged(NamedTuple):
    """Statements in a file, in parts that hold all that they say of a case.

    Attributes:
        path: N-Triples.
        ends: behind which byte each part ends.
    """

    path: Path
    ends: list[int]

    def parts(self) -> Iterator[bytes]:
        """Give the parts, one after the other: what takes one in needs memory for no more."""
        with self.path.open("rb") as file:
            for begin, end in pairwise((0, *self.ends)):
                yield file.read(end - begin)

    def last_part(self) -> bytes:
        """Give the part that ended last."""
        *_, begin, end = 0, *self.ends
        with self.path.open("rb") as file:
            file.seek(begin)
            return file.read(end - begin)


def _has_blank(statements: str) -> bool:
    return _BLANK.search(statements) is not None


class CaseSource(Protocol):
    """Where cases come from: a table or RDF."""

    loader: str

    @property
    def lang(self) -> str:
        """Language of what is told."""

    @property
    def read(self) -> int:
        """Number of records read so far."""

    def called(self, key: str) -> str:
        """Give what the file calls the column of a field."""

    @property
    def set_aside(self) -> int:
        """Number of records with an error so far."""

    @property
    def problems(self) -> list[Problem]:
        """What was wrong so far."""

    @property
    def note(self) -> str:
        """A sentence on the whole file."""

    def cases(self) -> Iterator[Case]:
        """Give the cases without error."""

    def rest(self, is_taken: Callable[[object], bool]) -> str:
        """Give the statements that belong to no case, here or (as is_taken says) in the store."""

    def original(self) -> Iterator[ox.Triple]:
        """Give what is kept as it came, in a graph of its own."""

    def refuse(self, case: Case, rule: str, fix: str) -> None:
        """Report an error of a case as a whole."""


def stage(
    store: ox.Store,
    staged: Path,
    source: CaseSource,
    outcome: Outcome,
    replace: bool | None,
    full: Callable[[bytes], None] | None = None,
) -> Staging:
    """Write the statements of what is new to a file that the store can take.

    Args:
        store: what has the cases that are there.
        staged: the file.
        source: the cases.
        outcome: takes what became of them.
        replace: whether a case takes the place of one that is there; None where none can.
        full: is given each part as soon as it has ended; only of a source without blank nodes,
            from the first of which on all is one part.
    """
    with staged.open("wb") as file:
        staging = Staging(store, file, source, outcome, replace, full)
        for case in source.cases():
            staging.add(case)
        staging.end(source.rest(staging.is_of_case_there) if outcome.loaded else "")
    staging.let_go()
    return staging


class Staging:
    """Writes the statements of cases to a file, unless the store has them already."""

    def __init__(
        self,
        store: ox.Store,
        file: IO[bytes],
        source: CaseSource,
        outcome: Outcome,
        replace: bool | None,
        full: Callable[[bytes], None] | None = None,
    ) -> None:
        self._full = full
        self._store, self._file, self._source = store, file, source
        self._outcome, self._replace = outcome, bool(replace)
        self._conflicts = Conflicts(store, source, is_served=replace is None)
        # Of a store that has no case none is asked for; what this source brings is not twice in it.
        self._has_cases = self._is_case(None)
        self._written: set[str] = set()
        self._of_others: set[str] = set()
        self.count = 0
        """Number of distinct statements written."""
        self.staged = Staged(Path(file.name), [])
        """What was written."""
        self.has_blank = False
        """Whether a blank node is among it, which has another name wherever it is read."""
        self._size = 0
        self.robbed: set[ox.NamedNode] = set()
        """Graphs of loads that a case was taken out of."""

    def let_go(self) -> None:
        """Drop the store: as long as anything refers to it, it is open and cannot be deleted."""
        del self._store, self._conflicts
        self._full = None  # what takes the parts has the store too

    def end(self, rest: str) -> None:
        """Write what belongs to no case, behind all cases."""
        self._put(rest)
        self._end_part()

    def _end_part(self) -> None:
        self.staged.ends.append(self._size)
        if self._full is not None:
            self._file.flush()
            self._full(self.staged.last_part())

    def _put(self, statements: str) -> None:
        """Write statements that belong into one part; the part before ends where it is full.

        From the first blank node on all is one part, as others may speak of it.
        """
        ends = self.staged.ends
        if not self.has_blank and self._size - (ends[-1] if ends else 0) >= _PART:
            self._end_part()
        self.has_blank = self.has_blank or ("_:" in statements and _has_blank(statements))
        self._size += self._file.write(statements.encode())

    def add(self, case: Case) -> None:
        """Write a case, or count it as unchanged, or report that it is there with other content."""
        for organisation, name in case.organisations:
            if organisation not in self._written:
                self._written.add(organisation)
                self._write(organisation_statements(organisation, name), organisation)
        node = ox.NamedNode(case.iri)
        if self._has_cases and self._is_case(node):
            if self._is_same(case, node):
                self._outcome.unchanged += 1
                return
            if not self._replace:
                return
            self._take_out(node)
        self._write(case.statements, f"<{case.iri}")
        self._outcome.loaded += 1

    def _write(self, statements: str, own: str) -> None:
        """Write statements, each once, and count those that are new.

        Those whose subject begins with `own` are written nowhere else; what a case says of an
        organisation another case may say as well.
        """
        self._put(statements)
        count = statements.count("\n")
        if f"\n{statements}".count(f"\n{own}") < count:
            others = {line for line in statements.splitlines() if not line.startswith(own)}
            count -= len(others & self._of_others)
            self._of_others |= others
        self.count += count

    def is_of_case_there(self, node: object) -> bool:
        """Tell whether a node is a case that the store has, or stands below one's IRI."""
        if not isinstance(node, ox.NamedNode):
            return False
        iri = node.value
        # The IRI itself, and each that it goes on from; the slashes before the host are none.
        ends = [sign.start() for sign in re.finditer("[/#]", iri) if sign.start() > len("https://")]
        return any(self._is_case(ox.NamedNode(iri[:end])) for end in (*ends, len(iri)))

    def _is_case(self, node: ox.NamedNode | None) -> bool:
        found = self._store.quads_for_pattern(node, TYPE, _CASE)
        return next(iter(found), None) is not None

    def _is_same(self, case: Case, node: ox.NamedNode) -> bool:
        before = self._before(node)
        new = about_the_case(ox.parse(input=case.statements, format=ox.RdfFormat.N_TRIPLES))
        if before == new:
            return True
        if not self._replace:
            self._source.refuse(
                case, CONFLICT, self._conflicts.told(self._quads(node), case, (before, new))
            )
        return False

    def _before(self, node: ox.NamedNode) -> set[str]:
        return about_the_case(quad.triple for quad in self._quads(node))

    def _quads(self, node: ox.NamedNode) -> list[ox.Quad]:
        """Give the quads of a case and of what belongs to it."""

        def about(subject: object) -> list[ox.Quad]:
            found = self._store.quads_for_pattern(subject, None, None)  # type: ignore[arg-type]
            return [quad for quad in found if is_of_cases(quad.graph_name)]

        observing = self._store.quads_for_pattern(None, OBSERVES, node)
        observations = [quad.subject for quad in observing if is_of_cases(quad.graph_name)]
        own = closure(node, lambda subject: (quad.triple for quad in about(subject)), observations)
        return [quad for node in {triple.subject for triple in own} for quad in about(node)]

    def _take_out(self, node: ox.NamedNode) -> None:
        """Take the old content out, and keep its text in the record of loads."""
        kept = "\n".join(sorted(self._before(node)))
        for quad in self._quads(node):
            self._store.remove(quad)
            if isinstance(quad.graph_name, ox.NamedNode):
                self.robbed.add(quad.graph_name)
        replaced = ox.NamedNode(COP + "replacedStatements")
        self._store.add(ox.Quad(node, replaced, ox.Literal(kept), LOADS))
