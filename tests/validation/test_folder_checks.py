"""What `check` tells of files of the ontology that nothing reads, and of cases as records."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coproduction.names import GRAPH, PACKAGED_GRAPHS
from coproduction.resources import data_dir
from coproduction.store.embedded import EmbeddedStore
from coproduction.validation.folder_checks import folder_findings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for part in ("ontology", "cases"):
        shutil.copytree(data_dir(part), tmp_path / part)
    return tmp_path


def told(folder: Path) -> list[tuple[str, str, str, str]]:
    store = EmbeddedStore()
    for name, file in PACKAGED_GRAPHS.items():
        store.load_own(folder / "ontology" / file, GRAPH + name)
    found = folder_findings(store.inner, folder / "ontology", folder / "cases")
    return [(f.check, str(f.message), str(f.fix), Path(f.file or "").name) for f in found]


def test_all_is_well(folder: Path) -> None:
    assert told(folder) == []


OMISSIONS = [
    ("cases/basta.ttl", "cop:hasDecisionRights cop:MajorityControl", "cop:hasDecisionRights cop:Majority",
     "undefined-term", "did you mean 'cop:MajorityControl'", "spelling", "basta.ttl"),
    ("cases/basta.ttl", 'cop:countryCode "SE" ;', "",
     "case-record", "breaks copsh:Case-country of the case record", "country", "basta.ttl"),
    ("cases/chicago-local-school-councils.ttl", "    cop:observes case:chicago-local-school-councils ;\n", "",
     "case-record", "copsh:Observation-case", "Name the one case", "chicago-local-school-councils.ttl"),
    ("cases/chicago-local-school-councils.ttl", "    cop:fromYear 1989 ;\n    cop:toYear 2002 ;\n", "",
     "case-record", "copsh:Rule-observationPeriod", "the first or the last year", "chicago-local-school-councils.ttl"),
    ("cases/hvidovre-school-boards.ttl", '    cop:legalBasis "Folkeskoleloven, section 42"@en ;\n    cop:hasServiceType', "    cop:hasServiceType",
     "case-record", "copsh:Norm-legalBasis", "Name the act", "hvidovre-school-boards.ttl"),
    ("ontology/catalog-v001.xml", 'uri="values.ttl"', 'uri="value.ttl"',
     "file-not-read", "values.ttl is not in the catalogue", "Add a line", "catalog-v001.xml"),
    ("ontology/disjointness.ttl", " cop:Rubric", "",
     "root-not-disjoint", "cop:Rubric is under no class", "Add it to the first list", "disjointness.ttl"),
    ("ontology/disjointness.ttl", " cop:Rubric", " cop:Rubrik",
     "root-not-disjoint", "cop:Rubrik is said to be disjoint, and is no class", "Correct its name", "disjointness.ttl"),
    ("ontology/disjointness.ttl", " foaf:Person", " foaf:Persona",
     "root-not-disjoint", "foaf:Persona is said to be disjoint, and is no class", "Correct its name", "disjointness.ttl"),
    ("ontology/disjointness.ttl", "owl:members (", "",
     "broken-file", "disjointness.ttl", "Put the file right", "disjointness.ttl"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "check", "message", "fix", "where"),
    OMISSIONS,
    ids=lambda value: value if "ttl" not in value and len(value) < 30 else None,
)
@pytest.mark.sampled
def test_an_omission_is_told(
    folder: Path, file: str, old: str, new: str, check: str, message: str, fix: str, where: str
) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any(
        found[0] == check and message in found[1] and fix in found[2] and found[3] == where
        for found in told(folder)
    ), told(folder)


def test_a_file_that_nothing_reads_is_told(folder: Path) -> None:
    (folder / "ontology" / "mine.ttl").write_text("", encoding="utf-8")
    ((check, message, fix, where),) = told(folder)
    assert (check, where) == ("file-not-read", "mine.ttl")
    assert "nothing reads it" in message and "PACKAGED_GRAPHS" in fix
