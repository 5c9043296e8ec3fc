"""SVG made into PNG and PDF, by typst: one library for both, without a system library or a font.

In a PDF the text stays text. Where the machine has none of the fonts that the SVG names, one that
typst carries is taken.
"""

from __future__ import annotations

import json
from typing import Final, Literal
from xml.etree import ElementTree

from ..errors import DataError
from ..files.scratch import scratch

Form = Literal["svg", "png", "pdf"]
ENDINGS: Final[tuple[Form, ...]] = ("svg", "png", "pdf")
WIDTH: Final = 2000
"""Pixels of a PNG from left to right."""
WIDEST: Final = 20_000
"""At more pixels a PNG takes gigabytes of memory to make."""
_POINTS: Final = 72


def ending_of(output: str | None) -> Form:
    """Give the format that a file's name asks for; SVG for standard output.

    Raises:
        DataError: the ending is none of :data:`ENDINGS`.
    """
    if output is None or output == "-":
        return "svg"
    for ending in ENDINGS:
        if output.lower().endswith(f".{ending}"):
            return ending
    raise DataError(f"{output}: the ending says the format: one of .{', .'.join(ENDINGS)}")


def convert(svg: str, form: Literal["png", "pdf"], width: int = WIDTH) -> bytes:
    """Make PNG or PDF of an SVG document.

    Args:
        svg: the document, in the theme ``light``: converters know no media queries.
        form: ``png`` or ``pdf``.
        width: of a PNG, in pixels.

    Raises:
        DataError: typst is not installed.
    """
    try:
        import typst
    except ImportError:
        raise DataError(
            f"a picture as {form.upper()} needs typst, which is not installed: "
            "pip install 'coproduction[pictures]' (SVG needs nothing more)"
        ) from None
    root = ElementTree.fromstring(svg)
    wide, tall = float(root.get("width", "0")), float(root.get("height", "0"))
    # A string of typst is written as one of JSON is.
    title, words = (
        json.dumps(root.findtext(f"{{*}}{tag}") or "", ensure_ascii=False)
        for tag in ("title", "desc")
    )
    lines = (
        f"#set document(title: {title}, date: none)",
        f"#set page(width: {wide}pt, height: {tall}pt, margin: 0pt)",
        f'#image("picture.svg", width: {wide}pt, alt: {words})',
    )
    with scratch() as folder:
        source = folder / "picture.typ"
        (folder / "picture.svg").write_text(svg, encoding="utf-8")
        source.write_text("\n".join(lines), encoding="utf-8")
        try:
            made = typst.compile(str(source), format=form, ppi=_POINTS * width / wide)
        except RuntimeError as error:
            raise DataError(f"typst cannot make {form.upper()} of the picture: {error}") from None
    assert isinstance(made, bytes)
    return made
