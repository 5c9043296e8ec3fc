"""A store that is asked in memory: the same answers as on disk, as long as memory holds it."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.cases.loading import load
from coproduction.cases.loads import unload
from coproduction.errors import DataError, TooLarge
from coproduction.evidence.ledger import Evidence
from coproduction.knowledge.named_things import named_things
from coproduction.knowledge.questions import all_questions
from coproduction.names import COP
from coproduction.resources import data_dir
from coproduction.store import in_memory
from coproduction.web.answering import answered, opened
from coproduction.web.orders import Limits, Order, PageAsked, Scope

from ..conftest import Run
from ..reliability.sheets import write_sheet
from ..tools import require_module

CASES = "SELECT (COUNT(DISTINCT ?c) AS ?n) WHERE { ?c a cop:Case }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the shipped cases."""
    place = tmp_path_factory.mktemp("asked")
    cases = ox.Store()
    for path in sorted(data_dir("cases").glob("*.ttl")):
        cases.load(path=path, format=ox.RdfFormat.TURTLE)
    cases.dump(place / "cases.nq", format=ox.RdfFormat.N_QUADS)
    load(place / "cases.nq", place / "store")
    return place / "store"


@pytest.fixture(scope="module")
def both(folder: Path) -> tuple[coproduction.KnowledgeGraph, coproduction.KnowledgeGraph]:
    return coproduction.open(store=folder), coproduction.open(store=folder, in_memory=True)


def count(graph: coproduction.KnowledgeGraph) -> object:
    return graph.query(CASES).rows[0]["n"]


def test_it_has_the_statements_of_the_folder(
    both: tuple[coproduction.KnowledgeGraph, coproduction.KnowledgeGraph], folder: Path
) -> None:
    disk, memory = (graph.store for graph in both)
    assert set(disk.statements()) == set(memory.statements())
    assert (disk.folder, memory.folder) == (folder, None)


@pytest.mark.slow
def test_every_question_has_the_same_rows(
    both: tuple[coproduction.KnowledgeGraph, coproduction.KnowledgeGraph],
) -> None:
    answered = 0
    for question in all_questions():
        disk, memory = (graph.ask(question.name) for graph in both)
        assert (disk.variables, disk.terms) == (memory.variables, memory.terms), question.name
        answered += len(disk) > 0
    assert answered > 50


@pytest.mark.slow
def test_every_verdict_is_the_same_with_all_its_rows(
    both: tuple[coproduction.KnowledgeGraph, coproduction.KnowledgeGraph],
) -> None:
    disk, memory = (Evidence(graph.store).all() for graph in both)
    assert disk == memory
    assert len(disk) > 15


def test_a_case_that_the_shapes_spoil_is_not_looked_for_in_a_copy(
    both: tuple[coproduction.KnowledgeGraph, coproduction.KnowledgeGraph],
) -> None:
    """Cases of a store were held against the shapes when they were loaded."""
    assert [graph.spoilt.by_case for graph in both] == [{}, {}]


@pytest.mark.slow
def test_what_is_loaded_through_it_is_asked(tmp_path: Path) -> None:
    sheets = [write_sheet(tmp_path / f"{name}.csv", 2, name) for name in "ab"]
    load(sheets[0], tmp_path / "store")
    graph = coproduction.open(store=tmp_path / "store", in_memory=True)
    assert count(graph) == 2
    graph.load(sheets[1])
    assert (count(graph), graph.store.folder) == (4, None)


@pytest.mark.slow
def test_a_server_sees_what_another_process_loads(tmp_path: Path) -> None:
    store = tmp_path / "store"
    load(write_sheet(tmp_path / "a.csv", 2, "a"), store)
    now = opened(Scope(store=str(store), in_memory=True))
    first = now()
    assert now() is first
    load(write_sheet(tmp_path / "b.csv", 3, "b"), store)
    assert count(coproduction.KnowledgeGraph(now().store)) == 5
    unload(store, 1)
    assert count(coproduction.KnowledgeGraph(now().store)) == 3
    assert now().store.folder is None


def test_a_server_asks_a_small_store_in_memory_without_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"
    load(write_sheet(tmp_path / "a.csv", 2, "a"), store)
    scope = Scope(store=str(store), small_in_memory=True)
    now = opened(scope)
    assert (now().store.folder, now().store.copied_from) == (None, store)
    load(write_sheet(tmp_path / "b.csv", 3, "b"), store)
    assert count(coproduction.KnowledgeGraph(now().store)) == 5
    assert opened(scope._replace(small_in_memory=False))().store.folder == store
    with monkeypatch.context() as patch:  # memory does not hold it: it is asked where it is
        patch.setattr(in_memory, "at_hand", lambda: 0)
        assert opened(scope)().store.folder == store
        with pytest.raises(TooLarge):
            opened(scope._replace(in_memory=True))
    monkeypatch.setattr(in_memory, "_SMALL", 1000)
    assert opened(scope)().store.folder == store


@pytest.mark.slow
def test_a_server_lets_go_of_a_copy_before_it_makes_the_next(tmp_path: Path) -> None:
    require_module("jinja2")
    store = tmp_path / "store"
    load(write_sheet(tmp_path / "a.csv", 2, "a"), store)
    now = opened(Scope(store=str(store), in_memory=True))
    for path, query in (("/", ""), ("/cases", ""), ("/search", "q=housing"), ("/claim/C51", "")):
        asked = PageAsked(path, query, "", "boot")
        assert answered(now(), Order(asked, "text/html", (), Limits())).status == 200
    assert named_things(now().store).kinds_of(f"{COP}Childcare")
    before = weakref.ref(now().store)
    load(write_sheet(tmp_path / "b.csv", 3, "b"), store)
    kept_at_opening = []
    make = in_memory.held_in_memory
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            in_memory, "held_in_memory", lambda s: (kept_at_opening.append(before()), make(s))[1]
        )
        now()
    assert kept_at_opening == [None]


@pytest.mark.slow
def test_files_are_added_to_a_copy(folder: Path, public_high_case: Path) -> None:
    alone = coproduction.open(store=folder, in_memory=True)
    graph = coproduction.open(public_high_case, store=folder, in_memory=True)
    assert count(graph) == int(str(count(alone))) + 1
    on_disk = coproduction.open(public_high_case, store=folder)
    assert graph.ask("glass-ceiling").terms == on_disk.ask("glass-ceiling").terms
    assert getattr(graph.store, "copied_from", None) is None


def test_what_memory_does_not_hold_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.setattr(in_memory, "_of_the_system", lambda: in_memory._RESERVE + 1_000_000)
    monkeypatch.setattr(in_memory, "_given_back", [0])
    with pytest.raises(TooLarge, match=r"take some \d+ MB in memory, and 0 MB are left for them"):
        coproduction.open(store=folder, in_memory=True)
    done = run("ask", "CQ1", "--store", str(folder), "--in-memory")
    assert (done.code, done.out) == (2, "")
    assert "leave --in-memory out, and the store is asked on disk" in done.err


def test_a_copy_is_stopped_where_its_statements_are_larger_than_most(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = iter((1 << 40, in_memory._RESERVE - 1))
    monkeypatch.setattr(in_memory, "at_hand", lambda: next(left))
    with pytest.raises(TooLarge, match="in memory"):
        coproduction.open(store=folder, in_memory=True)


def test_memory_that_was_let_go_of_can_be_taken_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a process frees it keeps for itself: the system does not tell it as available."""
    monkeypatch.setattr(in_memory, "_given_back", [0])
    graph = coproduction.open(store=folder, in_memory=True)
    size = graph.store.size()
    assert in_memory._given_back == [0]
    del graph
    gc.collect()
    assert in_memory._given_back == [size * in_memory._OF_ONE]
    coproduction.open(store=folder, in_memory=True)
    gc.collect()
    assert in_memory._given_back == [size * in_memory._OF_ONE]


def test_a_container_may_have_less_than_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_memory, "_given_back", [0])
    monkeypatch.setattr(in_memory, "_CONTROL_GROUP", tmp_path)
    whole = in_memory._of_the_system()
    assert whole is not None and in_memory._of_the_container() is None
    (tmp_path / "memory.max").write_text("300\n", encoding="ascii")
    (tmp_path / "memory.current").write_text("100\n", encoding="ascii")
    assert in_memory.at_hand() == 200
    (tmp_path / "memory.max").write_text("max\n", encoding="ascii")
    assert in_memory._of_the_container() is None


def test_only_a_store_is_copied() -> None:
    with pytest.raises(DataError, match=r"a store is copied into memory: name it, by store='DIR'"):
        coproduction.open(in_memory=True)
