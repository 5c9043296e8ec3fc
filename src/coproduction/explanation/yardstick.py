"""What a case is held against on a claim: its levels, the cell of the source, the ceiling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..evidence.claims import Test, test_of
from ..evidence.recorded import levels_of
from ..evidence.rows import cells_of_source
from ..evidence.wanting import owned
from ..knowledge.levels import read_by_rubrics, rubrics_of
from ..knowledge.terms import labels_of
from ..messages import Speaker
from ..store.protocol import Store
from .counterfactuals import Outcome
from .targets import by_the_text


def levels_by_test(store: Store, iri: str, claim: str, say: Speaker) -> dict[str, str]:
    """Give the level of an arrangement under each rubric, by the name of the test of a claim.

    Args:
        store: what is in scope, with the levels that follow.
        iri: the arrangement.
        claim: the claim's id, or an empty text; of one that takes no rubric nothing is given.
        say: the language.
    """
    if not _takes_rubric(claim):
        return {}
    found = {
        name: [row["level"] for row in levels_of(store, [iri], prop)]
        for name, prop in rubrics_of(store).items()
    }
    labels = labels_of(store, {level for of in found.values() for level in of}, say.lang)
    return {
        f"rubric {name}": "; ".join(labels[level] for level in of) or say("no level follows")
        for name, of in found.items()
    }


def held_against(
    store: Store, iri: str, claim: str, outcomes: Mapping[str, Outcome], say: Speaker
) -> Iterator[str]:
    """Tell, a sentence each, what an arrangement is held against, and what decides twice.

    Args:
        store: what is in scope.
        iri: the arrangement.
        claim: the claim's id, or an empty text.
        outcomes: where it stands, by the name of the test.
        say: the language.
    """
    test = test_of(claim) if claim else None
    if test is None:
        return
    if test.held_against_placements:
        cell = cells_of_source(store, [iri], say.lang).get(iri)
        if not cell:
            yield say("The source does not place its service.")
        elif say("beside another form") in cell:
            yield say("The source places its service at: {cell}.", cell=cell)
        else:
            yield say("The source places its service, beside its form, at: {cell}.", cell=cell)
    if test.takes_ceiling:
        yield say("The ceiling is that of the diagram, above medium participation.")
        told = _alike(by_the_text(store, iri, test, say), say)
        yield say("{name}: {told}", name=say("By the ceiling of the text"), told=f"{told}.")
    if twice := _twice(store, iri, test, outcomes):
        yield say(
            "One recorded fact, ownership by users, decides both its sector and its level "
            "({names}).",
            names=", ".join(twice),
        )


def _alike(outcomes: Mapping[str, Outcome], say: Speaker) -> str:
    """Tell where it stands under each rubric, once of those under which it is the same."""
    rubrics: dict[str, list[str]] = {}
    for name, outcome in outcomes.items():
        rubrics.setdefault(outcome.words, []).append(name)
    if len(rubrics) == 1:
        return next(iter(rubrics))
    parts = (
        say("{name}: {told}", name=", ".join(names), told=told) for told, names in rubrics.items()
    )
    return say("; ").join(parts)


def _twice(store: Store, iri: str, test: Test, outcomes: Mapping[str, Outcome]) -> list[str]:
    """Give the rubrics under which one fact decides sector and level of an arrangement for it."""
    read = read_by_rubrics(store) if test.takes_rubric else {}
    return [
        name
        for name, props in read.items()
        if outcomes[f"rubric {name}"].verdict == "support" and owned(store, test, [iri], props)
    ]


def _takes_rubric(claim: str) -> bool:
    test = test_of(claim) if claim else None
    return test is not None and test.takes_rubric
