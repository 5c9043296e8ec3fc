"""Opening the knowledge graph: what is packaged, and what is to be asked beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from .errors import DataError, command, option
from .knowledge_graph import KnowledgeGraph
from .messages import counted
from .names import COP
from .store.embedded import EmbeddedStore
from .store.protocol import Store


def open(
    data: Iterable[str | Path] | str | Path = (),
    *,
    store: str | Path | None = None,
    endpoint: str | None = None,
    create: bool = False,
    cases: bool = False,
    links: bool = False,
    at: int | None = None,
    in_memory: bool = False,
) -> KnowledgeGraph:
    """Open the packaged knowledge graph, with what is to be asked beside it.

    Args:
        data: files of yours to add for this run: RDF (Turtle, N-Triples, N-Quads, TriG, JSON-LD,
            RDF/XML), or cases in a sheet (a table or workbook in the form of the case sheet), by
            their ending. They are read, never written.
        store: a folder that cases were loaded into; read as it is now. With `data` or `cases`
            the run works on a copy in memory, up to a million statements.
        endpoint: the address of a SPARQL server that holds the graphs, in place of `store`; with
            `data` or `cases` the run works on a copy in memory too.
        create: whether to make the store where there is none.
        cases: whether the shipped cases are asked too.
        links: whether the links to other vocabularies are asked too; a store on disk has them.
        at: a year: cases have the values that observations (``cop:Observation``) tell of it, in
            place of those of the year for which they are recorded. A store is copied then, as
            with `data`; `note` of the result says how many cases are changed and left out.
        in_memory: whether the store is copied into memory first and asked there: the same answers,
            each sooner, and some 320 bytes of memory a statement. A copy for `data`, `cases` or
            `at` may be as large as memory is, too.

    Raises:
        DataError: a file is missing, broken (with its line) or uses a reserved graph name; a row
            of a sheet has errors; the store is missing, or too large to be copied.

    >>> import coproduction as cop
    >>> kg = cop.open()
    >>> kg.ask("CQ23").rows[0]["placements"]
    18
    """
    if create:
        from .knowledge.packaged import make_store

        if store is None:
            raise DataError("create makes a store: give its folder too, as in store=DIR")
        make_store(store)
    if endpoint is not None and store is not None:
        raise DataError("graphs are asked of a store or of an endpoint: give one of the two")
    files = [data] if isinstance(data, (str, Path)) else list(data)
    return opened(files, store, endpoint, cases=cases, links=links, at=at, in_memory=in_memory)


def opened(
    files: list[str | Path],
    store: str | Path | None,
    endpoint: str | None = None,
    *,
    cases: bool,
    links: bool,
    at: int | None = None,
    in_memory: bool = False,
    levels: bool = True,
) -> KnowledgeGraph:
    """Open it as :func:`open` does, where need be without the levels under the rubrics.

    Args:
        files, store, endpoint, cases, links, at, in_memory: as there.
        levels: whether they are to be written, where the graphs are in memory. What asks for none
            is answered sooner without, and a rule that is broken can be checked.
    """
    if in_memory and store is None:
        raise DataError("a store is copied into memory: name it, by ", option("store", "DIR"))
    again = partial(_open, files, store, endpoint, cases, links, at, in_memory, levels)
    return KnowledgeGraph(*again(), folder=store, endpoint=endpoint, again=again)


def _open(
    files: list[str | Path],
    store: str | Path | None,
    endpoint: str | None,
    cases: bool,
    links: bool,
    at: int | None,
    in_memory: bool,
    levels: bool,
) -> tuple[Store, str]:
    """Open a store with all that is in scope; give what is to be said of it too."""
    notes: list[str] = []
    is_changed = bool(files or cases or at is not None)
    if endpoint is not None:
        served, notes = _of_server(endpoint, links, is_changed)
        if not isinstance(served, EmbeddedStore):
            return served, "\n".join(notes)
        graphs = served
    elif store is not None:
        graphs, notes = _of_folder(store, is_changed, in_memory)
    else:
        graphs = EmbeddedStore.packaged()
    if cases:
        graphs.add_cases()
    if links:
        from .knowledge.packaged import add_links

        add_links(graphs)
    for path in files:
        notes += _add(graphs, path)
    if files or cases:
        from .knowledge.followed import add_followed

        add_followed(graphs)
    if at is not None:
        from .knowledge.years import as_of

        notes.append(as_of(graphs, at))
    if graphs.folder is None and levels:
        from .knowledge.levels import drop_stated_levels, has_levels, write_levels

        if files:
            drop_stated_levels(graphs)
        if graphs.copied_from is None or not has_levels(graphs):
            write_levels(graphs)
    return graphs, "\n".join(notes)


def _of_folder(
    folder: str | Path, is_changed: bool, in_memory: bool
) -> tuple[EmbeddedStore, list[str]]:
    """Open a store on disk, as a copy in memory where the run adds to it, or that is wanted."""
    from .knowledge.packaged import is_behind, with_present_names
    from .reasoning.inference import is_stale
    from .store.on_disk import copy_in_memory, open_folder

    notes: list[str] = []
    graphs = open_folder(folder)
    if is_behind(graphs):
        notes.append("the store holds the graphs of another version; the next load refreshes them")
        graphs, told = with_present_names(graphs)
        notes += told
    elif is_stale(graphs):
        notes.append(
            "the inferred graph is older than the cases; "
            f"{command('classify', store=folder)} renews it"
        )
    if graphs.folder is not None and in_memory:
        from .store.in_memory import held_in_memory

        graphs = held_in_memory(graphs)
        if is_changed:  # it is what is in the folder no more
            graphs.copied_from = graphs.summary = None
    elif graphs.folder is not None and is_changed:
        graphs = copy_in_memory(graphs)
    return graphs, notes


def _of_server(address: str, links: bool, is_changed: bool) -> tuple[Store, list[str]]:
    """Open the graphs on a server, as a copy in memory where the run adds to them."""
    from .knowledge.served import open_served
    from .names import ALIGNMENTS
    from .store.on_disk import copy_in_memory

    graphs, notes = open_served(address)
    if is_changed or (links and not graphs.has_graph(ALIGNMENTS)):
        return copy_in_memory(graphs), notes
    return graphs, notes


def _add(store: EmbeddedStore, path: str | Path) -> list[str]:
    """Add a file; give what is to be said of it."""
    from .tables.table import TABLE_ENDINGS

    if Path(path).suffix.lower() in TABLE_ENDINGS:
        return list(_add_sheet(store, Path(path)))
    graph = ox.NamedNode(store.add_file(path))
    return [*_renamed_terms(store, graph, path), *_unknown_terms(store, graph, path)]


def _add_sheet(store: EmbeddedStore, path: Path) -> Iterator[str]:
    """Add the cases of a sheet, all of which have to be right, since no report is written."""
    from .cases.loading import add_for_one_run

    outcome = add_for_one_run(store, path)
    if outcome.note:
        yield f"{path}: {outcome.note}"
    told = [problem for problem in outcome.problems if problem.level == "warning"]
    if told:
        yield (
            f"{path}, {told[0].cell}: {told[0].fix} ({counted(len(told), 'warning')} in all; "
            f"{command('validate', path)} tells them)"
        )


def _renamed_terms(store: EmbeddedStore, graph: ox.NamedNode, path: str | Path) -> list[str]:
    """Read deprecated terms of a user's file as those that replace them, and tell which."""
    from .store.renamed_terms import left_in, rename, renames_in, told_of

    names = renames_in(store)
    told = told_of(names, rename(store, names).times)
    return [f"{path}: {words}" for words in (*told, *left_in(store, store, graph))]


def _unknown_terms(store: EmbeddedStore, graph: ox.NamedNode, path: str | Path) -> list[str]:
    """Tell which terms of this ontology's namespace a user's file uses, and nothing describes."""
    from .store.unknown_terms import tell_unknown

    used = {
        term.value
        for quad in store.statements(None, None, None, graph)
        for term in (quad.predicate, quad.object)
        if isinstance(term, ox.NamedNode) and term.value.startswith(COP)
    }
    undescribed = {iri for iri in used if not store.holds(ox.NamedNode(iri))}
    return [f"{path}: {told}" for told in tell_unknown(store, undescribed)]
