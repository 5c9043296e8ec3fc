"""The levels under the rubrics: concluded by a rule, with every load and whatever is taken out."""

from __future__ import annotations

import random
from pathlib import Path

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.cases.loading import load
from coproduction.cases.loads import unload
from coproduction.errors import DataError
from coproduction.evidence.ledger import Evidence
from coproduction.knowledge.levels import (
    INFERRED,
    levels_in,
    rubrics_of,
    terms_in,
    write_levels,
)
from coproduction.knowledge.packaged import with_levels
from coproduction.knowledge.profiled_levels import ProfiledLevels
from coproduction.names import COP, RDF, TERMS
from coproduction.reasoning.inference import classify
from coproduction.resources import data_dir
from coproduction.store.embedded import EmbeddedStore
from coproduction.store.on_disk import changing_with, open_folder
from coproduction.store.protocol import Store

CASES = sorted(data_dir("cases").glob("*.ttl"))
STIL = data_dir("cases") / "stil.ttl"
RYHOV = data_dir("cases") / "ryhov-self-dialysis.ttl"


def levels(store: Store) -> set[tuple[str, str, str]]:
    return {
        (quad.subject.value, quad.predicate.value, quad.object.value)
        for prop in rubrics_of(store).values()
        for quad in store.statements(None, ox.NamedNode(prop), None, INFERRED)
    }


def concluded(store: Store) -> set[tuple[str, str, str]]:
    return {(t.subject.value, t.predicate.value, t.object.value) for t in levels_in(store)}


def test_each_rubric_names_its_property() -> None:
    store = EmbeddedStore.packaged()
    assert rubrics_of(store) == {f"R{n}": f"{COP}levelUnderR{n}" for n in (0, 1, 2)}


def test_levels_of_lines_are_those_of_the_same_statements_in_a_store() -> None:
    """The lines that a rule does not read are passed over; what it reads has to be there."""
    store, graph = EmbeddedStore.packaged(), "https://example.org/graph"
    for path in CASES:
        store.load_own(path, graph)
    said = (quad.triple for quad in store.statements(None, None, None, ox.NamedNode(graph)))
    lines = ox.serialize(said, format=ox.RdfFormat.N_TRIPLES)
    found = ProfiledLevels(terms_in(store)).lines_of(lines).decode().splitlines()
    expected = sorted({f"{triple} ." for triple in levels_in(store, within=graph)})
    assert found == expected and len(found) > 2 * len(CASES)


VALUES = {
    "hasDecisionRights": ("Consulted", "MajorityControl", "InformedOnly"),
    "hasContribution": ("CoreWork", "ManagementOrBoard", "MoneyContribution"),
    "hasRelationIntensity": ("IntensiveOrEnduring", "SporadicAndDistant"),
    "hasServicePhase": ("Design", "Delivery"),
    "hasParticipationLevel": ("LowParticipation", "HighParticipation"),
}


def arrangement(chance: random.Random, name: str) -> str:
    """Give what is said of an arrangement, and of a coding that it may have, as N-Triples."""
    node, said = f"<urn:x:{name}>", [f"<{RDF}type> <{COP}Case>"]
    for prop, values in VALUES.items():
        some = chance.sample(values, chance.choice([0, 0, 1, 1, 2]))
        said += [f"<{COP}{prop}> <{COP}{value}>" for value in some]
    lines = [f"{node} {each} .\n" for each in said]
    kind = chance.choice(["none", "own", "elsewhere", "untold", "leads on", "back"])
    coding = f"<urn:x:{name}/coding>" if kind in ("own", "untold") else f"<urn:y:{name}>"
    if kind != "none":
        lines.append(f"{node} <{COP}hasCoding> {coding} .\n")
    if kind in ("own", "elsewhere", "leads on"):
        lines.append(f"{coding} <{COP}codedProperty> <{COP}hasParticipationLevel> .\n")
    if kind == "leads on":
        lines += [f"{coding} <{COP}hasCoding> {node} .\n"]
    if kind == "back":
        lines += [f"{node} <{COP}hasCoding> {node} .\n"]
        lines += [f"{node} <{COP}codedProperty> <{COP}hasParticipationLevel> .\n"]
    return "".join(chance.sample(lines, len(lines)))


@pytest.mark.parametrize("seed", range(12))
def test_levels_by_profiles_are_those_of_each_arrangement(seed: int) -> None:
    """Part after part; where a coding leads on (some seeds), and where none does."""
    chance = random.Random(seed)
    found_by = ProfiledLevels(terms_in(EmbeddedStore.packaged(TERMS)))
    for part in range(3):
        told = [arrangement(chance, f"{part}-{number}") for number in range(40)]
        if seed % 2:
            told = [each for each in told if "/coding> <" in each or "hasCoding" not in each]
        lines, graph = "".join(told).encode(), "https://example.org/graph"
        store = EmbeddedStore.packaged(TERMS)
        store.add_lines(lines, graph)
        expected = {f"{triple} ." for triple in levels_in(store, within=graph)}
        found = found_by.lines_of(lines).decode().splitlines()
        assert found == sorted(expected) and len(found) > 10


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("cop:hasDecisionRights cop:Consulted", ("Medium", "Medium")),
        ("cop:hasDecisionRights cop:MajorityControl", ("High", "High")),
        (
            "cop:hasDecisionRights cop:Consulted ; cop:hasContribution cop:CoreWork ; "
            "cop:hasRelationIntensity cop:IntensiveOrEnduring",
            ("Medium", "High", "High"),
        ),
        ("cop:hasDecisionRights cop:Consulted ; cop:hasContribution cop:CoreWork", ("Medium",) * 2),
        (
            "cop:hasDecisionRights cop:NoDecisionRights ; cop:hasContribution cop:CoreWork ; "
            "cop:hasRelationIntensity cop:IntensiveOrEnduring",
            ("Low", "Low", "High"),
        ),
        ("cop:hasParticipationLevel cop:LowParticipation", ("Low", "Low")),
        # Rights decide where they are there, whatever level is stated.
        (
            "cop:hasParticipationLevel cop:LowParticipation ; "
            "cop:hasDecisionRights cop:MajorityControl",
            ("High", "High"),
        ),
        (
            "cop:hasParticipationLevel cop:LowParticipation ; cop:hasCoding "
            "[ cop:codedProperty cop:hasParticipationLevel ]",
            (),
        ),
        ("cop:hasServiceType cop:Housing", ()),
    ],
)
def test_the_levels_that_follow(tmp_path: Path, said: str, expected: tuple[str, ...]) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(f"@prefix cop: <{COP}> . <urn:x:a> a cop:Case ; {said} .", encoding="utf-8")
    store = coproduction.open(path).store
    found = {prop[-2:]: value for row, prop, value in levels(store) if row == "urn:x:a"}
    wanted = dict(zip(("R0", "R1", "R2"), expected, strict=False))
    assert found == {name: f"{COP}{value}Participation" for name, value in wanted.items()}
    alone = {t.object.value for t in levels_in(store, of=ox.NamedNode("urn:x:a"))}
    assert alone == set(found.values())


ENDURING = "; cop:hasRelationIntensity cop:IntensiveOrEnduring"
BRIEF = "; cop:hasRelationIntensity cop:IntermittentOrShortTerm"
DESIGN = "cop:ManagementOrBoard ; cop:hasServicePhase cop:Design"


@pytest.mark.parametrize(
    ("work", "enduring", "brief", "untold"),
    [
        ("cop:CoreWork", "High", "Medium", ""),
        ("cop:StaffSubstitution", "High", "Medium", ""),
        (DESIGN, "High", "Medium", ""),
        ("cop:ManagementOrBoard", "Low", "Low", "Low"),
        ("cop:MoneyContribution ; cop:hasServicePhase cop:Design", "Low", "Low", "Low"),
        ("cop:ComplementaryWork", "Medium", "Low", ""),
        ("cop:ComplementaryWork , cop:CoreWork", "High", "Medium", ""),
        ("cop:MoneyContribution , cop:CoreWork", "High", "Medium", ""),
        ("cop:Monitoring", "Low", "Low", "Low"),
    ],
)
def test_what_users_do_gives_the_level_under_r2(
    tmp_path: Path, work: str, enduring: str, brief: str, untold: str
) -> None:
    """Ownership gives none: the rubric reads what users do, and for how long."""
    path = tmp_path / "a.ttl"
    for more, expected in ((ENDURING, enduring), (BRIEF, brief), ("", untold)):
        said = f"cop:hasDecisionRights cop:OwnershipOrEmployer ; cop:hasContribution {work} {more}"
        path.write_text(f"@prefix cop: <{COP}> . <urn:x:a> a cop:Case ; {said} .", encoding="utf-8")
        store = coproduction.open(path).store
        found = {v for row, prop, v in levels(store) if row == "urn:x:a" and prop.endswith("R2")}
        assert found == ({f"{COP}{expected}Participation"} if expected else set()), more


@pytest.mark.slow
def test_they_follow_every_change_of_a_store(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    for number, path in enumerate(CASES[:3], 1):
        load(path, folder)
        store = open_folder(folder)
        assert levels(store) == concluded(store), number
        store.let_go()
    before = levels(open_folder(folder))
    assert unload(folder, 2) > 0
    store = open_folder(folder)
    assert levels(store) == concluded(store) and levels(store) < before
    store.let_go()
    assert classify(folder) > 0
    store = open_folder(folder)
    assert levels(store) == concluded(store), "the other rules stand beside them"
    assert store.size(INFERRED.value) > len(levels(store))


@pytest.mark.slow
def test_what_replaces_a_case_replaces_its_level(tmp_path: Path) -> None:
    folder, path = tmp_path / "store", tmp_path / "stil.ttl"
    load(STIL, folder)
    rights = "cop:OwnershipOrEmployer"
    text = STIL.read_text(encoding="utf-8")
    assert rights in text
    text = text.replace(rights, "cop:NoDecisionRights")
    path.write_text(text.replace("cop:HighParticipation", "cop:LowParticipation"), encoding="utf-8")
    outcome = load(path, folder, replace=True)
    assert outcome.loaded == 1, outcome
    store = open_folder(folder)
    found = {
        value for row, prop, value in levels(store) if row.endswith("/stil") and "R2" not in prop
    }
    assert found == {f"{COP}LowParticipation"} and levels(store) == concluded(store)


@pytest.mark.slow
def test_a_level_that_a_file_states_is_no_level(tmp_path: Path) -> None:
    path, folder = tmp_path / "stil.ttl", tmp_path / "store"
    stated = f"<{COP[:-1]}/id/case/stil> <{COP}levelUnderR0> <{COP}LowParticipation> ."
    path.write_text(STIL.read_text(encoding="utf-8") + stated, encoding="utf-8")
    load(path, folder)
    for store in (open_folder(folder), coproduction.open(path).store):
        assert levels(store) == concluded(store)
        values = store.values(ox.NamedNode(f"{COP[:-1]}/id/case/stil"), f"{COP}levelUnderR0")
        assert values == [ox.NamedNode(f"{COP}HighParticipation")]


def without_levels(folder: Path) -> None:
    """Take the levels out of a store, which is what an older version wrote."""
    load(RYHOV, folder)
    with changing_with(folder, lambda store: None) as change:
        change.store.drop(INFERRED.value)


@pytest.mark.slow
def test_a_store_of_an_older_version_is_asked_as_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "store"
    without_levels(folder)
    kg = coproduction.open(store=folder)
    assert levels(kg.store) == set()
    verdict = kg.evidence(rubric="R1").of("C51")
    assert f"{COP[:-1]}/id/case/ryhov-self-dialysis" in verdict.found["counterexamples"]
    apart = kg.evidence(rubric="R1", without_source="pestoff-slides").of("C51")
    assert apart.found["counterexamples"] == verdict.found["counterexamples"]
    assert not apart.found["support"], "the placements are left out"
    assert [row["bearing"] for row in kg.ask("CQ40").rows] == ["contradicts"] * 2, "R1 and R2"
    said = kg.explain("ryhov-self-dialysis").conclusions
    assert [conclusion.verdict for conclusion in said] == ["no", "yes", "yes"]
    monkeypatch.setattr("coproduction.store.on_disk._MOST_COPIED", 10)
    with pytest.raises(DataError, match=r"without levels under rubrics: .*classify"):
        Evidence(open_folder(folder))
    classify(folder)
    store = open_folder(folder)
    assert with_levels(store) is store and levels(store) == concluded(store)


def test_writing_them_leaves_other_inferences(tmp_path: Path) -> None:
    store = EmbeddedStore.packaged()
    other = ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:p"), ox.NamedNode("urn:b"))
    stale = ox.Triple(other.subject, ox.NamedNode(f"{COP}levelUnderR0"), other.object)
    store.put(INFERRED.value, [other, stale])
    write_levels(store)
    found = {quad.triple for quad in store.statements(None, None, None, INFERRED)}
    assert other in found and stale not in found and levels(store) == concluded(store)
