"""Justifications: which statements, taken together, cannot be true, in words.

HermiT says that graphs contradict themselves; a justification says why: a smallest set of axioms
that does, so that to take one of them out takes the contradiction out. The same for a class that
can have no member. OWLAPI finds them (:mod:`coproduction.reasoning.owlapi`), and each is put into a
sentence with labels in place of IRIs, the data first and then the definitions that they run into.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ..names import compact
from .functional_syntax import functional, iris_in, parse
from .hermit import MEMORY, SECONDS, merge
from .sentences import Words

if TYPE_CHECKING:
    import rdflib

    from .hermit import Source

_ASSERTIONS: Final = ("Assertion", "SameIndividual", "DifferentIndividuals")
_CLASS_ASSERTION: Final = "ClassAssertion"


@dataclass(frozen=True)
class Axiom:
    """One statement of a justification.

    Attributes:
        sentence: the statement in English, with labels.
        functional: the statement in OWL's functional syntax, with IRIs.
        iris: every IRI in it, in order of appearance.
    """

    sentence: str
    functional: str
    iris: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Justification:
    """A smallest set of axioms that cannot be true together, or that empties a class.

    Attributes:
        of: IRI of the class that can have no member; None where the graphs contradict themselves.
        label: the label of that class, or "the graphs".
        axioms: the statements, those of data before those of definitions.
        individual: IRI of the one thing that every statement of data here names; None if
            there is none.
        individual_label: the label of that thing, or an empty text.
    """

    of: str | None
    label: str
    axioms: tuple[Axiom, ...]
    individual: str | None = None
    individual_label: str = ""


@dataclass(frozen=True)
class Judgement:
    """What is wrong with graphs, and why.

    Attributes:
        consistent: whether all statements can be true together.
        unsatisfiable: IRIs of the classes that can have no member, in order; empty where the
            graphs are inconsistent.
        labels: the label of each of these.
        justifications: class by class, first those whose data say of what classes a thing is
            and nothing else, then the shortest.
        note: why there may be more than these (a limit was met), or an empty text.
    """

    consistent: bool
    unsatisfiable: list[str]
    labels: dict[str, str]
    justifications: list[Justification]
    note: str = ""


def justify(
    *sources: Source, most: int = 3, seconds: float = SECONDS, memory: int = MEMORY
) -> Judgement:
    """Tell whether graphs are free of contradiction and empty classes, and if not, why.

    Args:
        *sources: rdflib graphs, or Turtle files; the packaged graphs where none is given.
        most: how many justifications are looked for, for the graphs or for each class.
        seconds: how long HermiT may take. What is found by then is given.
        memory: how many megabytes HermiT may use.

    Raises:
        ReasonerUnavailable: Java, JPype1 or the jars of OWLAPI are not installed.
        ReasoningError: HermiT refuses the data, or met a limit before it had a verdict.
        DataError: a file cannot be read, or a limit is not above zero.
    """
    from .owlapi import examine

    merged = merge(sources)
    found = examine(merged, most, seconds, memory)
    label = labeller(merged)
    justifications = []
    for of, texts in found.justifications:
        axioms = _axioms(texts, label)
        one = shared_individual(axioms)
        name = label(of) if of else "the graphs"
        justifications.append(Justification(of, name, axioms, one, label(one) if one else ""))
    justifications.sort(key=lambda each: (each.of or "", _relations(each), len(each.axioms)))
    return Judgement(
        found.consistent,
        found.unsatisfiable,
        {iri: label(iri) for iri in found.unsatisfiable},
        justifications,
        f"there may be more: {found.stopped}" if found.stopped else "",
    )


def labeller(graph: rdflib.Graph) -> Callable[[str], str]:
    """Give a function from IRIs to English labels; a prefixed name or the IRI stands in."""
    import rdflib

    def label(iri: str) -> str:
        found = [
            each
            for each in graph.objects(rdflib.URIRef(iri), rdflib.RDFS.label)
            if isinstance(each, rdflib.Literal)
        ]
        # English before no language before any other.
        found.sort(key=lambda each: ({"en": 0, "": 1}.get((each.language or "")[:2], 2), each))
        return str(found[0]) if found else compact(iri)

    return label


def shared_individual(axioms: tuple[Axiom, ...]) -> str | None:
    """Give the IRI of the one thing that every statement of data names; None if there is none."""
    named = [found for axiom in axioms if (found := _individuals(axiom))]
    shared = [iri for iri in named[0] if all(iri in each for each in named)] if named else []
    return shared[0] if shared else None


def _individuals(axiom: Axiom) -> tuple[str, ...]:
    """Give the things that a statement of data is about, the subject first; none of another."""
    kind = axiom.functional.partition("(")[0]
    if not kind.endswith(_ASSERTIONS):
        return ()
    if kind == _CLASS_ASSERTION:
        return axiom.iris[-1:]
    return axiom.iris[1:3] if kind.endswith("Assertion") else axiom.iris


def _relations(justification: Justification) -> int:
    """Count the statements of data that say more than of what class a thing is."""
    kinds = [axiom.functional.partition("(")[0] for axiom in justification.axioms]
    return sum(kind.endswith(_ASSERTIONS) and kind != _CLASS_ASSERTION for kind in kinds)


def _axioms(texts: list[str], label: Callable[[str], str]) -> tuple[Axiom, ...]:
    axioms = []
    for text in texts:
        tree = parse(text)
        iris = dict.fromkeys(iris_in(tree))
        axioms.append(Axiom(Words(label).sentence(tree), functional(tree), tuple(iris)))
    axioms.sort(
        key=lambda axiom: (
            not axiom.functional.partition("(")[0].endswith(_ASSERTIONS),
            axiom.sentence,
        )
    )
    return tuple(axioms)
