"""Mappings: how a foreign table is read as the case sheet, one TOML file a kind of table.

A mapping names, for each field of the case record, the heading to take it from, the text to
make it of, or the value that holds for every row; and what a foreign value means. See
``loaders/README.md`` for the form, with a worked example.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from ..errors import DataError
from ..knowledge.case_record import case_record
from ..resources import data_dir, is_file
from ..spelling import fold
from ..tables.table import Row, Table, is_error, read_table

_PLACE: Final = re.compile(r"\{([^{}]+)\}")
Piece = str | list[tuple[int, str]]
"""A part of a template: a text, or columns of which the first that is filled counts."""


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
        place = self._places(table)
        key_of = {place[fold(heading)]: key for heading, key in self.columns.items()}
        made = {
            key: (_compiled(text, place), self.separators.get(key))
            for key, text in self.templates.items()
        }
        origins = [
            next((piece[0][0] for piece in pieces if isinstance(piece, list)), 0)
            for pieces, _ in made.values()
        ]
        origins += [0] * len(self.constants)
        width = len(table.headings)
        own = table.origins or tuple(range(width))
        cells = _MappedCells(
            width=width,
            split={i: self.separators[key] for i, key in key_of.items() if key in self.separators},
            dropped=self._dropped(table.headings, key_of, place),
            made=list(made.values()),
            fixed=list(self.constants.values()),
        )
        return table._replace(
            headings=table.headings + [table.headings[origin] for origin in origins],
            keys=(*(key_of.get(i, "") for i in range(width)), *self.templates, *self.constants),
            origins=(*own, *(own[origin] for origin in origins)),
            rows=(row._replace(cells=cells.of(row)) for row in table.rows),
        )

    def _places(self, table: Table) -> dict[str, int]:
        """Give the column of each folded heading.

        Raises:
            DataError: one that the mapping reads is missing.
        """
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
        return place

    def _dropped(
        self, headings: list[str], key_of: dict[int, str], place: dict[str, int]
    ) -> list[int]:
        """Give the columns whose cells are not kept: left out, or made into others."""
        used = {place[fold(heading)] for heading in _headings_of(self.templates.values())}
        left = {fold(heading) for heading in self.leave_out}
        return [
            i
            for i, heading in enumerate(headings)
            if i not in key_of and (i in used or "*" in left or fold(heading) in left)
        ]


@dataclass(frozen=True)
class _MappedCells:
    """How the cells of a row become those of a mapped one.

    Attributes:
        width: number of columns of the table.
        split: column to the sign between the values in its cells.
        dropped: columns whose cells are not kept.
        made: cells behind those of the table: each a template, and the sign between values.
        fixed: cells behind those, the same in every row.
    """

    width: int
    split: dict[int, str]
    dropped: list[int]
    made: list[tuple[list[Piece], str | None]]
    fixed: list[str]

    def of(self, row: Row) -> list[str]:
        """Give the cells of a row."""
        cells = row.cells[: self.width] + [""] * (self.width - len(row.cells))
        made = [
            _filled(pieces, cells) if sign is None else _split(_filled(pieces, cells), sign)
            for pieces, sign in self.made
        ]
        for i, sign in self.split.items():
            cells[i] = _split(cells[i], sign)
        for i in self.dropped:
            cells[i] = ""
        return cells + made + self.fixed


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
    found, twice = _by_code(other, there[fold(join.key)], [there[fold(name)] for name in take])
    told = ""
    if twice:
        more = f" and {len(twice) - 3:,} more" if len(twice) > 3 else ""
        told = (
            f"{other.name} has {', '.join(map(repr, twice[:3]))}{more} in several rows of "
            f"{join.key!r}: the first counts"
        )
    count = len(table.headings)
    own = table.origins or tuple(range(count))
    return table._replace(
        headings=[*table.headings, *(f"{stem}.{name}" for name in take)],
        note="; ".join(filter(None, (table.note, told))),
        origins=(*own, *([own[at]] * len(take))),
        rows=_looked_up(table.rows, at, range(count, count + len(take)), found, other.name),
    )


def _by_code(other: Table, key: int, taken: list[int]) -> tuple[dict[str, list[str]], list[str]]:
    """Give what is taken of a table's rows by their codes, and the codes of several rows.

    Raises:
        DataError: a row cannot be read.
    """
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
    return found, twice


def _looked_up(
    rows: Iterator[Row], at: int, new: range, found: dict[str, list[str]], other: str
) -> Iterator[Row]:
    """Give rows with what another table has for the code in a column.

    Args:
        rows: the rows of the first table.
        at: the column of the code.
        new: the columns that are filled, behind those of the table.
        found: code to the cells of these columns.
        other: name of the other table.
    """
    count, nothing = new.start, [""] * len(new)
    for row in rows:
        cells = row.cells[:count] + [""] * (count - len(row.cells))
        code = cells[at]
        if code in found or not code:
            yield row._replace(cells=cells + found.get(code, nothing))
        elif is_error(code):
            yield row._replace(cells=cells + [code] * len(new))
        else:
            lacking = tuple((column, code, other) for column in new)
            yield row._replace(cells=cells + nothing, unmatched=row.unmatched + lacking)


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
    from ..knowledge.alignments import code_of_iri

    return (code_of_iri(text, vocabulary) if "://" in text else "") or text


def values_from_links(links: dict[str, str]) -> dict[str, dict[str, str]]:
    """Give the codes of vocabularies as values: of each, the term of ours that takes it in.

    A code is taken in by a term that is exactly or closely it, or wider (``skos:narrowMatch``
    from ours); a related term or a narrower one is not.
    """
    from ..knowledge.alignments import MATCHES, all_links

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
