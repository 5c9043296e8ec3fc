"""Mappings: how a foreign table is read as the case sheet, one TOML file a kind of table.

A mapping names, for each field of the case record, the heading to take it from, the text to
make it of, or the value that holds for every row; and what a foreign value means. See
``loaders/README.md`` for the form, with a worked example.
"""

from __future__ import annotations

import collections.abc
import csv
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from .encodings import read_text
from .errors import DataError, UnknownName
from .resources import data_dir, is_file
from .shapes import case_record
from .spelling import fold
from .tables import Row, Table, is_error, read_table

_PARTS: Final = frozenset(
    {"title", "description", "lacks", "columns", "constants", "templates", "values", "links"}
    | {"defaults", "separators", "leave_out", "form", "join"}
)
_PARTS_OF_JOIN: Final = frozenset({"file", "column", "key", "take"})
_PLACE: Final = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True)
class Join:
    """A second table beside the first, whose row is found by a code in the first.

    Attributes:
        file: its name, in the folder of the first; its stem and a full stop stand before the
            headings that it gives.
        column: heading of the code in the table so far, or several with ``|`` between them, of
            which the first that is there counts; without any the join is left out.
        key: heading of the code in the second table.
        take: headings to take from it.
    """

    file: str
    column: str
    key: str
    take: tuple[str, ...]


@dataclass(frozen=True)
class Mapping:
    """One kind of table.

    Attributes:
        name: what ``--as`` takes; the file's name without its ending.
        title, description: what the table is, and where such tables come from.
        lacks: what such a table can not say, in a sentence.
        columns: heading to key of the case record.
        constants: key to the value of every row.
        defaults: key to the value of a row whose own is empty.
        templates: key to a text with headings in braces, such as ``"GB-CHC-{number}"``; a number
            behind a heading takes that many signs, ``year`` the year in a date, and ``|`` goes to
            the next heading where one is empty.
        separators: key to the sign between several values in one cell of its column; braces,
            brackets and quotation marks around them are taken away.
        values: key to foreign text to the sheet's own value, ``*`` for every other text;
            codes of the vocabularies named in ``[links]`` are among them, by the alignments.
        links: key to the vocabulary whose codes stand in its column, in any IRI form.
        joins: tables beside the first.
        form: ``geojson`` where the file is one; else a table.
        leave_out: headings whose cells are not kept; ``["*"]`` for all that are not mapped.
        path: the file that says so, or None where the mapping was made in Python.
    """

    name: str
    title: str
    description: str = ""
    lacks: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    templates: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    joins: tuple[Join, ...] = ()
    separators: dict[str, str] = field(default_factory=dict)
    leave_out: tuple[str, ...] = ()
    form: str = ""
    path: Path | None = None

    @property
    def is_own(self) -> bool:
        """Tell whether the mapping is the user's: no packaged one."""
        return _is_own(self.path)

    def headings(self) -> list[str]:
        """Give the headings that the mapping reads."""
        return [*self.columns, *_headings_of(self.templates.values())]

    def beside(self, path: Path) -> list[Path]:
        """Give the files that there are to be read beside a table."""
        files = (path.with_name(join.file) for join in self.joins)
        return [file for file in files if is_file(file)]

    def code_readers(self) -> dict[str, Callable[[str], str]]:
        """Give, for each key with a vocabulary, what turns an IRI of its codes into the code."""
        return {key: partial(code_of, vocabulary=name) for key, name in self.links.items()}

    def applied(self, table: Table, folder: Path = Path()) -> Table:
        """Give a table with the headings and cells that the case record knows.

        Cells that the mapping makes stand behind the table's own, so that the address of a
        cell stays true; an error in one is told at the first cell that it was made of.

        Args:
            table: the table as it is.
            folder: where the tables beside it are.

        Raises:
            DataError: the table has none of the headings that a part of the mapping names, or a
                table beside it is missing.
        """
        if not self.columns and not self.templates:
            return table
        fields = {fold(heading) for heading in self.headings()}
        for join in self.joins:
            table = _joined(table, join, folder, fields)
        place = {fold(heading): i for i, heading in enumerate(table.headings)}
        lacking = {  # each once, however many fields are made of it
            fold(heading): heading for heading in self.headings() if fold(heading) not in place
        }
        if lacking:
            names = ", ".join(lacking.values())
            there = ", ".join(filter(None, table.headings))
            raise DataError(
                f"{table.name}: for the mapping {self.name} the columns {names} are missing; "
                f"the table has {there}"
            )
        key_of = {place[fold(heading)]: key for heading, key in self.columns.items()}
        used = {*key_of, *(place[fold(h)] for h in _headings_of(self.templates.values()))}
        left = {fold(heading) for heading in self.leave_out}
        width = len(table.headings)
        own = table.origins or tuple(range(width))
        dropped = [
            i
            for i, heading in enumerate(table.headings)
            if i not in key_of and (i in used or "*" in left or fold(heading) in left)
        ]
        split = {i: self.separators[key] for i, key in key_of.items() if key in self.separators}
        parts = [_compiled(text, place) for text in self.templates.values()]
        fixed = list(self.constants.values())
        origins = [next((p[0][0] for p in part if isinstance(p, list)), 0) for part in parts]
        origins += [0] * len(fixed)

        def rows() -> Iterator[Row]:
            for row in table.rows:
                cells = row.cells[:width] + [""] * (width - len(row.cells))
                made = [
                    _split(text, self.separators[key]) if key in self.separators else text
                    for key, text in zip(
                        self.templates, (_filled(part, cells) for part in parts), strict=True
                    )
                ]
                for i, sign in split.items():
                    cells[i] = _split(cells[i], sign)
                for i in dropped:
                    cells[i] = ""
                yield row._replace(cells=cells + made + fixed)

        return table._replace(
            headings=table.headings + [table.headings[origin] for origin in origins],
            keys=(*(key_of.get(i, "") for i in range(width)), *self.templates, *self.constants),
            origins=(*own, *(own[origin] for origin in origins)),
            rows=rows(),
        )


def _joined(table: Table, join: Join, folder: Path, used: Collection[str]) -> Table:
    """Give a table with the columns of another behind its own.

    Args:
        table: the first table.
        join: which rows of the other belong to which, and what is taken of them.
        folder: where the other is.
        used: folded headings that a field is made of; another one to be taken may lack.
    """
    place = {fold(heading): i for i, heading in enumerate(table.headings)}
    names = [fold(name) for name in join.column.split("|")]
    at = next((place[name] for name in names if name in place), None)
    if at is None:
        return table
    other = read_table(folder / join.file, expected=(join.key, *join.take))
    there = {fold(heading): i for i, heading in enumerate(other.headings)}
    stem = Path(join.file).stem
    needed = [join.key, *(name for name in join.take if fold(f"{stem}.{name}") in used)]
    lacking = [name for name in needed if fold(name) not in there]
    if lacking:
        raise DataError(
            f"{other.name}: the columns {', '.join(lacking)} are missing; "
            f"the table has {', '.join(filter(None, other.headings))}"
        )
    take = [name for name in join.take if fold(name) in there]
    key, taken = there[fold(join.key)], [there[fold(name)] for name in take]
    width = len(other.headings)
    found: dict[str, list[str]] = {}
    twice: list[str] = []
    for row in other.rows:
        if row.fault:
            raise DataError(f"{other.name}, row {row.number}: {row.fault}")
        cells = row.cells[:width] + [""] * (width - len(row.cells))
        if cells[key] in found and cells[key] not in twice:
            twice.append(cells[key])
        found.setdefault(cells[key], [cells[i] for i in taken])
    count, nothing = len(table.headings), [""] * len(taken)
    told = ""
    if twice:
        more = f" and {len(twice) - 3:,} more" if len(twice) > 3 else ""
        told = (
            f"{other.name} has {', '.join(map(repr, twice[:3]))}{more} in several rows of "
            f"{join.key!r}: the first counts"
        )

    def rows() -> Iterator[Row]:
        for row in table.rows:
            cells = row.cells[:count] + [""] * (count - len(row.cells))
            code = cells[at]
            if code in found or not code:
                yield row._replace(cells=cells + found.get(code, nothing))
            elif is_error(code):
                yield row._replace(cells=cells + [code] * len(taken))
            else:
                lacking = tuple((count + i, code, other.name) for i in range(len(taken)))
                yield row._replace(cells=cells + nothing, unmatched=row.unmatched + lacking)

    own = table.origins or tuple(range(count))
    return table._replace(
        headings=[*table.headings, *(f"{stem}.{name}" for name in take)],
        note="; ".join(filter(None, (table.note, told))),
        origins=(*own, *([own[at]] * len(taken))),
        rows=rows(),
    )


@dataclass(frozen=True)
class RdfMapping:
    """How RDF of one kind is read as rows of the case sheet: a query whose columns are keys.

    Attributes:
        name: what ``--as`` takes; the file's name without its ending.
        title, description, lacks: as of a :class:`Mapping`.
        select: the query; a column that is no key becomes a note of the case.
        links: key to the vocabulary whose codes stand in its column, in any IRI form.
        keep: whether the RDF itself is kept beside the cases, to be given back.
        upgrades: property of an older version to its counterpart in the one that is written.
        namespaces: namespace in a wrong or older form to the right one; told, not changed.
        path: the file that says so, or None where the mapping was made in Python.
    """

    name: str
    title: str
    description: str
    lacks: str
    select: str
    links: dict[str, str]
    keep: bool
    upgrades: dict[str, str]
    namespaces: dict[str, str]
    path: Path | None = None

    @property
    def is_own(self) -> bool:
        """Tell whether the mapping is the user's: no packaged one."""
        return _is_own(self.path)


def _is_own(path: Path | None) -> bool:
    return path is None or path.parent != data_dir("loaders")


def mapping_names() -> list[str]:
    """Give the names of the packaged mappings, of tables and of RDF."""
    folder = data_dir("loaders")
    return sorted(path.stem for path in (*folder.glob("*.toml"), *folder.glob("*.rq")))


def find_mapping(name: str) -> Mapping | RdfMapping:
    """Give a mapping by its name, or by the path of a TOML or .rq file of one's own.

    Raises:
        UnknownName: no such packaged mapping.
        DataError: the file is missing or is no mapping, with the place.
    """
    if name.endswith((".toml", ".rq")):
        return _read(Path(name)) if name.endswith(".toml") else _read_query(Path(name))
    return _packaged(name)


@cache
def _packaged(name: str) -> Mapping | RdfMapping:
    if name not in mapping_names():
        known = mapping_names()
        raise UnknownName(
            "mapping",
            name,
            known,
            f"(mappings: {', '.join(known)}; or the path of a .toml or .rq file of your own)",
        )
    query = data_dir("loaders") / f"{name}.rq"
    if query.is_file():
        return _read_query(query)
    return _read(data_dir("loaders") / f"{name}.toml")


_LARGEST: Final = 4_000_000
_DEEP_KEY: Final = re.compile(
    r"""(?<![\w-])(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){100}"""
)
"""A dotted key for which tomllib takes the square, or more, of its length."""


def _read(path: Path) -> Mapping:
    try:
        text = read_text(path)
        if len(text) > _LARGEST:
            raise DataError(f"{path}: a mapping has at most {_LARGEST:,} characters")
        if _DEEP_KEY.search(text):
            raise DataError(f"{path}: it has a key of more than a hundred parts")
        content = tomllib.loads(text)
    except ValueError as error:  # of TOML, or of a number without end
        raise DataError(f"{path}: this is not valid TOML: {error}") from None
    except RecursionError:
        raise DataError(f"{path}: it is nested too deeply to be read") from None
    unknown = sorted(set(content) - _PARTS)
    if unknown:
        raise DataError(f"{path}: {unknown[0]!r} is no part of a mapping; see loaders/README.md")
    if "title" not in content:
        raise DataError(f"{path}: a mapping has a title")
    _check_texts(path, content)
    links = content.pop("links", {})
    keys = {field.key for field in case_record().fields}
    given = [
        *content.get("columns", {}).values(),
        *content.get("constants", {}),
        *content.get("templates", {}),
    ]
    parts = ("values", "defaults", "separators")
    for key in (*given, *(key for part in parts for key in content.get(part, {})), *links):
        if key not in keys:
            raise DataError(f"{path}: {UnknownName('field', key, keys)}")
    twice = next((key for key in given if given.count(key) > 1), None)
    if twice:
        raise DataError(f"{path}: {twice!r} is given twice; join columns in [templates]")
    values = values_from_links(links)
    for key, own in content.get("values", {}).items():
        values[key] = values.get(key, {}) | own
    content["values"], content["links"] = values, links
    content["joins"] = tuple(_join(path, part) for part in content.pop("join", []))
    content["leave_out"] = tuple(content.get("leave_out", ()))
    return Mapping(name=path.stem, path=path, **content)


def _join(path: Path, part: object) -> Join:
    if not isinstance(part, dict) or set(part) != _PARTS_OF_JOIN:
        raise DataError(f"{path}: a [[join]] has {', '.join(sorted(_PARTS_OF_JOIN))}")
    if not isinstance(part["take"], list) or Path(part["file"]).name != part["file"]:
        raise DataError(f"{path}: a [[join]] names a file beside the table, and takes a list")
    return Join(part["file"], part["column"], part["key"], tuple(part["take"]))


def _read_query(path: Path) -> RdfMapping:
    from .questions import load_question
    from .services import refuse_service

    question = load_question(path)
    header = question.header_of({"title"})
    refuse_service(question.text, path)
    return RdfMapping(
        name=path.stem,
        title=str(header["title"]),
        description=str(header.get("description", "")),
        lacks=str(header.get("lacks", "")),
        select=question.text,
        links=_texts(path, header, "links"),
        keep=bool(header.get("keep", False)),
        upgrades=_texts(path, header, "upgrades"),
        namespaces=_texts(path, header, "namespaces"),
        path=path,
    )


def _texts(path: Path, header: collections.abc.Mapping[str, Any], part: str) -> dict[str, str]:
    """Give an entry of a header that has a text for each key."""
    texts = header.get(part) or {}
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        raise DataError(f"{path}: {part} in the header holds texts by their keys")
    return texts


def _check_texts(path: Path, content: dict[str, Any]) -> None:
    """Refuse parts of another form than the one that a mapping has."""
    for part in ("columns", "constants", "templates", "defaults", "links", "separators"):
        table = content.get(part, {})
        if not isinstance(table, dict) or not all(isinstance(v, str) for v in table.values()):
            raise DataError(f"{path}: [{part}] holds texts, each in quotation marks")
    for key, sign in content.get("separators", {}).items():
        if len(sign) != 1:
            raise DataError(f"{path}: [separators] {key}: one sign stands between values")
    values = content.get("values", {})
    if not isinstance(values, dict) or not all(
        isinstance(table, dict) and all(isinstance(v, str) for v in table.values())
        for table in values.values()
    ):
        raise DataError(f"{path}: [values.KEY] holds texts, each in quotation marks")
    if content.get("form", "") not in ("", "geojson"):
        raise DataError(f"{path}: form is 'geojson', or left away for a table")
    left = content.get("leave_out", [])
    if not isinstance(left, list) or not all(isinstance(heading, str) for heading in left):
        raise DataError(f"{path}: leave_out is a list of headings")


def _headings_of(templates: Iterable[str]) -> list[str]:
    return [
        heading
        for text in templates
        for place in _PLACE.findall(text)
        for heading, _ in _alternatives(place)
    ]


def _alternatives(place: str) -> list[tuple[str, str]]:
    """Read what stands between braces: headings, each with what to take of its cell."""
    found: list[tuple[str, str]] = []
    for part in place.split("|"):
        heading, colon, take = part.rpartition(":")
        known = colon and re.fullmatch("[0-9]+|year", take.strip())
        found.append((heading.strip(), take.strip()) if known else (part.strip(), ""))
    return found


def _taken(text: str, take: str) -> str:
    """Take a number of signs, or the year of a date; a text without one stays, to be told of."""
    if take == "year":
        years = set(re.findall(r"(?<![0-9])[12][0-9]{3}(?![0-9])", text))
        return years.pop() if len(years) == 1 else text
    return text[: int(take)].strip() if take else text


def _split(text: str, sign: str) -> str:
    """Give the values of one cell as the sheet separates them."""
    if is_error(text):
        return text
    inner = text.strip()
    if inner[:1] + inner[-1:] in ("{}", "[]"):
        inner = inner[1:-1]
    if not inner:
        return ""
    values = next(csv.reader([inner.replace("\n", " ")], delimiter=sign, skipinitialspace=True))
    return ";".join(value.strip().replace(";", ",") for value in values if value.strip())


Piece = str | list[tuple[int, str]]


def _compiled(text: str, place: dict[str, int]) -> list[Piece]:
    """Cut a template into texts and positions of columns."""
    return [
        [(place[fold(heading)], number) for heading, number in _alternatives(piece)]
        if i % 2
        else piece
        for i, piece in enumerate(_PLACE.split(text))
        if piece
    ]


def _filled(parts: list[Piece], cells: list[str]) -> str:
    """Fill a template; empty where every cell that it takes is empty.

    The error of a formula in one of them is the error of the whole, as in a spreadsheet.
    """
    filled, taken = [], []
    for part in parts:
        if isinstance(part, str):
            filled.append(part)
            continue
        text, take = next(((cells[at], take) for at, take in part if cells[at]), ("", ""))
        if is_error(text):
            return text
        filled.append(_taken(text, take))
        taken.append(text)
    return "".join(filled) if any(taken) or not taken else ""


def code_of(text: str, vocabulary: str) -> str:
    """Give the code of an IRI of a vocabulary, in any of its forms; other text as it is."""
    from .links import code_of_iri

    return (code_of_iri(text, vocabulary) if "://" in text else "") or text


def values_from_links(links: dict[str, str]) -> dict[str, dict[str, str]]:
    """Give the codes of vocabularies as values: of each, the term of ours that takes it in.

    A code is taken in by a term that is exactly or closely it, or wider (``skos:narrowMatch``
    from ours); a related term or a narrower one is not.
    """
    from .links import MATCHES, all_links

    exact, close, _, narrow, _ = MATCHES
    values: dict[str, dict[str, str]] = {}
    for key, vocabulary in links.items():
        known = values.setdefault(key, {})
        choices = {choice.iri for choice in case_record().field(key).choices}
        for wanted in (exact, close, narrow):
            for link in all_links(vocabulary):
                if link.predicate == wanted and link.is_statement and link.subject in choices:
                    known.setdefault(link.code, link.subject)
    return values
