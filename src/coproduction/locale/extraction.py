"""What the data of this package say, for Babel to extract beside what the code says.

The cautions of the claims, what they want and their sets stand in the headers of
``queries/claims/``, what a claim lacks in the ontology. ``babel.cfg`` names the extractors.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

Message = tuple[int, str, str, list[str]]
_KEYS = ("caution", "wanted")
_LACKS = re.compile(r'cop:lacksField "((?:[^"\\]|\\.)*)"@en')


def headers(
    file: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[Message]:
    """Give the caution of a claim's query, what is wanted and its sets, as Babel asks for it."""
    from ..knowledge.yaml_header import read_yaml

    lines = file.read().decode().splitlines()
    text = "\n".join(line.removeprefix("#+ ") for line in lines if line.startswith("#+"))
    header = read_yaml(text)
    if not isinstance(header, dict):
        return
    for key in _KEYS:
        if header.get(key):
            yield 1, "", str(header[key]).strip(), []
    sets = header.get("sets")
    for words in sets.values() if isinstance(sets, dict) else ():
        yield 1, "", str(words), []


def lacking(
    file: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[Message]:
    """Give what claims lack to be tested, out of Turtle, as Babel asks for messages."""
    for number, line in enumerate(file.read().decode().splitlines(), 1):
        for text in _LACKS.findall(line):
            yield number, "", text, []
