"""HermiT through owlready2: consistent, no empty class, and who breaks through the ceiling."""

from __future__ import annotations

import builtins
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
import rdflib

from coproduction.errors import DataError, ReasonerUnavailable
from coproduction.names import COP
from coproduction.reasoning.hermit import (
    ReasoningError,
    check_consistency,
    classify,
    ended_badly,
    merge,
    stopped_by_signal,
)
from coproduction.reasoning.inference import for_hermit
from coproduction.store.embedded import EmbeddedStore
from coproduction.store.rdflib_graphs import read_turtle

from ..conftest import Run
from ..tools import TERM_FILES, require_java, require_module

pytestmark = pytest.mark.slow

BREACHING = COP + "CeilingBreachingArrangement"


@pytest.fixture
def reasoner() -> None:
    """Owlready2 and Java, or skip."""
    require_module("owlready2", "pip install 'coproduction[reasoning]'")
    require_java()


def turtle(text: str) -> rdflib.Graph:
    """Read Turtle with this project's prefixes."""
    prefixes = f"@prefix cop: <{COP}> .\n@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    prefixes += "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    prefixes += "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
    return rdflib.Graph().parse(data=prefixes + text, format="turtle")


@pytest.mark.usefixtures("reasoner")
def test_the_packaged_graphs_are_consistent_and_no_class_is_empty_by_force() -> None:
    verdict = check_consistency()
    assert verdict.consistent
    assert verdict.unsatisfiable == []


@pytest.mark.usefixtures("reasoner")
def test_a_public_arrangement_can_breach_the_ceiling(public_high_case: Path) -> None:
    case = read_turtle(public_high_case)
    sources = (*TERM_FILES, public_high_case)
    assert check_consistency(*sources).consistent
    members = classify(*sources)
    breaching = {individual for individual, kind in members if kind == BREACHING}
    assert breaching == {"https://example.org/case/school-council"}
    assert ("https://example.org/case/school-council", COP + "ServiceArrangement") in members
    assert set(read_turtle(public_high_case)) == set(case)


@pytest.mark.usefixtures("reasoner")
def test_the_reasoner_and_the_question_name_the_same_arrangements() -> None:
    store = EmbeddedStore.packaged()
    store.add_cases()
    breaching = {
        individual for individual, kind in classify(for_hermit(store)) if kind == BREACHING
    }
    asked = store.query(
        "SELECT DISTINCT ?a WHERE { ?a a cop:Case ; cop:hasParticipationLevel cop:HighParticipation }"
    )
    assert breaching == {row["a"].value for row in asked}  # type: ignore[union-attr]
    assert len(breaching) == 11


@pytest.mark.usefixtures("reasoner")
def test_a_medium_arrangement_does_not_breach() -> None:
    case = turtle("<urn:x:a> a cop:Case ; cop:hasParticipationLevel cop:MediumParticipation .")
    assert ("urn:x:a", BREACHING) not in classify(*TERM_FILES, case)


@pytest.mark.usefixtures("reasoner")
def test_a_second_value_does_not_make_the_graph_inconsistent() -> None:
    case = turtle(
        "<urn:x:a> a cop:Case ; cop:hasProviderSector cop:PublicSector , cop:ThirdSector ;"
        " cop:hasParticipationLevel cop:LowParticipation , cop:HighParticipation ."
    )
    assert check_consistency(*TERM_FILES, case).consistent


@pytest.mark.usefixtures("reasoner")
def test_a_contradiction_and_an_empty_class_are_found() -> None:
    one_level = turtle("cop:LowParticipation owl:sameAs cop:HighParticipation .")
    assert not check_consistency(*TERM_FILES, one_level).consistent
    with pytest.raises(ReasoningError, match="contradict"):
        classify(*TERM_FILES, one_level)
    empty = turtle(
        "<urn:x:A> a owl:Class . <urn:x:B> a owl:Class ; owl:disjointWith <urn:x:A> ."
        "<urn:x:C> a owl:Class ; rdfs:subClassOf <urn:x:A> , <urn:x:B> ."
    )
    verdict = check_consistency(*TERM_FILES, empty)
    assert verdict.consistent
    assert verdict.unsatisfiable == ["urn:x:C"]


@pytest.mark.usefixtures("reasoner")
def test_runs_do_not_remember_each_other() -> None:
    case = turtle("<urn:x:a> a cop:Case ; cop:hasParticipationLevel cop:HighParticipation .")
    assert ("urn:x:a", BREACHING) in classify(*TERM_FILES, case)
    assert not any(individual == "urn:x:a" for individual, _ in classify(*TERM_FILES))


@pytest.mark.usefixtures("reasoner")
def test_imports_are_not_followed() -> None:
    case = turtle("<urn:x:o> a owl:Ontology ; owl:imports <https://example.invalid/none> .")
    assert check_consistency(*TERM_FILES, case).consistent


@pytest.mark.usefixtures("reasoner")
def test_what_hermit_refuses_is_said_in_a_sentence() -> None:
    dated = turtle(
        "<urn:x:when> a owl:DatatypeProperty . <urn:x:a> a owl:NamedIndividual , cop:Case ;"
        ' <urn:x:when> "2009-01-01"^^xsd:date .'
    )
    with pytest.raises(ReasoningError, match="date") as refusal:
        check_consistency(*TERM_FILES, dated)
    assert "\n" not in str(refusal.value)
    assert refusal.value.exit_code == 3


def many(number: int) -> rdflib.Graph:
    """So many cases, each with a level."""
    return turtle(
        "".join(
            f"<urn:x:{i}> a cop:Case ; cop:hasParticipationLevel cop:HighParticipation ."
            for i in range(number)
        )
    )


def processes_of(folder: Path) -> list[Path]:
    """The processes with a folder in their command lines (none where the system cannot tell)."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if str(folder).encode() in path.read_bytes():
                found.append(path)
    return found


def java_children() -> list[str]:
    """The command lines of the HermiTs that run (empty too where the system cannot tell)."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if any("coproduction-" in word for word in words) and any("HermiT" in w for w in words):
            lines.append(" ".join(words))
    return lines


@pytest.mark.usefixtures("reasoner")
def test_a_run_that_takes_too_long_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    begun = time.monotonic()
    with pytest.raises(ReasoningError, match=r"limit of 0\.3 s; give it fewer cases") as told:
        classify(*TERM_FILES, many(300), seconds=0.3)
    assert time.monotonic() - begun < 10
    assert told.value.exit_code == 3
    assert "or use the rules" in str(told.value)
    assert "\n" not in str(told.value)
    assert [line for line in java_children() if str(tmp_path) in line] == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("reasoner")
@pytest.mark.parametrize("megabytes", [1, 16])
def test_a_run_that_takes_too_much_memory_is_stopped(
    megabytes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(ReasoningError, match=f"limit of {megabytes} MB") as told:
        check_consistency(*TERM_FILES, many(3_000), memory=megabytes)
    assert "higher limit (memory=" in str(told.value)
    assert "\n" not in str(told.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("reasoner")
def test_the_limits_are_of_one_run_and_no_run_leaves_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import owlready2.reasoning as theirs

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = (theirs.JAVA_MEMORY, dict(theirs._subprocess_kargs), theirs.tempfile)
    one_level = turtle("cop:LowParticipation owl:sameAs cop:HighParticipation .")
    assert not check_consistency(*TERM_FILES, one_level, seconds=60, memory=500).consistent
    assert (theirs.JAVA_MEMORY, theirs._subprocess_kargs, theirs.tempfile) == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("reasoner")
def test_a_limit_is_above_zero() -> None:
    with pytest.raises(DataError, match="above zero"):
        check_consistency(*TERM_FILES, memory=0)


def test_nothing_to_reason_on_is_an_error() -> None:
    require_module("owlready2", "pip install 'coproduction[reasoning]'")
    require_java()
    with pytest.raises(DataError, match="nothing to reason on"):
        check_consistency(rdflib.Graph())


def test_without_java(monkeypatch: pytest.MonkeyPatch) -> None:
    require_module("owlready2", "pip install 'coproduction[reasoning]'")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(ReasonerUnavailable, match="11 or newer") as error:
        check_consistency(*TERM_FILES)
    assert error.value.exit_code == 3
    assert "\n" not in str(error.value)


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real_import = builtins.__import__

    def no_owlready2(name: str, *rest: Any, **options: Any) -> Any:
        if name == "owlready2":
            raise ImportError(name)
        return real_import(name, *rest, **options)

    monkeypatch.setattr(builtins, "__import__", no_owlready2)
    with pytest.raises(ReasonerUnavailable, match=r"pip install 'coproduction\[reasoning\]'"):
        check_consistency(*TERM_FILES)


@pytest.mark.parametrize("seconds", ["nan", "inf", "1e300", "0", "-1"])
def test_a_limit_that_is_none(run: Run, seconds: str) -> None:
    done = run("check", "--reasoner", "hermit", "--seconds", seconds)
    assert done.code == 2 and "both have to be above zero" in done.err


def test_an_end_of_a_property_is_an_individual() -> None:
    merged = merge(
        [*TERM_FILES, turtle("<urn:a> cop:hasParticipationLevel cop:HighParticipation .")]
    )
    assert (rdflib.URIRef("urn:a"), rdflib.RDF.type, rdflib.OWL.NamedIndividual) in merged
    a_class = rdflib.URIRef(COP + "ParticipationLevel")
    assert (a_class, rdflib.RDF.type, rdflib.OWL.NamedIndividual) not in merged


@pytest.mark.usefixtures("reasoner")
@pytest.mark.parametrize("kind", ["", "a owl:Thing ;", "rdfs:label 'a' ;"])
def test_an_arrangement_without_a_class_of_its_own_is_classified(kind: str) -> None:
    values = "cop:hasParticipationLevel cop:HighParticipation ; cop:hasServicePhase cop:Delivery"
    data = turtle(f"<urn:a> {kind} {values} .")
    assert ("urn:a", BREACHING) in classify(*TERM_FILES, data)


@pytest.mark.parametrize(
    ("report", "advice"),
    [
        ("Could not reserve enough space for 20480000KB object heap", "a lower limit"),
        ("Invalid maximum heap size: -Xmx9g", "a lower limit"),
        ("Too small maximum heap", "a higher limit"),
        ("java.lang.OutOfMemoryError: Java heap space", "a higher limit"),
    ],
)
def test_too_much_memory_is_told_from_too_little(report: str, advice: str) -> None:
    assert advice in str(ended_badly(report, rdflib.Graph(), 100))


@pytest.mark.usefixtures("reasoner")
def test_a_value_that_its_datatype_does_not_have_is_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data.ttl"
    data.write_text(f'<urn:x:a> <{COP}rank> "abc"^^<{rdflib.XSD.integer}> .', encoding="utf-8")
    with pytest.raises(ReasoningError, match="cop:rank of <urn:x:a> is 'abc', which is no xsd:int"):
        check_consistency(*TERM_FILES, data)
    assert capfd.readouterr().err == ""


def test_the_signal_is_handled_only_while_a_child_runs() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as stop, stopped_by_signal():
        signal.raise_signal(signal.SIGTERM)
    assert stop.value.code == 143
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.usefixtures("reasoner")
def test_an_end_by_signal_leaves_nothing_behind(tmp_path: Path) -> None:
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", "from coproduction.__main__ import run; run()"]
    process = subprocess.Popen(
        [*command, "check", "--reasoner", "hermit", "--cases"], env=environment
    )
    for _ in range(200):
        if any(tmp_path.iterdir()):
            break
        time.sleep(0.05)
    process.terminate()
    assert process.wait(timeout=30) == 143
    assert list(tmp_path.glob("coproduction-*")) == []
    assert processes_of(tmp_path) == []
