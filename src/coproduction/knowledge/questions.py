"""A question: a .rq file with a ``#+`` header, its parameters and its text.

The header is YAML, as grlc reads it; the text is portable SPARQL that runs as it stands in any
engine. A parameter is ``VALUES ?name { ... }`` with its default; the engine replaces what stands
between the braces by RDF terms that it made itself, never by pasted text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyoxigraph as ox

from ..errors import DataError, UnknownName, command, like_numbered
from ..messages import Sentence, language_of
from ..resources import data_dir, is_file
from ..syntax.sparql import InlineValues, inline_values
from .parameters import Parameter
from .yaml_header import read_yaml

if TYPE_CHECKING:
    from ..store.protocol import Store

_HEADER_LINE = re.compile(r"^#\+ ?(.*)$", re.MULTILINE)
_KINDS: dict[str, tuple[Any, str]] = {
    "parameters": (dict, "a name with its entries, one a line"),
    "iris": (list, "a list of columns, such as [case, service]"),
    "readings": (list, "a list, such as [A8, A9]"),
    "tags": (list, "a list"),
    "profiled": (dict, "properties and terms"),
}
_ID = re.compile(r"^#\+ id:\s*(\S+)", re.MULTILINE)

HEADERS: Final = Path(__file__).with_name("headers.json")
"""The file that holds the headers of the packaged queries as they were read before."""


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
            text = header_text(self.text)
            header = _headers_read_before().get(text) or read_yaml(text)
        except ValueError as error:
            raise DataError(f"{self.path}: the header is not YAML: {error}") from None
        for name in sorted(required):
            if not isinstance(header, dict) or not header.get(name):
                raise DataError(f"{self.path}: the header has no {name} (a line '#+ {name}: ...')")
        if not isinstance(header, dict):
            raise DataError(f"{self.path}: the header is lines such as '#+ summary: ...'")
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
        return str(self.header["summary"]).strip()

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
    def iris(self) -> tuple[str, ...]:
        """The columns that are of IRIs in every answer, and so have a label column beside them.

        A column that is not named here has one where an IRI stands in it.
        """
        return tuple(map(str, self.header.get("iris") or ()))

    def check_columns(self, columns: Collection[str]) -> None:
        """Refuse a header that names a column which the answer has not.

        Raises:
            DataError: it does.
        """
        for entry, name in [("row", self.row), *(("iris", each) for each in self.iris)]:
            if name and name not in columns:
                raise DataError(
                    f"{self.path}: {entry} in the header names a column, and {name!r} is none"
                )

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
                of_property=entry.get("property"),
                beside=str(entry.get("beside", "")),
                is_begin=bool(entry.get("begins", False)),
            )
            for name, entry in (self.header.get("parameters") or {}).items()
        }

    @property
    def limit(self) -> str | None:
        """The parameter that says how many the first are taken, or None."""
        if "limit" not in self.text.partition("SELECT")[0]:  # nearly all: no header is read
            return None
        return next((p.name for p in self.parameters.values() if p.type == "limit"), None)

    def fill(self, values: Mapping[str, str]) -> str:
        """Give the text with parameters set.

        Args:
            values: name of a parameter to RDF terms in N-Triples syntax, such as ``"sv"`` (with
                its quotes) or ``<https://...>``; several have a space between them.

        Raises:
            UnknownName: the question has no such parameter.
        """
        places = self._places if values else []
        for name in values:
            if name not in (place.name for place in places):
                raise UnknownName(
                    "parameter", name, self.parameters, f"({self.name} has {self._has()})"
                )
        # All at once: a text that one parameter is given may read like the line of another.
        text: list[str] = []
        end = 0
        for place in places:
            if place.name in values:
                text += (self.text[end : place.begin], f" {values[place.name]} ")
                end = place.end
        return "".join((*text, self.text[end:]))

    @cached_property
    def _places(self) -> list[InlineValues]:
        places = list(inline_values(self.text))
        if self.limit:
            from ..syntax.limits import limit_within

            limit = limit_within(self.text)
            if limit is not None:
                places.append(InlineValues(self.limit, limit.begin, limit.end, 1))
        return sorted(places, key=lambda place: place.begin)

    def _has(self) -> str:
        return ", ".join(self.parameters) or "no parameters"


def load_question(path: Path) -> Question:
    """Read one .rq file.

    Raises:
        DataError: the file cannot be read as UTF-8.
    """
    try:
        text = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        text = ""
    if not text or text.startswith("\ufeff"):  # nearly none: what reads these takes time to import
        from ..files.encodings import read_text

        text = read_text(path)
    return Question(path.stem, path, text.replace("\r\n", "\n").replace("\r", "\n"))


def all_questions(folder: str = "queries/questions") -> list[Question]:
    """Give the questions of a folder of the packaged knowledge, in order of their ids.

    Raises:
        DataError: a file cannot be read; :func:`read_folder` goes on without it.

    >>> [question.id for question in all_questions()][:3]
    ['CQ1', 'CQ2', 'CQ3']
    """
    return sorted(map(load_question, data_dir(folder).glob("*.rq")), key=_order)


class Folder(NamedTuple):
    """The questions of a folder that can be asked, and what is wrong with each of the others."""

    questions: list[Question]
    broken: dict[Path, str]


def read_folder(folder: str | Path = "queries/questions") -> Folder:
    """Read a folder, of the packaged knowledge or your own, in which a broken file is one file.

    A file is broken that cannot be read, or whose header cannot; the query itself is not tried.
    """
    found, broken = [], {}
    place = folder if isinstance(folder, Path) else data_dir(folder)
    for path in sorted(place.glob("*.rq")):
        try:
            question = load_question(path)
            question.header  # noqa: B018 - read for its errors
            found.append(question)
        except DataError as error:
            broken[path] = str(error)
    return Folder(sorted(found, key=_order), broken)


def header_text(query: str) -> str:
    """Give the YAML that stands in the ``#+`` lines of a query."""
    return "\n".join(_HEADER_LINE.findall(query))


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
    for path in sorted(data_dir(folder).glob("*.rq")):
        try:
            question = load_question(path)
        except DataError:
            continue  # asked by its name it tells what is wrong
        if name.casefold() in (question.id.casefold(), question.name.casefold()):
            return question
        known[question.name] = question
    wanted = _words(name)
    for question in known.values() if len(wanted) > 1 else ():
        with suppress(DataError):
            if _words(question.summary) == wanted:
                return question
    ids = [question.id for question in known.values()]
    called = like_numbered(name, ids) or known
    raise UnknownName(
        "question", name, called, "(", command("ask", python="questions()"), " lists them all)"
    )


def questions_about(words: str) -> list[Question]:
    """Give the questions in whose name, summary, description or tags all words stand.

    Args:
        words: one or several; a word fits one that begins with it.
    """
    wanted = _words(words)
    known = read_folder().questions if wanted else []
    return [question for question in known if _is_about(question, wanted)]


def words_of_questions() -> list[str]:
    """Give the names of questions, and the words by which :func:`questions_about` finds them."""
    found: dict[str, None] = {}
    for question in read_folder().questions:
        tags = map(str, question.header.get("tags") or ())
        words = _words(" ".join([question.name, question.summary, *tags]))
        found |= dict.fromkeys([question.name, *(word for word in words if len(word) > 3)])
    return list(found)


@cache
def _headers_read_before() -> Mapping[str, Any]:
    """Give the headers of the packaged queries by their texts, as YAML reads them.

    Reading YAML takes a sixth of a short question's time. The file is written by `docs/build.py`;
    a header that was changed since is not found in it, and is read.
    """
    import json

    try:
        return dict(json.loads(HEADERS.read_bytes()))
    except FileNotFoundError:
        return {}
    except (OSError, TypeError, ValueError) as error:
        raise DataError(
            f"{HEADERS}: cannot be read: {error}; delete it, or write it "
            "anew by 'python docs/build.py'"
        ) from None


def read_headers() -> dict[str, Any]:
    """Read the headers of all packaged queries by their texts, for :data:`HEADERS`."""
    paths = sorted(data_dir("queries").glob("*/*.rq"))
    texts = [header_text(load_question(path).text) for path in paths]
    return {text: read_yaml(text) for text in texts}


def _is_about(question: Question, wanted: list[str]) -> bool:
    tags = " ".join(map(str, question.header.get("tags") or ()))
    said = _words(f"{question.name} {question.summary} {question.description} {tags}")
    return all(any(word.startswith(each) for word in said) for each in wanted)


def _words(text: str) -> list[str]:
    from ..spelling import fold

    return re.findall(r"\w+", fold(text))


def _order(question: Question) -> tuple[tuple[int, str], str]:
    return _natural(question.id), question.name


def _natural(identifier: str) -> tuple[int, str]:
    number = re.search(r"\d+", identifier)
    return (int(number[0]) if number else 10_000, identifier)


def question_text(
    store: Store,
    question: Question,
    lang: str = "en",
    parameters: dict[str, str | int] | None = None,
) -> str:
    """Give the SPARQL of a question with its parameters filled in, as it is run.

    Args:
        store: where a term is found by the name that a parameter is given.
        question: the question.
        lang: language of the labels.
        parameters: name to value.

    Raises:
        UnknownName: no such parameter or term.
        DataError: a value is not of the parameter's kind.
    """
    values = {"lang": language_of_labels(lang)} if "lang" in question.parameters else {}
    for name, value in (parameters or {}).items():
        known = question.parameters.get(name)
        if known is None:
            question.fill({name: ""})
            raise DataError(f"{question.path}: the header does not declare {name!r}")
        values[name] = _term(store, known, value)
    return question.fill(values)


def _term(store: Store, parameter: Parameter, value: str | int) -> str:
    """Make the RDF term of a parameter's value, in N-Triples syntax."""
    if parameter.type == "iri":
        from ..store.renamed_terms import renames_in
        from .terms import find_term

        iri = find_term(store, str(value))
        return str(ox.NamedNode(renames_in(store).get(iri, iri)))
    if parameter.type == "language":
        return language_of_labels(str(value))
    given = {"name": parameter.name, "value": repr(value)}
    if parameter.type == "integer":
        if not re.fullmatch(r"[+-]?\d+", str(value)):
            told = Sentence("{name} takes a whole number, not {value}", **given)
            raise DataError(told)
        return str(ox.Literal(int(value)))
    if parameter.type == "limit":
        if not re.fullmatch(r"[0-9]+", str(value)):
            told = Sentence("{name} takes a whole number, or 0, not {value}", **given)
            raise DataError(told)
        return f"LIMIT {int(value)}" if int(value) else ""
    return str(ox.Literal(str(value)))


def language_of_labels(lang: str) -> str:
    """Give the literal that a query compares the tags of labels with.

    Raises:
        DataError: it is no language tag.
    """
    return str(ox.Literal(language_of(lang)))
