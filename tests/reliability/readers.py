"""Readers that open and ask a store while a writer changes it again and again.

Each opening has to meet one whole state: the number of cases and of statements is one that the
writer made. Some readers hold what they opened over several writes and read all of it then.

Run: `python tests/reliability/readers.py --opens 10000 --readers 5 --writes 50`; exits 1 on any
fault.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from queue import Empty
from typing import Any

if not __package__:  # run as a script
    sys.path.insert(0, str(Path(__file__).parents[2]))

import coproduction
from coproduction.cases.integrity import faults
from coproduction.cases.loading import load
from coproduction.cases.loads import unload
from tests.reliability.sheets import states, write_sheet

CASES = "SELECT (COUNT(?c) AS ?n) WHERE { ?c a cop:Case }"


def read(
    store: Path,
    opens: int,
    seed: int,
    right: dict[int, int],
    done: Synchronized[int],
    told: Any,
) -> None:
    """Open a store many times and ask it; put counts of what was met into `told`.

    Args:
        store: the folder.
        opens: how often.
        seed: of the chances to hold a store for long, and to read all of it.
        right: number of cases to number of statements, of the states that the writer makes.
        done: counts the openings of all readers.
        told: a queue.
    """
    chance, met = random.Random(seed), Counter[str]()
    for number in range(opens):
        try:
            kg = coproduction.open(store=store)
            with done.get_lock():
                done.value += 1
            if chance.random() < 0.01:
                time.sleep(chance.uniform(0.2, 2))
                met["held"] += 1
            cases = kg.query(CASES).rows[0]["n"]
            if cases not in right:
                met[f"fault: {cases} cases"] += 1
            if number % 20 == 0:
                size = sum(1 for _ in kg.store.inner)
                met["read whole"] += 1
                if size != right.get(cases):
                    met[f"fault: {cases} cases and {size} statements"] += 1
            met["opened"] += 1
        except Exception as error:
            met[f"fault: {type(error).__name__} {str(error)[:160]}"] += 1
    told.put(dict(met))


def trial(folder: Path, opens: int, readers: int, writes: int, rows: int) -> Counter[str]:
    """Let readers open a store while it is written; give counts of what was met.

    The writes are spread over the openings: each waits until its share of them was made.
    """
    store, right = folder / "store", {}
    load(write_sheet(folder / "one.csv", rows, "one"), store)
    first = coproduction.open(store=store)
    right[rows] = len(first.store.inner)
    more = write_sheet(folder / "more.csv", 50, "more")
    load(more, store)
    right[rows + 50] = len(coproduction.open(store=store).store.inner)
    met = Counter(tables=len(list((store / "states" / "2" / "data").glob("*.sst"))))
    del first
    context = multiprocessing.get_context("spawn")
    done, told = context.Value("i", 0), context.Queue()
    share = opens // readers
    processes = [
        context.Process(target=read, args=(store, share, seed, right, done, told))
        for seed in range(readers)
    ]
    for process in processes:
        process.start()
    last = 2
    for number in range(writes):
        while done.value < (number + 0.5) * share * readers / writes and any(
            process.is_alive() for process in processes
        ):
            time.sleep(0.005)
        before = done.value
        try:
            if number % 2:
                last = load(more, store).load or last
            else:
                unload(store, last)
            met["written"] += 1
        except Exception as error:
            met[f"fault: writing: {type(error).__name__} {str(error)[:160]}"] += 1
        met["opened during a write"] += done.value - before
        met["most states"] = max(met["most states"], len(states(store)))
    for process in processes:
        process.join()
    for _ in processes:
        try:
            met.update(told.get(timeout=10))
        except Empty:
            met["fault: a reader ended without a word"] += 1
    load(write_sheet(folder / "last.csv", 1, "last"), store)
    if len(states(store)) != 2:
        met[f"fault: the states {states(store)} are left"] += 1
    for fault in faults(store):
        met[f"fault: {fault}"] += 1
    return met


def main() -> int:
    """Try, and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--opens", type=int, default=10_000)
    parser.add_argument("--readers", type=int, default=5)
    parser.add_argument("--writes", type=int, default=50)
    parser.add_argument("--rows", type=int, default=1000)
    arguments = parser.parse_args()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        met = trial(
            Path(folder), arguments.opens, arguments.readers, arguments.writes, arguments.rows
        )
    for what, count in sorted(met.items()):
        print(f"{what}: {count:,}")
    print(f"{time.perf_counter() - start:.0f} s")
    return 1 if any(what.startswith("fault") for what in met) else 0


if __name__ == "__main__":
    sys.exit(main())
