"""Pictures of the graph, drawn from the graph and nothing else, as SVG, PNG or PDF."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from ..errors import DataError, UnknownName, command

if TYPE_CHECKING:
    from ..store.protocol import Store

PICTURES: Final = {
    "diagram": "Diagram 1 of the source, and over it the cases where they fall.",
    "concepts": "The concepts of the source as its claims link them.",
    "intervals": "The claims that cases can test, each with the share of rows for it, and how "
    "sure that is.",
}
"""Each picture, which is a module here, and what it shows."""
PAGES: Final = {
    "regimes": ("/regimes", command("ask", "regimes")),
    "claims": ("/claims", command("evidence")),
    "taxonomy": ("/concepts?by=kind", command("info")),
}
"""What is a table or a tree, and so a page of the explorer, with what gives its rows."""
OF_A_CLAIM: Final = (
    "One claim as a table of two by two: which rows have its condition and its outcome, by name."
)
"""What the picture shows that has the id of a claim for its name."""
TABLED: Final = ("necessity", "sufficiency", "tendency")
"""The types of claims that have a condition and an outcome, of which such a picture is drawn."""


def draw(store: Store, name: str, lang: str = "en", theme: str = "auto") -> str:
    """Draw a picture.

    Args:
        store: what is in scope.
        name: one of :data:`PICTURES`, or the id of a claim of a type in :data:`TABLED`.
        lang: language of the labels.
        theme: ``light``, ``dark``, or ``auto`` (as the reader's screen is set).

    Returns:
        an SVG document with a title and a description.

    Raises:
        UnknownName: there is no such picture.
        DataError: a claim of which no table can be drawn.
        QueryFailed: the store refused a query of the claim, or broke over it.
    """
    check_picture(name)
    if name in PICTURES:
        return str(import_module(f".{name}", __package__).build(store, lang).svg(theme))
    from .two_by_two import build

    return build(store, name.upper(), lang).svg(theme)


def check_picture(name: str) -> None:
    """Refuse a picture that there is not.

    Raises:
        UnknownName: it is none of :data:`PICTURES`, and no claim; of one of :data:`PAGES` it
            tells which page it is, and what lists the same.
        DataError: it is a claim that has no condition and outcome.
    """
    if name in PICTURES:
        return
    if name in PAGES:
        page, listing = PAGES[name]
        served = command("serve", open=True, python=None)
        told = (f"(it is the page {page} of ", served, "; as a table: ", listing, ")")
        raise UnknownName("picture", name, [], *told)
    from ..evidence.claims import claim_files
    from ..knowledge.claim_ids import claim_ids

    files = claim_files()
    claim = name.upper()
    drawn = [each for each, test in files.tests.items() if test.type in TABLED]
    if claim in drawn or claim in files.broken:
        return
    listed = f"the claims {', '.join(drawn)}"
    if claim in claim_ids():
        raise DataError(f"{claim} has no condition and outcome to make a table of; {listed} have")
    raise UnknownName(
        "picture", name, [*PICTURES, *drawn], f"(one of {', '.join(PICTURES)}; or {listed})"
    )
