"""The store: named graphs in pyoxigraph, asked as one union.

The embedded home keeps everything in memory: the packaged graphs, parsed anew from their
Turtle files (faster than opening a prebuilt store of this size, and always what the files
say), and what a user adds for one run.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from . import rdf_files
from .errors import DataError, QueryError, UnknownName, damage_in
from .names import ALIGNMENTS, GRAPH, PACKAGED_GRAPHS, PREFIXES
from .resources import data_dir

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Answer = ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean

FORMATS: dict[str, ox.RdfFormat] = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".json": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
}
"""RDF formats by file ending."""


class Store:
    """Named graphs that are asked as one.

    >>> store = Store.packaged()
    >>> sorted(name.rpartition("/")[2] for name in store.graphs())
    ['interpretation', 'literature', 'ontology', 'source']
    """

    def __init__(self, inner: ox.Store | None = None) -> None:
        self.inner = ox.Store() if inner is None else inner
        self.held: object = None  # what must not be let go of while this is used, such as a lock
        self._loads = 0

    @classmethod
    def packaged(cls, graphs: Sequence[str] = tuple(PACKAGED_GRAPHS)) -> Store:
        """Give a fresh store in memory with packaged graphs.

        Args:
            graphs: names out of :data:`~coproduction.names.PACKAGED_GRAPHS`; all by default.
        """
        begun = _begun.pop() if _begun and tuple(graphs) == tuple(PACKAGED_GRAPHS) else None
        if begun is not None:
            begun.join()
            if begun.store is not None:
                return begun.store
        store = cls()
        folder = data_dir("ontology")
        for name in graphs:
            if name not in PACKAGED_GRAPHS:
                raise UnknownName("graph", name, PACKAGED_GRAPHS)
            store._load(folder / PACKAGED_GRAPHS[name], ox.RdfFormat.TURTLE, GRAPH + name)
        return store

    def add_cases(self) -> None:
        """Add the shipped cases, in the graph ``.../graph/cases``."""
        for path in sorted(data_dir("cases").glob("*.ttl")):
            self._load(path, ox.RdfFormat.TURTLE, GRAPH + "cases")

    def add_links(self) -> None:
        """Add the links to other vocabularies, in the graph ``.../graph/alignments``.

        Raises:
            DataError: the store is a folder made by a version that had none.
        """
        from .links import alignment_quads

        if self.inner.contains_named_graph(ox.NamedNode(ALIGNMENTS)):
            return
        try:
            self.inner.extend(alignment_quads())
        except OSError:
            raise DataError(
                "the store was made by a version without links; the next load brings them"
            ) from None

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
        path = Path(path)
        graph = f"{GRAPH}load/{self._loads + 1}"
        self._add_dataset(path, graph)
        self._loads += 1
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
        path = Path(path)
        rdf_format = format_of(path)
        self._load(path, rdf_format, None, base or _NO_BASE)
        unkept = rdf_files.unkept(self.inner) or ("" if base else _relative(self.inner, rdf_format))
        if unkept:
            raise DataError(f"{path}: {unkept}")
        changed = rdf_files.cleaned_quads(self.inner)
        for old, new in changed:
            self.inner.remove(old)
            self.inner.add(new)
        return len(changed)

    def _add_dataset(self, path: Path, graph: str) -> None:
        """Add a file that may hold named graphs, all or nothing."""
        file_store = Store()
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

    def _load(
        self, path: Path, rdf_format: ox.RdfFormat, graph: str | None, base: str | None = None
    ) -> None:
        target = None if graph is None or rdf_format.supports_datasets else ox.NamedNode(graph)
        _check_before_parsing(path, rdf_format)
        marked = rdf_files.without_mark(path)
        try:
            self.inner.load(
                input=marked,
                path=path if marked is None else None,
                format=rdf_format,
                base_iri=None if base == _NO_BASE and not _drops_relative(rdf_format) else base,
                to_graph=target,
            )
        except FileNotFoundError:
            raise DataError(f"{path}: there is no such file") from None
        except IsADirectoryError:
            raise DataError(f"{path}: this is a folder; name a file in it") from None
        except SyntaxError as error:
            raise DataError(_syntax_line(path, rdf_format, error)) from None
        except OSError as error:
            raise DataError(f"{path}: cannot be read: {error}") from None
        except ValueError as error:
            raise DataError(f"{path}: cannot be read as {rdf_format.name}: {error}") from None

    def graphs(self) -> dict[str, int]:
        """Give the IRI of each named graph with the number of its triples, in order of IRI."""
        answer = self.inner.query(
            "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
        )
        assert isinstance(answer, ox.QuerySolutions)
        return {row["g"].value: int(row["n"].value) for row in answer}

    def query(self, text: str) -> Answer:
        """Evaluate SPARQL on the union of the graphs.

        Args:
            text: a SELECT, CONSTRUCT, DESCRIBE or ASK query; the prefixes of
                :data:`~coproduction.names.PREFIXES` need no declaration.

        Raises:
            QueryError: the text is no SPARQL query (with line and column), or it failed.
        """
        try:
            return self.inner.query(text, prefixes=PREFIXES, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise QueryError(_query_line(text, error)) from None
        except (OSError, ValueError, RuntimeError) as error:
            raise damage_in(error) or QueryError(f"the query failed: {error}") from None

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


_NO_BASE: Final = "https://base.invalid/none/"
"""A base that no file has: an IRI that begins with it was relative."""


_WITH_BASE: Final = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.RDF_XML)


def _drops_relative(rdf_format: ox.RdfFormat) -> bool:
    """Tell whether the parser leaves out statements with relative IRIs, instead of refusing."""
    return rdf_format == ox.RdfFormat.JSON_LD


def _relative(store: ox.Store, rdf_format: ox.RdfFormat) -> str:
    """Tell of the first relative IRI that was resolved on :data:`_NO_BASE`, if there is one."""
    if not _drops_relative(rdf_format):
        return ""
    for quad in store:
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, ox.NamedNode) and term.value.startswith(_NO_BASE):
                return _no_base(term.value.removeprefix(_NO_BASE))
    return ""


def _no_base(iri: str) -> str:
    return (
        f"the relative IRI <{iri}> has no base: state one in the file (@base, xml:base), or give "
        "--base IRI where you load it"
    )


def _check_before_parsing(path: Path, rdf_format: ox.RdfFormat) -> None:
    """Refuse what would take the parser down: entities without end, and nesting without end."""
    from .nesting import check_nesting

    if rdf_format == ox.RdfFormat.RDF_XML:
        from .doctype import check_rdf_xml

        try:
            check_rdf_xml(path)
        except DataError:
            other = rdf_files.other_format(path, rdf_format.name) if path.is_file() else ""
            if not other:
                raise
            raise DataError(f"{path}: this is no {rdf_format.name} but {other}") from None
    check_nesting(path, rdf_format)


def format_of(path: Path) -> ox.RdfFormat:
    """Give the RDF format that a file's ending says.

    Raises:
        DataError: an ending that is not one of :data:`FORMATS`.
    """
    rdf_format = FORMATS.get(path.suffix.lower())
    if rdf_format is None:
        raise DataError(
            f"{path}: the ending {path.suffix or '(none)'} is no RDF format known here; "
            f"use one of {' '.join(FORMATS)}"
        )
    return rdf_format


class _Begun(threading.Thread):
    """Loads the packaged graphs while the program goes on; `store` stays None if that fails."""

    store: Store | None = None

    def run(self) -> None:
        # What goes wrong here is met again, and told, when the store is asked for.
        with contextlib.suppress(DataError):
            self.store = Store.packaged()


_begun: list[_Begun] = []


def begin_loading() -> None:
    """Start to load the packaged graphs in the background.

    The parser lets go of the interpreter, so the command line is read meanwhile; the next
    :meth:`Store.packaged` takes the result.
    """
    begun = _Begun(daemon=True)
    begun.start()
    _begun.append(begun)


def _syntax_line(path: Path, rdf_format: ox.RdfFormat, error: SyntaxError) -> str:
    from .rdf_files import other_format

    message = re.sub(r"^Parser error at .*?: ", "", str(error.msg))
    other = other_format(path, rdf_format.name)
    if other:
        return f"{path}: this is no {rdf_format.name} but {other}"
    where = f"{path}"
    if error.lineno is not None:
        where += f", line {error.lineno}, column {error.offset}"
    if "No scheme found in an absolute IRI" in message and rdf_format in _WITH_BASE:
        return f"{where}: {_no_base(_relative_at(path, error))}"
    if "LoadDocumentCallback" in message:
        message = (
            "it names a remote JSON-LD context, which is never fetched; "
            "put the context into the file"
        )
    elif rdf_format is ox.RdfFormat.JSON_LD and path.suffix.lower() == ".json":
        message += " (.json is read as JSON-LD)"
    return f"{where}: this is not valid {rdf_format.name}: {message}"


def _relative_at(path: Path, error: SyntaxError) -> str:
    """Give the relative IRI that an error is about, as the parser names or places it."""
    named = re.search(r"parsing IRI '(.*?)'", str(error.msg))
    if named or error.lineno is None or error.offset is None:
        return named[1] if named else ""
    line = path.read_text(encoding="utf-8-sig").splitlines()[error.lineno - 1]
    return line[error.offset - 1 :].lstrip("<").partition(">")[0]


def _query_line(text: str, error: SyntaxError) -> str:
    """Put the parser's message, which lists grammar, into a sentence with the place."""
    message = str(error.args[0])
    found = re.match(r"error at (\d+):(\d+): expected (.*)", message, re.DOTALL)
    if not found:
        return f"the query cannot be read: {message.splitlines()[0]}"
    line, column, expected = int(found[1]), int(found[2]), found[3]
    lines = text.splitlines() or [""]
    if line > len(lines):
        line, column = len(lines), len(lines[-1]) + 1
    rest = lines[line - 1][column - 1 :].strip()
    where = f"query, line {line}, column {column}"
    if re.match(r"\s*(INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b", text, re.I):
        return f"{where}: this is an update; a query starts with SELECT, CONSTRUCT, DESCRIBE or ASK"
    if "Prefix not found" in expected:
        name = re.search(r"([\w.-]*:)[^\s:]*$", lines[line - 1][: column - 1].rstrip())
        what = f"the prefix {name[1]!r} is" if name else "a prefix is"
        known = " ".join(f"{prefix}:" for prefix in PREFIXES)
        return f"{where}: {what} not declared; add a PREFIX line, or use one of {known}"
    stated = re.search(r"\b(The [a-zA-Z][^,\[]+)", expected)
    if stated:
        return f"{where}: {stated[1][0].lower()}{stated[1][1:].strip()}"
    if not rest and line == len(lines):
        if text.count("{") > text.count("}"):
            return f"{where}: the query ends too early: a closing brace is missing"
        return f"{where}: something is missing before the end of the query"
    options = [token.strip('"') for token in re.findall(r'"[^"]{1,3}"|\b[A-Z]{2,}\b', expected)]
    hint = f"; expected {' or '.join(options)}" if 0 < len(options) <= 4 else ""
    what = repr(rest[:40]) if rest else "the end of this line"
    return f"{where}: cannot go on at {what}{hint}"
