"""The regimes of public administration side by side, as the source has them.

A regime that only later literature names stands apart, with its publication.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .svg import Drawing, Words, height_of, write
from .views import Row, rows

if TYPE_CHECKING:
    from ..store.protocol import Store

_LEFT, _COLUMN, _GAP, _PAD = 138.0, 268.0, 22.0, 14.0
_ROWS: Final = (
    "what it is, in our words",
    "role given to the citizen",
    "based on",
    "claims of the source",
)
_BETWEEN: Final = 5.0


def build(store: Store, lang: str = "en") -> Drawing:
    """Draw the regimes, each a column.

    Args:
        store: its regimes, what they are based on and the claims on them are drawn.
        lang: language of the labels.
    """

    def ask(name: str, folder: str = "queries/questions") -> list[Row]:
        return rows(store, name, lang, folder)

    heads, stated = _heads(ask("regimes"), ask("regimes-beyond-source"))
    cells: dict[tuple[str, str], list[Words]] = {}

    def put(row: str, regime: str, *words: Words) -> None:
        cell = cells.setdefault((row, regime), [])
        cell += [words[0]._replace(above=_BETWEEN if cell else 0), *words[1:]]

    for row in ask("regime-definitions", "queries/views"):
        put(_ROWS[0], row["regime"], Words(row["definition"]))
    for row in ask("citizen-roles"):
        if row["role"] != row["roleLabel"]:  # a word that says that there is none is its own label
            put(_ROWS[1], row["regime"], Words(row["roleLabel"]))
    bases = ask("regime-bases", "queries/views")
    for row in sorted(bases, key=lambda row: (row["baseLabel"], row["vehicleLabel"] or "")):
        put(_ROWS[2], row["regime"], Words(row["baseLabel"]))
        if row["vehicle"]:
            through = Words(f"through {row['vehicleLabel']}", 13, colour="soft")
            cells[_ROWS[2], row["regime"]].append(through)
    foot = []
    for row in ask("regime-claims", "queries/views"):
        if row["subject"] in heads:
            put(_ROWS[3], row["subject"], Words(f"{row['claimId']} {row['claimLabel']}"))
        else:
            foot.append(
                f"{row['claimId']} {row['claimLabel']} "
                f"(section {row['section']}, line {row['line']})."
            )
    drawing = Drawing(
        "regimes",
        "Public administration regimes and what each gives the citizen",
        _in_words(heads, cells, stated, foot),
    )
    _draw(drawing, heads, cells, stated)
    if foot:
        _foot(drawing, foot)
    return drawing


def _heads(of_source: list[Row], beyond: list[Row]) -> tuple[dict[str, list[Words]], int]:
    """Give the head of each regime's column, and how many of them the source has."""
    heads: dict[str, list[Words]] = {}
    for row in of_source:
        place = f"section {row['section']}, line {row['line']} of the source"
        heads[row["regime"]] = [Words(row["regimeLabel"], 16, bold=True), Words(place, 12.5)]
    stated = len(heads)
    for row in beyond:
        head = heads.setdefault(
            row["regime"],
            [
                Words(row["regimeLabel"], 16, bold=True),
                Words("beyond the source, from later literature:", 12.5),
            ],
        )
        year, label = str(row["year"]), str(row["publicationLabel"])
        head.append(Words(label if year in label else f"{label} ({year})", 12.5))
        if row["pageKind"]:
            head.append(Words(f"read: {row['pageKindLabel']}", 12.5, colour="soft"))
    return heads, stated


def _draw(
    drawing: Drawing,
    heads: dict[str, list[Words]],
    cells: dict[tuple[str, str], list[Words]],
    stated: int,
) -> None:
    room = _COLUMN - 2 * _PAD
    lefts = {
        regime: _LEFT + number * _COLUMN + (_GAP if number >= stated else 0)
        for number, regime in enumerate(heads)
    }
    drawing.text(16, 14, drawing.title, _LEFT + len(heads) * _COLUMN - 16, size=18, bold=True)
    y, tall = 54.0, 2 * _PAD + max(height_of(head, room) for head in heads.values())
    for number, (regime, head) in enumerate(heads.items()):
        beyond = number >= stated
        fill = "band" if beyond else "filled"
        drawing.box(lefts[regime], y, _COLUMN, tall, fill, dashed=beyond)
        write(drawing, lefts[regime] + _PAD, y + _PAD, head, room)
    y += tall
    for name in _ROWS:
        contents = {
            regime: cells.get((name, regime), [_nothing(name, number >= stated)])
            for number, regime in enumerate(heads)
        }
        title = [Words(name, bold=True)]
        tall = 2 * _PAD + max(
            height_of(title, _LEFT - 30),
            *(height_of(words, room) for words in contents.values()),
        )
        write(drawing, 16, y + _PAD, title, _LEFT - 30)
        for number, (regime, words) in enumerate(contents.items()):
            drawing.box(lefts[regime], y, _COLUMN, tall, "cell", dashed=number >= stated)
            write(drawing, lefts[regime] + _PAD, y + _PAD, words, room)
        y += tall


def _foot(drawing: Drawing, sentences: list[str]) -> None:
    room = drawing.width - _LEFT - 2 * _PAD
    words = [Words(sentence) for sentence in sentences]
    title = [Words("of regimes as such", bold=True)]
    y = drawing.height + 16
    tall = 2 * _PAD + max(height_of(words, room), height_of(title, _LEFT - 30))
    write(drawing, 16, y + _PAD, title, _LEFT - 30)
    drawing.box(_LEFT, y, drawing.width - _LEFT, tall, "panel", edge="")
    write(drawing, _LEFT + _PAD, y + _PAD, words, room)


def _nothing(name: str, beyond: bool) -> Words:
    """Say of a cell that nothing stands in it, and why."""
    if name == _ROWS[-1]:
        return Words("none", colour="soft")
    return Words("not recorded here" if beyond else "not stated in the source", colour="soft")


def _in_words(
    heads: dict[str, list[Words]],
    cells: dict[tuple[str, str], list[Words]],
    stated: int,
    foot: list[str],
) -> str:
    sentences = []
    for number, (regime, head) in enumerate(heads.items()):
        parts = []
        for name in _ROWS:
            said = cells.get((name, regime), [_nothing(name, number >= stated)])
            parts.append(f"{name}: {', '.join(words.text for words in said)}")
        about = ", ".join(words.text for words in head)
        sentences.append(f"{about}. {'; '.join(parts).replace('.;', ';')}.")
    return " ".join([*sentences, *foot])
