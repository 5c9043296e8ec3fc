"""All claims on a store of cases: the time of each, and of all.

Run: `python benchmarks/evidence.py DIR`, where DIR is a store made with `benchmarks/generate.py`
and `coproduction load`.
"""

from __future__ import annotations

import argparse
import platform
import time

import coproduction
from coproduction.claims import claim_tests
from coproduction.evidence import Evidence


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("store")
    arguments = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}")
    begun = time.perf_counter()
    evidence = Evidence(coproduction.open(store=arguments.store).store)
    times = {}
    for claim in claim_tests():
        start = time.perf_counter()
        verdict = evidence.of(claim, rows=False)
        times[claim] = (time.perf_counter() - start, verdict.verdict, verdict.counts)
    print(f"  all claims  {time.perf_counter() - begun:.1f} s")
    for claim, (seconds, verdict, counts) in sorted(times.items(), key=lambda item: -item[1][0]):
        print(f"  {claim}  {seconds:6.2f} s  {verdict:<13} {counts}")


if __name__ == "__main__":
    main()
