"""What the cases leave open, and the page of all claims, of a store of many cases.

Both rest on all verdicts. `gaps` is compared first with what it gives where every claim is counted
before its rows are asked for, and then told again of the same state of the store. Run:
`python benchmarks/gaps.py DIR...`, each made with `benchmarks/generate.py` and `coproduction load`.
"""

from __future__ import annotations

import argparse
import platform
import sys
from pathlib import Path

import measured

import coproduction
from coproduction.evidence import gaps as room
from coproduction.pages.address import Address
from coproduction.pages.claims import page

LIMIT = measured.Took(0, 2.0)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stores", nargs="+", metavar="DIR", type=Path)
    arguments = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}")
    for folder in arguments.stores:
        measure(folder)


def measure(folder: Path) -> None:
    """Measure one store, opened anew for each, so that nothing is kept from one to the other."""
    gaps, found = measured.timed(lambda: made(folder))
    claims, _ = measured.timed(lambda: page(coproduction.open(store=folder), Address("/claims")))
    at_once = room._is_looked_through
    room._is_looked_through = lambda *_: False
    counted_first, expected = measured.timed(lambda: made(folder))
    room._is_looked_through = at_once
    coproduction.open(store=folder).gaps()
    again, kept = measured.timed(coproduction.open(store=folder).gaps)
    if not found == expected == kept:
        sys.exit("the gaps are not the same")
    of = f"{folder.name}, {len(found)} gaps"
    measured.tell(measured.Line(f"gaps of {of}", gaps, counted_first, "counted first", 1.0))
    measured.tell(measured.Line(f"gaps of {of}", gaps, LIMIT, "what is promised", 1.0))
    measured.tell(measured.Line(f"gaps again of {of}", again, LIMIT, "what is promised", 1.0))
    measured.tell(measured.Line(f"/claims of {of}", claims, LIMIT, "what is promised", 1.0))
    shown = map(measured.shown, (gaps, again, claims))
    print("  gaps {}, again {}, /claims {}".format(*shown))


def made(folder: Path) -> list[room.Gap]:
    """Give the gaps of a store, found anew."""
    kg = coproduction.open(store=folder)
    return room.gaps(kg.store, spoilt=kg.spoilt.by_case)


if __name__ == "__main__":
    main()
