"""Graphs that come from no load are changed, and what follows is as if all were made anew."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.cases import consequences
from coproduction.cases.integrity import faults
from coproduction.cases.loads import unload
from coproduction.cases.rebuild import rebuild
from coproduction.cases.updating import GraphChange, Reserved, Update, change_graphs
from coproduction.errors import NoStore
from coproduction.knowledge.followed import followed_in
from coproduction.knowledge.levels import INFERRED, levels_in, rubrics_of
from coproduction.knowledge.summary import Summary, faults_of
from coproduction.names import COP, GRAPH, RDF
from coproduction.reasoning.inference import is_stale
from coproduction.store.disk_layout import live_state
from coproduction.store.embedded import EmbeddedStore
from coproduction.store.on_disk import open_folder
from coproduction.store.originals import kept_files, read_loads

from .test_served_loads import sheet

VALUES = {
    "hasServiceType": ["Housing", "Childcare", "Unknown"],
    "hasProviderSector": ["ThirdSector", "PublicSector"],
    "hasParticipationLevel": ["LowParticipation", "HighParticipation"],
    "hasRelationIntensity": ["IntensiveOrEnduring", "SporadicAndDistant"],
    "hasContribution": ["CoreWork", "ComplementaryWork"],
    "hasPower": ["PowerToOwn", "PowerToBeHeard", "PowerToDecide"],
    "hasSeatSelection": ["InPerson"],
}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    kg = coproduction.open(store=folder, create=True)
    kg.load(sheet(tmp_path, "a", "b"))
    return folder


def statement(chance: random.Random, cases: int) -> str:
    prop = chance.choice([*VALUES, "type"])
    case = f"<https://example.org/case/{chance.randrange(cases)}>"
    if chance.random() < 0.2:
        case = "<https://w3id.org/coproduction/id/case/a>"  # that a load brought
    if prop == "type":
        return f"{case} a cop:Case ."
    return f"{case} cop:{prop} cop:{chance.choice(VALUES[prop])} ."


def check(folder: Path) -> None:
    """Hold what follows, and the counts, against what all graphs give anew."""
    found = open_folder(folder)
    assert found.summary is not None and not list(faults_of(found.summary, Summary.of(found)))
    props = {ox.NamedNode(iri) for iri in rubrics_of(found).values()}
    levels = {
        quad.triple
        for quad in found.statements(None, None, None, INFERRED)
        if quad.predicate in props
    }
    assert levels == set(levels_in(found))
    assert not followed_in(found)


@pytest.mark.parametrize(
    ("seed", "steps"), [(1, 4), *(pytest.param(n, 25, marks=pytest.mark.slow) for n in (2, 3))]
)
@pytest.mark.one_in(9)
def test_what_follows_is_what_all_graphs_give(
    seed: int, steps: int, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    for _ in range(steps):
        if chance.random() < 0.3:
            monkeypatch.setattr(consequences, "MOST", chance.choice([0, 3, 100_000]))
        lines = " ".join(statement(chance, 4) for _ in range(chance.randint(1, 4)))
        graph = f"urn:g{chance.randint(1, 2)}"
        texts = (
            f"INSERT DATA {{ GRAPH <{graph}> {{ {lines} }} }}",
            f"DELETE DATA {{ GRAPH <{graph}> {{ {lines} }} }}",
            f"INSERT DATA {{ {lines} }}",
            "DELETE WHERE { GRAPH <urn:g1> { ?s cop:hasPower ?p } }",
            f"WITH <{graph}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER(STRENDS(STR(?s), '1')) }}",
            "COPY DEFAULT TO <urn:g2>" if chance.random() < 0.2 else "CLEAR DEFAULT",
        )
        change_graphs(store, Update(chance.choice(texts)))
        check(store)
    assert not faults(store)


def quads(folder: Path, graphs: str) -> set[str]:
    """Give the statements of graphs, without the names of blank nodes."""
    found = open_folder(folder)
    return {
        re.sub(r"_:\w+", "_:b", str(quad))
        for quad in found.inner
        if re.fullmatch(graphs, getattr(quad.graph_name, "value", ""))
    }


@pytest.mark.slow
def test_a_store_is_built_again_with_what_came_between_its_loads(
    store: Path, tmp_path: Path
) -> None:
    kg = coproduction.open(store=store)
    case = "<https://w3id.org/coproduction/id/case/b>"
    change_graphs(store, Update("INSERT DATA { GRAPH <urn:u> { <s> <urn:p> _:x } }", base="urn:b:"))
    change_graphs(store, GraphChange("put", "urn:put", b"_:only1 <urn:p> <urn:o> .\n"))
    change_graphs(
        store, GraphChange("post", None, f"{case} <{COP}hasPower> <{COP}PowerToOwn> .\n".encode())
    )
    kg.load(sheet(tmp_path, "c", name="more.csv"))
    # It finds what the second load brought, and so has to come behind it.
    count = f"INSERT {{ GRAPH <urn:n> {{ <urn:all> <urn:n> ?n }} }} WHERE {{ SELECT (COUNT(*) AS ?n) {{ ?c a <{COP}Case> }} }}"
    change_graphs(store, Update(count, using=(GRAPH + "load/2",)))
    change_graphs(store, GraphChange("put", "urn:gone", b""))
    change_graphs(store, GraphChange("delete", "urn:gone"))
    state = live_state(store)
    assert state is not None
    assert [each.after for each in read_loads(store, state).updates] == [1, 1, 1, 2, 2, 2]
    new, newer = tmp_path / "new", tmp_path / "newer"
    for old, made in ((store, new), (new, newer)):
        restored = list(rebuild(old, made))
        assert all(each.is_whole for each in restored), restored
        assert quads(made, r".*") == quads(store, r".*")
        assert not faults(made)
    assert '"1"' in str(quads(newer, "urn:n"))


@pytest.mark.slow
def test_what_cannot_be_done_again_is_told(store: Path, tmp_path: Path) -> None:
    change_graphs(store, Update("INSERT DATA { GRAPH <urn:u> { <urn:s> <urn:p> 1 } }"))
    before = kept_files(store)
    change_graphs(store, Update("DELETE WHERE { GRAPH <urn:u> { ?s ?p ?o } }"))
    (text,) = set(kept_files(store)) - set(before)
    text.unlink()
    told = {each.what: each for each in rebuild(store, tmp_path / "new")}
    assert "lost" in told["update 2 (SPARQL Update)"].told
    assert told["update 1 (SPARQL Update)"].is_whole
    assert "1 statement now, and had 0" in told["the graph <urn:u>"].told
    assert any(each.startswith("update 2: its kept file update.ru") for each in faults(store))


@pytest.mark.slow
def test_a_load_that_was_taken_out_changes_what_an_update_finds(
    store: Path, tmp_path: Path
) -> None:
    copy = f"INSERT {{ GRAPH <urn:c> {{ ?c a <urn:Case> }} }} WHERE {{ GRAPH <{GRAPH}load/1> {{ ?c a <{COP}Case> }} }}"
    change_graphs(store, Update(copy))
    unload(store, 1)
    told = {each.what: each for each in rebuild(store, tmp_path / "new")}
    assert not told["the graph <urn:c>"].is_whole and "left out" in told["the graph <urn:c>"].told


@pytest.mark.slow
def test_a_change_makes_inferences_old(store: Path) -> None:
    kg = coproduction.open(store=store)
    kg.classify()
    assert not is_stale(open_folder(store))
    change_graphs(store, Update("INSERT DATA { <urn:s> <urn:p> 1 }"))
    assert is_stale(open_folder(store))


@pytest.mark.slow
def test_a_load_that_comes_or_goes_beside_a_graph_of_ones_own(store: Path, tmp_path: Path) -> None:
    """What is said there of a loaded case turns its level, and does not once it is gone."""
    case = "<https://w3id.org/coproduction/id/case/a>"
    work = f"{case} cop:hasContribution cop:CoreWork ; cop:hasRelationIntensity cop:IntensiveOrEnduring"
    for more in (work, f"{case} cop:hasDecisionRights cop:MajorityControl", f"{case} a cop:Case"):
        change_graphs(store, Update(f"INSERT DATA {{ GRAPH <urn:own> {{ {more} }} }}"))
    check(store)
    unload(store, 1)
    check(store)
    coproduction.open(store=store).load(sheet(tmp_path, "a", "b", "c"))
    check(store)


@pytest.mark.slow
def test_what_is_refused_changes_nothing(store: Path, tmp_path: Path) -> None:
    state = live_state(store)
    with pytest.raises(Reserved, match="is of a load"):
        change_graphs(store, GraphChange("delete", GRAPH + "load/1"))
    with pytest.raises(Reserved, match="the toolkit's"):
        change_graphs(store, Update("DELETE WHERE { GRAPH ?g { ?s ?p ?o } }"))
    assert not change_graphs(store, GraphChange("delete", "urn:none")).was_there
    assert live_state(store) == state
    with pytest.raises(NoStore):
        change_graphs(tmp_path / "none", Update("CLEAR ALL"))
    assert not (tmp_path / "none").exists()


@pytest.mark.slow
def test_a_value_of_a_term_bears_on_all(store: Path) -> None:
    """What is said of a term of ours may turn the level of any case."""
    own = f"<{COP}AdvisoryBody> <{COP}givesLevelUnderR0> <{COP}HighParticipation>"
    change_graphs(
        store,
        Update(
            f"INSERT DATA {{ <urn:c> a <{COP}Case> ; <{COP}hasDecisionRights> <{COP}AdvisoryBody> }}"
        ),
    )
    change_graphs(store, Update(f"INSERT DATA {{ {own} }}"))
    check(store)
    change_graphs(store, Update(f"DELETE DATA {{ {own} }}"))
    check(store)


def test_a_store_in_memory_knows_a_case_by_its_type() -> None:
    alone = EmbeddedStore()
    alone.update(f"INSERT DATA {{ GRAPH <urn:g> {{ <urn:c> <{RDF}type> <{COP}Case> }} }}")
    assert [graph.value for graph in consequences.own_graphs(alone)[1:]] == ["urn:g"]
