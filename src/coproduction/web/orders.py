"""What goes between the server and its processes: what is wanted, and what is answered."""

from __future__ import annotations

from typing import Final, NamedTuple

from ..asked_graph import AskedGraph
from ..errors import CoproductionError, DamagedStore, EndpointError, NoStore, ServiceFailed
from ..store.protocol import Store
from .asked import Asked, RequestError
from .reconciliation import Reconciling
from .writing import ChangeWanted

PLAIN: Final = "text/plain; charset=utf-8"


class Scope(NamedTuple):
    """What is asked; the arguments of :func:`coproduction.open`.

    Attributes:
        small_in_memory: whether a store alone that is small is asked in memory without a word: a
            server that writes it asks it where it is.
    """

    data: tuple[str, ...] = ()
    store: str | None = None
    endpoint: str | None = None
    cases: bool = False
    links: bool = False
    at: int | None = None
    in_memory: bool = False
    small_in_memory: bool = False


class Limits(NamedTuple):
    """What a query may take.

    Attributes:
        seconds: until its answer is whole.
        rows: of an answer.
        largest: bytes of an answer.
    """

    seconds: float = 60.0
    rows: int = 100_000
    largest: int = 256_000_000


class Describing(NamedTuple):
    """A description of the service is wanted, at this address; it may be writable."""

    url: str
    writes: bool = False


class PageAsked(NamedTuple):
    """A page of the explorer is wanted.

    Attributes:
        path: as it came, with its escapes, below the root of the explorer.
        query: what stands behind the question mark.
        known: the tags of the answers that whoever asks has already (If-None-Match).
        boot: names the run of the server, whose graphs in memory are those of no other.
        languages: that are wanted where the address names none (Accept-Language).
    """

    path: str
    query: str
    known: str
    boot: str
    languages: str = ""


class SheetSent(NamedTuple):
    """A sheet came, to be checked.

    Attributes:
        path, query: of the address.
        header: the content type, with its parameters.
        body: all of the form.
    """

    path: str
    query: str
    header: str
    body: bytes


class OneGraph(NamedTuple):
    """A graph is wanted whole: a named one, that without a name, or the union of all."""

    iri: str | None
    is_union: bool = False


class Order(NamedTuple):
    """What a process is to answer.

    Attributes:
        wanted: what is wanted.
        accept: the header of the request.
        hosts: what SERVICE may ask, each ``host`` or ``host:port``.
        limits: what the answer may take.
    """

    wanted: Asked | Describing | OneGraph | PageAsked | SheetSent | ChangeWanted | Reconciling
    accept: str
    hosts: tuple[str, ...]
    limits: Limits


class Sent(NamedTuple):
    """An answer, as it goes out.

    Attributes:
        status: the code of HTTP.
        kind: the media type, with its parameters.
        body: all of it.
        headers: what goes out beside them.
    """

    status: int
    kind: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


def told(error: CoproductionError) -> Sent:
    """Give what is said of what went wrong."""
    status = 400
    headers: tuple[tuple[str, str], ...] = ()
    if isinstance(error, RequestError):
        status, headers = error.status, tuple(error.headers.items())
    elif isinstance(error, ServiceFailed):
        status = 504 if error.is_late else 502
    elif isinstance(error, EndpointError):
        status = 502
    elif isinstance(error, DamagedStore | NoStore):
        status = 500
    return Sent(status, PLAIN, f"{error}\n".encode(), headers)


class Open(NamedTuple):
    """The graphs as they are.

    Attributes:
        store: all that is asked.
        note: what is to be said of it.
        stamp: another one when the graphs may be others.
        graph: the same for pages; what they found out of the graphs goes with it.
    """

    store: Store
    note: str
    stamp: object
    graph: AskedGraph
