"""Cases counted by their values, each value beside all others: one pass for a state of the store.

Of each case a byte is kept for each facet. What a value is counted by is arithmetic on these
bytes: no page asks the cases again to count them. Of a large store that keeps a summary the sets
of values in it stand in the place of cases, with those facets that it has.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import compress, product
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from ..knowledge.case_record import Field, case_record
from ..knowledge.summary import read_summary
from ..names import COP, RDFS, XSD
from .grid import RECORDED, level_property
from .keeping import kept

if TYPE_CHECKING:
    from ..store.protocol import Store, Term

KEYS: Final = (
    "service", "sector", "country", "level", "intensity", "decision_rights", "start_year",
)  # fmt: skip
"""The columns that cases are counted by; the level is that of the rubric that is asked for."""
NONE: Final = "-"
"""Stands in the address for that nothing is recorded."""
NOT: Final = "!"
"""Stands before a value that is left out."""
LARGE: Final = 50_000
"""Cases above which they are counted by what the summary of the store has, where it has one."""
_REST: Final = 255
"""Stands for all values beyond as many as a byte tells apart."""


class Facet(NamedTuple):
    """What cases are counted by.

    Attributes:
        key: of its column.
        path: IRI of its property.
        field: the column of the record.
    """

    key: str
    path: str
    field: Field


class Wanted(NamedTuple):
    """A value that cases have to have, or must not have.

    Attributes:
        value: as it stands in the address, without the sign.
        is_out: whether cases that have it are left out.
    """

    value: str
    is_out: bool = False


class FacetTable(NamedTuple):
    """The cases as bytes, in a row each; one with several values has a row for each combination.

    Attributes:
        codes: of each facet, a byte a row.
        values: of each facet, what its bytes stand for, as values stand in the address.
        number: rows.
        owners: of each row, which case it is of; empty where each case has one row.
        weights: of each case (by its place, or that of its row) how many stand behind it; empty
            where that is one.
    """

    codes: dict[str, bytes]
    values: dict[str, list[str]]
    number: int
    owners: Sequence[int] = ()
    weights: tuple[int, ...] = ()

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return self._cases(b"\1" * self.number)

    def counted(self, wanted: Mapping[str, Wanted]) -> tuple[int, dict[str, Counter[str]]]:
        """Count the cases.

        Args:
            wanted: what they have to have, by facet.

        Returns:
            how many have all that is wanted; and of each facet, how many have each value among
            those that have what is wanted of the other facets.
        """
        masks = {key: self._mask(key, each) for key, each in wanted.items() if key in self.codes}
        everything = int.from_bytes(b"\1" * self.number)
        total = everything
        for mask in masks.values():
            total &= mask
        counts = {}
        for key, codes in self.codes.items():
            mask = everything
            for other, each in masks.items():
                mask &= each if other != key else everything
            found = self._found(codes, mask.to_bytes(self.number))
            counts[key] = Counter({self.values[key][code]: n for code, n in found.items()})
        return self._cases(total.to_bytes(self.number)), counts

    def _cases(self, mask: bytes) -> int:
        """Count the cases of the rows that a mask has."""
        if self.owners:
            owners = set(compress(self.owners, mask))
            return sum(self.weights[each] for each in owners) if self.weights else len(owners)
        return sum(compress(self.weights, mask)) if self.weights else mask.count(1)

    def _found(self, codes: bytes, mask: bytes) -> Counter[int]:
        """Count the cases behind each byte of a facet, of the rows that a mask has."""
        if not self.owners and not self.weights:
            return Counter(compress(codes, mask))
        found: Counter[int] = Counter()
        owners = self.owners or range(self.number)
        # A case counts once for each of its values.
        for code, owner in set(compress(zip(codes, owners, strict=True), mask)):
            found[code] += self.weights[owner] if self.weights else 1
        return found

    def _mask(self, key: str, wanted: Wanted) -> int:
        """Give a byte of 1 for each row that fits, and of 0 for each other."""
        has = bytes(value == wanted.value for value in self.values[key])
        mask = self.codes[key].translate(has.ljust(256, b"\0"))
        if wanted.is_out:
            out = set(compress(self.owners, mask))
            mask = mask.translate(b"\1" + bytes(255))
            if out:
                mask = bytes(
                    fits and owner not in out for fits, owner in zip(mask, self.owners, strict=True)
                )
        return int.from_bytes(mask)


def facets(store: Store, rubric: str) -> list[Facet]:
    """Give what cases are counted by.

    Raises:
        UnknownName: there is no such rubric.
    """
    fields = {field.key: field for field in case_record().fields}
    paths = {key: fields[key].path for key in KEYS} | {"level": level_property(store, rubric)}
    return [Facet(key, path, fields[key]) for key, path in paths.items()]


def facet_table(store: Store, many: list[Facet]) -> FacetTable:
    """Give the cases of a store as bytes; they are read once for each state of it."""
    level = next(facet.path for facet in many if facet.key == "level")
    return kept(store, ("facets", level), lambda: _of_summary(store, many) or _read(store, many))


def _of_summary(store: Store, many: list[Facet]) -> FacetTable | None:
    """Give what the summary of a large store tells, which has some of the facets; else None."""
    summary = read_summary(getattr(store, "summary", None))
    if summary is None:
        return None
    best: dict[str, tuple[Facet, str]] = {}
    chosen = ""
    for cube, dimensions in sorted(summary.cubes.items()):
        own = {f.key: (f, dimensions[f.path]) for f in many if f.path in dimensions}
        if cube in summary.counts and "level" in own and len(own) > len(best):
            best, chosen = own, cube
    if not best or sum(summary.counts[chosen].values()) <= LARGE:
        return None
    known: dict[str, dict[str, int]] = {key: {NONE: 0} for key in best}
    codes = {key: bytearray() for key in best}
    owners, weights = array("L"), []
    for owner, (profile, number) in enumerate(summary.counts[chosen].items()):
        weights.append(number)
        told = [each.split(" ", 1) for each in profile]
        values = [
            [value for name, value in told if name == f"<{dimension}>"] or [NONE]
            for _, dimension in best.values()
        ]
        for row in product(*values):
            owners.append(owner)
            for key, value in zip(best, row, strict=True):
                own_codes, short = known[key], _plain(value)
                code = own_codes.setdefault(short, min(len(own_codes), _REST))
                codes[key].append(code)
    return FacetTable(
        {key: bytes(each) for key, each in codes.items()},
        {key: [*each][: _REST + 1] for key, each in known.items()},
        len(owners),
        owners if len(owners) > len(weights) else (),
        tuple(weights),
    )


def _plain(value: str) -> str:
    """Give a term as N-Triples has it as it stands in the address."""
    if value.startswith("<"):
        return value[1:-1].removeprefix(COP)
    return value.split('"')[1] if value.startswith('"') else value


def _read(store: Store, many: list[Facet]) -> FacetTable:
    known: dict[str, dict[Term | None, int]] = {facet.key: {None: 0} for facet in many}
    codes = {facet.key: bytearray() for facet in many}
    answer = store.query(text_of(many, {}, by_name=None))
    assert isinstance(answer, ox.QuerySolutions)
    places: dict[Term | None, int] = {}
    owners = array("L")
    for row in answer:
        owners.append(places.setdefault(row["case"], len(places)))
        for facet in many:
            value, own = row[facet.key], known[facet.key]
            code = own.get(value)
            if code is None:
                code = own[value] = min(len(own), _REST)
            codes[facet.key].append(code)
    values = {}
    for facet in many:
        names = [written(value) for value in known[facet.key]][: _REST + 1]
        if len(known[facet.key]) > _REST:
            names[_REST] = "…"
        values[facet.key] = names
    as_bytes = {key: bytes(each) for key, each in codes.items()}
    return FacetTable(as_bytes, values, len(owners), owners if len(owners) > len(places) else ())


def written(value: Term | None) -> str:
    """Give a value as it stands in the address."""
    if value is None:
        return NONE
    return str(getattr(value, "value", value)).removeprefix(COP)


# -- the query -------------------------------------------------------------------------------------


def text_of(
    many: list[Facet],
    wanted: Mapping[str, Wanted],
    *,
    by_name: str | None = "en",
    limit: int | None = None,
    offset: int = 0,
) -> str:
    """Give the query whose rows are the cases.

    Args:
        many: the columns.
        wanted: what cases have to have, by facet.
        by_name: the language of the names by which they come; None for any order.
        limit, offset: which of them come.
    """
    names = " ".join(f"?{facet.key}" for facet in many)
    order = ["ORDER BY ?name ?case"] if by_name else []
    head = [f"PREFIX cop: <{COP}>", f"PREFIX rdfs: <{RDFS}>", f"SELECT ?case {names}", "WHERE {"]
    chosen = ["?case a cop:Case .", *_filters(many, wanted)]
    if by_name or limit is not None:
        # Which cases come is said first, so that no others are looked up.
        columns, labels = _names(by_name) if by_name else ("", [])
        within = [*chosen, *labels]
        chosen = ["{", f"  SELECT ?case{columns} WHERE {{", *(f"    {each}" for each in within)]
        chosen += ["  }", *(f"  {each}" for each in (["GROUP BY ?case", *order] if order else []))]
        chosen += [f"  LIMIT {limit} OFFSET {offset}"] if limit is not None else []
        chosen.append("}")
    values = [f"OPTIONAL {{ ?case {_iri(facet.path)} ?{facet.key} }}" for facet in many]
    lines = [*head, *(f"  {line}" for line in (*chosen, *values)), "}", *order]
    return "\n".join(lines) + "\n"


def _names(lang: str) -> tuple[str, list[str]]:
    """Give the column of the name by which a case comes, and the patterns of it.

    It is its label in the language, else in English or none, in small letters; else its IRI.
    """
    tags = {"own": (lang,), "else": ("",) if lang == "en" else ("en", "")}
    listed = {name: ", ".join(f'"{tag}"' for tag in each) for name, each in tags.items()}
    patterns = [
        f"OPTIONAL {{ ?case rdfs:label ?{name} FILTER(LANG(?{name}) IN ({each})) }}"
        for name, each in listed.items()
    ]
    return " (COALESCE(MIN(LCASE(?own)), MIN(LCASE(?else)), STR(?case)) AS ?name)", patterns


def _filters(many: list[Facet], wanted: Mapping[str, Wanted]) -> Iterator[str]:
    """Give what cases have to have as patterns."""
    for facet in many:
        one, path = wanted.get(facet.key), _iri(facet.path)
        if one is None:
            continue
        is_none = one.value == NONE
        value = f"?any_{facet.key}" if is_none else _value(facet, one.value)
        if one.is_out == is_none:
            # A case has it once, though two values are recorded of it.
            pattern = f"?case {path} {value}"
            yield f"FILTER EXISTS {{ {pattern} }}" if is_none else f"{pattern} ."
        else:
            yield f"FILTER NOT EXISTS {{ ?case {path} {value} }}"


def _iri(iri: str) -> str:
    return f"cop:{iri.removeprefix(COP)}" if iri.startswith(COP) else f"<{iri}>"


def _value(facet: Facet, value: str) -> str:
    """Write a value as SPARQL has it."""
    if facet.field.choices or facet.path == RECORDED or facet.key == "level":
        iri = value if ":" in value else COP + value
        return str(ox.NamedNode(iri)) if not iri.startswith(COP) else f"<{iri}>"
    if value.lstrip("-").isdecimal():
        return str(ox.Literal(value, datatype=ox.NamedNode(XSD + "integer")))
    return str(ox.Literal(value))
