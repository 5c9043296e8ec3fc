"""Rows of a case sheet made into statements, cell by cell, with what is wrong and how to fix it.

Each column has a parser that is made from its field and remembers the texts it has seen lately,
so a registry of a million rows costs a look-up a cell. What comes out is N-Triples text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from ..errors import DataError
from ..knowledge.case_record import CaseRecord, Field, Rule
from ..knowledge.followed import bearing, followed_from
from ..names import DCTERMS, compact
from ..tables.table import Row, Table, is_error, of_formula
from .cells import Parsed, broken_iri, parser
from .columns import Columns
from .example import EXAMPLE_ID, LEFT_OVER, MADE_UP, is_example
from .statements import Case, Statements

_MOST_KEPT: Final = 10_000
"""Texts that a column remembers; those of a title or a source never come again."""


class Reader(Columns):
    """Reads the rows of one table as cases.

    Args:
        record: the case record.
        table: the table; its headings are matched to fields at once.
        base: what the IRI of a case begins with.
        level_of: participation level that each degree of decision rights gives under R0.
        values: key to the foreign values' texts and what they stand for (a mapping).
        code_readers: key to what turns an IRI of a foreign code into the code (a mapping).
        defaults: key to the text that stands for an empty cell, or for a column that is not there.
        lang: language of what is told; by default that of the headings.

    Attributes:
        examples: number of rows left out because they are the sheet's own example.
        first_row: gives the first row that has the IRI of a case, itself where none has before.

    Raises:
        UnknownName: a default is of no field.
        DataError: a default is no value of its field.
    """

    def __init__(
        self,
        record: CaseRecord,
        table: Table,
        base: str,
        level_of: dict[str, str],
        values: dict[str, dict[str, str]] | None = None,
        code_readers: dict[str, Callable[[str], str]] | None = None,
        defaults: dict[str, str] | None = None,
        lang: str | None = None,
    ) -> None:
        super().__init__(record, table, defaults or {}, lang)
        self.base, self.level_of = base, level_of
        self.examples = 0
        readers = code_readers or {}
        self._parsers = {
            field.key: lru_cache(_MOST_KEPT)(
                parser(
                    field,
                    record.unknown,
                    (values or {}).get(field.key, {}),
                    readers.get(field.key, str),
                    self.say,
                )
            )
            for field in self._fields
            if field
        }
        self._defaults = [(self._position[key], text) for key, text in (defaults or {}).items()]
        for key, text in (defaults or {}).items():
            fix = self._parsers[key](text).fix
            if fix:
                raise DataError(f"{key}={text}: {fix}")
        seen: dict[str, int] = {}
        self.first_row: Callable[[str, int], int] = seen.setdefault
        self._made_up = [(self._position[k], v) for k, v in MADE_UP.items() if k in self._position]
        bears = bearing()
        self._plan = [
            (
                i,
                field.key,
                f"<{field.path}>",
                field,
                self._parsers[field.key],
                any(compact(field.path) in rule.select for rule in record.rules),
                field.path in bears,
            )
            for i, field in enumerate(self._fields)
            if field and field.key not in ("id", "level", "level_status", "rubric")
        ]
        self._unknown_columns = [i for i, field in enumerate(self._fields) if field is None]

    def check_values(self, mapping: str, values: dict[str, dict[str, str]]) -> None:
        """Refuse a mapping whose own values are none of the fields that they are for.

        Raises:
            DataError: one is not; a row that has it would be told to blame the mapping.
        """
        for field in self._fields:
            if field is None or field.key not in values:
                continue
            meant = parser(field, self.record.unknown, {}, say=self.say)
            for foreign, own in values[field.key].items():
                fix = meant(own).fix if own else ""
                if fix:
                    place = f"[values.{field.key}] {foreign!r} = {own!r}"
                    raise DataError(f"the mapping {mapping}, {place}: {fix}")

    # -- rows -------------------------------------------------------------------------------

    def read(self, row: Row) -> Case | None:
        """Read a row: its statements, or None where it has an error, which is reported."""
        if self._is_example(row):
            return None
        if row.fault:
            self._unreadable(row)
            return None
        for column, signs in row.control:
            self._control(row, column - self.table.first_column, signs)
        if len(row.cells) > self._width:
            self._beyond(row)
        notes = self._linked(row) if row.links else []
        if self._defaults:
            row = row._replace(cells=self._filled(row.cells))
        cells = row.cells
        identifier = self.id_in(cells)
        iri = self.iri_of(identifier)
        said = Statements(iri)
        said.wrong = not self._is_new(self._position["id"], identifier, iri, row.number)
        self._left_over(row)
        self._values(row, said)
        said.add_notes(notes + self._notes(row))
        self._years(row, said)
        if said.forms is not None:
            self._forms(row, said.forms, said)
        self._level(row, said)
        return None if said.wrong else said.case(row.number, cells)

    def id_in(self, cells: list[str]) -> str:
        """Give the id that cells have, or an empty text."""
        at = self._position["id"]
        return cells[at] if at < len(cells) else ""

    def iri_of(self, identifier: str) -> str:
        """Give the IRI of a case with an id, which may be one itself."""
        is_whole = identifier.startswith(("http://", "https://"))
        return identifier if is_whole else self.base + identifier

    def passed(self, cases: Iterable[Case], broken: Mapping[int, list[Rule]]) -> Iterator[Case]:
        """Give the cases that break no rule whose breach is an error; all breaches are told.

        Args:
            cases: as they were read.
            broken: the rules that are broken, by row.
        """
        for case in cases:
            rules = broken.get(case.row, [])
            for rule in rules:
                fix = rule.message(self.say.lang)
                self.report_rule(case, rule.shape, rule.column, rule.level, fix)
            if not any(rule.level == "error" for rule in rules):
                yield case

    def _unreadable(self, row: Row) -> None:
        """Tell of a row that the file has, and that cannot be read."""
        address = self.table.address(0, row.number)
        text = next(filter(None, row.cells), "")
        self._add_problem(
            address, row.number, "", "error", "row-unreadable", text, self.say.again(row.fault)
        )

    def _left_over(self, row: Row) -> None:
        """Tell of cells that are still those of the sheet's example."""
        for i, text in self._made_up:
            if i < len(row.cells) and row.cells[i] == text:
                fix = self.say.again(LEFT_OVER)
                self._report(i, row.number, "warning", "example-cell", text, fix)

    def _values(self, row: Row, said: Statements) -> None:
        """Add what the cells say, but for those that say it together with others."""
        cells = row.cells
        width = len(cells)
        case = f"<{said.iri}>"
        for i, key, path, field, parse, ruled, bears in self._plan:
            text = cells[i] if i < width else ""
            if not text:
                if field.required and bears:
                    said.lacking[i] = field
                elif field.required:
                    self._lacking(row, i, field)
                    said.wrong = True
                continue
            parsed = parse(text)
            if parsed.fix:
                self._report(i, row.number, field.level, field.shape, text, parsed.fix)
                said.wrong = said.wrong or field.level == "error"
                continue
            if parsed.warning:
                self._report(i, row.number, "warning", field.shape, text, parsed.warning)
            if parsed.unknown:
                said.unknown.append(path)
            elif field.organisation:
                said.add_organisations(key, path, parsed.organisations)
            elif field.node:
                said.shared += [f"{path} {value} .\n" for value in parsed.objects]
            elif field.parent:
                said.forms = parsed if parsed.objects else None
            else:
                if key == "decision_rights" and parsed.objects:
                    said.rights = parsed.objects[0]
                if bears:
                    said.told += [f"{path} {value}" for value in parsed.objects]
                target = said.ruled if ruled else said.others
                target += [f"{case} {path} {value} .\n" for value in parsed.objects]
                if parsed.others:
                    other = field.other_path
                    target += [f"{case} <{other}> {value} .\n" for value in parsed.others]
        self._followed(row, said)

    def _followed(self, row: Row, said: Statements) -> None:
        """Add what follows from the cells, and tell of required values that do not follow."""
        for followed in followed_from(tuple(sorted(said.told))) if said.told else ():
            if f"<{followed.property}>" not in said.unknown:
                said.add_followed(followed)
                lacking = said.lacking.items()
                said.lacking = {i: f for i, f in lacking if f.path != followed.property}
        for i, field in said.lacking.items():
            self._lacking(row, i, field)
            said.wrong = True

    def _lacking(self, row: Row, column: int, field: Field) -> None:
        """Tell of a cell that is empty and may not be, and why it is where that can be seen."""
        merged = self.table.merged_with(column, row.number)
        fix = field.message(self.say.lang)
        if merged:
            fix += " " + self.say("The cell is merged in {cells}: unmerge and fill.", cells=merged)
        code, file = next((w[1:] for w in row.unmatched if w[0] == column), ("", ""))
        if code:
            fix += " " + self.say("{file} has no row for {code!r}.", file=file, code=code)
        self._report(column, row.number, field.level, field.shape, code, fix)

    def _notes(self, row: Row) -> list[str]:
        """Give the cells of the columns that no field is for, with their headings."""
        return [
            f"{self.noted(i)}: {row.cells[i]}"
            for i in self._unknown_columns
            if i < len(row.cells) and row.cells[i] and not self._lost(i, row.number, row.cells[i])
        ]

    def _years(self, row: Row, said: Statements) -> None:
        """Tell where neither the year of the beginning nor that of the observation is given."""
        if any(self._has(row.cells, key) for key in ("start_year", "observed_year")):
            return
        fix = self.say(
            "Give the year in which the case began, or the year in which it was observed."
        )
        column = self._position.get("start_year", self._position.get("observed_year", 0))
        self._report(column, row.number, "error", "Rule-yearMissing", "", fix)
        said.wrong = True

    def has_example(self, row: Row) -> bool:
        """Tell whether a row is the example of the sheet."""
        if self.id_in(row.cells) != EXAMPLE_ID:
            return False
        cells = {key: row.cells[i] for key, i in self._position.items() if i < len(row.cells)}
        return is_example(self.record, cells)

    def _is_example(self, row: Row) -> bool:
        """Tell whether a row is the example of the sheet, and say that it is left out."""
        if not self.has_example(row):
            return False
        self.examples += 1
        fix = self.say(
            "The made-up row that shows how to fill in the sheet is left out: delete it."
        )
        self._report(self._position["id"], row.number, "info", "example-row", EXAMPLE_ID, fix)
        return True

    def _is_new(self, at: int, identifier: str, iri: str, row: int) -> bool:
        """Tell whether an id can stand in an IRI and no row before has it; report it otherwise."""
        field = self.record.field("id")
        broken = broken_iri(iri)
        if is_error(identifier):
            fix = of_formula(identifier, self.say)
            self._report(at, row, "error", field.shape, identifier, fix)
            return False
        if not identifier or broken or not re.search(field.pattern, iri):
            fix = field.message(self.say.lang)
            if not identifier:
                fix = self.say("The cell is empty, and each case has an id.") + f" {fix}"
            elif broken:
                fix += f" {broken}."
            self._report(at, row, "error", field.shape, identifier, fix)
            return False
        first = self.first_row(iri, row)
        if first != row:
            fix = self.say("Row {row} has this id already: give each case its own.", row=first)
            self._report(at, row, "error", "id-twice", identifier, fix)
        return first == row

    def _control(self, row: Row, column: int, signs: str) -> None:
        """Tell of control characters that were taken out of a cell."""
        fix = self.say(
            "The cell held what no document may hold ({signs}); it was taken out.", signs=signs
        )
        text = row.cells[column] if 0 <= column < min(self._width, len(row.cells)) else ""
        if text:  # a mapping may leave the cell out
            self._report(column, row.number, "warning", "control-character", text, fix)

    def _lost(self, column: int, row: int, text: str) -> bool:
        """Tell of a note that is the error of a formula, and so is none."""
        if not is_error(text):
            return False
        self._report(column, row, "warning", "formula", text, of_formula(text, self.say))
        return True

    def _linked(self, row: Row) -> list[str]:
        """Take the addresses behind cells: as values where sources stand, else as notes.

        Returns:
            the notes.
        """
        notes: list[str] = []
        for in_file, address in row.links:
            at = in_file - self.table.first_column
            if not 0 <= at < min(self._width, len(row.cells)) or row.cells[at] in ("", address):
                continue
            text, field = row.cells[at], self._fields[at]
            if field is not None and field.path.startswith(DCTERMS):
                row.cells[at] = address
                fix = self.say("The address behind the cell is taken: {address}", address=address)
                self._report(at, row.number, "info", field.shape, text, fix)
            elif field is not None or self.table.keys is None:
                notes.append(f"{self.noted(at)}, {text}: {address}")
        return notes

    def _beyond(self, row: Row) -> None:
        """Tell of cells to the right of the headings: a separator too many, or a stray note."""
        for column in range(self._width, len(row.cells)):
            if row.cells[column]:
                fix = self.say("The cell has no heading above it and is left out.")
                text, address = row.cells[column], self.table.address(column, row.number)
                self._add_problem(address, row.number, "", "warning", "cell-beyond", text, fix)

    def _filled(self, cells: list[str]) -> list[str]:
        """Put the defaults where cells are empty."""
        cells = cells[: self._width] + [""] * (len(self._fields) - len(cells[: self._width]))
        for i, text in self._defaults:
            cells[i] = cells[i] or text
        return cells

    def _has(self, cells: list[str], key: str) -> bool:
        """Tell whether a cell holds a value, be it a wrong one."""
        at = self._position.get(key)
        if at is None or at >= len(cells) or not cells[at]:
            return False
        parsed = self._parsers[key](cells[at])
        return bool(parsed.objects or parsed.fix)

    def _forms(self, row: Row, forms: Parsed, said: Statements) -> None:
        """Add the forms of the providers, in their order; one form stands for all."""
        path = f"<{self.record.field('provider_form').path}>"
        providers = said.organisations.get("provider", [])
        values = forms.objects * len(providers) if len(forms.objects) == 1 else forms.objects
        if len(values) == len(providers):
            said.ruled += [
                f"{node} {path} {value} .\n" for node, value in zip(providers, values, strict=True)
            ]
            return
        at = self._position["provider_form"]
        self._report(
            at,
            row.number,
            "warning",
            "Case-provider_form",
            row.cells[at],
            self.say.plural(
                "Give one form, as there is one provider; these are left out.",
                "Give one form, or one for each of the {count} providers; these are left out.",
                len(providers),
            ),
        )

    def _level(self, row: Row, said: Statements) -> None:
        """Add the level and its coding; derived by rubric R0 where the cell is empty."""
        cells = row.cells
        given: dict[str, Parsed] = {}
        for key in ("level", "level_status", "rubric"):
            at = self._position.get(key)
            text = cells[at] if at is not None and at < len(cells) else ""
            if text and at is not None:
                parsed = self._parsers[key](text)
                field = self.record.field(key)
                if parsed.fix:
                    self._report(at, row.number, field.level, field.shape, text, parsed.fix)
                    said.wrong = True
                    return
                if parsed.warning:
                    self._report(at, row.number, "warning", field.shape, text, parsed.warning)
                if parsed.objects or parsed.unknown:
                    given[key] = parsed
        said.add_level(
            given.get("level"),
            given.get("level_status"),
            given.get("rubric"),
            derived=self.level_of.get(said.rights, ""),
        )

    def report_rule(self, case: Case, rule: str, key: str, level: str, fix: str) -> None:
        """Report that a row breaks a rule across columns, at the column to change."""
        column = self._position.get(key, self._position["id"])
        text = case.cells[column] if column < len(case.cells) else ""
        self._report(column, case.row, level, rule, text, self.say.again(fix))
