"""Cases out of RDF that does not use our terms, by a mapping.

A mapping is a query that gives rows of the case sheet, so what is read is held against the same
checks as a sheet. The catalogue itself is kept as it came, in a graph of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox

from ..errors import DataError, command
from ..knowledge.case_record import case_record
from ..messages import Sentence, Speaker, speaker
from ..names import BASE, DCTERMS
from ..store.embedded import EmbeddedStore
from ..syntax.rdf_files import format_of
from ..tables.table import Row, Table, check_size
from .columns import Problem
from .countries import code_of_country
from .from_table import TableCases
from .mappings import RdfMapping, code_of, values_from_links
from .reading import PLAIN, Reading
from .statements import Case


class CatalogueCases:
    """The services of a catalogue, read as cases by a mapping.

    Raises:
        DataError: the file cannot be read, or the mapping finds nothing in it.
    """

    def __init__(
        self,
        path: Path,
        mapping: RdfMapping,
        reading: Reading = PLAIN,
        lang: str = "en",
    ) -> None:
        self._keep, self._name, self._say = mapping.keep, path.name, speaker(lang)
        base = None if reading.base == BASE else reading.base
        self._store = _read(path, reading.largest, base)
        cells = _Cells(mapping)
        rows = [
            {name: cells.of(iri, name, values) for name, values in row.items()}
            for iri, row in _found(self._store, mapping).items()
        ]
        self._strange = cells.told
        if not rows:
            raise DataError(f"{path}: the mapping {mapping.name} finds no service in it")
        headings = list(rows[0])
        keys = {field.key for field in case_record().fields}
        self._nodes = {number: row["id"] for number, row in enumerate(rows, start=2)}
        table = Table(
            name=path.name,
            heading_row=1,
            first_column=0,
            headings=headings,
            rows=iter(Row(i, list(row.values())) for i, row in enumerate(rows, start=2)),
            keys=tuple(heading if heading in keys else "" for heading in headings),
            how=f"the columns are those of the mapping {mapping.name}",
        )
        # The rows are those of the case sheet, and how far they are is told to no one.
        inner = Reading(base=reading.base, defaults=reading.defaults)
        self._inner = TableCases(path, inner, table=table, lang=lang)
        self.loader = mapping.name
        self.note = "; ".join(
            [
                *_oddities(self._store, mapping, self._say),
                *_of_others(cells.foreign, mapping, self._say),
            ]
        )

    @property
    def lang(self) -> str:
        """Language of what is told."""
        return self._say.lang

    @property
    def read(self) -> int:
        """Number of services read so far."""
        return self._inner.read

    @property
    def set_aside(self) -> int:
        """Number of services with an error so far."""
        return self._inner.set_aside

    @property
    def problems(self) -> list[Problem]:
        """What was wrong so far: the service stands in place of the cell."""
        found = [
            problem._replace(cell=self._nodes.get(problem.row, problem.cell), row=0)
            for problem in self._inner.problems
        ]
        for strange in self._strange:
            number, fix = len(found) + 1, self._say.again(strange.fix)
            found.append(strange._replace(problem=number, table=self._name, fix=fix))
        return found

    def cases(self) -> Iterator[Case]:
        """Give the cases without error."""
        return self._inner.cases()

    def rest(self, is_taken: Callable[[object], bool]) -> str:
        """Give the statements that belong to no case: they are in the original."""
        return ""

    def original(self) -> Iterator[ox.Triple]:
        """Give the catalogue as it came."""
        return (quad.triple for quad in self._store.statements()) if self._keep else iter(())

    def called(self, key: str) -> str:
        """Give what a column of the case sheet is called, by its key."""
        return case_record().field(key).name(self._say.lang)

    def refuse(self, case: Case, rule: str, fix: str) -> None:
        """Report an error of a case as a whole."""
        self._inner.refuse(case, rule, fix)


def _read(path: Path, largest: int, base: str | None) -> EmbeddedStore:
    format_of(path)
    check_size(path, largest)
    store = EmbeddedStore()
    store.add_raw(path, base)
    return store


def _oddities(store: EmbeddedStore, mapping: RdfMapping, say: Speaker) -> Iterator[str]:
    """Tell what the catalogue writes in an older or a wrong way, or twice."""
    used: dict[str, int] = {}
    named: dict[str, int] = {}
    for quad in store.statements():
        kinds = {getattr(term, "value", "") for term in (quad.predicate, quad.object)}
        for form in (*mapping.upgrades, *mapping.namespaces):
            if any(kind.startswith(form) for kind in kinds):
                used[form] = used.get(form, 0) + 1
        if quad.predicate.value == DCTERMS + "identifier":
            value = getattr(quad.object, "value", "")
            named[value] = named.get(value, 0) + 1
    for form, count in used.items():
        newer = (mapping.upgrades | mapping.namespaces)[form]
        yield say.plural(
            "{count:,} statement with {form}, today {newer}: kept as it is",
            "{count:,} statements with {form}, today {newer}: kept as they are",
            count,
            form=form,
            newer=newer,
        )
    twice = sorted(value for value, count in named.items() if count > 1)
    if twice:
        names = _some(twice, 3, say)
        yield say.plural(
            "the identifier {names} stands on several things: services are told apart by their "
            "IRIs",
            "the identifiers {names} stand on several things: services are told apart by their "
            "IRIs",
            len(twice),
            names=names,
        )


def _of_others(foreign: dict[str, int], mapping: RdfMapping, say: Speaker) -> Iterator[str]:
    """Tell in one sentence which codes are of no vocabulary that the mapping reads."""
    if foreign:
        codes = _some(sorted(foreign), 2, say)
        yield say.plural(
            "{count:,} code is not of {vocabularies} and says nothing here ({codes})",
            "{count:,} codes are not of {vocabularies} and say nothing here ({codes})",
            sum(foreign.values()),
            vocabularies=", ".join(mapping.links.values()),
            codes=codes,
        )


def _some(names: list[str], most: int, say: Speaker) -> str:
    """Name a few of many, and tell how many more there are."""
    some = ", ".join(names[:most])
    if len(names) <= most:
        return some
    return say.plural(
        "{names} and {count:,} more", "{names} and {count:,} more", len(names) - most, names=some
    )


def _found(store: EmbeddedStore, mapping: RdfMapping) -> dict[str, dict[str, list[str]]]:
    """Give what the mapping's query finds: IRI of a service to its columns, each with all values.

    Raises:
        DataError: the query is no SELECT, or gives no ids.
    """
    answer = store.query(mapping.select)
    if not isinstance(answer, ox.QuerySolutions):
        raise DataError(f"the mapping {mapping.name} is no SELECT query")
    names = [variable.value for variable in answer.variables]
    if "id" not in names:
        raise DataError(f"the mapping {mapping.name} gives no column id, the IRI of the case")
    found: dict[str, dict[str, list[str]]] = {}
    for solution in answer:
        row = found.setdefault(_text(solution["id"]), {name: [] for name in names})
        for name in names:
            value = _text(solution[name])
            if value and value not in row[name]:
                row[name].append(value)
    return found


class _Cells:
    """Makes one cell of the values that a service has for a column.

    A column of several values keeps all, joined as the sheet has them; of codes that lead to a
    value the first is taken, and none that does is unknown; of any other column the first.

    Attributes:
        told: what is odd.
        foreign: codes of no vocabulary that the mapping reads, with how often they stand.
    """

    def __init__(self, mapping: RdfMapping) -> None:
        self._links = mapping.links
        self._known = values_from_links(mapping.links)
        self._fields = {field.key: field for field in case_record().fields}
        self.told: list[Problem] = []
        self.foreign: dict[str, int] = {}

    def of(self, iri: str, name: str, values: list[str]) -> str:
        """Give the cell of a service in a column."""
        if name in self._links:
            return self._by_code(iri, name, values)
        if name not in self._fields:
            return "; ".join(values)
        field = self._fields[name]
        if field.separator:
            return field.separator.join(values)
        countries = {value: code_of_country(value) for value in values} if field.codes else {}
        values = [value for value, code in countries.items() if code] or values
        if len({countries[value] for value in values if field.codes}) > 1:
            fix = Sentence(
                "It has several ({values}): {taken} is taken.",
                values=", ".join(values),
                taken=values[0],
            )
            self._tell(iri, name, "warning", "several-values", values[1], fix)
        return next(iter(values), "")

    def _by_code(self, iri: str, name: str, values: list[str]) -> str:
        codes = {value: code_of(value, self._links[name]) for value in values}
        known = self._known[name]
        meant = [known[code] for code in codes.values() if code in known]
        for value, code in codes.items() if not meant else ():
            if code == value:
                self.foreign[value] = self.foreign.get(value, 0) + 1
                continue
            fix = Sentence(
                "The code {code} of {vocabulary} leads to no {field} of ours, or to none that it "
                "lies within: taken as unknown. {coding} hands the case to a person.",
                coding=command("code", python="code(FILE)"),
                code=code,
                vocabulary=self._links[name],
                field=name,
            )
            self._tell(iri, name, "info", "code-without-link", value, fix)
        return meant[0] if meant else "unknown"

    def _tell(self, iri: str, name: str, level: str, rule: str, value: str, fix: str) -> None:
        self.told.append(Problem(0, "", iri, 0, name, level, rule, value, fix))


def _text(term: object) -> str:
    return str(getattr(term, "value", "")) if term is not None else ""
