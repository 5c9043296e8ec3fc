"""What a row says, gathered as N-Triples: a case, its values, organisations and codings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from ..knowledge.case_record import Field
from ..knowledge.followed import Followed
from ..names import COP, FOAF, RDF, RDFS
from .cells import Parsed, literal

_TYPE: Final = f"<{RDF}type>"
_LABEL: Final = f"<{RDFS}label>"
_CODING: Final = f"<{COP}hasCoding>"
_CODING_TYPE: Final = f"{_TYPE} <{COP}Coding> .\n"
_CODED: Final = f"<{COP}codedProperty>"
_STATUS: Final = f"<{COP}codingStatus>"
_LEVEL: Final = f"<{COP}hasParticipationLevel>"
_RIGHTS: Final = f"<{COP}hasDecisionRights>"
_OTHER: Final = f"<{COP}otherCell>"


class Case(NamedTuple):
    """A row read: the case's IRI, its statements, its row, its organisations and its cells.

    The statements that a rule across fields may ask for are kept apart from the others, so
    that only they are held against the rules.
    """

    iri: str
    ruled: str
    others: str
    row: int
    organisations: tuple[tuple[str, str], ...] = ()
    cells: Sequence[str] = ()

    @property
    def statements(self) -> str:
        """All statements, as N-Triples."""
        return self.ruled + self.others


def organisation_statements(node: str, name: str) -> str:
    """Give what is said of an organisation itself: that it is one, and its name."""
    return f"{node} {_TYPE} <{FOAF}Organization> .\n{node} {_LABEL} {name} .\n"


class Statements:
    """The statements of one case, as its row is read.

    Args:
        iri: of the case.

    Attributes:
        ruled: lines that a rule across fields may ask for.
        others: the other lines.
        shared: what is said of all values together, such as who coded them.
        told: what the rules of records ask for, as statements without their subject.
        lacking: required fields whose cells are empty, by column; a value may follow.
        unknown: properties of which the row says that the value is not known.
        organisations: key to the nodes of the organisations in its cell.
        rights: the degree of decision rights, from which a level follows.
        forms: the cell with the forms of the providers.
        wrong: whether the row has an error, and so makes no case.
    """

    __slots__ = (
        "_case",
        "_names",
        "forms",
        "iri",
        "lacking",
        "organisations",
        "others",
        "rights",
        "ruled",
        "shared",
        "told",
        "unknown",
        "wrong",
    )

    def __init__(self, iri: str) -> None:
        self.iri = iri
        self._case = f"<{iri}>"
        self.ruled = [f"{self._case} {_TYPE} <{COP}Case> .\n"]
        self.others: list[str] = []
        self.shared: list[str] = []
        self.unknown: list[str] = []
        self.told: list[str] = []
        self.lacking: dict[int, Field] = {}
        self.organisations: dict[str, list[str]] = {}
        self._names: dict[str, str] = {}
        self.rights = ""
        self.forms: Parsed | None = None
        self.wrong = False

    def add_organisations(self, key: str, path: str, named: Iterable[tuple[str, str]]) -> None:
        """Add the organisations of a cell, each a node with its name."""
        there = self.organisations.setdefault(key, [])
        for node, name in named:
            if node in there:
                continue  # the same in another spelling
            self.ruled.append(f"{self._case} {path} {node} .\n")
            there.append(node)
            self._names[node] = name

    def add_notes(self, notes: Iterable[str]) -> None:
        """Add what stands in cells that no field is for."""
        self.others += [f"{self._case} {_OTHER} {literal(note)} .\n" for note in notes]

    def add_followed(self, followed: Followed) -> None:
        """Add a value that follows from others of the row, and its coding."""
        self.ruled.append(f"{self._case} <{followed.property}> <{followed.value}> .\n")
        self.others.append(followed.about(self.iri))
        if f"<{followed.property}>" == _RIGHTS:
            self.rights = f"<{followed.value}>"

    def add_level(
        self, level: Parsed | None, status: Parsed | None, rubric: Parsed | None, derived: str
    ) -> None:
        """Add the level of participation and its coding; unknown where nothing tells it.

        Args:
            level, status, rubric: the cells that say the level, whether the source states it,
                and the rubric that gives it; None where they say nothing.
            derived: the level that rubric R0 gives, or an empty text.
        """
        value = next(iter(level.objects), "") if level else derived
        if not value:
            self.unknown.append(_LEVEL)
            return
        case = self._case
        by_rubric = value == derived and status is None and rubric is None
        node = self._coding("level")
        lines = self.ruled
        lines.append(f"{case} {_LEVEL} {value} .\n{case} {_CODING} {node} .\n{node} {_CODING_TYPE}")
        lines.append(f"{node} {_CODED} {_LEVEL} .\n")
        state = status.objects[0] if status else f"<{COP}Interpreted>"
        lines.append(f"{node} {_STATUS} {state} .\n")
        if rubric or by_rubric or level is None:
            which = rubric.objects[0] if rubric else f"<{COP}RubricR0>"
            lines.append(f"{node} <{COP}underRubric> {which} .\n")
        if level is None:
            lines.append(f"{node} <{COP}basedOn> {_RIGHTS} .\n")

    def case(self, row: int, cells: Sequence[str]) -> Case:
        """Give the case, with the codings of what is shared and of what is unknown."""
        case, lines = self._case, self.ruled
        if self.shared:
            node = self._coding("shared")
            lines.append(f"{case} {_CODING} {node} .\n{node} {_CODING_TYPE}")
            lines.append(f"{node} {_STATUS} <{COP}Stated> .\n")
            lines += [f"{node} {statement}" for statement in self.shared]
        if self.unknown:
            node = self._coding("unknown")
            lines.append(f"{case} {_CODING} {node} .\n{node} {_CODING_TYPE}")
            lines.append(f"{node} {_STATUS} <{COP}Unknown> .\n")
            lines += [f"{node} {_CODED} {path} .\n" for path in self.unknown]
        return Case(
            self.iri,
            "".join(lines),
            "".join(self.others),
            row,
            tuple(self._names.items()),
            cells,
        )

    def _coding(self, of: str) -> str:
        return f"{self._case[:-1]}/coding/{of}>"
