"""A skip is honest on one's own machine and loud in CI, however it is made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
WAYS = {
    "mark": "@pytest.mark.skipif(True, reason='{why}')\ndef test_one(): pass\n",
    "call": "def test_one(): pytest.skip('{why}')\n",
    "module": "pytest.skip('{why}', allow_module_level=True)\n",
    "import": "def test_one(): pytest.importorskip('no_such_module', reason='{why}')\n",
    "fixture": "@pytest.fixture\ndef one(): pytest.skip('{why}')\ndef test_one(one): pass\n",
}


def tried(folder: Path, way: str, why: str, ci: str) -> tuple[int, str]:
    (folder / "conftest.py").write_text("from tests.conftest import *\n", encoding="utf-8")
    path = folder / "test_it.py"
    path.write_text("import pytest\n" + WAYS[way].format(why=why), encoding="utf-8")
    done = subprocess.run(
        [*PYTEST, "--rootdir", str(folder), "-c", os.devnull, str(path)],
        cwd=folder,
        env=os.environ | {"CI": ci, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.sampled
def test_a_skip_fails_in_ci(tmp_path: Path, way: str) -> None:
    code, told = tried(tmp_path, way, "needs a tool", "true")
    assert code not in (0, 5) and "skipped in CI" in told, told
    code, told = tried(tmp_path, way, "needs a tool", "false")
    assert code in (0, 5) and "1 skipped" in told, told


@pytest.mark.parametrize("way", ["call", "fixture"])
@pytest.mark.sampled
def test_absent_public_data_may_skip_in_ci(tmp_path: Path, way: str) -> None:
    code, told = tried(tmp_path, way, "needs public data: a file", "true")
    assert code == 0 and "1 skipped" in told, told


@pytest.mark.slow
def test_words_within_a_reason_excuse_nothing(tmp_path: Path) -> None:
    (folder := tmp_path / "needs public data: ").mkdir()
    code, told = tried(folder, "call", "no public data here", "true")
    assert code == 1 and "skipped in CI" in told, told
