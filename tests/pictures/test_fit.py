"""Pictures in a real browser: every text fits its box and the picture, and none lies on another."""

from __future__ import annotations

from importlib import import_module
from itertools import combinations
from pathlib import Path

import pytest

import coproduction
from coproduction.evidence.claims import claim_tests
from coproduction.explanation.explain import explain
from coproduction.names import ID
from coproduction.pictures import PICTURES, TABLED, two_by_two
from coproduction.pictures.explanation import build
from coproduction.pictures.svg import Drawing

from .browser import Line, measured

SOON = (("cases", "de"), ("source", "en"))
"""What is measured in each run: the longest words, and the fewest rows."""
SCOPES = [
    *(pytest.param(scope, lang, False) for scope, lang in SOON),
    *(
        pytest.param(scope, lang, True, marks=pytest.mark.nightly)
        for scope in ("cases", "source")
        for lang in ("en", "sv", "de", "fr")
    ),
]


TABLES = [name for name, test in claim_tests().items() if test.type in TABLED]
"""The claims that are drawn as a table of two by two."""


def drawn(graph: coproduction.KnowledgeGraph, name: str, lang: str) -> Drawing:
    """Draw a picture, or the table of a claim."""
    if name in TABLES:
        return two_by_two.build(graph.store, name, lang)
    drawing: Drawing = import_module(f"coproduction.pictures.{name}").build(graph.store, lang)
    return drawing


def faults(drawing: Drawing, lines: list[Line]) -> list[str]:
    """Tell what is cut, leaves the picture, or lies on another; heights are those of the lines."""
    assert [label.text for label in drawing.labels] == [line.text for line in lines]
    placed = list(zip(drawing.labels, lines, strict=True))
    told = [
        f"{line.text!r} is {line.width:.1f} wide, in a room of {label.room:.1f}"
        for label, line in placed
        if line.width > label.room + 0.5
    ]
    told += [
        f"{line.text!r} leaves the picture"
        for label, line in placed
        if min(line.left, label.top) < 0
        or line.right > drawing.width + 16  # the margin
        or label.bottom > drawing.height
    ]
    told += [
        f"{one.text!r} lies on {other.text!r}"
        for (upper, one), (lower, other) in combinations(placed, 2)
        if min(one.right, other.right) - max(one.left, other.left) > 1
        and min(upper.bottom, lower.bottom) - max(upper.top, lower.top) > 1
    ]
    return told


@pytest.mark.parametrize(("scope", "lang", "is_whole"), SCOPES)
@pytest.mark.slow
def test_every_text_fits_in_the_font_of_a_browser(
    kg: coproduction.KnowledgeGraph,
    cases: coproduction.KnowledgeGraph,
    tmp_path: Path,
    scope: str,
    lang: str,
    is_whole: bool,
) -> None:
    graph = cases if scope == "cases" else kg
    drawings = {name: drawn(graph, name, lang) for name in (*PICTURES, *TABLES)}
    every = (None, "C51", "CQ18", "service arrangement")
    explained = {"placement/high-housing": (None, "CQ18")}
    if scope == "cases":
        explained |= {"case/ryhov-self-dialysis": ("C51",), "case/billund-parent-boards": (None,)}
    for name, few in explained.items():
        for target in every if is_whole else few:
            said = explain(graph.store, f"{ID}{name}", target, lang)
            drawings[f"{name} by {target}"] = build(said)
    lines = measured(list(drawings.values()), tmp_path)
    for (name, drawing), of_it in zip(drawings.items(), lines, strict=True):
        assert len(of_it) > 10
        assert faults(drawing, of_it) == [], name


@pytest.mark.slow
def test_a_text_that_does_not_fit_is_seen(tmp_path: Path) -> None:
    drawing = Drawing("a", "A", "What is wrong on purpose.")
    drawing.text(10, 10, "it fits", 200)
    drawing.text(10, 40, "wide", 400, bold=True)
    drawing.labels[-1] = drawing.labels[-1]._replace(room=20)
    drawing.text(300, 70, "one", 100)
    drawing.text(305, 75, "two", 100)
    drawing.text(10, 100, "it ends outside", 400, anchor="end")
    (lines,) = measured([drawing], tmp_path)
    told = faults(drawing, lines)
    assert [words.split()[0] for words in told] == ["'wide'", "'it", "'one'"]
    assert "in a room of 20" in told[0] and "leaves the picture" in told[1]
    assert "lies on 'two'" in told[2]


@pytest.mark.slow
def test_the_browser_has_a_font_with_wide_and_narrow_letters(tmp_path: Path) -> None:
    drawing = Drawing("a", "A", "Two words.")
    drawing.text(0, 0, "mmmm", 200)
    drawing.text(0, 40, "iiii", 200)
    ((wide, narrow),) = measured([drawing], tmp_path)
    assert wide.width > 2 * narrow.width > 0
