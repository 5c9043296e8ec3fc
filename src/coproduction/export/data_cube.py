"""The counts of cases as the W3C's RDF Data Cube, for statisticians.

Each data cube (``cop:Cube``) is a data set, each of its dimensions a dimension, and an observation
says how many cases have these values. Every case is counted once in each data set: where a value
is not recorded, by the value "unknown", and where there are several, by a value that says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from ..errors import DataError
from ..knowledge.profiles import Profile
from ..knowledge.summary import Summary, read_summary
from ..names import COP, ID, LANGUAGES, PREFIXES, RDF, RDFS, XSD
from ..store.protocol import Store, Term

QB: Final = "http://purl.org/linked-data/cube#"
SEVERAL: Final = ox.NamedNode(f"{ID}cube/several-values")
"""What stands for several values of one case."""
_UNKNOWN: Final = ox.NamedNode(COP + "Unknown")
_COUNT: Final = ox.NamedNode(COP + "caseCount")
_LABEL: Final = ox.NamedNode(RDFS + "label")
_TYPE: Final = ox.NamedNode(RDF + "type")
_OF_SEVERAL: Final = dict(
    zip(
        LANGUAGES,
        ("several values", "flera värden", "mehrere Werte", "plusieurs valeurs"),
        strict=True,
    )
)

Observation = tuple[Term, ...]


def data_cube(store: Store) -> bytes:
    """Write how many cases have which values, as RDF Data Cubes in Turtle.

    A cube in which a case has a value without a name cannot be written: a comment at the head of
    the file says so.

    Args:
        store: what is in scope; its summary is read where it has one, else its cases are counted.

    Raises:
        DataError: there is no case, or none of them can be counted.
    """
    return cubes_of(store)[0]


def cubes_of(store: Store) -> tuple[bytes, list[str]]:
    """Write data cubes, as :func:`data_cube` does; give a sentence for each that is left out too.

    Args:
        store: as for :func:`data_cube`.

    Raises:
        DataError: as there.
    """
    summary = _counted(store)
    left = [
        f"the data cube {cube} is left out: a case has a value in it that has no name "
        "(a blank node, or a statement)"
        for cube in sorted(summary.cubes.keys() - summary.counts)
    ]
    if not any(summary.counts.values()):
        raise DataError("; ".join(left) or "there is no case in scope to be counted")
    prefixes = {**PREFIXES, "qb": QB}
    triples = list(dict.fromkeys(_triples(store, summary)))
    text = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b""
    return "".join(f"# {each}\n" for each in left).encode() + text, left


def _counted(store: Store) -> Summary:
    """Read the summary of a store, and count what it does not keep, which may be too large."""
    summary = read_summary(getattr(store, "summary", None))
    if summary is None:
        return Summary.of(store)
    missing = {cube: of for cube, of in summary.cubes.items() if cube not in summary.counts}
    if missing:
        again = Summary(missing, {cube: Counter() for cube in missing})
        again.add(store)
        summary.counts |= again.counts
    return summary


def _triples(store: Store, summary: Summary) -> Iterator[ox.Triple]:
    named: set[Term] = {_COUNT}
    yield from _is(_COUNT, "MeasureProperty")
    yield ox.Triple(_COUNT, ox.NamedNode(RDFS + "range"), ox.NamedNode(XSD + "integer"))
    for language, words in _OF_SEVERAL.items():
        yield ox.Triple(SEVERAL, _LABEL, ox.Literal(words, language=language))
    for cube, counts in sorted(summary.counts.items()):
        dimensions = [ox.NamedNode(name) for name in sorted(summary.cubes[cube].values())]
        named |= {ox.NamedNode(cube), *dimensions}
        yield from _structure(cube, dimensions)
        observations = _observations(counts, dimensions)
        for number, (values, count) in enumerate(sorted(observations.items(), key=str), 1):
            node = ox.NamedNode(f"{cube}/observation/{number}")
            named |= set(values)
            yield from _is(node, "Observation")
            yield ox.Triple(node, ox.NamedNode(QB + "dataSet"), ox.NamedNode(cube))
            for dimension, value in zip(dimensions, values, strict=True):
                yield ox.Triple(node, dimension, value)
            yield ox.Triple(node, _COUNT, ox.Literal(count))
    for each in sorted(named, key=str):
        if isinstance(each, ox.NamedNode):
            for label in store.values(each, _LABEL.value):
                yield ox.Triple(each, _LABEL, label)


def _structure(cube: str, dimensions: list[ox.NamedNode]) -> Iterator[ox.Triple]:
    """Say that a cube is a data set, and which dimensions and measure its observations have."""
    data_set, structure = ox.NamedNode(cube), ox.NamedNode(f"{cube}/structure")
    yield from _is(data_set, "DataSet")
    yield ox.Triple(data_set, ox.NamedNode(QB + "structure"), structure)
    yield from _is(structure, "DataStructureDefinition")
    for number, prop in enumerate((*dimensions, _COUNT), 1):
        component = ox.NamedNode(f"{cube}/component/{number}")
        kind = "measure" if prop == _COUNT else "dimension"
        yield ox.Triple(structure, ox.NamedNode(QB + "component"), component)
        yield from _is(component, "ComponentSpecification")
        for name in (kind, "componentProperty"):
            yield ox.Triple(component, ox.NamedNode(QB + name), prop)
        yield ox.Triple(component, ox.NamedNode(QB + "order"), ox.Literal(number))
    for dimension in dimensions:
        yield from _is(dimension, "DimensionProperty")
        yield ox.Triple(dimension, ox.NamedNode(RDFS + "range"), ox.NamedNode(RDFS + "Resource"))


def _observations(counts: Counter[Profile], dimensions: list[ox.NamedNode]) -> Counter[Observation]:
    """Give how many cases have one value in each dimension, unknown and several among them."""
    observations: Counter[Observation] = Counter()
    for profile, count in counts.items():
        told: dict[ox.NamedNode, Term] = {}
        for line in profile:
            (triple,) = ox.parse(f"<{COP}> {line} .", ox.RdfFormat.N_TRIPLES)
            told[triple.predicate] = SEVERAL if triple.predicate in told else triple.object
        observations[tuple(told.get(each, _UNKNOWN) for each in dimensions)] += count
    return observations


def _is(node: ox.NamedNode, kind: str) -> Iterator[ox.Triple]:
    yield ox.Triple(node, _TYPE, ox.NamedNode(QB + kind))
    if kind.endswith("Property"):
        yield ox.Triple(node, _TYPE, ox.NamedNode(RDF + "Property"))
