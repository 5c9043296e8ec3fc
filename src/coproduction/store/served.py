"""A home of graphs on a server, asked by the SPARQL protocol; a :class:`~.protocol.Store`.

Queries go to the server whole. What the packaged graphs say is looked up in those of this version,
which the server holds too (:func:`coproduction.knowledge.served.opened` looks): that saves a
request, and their blank nodes, which have no name across requests, can be followed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

import pyoxigraph as ox

from ..errors import EndpointError, EndpointRefused, QueryError
from ..names import GRAPH, PACKAGED_GRAPHS, RDFS, XSD
from ..syntax.boolean_columns import boolean_columns
from ..syntax.sparql import clauses, star_spelt_out
from . import paging
from .connection import AT_ONCE, Connection, Reply
from .constructed import filled, taken_apart
from .embedded import EmbeddedStore, graph_of
from .portable_text import form_of, names_graph, with_prefixes, with_values
from .protocol import Answer, Node, Term
from .replies import ROWS, as_truth, as_tsv, not_as_asked, with_truths
from .served_writing import Writer

_TRIPLES: Final = "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.5"
_OF_TRIPLES: Final = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/plain": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
_BATCH: Final = 990
"""Nodes that one query asks for, as long as servers read; a thousand with one value each would look
like an answer that was cut."""
Found = TypeVar("Found")
_OWN: Final = frozenset(GRAPH + name for name in PACKAGED_GRAPHS)


class ServedStore:
    """Named graphs on a server that are asked as one.

    Attributes:
        connection: the server.
        address: its endpoint, which messages name.
        union: the parameters with which the server's default graph is the union of all graphs.
        hidden: IRIs of the graphs of loads that are not finished, which are not asked.
        knows_union: whether `union` was tried, so that a look-up may be asked of it.
    """

    def __init__(self, connection: Connection, union: Sequence[tuple[str, str]] = ()) -> None:
        self.connection = connection
        self.folder: Path | None = None
        self.address: str | None = connection.url
        self.union = tuple(union)
        self.hidden: frozenset[str] = frozenset()
        self.knows_union = False

    @cached_property
    def _packaged(self) -> EmbeddedStore:
        return EmbeddedStore.packaged()

    # -- SPARQL -----------------------------------------------------------------------------

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
        found = clauses(text)
        if found.endpoints:
            from ..syntax.services import check_endpoints

            check_endpoints(found.endpoints, allow_service)
        form = form_of(text)
        if form == "select":
            text = _in_order_of_use(text)
        text = with_prefixes(text)
        if base is not None:
            text = f"BASE {ox.NamedNode(base)} {text}"
        if given:
            text = with_values(text, given)
        graphs = (
            []
            if found.has_data_set and within is None
            else self._data_set(without, within, named, names_graph(text))
        )
        try:
            return self._answer(text, form, graphs)
        except EndpointRefused as error:
            raise self._told_of(text, error) from None

    def _answer(self, text: str, form: str, graphs: Sequence[tuple[str, str]]) -> Answer:
        if form in ("construct", "describe"):
            return self._graph(text, graphs)
        if form == "ask":
            return as_truth(self.connection.url, self._ask(text, graphs))
        return ox.parse_query_results(self._tsv(text, graphs), ox.QueryResultsFormat.TSV)

    def _tsv(self, text: str, graphs: Sequence[tuple[str, str]]) -> bytes:
        """Give all rows of a SELECT as TSV."""
        address = self.connection.url
        tsv = paging.all_rows(
            text, lambda asked: as_tsv(address, self._ask(asked, graphs)), address
        )
        if self._writes_truth_as_numbers:
            tsv = with_truths(tsv, boolean_columns(text, self._boolean_properties))
        return tsv

    @cached_property
    def _writes_truth_as_numbers(self) -> bool:
        """Whether what is true comes as 1, as Virtuoso has it."""
        tsv = as_tsv(self.connection.url, self._ask("SELECT (BOUND(?a) AS ?b) { }", ()))
        return not tsv.partition(b"\n")[2].startswith(b"false")

    @cached_property
    def _boolean_properties(self) -> frozenset[str]:
        """The properties of the ontology whose values are true or false."""
        boolean = ox.NamedNode(XSD + "boolean")
        ranges = self._packaged.statements(None, ox.NamedNode(RDFS + "range"), boolean)
        return frozenset(value_of(quad.subject) for quad in ranges)

    def _ask(self, text: str, graphs: Sequence[tuple[str, str]], accept: str = ROWS) -> Reply:
        return self.connection.ask([("query", text), *graphs], accept)

    def _graph(self, text: str, graphs: Sequence[tuple[str, str]]) -> ox.QueryTriples:
        """Give the graph of a CONSTRUCT or DESCRIBE whole, or nothing of it."""
        construct = taken_apart(text) if form_of(text) == "construct" else None
        if construct is None:
            return _as_graph(self._sent(text, graphs))
        tsv = self._tsv(construct.rows, graphs)
        rows = ox.parse_query_results(tsv, ox.QueryResultsFormat.TSV)
        assert isinstance(rows, ox.QuerySolutions)
        width = range(len(construct.names))
        return _as_graph(filled(construct, (tuple(row[i] for i in width) for row in rows)))

    def _sent(self, text: str, graphs: Sequence[tuple[str, str]]) -> Iterable[ox.Triple]:
        """Give the graph that the server makes, which it may have cut.

        Raises:
            EndpointError: it broke off, or is as long as one that was cut.
        """
        reply = self._ask(text, graphs, _TRIPLES)
        kind = _OF_TRIPLES.get(reply.kind)
        if kind is None:
            raise not_as_asked(self.connection.url, reply, "a graph")
        try:
            triples = {quad.triple for quad in ox.parse(reply.body, format=kind)}
        except SyntaxError as error:
            raise EndpointError(
                f"{self.address}: the answer broke off, or is no {reply.kind}: {error.msg}"
            ) from None
        if paging.may_be_cut(len(triples)):
            raise EndpointError(
                f"{self.address}: the server may have cut its graph at {len(triples):,} triples: "
                "ask for less, or for rows by SELECT, which come whole"
            )
        return triples

    def _data_set(
        self,
        without: str | None,
        within: Collection[str] | None,
        named: Collection[str],
        names_graphs: bool,
    ) -> Sequence[tuple[str, str]]:
        """Say on which graphs a query is evaluated, in the words of the protocol."""
        if within is None and without is not None:
            within = [iri for iri in self.graphs() if iri != without]
        if within is None:
            return self.union if not names_graphs else self._with_named(self.union)
        default = [("default-graph-uri", iri) for iri in within]
        return [*default, *(("named-graph-uri", iri) for iri in named)]

    def _with_named(self, union: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
        """Say which graphs GRAPH means, where naming the default graph takes the others away."""
        if any(name == "default-graph-uri" for name, _ in union):
            return (*union, *(("named-graph-uri", iri) for iri in self.graphs()))
        return union

    def _told_of(self, text: str, error: EndpointRefused) -> QueryError | EndpointError:
        """Say where a query is wrong that a server refused, if that is why."""
        if error.status != 400:
            return error
        try:
            EmbeddedStore().query(text, ())
        except QueryError as found:
            if "SERVICE" not in str(found):
                return found
        return error

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

    # -- graphs -----------------------------------------------------------------------------

    def graphs(self) -> dict[str, int]:
        """Give the IRI of each named graph with the number of its triples, in order of IRI."""
        rows = self._rows("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
        counts = sorted((value_of(g), int(value_of(n))) for g, n in rows)
        return {iri: count for iri, count in counts if iri not in self.hidden}

    def has_graph(self, iri: str) -> bool:
        """Tell whether there is a graph of this name."""
        return self.holds(graph=ox.NamedNode(iri))

    @cached_property
    def writer(self) -> Writer:
        """What writes to the server."""
        return Writer(self.connection)

    def update(self, text: str) -> None:
        """Carry out SPARQL Update."""
        self.writer.update(text)

    def put(self, iri: str, triples: Iterable[ox.Triple]) -> None:
        """Make triples the whole content of a graph."""
        data = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
        self.writer.put(iri, data or b"")

    def drop(self, iri: str) -> None:
        """Take a graph out, if it is there."""
        self.writer.drop(iri)

    # -- statements -------------------------------------------------------------------------

    def size(self, graph: str | None = None) -> int:
        """Give the number of statements in all graphs, or in one."""
        place = "?g" if graph is None else str(ox.NamedNode(graph))
        text = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH {place} {{ ?s ?p ?o }} }}"
        return int(value_of(next(iter(self._rows(text)))[0]))

    def statements(
        self,
        subject: Node | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
        graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None = None,
    ) -> Iterator[ox.Quad]:
        """Give the statements that fit a pattern, each with its graph; None fits anything."""
        yield from self._packaged.statements(subject, predicate, object, graph)
        pattern = self._elsewhere(subject, predicate, object, graph)
        if pattern is None:
            return
        for s, p, o, g in self._rows(f"SELECT ?s ?p ?o ?g WHERE {{ {pattern} }}"):
            one, two, home = subject or s, predicate or p, graph or g
            assert not isinstance(one, ox.Literal) and isinstance(two, ox.NamedNode)
            assert isinstance(home, ox.NamedNode)
            yield ox.Quad(one, two, o if object is None else object, home)

    def _elsewhere(
        self, subject: Node | None, predicate: Node | None, object: Term | None, graph: object
    ) -> str | None:
        """Give the pattern of statements in other graphs than the packaged; None: there are none.

        A blank node is one of the packaged graphs here: those of a server have no name.
        """
        if any(isinstance(term, ox.BlankNode | ox.Triple) for term in (subject, object, graph)):
            return None
        if isinstance(graph, ox.DefaultGraph) or getattr(graph, "value", None) in _OWN:
            return None
        terms = (("s", subject), ("p", predicate), ("o", object))
        spo = " ".join(f"?{name}" if term is None else str(term) for name, term in terms)
        if graph is not None:
            return f"GRAPH {graph} {{ {spo} }}"
        own = ", ".join(f"<{iri}>" for iri in sorted(_OWN | self.hidden))
        return f"GRAPH ?g {{ {spo} }} FILTER(?g NOT IN ({own}))"

    def about(self, nodes: Iterable[ox.NamedNode]) -> Iterator[ox.Quad]:
        """Give the statements about many nodes, but for those of the packaged graphs."""
        waiting = iter(nodes)
        pattern = self._elsewhere(None, None, None, None)
        while batch := list(islice(waiting, _BATCH)):
            given = f"VALUES ?s {{ {' '.join(map(str, batch))} }}"
            for s, p, o, g in self._rows(f"SELECT ?s ?p ?o ?g WHERE {{ {given} {pattern} }}"):
                iris = [ox.NamedNode(value_of(term)) for term in (s, p, g)]
                yield ox.Quad(iris[0], iris[1], o, iris[2])

    def holds(
        self,
        subject: Node | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
        graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None = None,
    ) -> bool:
        """Tell whether any statement fits a pattern."""
        if self._packaged.holds(subject, predicate, object, graph):
            return True
        pattern = self._elsewhere(subject, predicate, object, graph)
        return pattern is not None and bool(
            as_truth(self.connection.url, self._ask(f"ASK {{ {pattern} }}", ()))
        )

    def values(self, node: Node, prop: str) -> list[Term]:
        """Give the distinct values of a property (its IRI) of a node."""
        found = self.statements(node, ox.NamedNode(prop))
        return list(dict.fromkeys(quad.object for quad in found))

    def values_of(
        self, nodes: Iterable[ox.NamedNode], prop: str
    ) -> Iterator[tuple[ox.NamedNode, Term]]:
        """Give the values of a property of many nodes, each with its node, in any order."""
        waiting, term, packaged = iter(dict.fromkeys(nodes)), ox.NamedNode(prop), self._packaged
        graphs: Sequence[tuple[str, str]] = ()
        pattern = self._elsewhere(None, term, None, None)
        if self.knows_union:  # which an engine answers sooner than each graph by its name
            pattern, graphs = f"?s {term} ?o", self.union

        def look_up(batch: list[ox.NamedNode]) -> list[tuple[ox.NamedNode, Term]]:
            own = dict.fromkeys(packaged.values_of(batch, prop))
            given = f"VALUES ?s {{ {' '.join(map(str, batch))} }}"
            rows = self._rows(f"SELECT ?s ?o WHERE {{ {given} {pattern} }}", graphs)
            return list(own | dict.fromkeys((ox.NamedNode(value_of(s)), o) for s, o in rows))

        for found in _several_at_once(look_up, iter(lambda: list(islice(waiting, _BATCH)), [])):
            yield from found

    def dataset(self) -> ox.Dataset:
        """Give a copy of all graphs whose blank nodes are named canonically (RDFC-1.0)."""
        dataset = ox.Dataset(self.statements())
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        return dataset

    def triples(self) -> Iterator[ox.Triple]:
        """Give each distinct triple of the union once, in the order of N-Triples text."""
        yield from sorted({quad.triple for quad in self.dataset()}, key=str)

    def _rows(self, text: str, graphs: Sequence[tuple[str, str]] = ()) -> Iterator[Sequence[Term]]:
        answer = self._answer(text, "select", graphs)
        assert isinstance(answer, ox.QuerySolutions)
        width = range(len(answer.variables))
        return (tuple(row[i] for i in width) for row in answer)


def _several_at_once(
    ask: Callable[[list[ox.NamedNode]], Found], batches: Iterator[list[ox.NamedNode]]
) -> Iterator[Found]:
    """Give the answer for each batch, in order; a server with cores to spare works on several."""
    first, second = next(batches, None), next(batches, None)
    if first is None:
        return
    if second is None:
        yield ask(first)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            yield from pool.map(ask, [first, second, *batches])
        finally:
            pool.shutdown(cancel_futures=True)


def _as_graph(triples: Iterable[ox.Triple]) -> ox.QueryTriples:
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in triples)
    answer = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert isinstance(answer, ox.QueryTriples)
    return answer


def value_of(term: Term) -> str:
    """Give the text of a term without its type."""
    return str(getattr(term, "value", term))


def _in_order_of_use(text: str) -> str:
    """Name the columns of ``SELECT *`` in the order of their use, which servers give in any."""
    if "*" not in text:
        return text
    try:
        answer = EmbeddedStore().query(text, ())
    except QueryError:  # the server says what it thinks of it
        return text
    assert isinstance(answer, ox.QuerySolutions)
    return star_spelt_out(text, [variable.value for variable in answer.variables])
