"""How cost grows with the cases: whole commands on stores of several sizes, kept and drawn.

Run: `python benchmarks/growth.py 1000 10000 100000` makes the cases of each size, loads them and
asks; seconds of processor and the most memory go to `growth.csv`, in the place of those of that
size. `python benchmarks/growth.py` alone draws `docs/growth.svg` of what stands there, logarithm
against logarithm (`pip install matplotlib`). A store that is there already is asked by
`--store DIR`, with the number of its rows.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from pathlib import Path

import measured

HERE = Path(__file__).parent
FILE, PICTURE = HERE / "growth.csv", HERE.parent / "docs" / "growth.svg"
HEADS = ("work", "rows", "seconds", "mebibytes")
ASKED = {
    "evidence, all claims": ("evidence", "--format", "csv"),
    "gaps": ("gaps", "--format", "json"),
    "CQ47, a list": ("ask", "CQ47", "--format", "csv"),
    "CQ42, a count": ("ask", "CQ42", "--format", "csv"),
    "explain CASE C51": ("explain", "case-1", "C51"),
}
Rows = dict[tuple[str, int], tuple[float, float]]


def main() -> None:
    """Measure and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", nargs="*", type=int)
    parser.add_argument("--store", type=Path, help="a store of that many rows, which is asked")
    parser.add_argument("--only", nargs="*", help="what is asked; by default all")
    arguments = parser.parse_args()
    kept = read()
    for rows in arguments.rows:
        with tempfile.TemporaryDirectory() as scratch:
            store = arguments.store or loaded(rows, Path(scratch), kept)
            for work, words in ASKED.items():
                if not arguments.only or work.split(",")[0] in arguments.only:
                    keep(kept, work, rows, ["--store", str(store)], words)
    draw(kept)


def loaded(rows: int, folder: Path, kept: Rows) -> Path:
    """Make cases and load them; give the store."""
    table, store = folder / "cases.csv", folder / "store"
    measured.run([sys.executable, str(HERE / "generate.py"), str(rows), str(table)])
    keep(kept, "load", rows, ["--store", str(store)], ("load", str(table)))
    return store


def keep(kept: Rows, work: str, rows: int, store: list[str], words: tuple[str, ...]) -> None:
    """Run a command, tell what it took, and write that down."""
    took, _ = measured.run([sys.executable, "-m", "coproduction", *words, *store], (0, 1))
    print(f"{work}, {rows:,} rows: {measured.shown(took)}", flush=True)
    kept[work, rows] = took.processor, took.memory
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADS)
        for (name, size), (seconds, memory) in sorted(kept.items()):
            writer.writerow([name, size, f"{seconds:.2f}", f"{memory:.0f}"])


def read() -> Rows:
    """Give what was written down."""
    if not FILE.exists():
        return {}
    with FILE.open(encoding="utf-8", newline="") as file:
        return {
            (row["work"], int(row["rows"])): (float(row["seconds"]), float(row["mebibytes"]))
            for row in csv.DictReader(file)
        }


def draw(kept: Rows) -> None:
    """Draw what was written down."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "growth", "font.size": 9}
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7.2, 4.4), layout="constrained")
    marks = iter("osD^vP")
    for work in dict.fromkeys(name for name, _ in kept):
        points = sorted(
            (size, seconds) for (name, size), (seconds, _) in kept.items() if name == work
        )
        axes.plot(*zip(*points, strict=True), marker=next(marks), markersize=4, label=work)
    sizes = sorted({size for _, size in kept})
    axes.plot(
        (sizes[0], sizes[-1]),
        (sizes[0] / 10_000, sizes[-1] / 10_000),
        color="grey",
        linestyle=":",
        label="ten times the rows, ten times the time",
    )
    axes.set(xscale="log", yscale="log", xlabel="rows of the table", ylabel="seconds of processor")
    axes.grid(which="major", color="0.85")
    axes.legend(frameon=False)
    figure.savefig(PICTURE, metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main()
