"""Makes a CSV of N cases with a known share of faulty rows, the same for the same numbers.

Run: `python benchmarks/generate.py 100000 cases.csv --faults 0.02`; beside the CSV stands
`cases.csv.faults`, the numbers of the rows that are wrong, each with the kind of fault.
"""

from __future__ import annotations

import argparse
import csv
import random
from pathlib import Path

from coproduction.knowledge.case_record import case_record

FAULTS = {
    "service": "housng",
    "country": "Atlantis",
    "start_year": "nineteen",
    "sector": "",
    "decision_rights": "some",
    "intensity": "often",
    "end_year": "1600",
    "summary": "",
    "provider": "",
    "hybrid": "",
}
COLUMNS = [
    "id", "title", "summary", "service", "country", "start_year", "end_year", "provider", "sector",
    "participants", "contributions", "decision_rights", "intensity", "source",
]  # fmt: skip


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--faults", type=float, default=0.02)
    arguments = parser.parse_args()
    write(arguments.rows, arguments.file, arguments.faults)


def write(rows: int, file: Path, faults: float) -> dict[int, str]:
    """Write `rows` cases; give the faulty rows of the file with the kind of each fault."""
    record, chance = case_record(), random.Random(rows)
    options = {
        key: [choice.label() for choice in record.field(key).choices]
        for key in COLUMNS
        if record.field(key).choices
    }
    options["sector"].remove("hybrid sector")
    planted: dict[int, str] = {}
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for number in range(rows):
            start = chance.randrange(1950, 2020)
            row = {
                "id": f"case-{number}",
                "title": f"Case number {number}",
                "summary": f"Case {number}, made up to measure with.",
                "country": chance.choice(("SE", "DE", "France", "GBR", "Sverige")),
                "start_year": str(start),
                "end_year": str(start + chance.randrange(5)) if number % 3 == 0 else "",
                "provider": f"Provider {number % (rows // 10 + 1)}",
                "source": f"https://example.org/report/{number % 1000}",
                **{key: chance.choice(labels) for key, labels in options.items()},
            }
            if number % 7 == 0:
                row["decision_rights"] = "unknown"
            if chance.random() < faults:
                kind = chance.choice(list(FAULTS))
                planted[number + 2] = kind
                if kind == "hybrid":
                    row["sector"] = "hybrid"
                else:
                    row[kind] = FAULTS[kind]
            writer.writerow([row[column] for column in COLUMNS])
    lines = "".join(f"{row} {kind}\n" for row, kind in planted.items())
    file.with_suffix(file.suffix + ".faults").write_text(lines, encoding="utf-8")
    return planted


if __name__ == "__main__":
    main()
