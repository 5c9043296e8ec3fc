"""Claims and how cases test them: the files of ``queries/claims/``, and what comes of them.

A claim that cases can test has one query in ``queries/claims/``, a row an arrangement. What the
columns are, and on which side a row stands, follows from the claim's type: see
:mod:`coproduction.evidence.sides`. What makes a verdict of the sides: see
:mod:`coproduction.evidence.judging`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyoxigraph as ox

from ..errors import DataError, QueryError, UnknownName, nearest
from ..knowledge.portable import parts_of
from ..knowledge.questions import Question, read_folder
from ..messages import Sentence
from ..names import COP, expand
from ..resources import data_dir
from ..syntax.sparql import iris_named
from .figures import least_to_pass

FOLDER: Final = "queries/claims"
TYPES: Final = {
    "necessity": Sentence("One row against it that rests on stated values alone contradicts it."),
    "sufficiency": Sentence(
        "One row against it that rests on stated values alone contradicts it; {least} rows for it "
        "support it.",
        least=least_to_pass(),
    ),
    "tendency": Sentence(
        "It is supported where the whole 95% interval of its share is over one half, contradicted "
        "where it is under."
    ),
    "comparison": Sentence(
        "It is supported where the whole 95% interval of the share of pairs won is over one half, "
        "contradicted where it is under; ties stand apart."
    ),
    "existence": Sentence("It is supported where each of its parts is found."),
}
"""The types of claims, and what makes a verdict of the rows of each."""
PARAMETERS: Final = ("rubric", "above", "below")
"""What the query of a claim can be given."""
CEILINGS: Final = {
    "diagram": (
        (COP + "HighParticipation",),
        (COP + "LowParticipation", COP + "MediumParticipation"),
    ),
    "text": ((COP + "MediumParticipation", COP + "HighParticipation"), (COP + "LowParticipation",)),
}
"""Levels above and below the ceiling, as Diagram 1 has it and as the text has it (A9)."""
OF_A_LEVEL: Final = frozenset({COP + "hasDecisionRights", COP + "hasParticipationLevel"})
"""What a level is, or follows from."""
BOUNDS: Final = frozenset(COP + name for name in ("countryCode", "hasServiceType"))
"""What says of which service and country the rows are, and may be named or not."""
YEARS: Final = frozenset(COP + name for name in ("startYear", "endYear", "observedYear"))
"""What says of which years rows are: a comparison matches those as near as its header says."""
_GIVEN: Final = re.compile(r"VALUES\s*\(?([^(){}]*)\)?\s*\{([^{}]*)\}")
"""Variables and rows of what a query gives."""
PARTS: Final = ("support", "counterexamples", "undetermined")
"""The sides on which a row can stand."""


class QueryFailed(QueryError):
    """A query of this package that a store refused, or broke over: says which, and why."""

    exit_code = 3

    def __init__(self, what: str, reason: Exception) -> None:
        why = " ".join(str(reason).removeprefix("the query failed: ").split())
        super().__init__(f"{what} failed: {why or type(reason).__name__}")


class BrokenClaim(QueryFailed):
    """A claim whose files do not make a test: says which, and why."""

    def __init__(self, why: str) -> None:
        Exception.__init__(self, why)


class NoTest(DataError):
    """A file of ``queries/claims/`` that makes no test.

    Attributes:
        fix: what to do.
    """

    def __init__(self, path: Path, why: str, fix: str) -> None:
        super().__init__(f"{path}: {why}")
        self.fix = fix


class Test(NamedTuple):
    """How a claim is tested: its query, and what the header says.

    Attributes:
        claim, type: its id and one of :data:`TYPES`.
        needs, opposites: IRIs of the parts that it names, and of what a comparison sets them
            against: each is judged by itself.
        sides: what stands on each side, in words.
        wanted: the kind of case that would bring an untested claim to a verdict.
        columns: those of its query.
        sets: name and words of its condition and outcome as crisp sets (see
            :mod:`coproduction.evidence.crisp_sets`); nothing of other types.
        within: how many years may lie between the two cases of a pair.
        held_against_placements: whether rows are held against the placements of the source, so
            that how these were read bears on the claim.
    """

    claim: str
    type: str
    readings: tuple[str, ...]
    rests_on: tuple[str, ...]
    needs: tuple[str, ...]
    opposites: tuple[str, ...]
    caution: str
    wanted: str
    sides: dict[str, str]
    columns: tuple[str, ...]
    sets: tuple[tuple[str, str], ...]
    within: int
    held_against_placements: bool
    query: Question

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that are judged, each an IRI or, in a comparison, two; one without a name."""
        pairs = ((a, b) for a in self.needs or ("",) for b in self.opposites or ("",))
        return tuple(" ".join(filter(None, pair)) for pair in pairs)

    @property
    def fixes_condition(self) -> bool:
        """Whether its query asks for rows with the condition alone, so that none can lack it."""
        text = self.query.text
        given = [rows for names, rows in _GIVEN.findall(text) if "?condition" in names.split()]
        is_computed = "AS ?condition" in text
        return bool(given) and not is_computed and not any("false" in rows for rows in given)

    @property
    def bounds(self) -> frozenset[str]:
        """The properties by which its query picks or matches rows, but for those it rests on."""
        return (BOUNDS | YEARS) & _named(self.query.text) - {*self.rests_on}

    @property
    def is_of_services(self) -> bool:
        """Whether its rows are services, each with the cases in it."""
        return "cop:hasServiceType ?row" in self.query.text

    @property
    def takes_rubric(self) -> bool:
        """Whether the verdict rests on a level that a rubric gives."""
        return "rubric" in self.query.parameters

    @property
    def takes_level(self) -> bool:
        """Whether it rests on a level or on the rights that give one, by a rubric or by itself."""
        return self.takes_rubric or bool(OF_A_LEVEL & set(self.rests_on))

    @property
    def takes_ceiling(self) -> bool:
        """Whether the verdict rests on where the ceiling stands."""
        return bool({"above", "below"} & set(self.query.parameters))

    def text(self, **given: Iterable[str]) -> str:
        """Give the query with IRIs for those of :data:`PARAMETERS` that it has."""
        terms = {
            name: " ".join(str(ox.NamedNode(iri)) for iri in given[name])
            for name in self.query.parameters
        }
        return self.query.fill(terms)


@cache
def _named(text: str) -> frozenset[str]:
    return frozenset(iris_named(text))


class ClaimFiles(NamedTuple):
    """What the folder of claims holds.

    Attributes:
        tests: the tests by the claim's id.
        broken: what is wrong, by the id of each claim whose files do not make a test.
        strays: what is wrong with files that tell no claim.
        fixes: what to do, by what is wrong; nothing of a header that cannot be read.
    """

    tests: dict[str, Test]
    broken: dict[str, str]
    strays: tuple[str, ...]
    fixes: dict[str, str]


def claim_tests() -> dict[str, Test]:
    """Give the tests of the claims that cases can test, by the claim's id."""
    return claim_files().tests


@cache
def claim_files() -> ClaimFiles:
    """Read the packaged files of the claims, as :func:`claim_files_in`."""
    return claim_files_in(data_dir(FOLDER))


def claim_files_in(place: Path) -> ClaimFiles:
    """Read the files of the claims; what is wrong with one takes no other claim down."""
    tests: dict[str, Test] = {}
    broken: dict[str, str] = {}
    strays, fixes = [], {}
    folder = read_folder(place)

    def tell(path: Path, why: str, claim: str = "") -> None:
        named = _CALLED.match(path.name)
        claim = claim or (named[1].upper() if named else "")
        if claim:
            broken.setdefault(claim, why)
        else:
            strays.append(why)

    for path, why in folder.broken.items():
        tell(path, why)
    for query in folder.questions:
        claim = str(query.header.get("claim") or "")
        try:
            test = _test(query)
            if claim in tests:
                other = tests[claim].query.path.name
                fix = Sentence("Give one of the two a claim of its own, or take it away.")
                raise NoTest(query.path, f"{other} is of {claim} too", fix)
            tests[claim] = test
        except DataError as error:
            if isinstance(error, NoTest):
                fixes[str(error)] = error.fix
            tell(query.path, str(error), claim)
    tests = {claim: test for claim, test in sorted(tests.items()) if claim not in broken}
    return ClaimFiles(tests, broken, tuple(strays), fixes)


UNNAMED: Final = (("CONDITION", Sentence("condition")), ("OUTCOME", Sentence("outcome")))
"""Name and words of condition and outcome where the header of a claim has no others."""
_NAME_OF_SET: Final = re.compile(r"[A-Z][A-Z0-9]*$")
_CALLED: Final = re.compile(r"(c\d+)\.rq$")


def test_of(claim: str) -> Test | None:
    """Give the test of a claim, or None where cases cannot test it.

    Raises:
        BrokenClaim: its files do not make a test.
    """
    files = claim_files()
    if claim in files.broken:
        raise BrokenClaim(files.broken[claim])
    return files.tests.get(claim)


def _test(query: Question) -> Test:
    """Read the test that a file is, whose header, columns and parameters are looked at.

    Raises:
        NoTest: it is none.
        DataError: its header cannot be read.
    """
    header, path = query.header_of(set()), query.path
    for name in ("claim", "sides", "summary", "type", "wanted"):
        if not header.get(name):
            why = f"the header has no {name} (a line '#+ {name}: ...')"
            raise NoTest(path, why, Sentence("Add the line '#+ {name}: ...'.", name=name))
    kind = str(header["type"])
    if kind not in TYPES:
        why = f"the type is one of {', '.join(TYPES)}, not {kind!r}"
        fit = Sentence("Write the one that fits the claim behind '#+ type:'.")
        near = nearest(kind, TYPES)
        right = f"#+ type: {near}"
        raise NoTest(path, why, Sentence("Write '{right}'.", right=right) if near else fit)
    for name in ("rests_on", "needs", "opposites"):
        if not isinstance(header.get(name) or [], list):
            right = f"#+ {name}: [cop:hasProviderSector]"
            fix = Sentence("Write '{right}'.", right=right)
            raise NoTest(path, f"{name} in the header is a list", fix)
    sides = header["sides"]
    # Nothing can speak against an existence claim.
    wanted = [part for part in PARTS if part != "counterexamples" or kind != "existence"]
    if not isinstance(sides, dict) or not all(sides.get(part) for part in wanted):
        lines = " ".join(f"'#+   {part}: ...'" for part in wanted)
        why = f"sides in the header says who stands where, in lines {lines}"
        fix = Sentence("Write under '#+ sides:' the lines {lines}.", lines=lines)
        raise NoTest(path, why, fix)
    columns = parts_of(query.text).variables
    lacking = [name for name in COLUMNS[kind] if name not in columns]
    if lacking:
        named = " ".join(f"?{name}" for name in COLUMNS[kind])
        why = f"a claim of the type {kind} gives {named}, and ?{lacking[0]} is no column"
        raise NoTest(path, why, Sentence("Select {named}, or correct the type.", named=named))
    within = _within(query)
    sets = _sets(query, kind)
    _check_parameters(query)
    return Test(
        claim=str(header["claim"]),
        type=kind,
        readings=query.readings,
        rests_on=_iris(header, "rests_on"),
        needs=_iris(header, "needs"),
        opposites=_iris(header, "opposites"),
        caution=query.caution,
        wanted=str(header["wanted"]).strip(),
        sides={part: str(sides[part]).strip() for part in wanted},
        columns=columns,
        sets=sets,
        within=within,
        held_against_placements=bool(header.get("held_against_placements")),
        query=query,
    )


def _iris(header: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(expand(str(each)) or str(each) for each in header.get(name) or ())


def _within(query: Question) -> int:
    """Give how many years may lie between the two cases of a pair."""
    within = query.header_of(set()).get("within", YEARS_APART)
    if not isinstance(within, int) or within < 0:
        right = f"#+ within: {YEARS_APART}"
        raise NoTest(
            query.path,
            "within in the header is a number of years",
            Sentence("Write '{right}'.", right=right),
        )
    return within


def _sets(query: Question, kind: str) -> tuple[tuple[str, str], ...]:
    """Give name and words of condition and outcome, which a header may name by ``sets``."""
    if "condition" not in COLUMNS[kind]:
        return ()
    named = query.header_of(set()).get("sets", dict(UNNAMED))
    if (
        isinstance(named, dict)
        and len(named) == 2
        and all(map(_NAME_OF_SET.match, map(str, named)))
    ):
        return tuple((str(name), str(words)) for name, words in named.items())
    right = f"#+ sets: {{{', '.join(': '.join(each) for each in UNNAMED)}}}"
    why = "sets in the header names condition and outcome, in capital letters, each with words"
    raise NoTest(query.path, why, Sentence("Write '{right}'.", right=right))


def _check_parameters(query: Question) -> None:
    """Refuse a parameter that no claim is given, or that the query has no place for."""
    for name in query.parameters:
        if name not in PARAMETERS:
            why = f"a claim is given {', '.join(PARAMETERS)}, and no {name}"
            fix = Sentence("Take {name} out of the parameters.", name=name)
            raise NoTest(query.path, why, fix)
        try:
            query.fill({name: ""})
        except UnknownName:
            fix = Sentence(
                "Add the line VALUES ?{name} {{ ... }} with its default, or drop the entry.",
                name=name,
            )
            why = f"the query has no VALUES ?{name} {{ ... }} for its parameter"
            raise NoTest(query.path, why, fix) from None


YEARS_APART: Final = 5
"""Years that may lie between the two cases of a pair where a comparison does not say."""
COLUMNS: Final = {
    "necessity": ("row", "condition", "outcome"),
    "sufficiency": ("row", "condition", "outcome"),
    "tendency": ("row", "condition", "outcome"),
    "comparison": ("row", "group", "stratum", "outcome", "from", "to"),
    "existence": ("row", "part"),
}
"""The columns that the query of a claim has, by its type."""
