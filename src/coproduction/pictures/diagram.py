"""Diagram 1 as the source draws it, and over it the cases where they really fall.

Rows are participation levels, columns intensities; the degree of civil society involvement is the
band at the right. A cell that the source marks "?" keeps its sign, whatever cases it holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ..evidence.verdict import SUCCESS_STORIES
from ..messages import counted
from ..names import COP
from .svg import LINE, Drawing, legend, wrap
from .views import Row, rows

if TYPE_CHECKING:
    from ..store.protocol import Store

SECTORS: Final = {
    COP + "ThirdSector": ("circle", "green"),
    COP + "PublicSector": ("square", "blue"),
    COP + "ForProfitSector": ("triangle", "orange"),
    COP + "InformalSector": ("cross", "yellow"),
    COP + "HybridSector": ("diamond", "purple"),
    COP + "Unknown": ("ring", "grey"),
}
"""Shape and colour of a sector's mark."""
NAMED: Final = 60
"""Up to so many cases are named; of more, the numbers are shown."""
_LEFT, _COLUMN, _BAND, _TOP, _PAD = 130.0, 258.0, 218.0, 96.0, 12.0
_SIZE = 14.0


def build(store: Store, lang: str = "en") -> Drawing:
    """Draw the diagram, with the cases in scope.

    Args:
        store: its diagram cells, placements and cases are drawn.
        lang: language of the labels.
    """

    def ask(name: str) -> list[Row]:
        return rows(store, name, lang)

    answer = sorted(
        ask("diagram-cells"),
        key=lambda row: (-row["levelRank"], row["intensityRank"], row["serviceLabel"] or ""),
    )
    levels = {str(row["level"]): str(row["levelLabel"]) for row in answer}
    intensities = {str(row["intensity"]): str(row["intensityLabel"]) for row in answer}
    placed: dict[tuple[str, str], list[str]] = {}
    for row in answer:
        entry = row["serviceLabel"] if row["service"] else row["content"]
        placed.setdefault((str(row["level"]), str(row["intensity"])), []).append(str(entry))
    bands: dict[str, list[str]] = {}
    for row in ask("diagram-rows"):
        bands.setdefault(str(row["level"]), [str(row["formLabel"])]).append(str(row["words"]))
    (total,) = ask("cases-off-grid")
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    many = int(total["cases"]) > NAMED
    counted = ask("cases-in-grid") if total["cases"] else []
    for row in counted if many else ask("cases-of-grid"):
        words = f"{row['sectorLabel']}: {int(row['cases']):,}" if many else str(row["caseLabel"])
        where = (str(row["level"]), str(row["intensity"]))
        found.setdefault(where, []).append((str(row["sector"]), words))
    drawing = Drawing(
        "diagram",
        "Diagram 1: services by participation level and intensity of relations"
        + (", and the cases where they fall" if found else ""),
        _in_words(levels, intensities, placed, found, bands),
    )
    _draw(drawing, ask, levels, intensities, placed, found, bands)
    if total["cases"]:
        _below(drawing, counted, total)
    return drawing


def _draw(
    drawing: Drawing,
    ask: Any,
    levels: dict[str, str],
    intensities: dict[str, str],
    placed: dict[tuple[str, str], list[str]],
    found: dict[tuple[str, str], list[tuple[str, str]]],
    bands: dict[str, list[str]],
) -> None:
    right = _LEFT + _COLUMN * len(intensities)
    drawing.text(16, 14, drawing.title, right + _BAND - 32, size=18, bold=True)
    for number, label in enumerate(intensities.values()):
        x = _LEFT + number * _COLUMN + _PAD
        drawing.text(x, 54, label, _COLUMN - 2 * _PAD, bold=True)
    drawing.text(right + _PAD, 54, "degree of civil society involvement", _BAND - 24, bold=True)
    y = _TOP
    bottoms = {}
    for level, label in levels.items():
        cells = [(level, intensity) for intensity in intensities]
        tall = max(
            *(_height(placed[cell], found.get(cell, [])) for cell in cells),
            2 * _PAD + _lines(bands[level], _BAND - 2 * _PAD) * _SIZE * LINE,
        )
        drawing.text(16, y + _PAD, label, _LEFT - 26, bold=True)
        for number, cell in enumerate(cells):
            _cell(drawing, _LEFT + number * _COLUMN, y, tall, placed[cell], found.get(cell, []))
        drawing.box(right, y, _BAND, tall, "band")
        line = drawing.text(right + _PAD, y + _PAD, bands[level][0], _BAND - 2 * _PAD, bold=True)
        for words in bands[level][1:]:
            if words.casefold() != bands[level][0].casefold():
                line = drawing.text(
                    right + _PAD, line + 4, f"“{words}”", _BAND - 2 * _PAD, size=12.5,
                    colour="soft",
                )  # fmt: skip
        y += tall
        bottoms[level] = y
    tops = {above: bottoms[level] for above, level in zip([*levels][1:], levels, strict=False)}
    for row in ask("ceiling-lines"):
        _ceiling(drawing, tops[str(row["level"])], right + _BAND, row)


def _ceiling(drawing: Drawing, y: float, right: float, row: Row) -> None:
    best = str(row["preferred"]).lower() == "true"
    words = "glass ceiling" if best else "glass ceiling by the text (A9)"
    if best:
        drawing.line(8, y, right + 8, y, "alarm", thick=3.5, dashes="10 5")
    else:
        drawing.line(8, y, right + 8, y, "alarm", thick=1.5, dashes="2 5")
    size = 12.0
    room = _LEFT - 20
    lines = len(wrap(words, room, size, best))
    drawing.text(16, y - lines * size * LINE - 4, words, room, size=size, bold=best, colour="alarm")


def _lines(bands: list[str], room: float) -> int:
    return sum(len(wrap(f"“{text}”", room, _SIZE)) for text in bands)


def _height(entries: list[str], cases: list[tuple[str, str]]) -> float:
    room = _COLUMN - 2 * _PAD
    if entries == ["?"]:
        tall = 34.0
    else:
        tall = sum(len(wrap(entry, room, _SIZE)) for entry in entries) * _SIZE * LINE
    if cases:
        tall += 16 + sum(len(wrap(words, room - 20, 13)) * 13 * LINE + 3 for _, words in cases)
    return max(tall + 2 * _PAD, 96.0)


def _cell(
    drawing: Drawing,
    x: float,
    y: float,
    tall: float,
    entries: list[str],
    cases: list[tuple[str, str]],
) -> None:
    room = _COLUMN - 2 * _PAD
    open_cell = entries == ["?"]
    drawing.box(x, y, _COLUMN, tall, "cell" if open_cell else "filled")
    line = y + _PAD
    if open_cell and cases:
        line = drawing.text(x + _PAD, line, "?", room, size=26, colour="soft")
    elif open_cell:
        drawing.text(
            x + _COLUMN / 2, y + tall / 2 - 18, "?", room, size=28, colour="soft", anchor="middle"
        )
    else:
        for entry in entries:
            line = drawing.text(x + _PAD, line, entry, room, size=_SIZE)
    if cases:
        drawing.line(x + _PAD, line + 6, x + _COLUMN - _PAD, line + 6)
        line += 14
        for sector, words in cases:
            shape, colour = SECTORS.get(sector, SECTORS[COP + "Unknown"])
            drawing.mark(shape, x + _PAD + 6, line + 13 * LINE / 2, 11, colour)
            line = drawing.text(x + _PAD + 20, line, words, room - 20, size=13) + 3


def _below(drawing: Drawing, sectors: list[Row], total: Row) -> None:
    """Draw the legend of the sectors, and what the picture does not show."""
    y, room = drawing.height + 14, drawing.width - 32
    names = {str(row["sector"]): str(row["sectorLabel"]) for row in sectors}
    entries = [
        (*style, names[sector] if sector != COP + "Unknown" else "sector unknown")
        for sector, style in SECTORS.items()
        if sector in names
    ]
    others = [("ring", "grey", name) for iri, name in names.items() if iri not in SECTORS]
    drawing.text(16, y, "Cases by provider sector", 200, size=13, bold=True)
    y = legend(drawing, 220, y, [*entries, *others], room - 220) + 6
    cases, off = int(total["cases"]), int(total["off"])
    note = f"{counted(cases, 'case')} in scope"
    if off:
        have = "has" if off == 1 else "have"
        note += f"; {off:,} of them {have} no recorded level or intensity and are not shown"
    y = drawing.text(16, y, f"{note}. Levels are those recorded (rubric R0).", room, size=13)
    drawing.text(16, y, SUCCESS_STORIES, room, size=13, colour="soft")


def _in_words(
    levels: dict[str, str],
    intensities: dict[str, str],
    placed: dict[tuple[str, str], list[str]],
    found: dict[tuple[str, str], list[tuple[str, str]]],
    bands: dict[str, list[str]],
) -> str:
    sentences = []
    for (level, intensity), entries in placed.items():
        where = f"{levels[level]}, {intensities[intensity]}"
        sentences.append(f"{where}: {', '.join(entries)}.")
        if (level, intensity) in found:
            cases = ", ".join(words for _, words in found[level, intensity])
            sentences.append(f"Cases there: {cases}.")
    sentences += [f"{levels[level]} stands beside {words[0]}." for level, words in bands.items()]
    return " ".join(sentences)
