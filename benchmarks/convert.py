"""Converting a register to parts of N-Triples: one worker beside several, and the memory.

On generated cases with 2% faulty rows, `coproduction convert` as a whole process, with one worker
and with several in turn, as often as `--times` says: seconds, processor time and the memory of
all its processes together at its highest; every planted fault is found, none is invented, and
the parts are the same.
Run: `python benchmarks/convert.py 100000 1000000`.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

import measured
from generate import write


class Run(NamedTuple):
    """One run: seconds, processor seconds, and mebibytes at the highest."""

    seconds: float
    processor: float
    memory: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", type=int, nargs="+")
    parser.add_argument("--workers", type=int, default=2, help="beside one")
    parser.add_argument("--times", type=int, default=1, help="runs of each, in turn")
    parser.add_argument("--within", help="folder to work in; by default the system's")
    arguments = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores")
    for rows in arguments.rows:
        with tempfile.TemporaryDirectory(dir=arguments.within) as scratch:
            measure(Path(scratch), rows, arguments.workers, arguments.times)


def measure(folder: Path, rows: int, workers: int, times: int) -> None:
    """Convert `rows` generated cases with one worker and with several; print both."""
    table = folder / f"{rows}.csv"
    planted = set(write(rows, table, 0.02))
    found: dict[int, list[Run]] = {1: [], workers: []}
    parts: set[str] = set()
    for _ in range(times):
        for count, runs in found.items():
            run, digest = convert(folder, table, count, workers, planted)
            runs.append(run)
            parts.add(digest)
            print(shown(rows, count, run), flush=True)
    if len(parts) > 1:
        sys.exit("the parts are not the same")
    one, several = (statistics.median(run.seconds for run in runs) for runs in found.values())
    print(f"one / {workers} workers {one / several:8.2f}  (medians)")
    first, last = (
        measured.Took(*(statistics.median(part) for part in zip(*runs, strict=True)))
        for runs in found.values()
    )
    what = f"convert {rows:,} rows, {workers} workers"
    measured.tell(measured.Line(what, last, first, "one worker", 1.7, slower=True, of="wall"))


def shown(rows: int, workers: int, run: Run) -> str:
    """Give a run as a line."""
    return (
        f"{rows:>10,} rows, {workers} workers {run.seconds:8.1f} s, {rows / run.seconds:8,.0f} "
        f"rows a second, {run.processor:8.1f} s of processor, {run.memory:6,.0f} MiB"
    )


def convert(
    folder: Path, table: Path, workers: int, parts: int, planted: set[int]
) -> tuple[Run, str]:
    """Convert a table; give what it took, and the checksums of the parts as a text."""
    out, report = folder / "parts", folder / "report.csv"
    command = [sys.executable, "-m", "coproduction", "convert", str(table), "-o", str(out)]
    command += ["--workers", str(workers), "--parts", str(parts), "--report", str(report)]
    before, start = processor_of_children(), time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak = [0.0]
    watching = threading.Thread(target=watch, args=(process, peak), daemon=True)
    watching.start()
    _, told = process.communicate()
    seconds = time.perf_counter() - start
    watching.join()
    if process.returncode != 1:
        sys.exit(f"exit code {process.returncode}: {told.decode()}")
    with report.open(encoding="utf-8") as file:
        found = {int(row["row"]) for row in csv.DictReader(file) if row["level"] == "error"}
    if found != planted:
        sys.exit(f"missed {len(planted - found)} rows, invented {len(found - planted)}")
    files = json.loads((out / "manifest.json").read_text("utf-8"))["parts"]
    digests = [part["sha256"] for part in files if part["file"].startswith(("part", "levels"))]
    shutil.rmtree(out)
    return Run(seconds, processor_of_children() - before, peak[0]), " ".join(digests)


def processor_of_children() -> float:
    """Give the seconds of processor of all children that have ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def watch(process: subprocess.Popen[bytes], peak: list[float]) -> None:
    """Note the highest memory of a process with its children, in mebibytes, while it runs."""
    page = os.sysconf("SC_PAGESIZE") / (1 << 20)
    while process.poll() is None:
        total = 0.0
        for number in [process.pid, *children_of(process.pid)]:
            try:
                pages = int(Path(f"/proc/{number}/statm").read_text("utf-8").split()[1])
            except OSError:  # it has ended
                continue
            total += pages * page
        peak[0] = max(peak[0], total)
        time.sleep(0.1)


def children_of(number: int) -> list[int]:
    """Give the processes that one has started, on Linux."""
    found: list[int] = []
    for task in Path(f"/proc/{number}/task").glob("*/children"):
        try:
            found += map(int, task.read_text("utf-8").split())
        except OSError:  # it has ended
            continue
    return found


if __name__ == "__main__":
    main()
