"""All cases, by their values: how many have each, and which they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from ..errors import DataError, UnknownName
from ..knowledge.terms import labels_of
from ..messages import Speaker, speaker
from ..names import COP
from ..results.asking import ask
from ..results.fetching import QueryOptions
from ..results.result import Result
from .address import Address
from .diagram import country_name
from .facets import KEYS, NONE, NOT, Facet, FacetTable, Wanted, facet_table, facets, text_of
from .judged import controls_of, rules_of, words_of
from .page import Page, Words
from .tables import table, text

if TYPE_CHECKING:
    from ..asked_graph import AskedGraph
    from ..store.protocol import Store, Term

PAGE: Final = 50
"""Cases of a page."""
SEEN: Final = 8
"""Values of a facet that are seen at once; the others are unfolded."""
_SORTED: Final = 20_000
"""Cases of a store up to which those that are found come by their names."""
_FEW: Final = 1_000
"""Cases that come by their names in a larger store; more come as the store has them."""


class Value(NamedTuple):
    """A value of a facet.

    Attributes:
        value: as it stands in the address.
        name: what it is called.
        number: how many cases have it; where it is left out, how many are listed without it.
        is_taken: whether cases have to have it.
        is_out: whether cases that have it are left out.
    """

    value: str
    name: str
    number: int
    is_taken: bool
    is_out: bool


class Shown(NamedTuple):
    """A facet on the page.

    Attributes:
        key, label: of its column.
        seen, folded: its values.
        is_filtered: whether one of them is wanted, or left out.
    """

    key: str
    label: str
    seen: tuple[Value, ...]
    folded: tuple[Value, ...]
    is_filtered: bool


def page(graph: AskedGraph, address: Address, rows: int | None = None) -> Page:
    """Give the cases.

    Args:
        graph: what is in scope.
        address: its state may have a value of each facet (``sector=ThirdSector``), all but a value
            (``sector=!ThirdSector``), or none (``sector=-``); ``rubric``, by which the level is;
            and ``from``, the place of the first case that is listed.
        rows: how many a file may have.

    Raises:
        DataError: a file would have more.
        UnknownName: there is no such rubric, or no case has such a value.
    """
    store, say = graph.store, speaker(address.lang)
    rubric = address.get("rubric").upper()
    many = facets(store, "" if rubric == "R0" else rubric)
    found_by = facet_table(store, many)
    wanted = {each.key: one for each in many if (one := _wanted(address, each.key)) is not None}
    counted = _counted(many, found_by, wanted)
    total, counts = found_by.counted(wanted)
    first = _place(address, total)
    whole = address.form == "csv"
    if whole and rows is not None and total > rows:
        raise DataError(
            f"there are {total:,} rows, and {rows:,} are given at most: narrow them down"
        )
    by_name = say.lang if found_by.cases <= _SORTED or total <= _FEW else None
    query = text_of(many, wanted, by_name=by_name)
    limits = {} if whole else {"limit": PAGE, "offset": first - 1}
    found = _fetched(graph, text_of(many, wanted, by_name=by_name, **limits))
    shown = _labelled(store, found, many, say.lang)
    cases = [row[0].value for row in found.terms if isinstance(row[0], ox.NamedNode)]
    return Page(
        address,
        say("Cases"),
        "cases.html",
        {
            "facets": list(_shown(store, counted, (total, counts), wanted, say)),
            "controls": controls_of(store, address, say, ["rubric"]),
            "rules": rules_of(store, say),
            "total": total,
            "in_all": found_by.cases,
            "headings": [say("case"), *(facet.field.name(say.lang) for facet in many)],
            "rows": list(_rows(shown, many, say.lang)),
            "first": first,
            "before": max(first - PAGE, 1) if first > 1 else None,
            "after": first + PAGE if first + PAGE <= total else None,
            "query": query,
            "kept": ["lang", *KEYS],
            "no_filter": dict.fromkeys([*wanted, "from"]),
            "is_filtered": bool(wanted),
            "is_unordered": by_name is None,
        },
        {"cases": shown, "facets": _counts(counts, counted)},
        tuple(dict.fromkeys(cases[:PAGE])),
        {"number": total, "inAll": found_by.cases, "query": query},
        lead=say("The cases in scope by what is recorded of them."),
    )


def _counted(
    many: list[Facet], counted_by: FacetTable, wanted: Mapping[str, Wanted]
) -> list[Facet]:
    """Give the facets that cases are counted by.

    Raises:
        DataError: one is wanted by which they are not.
        UnknownName: no case has a value that is wanted.
    """
    counted = [each for each in many if each.key in counted_by.codes]
    for key, one in wanted.items():
        if key not in counted_by.codes:
            told = ", ".join(each.key for each in counted)
            raise DataError(f"so many cases are not counted by {key}, but by {told}: ask by SPARQL")
        known = counted_by.values[key]
        if one.value not in known and counted_by.number:
            raise UnknownName(key, one.value, known, f"(one of {', '.join(known)})")
    return counted


def _wanted(address: Address, key: str) -> Wanted | None:
    value = address.get(key).strip()
    if key == "country":
        value = value.upper()
    if not value:
        return None
    return Wanted(value.removeprefix(NOT), value.startswith(NOT))


def _place(address: Address, total: int) -> int:
    return min(max(address.whole("from") or 1, 1), max(total, 1))


def _fetched(graph: AskedGraph, query: str) -> Result:
    found = ask(graph.store, query, QueryOptions())
    assert isinstance(found, Result)
    return found


def _labelled(store: Store, found: Result, many: list[Facet], lang: str) -> Result:
    """Give the rows with a label beside each IRI, as questions have it."""
    iris = {term.value for row in found.terms for term in row if isinstance(term, ox.NamedNode)}
    names = labels_of(store, iris, lang)
    heads = ["case", "caseLabel"]
    for facet in many:
        heads += [facet.key, f"{facet.key}Label"] if _is_thing(facet) else [facet.key]
    rows = []
    for row in found.terms:
        cells: list[Term | None] = [row[0], _label(row[0], names)]
        for facet, term in zip(many, row[1:], strict=True):
            cells += [term, _label(term, names)] if _is_thing(facet) else [term]
        rows.append(cells)
    return table(heads, rows)


def _label(term: Term | None, names: Mapping[str, str]) -> ox.Literal | None:
    if not isinstance(term, ox.NamedNode):
        return None
    return text(names.get(term.value, term.value))


def _is_thing(facet: Facet) -> bool:
    return bool(facet.field.choices)


def _rows(rows: Result, many: list[Facet], lang: str) -> Iterator[list[tuple[Words, ...]]]:
    """Give the rows as a person reads them."""
    for row in rows.terms:
        cells: list[tuple[Words, ...]] = [(words_of(_text(row[0]), _text(row[1])),)]
        place = 2
        for facet in many:
            value = row[place]
            if _is_thing(facet):
                cells.append((Words(_text(row[place + 1]), "", _text(value)),) if value else ())
            elif facet.key == "country" and value:
                cells.append((Words(country_name(_text(value), lang)),))
            else:
                cells.append((Words(_text(value)),) if value else ())
            place += 2 if _is_thing(facet) else 1
        yield cells


def _text(term: Term | None) -> str:
    return str(getattr(term, "value", ""))


# -- the facets ------------------------------------------------------------------------------------


def _shown(
    store: Store,
    many: list[Facet],
    counted: tuple[int, Mapping[str, Counter[str]]],
    wanted: Mapping[str, Wanted],
    say: Speaker,
) -> Iterator[Shown]:
    """Give the facets as the page has them, of what :meth:`FacetTable.counted` gives."""
    total, counts = counted
    for facet in many:
        one = wanted.get(facet.key)
        names = _names(store, facet, counts[facet.key], say)
        numbers = dict(counts[facet.key])
        if one is not None:
            numbers[one.value] = total if one.is_out else numbers.get(one.value, 0)
            names.setdefault(one.value, one.value)
        values = [
            Value(
                value,
                names[value],
                number,
                one is not None and one.value == value and not one.is_out,
                one is not None and one.value == value and one.is_out,
            )
            for value, number in numbers.items()
        ]
        ranks = _ranks(store, values) if _is_thing(facet) else {}
        if facet.key == "start_year":
            values.sort(key=lambda each: (each.value == NONE, each.value))
        elif ranks:
            values.sort(key=lambda each: (each.value == NONE, ranks.get(each.value, 0)))
        else:
            values.sort(key=lambda each: (each.value == NONE, -each.number, each.name.casefold()))
        own = [each for each in values if each.is_taken or each.is_out]
        seen = values[:SEEN] + [each for each in own if each not in values[:SEEN]]
        folded = [each for each in values[SEEN:] if each not in own]
        label = facet.field.name(say.lang)
        yield Shown(facet.key, label, tuple(seen), tuple(folded), one is not None)


def _ranks(store: Store, values: list[Value]) -> dict[str, int]:
    """Give the places of values on their scale; nothing where one of them has none."""
    nodes = {
        ox.NamedNode(each.value if ":" in each.value else COP + each.value): each.value
        for each in values
        if each.value != NONE
    }
    ranks = {nodes[node]: int(_text(rank)) for node, rank in store.values_of(nodes, COP + "rank")}
    return ranks if len(ranks) == len(nodes) else {}


def _names(store: Store, facet: Facet, counts: Counter[str], say: Speaker) -> dict[str, str]:
    names = {value: value for value in counts}
    if facet.key == "country":
        names = {value: country_name(value, say.lang) for value in counts}
    elif _is_thing(facet):
        iris = {value: value if ":" in value else COP + value for value in counts if value != NONE}
        labels = labels_of(store, iris.values(), say.lang)
        names |= {value: labels.get(iri, value) for value, iri in iris.items()}
    return names | {NONE: say("not recorded")}


def _counts(counts: Mapping[str, Counter[str]], many: list[Facet]) -> Result:
    """Give the facets as rows."""
    return table(
        ["facet", "value", "cases"],
        [
            (facet.key, "" if value == NONE else value, number)
            for facet in many
            for value, number in counts[facet.key].most_common()
        ],
    )
