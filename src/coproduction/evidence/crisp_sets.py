"""The rows of a claim as crisp sets, a row a case, as Qualitative Comparative Analysis reads them.

Condition and outcome are those of the claim; only rows of which both are told are here, so that
consistency and coverage over this table are those of the verdict. Beside them stand the sets of
the view ``crisp-sets`` that do not rest on what the claim itself rests on, and of which anything
is told. 1 is a member, 0 none, and an empty cell is not told (``NA`` in R).

The names are valid in R and in expressions such as ``THIRD*~CORE``; a claim names its own by
``sets`` in the header of its query.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from ..errors import DataError
from ..knowledge.views import rows_of_view
from ..messages import Sentence, Speaker
from ..results.result import Result
from .claims import COLUMNS, Test, claim_tests, test_of
from .wanting import circular

if TYPE_CHECKING:
    from .ledger import Evidence

SETS: Final = {
    "THIRD": Sentence("third sector provider"),
    "ENDURING": Sentence("enduring relation"),
    "CORE": Sentence("core work or substitution"),
    "COMPLEMENT": Sentence("complementary work"),
    "COLLECTIVE": Sentence("collective action"),
}
"""The sets of the view ``crisp-sets``, in the order of their columns, in words."""
_BATCH: Final = 500


class CrispSet(NamedTuple):
    """A set to which a case belongs or not.

    Attributes:
        name: of its column.
        words: what it is, in a language.
        property: IRI of the property that makes a case a member; empty for condition and outcome.
    """

    name: str
    words: str
    property: str = ""


class CrispRow(NamedTuple):
    """A case.

    Attributes:
        iri, label: of the arrangement.
        case: a short name for it, which no other row has.
        values: 1, 0 or None of each set, in the order of the sets.
    """

    iri: str
    label: str
    case: str
    values: tuple[int | None, ...]


class CrispSets(NamedTuple):
    """The rows of a claim as crisp sets.

    Attributes:
        claim, label, rubric: the claim, its text and the rubric of the levels, if it takes one.
        sets: the condition, the outcome, and further conditions.
        rows: the cases, in the order of their short names.
        circular: names of the conditions off which the rubric reads the level too, or of which
            one recorded fact, ownership by users, decides membership and level alike.
        lang: language of the words.
    """

    claim: str
    label: str
    rubric: str
    sets: tuple[CrispSet, ...]
    rows: tuple[CrispRow, ...]
    circular: tuple[str, ...] = ()
    lang: str = "en"

    @property
    def outcome(self) -> CrispSet:
        """The set that is to be explained."""
        return self.sets[1]

    @property
    def conditions(self) -> tuple[CrispSet, ...]:
        """The sets that may explain it, that of the claim first."""
        return (self.sets[0], *self.sets[2:])

    @property
    def complete(self) -> tuple[CrispRow, ...]:
        """The rows without an empty cell."""
        return tuple(row for row in self.rows if None not in row.values)

    @property
    def incomplete(self) -> tuple[CrispRow, ...]:
        """The rows with an empty cell."""
        return tuple(row for row in self.rows if None in row.values)

    def result(self) -> Result:
        """Give the table: ``case``, then a column for each set."""
        columns = ["case", *(each.name for each in self.sets)]
        return Result.of_rows(columns, [(row.case, *row.values) for row in self.rows], self.claim)


def crisp_sets(evidence: Evidence, claim: str, say: Speaker) -> CrispSets:
    """Give the rows of a claim as crisp sets.

    Args:
        evidence: what is in scope, under a rubric; rows that it leaves out are left out here.
        claim: the id of a claim of necessity, sufficiency or a tendency.
        say: the language of the words.

    Raises:
        DataError: the claim has no condition and outcome.
        UnknownName: there is no such claim.
        QueryFailed: the store refused a query, or broke over it.
    """
    verdict = evidence.of(claim, rows=False)
    test = test_of(verdict.claim)
    if test is None or not test.sets:
        having = [name for name, each in claim_tests().items() if "condition" in COLUMNS[each.type]]
        raise DataError(
            f"{verdict.claim} has no condition and outcome, which a table of crisp sets is made "
            f"of; those that have: {', '.join(having)}"
        )
    sides = evidence.sides(test)
    told = {
        iri: (int(condition), int(outcome))
        for (condition, outcome), iris in sides.cells.items()
        if condition is not None and outcome is not None
        for iri in iris
    }
    members, properties = _memberships(evidence, test, told)
    own = [CrispSet(name, say(words)) for name, words in test.sets]
    further = [
        CrispSet(name, say(words), properties[name])
        for name, words in SETS.items()
        if name in properties and name not in dict(test.sets)
    ]
    labels, cases = evidence.labels(told), _short(told)
    rows = [
        CrispRow(
            iri,
            labels[iri],
            cases[iri],
            (*values, *(members.get((iri, each.name)) for each in further)),
        )
        for iri, values in told.items()
    ]
    read = evidence.read[verdict.rubric] if verdict.rubric else frozenset()
    twice = circular(evidence.store, test, sides, read)
    mixed = [own[0].name] if twice is not None and twice.k else []
    return CrispSets(
        verdict.claim,
        verdict.label,
        verdict.rubric,
        (*own, *further),
        tuple(sorted(rows, key=lambda row: row.case)),
        (*mixed, *(each.name for each in further if each.property in read)),
        say.lang,
    )


def _memberships(
    evidence: Evidence, test: Test, iris: Iterable[str]
) -> tuple[dict[tuple[str, str], int], dict[str, str]]:
    """Give 1 or 0 by arrangement and set, and the property of each set of which any is told.

    What breaks the shapes is not told, and what the claim itself rests on is in its own sets.
    """
    members: dict[tuple[str, str], int] = {}
    properties: dict[str, str] = {}
    in_order = sorted(iris)
    for start in range(0, len(in_order), _BATCH):
        nodes = map(ox.NamedNode, in_order[start : start + _BATCH])
        for row in rows_of_view(evidence.store, "crisp-sets", row=nodes):
            iri, name, prop = row["row"], row["set"], row["property"]
            if prop not in test.rests_on and prop not in evidence.spoilt.get(iri, ()):
                members[iri, name] = int(row["member"])
                properties[name] = prop
    return members, properties


def _short(iris: Iterable[str]) -> dict[str, str]:
    """Give a short name for each IRI: its last part, or all of it where another has that too."""
    last = {iri: iri.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1] for iri in iris}
    often = Counter(last.values())
    return {iri: name if name and often[name] == 1 else iri for iri, name in last.items()}
