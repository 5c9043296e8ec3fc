"""Fixtures that many tests share."""

from __future__ import annotations

import gc
import os
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Generator
from pathlib import Path

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.cli import main
from coproduction.evidence.ledger import Evidence
from coproduction.knowledge.packaged import changing
from coproduction.names import COP, ID
from coproduction.store import disk_layout, on_disk
from coproduction.store.on_disk import copy_in_memory

Run = Callable[..., "Outcome"]

# What a shell runs in the background is deaf to Ctrl-C, and so is all that it starts: the tests of
# Ctrl-C would wait for nothing.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


# A store waits for the disk with each step; what tests write is of no worth after a power cut.
_IN_MEMORY = Path("/dev/shm")
_ENOUGH = 4_000_000_000
if _IN_MEMORY.is_dir() and shutil.disk_usage(_IN_MEMORY).free >= _ENOUGH:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_IN_MEMORY))


class Outcome:
    """What a command did: exit code, standard output, standard error."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture(scope="session")
def kg() -> coproduction.KnowledgeGraph:
    """The packaged graph; tests do not change it."""
    return coproduction.open()


@pytest.fixture(scope="session")
def cases() -> coproduction.KnowledgeGraph:
    """The packaged graph with the shipped cases; tests do not change it."""
    return coproduction.open(cases=True)


@pytest.fixture(scope="session")
def against_c42(cases: coproduction.KnowledgeGraph) -> Evidence:
    """The shipped cases, one of them of a foundation: one interpreted row against C42.

    It is La Petite Cité, whose form as shipped leaves open who its members are.
    """
    copy = copy_in_memory(cases.store)
    body = ox.NamedNode(f"{ID}organization/la-petite-cite")
    (told,) = copy.statements(body, ox.NamedNode(f"{COP}hasOrganisationForm"), None)
    copy.remove([told])
    foundation = ox.NamedNode(f"{COP}Foundation")
    copy.add([ox.Quad(told.subject, told.predicate, foundation, told.graph_name)])
    return Evidence(copy)


# A table in a pipe is as wide as COLUMNS says, which readline sets for what pytest starts.
os.environ.pop("COLUMNS", None)


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run the command line in this process."""

    def run_command(*words: str) -> Outcome:
        capfdbinary.readouterr()
        code = main(words)
        captured = capfdbinary.readouterr()
        return Outcome(code, captured.out.decode(), captured.err.decode())

    return run_command


@pytest.fixture
def public_high_case(tmp_path: Path) -> Path:
    """A public arrangement at high level: what the literature's claim says cannot be."""
    path = tmp_path / "school-council.ttl"
    path.write_text(
        """
        @prefix cop: <https://w3id.org/coproduction#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix dcterms: <http://purl.org/dc/terms/> .
        <https://example.org/case/school-council> a cop:Case ;
            rdfs:label "school council with a parental majority"@en ;
            cop:hasServiceType cop:BasicEducation ;
            cop:hasProviderSector cop:PublicSector ;
            cop:hasParticipationLevel cop:HighParticipation ;
            cop:hasRelationIntensity cop:IntensiveOrEnduring ;
            dcterms:source <https://example.org/school-act> .
        """,
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="session")
def new_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a store that holds what is packaged and nothing else."""
    folder = tmp_path_factory.mktemp("new") / "store"
    with changing(folder):
        pass
    live = disk_layout.live_state(folder)
    assert live is not None
    return live.data


@pytest.fixture(autouse=True)
def _stores_begin_as_copies(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, new_store: Path
) -> None:
    """A quick test's new store begins as a copy of one that was made once, the same by checksums.

    It takes as long to fill one with what is packaged as all else that a small load does. Slow
    tests, and those marked ``first_load``, begin with nothing, as users do.
    """
    if any(request.node.get_closest_marker(name) for name in ("slow", "nightly", "first_load")):
        return

    def copied(folder: Path) -> disk_layout.State:
        begins = disk_layout.live_state(folder) is None
        state = disk_layout.new_state(folder)
        if begins:
            shutil.copytree(new_store, state.data)
        return state

    monkeypatch.setattr(on_disk, "new_state", copied)


_EACH = 32
"""Of a matrix that is sampled, the first parameter is quick, and then one of so many."""
_OTHERS = 3
"""Of the other parameters one of so many is slow; the rest, of the same kind, is nightly."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of tests of one kind run a part where all would take long beside what they tell.

    Of a test marked ``sampled`` a spread of the parameters is quick, a third of the others slow.
    Of one marked ``one_in(n)`` the first parameters are as they are marked, and then one in n. The
    rest is nightly.
    """
    seen: Counter[str] = Counter()
    for item in items:
        function = item.nodeid.partition("[")[0]
        place = seen[function]
        seen[function] += 1
        if item.get_closest_marker("sampled") and place % _EACH:
            item.add_marker(pytest.mark.slow)
            if place % _OTHERS:
                item.add_marker(pytest.mark.nightly)
        if (one := item.get_closest_marker("one_in")) and place and place % one.args[0] != 1:
            item.add_marker(pytest.mark.nightly)


def pytest_collection_finish() -> None:
    """Keep what collecting made, which lives as long as the run, out of every later collection.

    A change of a store collects garbage three times. Among the hundreds of thousands of objects
    that three thousand tests are, that took longer than the change itself.
    """
    gc.collect()
    gc.freeze()


def _loud(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Make a skip a failure where ``CI=true`` says that all is there, but for public data."""
    if os.environ.get("CI") != "true" or not report.skipped or hasattr(report, "wasxfail"):
        return
    # The reason stands last; the path before it may hold any words.
    said = report.longrepr
    reason = said[2] if isinstance(said, tuple) else str(said)
    if not reason.removeprefix("Skipped: ").startswith("needs public data: "):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI, where nothing may be missing: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With CI=true every tool is there: only absent public data may skip a test."""
    report = yield
    _loud(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same of a file that skips itself whole."""
    report = yield
    _loud(report)
    return report
