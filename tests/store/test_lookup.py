"""What is looked up in a store, and how much of it is read for that."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from coproduction.explanation.targets import _torn
from coproduction.names import COP
from coproduction.store.embedded import EmbeddedStore
from coproduction.store.lookup import has_over

LEVELS = {
    "urn:x:torn": ("HighParticipation", "LowParticipation"),
    "urn:x:whole": ("LowParticipation",),
}


@pytest.fixture
def store() -> EmbeddedStore:
    store = EmbeddedStore()
    prop, graph = ox.NamedNode(COP + "hasParticipationLevel"), ox.NamedNode("urn:x:graph")
    store.add(
        ox.Quad(ox.NamedNode(row), prop, ox.NamedNode(COP + level), graph)
        for row, levels in LEVELS.items()
        for level in levels
    )
    return store


@pytest.mark.parametrize(("number", "is_over"), [(0, True), (2, True), (3, False), (4, False)])
def test_whether_there_are_more_statements_than_a_number(
    store: EmbeddedStore, number: int, is_over: bool
) -> None:
    assert has_over(store, number) is is_over


def test_for_whether_there_are_more_no_graph_is_counted(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(self: EmbeddedStore) -> dict[str, int]:
        raise AssertionError("all statements were counted")

    monkeypatch.setattr(EmbeddedStore, "graphs", never)
    assert has_over(store, 1)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["urn:x:torn"], {"urn:x:torn"}),
        (["urn:x:whole"], set()),
        (["urn:x:whole", "urn:x:torn"], {"urn:x:torn"}),
    ],
)
def test_one_with_two_levels_is_found_alone_and_among_others(
    store: EmbeddedStore, asked: list[str], found: set[str]
) -> None:
    assert _torn(store, asked) == found
