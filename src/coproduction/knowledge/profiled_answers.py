"""Questions that tell of a case what follows from a few of its values: asked once for each profile.

Many cases have the same values of these, a *profile*. A question whose header says so
(``profiled``) is asked of the profiles as if each were a case, in memory, beside what it asks for
that is of no case; each of its rows is then a row of every case with that profile. To ask it of all
cases takes an engine many times as long, and memory for all that it joins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, NamedTuple

import pyoxigraph as ox

from ..errors import DataError
from ..names import COP, RDF, SUMMARY, expand
from ..results.rows import solutions_of
from ..results.written import Written, is_iri, written
from ..store.embedded import EmbeddedStore
from ..store.protocol import Store, Term
from .counts import told_of
from .questions import Question

FEW: Final = 1_000
"""Cases up to which a question is asked of them as they are."""
MOST: Final = 20_000
"""Profiles above which it is, too."""
_AT_ONCE: Final = 500
"""Cases whose rows are given at a time."""
_TYPE: Final = ox.NamedNode(RDF + "type")
_CASE: Final = ox.NamedNode(COP + "Case")
_NODE: Final = f"{SUMMARY}/profile/"


class ByProfile(NamedTuple):
    """The rows of a question, told of each profile of cases.

    Attributes:
        variables: names of the columns, of which the first is the case.
        profiles: the profile of each case, which is as TSV has it.
        rests: the rows of each profile as TSV, without the case.
    """

    variables: tuple[str, ...]
    profiles: Mapping[str, int]
    rests: Mapping[int, list[str]]

    def rows(self) -> Written:
        """Give the rows of all cases."""
        head = "\t".join(f"?{name}" for name in self.variables)
        return Written(self.variables, b"".join((f"{head}\n".encode(), *self._parts())))

    def solutions(self) -> Solutions:
        """Give the rows of all cases, as they are wanted."""
        return Solutions(self)

    def _parts(self) -> Iterator[bytes]:
        told = iter(self.profiles.items())
        while some := list(islice(told, _AT_ONCE)):
            lines = [f"{case}\t{rest}" for case, number in some for rest in self.rests[number]]
            yield "".join(lines).encode()


class Solutions:
    """The rows of all cases as the engine gives solutions, made as they are wanted."""

    def __init__(self, told: ByProfile) -> None:
        self.variables = [ox.Variable(name) for name in told.variables]
        self._rows = self._read(told)

    def __iter__(self) -> Iterator[Iterable[Term | None]]:
        return self._rows

    def __next__(self) -> Iterable[Term | None]:
        return next(self._rows)

    @staticmethod
    def _read(told: ByProfile) -> Iterator[Iterable[Term | None]]:
        head = "\t".join(f"?{name}" for name in told.variables)
        for part in told._parts():
            yield from solutions_of(f"{head}\n".encode() + part)


def by_profile(store: Store, question: Question, text: str) -> ByProfile | None:
    """Ask a question of the profiles of a store's cases.

    Args:
        store: what is in scope.
        question: whose header has ``profiled`` with ``properties``, a property whose values are
            those of which it asks a case, and ``terms``, the classes and properties that it asks
            for beside cases.
        text: its text, whose first column is the case.

    Returns:
        None where it is to be asked as it is: of a server, of few cases, or of very many profiles.

    Raises:
        DataError: the header does not say what is to be read.
        QueryError: the text cannot be read or run.
    """
    entry = question.header.get("profiled") if "#+ profiled:" in question.text else None
    if entry is None or store.address is not None:
        return None
    terms = [expand(str(term)) for term in entry.get("terms") or ()]
    holder = expand(str(entry.get("properties")))
    if holder is None or None in terms:
        raise DataError(f"{question.path}: profiled in the header names a term that is none")
    (cases,) = _columns(store, f"SELECT DISTINCT ?case WHERE {{ ?case a {_CASE} }}")
    graphs = _beside(store, filter(None, terms))
    if len(cases) <= FEW or graphs is None:
        return None
    profiles = dict.fromkeys(cases, 0)
    states = _States()
    (properties,) = _columns(
        store, f"SELECT DISTINCT ?property WHERE {{ ?any <{holder}> ?property }}"
    )
    for prop in filter(is_iri, properties):
        told = _columns(store, f"SELECT ?case ?value WHERE {{ ?case {prop} ?value }}")
        for case, value in zip(*told, strict=True):
            if case in profiles:
                profiles[case] = states[profiles[case], prop, value]
        if len(states.values_of) > MOST:
            return None
    for number in set(profiles.values()):
        graphs.add(_profile(number, states.values_of[number]))
    found = graphs.query(text)
    assert isinstance(found, ox.QuerySolutions)
    return _told(profiles, written(found))


class _States(dict[tuple[int, str, str], int]):
    """The number of the profile that one more value makes of a profile, 0 being without any."""

    def __init__(self) -> None:
        self.values_of: list[frozenset[tuple[str, str]]] = [frozenset()]
        self._numbers = {self.values_of[0]: 0}

    def __missing__(self, key: tuple[int, str, str]) -> int:
        before, prop, value = key
        values = self.values_of[before] | {(prop, value)}
        if values not in self._numbers:
            self._numbers[values] = len(self.values_of)
            self.values_of.append(values)
        self[key] = self._numbers[values]
        return self[key]


def _columns(store: Store, text: str) -> list[list[str]]:
    """Give the columns of an answer as TSV has them."""
    found = store.query(text)
    assert isinstance(found, ox.QuerySolutions)
    return written(found).cells


def _beside(store: Store, terms: Iterable[str]) -> EmbeddedStore | None:
    """Give what is said by classes and properties; None where cases are among it, or too much."""
    graphs = EmbeddedStore()
    for term in terms:
        found = told_of(store, term)
        if found is None or any((quad.predicate, quad.object) == (_TYPE, _CASE) for quad in found):
            return None
        graphs.add(found)
    return graphs


def _profile(number: int, values: Iterable[tuple[str, str]]) -> Iterator[ox.Quad]:
    node = ox.NamedNode(f"{_NODE}{number}")
    yield ox.Quad(node, _TYPE, _CASE)
    told = list(values)
    terms = Written(("value",), cells=[[value for _, value in told]]).terms
    for (prop, _), (term,) in zip(told, terms, strict=True):
        assert term is not None
        yield ox.Quad(node, ox.NamedNode(prop[1:-1]), term)


def _told(profiles: Mapping[str, int], rows: Written) -> ByProfile:
    rests: dict[int, list[str]] = {number: [] for number in set(profiles.values())}
    for line in rows.tsv.decode().split("\n")[1:-1]:  # a text may have other ends of lines
        node, _, rest = line.partition("\t")
        rests[int(node[len(_NODE) + 1 : -1])].append(f"{rest}\n")
    return ByProfile(rows.variables, profiles, rests)
