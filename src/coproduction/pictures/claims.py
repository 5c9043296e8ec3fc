"""The claims of the source with their verdicts, section by section."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ..evidence import Evidence
from .svg import LINE, Drawing, Words, height_of, width_of, write
from .views import rows

if TYPE_CHECKING:
    from ..claims import Verdict
    from ..graph import KnowledgeGraph

VERDICTS: Final = {
    "consistent": (
        "circle",
        "green",
        "something in scope speaks for it, nothing enough against it",
    ),
    "contradicted": ("cross", "orange", "counter-examples in scope speak against it"),
    "not-tested": ("ring", "grey", "nothing in scope could speak against it yet"),
    "no-data": ("diamond", "yellow", "it would take data that a case record does not hold"),
    "not-testable": ("square", "grey", "it defines a word or says what ought to be"),
}
"""Shape, colour and meaning of each verdict."""
COLUMNS: Final = 3
_WIDE, _BETWEEN, _LEFT, _TOP, _INDENT, _NUMBER = 448.0, 28.0, 16.0, 54.0, 22.0, 38.0
_ALL: Final = COLUMNS * _WIDE + (COLUMNS - 1) * _BETWEEN
_SIZE: Final = 13.0
_BASES: Final = {
    "source": "from the source's placements alone",
    "cases": "from cases",
    "both": "from placements and cases",
}


class Item(NamedTuple):
    """The head of a section, or a claim with its verdict."""

    words: tuple[Words, ...]
    number: str = ""
    mark: tuple[str, str] = ("", "")

    @property
    def height(self) -> float:
        """Its height in a column."""
        return height_of(self.words, _room(self)) + (9 if self.number else 6)


def build(kg: KnowledgeGraph, lang: str = "en") -> Drawing:
    """Draw the claims.

    Args:
        kg: the graph; its claims are drawn, judged by what is in scope under rubric R0.
        lang: language of the texts.
    """
    ledger = Evidence(kg.store)
    verdicts = {verdict.claim: verdict for verdict in ledger.all()}
    sections: dict[str, list[Item]] = {}
    sentences, seen = [], set()
    for row in rows(kg, "claim-sections", lang):
        claim = str(row["claimId"])
        if claim in seen:
            continue
        seen.add(claim)
        verdict = verdicts[claim]
        head = f"{row['section']}  {row['sectionLabel']}" if row["section"] else "Other sources"
        items = sections.setdefault(head, [])
        shape, colour, _ = VERDICTS[verdict.verdict]
        said = _said(verdict, str(row["kindLabel"]))
        text, below = Words(str(row["claimLabel"]), _SIZE), Words(said, 12, colour="soft", above=1)
        items.append(Item((text, below), claim, (shape, colour)))
        sentences.append(f"{claim} {row['claimLabel']}: {said}.")
    numbers = {
        name: sum(verdict.verdict == name for verdict in verdicts.values()) for name in VERDICTS
    }
    drawing = Drawing(
        "claims", "The claims, and what is in scope says of them", " ".join(sentences)
    )
    drawing.text(_LEFT, 14, drawing.title, _ALL, size=18, bold=True)
    top = _legend(drawing, numbers, _TOP) + 18
    _columns(drawing, sections, top)
    _foot(drawing, verdicts)
    return drawing


def _said(verdict: Verdict, kind: str) -> str:
    """Say the verdict in words, with what it rests on."""
    words = verdict.verdict.replace("-", " ")
    if verdict.verdict == "not-testable":
        return f"{words}: {kind}"
    if verdict.verdict == "no-data":
        return f"{words}: it would take {verdict.missing}" if verdict.missing else words
    if verdict.verdict == "not-tested":
        return f"{words}: not found are {verdict.missing}" if verdict.missing else words
    counts = [f"{verdict.counts['support']:,} for"]
    if "counterexamples" in verdict.counts:
        counts.append(f"{verdict.counts['counterexamples']:,} against")
    base = _BASES.get(verdict.basis)
    return f"{words}: {', '.join([*counts, *([base] if base else [])])}"


def _legend(drawing: Drawing, numbers: dict[str, int], y: float) -> float:
    """Draw what each verdict means, and how many claims have it."""
    for name, (shape, colour, meaning) in VERDICTS.items():
        number = f"{numbers[name]}"
        drawing.text(
            _LEFT + 26, y, number, 30, size=14, bold=True, anchor="end"
        )  # right-aligned, as numbers are
        drawing.mark(shape, _LEFT + 42, y + 14 * LINE / 2, 12, colour)
        drawing.text(_LEFT + 56, y, name.replace("-", " "), 120, size=14, bold=True)
        y = drawing.text(_LEFT + 180, y, meaning, _ALL - 180, size=14) + 2
    return y


def _columns(drawing: Drawing, sections: dict[str, list[Item]], top: float) -> None:
    """Fill the columns one after the other; a section that is broken has its head twice."""
    total = sum(30 + sum(item.height for item in items) for items in sections.values())
    # The heads that stand twice, and a claim that just does not fit, take some more.
    limit = top + total / COLUMNS + 44
    column, y = 0, top
    for head, items in sections.items():
        begun = False
        for item in items:
            need = item.height + (0 if begun else 34)
            if y + need > limit and column < COLUMNS - 1:
                column, y = column + 1, top
                if begun:
                    y = _head(drawing, column, y, f"{head} (continued)", top)
            if not begun:
                y = _head(drawing, column, y, head, top)
                begun = True
            y = _claim(drawing, column, y, item)


def _x(column: int) -> float:
    return _LEFT + column * (_WIDE + _BETWEEN)


def _room(item: Item) -> float:
    return _WIDE - _INDENT - _NUMBER if item.number else _WIDE


def _head(drawing: Drawing, column: int, y: float, head: str, top: float) -> float:
    y += 0 if y == top else 10
    y = drawing.text(_x(column), y, head, _WIDE, size=14, bold=True)
    drawing.line(_x(column), y + 2, _x(column) + _WIDE, y + 2)
    return y + 8


def _claim(drawing: Drawing, column: int, y: float, item: Item) -> float:
    x = _x(column)
    drawing.mark(item.mark[0], x + 7, y + _SIZE * LINE / 2, 11, item.mark[1])
    drawing.text(x + _INDENT, y, item.number, width_of(item.number, _SIZE) + 1, size=_SIZE)
    write(drawing, x + _INDENT + _NUMBER, y, item.words, _room(item))
    return y + item.height


def _foot(drawing: Drawing, verdicts: dict[str, Verdict]) -> None:
    """Write what to keep in mind of the verdicts that there are."""
    cautions: dict[str, list[str]] = {}
    for verdict in verdicts.values():
        if verdict.caution and verdict.verdict in ("consistent", "contradicted"):
            cautions.setdefault(verdict.caution, []).append(verdict.claim)
    y = drawing.height + 16
    drawing.line(_LEFT, y - 8, _LEFT + _ALL, y - 8)
    levels = "Levels are those of rubric R0; the ceiling stands between medium and high (A9)."
    y = drawing.text(_LEFT, y, levels, _ALL, size=12.5, colour="soft")
    for caution, claims in cautions.items():
        words = f"{', '.join(claims)}: {caution}"
        y = drawing.text(_LEFT, y + 2, words, _ALL, size=12.5, colour="soft")
