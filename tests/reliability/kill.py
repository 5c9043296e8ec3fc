"""Kills `coproduction` while it writes to a store: what is left is the state before or after.

At random moments, and at exact ones: before or after the n-th call that makes, renames, deletes
or syncs something. After each kill the store is opened and read whole, and written to once more.

Run: `python tests/reliability/kill.py --random 50 --exact 20 --seed 1`; exits 1 on any fault.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

if not __package__:  # run as a script
    sys.path.insert(0, str(Path(__file__).parents[2]))

from coproduction.cases.integrity import faults
from tests.reliability.sheets import content, states, write_sheet

HOOK = """
import os, shutil, signal, sys
at, before = int(sys.argv[1]), sys.argv[2] == "before"
calls = 0

def watched(function):
    def run(*given, **named):
        global calls
        calls += 1
        if calls == at and before:
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*given, **named)
        if calls == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    return run

for name in ("replace", "rename", "mkdir", "rmdir", "unlink", "fsync"):
    setattr(os, name, watched(getattr(os, name)))
from coproduction.cli import main
code = main(sys.argv[3:])
print(calls, file=sys.stderr)
sys.exit(code)
"""


@dataclass(frozen=True)
class Ground:
    """What every kill starts from: a store with two loads, and files that are new to it."""

    folder: Path
    commands: dict[str, list[str]]
    before: dict[str, str]

    @property
    def store(self) -> Path:
        return self.folder / "store"

    def refresh(self) -> None:
        """Put the store as it was before the first kill."""
        shutil.rmtree(self.store, ignore_errors=True)
        shutil.copytree(self.folder / "base", self.store)


def prepare(folder: Path, rows: int) -> Ground:
    """Make the ground in an empty folder."""
    base = folder / "base"
    for name, count in (("one", rows), ("two", 5)):
        run("load", str(write_sheet(folder / f"{name}.csv", count, name)), "--store", str(base))
    new = write_sheet(folder / "new.csv", rows, "new")
    other = write_sheet(folder / "other.csv", rows // 2 + 1, "one", "Another title")
    write_sheet(folder / "after.csv", 1, "after")
    store = str(folder / "store")
    commands = {
        "load": ["load", str(new), "--store", store],
        "replace": ["load", str(other), "--replace", "--store", store],
        "unload": ["unload", "1", "--store", store],
        "classify": ["classify", "--store", store],
    }
    return Ground(folder, commands, content(base))


def run(*words: str) -> None:
    """Run a command that has to end well."""
    done = subprocess.run([sys.executable, "-m", "coproduction", *words], capture_output=True)
    if done.returncode:
        raise RuntimeError(done.stderr.decode())


def measure(ground: Ground, name: str) -> tuple[float, int, dict[str, str]]:
    """Run a command undisturbed; give its seconds, its calls, and what the store is then."""
    ground.refresh()
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", HOOK, "0", "after", *ground.commands[name]], capture_output=True
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
    return seconds, int(done.stderr.split()[-1]), content(ground.store)


def kill_after(ground: Ground, name: str, seconds: float) -> bool:
    """Run a command and kill it after so many seconds; tell whether it was still at work."""
    ground.refresh()
    process = subprocess.Popen(
        [sys.executable, "-m", "coproduction", *ground.commands[name]],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def kill_at(ground: Ground, name: str, call: int, when: str) -> bool:
    """Run a command that is killed before or after its n-th call; tell whether it was."""
    ground.refresh()
    done = subprocess.run(
        [sys.executable, "-c", HOOK, str(call), when, *ground.commands[name]], capture_output=True
    )
    return done.returncode == -signal.SIGKILL


def judge(ground: Ground, after: dict[str, str]) -> tuple[str, list[str]]:
    """Tell in which state a kill left the store, and what is wrong with it."""
    wrong = faults(ground.store)
    found = content(ground.store)
    state = "before" if found == ground.before else "after" if found == after else "other"
    if state == "other":
        wrong.append("the store is neither as before nor as after")
    next_write = ["load", str(ground.folder / "after.csv"), "--store", str(ground.store)]
    try:
        run(*next_write)
    except RuntimeError as error:
        return state, [*wrong, f"the next write fails: {error}"]
    left = states(ground.store)
    if len(left) > 2:
        wrong.append(f"the next write leaves the states {left}")
    known = {"coproduction-store", "files", "lock", "state", "states"}
    strange = {path.name for path in ground.store.iterdir()} - known
    if strange:
        wrong.append(f"in the store's folder there are {strange}")
    return state, wrong + faults(ground.store)


def main() -> int:
    """Kill, judge, count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--random", type=int, default=50)
    parser.add_argument("--exact", type=int, default=20)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    tally: Counter[str] = Counter()
    bad = 0
    with tempfile.TemporaryDirectory() as scratch:
        ground = prepare(Path(scratch), arguments.rows)
        known = {name: measure(ground, name) for name in ground.commands}
        for number in range(arguments.random + arguments.exact):
            name = list(ground.commands)[number % len(ground.commands)]
            seconds, calls, after = known[name]
            if number < arguments.random:
                moment = chance.uniform(0.2, 1.0) * seconds
                how = f"{name} after {moment:.2f} s"
                was_killed = kill_after(ground, name, moment)
            else:
                call, when = chance.randint(1, calls), chance.choice(["before", "after"])
                how = f"{name} {when} call {call} of {calls}"
                was_killed = kill_at(ground, name, call, when)
            state, wrong = judge(ground, after)
            tally["killed" if was_killed else "had ended"] += 1
            tally[state] += 1
            bad += bool(wrong)
            print(how, state, *wrong, sep="; ", flush=True)
    print(dict(tally), f"faults: {bad}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
