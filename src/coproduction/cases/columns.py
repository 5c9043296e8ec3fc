"""The columns of a table matched to the fields of the case record, and what is wrong with cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from ..errors import UnknownName, nearest
from ..knowledge.case_record import CaseRecord, Field
from ..messages import speaker
from ..spelling import fold
from ..tables.table import Table, is_error, of_formula

_NOTE: Final = {"en": "note", "sv": "anteckning", "de": "Notiz", "fr": "note"}
"""What a heading begins with, before a colon, whose cells are notes of the case."""
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}(T.*)?")
"""A date as the reader of workbooks gives it."""


class Problem(NamedTuple):
    """What is wrong with a cell, in the terms of the table.

    Attributes:
        problem: number in the report.
        table: file, with the sheet where there are several.
        cell: address such as ``C7``; in RDF the node.
        row: number of the row in the file; the first line is 1. In RDF 0, for there are none.
        column: the heading as written; in RDF the column that would hold the value.
        level: ``error`` (the row is set aside), ``warning`` or ``info``.
        rule: local name of the shape, or of the rule of reading.
        value: the cell's text.
        fix: what to do.
    """

    problem: int
    table: str
    cell: str
    row: int
    column: str
    level: str
    rule: str
    value: str
    fix: str


def as_note(heading: str, lang: str) -> str:
    """Give a heading as that of a column of notes, of which nothing is told.

    >>> as_note("my notes", "de")
    'Notiz: my notes'
    """
    return f"{_NOTE[lang]}: {heading}"


def note_of(heading: str) -> str:
    """Give what a heading of notes says behind the word, or an empty text.

    >>> note_of("Note: my notes"), note_of("my notes")
    ('my notes', '')
    """
    word, _, rest = heading.partition(":")
    return rest.strip() if fold(word) in {fold(own) for own in _NOTE.values()} else ""


class Columns:
    """The fields that the columns of a table hold.

    Args:
        record: the case record.
        table: the table; its headings are matched to fields at once.
        defaults: key to the text that stands for an empty cell, or for a column that is not there.
        lang: language of what is told; by default that of the headings.

    Attributes:
        say: says what is told, in its language.
        problems: what was wrong so far.

    Raises:
        UnknownName: a default is of no field.
    """

    def __init__(
        self, record: CaseRecord, table: Table, defaults: dict[str, str], lang: str | None
    ) -> None:
        self.record, self.table = record, table
        if lang is None:
            lang = "en" if table.keys is not None else record.language(table.headings)
        self.say = speaker(lang)
        self.problems: list[Problem] = []
        self._fields: list[Field | None] = []
        self._width = len(table.headings)
        self._match()
        self._add_columns(defaults)
        self._position = {field.key: i for i, field in enumerate(self._fields) if field}

    def _match(self) -> None:
        """Match columns to fields: by the mapping's keys, else by key or name in any language."""
        known: dict[str, Field] = {}
        for field in self.record.fields:
            for name in (field.key, *field.names.values()):
                known.setdefault(fold(name), field)
        taken: dict[str, int] = {}
        for i, heading in enumerate(self.table.headings):
            if self.table.keys is not None:
                key = self.table.keys[i]
                self._fields.append(self.record.field(key) if key else None)
                continue
            found = known.get(fold(heading))
            if found is None and note_of(heading):
                self._fields.append(None)
                continue
            if found is not None and found.key in taken:
                self._report(
                    i,
                    self.table.heading_row,
                    "error",
                    "column-twice",
                    heading,
                    self.say(
                        "The column stands in {address} already: remove one.",
                        address=self._heading_address(taken[found.key]),
                    ),
                )
                found = None
            elif is_error(heading):
                fix = of_formula(heading, self.say)
                at = self.table.heading_row
                self._report(i, at, "warning", "column-unknown", heading, fix)
            elif found is None and heading:
                near = nearest(heading, known)
                fix = self.say("No such field; the cells are kept as notes of the case.")
                if near in known:
                    name = self.called(known[near].key)
                    fix += " " + self.say("Did you mean {label!r}?", label=name)
                said = as_note(heading, self.say.lang)
                fix += " " + self.say("The heading {heading!r} says that they are.", heading=said)
                self._report(
                    i,
                    self.table.heading_row,
                    "warning",
                    "column-unknown",
                    heading,
                    fix,
                )
            if found is not None:
                taken[found.key] = i
            self._fields.append(found)

    def _add_columns(self, defaults: dict[str, str]) -> None:
        """Put a column behind the others for each default whose field has none."""
        there = {field.key for field in self._fields if field}
        keys = [field.key for field in self.record.fields]
        for key in defaults:
            if key not in keys or key == "id":
                raise UnknownName("field", key, keys)
            if key not in there:
                self._fields.append(self.record.field(key))

    def _heading_address(self, column: int) -> str:
        return self.table.address(column, self.table.heading_row)

    def missing_columns(self) -> list[str]:
        """Give the keys of the required columns that the table lacks."""
        lacking = [
            field.key
            for field in self.record.fields
            if (field.required or field.key == "id") and field.key not in self._position
        ]
        if not {"start_year", "observed_year"} & set(self._position):
            lacking.append("start_year or observed_year")
        return lacking

    def misspelt(self, missing: Sequence[str]) -> str:
        """Tell which headings that no field has may be missing columns, spelt otherwise."""
        unknown = [
            heading
            for heading, field in zip(self.table.headings, self._fields, strict=False)
            if heading and field is None
        ]
        names = {
            fold(name): key
            for key in missing
            if key in {field.key for field in self.record.fields}
            for name in (key, *self.record.field(key).names.values())
        }
        near = {heading: nearest(fold(heading), names, 0.75) for heading in unknown}
        hints = [
            self.say("{name} for {heading!r}", name=self.called(names[name]), heading=heading)
            for heading, name in near.items()
            if name
        ]
        if not hints:
            return ""
        return " " + self.say("(did you mean {hints}?)", hints=", ".join(hints))

    def called(self, key: str) -> str:
        """Give what a column is called: its key in English, its name in another language."""
        return key if self.say.lang == "en" else self.record.field(key).name(self.say.lang)

    def heading_of(self, key: str) -> str:
        """Give the heading of the column of a field as written, or what it is called."""
        at = self._position.get(key, self._width)
        return self.table.headings[at] if at < self._width else self.called(key)

    def noted(self, column: int) -> str:
        """Give the heading that stands with the notes of a column."""
        heading = self.table.headings[column]
        return note_of(heading) or heading

    def has_broken_headings(self) -> bool:
        """Tell whether the headings have an error."""
        return any(problem.level == "error" for problem in self.problems)

    # -- problems ---------------------------------------------------------------------------

    def _report(self, column: int, row: int, level: str, rule: str, value: str, fix: str) -> None:
        if column < self._width:
            heading = self.table.headings[column]
        else:  # a column that is not in the file
            field = self._fields[column]
            heading, column = field.key if field else "", self._position.get("id", 0)
        address = self.table.address(column, row)
        if level == "error" and self.table.sheet and _DATE.fullmatch(value):
            fix += " " + self.say("If the cell's format is one of dates, set it to General first.")
        self._add_problem(address, row, heading, level, rule, value, fix)

    def _add_problem(
        self, address: str, row: int, heading: str, level: str, rule: str, value: str, fix: str
    ) -> None:
        number = len(self.problems) + 1
        name = self.table.name
        self.problems.append(Problem(number, name, address, row, heading, level, rule, value, fix))
