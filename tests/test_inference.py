"""Inference: the rules and HermiT conclude the same, and a store says when that is old."""

from __future__ import annotations

import random
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

import coproduction
from coproduction.disk import open_folder
from coproduction.errors import DataError, UnknownName
from coproduction.inference import INFERRED, classify, infer, is_stale
from coproduction.loading import load
from coproduction.names import COP, RDF
from coproduction.reasoning import classify as hermit
from coproduction.resources import data_dir
from coproduction.store import Store

from .conftest import Run
from .tools import require_java, require_module

GOALS = {COP + "ServiceArrangement", COP + "CeilingBreachingArrangement"}
VALUES = {
    "hasParticipationLevel": ("LowParticipation", "MediumParticipation", "HighParticipation"),
    "hasRelationIntensity": ("SporadicAndDistant", "IntensiveOrEnduring"),
    "hasProviderSector": ("PublicSector", "ThirdSector", "ForProfitSector"),
    "hasDecisionRights": ("Consulted", "MajorityControl"),
    "hasServiceType": ("Childcare", "Housing"),
}


def arrangements(seed: int, number: int) -> str:
    """Give random arrangements: of any class or none, with none, one or two values of each."""
    chance = random.Random(seed)
    lines = []
    for i in range(number):
        node = f"<https://example.org/{i}>"
        lines.append(f"{node} <https://example.org/n> <https://example.org/x> .")
        for kind in ("Case", "Placement", "ServiceArrangement"):
            if chance.random() < 0.3:
                lines.append(f"{node} <{RDF}type> <{COP}{kind}> .")
        for prop, values in VALUES.items():
            for value in chance.sample(values, chance.choice((0, 1, 1, 2))):
                lines.append(f"{node} <{COP}{prop}> <{COP}{value}> .")
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(20))
def test_rules_and_hermit_agree(seed: int) -> None:
    require_java()
    require_module("owlready2")
    text = arrangements(seed, 50)
    ontology = rdflib.Graph().parse(data_dir("ontology") / "coproduction.ttl", format="turtle")
    data = rdflib.Graph().parse(data=text, format="nt")
    for node in set(data.subjects()):
        data.add((node, rdflib.RDF.type, rdflib.OWL.NamedIndividual))
    mine = {
        (individual, kind)
        for individual, kind in hermit(ontology, data)
        if kind in GOALS and individual.startswith("https://example.org/")
    }
    store = Store.packaged(["ontology"])
    store.inner.load(text.encode(), format=ox.RdfFormat.N_TRIPLES)
    said = {
        (quad.subject.value, quad.object.value)
        for quad in store.inner.quads_for_pattern(None, ox.NamedNode(RDF + "type"), None)
        if getattr(quad.object, "value", "") in GOALS
    }
    concluded = {(t.subject.value, t.object.value) for t in infer(store)}
    rules = {pair for pair in said | concluded if pair[0].startswith("https://example.org/")}
    assert rules == mine
    assert {kind for _, kind in concluded} == GOALS


def sheet(path: Path, name: str, rights: str) -> Path:
    path.write_text(
        "id,title,summary,service,country,observed_year,provider,sector,participants,"
        "contributions,decision_rights,intensity,source\n"
        f"{name},T,S,childcare,SE,2020,P,public sector,client in person,core work,{rights},"
        "intensive/enduring,https://example.org/p\n",
        encoding="utf-8",
    )
    return path


def breaching(store: Path) -> set[str]:
    rows = coproduction.open(store=store).query(
        "SELECT ?c WHERE { ?c a cop:Case , cop:CeilingBreachingArrangement }"
    )
    return {str(row["c"]).rpartition("/")[2] for row in rows.rows}


def test_the_inferred_graph_is_replaced_and_told_to_be_old(tmp_path: Path, run: Run) -> None:
    store = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", "a", "majority"), store)
    assert breaching(store) == set()
    done = run("classify", "--store", str(store))
    assert done.code == 0 and "statements inferred by rules" in done.err
    assert breaching(store) == {"a"}
    assert not is_stale(open_folder(store).inner)
    load(sheet(tmp_path / "b.csv", "b", "ownership/employer"), store)
    assert breaching(store) == {"a"} and is_stale(open_folder(store).inner)
    told = run("ask", "glass-ceiling", "--store", str(store)).err
    assert "the inferred graph is older than the cases" in told
    classify(store)
    assert breaching(store) == {"a", "b"}
    inner = open_folder(store).inner
    for quad in inner.quads_for_pattern(None, None, None, INFERRED):
        assert len(list(inner.quads_for_pattern(*quad.triple))) == 1, "no other graph says it"


def test_hermit_writes_the_same_graph(tmp_path: Path) -> None:
    require_java()
    require_module("owlready2")
    store = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", "a", "majority"), store)

    def inferred() -> set[str]:
        quads = open_folder(store).inner.quads_for_pattern(None, None, None, INFERRED)
        return {str(quad) for quad in quads}

    classify(store)
    by_rules = inferred()
    classify(store, "hermit")
    assert inferred() == by_rules


def test_bad_words_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no store"):
        classify(tmp_path / "none")
    assert not (tmp_path / "none").exists()
    with pytest.raises(UnknownName, match="pellet"):
        classify(tmp_path / "none", "pellet")
