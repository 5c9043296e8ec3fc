"""What a process does that changes a store: it reads what came, and has it carried out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from ..cases.updating import (
    BreaksShapes,
    GraphChange,
    Reserved,
    Update,
    change_graphs,
    lines_of,
)
from ..errors import DataError, QueryError, StoreInUse
from ..files.scratch import scratch
from .asked import RequestError

ENDINGS: Final = {
    "text/turtle": ".ttl",
    "application/n-triples": ".nt",
    "text/plain": ".nt",
    "application/rdf+xml": ".rdf",
    "application/ld+json": ".jsonld",
}
"""The forms that a graph may come in, with the endings of their files."""


class Body(NamedTuple):
    """A graph as it came, or a part of one: its media type and its text."""

    kind: str
    content: bytes


class GraphWanted(NamedTuple):
    """A graph is to be changed.

    Attributes:
        kind: ``put``, ``post`` or ``delete``.
        graph: its IRI, or None for that without a name.
        bodies: what came.
        base: IRI on which relative ones in it stand.
        location: the address that a new graph is told by, where it got its name here.
    """

    kind: str
    graph: str | None
    bodies: tuple[Body, ...]
    base: str
    location: str | None = None


class ChangeWanted(NamedTuple):
    """A change is wanted.

    Attributes:
        change: by SPARQL Update, or of one graph.
        shapes: whether it is refused where cases break shapes by it.
    """

    change: Update | GraphWanted
    shapes: bool


class Done(NamedTuple):
    """What came of a change: the code of HTTP, and the headers."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()


def carried_out(folder: str, wanted: ChangeWanted, hosts: Sequence[str]) -> Done:
    """Change a store.

    Args:
        folder: the store.
        wanted: the change.
        hosts: what SERVICE may ask.

    Raises:
        RequestError: it is not carried out, with the code that tells why. Nothing is changed.
    """
    change = wanted.change
    step = change if isinstance(change, Update) else _step(change)
    try:
        done = change_graphs(folder, step, allowed=hosts, shapes=wanted.shapes)
    except Reserved as error:
        raise RequestError(403, str(error)) from None
    except BreaksShapes as error:
        raise RequestError(422, str(error)) from None
    except StoreInUse as error:
        raise RequestError(503, str(error), {"Retry-After": "5"}) from None
    except QueryError:
        raise
    except DataError as error:
        raise RequestError(500, str(error)) from None
    if isinstance(change, Update):
        return Done(204)
    if change.kind == "delete" and not done.was_there:
        raise RequestError(404, f"there is no graph <{change.graph}>")
    if done.was_there:
        return Done(204)
    return Done(201, (("Location", change.location),) if change.location else ())


def _step(change: GraphWanted) -> GraphChange:
    """Read the bodies of a request into N-Triples."""
    lines = b""
    for body in change.bodies:
        ending = ENDINGS.get(body.kind)
        if ending is None:
            raise RequestError(
                415,
                f"a graph of the type {body.kind or 'that no header names'!r} cannot be read: send "
                + ", ".join(ENDINGS),
            )
        with scratch() as own:
            path = own / f"body{ending}"
            path.write_bytes(body.content)
            try:
                lines += lines_of(path, change.base)
            except DataError as error:
                raise RequestError(400, str(error).replace(str(path), "the body")) from None
    return GraphChange(change.kind, change.graph, lines)
