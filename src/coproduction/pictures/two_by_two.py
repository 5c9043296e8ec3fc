"""One claim as a table of two by two: which rows have its condition and its outcome, by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from ..evidence.claims import claim_tests
from ..evidence.sides import beside
from ..wording.phrases import begun
from ..wording.sentences import sentences_of
from ..wording.words import resting_on
from .svg import LINE, Drawing, Words, height_of, wrap, write
from .verdicts import held, mark_of, marked

if TYPE_CHECKING:
    from ..evidence.ledger import Evidence
    from ..evidence.tallies import Cell
    from ..evidence.verdict import Verdict
    from ..messages import Speaker
    from ..store.protocol import Store

_CELLS: Final[tuple[Cell, ...]] = ((True, True), (False, True), (True, False), (False, False))
LINES: Final = 16
"""Lines of names in a cell; what is beyond them is counted."""
_ABREAST, _DEEP = 3, 8
"""Names beside and under each other of rows of which condition or outcome is not told."""
_SOUGHT: Final = 2_000
"""Rows of a cell whose labels are looked up, to name the first of them."""
_MOST: Final = 60
"""Names of which is looked how many fit."""
_LONGEST: Final = 2
"""Lines of one name; what is beyond them is cut."""
_CHARACTERS: Final = 200
_OTHER: Final = ("ring", "grey")
_LEFT, _HEADS, _COLUMN, _PAD, _SIZE = 16.0, 132.0, 430.0, 12.0, 13.0
_ALL: Final = _HEADS + 2 * _COLUMN
_THIRD: Final = (_ALL - 2 * _PAD) / _ABREAST - 8


class Named(NamedTuple):
    """The two sets of a claim, in words of its file and in a language.

    Attributes:
        condition, outcome: such as "third sector provider" and "above the ceiling".
        say: the language.
    """

    condition: str
    outcome: str
    say: Speaker

    def told(self, words: str, is_so: bool | None) -> str:
        """Tell whether one of them holds, as a heading."""
        return begun(self._told(words, is_so))

    def cell(self, cell: Cell) -> str:
        """Tell both, of a cell of the table."""
        both = zip((self.condition, self.outcome), cell, strict=True)
        return begun(self.say("; ").join(self._told(words, is_so) for words, is_so in both))

    def _told(self, words: str, is_so: bool | None) -> str:
        return {
            True: self.say("{words}: yes", words=words),
            False: self.say("{words}: no", words=words),
            None: self.say("{words}: left open", words=words),
        }[is_so]

    def says(self, kind: str) -> str:
        """Tell what a claim of a type says of them."""
        sets = {"condition": self.condition, "outcome": self.outcome}
        return {
            "necessity": self.say('It says: "{outcome}" is found only with "{condition}".', **sets),
            "sufficiency": self.say(
                'It says: with "{condition}", "{outcome}" is always found.', **sets
            ),
            "tendency": self.say(
                'It says: with "{condition}", "{outcome}" is found more often than not.', **sets
            ),
        }[kind]


class Box(NamedTuple):
    """A cell of the table.

    Attributes:
        head, caption: what the rows in it are, in few words and in those of the claim.
        mark: shape and colour of the names' mark.
        names: as many labels as there is room for.
        more: how many rows are beyond these.
        fill: the colour of its ground.
    """

    head: str
    caption: str
    mark: tuple[str, str]
    names: list[str]
    more: str
    fill: str

    def words(self) -> list[Words]:
        """Give what stands above the names."""
        caption = [Words(self.caption, 12, colour="soft")] if self.caption else []
        return [Words(self.head, 14, bold=True), *caption]


def build(
    store: Store, claim: str, lang: str = "en", *, rubric: str = "R0", ceiling: str = "diagram"
) -> Drawing:
    """Draw a claim of necessity, sufficiency or a tendency.

    Args:
        store: the claim is held against what is in scope.
        claim: its id.
        lang: language of the labels and words.
        rubric, ceiling: by which levels are, and where the glass ceiling is.

    Raises:
        QueryFailed: the store refused a query of the claim, or broke over it.
    """
    ledger, say, scope, _ = held(store, lang, rubric, ceiling)
    verdict = ledger.of(claim, most=_SOUGHT)
    (_, condition), (_, outcome) = claim_tests()[verdict.claim].sets
    named = Named(say(condition), say(outcome), say)
    boxes = {cell: _box(cell, verdict, ledger, say) for cell in _CELLS}
    untold = _untold(verdict, ledger, named)
    title, *told = sentences_of(verdict, say, with_cells=False)
    drawing = Drawing(
        f"claim-{claim.lower()}",
        title,
        " ".join([scope, *told, *_in_words(boxes, untold, named)]),
    )
    y = drawing.text(_LEFT, 14, title, _ALL, size=18, bold=True)
    marking = say("Irrelevant cases are not marked as interpreted.")
    heading = " ".join([named.says(verdict.type), scope, *resting_on([verdict], say), marking])
    y = drawing.text(_LEFT, y + 2, heading, _ALL, colour="soft") + 10
    mark_of(drawing, marked(verdict), _LEFT + 8, y + 15 * LINE / 2, 14)
    y = drawing.text(_LEFT + 24, y, say(verdict.verdict), _ALL - 24, size=15, bold=True) + 14
    y = _table(drawing, y, boxes, named)
    if untold:
        y = _beside(drawing, y + 10, untold, say)
    y += 14
    for line in told:
        y = drawing.text(_LEFT, y, line, _ALL, size=13) + 6
    return drawing


# -- what is written -----------------------------------------------------------------------------


def _box(cell: Cell, verdict: Verdict, ledger: Evidence, say: Speaker) -> Box:
    """Say what the rows are that have a condition and an outcome, or lack either."""
    iris = verdict.cells.get(cell, [])
    deviant = (False, True) if verdict.type == "necessity" else (True, False)
    number = len(iris)
    if cell == (True, True):
        side, fill, mark = "support", "filled", ("circle", "green")
        head = say.plural(
            "{count:,} typical, for the claim", "{count:,} typical, for the claim", number
        )
    elif cell == deviant:
        side, fill, mark = "counterexamples", "band", ("cross", "orange")
        head = say.plural(
            "{count:,} deviant, against the claim", "{count:,} deviant, against the claim", number
        )
    else:
        side, fill, mark = "", "cell", _OTHER
        head = say.plural(
            "{count:,} irrelevant, neither for nor against",
            "{count:,} irrelevant, neither for nor against",
            number,
        )
    caption = say(claim_tests()[verdict.claim].sides[side]) if side else ""
    room = _COLUMN - 2 * _PAD - 20
    names = _fitting(_labels(iris, side, room, verdict, ledger, say), room)
    return Box(head, caption, mark, names, _more(number - len(names), say), fill)


def _labels(
    iris: Sequence[str], side: str, room: float, verdict: Verdict, ledger: Evidence, say: Speaker
) -> list[str]:
    """Give the labels of rows in the order of the alphabet, with what there is to know of each."""
    iris = iris[:_SOUGHT]
    rows = {row.iri: row for row in verdict.rows.get(side, [])}
    labels = {iri: row.label for iri, row in rows.items()}
    labels |= ledger.labels(iri for iri in iris if iri not in rows)
    told = []
    for iri in iris:
        row = rows.get(iri)
        interpreted = say("interpreted") if row and row.status == "interpreted" else ""
        note = ", ".join(filter(None, (row.part, interpreted, row.note))) if row else ""
        told.append((labels[iri], f" ({note})" if note else ""))
    told.sort(key=lambda each: each[0].casefold())
    return [f"{_cut(label, room)}{note}" for label, note in told[:_MOST]]


def _cut(label: str, room: float) -> str:
    """Cut a label that would take more than its lines."""

    def fits(text: str) -> bool:
        return len(wrap(text, room, _SIZE)) <= _LONGEST

    if len(label) <= _CHARACTERS and fits(label):
        return label
    low, high = 1, min(len(label), _CHARACTERS)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(f"{label[:middle]}…") else (low, middle - 1)
    return f"{label[:low].rstrip()}…"


def _fitting(labels: list[str], room: float) -> list[str]:
    """Give the labels that fit into a cell, with a line for the rest."""
    taken, shown = 0, []
    for number, label in enumerate(labels):
        taken += len(wrap(label, room, _SIZE))
        if taken > LINES - (number + 1 < len(labels)):
            break
        shown.append(label)
    return shown


def _more(number: int, say: Speaker) -> str:
    return say.plural("and {count} more", "and {count} more", number) if number else ""


def _untold(verdict: Verdict, ledger: Evidence, named: Named) -> list[Box]:
    """Give the rows of which condition or outcome is not told, by what is told of them."""
    say = named.say
    places = beside(verdict.type, verdict.cells)
    undetermined = {*verdict.found.get("undetermined", ()), *verdict.conflicts}
    groups = {named.cell(cell): iris for cell, iris in verdict.cells.items() if None in cell}
    if verdict.conflicts:
        groups[say("Two levels are recorded")] = list(verdict.conflicts)
    boxes: dict[bool, list[Box]] = {True: [], False: []}
    for words, iris in sorted(groups.items()):
        labels = _labels(iris, "undetermined", _THIRD - 20, verdict, ledger, say)
        names = labels[: _ABREAST * _DEEP]
        more = _more(len(iris) - len(names), say)
        bears = bool(undetermined & {*iris})
        if bears:
            head = f"{len(iris):,} {say('undetermined')}"
        elif iris and places.get(iris[0]) == "irrelevant":
            head = f"{len(iris):,} {say('irrelevant')}"
        else:
            head = say.plural(
                "{count:,} of which too little is told",
                "{count:,} of which too little is told",
                len(iris),
            )
        boxes[bears].append(Box(head, words, _OTHER, names, more, "cell"))
    return boxes[True] + boxes[False]


def _in_words(boxes: dict[Cell, Box], untold: list[Box], named: Named) -> list[str]:
    told = [f"{named.cell(cell)}: {_listed(box)}." for cell, box in boxes.items()]
    return told + [f"{box.caption}: {_listed(box)}." for box in untold]


def _listed(box: Box) -> str:
    return ": ".join(filter(None, (box.head, "; ".join(filter(None, (*box.names, box.more))))))


# -- where it stands -----------------------------------------------------------------------------


def _table(drawing: Drawing, y: float, boxes: dict[Cell, Box], named: Named) -> float:
    """Draw the table with its headings; give its bottom."""
    bottom = y
    for number, condition in enumerate((True, False)):
        x = _LEFT + _HEADS + number * _COLUMN + _PAD
        words = named.told(named.condition, condition)
        bottom = max(bottom, drawing.text(x, y, words, _COLUMN - 2 * _PAD, bold=True))
    y = bottom + 6
    for outcome in (True, False):
        row = [boxes[condition, outcome] for condition in (True, False)]
        head = named.told(named.outcome, outcome)
        below = drawing.text(_LEFT, y + _PAD, head, _HEADS - _PAD, bold=True)
        tall = max(below + _PAD - y, *map(_height, row))
        for number, box in enumerate(row):
            _cell(drawing, _LEFT + _HEADS + number * _COLUMN, y, tall, box)
        y += tall
    return y


def _height(box: Box) -> float:
    room = _COLUMN - 2 * _PAD
    lines = sum(len(wrap(name, room - 20, _SIZE)) for name in box.names) + bool(box.more)
    tall = height_of(box.words(), room) + lines * _SIZE * LINE + 3 * len(box.names)
    return max(tall + 6 + 2 * _PAD, 90.0)


def _cell(drawing: Drawing, x: float, y: float, tall: float, box: Box) -> None:
    drawing.box(x, y, _COLUMN, tall, box.fill)
    room = _COLUMN - 2 * _PAD
    y = write(drawing, x + _PAD, y + _PAD, box.words(), room) + 6
    for name in box.names:
        drawing.mark(box.mark[0], x + _PAD + 6, y + _SIZE * LINE / 2, 9, box.mark[1])
        y = drawing.text(x + _PAD + 20, y, name, room - 20, size=_SIZE) + 3
    if box.more:
        drawing.text(x + _PAD + 20, y, box.more, room - 20, size=_SIZE, colour="soft")


def _beside(drawing: Drawing, y: float, boxes: list[Box], say: Speaker) -> float:
    """Draw the cell of the rows of which condition or outcome is not told; give its bottom."""
    room = _ALL - 2 * _PAD
    told = say(
        "The condition or the outcome is left open: it is not recorded, or the claim takes it for "
        "neither yes nor no"
    )
    head = [Words(told, 14, bold=True)]
    heads = [[Words(f"{box.head}. {box.caption}", 12.5, bold=True, above=6)] for box in boxes]
    tall = height_of(head, room) + 2 * _PAD
    for box, words in zip(boxes, heads, strict=True):
        tall += height_of(words, room) + sum(map(_row_height, _abreast(box)))
        tall += _SIZE * LINE if box.more else 0
    drawing.box(_LEFT, y, _ALL, tall, "cell", dashed=True)
    bottom = y + tall
    y = write(drawing, _LEFT + _PAD, y + _PAD, head, room)
    for box, words in zip(boxes, heads, strict=True):
        y = write(drawing, _LEFT + _PAD, y, words, room)
        for row in _abreast(box):
            for number, name in enumerate(row):
                x = _LEFT + _PAD + number * (_THIRD + 8)
                drawing.mark(box.mark[0], x + 6, y + 1 + _SIZE * LINE / 2, 9, box.mark[1])
                drawing.text(x + 20, y + 1, name, _THIRD - 20, size=_SIZE)
            y += _row_height(row)
        if box.more:
            y = drawing.text(_LEFT + _PAD + 20, y, box.more, room, size=_SIZE, colour="soft")
    return bottom


def _abreast(box: Box) -> list[list[str]]:
    return [box.names[start : start + _ABREAST] for start in range(0, len(box.names), _ABREAST)]


def _row_height(names: list[str]) -> float:
    return max(len(wrap(name, _THIRD - 20, _SIZE)) for name in names) * _SIZE * LINE + 2
