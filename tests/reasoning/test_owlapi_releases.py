"""Both lines of OWLAPI read the merged file alike: 4.5, with which Protégé reads, and 5.1."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from coproduction.export.graphs import export
from coproduction.store.embedded import EmbeddedStore

from ..tools import require_from_maven, require_jars, require_module

pytestmark = pytest.mark.slow

OWLAPI_4 = "4.5.29"


@pytest.fixture(scope="module")
def old_jars(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """OWLAPI 4.5 and what it needs, fetched by Maven (which keeps them), or skip."""
    distribution = f"net.sourceforge.owlapi:owlapi-distribution:{OWLAPI_4}"
    return require_from_maven(tmp_path_factory.mktemp("owlapi4"), distribution)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The merged file in Turtle and RDF/XML, the same with cases, and one out of OWL 2 DL."""
    folder = tmp_path_factory.mktemp("merged")
    packaged, with_cases = EmbeddedStore.packaged(), EmbeddedStore.packaged()
    with_cases.add_cases()
    found = []
    for name, store, form in (
        ("merged.ttl", packaged, "ttl"),
        ("merged.owl", packaged, "owl"),
        ("cases.owl", with_cases, "owl"),
    ):
        (folder / name).write_bytes(export(store, form))
        found.append(str(folder / name))
    faulty = folder / "faulty.ttl"
    faulty.write_text(
        "@prefix owl: <http://www.w3.org/2002/07/owl#> . <urn:x:o> a owl:Ontology . <urn:x:p> "
        "a owl:ObjectProperty , owl:TransitiveProperty , owl:AsymmetricProperty .",
        encoding="utf-8",
    )
    return [*found, str(faulty)]


def read_by(jars: Path, files: list[str]) -> dict[str, Any]:
    script = Path(__file__).with_name("owlapi_counts.py")
    done = subprocess.run(
        [sys.executable, str(script), str(jars), *files], capture_output=True, text=True, check=True
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_both_releases_read_the_same_axioms(old_jars: Path, files: list[str]) -> None:
    require_module("jpype", "pip install JPype1")
    old, new = read_by(old_jars, files), read_by(require_jars()[0].parent, files)
    assert old["release"].startswith("4.5.") and new["release"].startswith("5.1.")
    *whole, old_fault = old["files"]
    *whole_in_new, new_fault = new["files"]
    assert whole == whole_in_new
    assert old_fault["violations"] and new_fault["violations"], "both judge"
    turtle, xml, with_cases = whole
    assert turtle == xml and with_cases["logical"] > turtle["logical"] > 1000
    for read in whole:
        assert read["violations"] == []
        assert read["kinds"]["DisjointClasses"], "what is disjoint is in the merged file"
        assert (
            read["axioms"]
            > read["logical"]
            == sum(count for kind, count in read["kinds"].items() if kind not in NO_LOGIC)
        )


NO_LOGIC = {"Declaration", "AnnotationAssertion", "AnnotationPropertyDomain"}
NO_LOGIC |= {"AnnotationPropertyRangeOf", "SubAnnotationPropertyOf"}
"""Kinds of axioms that no reasoner looks at, as OWLAPI calls them."""
