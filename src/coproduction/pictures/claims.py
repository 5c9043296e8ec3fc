"""The claims of the source with their verdicts, in columns."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from ..wording.words import resting_on
from .svg import LINE, Drawing, Words, height_of, write
from .verdicts import MARKS, held, legend_of, mark_of, marked
from .views import Row, rows

if TYPE_CHECKING:
    from ..evidence.verdict import Verdict
    from ..messages import Speaker
    from ..store.protocol import Store

COLUMNS: Final = 3
_WIDE, _BETWEEN, _LEFT, _SIZE = 520.0, 34.0, 16.0, 13.5
_TEXT, _RIGHT, _ROW, _HEAD = 60.0, 118.0, 7.0, 32.0
_ALL: Final = COLUMNS * _WIDE + (COLUMNS - 1) * _BETWEEN
_ROOM: Final = _WIDE - _TEXT - _RIGHT - 12


class Item(NamedTuple):
    """A claim: its verdict, what is written of it, and what of its verdict."""

    verdict: Verdict
    said: list[Words]
    found: list[Words]


class Block(NamedTuple):
    """Claims that stay together: one, or several in a row with one caution for all.

    Attributes:
        kind: IRI of their kind.
        items: the claims.
        caution: what to keep in mind of them, or nothing.
    """

    kind: str
    items: list[Item]
    caution: str


def build(store: Store, lang: str = "en") -> Drawing:
    """Draw the claims by kind, the kind with most claims first.

    Args:
        store: its claims are held against what is in scope, under rubric R0.
        lang: language of the labels and words.
    """
    ledger, say, scope, caution = held(store, lang)
    verdicts = ledger.all()
    about = {
        verdict.claim: {
            "kind": verdict.kind,
            "kindLabel": verdict.kind,
            "claimLabel": verdict.label,
        }
        for verdict in verdicts
    }
    about |= {
        str(row["claimId"]): row for row in rows(store, "claim-kinds", lang, "queries/questions")
    }
    kinds = Counter(str(about[verdict.claim]["kind"]) for verdict in verdicts)
    names = {str(row["kind"]): str(row["kindLabel"]) for row in about.values()}
    heads = {
        kind: say(
            "{name}: {told}",
            name=say(names[kind]),
            told=say.plural("{count:,} claim", "{count:,} claims", number),
        )
        for kind, number in kinds.most_common()
    }
    drawing = Drawing(
        "claims",
        say("The claims of the source and what is found of them"),
        f"{scope} {' '.join(_sentence(v, about[v.claim], say) for v in verdicts)}",
    )
    y = drawing.text(_LEFT, 14, drawing.title, _ALL, size=20, bold=True)
    told = " ".join(filter(None, (scope, *resting_on(verdicts, say), caution)))
    y = drawing.text(_LEFT, y + 2, told, _ALL) + 10
    numbers = Counter(map(marked, verdicts))
    y = legend_of(drawing, _LEFT, y, {name: numbers[name] for name in MARKS}, say, _ALL) + 16
    blocks = _blocks(verdicts, about, list(heads), say)
    later = {kind: say("{kind}, continued", kind=head) for kind, head in heads.items()}
    for number, column in enumerate(_in_columns(blocks)):
        _column(drawing, _LEFT + number * (_WIDE + _BETWEEN), y, column, heads)
        heads |= {block.kind: later[block.kind] for block in column}
    return drawing


# -- what is written -----------------------------------------------------------------------------


def _found(verdict: Verdict, say: Speaker) -> str:
    """Say how many rows are for and against a claim."""
    if not _speaks(verdict):
        return ""
    counts = verdict.counts
    told = [say("{number:,} for", number=counts["support"])]
    if "counterexamples" in counts:
        told.append(say("{number:,} against", number=counts["counterexamples"]))
        ties = counts["domain"] - counts["support"] - counts["counterexamples"]
        if ties:
            told.append(say.plural("{count:,} tie", "{count:,} ties", ties))
    return ", ".join(told)


def _speaks(verdict: Verdict) -> bool:
    """Tell whether a row in scope speaks for a claim, or against it."""
    return verdict.counts.get("domain", 0) > 0


def _caution(verdict: Verdict) -> str:
    """Give what to keep in mind of a verdict; where nothing bears on a claim there is none."""
    return verdict.caution if _speaks(verdict) else ""


def _blocks(
    verdicts: list[Verdict], about: dict[str, Row], kinds: list[str], say: Speaker
) -> list[Block]:
    blocks = []
    for kind in kinds:
        mine = [verdict for verdict in verdicts if str(about[verdict.claim]["kind"]) == kind]
        for caution, run in groupby(mine, _caution):
            items = [_item(verdict, about[verdict.claim], say) for verdict in run]
            if caution:
                blocks.append(Block(kind, items, caution))
            else:
                blocks += [Block(kind, [item], "") for item in items]
    return blocks


def _item(verdict: Verdict, row: Row, say: Speaker) -> Item:
    found = [Words(say(verdict.verdict), 12.5, bold=True)]
    if words := _found(verdict, say):
        found.append(Words(words, 12, colour="soft"))
    if row.get("secondKindLabel"):
        found.append(
            Words(say("also {kind}", kind=say(str(row["secondKindLabel"]))), 12, colour="soft")
        )
    return Item(verdict, [Words(str(row["claimLabel"]), _SIZE)], found)


def _sentence(verdict: Verdict, row: Row, say: Speaker) -> str:
    found = ", ".join(filter(None, (say(verdict.verdict), _found(verdict, say))))
    caution = f" {_caution(verdict)}" if _caution(verdict) else ""
    return f"{verdict.claim} {row['claimLabel']}: {found}.{caution}"


# -- where it stands -----------------------------------------------------------------------------


def _height(item: Item) -> float:
    return max(height_of(item.said, _ROOM), height_of(item.found, _RIGHT)) + _ROW


def _tall(block: Block) -> float:
    note = height_of(_note(block), _WIDE - _TEXT) + _ROW if block.caution else 0
    return note + sum(_height(item) for item in block.items)


def _note(block: Block) -> list[Words]:
    return [Words(block.caution, 12, colour="soft")]


def _in_columns(blocks: list[Block]) -> list[list[Block]]:
    """Fill the columns in order, so that the longest is as short as can be."""
    tall = [_tall(block) for block in blocks]
    limit = max((_HEAD + each for each in tall), default=0)
    while True:
        columns: list[list[Block]] = []
        y = limit
        for block, needed in zip(blocks, tall, strict=True):
            opens = not columns or columns[-1][-1].kind != block.kind
            if not columns or y + needed + opens * _HEAD > limit:
                columns.append([])
                y, opens = 0.0, True
            columns[-1].append(block)
            y += needed + opens * _HEAD
        if len(columns) <= COLUMNS:
            return columns
        limit += 4


def _column(
    drawing: Drawing, x: float, y: float, blocks: list[Block], heads: dict[str, str]
) -> None:
    for kind, group in groupby(blocks, lambda block: block.kind):
        drawing.box(x, y, _WIDE, _HEAD - 8, "panel", edge="")
        drawing.text(x + 8, y + 3, heads[kind], _WIDE - 16, bold=True)
        y += _HEAD
        for block in group:
            top = y
            for item in block.items:
                _claim(drawing, x, y, item)
                y += _height(item)
            if block.caution:
                bottom = write(drawing, x + _TEXT, y - 3, _note(block), _WIDE - _TEXT)
                drawing.line(x - 8, top, x - 8, bottom, "alarm", thick=2.5)
                y += height_of(_note(block), _WIDE - _TEXT) + _ROW


def _claim(drawing: Drawing, x: float, y: float, item: Item) -> None:
    mark_of(drawing, marked(item.verdict), x + 8, y + _SIZE * LINE / 2)
    drawing.text(x + 22, y, item.verdict.claim, _TEXT - 24, size=_SIZE, bold=True)
    write(drawing, x + _TEXT, y, item.said, _ROOM)
    write(drawing, x + _WIDE - _RIGHT, y, item.found, _RIGHT)
