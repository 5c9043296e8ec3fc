"""What large loads brought, kept as text for who asks a store in memory."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.cases.loading import load
from coproduction.cases.loads import unload
from coproduction.cases.reading import PLAIN
from coproduction.cases.updating import Update, change_graphs
from coproduction.knowledge.packaged import changing
from coproduction.names import COP, RDFS
from coproduction.reasoning.inference import classify
from coproduction.resources import data_dir
from coproduction.store import dumps, in_memory
from coproduction.store.disk_layout import live_state
from coproduction.store.dumps import dumps_in

from ..reliability.sheets import write_sheet


@pytest.fixture(autouse=True)
def _small_loads_have_dumps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "LEAST", 1)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    load(write_sheet(tmp_path / "a.csv", 4, "a"), tmp_path / "store")
    return tmp_path / "store"


def found(store: Path) -> dict[int, Path]:
    state = live_state(store)
    assert state is not None
    return dumps_in(state.dumps)


def held(store: Path) -> None:
    """See that a copy in memory has what is on disk, each blank node by its name."""
    disk, memory = (coproduction.open(store=store, in_memory=each).store for each in (False, True))
    assert set(disk.statements()) == set(memory.statements())


def test_a_load_has_a_dump_of_its_graph(store: Path) -> None:
    ((number, path),) = found(store).items()
    assert number == 1
    with gzip.open(path) as lines:
        said = {quad.triple for quad in ox.parse(lines.read(), format=ox.RdfFormat.N_TRIPLES)}
    graph = ox.NamedNode("https://w3id.org/coproduction/graph/load/1")
    kept = coproduction.open(store=store).store.statements(None, None, None, graph)
    assert said == {quad.triple for quad in kept}
    held(store)


def test_what_stands_in_a_dump_is_not_read_from_the_disk(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[ox.Quad] = []
    copy = in_memory._copy

    def told(statements: object, to: ox.Store, *rest: object) -> None:
        quads = list(statements)  # type: ignore[call-overload]
        copied.extend(quads)
        copy(iter(quads), to, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(in_memory, "_copy", told)
    held(store)
    graphs = {quad.graph_name.value for quad in copied}  # type: ignore[union-attr]
    assert "https://w3id.org/coproduction/graph/source" in graphs
    assert "https://w3id.org/coproduction/graph/load/1" not in graphs


@pytest.mark.slow
def test_a_dump_goes_on_until_its_load_is_changed(store: Path, tmp_path: Path) -> None:
    first = found(store)[1]
    load(write_sheet(tmp_path / "b.csv", 3, "b"), store)
    assert sorted(found(store)) == [1, 2]
    assert found(store)[1].stat().st_ino == first.stat().st_ino
    held(store)
    classify(store)
    assert sorted(found(store)) == [1, 2]
    other = write_sheet(tmp_path / "c.csv", 2, "a", title="Another title")
    load(other, store, PLAIN, replace=True)
    assert sorted(found(store)) == [2, 3]
    held(store)
    unload(store, 2)
    assert sorted(found(store)) == [3]
    held(store)


@pytest.mark.slow
def test_an_update_leaves_no_dump(store: Path) -> None:
    text = "INSERT DATA { GRAPH <https://example.org/g> { <https://example.org/a> a cop:Case } }"
    change_graphs(store, Update(text))
    assert found(store) == {}
    held(store)


def test_a_graph_in_which_a_term_was_renamed_has_none(store: Path) -> None:
    with changing(store) as change:
        change.renamed = {"https://w3id.org/coproduction/graph/load/1"}
        change.keep_dumps()
    assert found(store) == {}


@pytest.mark.slow
def test_blank_nodes_are_in_no_dump(tmp_path: Path) -> None:
    path = sorted(data_dir("cases").glob("*.ttl"))[0]
    load(path, tmp_path / "without")
    assert sorted(found(tmp_path / "without")) == [1]
    quads = ox.parse(path=path, format=ox.RdfFormat.TURTLE)
    case = next(quad.subject for quad in quads if quad.object == ox.NamedNode(f"{COP}Case"))
    somebody = f"{case} <{RDFS}seeAlso> [ <{RDFS}label> 'somebody' ] .\n"
    (tmp_path / "blank.ttl").write_text(
        f"{path.read_text(encoding='utf-8')}\n{somebody}", encoding="utf-8"
    )
    load(tmp_path / "blank.ttl", tmp_path / "with")
    assert found(tmp_path / "with") == {}
    held(tmp_path / "with")


def test_a_dump_that_is_not_as_it_was_written_is_not_read(store: Path) -> None:
    path = found(store)[1]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert not dumps.read_dump(ox.Store(), 1, path)
    held(store)


def test_a_dump_that_says_other_than_the_store_is_not_used(store: Path) -> None:
    path = found(store)[1]
    with gzip.open(path) as lines:
        fewer = b"".join(lines.readlines()[1:])
    packed = gzip.compress(fewer)
    path.unlink()
    name = f"1-{hashlib.sha256(packed).hexdigest()}.nt.gz"
    path.with_name(name).write_bytes(packed)
    assert dumps.read_dump(ox.Store(), 1, path.with_name(name))
    held(store)


def test_a_small_load_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "LEAST", 1_000_000)
    load(write_sheet(tmp_path / "a.csv", 2, "a"), tmp_path / "store")
    assert found(tmp_path / "store") == {}
