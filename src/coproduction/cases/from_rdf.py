"""Cases out of RDF: the same shapes hold, and a case with an error is set aside whole.

A case is the node of class ``cop:Case``, its codings, what observes it, the nodes below its IRI
and the blank nodes that it leads to. The file is held in memory while it is checked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ..errors import DataError, option
from ..knowledge.case_record import LEVELS, case_record
from ..knowledge.disjointness import disjoint_classes
from ..knowledge.followed import followed_in
from ..knowledge.levels import rubrics_of
from ..knowledge.packaged import add_links
from ..messages import Speaker, speaker
from ..names import ALIGNMENTS, COP, GRAPH, OWL, PACKAGED_GRAPHS, RDF, RDFS, compact
from ..store.embedded import EmbeddedStore
from ..store.protocol import Store
from ..store.renamed_terms import left_in, rename, renames_in, told_of
from ..store.unknown_terms import unknown_terms
from ..tables.table import LARGEST, check_size
from ..validation.constraints import validate_store
from ..validation.shacl import ShapeFinding
from .cells import broken_iri
from .closure import OBSERVES, closure, text_of
from .columns import Problem
from .statements import Case

_TYPE: Final = ox.NamedNode(RDF + "type")
_INDIVIDUAL: Final = ox.NamedNode(OWL + "NamedIndividual")
_CASE: Final = ox.NamedNode(COP + "Case")
_NORM: Final = ox.NamedNode(COP + "Norm")
_NUMBERS: Final = frozenset(
    ("start_year", "end_year", "observed_year", "participant_count", "coded_on")
)
"""Columns whose values often come with another datatype, and then look right."""
_SUBCLASS: Final = ox.NamedNode(RDFS + "subClassOf")
_DATA: Final = ox.NamedNode(GRAPH + "data")
_PACKAGED: Final = frozenset(
    ox.NamedNode(iri) for iri in (ALIGNMENTS, *(GRAPH + name for name in PACKAGED_GRAPHS))
)


class RdfCases:
    """The cases of an RDF file of any format that ``--data`` takes.

    Named graphs are read as one; statements about what the packaged graphs describe (the
    ontology's own terms) are left out.

    Attributes:
        loader: how the file was read, in the words of the record of a load.
        note: a sentence on what was left out.

    Raises:
        DataError: the file is missing, too large, broken (with the line), or holds no case.
    """

    loader = "RDF"

    def __init__(
        self, path: Path, largest: int = LARGEST, base: str | None = None, lang: str = "en"
    ) -> None:
        self._path, self._say = path, speaker(lang)
        store = EmbeddedStore.packaged()
        add_links(store)
        file, cleaned = _opened(path, largest, base)
        names = renames_in(store)
        self._former = [*told_of(names, rename(file, names).times), *left_in(file, store)]
        self._statements, left_out = _kept(_triples(file), store)
        subclassed = self._name_cases()
        store.add(
            ox.Quad(triple.subject, triple.predicate, triple.object, _DATA)
            for triples in self._statements.values()
            for triple in triples
        )
        for triple in followed_in(store):
            self._statements[triple.subject].append(triple)
            store.add([ox.Quad(triple.subject, triple.predicate, triple.object, _DATA)])
        say = self._say
        notes = {
            say.plural(
                "{count:,} statement about the ontology's own terms was left out",
                "{count:,} statements about the ontology's own terms were left out",
                left_out,
            ): left_out,
            say.plural(
                "{count:,} case is of a class below cop:Case; that it is a case is added",
                "{count:,} cases are of a class below cop:Case; that they are cases is added",
                subclassed,
            ): subclassed,
            say.plural(
                "control characters were taken out of {count:,} text",
                "control characters were taken out of {count:,} texts",
                cleaned,
            ): cleaned,
        }
        self.note = "; ".join(note for note, count in notes.items() if count)
        self._cases = sorted((node for node in self._statements if self._is(node, _CASE)), key=str)
        if not self._cases:
            raise DataError(
                f"{path}: it has no case (no node of class cop:Case); RDF of other kinds is asked "
                "with ",
                option("data", "FILE"),
            )
        self._store = store
        self.problems: list[Problem] = []
        self._faulty: set[object] = set()
        self._wrong_norms: set[object] = set()
        self._judge()

    @property
    def lang(self) -> str:
        """Language of what is told."""
        return self._say.lang

    @property
    def read(self) -> int:
        """Number of cases in the file, and of norms that are set aside."""
        return len(self._cases) + len(self._wrong_norms)

    @property
    def set_aside(self) -> int:
        """Number of cases with an error so far, and of norms with one."""
        return len(self._faulty) + len(self._wrong_norms)

    def cases(self) -> Iterator[Case]:
        """Give the cases without error, in order of IRI."""
        for node in self._cases:
            if node not in self._faulty:
                yield Case(str(getattr(node, "value", node)), text_of(self._closure(node)), "", 0)

    def rest(self, is_taken: Callable[[object], bool]) -> str:
        """Give the statements that belong to no case, such as those of organisations.

        What is said of a case that the store has, and that is none here, is left out and told; a
        norm with an error is left out.
        """
        known = (*self._cases, *self._wrong_norms)
        taken = {triple.subject for node in known for triple in self._closure(node)}
        others = [subject for subject in self._statements if subject not in taken]
        there = {
            subject for subject in others if isinstance(subject, ox.NamedNode) and is_taken(subject)
        }
        if there:
            left = self._say.plural(
                "{count:,} statement about cases that the store has was left out: give such a case "
                "whole",
                "{count:,} statements about cases that the store has were left out: give such a "
                "case whole",
                sum(len(self._statements[subject]) for subject in there),
            )
            self.note = "; ".join(filter(None, (self.note, left)))
        return text_of(
            triple
            for subject in others
            if subject not in there
            for triple in self._statements[subject]
        )

    def original(self) -> Iterator[ox.Triple]:
        """Give what is kept as it came: nothing, for all that is RDF goes in as it is."""
        return iter(())

    def called(self, key: str) -> str:
        """Give what a column of the case sheet is called, by its key."""
        return case_record().field(key).name(self._say.lang)

    def refuse(self, case: Case, rule: str, fix: str) -> None:
        """Report an error of a case as a whole."""
        self._faulty.add(ox.NamedNode(case.iri))
        number = len(self.problems) + 1
        self.problems.append(
            Problem(
                number, self._path.name, case.iri, 0, "id", "error", rule, "", self._say.again(fix)
            )
        )

    def _name_cases(self) -> int:
        """Add the class cop:Case to the nodes whose class lies below it; give their number."""
        below: dict[object, set[object]] = defaultdict(set)
        for triples in self._statements.values():
            for triple in triples:
                if triple.predicate == _SUBCLASS:
                    below[triple.object].add(triple.subject)
        classes, waiting = {_CASE}, [_CASE]
        while waiting:
            for found in below.get(waiting.pop(), set()) - classes:
                classes.add(found)  # type: ignore[arg-type]
                waiting.append(found)  # type: ignore[arg-type]
        added = 0
        for node, triples in self._statements.items():
            kinds = {triple.object for triple in triples if triple.predicate == _TYPE}
            if kinds & classes and _CASE not in kinds:
                triples.append(ox.Triple(node, _TYPE, _CASE))  # type: ignore[arg-type]
                added += 1
        return added

    def _is(self, node: object, kind: ox.NamedNode) -> bool:
        about = self._statements.get(node, ())
        return any(t.predicate == _TYPE and t.object == kind for t in about)

    def _closure(self, case: object) -> list[ox.Triple]:
        return closure(
            case, lambda node: self._statements.get(node, ()), self._observations.get(case, ())
        )

    @cached_property
    def _observations(self) -> dict[object, list[object]]:
        """The observations of each case."""
        found: dict[object, list[object]] = defaultdict(list)
        for node, triples in self._statements.items():
            for triple in triples:
                if triple.predicate == OBSERVES:
                    found[triple.object].append(node)
        return dict(found)

    def _judge(self) -> None:
        """Hold the file against the shapes; an error is one of every case that leads to it."""
        is_case = set(self._cases)
        findings = validate_store(self._store, self._say.lang)
        wrong = misnamed(self._store, self._path.name, self._say)
        found = problems_of(findings, self._path.name, wrong)
        self.problems = wrong + [
            problem._replace(fix=problem.fix + self._datatype(finding))
            if problem.column in _NUMBERS and not broken_iri(finding.focus)
            else problem
            for problem, finding in zip(found[len(wrong) :], findings, strict=True)
        ]
        for words in self._former:
            old, number = str(words.values["old"]), len(self.problems) + 1
            self.problems.append(
                Problem(
                    number, self._path.name, "", 0, old, "info", "term-deprecated", old,
                    self._say.again(words),
                )
            )  # fmt: skip
        for finding in findings:
            if LEVELS[finding.severity.capitalize()] == "error":
                owners = self._owners(finding)
                self._faulty |= owners & is_case
                self._wrong_norms |= {node for node in owners if self._is(node, _NORM)} - is_case

    def _owners(self, finding: ShapeFinding) -> set[object]:
        """Give the node of a finding and those that lead to it; the node may be a text."""
        focus = finding.focus
        if finding.is_text:
            return set(self._with_text.get(focus, ()))
        node = ox.BlankNode(focus[2:]) if focus.startswith("_:") else ox.NamedNode(focus)
        leading = self._store.statements(None, None, node, _DATA)
        observed = self._store.statements(node, OBSERVES, None, _DATA)
        return {
            node, *(quad.subject for quad in leading), *(quad.object for quad in observed)
        }  # fmt: skip

    @cached_property
    def _with_text(self) -> dict[str, set[object]]:
        """The nodes that have a text, by text: one may stand where a node is asked for."""
        found: dict[str, set[object]] = defaultdict(set)
        for subject, triples in self._statements.items():
            for triple in triples:
                if isinstance(triple.object, ox.Literal):
                    found[triple.object.value].add(subject)
        return found

    def _datatype(self, finding: ShapeFinding) -> str:
        """Say what datatype a value at fault has, where it is not that of a plain text."""
        for triple in self._statements.get(ox.NamedNode(finding.focus), ()):
            text = triple.object
            if (
                triple.predicate.value == finding.path
                and isinstance(text, ox.Literal)
                and text.value == finding.value
            ):
                kind = compact(text.datatype.value)
                return " " + self._say("Its datatype is {datatype}.", datatype=kind)
        return ""


def misnamed(store: Store, table: str, say: Speaker) -> list[Problem]:
    """Tell which terms of our namespace the statements use that do not exist, each once.

    Args:
        store: what is looked through, with the packaged graphs.
        table: its name.
        say: the language that it is told in.
    """
    problems: list[Problem] = []
    for unknown in unknown_terms(store):
        times = say.plural("in {count:,} statement", "in {count:,} statements", unknown.times)
        number, fix = len(problems) + 1, f"{say.again(unknown.words)} ({times})"
        problems.append(
            Problem(
                number, table, unknown.subject, 0, unknown.term, "warning", "term-unknown",
                unknown.term, fix,
            )
        )  # fmt: skip
    return problems


def problems_in(store: Store, table: str, lang: str) -> list[Problem]:
    """Give all that is wrong with the cases of a store.

    Args:
        store: what is looked through, with the packaged graphs.
        table: its name.
        lang: the language that it is told in.
    """
    wrong = misnamed(store, table, speaker(lang))
    return problems_of(validate_store(store, lang), table, wrong)


def problems_of(
    findings: Iterable[ShapeFinding], table: str, first: Sequence[Problem] = ()
) -> list[Problem]:
    """Give findings in RDF in the form of the report: the node stands in place of the cell.

    Args:
        findings: of one file or store.
        table: its name.
        first: what is told before them.
    """
    key_of = {field.shape: field.key for field in case_record().fields}
    problems: list[Problem] = [*first]
    for finding in findings:
        shape = finding.shape.rpartition("#")[2]
        column = key_of.get(shape) or (compact(finding.path) if finding.path else "")
        level = LEVELS[finding.severity.capitalize()]
        number = len(problems) + 1
        problems.append(
            Problem(
                number, table, finding.focus, 0, column, level, shape, finding.value,
                finding.message,
            )
        )  # fmt: skip
    return problems


def _kept(
    triples: Iterable[ox.Triple], packaged: EmbeddedStore
) -> tuple[dict[object, list[ox.Triple]], int]:
    """Sort out what the packaged graphs describe, and the blank nodes that hang on that alone.

    Returns:
        the statements kept, by subject; how many left out are not in the packaged graphs.
    """
    there = {quad.triple for quad in packaged.statements()}
    described = {triple.subject for triple in there if isinstance(triple.subject, ox.NamedNode)}
    there.update(disjoint_classes())  # which an export has too
    kept: dict[object, list[ox.Triple]] = defaultdict(list)
    hanging: list[object] = []
    left_out = 0
    levels = {ox.NamedNode(prop) for prop in rubrics_of(packaged).values()}
    for triple in triples:
        subject = triple.subject
        if triple.predicate in levels:
            continue  # concluded anew in the store
        if triple.predicate == _TYPE and triple.object == _INDIVIDUAL:
            continue  # a declaration, which an export makes for readers of OWL
        if str(subject).startswith(f"<{GRAPH}"):
            continue  # the record of loads of another store
        if subject not in described:
            kept[subject].append(triple)
        elif isinstance(triple.object, ox.BlankNode):
            hanging.append(triple.object)
        else:
            left_out += triple not in there
    held = {
        t.object
        for subject, about in kept.items()
        if isinstance(subject, ox.NamedNode)
        for t in about
    }
    while hanging:
        node = hanging.pop()
        if node not in held:
            hanging += [t.object for t in kept.pop(node, ()) if isinstance(t.object, ox.BlankNode)]
    return kept, left_out


def _opened(path: Path, largest: int, base: str | None) -> tuple[EmbeddedStore, int]:
    """Read a file; give its statements, and the number of texts that were cleaned."""
    check_size(path, largest)
    store = EmbeddedStore()
    cleaned = store.add_raw(path, base)
    return store, cleaned


def _triples(store: EmbeddedStore) -> Iterator[ox.Triple]:
    """Give the statements; quads of the packaged graphs, as an export has them, are passed over."""
    for quad in store.statements():
        if quad.graph_name not in _PACKAGED:
            yield quad.triple
