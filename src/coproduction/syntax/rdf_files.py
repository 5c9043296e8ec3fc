"""RDF files as people save them: marks, other formats under an RDF ending, what cannot be kept.

A parser that meets such a file names a sign that it did not expect; here the file is named.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Protocol

import pyoxigraph as ox

from ..errors import DataError, option
from ..spelling import control_characters, without_control

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
_HEAD: Final = 4_096
_OTHERS: Final = (
    (re.compile(r"<!doctype html|<html", re.I), "a web page; download the file itself"),
    (re.compile(r"\s*\{?\\rtf"), "a text of a word processor; save it as plain text"),
    (re.compile(r"<(\w+:)?Ontology\b[^>]*\bwww\.w3\.org/2002/07/owl#"), "OWL/XML"),
    (re.compile(r"\s*(Prefix\s*\(|Ontology\s*\()"), "OWL in functional syntax"),
    (re.compile(r"\s*(Prefix:|Ontology:)"), "OWL in Manchester syntax"),
    (re.compile(r"\s*format-version:"), "OBO"),
    (re.compile(r"<(\w+:)?RDF\b[^>]*22-rdf-syntax-ns#|\s*<\?xml"), "XML (RDF/XML ends in .rdf)"),
    (re.compile(r"\s*[{\[]\s*[\"{]"), "JSON (JSON-LD ends in .jsonld)"),
    (re.compile(r"\s*(@prefix|@base|PREFIX|BASE)\b"), "Turtle (which ends in .ttl)"),
)
_OWL: Final = "; save it as RDF/XML or Turtle (in Protégé: File, Save as)"


def without_mark(path: Path) -> bytes | None:
    """Give the content of a file that begins with the mark of UTF-8; None of every other.

    Raises:
        DataError: the file cannot be read, or is UTF-16, which no format of RDF is written in.
    """
    try:
        with path.open("rb") as file:
            start = file.read(3)
            if start == codecs.BOM_UTF8:
                return file.read()
    except OSError:
        return None  # the parser says why
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise DataError(f"{path}: this is UTF-16, and RDF is written in UTF-8: save it so")
    return None


def other_format(path: Path, read_as: str) -> str:
    """Name the format that a file is in, where it is not the one that its ending says.

    Args:
        path: a file that could not be parsed.
        read_as: name of the format that it was taken for.

    Returns:
        a phrase for people, empty where nothing is recognised.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD).decode("utf-8", errors="replace").lstrip("\ufeff")
    if "\0" in head:
        return "no text"
    for form, name in _OTHERS:
        if form.search(head):
            return "" if read_as in name else name + (_OWL if name.startswith("OWL") else "")
    return ""


def unkept(quads: Iterable[ox.Quad]) -> str:
    """Tell what a file holds that RDF 1.1 has no way to write, or give an empty text.

    Triple terms and the direction of a text are RDF 1.2; most programs, and most formats that
    are written here, know neither.
    """
    for quad in quads:
        if isinstance(quad.object, ox.Triple):
            return (
                "it has triple terms of RDF 1.2 (<<( )>> or {| |}), which are not taken: write "
                "what is said of a statement as a node of its own, such as a coding"
            )
        if isinstance(quad.object, ox.Literal) and quad.object.direction is not None:
            return "it has texts with a direction (RDF 1.2), which are not taken: leave it out"
    return ""


def cleaned_quads(quads: Iterable[ox.Quad]) -> list[tuple[ox.Quad, ox.Quad]]:
    """Give each quad whose text holds control characters, with the same without them."""
    return [
        (quad, ox.Quad(quad.subject, quad.predicate, _clean(quad.object), quad.graph_name))
        for quad in quads
        if isinstance(quad.object, ox.Literal) and control_characters(quad.object.value)
    ]


def _clean(text: ox.Literal) -> ox.Literal:
    value = without_control(text.value)
    if text.language:
        return ox.Literal(value, language=text.language)
    return ox.Literal(value, datatype=text.datatype)


class Target(Protocol):
    """A store of the engine, or what takes a file and gives its statements as one does."""

    def load(
        self,
        input: bytes | None = None,
        format: ox.RdfFormat | None = None,
        *,
        path: Path | None = None,
        base_iri: str | None = None,
        to_graph: ox.NamedNode | None = None,
    ) -> None:
        """Load a file, all or nothing."""

    def __iter__(self) -> Iterator[ox.Quad]:
        """Give the statements."""


def load(
    store: Target,
    path: Path,
    rdf_format: ox.RdfFormat,
    *,
    graph: str | None = None,
    base: str | None = None,
) -> None:
    """Load a file into a store of the engine, all or nothing.

    Args:
        store: where the statements go.
        path: the file.
        rdf_format: how it is written.
        graph: IRI of the graph for its triples; by default the default graph.
        base: what relative IRIs are resolved on; by default they are refused.

    Raises:
        DataError: the file cannot be read (with the line), or would take the parser down.
    """
    target = None if graph is None or rdf_format.supports_datasets else ox.NamedNode(graph)
    _check_before_parsing(path, rdf_format)
    marked = without_mark(path)
    try:
        store.load(
            input=marked,
            path=path if marked is None else None,
            format=rdf_format,
            base_iri=base or (_NO_BASE if _drops_relative(rdf_format) else None),
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
    if base is None and _drops_relative(rdf_format):
        _refuse_relative(store, path)


_NO_BASE: Final = "https://base.invalid/none/"
"""A base that no file has: an IRI that begins with it was relative."""


_WITH_BASE: Final = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.RDF_XML)


def _drops_relative(rdf_format: ox.RdfFormat) -> bool:
    """Tell whether the parser leaves out statements with relative IRIs, instead of refusing."""
    return rdf_format == ox.RdfFormat.JSON_LD


def _refuse_relative(store: Target, path: Path) -> None:
    """Refuse what holds an IRI that was resolved on :data:`_NO_BASE`."""
    for quad in store:
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, ox.NamedNode) and term.value.startswith(_NO_BASE):
                raise DataError(f"{path}: {_no_base(term.value.removeprefix(_NO_BASE))}")


def _no_base(iri: str) -> str:
    return (
        f"the relative IRI <{iri}> has no base: state one in the file (@base, xml:base), or give "
        f"{option('base', 'IRI')} where you load it"
    )


def _check_before_parsing(path: Path, rdf_format: ox.RdfFormat) -> None:
    """Refuse what would take the parser down: entities without end, and nesting without end."""
    from .nesting import check_nesting

    if rdf_format == ox.RdfFormat.RDF_XML:
        from ..files.doctype import check_rdf_xml

        try:
            check_rdf_xml(path)
        except DataError:
            other = other_format(path, rdf_format.name) if path.is_file() else ""
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


_PLACE: Final = re.compile(r"^Parser error (?:at|between) line \d+[^:]*: ")
"""What the parser says of the place, which is told before."""


def _syntax_line(path: Path, rdf_format: ox.RdfFormat, error: SyntaxError) -> str:
    message = _PLACE.sub("", str(error.msg))
    other = other_format(path, rdf_format.name)
    if other:
        return f"{path}: this is no {rdf_format.name} but {other}"
    where = f"{path}"
    if error.lineno is not None:
        where += f", line {error.lineno}, column {error.offset}"
    elif "ill-formed" in message:
        where += _place_in_xml(path)
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


def _place_in_xml(path: Path) -> str:
    """Tell where a file is no XML: the parser of RDF/XML does not."""
    from xml.parsers import expat

    try:
        with path.open("rb") as file:  # its DOCTYPE was held against the limits before
            expat.ParserCreate().ParseFile(file)
    except expat.ExpatError as error:
        return f", line {error.lineno}, column {error.offset + 1}"
    return ""


def _relative_at(path: Path, error: SyntaxError) -> str:
    """Give the relative IRI that an error is about, as the parser names or places it."""
    named = re.search(r"parsing IRI '(.*?)'", str(error.msg))
    if named or error.lineno is None or error.offset is None:
        return named[1] if named else ""
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    line = lines[error.lineno - 1] if error.lineno <= len(lines) else ""
    return line[error.offset - 1 :].lstrip("<").partition(">")[0]
