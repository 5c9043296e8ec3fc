"""Checks of what a claim is said to rest on, ``rests_on``, against what its query asks for.

A row is called interpreted where a value that its claim rests on is: of one that is left out
nobody is told, and one too many calls rows interpreted that are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..evidence.claims import BOUNDS, OF_A_LEVEL, YEARS, Test
from ..knowledge.case_record import case_record
from ..messages import Sentence
from ..names import COP, compact
from ..syntax.sparql import iris_named

_BODIES: Final = frozenset(
    COP + name for name in ("hasProvider", "hasSupporter", "hasFunder", "hasOwner", "hasRegulator")
)
"""What leads to a body, whose form or sector is what a claim rests on."""


def wrong_rests(test: Test) -> Iterator[tuple[str, str]]:
    """Say what a claim's query asks for and ``rests_on`` does not name, and the other way round.

    Not asked for are a value that no case record has, and what only says which rows are compared.
    """
    file, named = test.query.path.name, list(test.rests_on)
    used = set(iris_named(test.query.text))
    if test.takes_rubric:
        used |= OF_A_LEVEL
    fields = {field.path: field.parent for field in case_record().fields}
    lacking = sorted(
        iri
        for iri in used & fields.keys() - set(named) - _excused(test, fields)
        if iri not in OF_A_LEVEL
    )
    if used & OF_A_LEVEL and not OF_A_LEVEL & set(named):
        lacking.append(COP + "hasDecisionRights")
    beyond = [iri for iri in named if iri not in used]
    right = [iri for iri in named if iri in used] + lacking
    line = f"#+ rests_on: [{', '.join(compact(iri) for iri in right)}]"
    fix = Sentence("Write '{right}'.", right=line)
    if lacking:
        yield (
            Sentence(
                "{file} asks for {names}, and rests_on does not name it: a row is not called "
                "interpreted where that value is.",
                file=file,
                names=", ".join(map(compact, lacking)),
            ),
            fix,
        )
    if beyond:
        yield (
            Sentence(
                "{file} names {names} in rests_on, and the query does not ask for it.",
                file=file,
                names=", ".join(map(compact, beyond)),
            ),
            fix if right else Sentence("Name the properties that the query asks for."),
        )


def _excused(test: Test, fields: dict[str, str]) -> frozenset[str]:
    """Give what a query may ask for without resting on it."""
    excused = BOUNDS
    if test.type == "comparison":
        excused |= YEARS
    if any(fields.get(iri) for iri in test.rests_on):  # a value of the body that one leads to
        excused |= _BODIES
    return excused
