"""Rows laid out as text for a person: a table that fits the line, or a block for each row.

No word is broken: a column is as wide as its longest word at least, and where the columns do not
fit into a line so, each row stands as lines of its own, "column  value". Columns without any
value are left out and named below. Nothing that is shown can steer a terminal.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Sequence
from typing import Final

from ..messages import ENGLISH, Speaker
from ..names import compact
from ..spelling import visible

_WIDE: Final = 200
"""Characters to a line where nothing is said, as in a file or a pipe."""
_GAPS: Final = ((3, False), (2, False), (2, True))
"""Spaces between columns, and whether a word with a hyphen may be parted there: tried in turn."""
_PARTS: Final = re.compile(r"(?<=[^\W\d_]-)(?=[^\W\d_])")
_IRI: Final = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s,;<>]+")


def lay_out(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    width: int | None = None,
    say: Speaker = ENGLISH,
    count: str = "",
) -> str:
    """Give rows as text, with their number below.

    Args:
        headings: of the columns.
        rows: their cells.
        width: characters to a line; given for a terminal, where IRIs may be prefixed names.
        say: the language of what stands below.
        count: how many there are, in words, where they are not called rows.
    """
    cells = [[visible(cell).expandtabs() for cell in row] for row in rows]
    kept = [c for c in range(len(headings)) if not cells or any(row[c] for row in cells)]
    empty = [visible(headings[c]) for c in range(len(headings)) if c not in kept]
    names = [visible(headings[c]) for c in kept]
    cells = [[row[c] for c in kept] for row in cells]
    wide = width or _WIDE
    text = _table(names, cells, wide)
    if text is None and width is not None:
        cells = [[_compacted(cell) for cell in row] for row in cells]
        text = _table(names, cells, wide)
    is_narrow = bool(cells) and (text is None or width is not None)
    blocks = _blocks(names, cells, wide, say) if is_narrow else None
    # Columns that are too narrow make rows taller than blocks are.
    if text is None or (blocks is not None and text.count("\n") > blocks.count("\n")):
        text = blocks or ""
    told = count or say.plural("{count} row", "{count} rows", len(cells))
    if empty:
        told += say("; ") + say("without values: {columns}", columns=", ".join(empty))
    return f"{text}\n\n{filled(told, wide)}\n"


def _table(headings: list[str], cells: list[list[str]], wide: int) -> str | None:
    """Give a table, or None where words would be broken."""
    for gap, parted in _GAPS:
        edge = 1 if gap == _GAPS[0][0] else 0
        room = wide - gap * (len(headings) - 1) - 2 * edge
        widths = _widths(headings, cells, room, parted)
        if widths is None:
            continue
        wrapped = [[_wrap(c, w, parted) for c, w in zip(row, widths, strict=True)] for row in cells]
        numeric = [_numeric(column) for column in zip(*cells, strict=True)] or [False] * len(widths)
        head = [_wrap(name, w, parted) for name, w in zip(headings, widths, strict=True)]
        between, margin = " " * gap, " " * edge
        lines = _lines(head, widths, numeric, between, margin)
        lines.append(margin + "─" * (sum(widths) + gap * (len(widths) - 1)) + margin)
        for row in wrapped:
            lines += _lines(row, widths, numeric, between, margin)
        return "\n".join(line.rstrip() for line in lines)
    return None


def _numeric(column: Sequence[str]) -> bool:
    return all(re.fullmatch(r"-?\d+(\.\d+)?|", cell) for cell in column) and any(column)


def _lines(
    cells: list[list[str]], widths: list[int], numeric: list[bool], between: str, margin: str
) -> list[str]:
    height = max((len(lines) for lines in cells), default=1)
    found = []
    for number in range(height):
        parts = []
        for lines, wide, right in zip(cells, widths, numeric, strict=True):
            text = lines[number] if number < len(lines) else ""
            space = " " * (wide - columns_of(text))
            parts.append(space + text if right else text + space)
        found.append(margin + between.join(parts))
    return found


def _widths(
    headings: list[str], cells: list[list[str]], room: int, parted: bool
) -> list[int] | None:
    """Give the width of each column, none below its longest word; None where that is too much."""
    least = [_longest_word(heading, parted) for heading in headings]
    most = [columns_of(heading) for heading in headings]
    for row in cells:
        for column, cell in enumerate(row):
            if cell:
                lines = cell.split("\n")
                most[column] = max(most[column], *map(columns_of, lines))
                if most[column] > least[column]:
                    least[column] = max(least[column], _longest_word(cell, parted))
    if sum(least) > room:
        return None
    low, high = 0, max(most, default=0)
    while low < high:  # the largest cap under which the columns fit
        cap = (low + high + 1) // 2
        fits = sum(min(m, max(n, cap)) for m, n in zip(most, least, strict=True)) <= room
        low, high = (cap, high) if fits else (low, cap - 1)
    widths = [min(m, max(n, low)) for m, n in zip(most, least, strict=True)]
    spare = room - sum(widths)
    for column, wanted in enumerate(most):
        if spare > 0 and widths[column] < wanted:
            widths[column] += 1
            spare -= 1
    return widths


def _longest_word(text: str, parted: bool) -> int:
    words = text.split()
    pieces = (piece for word in words for piece in _PARTS.split(word)) if parted else words
    return max(map(columns_of, pieces), default=0)


def _blocks(headings: list[str], cells: list[list[str]], wide: int, say: Speaker) -> str:
    """Give each row as lines "column  value", an empty line between the rows."""
    named = [say("{name}: {told}", name=each, told="").rstrip() for each in headings]
    indent = min(max(map(columns_of, named), default=0) + 1, max(wide // 3, 8))
    blocks = []
    for row in cells:
        lines = []
        for name, cell in zip(named, row, strict=True):
            if not cell:
                continue
            first, *rest = _wrap(cell, max(wide - indent, 8))
            if columns_of(name) < indent:
                lines.append(name + " " * (indent - columns_of(name)) + first)
            else:
                lines += [name, " " * indent + first]
            lines += [" " * indent + line for line in rest]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _wrap(text: str, wide: int, parted: bool = False) -> list[str]:
    """Break a text at its spaces, or hyphens too; what is longer than a line stays whole."""
    lines: list[str] = []
    for line in text.split("\n"):
        if columns_of(line) <= wide:
            lines.append(line)
            continue
        now, used = "", 0
        for word in line.split():
            space = " "
            for piece in _PARTS.split(word) if parted else (word,):
                size = columns_of(piece)
                if now and used + len(space) + size > wide:
                    lines.append(now)
                    now, used = piece, size
                elif now:
                    now, used = f"{now}{space}{piece}", used + len(space) + size
                else:
                    now, used = piece, size
                space = ""
        lines.append(now)
    return lines


def filled(text: str, wide: int | None) -> str:
    """Break a text at its spaces, for a terminal of some width; elsewhere it stays one line."""
    if wide is None:
        return text
    return textwrap.fill(text, wide, break_long_words=False, break_on_hyphens=False)


def _compacted(text: str) -> str:
    """Write IRIs as prefixed names where a query knows the prefix; others stay whole.

    So whatever is shown can be copied into a query; a name cut short could not.

    >>> _compacted("https://w3id.org/coproduction#Childcare, https://example.org/a")
    'cop:Childcare, https://example.org/a'
    """

    def named(found: re.Match[str]) -> str:
        name = compact(found[0])
        return found[0] if name.startswith("<") else name

    return _IRI.sub(named, text)


def columns_of(text: str) -> int:
    """Give how many columns of a terminal a text takes.

    >>> columns_of("housing"), columns_of("介護"), columns_of("café")
    (7, 4, 4)
    """
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )
