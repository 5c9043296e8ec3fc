"""How a file of cases is read: what a person may say of it, handed on as one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Final

from ..names import BASE
from ..tables.table import LARGEST
from .mappings import Mapping, RdfMapping

Progress = Callable[[int, float], None]
"""Told the number of records read, and the share of the file, between 0 and 1."""


def _silent(rows: int, share: float) -> None:
    """Tell no one."""


@dataclass(frozen=True)
class Reading:
    """How a file of cases is read.

    Attributes:
        mapping: how to read a table that is not in the form of the case sheet, or RDF that does
            not use our terms.
        base: what the IRI of a case begins with, before its id.
        defaults: key to the text that stands for an empty cell (tables and catalogues).
        sheet, encoding, largest: see :func:`~coproduction.tables.table.read_table`.
        progress: told how far the reading is, now and then.
    """

    mapping: Mapping | RdfMapping | None = None
    base: str = BASE
    defaults: dict[str, str] | None = None
    sheet: str | None = None
    encoding: str | None = None
    largest: int = LARGEST
    progress: Progress = _silent

    def said(self) -> dict[str, Any]:
        """Give what is to be written down of it: all that was said but the mapping."""
        return {
            field.name: value
            for field in fields(self)
            if field.name not in ("mapping", "progress")
            and (value := getattr(self, field.name)) != field.default
        }


PLAIN: Final = Reading()
"""The reading of a file of which nothing is said."""
