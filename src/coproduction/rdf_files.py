"""RDF files as people save them: marks, other formats under an RDF ending, what cannot be kept.

A parser that meets such a file names a sign that it did not expect; here the file is named.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from .errors import DataError
from .spelling import control_characters, without_control

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
