"""What the ending of a file says of its format, so that nothing else is ever written there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ..errors import DataError, option

ENDINGS: Final[dict[str, tuple[str, ...]]] = {
    "csv": ("csv",),
    "tsv": ("tsv",),
    "txt": ("table", "text"),
    "md": ("md",),
    "html": ("html",),
    "htm": ("html",),
    "json": ("json", "objects", "jsonld"),
    "srj": ("json",),
    "srx": ("xml",),
    "xml": ("xml", "owl"),
    "ttl": ("ttl",),
    "nt": ("nt",),
    "nq": ("nq",),
    "trig": ("trig",),
    "jsonld": ("jsonld",),
    "rdf": ("owl",),
    "owl": ("owl",),
    "graphml": ("graphml",),
    "rq": ("sparql",),
    "svg": ("svg",),
    "png": ("png",),
    "pdf": ("pdf",),
}
"""The formats that an ending can mean, the usual one first."""


def forms_of(output: str | None, form: str | None, forms: Sequence[str]) -> tuple[str, ...]:
    """Give the formats that are meant by the name of a file and by ``--format``.

    Args:
        output: the file; None or ``-`` is standard output.
        form: the format that was asked for.
        forms: those that can be written.

    Returns:
        the formats, the likeliest first; none where nothing was said, as of standard output or a
        device.

    Raises:
        DataError: the ending is none of these formats, or contradicts the one that was asked for.
    """
    asked = () if form is None else (form,)
    if output is None or output == "-":
        return asked
    from .output import is_stream

    path = Path(output)
    ending = path.suffix.lower().lstrip(".")
    if is_stream(path) or (form is not None and not ending):
        return asked
    meant = tuple(each for each in ENDINGS.get(ending, ()) if each in forms)
    if not meant:
        written = [f".{name}" for name, means in ENDINGS.items() if set(means) & set(forms)]
        what = f"nothing is written as .{ending} here" if ending else "the name has no ending"
        raise DataError(f"{output}: {what}; the ending says the format: {', '.join(written)}")
    if form is not None and form not in meant:
        raise DataError(
            f"{output}: the ending .{ending} says {meant[0]}, and the format that was asked for is "
            f"{form}: let them agree, or leave out ",
            option("format", form),
        )
    return asked or meant
