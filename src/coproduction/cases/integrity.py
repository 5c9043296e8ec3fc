"""Whether a store is whole: all of it is read, in more than one way, and held against its lists."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox

from ..errors import DamagedStore, damage_in
from ..knowledge.summary import Summary, faults_of
from ..messages import counted
from ..store.bookkeeping import LOADS
from ..store.disk_layout import MARK, live_state, no_store, taken_over
from ..store.embedded import EmbeddedStore
from ..store.on_disk import open_folder, recorded_loads
from ..store.originals import KeptLoad, Loads, read_loads, wrong_files
from .loads import graph_of_load

_WITHOUT_NAME = ox.DefaultGraph()


class Checked(NamedTuple):
    """What a store was found to be.

    Attributes:
        faults: a sentence for each; none where the store is whole.
        notes: what is right, and still to be known: which cubes are not counted beforehand.
    """

    faults: list[str]
    notes: list[str]


def faults(folder: str | Path) -> list[str]:
    """Read a whole store and tell what is wrong with it, as :func:`checked` does.

    Args:
        folder: the store.
    """
    return checked(folder).faults


def checked(folder: str | Path) -> Checked:
    """Read a whole store and tell what is wrong with it.

    Every statement is read by each of the six indexes of the database, and the list of graphs, so
    that no part of it is left unread, and they have to agree. The counts of each load are held
    against what was written down when it was made, the kept files against their checksums, and
    the summary against the cases.

    Args:
        folder: the store.

    Raises:
        DataError: there is no store, or it may not be read.
    """
    folder = Path(folder)
    told: list[str] = []
    notes: list[str] = []
    kept = Loads()
    try:
        state = live_state(folder)
        if state is None:
            raise no_store(Path(folder))
        if state.number:
            kept = read_loads(folder, state)
            told += _old_version_wrote(folder)
            if not (folder / MARK).is_file():
                told.append(f"{folder}: the file '{MARK}' is missing, so nothing can be loaded")
    except DamagedStore as damage:
        return Checked([str(damage)], notes)
    try:
        store = open_folder(folder)
        told += _of_database(store, kept, is_listed=bool(state.number))
        if store.summary:
            counted_now = Summary.of(store)
            told += faults_of(store.summary, counted_now)
            notes += counted_now.left_out
    except DamagedStore as damage:
        told.append(str(damage))
    except (OSError, RuntimeError, ValueError) as error:
        told.append(str(damage_in(error) or DamagedStore(folder, str(error)[:200])))
    for load in kept.loads:
        told += [f"{_called(load)}: {wrong}" for wrong in wrong_files(folder, load)]
    for number, update in enumerate(kept.updates, start=1):
        told += [f"update {number}: {wrong}" for wrong in wrong_files(folder, update)]
    return Checked(told, notes)


def _called(load: KeptLoad) -> str:
    return f"load {load.number} ({load.file})"


def _of_database(embedded: EmbeddedStore, kept: Loads, is_listed: bool) -> list[str]:
    graphs: Counter[Any] = Counter()
    pairs: Counter[tuple[Any, ox.NamedNode]] = Counter()
    by_subjects = 0
    store = embedded.inner
    before: object = None
    for quad in store:  # in the order of the graphs and subjects
        graphs[quad.graph_name] += 1
        pairs[quad.graph_name, quad.predicate] += 1
        if (quad.graph_name, quad.subject) != before:
            before = quad.graph_name, quad.subject
            found = store.quads_for_pattern(quad.subject, None, None)
            by_subjects += sum(1 for each in found if each.graph_name == quad.graph_name)
    predicates: Counter[ox.NamedNode] = Counter()
    for (graph, predicate), count in pairs.items():
        predicates[predicate] += 0 if graph == _WITHOUT_NAME else count
    told = []
    if by_subjects != graphs.total():
        statements = counted(graphs.total(), "statement")
        told.append(f"{statements} by one index, {by_subjects:,} by another")
    for predicate, count in predicates.items():
        if _count_by_objects(store, predicate, None) != (count, count):
            told.append(f"the indexes of {predicate} differ")
    for (graph, predicate), count in pairs.items():
        if _count_by_objects(store, predicate, graph) != (count, count):
            told.append(f"the indexes of {predicate} in the graph {graph} differ")
    named = set(store.named_graphs())  # an index of its own, that no statement is found by
    told += [
        f"the list of graphs lacks {graph}"
        for graph in graphs
        if isinstance(graph, ox.NamedNode) and graph not in named
    ]
    if is_listed:
        told += _of_loads(embedded, kept, graphs)
    return told


def _count_by_objects(store: ox.Store, predicate: ox.NamedNode, graph: Any) -> tuple[int, int]:
    """Count the statements of a predicate by the index of predicates, and by that of objects.

    The first gives them in the order of the objects, so each object is looked up once; but those of
    the graph without a name come before the others, and are counted by themselves.

    Args:
        store: the database.
        predicate: of the statements.
        graph: theirs; None for all that have a name.
    """
    left_out = _WITHOUT_NAME if graph is None else None
    count = by_objects = 0
    before: object = None
    for quad in store.quads_for_pattern(None, predicate, None, graph):
        if quad.graph_name == left_out:
            continue
        count += 1
        if quad.object != before:
            before = quad.object
            found = store.quads_for_pattern(None, None, quad.object, graph)
            by_objects += sum(
                1 for each in found if each.predicate == predicate and each.graph_name != left_out
            )
    return count, by_objects


def _of_loads(store: EmbeddedStore, kept: Loads, graphs: Counter[Any]) -> list[str]:
    """Hold the loads in the database against the list beside it."""
    told = []
    recorded = {load.number for load in recorded_loads(store)}
    for load in kept.loads:
        graph = graph_of_load(load.number)
        if load.number not in recorded:
            told.append(f"{_called(load)}: the graph {LOADS} does not have it")
        if load.statements is not None and graphs[graph] != load.statements:
            there = counted(graphs[graph], "statement is", "statements are")
            told.append(f"{_called(load)}: {there} there, and {load.statements:,} were loaded")
    listed = {load.number for load in kept.loads}
    told += [f"load {number}: the list of loads lacks it" for number in sorted(recorded - listed)]
    return told


def _old_version_wrote(folder: Path) -> list[str]:
    """Tell of what an older version wrote after this one had taken the store over."""
    return [
        f"{folder / name}: an older version of coproduction wrote there after this store was taken "
        "over; what it loaded is not in the store: load those files again, then delete the folder"
        for name, is_unchanged in taken_over(folder).items()
        if not is_unchanged
    ]
