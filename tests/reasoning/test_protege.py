"""Protégé itself opens what we ship: no error in its log, the same counts, labels in its tree.

The pictures of its windows go into a scratch folder; COPRODUCTION_PICTURES names one to keep them
in, such as docs/protege, whose pictures were made so.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest

import coproduction
from coproduction.names import OWL, RDF
from coproduction.resources import data_dir

from ..tools import missing, require_from_maven, require_jars, require_java, require_program
from . import protege
from .test_owl_readers import read_by

pytestmark = pytest.mark.slow

TOOLS = {"Xvfb": "xvfb", "openbox": "openbox", "xdotool": "xdotool", "xclip": "xclip"}
TOOLS["import"] = "imagemagick"
CALLS_HOME = ("[IdentifiersDotOrg]",)
"""Whose errors are no matter: it looks for lists of names on the net, which it is kept from."""
COUNTS = {
    "Class count": "Class",
    "Object property count": "ObjectProperty",
    "Data property count": "DatatypeProperty",
    "Individual count": "NamedIndividual",
}
QUERY = (
    "'service arrangement' and 'has participation level' "
    "some ('is above' value 'medium participation')"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of Protégé, or skip."""
    for program, package in TOOLS.items():
        require_program(program, program, package)
    java = Path(require_java()).resolve().parents[1]
    if not (java / "lib" / "libawt_xawt.so").exists():
        missing("needs a Java that can open windows (Debian: apt-get install default-jre)")
    release = require_from_maven(tmp_path_factory.mktemp("release"), protege.RELEASE, alone=True)
    parts = require_from_maven(tmp_path_factory.mktemp("parts"), *protege.PARTS, alone=True)
    (packed,) = release.glob("*.zip")
    return protege.put_together(packed, parts, tmp_path_factory.mktemp("protege"))


@contextmanager
def editor(home: Path, file: Path, folder: Path, name: str) -> Iterator[protege.Editor]:
    """Give Protégé with a file loaded, and see afterwards that it told of no error."""
    folder.mkdir()
    with protege.screen(folder) as environment:
        opened = protege.Editor(home, file, environment, folder)
        try:
            opened.ready(name)
            yield opened
        finally:
            opened.close()
    assert errors(opened.log) == []


def errors(log: str) -> list[str]:
    """Give the lines of a log that tell of an error, or of a warning of the program's own."""
    return [
        line
        for line in log.splitlines()
        if re.search(r"\x1b\[(1;)?31m|ERROR|[Ee]xception|undeclared|Illegal", line)
        and not any(name in line for name in CALLS_HOME)
    ]


def keep(opened: protege.Editor, folder: Path, name: str) -> None:
    """Take a picture of the window, and see that it is one of a window full of things."""
    kept = Path(os.environ.get("COPRODUCTION_PICTURES") or folder)
    assert opened.picture(kept / f"{name}.png").stat().st_size > 15_000


def individuals(file: Path) -> int:
    triples = ox.parse(path=file, format=ox.RdfFormat.RDF_XML)
    kind = ox.NamedNode(OWL + "NamedIndividual")
    return sum(t.predicate.value == RDF + "type" and t.object == kind for t in triples)


def test_the_merged_file_opens_with_the_counts_that_owlapi_has(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "coproduction.owl"
    file.write_bytes(coproduction.open().export("owl"))
    (read,) = read_by(require_jars()[0].parent, [str(file)])["files"]
    with editor(home, file, tmp_path / "home", "w3id.org/coproduction") as opened:
        shown = opened.metrics()
        keep(opened, tmp_path, "metrics")
    assert (shown["Axiom"], shown["Logical axiom count"]) == (read["axioms"], read["logical"])
    assert {kind: shown[name] for name, kind in COUNTS.items()} == {
        kind: read["entities"][kind] for kind in COUNTS.values()
    }


def test_with_cases_it_is_reasoned_over_and_queried(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "cases.owl"
    file.write_bytes(coproduction.open(cases=True).export("owl"))
    with editor(home, file, tmp_path / "home", "w3id.org/coproduction") as opened:
        assert opened.metrics()["Individual count"] == individuals(file)
        opened.find("Scale value that states how much citizens")  # of one definition alone
        keep(opened, tmp_path, "class")
        opened.reason()
        opened.find("ceiling-breaching arrangement (by the diagram)")
        keep(opened, tmp_path, "inferred")
        opened.query(QUERY)
        keep(opened, tmp_path, "query")


def test_the_modules_open_by_their_catalog(home: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(data_dir("ontology"), tmp_path / "ontology")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with editor(home, folder / "disjointness.ttl", tmp_path / "home", "disjointness") as opened:
        shown = opened.metrics()
        keep(opened, tmp_path, "modules")
        loaded = set(re.findall(r"Finished loading .*/([a-z]+\.ttl)", opened.log))
    everything = {path.name for path in folder.glob("*.ttl")} - {"roles.ttl", "toolkit.ttl"}
    assert loaded == everything
    assert shown["Class count"] > 90 and shown["Individual count"] > 800
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_an_ontology_of_ones_own_imports_ours(home: Path, tmp_path: Path) -> None:
    (tmp_path / "coproduction.owl").write_bytes(coproduction.open().export("owl"))
    page = (Path(__file__).parents[2] / "docs" / "protege.md").read_text(encoding="utf-8")
    for name in ("mine.ttl", "catalog-v001.xml"):
        found = re.search(rf"`{name}`:\n\n```\w+\n(.*?)```", page, re.DOTALL)
        assert found is not None, f"docs/protege.md shows {name}"
        (tmp_path / name).write_text(found[1], encoding="utf-8")
    with editor(home, tmp_path / "mine.ttl", tmp_path / "home", "example.org/mine") as opened:
        shown = opened.metrics()
        opened.find("library board")
        keep(opened, tmp_path, "mine")
    assert "Finished loading file:" in opened.log and "coproduction.owl" in opened.log
    assert shown["Individual count"] == individuals(tmp_path / "coproduction.owl") + 1


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("\x1b[31m[IdentifiersDotOrg] Error retrieving names", 0),
        ("\x1b[31mAn error occurred\x1b[0;39m", 1),
        ("java.lang.NullPointerException", 1),
        ("\x1b[34mFinished loading file", 0),
    ],
)
def test_an_error_in_the_log_is_seen(line: str, told: int) -> None:
    assert len(errors(line)) == told
