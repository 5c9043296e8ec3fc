"""Rows as the engine wrote them: TSV, of which text, values and terms are made by the column.

To make an object of every cell takes a third of the time of a large answer. TSV keeps every term
whole, and says by its first sign what it is, so that most cells are read by cutting off their ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING, Final, TypeVar, cast

import pyoxigraph as ox

from ..stopping import Stream
from ..store.failures import failure
from .columns import (
    ForTheEngine,
    columns_of,
    converted,
    csv_lines,
    csv_parts,
    quoted,
    seems_distinct,
)
from .forms import Value, python_value
from .rows import Rows, solutions_of, tsv_of

if TYPE_CHECKING:
    from typing import IO

    from ..store.protocol import Term

To = TypeVar("To")
_COMMAS: Final = bytes.maketrans(b"\t", b",")


class _Unread:
    """Stands for a cell that its signs do not tell."""


_UNREAD: Final = _Unread()

_DIGITS: Final = 18
"""Digits of a number that is read at once."""


class Written:
    r"""All rows of a SELECT as TSV; what :class:`~.rows.Rows` has is made of it when it is wanted.

    Args:
        variables: names of the columns.
        tsv: as the engine writes it: the names, then a line a row.
        truncated: whether there are more.
        cells: instead of `tsv`, each column as the cells that it has there; see :attr:`cells`.

    >>> rows = Written(("x", "y"), b'?x\t?y\n<urn:a>\t"b"@en\n\t5\n')
    >>> len(rows), rows.values(), rows.csv()
    (2, [['urn:a', None], ['b', 5]], b'x,y\r\nurn:a,b\r\n,5\r\n')
    """

    answer: bool | None = None

    def __init__(
        self,
        variables: Sequence[str],
        tsv: bytes = b"",
        truncated: bool = False,
        *,
        cells: list[list[str]] | None = None,
    ) -> None:
        self.variables, self.truncated = tuple(variables), truncated
        self._tsv = tsv
        if cells is not None:
            self.cells = cells

    def __len__(self) -> int:
        return self._tsv.count(b"\n") - 1 if self._tsv else len(self.cells[0])

    @property
    def tsv(self) -> bytes:
        """The rows as TSV."""
        if self._tsv:
            return self._tsv
        lines = map("\t".join, zip(*self.cells, strict=True))
        return "".join(f"{line}\n" for line in ("\t".join(self._heads()), *lines)).encode()

    def _heads(self) -> list[str]:
        return [f"?{name}" for name in self.variables]

    @cached_property
    def cells(self) -> list[list[str]]:
        """The cells of each column as TSV has them: a term as Turtle writes it, or nothing."""
        width = len(self.variables)
        if not width:
            return []
        # A text has no tab and no line end of its own: they are written as escapes.
        lines = self._tsv.decode().partition("\n")[2]
        cells = lines.replace("\n", "\t").split("\t")
        del cells[-1]
        return [cells[place::width] for place in range(width)]

    @cached_property
    def terms(self) -> list[tuple[Term | None, ...]]:
        """The rows as RDF terms."""
        columns = [_by_token(column, terms_of) for column in self.cells]
        return list(zip(*columns, strict=True)) if columns else [()] * len(self)

    def values(self) -> list[list[Value]]:
        """Give the columns as Python values, each as :func:`~.forms.python_value` gives it."""
        return [_by_token(column, _values) for column in self.cells]

    def csv(self) -> bytes:
        """Give the rows as the W3C's CSV, byte for byte as the engine writes it."""
        whole = self._tsv
        if whole and b'"' not in whole and b" " not in whole:  # IRIs, numbers, truth, blank nodes
            _, _, lines = whole.partition(b"\n")
            head = ",".join(self.variables).encode() + b"\r\n"
            return head + lines.translate(_COMMAS, b"<>").replace(b"\n", b"\r\n")
        try:
            cells = [_by_token(column, _cells) for column in self.cells]
        except ForTheEngine:
            text = solutions_of(self.tsv).serialize(format=ox.QueryResultsFormat.CSV)
            assert text is not None
            return text
        return b"".join(csv_lines(self.variables, cells))


def written(solutions: ox.QuerySolutions, endpoints: Sequence[str] = ()) -> Written:
    """Have the engine write all rows of a query, as long as anybody waits for them.

    Args:
        solutions: what the engine gives.
        endpoints: those that the query asks, for the message where one fails.

    Raises:
        QueryError: the query fails in the midst of its rows.
    """
    variables = [variable.value for variable in solutions.variables]
    buffer = BytesIO()
    try:
        target = cast("IO[bytes]", Stream(buffer))
        solutions.serialize(output=target, format=ox.QueryResultsFormat.TSV)
    except (OSError, ValueError, RuntimeError) as error:
        rows = buffer.getvalue().count(b"\n") - 1
        raise failure(error, endpoints, max(rows, 0)) from None
    return Written(variables, buffer.getvalue())


def is_iri(cell: str) -> bool:
    """Tell whether a cell of TSV is an IRI; a triple, too, begins as one."""
    return cell[:1] == "<" != cell[1:2]


def as_rows(rows: Rows | Written) -> Rows:
    """Give rows as terms."""
    if isinstance(rows, Written):
        return Rows(rows.variables, rows.terms, rows.truncated)
    return rows


def first_rows(rows: Rows | Written, number: int) -> Rows:
    """Give the first rows as terms."""
    if isinstance(rows, Written) and rows.variables:
        cells = [column[:number] for column in rows.cells]
        return as_rows(Written(rows.variables, cells=cells))
    return Rows(rows.variables, rows.terms[:number], rows.truncated)


def column_of(rows: Rows | Written, name: str) -> Sequence[Term | str]:
    """Give what a column has, without what is not bound: terms, or cells of TSV."""
    place = rows.variables.index(name)
    if isinstance(rows, Written):
        return list(filter(None, rows.cells[place]))
    return [term for row in rows.terms if (term := row[place]) is not None]


def as_tsv(rows: Rows | Written) -> bytes:
    """Give rows as TSV."""
    return rows.tsv if isinstance(rows, Written) else tsv_of(rows.variables, rows.terms)


def number_of(rows: Rows | Written) -> int:
    """Give the number of rows."""
    return len(rows) if isinstance(rows, Written) else len(rows.terms)


def csv_of(rows: Rows | Written) -> Iterable[bytes] | None:
    """Give rows as the W3C's CSV, in parts; None where it takes the engine to write them."""
    if isinstance(rows, Written):
        return (rows.csv(),)
    return csv_parts(rows.variables, columns_of(len(rows.variables), rows.terms))


def values_of(rows: Rows | Written) -> list[list[Value]]:
    """Give rows as columns of Python values."""
    if isinstance(rows, Written):
        return rows.values()
    columns = columns_of(len(rows.variables), rows.terms)
    return [converted(column, python_value) for column in columns]


def _by_token(column: Sequence[str], convert: Callable[[Sequence[str]], list[To]]) -> list[To]:
    """Convert the cells of a column, each distinct one once where there are few."""
    if seems_distinct(column):
        return convert(column)
    distinct = list(dict.fromkeys(column))
    known = dict(zip(distinct, convert(distinct), strict=True))
    return list(map(known.__getitem__, column))


def are_iris(cells: Iterable[str]) -> bool:
    """Tell whether each cell of TSV is an IRI."""
    return all(map(is_iri, {cell[:2] for cell in cells}))


def terms_of(cells: Sequence[str]) -> list[Term | None]:
    """Give the terms that stand in cells of TSV."""
    if are_iris(cells):
        try:
            return list(map(ox.NamedNode, [cell[1:-1] for cell in cells]))
        except ValueError:  # an IRI that is none, which the store took unseen
            return _read(cells)
    return _read(cells)


def _read(cells: Sequence[str]) -> list[Term | None]:
    """Give terms as the engine reads them: what TSV has for one, Turtle has too."""
    distinct = list(dict.fromkeys(filter(None, cells)))
    lines = "".join(f"<urn:s> <urn:p> {cell} .\n" for cell in distinct).encode()
    quads = ox.parse(lines, format=ox.RdfFormat.TURTLE, lenient=True)
    known = dict(zip(distinct, (quad.object for quad in quads), strict=True))
    return list(map(known.get, cells))


def _values(cells: Sequence[str]) -> list[Value]:
    if are_iris(cells):
        return [cell[1:-1] for cell in cells]
    return _by_parser(cells, _value, python_value)


def _value(cell: str) -> Value | _Unread:
    text = _text(cell)
    if text is not None:
        return text
    if cell.isdigit() and len(cell) <= _DIGITS:
        return int(cell)
    return _UNREAD if cell else None


def _cells(cells: Sequence[str]) -> list[str]:
    if are_iris(cells):
        return [cell[1:-1] for cell in cells]
    return _by_parser(cells, _cell, lambda term: quoted(cast("ox.Literal", term).value))


def _cell(cell: str) -> str | _Unread:
    if cell.startswith("<<"):
        raise ForTheEngine
    if cell[:1] == "<":
        return cell[1:-1]
    if cell[:1] != '"':
        return cell
    text = _text(cell)
    return _UNREAD if text is None else quoted(text)


def _by_parser(
    cells: Sequence[str], quick: Callable[[str], To | _Unread], of_term: Callable[[Term | None], To]
) -> list[To]:
    """Convert cells, those that are not read by their signs all at once by the engine's parser."""
    made = list(map(quick, cells))
    places = [place for place, one in enumerate(made) if isinstance(one, _Unread)]
    terms = _read([cells[place] for place in places]) if places else ()
    for place, term in zip(places, terms, strict=True):
        made[place] = of_term(term)
    return cast("list[To]", made)


def _text(cell: str) -> str | None:
    """Give the text of an IRI, or of a literal in words that has no escapes; None of all else."""
    if cell[:1] == "<" and cell[:2] != "<<":
        return cell[1:-1]
    if cell[:1] == '"' and "\\" not in cell:
        text, _, kind = cell[1:].rpartition('"')
        if not kind or kind[0] == "@":
            return text
    return None
