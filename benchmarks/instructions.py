"""Instructions of the first answer beside those of a bare pyoxigraph script, counted by valgrind.

Time differs from run to run; instructions hardly do, on whichever machine. `coproduction ask
glass-ceiling` as a whole process beside a script that loads the same files and runs the same query
(as in cold_start.py, which compares the rows), and the same with `--cases` beside it without. Run:
`python benchmarks/instructions.py` (Debian: apt-get install valgrind).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import measured
from cold_start import PYOXIGRAPH

from coproduction.knowledge.questions import find_question
from coproduction.names import PACKAGED_GRAPHS
from coproduction.resources import data_dir

COUNT = ("valgrind", "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={os.devnull}")
OURS = ("-m", "coproduction", "ask", "glass-ceiling")


def main() -> None:
    """Count and print."""
    if not shutil.which("valgrind"):
        print("valgrind is not at hand: nothing is counted")
        return
    files = [str(data_dir("ontology") / name) for name in PACKAGED_GRAPHS.values()]
    question = str(find_question("glass-ceiling").path)
    bare = counted("-c", PYOXIGRAPH, question, *files)
    ours, with_cases = counted(*OURS), counted(*OURS, "--cases")
    for name, number in (("bare pyoxigraph", bare), ("ours", ours), ("with --cases", with_cases)):
        print(f"  {name:<16}{number / 1e6:8.1f} million instructions")
    for what, more, less, other, limit in (
        ("the first answer", ours, bare, "pyoxigraph", 1.6),
        ("the first answer with --cases", with_cases, ours, "without", 1.3),
    ):
        took, peer = (measured.Took(0, each / 1e9) for each in (more, less))
        work = f"{what}, thousands of millions of instructions as seconds"
        measured.tell(measured.Line(work, took, peer, other, limit))


def counted(*words: str) -> int:
    """Give the instructions of Python with these words, run once before without a count."""
    command = [sys.executable, *words]
    env = os.environ | {"PYTHONHASHSEED": "0"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # else modules are compiled while they are counted
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)
    done = subprocess.run(
        [*COUNT, *command], env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    found = re.search(r"I\s+refs:\s+([\d,]+)", done.stderr.decode())
    if found is None:
        sys.exit(done.stderr.decode())
    return int(found[1].replace(",", ""))


if __name__ == "__main__":
    main()
