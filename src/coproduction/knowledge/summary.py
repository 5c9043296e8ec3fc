"""Cases counted by their values: the summary that stands beside the graphs of a store.

A profile is the whole set of values that a case has in the dimensions of a cube; cases with equal
profiles are counted together. A summary is built by portable SPARQL, of a store or of the cases
alone that a change touches: what they add is added, and what they were is taken off.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import pyoxigraph as ox

from ..messages import counted
from ..names import COP, RDF, SUMMARY, XSD
from ..store.embedded import EmbeddedStore
from ..store.protocol import Node, Store
from ..syntax.by_subject import BySubject
from .levels import bearing_on_levels
from .profiled_levels import Levels
from .profiles import NotCountable, Profile, profiles_of
from .summary_file import terms_of_summary, text_as_written, whole_text
from .views import rows_of_view

Cubes = dict[str, dict[str, str]]
"""The IRI of each cube, with the property of cases and its dimension."""

MOST: Final = 50_000
"""Profiles from which on a cube is not kept: it would be read no sooner than the cases."""
FEW: Final = 20_000
"""Cases up to which those that a change touches are counted by themselves."""
_TYPE: Final = ox.NamedNode(RDF + "type")
_CASE: Final = ox.NamedNode(COP + "Case")
_IS_CASE: Final = f"<{RDF}type> <{COP}Case> .".encode()
_EXAMPLE: Final = f"<{COP}exampleCase> "


@dataclass
class Summary:
    """Cases counted by their profiles.

    Attributes:
        cubes: those that the store declares.
        counts: of each cube that is kept, how many cases have each profile.
        examples: of each cube, by profile, the least IRI of these cases, where it is known: it is
            not once that case was taken off.
    """

    cubes: Cubes
    counts: dict[str, Counter[Profile]] = field(default_factory=dict)
    examples: dict[str, dict[Profile, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store) -> Summary:
        """Count all cases of a store."""
        summary = cls(cubes_in(store))
        summary.counts = {cube: Counter() for cube in summary.cubes}
        summary.add(store)
        return summary

    def add(self, store: Store, sign: int = 1) -> None:
        """Add the cases of a store, or take them off.

        Args:
            store: all that graphs say of these cases, of whichever graph.
            sign: 1 or -1.
        """
        for cube, counts in list(self.counts.items()):
            try:
                for profile, count, least in profiles_of(store, self.cubes[cube]):
                    self._show(cube, profile, sign, least)
                    counts[profile] += sign * count
                    if not counts[profile]:
                        del counts[profile]
            except NotCountable:
                del self.counts[cube]

    def _show(self, cube: str, profile: Profile, sign: int, least: str) -> None:
        """Keep the example of a profile right, before cases are added to it or taken off.

        Args:
            cube, profile: the one.
            sign: 1 or -1.
            least: the least IRI of these cases, empty where it is not known.
        """
        examples = self.examples.setdefault(cube, {})
        is_new = not self.counts[cube][profile]
        if sign > 0 and least and (is_new or least < examples.get(profile, "")):
            examples[profile] = least
        elif (sign < 0 or not least) and least in ("", examples.get(profile)):
            examples.pop(profile, None)

    @property
    def properties(self) -> frozenset[str]:
        """The IRIs of the properties of cases that decide on a profile, and of their type."""
        told = (prop for cube in self.cubes.values() for prop in cube)
        return frozenset((_TYPE.value, *told))

    @property
    def left_out(self) -> list[str]:
        """A sentence for each cube that no file keeps, which says why."""
        told = []
        for cube in sorted(self.cubes):
            if cube not in self.counts:
                why = "a case has a value in it that has no name (a blank node, or a statement)"
            elif len(self.counts[cube]) > MOST:
                sets = f"{len(self.counts[cube]):,} different sets of values"
                why = f"its cases have {sets}, and up to {MOST:,} are kept"
            else:
                continue
            told.append(f"the data cube {cube} is not counted beforehand: {why}")
        return told

    def add_told(
        self, told: BySubject, levels: Levels, is_there: Callable[[bytes, bool], bool]
    ) -> bool:
        """Add cases that are about to go into a store, as they are read.

        Args:
            told: what is said of them by :attr:`properties`, and by whatever else.
            levels: theirs, which follow.
            is_there: tells whether the store says anything of a node with a name, or (True) that it
                is a case.

        Returns:
            whether they could be: the store says nothing of any of them, and nothing is said here
            of a case that is there.
        """
        # What cases share is made once: to make it for each takes the interpreter far longer.
        shared: dict[bytes, tuple[tuple[int, str], ...]] = {}
        new: list[tuple[str, list[tuple[tuple[int, str], ...]]]] = []
        for subject, rests in told.items():
            values = []
            for rest in (*rests, *levels.get(subject, ())):
                value = shared.get(rest)
                if value is None:
                    value = shared[rest] = self._in_cubes(rest)
                if value:
                    values.append(value)
            is_case = _IS_CASE in rests
            if values or is_case:
                if not subject.startswith(b"<") or is_there(subject, not is_case):
                    return False
                if is_case:
                    new.append((subject[1:-1].decode(), values))
        cubes = [(of, self.examples.setdefault(cube, {})) for cube, of in self.counts.items()]
        for case, values in new:
            told_in: list[list[str]] = [[] for _ in cubes]
            for value in values:
                for number, text in value:
                    told_in[number].append(text)
            for texts, (counts, examples) in zip(told_in, cubes, strict=True):
                profile = tuple(sorted({*texts}))
                number = counts[profile]
                counts[profile] = number + 1
                if not number or case < examples.get(profile, ""):
                    examples[profile] = case
        return True

    def _in_cubes(self, rest: bytes) -> tuple[tuple[int, str], ...]:
        """Give a value of a case as those of the cubes that are kept have it which have it."""
        predicate, term = rest.split(b" ", 1)
        names = [self.cubes[cube].get(predicate[1:-1].decode()) for cube in self.counts]
        if not any(names):
            return ()
        value = _spelt(term)
        return tuple((number, f"<{name}> {value}") for number, name in enumerate(names) if name)

    def add_graph(self, store: Store, graph: ox.NamedNode) -> bool:
        """Add the cases of a graph that just came into a store.

        Returns:
            whether they could be: they are few, and no other graph says of them that they are.
        """
        cases = cases_in(store, graph, self.properties)
        if len(cases) > FEW or any(
            quad.graph_name != graph
            for case in cases
            for quad in store.statements(case, _TYPE, _CASE)
        ):
            return False
        self.add(cases_alone(store, cases, self.properties))
        return True

    def text(self) -> str:
        """Give the summary as N-Triples, with a head that says what it is of."""
        lines = []
        for cube, counts in sorted(self.counts.items()):
            if len(counts) > MOST:
                continue
            dimensions = sorted(self.cubes[cube].values())
            lines += [f"<{cube}> <{COP}hasDimension> <{each}> .\n" for each in dimensions]
            for profile, count in sorted(counts.items()):
                node = _node(cube, profile)
                lines.append(f"{node} <{COP}inCube> <{cube}> .\n")
                lines.append(f'{node} <{COP}caseCount> "{count}"^^<{XSD}integer> .\n')
                lines += [f"{node} {each} .\n" for each in profile]
                if example := self.examples.get(cube, {}).get(profile):
                    lines.append(f"{node} {_EXAMPLE}<{example}> .\n")
        head = json.dumps({"terms": terms_of_summary(), "cubes": self.cubes}, sort_keys=True)
        rest = f"# {head}\n{''.join(lines)}"
        return f"# {hashlib.sha256(rest.encode()).hexdigest()}\n{rest}"


def read_summary(path: Path | None) -> Summary | None:
    """Read a summary, or None where there is none by the terms of this version, or not as written.

    Args:
        path: the file.
    """
    text = whole_text(path)
    if text is None:
        return None
    _, head, *lines = text.removesuffix("\n").split("\n")
    summary = Summary(json.loads(head[2:])["cubes"])
    told: dict[str, list[str]] = {}
    for line in lines:
        node, rest = line.removesuffix(" .").split(" ", 1)
        told.setdefault(node, []).append(rest)
    of, number, dimension = (f"<{COP}{name}> " for name in ("inCube", "caseCount", "hasDimension"))
    for node, rests in told.items():
        if rests[0].startswith(dimension):
            summary.counts.setdefault(node[1:-1], Counter())
            continue
        cube = next(each for each in rests if each.startswith(of)).removeprefix(of)[1:-1]
        count = next(each for each in rests if each.startswith(number)).split('"')[1]
        profile = tuple(each for each in rests if not each.startswith((of, number, _EXAMPLE)))
        summary.counts[cube][profile] = int(count)
        for each in rests:
            if each.startswith(_EXAMPLE):
                summary.examples.setdefault(cube, {})[profile] = each.removeprefix(_EXAMPLE)[1:-1]
    return summary


def begun(store: Store, before: Path | None) -> Summary | None:
    """Give the summary of a store that is to be changed, or None where all is to be counted anew.

    Args:
        store: before the change.
        before: the file of its summary, if it has one.
    """
    if not store.holds(None, _TYPE, _CASE):
        cubes = cubes_in(store)
        return Summary(cubes, {cube: Counter() for cube in cubes})
    return read_summary(before)


def text_of(summary: Summary | None, store: Store) -> str:
    """Give the text of a summary of a store after its change; nothing where it is none of it."""
    return summary.text() if summary and summary.cubes == cubes_in(store) else ""


@contextmanager
def counted_again(summary: Summary | None, store: Store, graph: ox.NamedNode) -> Iterator[bool]:
    """Count the cases of a graph before and after it is changed.

    Args:
        summary: of the store, if there is one.
        store: what is changed meanwhile: the graph, and what follows from it.
        graph: the one.

    Returns:
        whether they are counted: they are not where they are many.
    """
    if summary is None:
        yield False
        return
    read = summary.properties | bearing_on_levels()
    cases = cases_in(store, graph, read)
    if len(cases) > FEW:
        yield False
        return
    summary.add(cases_alone(store, cases, summary.properties), -1)
    yield True
    summary.add(cases_alone(store, cases, summary.properties))


def faults_of(path: Path, counted_now: Summary) -> Iterator[str]:
    """Tell where a summary is not what the cases of its store give.

    Args:
        path: the file.
        counted_now: all cases of the store.
    """
    text = whole_text(path)
    if text is None:
        if text_as_written(path) is not None:
            return  # by the terms of another version: it is not read
        yield f"the file '{path.name}' was cut or changed; nothing is counted by it"
        return
    said, found = text.split("\n"), counted_now.text().split("\n")
    if said[1] != found[1]:
        yield f"the file '{path.name}' is of other data cubes than the store declares"
    kept, given = _without_examples(said[2:]), _without_examples(found[2:])
    wrong = sorted(kept.rest ^ given.rest)
    both = kept.examples.keys() & given.examples.keys()
    wrong += sorted(
        kept.examples[node] for node in both if kept.examples[node] != given.examples[node]
    )
    if wrong:
        lines = counted(len(wrong), "line differs", "lines differ")
        yield f"the file '{path.name}' is not of the cases in the store: {lines}: {wrong[0]}"


class _Lines(NamedTuple):
    """Lines of a summary: those of examples by their profiles, which it may lack, and the rest."""

    examples: dict[str, str]
    rest: set[str]


def _without_examples(lines: Iterable[str]) -> _Lines:
    told = _Lines({}, set())
    for line in lines:
        if f" {_EXAMPLE}" in line:
            told.examples[line.split(" ", 1)[0]] = line
        else:
            told.rest.add(line)
    return told


def cubes_in(store: Store) -> Cubes:
    """Give the cubes that a store declares."""
    cubes: Cubes = {}
    for row in rows_of_view(store, "cubes"):
        cubes.setdefault(row["cube"], {})[row["property"]] = row["dimension"]
    return cubes


def cases_alone(store: Store, cases: Iterable[Node], properties: Iterable[str]) -> EmbeddedStore:
    """Give what all graphs of a store say of some cases by some properties, in memory."""
    wanted = {ox.NamedNode(prop) for prop in properties}
    alone = EmbeddedStore()
    alone.add(
        ox.Quad(quad.subject, quad.predicate, quad.object)
        for case in cases
        for quad in store.statements(case)
        if quad.predicate in wanted
    )
    return alone


def cases_in(
    store: Store, graph: ox.NamedNode, properties: Iterable[str]
) -> set[ox.NamedNode | ox.BlankNode]:
    """Give the cases of which a graph says something by some properties, or more than cases."""
    return {
        quad.subject
        for prop in properties
        for quad in store.statements(None, ox.NamedNode(prop), None, graph)
        if not isinstance(quad.subject, ox.Triple)
    }


@lru_cache(100_000)
def _spelt(term: bytes) -> str:
    """Give a term that ends a line of N-Triples as a store gives it back: 007 is 7 there."""
    store = EmbeddedStore()
    store.add_lines(b"<urn:x:s> <urn:x:p> " + term, SUMMARY)
    return str(next(store.statements()).object)


def _node(cube: str, profile: Profile) -> str:
    told = "\n".join((cube, *profile))
    return f"<{SUMMARY}/{hashlib.sha256(told.encode()).hexdigest()[:20]}>"
