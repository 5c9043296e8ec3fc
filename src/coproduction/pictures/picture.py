"""A picture that was drawn: shown in a notebook, saved as SVG, PNG or PDF."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..errors import DataError
from .convert import WIDEST, WIDTH, convert, ending_of


class Picture:
    """A picture, drawn when it is wanted.

    Args:
        draw: gives the SVG document in a theme: ``light``, ``dark`` or ``auto``.
        name: what it is called.
    """

    def __init__(self, draw: Callable[[str], str], name: str) -> None:
        self._draw, self.name = draw, name

    def __repr__(self) -> str:
        return f"<Picture: {self.name}>"

    def svg(self, theme: str = "auto") -> str:
        """Give the SVG document, with a title and a description.

        Args:
            theme: ``light``, ``dark``, or ``auto`` (as the reader's screen is set).
        """
        return self._draw(theme)

    def __str__(self) -> str:
        return self.svg()

    def _repr_svg_(self) -> str:
        return self.svg()

    def content(self, form: str, width: int | None = None) -> bytes:
        """Give the picture as bytes.

        Args:
            form: ``svg``, ``png`` or ``pdf``.
            width: of a PNG, in pixels; 2,000 by default.

        Raises:
            DataError: a width of something else, or out of bounds; typst is not installed.
        """
        if width is not None and form != "png":
            raise DataError(
                "the width is that of a PNG, in pixels: name the file so, as in -o FILE.png"
            )
        if width is not None and not 1 <= width <= WIDEST:
            raise DataError(f"a width of {width}: a PNG is 1 to {WIDEST:,} pixels wide")
        if form == "svg":
            return self.svg().encode()
        return convert(self.svg("light"), "png" if form == "png" else "pdf", width or WIDTH)

    def save(self, path: str | Path, width: int | None = None) -> None:
        """Write the picture to a file, as its ending says: .svg, .png or .pdf.

        Args:
            path: the file; one that exists is replaced in one step.
            width: of a PNG, in pixels.

        Raises:
            DataError: another ending, or the file cannot be written.
        """
        from ..files.output import write_whole

        write_whole(path, self.content(ending_of(str(path)), width))
