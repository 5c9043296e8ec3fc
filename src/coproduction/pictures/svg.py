"""SVG made to be read: text that fits its box, a title and a description, light and dark.

A :class:`Drawing` keeps where each text stands, so that a test can hold that nothing is cut and
nothing overlaps. Widths are those of a wide sans-serif font; in any other the text is narrower.
"""

from __future__ import annotations

import html
import math
import re
import unicodedata
from collections.abc import Iterable
from typing import Final, NamedTuple

FONT: Final = (
    "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', Verdana, sans-serif"
)
LINE: Final = 1.3
"""Height of a line, in font sizes."""
_BOLD: Final = 1.16
_WIDTHS: Final = {
    character: width
    for width, characters in {
        0.28: "'ijl",
        0.30: "IJ",
        0.34: " ,./:;\\|",
        0.36: "f-",
        0.40: "()[]t!",
        0.42: "r",
        0.46: '"',
        0.52: "*_`sz",
        0.56: "?cL",
        0.60: "Fkvxy",
        0.62: "PTYaoe",
        0.64: "ESbdghnpqu$0123456789{}",
        0.70: "KAVBRXZC",
        0.77: "UHNDG",
        0.82: "&OQw",
        0.86: "#+<=>^~M",
        1.00: "%m@W",
    }.items()
    for character in characters
}
"""Widths of characters in font sizes, rounded up from those of DejaVu Sans."""
_OTHER: Final = 0.87
_EAST: Final = 1.02
"""Chinese, Japanese and Korean characters fill a square."""
_UNWRITABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

COLOURS: Final[dict[str, tuple[str, str]]] = {
    "ground": ("#ffffff", "#0d1117"),
    "cell": ("#ffffff", "#0d1117"),
    "filled": ("#e3eefb", "#12304f"),
    "band": ("#fff4d6", "#3a2f12"),
    "panel": ("#f3f4f6", "#1b222c"),
    "edge": ("#8c959f", "#6b7684"),
    "ink": ("#1b1f24", "#e6edf3"),
    "soft": ("#525b66", "#a9b3be"),
    "alarm": ("#a61b12", "#ff8a80"),
    # Okabe and Ito's colours, which colour-blind people tell apart; lighter ones on dark.
    "blue": ("#0072b2", "#56b4e9"),
    "green": ("#007a5a", "#2ec79b"),
    "orange": ("#c24e00", "#ff9a57"),
    "purple": ("#a3487f", "#e3a1c6"),
    "yellow": ("#8f6a00", "#f0c330"),
    "grey": ("#6b7280", "#9aa4b2"),
}
"""Colours on light and on dark, by name."""
SHAPES: Final = (
    "circle", "square", "triangle", "diamond", "cross", "ring", "half", "dotted", "crossed",
    "target",
)  # fmt: skip
"""Marks that are told apart without their colours; the last four stand in a ring."""


def width_of(text: str, size: float, bold: bool = False) -> float:
    """Give the width of a text in pixels, rather too much than too little.

    >>> width_of("care", 10) < width_of("care", 10, bold=True) < 30
    True
    """
    plain = unicodedata.normalize("NFD", text)
    units = sum(
        _WIDTHS.get(character) or (_EAST if _is_wide(character) else _OTHER)
        for character in plain
        if not unicodedata.combining(character)
    )
    return units * size * (_BOLD if bold else 1)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def wrap(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """Break a text into lines that fit a width; a word that is too long is broken with a hyphen.

    A word that has hyphens is broken after one of them, if it can be.

    >>> wrap("tenant maintenance of public housing", 160, 14)
    ['tenant maintenance', 'of public housing']
    """
    lines = [""]
    for word in text.split():
        for part in _parts(word, width, size, bold):
            longer = f"{lines[-1]} {part}".strip()
            if lines[-1] and width_of(longer, size, bold) > width:
                lines.append(part)
            else:
                lines[-1] = longer
    return lines


def _parts(word: str, width: float, size: float, bold: bool) -> Iterable[str]:
    while width_of(word, size, bold) > width and len(word) > 2:
        end = len(word) - 1
        while end > 1 and width_of(word[:end] + "-", size, bold) > width:
            end -= 1
        # One more character may fit where it is a hyphen itself, and none is to be added.
        hyphen = word.rfind("-", 1, end + 1) + 1
        if hyphen > 1 and hyphen < len(word):
            yield word[:hyphen]
            word = word[hyphen:]
        else:
            yield word[:end] + "-"
            word = word[end:]
    yield word


class Label(NamedTuple):
    """A line of text and where it stands, in pixels; ``room`` is the width that it may take."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    room: float


class Drawing:
    """A picture under way.

    Attributes:
        labels: every line of text with its place.
        width, height: size in pixels; they grow with what is drawn.
    """

    def __init__(self, name: str, title: str, description: str) -> None:
        self.name, self.title, self.description = name, title, description
        self.width = self.height = 0.0
        self.labels: list[Label] = []
        self._parts: list[str] = []

    def box(
        self, x: float, y: float, width: float, height: float, fill: str, *, round_by: float = 0,
        edge: str = "edge", dashed: bool = False,
    ) -> None:  # fmt: skip
        """Draw a box, with an edge unless `edge` is empty."""
        self._grow(x + width, y + height)
        rounded = f' rx="{round_by:g}"' if round_by else ""
        classes = f"f-{fill}" + (f" s-{edge}" if edge else "")
        dashes = ' stroke-dasharray="5 4"' if dashed else ""
        self._parts.append(
            f'<rect class="{classes}" x="{x:g}" y="{y:g}" width="{width:g}" '
            f'height="{height:g}"{rounded}{dashes}/>'
        )

    def text(
        self, x: float, y: float, text: str, room: float, *, size: float = 14, bold: bool = False,
        colour: str = "ink", anchor: str = "start", baseline: bool = False,
    ) -> float:  # fmt: skip
        """Write a text into a room of so many pixels, wrapped.

        Args:
            x: left end, middle or right end, by `anchor` (start, middle, end).
            y: top of the first line, or its baseline.
            text, room: what is written, and the width that it may take.
            size, bold, colour: of the letters.
            anchor, baseline: what `x` and `y` mean.

        Returns:
            the bottom of the last line.
        """
        top = y - size if baseline else y
        lines = wrap(text, room, size, bold)
        spans = []
        for line in lines:
            wide = width_of(line, size, bold)
            left = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
            bottom = top + size * LINE
            self.labels.append(Label(line, left, top, left + wide, bottom, room))
            spans.append(
                f'<tspan x="{x:g}" y="{top + size:g}">{_escape(line, quote=False)}</tspan>'
            )
            top = bottom
        self._grow(max(label.right for label in self.labels[-len(lines) :]), top)
        weight = ' font-weight="600"' if bold else ""
        where = f' text-anchor="{anchor}"' if anchor != "start" else ""
        self._parts.append(
            f'<text class="f-{colour}" font-size="{size:g}"{weight}{where}>{"".join(spans)}</text>'
        )
        return top

    def line(
        self, x1: float, y1: float, x2: float, y2: float, colour: str = "edge", *,
        thick: float = 1, dashes: str = "",
    ) -> None:  # fmt: skip
        """Draw a line."""
        self._grow(max(x1, x2), max(y1, y2))
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self._parts.append(
            f'<line class="s-{colour}" stroke-width="{thick:g}" x1="{x1:g}" y1="{y1:g}" '
            f'x2="{x2:g}" y2="{y2:g}"{dashed}/>'
        )

    def arrow(
        self, x1: float, y1: float, x2: float, y2: float, colour: str = "edge", *,
        thick: float = 1.5, dashes: str = "", head: float = 8,
    ) -> None:  # fmt: skip
        """Draw a line with a head at its second end."""
        angle = math.atan2(y2 - y1, x2 - x1)
        base = (x2 - head * math.cos(angle), y2 - head * math.sin(angle))
        self.line(x1, y1, *base, colour, thick=thick, dashes=dashes)
        across = (head / 2 * math.sin(angle), -head / 2 * math.cos(angle))
        points = (
            (x2, y2),
            (base[0] + across[0], base[1] + across[1]),
            (base[0] - across[0], base[1] - across[1]),
        )
        self._parts.append(f'<polygon class="f-{colour}" points="{_points(points)}"/>')

    def mark(self, shape: str, x: float, y: float, size: float, colour: str) -> None:
        """Draw a mark around a middle; `shape` is one of :data:`SHAPES`."""
        half = size / 2
        if shape == "circle":
            part = f'<circle class="f-{colour}" cx="{x:g}" cy="{y:g}" r="{half:g}"/>'
        elif shape in ("ring", "half", "dotted", "crossed", "target"):
            part = (
                f'<circle class="f-ground s-{colour}" stroke-width="2" cx="{x:g}" cy="{y:g}" '
                f'r="{half - 1:g}"/>'
            ) + _within(shape, x, y, half, colour)
        elif shape == "square":
            part = (
                f'<rect class="f-{colour}" x="{x - half:g}" y="{y - half:g}" width="{size:g}" '
                f'height="{size:g}"/>'
            )
        elif shape == "cross":
            part = _crossing(x, y, half, colour, 3)
        else:
            points = {
                "triangle": ((x, y - half), (x + half, y + half), (x - half, y + half)),
                "diamond": ((x, y - half), (x + half, y), (x, y + half), (x - half, y)),
            }[shape]
            part = f'<polygon class="f-{colour}" points="{_points(points)}"/>'
        self._parts.append(part)
        self._grow(x + half, y + half)

    def svg(self, theme: str = "auto", margin: float = 16) -> str:
        """Give the document.

        Args:
            theme: ``light``, ``dark``, or ``auto`` (as the reader's screen is set).
            margin: pixels left free at the right and below.
        """
        width, height = math.ceil(self.width + margin), math.ceil(self.height + margin)
        name = f"{self.name}-title {self.name}-desc"
        head = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img" aria-labelledby="{name}" '
            f'font-family="{FONT}">',
            f'<title id="{self.name}-title">{_escape(self.title)}</title>',
            f'<desc id="{self.name}-desc">{_escape(self.description)}</desc>',
            f"<style>{_style(theme)}</style>",
            f'<rect class="f-ground" width="{width}" height="{height}"/>',
        ]
        return "\n".join([*head, *self._parts, "</svg>", ""])

    def _grow(self, right: float, bottom: float) -> None:
        self.width, self.height = max(self.width, right), max(self.height, bottom)


def legend(
    drawing: Drawing, x: float, y: float, entries: Iterable[tuple[str, str, str]], room: float
) -> float:
    """Draw a legend in a row of marks with their words, in as many lines as it takes.

    Args:
        drawing: the picture.
        x, y: left top corner.
        entries: shape, colour and words of each.
        room: width in pixels.

    Returns:
        the bottom of the last line.
    """
    size, left = 13.0, x
    for shape, colour, words in entries:
        wide = 22 + width_of(words, size) + 20
        if left > x and left + wide > x + room:
            left, y = x, y + size * LINE + 6
        drawing.mark(shape, left + 7, y + size * LINE / 2, 12, colour)
        drawing.text(left + 20, y, words, width_of(words, size) + 1, size=size)
        left += wide
    return y + size * LINE


class Words(NamedTuple):
    """A paragraph before it is drawn; `above` is the free space over it, in pixels."""

    text: str
    size: float = 14
    bold: bool = False
    colour: str = "ink"
    above: float = 0


def height_of(words: Iterable[Words], room: float) -> float:
    """Give the height of paragraphs, one under the other, in a room of so many pixels."""
    return sum(
        one.above + len(wrap(one.text, room, one.size, one.bold)) * one.size * LINE for one in words
    )


def write(drawing: Drawing, x: float, y: float, words: Iterable[Words], room: float) -> float:
    """Write paragraphs one under the other.

    Returns:
        the bottom of the last.
    """
    for text, size, bold, colour, above in words:
        y = drawing.text(x, y + above, text, room, size=size, bold=bold, colour=colour)
    return y


def _escape(text: str, quote: bool = True) -> str:
    """Make text of XML; the control characters that XML knows no way to write are left out."""
    return html.escape(_UNWRITABLE.sub("", text), quote=quote)


def _within(shape: str, x: float, y: float, half: float, colour: str) -> str:
    """Give what stands in the ring of a mark: a half, a dot, a disc, a cross, or nothing."""
    if shape == "half":
        arc = f"M{x:g},{y - half:g} A{half:g},{half:g} 0 0 0 {x:g},{y + half:g} Z"
        return f'<path class="f-{colour}" d="{arc}"/>'
    if shape == "dotted":
        return f'<circle class="f-{colour}" cx="{x:g}" cy="{y:g}" r="{half / 2.6:.2f}"/>'
    if shape == "target":
        return f'<circle class="f-{colour}" cx="{x:g}" cy="{y:g}" r="{half / 1.7:.2f}"/>'
    return _crossing(x, y, half * 0.55, colour, 2) if shape == "crossed" else ""


def _crossing(x: float, y: float, half: float, colour: str, thick: float) -> str:
    ends = [
        (x - half, y - half, x + half, y + half),
        (x - half, y + half, x + half, y - half),
    ]
    return "".join(
        f'<line class="s-{colour}" stroke-width="{thick:g}" x1="{a:g}" y1="{b:g}" x2="{c:g}" '
        f'y2="{d:g}"/>'
        for a, b, c, d in ends
    )


def _points(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _style(theme: str) -> str:
    def rules(dark: bool) -> str:
        return " ".join(
            f".f-{name}{{fill:{pair[dark]}}} .s-{name}{{stroke:{pair[dark]}}}"
            for name, pair in COLOURS.items()
        )

    if theme != "auto":
        return rules(theme == "dark")
    return f"{rules(False)} @media (prefers-color-scheme: dark) {{ {rules(True)} }}"
