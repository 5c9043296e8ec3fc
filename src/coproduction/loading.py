"""Loading cases into a store: all that are clean go in, the others are set aside with reasons.

A file is read row by row, checked cell by cell and, in batches, by the rules across fields;
the statements of clean rows are written to a file that the store takes whole. Each load is a
graph of its own, with a record of where it came from.
"""

from __future__ import annotations

import datetime
import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Final

import pyoxigraph as ox

from . import __version__
from .disk import LOADS, changing
from .errors import DataError
from .names import COP, GRAPH, ID, PREFIXES, RDF, XSD
from .records import Case, Problem, Reader, organisation_statements
from .shapes import CaseRecord, Rule, case_record
from .store import Store
from .tables import LARGEST, Row, Table, read_table

BASE: Final = ID + "case/"
_BATCH: Final = 5_000
_TYPE: Final = ox.NamedNode(RDF + "type")
_CASE: Final = ox.NamedNode(COP + "Case")
_LOAD: Final = ox.NamedNode(COP + "Load")
Progress = Callable[[int], None]


@dataclass
class Outcome:
    """What became of one file.

    Attributes:
        file: as given.
        load: number of the load, or None where nothing went in.
        read, loaded, set_aside, unchanged: numbers of records.
        problems: what was wrong, in order.
        note: a sentence where something is to be said of the whole file.
    """

    file: str
    load: int | None = None
    read: int = 0
    loaded: int = 0
    set_aside: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    note: str = ""


def level_of_rights(store: Store) -> dict[str, str]:
    """Give the level that rubric R0 gives to each degree of decision rights, as N-Triples terms."""
    answer = store.query("SELECT ?r ?l WHERE { ?r cop:givesLevelUnderR0 ?l } ORDER BY ?r")
    assert isinstance(answer, ox.QuerySolutions)
    return {str(row["r"]): str(row["l"]) for row in answer}


def load_table(
    path: str | Path,
    folder: str | Path,
    *,
    base: str = BASE,
    sheet: str | None = None,
    encoding: str | None = None,
    largest: int = LARGEST,
    strict: bool = False,
    replace: bool = False,
    progress: Progress = lambda rows: None,
) -> Outcome:
    """Load the cases of a table into a store.

    Args:
        path: a CSV or XLSX file in the form of the case sheet.
        folder: the store; made where there is none.
        base: what the IRI of a case begins with, before its id.
        sheet, encoding, largest: see :func:`~coproduction.tables.read_table`.
        strict: load nothing unless no row has an error.
        replace: take the new content of a case that exists with other content.
        progress: told the number of rows read, now and then.

    Raises:
        DataError: the file or the store cannot be used; nothing is changed then.
    """
    path = Path(path)
    outcome = Outcome(str(path))
    digest = _checksum(path)
    table = read_table(path, sheet=sheet, encoding=encoding, largest=largest)
    reader = Reader(case_record(), table, base, level_of_rights(Store.packaged()))
    _require_columns(path, reader)
    with tempfile.TemporaryDirectory(prefix="coproduction-") as scratch:
        staged = Path(scratch) / "cases.nt"
        with changing(folder) as change:
            done = _loaded_before(change.store, digest)
            if done is not None:
                outcome.note = f"loaded before, as load {done}: nothing was changed"
                raise _Unchanged(outcome)
            written: set[str] = set()
            with staged.open("w", encoding="utf-8", newline="\n") as file:
                for case in _clean_cases(reader, table, outcome, progress):
                    _stage(change.store, file, case, reader, outcome, replace, written)
            outcome.problems = sorted(
                reader.problems, key=lambda problem: (problem.row, problem.problem)
            )
            if strict and outcome.set_aside:
                outcome.loaded = 0
                outcome.note = "nothing was loaded: --strict, and rows have errors"
                raise _Unchanged(outcome)
            if outcome.loaded == 0:
                outcome.note = outcome.note or "no row went in"
                raise _Unchanged(outcome)
            number = _next_number(change.store)
            graph = ox.NamedNode(f"{GRAPH}load/{number}")
            change.store.bulk_load(
                path=staged, format=ox.RdfFormat.N_TRIPLES, to_graph=graph, lenient=True
            )
            _record(change.store, graph, number, path, digest, outcome)
            outcome.load = number
    return outcome


class _Unchanged(Exception):
    """Ends a change without making it; carries what is to be told."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


def load(path: str | Path, folder: str | Path, **options: object) -> Outcome:
    """Load a file into a store; see :func:`load_table` for what it takes and raises."""
    try:
        return load_table(path, folder, **options)  # type: ignore[arg-type]
    except _Unchanged as end:
        return end.outcome


def check_table(path: str | Path, *, base: str = BASE, **reading: object) -> Outcome:
    """Check the cases of a table without loading them; same findings as loading."""
    path = Path(path)
    outcome = Outcome(str(path))
    table = read_table(path, **reading)  # type: ignore[arg-type]
    reader = Reader(case_record(), table, base, level_of_rights(Store.packaged()))
    _require_columns(path, reader)
    for _ in _clean_cases(reader, table, outcome, lambda rows: None):
        outcome.loaded += 1
    outcome.problems = sorted(reader.problems, key=lambda problem: (problem.row, problem.problem))
    return outcome


def _require_columns(path: Path, reader: Reader) -> None:
    missing = reader.missing_columns()
    if missing:
        raise DataError(
            f"{path}: the columns {', '.join(missing)} are missing; "
            "'coproduction template cases.xlsx' makes a sheet that has them"
        )
    if reader.has_broken_headings():
        problem = reader.problems[0]
        raise DataError(f"{path}, {problem.cell}: {problem.fix}")


# -- rows ----------------------------------------------------------------------------------


def _clean_cases(
    reader: Reader, table: Table, outcome: Outcome, progress: Progress
) -> Iterator[Case]:
    """Give the cases without error; batches are held against the rules in a second thread."""
    waiting: tuple[list[Case], Future[dict[int, list[Rule]]]] | None = None
    with ThreadPoolExecutor(max_workers=1) as pool:
        for batch in _batches(table.rows):
            outcome.read += len(batch)
            cases = [case for case in map(reader.read, batch) if case is not None]
            progress(outcome.read)
            job = pool.submit(broken_rules, reader.record, cases)
            if waiting is not None:
                yield from _passed(reader, *waiting)
            waiting = (cases, job)
        if waiting is not None:
            yield from _passed(reader, *waiting)
    bad = {p.row for p in reader.problems if p.level == "error"}
    outcome.set_aside = len(bad)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rows = iter(rows)
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _passed(
    reader: Reader, cases: list[Case], job: Future[dict[int, list[Rule]]]
) -> Iterator[Case]:
    broken = job.result()
    for case in cases:
        rules = broken.get(case.row, [])
        for rule in rules:
            fix = f"{rule.message} {rule.fix}".strip()
            reader.report_rule(case.row, rule.shape, rule.column, rule.level, case.iri, fix)
        if not any(rule.level == "error" for rule in rules):
            yield case


def broken_rules(record: CaseRecord, cases: list[Case]) -> dict[int, list[Rule]]:
    """Hold cases against the rules across fields.

    Returns:
        the rules that are broken, by row.
    """
    if not cases:
        return {}
    store = ox.Store()
    text = "".join(case.ruled for case in cases)
    store.load(input=text.encode(), format=ox.RdfFormat.N_TRIPLES, lenient=True)
    row_of = {case.iri: case.row for case in cases}
    broken: dict[int, list[Rule]] = {}
    for rule in record.rules:
        answer = store.query(rule.select, prefixes=PREFIXES)
        assert isinstance(answer, ox.QuerySolutions)
        for solution in answer:
            row = row_of.get(getattr(solution["this"], "value", ""))
            if row is not None:
                broken.setdefault(row, []).append(rule)
    return broken


def _stage(
    store: ox.Store,
    file: IO[str],
    case: Case,
    reader: Reader,
    outcome: Outcome,
    replace: bool,
    written: set[str],
) -> None:
    """Write a case's statements, unless the store has it already."""
    node = ox.NamedNode(case.iri)
    organisations = ""
    for organisation, name in case.organisations:
        if organisation not in written:
            written.add(organisation)
            organisations += organisation_statements(organisation, name)
    file.write(organisations)
    if next(iter(store.quads_for_pattern(node, _TYPE, _CASE)), None) is None:
        file.write(case.statements)
        outcome.loaded += 1
        return
    old = statements_of(store, node)
    new = {
        str(triple)
        for triple in ox.parse(input=case.statements.encode(), format=ox.RdfFormat.N_TRIPLES)
        if "/id/organization/" not in str(triple.subject)
    }
    before = {str(quad.triple) for quad in old if "/id/organization/" not in str(quad.subject)}
    if before == new:
        outcome.unchanged += 1
        return
    if not replace:
        was = "; ".join(sorted(before - new)[:3])
        now = "; ".join(sorted(new - before)[:3])
        reader.report_rule(
            case.row,
            "conflict",
            "id",
            "error",
            case.iri,
            f"The store has this case with other content ({was} there, {now} here): "
            "--replace takes the new one.",
        )
        outcome.set_aside += 1
        return
    for quad in old:
        store.remove(quad)
    kept = "\n".join(sorted(before))
    store.add(ox.Quad(node, ox.NamedNode(COP + "replacedStatements"), ox.Literal(kept), LOADS))
    file.write(case.statements)
    outcome.loaded += 1


def statements_of(store: ox.Store, case: ox.NamedNode) -> list[ox.Quad]:
    """Give the quads of a case and of its codings."""
    own = list(store.quads_for_pattern(case, None, None))
    codings = [quad.object for quad in own if quad.predicate.value == COP + "hasCoding"]
    return own + [
        quad
        for coding in codings
        if isinstance(coding, ox.NamedNode)
        for quad in store.quads_for_pattern(coding, None, None)
    ]


# -- provenance ----------------------------------------------------------------------------


def _checksum(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from None
    return digest.hexdigest()


def _loaded_before(store: ox.Store, digest: str) -> int | None:
    mark = store.quads_for_pattern(
        None, ox.NamedNode(COP + "fileChecksum"), ox.Literal(digest), LOADS
    )
    for quad in mark:
        if isinstance(quad.subject, ox.NamedNode) and "/load/" in quad.subject.value:
            return int(quad.subject.value.rpartition("/")[2])
    return None


def _next_number(store: ox.Store) -> int:
    numbers = [
        int(getattr(quad.object, "value", 0))
        for quad in store.quads_for_pattern(None, ox.NamedNode(COP + "loadNumber"), None, LOADS)
    ]
    return max(numbers, default=0) + 1


def _record(
    store: ox.Store, graph: ox.NamedNode, number: int, path: Path, digest: str, outcome: Outcome
) -> None:
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0).isoformat()
    values: dict[str, ox.Literal] = {
        "loadNumber": ox.Literal(number),
        "fileName": ox.Literal(path.name),
        "fileChecksum": ox.Literal(digest),
        "loadedAt": ox.Literal(now, datatype=ox.NamedNode(XSD + "dateTime")),
        "loaderName": ox.Literal("case sheet"),
        "loaderVersion": ox.Literal(__version__),
        "rowsRead": ox.Literal(outcome.read),
        "rowsLoaded": ox.Literal(outcome.loaded),
        "rowsSetAside": ox.Literal(outcome.set_aside),
    }
    store.add(ox.Quad(graph, _TYPE, _LOAD, LOADS))
    for name, value in values.items():
        store.add(ox.Quad(graph, ox.NamedNode(COP + name), value, LOADS))


def unload(folder: str | Path, number: int) -> int:
    """Take a load out of a store.

    Returns:
        the number of statements taken out.

    Raises:
        DataError: there is no such load.
    """
    graph = ox.NamedNode(f"{GRAPH}load/{number}")
    with changing(folder) as change:
        if ox.Quad(graph, _TYPE, _LOAD, LOADS) not in change.store:
            raise DataError(f"{folder}: there is no load {number}; 'coproduction loads' lists them")
        count = sum(1 for _ in change.store.quads_for_pattern(None, None, None, graph))
        change.store.remove_graph(graph)
        for quad in list(change.store.quads_for_pattern(graph, None, None, LOADS)):
            change.store.remove(quad)
    return count
