"""A list of things that shows itself: in a notebook as a table, elsewhere as rows and frames."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, SupportsIndex, TypeVar, overload

from .result import Result

if TYPE_CHECKING:
    import pandas
    import polars

Item = TypeVar("Item")


class Listing(list[Item]):
    """A list whose items are the rows of a table too.

    Args:
        items: what is listed.
        columns: names of the columns of the table, which are attributes of the items.
        title: a caption.
    """

    def __init__(self, items: Iterable[Item], columns: Sequence[str], title: str = "") -> None:
        super().__init__(items)
        self.columns, self.title = tuple(columns), title

    @overload
    def __getitem__(self, index: SupportsIndex) -> Item: ...

    @overload
    def __getitem__(self, index: slice) -> Listing[Item]: ...

    def __getitem__(self, index: SupportsIndex | slice) -> Item | Listing[Item]:
        if isinstance(index, slice):
            return Listing(super().__getitem__(index), self.columns, self.title)
        return super().__getitem__(index)

    @property
    def table(self) -> Result:
        """The items as rows, with every form that a :class:`Result` has."""
        rows = [[getattr(item, column) for column in self.columns] for item in self]
        return Result.of_rows(self.columns, rows, self.title)

    def to_pandas(self) -> pandas.DataFrame:
        """Give the items as a pandas data frame, one a row; see :meth:`Result.to_pandas`."""
        return self.table.to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """Give the items as a polars data frame, one a row; see :meth:`Result.to_polars`."""
        return self.table.to_polars()

    def _repr_html_(self) -> str:
        return self.table.serialize("html")
