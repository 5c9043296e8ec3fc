"""All measurements, at sizes that fit in ten minutes, as one table: `benchmarks/table.md`.

Each script compares the answers first, and ends with a fault where they differ. Run:
`make benchmark`, or `python benchmarks/table.py [-o FILE] [--only cold_start rows ...] [--small]`;
with --small all is so small that figures say nothing, and it is only seen that all of it runs. With
--large what is promised of 100,000 cases is measured on so many, in `table-large.md`: an hour.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

import measured

from coproduction.version import __version__

HERE = Path(__file__).parent
PEERS = ("pyoxigraph", "rdflib", "pyshacl", "pandas", "polars", "duckdb", "oxigraph")


class Sizes(NamedTuple):
    """How many cases each is given.

    Attributes:
        small: servers, which are asked much.
        few, many: what is measured as it grows.
        judged: the judges in pure Python.
        runs: of what is measured again and again.
    """

    small: int = 1_000
    few: int = 1_000
    many: int = 10_000
    judged: int = 200
    runs: int = 10


def main() -> None:
    """Run the scripts, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--only", nargs="*", help="names of scripts; by default all")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--small", action="store_true")
    size.add_argument("--large", action="store_true")
    arguments = parser.parse_args()
    sizes = Sizes(60, 60, 120, 20, 2) if arguments.small else Sizes()
    if arguments.large:
        sizes = Sizes(1_000, 10_000, 100_000, 200, 20)
    output = arguments.output or HERE / ("table-large.md" if arguments.large else "table.md")
    begun, busy = time.perf_counter(), os.getloadavg()[0]
    told: dict[str, list[measured.Line] | str] = {}
    with tempfile.TemporaryDirectory() as scratch:
        small, few, many = (store(Path(scratch), size) for size in sizes[:3])
        for name, words in scripts(sizes, small, few, many).items():
            if not arguments.only or name in arguments.only:
                told[name] = lines_of(name, words, Path(scratch))
    seconds = time.perf_counter() - begun
    output.write_text(table(told, seconds, busy), encoding="utf-8")
    print(f"{output}: {seconds:.0f} s")
    failed = [name for name, lines in told.items() if isinstance(lines, str)]
    sys.exit(f"did not end: {', '.join(failed)}" if failed else 0)


def store(folder: Path, cases: int) -> Path:
    """Make a store of generated cases."""
    sheet, place = folder / f"{cases}.csv", folder / f"store-{cases}"
    if place.exists():
        return place
    measured.run([sys.executable, str(HERE / "generate.py"), str(cases), str(sheet)])
    command = [sys.executable, "-m", "coproduction", "load", str(sheet), "--store", str(place)]
    measured.run(command, (0, 1))
    return place


def scripts(sizes: Sizes, small: Path, few: Path, many: Path) -> dict[str, list[str]]:
    """Give the words of each script."""
    runs, judged = str(sizes.runs), str(sizes.judged)
    return {
        "cold_start": ["--runs", runs],
        "instructions": [],
        "load_cases": [str(sizes.many), "--judged", judged],
        "convert": [str(sizes.many)],
        "validate_rdf": [judged, "--others"],
        "questions": [str(many), "--times", "1"],
        "counts": [str(many)],
        "in_memory": [str(many), "--times", "1"],
        "rows": [str(many)],
        "evidence": [str(few), str(many)],
        "gaps": [str(many)],
        "rules": [str(many), "--runs", "1"],
        "outside": [str(sizes.many)],
        "pages": [str(many)],
        "serving": [str(small), "--seconds", runs, "--requests", str(10 * sizes.small)],
        "servers": [
            *(str(small.with_name(f"{sizes.small}.csv")), "--start", "Oxigraph", "--times", "1")
        ],
    }


def lines_of(name: str, words: list[str], folder: Path) -> list[measured.Line] | str:
    """Run a script; give its lines, or how it failed."""
    file = folder / f"{name}.lines"
    command = [sys.executable, str(HERE / f"{name}.py"), *words]
    print(f"-- {name}", flush=True)
    env = {**os.environ, measured.LINES: str(file)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    print(done.stdout, end="", flush=True)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        last = [*filter(None, (done.stdout + done.stderr).splitlines())][-1:]
        return last[0] if last else f"exit code {done.returncode}"
    return measured.read(file) if file.exists() else []


def table(told: dict[str, list[measured.Line] | str], seconds: float, busy: float) -> str:
    """Write the table."""
    day = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
    versions = [f"coproduction {__version__}", *(_version(name) for name in PEERS)]
    rows = []
    for name, lines in told.items():
        if isinstance(lines, str):
            rows.append([f"`{name}.py`", f"did not end: {lines}", *([""] * 6)])
        else:
            rows += [[f"`{name}.py`", *line.cells()] for line in lines]
    heads = ["script", *measured.HEADS]
    written = [
        "# All measurements in one run",
        "",
        "Written by `make benchmark` (`benchmarks/table.py`). Seconds are of the processor, beside "
        "those by the clock; the answers were compared first in each.",
        "",
        f"{day} UTC, {seconds:.0f} s in all; {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores, load {busy:.1f} before it began and {os.getloadavg()[0]:.1f} at "
        f"its end; Python {platform.python_version()}; {', '.join(filter(None, versions))}.",
        "",
        f"| {' | '.join(heads)} |",
        f"|{' --- |' * len(heads)}",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
    ]
    return "\n".join(written)


def _version(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return ""


if __name__ == "__main__":
    main()
