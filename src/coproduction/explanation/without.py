"""What the verdict on a claim would be without a case, under each rubric and by each ceiling."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

import pyoxigraph as ox

from ..evidence.claims import CEILINGS, QueryFailed, test_of
from ..evidence.in_scope import without_arrangements
from ..evidence.ledger import Evidence
from ..evidence.verdict import Verdict
from ..messages import Speaker
from ..names import COP, RDF
from ..store.protocol import Store
from ..wording.phrases import begun, phrase


def without_it(
    store: Store,
    iri: str,
    claim: str,
    spoilt: Callable[[], Mapping[str, Collection[str]]],
    say: Speaker,
) -> Iterator[str]:
    """Tell what the verdict on a claim would be without a case, also where it would be the same.

    Args:
        store: what is in scope, small enough to be copied.
        iri: an arrangement; of what is no case, and counts for no claim, nothing is told.
        claim: the id of a claim that is tested.
        spoilt: gives what breaks the shapes, as of
            :class:`~coproduction.evidence.ledger.Evidence`.
        say: the language.

    Returns:
        a sentence for all rubrics, or one for each where they differ; and those by the other
        ceiling that differ from these.
    """
    test = test_of(claim)
    if test is None or not store.holds(*map(ox.NamedNode, (iri, RDF + "type", COP + "Case"))):
        return
    try:
        faults = spoilt()
        here = Evidence(store, spoilt=faults, lang=say.lang)
        left = Evidence(without_arrangements(store, {iri}), spoilt=faults, lang=say.lang)
        told = {
            (ceiling, rubric): _told(
                here.under(rubric=rubric, ceiling=ceiling).of(claim, rows=False),
                left.under(rubric=rubric, ceiling=ceiling).of(claim, rows=False),
                say,
            )
            for ceiling in (CEILINGS if test.takes_ceiling else (here.ceiling,))
            for rubric in (here.rubrics if test.takes_rubric else (here.rubric,))
        }
    except QueryFailed as error:  # what is explained stands without it
        yield str(error)
        return
    if not test.takes_rubric:
        yield begun(told[here.ceiling, here.rubric])
        return
    for ceiling in sorted({ceiling for ceiling, _ in told}, key=lambda name: name != here.ceiling):
        new = {
            rubric: told[ceiling, rubric]
            for rubric in here.rubrics
            if ceiling == here.ceiling or told[ceiling, rubric] != told[here.ceiling, rubric]
        }
        yield from _by_rubric(new, len(here.rubrics), say, by_text=ceiling != here.ceiling)


def _by_rubric(
    told: Mapping[str, str], rubrics: int, say: Speaker, *, by_text: bool
) -> Iterator[str]:
    """Give what is told with the rubric under which it is so, once where it is so under each."""
    is_one = len(told) == rubrics and len({*told.values()}) == 1
    for rubric in list(told)[:1] if is_one else told:
        under = say("Under each rubric") if is_one else say("Under rubric {name}", name=rubric)
        if by_text:
            under = say("{under} and by the ceiling of the text", under=under)
        yield say("{name}: {told}", name=under, told=told[rubric])


def _told(here: Verdict, left: Verdict, say: Speaker) -> str:
    """Tell the verdict on a claim without a case, beside the one with it."""
    now, then = (phrase(v.verdict, say, is_reserved=v.is_reserved) for v in (here, left))
    if now == then:
        return say(
            'without this case the verdict on {claim} would still be "{now}".',
            claim=here.claim,
            now=now,
        )
    return say(
        'without this case the verdict on {claim} would be "{verdict}", and not "{now}".',
        claim=here.claim,
        verdict=then,
        now=now,
    )
