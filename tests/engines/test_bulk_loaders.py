"""What convert writes, taken in by the engines' own loaders: the rows of a store on disk."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

import coproduction

from ..conftest import Run
from .servers import fuseki, virtuoso

pytestmark = pytest.mark.slow
ROWS = 300
GENERATE = Path(__file__).parents[2] / "benchmarks" / "generate.py"


@pytest.mark.parametrize("server", [fuseki, virtuoso], ids=["tdb2.tdbloader", "ld_dir"])
def test_a_loader_takes_the_parts_and_the_server_answers_as_a_store(
    server: Callable[..., AbstractContextManager[str]],
    run: Run,
    tmp_path: Path,
) -> None:
    file, parts, store = tmp_path / "cases.csv", tmp_path / "parts", tmp_path / "store"
    made = [sys.executable, str(GENERATE), str(ROWS), str(file), "--faults", "0.02"]
    subprocess.run(made, check=True)
    words = ("--quads", "--parts", "3", "--workers", "2", "--compress")
    assert run("convert", str(file), "-o", str(parts), *words).code == 1
    assert run("load", str(file), "--store", str(store)).code == 1
    (tmp_path / "server").mkdir()
    with server(tmp_path / "server", parts) as url:
        here, there = coproduction.open(store=store), coproduction.open(endpoint=url)
        assert there.note == ""
        for words in (("evidence", "--format", "json"), ("ask", "glass-ceiling"), ("gaps",)):
            found = run(*words, "--endpoint", url)
            expected = run(*words, "--store", str(store))
            assert found.code == expected.code == 0
            assert found.out == expected.out and len(found.out) > 500
        told = [{k: v for k, v in row.items() if k != "time"} for row in there.loads().rows]
        assert told == [{k: v for k, v in row.items() if k != "time"} for row in here.loads().rows]
        ours = {iri: n for iri, n in there.store.graphs().items() if iri in here.store.graphs()}
        assert ours == here.store.graphs()
