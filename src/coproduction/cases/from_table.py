"""Cases out of a table: row by row, checked cell by cell and, in batches, across fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from ..errors import DataError, command, option
from ..knowledge.case_record import CaseRecord, Rule, case_record
from ..names import COP
from ..store.embedded import EmbeddedStore
from ..store.protocol import Store
from ..tables.json_tables import JSON_ENDINGS, read_json
from ..tables.table import Row, Table, read_table
from .breaches import Breaches
from .columns import Problem
from .mappings import Mapping, RdfMapping
from .reading import PLAIN, Reading
from .rows import Reader
from .shifts import Shifts
from .statements import Case

_BATCH: Final = 5_000


class TableCases:
    """The cases of a file of CSV or JSON, or a workbook.

    Args:
        path: the file.
        reading: how it is read; a mapping is one of tables.
        table: the table, where it is read already.
        lang: language of what is told; by default that of the headings.
        is_made: whether that table is as the mapping makes it.

    Attributes:
        loader: how the file was read, in the words of the record of a load.
        table: the table, as the mapping makes it; its rows are read once.
        reader: reads its rows, and has what is told of them.

    Raises:
        DataError: the file cannot be read as a table, or has not the columns that it needs.
    """

    def __init__(
        self,
        path: Path,
        reading: Reading = PLAIN,
        *,
        table: Table | None = None,
        lang: str | None = None,
        is_made: bool = False,
    ) -> None:
        mapping = reading.mapping
        self._is_mapped = mapping is not None
        assert not isinstance(mapping, RdfMapping)
        self.loader = mapping.name if mapping else "case sheet"
        self._rows = 0
        record = case_record()
        if table is None:
            table = _opened(path, reading, mapping.headings() if mapping else _headings(record))
        how = table.how
        if mapping and not is_made:
            table = mapping.applied(table, path.parent)
        self.table, self._progress = table, reading.progress
        self.reader = Reader(
            record,
            table,
            reading.base,
            level_of_rights(EmbeddedStore.packaged()),
            values=mapping.values if mapping else None,
            code_readers=mapping.code_readers() if mapping else None,
            defaults=(mapping.defaults if mapping else {}) | (reading.defaults or {}),
            lang=lang,
        )
        self._shifts = Shifts(self.reader)
        if mapping:
            self.reader.check_values(mapping.name, mapping.values)
        missing = self.reader.missing_columns()
        if missing:
            raise DataError(f"{path}: {self._lacks(missing, how, mapping)}")
        if self.reader.has_broken_headings():
            problem = self.reader.problems[0]
            raise DataError(f"{path}, {problem.cell}: {problem.fix}")

    def _lacks(self, missing: list[str], how: str, mapping: Mapping | None) -> str:
        """Tell which columns are missing, how the table was read, and what to do."""
        say = self.reader.say
        names = ", ".join(map(self._named, missing))
        lacks = say.plural(
            "the column {names} is missing",
            "the columns {names} are missing",
            len(missing),
            names=names,
        )
        if mapping:
            advice = say(
                "the mapping {name} does not give them; where one value holds for all rows, give "
                "it with {set}",
                name=mapping.name,
                set=option("set", "KEY=VALUE", python="defaults={KEY: VALUE}"),
            )
        else:
            advice = say(
                "{template} makes a sheet that has them",
                template=command("template", "cases.xlsx", **_in(say.lang)),
            )
        return f"{lacks}{self.reader.misspelt(missing)}; {say.again(how)}; {advice}"

    def _named(self, keys: str) -> str:
        """Give a key, or two of which one is enough, as the names of columns."""
        one, _, other = keys.partition(" or ")
        if not other:
            return self.reader.called(one)
        names = map(self.reader.called, (one, other))
        return self.reader.say("{one} or {other}", one=next(names), other=next(names))

    @property
    def lang(self) -> str:
        """Language of what is told."""
        return self.reader.say.lang

    @property
    def read(self) -> int:
        """Number of rows read so far; the example row of the sheet is none."""
        return self._rows - self.reader.examples

    @property
    def problems(self) -> list[Problem]:
        """What was wrong so far, in order of row."""
        return sorted(self.reader.problems, key=lambda problem: (problem.row, problem.problem))

    @property
    def note(self) -> str:
        """A sentence on the whole file: it has no rows, or how it was read is a guess."""
        say = self.reader.say
        return (
            say.again(self.table.note) if self._rows else say("there is no row below the headings")
        )

    @property
    def set_aside(self) -> int:
        """Number of rows with an error so far."""
        return len({p.row for p in self.reader.problems if p.level == "error"})

    def cases(self) -> Iterator[Case]:
        """Give the cases without error; batches are held against the rules in a second thread."""
        breaches = Breaches(self.reader.record)
        waiting: tuple[list[Case], Future[dict[int, list[Rule]]]] | None = None
        with ThreadPoolExecutor(max_workers=1) as pool:
            for batch in self.batches():
                cases = [case for case in map(self._shifts.read, batch) if case is not None]
                self.tell_how_far()
                job = pool.submit(breaches.of, cases)
                if waiting is not None:
                    yield from self._passed(*waiting)
                waiting = (cases, job)
            if waiting is not None:
                yield from self._passed(*waiting)

    def batches(self) -> Iterator[list[Row]]:
        """Give the rows as they are, some thousands at a time, and count them as read."""
        for batch in _batches(self.table.rows):
            self._rows += len(batch)
            yield batch

    def tell_how_far(self) -> None:
        """Tell whoever wants to know how many rows are read, and which share of the file."""
        self._progress(self.read, self.table.share())

    def rest(self, is_taken: Callable[[object], bool]) -> str:
        """Give the statements that belong to no case: a table has none."""
        return ""

    def original(self) -> Iterator[ox.Triple]:
        """Give what is kept as it came: of a table, nothing."""
        return iter(())

    def called(self, key: str) -> str:
        """Give the heading of a column as it was written, or its name where the file has none.

        Under a mapping that is the name: a column of the file may be read into several fields.
        """
        reader = self.reader
        return reader.called(key) if self._is_mapped else reader.heading_of(key)

    def refuse(self, case: Case, rule: str, fix: str) -> None:
        """Report an error of a case as a whole."""
        self.reader.report_rule(case, rule, "id", "error", fix)

    def _passed(self, cases: list[Case], job: Future[dict[int, list[Rule]]]) -> Iterator[Case]:
        return self.reader.passed(cases, job.result())


def _opened(path: Path, reading: Reading, headings: list[str]) -> Table:
    """Open the file as a table, with the headings that it may have."""
    is_geojson = isinstance(reading.mapping, Mapping) and reading.mapping.form == "geojson"
    if is_geojson or path.suffix.lower() in JSON_ENDINGS:
        return read_json(path, largest=reading.largest)
    return read_table(
        path,
        sheet=reading.sheet,
        encoding=reading.encoding,
        largest=reading.largest,
        expected=headings,
    )


def _headings(record: CaseRecord) -> list[str]:
    """Give every heading that a case sheet may have: keys, and names in each language."""
    return [name for field in record.fields for name in (field.key, *field.names.values())]


def level_of_rights(store: Store) -> dict[str, str]:
    """Give the level that rubric R0 gives to each degree of decision rights, as N-Triples terms."""
    given = store.statements(None, ox.NamedNode(COP + "givesLevelUnderR0"))
    return {str(quad.subject): str(quad.object) for quad in given}


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rows = iter(rows)
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _in(lang: str) -> dict[str, Any]:
    """Give the option of a language, where it is not the one that is taken without it."""
    return {} if lang == "en" else {"lang": lang}
