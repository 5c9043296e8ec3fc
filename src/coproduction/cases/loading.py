"""Loading cases into a store: all that are clean go in, the others are set aside with reasons.

The statements of clean cases are written to a file that the store takes in parts. Each load is a
graph of its own, with a record of where it came from.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace as replaced
from pathlib import Path

import pyoxigraph as ox

from ..errors import DataError, command, option
from ..files.scratch import scratch
from ..knowledge.packaged import changing
from ..messages import counted, speaker, spoken
from ..names import BASE
from ..store.bookkeeping import load_with, now
from ..store.embedded import EmbeddedStore
from ..store.on_disk import Change
from ..store.originals import KeptLoad, checksum
from ..syntax.rdf_files import FORMATS
from ..tables.json_tables import JSON_ENDINGS
from ..tables.json_tables import is_table as is_json_table
from ..tables.table import TABLE_ENDINGS, check_size
from ..version import __version__
from .from_catalogue import CatalogueCases
from .from_rdf import RdfCases
from .from_table import TableCases
from .intake import Intake
from .loads import (
    Outcome,
    graph_of_load,
    graph_of_original,
    record_load,
)
from .mappings import Mapping, RdfMapping
from .reading import PLAIN, Reading
from .staging import CONFLICT, CaseSource, Staging, stage


def read_cases(
    path: str | Path,
    reading: Reading = PLAIN,
    *,
    lang: str | None = None,
) -> CaseSource:
    """Open a file of cases: a table (CSV, a workbook, JSON) or RDF, by its ending.

    Args:
        path: the file.
        reading: how it is read.
        lang: language of what is told: en, sv, de or fr; by default that of a table's headings,
            else English.

    Raises:
        DataError: the file cannot be used.
        UnknownName: another language.
    """
    path = Path(path)
    lang = spoken(lang) if lang is not None else None
    mapping, largest = reading.mapping, reading.largest
    ending = path.suffix.lower()
    if ending in JSON_ENDINGS:
        check_size(path, largest)
    is_table = ending in TABLE_ENDINGS or (ending in JSON_ENDINGS and is_json_table(path))
    if is_table or (isinstance(mapping, Mapping) and mapping.form):
        if isinstance(mapping, RdfMapping):
            raise DataError(f"{path}: the mapping {mapping.name} is for RDF, and this is a table")
        return TableCases(path, reading, lang=lang)
    if ending not in FORMATS:
        raise DataError(
            f"{path}: the ending {path.suffix or '(none)'} is neither a table's "
            f"({' '.join(TABLE_ENDINGS)}) nor RDF's ({' '.join(FORMATS)})"
        )
    if isinstance(mapping, RdfMapping):
        return CatalogueCases(path, mapping, reading, lang or "en")
    if mapping:
        raise DataError(f"{path}: the mapping {mapping.name} is for tables, and this is RDF")
    if reading.defaults:
        raise DataError(
            f"{path}: ",
            option("set", "KEY=VALUE", python="defaults={KEY: VALUE}"),
            " is for tables and catalogues, and this is RDF",
        )
    return RdfCases(path, largest, None if reading.base == BASE else reading.base, lang or "en")


def load(
    path: str | Path,
    folder: str | Path,
    reading: Reading = PLAIN,
    *,
    strict: bool = False,
    replace: bool = False,
    again: KeptLoad | None = None,
    lang: str | None = None,
) -> Outcome:
    """Load the cases of a file into a store.

    Args:
        path: a table in the form of the case sheet or of a mapping, or RDF.
        folder: the store; made where there is none.
        reading, lang: see :func:`read_cases`.
        strict: load nothing unless no case and no norm has an error.
        replace: take the new content of a case that exists with other content.
        again: a load of another store that this one repeats, with its number and time.

    Raises:
        DataError: the file or the store cannot be used; nothing is changed then.
    """
    path = Path(path)
    outcome, mapping = Outcome(str(path)), reading.mapping
    files = [path, *(mapping.beside(path) if isinstance(mapping, Mapping) else ())]
    digest = checksum(*files)
    source = read_cases(path, reading, lang=lang)
    outcome.lang = source.lang
    with scratch() as own, changing(folder) as change:
        done = load_with(change.store, digest)
        if done is not None:
            outcome.note = loaded_before(done, {"store": folder}, source.lang)
            change.discard()
            return outcome
        number = change.kept.number(again.number if again else None)
        staging = _taken_in(change, number, own / "cases.nt", source, outcome, (strict, replace))
        if staging is None:
            change.discard()
            return outcome
        outcome.load = number
        made = again.time if again else now()
        record_load(change.store, outcome.load, path, digest, source.loader, outcome, made)
        entry = KeptLoad(
            number=outcome.load,
            file=path.name,
            checksum=digest,
            time=made,
            version=__version__,
            read=outcome.read,
            loaded=outcome.loaded,
            set_aside=outcome.set_aside,
            statements=staging.count if isinstance(source, TableCases) else None,
            mapping=mapping.name if mapping else None,
            reading=reading.said() | {"strict": strict, "replace": replace},
        )
        _keep(change, entry, files, mapping, staging)
    return outcome


def loaded_before(number: int, home: dict[str, object], lang: str) -> str:
    """Say that a file was loaded before.

    Args:
        number: of that load.
        home: the option that names where, with its value.
        lang: of what is said.
    """
    say = speaker(lang)
    return say(
        "loaded before, as load {number}: nothing was changed; to read it in another way, "
        "{unload} first",
        number=number,
        unload=command("unload", number, python="", **home),
    )


def is_taken(outcome: Outcome, strict: bool) -> bool:
    """Tell whether anything of a file goes in; where nothing does, the outcome says why."""
    say = speaker(outcome.lang)
    if strict and outcome.set_aside:
        outcome.loaded = 0
        outcome.note = say(
            "nothing was loaded: {strict}, and there are errors", strict=option("strict")
        )
    elif outcome.loaded == 0:
        outcome.note = outcome.note or say("nothing new went in")
    return outcome.loaded > 0


def _taken_in(
    change: Change,
    number: int,
    staged: Path,
    source: CaseSource,
    outcome: Outcome,
    strictness: tuple[bool, bool],
) -> Staging | None:
    """Bring what is new, and what is kept as it came, into the graphs of a load.

    Args:
        change, number, source, outcome: of the load.
        staged: the file for the statements.
        strictness: whether an error sets all aside, and whether cases take the place of others.

    Returns:
        what was written; None where nothing is to be kept of it, of which the outcome says why.
    """
    strict, replace = strictness
    # Statements of a table name no blank node, and what replaces nothing can go in at once.
    is_table = isinstance(source, TableCases)
    with ExitStack() as open_until_end:
        intake = None
        if is_table and not replace:
            intake = open_until_end.enter_context(Intake(change, number, is_told_once=True))
        full = intake.take if intake else None
        staging = stage(change.store.inner, staged, source, outcome, replace, full)
        tell(outcome, source)
        if not is_taken(outcome, strict):
            return None
        has_blank = staging.has_blank
        if intake is None:
            anew = bool(staging.robbed)
            intake = Intake(change, number, anew=anew, is_told_once=is_table)
            open_until_end.enter_context(intake)
            for part in staging.staged.parts():
                intake.take(part, has_blank=has_blank)
        change.counted = intake.end(_original(source, number), has_blank=has_blank)
    return staging


def _original(source: CaseSource, number: int) -> Iterator[ox.Quad]:
    graph = graph_of_original(number)
    for triple in source.original():
        yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _keep(
    change: Change,
    entry: KeptLoad,
    files: list[Path],
    mapping: Mapping | RdfMapping | None,
    staging: Staging,
) -> None:
    """Keep the files of a load and its dump, and count the statements of the loads it changed.

    Raises:
        DataError: a file is no longer what was read.
    """
    originals = change.keep(files)
    if change.checksum(originals) != entry.checksum:
        raise DataError(f"{files[0]}: it was changed while it was read; nothing was loaded")
    own = mapping.path if mapping is not None and mapping.is_own else None
    mapping_file = change.keep([own])[0] if own is not None else None
    change.keep_dumps(but=[int(graph.value.rpartition("/")[2]) for graph in staging.robbed])
    if not staging.has_blank:
        change.write_dump(entry.number, staging.staged.path)
    robbed = staging.robbed
    if entry.statements is None:
        robbed = robbed | {graph_of_load(entry.number)}
    entry = replaced(entry, files=originals, mapping_file=mapping_file)
    change.kept.loads = [
        replaced(load, statements=change.store.size(graph_of_load(load.number).value))
        if graph_of_load(load.number) in robbed
        else load
        for load in (*change.kept.loads, entry)
    ]


def check_cases(path: str | Path, reading: Reading = PLAIN, *, lang: str | None = None) -> Outcome:
    """Check the cases of a file without loading them; the same findings as loading gives.

    Args:
        path: a table or RDF.
        reading, lang: see :func:`read_cases`.

    Raises:
        DataError: the file cannot be used.
    """
    outcome = Outcome(str(path))
    source = read_cases(path, reading, lang=lang)
    outcome.loaded = sum(1 for _ in source.cases())
    tell(outcome, source)
    return outcome


def add_for_one_run(store: EmbeddedStore, path: str | Path) -> Outcome:
    """Add the cases of a sheet to a store in memory, as loading would, but all or none.

    A case that is there with the same content is left as it is.

    Raises:
        DataError: the file cannot be used, a row has an error, or a case is in scope with other
            content; the first is told with its cell.
    """
    path = Path(path)
    outcome = Outcome(str(path))
    source = read_cases(path)
    with scratch() as own:
        staged = own / "cases.nt"
        stage(store.inner, staged, source, outcome, replace=False)
        tell(outcome, source)
        wrong = [problem for problem in outcome.problems if problem.level == "error"]
        if wrong:
            first = wrong[0]
            fix = first.fix
            if first.rule == CONFLICT:
                fix = "a case with this id is in scope with other content: give it another id"
            raise DataError(
                f"{path}, {first.cell}: {fix} ({counted(len(wrong), 'error')} in all; ",
                command("validate", path),
                " tells what is wrong with the rows, and a store takes those that are right)",
            )
        if outcome.loaded:
            store.add_staged(staged)
    return outcome


def tell(outcome: Outcome, source: CaseSource) -> None:
    """Bring what a source says of a file into its outcome."""
    outcome.read, outcome.set_aside, outcome.lang = source.read, source.set_aside, source.lang
    outcome.problems, outcome.note = source.problems, source.note
