"""The claims of the source with their verdicts, in columns."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from ..evidence.ledger import Evidence
from ..evidence.verdict import SUCCESS_STORIES
from ..messages import counted
from .svg import LINE, Drawing, Words, height_of, legend, write
from .views import Row, rows

if TYPE_CHECKING:
    from ..evidence.verdict import Verdict
    from ..store.protocol import Store

MARKS: Final = {
    "consistent": ("circle", "green", "what is in scope speaks for it"),
    "contradicted": ("cross", "orange", "what is in scope speaks against it"),
    "not-tested": ("ring", "blue", "nothing in scope bears on it"),
    "no-data": ("triangle", "yellow", "a record has no field for it"),
    "not-testable": ("square", "grey", "a definition or a norm"),
    "failed": ("diamond", "alarm", "a query failed"),
}
"""Shape and colour of each verdict, and what it means."""
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
        lang: language of the labels.
    """
    ledger = Evidence(store)
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
        kind: f"{names[kind]}: {counted(number, 'claim')}" for kind, number in kinds.most_common()
    }
    (cases,) = (int(row["cases"]) for row in rows(store, "cases-off-grid"))
    held = "the placements of the source" + (
        f" and {counted(cases, 'case')}" if cases else " alone"
    )
    drawing = Drawing(
        "claims",
        "The claims of the source and what is found of them",
        f"Held against {held}. {' '.join(_sentence(v, about[v.claim]) for v in verdicts)}",
    )
    y = drawing.text(_LEFT, 14, drawing.title, _ALL, size=20, bold=True)
    scope = (
        f"Held against {held}; levels by rubric {ledger.rubric}; the glass ceiling as Diagram 1 "
        "has it."
    )
    if cases:
        scope += f" {SUCCESS_STORIES}"
    y = drawing.text(_LEFT, y + 2, scope, _ALL) + 10
    number_of = Counter(verdict.verdict for verdict in verdicts)
    entries = [
        (shape, colour, f"{number_of[name]} {name}: {meaning}")
        for name, (shape, colour, meaning) in MARKS.items()
        if number_of[name] or name != "failed"
    ]
    y = legend(drawing, _LEFT, y, entries, _ALL) + 16
    begun: set[str] = set()
    for number, column in enumerate(_in_columns(_blocks(verdicts, about, list(heads)))):
        _column(drawing, _LEFT + number * (_WIDE + _BETWEEN), y, column, heads, begun)
    return drawing


# -- what is written -----------------------------------------------------------------------------


def _found(verdict: Verdict) -> list[str]:
    """Say how many rows are for and against a claim, and what they are."""
    if not _tested(verdict):
        return []
    words = f"{verdict.counts['support']:,} for"
    if "counterexamples" in verdict.counts:
        words += f", {verdict.counts['counterexamples']:,} against"
    basis = {"both": "source and cases", "source": "source alone", "cases": "cases alone"}
    return [words, basis.get(verdict.basis, verdict.basis)]


def _tested(verdict: Verdict) -> bool:
    return verdict.verdict in ("consistent", "contradicted")


def _caution(verdict: Verdict) -> str:
    """Give what to keep in mind of a verdict; where nothing bears on a claim there is none."""
    return verdict.caution if _tested(verdict) else ""


def _blocks(verdicts: list[Verdict], about: dict[str, Row], kinds: list[str]) -> list[Block]:
    blocks = []
    for kind in kinds:
        mine = [verdict for verdict in verdicts if str(about[verdict.claim]["kind"]) == kind]
        for caution, run in groupby(mine, _caution):
            items = [_item(verdict, about[verdict.claim]) for verdict in run]
            if caution:
                blocks.append(Block(kind, items, caution))
            else:
                blocks += [Block(kind, [item], "") for item in items]
    return blocks


def _item(verdict: Verdict, row: Row) -> Item:
    found = [Words(verdict.verdict, 12.5, bold=True)]
    found += [Words(words, 12, colour="soft") for words in _found(verdict)]
    if row.get("secondKindLabel"):
        found.append(Words(f"also {row['secondKindLabel']}", 12, colour="soft"))
    return Item(verdict, [Words(str(row["claimLabel"]), _SIZE)], found)


def _sentence(verdict: Verdict, row: Row) -> str:
    found = "".join(f", {words}" for words in _found(verdict))
    caution = f" {_caution(verdict)}" if _caution(verdict) else ""
    return f"{verdict.claim} {row['claimLabel']}: {verdict.verdict}{found}.{caution}"


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
    drawing: Drawing,
    x: float,
    y: float,
    blocks: list[Block],
    heads: dict[str, str],
    begun: set[str],
) -> None:
    for kind, group in groupby(blocks, lambda block: block.kind):
        words = heads[kind] + (", continued" if kind in begun else "")
        begun.add(kind)
        drawing.box(x, y, _WIDE, _HEAD - 8, "panel", edge="")
        drawing.text(x + 8, y + 3, words, _WIDE - 16, bold=True)
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
    shape, colour, _ = MARKS[item.verdict.verdict]
    drawing.mark(shape, x + 8, y + _SIZE * LINE / 2, 12, colour)
    drawing.text(x + 22, y, item.verdict.claim, _TEXT - 24, size=_SIZE, bold=True)
    write(drawing, x + _TEXT, y, item.said, _ROOM)
    write(drawing, x + _WIDE - _RIGHT, y, item.found, _RIGHT)
