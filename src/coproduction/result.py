"""What a SELECT gives back: rows, and the forms that people want them in.

Columns come in pairs: an IRI column ``service`` has a column ``serviceLabel`` beside it. A
person is shown the label; a machine format (CSV, TSV, JSON) has every column as asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias, cast

import pyoxigraph as ox

from .errors import MissingExtra, UnknownName
from .messages import counted
from .names import XSD, compact
from .stopping import while_wanted
from .store import failure

if TYPE_CHECKING:
    from decimal import Decimal
    from typing import IO

    import pandas
    import polars

    from .stopping import Stream
    from .store import Term

Value: TypeAlias = "str | int | float | bool | Decimal | None"
FORMATS: Final = ("table", "csv", "tsv", "json", "xml", "md", "html")
_MACHINE: Final = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}
_NUMBERS: Final[dict[str, Callable[[str], Value]]] = {
    XSD + "integer": int,
    XSD + "decimal": lambda text: _decimal(text),
    XSD + "double": float,
    XSD + "float": float,
    XSD + "boolean": lambda text: text in ("true", "1"),
}


class Rows(NamedTuple):
    """Rows that were fetched: an object that any thread may use."""

    variables: tuple[str, ...]
    terms: list[tuple[Term | None, ...]]
    truncated: bool
    is_ask: bool = False


class Result:
    """The rows of a SELECT query, or the answer to an ASK: one row with the column ``answer``.

    Args:
        run: gives the solutions; called once now, and again only if the rows are wanted after
            they were written out as a stream.
        title: a caption for pages and notebooks.
        max_rows: rows that are taken at most; the rest is not evaluated.
        endpoints: the endpoints that the query asks, for the message where one fails.
        note: what is to be said beside the rows.

    >>> import coproduction
    >>> result = coproduction.open().ask("glass-ceiling")
    >>> len(result), result.rows[0]["sectorLabel"]
    (7, 'third sector')
    """

    def __init__(
        self,
        run: Callable[[], ox.QuerySolutions],
        title: str = "",
        *,
        max_rows: int | None = None,
        endpoints: Sequence[str] = (),
        note: str = "",
    ) -> None:
        self.title = title
        self.note = note
        self.max_rows = max_rows
        self._endpoints = endpoints
        self._run = run
        self._solutions: ox.QuerySolutions | None = run()
        self._fetched: Rows | None = None
        self.variables: tuple[str, ...] = tuple(v.value for v in self._solutions.variables)

    @classmethod
    def of_terms(cls, rows: Rows, title: str = "", note: str = "") -> Result:
        """Make a result out of rows that were fetched."""

        def run() -> ox.QuerySolutions:
            return solutions_of(tsv_of(rows.variables, rows.terms))

        result = cls(run, title, note=note)
        result._fetched = rows
        return result

    @classmethod
    def of_rows(cls, variables: Sequence[str], rows: Sequence[Sequence[str]], title: str) -> Result:
        """Make a result out of text, for lists that no query gives."""
        import json

        document = {
            "head": {"vars": list(variables)},
            "results": {
                "bindings": [
                    {
                        name: {"type": "literal", "value": text}
                        for name, text in zip(variables, row, strict=True)
                    }
                    for row in rows
                ]
            },
        }
        data = json.dumps(document).encode()

        def run() -> ox.QuerySolutions:
            solutions = ox.parse_query_results(data, ox.QueryResultsFormat.JSON)
            assert isinstance(solutions, ox.QuerySolutions)
            return solutions

        return cls(run, title)

    @property
    def terms(self) -> list[tuple[Term | None, ...]]:
        """The rows as RDF terms (pyoxigraph's), in the order of :attr:`variables`."""
        return self._all.terms

    @property
    def truncated(self) -> bool:
        """Whether there were more rows than were wanted, which are left out."""
        if self._fetched is None and self.max_rows is None:
            return False
        return self._all.truncated

    @property
    def _all(self) -> Rows:
        if self._fetched is None:
            solutions = self._solutions if self._solutions is not None else self._run()
            self._solutions = None
            self._fetched = fetched(solutions, self.max_rows, self._endpoints)
        return self._fetched

    @property
    def rows(self) -> list[dict[str, Value]]:
        """The rows as dictionaries: IRIs and texts as `str`, numbers as such, unbound as None."""
        return [
            dict(zip(self.variables, map(python_value, row), strict=True)) for row in self.terms
        ]

    @property
    def answer(self) -> bool | None:
        """The answer to an ASK, None where rows were asked for."""
        if self._fetched is None or not self._fetched.is_ask:
            return None
        return self.rows[0]["answer"] is True

    def __bool__(self) -> bool:
        """Give the answer to an ASK, else whether there is any row."""
        return len(self) > 0 if self.answer is None else self.answer

    def __len__(self) -> int:
        return len(self.terms)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        return iter(self.rows)

    def __repr__(self) -> str:
        return f"<Result of {counted(len(self), 'row')}: {', '.join(self.variables)}>"

    # -- the forms --------------------------------------------------------------------------

    @property
    def shown(self) -> list[tuple[str, int]]:
        """The columns that a person is shown: heading and position; labels stand for their IRIs."""
        names = list(self.variables)
        return [
            (name.removesuffix("Label") if name.removesuffix("Label") in names else name, position)
            for position, name in enumerate(names)
            if f"{name}Label" not in names
        ]

    def serialize(self, form: str, width: int | None = None) -> str:
        """Give the rows as text.

        Args:
            form: one of :data:`FORMATS`. CSV, TSV, JSON and XML are the W3C's SPARQL 1.1
                results formats; table, md and html show labels in place of IRIs.
            width: characters to a line, for ``table``.

        Raises:
            UnknownName: no such form.
        """
        if form in _MACHINE:
            return self._machine(form)
        if form == "md":
            return self._markdown()
        if form == "html":
            return self._repr_html_()
        if form == "table":
            return self._table(width)
        raise UnknownName("format", form, FORMATS, f"(formats: {' '.join(FORMATS)})")

    def write(self, form: str, stream: IO[bytes] | Stream, width: int | None = None) -> None:
        """Write the rows to a binary stream; CSV, TSV, JSON and XML as they come, none kept.

        Raises:
            UnknownName: no such form.
            QueryError: the query fails in the midst; what was written stays.
        """
        if form not in _MACHINE or self._fetched is not None or self.max_rows is not None:
            stream.write(self.serialize(form, width).encode())
            return
        solutions = self._solutions if self._solutions is not None else self._run()
        self._solutions = None
        try:
            solutions.serialize(output=cast("IO[bytes]", stream), format=_MACHINE[form])
        except (OSError, ValueError, RuntimeError) as error:
            unwritten = getattr(stream, "error", None)
            if unwritten is not None:
                raise unwritten from None
            if isinstance(error, BrokenPipeError):
                raise
            raise failure(error, self._endpoints) from None

    def _machine(self, form: str) -> str:
        import io

        buffer = io.BytesIO()
        if self._fetched is None and self.max_rows is None:
            self.write(form, buffer)
            return buffer.getvalue().decode()
        if self.answer is not None and form in ("json", "xml"):
            told = f'{{"head":{{}},"boolean":{"true" if self.answer else "false"}}}'.encode()
            answer = ox.parse_query_results(told, ox.QueryResultsFormat.JSON)
            assert isinstance(answer, ox.QueryBoolean)
            return (answer.serialize(format=_MACHINE[form]) or b"").decode()
        data = solutions_of(tsv_of(self.variables, self.terms)).serialize(format=_MACHINE[form])
        assert data is not None
        return data.decode()

    def _cells(self) -> list[list[str]]:
        return [[display(row[position]) for _, position in self.shown] for row in self.terms]

    def _table(self, width: int | None) -> str:
        import io

        from rich.box import SIMPLE_HEAD
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        from .spelling import visible

        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        cells = self._cells()
        for column, (heading, _) in enumerate(self.shown):
            numeric = bool(cells) and all(row[column].isdigit() for row in cells)
            table.add_column(heading, justify="right" if numeric else "left", overflow="fold")
        for row in cells:
            table.add_row(*(Text(visible(cell)) for cell in row))
        buffer = io.StringIO()
        console = Console(file=buffer, width=width or 200, color_system=None)
        console.print(table)
        lines = [line.rstrip() for line in buffer.getvalue().splitlines()]
        count = f"{len(cells)} {'row' if len(cells) == 1 else 'rows'}"
        return "\n".join(lines).strip("\n") + f"\n\n{count}\n"

    def _markdown(self) -> str:
        def line(cells: Sequence[str]) -> str:
            escaped = (cell.replace("|", "\\|").replace("\n", " ") for cell in cells)
            return f"| {' | '.join(escaped)} |"

        headings = [heading for heading, _ in self.shown]
        rows = [line(headings), line(["---"] * len(headings)), *map(line, self._cells())]
        return "\n".join(rows) + "\n"

    def _repr_html_(self) -> str:
        import html

        iri_of = {
            self.variables.index(name): self.variables.index(name.removesuffix("Label"))
            for name in self.variables
            if name.endswith("Label") and name.removesuffix("Label") in self.variables
        }
        head = "".join(f"<th>{html.escape(heading)}</th>" for heading, _ in self.shown)
        body = "\n".join(
            "<tr>"
            + "".join(
                f"<td>{_html_cell(row[position], row[iri_of.get(position, position)])}</td>"
                for _, position in self.shown
            )
            + "</tr>"
            for row in self.terms
        )
        caption = f"<caption>{html.escape(self.title)}</caption>" if self.title else ""
        return (
            f"<table>{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>\n"
        )

    def _frame(self) -> dict[str, list[Value]]:
        """The columns by name: those shown first, then the IRIs behind them."""
        first = [self.variables[position] for _, position in self.shown]
        order = first + [name for name in self.variables if name not in first]
        rows = self.rows
        return {name: [row[name] for row in rows] for name in order}

    def to_pandas(self) -> pandas.DataFrame:
        """Give the rows as a pandas data frame, label columns first.

        Raises:
            MissingExtra: pandas is not installed (the extra ``frames``).
        """
        try:
            import pandas
        except ImportError:
            raise MissingExtra("pandas", "frames") from None
        return pandas.DataFrame(self._frame())

    def to_polars(self) -> polars.DataFrame:
        """Give the rows as a polars data frame, label columns first.

        Raises:
            MissingExtra: polars is not installed (the extra ``frames``).
        """
        try:
            import polars
        except ImportError:
            raise MissingExtra("polars", "frames") from None
        return polars.DataFrame(self._frame(), infer_schema_length=None)


def fetched(
    solutions: ox.QuerySolutions, most: int | None = None, endpoints: Sequence[str] = ()
) -> Rows:
    """Fetch the rows of a query, or so many of them.

    Raises:
        QueryError: the query fails in the midst of its rows.
    """
    variables = tuple(variable.value for variable in solutions.variables)
    width = range(len(variables))
    terms: list[tuple[Term | None, ...]] = []
    try:
        for solution in while_wanted(islice(solutions, None if most is None else most + 1)):
            terms.append(tuple(solution[i] for i in width))
    except (OSError, ValueError, RuntimeError) as error:
        raise failure(error, endpoints, len(terms)) from None
    truncated = most is not None and len(terms) > most
    return Rows(variables, terms[:most], truncated)


def tsv_of(variables: Sequence[str], terms: Iterable[Sequence[Term | None]]) -> bytes:
    """Write rows in the TSV form of SPARQL 1.1, which keeps every term whole."""
    lines = ["\t".join(f"?{name}" for name in variables)]
    lines += ["\t".join("" if term is None else _text(term) for term in row) for row in terms]
    return ("\n".join(lines) + "\n").encode()


def solutions_of(tsv: bytes) -> ox.QuerySolutions:
    """Read what :func:`tsv_of` wrote."""
    solutions = ox.parse_query_results(tsv, ox.QueryResultsFormat.TSV)
    assert isinstance(solutions, ox.QuerySolutions)
    return solutions


def _text(term: Term) -> str:
    """Give a term as Turtle writes it."""
    if isinstance(term, ox.Triple):
        parts = (term.subject, term.predicate, term.object)
        return f"<<( {' '.join(map(_text, parts))} )>>"
    return str(term)


def python_value(term: Term | None) -> Value:
    """Give an RDF term as a Python value; an ill-typed number stays the text that it is."""
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        convert = _NUMBERS.get(term.datatype.value)
        if convert is None:
            return term.value
        try:
            return convert(term.value)
        except (ValueError, ArithmeticError):
            return term.value
    return str(getattr(term, "value", term))


def display(term: Term | None) -> str:
    """Give an RDF term as a person reads it: literals as text, IRIs as prefixed names."""
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return compact(term.value)
    if isinstance(term, ox.BlankNode):
        return f"_:{term.value}"
    return str(getattr(term, "value", term))


def _decimal(text: str) -> Decimal:
    from decimal import Decimal

    return Decimal(text)


def _html_cell(term: Term | None, iri: Any) -> str:
    import html

    text = html.escape(display(term))
    if isinstance(iri, ox.NamedNode) and iri.value.startswith(("http://", "https://")):
        return f'<a href="{html.escape(iri.value)}">{text}</a>'
    return text
