"""OWL reasoning by HermiT, through owlready2: consistency, and who is a member of what.

HermiT is the judge: it proves that the ontology with some data is free of contradiction. It is
meant for the ontology and small data (a thousand cases take seconds); queries need it not. It
runs in Java beside this process, and is stopped where it takes more time or memory than allowed.

owlready2 reads neither Turtle nor imports and keeps what it once read, so each run merges the
graphs first, drops owl:imports, and hands them to a world of its own.
"""

from __future__ import annotations

import functools
import io
import logging
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from ..errors import Advice, CoproductionError, DataError, ReasonerUnavailable, command, option
from ..files.scratch import scratch
from ..names import DISJOINTNESS, OWL, PACKAGED_GRAPHS, RDF, RDFS, compact
from ..resources import data_dir

if TYPE_CHECKING:
    import rdflib

    Source = rdflib.Graph | Path | str

SECONDS: Final = 600
"""Time that HermiT is given, unless it is told otherwise."""
MEMORY: Final = 2_000
"""Memory that HermiT is given, in megabytes, unless it is told otherwise."""

_BASE: Final = "urn:coproduction:merged"
_ONE_AT_A_TIME: Final = threading.Lock()
_MOST_SECONDS: Final = 10_000_000
_MOST_MEMORY: Final = 1_000_000
_OUT_OF_MEMORY: Final = ("OutOfMemoryError", "maximum heap", "object heap")
"""Words of Java: it ran out of memory, or could not start with so little."""
_TOO_MUCH_MEMORY: Final = ("Could not reserve enough space", "Invalid maximum heap", "exceeds the")
"""Words of Java: it could not start with so much."""
_RULES: Final = "; or use the rules (", command("classify"), "), which take any number of cases"
_DATATYPE: Final = re.compile(r"datatype '([^']+)'")


class ReasoningError(CoproductionError):
    """HermiT could not work on the graphs that it was given, or was stopped at a limit."""

    exit_code = 3


class Inconsistent(ReasoningError):
    """The graphs contradict themselves, so nothing can be concluded from them."""


@dataclass(frozen=True)
class Consistency:
    """What HermiT says of a graph.

    Attributes:
        consistent: whether all statements can be true together.
        unsatisfiable: IRIs of the classes that can have no member, in order; empty where the
            graph is inconsistent, since nothing can be told of classes then.
    """

    consistent: bool
    unsatisfiable: list[str]


def check_consistency(
    *sources: Source, seconds: float = SECONDS, memory: int = MEMORY
) -> Consistency:
    """Tell whether graphs, taken together, are free of contradiction.

    Args:
        *sources: rdflib graphs, or Turtle files; the packaged graphs where none is given.
        seconds: how long HermiT may take.
        memory: how many megabytes HermiT may use.

    Raises:
        ReasonerUnavailable: owlready2 or Java is not installed.
        ReasoningError: HermiT refuses the data, or was stopped at a limit.
        DataError: a file cannot be read.
    """
    with _reasoned(sources, seconds, memory) as (world, consistent):
        if not consistent:
            return Consistency(False, [])
        unsatisfiable = {str(entity.iri) for entity in world.inconsistent_classes()}
    return Consistency(True, sorted(unsatisfiable - {OWL + "Nothing"}))


def classify(
    *sources: Source, seconds: float = SECONDS, memory: int = MEMORY
) -> set[tuple[str, str]]:
    """Give each individual with every named class that it is a member of, inferred ones too.

    Args:
        *sources: rdflib graphs, or Turtle files; the packaged graphs where none is given.
        seconds: how long HermiT may take.
        memory: how many megabytes HermiT may use.

    Returns:
        pairs of IRIs (individual, class), without owl:Thing.

    Raises:
        ReasonerUnavailable: owlready2 or Java is not installed.
        ReasoningError: the graphs contradict themselves, HermiT refuses the data, or was
            stopped at a limit.
        DataError: a file cannot be read.
    """
    with _reasoned(sources, seconds, memory, _RULES) as (world, consistent):
        if not consistent:
            raise Inconsistent(
                "the graphs contradict themselves, so everything follows from them; "
                "coproduction.reasoning.justification.justify() tells which statements do"
            )
        import owlready2

        return {
            (str(individual.iri), str(kind.iri))
            for individual in world.individuals()
            for kind in individual.INDIRECT_is_a
            if isinstance(kind, owlready2.ThingClass) and kind is not owlready2.Thing
        }


@contextmanager
def _reasoned(
    sources: tuple[Source, ...], seconds: float, memory: int, instead: Sequence[str | Advice] = ()
) -> Iterator[tuple[Any, bool]]:
    """Give a world that HermiT has worked on, and whether it found it consistent."""
    owlready2 = _owlready2()
    merged = merge(sources)
    world = owlready2.World()
    try:
        ontology = world.get_ontology(_BASE)
        try:
            ontology.load(fileobj=io.BytesIO(serialize(merged)))
        except owlready2.OwlReadyOntologyParsingError as error:
            raise ReasoningError(
                _ill_typed(merged) or f"owlready2 cannot read the graphs: {error}"
            ) from error
        try:
            with _limited(seconds, memory), ontology:
                owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError:
            yield world, False
        except owlready2.OwlReadyJavaError as error:
            raise ended_badly(str(error), merged, memory, instead) from error
        except subprocess.TimeoutExpired:
            raise out_of_time(seconds, instead) from None
        else:
            yield world, True
    finally:
        world.close()


@contextmanager
def _limited(seconds: float, memory: int) -> Iterator[None]:
    """Limit the Java process that owlready2 starts, and take away the file that it leaves.

    owlready2 has the limits as variables of its module, and forgets its file where HermiT ends
    badly; so one run at a time, in a folder of its own.
    """
    from owlready2 import reasoning

    check_limits(seconds, memory)
    names = ("JAVA_MEMORY", "_subprocess_kargs", "tempfile")
    with (
        _ONE_AT_A_TIME,
        stopped_by_signal(),
        scratch() as folder,
    ):
        before = {name: getattr(reasoning, name) for name in names}
        reasoning.JAVA_MEMORY = memory
        # A child that runs out of time is killed and waited for (subprocess.run).
        reasoning._subprocess_kargs = {**reasoning._subprocess_kargs, "timeout": seconds}
        reasoning.tempfile = SimpleNamespace(
            NamedTemporaryFile=functools.partial(tempfile.NamedTemporaryFile, dir=folder)
        )
        try:
            yield
        finally:
            for name, value in before.items():
                setattr(reasoning, name, value)


@contextmanager
def stopped_by_signal() -> Iterator[None]:
    """Let SIGTERM raise SystemExit, so that a child is killed and its folder taken away.

    Only here: Python runs a handler between its own steps, so that a command in a long step of
    the store would go on where the signal should have ended it.
    """
    handled = signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
    if handled or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _stop(number: int, _: object) -> None:
    signal.signal(number, signal.SIG_IGN)  # a second one must not stop the clearing up
    raise SystemExit(128 + number)


def check_limits(seconds: float, memory: int) -> None:
    """Refuse limits that are none.

    Raises:
        DataError: a limit is not above zero, or is more than any machine gives.
    """
    if not 0 < seconds <= _MOST_SECONDS or not 0 < memory <= _MOST_MEMORY:
        raise DataError(
            f"limits of {seconds:g} seconds and {memory} megabytes: both have to be above zero, "
            f"and at most {_MOST_SECONDS:,} and {_MOST_MEMORY:,}"
        )


def out_of_time(seconds: float, instead: Sequence[str | Advice] = ()) -> ReasoningError:
    """Give the error of a reasoner that was stopped at its time limit.

    Args:
        seconds: the limit.
        instead: what can be done other than to run it again, if anything.
    """
    return ReasoningError(
        f"HermiT was stopped at its limit of {seconds:g} s; give it fewer cases or a "
        "higher limit (",
        option("seconds", "N"),
        ")",
        *instead,
    )


def _owlready2() -> Any:
    """Give the module owlready2, once it and Java are known to be there."""
    try:
        import owlready2
    except ImportError:
        raise ReasonerUnavailable(
            "a reasoner needs owlready2, which is not installed: "
            "pip install 'coproduction[reasoning]'"
        ) from None
    owlready2.JAVA_EXE = find_java()
    return owlready2


def find_java() -> str:
    """Give the path of Java.

    Raises:
        ReasonerUnavailable: there is none.
    """
    java = shutil.which("java")
    if java is None:
        raise ReasonerUnavailable(
            "a reasoner needs Java, and there is no 'java' on the PATH: "
            "install a Java runtime, version 11 or newer (for example from https://adoptium.net)"
        )
    return java


def _packaged() -> list[Path]:
    folder = data_dir("ontology")
    return [folder / name for name in (*PACKAGED_GRAPHS.values(), DISJOINTNESS)]


def merge(sources: Iterable[Source]) -> rdflib.Graph:
    """Merge graphs, without their imports, as reasoners take them.

    Whatever has a class as its type, or is an end of an object property, is declared an
    individual: data seldom says so, and owlready2 passes over those that are not.

    Args:
        sources: rdflib graphs, or Turtle files; the packaged graphs where there is none.

    Raises:
        DataError: a file cannot be read, or there is no statement in any.
    """
    import rdflib

    # rdflib logs a stack trace for each ill-typed literal; the reasoner judges them.
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    merged = rdflib.Graph(bind_namespaces="none")
    for source in tuple(sources) or _packaged():
        if isinstance(source, rdflib.Graph):
            graph = source
        else:
            from ..store.rdflib_graphs import read_turtle

            graph = read_turtle(source)
        for triple in graph:
            merged.add(triple)
    merged.remove((None, rdflib.OWL.imports, None))
    members: set[rdflib.term.Node] = set()
    built_in: set[rdflib.term.Node] = set()
    for node, kind in merged.subject_objects(rdflib.RDF.type):
        if not str(kind).startswith((OWL, RDF, RDFS)):
            members.add(node)
        elif kind != rdflib.OWL.Thing:
            built_in.add(node)
    ends = set(merged.subjects(rdflib.RDF.type, rdflib.OWL.Thing))
    for prop in set(merged.subjects(rdflib.RDF.type, rdflib.OWL.ObjectProperty)):
        for pair in merged.subject_objects(prop):
            ends |= {*pair}
    for prop in set(merged.subjects(rdflib.RDF.type, rdflib.OWL.DatatypeProperty)):
        ends |= set(merged.subjects(prop))
    # What has a type of OWL's own is a class or a property, and no individual by being an end.
    for node in members | (ends - built_in):
        if isinstance(node, rdflib.URIRef):
            merged.add((node, rdflib.RDF.type, rdflib.OWL.NamedIndividual))
    if not merged:
        raise DataError("there is nothing to reason on: the graphs hold no statement")
    return merged


def serialize(merged: rdflib.Graph) -> bytes:
    """Give a graph as N-Triples."""
    return merged.serialize(format="nt", encoding="utf-8")


def ended_badly(
    report: str, merged: rdflib.Graph, memory: int, instead: Sequence[str | Advice] = ()
) -> ReasoningError:
    """Put what Java left, a stack trace as a rule, into a sentence.

    Args:
        report: what it left.
        merged: the graph that it was given.
        memory: its limit of megabytes.
        instead: what can be done other than to run it again, if memory was short.
    """
    if any(sign in report for sign in _TOO_MUCH_MEMORY):
        return ReasoningError(
            f"Java could not start with {memory:,} MB of memory, more than there is for it; "
            "give it a lower limit (",
            option("memory", "MB"),
            ")",
            *instead,
        )
    if any(sign in report for sign in _OUT_OF_MEMORY):
        return ReasoningError(
            f"HermiT was stopped at its limit of {memory:,} MB of memory; give it fewer cases or "
            "a higher limit (",
            option("memory", "MB"),
            ")",
            *instead,
        )
    datatype = _DATATYPE.search(report)
    if "UnsupportedDatatype" in report and datatype:
        return ReasoningError(
            f"HermiT refuses the graphs: it does not know the datatype {compact(datatype[1])}; "
            "write years as xsd:integer and times as xsd:dateTime"
        )
    ill_typed = _ill_typed(merged)
    if ill_typed:
        return ReasoningError(ill_typed)
    lines = [line.strip() for line in report.splitlines()]
    cause = next((line for line in lines if "Exception" in line), lines[0] if lines else "")
    _, _, message = cause.rpartition("Exception: ")
    return ReasoningError(f"HermiT refuses the graphs: {message or cause}")


def _ill_typed(merged: rdflib.Graph) -> str:
    """Tell of a value that its datatype does not have; an empty text where there is none."""
    import rdflib

    for subject, prop, value in sorted(merged):
        if isinstance(value, rdflib.Literal) and value.ill_typed:
            return (
                f"HermiT refuses the graphs: the {compact(str(prop))} of {compact(str(subject))} "
                f"is '{value}', which is no {compact(str(value.datatype))}"
            )
    return ""
