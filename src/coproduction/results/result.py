"""What a SELECT gives back: rows, and the forms that people want them in.

The answer of a question has columns in pairs: beside an IRI column ``service`` a column
``serviceLabel``. A person is shown the label; a machine format (CSV, TSV, JSON) has every column.
The answer of a query of your own has the labels in the forms for people and in data frames, and
in all where they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias, cast, overload

import pyoxigraph as ox

from ..errors import MissingExtra, UnknownName
from ..messages import ENGLISH, Speaker, counted
from ..store.failures import failure
from . import forms
from .forms import FORMATS, Cell, Value, display, python_value
from .grouping import Grouped, group
from .rows import Rows, literal, solutions_of
from .rows import fetched as fetch
from .written import Written, as_tsv, column_of, csv_of, number_of, values_of

if TYPE_CHECKING:
    from typing import IO

    import pandas
    import polars

    from ..store.protocol import Term


Labels: TypeAlias = "Callable[[Rows | Written], Rows | Written]"
_FOR_PEOPLE = ("table", "md", "html")


class Result:
    """The rows of a SELECT query, or the answer of an ASK.

    Where it is said what a row is about (`by`), rows with the same value there are one, in
    :attr:`rows`, by `len` and in the forms for people, CSV and ``objects``; :attr:`terms` and the
    W3C's TSV, JSON and XML, which have no lists, keep a row for each combination of values.

    Args:
        run: gives the solutions; called once now, and again only if the rows are wanted after
            they were written out as a stream. Of rows that were fetched it gives them again.
        title: a caption for pages and notebooks.
        max_rows: rows that are taken at most; the rest is not evaluated.
        endpoints: the endpoints that the query asks, for the message where one fails.
        note: what is to be said beside the rows.
        by: the column that says what a row is about, or an empty text.
        labels: puts a label column beside each column of IRIs, for :meth:`labelled`.
        rows: the rows, where they were fetched.

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
        by: str = "",
        labels: Labels | None = None,
        rows: Rows | Written | None = None,
    ) -> None:
        self.title = title
        self.note = note
        self.cut: str = ""
        self.answer: bool | None = rows.answer if rows is not None else None
        self.max_rows = max_rows
        self._endpoints = endpoints
        self._labels = labels
        self._say = ENGLISH
        self._count = ""
        self._run = run
        self._fetched = rows
        self._solutions = run() if rows is None else None
        self.variables: tuple[str, ...] = (
            tuple(variable.value for variable in self._solutions.variables)
            if self._solutions is not None
            else self.fetched.variables
        )
        self.by = by if by in self.variables else ""

    @classmethod
    def of_terms(
        cls,
        rows: Rows | Written,
        title: str = "",
        note: str = "",
        by: str = "",
        labels: Labels | None = None,
    ) -> Result:
        """Make a result out of rows that were fetched."""

        def run() -> ox.QuerySolutions:
            return solutions_of(as_tsv(rows))

        return cls(run, title, note=note, by=by, labels=labels, rows=rows)

    @classmethod
    def of_rows(
        cls, variables: Sequence[str], rows: Iterable[Sequence[Value]], title: str = ""
    ) -> Result:
        """Make a result out of Python values, for lists that no query gives.

        Args:
            variables: names of the columns.
            rows: numbers and booleans keep their types; None is no value.
            title: a caption for pages and notebooks.

        >>> Result.of_rows(["name", "count"], [("claims", 54), ("others", None)]).rows
        [{'name': 'claims', 'count': 54}, {'name': 'others', 'count': None}]
        """
        terms: list[tuple[Term | None, ...]] = [
            tuple(None if value is None else literal(value) for value in row) for row in rows
        ]
        for row in terms:
            if len(row) != len(variables):
                raise ValueError(f"a row of {len(row)} values for {len(variables)} columns")
        return cls.of_terms(Rows(tuple(variables), terms, False), title)

    @property
    def terms(self) -> list[tuple[Term | None, ...]]:
        """The rows as RDF terms (pyoxigraph's), in the order of :attr:`variables`."""
        return self.fetched.terms

    @property
    def truncated(self) -> bool:
        """Whether there were more rows than were wanted, which are left out; `cut` says which."""
        if self.cut:
            return True
        if self._fetched is None and self.max_rows is None:
            return False
        return self.fetched.truncated

    @property
    def fetched(self) -> Rows | Written:
        """All rows, as they were fetched: as terms, or as text of which terms can be made."""
        if self._fetched is None:
            solutions = self._solutions if self._solutions is not None else self._run()
            self._solutions = None
            self._fetched = fetch(solutions, self.max_rows, self._endpoints, self.by)
        return self._fetched

    @cached_property
    def brings_together(self) -> bool:
        """Whether several rows are one, as they are about one thing."""
        if not self.by:
            return False
        about = column_of(self.fetched, self.by)
        return len(set(about)) < len(about)

    @cached_property
    def _groups(self) -> list[Grouped]:
        return group(self.variables, self.terms, self.by)

    @cached_property
    def rows(self) -> list[dict[str, Cell]]:
        """The rows as dictionaries: IRIs and texts as `str`, numbers as such, unbound as None.

        Several values, where rows are brought together, are a list.
        """
        if not self.brings_together:
            values = values_of(self.fetched)
            rows = zip(*values, strict=True) if values else [()] * len(self)
            return [dict(zip(self.variables, row, strict=True)) for row in rows]
        return [
            {
                name: _cell([python_value(term) for term in terms])
                for name, terms in zip(self.variables, each.columns, strict=True)
            }
            for each in self._groups
        ]

    def told(self, say: Speaker, count: str = "") -> Result:
        """Give the same rows, whose headings and number a person is told in a language.

        Forms for programs keep the names of the columns.

        Args:
            say: the language.
            count: how many rows there are, in words, where they are not called so.
        """
        self._say, self._count = say, count
        return self

    def with_labels(self, labels: Labels) -> Result:
        """Give the same rows, of which :meth:`labelled` has the labels that a function adds."""
        self._labels = labels
        return self

    def labelled(self) -> Result:
        """Give the rows with a column ``xLabel`` after each column ``x`` of IRIs.

        So tables, Markdown, HTML and data frames have them of themselves; see
        :mod:`coproduction.results.labels`.

        >>> import coproduction
        >>> kg = coproduction.open()
        >>> kg.query("SELECT ?x { cop:LowParticipation cop:isDirectlyBelow ?x }").labelled()[0]
        {'x': 'https://w3id.org/coproduction#MediumParticipation', 'xLabel': 'medium participation'}
        """
        if self._labels is None or self.answer is not None:
            return self
        return Result.of_terms(self._labels(self.fetched), self.title, self.note, self.by)

    def __len__(self) -> int:
        return len(self._groups) if self.brings_together else number_of(self.fetched)

    def __bool__(self) -> bool:
        """Give the answer to an ASK, else whether there is any row."""
        return len(self) > 0 if self.answer is None else self.answer

    def __iter__(self) -> Iterator[dict[str, Cell]]:
        return iter(self.rows)

    @overload
    def __getitem__(self, index: int) -> dict[str, Cell]: ...

    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Cell]]: ...

    def __getitem__(self, index: int | slice) -> dict[str, Cell] | list[dict[str, Cell]]:
        return self.rows[index]

    def __repr__(self) -> str:
        if self.answer is not None:
            return f"<Result of ASK: {self.answer}>"
        return f"<Result of {counted(len(self), 'row')}: {', '.join(self.variables)}>"

    # -- the forms --------------------------------------------------------------------------

    @property
    def shown(self) -> list[tuple[str, int]]:
        """The columns that a person is shown: heading and position; labels stand for their IRIs."""
        names = list(self.variables)
        return [
            (
                self._say(name.removesuffix("Label"))
                if name.removesuffix("Label") in names
                else self._say(name),
                position,
            )
            for position, name in enumerate(names)
            if f"{name}Label" not in names
        ]

    def without(self, *names: str) -> Result:
        """Give the same rows without some columns."""
        kept = [i for i, name in enumerate(self.variables) if name not in names]
        rows = [tuple(row[i] for i in kept) for row in self.terms]
        variables = tuple(self.variables[i] for i in kept)
        fewer = Rows(variables, rows, self.truncated, self.answer)
        return Result.of_terms(fewer, self.title, self.note, self.by)

    def serialize(self, form: str, width: int | None = None) -> str:
        """Give the rows as text.

        Args:
            form: one of :data:`FORMATS`. CSV, TSV, JSON and XML are the W3C's SPARQL 1.1 results
                formats; ``objects`` is a JSON array of objects; table, md and html show labels in
                place of IRIs.
            width: characters to a line of a terminal, for ``table``.

        Raises:
            UnknownName: no such form.
        """
        import io

        if form in forms.W3C and not (form == "csv" and self.brings_together):
            buffer = io.BytesIO()
            self._write_w3c(form, buffer)
            return buffer.getvalue().decode()
        if form == "csv":
            return forms.csv_text(self.variables, self._plain_rows())
        if form == "objects":
            return forms.objects_text(self.rows)
        shown = self.labelled() if form in _FOR_PEOPLE else self
        if shown is not self:
            return shown.serialize(form, width)
        if form == "md":
            return forms.markdown([heading for heading, _ in self.shown], self._cells())
        if form == "html":
            return self._repr_html_()
        if form == "table":
            from .layout import lay_out

            heads = [heading for heading, _ in self.shown]
            return lay_out(heads, self._cells(), width, self._say, self._count)
        raise UnknownName("format", form, FORMATS, f"(formats: {' '.join(FORMATS)})")

    def write(self, form: str, stream: forms.Sink, width: int | None = None) -> None:
        """Write the rows to a binary stream; CSV, TSV, JSON and XML as they come, none kept.

        Raises:
            UnknownName: no such form.
            QueryError: the query fails in the midst; what was written stays.
        """
        if form in forms.W3C and not (form == "csv" and self.brings_together):
            self._write_w3c(form, stream)
        else:
            stream.write(self.serialize(form, width).encode())

    def write_sheet(self, stream: forms.Sink, lang: str = "en") -> None:
        """Write CSV for a spreadsheet to a stream; see :mod:`coproduction.tables.csv_writing`.

        Args:
            stream: where.
            lang: the language whose separator is taken.
        """
        from ..tables.csv_writing import write_sheet

        write_sheet(stream, self.variables, self._plain_rows(), lang)

    def _write_w3c(self, form: str, stream: forms.Sink) -> None:
        if self.answer is not None and form in ("json", "xml"):
            stream.write(forms.boolean_text(self.answer, form).encode())
            return
        if self._fetched is not None or self.max_rows is not None:
            parts = csv_of(self.fetched) if form == "csv" else None
            if parts is not None:
                for part in parts:
                    stream.write(part)
                return
            solutions = solutions_of(as_tsv(self.fetched))
        else:
            solutions = self._solutions if self._solutions is not None else self._run()
            self._solutions = None
        target = forms.xml_stream(stream) if form == "xml" else stream
        try:
            solutions.serialize(output=cast("IO[bytes]", target), format=forms.W3C[form])
        except (OSError, ValueError, RuntimeError) as error:
            unwritten = getattr(stream, "error", None)
            if unwritten is not None:
                raise unwritten from None
            if isinstance(error, BrokenPipeError):
                raise
            raise failure(error, self._endpoints) from None
        if isinstance(target, forms.Changed):
            target.finish()

    def _values(self) -> Iterator[Sequence[Sequence[Term]]]:
        """Give the rows, with the values of each cell."""
        if self.brings_together:
            yield from (each.columns for each in self._groups)
        else:
            for row in self.terms:
                yield [[] if term is None else [term] for term in row]

    def _plain_rows(self) -> Iterator[list[str]]:
        for row in self._values():
            yield ["; ".join(map(forms.plain, cell)) for cell in row]

    def _cells(self) -> list[list[str]]:
        return [
            [forms.joined(map(display, row[position])) for _, position in self.shown]
            for row in self._values()
        ]

    def _repr_html_(self) -> str:
        shown = self.labelled()
        if shown is not self:
            return shown._repr_html_()
        iri_of = {
            self.variables.index(name): self.variables.index(name.removesuffix("Label"))
            for name in self.variables
            if name.endswith("Label") and name.removesuffix("Label") in self.variables
        }

        def cell(row: Sequence[Sequence[Term]], position: int) -> list[tuple[str, str]]:
            texts, links = row[position], row[iri_of.get(position, position)]
            together = (
                zip(texts, links, strict=False)
                if len(texts) == len(links)
                else ((text, None) for text in texts)
            )
            return [
                (display(text), link.value if isinstance(link, ox.NamedNode) else "")
                for text, link in together
            ]

        rows = ([cell(row, position) for _, position in self.shown] for row in self._values())
        return forms.html_table([heading for heading, _ in self.shown], rows, self.title)

    def _frame(self) -> dict[str, list[Cell]]:
        """The columns by name: those shown first, then the IRIs behind them."""
        first = [self.variables[position] for _, position in self.shown]
        order = first + [name for name in self.variables if name not in first]
        if self.brings_together:
            from .frames import listed

            return {name: listed([row[name] for row in self.rows]) for name in order}
        columns = dict(zip(self.variables, values_of(self.fetched), strict=True))
        return {name: [*columns[name]] for name in order}

    def to_pandas(self) -> pandas.DataFrame:
        """Give the rows as a pandas data frame, label columns first.

        Whole numbers are Int64 and truth is boolean, also where values lack; other numbers are
        float64.

        Raises:
            MissingExtra: pandas is not installed (the extra ``frames``).
        """
        try:
            import pandas
        except ImportError:
            raise MissingExtra("pandas", "frames") from None
        from .frames import kinds_of

        frame = self.labelled()._frame()
        return pandas.DataFrame(frame).astype(kinds_of(frame))

    def to_polars(self) -> polars.DataFrame:
        """Give the rows as a polars data frame, label columns first.

        Raises:
            MissingExtra: polars is not installed (the extra ``frames``).
        """
        try:
            import polars
        except ImportError:
            raise MissingExtra("polars", "frames") from None
        return polars.DataFrame(self.labelled()._frame(), infer_schema_length=None)


def _cell(values: list[Value]) -> Cell:
    if len(values) > 1:
        return values
    return values[0] if values else None
