"""The forms of rows: tables and pages for people, the W3C's formats and objects for programs."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

import pyoxigraph as ox

from ..names import XSD, compact
from ..spelling import for_xml

if TYPE_CHECKING:
    from decimal import Decimal

    from ..store.protocol import Term

FORMATS: Final = ("table", "csv", "tsv", "json", "xml", "objects", "md", "html")
W3C: Final = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}
"""The results formats of SPARQL 1.1."""
_NUMBERS: Final[dict[str, Callable[[str], Any]]] = {
    XSD + "integer": int,
    XSD + "decimal": lambda text: _decimal(text),
    XSD + "double": float,
    XSD + "float": float,
    XSD + "boolean": lambda text: text in ("true", "1"),
}


class Sink(Protocol):
    """What bytes are written to."""

    def write(self, data: bytes, /) -> object:
        """Take bytes."""


class Changed:
    """A stream that changes the text which is written through it, however it is cut.

    Args:
        inner: where the text goes, as UTF-8.
        change: what is done with each piece; a piece never ends between CR and LF.
    """

    def __init__(self, inner: Sink, change: Callable[[str], str]) -> None:
        self._inner, self._change = inner, change
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self.ended = True
        """Whether what was written ends its line."""

    def write(self, data: bytes) -> int:
        """Write."""
        if data:
            self.ended = data.endswith(b"\n")
        text = self._held + self._decoder.decode(data)
        self._held = "\r" if text.endswith("\r") else ""
        text = text.removesuffix("\r")
        self._inner.write(self._change(text).encode())
        return len(data)

    def flush(self) -> None:
        """Nothing: the stream within is flushed when all is written."""

    def finish(self) -> None:
        """Write what was held back."""
        rest = self._held + self._decoder.decode(b"", final=True)
        self._held = ""
        if rest:
            self._inner.write(self._change(rest).encode())


def python_value(term: Term | None) -> Value:
    """Give an RDF term as a Python value; an ill-typed number stays the text that it is."""
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        convert = _NUMBERS.get(term.datatype.value)
        if convert is None:
            return term.value
        try:
            value: Value = convert(term.value)
        except (ValueError, ArithmeticError):
            return term.value
        return value
    return str(getattr(term, "value", term))


def display(term: Term | None) -> str:
    """Give an RDF term as a person reads it: literals as text, IRIs as prefixed names."""
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return compact(term.value)
    return plain(term)


def plain(term: Term) -> str:
    """Give a term as CSV has it: literals and IRIs as text."""
    if isinstance(term, ox.BlankNode):
        return f"_:{term.value}"
    return str(getattr(term, "value", term))


def joined(texts: Iterable[str]) -> str:
    """Join the values of a cell, each once."""
    return "; ".join(dict.fromkeys(text for text in texts if text))


def csv_text(variables: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give rows as the W3C's CSV."""
    import csv
    import io

    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(variables)
    writer.writerows(rows)
    return buffer.getvalue()


def objects_text(rows: Sequence[object]) -> str:
    """Give rows as a JSON array with an object for each; lists where there are several values."""
    import json

    lines = (json.dumps(row, ensure_ascii=False, default=_number) for row in rows)
    return "[\n" + ",\n".join(lines) + "\n]\n" if rows else "[]\n"


def boolean_text(answer: bool, form: str) -> str:
    """Give the answer of an ASK in the W3C's form, JSON or XML."""
    said = b'{"head":{},"boolean":%s}' % str(answer).lower().encode()
    data = ox.parse_query_results(said, ox.QueryResultsFormat.JSON)
    assert isinstance(data, ox.QueryBoolean)
    text = data.serialize(format=W3C[form])
    assert text is not None
    return text.decode()


def markdown(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give rows as a table in Markdown."""

    def line(cells: Sequence[str]) -> str:
        escaped = (" ".join(c.replace("|", "\\|").splitlines()) for c in cells)
        return f"| {' | '.join(escaped)} |"

    lines = [line(headings), line(["---"] * len(headings)), *map(line, rows)]
    return "\n".join(lines) + "\n"


def html_table(
    headings: Sequence[str], rows: Iterable[Sequence[Sequence[tuple[str, str]]]], title: str
) -> str:
    """Give rows as a table in HTML.

    Args:
        headings: of the columns.
        rows: of each cell its values, each with its text and its IRI, which may be empty.
        title: the caption.
    """
    import html

    def value(text: str, iri: str) -> str:
        if iri.startswith(("http://", "https://")):
            return f'<a href="{html.escape(iri)}">{html.escape(text)}</a>'
        return html.escape(text)

    head = "".join(f"<th>{html.escape(heading)}</th>" for heading in headings)
    body = "\n".join(
        "<tr>"
        + "".join(f"<td>{'; '.join(value(*each) for each in cell)}</td>" for cell in row)
        + "</tr>"
        for row in rows
    )
    caption = f"<caption>{html.escape(title)}</caption>" if title else ""
    return f"<table>{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>\n"


def xml_stream(stream: Sink) -> Changed:
    """Give a stream for XML, in which signs that XML cannot write are replaced."""
    return Changed(stream, for_xml)


def _number(value: object) -> float:
    """Give a decimal as JSON has numbers."""
    return float(str(value))


def _decimal(text: str) -> Decimal:
    from decimal import Decimal

    return Decimal(text)


Value: TypeAlias = "str | int | float | bool | Decimal | None"


Cell: TypeAlias = "Value | list[Value]"
