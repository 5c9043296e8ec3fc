"""Loading cases into a store: all that are clean go in, the others are set aside with reasons.

The statements of clean cases are written to a file that the store takes whole. Each load is a
graph of its own, with a record of where it came from.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace as replaced
from pathlib import Path
from typing import IO, Any, Final, Protocol

import pyoxigraph as ox

from ..errors import DataError, in_shell
from ..files.scratch import scratch
from ..knowledge.packaged import changing
from ..messages import Sentence, speaker, spoken
from ..names import BASE, COP
from ..store.bookkeeping import LOADS, load_with
from ..store.folder import Change
from ..store.originals import KeptLoad, checksum
from ..syntax.rdf_files import FORMATS
from ..tables.json_tables import JSON_ENDINGS
from ..tables.json_tables import is_table as is_json_table
from ..tables.table import LARGEST, TABLE_ENDINGS, check_size
from ..version import __version__
from .from_catalogue import CatalogueCases
from .from_rdf import RdfCases, canonical, closure
from .from_table import Progress, TableCases
from .loads import (
    TYPE,
    Outcome,
    graph_of_load,
    graph_of_original,
    is_of_cases,
    now,
    record_load,
    size_of,
)
from .mappings import Mapping, RdfMapping
from .rows import Case, Problem, organisation_statements

_CASE: Final = ox.NamedNode(COP + "Case")


class CaseSource(Protocol):
    """Where cases come from: a table or RDF."""

    loader: str

    @property
    def lang(self) -> str:
        """Language of what is told."""

    @property
    def read(self) -> int:
        """Number of records read so far."""

    @property
    def set_aside(self) -> int:
        """Number of records with an error so far."""

    @property
    def problems(self) -> list[Problem]:
        """What was wrong so far."""

    @property
    def note(self) -> str:
        """A sentence on the whole file."""

    def cases(self) -> Iterator[Case]:
        """Give the cases without error."""

    def rest(self, is_taken: Callable[[object], bool]) -> str:
        """Give the statements that belong to no case, here or (as is_taken says) in the store."""

    def original(self) -> Iterator[ox.Triple]:
        """Give what is kept as it came, in a graph of its own."""

    def refuse(self, case: Case, rule: str, fix: str) -> None:
        """Report an error of a case as a whole."""


def read_cases(
    path: str | Path,
    *,
    mapping: Mapping | RdfMapping | None = None,
    base: str = BASE,
    defaults: dict[str, str] | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    largest: int = LARGEST,
    progress: Progress = lambda rows, share: None,
    lang: str | None = None,
) -> CaseSource:
    """Open a file of cases: a table (.csv, .tsv, .txt, .xlsx) or RDF, by its ending.

    Args:
        path: the file.
        mapping: how to read a table that is not in the form of the case sheet, or RDF that does
            not use our terms.
        base: what the IRI of a case begins with, before its id (tables).
        defaults: key to the text that stands for an empty cell (tables and catalogues).
        sheet, encoding, largest: see :func:`~coproduction.tables.table.read_table`.
        progress: told how far the reading is, now and then.
        lang: language of what is told: en, sv, de or fr; by default that of a table's headings,
            else English.

    Raises:
        DataError: the file cannot be used.
        UnknownName: another language.
    """
    path = Path(path)
    lang = spoken(lang) if lang is not None else None
    ending = path.suffix.lower()
    if ending in JSON_ENDINGS:
        check_size(path, largest)
    is_table = ending in TABLE_ENDINGS or (ending in JSON_ENDINGS and is_json_table(path))
    if is_table or (isinstance(mapping, Mapping) and mapping.form):
        if isinstance(mapping, RdfMapping):
            raise DataError(f"{path}: the mapping {mapping.name} is for RDF, and this is a table")
        return TableCases(
            path,
            base,
            mapping,
            sheet=sheet,
            encoding=encoding,
            largest=largest,
            progress=progress,
            defaults=defaults,
            lang=lang,
        )
    if ending not in FORMATS:
        raise DataError(
            f"{path}: the ending {path.suffix or '(none)'} is neither a table's "
            f"({' '.join(TABLE_ENDINGS)}) nor RDF's ({' '.join(FORMATS)})"
        )
    if isinstance(mapping, RdfMapping):
        return CatalogueCases(path, mapping, base, largest, defaults, lang or "en")
    if mapping:
        raise DataError(f"{path}: the mapping {mapping.name} is for tables, and this is RDF")
    if defaults:
        raise DataError(f"{path}: --set is for tables and catalogues, and this is RDF of cases")
    return RdfCases(path, largest, None if base == BASE else base, lang or "en")


def load(
    path: str | Path,
    folder: str | Path,
    *,
    strict: bool = False,
    replace: bool = False,
    mapping: Mapping | RdfMapping | None = None,
    progress: Progress = lambda rows, share: None,
    again: KeptLoad | None = None,
    lang: str | None = None,
    **reading: Any,
) -> Outcome:
    """Load the cases of a file into a store.

    Args:
        path: a table in the form of the case sheet or of a mapping, or RDF.
        folder: the store; made where there is none.
        strict: load nothing unless no case has an error.
        replace: take the new content of a case that exists with other content.
        mapping, progress, lang: see :func:`read_cases`.
        again: a load of another store that this one repeats, with its number and time.
        **reading: base, defaults, sheet, encoding and largest, see :func:`read_cases`.

    Raises:
        DataError: the file or the store cannot be used; nothing is changed then.
    """
    path = Path(path)
    outcome = Outcome(str(path))
    files = [path, *(mapping.beside(path) if isinstance(mapping, Mapping) else ())]
    digest = checksum(*files)
    source = read_cases(path, mapping=mapping, progress=progress, lang=lang, **reading)
    outcome.lang, say = source.lang, speaker(source.lang)
    with scratch() as own, changing(folder) as change:
        done = load_with(change.store, digest)
        if done is not None:
            outcome.note = say(
                "loaded before, as load {number}: nothing was changed; to read it in another way, "
                "'coproduction unload {number} --store {store}' first",
                number=done,
                store=in_shell(folder),
            )
            change.discard()
            return outcome
        staged = own / "cases.nt"
        staging = _stage(change.store, staged, source, outcome, replace)
        _tell(outcome, source)
        if not _is_taken(outcome, strict):
            change.discard()
            return outcome
        outcome.load = change.kept.number(again.number if again else None)
        made = again.time if again else now()
        _take_in(change.store, staged, source, outcome.load)
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
            reading=reading | {"strict": strict, "replace": replace},
        )
        _keep(change, entry, files, mapping, staging.robbed)
    return outcome


def _is_taken(outcome: Outcome, strict: bool) -> bool:
    """Tell whether anything of a file goes in; where nothing does, the outcome says why."""
    say = speaker(outcome.lang)
    if strict and outcome.set_aside:
        outcome.loaded = 0
        outcome.note = say("nothing was loaded: --strict, and there are errors")
    elif outcome.loaded == 0:
        outcome.note = outcome.note or say("nothing new went in")
    return outcome.loaded > 0


def _take_in(store: ox.Store, staged: Path, source: CaseSource, number: int) -> None:
    """Bring the staged statements, and what is kept as it came, into the graphs of a load."""
    _bulk_load(store, staged, graph_of_load(number))
    original = graph_of_original(number)
    store.extend(
        ox.Quad(triple.subject, triple.predicate, triple.object, original)
        for triple in source.original()
    )


def _keep(
    change: Change,
    entry: KeptLoad,
    files: list[Path],
    mapping: Mapping | RdfMapping | None,
    robbed: set[ox.NamedNode],
) -> None:
    """Keep the files of a load, and count the statements of those loads that it changed.

    Raises:
        DataError: a file is no longer what was read.
    """
    originals = change.keep(files)
    if change.checksum(originals) != entry.checksum:
        raise DataError(f"{files[0]}: it was changed while it was read; nothing was loaded")
    own = mapping.path if mapping is not None and mapping.is_own else None
    mapping_file = change.keep([own])[0] if own is not None else None
    if entry.statements is None:
        robbed = robbed | {graph_of_load(entry.number)}
    entry = replaced(entry, files=originals, mapping_file=mapping_file)
    change.kept.loads = [
        replaced(load, statements=size_of(change.store, graph_of_load(load.number)))
        if graph_of_load(load.number) in robbed
        else load
        for load in (*change.kept.loads, entry)
    ]


def _stage(
    store: ox.Store, staged: Path, source: CaseSource, outcome: Outcome, replace: bool
) -> _Staging:
    """Write the statements of what is new to a file that the store can take whole."""
    with staged.open("w", encoding="utf-8", newline="\n") as file:
        staging = _Staging(store, file, source, outcome, replace)
        for case in source.cases():
            staging.add(case)
        file.write(source.rest(staging.is_of_case_there) if outcome.loaded else "")
    return staging


def check_cases(path: str | Path, **reading: object) -> Outcome:
    """Check the cases of a file without loading them; the same findings as loading gives.

    Args:
        path: a table or RDF.
        **reading: see :func:`read_cases`.

    Raises:
        DataError: the file cannot be used.
    """
    outcome = Outcome(str(path))
    source = read_cases(path, **reading)  # type: ignore[arg-type]
    outcome.loaded = sum(1 for _ in source.cases())
    _tell(outcome, source)
    return outcome


def _tell(outcome: Outcome, source: CaseSource) -> None:
    outcome.read, outcome.set_aside, outcome.lang = source.read, source.set_aside, source.lang
    outcome.problems, outcome.note = source.problems, source.note


def _bulk_load(store: ox.Store, staged: Path, graph: ox.NamedNode) -> None:
    """Load a file of N-Triples; Ctrl-C ends the waiting at once, not after the last triple."""
    failures: list[Exception] = []

    def run() -> None:
        try:
            # Lenient, for the text is ours: each IRI in it was held against the parser before.
            store.bulk_load(
                path=staged, format=ox.RdfFormat.N_TRIPLES, to_graph=graph, lenient=True
            )
        except Exception as error:  # raised again below, in the thread that waits
            failures.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]


class _Staging:
    """Writes the statements of cases to a file, unless the store has them already."""

    def __init__(
        self,
        store: ox.Store,
        file: IO[str],
        source: CaseSource,
        outcome: Outcome,
        replace: bool,
    ) -> None:
        self._store, self._file, self._source = store, file, source
        self._outcome, self._replace = outcome, replace
        self._written: set[str] = set()
        self._of_others: set[str] = set()
        self.count = 0
        """Number of distinct statements written."""
        self.robbed: set[ox.NamedNode] = set()
        """Graphs of loads that a case was taken out of."""

    def add(self, case: Case) -> None:
        """Write a case, or count it as unchanged, or report that it is there with other content."""
        for organisation, name in case.organisations:
            if organisation not in self._written:
                self._written.add(organisation)
                self._write(organisation_statements(organisation, name), organisation)
        node = ox.NamedNode(case.iri)
        if next(iter(self._store.quads_for_pattern(node, TYPE, _CASE)), None) is not None:
            if self._is_same(case, node):
                self._outcome.unchanged += 1
                return
            if not self._replace:
                return
            self._take_out(node)
        self._write(case.statements, f"<{case.iri}")
        self._outcome.loaded += 1

    def _write(self, statements: str, own: str) -> None:
        """Write statements, each once, and count those that are new.

        Those whose subject begins with `own` are written nowhere else; what a case says of an
        organisation another case may say as well.
        """
        self._file.write(statements)
        count = statements.count("\n")
        if f"\n{statements}".count(f"\n{own}") < count:
            others = {line for line in statements.splitlines() if not line.startswith(own)}
            count -= len(others & self._of_others)
            self._of_others |= others
        self.count += count

    def is_of_case_there(self, node: object) -> bool:
        """Tell whether a node is a case that the store has, or stands below one's IRI."""
        parts = str(getattr(node, "value", "")).split("/")
        return any(
            next(iter(self._store.quads_for_pattern(above, TYPE, _CASE)), None) is not None
            for above in (ox.NamedNode("/".join(parts[:end])) for end in range(4, len(parts) + 1))
        )

    def _is_same(self, case: Case, node: ox.NamedNode) -> bool:
        before = self._before(node)
        new = _about_the_case(ox.parse(input=case.statements, format=ox.RdfFormat.N_TRIPLES))
        if before == new:
            return True
        if not self._replace:
            was, now = ("; ".join(sorted(one)[:3]) for one in (before - new, new - before))
            fix = Sentence(
                "The store has this case with other content ({there} there, {here} here): "
                "--replace takes the new one.",
                there=was or "-",
                here=now or "-",
            )
            self._source.refuse(case, "conflict", fix)
        return False

    def _before(self, node: ox.NamedNode) -> set[str]:
        return _about_the_case(quad.triple for quad in self._quads(node))

    def _quads(self, node: ox.NamedNode) -> list[ox.Quad]:
        """Give the quads of a case and of what belongs to it."""

        def about(subject: object) -> list[ox.Quad]:
            found = self._store.quads_for_pattern(subject, None, None)  # type: ignore[arg-type]
            return [quad for quad in found if is_of_cases(quad.graph_name)]

        own = closure(node, lambda subject: (quad.triple for quad in about(subject)))
        return [quad for node in {triple.subject for triple in own} for quad in about(node)]

    def _take_out(self, node: ox.NamedNode) -> None:
        """Take the old content out, and keep its text in the record of loads."""
        kept = "\n".join(sorted(self._before(node)))
        for quad in self._quads(node):
            self._store.remove(quad)
            if isinstance(quad.graph_name, ox.NamedNode):
                self.robbed.add(quad.graph_name)
        replaced = ox.NamedNode(COP + "replacedStatements")
        self._store.add(ox.Quad(node, replaced, ox.Literal(kept), LOADS))


def _about_the_case(triples: Iterator[ox.Triple]) -> set[str]:
    """Give statements as texts to compare, without those about organisations."""
    return canonical(t for t in triples if "/id/organization/" not in str(t.subject))
