"""The version stands in one place: who repeats it says the same, and one command sets all."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from coproduction import __version__

ROOT = Path(__file__).parents[1]
SCRIPT = Path("docs", "version.py")
PARTS = ("ontology", "shapes", "docs/version.py", "CITATION.cff", "src/coproduction/version.py")


def set_version(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / SCRIPT), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for part in PARTS:
        (tmp_path / part).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copyfile
        copy(ROOT / part, tmp_path / part)
    return tmp_path


def texts(root: Path) -> dict[str, str]:
    files = (path for part in PARTS for path in [root / part, *(root / part).rglob("*")])
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in files
        if path.is_file() and path.suffix != ".pyc" and root / SCRIPT != path
    }


def test_all_that_repeat_the_version_say_the_same() -> None:
    done = set_version(ROOT, "--check")
    assert (done.returncode, done.stderr) == (0, "")


def test_one_command_sets_every_place_and_nothing_else(checkout: Path) -> None:
    before = texts(checkout)
    assert set_version(checkout, "98.7.6").returncode == 0
    assert set_version(checkout, "--check").returncode == 0
    prior = f"    owl:priorVersion <https://w3id.org/coproduction/{__version__}> ;\n"
    after = {name: text.replace(prior, "") for name, text in texts(checkout).items()}
    # Whatever says "version" and the number said the old one before: none is left behind.
    stated = re.compile(rf"version.*\b{re.escape(__version__)}\b", re.IGNORECASE)
    assert sum(len(stated.findall(text)) for text in before.values()) > 30
    for name, text in after.items():
        left = [line for line in stated.findall(text) if "such as" not in line]
        assert not left, name
    day = r'(date-released: |dcterms:(issued|modified) ")\d{4}-\d\d-\d\d'
    assert re.search(day, after["CITATION.cff"])
    for name, text in before.items():
        back = after[name].replace("98.7.6", __version__)
        assert re.sub(day, "", back) == re.sub(day, "", text), name


def test_a_release_names_its_day_and_the_version_before(checkout: Path) -> None:
    header = checkout / "ontology" / "coproduction.ttl"
    for version, before in (("98.7.6", __version__), ("99.0.0", "98.7.6"), ("99.0.0", "98.7.6")):
        assert set_version(checkout, version).returncode == 0
        text = header.read_text(encoding="utf-8")
        assert re.findall(r"owl:priorVersion (\S+)", text) == [
            f"<https://w3id.org/coproduction/{before}>"
        ]
    released = re.search(r"date-released: (.*)", (checkout / "CITATION.cff").read_text("utf-8"))
    assert released is not None
    for prop in ("issued", "modified"):
        assert f'dcterms:{prop} "{released[1]}"^^xsd:date' in text


@pytest.mark.parametrize(
    ("prop", "day", "said"),
    [
        ("issued", "2026-01-01", "issued on 2026-01-01, CITATION.cff says"),
        ("modified", "2026-01-01", "modified before it is issued"),
    ],
)
def test_a_day_that_does_not_fit_is_told(checkout: Path, prop: str, day: str, said: str) -> None:
    header = checkout / "ontology" / "coproduction.ttl"
    text = re.sub(rf'(dcterms:{prop} ")[-\d]+', rf"\g<1>{day}", header.read_text("utf-8"))
    header.write_text(text, encoding="utf-8")
    done = set_version(checkout, "--check")
    assert done.returncode == 1 and said in done.stderr


@pytest.mark.parametrize(
    ("file", "place", "said"),
    [
        ("ontology/values.ttl", "owl:versionInfo", "ontology/values.ttl names version 0.0.9"),
        ("shapes/case-record.ttl", "owl:versionIRI", "shapes/case-record.ttl names version 0.0.9"),
        ("CITATION.cff", "version", "CITATION.cff names version 0.0.9"),
        (
            "ontology/alignments/cofog.sssom.tsv",
            "mapping_set_version",
            "cofog.sssom.tsv names version 0.0.9",
        ),
    ],
)
def test_another_version_is_told_and_mended(
    checkout: Path, file: str, place: str, said: str
) -> None:
    path = checkout / file
    text = path.read_text(encoding="utf-8")
    other = re.sub(rf"(?m)^(.*\b{place}\b.*){re.escape(__version__)}", r"\g<1>0.0.9", text)
    assert other != text
    path.write_text(other, encoding="utf-8")
    done = set_version(checkout, "--check")
    assert done.returncode == 1
    assert said in done.stderr
    assert set_version(checkout).returncode == 0
    assert path.read_text(encoding="utf-8") == text


def test_an_ontology_without_a_version_is_refused(checkout: Path) -> None:
    (checkout / "ontology" / "new.ttl").write_text(
        "<https://example.org/> a owl:Ontology .\n", encoding="utf-8"
    )
    done = set_version(checkout, "--check")
    assert done.returncode == 1
    assert "ontology/new.ttl: names its version 0 times" in done.stderr


@pytest.mark.parametrize("words", [["0.3"], ["v0.3.0"], ["0.3.0", "0.4.0"], ["--chek"]])
def test_what_is_no_version_is_refused(checkout: Path, words: list[str]) -> None:
    before = texts(checkout)
    done = set_version(checkout, *words)
    assert done.returncode == 2
    assert "not a version" in done.stderr
    assert texts(checkout) == before
