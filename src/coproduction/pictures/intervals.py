"""The claims that cases can test, a line each: the share of rows for it, and how sure that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from ..errors import QueryError
from ..evidence.comparison import elsewhere
from ..evidence.figures import HALF
from ..wording.moved_aloud import elsewhere_told
from ..wording.words import resting_on
from .svg import LINE, Drawing, Words, height_of, write
from .verdicts import MARKS, held, legend_of, mark_of, marked

if TYPE_CHECKING:
    from ..evidence.judging import Judged
    from ..evidence.ledger import Evidence
    from ..evidence.verdict import Verdict
    from ..messages import Speaker
    from ..store.protocol import Store

_LEFT, _SIZE, _SMALL, _PAD = 16.0, 13.5, 12.0, 5.0
_TEXT, _TEXT_ROOM, _INDENT = 66.0, 380.0, 22.0
_SAID, _SAID_ROOM = 480.0, 150.0
_SCALE, _LONG = 650.0, 330.0
_NUMBERS, _NUMBERS_ROOM = 1004.0, 150.0
_RIGHT: Final = _NUMBERS + _NUMBERS_ROOM
_UNTESTABLE: Final = ("no-data", "not-testable")


class Item(NamedTuple):
    """A line: a claim, or a part of one.

    Attributes:
        claim: the id of the claim; empty for a part.
        verdict: the word, or the name of its mark.
        text: of the claim, or the label of the part.
        said: the verdict, as it is told.
        numbers: how many rows there are, and their share.
        judged: what is drawn on the scale, or None.
    """

    claim: str
    verdict: str
    text: Words
    said: list[Words]
    numbers: list[Words]
    judged: Judged | None

    @property
    def indent(self) -> float:
        """How far to the right its text stands, in pixels."""
        return 0.0 if self.claim else _INDENT

    @property
    def height(self) -> float:
        """Its height in pixels."""
        text = height_of([self.text], _TEXT_ROOM - self.indent)
        said = height_of(self.said, _SAID_ROOM - self.indent)
        return max(text, said, height_of(self.numbers, _NUMBERS_ROOM)) + 2 * _PAD


def build(
    store: Store, lang: str = "en", *, rubric: str = "R0", ceiling: str = "diagram"
) -> Drawing:
    """Draw the claims that cases can test by their ids, each part that is judged on its own line.

    Args:
        store: its claims are held against what is in scope.
        lang: language of the labels and words.
        rubric, ceiling: by which levels are, and where the glass ceiling is.
    """
    ledger, say, scope, caution = held(store, lang, rubric, ceiling)
    verdicts = sorted(
        (each for each in ledger.all() if each.verdict not in _UNTESTABLE),
        key=lambda each: each.claim,
    )
    turned = _elsewhere(ledger, verdicts, say)
    drawing = Drawing(
        "intervals",
        say("The claims that cases can test, and what their shares leave open"),
        " ".join([scope, *(_in_words(verdict, say) for verdict in verdicts), *turned]),
    )
    y = drawing.text(_LEFT, 14, drawing.title, _RIGHT - _LEFT, size=20, bold=True)
    told = " ".join(filter(None, (scope, *resting_on(verdicts, say), caution)))
    y = drawing.text(_LEFT, y + 2, told, _RIGHT - _LEFT) + 10
    counts = Counter(map(marked, verdicts))
    numbers = {name: counts[name] for name in MARKS if name not in _UNTESTABLE}
    y = legend_of(drawing, _LEFT, y, numbers, say, _RIGHT - _LEFT) + 16
    y = _heads(drawing, y, say)
    top, blocks = y, [list(_items(verdict, say)) for verdict in verdicts]
    for number, block in enumerate(blocks):
        tall = sum(item.height for item in block)
        if number % 2 == 0:
            drawing.box(_LEFT - 6, y, _RIGHT - _LEFT + 12, tall, "panel", edge="")
        y += tall
    _scale(drawing, top, y)
    y = top
    for item in (item for block in blocks for item in block):
        _draw(drawing, y, item)
        y += item.height
    y = _values(drawing, y + 6, say) + 8
    y = drawing.text(_LEFT, y, _note(say), _RIGHT - _LEFT, size=13)
    if turned:
        drawing.text(_LEFT, y + 6, " ".join(turned), _RIGHT - _LEFT, size=13)
    return drawing


# -- what is written -----------------------------------------------------------------------------


def _items(verdict: Verdict, say: Speaker) -> Iterator[Item]:
    """Give the line of a claim, and one for each of its parts where it names some."""
    whole = next((each for each in verdict.parts if not each.part), None)
    yield Item(
        verdict.claim,
        marked(verdict),
        Words(verdict.label, _SIZE),
        [Words(say(verdict.verdict), _SMALL, bold=True), *_against(whole, verdict, say)],
        _numbers(whole, verdict, say) if whole else [],
        whole if verdict.type != "existence" else None,
    )
    for each in verdict.parts:
        if each.part:
            yield Item(
                "",
                marked(verdict, each.part),
                Words(each.label(verdict.named), 13),
                [Words(say(each.verdict), _SMALL), *_against(each, verdict, say)],
                _numbers(each, verdict, say),
                each if verdict.type != "existence" else None,
            )


def _against(each: Judged | None, verdict: Verdict, say: Speaker) -> list[Words]:
    """Say what no interval does: that all rows are interpreted, or how many are against it."""
    parts = {each.part} if each else {one.part for one in verdict.parts}
    if verdict.by_interpreted and parts <= {*verdict.by_interpreted}:
        return [Words(say("by interpreted rows alone"), _SMALL, colour="soft")]
    number = each.share.n - each.share.k if each else 0
    if not number or verdict.type not in ("necessity", "sufficiency"):
        return []
    return [Words(say("{number:,} against", number=number), _SMALL, colour="soft")]


def _numbers(each: Judged, verdict: Verdict, say: Speaker) -> list[Words]:
    k, n = each.share.k, each.share.n
    told = []
    if not n and not each.ties:
        nothing = say("no pair") if verdict.type == "comparison" else say("no row")
        told.append(Words(nothing, _SMALL, colour="soft"))
    elif verdict.type == "existence":
        told.append(Words(say.plural("{count:,} row", "{count:,} rows", n), _SMALL, bold=True))
    elif n:
        told.append(Words(say("{k:,} of {n:,}", k=k, n=n), _SMALL, bold=True))
        told.append(Words(each.share.interval(say), _SMALL, colour="soft"))
    if each.ties:
        ties = say.plural("{count:,} tie", "{count:,} ties", each.ties)
        told.append(Words(ties, _SMALL, colour="soft"))
    return told


def _in_words(verdict: Verdict, say: Speaker) -> str:
    told = []
    for each in verdict.parts:
        numbers = ", ".join(words.text for words in _numbers(each, verdict, say))
        name = f"{each.label(verdict.named)}: {say(each.verdict)}, " if each.part else ""
        told.append(name + numbers)
    return f"{verdict.claim} {verdict.label}: {'; '.join([say(verdict.verdict), *told])}."


def _elsewhere(ledger: Evidence, verdicts: Sequence[Verdict], say: Speaker) -> list[str]:
    """Say which verdicts are others under other rubrics or the other ceiling, or why not."""
    try:
        return elsewhere_told(elsewhere(ledger, verdicts), say)
    except QueryError as error:
        return [str(error)]


def _note(say: Speaker) -> str:
    """Say what a bar is, and what follows from where it lies."""
    return " ".join(
        (
            say(
                "A bar is the exact 95% interval (Clopper and Pearson) of the share of rows for a "
                "claim among those for and against it; the dot is the share itself."
            ),
            say(
                "In a comparison it is the share of pairs won among those won and lost; ties stand "
                "apart."
            ),
            say(
                "A tendency or a comparison is supported where the whole bar lies right of one "
                "half, and contradicted where it lies left of it."
            ),
            say(
                "A claim without exceptions is contradicted by one row against it, wherever its "
                "bar lies; of what is said to exist rows are counted, and there is no share."
            ),
        )
    )


# -- where it stands -----------------------------------------------------------------------------


def _heads(drawing: Drawing, y: float, say: Speaker) -> float:
    """Write the headings of the columns; give where the first line begins."""
    heads = (
        (_TEXT, _TEXT_ROOM, say("claim")),
        (_SAID, _SAID_ROOM, say("verdict")),
        (_SCALE, _LONG, say("share of rows for it")),
        (_NUMBERS, _NUMBERS_ROOM, say("rows for it")),
    )
    bottom = max(
        drawing.text(x, y, words, room, size=_SMALL, bold=True, colour="soft")
        for x, room, words in heads
    )
    return _values(drawing, bottom + 4, say)


def _values(drawing: Drawing, y: float, say: Speaker) -> float:
    """Write the values of the scale; give the bottom."""
    for share, words in ((0.0, "0"), (HALF, say.number(HALF)), (1.0, "1")):
        x = _SCALE + share * _LONG
        bottom = drawing.text(x, y, words, 30, size=_SMALL, colour="soft", anchor="middle")
    return bottom + 4


def _scale(drawing: Drawing, top: float, bottom: float) -> None:
    for share in (0.0, 1.0):
        drawing.line(_SCALE + share * _LONG, top, _SCALE + share * _LONG, bottom)
    half = _SCALE + HALF * _LONG
    drawing.line(half, top, half, bottom, "ink", thick=1.5, dashes="6 4")


def _draw(drawing: Drawing, y: float, item: Item) -> None:
    y += _PAD
    middle = y + _SIZE * LINE / 2
    if item.claim:
        drawing.text(_LEFT + 4, y, item.claim, 44, size=_SIZE, bold=True)
    write(drawing, _TEXT + item.indent, y, [item.text], _TEXT_ROOM - item.indent)
    mark_of(drawing, item.verdict, _SAID - 14 + item.indent, middle)
    write(drawing, _SAID + item.indent, y + 1, item.said, _SAID_ROOM - item.indent)
    write(drawing, _NUMBERS, y + 1, item.numbers, _NUMBERS_ROOM)
    if item.judged is None or item.judged.share.value is None:
        return
    share, colour = item.judged.share, MARKS[item.verdict][1]
    low, at, high = (_SCALE + one * _LONG for one in (share.low, share.k / share.n, share.high))
    drawing.line(low, middle, high, middle, colour, thick=3)
    for end in (low, high):
        drawing.line(end, middle - 5, end, middle + 5, colour, thick=2)
    drawing.mark("circle", at, middle, 10, colour)
