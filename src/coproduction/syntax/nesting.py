"""What is nested too deeply to be read: refused before a parser overflows its stack or slows down.

Nobody nests by hundreds; the limits are far above what people and programs write, and far below
what the parsers stand.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, Final

import pyoxigraph as ox

from ..errors import DataError, QueryError

_DEEPEST: Final = 1_000
_BLOCK: Final = 1 << 16
_WITH_TRIPLES: Final = (
    ox.RdfFormat.TURTLE,
    ox.RdfFormat.TRIG,
    ox.RdfFormat.N_TRIPLES,
    ox.RdfFormat.N_QUADS,
)


_DEEPEST_QUERY: Final = 200
_MOST_JOINED: Final = 3_000
_PARTS_OF_QUERY: Final = re.compile(
    r"""
    \"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | \'{3}(?:[^'\\]|\\.|'(?!''))*\'{3}
    | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'
    | (?P<angle><[^<>"{}|^`\\\s]*>) | \#[^\n\r]* | \\.
    | [?$]\w+ | (?<!\w)(?:\w[\w-]{0,200})?:[\w.:%-]*
    | (?P<open>[(\[{]) | (?P<close>[)\]}])
    | (?P<join>\|\||&&|[!+*/|-]|\b(?:UNION|OPTIONAL|MINUS)\b)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


def check_query(text: str) -> None:
    """Refuse a query on which pyoxigraph would overflow its stack (some 900 levels).

    Raises:
        QueryError: it is nested more than 200 levels deep, or joins more than 3,000 parts.
    """
    depth = joined = 0
    for found in _PARTS_OF_QUERY.finditer(text):
        kind = found.lastgroup
        if kind == "open":
            depth += 1
            if depth > _DEEPEST_QUERY:
                raise QueryError(
                    f"the query is nested more than {_DEEPEST_QUERY} levels deep; write it flatter"
                )
        elif kind == "angle":  # an IRI, or less-than with what follows: held to be either
            if depth + sum(map(found[0].count, "([{")) > _DEEPEST_QUERY:
                raise QueryError(
                    f"the query is nested more than {_DEEPEST_QUERY} levels deep; write it flatter"
                )
        elif kind == "close":
            depth -= 1
        elif kind == "join":
            joined += 1
            if joined > _MOST_JOINED:
                raise QueryError(
                    f"the query joins more than {_MOST_JOINED:,} parts by signs or by UNION and "
                    "OPTIONAL; list values with VALUES or IN instead"
                )


def check_nesting(path: Path, rdf_format: ox.RdfFormat) -> None:
    """Refuse RDF that is nested too deeply for the parser.

    pyoxigraph overflows its stack on triples within triples (some ten thousand), and its RDF/XML
    parser takes the square of the depth.

    Raises:
        DataError: it is nested more than a thousand levels deep.
    """
    try:
        if rdf_format == ox.RdfFormat.RDF_XML:
            with path.open("rb") as file:
                if _may_be_deep(file):
                    file.seek(0)
                    _check_elements(path, file)
        elif rdf_format in _WITH_TRIPLES:
            with path.open("rb") as file:
                _check_quoted(path, file)
    except OSError:
        return  # missing or unreadable: the parser says it


def _may_be_deep(file: IO[bytes]) -> bool:
    """Tell whether more elements are open somewhere than a file of people's has.

    Counting signs is quick, and errs where comments or texts hold them; elements are counted then.
    """
    depth = 0
    while block := file.read(_BLOCK):
        if b"<!" in block:
            return True
        depth += block.count(b"<") - 2 * block.count(b"</") - block.count(b"/>")
        if depth > _DEEPEST:
            return True
    return False


def _check_elements(path: Path, file: IO[bytes]) -> None:
    from xml.parsers import expat

    parser = expat.ParserCreate("utf-8")
    depth = 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise DataError(
                f"{path}, line {parser.CurrentLineNumber}: elements are nested more than "
                f"{_DEEPEST:,} levels deep; give the inner ones IRIs and write them side by side"
            )

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    try:
        parser.ParseFile(file)
    except expat.ExpatError:
        return  # the parser that reads it stops there too, and says where


def _check_quoted(path: Path, file: IO[bytes]) -> None:
    """Refuse more triple terms than nobody nests; such a file is refused later in any case."""
    count, tail = 0, b""
    while block := file.read(1 << 20):
        count += (tail + block).count(b"<<(")
        tail = block[-2:]
        if count > _DEEPEST:
            raise DataError(
                f"{path}: it has more than {_DEEPEST:,} triple terms of RDF 1.2 (<<( )>>), which "
                "are not taken"
            )
