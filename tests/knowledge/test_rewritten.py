"""Questions that were rewritten so that they do not grow with the square of the cases.

Their texts before (`tests/frozen/before-limits`) and now have the same columns, rows and order: of
the shipped cases, of 2,000 that were generated, and of some in which properties have several values
or none. What takes the first of many is held against the first of all.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import coproduction
from coproduction import KnowledgeGraph
from coproduction.knowledge.answers import answer
from coproduction.knowledge.questions import Question, find_question, load_question
from coproduction.names import COP, ID
from coproduction.results.fetching import QueryOptions
from coproduction.results.result import Result

ROOT = Path(__file__).parents[2]
BEFORE = sorted((ROOT / "tests" / "frozen" / "before-limits").glob("*.rq"))
ORDERED = {
    "cases-and-ceiling-claim": ("rubric", "bearing", "case"),
    "cases-by-definition": ("case", "definition", "criterion"),
    "cases-like-mine": ("other", "barrier"),
    "complementary-or-core": ("kind", "case"),
    "levels-over-time": ("case", "fromYear", "toYear"),
    "matched-pairs": ("case", "other"),
    "participation-kinds-of-cases": ("case", "kind"),
    "phases-never-covered": ("sector", "phase"),
}
"""The columns by which each is sorted, where it is not the case alone."""
VALUES = {
    "hasServiceType": ("Childcare", "Housing"),
    "hasProviderSector": ("ThirdSector", "PublicSector", "ForProfitSector", "HybridSector"),
    "hasParticipationLevel": ("LowParticipation", "MediumParticipation", "HighParticipation"),
    "levelUnderR0": ("LowParticipation", "HighParticipation"),
    "levelUnderR1": ("MediumParticipation", "HighParticipation"),
    "hasRelationIntensity": ("IntermittentOrShortTerm", "IntensiveOrEnduring"),
    "hasContribution": ("CoreWork", "StaffSubstitution", "ComplementaryWork"),
    "hasParticipantIdentity": ("RelativeOfClient", "ClientInPerson"),
    "hasParticipationKind": ("EconomicParticipation", "SocialParticipation"),
    "hasServicePhase": ("Design", "Delivery"),
    "hasLifeCyclePhase": ("Child", "Elderly"),
    "hasOrganisationForm": ("Cooperative", "Association"),
}


def awkward(path: Path, number: int) -> Path:
    """Write arrangements with several values, none, years of observations and of codings."""
    chance = random.Random(number)
    lines = [f"@prefix cop: <{COP}> .", f"@prefix case: <{ID}case/> .", "@prefix x: <urn:x:> ."]
    for n in range(number):
        subject = f"case:n{n}"
        lines.append(f"{subject} a cop:{'Placement' if n % 9 == 8 else 'Case'} .")
        for name, values in VALUES.items():
            target = f"x:provider{n % 7}" if name == "hasOrganisationForm" else subject
            for value in chance.sample(values, chance.choice((0, 1, 1, 1, 2))):
                lines.append(f"{target} cop:{name} cop:{value} .")
        for country in chance.sample(("SE", "DE"), chance.choice((0, 1, 1, 2))):
            lines.append(f'{subject} cop:countryCode "{country}" .')
        for year in chance.sample(range(1990, 2000), chance.choice((0, 1, 2))):
            lines.append(f"{subject} cop:{chance.choice(('startYear', 'observedYear'))} {year} .")
        if n % 2:
            lines.append(f"{subject} cop:hasProvider x:provider{n % 7} .")
            lines.append(f"{subject} cop:participantCount {chance.randrange(1, 60)} .")
        if n % 4 == 0:
            lines.append(f'{subject} cop:reportedBarrier "time" , "barrier {n}" .')
            lines.append(f"x:seen{n} cop:observes {subject} ; cop:fromYear {1990 + n % 5} ;")
            lines.append(
                f"  cop:hasDecisionRights cop:{chance.choice(('MajorityControl', 'Consulted'))} ;"
            )
            lines.append("  cop:hasParticipationLevel cop:LowParticipation .")
            lines.append(f"{subject} cop:hasCoding x:coding{n} . x:coding{n} cop:toYear 2001 ;")
            lines.append("  cop:codedProperty cop:hasParticipationLevel ;")
            lines.append("  cop:codedValue cop:MediumParticipation .")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, KnowledgeGraph]:
    folder = tmp_path_factory.mktemp("rewritten")
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        from generate import write
    finally:
        sys.path.remove(str(ROOT / "benchmarks"))
    write(2_000, folder / "cases.csv", 0.02)
    generated = coproduction.open(store=folder / "store", create=True)
    assert generated.load(folder / "cases.csv").loaded > 1_900
    return {
        "shipped": coproduction.open(cases=True),
        "generated": generated,
        "awkward": coproduction.open(data=awkward(folder / "awkward.ttl", 60)),
    }


def asked(kg: KnowledgeGraph, question: Question, **given: str | int) -> Result:
    return answer(kg.store, question, QueryOptions(wanted="rows", by=""), "en", given)


def cases_of(graph: str) -> Iterator[dict[str, str]]:
    """Give a question's parameter, the case, as it is and as one that is in scope."""
    yield {}
    names = {"shipped": "stil", "generated": "case-1007", "awkward": "n5"}
    yield {"case": f"{ID}case/{names[graph]}"}


@pytest.mark.slow
@pytest.mark.parametrize("graph", ["shipped", "generated", "awkward"])
@pytest.mark.parametrize("path", BEFORE, ids=lambda path: path.stem)
@pytest.mark.one_in(2)
def test_the_text_now_gives_what_the_text_before_gave(
    path: Path, graph: str, graphs: dict[str, KnowledgeGraph]
) -> None:
    kg, before, now = graphs[graph], load_question(path), find_question(path.stem)
    all_of_them = {"cases": 0} if now.limit else {}
    for given in cases_of(graph) if "case" in now.parameters else ({},):
        old, new = asked(kg, before, **given), asked(kg, now, **given, **all_of_them)
        assert new.variables == old.variables
        assert sorted(map(str, new.terms)) == sorted(map(str, old.terms))
        places = [old.variables.index(name) for name in ORDERED.get(path.stem, ("case",))]
        orders = [[[row[place] for place in places] for row in each.terms] for each in (old, new)]
        assert orders[0] == orders[1]


@pytest.mark.slow
@pytest.mark.parametrize("graph", ["generated", "awkward"])
def test_pairs_of_the_first_cases_are_the_first_pairs_and_all_are_counted(
    graph: str, graphs: dict[str, KnowledgeGraph]
) -> None:
    kg, question = graphs[graph], find_question("matched-pairs")
    every = asked(kg, question, cases=0)
    assert not every.truncated and every.cut == ""
    for most in (1, 5):
        some = asked(kg, question, cases=most)
        first = every.terms[: len(some.terms)]  # rows of one pair come in any order
        assert sorted(map(str, some.terms)) == sorted(map(str, first)) and first
        firsts = {row["case"] for row in some.rows}
        assert len(firsts) <= most and len(some.terms) < len(every.terms)
        rest = {row["case"] for row in every.rows[len(some.terms) :]}
        assert not firsts & rest
        pairs = {(r["case"], r["other"], r["service"], r["country"]) for r in every.rows}
        assert some.truncated and f"{len(pairs):,} pairs" in some.cut
    assert asked(kg, question).terms == asked(kg, question, cases=10).terms


@pytest.mark.slow
@pytest.mark.parametrize("graph", ["generated", "awkward"])
def test_the_cases_most_like_mine_come_first_and_all_are_counted(
    graph: str, graphs: dict[str, KnowledgeGraph]
) -> None:
    kg, question = graphs[graph], find_question("cases-like-mine")
    (_, given) = cases_of(graph)
    every = asked(kg, question, **given, cases=0)
    some = asked(kg, question, **given, cases=3)
    firsts = list(dict.fromkeys(row["other"] for row in every.rows))
    assert list(dict.fromkeys(row["other"] for row in some.rows)) == firsts[:3]
    assert some.terms == every.terms[: len(some.terms)]
    assert f"first 3 of {len(firsts):,} cases" in some.cut
