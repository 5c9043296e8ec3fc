"""A question: a .rq file with a ``#+`` header, its parameters and its text.

The header is YAML, as grlc reads it; the text is portable SPARQL that runs as it stands in any
engine. A parameter is a line ``VALUES ?name { ... }`` that holds its default; the engine
replaces what stands between the braces by RDF terms that it made itself, never by pasted text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from .errors import DataError, UnknownName
from .resources import data_dir, is_file
from .yaml_header import read_yaml

_HEADER_LINE = re.compile(r"^#\+ ?(.*)$", re.MULTILINE)
_KINDS: dict[str, tuple[Any, str]] = {
    "parameters": (dict, "a name with its entries, one a line"),
    "readings": (list, "a list, such as [A8, A9]"),
    "tags": (list, "a list"),
}
_ID = re.compile(r"^#\+ id:\s*(\S+)", re.MULTILINE)


class Parameter(NamedTuple):
    """What a question can be given: a language, an IRI, a string or an integer."""

    name: str
    type: str
    description: str
    optional: bool
    of_class: str | None


class Question:
    """One question of the graph.

    Attributes:
        name: the name it is asked by, which is the file's name without ending.
        path: the file.
        text: the whole file, header included; valid SPARQL as it stands.
    """

    def __init__(self, name: str, path: Path, text: str) -> None:
        self.name = name
        self.path = path
        self.text = text

    def __repr__(self) -> str:
        return f"<Question {self.id} {self.name}>"

    @cached_property
    def id(self) -> str:
        """The number of the competency question, such as ``CQ18``."""
        found = _ID.search(self.text)
        return found[1] if found else ""

    @cached_property
    def header(self) -> Mapping[str, Any]:
        """The header as a mapping.

        Raises:
            DataError: the header is not YAML, or has no summary.
        """
        return self.header_of({"summary"})

    def header_of(self, required: set[str]) -> Mapping[str, Any]:
        """Read the header, in which some entries have to be.

        Raises:
            DataError: the header is not YAML, or lacks one of them.
        """
        try:
            header = read_yaml("\n".join(_HEADER_LINE.findall(self.text)))
        except ValueError as error:
            raise DataError(f"{self.path}: the header is not YAML: {error}") from None
        for name in sorted(required):
            if not isinstance(header, dict) or not header.get(name):
                raise DataError(f"{self.path}: the header has no {name} (a line '#+ {name}: ...')")
        assert isinstance(header, dict)
        for name, (kind, what) in _KINDS.items():
            value = header.get(name)
            if value is not None and not isinstance(value, kind):
                raise DataError(f"{self.path}: {name} in the header is {what}, not {value!r}")
        for name, entry in (header.get("parameters") or {}).items():
            if not isinstance(entry, dict):
                raise DataError(
                    f"{self.path}: the parameter {name} in the header has a type and a "
                    f"description, as in {{type: string, description: a word}}, not {entry!r}"
                )
        return dict(header)

    @property
    def summary(self) -> str:
        """The question in one sentence."""
        return str(self.header["summary"])

    @property
    def description(self) -> str:
        """What the rows are, and on which reading they rest."""
        return str(self.header.get("description", "")).strip()

    @property
    def caution(self) -> str:
        """What to keep in mind with the answer, or an empty text."""
        return str(self.header.get("caution") or "").strip()

    @property
    def about_cases(self) -> bool:
        """Whether the question is about cases, and so needs some in scope."""
        return self.header.get("scope") == "cases"

    @property
    def row(self) -> str:
        """The column that says what a row is about, where one can have several rows, or ""."""
        return str(self.header.get("row") or "")

    @property
    def about_links(self) -> bool:
        """Whether the question follows links to other vocabularies."""
        return bool(self.header.get("links", False))

    @property
    def readings(self) -> tuple[str, ...]:
        """The ambiguities of the source on whose reading the answer rests, such as ``A9``."""
        return tuple(map(str, self.header.get("readings") or ()))

    @property
    def parameters(self) -> dict[str, Parameter]:
        """What the question can be given, by name."""
        return {
            name: Parameter(
                name=name,
                type=str(entry.get("type", "string")),
                description=str(entry.get("description", "")),
                optional=bool(entry.get("optional", False)),
                of_class=entry.get("class"),
            )
            for name, entry in (self.header.get("parameters") or {}).items()
        }

    def fill(self, values: Mapping[str, str]) -> str:
        """Give the text with parameters set.

        Args:
            values: name of a parameter to one RDF term in N-Triples syntax, such as
                ``"sv"`` (with its quotes) or ``<https://...>``.

        Raises:
            UnknownName: the question has no such parameter.
        """
        text = self.text
        for name, term in values.items():
            line = re.compile(rf"(\bVALUES\s+\?{re.escape(name)}\s*\{{)[^}}\n]*(\}})")
            if not line.search(text):
                raise UnknownName(
                    "parameter", name, self.parameters, f"({self.name} has {self._has()})"
                )
            text = _filled(line, term, text)
        return text

    def _has(self) -> str:
        return ", ".join(self.parameters) or "no parameters"


def _filled(line: re.Pattern[str], term: str, text: str) -> str:
    return line.sub(lambda found: f"{found[1]} {term} {found[2]}", text)


def load_question(path: Path) -> Question:
    """Read one .rq file.

    Raises:
        DataError: the file cannot be read as UTF-8.
    """
    try:
        return Question(path.stem, path, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read: {error}") from None


def all_questions(folder: str = "queries/questions") -> list[Question]:
    """Give the questions of a folder of the packaged knowledge, in order of their ids.

    >>> [question.id for question in all_questions()][:3]
    ['CQ1', 'CQ2', 'CQ3']
    """
    return sorted(_read(folder), key=lambda question: (_natural(question.id), question.name))


@cache
def find_question(name: str, folder: str = "queries/questions") -> Question:
    """Give the question called `name`, or numbered so (``CQ18``, in any case).

    Raises:
        UnknownName: there is none; the nearest name is offered.
    """
    path = data_dir(folder) / f"{name.lower()}.rq"
    if re.fullmatch(r"[\w-]+", name) and is_file(path):
        return load_question(path)
    known = {}
    for question in _read(folder):
        if question.id.casefold() == name.casefold():
            return question
        known[question.name] = question
    raise UnknownName("question", name, known, "('coproduction ask' lists them all)")


def _read(folder: str) -> Iterator[Question]:
    return (load_question(path) for path in data_dir(folder).glob("*.rq"))


def _natural(identifier: str) -> tuple[int, str]:
    number = re.search(r"\d+", identifier)
    return (int(number[0]) if number else 10_000, identifier)
