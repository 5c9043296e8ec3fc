"""SHACL validation: pySHACL judges, and its report comes back as plain values.

The validator is always given the ontology, so that a shape for a class finds the members of
its subclasses; and it works on copies, so that nothing is added to the data that it is given.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..errors import DataError
from ..names import PACKAGED_GRAPHS, SH
from ..resources import data_dir
from ..store.rdflib_graphs import read_turtle

if TYPE_CHECKING:
    import rdflib

SPARQL_TEXT: Final = frozenset(SH + name for name in ("select", "ask", "construct", "update"))
"""Properties of a shape whose value is SPARQL."""


@dataclass(frozen=True, order=True)
class ShapeFinding:
    """One result of a SHACL report.

    Attributes:
        focus: IRI of the node that breaks the shape (``_:b`` and an id for a blank node).
        path: IRI of the property at fault; for a longer path its SHACL text; ``""`` if none.
        severity: ``violation``, ``warning`` or ``info``.
        shape: IRI of the shape; ``_:b`` and an id where it has no name.
        message: the shape's own message, in English where it has several.
        value: the value at fault, ``""`` where the fault is that there is none.
        is_text: whether the focus is a text that stands where a node is asked for.
    """

    focus: str
    path: str
    severity: str
    shape: str
    message: str
    value: str
    is_text: bool = field(default=False, compare=False)


def validate(
    data: rdflib.Graph,
    shapes: rdflib.Graph | Path | str | Iterable[Path | str],
    *,
    ontology: rdflib.Graph | None = None,
) -> list[ShapeFinding]:
    """Validate a graph against shapes.

    Args:
        data: the graph to judge; it is not changed.
        shapes: a graph of shapes, or Turtle files of them.
        ontology: what the classes and properties mean; the packaged ontology by default, and
            `data` itself where the ontology is in it.

    Returns:
        the findings in order of focus, path, severity, shape and value; none if all is well.

    Raises:
        DataError: a file of shapes cannot be read, or the shapes are not valid SHACL.
    """
    import pyshacl
    import rdflib
    from pyshacl.errors import ReportableRuntimeError, ShapeLoadError

    shape_graph = shapes if isinstance(shapes, rdflib.Graph) else read_turtle(shapes)
    _refuse_other_data(shape_graph)
    if ontology is None:
        ontology = read_turtle(data_dir("ontology") / PACKAGED_GRAPHS["ontology"])
    try:
        _, report, text = pyshacl.validate(
            data_graph=data,
            shacl_graph=shape_graph,
            ont_graph=None if ontology is data else ontology,
            inference="none",
            inplace=False,
            advanced=False,
            do_owl_imports=False,
        )
    except (ReportableRuntimeError, ShapeLoadError) as error:
        raise DataError(f"the shapes cannot be used: {error}") from error
    if not isinstance(report, rdflib.Graph):
        raise DataError(f"the shapes cannot be used: {text}")
    return sorted(set(_findings(report)))


def _refuse_other_data(shapes: rdflib.Graph) -> None:
    """Refuse SPARQL in shapes that would fetch: rdflib follows SERVICE, and FROM to the network.

    Raises:
        DataError: there is such a query.
    """
    from ..syntax.services import refuse_service
    from ..syntax.sparql import clauses

    for _, prop, text in shapes:
        if str(prop) in SPARQL_TEXT:
            refuse_service(str(text), f"the shapes ({str(prop).removeprefix(SH)})")
            if clauses(str(text)).has_data_set:
                raise DataError("the shapes: FROM is not allowed; a shape sees what it is given")


def _findings(report: rdflib.Graph) -> Iterable[ShapeFinding]:
    from rdflib import RDF, Namespace

    sh = Namespace(SH)
    for result in report.subjects(RDF.type, sh.ValidationResult):
        messages = sorted(
            report.objects(result, sh.resultMessage),
            key=lambda message: (getattr(message, "language", None) != "en", str(message)),
        )
        severity = report.value(result, sh.resultSeverity)
        yield ShapeFinding(
            focus=_name(report.value(result, sh.focusNode)),
            path=_path(report, report.value(result, sh.resultPath)),
            severity=str(severity).removeprefix(SH).lower(),
            shape=_name(report.value(result, sh.sourceShape)),
            message=str(messages[0]) if messages else "",
            value=_name(report.value(result, sh.value)),
        )


def _name(node: rdflib.term.Node | None) -> str:
    from rdflib import BNode

    if node is None:
        return ""
    return f"_:{node}" if isinstance(node, BNode) else str(node)


def _path(report: rdflib.Graph, path: rdflib.term.Node | None) -> str:
    """Give a property's IRI, or a longer path as SPARQL writes it."""
    from rdflib import RDF, BNode, Namespace
    from rdflib.collection import Collection

    if not isinstance(path, BNode):
        return _name(path)
    sh = Namespace(SH)
    if report.value(path, RDF.first) is not None:
        return "/".join(_path(report, step) for step in Collection(report, path))
    for kind, form in (
        (sh.inversePath, "^{}"),
        (sh.zeroOrMorePath, "({})*"),
        (sh.oneOrMorePath, "({})+"),
        (sh.zeroOrOnePath, "({})?"),
    ):
        inner = report.value(path, kind)
        if inner is not None:
            return form.format(_path(report, inner))
    choice = report.value(path, sh.alternativePath)
    if choice is not None:
        return "|".join(_path(report, step) for step in Collection(report, choice))
    return _name(path)
