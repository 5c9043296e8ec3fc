"""A list of things that shows itself: in a notebook as a table, elsewhere as rows and frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from .forms import Value
from .result import Result

if TYPE_CHECKING:
    import pandas
    import polars

Item = TypeVar("Item")


class Listing(list[Item]):
    """A list whose items are the rows of a table too.

    Args:
        items: what is listed.
        columns: names of the columns of the table.
        row: gives the values of an item, one for each column.
        title: a caption.
    """

    def __init__(
        self,
        items: Iterable[Item],
        columns: Sequence[str],
        row: Callable[[Item], Sequence[Value]],
        title: str = "",
    ) -> None:
        super().__init__(items)
        self._columns, self._row, self._title = tuple(columns), row, title

    @property
    def table(self) -> Result:
        """The items as rows, with every form that a :class:`Result` has."""
        return Result.of_rows(self._columns, map(self._row, self), self._title)

    def to_pandas(self) -> pandas.DataFrame:
        """Give the items as a pandas data frame, one a row; see :meth:`Result.to_pandas`."""
        return self.table.to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """Give the items as a polars data frame, one a row; see :meth:`Result.to_polars`."""
        return self.table.to_polars()

    def _repr_html_(self) -> str:
        return self.table.serialize("html")
