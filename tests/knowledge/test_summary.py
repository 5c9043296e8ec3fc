"""Counts by the summary of a store are those by a scan of its cases, whatever was done to it."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib

import coproduction
from coproduction.cases.intake import _KnownSubjects
from coproduction.cases.integrity import faults
from coproduction.cases.loading import load
from coproduction.cases.loads import unload
from coproduction.evidence import claims
from coproduction.evidence.by_profiles import cases_of, has_levels, rows_counted
from coproduction.evidence.claims import CEILINGS, claim_tests
from coproduction.evidence.ledger import Evidence
from coproduction.evidence.sides import counting, ones_on_side
from coproduction.evidence.undetermined import rows_waiting, undetermined_rows
from coproduction.knowledge.case_record import case_record
from coproduction.knowledge.counts import FOLDER, counted, profiles_for
from coproduction.knowledge.packaged import changing
from coproduction.knowledge.questions import Question, all_questions, find_question
from coproduction.knowledge.summary import (
    Summary,
    _node,
    cases_alone,
    counted_again,
    cubes_in,
    faults_of,
    read_summary,
    text_of,
)
from coproduction.knowledge.views import rows_of_view
from coproduction.names import COP, GRAPH, RDF, SUMMARY
from coproduction.reasoning.inference import classify
from coproduction.resources import data_dir
from coproduction.store import on_disk
from coproduction.store.disk_layout import live_state
from coproduction.store.embedded import EmbeddedStore
from coproduction.store.lookup import rows_of
from coproduction.store.on_disk import open_folder
from coproduction.syntax.by_subject import statements_by_subject
from coproduction.syntax.sparql import iris_named

from ..cases.test_load import GOOD, sheet
from ..conftest import Run
from ..sparql_server import serving

TEXTS = all_questions(FOLDER)
BY_CUBE = [test for test in claim_tests().values() if "cube" in test.query.header]
CUBE = "https://w3id.org/coproduction/id/cube/"
CASE = "https://w3id.org/coproduction/id/case/"
VALUES = {
    "hasServiceType": ["Housing", "Childcare", "Eldercare", "Unknown"],
    "hasProviderSector": ["ThirdSector", "PublicSector", "Unknown"],
    "hasParticipationLevel": ["LowParticipation", "MediumParticipation", "HighParticipation"],
    "hasRelationIntensity": ["IntensiveOrEnduring", "SporadicAndDistant"],
    "hasDecisionRights": ["AdvisoryBody", "MajorityControl", "Unknown"],
    "hasContribution": ["CoreWork", "MoneyContribution", "ManagementOrBoard"],
    "hasStaffClientRelation": ["Complementary", "Supplementary"],
    "hasActType": ["IndividualAct", "CollectiveAction", "MixedAction"],
    "hasFoundingReason": ["UnmetDemandForQuality", "UnmetDemandForQuantity"],
    "hasAnalysisLevel": ["MicroLevel", "MesoLevel"],
    "hasFormality": ["Formal", "MixedFormality"],
    "hasParticipantIdentity": ["ClientInPerson", "RelativeOfClient"],
    "hasLifeCyclePhase": ["Child", "Elderly"],
    "hasSpecialSituation": ["NoSpecialSituation", "ChronicallyIll"],
    "levelUnderR0": ["LowParticipation", "MediumParticipation", "HighParticipation"],
    "levelUnderR2": ["LowParticipation", "HighParticipation"],
}


def question_of(text: Question) -> Question:
    """The question or view that a text stands beside."""
    folders = [folder for folder in ("questions", "views") if has(folder, text.name)]
    return find_question(text.name, f"queries/{folders[0]}")


def has(folder: str, name: str) -> bool:
    return (data_dir(f"queries/{folder}") / f"{name}.rq").is_file()


def answers(store: EmbeddedStore, text: Question) -> list[dict[str, Any]]:
    if has("questions", text.name):
        return [dict(row) for row in coproduction.KnowledgeGraph(store).ask(text.name).rows]
    return list(rows_of_view(store, text.name))


def is_as_scanned(folder: Path) -> None:
    """Every text gives the rows of the scan, and the file is what all cases give."""
    store, scanned = open_folder(folder), open_folder(folder)
    assert store.summary is not None
    scanned.summary = None
    for text in TEXTS:
        instead = counted(store, question_of(text))
        assert instead is not None and counted(scanned, question_of(text)) is None
        assert answers(store, text) == answers(scanned, text), text.name
    assert_alike(store.summary.read_text(encoding="utf-8"), Summary.of(scanned).text())
    with_rows: set[str] = set()
    for test in BY_CUBE:
        for rubric in ("R0", "R1", "R2"):
            above, below = CEILINGS["diagram"]
            text = test.text(rubric=[f"{COP}levelUnder{rubric}"], above=above, below=below)
            query = counting(test, text)
            assert query is not None
            found = [numbers(rows_counted(each, test, text, query)) for each in (store, scanned)]
            assert found[0] == found[1], (test.claim, rubric)
            with_rows.update(found[0] and [test.claim])
    assert with_rows >= {"C16", "C17", "C46", "C47", "C49", "C50", "C51"}


def assert_waiting_as_scanned(folder: Path) -> None:
    """What claims leave undetermined is counted by profiles as it is found by a scan."""
    store, scanned = open_folder(folder), open_folder(folder)
    scanned.summary = None
    ledgers = [Evidence(each) for each in (store, scanned)]
    of_profiles = 0
    for test in BY_CUBE:
        verdict, seen = (each.with_rows_found(test.claim) for each in ledgers)
        counts = undetermined_rows(ledgers[0], test, verdict)
        waiting = rows_waiting(test, seen.found, seen.cells, ledgers[1].statuses_of(test))
        assert counts in (None, (len(waiting), min(waiting, default=""))), test.claim
        of_profiles += counts is not None
    assert of_profiles or verdict.conflicts, "no example of a profile was known"


def assert_alike(kept: str, counted_now: str) -> None:
    """Two texts of a summary say the same, but that examples may lack which were taken off."""
    examples, rest = [], []
    for text in (kept, counted_now):
        lines = text.split("\n")[1:]
        told = [line for line in lines if f"<{COP}exampleCase>" in line]
        examples.append({line.split(" ", 1)[0]: line for line in told})
        rest.append([line for line in lines if line not in told])
    assert rest[0] == rest[1]
    both = examples[0].keys() & examples[1].keys()
    assert [examples[0][node] for node in both] == [examples[1][node] for node in both]


def numbers(rows: list[dict[str, str]]) -> Counter[frozenset[str]]:
    """How many rows say what; a row says several things in any order."""
    found: Counter[frozenset[str]] = Counter()
    for row in rows:
        found[frozenset(row.get("said", row.get("part", "")).split(";"))] += int(row["n"])
    return found


def term(name: str) -> ox.NamedNode:
    return ox.NamedNode(COP + name)


def some_case(chance: random.Random, number: int) -> list[ox.Triple]:
    """Give a case with no, one or several values of each property."""
    node = ox.NamedNode(f"{CASE}{number}")
    triples = [ox.Triple(node, ox.NamedNode(RDF + "type"), term("Case"))]
    for prop, names in VALUES.items():
        for name in chance.sample(names, chance.choice((0, 1, 1, 1, 2))):
            triples.append(ox.Triple(node, term(prop), term(name)))
    if chance.random() < 0.5:
        triples.append(ox.Triple(node, term("startYear"), ox.Literal(chance.choice((1990, 2001)))))
        triples.append(
            ox.Triple(node, term("countryCode"), ox.Literal(chance.choice(("SE", "DE"))))
        )
    return triples


def put_graph(folder: Path, number: int, triples: list[ox.Triple]) -> None:
    graph = ox.NamedNode(f"{GRAPH}load/{number}")
    with changing(folder) as change:
        change.store.add(ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_counts_are_those_of_a_scan_where_cases_have_several_values(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    folder = tmp_path / "store"
    for number in range(1, 4):
        cases = chance.sample(range(30), 15)  # a case may be in several graphs
        put_graph(folder, number, [t for case in cases for t in some_case(chance, case)])
        is_as_scanned(folder)
    assert_waiting_as_scanned(folder)


@pytest.mark.parametrize("seed", range(8))
def test_cases_that_are_touched_are_counted_again_over_all_graphs(seed: int) -> None:
    chance = random.Random(seed)
    store = EmbeddedStore.packaged()
    summary = Summary.of(store)
    numbers: list[int] = []
    for step in range(12):
        number = step if len(numbers) < 2 or chance.random() < 0.6 else chance.choice(numbers)
        graph = ox.NamedNode(f"{GRAPH}load/{number}")
        new = [t for case in chance.sample(range(20), 8) for t in some_case(chance, case)]
        if number in numbers:
            with counted_again(summary, store, graph) as is_counted:
                store.drop(graph.value)
            numbers.remove(number)
        else:
            cases = {triple.subject for triple in new}
            summary.add(cases_alone(store, cases, summary.properties), -1)
            store.add(ox.Quad(t.subject, t.predicate, t.object, graph) for t in new)
            summary.add(cases_alone(store, cases, summary.properties))
            numbers.append(number)
            is_counted = True
        assert is_counted
        assert_alike(text_of(summary, store), Summary.of(store).text())


def rows(chance: random.Random, numbers: list[int]) -> list[dict[str, str]]:
    return [
        GOOD
        | {
            "id": f"c{number}",
            "title": f"Case {number}",
            "service": chance.choice(("housing", "childcare", "eldercare")),
            "sector": chance.choice(("third sector", "public sector", "unknown")),
            "decision_rights": chance.choice(("majority", "advisory body", "unknown")),
            "contributions": chance.choice(("core work", "money", "core work; money")),
            "intensity": chance.choice(("intensive/enduring", "sporadic and distant", "unknown")),
            "start_year": chance.choice(("1990", "2001")),
        }
        for number in numbers
    ]


STEPS = ("load", "load", "replace", "unload", "classify", "load")


@pytest.mark.parametrize("seed", [pytest.param(n, marks=pytest.mark.slow) for n in range(6)])
@pytest.mark.one_in(6)
def test_loads_that_come_and_go_are_counted(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    folder, loads = tmp_path / "store", []
    for step, what in enumerate((*STEPS, *chance.sample(STEPS, 4 if seed else 0))):
        if what == "unload" and loads:
            unload(folder, loads.pop(chance.randrange(len(loads))))
        elif what == "classify":
            classify(folder)
        else:
            numbers = chance.sample(range(step * 10, step * 10 + 20), 12)
            path = sheet(tmp_path / f"{step}.csv", *rows(chance, numbers))
            number = load(path, folder, replace=what == "replace").load
            loads += [number] if number else []
        is_as_scanned(folder)
    if seed:
        assert faults(folder) == []
        assert_waiting_as_scanned(folder)


def with_blank_node(path: Path, case: str) -> Path:
    path.write_text(
        f"""@prefix cop: <{COP}> . @prefix dcterms: <http://purl.org/dc/terms/> .
        @prefix foaf: <http://xmlns.com/foaf/0.1/> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        <{CASE}{case}> a cop:Case ; rdfs:label "a case"@en ; cop:hasServiceType cop:Housing ;
            cop:summary "A case."@en ; cop:countryCode "SE" ; cop:startYear 1990 ;
            cop:hasParticipantIdentity cop:ClientInPerson ; cop:hasContribution cop:CoreWork ;
            cop:hasProvider <{CASE}{case}/provider> ; cop:hasProviderSector cop:PublicSector ; cop:hasDecisionRights cop:AdvisoryBody ;
            cop:hasRelationIntensity cop:IntensiveOrEnduring ; dcterms:source <urn:x:source> ;
            rdfs:seeAlso [ rdfs:label "a page"@en ] .
        <{CASE}{case}/provider> a foaf:Organization ; rdfs:label "a provider"@en .
        """,
        encoding="utf-8",
    )
    return path


@pytest.mark.slow
def test_a_load_and_an_unload_count_what_they_touch_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, chance = tmp_path / "store", random.Random(1)
    load(sheet(tmp_path / "a.csv", *rows(chance, [1, 2, 3])), folder)

    def never(store: object) -> Summary:
        raise AssertionError("all cases were counted")

    with monkeypatch.context() as patch:
        patch.setattr(Summary, "of", never)
        load(sheet(tmp_path / "b.csv", *rows(chance, [4, 5])), folder)
        assert load(with_blank_node(tmp_path / "c.ttl", "blank"), folder).loaded == 1
        unload(folder, 2)
    is_as_scanned(folder)
    assert_waiting_as_scanned(folder)


def test_a_store_without_a_summary_is_scanned(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", *rows(random.Random(1), [1, 2, 3])), folder)
    state = live_state(folder)
    assert state is not None and state.summary is not None
    state.summary.unlink()
    store = open_folder(folder)
    assert counted(store, find_question("high-share-by-sector")) is None
    assert next(rows_of_view(store, "cases-off-grid"))["cases"] == "3"


@pytest.mark.slow
def test_a_change_that_counts_nothing_leaves_no_summary(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", *rows(random.Random(1), [1, 2, 3])), folder)
    with on_disk.changing_with(folder, lambda store: None) as change:
        change.store.drop(f"{GRAPH}load/1")
    store = open_folder(folder)
    assert store.summary is None
    assert next(rows_of_view(store, "cases-off-grid"))["cases"] == "0"


@pytest.mark.slow
def test_a_stale_summary_is_told_by_check(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", *rows(random.Random(1), [1, 2, 3])), folder)
    state = live_state(folder)
    assert state is not None and state.summary is not None
    before = state.summary.read_bytes()
    load(sheet(tmp_path / "b.csv", *rows(random.Random(2), [4])), folder)
    state = live_state(folder)
    assert state is not None and state.summary is not None
    now = state.summary.read_bytes()
    state.summary.write_bytes(before)
    told = faults(folder)
    assert len(told) == 1 and "is not of the cases in the store" in told[0]
    state.summary.write_bytes(now.replace(b'"1"', b'"2"', 1))
    assert "was cut or changed" in faults(folder)[0]
    store = open_folder(folder)
    assert counted(store, find_question("high-share-by-sector")) is None
    assert next(rows_of_view(store, "cases-off-grid"))["cases"] == "4"


def test_a_summary_by_the_terms_of_another_version_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", *rows(random.Random(1), [1, 2, 3])), folder)
    monkeypatch.setattr("coproduction.knowledge.summary_file.terms_of_summary", lambda: "others")
    store = open_folder(folder)
    assert counted(store, find_question("high-share-by-sector")) is None
    assert store.summary is not None and read_summary(store.summary) is None
    assert list(faults_of(store.summary, Summary.of(store))) == []


def test_no_statement_of_a_summary_is_in_scope(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", *rows(random.Random(1), [1, 2, 3])), folder)
    store = open_folder(folder)
    assert counted(store, find_question("high-share-by-sector"))
    assert SUMMARY not in store.graphs()
    assert not store.holds(None, term("caseCount")) and not store.holds(None, term("inCube"))


@pytest.mark.slow
def test_a_cube_of_the_users_own_is_counted(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    path = tmp_path / "own.ttl"
    own = with_blank_node(path, "own").read_text(encoding="utf-8")
    path.write_text(
        own
        + """<urn:x:cube> a cop:Cube ; rdfs:label "own"@en ; cop:hasDimension <urn:x:dimension> .
        <urn:x:dimension> cop:dimensionOf cop:hasDecisionRights .""",
        encoding="utf-8",
    )
    load(path, folder)
    summary = read_summary(open_folder(folder).summary)
    assert summary is not None
    assert dict(summary.counts["urn:x:cube"]) == {(f"<urn:x:dimension> <{COP}AdvisoryBody>",): 1}
    unload(folder, 1)
    summary = read_summary(open_folder(folder).summary)
    assert summary is not None and "urn:x:cube" not in summary.cubes


def test_a_value_without_a_name_keeps_a_cube_out() -> None:
    store = EmbeddedStore.packaged()
    case = ox.NamedNode(CASE + "1")
    kind = ox.Quad(case, ox.NamedNode(RDF + "type"), term("Case"))
    store.add([kind, ox.Quad(case, term("hasServiceType"), ox.BlankNode())])
    summary = Summary.of(store)
    assert CUBE + "grid" not in summary.counts and CUBE + "year" in summary.counts
    told = summary.left_out
    assert any(f"{CUBE}grid is not counted" in each and "blank node" in each for each in told)
    assert not any(f"{CUBE}year" in each for each in told)


@pytest.mark.slow
def test_check_tells_a_cube_that_is_too_large_and_finds_no_fault(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "store"
    monkeypatch.setattr("coproduction.knowledge.summary.MOST", 2)
    load(sheet(tmp_path / "a.csv", *rows(random.Random(1), [1, 2, 3, 4, 5, 6])), folder)
    told = run("loads", "--check", "--store", str(folder))
    assert told.code == 0 and "whole" in told.out
    assert f"the data cube {CUBE}grid is not counted beforehand" in told.err
    assert "and up to 2 are kept" in told.err
    written = run("export", "--as", "cube", "--store", str(folder))
    assert written.code == 0 and written.err == ""
    assert "cube/grid/observation/3" in written.out
    monkeypatch.setattr("coproduction.knowledge.summary.MOST", 1000)
    load(sheet(tmp_path / "b.csv", *rows(random.Random(1), [7])), folder, replace=True)
    assert run("loads", "--check", "--store", str(folder)).err == ""


def added(summary: Summary, lines: bytes, store: EmbeddedStore) -> bool:
    """Add lines to the summary of a store that they do not stand in."""
    read = {f"<{prop}>".encode() for prop in summary.properties}
    return summary.add_told(statements_by_subject(lines, read), {}, _KnownSubjects(store))


def test_a_number_is_counted_as_the_store_has_it() -> None:
    year = b'"01990"^^<http://www.w3.org/2001/XMLSchema#integer>'
    lines = b"<urn:x:a> <%b> <%b> .\n<urn:x:a> <%b> %b .\n" % (
        *(iri.encode() for iri in (f"{RDF}type", f"{COP}Case", f"{COP}startYear")),
        year,
    )
    store = EmbeddedStore.packaged()
    summary = Summary.of(store)
    assert added(summary, lines, store)
    store.add_lines(lines, f"{GRAPH}load/1")
    assert summary.text() == Summary.of(store).text()


def test_lines_of_a_case_that_is_there_are_not_added() -> None:
    store = EmbeddedStore.packaged()
    kind = f"<urn:x:a> <{RDF}type> <{COP}Case> .\n".encode()
    more = f"<urn:x:a> <{COP}hasServiceType> <{COP}Housing> .\n".encode()
    summary = Summary.of(store)
    assert added(summary, kind + more, store)
    store.add_lines(kind, f"{GRAPH}load/1")
    for lines in (kind, more, b"_:a" + more[len("<urn:x:a>") :]):
        assert not added(Summary.of(store), lines, store)


def test_a_case_in_two_parts_is_not_added_twice() -> None:
    store = EmbeddedStore.packaged()
    kind = f"<urn:x:a> <{RDF}type> <{COP}Case> .\n".encode()
    told = statements_by_subject(kind, [f"<{RDF}type>".encode()])
    known = _KnownSubjects(store)
    assert Summary.of(store).add_told(told, {}, known)
    assert not Summary.of(store).add_told(told, {}, known)
    spoken_of = next(store.statements(None, ox.NamedNode(RDF + "type"))).subject
    told = {str(spoken_of).encode(): told[b"<urn:x:a>"]}
    assert not Summary.of(store).add_told(told, {}, known), "the store says something of it"


def test_literals_of_any_kind_are_told_apart() -> None:
    store = EmbeddedStore.packaged()
    literals = [
        ox.Literal("a b\nc"),
        ox.Literal("a b\nc", language="en"),
        ox.Literal('"é"'),
        ox.Literal("1", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
        ox.Literal("1"),
    ]
    for number, literal in enumerate(literals):
        case = ox.NamedNode(f"{CASE}{number}")
        store.add(
            [
                ox.Quad(case, ox.NamedNode(RDF + "type"), term("Case")),
                ox.Quad(case, term("startYear"), literal),
            ]
        )
    profiles = Summary.of(store).counts[CUBE + "year"]
    assert set(profiles) == {(f"<{COP}startYearDimension> {literal}",) for literal in literals}


def test_the_graphs_on_a_server_are_counted_alike(cases: coproduction.KnowledgeGraph) -> None:
    copy = ox.Store()
    copy.extend(coproduction.open(cases=True, links=True).store.statements())
    with serving(copy) as server:
        served = Summary.of(coproduction.open(endpoint=server.url).store)
    assert served.text() == Summary.of(cases.store).text() and any(served.counts.values())


@pytest.mark.slow
def test_another_engine_gives_the_same_rows(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", *rows(random.Random(1), list(range(30)))), folder)
    store = open_folder(folder)
    for text in TEXTS:
        instead = counted(store, question_of(text))
        assert instead is not None
        graphs = rdflib.Dataset(default_union=True)
        graphs.parse(
            data=ox.serialize(instead[0].statements(), format=ox.RdfFormat.N_QUADS), format="nquads"
        )
        answer = graphs.query(instead[1])
        names = [str(name) for name in answer.vars or ()]
        theirs = [
            {name: str(value) for name, value in zip(names, row, strict=True) if value is not None}
            for row in answer
        ]
        assert theirs == list(rows_of(*instead)), text.name


@pytest.mark.parametrize("test", BY_CUBE, ids=lambda test: test.claim)
def test_a_claim_that_names_a_cube_asks_of_cases_no_more_than_it_has(test: claims.Test) -> None:
    cube = cubes_in(EmbeddedStore.packaged())[test.query.header["cube"]]
    asked = set(iris_named(test.query.text)) & {field.path for field in case_record().fields}
    asked -= {COP + "hasParticipationLevel"}  # of placements; of cases a level under a rubric
    assert asked and asked <= set(cube)


@pytest.mark.slow
def test_verdicts_by_the_summary_are_those_of_the_scan(tmp_path: Path) -> None:
    folder, chance = tmp_path / "store", random.Random(3)
    load(sheet(tmp_path / "a.csv", *rows(chance, list(range(60)))), folder)
    store, scanned = open_folder(folder), open_folder(folder)
    scanned.summary = None
    assert all(profiles_for(store, test.query) for test in BY_CUBE) and len(BY_CUBE) == 13
    for rubric in ("R0", "R2"):
        found, wanted = (
            [
                (each.claim, each.verdict, each.counts, each.basis, each.parts)
                for each in Evidence(of, rubric=rubric).all()
            ]
            for of in (store, scanned)
        )
        assert found == wanted


@pytest.mark.slow
def test_a_case_is_looked_for_where_a_profile_has_lost_its_example(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    load(sheet(tmp_path / "a.csv", *rows(random.Random(3), list(range(40)))), folder)
    store = open_folder(folder)
    summary = read_summary(store.summary)
    assert summary is not None and store.summary is not None
    found = []
    for examples in (summary.examples, {}):
        summary.examples = examples
        store.summary.write_bytes(summary.text().encode())
        store = open_folder(folder)
        test = claim_tests()["C50"]
        text = Evidence(store).text(test)
        query = counting(test, text)
        assert query is not None
        ones = ones_on_side(test, rows_counted(store, test, text, query), "support")
        assert ones and all(one["row"].startswith(SUMMARY) for one in ones)
        cases = [row["row"] for row in cases_of(store, test, ones)]
        assert len(cases) == len(ones)
        properties = cubes_in(store)[CUBE + "rubric"]
        for case, one in zip(cases, ones, strict=True):
            told = {
                f"<{properties[quad.predicate.value]}> {quad.object}"
                for quad in store.statements(ox.NamedNode(case))
                if quad.predicate.value in properties
            }
            (profile,) = (p for p in summary.counts[CUBE + "rubric"] if set(p) == told)
            assert f"<{one['row']}>" == _node(CUBE + "rubric", profile)
        found.append(cases)
    assert [min(case, other) for case, other in zip(*found, strict=True)] == found[0]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
def test_a_text_says_what_it_counts_by(text: Question) -> None:
    original = question_of(text)
    assert text.iris == original.iris or has("questions", text.name)
    header = text.header_of({"summary", "description", "cube"})
    assert header["summary"] == original.header["summary"] and not original.parameters
    asked = set(re.findall(r"\ba (cop:\w+)|(?<= )(cop:dimensionOf) ", text.text))
    asked = {name for either in asked for name in either if name}
    assert asked == set(header.get("terms") or ())
    assert f"cop:inCube cube:{header['cube'].removeprefix(CUBE)}" in text.text


def test_a_claim_under_a_rubric_that_no_cube_has_is_not_counted_by_profiles() -> None:
    """A user may add a rubric: by profiles that have no level under it, no case would have one."""
    store = EmbeddedStore.packaged()
    rubric, kind = ox.NamedNode("urn:R3"), ox.NamedNode(COP + "Rubric")
    own = ox.NamedNode("urn:mine")
    described = {
        RDF + "type": kind,
        "http://www.w3.org/2004/02/skos/core#altLabel": ox.Literal("R3", language="en"),
        COP + "levelProperty": ox.NamedNode(COP + "levelUnderR3"),
    }
    store.add(ox.Quad(rubric, ox.NamedNode(name), value, own) for name, value in described.items())
    profiles = EmbeddedStore()
    cube, dimension = ox.NamedNode(CUBE + "rubric"), ox.NamedNode(COP + "dimensionOf")
    profiles.add([ox.Quad(cube, dimension, ox.NamedNode(COP + "levelUnderR0"))])
    assert has_levels(profiles, store, "SELECT ?s { ?s cop:levelUnderR0 ?level }")
    assert not has_levels(profiles, store, "SELECT ?s { ?s cop:levelUnderR3 ?level }")
    assert has_levels(profiles, store, "SELECT ?s { ?s cop:hasServiceType ?service }")
