"""The embedded home of graphs: pyoxigraph's store, in memory or opened from a folder.

In memory stand the packaged graphs, parsed anew from their Turtle files (faster than opening a
prebuilt store of this size, and always what the files say), and what a user adds for one run.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from ..errors import DataError, QueryError, UnknownName
from ..names import GRAPH, PACKAGED_GRAPHS, PREFIXES
from ..resources import data_dir
from ..syntax.sparql import clauses, lists_closed_up, star_spelt_out
from .begun import taken
from .failures import failure
from .protocol import Answer, Node, Term

_SHORT: Final = 3_000
"""Characters of a query that has not too many parts, unless it has many brackets."""
_FEW: Final = 200
_MANY: Final = 5_000
"""Nodes of which the values are found by one pass over the property, and not one by one."""
_LONGEST_WORDS: Final = 200
"""Characters of what the parser says of an update: it lists all that may stand at a place."""
_BATCH: Final = 100_000
"""Nodes that one query asks for at most."""


class EmbeddedStore:
    """Named graphs in this process that are asked as one; a :class:`~.protocol.Store`.

    Attributes:
        inner: pyoxigraph's store, for those rooms alone that load in bulk or check files
            (``docs/architecture.md`` names them).
        folder: the folder that the store was opened from, or None where it is in memory.
        copied_from: the folder whose store this is in memory, as it is there; else None.
        summary: the file that has its cases counted, where there is one.
        dumps: the folder that may have what its loads brought as text, where it has one.
        state_folder: the folder of the state on disk, as long as that is held and not changed.

    >>> store = EmbeddedStore.packaged()
    >>> sorted(name.rpartition("/")[2] for name in store.graphs())
    ['concepts', 'interpretation', 'literature', 'ontology', 'source', 'toolkit', 'values']
    """

    address: str | None = None

    def __init__(self, inner: ox.Store | None = None, folder: Path | None = None) -> None:
        self.inner = ox.Store() if inner is None else inner
        self.held: object = None  # what must not be let go of while this is used, such as a lock
        self.folder = folder
        self.copied_from: Path | None = None
        self.summary: Path | None = None
        self.dumps: Path | None = None
        self.state_folder: Path | None = None
        self._loads = 0

    @classmethod
    def packaged(cls, graphs: Sequence[str] = tuple(PACKAGED_GRAPHS)) -> EmbeddedStore:
        """Give a fresh store in memory with packaged graphs.

        Args:
            graphs: names out of :data:`~coproduction.names.PACKAGED_GRAPHS`; all by default.
        """
        begun = taken() if tuple(graphs) == tuple(PACKAGED_GRAPHS) else None
        if begun is not None:
            return cls(begun)
        store = cls()
        folder = data_dir("ontology")
        for name in graphs:
            if name not in PACKAGED_GRAPHS:
                raise UnknownName("graph", name, PACKAGED_GRAPHS)
            store.load_own(folder / PACKAGED_GRAPHS[name], GRAPH + name)
        return store

    def add_packaged(self, graphs: Sequence[str]) -> None:
        """Add packaged graphs, fast and not atomic, as :meth:`put` does.

        All go in at once: on disk, that takes half the time of one file after the other.
        """
        if graphs:
            self.inner.bulk_extend(EmbeddedStore.packaged(graphs).inner)

    def add_cases(self) -> None:
        """Add the shipped cases, in the graph ``.../graph/cases``."""
        for path in sorted(data_dir("cases").glob("*.ttl")):
            self.load_own(path, GRAPH + "cases")

    def load_own(self, path: Path, graph: str, form: ox.RdfFormat = ox.RdfFormat.TURTLE) -> None:
        """Load a file of the package, which cannot be hostile; what is wrong with it is told."""
        try:
            self.inner.load(path=path, format=form, to_graph=ox.NamedNode(graph))
        except (OSError, SyntaxError, ValueError):
            from ..syntax import rdf_files  # parses it again, to say what and where

            rdf_files.load(self.inner, path, form, graph=graph)

    def add_file(self, path: str | Path) -> str:
        """Add a user's RDF file, in a graph of its own.

        Triples go into the graph ``.../graph/load/<n>``; named graphs of a TriG or N-Quads
        file keep their names.

        Args:
            path: a file whose ending is one of :data:`FORMATS`.

        Returns:
            the IRI of the graph that took the file's triples.

        Raises:
            DataError: no such file, an unknown ending, broken RDF (with the line), or a named
                graph that is reserved for the packaged graphs. Nothing is added then.
        """
        graph = self._free_graph()
        self._add_dataset(Path(path), graph)
        return graph

    def add_staged(self, path: Path) -> str:
        """Add a file of N-Triples that this package wrote, in a graph of its own.

        Returns:
            the IRI of the graph.
        """
        graph = self._free_graph()
        self.load_own(path, graph, ox.RdfFormat.N_TRIPLES)
        return graph

    def add_lines(self, lines: bytes, graph: str) -> None:
        """Add N-Triples that this package wrote to a graph; their IRIs were checked before."""
        node = ox.NamedNode(graph)
        self.inner.load(input=lines, format=ox.RdfFormat.N_TRIPLES, to_graph=node, lenient=True)

    def _free_graph(self) -> str:
        """Give the name of a graph for one run, which no load of a store on disk has."""
        while True:
            self._loads += 1
            graph = f"{GRAPH}load/{self._loads}"
            if not self.inner.contains_named_graph(ox.NamedNode(graph)):
                return graph

    def add_raw(self, path: str | Path, base: str | None = None) -> int:
        """Add an RDF file as it is: its triples to the default graph, its graphs by their names.

        Args:
            path: the file; the store holds nothing yet.
            base: what relative IRIs in it are resolved on; by default they are refused.

        Returns:
            the number of texts out of which control characters were taken.

        Raises:
            DataError: as :meth:`add_file`, but no graph name is reserved.
        """
        from ..syntax import rdf_files

        path = Path(path)
        rdf_format = rdf_files.format_of(path)
        rdf_files.load(self.inner, path, rdf_format, base=base)
        unkept = rdf_files.unkept(self.inner)
        if unkept:
            raise DataError(f"{path}: {unkept}")
        changed = rdf_files.cleaned_quads(self.inner)
        for old, new in changed:
            self.inner.remove(old)
            self.inner.add(new)
        return len(changed)

    def _add_dataset(self, path: Path, graph: str) -> None:
        """Add a file that may hold named graphs, all or nothing."""
        file_store = EmbeddedStore()
        file_store.add_raw(path)
        reserved = [name for name in file_store.graphs() if name.startswith(GRAPH)]
        if reserved:
            raise DataError(
                f"{path}: the graph <{reserved[0]}> is reserved for the packaged graphs; "
                "give your data a graph name of your own, or none"
            )
        target = ox.NamedNode(graph)
        self.inner.extend(
            ox.Quad(
                quad.subject,
                quad.predicate,
                quad.object,
                target if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name,
            )
            for quad in file_store.inner
        )

    def graphs(self) -> dict[str, int]:
        """Give the IRI of each named graph with the number of its triples, in order of IRI."""
        answer = self.inner.query(
            "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
        )
        assert isinstance(answer, ox.QuerySolutions)
        return {row["g"].value: int(row["n"].value) for row in answer}

    def query(
        self,
        text: str,
        allow_service: Collection[str] | None = None,
        *,
        without: str | None = None,
        within: Collection[str] | None = None,
        named: Collection[str] = (),
        given: Mapping[str, Term] | None = None,
        base: str | None = None,
    ) -> Answer:
        """Evaluate SPARQL; see :meth:`Store.query <coproduction.store.protocol.Store.query>`."""
        text = text.removeprefix("\ufeff")
        if len(text) > _SHORT or sum(map(text.count, "([{")) > _FEW:
            from ..syntax.nesting import check_query

            check_query(text)
        found = clauses(text)
        if found.endpoints:
            from ..syntax.services import check_endpoints

            check_endpoints(found.endpoints, allow_service)
        scope = self._scope(found.has_data_set, without, within, named)
        if base is not None:
            scope["base_iri"] = base
        if given:
            scope["substitutions"] = {ox.Variable(name): term for name, term in given.items()}

        try:
            answer = self._run(text, scope)
            if isinstance(answer, ox.QuerySolutions):
                # The engine orders the columns of SELECT * by name; nothing was computed yet.
                ordered = star_spelt_out(text, [variable.value for variable in answer.variables])
                answer = self._run(ordered, scope) if ordered != text else answer
            return answer
        except SyntaxError as error:
            from ..syntax.query_errors import query_error_line

            raise QueryError(query_error_line(text, error)) from None
        except (OSError, ValueError, RuntimeError) as error:
            raise failure(error, found.endpoints) from None

    def _run(self, text: str, scope: dict[str, Any]) -> Answer:
        """Run a query, also one that has what SPARQL allows and the engine's grammar does not."""
        try:
            return self.inner.query(text, prefixes=PREFIXES, **scope)
        except SyntaxError:
            closed_up = lists_closed_up(text)
            if closed_up == text:
                raise
            return self.inner.query(closed_up, prefixes=PREFIXES, **scope)

    def _scope(
        self,
        has_data_set: bool,
        without: str | None,
        within: Collection[str] | None,
        named: Collection[str],
    ) -> dict[str, Any]:
        """Say on which graphs a query is evaluated, in the engine's terms.

        To name the graphs costs more than to ask the union of all, so they are named only where
        the one that is left out is there.
        """
        if within is not None:
            union, others = ([ox.NamedNode(iri) for iri in iris] for iris in (within, named))
            return {"default_graph": union, "named_graphs": others}
        if has_data_set or without is None or not self.has_graph(without):
            return {"use_default_graph_as_union": not has_data_set}
        graphs = [graph for graph in self.inner.named_graphs() if graph.value != without]
        return {"default_graph": [ox.DefaultGraph(), *graphs], "named_graphs": []}

    def construct(
        self,
        text: str,
        *,
        without: str | None = None,
        within: Collection[str] | None = None,
        given: Mapping[str, Term] | None = None,
    ) -> Iterator[ox.Triple]:
        """Give the triples of a CONSTRUCT or DESCRIBE query.

        Raises:
            QueryError: as :meth:`query`, or the query gives no graph.
        """
        return graph_of(self.query(text, without=without, within=within, given=given))

    def let_go(self) -> None:
        """Let go of the database behind this store, which is an empty one from then on."""
        self.inner = ox.Store()

    def update(self, text: str, *, base: str | None = None) -> None:
        """Carry out SPARQL Update.

        Args:
            text: the update.
            base: IRI that relative ones in it stand on; by default they are refused.

        Raises:
            QueryError: the text is no update, or it failed.
        """
        try:
            self.inner.update(text, prefixes=PREFIXES, base_iri=base)
        except SyntaxError as error:
            told = re.sub(r"^error at (\d+):(\d+)", r"line \1, column \2", str(error.msg))
            raise QueryError(f"update, {told.splitlines()[0][:_LONGEST_WORDS]}") from None
        except (OSError, ValueError, RuntimeError) as error:
            raise failure(error) from None

    def has_graph(self, iri: str) -> bool:
        """Tell whether there is a graph of this name."""
        return self.inner.contains_named_graph(ox.NamedNode(iri))

    def put(self, iri: str, triples: Iterable[ox.Triple]) -> None:
        """Make triples the whole content of a graph.

        Fast and not atomic, which it need not be: in memory, and in the copy of a folder that is
        under change, nobody else reads.
        """
        graph = ox.NamedNode(iri)
        self.inner.remove_graph(graph)
        self.inner.bulk_extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples)

    def drop(self, iri: str) -> None:
        """Take a graph out, if it is there."""
        self.inner.remove_graph(ox.NamedNode(iri))

    def size(self, graph: str | None = None) -> int:
        """Give the number of statements in all graphs, or in one."""
        if graph is None:
            return len(self.inner)
        pattern = f"GRAPH {ox.NamedNode(graph)} {{ ?s ?p ?o }}"
        answer = self.inner.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")
        assert isinstance(answer, ox.QuerySolutions)
        return int(next(answer)["n"].value)

    def statements(
        self,
        subject: Node | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
        graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None = None,
    ) -> Iterator[ox.Quad]:
        """Give the statements that fit a pattern, each with its graph; None fits anything."""
        return self.inner.quads_for_pattern(subject, predicate, object, graph)

    def holds(
        self,
        subject: Node | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
        graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None = None,
    ) -> bool:
        """Tell whether any statement fits a pattern."""
        return next(self.statements(subject, predicate, object, graph), None) is not None

    def values(self, node: Node, prop: str) -> list[Term]:
        """Give the distinct values of a property (its IRI) of a node."""
        found = self.inner.quads_for_pattern(node, ox.NamedNode(prop), None)
        return list(dict.fromkeys(quad.object for quad in found))

    def values_of(
        self, nodes: Iterable[ox.NamedNode], prop: str
    ) -> Iterator[tuple[ox.NamedNode, Term]]:
        """Give the values of a property of many nodes, each with its node, in any order.

        One by one in memory, which is faster there; from a folder many in one query.
        """
        if self.folder is None:
            for node in nodes:
                for value in self.values(node, prop):
                    yield node, value
            return
        waiting = iter(nodes)
        while batch := list(islice(waiting, _BATCH)):
            pattern = f"?node {ox.NamedNode(prop)} ?value"
            if len(batch) > _MANY:
                pattern = f"{{ SELECT ?node ?value WHERE {{ {pattern} }} }}"
            # The engine looks the text of each IRI up that it gives; a number has it itself.
            listed = " ".join(f"({node} {place})" for place, node in enumerate(batch))
            rows = self.inner.query(
                f"SELECT ?place ?value WHERE {{ VALUES (?node ?place) {{ {listed} }} {pattern} }}",
                use_default_graph_as_union=True,
            )
            assert isinstance(rows, ox.QuerySolutions)
            for place, value in map(tuple, rows):
                yield batch[int(place.value)], value

    def add(self, quads: Iterable[ox.Quad]) -> None:
        """Add statements, each to its graph, all or none."""
        self.inner.extend(quads)

    def remove(self, quads: Iterable[ox.Quad]) -> None:
        """Take statements out of their graphs."""
        for quad in list(quads):
            self.inner.remove(quad)

    @contextlib.contextmanager
    def changed(self, taken: Iterable[ox.Quad], given: Iterable[ox.Quad]) -> Iterator[None]:
        """Have some statements instead of others for the while.

        Args:
            taken: those that are taken out, and come back.
            given: those that stand there meanwhile; what stands there anyway stays.
        """
        taken = [quad for quad in taken if quad in self.inner]
        given = [quad for quad in given if quad in taken or quad not in self.inner]
        try:
            self.remove(taken)
            self.add(given)
            yield
        finally:
            self.remove(given)
            self.add(taken)

    def dataset(self) -> ox.Dataset:
        """Give a copy of all graphs whose blank nodes are named canonically (RDFC-1.0).

        The parser names blank nodes at random; canonical names make two exports the same.
        """
        dataset = ox.Dataset(self.inner)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        return dataset

    def triples(self) -> Iterator[ox.Triple]:
        """Give each distinct triple of the union once, in the order of N-Triples text."""
        yield from sorted({quad.triple for quad in self.dataset()}, key=str)


def graph_of(answer: Answer) -> Iterator[ox.Triple]:
    """Give the triples of an answer.

    Raises:
        QueryError: it has none.
    """
    if not isinstance(answer, ox.QueryTriples):
        raise QueryError("this query gives no graph: it is neither CONSTRUCT nor DESCRIBE")
    return iter(answer)
