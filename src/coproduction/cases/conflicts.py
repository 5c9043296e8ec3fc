"""What differs between a case of a store and the same case in a file, told as a sheet has it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Final, Protocol

import pyoxigraph as ox

from ..errors import command, option
from ..knowledge.case_record import case_record
from ..messages import speaker
from ..names import RDFS, compact
from ..store.embedded import EmbeddedStore
from .from_table import level_of_rights
from .sheet_rows import SheetRows
from .statements import Case, organisation_statements

_LABEL: Final = ox.NamedNode(RDFS + "label")
_MOST: Final = 4
"""Differences that are told of one case."""
_LONGEST: Final = 60
"""Characters of a value that is told."""
_IRI: Final = re.compile(r"<([a-z][^<>\s]*)>")


class Named(Protocol):
    """A file of cases, which says what its columns are called."""

    @property
    def lang(self) -> str:
        """Language of what is told."""

    def called(self, key: str) -> str:
        """Give what the file calls the column of a field."""


class Conflicts:
    """Tells what differs.

    Args:
        store: what has the cases, with the packaged graphs.
        source: the file.
        is_served: whether the cases are on a server, where none takes another's place.
    """

    def __init__(self, store: ox.Store, source: Named, *, is_served: bool = False) -> None:
        self._store, self._source, self._is_served = store, source, is_served

    @cached_property
    def _sheet(self) -> SheetRows:
        home = EmbeddedStore(self._store)
        return SheetRows(home, case_record(), self._source.lang, level_of_rights(home))

    def told(
        self, there: Iterable[ox.Quad], case: Case, statements: tuple[set[str], set[str]]
    ) -> str:
        """Tell what differs between the statements of a case there and those of the file.

        Args:
            there: those there.
            case: the case of the file.
            statements: both as texts that compare.
        """
        say = speaker(self._source.lang)
        old, new = ox.Store(), ox.Store()
        old.extend(ox.Quad(*quad.triple) for quad in there)
        named = (organisation_statements(node, name) for node, name in case.organisations)
        new.load(input="".join((case.statements, *named)).encode(), format=ox.RdfFormat.N_TRIPLES)
        for store in (old, new):
            self._name(store)
        node = ox.NamedNode(case.iri)
        was, now = self._columns(old, node), self._columns(new, node)
        differing = [
            say(
                "{column}: {there} there, {here} here",
                column=self._source.called(key) if key in self._keys else key,
                there=repr(one) if one else say("nothing"),
                here=repr(other) if other else say("nothing"),
            )
            for key in {**was, **now}
            if was.get(key) != now.get(key)
            for one, other in (_short(was.get(key, ""), now.get(key, "")),)
        ]
        if not differing:
            return self._beyond_the_sheet(*statements)
        listed = "; ".join(differing[:_MOST])
        if len(differing) > _MOST:
            more = len(differing) - _MOST
            listed += "; " + say.plural("and {count} more", "and {count} more", more)
        if self._is_served:
            return say(
                "The server has this case with other values ({differences}): to have the new ones, "
                "take the load that has it out first ({unload}).",
                differences=listed,
                unload=command("unload", "NUMBER"),
            )
        return say(
            "The store has this case with other values ({differences}): {replace} takes the new "
            "ones.",
            differences=listed,
            replace=option("replace"),
        )

    def _name(self, statements: ox.Store) -> None:
        """Add the names that the store has of what a case points to, such as organisations."""
        for node in {quad.object for quad in statements if isinstance(quad.object, ox.NamedNode)}:
            names = self._store.quads_for_pattern(node, _LABEL, None)
            statements.extend(ox.Quad(*name.triple) for name in names)

    def _columns(self, store: ox.Store, node: ox.NamedNode) -> dict[str, str]:
        """Give what a case sheet holds of a case, by the keys of fields and headings of notes."""
        sheet = self._sheet.over(EmbeddedStore(store))
        cells = sheet.row(node)
        return {
            key: cell
            for key, cell in zip([*self._keys, *sheet.others], cells, strict=False)
            if cell
        }

    @cached_property
    def _keys(self) -> dict[str, None]:
        return dict.fromkeys(field.key for field in case_record().fields)

    def _beyond_the_sheet(self, old: set[str], new: set[str]) -> str:
        """Tell of statements that are in no column, which only RDF has."""
        was, now = ("; ".join(sorted(part)[:3]) for part in (old - new, new - old))
        say = speaker(self._source.lang)
        if self._is_served:
            return say(
                "The server has this case with other content ({there} there, {here} here): to have "
                "the new one, take the load that has it out first ({unload}).",
                unload=command("unload", "NUMBER"),
                there=_compacted(was) or "-",
                here=_compacted(now) or "-",
            )
        return say(
            "The store has this case with other content ({there} there, {here} here): "
            "{replace} takes the new one.",
            replace=option("replace"),
            there=_compacted(was) or "-",
            here=_compacted(now) or "-",
        )


def _short(one: str, other: str) -> tuple[str, str]:
    """Give two texts cut to where they begin to differ, if they are long.

    >>> _short("a" * 70 + "b", "c")
    ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…', 'c')
    """
    pairs = enumerate(zip(one, other, strict=False))
    same = next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
    first = max(same - _LONGEST // 3, 0)

    def cut(text: str) -> str:
        if len(text) <= _LONGEST:
            return text
        part = text[first : first + _LONGEST - 1]
        return f"{'…' if first else ''}{part}{'…' if first + _LONGEST <= len(text) else ''}"

    return cut(one), cut(other)


def _compacted(text: str) -> str:
    return _IRI.sub(lambda found: compact(found[1]), text)
