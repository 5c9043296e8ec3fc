"""Loads on a server: one graph a load, in parts, so that a load that broke off goes on later.

A load is begun by a note of it (its graph, its file, when it began), in the graph of loads. Its
statements come in parts, and each part that came is noted; its record comes last, with the end of
the note in one update. A graph that is noted and has no record is not asked
(:func:`coproduction.knowledge.served.open_served` leaves it out), so that no half load is seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

import pyoxigraph as ox

from ..errors import DataError, command, option
from ..files.scratch import scratch
from ..knowledge.levels import INFERRED, terms_in
from ..knowledge.profiled_levels import ProfiledLevels
from ..knowledge.served import bring_packaged, hide, open_served, unfinished
from ..names import COP, GRAPH, PROV, RDF, SPDX, XSD
from ..reasoning.inference import infer, made_by
from ..store.bookkeeping import LOADS, activity_of, load_with, now, quads_of, taking_out
from ..store.connection import Connection
from ..store.embedded import EmbeddedStore
from ..store.originals import checksum
from ..store.served import ServedStore, value_of
from .loading import is_taken, loaded_before, read_cases, tell
from .loads import Outcome, graph_of_load, graph_of_original, load_activity
from .mappings import Mapping
from .reading import PLAIN, Reading
from .staging import Staged, stage

PART: Final = 100_000
"""Statements that are sent at once, some fifteen megabytes."""
_BATCH: Final = 1_000
_IS_A_CASE: Final = f" <{RDF}type> <{COP}Case> ."
_TYPE: Final = ox.NamedNode(RDF + "type")
_BEGAN: Final = ox.NamedNode(PROV + "startedAtTime")
_CAME: Final = ox.NamedNode(COP + "statementsLoaded")
_DIGEST: Final = ox.NamedNode(SPDX + "checksumValue")
_RINGS: Final = 3
"""Steps from a case to what belongs to it: a coding, an organisation, what these name."""


class _Begun(NamedTuple):
    """A load on its way: its number, how many statements came, and their checksum."""

    number: int
    came: int
    digest: str


def load_served(
    path: str | Path,
    address: str,
    reading: Reading = PLAIN,
    *,
    strict: bool = False,
    lang: str | None = None,
    part: int = PART,
) -> Outcome:
    """Load the cases of a file onto a server; a load of it that broke off goes on.

    The packaged graphs are put there first, where the server has not those of this version.

    Args:
        path: a table in the form of the case sheet or of a mapping, or RDF.
        address: the SPARQL endpoint of the server.
        reading, lang: see :func:`~.loading.read_cases`.
        strict: load nothing unless no case and no norm has an error.
        part: statements that are sent at once.

    Raises:
        DataError: the file cannot be used.
        EndpointError: the server cannot be reached, refuses, or fails; what came is not seen, and
            the same command goes on with it.
    """
    path = Path(path)
    mapping = reading.mapping
    files = [path, *(mapping.beside(path) if isinstance(mapping, Mapping) else ())]
    digest = checksum(*files)
    store = ServedStore(Connection(address))
    bring_packaged(store)
    hide(store, unfinished(store))
    with scratch() as own:
        local, staged = EmbeddedStore.packaged(), own / "cases.nt"
        source = read_cases(path, reading, lang=lang)
        outcome = Outcome(str(path), lang=source.lang)
        done = load_with(_noted(store), digest)
        if done is not None:
            outcome.note = loaded_before(done, {"endpoint": address}, source.lang)
            return outcome
        staging = stage(local.inner, staged, source, outcome, replace=None)
        if _fetch(store, local, _cases_of(staged)):  # once more, held against what is there
            source = read_cases(path, reading, lang=lang)
            outcome = Outcome(str(path), lang=source.lang)
            staging = stage(local.inner, staged, source, outcome, replace=None)
        tell(outcome, source)
        if not is_taken(outcome, strict):
            return outcome
        begun = _begin(store, digest, _digest_of(staged))
        outcome.load = begun.number
        _send(store, begun, staged, part)
        _send_beside(store, begun, source.original(), _levels(local, staging.staged), part)
        _finish(store, begun, path, digest, source.loader, outcome)
    return outcome


def unload_served(address: str, number: int) -> int:
    """Take a load out of a server again, also one that broke off; give its statements.

    Raises:
        DataError: there is no load of this number.
        EndpointError: as :func:`load_served`.
    """
    store = ServedStore(Connection(address))
    graph, original = graph_of_load(number), graph_of_original(number)
    is_begun = any(begun.graph == graph.value for begun in unfinished(store))
    noted = _noted(store)
    if not is_begun and activity_of(noted, graph) is None:
        raise DataError(
            f"{address}: there is no load {number}; ",
            command("loads", endpoint=address, python=None),
            " lists them",
        )
    count = store.size(graph.value) + store.size(original.value)
    inferred = f"GRAPH {INFERRED} {{ ?s ?p ?o }}"
    # The record goes first: from then on nobody sees what is left of it.
    store.update(taking_out(noted, graph))
    if not is_begun:
        begun = " ".join(_lines(_begun_quads(number, "")))
        store.update(f"INSERT DATA {{ GRAPH {LOADS} {{ {begun} }} }}")
    store.update(
        f"DELETE {{ {inferred} }} WHERE {{ {inferred} GRAPH {graph} {{ ?s {_TYPE} ?kind }} }}"
    )
    store.drop(graph.value)
    store.drop(original.value)
    left = taking_out(_noted(store), graph)
    if left:
        store.update(left)
    return count


def classify_served(address: str, reasoner: str = "rules") -> int:
    """Write what follows from the definitions into the inferred graph of a server, anew.

    Returns:
        the number of statements inferred.

    Raises:
        DataError: another reasoner than the rules, which needs a store.
        EndpointError: as :func:`load_served`.
    """
    if reasoner != "rules":
        raise DataError("on a server the rules conclude: ", option("reasoner", "rules"))
    store, _ = open_served(address)
    found = set(infer(store))
    data = ox.serialize(sorted(found, key=str), format=ox.RdfFormat.N_TRIPLES) or b""
    first, *others = list(_in_parts(iter(data.splitlines(keepends=True)), PART)) or [b""]
    note = taking_out(_noted(store), INFERRED)
    if note:
        store.update(note)
    store.writer.put(INFERRED.value, first)
    for lines in others:
        store.writer.add(INFERRED.value, lines)
    made = _lines(quads_of(made_by("rules", store, len(found))))
    store.writer.add(LOADS.value, "\n".join(made).encode())
    return len(found)


def _noted(store: ServedStore) -> EmbeddedStore:
    """Give what a server notes of its graphs, fetched at once."""
    noted = EmbeddedStore()
    noted.add(store.statements(None, None, None, LOADS))
    return noted


def refuse_replacing(address: str) -> None:
    """Refuse to take the new content of a case that a server has.

    A store on disk is changed whole, or not at all. On a server the old content would be gone from
    other loads before or after the new is seen, and a load that broke off could not bring it back.

    Args:
        address: the SPARQL endpoint of the server.

    Raises:
        DataError: always.
    """
    raise DataError(
        option("replace"),
        " changes other loads, which is not done on a server: ",
        command("loads", endpoint=address, python="loads()"),
        " lists them; take the load with the case out (",
        command("unload", "NUMBER", endpoint=address, python="unload(NUMBER)"),
        "), load this file, and then the file of that load again: its older case is told and left",
    )


# -- the way of a load ------------------------------------------------------------------------


def _begin(store: ServedStore, file: str, digest: str) -> _Begun:
    """Find the load of a file that broke off, or begin one under a number that is free."""
    made_by = _noted(store).statements(None, ox.NamedNode(PROV + "wasGeneratedBy"))
    taken = [_number_in(value_of(quad.subject)) for quad in made_by]
    for begun in unfinished(store):
        if begun.file != file:
            continue
        number = _number_in(begun.graph) or 0
        if begun.statements == digest:
            return _Begun(number, begun.came, digest)
        unload_served(store.connection.url, number)  # the file is read in another way now
    number = max((each for each in taken if each), default=0) + 1
    quads = _begun_quads(number, file, digest)
    store.writer.add(LOADS.value, "\n".join(_lines(quads)).encode())
    others = [each for each in unfinished(store) if each.graph == graph_of_load(number).value]
    if any(each.file != file for each in others):
        raise DataError(
            f"{store.connection.url}: another process began load {number} at the same time; wait "
            "for it, and load again"
        )
    return _Begun(number, 0, digest)


def _send(store: ServedStore, begun: _Begun, staged: Path, part: int) -> None:
    """Send the statements of a load that have not come yet, in parts, and note each part."""
    graph = graph_of_load(begun.number)
    with staged.open("rb") as file:
        came, node = begun.came, _activity(begun.number)
        for lines in _in_parts(islice(file, came, None), part):
            store.writer.add(graph.value, lines)
            came += lines.count(b"\n")
            store.update(
                f"DELETE {{ GRAPH {LOADS} {{ {node} {_CAME} ?n }} }} "
                f"INSERT {{ GRAPH {LOADS} {{ {node} {_CAME} {came} }} }} "
                f"WHERE {{ GRAPH {LOADS} {{ {node} {_CAME} ?n }} }}"
            )


def _send_beside(
    store: ServedStore,
    begun: _Begun,
    original: Iterable[ox.Triple],
    levels: Iterable[bytes],
    part: int,
) -> None:
    """Send what is kept as it came, and the levels that follow."""
    kept = ox.serialize(original, format=ox.RdfFormat.N_TRIPLES)
    if kept:
        store.writer.put(graph_of_original(begun.number).value, kept)
    for lines in _in_parts(levels, part):
        store.writer.add(INFERRED.value, lines)


def _finish(
    store: ServedStore, begun: _Begun, path: Path, digest: str, loader: str, outcome: Outcome
) -> None:
    """Write the record of a load in place of the note that it was begun."""
    note = taking_out(_noted(store), graph_of_load(begun.number))
    record = load_activity(begun.number, path, digest, loader, outcome, now())
    said = " ".join(_lines(quads_of(record)))
    written = f"INSERT DATA {{ GRAPH {LOADS} {{ {said} }} }}"
    store.update(" ; ".join(filter(None, (note, written))))  # no note is left where it was unloaded


def _begun_quads(number: int, file: str, digest: str = "") -> Iterator[ox.Quad]:
    """Say that a load was begun: of which file, with which statements, how many of them came."""
    graph, node = graph_of_load(number), _activity(number)
    time = ox.Literal(now(), datatype=ox.NamedNode(XSD + "dateTime"))
    yield ox.Quad(graph, ox.NamedNode(PROV + "wasGeneratedBy"), node, LOADS)
    yield ox.Quad(node, _BEGAN, time, LOADS)
    yield ox.Quad(node, _CAME, ox.Literal(0), LOADS)
    yield ox.Quad(ox.NamedNode(f"{node.value}/file"), _DIGEST, ox.Literal(file), LOADS)
    yield ox.Quad(node, ox.NamedNode(PROV + "used"), ox.NamedNode(f"{node.value}/file"), LOADS)
    if digest:
        statements = ox.NamedNode(f"{node.value}/statements")
        yield ox.Quad(node, ox.NamedNode(PROV + "generated"), statements, LOADS)
        yield ox.Quad(statements, _DIGEST, ox.Literal(digest), LOADS)


def _activity(number: int) -> ox.NamedNode:
    return ox.NamedNode(f"{graph_of_load(number).value}/activity")


def _number_in(graph: str) -> int | None:
    rest = graph.removeprefix(GRAPH + "load/")
    return int(rest) if rest != graph and rest.isdecimal() else None


# -- what is there already ----------------------------------------------------------------------


def _cases_of(staged: Path) -> Iterator[ox.NamedNode]:
    """Give the cases whose statements a file has."""
    with staged.open(encoding="utf-8") as file:
        for line in file:
            if line.rstrip("\n").endswith(_IS_A_CASE):
                yield ox.NamedNode(line[1 : line.index("> ")])


def _fetch(store: ServedStore, local: EmbeddedStore, cases: Iterable[ox.NamedNode]) -> bool:
    """Bring those cases here that the server has, with what belongs to them; tell if any has."""
    waiting, found = iter(cases), False
    while batch := list(islice(waiting, _BATCH)):
        ring = [node for node, kind in store.values_of(batch, RDF + "type") if _is_case(kind)]
        found = found or bool(ring)
        seen = set(ring)
        if ring:
            ring += _observing(store, ring)
        for _ in range(_RINGS):
            quads = list(store.about(ring)) if ring else []
            local.add(quads)
            objects = {q.object for q in quads if isinstance(q.object, ox.NamedNode)} - seen
            ring = [node for node in objects if not local.holds(node)]
            seen |= objects
    return found


def _is_case(kind: object) -> bool:
    return getattr(kind, "value", "") == COP + "Case"


def _observing(store: ServedStore, cases: Iterable[ox.NamedNode]) -> list[ox.NamedNode]:
    given = " ".join(map(str, cases))
    answer = store.query(
        f"SELECT ?s WHERE {{ VALUES ?c {{ {given} }} GRAPH ?g {{ ?s <{COP}observes> ?c }} }}"
    )
    assert isinstance(answer, ox.QuerySolutions)
    return [row[0] for row in answer if isinstance(row[0], ox.NamedNode)]


# -- what is sent -------------------------------------------------------------------------------


def _levels(local: EmbeddedStore, staged: Staged) -> Iterator[bytes]:
    """Give the levels that follow from staged statements, as lines; found here, not there."""
    levels = ProfiledLevels(terms_in(local))
    for part in staged.parts():
        yield from levels.lines_of(part).splitlines(keepends=True)


def _in_parts(lines: Iterable[bytes], part: int) -> Iterator[bytes]:
    waiting = iter(lines)
    while some := list(islice(waiting, part)):
        yield b"".join(some)


def _lines(quads: Iterable[ox.Quad]) -> list[str]:
    return [f"{quad.triple} ." for quad in quads]


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
