"""The concepts as the claims link them, a panel for each section of the source.

One net of all terms cannot be read at the size of a page. So each section has its own small net,
and the terms that tie sections together are marked wherever they stand, and listed on top.
"""

from __future__ import annotations

import re
from itertools import combinations, groupby, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from ..names import in_words
from .svg import LINE, Drawing, width_of, wrap
from .views import Row, rows, section_head

if TYPE_CHECKING:
    from ..store.protocol import Store

COLUMNS: Final = 4
_BOX, _MIDDLE, _PAD, _BETWEEN, _LEFT, _TOP = 152.0, 118.0, 10.0, 14.0, 16.0, 54.0
_PANEL: Final = 2 * _BOX + _MIDDLE + 2 * _PAD
_ALL: Final = COLUMNS * _PANEL + (COLUMNS - 1) * _BETWEEN
_SIZE, _SMALL, _HEAD, _INSET, _GAP = 12.0, 11.0, 13.5, 7.0, 5.0
_DASHES: Final = {"EmpiricalClaim": "", "DefinitionalClaim": "6 4", "NormativeClaim": "2 3"}
"""How the arrow of a kind of claim is drawn."""


class Term(NamedTuple):
    """A term of a claim; one that several sections use is shared."""

    label: str
    shared: bool

    @property
    def height(self) -> float:
        """The height of its box."""
        lines = wrap(self.label, _BOX - 2 * _INSET, _SIZE, self.shared)
        return len(lines) * _SIZE * LINE + 6


class Link(NamedTuple):
    """What one claim says, or a part of one: subjects, predicate, objects."""

    claim: str
    kind: str
    predicate: str
    subjects: tuple[Term, ...]
    objects: tuple[Term, ...]

    @property
    def words(self) -> str:
        """What is written on the arrow."""
        return f"{self.claim} {self.predicate}"


class Panel(NamedTuple):
    """A section; its links stand in groups that share their subjects."""

    head: str
    groups: tuple[tuple[Link, ...], ...]

    @property
    def height(self) -> float:
        """Its height."""
        return self.top + sum(_group_height(group) + 10 for group in self.groups) + 2

    @property
    def top(self) -> float:
        """The height of its head."""
        lines = len(wrap(self.head, _PANEL - 2 * _PAD, _HEAD, bold=True))
        return lines * _HEAD * LINE + 16


class _Terms:
    """The terms that claims link: their labels, and the sections that use them."""

    def __init__(self, answer: list[Row]) -> None:
        self._labels: dict[str, str] = {}
        self._sections: dict[str, dict[str, None]] = {}
        for row in answer:
            for side in ("subject", "object"):
                self._labels[row[side]] = str(row[f"{side}Label"])
                self._sections.setdefault(row[side], {})[str(row["section"])] = None
        self._shared = {iri for iri, where in self._sections.items() if len(where) > 1}

    def of(self, members: list[Row], side: str) -> tuple[Term, ...]:
        """Give the terms on one side of a claim."""
        return tuple(
            Term(self._labels[iri], iri in self._shared)
            for iri in dict.fromkeys(row[side] for row in members)
        )

    def ties(self) -> list[Term]:
        """Give the terms that several sections use, with the sections; those of most first."""
        return sorted(
            (
                Term(f"{self._labels[iri]}: {', '.join(self._sections[iri])}", True)
                for iri in self._shared
            ),
            key=lambda term: (-term.label.count(","), term.label),
        )


def build(store: Store, lang: str = "en") -> Drawing:
    """Draw the concepts.

    Args:
        store: its claims are drawn as subject, predicate and object, those in parts part by part.
        lang: language of the labels.
    """
    answer = rows(store, "claim-links", lang)
    terms = _Terms(answer)
    panels = [
        _panel_of(list(here), terms) for _, here in groupby(answer, lambda row: row["section"])
    ]
    kinds = {
        name: str(row["kindLabel"])
        for name in _DASHES
        for row in answer
        if str(row["kind"]).endswith(name)
    }
    drawing = Drawing(
        "concepts",
        "The concepts of the source, as its claims link them",
        _description(panels),
    )
    drawing.text(_LEFT, 14, drawing.title, _ALL, size=18, bold=True)
    y = _ties(drawing, terms.ties(), _TOP)
    y = _legend(drawing, kinds, y + 10) + 16
    for column, members in enumerate(_in_columns(panels)):
        bottom = y
        for panel in members:
            _panel(drawing, _LEFT + column * (_PANEL + _BETWEEN), bottom, panel)
            bottom += panel.height + _BETWEEN
    return drawing


def _panel_of(here: list[Row], terms: _Terms) -> Panel:
    """Give the panel of a section: its links, those with the same subjects together."""
    links = [
        Link(
            str(claim),
            re.split("[#/]", members[0]["kind"])[-1],
            in_words(str(members[0]["predicate"])),
            terms.of(members, "subject"),
            terms.of(members, "object"),
        )
        for (claim, _), group in groupby(here, lambda row: (row["claimId"], row["part"]))
        for members in [list(group)]
    ]
    order = [link.subjects for link in links]
    links.sort(key=lambda link: order.index(link.subjects))
    groups = tuple(tuple(group) for _, group in groupby(links, lambda link: link.subjects))
    return Panel(section_head(here[0]["section"], here[0]["placeLabel"]), groups)


def _in_columns(panels: list[Panel]) -> list[list[Panel]]:
    """Cut the panels, in their order, into the columns of which the highest is lowest."""

    def cut(places: tuple[int, ...]) -> list[list[Panel]]:
        ends = [0, *places, len(panels)]
        return [panels[a:b] for a, b in pairwise(ends)]

    def highest(columns: list[list[Panel]]) -> float:
        return max(sum(panel.height + _BETWEEN for panel in column) for column in columns)

    many = min(COLUMNS, len(panels))
    return min(
        (cut(places) for places in combinations(range(1, len(panels)), many - 1)), key=highest
    )


def _stack(members: tuple[Term, ...]) -> float:
    return sum(term.height for term in members) + _GAP * (len(members) - 1)


def _link_height(link: Link) -> float:
    words = len(wrap(link.words, _MIDDLE - 30, _SMALL)) * _SMALL * LINE
    return max(_stack(link.objects), words + 12)


def _group_height(group: tuple[Link, ...]) -> float:
    right = sum(_link_height(link) for link in group) + 2 * _GAP * (len(group) - 1)
    return max(_stack(group[0].subjects), right)


def _ties(drawing: Drawing, ties: list[Term], y: float) -> float:
    """Draw the terms that several sections use, with the sections."""
    x, tall = _LEFT, _SIZE * LINE + 8
    words = "Terms that tie sections together:"
    drawing.text(x, y + 4, words, 400, size=13, bold=True)
    start = x = x + width_of(words, 13, bold=True) + 14
    for term in ties:
        wide = width_of(term.label, _SIZE, bold=True) + 2 * _INSET
        if x > start and x + wide > _LEFT + _ALL:
            x, y = start, y + tall + 6
        drawing.box(x, y, wide, tall, "band", round_by=5)
        drawing.text(x + _INSET, y + 4, term.label, wide - 2 * _INSET + 1, size=_SIZE, bold=True)
        x += wide + 8
    return y + tall


def _legend(drawing: Drawing, kinds: dict[str, str], y: float) -> float:
    """Draw how the arrow of each kind of claim looks."""
    x = _LEFT
    drawing.text(x, y, "Arrows by kind of claim:", 400, size=13, bold=True)
    x += width_of("Arrows by kind of claim:", 13, bold=True) + 14
    for kind, label in kinds.items():
        drawing.arrow(x, y + 9, x + 46, y + 9, "ink", dashes=_DASHES[kind])
        drawing.text(x + 54, y, label, width_of(label, 13) + 1, size=13)
        x += 54 + width_of(label, 13) + 24
    return y + 13 * LINE


def _panel(drawing: Drawing, x: float, y: float, panel: Panel) -> None:
    drawing.box(x, y, _PANEL, panel.height, "panel", edge="", round_by=8)
    drawing.text(x + _PAD, y + 8, panel.head, _PANEL - 2 * _PAD, size=_HEAD, bold=True)
    y += panel.top
    for group in panel.groups:
        _group(drawing, x + _PAD, y, group)
        y += _group_height(group) + 10


def _group(drawing: Drawing, x: float, y: float, group: tuple[Link, ...]) -> None:
    """Draw the subjects at the left, and an arrow with its objects for each link."""
    tall = _group_height(group)
    right = x + _BOX + _MIDDLE
    starts = _boxes(drawing, x, y + (tall - _stack(group[0].subjects)) / 2, group[0].subjects)
    needed = sum(_link_height(link) for link in group) + 2 * _GAP * (len(group) - 1)
    y += (tall - needed) / 2
    for link in group:
        high = _link_height(link)
        ends = _boxes(drawing, right, y + (high - _stack(link.objects)) / 2, link.objects)
        _arrows(drawing, x + _BOX, right, starts, ends, y + high / 2, link)
        y += high + 2 * _GAP


def _arrows(
    drawing: Drawing,
    left: float,
    right: float,
    starts: list[float],
    ends: list[float],
    middle: float,
    link: Link,
) -> None:
    """Draw from the subjects to a line under the words, and from there to each object."""
    dashes = _DASHES.get(link.kind, "")
    lines = len(wrap(link.words, _MIDDLE - 30, _SMALL))
    tall = lines * _SMALL * LINE
    one, two = left + 8, right - 20
    under = middle + tall / 2 - 1
    for start in starts:
        drawing.line(left, start, one, under, "soft", thick=1.3, dashes=dashes)
    drawing.line(one, under, two, under, "soft", thick=1.3, dashes=dashes)
    for end in ends:
        drawing.arrow(two, under, right - 1, end, "soft", thick=1.3, dashes=dashes, head=7)
    drawing.text(one + 1, middle - tall / 2 - 4, link.words, _MIDDLE - 30, size=_SMALL)


def _boxes(drawing: Drawing, x: float, y: float, members: tuple[Term, ...]) -> list[float]:
    """Draw boxes one under the other; give their middles."""
    middles = []
    for term in members:
        fill = "band" if term.shared else "cell"
        drawing.box(x, y, _BOX, term.height, fill, round_by=5)
        drawing.text(x + _INSET, y + 3, term.label, _BOX - 2 * _INSET, size=_SIZE, bold=term.shared)
        middles.append(y + term.height / 2)
        y += term.height + _GAP
    return middles


def _description(panels: list[Panel]) -> str:
    sentences = []
    for panel in panels:
        links = (
            f"{' and '.join(term.label for term in link.subjects)} {link.predicate} "
            f"{' and '.join(term.label for term in link.objects)} ({link.claim})"
            for group in panel.groups
            for link in group
        )
        sentences.append(f"{panel.head}: {'; '.join(links)}.")
    return " ".join(sentences)
