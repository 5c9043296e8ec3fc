"""Cases of a store as rows of the case sheet: what each column would hold.

What the sheet has no column for (a coding of its own for one value, a level under a second rubric)
is in no cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import Final

import pyoxigraph as ox

from ..knowledge.case_record import CaseRecord, Field
from ..knowledge.followed import Followed, bearing, followed_from
from ..names import BASE, COP, RDF, RDFS
from ..store.protocol import Store
from .cells import organisation_iri

_LEVEL_KEYS: Final = ("level", "level_status", "rubric")
_LEVEL: Final = COP + "hasParticipationLevel"
_RIGHTS: Final = COP + "hasDecisionRights"
_BASED_ON: Final = COP + "basedOn"


class SheetRows:
    """Reads cases out of a store, one row each.

    Args:
        store: where the cases are.
        record: the case record.
        lang: language of the values.
        level_of: participation level that each degree of decision rights gives under R0.

    Attributes:
        others: headings of the notes that were found so far, behind the record's fields.
    """

    def __init__(
        self, store: Store, record: CaseRecord, lang: str, level_of: dict[str, str]
    ) -> None:
        self.store, self.record, self.level_of = store, record, level_of
        self.others: list[str] = []
        self.labels = {
            choice.iri: choice.label(lang)
            for field in record.fields
            for choice in (*field.choices, *field.other_choices)
        }
        self.unknown = record.unknown.label(lang)

    def over(self, store: Store) -> SheetRows:
        """Give the same of another store, without gathering the labels of values again."""
        other = copy(self)
        other.store, other.others = store, []
        return other

    def rows(self, uncoded: bool = False) -> Iterator[list[str]]:
        """Give the rows of all cases, or of those only in which a required field is unknown."""
        asked = {field.path for field in self.record.fields if field.required}
        kind = self.store.statements(None, ox.NamedNode(RDF + "type"), ox.NamedNode(COP + "Case"))
        for iri in sorted({q.subject.value for q in kind if isinstance(q.subject, ox.NamedNode)}):
            case = ox.NamedNode(iri)
            if not uncoded or asked & self._unknown_of(case):
                yield self.row(case)

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

    def row(self, case: ox.NamedNode) -> list[str]:
        """Give the row of a case: the record's fields, and its notes below :attr:`others`."""
        unknown = self._unknown_of(case)
        derived = self._is_derived(case)
        followed = {each.property for each in self._followed(case)}
        cells = [
            ""
            if (field.key in _LEVEL_KEYS and (derived or _LEVEL in unknown))
            or (field.path in followed and not field.parent)
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

    def _followed(self, case: ox.NamedNode) -> list[Followed]:
        """Give the values that follow from others of the record, and are marked as that."""
        marked = [
            prop
            for prop in bearing()
            if self._values(ox.NamedNode(Followed(prop, "", ()).coding_of(case.value)), _BASED_ON)
        ]
        if not marked:
            return []
        told = sorted(
            f"{quad.predicate} {quad.object}"
            for quad in self.store.statements(case)
            if quad.predicate.value in bearing() and quad.predicate.value not in marked
        )
        return [
            each
            for each in followed_from(tuple(told))
            if each.property in marked and self._values(case, each.property) == [each.value]
        ]

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
