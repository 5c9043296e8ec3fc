"""Loads as graphs of a store: their names, what is noted of each, and taking one out again."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ..errors import DataError, command
from ..knowledge.levels import inferred, levels_in, write_levels
from ..knowledge.packaged import changing
from ..knowledge.questions import find_question
from ..knowledge.summary import begun, counted_again, text_of
from ..names import COP, GRAPH, RDF
from ..results.asking import ask
from ..results.fetching import QueryOptions
from ..results.result import Result
from ..store.bookkeeping import LOADS, Activity, activity_of, forget, quads_of
from ..store.disk_layout import no_store
from ..store.embedded import EmbeddedStore
from ..store.old_bookkeeping import record_of
from ..store.on_disk import is_store, open_folder
from ..store.protocol import Store
from ..version import __version__
from .columns import Problem
from .consequences import bear_on_cases

if TYPE_CHECKING:
    import pandas
    import polars

TYPE: Final = ox.NamedNode(RDF + "type")
_REPLACED: Final = ox.NamedNode(COP + "replacedStatements")


def graph_of_load(number: int) -> ox.NamedNode:
    """Give the graph that the statements of a load stand in."""
    return ox.NamedNode(f"{GRAPH}load/{number}")


def graph_of_original(number: int) -> ox.NamedNode:
    """Give the graph that keeps a catalogue as it came."""
    return ox.NamedNode(f"{GRAPH}load/{number}/original")


def is_of_cases(graph: object) -> bool:
    """Tell whether a graph holds what was loaded of cases.

    The record of loads, a catalogue as it came, what was inferred and what is packaged do not.
    """
    name = str(getattr(graph, "value", ""))
    return name.startswith(f"{GRAPH}load/") and not name.endswith("/original")


def record_load(
    store: EmbeddedStore,
    number: int,
    path: Path,
    digest: str,
    loader: str,
    outcome: Outcome,
    time: str,
) -> None:
    """Write down what is known of a load."""
    store.add(quads_of(load_activity(number, path, digest, loader, outcome, time)))


def load_activity(
    number: int, path: Path, digest: str, loader: str, outcome: Outcome, time: str
) -> Activity:
    """Give what is known of a load: its number, file and checksum, how it was read, and when."""
    return Activity(
        graph=graph_of_load(number),
        time=time,
        version=__version__,
        loader=loader,
        checksum=digest,
        number=number,
        file=path.name.encode("utf-8", "replace").decode(),
        rows=(outcome.read, outcome.loaded, outcome.set_aside),
    )


def list_loads(store: Store) -> Result:
    """List the loads of a store: number, file, time, counts and checksum.

    Args:
        store: that of this version, or of one whose record is in other terms.
    """
    text = find_question("loads", "queries/views").text
    answer = ask(record_of(store), text, QueryOptions())
    assert isinstance(answer, Result)
    return answer


def replaced_by(folder: str | Path, number: int) -> int:
    """Count the cases of a load that had taken the place of others; these do not come back."""
    store = open_folder(folder)
    graph = graph_of_load(number)
    replaced = {
        quad.subject
        for quad in store.statements(None, _REPLACED, None, LOADS)
        if isinstance(quad.subject, ox.NamedNode)
    }
    return sum(store.holds(case, TYPE, None, graph) for case in replaced)


def unload(folder: str | Path, number: int) -> int:
    """Take a load out of a store.

    Returns:
        the number of statements taken out.

    Raises:
        DataError: there is no such load.
    """
    graph = graph_of_load(number)
    if not is_store(folder):
        raise no_store(Path(folder))
    with changing(folder) as change:
        if activity_of(change.store, graph) is None:
            raise DataError(
                f"{folder}: there is no load {number}; ",
                command("loads", store=folder),
                " lists them",
            )
        kept = graph_of_original(number)
        count = change.store.size(graph.value) + change.store.size(kept.value)
        summary = begun(change.store, change.summary_before)
        with counted_again(summary, change.store, graph) as is_counted:
            change.store.remove(inferred(levels_in(change.store, within=graph.value)))
            change.store.drop(graph.value)
            change.store.drop(kept.value)
            forget(change.store, graph)
        if bear_on_cases(change.store):
            write_levels(change.store)
            is_counted = False
        # A cube that was left out may be one that can be counted now: then all is counted anew.
        if summary is not None and summary.counts.keys() != summary.cubes.keys():
            is_counted = False
        change.counted = text_of(summary, change.store) if is_counted else ""
        change.kept.loads = [load for load in change.kept.loads if load.number != number]
        change.keep_dumps(but=[number])
    return count


@dataclass
class Outcome:
    """What became of one file.

    Attributes:
        file: as given.
        load: number of the load, or None where nothing went in.
        read, loaded, set_aside, unchanged: numbers of records; a norm with an error counts as
            one that was read and set aside.
        problems: what was wrong, in order.
        note: a sentence where something is to be said of the whole file.
        lang: language of the problems and the note.
    """

    file: str
    load: int | None = None
    read: int = 0
    loaded: int = 0
    set_aside: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    note: str = ""
    lang: str = "en"

    @property
    def counts(self) -> Result:
        """The numbers of records, a row."""
        names = ("file", "load", "read", "loaded", "unchanged", "set_aside", "note")
        return Result.of_rows(names, [[getattr(self, name) for name in names]])

    @property
    def table(self) -> Result:
        """What was wrong, a row a problem."""
        return Result.of_rows(Problem._fields, self.problems, "problems")

    def to_pandas(self) -> pandas.DataFrame:
        """Give what was wrong as a pandas data frame (the extra ``frames``)."""
        return self.table.to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """Give what was wrong as a polars data frame (the extra ``frames``)."""
        return self.table.to_polars()

    def _repr_html_(self) -> str:
        wrong = self.table.serialize("html") if self.problems else ""
        return self.counts.serialize("html") + wrong
