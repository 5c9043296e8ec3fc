"""Rows written as they are found: none is kept, and nothing waits for the last of them.

They are taken and labelled some thousands at a time. What a query has to hold before it gives its
first row, for GROUP BY or DISTINCT, the engine holds all the same.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING, Final, Protocol

import pyoxigraph as ox

from ..errors import UnknownName
from ..stopping import while_wanted
from ..store.failures import failure
from .columns import columns_of, csv_parts
from .forms import W3C, Sink, plain, xml_stream
from .labels import columns_of_iris, labelled
from .rows import Rows, solutions_of, tsv_of

if TYPE_CHECKING:
    from ..store.protocol import Store, Term

FIRST: Final = 100
"""Rows that are taken at first, so that they are seen at once."""
BATCH: Final = 2_000
"""Rows that are taken at a time; of more an engine would look through all labels for theirs."""
_FRAMES: Final = {
    "json": (b'"bindings":[', b"]}}", b","),
    "xml": (b"<results>", b"</results>", b""),
}
"""What stands before the rows and behind them, and between two of them."""


class Solutions(Protocol):
    """Rows as an engine gives them, one after the other."""

    @property
    def variables(self) -> Sequence[ox.Variable]:
        """The columns."""

    def __iter__(self) -> Iterator[Iterable[Term | None]]: ...


class Streamed:
    """The rows of a SELECT that is being answered, to be written once.

    Args:
        solutions: what the engine gives.
        most: rows that are written at most; None for all.
        endpoints: those that the query asks, for the message where one fails.
        note: what is to be said beside the rows.

    Attributes:
        count: how many were written so far.
        truncated: whether there are more than were wanted.
        note: what is to be said beside them.
    """

    def __init__(
        self,
        solutions: Solutions,
        most: int | None = None,
        endpoints: Sequence[str] = (),
        note: str = "",
    ) -> None:
        self.count, self.truncated, self.note = 0, False, note
        self._solutions: Solutions | None = solutions
        self._most, self._endpoints = most, endpoints
        self._labelled: Callable[[Rows], Rows] = lambda rows: rows

    def with_labels(self, store: Store, lang: str, declared: Sequence[str] = ()) -> Streamed:
        """Put a label column beside each column of IRIs, as :func:`.labels.labelled`.

        Args:
            store: where the labels are.
            lang: their language.
            declared: the columns of IRIs; those with an IRI among the first rows by default.
        """
        chosen: list[str] = list(declared)

        def labels(rows: Rows) -> Rows:
            if not chosen:
                chosen.extend(columns_of_iris(rows) or [""])
            return labelled(store, rows, lang, chosen, only=True)

        self._labelled = labels
        return self

    def write(self, form: str, stream: Sink, written: Callable[[], object] = lambda: None) -> None:
        """Write the rows.

        Args:
            form: csv, tsv, json or xml, as the W3C has them.
            stream: where.
            written: called as often as some have been, to hand them on.

        Raises:
            UnknownName: another form, which takes all rows to be laid out.
            QueryError: the query fails in the midst; what was written stays.
        """
        if form not in W3C:
            raise UnknownName("form of rows that come as they are found", form, W3C)
        text = xml_stream(stream) if form == "xml" else None
        target, end = text or stream, b""
        for number, rows in enumerate(self._batches()):
            head, body, end = _parts(form, rows)
            between = _FRAMES[form][2] if form in _FRAMES and body else b""
            target.write(between if number else head)
            target.write(body)
            written()
        target.write(end)
        if text is not None:
            text.finish()

    def write_sheet(self, stream: Sink, lang: str = "en") -> None:
        """Write CSV for a spreadsheet; see :mod:`coproduction.tables.csv_writing`."""
        from ..tables.csv_writing import write_sheet

        batches = self._batches()
        first = next(batches)

        def rows() -> Iterator[list[str]]:
            for batch in (first, *batches):
                for row in batch.terms:
                    yield ["" if term is None else plain(term) for term in row]

        write_sheet(stream, first.variables, rows(), lang)

    def _batches(self) -> Iterator[Rows]:
        """Give the rows some at a time; the first are there also where there are none."""
        # They end in the thread that asked for them, however far they were read.
        solutions, self._solutions = self._solutions, None
        assert solutions is not None, "rows are written once"
        variables = tuple(variable.value for variable in solutions.variables)
        for size in while_wanted(chain([FIRST], repeat(BATCH))):
            more = self._some(solutions, size)
            if not more and size == BATCH:
                return
            room = len(more) if self._most is None else self._most - self.count
            self.truncated = len(more) > room
            terms = more[:room]
            self.count += len(terms)
            yield self._labelled(Rows(variables, terms, False))
            if self.truncated or len(more) < size:
                return

    def _some(self, solutions: Solutions, number: int) -> list[tuple[Term | None, ...]]:
        try:
            return list(map(tuple, islice(solutions, number)))
        except (OSError, ValueError, RuntimeError) as error:
            raise failure(error, self._endpoints, self.count) from None


def _parts(form: str, rows: Rows) -> tuple[bytes, bytes, bytes]:
    """Give what stands before rows in a form, the rows, and what stands behind them."""
    if form == "csv":
        parts = csv_parts(rows.variables, columns_of(len(rows.variables), rows.terms))
        if parts is not None:
            head, *body = parts
            return head, b"".join(body), b""
    written = io.BytesIO()
    solutions_of(tsv_of(rows.variables, rows.terms)).serialize(written, W3C[form])
    text = written.getvalue()
    if form in _FRAMES:
        before, behind, _ = _FRAMES[form]
        first, last = text.index(before) + len(before), text.rindex(behind)
        return text[:first], text[first:last], text[last:]
    first = text.index(b"\n") + 1
    return text[:first], text[first:], b""
