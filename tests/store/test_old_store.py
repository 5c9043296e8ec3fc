"""Stores whose record of loads an earlier version wrote, in terms that are deprecated now."""

from __future__ import annotations

import gc
import re
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.cases.integrity import faults
from coproduction.cases.loading import load
from coproduction.cases.loads import graph_of_load, unload
from coproduction.cases.rebuild import rebuild
from coproduction.errors import DataError
from coproduction.names import COP, GRAPH, RDF, TERMS, XSD
from coproduction.reasoning.inference import INFERRED, classify, is_stale
from coproduction.store.bookkeeping import LOADS, Activity, activity_of, loads
from coproduction.store.disk_layout import live_state
from coproduction.store.embedded import EmbeddedStore
from coproduction.store.old_bookkeeping import is_old
from coproduction.store.on_disk import open_folder

from ..conftest import Run
from ..reliability.sheets import write_sheet


def term(name: str) -> ox.NamedNode:
    return ox.NamedNode(COP + name)


def old_quads(activity: Activity, basis: str) -> list[ox.Quad]:
    """Give what versions before this one noted of a load or an inference."""
    values: dict[str, ox.Literal] = {
        "loadedAt": ox.Literal(activity.time, datatype=ox.NamedNode(XSD + "dateTime")),
        "loaderName": ox.Literal(activity.loader),
        "loaderVersion": ox.Literal("0.0.9"),
        "fileChecksum": ox.Literal(activity.checksum if activity.number else basis),
        "rowsLoaded": ox.Literal(activity.rows[1] if activity.number else activity.triples),
    }
    if activity.number:
        values |= {
            "loadNumber": ox.Literal(activity.number),
            "fileName": ox.Literal(activity.file),
            "rowsRead": ox.Literal(activity.rows[0]),
            "rowsSetAside": ox.Literal(activity.rows[2]),
        }
    quads = [ox.Quad(activity.graph, term(name), value, LOADS) for name, value in values.items()]
    if activity.number:
        quads.append(ox.Quad(activity.graph, ox.NamedNode(RDF + "type"), term("Load"), LOADS))
    return quads


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two loads, one of which replaced a case of the other, and an inference."""
    path = tmp_path_factory.mktemp("made")
    folder = path / "old"
    load(write_sheet(path / "a.csv", 2, "a"), folder)
    load(write_sheet(path / "b.csv", 1, "a", "Another"), folder, replace=True)
    classify(folder)
    state = live_state(folder)
    assert state
    store = ox.Store(str(state.data))
    made = EmbeddedStore(store)
    makings = [*loads(made), activity_of(made, INFERRED)]
    del made
    kept = list(store.quads_for_pattern(None, term("replacedStatements"), None, LOADS))
    assert len(makings) == 3 and len(kept) == 1
    store.remove_graph(LOADS)
    store.extend(kept)
    # One graph held all terms, and their names were not deprecated yet.
    for graph in TERMS[1:]:
        quads = list(store.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH + graph)))
        store.remove_graph(ox.NamedNode(GRAPH + graph))
        store.extend(
            ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(GRAPH + "ontology"))
            for quad in quads
            if not str(quad.predicate.value).endswith(("deprecated", "isReplacedBy"))
        )
    for name in ("ontology", "source", "interpretation", "literature", "alignments"):
        digest = ox.Literal("0" * 64)
        store.add(ox.Quad(ox.NamedNode(GRAPH + name), term("fileChecksum"), digest, LOADS))
    for activity in makings:
        assert activity
        store.extend(old_quads(activity, "basis"))
    store.flush()
    del store
    gc.collect()
    return folder


@pytest.fixture
def old(made: Path, tmp_path: Path) -> Path:
    """A copy of the old store, to be changed."""
    return shutil.copytree(made, tmp_path / "old")


def listed(run: Run, folder: Path) -> list[str]:
    done = run("loads", "--store", str(folder), "--format", "csv")
    assert done.code == 0, done.err
    return [",".join(line.split(",")[:8]) for line in done.out.splitlines()[1:]]


@pytest.mark.slow
def test_an_old_store_is_read_as_it_is(old: Path, run: Run) -> None:
    assert is_old(open_folder(old))
    lines = listed(run, old)
    assert [re.sub(r",20\d\d-[0-9T:-]+Z,", ",TIME,", line) for line in lines] == [
        "1,a.csv,TIME,2,2,0,case sheet,0.0.9",
        "2,b.csv,TIME,1,1,0,case sheet,0.0.9",
    ]
    kg = coproduction.open(store=old)
    assert {"A nursery", "Another"} < {row["arrangementLabel"] for row in kg.ask("glass-ceiling")}
    assert kg.show("glass ceiling").definition
    assert run("loads", "--check", "--store", str(old)).out.strip().endswith(": whole")
    assert is_old(open_folder(old)), "nothing was written"


@pytest.mark.slow
def test_an_old_store_is_unloaded_and_has_the_present_terms_then(old: Path, run: Run) -> None:
    before = listed(run, old)
    with pytest.raises(DataError, match="no load 3"):
        unload(old, 3)
    assert is_old(open_folder(old)), "what failed has changed nothing"
    assert unload(old, 2) > 10
    store = open_folder(old)
    assert not is_old(store)
    assert listed(run, old) == before[:1]
    assert not store.has_graph(graph_of_load(2).value) and not faults(old)
    terms = {quad.predicate.value for quad in store.statements(None, None, None, LOADS)}
    ours = {iri.removeprefix(COP) for iri in terms if iri.startswith(COP)}
    assert ours == {"loaderName", "rowsRead", "rowsLoaded", "rowsSetAside", "replacedStatements"}
    activity = activity_of(store, INFERRED)
    assert activity and activity.loader == "rules" and activity.triples > 0


@pytest.mark.slow
def test_an_old_store_knows_what_it_has_and_counts_on(old: Path, tmp_path: Path, run: Run) -> None:
    assert "loaded before, as load 1" in load(write_sheet(tmp_path / "a.csv", 2, "a"), old).note
    assert load(write_sheet(tmp_path / "c.csv", 1, "c"), old).load == 3
    assert [line.split(",")[:2] for line in listed(run, old)] == [
        ["1", "a.csv"], ["2", "b.csv"], ["3", "c.csv"],
    ]  # fmt: skip
    assert not faults(old)


@pytest.mark.slow
def test_the_inference_of_an_old_store_is_seen_to_be_older_than_its_loads(old: Path) -> None:
    assert is_stale(open_folder(old))
    classify(old)
    store = open_folder(old)
    assert not is_stale(store) and not is_old(store)


@pytest.mark.slow
def test_an_old_store_is_rebuilt_with_its_numbers_and_times(
    old: Path, tmp_path: Path, run: Run
) -> None:
    (kept,) = [path for path in (old / "files").iterdir() if b"A nursery" in path.read_bytes()]
    kept.unlink()
    told = list(rebuild(old, tmp_path / "new"))
    assert [each.what for each in told] == [
        "load 1 (a.csv)", "load 2 (b.csv)", "the inferred graph",
    ]  # fmt: skip
    assert "copied as they are" in told[0].told and "its kept file" in told[0].told
    assert [each.is_whole for each in told] == [False, True, True]
    new = [line.split(",")[:6] for line in listed(run, tmp_path / "new")]
    assert new == [line.split(",")[:6] for line in listed(run, old)]
    assert not is_old(open_folder(tmp_path / "new"))


@pytest.mark.slow
def test_an_old_record_that_is_not_whole_is_kept_as_it_is(old: Path, tmp_path: Path) -> None:
    state = live_state(old)
    assert state
    store = ox.Store(str(state.data))
    (time,) = store.quads_for_pattern(graph_of_load(1), term("loadedAt"), None, LOADS)
    store.remove(time)
    store.flush()
    del store
    gc.collect()
    load(write_sheet(tmp_path / "c.csv", 1, "c"), old)
    left = open_folder(old).inner.quads_for_pattern(graph_of_load(1), None, None, LOADS)
    names = {quad.predicate.value.removeprefix(COP) for quad in left}
    assert {"loadNumber", "fileName", "fileChecksum", "rowsRead"} < names
