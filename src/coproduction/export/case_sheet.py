"""Cases of a store given back as the case sheet that they could have come from.

Loading the sheet again changes nothing: what the sheet has no column for (a coding of its own
for one value, a level under a second rubric) stays in the RDF alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ..cases.cells import organisation_iri
from ..cases.from_table import level_of_rights
from ..cases.template import workbook
from ..errors import DataError
from ..files.output import check_writable, write_whole
from ..knowledge.case_record import CaseRecord, Field, case_record
from ..knowledge.questions import find_question
from ..messages import spoken
from ..names import BASE, COP, RDF, RDFS
from ..results.asking import ask
from ..results.fetching import QueryOptions
from ..results.result import Result
from ..store.protocol import Store
from ..tables.csv_writing import write_csv

_LEVEL_KEYS: Final = ("level", "level_status", "rubric")
_LEVEL: Final = COP + "hasParticipationLevel"
_RIGHTS: Final = COP + "hasDecisionRights"


def write_cases(
    store: Store,
    path: str | Path,
    lang: str = "en",
    *,
    uncoded: bool = False,
    most: int | None = None,
    force: bool = False,
) -> int:
    """Write the cases in scope as a case sheet.

    Args:
        store: where the cases are.
        path: a file ending in .xlsx or .csv.
        lang: language of headings and values: en, sv, de or fr.
        uncoded: only those in which a required field is unknown, as a register leaves them.
        most: at most so many, in order of their IRIs.
        force: whether a file that exists is replaced; else it is refused.

    Returns:
        the number of cases.

    Raises:
        DataError: another ending, more rows than a workbook holds, or the file exists or cannot be
            written.
        UnknownName: another language.
    """
    path = Path(path)
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise DataError(f"{path}: a case sheet ends in .xlsx or .csv")
    lang = spoken(lang)
    check_writable(path, force=force)
    record = case_record()
    sheet = _Sheet(store, record, lang)
    rows = list(islice(sheet.rows(uncoded), most))
    headings = [field.name(lang) for field in record.fields] + sheet.others
    rows = [row + [""] * (len(headings) - len(row)) for row in rows]
    if path.suffix.lower() == ".csv":
        data = write_csv(headings, rows, lang)
    else:
        if len(rows) > 1_000_000:
            raise DataError(f"{path}: a workbook holds a million rows; write a .csv file")
        data = workbook(record, lang, headings, rows)
    write_whole(path, data, force=force)
    return len(rows)


def interpreted_cases(store: Store) -> int:
    """Count the cases with interpreted values, which a sheet has no column to say.

    Loaded from a sheet, such a value counts as stated.
    """
    text = find_question("interpreted-cases", "queries/views").text
    answer = ask(store, text, QueryOptions(wanted="rows"))
    assert isinstance(answer, Result)
    return int(str(answer[0]["count"]))


class _Sheet:
    """Reads cases out of a store, one row each."""

    def __init__(self, store: Store, record: CaseRecord, lang: str) -> None:
        self.store, self.record, self.lang = store, record, lang
        self.level_of = level_of_rights(store)
        self.others: list[str] = []
        self.labels = {
            choice.iri: choice.label(lang)
            for field in record.fields
            for choice in (*field.choices, *field.other_choices)
        }
        self.unknown = record.unknown.label(lang)

    def rows(self, uncoded: bool = False) -> Iterator[list[str]]:
        asked = {field.path for field in self.record.fields if field.required}
        kind = self.store.statements(None, ox.NamedNode(RDF + "type"), ox.NamedNode(COP + "Case"))
        for iri in sorted({q.subject.value for q in kind if isinstance(q.subject, ox.NamedNode)}):
            case = ox.NamedNode(iri)
            if not uncoded or asked & self._unknown_of(case):
                yield self._row(case)

    def _unknown_of(self, case: ox.NamedNode) -> set[str]:
        """Give the properties of a case that a coding says are unknown."""
        codings = [ox.NamedNode(iri) for iri in self._values(case, COP + "hasCoding")]
        return {
            prop
            for coding in codings
            if self._values(coding, COP + "codingStatus") == [COP + "Unknown"]
            for prop in self._values(coding, COP + "codedProperty")
        }

    def _values(self, node: ox.NamedNode, prop: str) -> list[str]:
        return sorted({str(getattr(value, "value", "")) for value in self.store.values(node, prop)})

    def _row(self, case: ox.NamedNode) -> list[str]:
        unknown = self._unknown_of(case)
        derived = self._is_derived(case)
        cells = [
            ""
            if field.key in _LEVEL_KEYS and (derived or _LEVEL in unknown)
            else self._cell(case, field, unknown)
            for field in self.record.fields
        ]
        for note in self._values(case, COP + "otherCell"):
            heading, _, text = note.partition(": ")
            if heading not in self.others:
                self.others.append(heading)
            position = len(self.record.fields) + self.others.index(heading)
            cells += [""] * (position + 1 - len(cells))
            cells[position] = text
        return cells

    def _is_derived(self, case: ox.NamedNode) -> bool:
        """Tell whether the level is what rubric R0 gives, and marked as no more than that."""
        node = ox.NamedNode(f"{case.value}/coding/level")
        rights = self._values(case, _RIGHTS)
        level = [self.level_of.get(f"<{right}>", "") for right in rights]
        return (
            level == [f"<{value}>" for value in self._values(case, _LEVEL)]
            and self._values(node, COP + "codingStatus") == [COP + "Interpreted"]
            and self._values(node, COP + "underRubric") == [COP + "RubricR0"]
            and self._values(node, COP + "basedOn") == [_RIGHTS]
        )

    def _cell(self, case: ox.NamedNode, field: Field, unknown: set[str]) -> str:
        if field.key == "id":
            return case.value.removeprefix(BASE)
        if field.path in unknown:
            return self.unknown
        if field.node:
            values = self._values(ox.NamedNode(f"{case.value}/{field.node}"), field.path)
        elif field.parent:
            return self._forms(case, field)
        else:
            values = self._values(case, field.path)
            values += self._values(case, field.other_path) if field.other_path else []
        if field.organisation:
            values = [self._organisation(value) for value in values]
        separator = f"{field.separator} " if field.separator else "; "
        return separator.join(self.labels.get(value, value) for value in values)

    def _organisation(self, iri: str) -> str:
        names = self._values(ox.NamedNode(iri), RDFS + "label")
        return next((name for name in names if organisation_iri(name) == iri), iri)

    def _forms(self, case: ox.NamedNode, field: Field) -> str:
        """Give the forms of the providers in the providers' order; one stands for all."""
        forms = [
            self._values(ox.NamedNode(provider), field.path)[:1]
            for provider in self._values(case, field.parent)
        ]
        flat = [self.labels.get(form, form) for found in forms for form in found]
        if len(set(flat)) == 1 and len(flat) == len(forms):
            return flat[0]
        return "; ".join(flat) if len(flat) == len(forms) else ""
