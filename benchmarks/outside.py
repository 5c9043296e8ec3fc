"""Outside data: a charity register beside the case sheet, and labels matched to a thesaurus.

- register: `coproduction load --as uk-charities` of N rows made from the public sample's columns,
  beside `coproduction load` of N rows of the case sheet; rows a second of both
- matching: `coproduction link` of 10,000 labels (the thesaurus's own, misspelt, and garbage)
  against STW; precision and recall of the surest candidate on the labels judged by hand

The public data are looked for in $COPRODUCTION_DATA, else ../shared/data.
Run: `python benchmarks/outside.py 200000`.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import random
import sys
import tempfile
from pathlib import Path

import measured
from generate import write

from coproduction.knowledge.matching import Matcher, read_vocabulary

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("COPRODUCTION_DATA") or ROOT.parent / "shared" / "data")
STW = DATA / "stw" / "stw-9.06.ttl"
CODES = ("D20", "B12", "D12", "C32", "D13", "F30", "D41", "D42")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", type=int)
    arguments = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        register(arguments.rows, folder)
        matching(folder)


def register(rows: int, folder: Path) -> None:
    """Compare the rows a second of a register with those of the case sheet."""
    table, sheet = folder / "register.csv", folder / "sheet.csv"
    with (DATA / "uk-charities-ukcat" / "sample.csv").open(encoding="utf-8-sig") as file:
        sample = list(csv.DictReader(file))
    chance = random.Random(rows)
    with table.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, sample[0])
        writer.writeheader()
        for number in range(rows):
            row = dict(sample[number % len(sample)])
            row["org_id"] = f"GB-CHC-{number}"
            row["ICNPTSO"] = chance.choice(CODES)
            writer.writerow(row)
    write(rows, sheet, 0.0)
    theirs = run("load", str(table), "--as", "uk-charities", "--store", str(folder / "r"))
    ours = run("load", str(sheet), "--store", str(folder / "s"))
    what = f"load of a charity register, {rows:,} rows"
    measured.tell(measured.Line(what, theirs, ours, "the case sheet", round(1 / 0.7, 2)))


def matching(folder: Path) -> None:
    """Match 10,000 labels, and score those judged by hand."""
    targets = read_vocabulary(STW)
    chance = random.Random(1)
    labels = []
    for number in range(10_000):
        text = chance.choice(targets).label
        at = chance.randrange(len(text))
        if number % 3 == 1:
            text = text[:at] + chance.choice("abcdefgh ") + text[at + 1 :]
        elif number % 10 == 0:
            text = "".join(chance.choices("abcdefghijklmnop ", k=20))
        labels.append(f"{text.strip() or 'x'}")
    table = folder / "labels.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["label"], *([label] for label in labels)])
    took = run("link", str(table), "--to", str(STW), "-o", str(folder / "c.tsv"))
    print(f"matching, 10,000 labels: {measured.shown(took)} (wanted: under 30 s)")
    matcher = Matcher(targets)
    right = proposed = known = 0
    with (ROOT / "tests" / "data" / "labels-in-stw.csv").open(encoding="utf-8") as file:
        judged = list(csv.DictReader(file))
    for row in judged:
        found = matcher.candidates(row["label"])
        proposed += bool(found)
        known += bool(row["concept"])
        right += bool(found) and found[0].iri == row["concept"]
    print(
        f"on {len(judged)} labels judged by hand: precision {right / proposed:.2f}, "
        f"recall {right / known:.2f}"
    )


def run(*words: str) -> measured.Took:
    """Run a command; give what it took."""
    command = str(Path(sys.executable).with_name("coproduction"))
    return measured.run([command, *words], (0, 1))[0]


if __name__ == "__main__":
    main()
