"""OWL reasoning by HermiT, through owlready2: consistency, and who is a member of what.

HermiT is the judge: it proves that the ontology with some data is free of contradiction. It is
meant for the ontology and small data (a thousand cases take seconds); queries need it not.

owlready2 reads neither Turtle nor imports and keeps what it once read, so each run merges the
graphs first, drops owl:imports, and hands them to a world of its own.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .errors import CoproductionError, DataError, ReasonerUnavailable
from .names import OWL, PACKAGED_GRAPHS, RDF, RDFS
from .resources import data_dir

if TYPE_CHECKING:
    import rdflib

    Source = rdflib.Graph | Path | str

_BASE: Final = "urn:coproduction:merged"


class ReasoningError(CoproductionError):
    """HermiT could not work on the graphs that it was given."""

    exit_code = 3


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


def check_consistency(*sources: Source) -> Consistency:
    """Tell whether graphs, taken together, are free of contradiction.

    Args:
        *sources: rdflib graphs, or Turtle files; the packaged graphs where none is given.

    Raises:
        ReasonerUnavailable: owlready2 or Java is not installed.
        ReasoningError: HermiT refuses the data.
        DataError: a file cannot be read.
    """
    with _reasoned(sources) as (world, consistent):
        if not consistent:
            return Consistency(False, [])
        unsatisfiable = {str(entity.iri) for entity in world.inconsistent_classes()}
    return Consistency(True, sorted(unsatisfiable - {OWL + "Nothing"}))


def classify(*sources: Source) -> set[tuple[str, str]]:
    """Give each individual with every named class that it is a member of, inferred ones too.

    Args:
        *sources: rdflib graphs, or Turtle files; the packaged graphs where none is given.

    Returns:
        pairs of IRIs (individual, class), without owl:Thing.

    Raises:
        ReasonerUnavailable: owlready2 or Java is not installed.
        ReasoningError: the graphs contradict themselves, or HermiT refuses the data.
        DataError: a file cannot be read.
    """
    with _reasoned(sources) as (world, consistent):
        if not consistent:
            raise ReasoningError(
                "the graphs contradict themselves, so everything follows from them; "
                "take data out until check_consistency() says consistent"
            )
        import owlready2

        return {
            (str(individual.iri), str(kind.iri))
            for individual in world.individuals()
            for kind in individual.INDIRECT_is_a
            if isinstance(kind, owlready2.ThingClass) and kind is not owlready2.Thing
        }


@contextmanager
def _reasoned(sources: tuple[Source, ...]) -> Iterator[tuple[Any, bool]]:
    """Give a world that HermiT has worked on, and whether it found it consistent."""
    owlready2 = _owlready2()
    triples = _n_triples(sources or _packaged())
    world = owlready2.World()
    try:
        merged = world.get_ontology(_BASE)
        try:
            merged.load(fileobj=io.BytesIO(triples))
        except owlready2.OwlReadyOntologyParsingError as error:
            raise ReasoningError(f"owlready2 cannot read the graphs: {error}") from error
        try:
            with merged:
                owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError:
            yield world, False
        except owlready2.OwlReadyJavaError as error:
            raise ReasoningError(_refusal(str(error))) from error
        else:
            yield world, True
    finally:
        world.close()


def _owlready2() -> Any:
    """Give the module owlready2, once it and Java are known to be there."""
    try:
        import owlready2
    except ImportError:
        raise ReasonerUnavailable(
            "a reasoner needs owlready2, which is not installed: "
            "pip install 'coproduction[reasoning]'"
        ) from None
    java = shutil.which("java")
    if java is None:
        raise ReasonerUnavailable(
            "a reasoner needs Java, and there is no 'java' on the PATH: "
            "install a Java runtime, version 11 or newer (for example from https://adoptium.net)"
        )
    owlready2.JAVA_EXE = java
    return owlready2


def _packaged() -> list[Path]:
    folder = data_dir("ontology")
    return [folder / name for name in PACKAGED_GRAPHS.values()]


def _n_triples(sources: Iterable[Source]) -> bytes:
    """Merge graphs, without their imports, into N-Triples.

    Whatever has a class as its type is declared an individual: data seldom says so, and
    owlready2 passes over those that are not.
    """
    import rdflib

    merged = rdflib.Graph(bind_namespaces="none")
    for source in sources:
        if isinstance(source, rdflib.Graph):
            graph = source
        else:
            from .validation import read_turtle

            graph = read_turtle(source)
        for triple in graph:
            merged.add(triple)
    merged.remove((None, rdflib.OWL.imports, None))
    built_in = (OWL, RDF, RDFS)
    individuals = {
        node
        for node, kind in merged.subject_objects(rdflib.RDF.type)
        if isinstance(node, rdflib.URIRef) and not str(kind).startswith(built_in)
    }
    for individual in individuals:
        merged.add((individual, rdflib.RDF.type, rdflib.OWL.NamedIndividual))
    if not merged:
        raise DataError("there is nothing to reason on: the graphs hold no statement")
    return merged.serialize(format="nt", encoding="utf-8")


def _refusal(report: str) -> str:
    """Put HermiT's stack trace into a sentence."""
    lines = [line.strip() for line in report.splitlines()]
    cause = next((line for line in lines if "Exception" in line), lines[0] if lines else "")
    _, _, message = cause.rpartition("Exception: ")
    advice = ""
    if "UnsupportedDatatype" in report:
        advice = "; write years as xsd:integer and times as xsd:dateTime"
    return f"HermiT refuses the graphs: {message or cause}{advice}"
