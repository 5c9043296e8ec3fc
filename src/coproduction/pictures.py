"""Pictures of the graph as SVG, drawn from the graph and nothing else."""

from __future__ import annotations

import html
import textwrap
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from .questions import find_question

if TYPE_CHECKING:
    from .graph import KnowledgeGraph

_STYLE: Final = """
  text { font: 15px system-ui, sans-serif; fill: #1b1f24 }
  .head { font-weight: 600 }
  .small { font-size: 13px; fill: #57606a }
  .open { font-size: 30px; fill: #8c959f }
  .cell { fill: #ffffff; stroke: #8c959f }
  .filled { fill: #dbeafe; stroke: #8c959f }
  .band { fill: #fff4d6; stroke: #8c959f }
  .ceiling { stroke: #b42318; stroke-width: 3; stroke-dasharray: 9 6 }
  .ceiling-label { fill: #b42318; font-weight: 600; font-size: 13px }
  .ground { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .small { fill: #9da7b3 } .open { fill: #7d8590 }
    .cell { fill: #0d1117; stroke: #57606a } .filled { fill: #12304f; stroke: #57606a }
    .band { fill: #3a2f12; stroke: #57606a } .ground { fill: #0d1117 }
    .ceiling { stroke: #ff7b72 } .ceiling-label { fill: #ff7b72 }
  }
"""
_LEFT, _COLUMN, _BAND, _TOP, _LINE = 140, 230, 200, 70, 20
_WIDE = 25  # characters to a line of a cell


def diagram(kg: KnowledgeGraph, lang: str = "en") -> str:
    """Draw Diagram 1 as the source draws it, with the glass ceiling over its Medium row.

    Args:
        kg: the graph; its diagram cells and placements are drawn.
        lang: language of the labels.

    Returns:
        an SVG document: three rows (levels), three columns (intensities), the provision forms
        as a band at the right; a cell that the source marks "?" shows just that.
    """
    answer = kg.query(kg.question_text(find_question("diagram-cells", "queries/views"), lang))
    cells: dict[tuple[str, str], list[str]] = defaultdict(list)
    rows: dict[str, str] = {}
    columns: dict[str, None] = {}
    for row in answer:
        level, column = str(row["levelLabel"]), str(row["intensityLabel"])
        rows[level], columns[column] = str(row["formLabel"]), None
        text = row["serviceLabel"] if row["service"] else row["content"]
        cells[level, column].append(str(text))
    heights = {
        level: 34 + _LINE * max(_lines(cells[level, column]) for column in columns)
        for level in rows
    }
    width = _LEFT + _COLUMN * len(columns) + _BAND + 20
    height = _TOP + sum(heights.values()) + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" aria-labelledby="title desc">',
        '<title id="title">Diagram 1: services by participation level and intensity</title>',
        f'<desc id="desc">{html.escape(_in_words(cells, rows))}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="ground" width="{width}" height="{height}"/>',
    ]
    for number, column in enumerate(columns):
        parts += _text(column, _LEFT + number * _COLUMN + 12, 30, 22, "head")
    parts += _text("provision form", _LEFT + len(columns) * _COLUMN + 12, 30, 20, "head")
    y = _TOP
    for level, form in rows.items():
        tall = heights[level]
        parts += _text(level, 10, y + 26, 14, "head")
        for number, column in enumerate(columns):
            x = _LEFT + number * _COLUMN
            entries = cells[level, column]
            undetermined = entries == ["?"]
            kind = "cell" if undetermined else "filled"
            parts.append(
                f'<rect class="{kind}" x="{x}" y="{y}" width="{_COLUMN}" height="{tall}"/>'
            )
            if undetermined:
                parts.append(
                    f'<text class="open" x="{x + _COLUMN // 2}" y="{y + tall // 2 + 10}" '
                    'text-anchor="middle">?</text>'
                )
            else:
                line = y + 26
                for entry in entries:
                    parts += _text(entry, x + 12, line, _WIDE, "")
                    line += _LINE * _lines([entry])
        x = _LEFT + len(columns) * _COLUMN
        parts.append(f'<rect class="band" x="{x}" y="{y}" width="{_BAND}" height="{tall}"/>')
        parts += _text(form, x + 12, y + 26, 22, "")
        y += tall
    y = _TOP + next(iter(heights.values()))
    parts.append(f'<line class="ceiling" x1="10" y1="{y}" x2="{width - 10}" y2="{y}"/>')
    parts.append(f'<text class="ceiling-label" x="10" y="{y - 8}">glass ceiling</text>')
    return "\n".join([*parts, "</svg>", ""])


def _lines(entries: list[str]) -> int:
    return sum(len(textwrap.wrap(entry, _WIDE)) or 1 for entry in entries)


def _text(text: str, x: int, y: int, width: int, kind: str) -> list[str]:
    lines = textwrap.wrap(text, width) or [""]
    spans = "".join(
        f'<tspan x="{x}" dy="{_LINE if number else 0}">{html.escape(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    attribute = f' class="{kind}"' if kind else ""
    return [f'<text{attribute} x="{x}" y="{y}">{spans}</text>']


def _in_words(cells: dict[tuple[str, str], list[str]], rows: dict[str, str]) -> str:
    sentences = [f"{level}, {column}: {', '.join(e)}." for (level, column), e in cells.items()]
    forms = [f"{level} stands beside {form}." for level, form in rows.items()]
    return " ".join(sentences + forms)
