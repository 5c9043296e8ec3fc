"""The classes of the ontology as a tree, with how many individuals each has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ..messages import counted
from ..names import COP, FOAF
from .svg import LINE, Drawing, legend, width_of, wrap
from .views import rows

if TYPE_CHECKING:
    from ..store.protocol import Store

COLUMNS: Final = 3
_WIDE, _BETWEEN, _INDENT, _LEFT, _TOP = 350.0, 24.0, 26.0, 16.0, 58.0
_FIRST: Final = ("ServiceArrangement", "Observation", "Norm", FOAF + "Organization")
_THEN: Final = ("SourceDocument", "SourceSection", "SourceStatement", "Study")
_ORDER: Final = {
    name if ":" in name else COP + name: number
    for number, name in enumerate(
        (*_FIRST, *_THEN, "ReadingStatement", "TheoreticalConcept", "Coding", "Rubric")
    )
}
"""Classes under none in the order in which a reader asks for them; the lists of values are last."""
_LAST: Final = COP + "ControlledValue"
_SIZE, _ROW = 14.0, 5.0
_CONDITION: Final = ("diamond", "purple", "defined by a condition")
_CLOSED: Final = ("square", "blue", "defined by the list of its members")
_PLAIN: Final = ("ring", "grey", "described in words")
_FOREIGN: Final = ("triangle", "yellow", "of another vocabulary")


class Entry(NamedTuple):
    """A class where it stands in the tree.

    Attributes:
        iri, label: the class.
        depth: 0 for a class under none.
        number: its individuals; those of the classes under it count where they are said to be its.
        mark: shape, colour and words of its mark.
        above_others: whether classes stand under it.
        again: whether it stands in the tree already, under another class.
    """

    iri: str
    label: str
    depth: int
    number: int
    mark: tuple[str, str, str]
    above_others: bool
    again: bool


def build(store: Store, lang: str = "en") -> Drawing:
    """Draw the tree.

    Args:
        store: its classes and their individuals are drawn.
        lang: language of the labels.
    """
    trees = trees_of(store, lang)
    entries = [entry for tree in trees for entry in tree]
    drawing = Drawing(
        "taxonomy", "The classes, and the number of their individuals", _in_words(entries)
    )
    everything = COLUMNS * _WIDE + (COLUMNS - 1) * _BETWEEN
    drawing.text(_LEFT, 14, drawing.title, everything, size=18, bold=True)
    x = _LEFT
    for column in _in_columns(trees):
        y = _TOP
        for tree in column:
            y = _tree(drawing, x, y, tree)
        x += _WIDE + _BETWEEN
    used = {entry.mark for entry in entries}
    marks = [mark for mark in (_PLAIN, _CONDITION, _CLOSED, _FOREIGN) if mark in used]
    y = legend(drawing, _LEFT, drawing.height + 16, marks, everything) + 6
    classes = len({entry.iri for entry in entries})
    note = (
        f"{counted(classes, 'class', 'classes')}; a number is that of the individuals in scope "
        "that are said to be of the class, no number stands for none."
    )
    y = drawing.text(_LEFT, y, note, everything, size=13)
    if any(entry.again for entry in entries):
        twice = "A class under two others stands under each; its number stands where it is first."
        drawing.text(_LEFT, y, twice, everything, size=13)
    return drawing


def trees_of(store: Store, lang: str = "en") -> list[list[Entry]]:
    """Give each class that stands under none, with all under it, in the order of a reader.

    Those that have no place in it come after, those with others under them first.
    """
    counts = {row["class"]: int(row["count"]) for row in rows(store, "class-counts")}
    labels: dict[str, str] = {}
    marks: dict[str, tuple[str, str, str]] = {}
    under: dict[str, list[str]] = {}
    above: dict[str, set[str]] = {}
    for row in rows(store, "class-tree", lang):
        iri = str(row["class"])
        labels[iri] = str(row["classLabel"])
        marks[iri] = _mark(iri, row["defined"], row["closed"])
        above.setdefault(iri, set())
        if row["above"]:
            above[iri].add(str(row["above"]))
            under.setdefault(str(row["above"]), []).append(iri)
    seen: set[str] = set()

    def walk(iri: str, depth: int) -> list[Entry]:
        again = iri in seen
        seen.add(iri)
        below = [] if again else sorted(under.get(iri, []), key=by_label)
        entries = [
            Entry(iri, labels[iri], depth, counts.get(iri, 0), marks[iri], bool(below), again)
        ]
        for each in below:
            entries += walk(each, depth + 1)
        return entries

    def by_label(iri: str) -> str:
        return labels[iri].casefold()

    tops = sorted((iri for iri in above if not above[iri]), key=by_label)
    tops.sort(key=lambda iri: (iri == _LAST, _ORDER.get(iri, len(_ORDER)), iri not in under))
    trees = [walk(iri, 0) for iri in tops]
    # Classes that stand under each other in a ring have no top: each begins a tree of its own.
    trees += [walk(iri, 0) for iri in above if iri not in seen]
    return trees


def _mark(iri: str, defined: object, closed: object) -> tuple[str, str, str]:
    if str(closed).lower() == "true":
        return _CLOSED
    if str(defined).lower() == "true":
        return _CONDITION
    return _PLAIN if iri.startswith(COP) else _FOREIGN


def _in_columns(trees: list[list[Entry]]) -> list[list[list[Entry]]]:
    """Fill the columns one after the other, a tree in one piece."""
    columns: list[list[list[Entry]]] = [[] for _ in range(COLUMNS)]
    heights = [_height(tree) for tree in trees]
    total, so_far = sum(heights), 0.0
    for tree, tall in zip(trees, heights, strict=True):
        middle = so_far + tall / 2
        columns[min(COLUMNS - 1, int(COLUMNS * middle / total))].append(tree)
        so_far += tall
    return columns


def _words(entry: Entry) -> tuple[list[str], float]:
    """Give the lines of a label and the room that it has."""
    number = width_of(f"{entry.number:,}", 13) + 12 if _shown(entry) else 0
    room = _WIDE - entry.depth * _INDENT - 24 - number
    return wrap(entry.label, room, _SIZE, _bold(entry)), room


def _bold(entry: Entry) -> bool:
    return entry.above_others and not entry.depth


def _shown(entry: Entry) -> bool:
    return entry.number > 0 and not entry.again


def _height(tree: list[Entry]) -> float:
    return sum(len(_words(entry)[0]) * _SIZE * LINE + _ROW for entry in tree)


def _tree(drawing: Drawing, x: float, y: float, tree: list[Entry]) -> float:
    """Draw a tree; give its bottom."""
    middles: list[tuple[Entry, float]] = []
    for entry in tree:
        lines, room = _words(entry)
        left, middle = x + entry.depth * _INDENT, y + _SIZE * LINE / 2
        if entry.depth:
            _branch(drawing, left - _INDENT + 7, left, middle, entry, middles)
        middles.append((entry, middle))
        drawing.mark(entry.mark[0], left + 7, middle, 11, entry.mark[1])
        bold = _bold(entry)
        bottom = drawing.text(
            left + 22, y, entry.label, room, size=_SIZE, bold=bold,
            colour="soft" if entry.again else "ink",
        )  # fmt: skip
        if _shown(entry):
            end = left + 22 + max(width_of(line, _SIZE, bold) for line in lines) + 12
            number = f"{entry.number:,}"
            drawing.text(
                end, bottom - _SIZE * LINE + 1, number, width_of(number, 13) + 1, size=13,
                colour="soft",
            )  # fmt: skip
        y = bottom + _ROW
    return y


def _branch(
    drawing: Drawing,
    trunk: float,
    left: float,
    middle: float,
    entry: Entry,
    above: list[tuple[Entry, float]],
) -> None:
    """Draw the line from the class above, or from the one before under the same."""
    start = next(
        height + (8 if other.depth < entry.depth else 0)
        for other, height in reversed(above)
        if other.depth <= entry.depth
    )
    drawing.line(trunk, start, trunk, middle)
    drawing.line(trunk, middle, left - 1, middle)


def _in_words(entries: list[Entry]) -> str:
    sentences = []
    path: list[str] = []
    for entry in entries:
        path[entry.depth :] = [entry.label]
        where = f" under {path[entry.depth - 1]}" if entry.depth else ""
        number = f", {counted(entry.number, 'individual')}" if _shown(entry) else ""
        how = f", {entry.mark[2]}" if entry.mark != _PLAIN else ""
        sentences.append(f"{entry.label}{where}{how}{number}.")
    return " ".join(sentences)
