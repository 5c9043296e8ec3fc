"""Pictures of the graph, drawn from the graph and nothing else, as SVG, PNG or PDF."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from ..errors import UnknownName

if TYPE_CHECKING:
    from ..store.protocol import Store

PICTURES: Final = {
    "diagram": "Diagram 1 of the source, and over it the cases where they fall.",
    "regimes": "The public administration regimes side by side, and what the source leaves open.",
    "concepts": "The concepts of the source as its claims link them.",
    "claims": "The claims of the source, each with what is found for and against it.",
    "taxonomy": "The classes of the ontology as a tree, with the number of their individuals.",
}
"""Each picture, which is a module here, and what it shows."""


def draw(store: Store, name: str, lang: str = "en", theme: str = "auto") -> str:
    """Draw a picture.

    Args:
        store: what is in scope.
        name: one of :data:`PICTURES`.
        lang: language of the labels.
        theme: ``light``, ``dark``, or ``auto`` (as the reader's screen is set).

    Returns:
        an SVG document with a title and a description.

    Raises:
        UnknownName: there is no such picture.
    """
    check_picture(name)
    return str(import_module(f".{name}", __package__).build(store, lang).svg(theme))


def check_picture(name: str) -> None:
    """Refuse a picture that there is not.

    Raises:
        UnknownName: it is none of :data:`PICTURES`.
    """
    if name not in PICTURES:
        raise UnknownName("picture", name, PICTURES, f"(one of {', '.join(PICTURES)})")
