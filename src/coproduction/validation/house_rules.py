"""The house rules of the ontology: what `coproduction check` looks for.

Three kinds of rule, one list of findings. Queries (queries/checks/, one rule a file) look at
terms and statements; shapes (shapes/, on the ontology itself) look at the form of values; and
what no query can see, the names used in the files of queries and shapes and the terms of other
vocabularies, is looked up here. What editors' files lack stands in
:mod:`coproduction.validation.file_checks`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ..errors import DataError, QueryError
from ..knowledge.questions import Question, load_question
from ..messages import Sentence
from ..names import COP, COPSH, OWL, PREFIXES, RDF, RDFS, SH, compact
from ..resources import data_dir
from ..store.protocol import Store
from ..syntax.query_errors import query_error_line
from ..syntax.services import refuse_service
from ..syntax.sparql import clauses, iris_named
from .checkout_checks import checkout_findings
from .expected_rows import in_order_of_cause
from .file_checks import broken_file, file_findings
from .finding import Finding
from .folder_checks import folder_findings
from .link_checks import link_findings
from .places import locator, within_project
from .query_checks import undeclared_prefixes
from .shacl import SPARQL_TEXT

HOUSE_STYLE: Final = "house-style.ttl"
"""File of the shapes that the ontology itself is held to."""

_TYPE: Final = ox.NamedNode(RDF + "type")
_DEPRECATED: Final = ox.NamedNode(OWL + "deprecated")


def run_checks(
    graphs: Store | ox.Store | Iterable[Path | str],
    *,
    query_dir: Path | str | None = None,
    shape_dir: Path | str | None = None,
    alignment_dir: Path | str | None = None,
) -> list[Finding]:
    """Check graphs, and the queries and shapes that go with them, against the house rules.

    Args:
        graphs: a store whose named graphs are checked as one (but for links, loads and what
            follows from them, which no rule speaks of), or Turtle files. The ontology has to be
            among them: a name that they do not define counts as undefined. A store of the engine
            is checked whole.
        query_dir: folder with ``checks/*.rq``, the rules, and any other queries to look
            through for names; the packaged one by default.
        alignment_dir: folder with the links to other vocabularies; the packaged one by default.
        shape_dir: folder with the shapes, ``house-style.ttl`` among them; the packaged one by
            default.

    Returns:
        the findings, in order of rule and term, and rows of questions that differ behind them;
        none where all is well.

    Raises:
        DataError: a file cannot be read, or a rule's header is incomplete.
    """
    queries = data_dir("queries") if query_dir is None else Path(query_dir)
    shapes = data_dir("shapes") if shape_dir is None else Path(shape_dir)
    store = _opened(graphs)
    rules = sorted((queries / "checks").glob("*.rq"))
    if not rules:
        raise DataError(f"{queries / 'checks'}: there are no checks in this folder")
    locate = locator(store)
    findings: set[Finding] = set()
    for path in rules:
        findings.update(_guarded(path, lambda path: _run_query(store, load_question(path), locate)))
    style = shapes / HOUSE_STYLE
    findings.update(_guarded(style, lambda path: _run_shapes(store, path, locate)))
    findings.update(_foreign_terms(store, locate))
    alignments = data_dir("ontology/alignments") if alignment_dir is None else Path(alignment_dir)
    findings.update(file_findings(store, queries, shapes, alignments, locate))
    findings.update(_names_in_files(store, queries, shapes, alignments))
    findings.update(link_findings(store, alignments))
    root = queries.parent
    cases = root / "cases"
    findings.update(_guarded(cases, lambda cases: folder_findings(store, alignments.parent, cases)))
    findings.update(_guarded(root, lambda root: checkout_findings(store, root)))
    folders = {"queries": queries, "shapes": shapes, "ontology": alignments.parent}
    if cases.is_dir():
        folders["cases"] = cases
    placed = (replace(one, file=within_project(one.file, folders)) for one in findings)
    return in_order_of_cause(placed)


def _guarded(path: Path, check: Callable[[Path], Iterator[Finding]]) -> list[Finding]:
    """Give what a check of a file finds; a file that cannot be used is a finding itself."""
    try:
        return list(check(path))
    except (DataError, QueryError) as error:
        return [broken_file(path, error)]
    except SyntaxError as error:
        if path.is_dir():  # of several files, and not told of the one
            return [broken_file(path, DataError(f"{path}: {error.msg}"))]
        text = _read(path)
        if undeclared_prefixes(text):
            return []  # told with the line that declares them
        return [broken_file(path, QueryError(query_error_line(text, error)))]


# -- rules that are queries -------------------------------------------------------------------


def _run_query(
    store: ox.Store, rule: Question, locate: Callable[[str], str | None]
) -> Iterator[Finding]:
    """Give a finding for each row of a rule's query."""
    header = {key: str(rule.header.get(key, "")).strip() for key in ("severity", "message", "fix")}
    if header["severity"] not in ("error", "warning") or not header["message"]:
        raise DataError(
            f"{rule.path}: the header of a check needs 'severity: error' or 'warning', "
            "'message' and 'fix'"
        )
    refuse_service(rule.text, rule.path)
    union = not clauses(rule.text).has_data_set
    answer = store.query(rule.text, use_default_graph_as_union=union)
    if not isinstance(answer, ox.QuerySolutions):
        raise DataError(f"{rule.path}: a check is a SELECT query")
    columns = [variable.value for variable in answer.variables]
    for row in answer:
        values = {column: _value(row[column]) for column in columns}
        term = values.get("term", "")  # that it has none is told of its header
        yield Finding(
            check=rule.name,
            severity=header["severity"],
            term=term,
            message=fill(header["message"], values),
            fix=fill(header["fix"], values),
            # What nothing describes is found where it is used, which a column says.
            file=next(filter(None, map(locate, [term, *values.values()])), None),
        )


def fill(template: str, values: Mapping[str, str]) -> str:
    """Put values into the ``{columns}`` of a message; IRIs are shortened to prefixed names.

    >>> fill("{term} has no label.", {"term": "https://w3id.org/coproduction#Childcare"})
    'cop:Childcare has no label.'
    """

    def one(found: re.Match[str]) -> str:
        value = values.get(found[1], found[0])
        return compact(value) if re.fullmatch(r"https?://\S+|urn:\S+", value) else value

    return re.sub(r"\{(\w+)\}", one, template)


def _value(node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
    if isinstance(node, (ox.NamedNode, ox.Literal)):
        return node.value
    return "a blank node" if node is None else str(node)


# -- rules that are shapes --------------------------------------------------------------------


def _run_shapes(
    store: ox.Store, path: Path, locate: Callable[[str], str | None]
) -> Iterator[Finding]:
    """Give a finding for each result of the house-style shapes."""
    import rdflib

    from ..store.rdflib_graphs import read_turtle
    from .shacl import validate

    shapes = read_turtle(path)
    # What no shape names, no shape can see: to leave it out halves the time.
    named = {str(node) for triple in shapes for node in triple}
    named |= {RDF + "type", RDFS + "subClassOf"}
    triples = {quad.triple for quad in store if quad.predicate.value in named}
    graph = rdflib.Graph(bind_namespaces="none")
    graph.parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")
    for result in validate(graph, shapes, ontology=graph):
        about = f"{compact(result.focus)}: {result.message}"
        if result.value and result.value != result.focus:
            about += f" (here: {fill('{value}', {'value': result.value})!r})"
        advice = shapes.value(
            rdflib.URIRef(result.shape), rdflib.URIRef("http://www.w3.org/ns/shacl#description")
        )
        yield Finding(
            check=compact(result.shape),
            severity="error" if result.severity == "violation" else "warning",
            term=result.focus,
            message=about,
            fix=str(advice or result.message),
            file=locate(result.focus),
        )


# -- terms of other vocabularies --------------------------------------------------------------


def _foreign_terms(store: ox.Store, locate: Callable[[str], str | None]) -> Iterator[Finding]:
    """Look up each foreign term of the graphs in its vocabulary."""
    used: dict[str, str] = {}
    for quad in store:
        literal = quad.object if isinstance(quad.object, ox.Literal) else None
        nodes = [quad.subject, quad.predicate, literal.datatype if literal else quad.object]
        for node in nodes:
            if isinstance(node, ox.NamedNode) and node.value not in used:
                used[node.value] = _value(quad.subject)
    for iri, subject in used.items():
        if not exists(iri):
            where = Sentence("a statement about {subject}", subject=compact(subject))
            yield _no_such_term(iri, where, locate(subject))


def exists(iri: str) -> bool:
    """Tell whether a term exists, as far as its vocabulary is known here.

    The vocabularies are those that rdflib knows whole; a term of any other is taken to exist.

    >>> exists("http://www.w3.org/2004/02/skos/core#definition")
    True
    >>> exists("http://www.w3.org/2004/02/skos/core#defintion")
    False
    >>> exists("https://example.org/anything")
    True
    """
    for namespace, terms in _vocabularies().items():
        if iri.startswith(namespace) and iri != namespace:
            return iri in terms or re.fullmatch(r"_[1-9]\d*", iri.removeprefix(RDF)) is not None
    return True


@cache
def _vocabularies() -> dict[str, frozenset[str]]:
    """Give the terms of each vocabulary that rdflib knows whole, by namespace."""
    from rdflib import namespace as known

    whole = (
        known.DC, known.DCAM, known.DCMITYPE, known.DCTERMS, known.FOAF, known.ORG, known.OWL,
        known.PROV, known.RDF, known.RDFS, known.SH, known.SKOS, known.VANN, known.VOID,
        known.XSD,
    )  # fmt: skip
    vocabularies = {
        str(terms._NS): frozenset(map(str, dir(terms)))
        # names that are words of Python, such as sh:in, stand apart
        | {str(terms._NS) + name for name in terms._extras}
        for terms in whole
    }
    # SHACL's advanced features name these two; rdflib leaves them out.
    vocabularies[SH] |= {SH + "values", SH + "if"}
    return vocabularies


def _no_such_term(iri: str, where: str, file: str | None) -> Finding:
    from ..errors import nearest

    namespace = next(name for name in _vocabularies() if iri.startswith(name))
    near = nearest(iri, _vocabularies()[namespace])
    if near:
        message = Sentence(
            "{term}, used in {where}, does not exist in its vocabulary; did you mean {near}?",
            term=compact(iri),
            where=where,
            near=compact(near),
        )
        fix = Sentence("Use {term}.", term=compact(near))
    else:
        message = Sentence(
            "{term}, used in {where}, does not exist in its vocabulary",
            term=compact(iri),
            where=where,
        )
        fix = Sentence("Look the term up in its vocabulary.")
    return Finding("unknown-foreign-term", "error", iri, message, fix, file)


# -- names in the files of queries and shapes -------------------------------------------------


def _names_in_files(
    store: ox.Store, queries: Path, shapes: Path, alignments: Path
) -> Iterator[Finding]:
    """Look up each name that a query, a shape or a link uses: ours in the graphs, others' above."""
    from ..knowledge.alignments import read_links

    defined = {quad.subject.value for quad in store.quads_for_pattern(None, _TYPE, None)
               if isinstance(quad.subject, ox.NamedNode)}  # fmt: skip
    deprecated = {
        quad.subject.value
        for quad in store.quads_for_pattern(None, _DEPRECATED, None)
        if isinstance(quad.subject, ox.NamedNode) and _value(quad.object) in ("true", "1")
    }
    files: list[tuple[Path, set[str]]] = []
    for folder, ending, iris_in in (
        (queries, "*.rq", lambda path: iris_in_query(_read(path))),
        (shapes, "*.ttl", _iris_in_shapes),
        (alignments, "*.sssom.tsv", lambda path: {link.subject for link in read_links(path).links}),
    ):
        for path in sorted(folder.rglob(ending)):
            try:
                files.append((path, iris_in(path)))
            except DataError as error:
                yield broken_file(path, error)
    for path, iris in files:
        for iri in sorted(iris):
            if not exists(iri):
                yield _no_such_term(iri, path.name, str(path))
            elif iri.startswith(COP) and iri != COP and iri not in defined:
                yield Finding(
                    "undefined-term-in-file",
                    "error",
                    iri,
                    Sentence(
                        "{term} is used in {file} and not defined.",
                        term=compact(iri),
                        file=path.name,
                    ),
                    Sentence("Correct the spelling, or define the term in the ontology."),
                    str(path),
                )
            elif iri in deprecated:
                yield Finding(
                    "deprecated-term-in-file",
                    "error",
                    iri,
                    Sentence(
                        "{term} is deprecated and used in {file}.",
                        term=compact(iri),
                        file=path.name,
                    ),
                    Sentence("Use the term that dcterms:isReplacedBy of the deprecated one names."),
                    str(path),
                )


_PARAMETER_CLASS: Final = re.compile(r"^#\+.*\bclass:\s*[\"']?([\w-]+:\w+)", re.MULTILINE)


def iris_in_query(text: str, prefixes: Mapping[str, str] = PREFIXES) -> set[str]:
    """Give the IRIs that the text of a query names, whole or by prefix.

    Comments and strings are passed over; of the header, the classes of parameters count.

    >>> sorted(iris_in_query('SELECT ?a WHERE { ?a a cop:Case ; rdfs:label "cop:No" } # cop:No'))
    ['http://www.w3.org/2000/01/rdf-schema#label', 'https://w3id.org/coproduction#Case']
    """
    named = set(iris_named(text, prefixes))
    for name in _PARAMETER_CLASS.findall(text):
        prefix, _, local = name.partition(":")
        named |= {prefixes[prefix] + local} if prefix in prefixes else set()
    return named


def _iris_in_shapes(path: Path) -> set[str]:
    """Give the IRIs of a file of shapes, those in its SPARQL included."""
    shapes = _load([path])
    iris = set()
    for quad in shapes:
        for node in (quad.subject, quad.predicate, quad.object):
            if isinstance(node, ox.NamedNode):
                iris.add(node.value)
            elif isinstance(node, ox.Literal):
                iris.add(node.datatype.value)
                if quad.predicate.value in SPARQL_TEXT:
                    iris |= iris_in_query(node.value, {**PREFIXES, **_declared(shapes)})
    return {iri for iri in iris if not iri.startswith(COPSH)}


def _declared(shapes: ox.Store) -> dict[str, str]:
    """Give the prefixes that a file of shapes declares for its SPARQL (sh:declare)."""
    return {
        _value(prefix.object): _value(namespace.object)
        for prefix in shapes.quads_for_pattern(None, ox.NamedNode(SH + "prefix"), None)
        for namespace in shapes.quads_for_pattern(
            prefix.subject, ox.NamedNode(SH + "namespace"), None
        )
    }


# -- files ------------------------------------------------------------------------------------


def _opened(graphs: Store | ox.Store | Iterable[Path | str]) -> ox.Store:
    """Give graphs in a store of the engine, which is looked through as a whole and often."""
    from .held_graphs import held_graphs

    if isinstance(graphs, ox.Store):
        return graphs
    return _load(graphs) if isinstance(graphs, Iterable) else held_graphs(graphs)


def _load(paths: Iterable[Path | str]) -> ox.Store:
    """Load Turtle files, each into a graph named by its address."""
    store = ox.Store()
    for path in map(Path, paths):
        try:
            store.load(
                path=path,
                format=ox.RdfFormat.TURTLE,
                to_graph=ox.NamedNode(path.resolve().as_uri()),
            )
        except SyntaxError as error:
            raise DataError(f"{path}, line {error.lineno}: this is not valid Turtle") from None
        except OSError as error:
            raise DataError(f"{path}: cannot be read: {error}") from None
    return store


def _read(path: Path) -> str:
    from ..files.encodings import read_text

    return read_text(path)
