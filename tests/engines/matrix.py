"""Engine by kind of query: what each says of the same data, held against the embedded store.

`make matrix` (`python -m tests.engines.matrix`) prints it; docs/scale.md keeps what it printed.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.errors import CoproductionError
from coproduction.knowledge.questions import Question, all_questions
from coproduction.names import COP, ID
from coproduction.store.embedded import EmbeddedStore
from coproduction.store.portable_text import columns_of

from .clients import Asked
from .engines import ENGINES, Over

KINDS = ("questions", "claims", "rules", "checks", "views")
FAULTS = Path(__file__).parents[1] / "faults"
SECOND = {
    "above": f"<{COP}MediumParticipation> <{COP}HighParticipation>",
    "below": f"<{COP}LowParticipation>",
    "case": f"<{ID}case/stil>",
    "claim": f"<{ID}claim/C50>",
    "code": '"10"',
    "concept": f"<{COP}GlassCeiling>",
    "cases": "LIMIT 3",
    "id": '"C50" "A9"',
    "lang": '"sv"',
    "node": f"<{COP}Childcare>",
    "property": f"<{COP}hasProviderSector>",
    "row": f"<{ID}case/kultingen> <{ID}placement/high-childcare>",
    "rubric": f"<{COP}levelUnderR1>",
    "source": f"<{ID}source/pestoff-slides>",
    "term": f"<{COP}Childcare>",
    "top": f"<{COP}Case>",
    "vocabulary": '"eurovoc"',
}
"""The other value that each parameter is given."""
SECOND_OF = {
    "cases-under-code": {"vocabulary": '"icnptso"', "code": '"C"'},
    "links-of-values": {
        "property": f"<{COP}isDirectlyBelow>",
        "node": f"<{COP}MediumParticipation>",
    },
    "open-readings": {"id": '"A24" "A9"'},
    "several-values": {"property": f"<{COP}hasPower> <{COP}hasParticipantIdentity>"},
}
"""The same, of queries that have no rows with those."""
ALSO = """
@prefix cop: <https://w3id.org/coproduction#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<urn:follows/rights> a cop:Case ; cop:hasPower cop:PowerToOwn .
<urn:follows/intensity> a cop:Case ; cop:hasContact cop:IntensiveContact ;
    cop:hasDuration cop:EnduringRelation .
<urn:two-levels> a cop:Case ; cop:hasServiceType cop:Childcare ; cop:hasActType cop:MixedAction ;
    cop:hasParticipationLevel cop:LowParticipation , cop:HighParticipation .
<https://w3id.org/coproduction/id/placement/high-housing> cop:hasCoding <urn:coding> .
<urn:coding> cop:codingStatus cop:Stated ; cop:locator "line 131" .
<urn:load> dcterms:identifier 1 ; prov:wasGeneratedBy <urn:loading> .
<urn:loading> prov:used <urn:file> ; prov:endedAtTime "2026-01-01T00:00:00Z"^^xsd:dateTime ;
    prov:wasAssociatedWith <urn:agent> ; cop:rowsRead 2 ; cop:rowsLoaded 1 ;
    cop:rowsSetAside 1 ; cop:loaderName "case-sheet" .
<urn:agent> owl:versionInfo "0.1.0" .
<urn:file> spdx:fileName "cases.csv" ; spdx:checksum [ spdx:checksumValue "ab"^^xsd:hexBinary ] .
"""
"""Records from which something follows, which a load would have written, and what few have."""
FAULTY = """
@prefix cop: <https://w3id.org/coproduction#> .
<https://w3id.org/coproduction/id/placement/bare> a cop:Placement ;
    cop:inSection "Diagram 1" ; cop:atLine 131 .
"""
"""A mistake beside those of the files, some of which heal each other where all are together."""
DIFFERING = {
    ("Virtuoso 7.2", "undefined-term"): "its compiler fails on MINUS there (SP031)",
    ("Virtuoso 7.2", "label-unreviewed"): "its NOT EXISTS sees no name that BIND gave",
    ("Virtuoso 7.2", "statuses"): "an IRI of VALUES comes back as a text behind ORDER BY",
    ("Virtuoso 7.2", "cells-of-source"): "an IRI of VALUES comes back as a text behind ORDER BY",
    ("Virtuoso 7.2", "level-names-provider"): "its REGEX reads no pattern that CONCAT made",
}
"""What an engine cannot do, and why; all else is equal."""
SLOW = {("rdflib 7", "links-of-values")}
"""What an engine may not answer in the time that it has; rows that differ are told all the same."""
Term = tuple[object, ...] | str | None


class Cell(NamedTuple):
    """What one engine says of one kind of query."""

    equal: int
    differing: tuple[str, ...]
    seconds: float


def the_data(*, faults: bool) -> EmbeddedStore:
    """Give what is asked: packaged graphs, shipped cases, links; or data that break rules too."""
    kg = coproduction.open(cases=True, links=True)
    store = EmbeddedStore()
    store.add(kg.store.statements())
    store.inner.load(ALSO, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("urn:also"))
    if not faults:
        return store
    store.inner.load(FAULTY, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("urn:fault"))
    for path in sorted(FAULTS.glob("*.ttl")):
        store.inner.load(
            path=path,
            format=ox.RdfFormat.TURTLE,
            to_graph=ox.NamedNode(f"urn:fault/{path.stem}"),
        )
    return store


def asked() -> Iterator[tuple[str, str, str]]:
    """Give kind, name and text of all that is asked: with its parameters as shipped, and others."""
    for kind in KINDS:
        for query in all_questions(f"queries/{kind}"):
            yield kind, query.name, query.text
            other = _other(query)
            if other is not None:
                yield kind, query.name, other


def _other(query: Question) -> str | None:
    values = SECOND | SECOND_OF.get(query.name, {})
    given = {name: values[name] for name in query.parameters if name in values}
    return query.fill(given) if given else None


def said(store: Asked, text: str) -> tuple[Counter[tuple[Term, ...]], list[tuple[Term, ...]]]:
    """Give the rows of an answer as a multiset, and in order; of a graph its triples."""
    answer = store.query(text)
    if isinstance(answer, ox.QueryTriples):
        rows = [(_plain(t.subject), _plain(t.predicate), _plain(t.object)) for t in answer]
        return Counter(rows), []
    assert isinstance(answer, ox.QuerySolutions)
    given = {variable.value for variable in answer.variables}  # some leave out what has no value
    names = columns_of(text)
    rows = [tuple(_plain(row[each]) if each in given else None for each in names) for row in answer]
    return Counter(rows), rows


def _plain(term: object) -> Term:
    """Give a term so that what means the same is the same: by its value, and any blank node."""
    if term is None:
        return None
    if isinstance(term, ox.BlankNode):
        return "_:"
    if isinstance(term, ox.Literal):
        kind = term.datatype.value.rpartition("#")[2]
        if kind in ("integer", "decimal", "double", "float", "int", "long"):
            return ("number", float(term.value))
        if kind == "dateTime":
            return ("time", datetime.fromisoformat(term.value).timestamp())
        return (term.value, (term.language or "").lower(), kind)
    return str(getattr(term, "value", term))


def held_against(over: Over, each: int = 1) -> dict[str, Cell]:
    """Ask an engine and a store here all that there is; give what is equal and what differs.

    Checks are asked of data that break rules, all else of data as they should be.

    Args:
        over: gives what is asked of the graphs of a store.
        each: of so many queries one is asked.
    """
    cells: dict[str, Cell] = {}
    for faults, kinds in ((False, KINDS[:-2] + KINDS[-1:]), (True, ("checks",))):
        here = the_data(faults=faults)
        cells |= _asked_both(here, over(here), kinds, each)
    return {kind: cells[kind] for kind in KINDS}


def _asked_both(here: Asked, there: Asked, kinds: Sequence[str], each: int) -> dict[str, Cell]:
    equal: Counter[str] = Counter()
    differing: dict[str, list[str]] = {kind: [] for kind in KINDS}
    seconds: Counter[str] = Counter()
    for number, (kind, name, text) in enumerate(asked()):
        if kind not in kinds or number % each:
            continue
        wanted, in_order = said(here, text)
        begun = time.perf_counter()
        try:
            found, their_order = said(there, text)
        except CoproductionError as error:
            differing[kind].append(f"{name}: {str(error)[:160]}")
            continue
        finally:
            seconds[kind] += time.perf_counter() - begun
        is_ordered = kind in ("questions", "views") and "ORDER BY" in text
        if found != wanted:
            differing[kind].append(f"{name}: {found.total()} rows for {wanted.total()}")
        elif is_ordered and their_order != in_order:
            differing[kind].append(f"{name}: the same rows in another order")
        else:
            equal[kind] += 1
    return {kind: Cell(equal[kind], tuple(differing[kind]), seconds[kind]) for kind in kinds}


def empty() -> list[str]:
    """Give the queries that have no rows with some values, whose equality says little."""
    stores = {faults: the_data(faults=faults) for faults in (False, True)}
    every = ((kind, name, said(stores[kind == "checks"], text)[0]) for kind, name, text in asked())
    return [f"{kind}/{name}" for kind, name, rows in every if not rows]


def unexplained(name: str, cells: Mapping[str, Cell]) -> list[str]:
    """Give what differs of an engine, and nobody has said why."""
    lines = (line for cell in cells.values() for line in cell.differing)
    return [line for line in lines if reason(name, line) is None]


def reason(name: str, line: str) -> str | None:
    """Say why an engine differs in a query, as a line of its cell tells it."""
    query = name, line.partition(":")[0]
    if query in SLOW and "no answer in" in line:
        return "it is slow"
    return DIFFERING.get(query)


def main(names: Sequence[str]) -> int:
    """Print the matrix of the engines that can be had.

    Args:
        names: of engines, to ask no others.

    Returns:
        1 where an engine differs without reason, one that was named is not at hand, or a query has
        no rows, so that nothing is shown by them; 2 where there is no engine of a name.

    Raises:
        pytest.fail.Exception: with CI=true, where any engine is not at hand.
    """
    code = 0
    if strange := [name for name in names if name not in ENGINES]:
        print(f"no engine {', '.join(strange)}; there are {', '.join(ENGINES)}", file=sys.stderr)
        return 2
    counts = Counter(kind for kind, _, _ in asked())
    print("| engine |", " | ".join(f"{kind} {counts[kind]}" for kind in KINDS), "| s |")
    print("| --- |", " | ".join("---" for _ in (*KINDS, "s")), "|")
    told: list[str] = []
    for name, engine in ENGINES.items():
        if names and name not in names:
            continue
        try:
            with tempfile.TemporaryDirectory() as folder, engine(Path(folder)) as over:
                cells = held_against(over)
        except pytest.skip.Exception as lacking:  # with CI=true it is a failure, and goes through
            told.append(f"- {name} is not at hand: {lacking}")
            code = 1 if name in names else code
            continue
        shown = (
            f"{cell.equal} =" + (f", {len(cell.differing)} differ" if cell.differing else "")
            for cell in cells.values()
        )
        seconds = sum(cell.seconds for cell in cells.values())
        print(f"| {name} |", " | ".join(shown), f"| {seconds:.0f} |", flush=True)
        code = 1 if unexplained(name, cells) else code
        for line in (each for cell in cells.values() for each in cell.differing):
            why = reason(name, line)
            told.append(f"- {name}, {line}" + (f" ({why})" if why else ""))
    without = empty()
    print("\n" + "\n".join([*told, f"Without rows here: {', '.join(without) or 'none'}."]))
    return 1 if without else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
