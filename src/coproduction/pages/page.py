"""A page as a value: what it is called, what it shows, and its tables for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ..errors import CoproductionError
from ..results.result import Result
from .address import Address

if TYPE_CHECKING:
    import pyoxigraph as ox


Kept = TypeVar("Kept")


class NoPage(CoproductionError):
    """There is no page at an address.

    Args:
        told: what there is not.
        near: links to what may be meant; they are looked for when they are shown.
        listed: the link to where all that there is stands, with a sentence of the catalogues.
    """

    def __init__(self, told: str, near: Iterable[Words] = (), listed: Words | None = None) -> None:
        super().__init__(told)
        self._near = near
        self.listed = listed

    @cached_property
    def near(self) -> tuple[Words, ...]:
        """Links to what may be meant."""
        return tuple(self._near)


class Words(NamedTuple):
    """A piece of text that a page shows.

    Attributes:
        text: what is read.
        lang: its language, or an empty text for that of the page.
        href: where it leads, a path of ours, a whole address, or an empty text.
    """

    text: str
    lang: str = ""
    href: str = ""


class Made(Mapping[str, Kept]):
    """Things by name that are made when one of them is first asked for, all at once.

    Args:
        make: makes them.
    """

    def __init__(self, make: Callable[[], Mapping[str, Kept]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Mapping[str, Kept]:
        return self._make()

    def __getitem__(self, name: str) -> Kept:
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


@dataclass(frozen=True)
class Page:
    """A page.

    Attributes:
        address: where it stands.
        title: its heading.
        template: the file below ``templates/`` that shows it.
        values: what the template is given, by name.
        tables: the tables that it shows by their names, the first of which is its CSV.
        things: IRIs of what it is about; what the graphs say of them is its RDF.
        data: what its JSON holds beside the tables, as plain values.
        lead: what it is about in a sentence, for search engines and lists of pages.
        triples: its RDF, where it is no description of things.
        status: the code of HTTP that it comes with.
        picture: draws the picture that it shows, as SVG; None where it shows none.
    """

    address: Address
    title: str
    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    tables: Mapping[str, Result] = field(default_factory=dict)
    things: tuple[str, ...] = ()
    data: Mapping[str, object] = field(default_factory=dict)
    lead: str = ""
    triples: tuple[ox.Triple, ...] | None = None
    status: int = 200
    picture: Callable[[], str] | None = None
