"""What every measurement shares: how long a command takes, and a line of the one table.

A script tells each comparison by `tell`, which prints it; where `BENCHMARK_LINES` names a file, the
line goes there too, and `table.py` makes the table of all of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

T = TypeVar("T")
LINES = "BENCHMARK_LINES"


class Took(NamedTuple):
    """Seconds by the clock, seconds of processor, mebibytes at the highest; 0 is not known."""

    wall: float
    processor: float
    memory: float = 0.0


class Line(NamedTuple):
    """A comparison.

    Attributes:
        work: what was done; the answers were compared before.
        ours, peer: what it took; no peer where a limit alone is kept.
        other: what the peer is.
        limit: of ours / peer at most; of peer / ours at least, where `slower` is True.
        slower: whether the peer is what is slower.
        of: which is compared: processor, wall or memory.
    """

    work: str
    ours: Took
    peer: Took
    other: str
    limit: float
    slower: bool = False
    of: str = "processor"

    @property
    def ratio(self) -> float:
        """Ours / peer, or peer / ours."""
        ours, peer = getattr(self.ours, self.of), getattr(self.peer, self.of)
        return float(peer / ours if self.slower else ours / peer)

    @property
    def is_held(self) -> bool:
        """Whether the limit is kept."""
        return self.ratio >= self.limit if self.slower else self.ratio <= self.limit

    def cells(self) -> list[str]:
        """Give the line as cells of the table."""
        return [
            self.work,
            shown(self.ours),
            f"{self.other} {shown(self.peer)}",
            f"{'peer / ours' if self.slower else 'ours / peer'}, {self.of}",
            f"{self.ratio:.2f}",
            f"at {'least' if self.slower else 'most'} {self.limit:g}",
            "yes" if self.is_held else "**no**",
        ]


HEADS = ("work", "ours", "peer", "compared", "ratio", "limit", "held")


def shown(took: Took) -> str:
    """Give what something took in a cell."""
    parts = [f"{took.processor:.3f} s"]
    if took.wall:
        parts.append(f"{took.wall:.3f} s by the clock")
    if took.memory:
        parts.append(f"{took.memory:.0f} MiB")
    return ", ".join(parts)


def tell(line: Line) -> None:
    """Print a comparison, and keep it for the table where one is made."""
    _, _, _, compared, ratio, limit, held = line.cells()
    print(f"{line.work}: {compared} {ratio} (promised: {limit}): {held.strip('*')}", flush=True)
    file = os.environ.get(LINES)
    if file:
        with Path(file).open("a", encoding="utf-8") as out:
            out.write(json.dumps(line) + "\n")


def read(file: Path) -> list[Line]:
    """Read the lines that were kept."""
    lines = []
    for text in file.read_text(encoding="utf-8").splitlines():
        work, ours, peer, *rest = json.loads(text)
        lines.append(Line(work, Took(*ours), Took(*peer), *rest))
    return lines


def run(command: Sequence[str], codes: Collection[int] = (0,)) -> tuple[Took, str]:
    """Run a command; give what it took, with its children, and its output.

    Ends this process where the command ends with another code than those.
    """
    start = time.perf_counter()
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=told)
        assert process.stdout is not None
        out = process.stdout.read().decode()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - start
        if process.returncode not in codes:
            told.seek(0)
            words = " ".join(map(str, command))[:300]
            sys.exit(f"{words}\nended with {process.returncode}: {told.read().decode()}")
    return Took(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024), out


def timed(work: Callable[[], T]) -> tuple[Took, T]:
    """Give what work takes in this process, and what it gives."""
    start, processor = time.perf_counter(), time.process_time()
    found = work()
    return Took(time.perf_counter() - start, time.process_time() - processor), found


def best(several: Collection[Took]) -> Took:
    """Give the run that took least of the processor."""
    return min(several, key=lambda took: took.processor)
