"""Works as checkout, editable install, wheel, and sdist-to-wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from coproduction.pages.libraries import libraries

from .tools import CLAIMS

ROOT = Path(__file__).parents[1]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (ROOT / "pyproject.toml").is_file(),
        reason="needs the checkout, not an installed package",
    ),
]


def sh(*words: str | Path, cwd: Path | None = None) -> str:
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `direct/*.whl` built from the checkout, the sdist, and `sdist/*.whl` from it."""
    out = tmp_path_factory.mktemp("built")
    sh(sys.executable, "-m", "build", "--wheel", "--outdir", out / "direct", ROOT)
    sh(sys.executable, "-m", "build", "--sdist", "--outdir", out, ROOT)
    archive = next(out.glob("*.tar.gz"))
    with tarfile.open(archive) as tar:
        tar.extractall(out / "unpacked", filter="data")
    source = next((out / "unpacked").iterdir())
    sh(sys.executable, "-m", "build", "--wheel", "--outdir", out / "sdist", source)
    return out


@pytest.fixture(scope="module")
def clean_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the base dependencies and nothing else of ours."""
    folder = tmp_path_factory.mktemp("clean") / "venv"
    venv.create(folder, with_pip=True)
    return folder / ("Scripts" if os.name == "nt" else "bin") / "python"


@pytest.mark.parametrize("way", ["direct", "sdist"])
def test_a_wheel_answers_a_question_in_a_clean_environment(
    built: Path, clean_python: Path, tmp_path: Path, way: str
) -> None:
    wheel = next((built / way).glob("*.whl"))
    pip = [clean_python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    sh(*pip, "--force-reinstall", "--no-deps", wheel)
    sh(*pip, wheel)
    answer = sh(clean_python, "-m", "coproduction", "ask", "glass-ceiling", cwd=tmp_path)
    assert len(answer.splitlines()) == 8
    script = clean_python.with_name("coproduction")
    assert f"claim,{CLAIMS}" in sh(script, "info", cwd=tmp_path)


def test_the_two_wheels_hold_the_same_files(built: Path) -> None:
    direct, from_sdist = (
        sorted(zipfile.ZipFile(next((built / way).glob("*.whl"))).namelist())
        for way in ("direct", "sdist")
    )
    assert direct == from_sdist
    for name in (
        "ontology/coproduction.ttl",
        "ontology/values.ttl",
        "queries/questions/glass-ceiling.rq",
        "shapes/",
    ):
        assert any(entry.startswith(f"coproduction/_data/{name}") for entry in direct)
    assert "coproduction/py.typed" in direct
    # What was fetched for browsers is in both, with its licences.
    fetched = {f"coproduction/pages/static/{name}" for name in libraries()}
    assert fetched <= set(direct)
    assert not fetched or "coproduction/pages/static/npm/NOTICES.txt" in fetched
    for lang in ("sv", "de", "fr"):
        assert f"coproduction/locale/{lang}/LC_MESSAGES/coproduction.po" in direct


def test_an_editable_install_reads_the_checkout(clean_python: Path, tmp_path: Path) -> None:
    pip = [clean_python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    sh(*pip, "-e", ROOT)
    script = "from coproduction import resources; print(resources.root())"
    assert Path(sh(clean_python, "-c", script, cwd=tmp_path).strip()) == ROOT
    answer = sh(clean_python, "-m", "coproduction", "ask", "glass-ceiling", cwd=tmp_path)
    assert len(answer.splitlines()) == 8
